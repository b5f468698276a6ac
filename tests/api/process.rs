//! The built program: output, log and exit codes.

use std::fs;
use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

use crate::deadline::{self, Finish, Killed, Lines, PATIENCE, connect, eventually, within};
use crate::support::{RawReply, TestRequest, fixture};

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-emulator"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KMS_EMULATOR")) {
        command.env_remove(name);
    }
    command
}

/// A running program, killed on drop.
pub struct Running {
    pub child: Child,
    pub address: String,
    /// Standard output after the line with the first address.
    _output: Lines,
    log: Lines,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = Lines::of(child.stdout.take().unwrap());
        let log = Lines::of(child.stderr.take().unwrap());
        let line = output.next("the address of a server").unwrap_or_default();
        let address = line.strip_prefix("kms-emulator listening on http://");
        let Some(address) = address.map(|address| address.trim_end().to_owned()) else {
            let _ = child.kill();
            panic!("{line:?}, {}", log.rest("the end of a server"));
        };
        Self {
            child,
            address,
            _output: output,
            log,
        }
    }

    pub fn with(arguments: &[&str]) -> Self {
        Self::start(program().args(["--listen", "127.0.0.1:0"]).args(arguments))
    }

    pub fn get(&self, target: &str) -> String {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        agent
            .get(format!("http://{}{target}", self.address))
            .call()
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap()
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Sends a signal and returns the exit code and the log.
    pub fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let awaited = format!("the end of a server after SIG{signal}");
        let status = deadline::wait(&mut self.child, &awaited);
        (status.code(), self.log.rest(&awaited))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn error_of(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// With huge pages, the allocator keeps tens of megabytes after a few large requests.
#[cfg(target_os = "linux")]
#[test]
fn transparent_huge_pages_are_disabled() {
    let server = Running::with(&[]);
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let flag = status
        .lines()
        .find_map(|line| line.strip_prefix("THP_enabled:"));
    assert_eq!(flag.map(str::trim), Some("0"));
}

#[test]
fn server_exits_with_0_on_sigterm_and_sigint() {
    for signal in ["TERM", "INT"] {
        let server = Running::with(&[]);
        server.get("/?Action=ListSecrets");
        assert_eq!(server.stop(signal).0, Some(0), "{signal}");
    }
}

#[test]
fn server_that_exits_with_stdin_exits_with_0_when_its_pipe_is_closed() {
    let flag = || {
        let mut command = program();
        command.arg("--exit-with-stdin");
        command
    };
    let variable = || {
        let mut command = program();
        command.env("KMS_EMULATOR_EXIT_WITH_STDIN", "true");
        command
    };
    for mut command in [flag(), variable()] {
        let command = command.args(["--listen", "127.0.0.1:0"]);
        let mut server = Running::start(command.stdin(Stdio::piped()));
        let mut pipe = server.child.stdin.take().unwrap();
        pipe.write_all(b"ignored\n").unwrap();
        server.get("/?Action=ListSecrets");
        drop(pipe);
        let status = deadline::wait(&mut server.child, "the end of the server");
        assert_eq!(status.code(), Some(0), "{command:?}");
    }
}

#[test]
fn end_of_stdin_is_ignored_without_the_flag() {
    for arguments in [&[][..], &["--exit-with-stdin=false"]] {
        let mut command = program();
        let command = command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        let server = Running::start(command.stdin(Stdio::null()));
        server.get("/?Action=ListSecrets");
        let (_, log) = server.stop("TERM");
        assert_eq!(log.matches("stopping").count(), 1, "{log}");
    }
}

#[test]
fn request_in_progress_is_answered_before_shutdown() {
    let server = Running::with(&[]);
    let mut connection = connect(&server.address);
    let head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let head = format!("{head}Content-Length: 18\r\nExpect: 100-continue\r\n\r\n");
    connection.write_all(head.as_bytes()).unwrap();
    // The interim reply confirms that the head has arrived.
    assert_eq!(RawReply::read(&mut connection).status, 100);
    let mut server = server;
    server.signal("TERM");
    let awaited = "the server to log that it stops";
    while !server
        .log
        .next(awaited)
        .expect(awaited)
        .ends_with("stopping\n")
    {}
    connection.write_all(b"Action=ListSecrets").unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    let status = deadline::wait(&mut server.child, "the end of the server");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn secret_values_and_keys_are_in_no_log_line_and_no_error_reply() {
    let arguments = ["--access-key", "id:hunter2", "--log", "trace"];
    let server = Running::start(
        program()
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .arg("--fixtures")
            .arg(fixture("seed.json")),
    );
    let query = "Action=CreateSecret&SecretData=swordfish&SecurityToken=open-sesame";
    let wrong = TestRequest::get(query).sign_v1("wrong", &[("AccessKeyId", "id")]);
    // The signer encodes spaces as `+`, so the log explains the difference.
    let text = "AccessKeyId=id&Action=Encrypt&Plaintext=tuna+fish&SignatureMethod=HMAC-SHA1";
    let signed = format!("GET&%2F&{}", crate::support::encode(text));
    let signature = crate::support::hmac_sha1_base64("hunter2&", &signed);
    let mistaken = format!("{text}&Signature={}", crate::support::encode(&signature));
    let replies = [
        server.get(&format!("/?{}", wrong.query)),
        server.get(&format!("/?{mistaken}")),
        server.get("/?Action=ListSecrets&FetchTags=true"),
        server.get("/_emulator/health"),
        server.get("/?Version=2019-09-23&Action=CreateSecret&SecretName=s&SecretBinary=swordfish&SecretString=swordfish"),
        server.get("/?Version=2019-09-23&Action=CreateSecret&SecretName=s&SecretString=swordfish&SecretId=id&Signature=x&Nonce=1&Timestamp=1"),
    ];
    assert!(
        replies[4].contains("InvalidParameterValue"),
        "{}",
        replies[4]
    );
    assert!(
        replies[5].contains("AuthFailure.SignatureFailure"),
        "{}",
        replies[5]
    );
    assert!(
        replies[0].contains("server string to sign is:"),
        "{}",
        replies[0]
    );
    let (_, log) = server.stop("TERM");
    assert!(log.contains("spaces are encoded as `+`"), "{log}");
    for text in replies.iter().chain([&log]) {
        for secret in [
            "hunter2",
            "swordfish",
            "open-sesame",
            "correct horse",
            "tuna",
            "fish%",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn log_names_the_mistake_of_the_signer_and_its_position() {
    let server = Running::with(&[]);
    // The signer encodes spaces as `+`, as a form encoder does.
    let plus = "Action=ListSecrets&Filters=a+b";
    let request = TestRequest::get(plus);
    let canonical = "AccessKeyId=test&Action=ListSecrets&Filters=a+b&SignatureMethod=HMAC-SHA1";
    let signature = crate::support::hmac_sha1_base64(
        "test&",
        &format!("GET&%2F&{}", crate::support::encode(canonical)),
    );
    let mut request = request;
    for (name, value) in [
        ("AccessKeyId", "test"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("Signature", &signature),
    ] {
        request.add_to_query(name, value);
    }
    server.get(&format!("/?{}", request.query));
    let (_, log) = server.stop("TERM");
    let line = log
        .lines()
        .find(|line| line.contains("signature does not match"))
        .unwrap();
    assert!(line.contains("action=\"ListSecrets\""), "{line}");
    assert!(line.contains("code=\"IncompleteSignature\""), "{line}");
    assert!(
        line.contains("spaces are encoded as `+`, not `%20`; first difference at character"),
        "{line}"
    );
}

#[test]
fn failure_at_start_exits_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("no/such.db");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, message) in [
        (["--listen", &taken], &*taken),
        (["--database", nowhere.to_str().unwrap()], "no/such.db"),
    ] {
        let output = program()
            .env("KMS_EMULATOR_PORT", "0")
            .args(["--log", "off"])
            .args(arguments)
            .finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(message), "{error}");
        assert!(output.stdout.is_empty(), "no address may be announced");
    }
}

#[test]
fn sigterm_ends_the_server_while_it_loads_fixtures() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("endless.json");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let child = program()
        .args(["--listen", "127.0.0.1:0", "--log", "off", "--fixtures"])
        .arg(&pipe)
        .spawn();
    let mut child = Killed(child.unwrap());
    // The pipe opens when the program reads it, and nothing is written to it.
    let writer = within("the program to open its fixtures", move || {
        fs::File::options().write(true).open(&pipe).unwrap()
    });
    let pid = child.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-s", "TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let status = deadline::wait(&mut child.0, "the end of the program after SIGTERM");
    assert_eq!(status.code(), Some(0));
    drop(writer);
}

#[test]
fn health_check_exits_with_0_if_a_server_answers_and_1_otherwise() {
    let server = Running::with(&[]);
    let url = format!("http://{}/_emulator/health", server.address);
    let check = |command: &mut Command| command.arg("healthcheck").finish().status.code();
    assert_eq!(
        program().args(["healthcheck", &url]).finish().status.code(),
        Some(0)
    );
    assert_eq!(
        check(program().env("KMS_EMULATOR_LISTEN", &server.address)),
        Some(0)
    );
    let root = format!("http://{}/", server.address);
    assert_eq!(
        program()
            .args(["healthcheck", &root])
            .finish()
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        check(program().env("KMS_EMULATOR_LISTEN", "nowhere")),
        Some(1)
    );
    let proxied = || {
        let mut command = program();
        command
            .env("HTTP_PROXY", "http://127.0.0.1:1")
            .env("KMS_EMULATOR_LISTEN", &server.address);
        command
    };
    assert_eq!(
        check(&mut proxied()),
        Some(0),
        "the health check ignores proxy variables"
    );
    let address = server.address.clone();
    server.stop("TERM");
    assert_eq!(
        check(program().env("KMS_EMULATOR_LISTEN", address)),
        Some(1)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn number_of_threads_and_descriptors_does_not_grow_with_the_number_of_clients() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let server = Running::with(&["--database", database.to_str().unwrap()]);
    let count = |what: &str| {
        let path = format!("/proc/{}/{what}", server.child.id());
        fs::read_dir(path).unwrap().count()
    };
    let descriptors = count("fd");
    let mut connections: Vec<_> = (0..200).map(|_| connect(&server.address)).collect();
    for (number, connection) in connections.iter_mut().enumerate() {
        let request = format!(
            "GET /?Action=CreateSecret&SecretName=s{number}&VersionId=1&SecretData=d HTTP/1.1\r\nHost: localhost\r\n\r\n\
             GET /_emulator/state HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
    }
    for connection in &mut connections {
        let mut reader = BufReader::new(connection);
        assert_eq!(RawReply::read(&mut reader).status, 200);
    }
    // Two per core and some others, but not one per client.
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!(count("task") < 2 * cores + 30, "{} threads", count("task"));
    drop(connections);
    let few = descriptors + 2 * cores + 30;
    assert!(
        eventually(|| count("fd") <= few),
        "{} descriptors",
        count("fd")
    );
}
