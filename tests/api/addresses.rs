//! Listen addresses: which sockets are bound, and what is announced on standard output.

use std::io::{BufRead, BufReader};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};

/// A server, and its announced addresses in their order.
struct Announced {
    child: Child,
    addresses: Vec<SocketAddr>,
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server and reads `count` announced addresses.
fn start(command: &mut Command, count: usize) -> Announced {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let addresses = lines.take(count).map(|line| {
        let line = line.unwrap();
        let address = line.strip_prefix("kms-emulator listening on http://");
        address.unwrap_or_else(|| panic!("{line}")).parse().unwrap()
    });
    let addresses = addresses.collect();
    Announced { child, addresses }
}

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[test]
fn default_is_both_loopback_addresses_on_one_port() {
    for (arguments, variable) in [
        (&["--port", "0"][..], ""),
        (&["--listen", "localhost:0"], ""),
        (&["--listen", "0"], ""),
        (&[], "0"),
    ] {
        let mut command = program();
        command.args(arguments).env("KMS_EMULATOR_PORT", variable);
        let server = start(&mut command, if has_ipv6() { 2 } else { 1 });
        let port = server.addresses[0].port();
        let mut expected = vec![SocketAddr::from(([127, 0, 0, 1], port))];
        if has_ipv6() {
            expected.push((Ipv6Addr::LOCALHOST, port).into());
        }
        assert_eq!(server.addresses, expected, "{arguments:?}");
        for address in expected {
            TcpStream::connect(address).unwrap();
        }
    }
}

#[test]
fn wildcard_address_listens_on_ipv4_and_ipv6() {
    for address in [":0", "[::]:0"] {
        let mut command = program();
        command.args(["--listen", address]);
        let server = start(&mut command, if has_ipv6() { 2 } else { 1 });
        let port = server.addresses[0].port();
        let mut expected = vec![SocketAddr::from(([0, 0, 0, 0], port))];
        TcpStream::connect(("127.0.0.1", port)).unwrap();
        if has_ipv6() {
            expected.push((Ipv6Addr::UNSPECIFIED, port).into());
            TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        }
        assert_eq!(server.addresses, expected, "{address}");
    }
}

#[test]
fn addresses_are_announced_in_the_order_of_their_flags() {
    let mut command = program();
    command.args(["--listen", "0.0.0.0:0", "--listen", "127.0.0.1:0"]);
    let server = start(&mut command, 2);
    let ips: Vec<_> = server
        .addresses
        .iter()
        .map(|address| address.ip().to_string())
        .collect();
    assert_eq!(ips, ["0.0.0.0", "127.0.0.1"]);
}

#[test]
fn address_that_is_not_assigned_to_this_machine_is_an_error() {
    // Both are reserved for documentation, so no machine has them.
    for address in ["[2001:db8::1]:0", "192.0.2.1:0"] {
        let output = program().args(["--listen", address]).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(
            error.contains(&format!("cannot listen on {address}")),
            "{error}"
        );
    }
}

#[test]
fn port_in_use_is_reported_with_the_process_and_the_option_to_change_it() {
    let server = Running::with(&[]);
    let (_, port) = server.address.rsplit_once(':').unwrap();
    let process = format!("in use by process {} (kms-emulator)", server.child.id());
    for (arguments, option) in [
        (["--port", port], "--port (KMS_EMULATOR_PORT)"),
        (["--listen", &server.address], "--port (KMS_EMULATOR_PORT)"),
        (
            ["--control-listen", &server.address],
            "--control-listen (KMS_EMULATOR_CONTROL_LISTEN)",
        ),
    ] {
        let mut command = program();
        if arguments[0] == "--control-listen" {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let output = command.args(["--log", "off"]).args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        for part in [&*server.address, &*process, option] {
            assert!(error.contains(part), "{arguments:?}: {error}");
        }
    }
}

#[test]
fn port_setting_overrides_the_port_of_every_address() {
    let listen = "127.0.0.1:1,127.0.0.1:2";
    let mut by_variable = program();
    by_variable.env("KMS_EMULATOR_PORT", "0");
    let mut by_flag = program();
    // The flag overrides the variable.
    by_flag.args(["--port", "0"]).env("KMS_EMULATOR_PORT", "1");
    for command in [&mut by_variable, &mut by_flag] {
        let server = Running::start(command.env("KMS_EMULATOR_LISTEN", listen));
        assert!(
            server.address.starts_with("127.0.0.1:"),
            "{}",
            server.address
        );
    }
    // The flag --listen overrides the variable of --port.
    let mut command = program();
    command
        .env("KMS_EMULATOR_PORT", "1")
        .args(["--listen", "127.0.0.1:0"]);
    Running::start(&mut command);
}

#[test]
fn port_variable_that_kubernetes_sets_for_a_service_is_ignored() {
    let mut command = program();
    command
        .env("KMS_EMULATOR_PORT", "tcp://10.0.0.11:8080")
        .env("KMS_EMULATOR_LISTEN", "127.0.0.1:0");
    Running::start(&mut command);
}

#[test]
fn health_check_uses_the_configured_listen_address() {
    let server = Running::with(&[]);
    let (_, port) = server.address.rsplit_once(':').unwrap();
    let check = |name: &str, value: &str| {
        let mut command = program();
        // The container image sets this variable.
        command
            .env("KMS_EMULATOR_LISTEN", "[::]:1")
            .env(name, value);
        command.arg("healthcheck").finish().status.code()
    };
    assert_eq!(check("KMS_EMULATOR_PORT", port), Some(0));
    for listen in [format!("[::]:{port}"), format!(":{port}"), port.to_owned()] {
        assert_eq!(check("KMS_EMULATOR_LISTEN", &listen), Some(0), "{listen}");
    }
    assert_eq!(check("KMS_EMULATOR_PORT", "2"), Some(1));
}
