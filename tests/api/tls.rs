//! https on the port of http, with clients that verify the certificate.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;
use kms_emulator::server::tls::{Identity, Tls, parse_name};
use kms_emulator::store::Store;
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::deadline::{self, Finish, read_to_close, receive};
use crate::process::{Running, error_of, program};
use crate::support::{RawReply, TestServer, emulator};

const GET: &[u8] = b"GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn own_authority(store: &Store, names: &[&str]) -> Tls {
    let names = names.iter().map(|name| parse_name(name).unwrap());
    let names: Vec<_> = names.collect();
    Tls::new(Identity::OwnAuthority, &names, store).unwrap()
}

/// A server with its own certificate authority, and the authority's certificate.
fn server(names: &[&str], limits: Limits) -> (TestServer, String) {
    let tls = own_authority(&Store::in_memory().unwrap(), names);
    let ca = tls.ca_pem().unwrap().to_owned();
    (TestServer::with(AuthMode::Lenient, limits, Some(tls)), ca)
}

pub fn trusting(ca: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
        .unwrap();
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

type TlsConnection = StreamOwned<ClientConnection, TcpStream>;

fn connect(connection: TcpStream, name: &str, config: ClientConfig) -> TlsConnection {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(session, connection)
}

fn ask(connection: TcpStream, name: &str, config: ClientConfig) -> io::Result<RawReply> {
    let mut connection = connect(connection, name, config);
    connection.write_all(GET)?;
    Ok(RawReply::read(&mut connection))
}

#[test]
fn one_port_serves_http_and_https_with_certificates_for_all_host_names() {
    let names = [
        "KMS.example.test",
        "192.0.2.7",
        "*.wild.test",
        "kms-emulator",
    ];
    let (server, ca) = server(&names, Limits::default());
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "kms.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com",
        "KMS-vpc.ap-southeast-1.aliyuncs.com",
        "kms.no-such-region-9.aliyuncs.com",
        "ssm.tencentcloudapi.com",
        "ssm.ap-guangzhou.tencentcloudapi.com",
        "ssm.intl.tencentcloudapi.com",
        "tag.tencentcloudapi.com",
        "sts.tencentcloudapi.com",
        "sts.aliyuncs.com",
        "sts.cn-hangzhou.aliyuncs.com",
        "kst-hzz62f1cb66fa42qo.cryptoservice.kms.aliyuncs.com",
        "cn-hangzhou.localhost",
        "a.b.localhost",
        "host.docker.internal",
        "host.containers.internal",
        "gateway.docker.internal",
        "host.minikube.internal",
        "host.lima.internal",
        "kms-emulator",
        "kms.example.test",
        "a.wild.test",
        "192.0.2.7",
    ] {
        // The second connection gets the cached certificate.
        for _ in 0..2 {
            let reply = ask(server.connect(), name, trusting(&ca)).unwrap();
            assert_eq!(reply.json()["TotalCount"], 8, "{name}");
        }
        assert_eq!(server.send(GET).json()["TotalCount"], 8);
    }
}

#[test]
fn no_certificate_is_issued_for_other_hosts() {
    let (server, ca) = server(&[], Limits::default());
    for name in [
        "kms.example.test",
        "ecs.cn-hangzhou.example.test",
        "kms.oss-cn-hangzhou.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com.example.test",
        "example.com",
        "192.0.2.7",
    ] {
        let error = ask(server.connect(), name, trusting(&ca)).unwrap_err();
        assert!(error.to_string().contains("not valid for name"), "{error}");
    }
    // A client that trusts another authority rejects the certificate.
    let other = own_authority(&Store::in_memory().unwrap(), &[]);
    let config = trusting(other.ca_pem().unwrap());
    assert!(ask(server.connect(), "localhost", config).is_err());
}

#[test]
fn tls_connection_serves_several_requests_with_large_bodies() {
    let (server, ca) = server(&[], Limits::default());
    let mut connection = connect(server.connect(), "localhost", trusting(&ca));
    for length in [0, 10, 70_000, 500_000] {
        let body = format!("Action=ListSecrets&a={}", "b".repeat(length));
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).unwrap();
        assert_eq!(RawReply::read(&mut connection).json()["TotalCount"], 8);
    }
}

#[test]
fn alpn_selects_http_1_1() {
    let (server, ca) = server(&[], Limits::default());
    let mut config = trusting(&ca);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut connection = connect(server.connect(), "localhost", config);
    connection.write_all(GET).unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    assert_eq!(connection.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
}

#[test]
fn invalid_handshake_closes_only_its_own_connection() {
    let limits = Limits {
        request_timeout: Some(Duration::from_secs(1)),
        ..Limits::default()
    };
    let (server, ca) = server(&[], limits);
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for bytes in [
        &b"\x16"[..],
        b"\x16GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\xff\xff",
        hello,
        b"\x00\x01\x02",
        b"\xff",
    ] {
        let mut connection = server.connect();
        connection.write_all(bytes).unwrap();
        // The server closes the connection, at the latest after the request timeout.
        read_to_close(&mut connection);
        assert_eq!(server.send(GET).status, 200);
        let reply = ask(server.connect(), "localhost", trusting(&ca)).unwrap();
        assert_eq!(reply.status, 200);
    }
}

#[test]
fn incomplete_request_gets_408_after_the_request_timeout() {
    let limits = Limits {
        request_timeout: Some(Duration::from_secs(1)),
        ..Limits::default()
    };
    let (server, ca) = server(&[], limits);
    let mut connection = connect(server.connect(), "localhost", trusting(&ca));
    connection.write_all(&GET[..20]).unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 408);
    // Without any byte of a request, the connection is closed without a reply.
    let mut connection = connect(server.connect(), "localhost", trusting(&ca));
    connection.flush().unwrap();
    assert!(read_to_close(&mut connection).is_empty());
}

#[test]
fn connection_accepted_during_the_start_is_answered_after_it() {
    let (server, startup) = TestServer::starting(Limits::default());
    let tls = own_authority(&Store::in_memory().unwrap(), &[]);
    let config = trusting(tls.ca_pem().unwrap());
    let connection = server.connect();
    let (sender, client) = mpsc::channel();
    std::thread::spawn(move || sender.send(ask(connection, "localhost", config).unwrap()));
    let ready = server.send(b"GET /_emulator/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(ready.status, 503);
    startup.finish(Arc::new(emulator(AuthMode::Lenient)), Some(tls));
    let reply = receive(&client, "the reply after the start").unwrap();
    assert_eq!(reply.status, 200);
}

#[test]
fn authority_is_kept_in_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let ca = |store: Store| own_authority(&store, &["kms"]).ca_pem().unwrap().to_owned();
    let first = ca(Store::open(&path).unwrap());
    assert_eq!(ca(Store::open(&path).unwrap()), first);
    assert_ne!(ca(Store::in_memory().unwrap()), first);

    // A client trusts the server before and after a restart.
    let database = path.to_str().unwrap();
    for _ in 0..2 {
        let server = Running::with(&["--database", database, "--tls-name", "kms"]);
        for name in ["127.0.0.1", "kms"] {
            let connection = deadline::connect(&server.address);
            assert_eq!(ask(connection, name, trusting(&first)).unwrap().status, 200);
        }
        assert_eq!(server.get("/_emulator/ca.pem"), first);
    }
}

#[test]
fn authority_is_kept_in_a_directory_for_the_user_only() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("new/ca");
    let path = directory.to_str().unwrap();
    let start = |names: &[&str]| {
        let mut arguments = vec!["--tls-ca-dir", path];
        arguments.extend(names.iter().flat_map(|name| ["--tls-name", name]));
        let server = Running::with(&arguments);
        let ca = server.get("/_emulator/ca.pem");
        for name in names.iter().chain(&["127.0.0.1", "kms.aliyuncs.com"]) {
            let connection = deadline::connect(&server.address);
            let reply = ask(connection, name, trusting(&ca)).unwrap();
            assert_eq!(reply.status, 200, "{name}");
        }
        (ca, server.stop("TERM").1)
    };
    let (first, _) = start(&["kms.example.test"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let mut files: Vec<_> = fs::read_dir(&directory).unwrap().collect();
    files.sort_by_key(|file| file.as_ref().unwrap().file_name());
    let names: Vec<_> = files
        .into_iter()
        .map(|file| {
            let file = file.unwrap();
            assert_eq!(mode(&file.path()), 0o600, "{file:?}");
            file.file_name().into_string().unwrap()
        })
        .collect();
    assert_eq!(names, ["authority.json", "ca.pem"]);
    assert_eq!(fs::read_to_string(directory.join("ca.pem")).unwrap(), first);
    // The same after a restart, also from a directory that cannot be written, such as a mounted secret.
    assert_eq!(start(&["a.kms.example.test"]).0, first);
    fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    assert_eq!(start(&[]).0, first);
    fs::set_permissions(&directory, Permissions::from_mode(0o700)).unwrap();
    // A name outside the constraints replaces it, as in a database.
    let (second, log) = start(&["other.example.test"]);
    assert_ne!(second, first);
    let warning = format!("the one in {path} does not permit `other.example.test`");
    assert!(log.contains(&warning), "{log}");
    assert_eq!(start(&["kms.example.test"]).0, second);
    assert_eq!(
        fs::read_to_string(directory.join("ca.pem")).unwrap(),
        second
    );
    // Files for other users get a warning.
    let key = directory.join("authority.json");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let (_, log) = start(&[]);
    assert!(log.contains("chmod 600"), "{log}");
}

#[test]
fn unusable_directory_of_the_authority_ends_the_start() {
    let parent = tempfile::tempdir().unwrap();
    let path = |name: &str| parent.path().join(name);
    fs::write(path("file"), "").unwrap();
    let (one, other) = (path("one"), path("other"));
    for directory in [&one, &other] {
        let identity = Identity::AuthorityIn(directory.clone());
        Tls::new(identity, &[], &Store::in_memory().unwrap()).unwrap();
    }
    let read = |directory: &Path| {
        let text = fs::read_to_string(directory.join("authority.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let key_of_other = {
        let mut mixed = read(&one);
        mixed["private_key"] = read(&other)["private_key"].clone();
        mixed.to_string()
    };
    let mut wrong_key = read(&one);
    wrong_key["private_key"] = "hunter2".into();
    for (directory, content, message) in [
        ("file", None, "it is not a directory"),
        ("file/below", None, "it is not a directory"),
        (
            "one",
            Some("hunter2".to_owned()),
            "remove it to get a new one",
        ),
        (
            "one",
            Some(wrong_key.to_string()),
            "its private key cannot be read",
        ),
        (
            "one",
            Some(key_of_other),
            "its key does not match its certificate",
        ),
    ] {
        if let Some(content) = content {
            fs::write(one.join("authority.json"), content).unwrap();
        }
        let output = program()
            .args(["--listen", "127.0.0.1:0", "--log", "off", "--tls-ca-dir"])
            .arg(path(directory))
            .finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(message), "{error}");
        assert!(error.contains(path(directory).to_str().unwrap()), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let (certificate, key) = own_certificate(parent.path(), "kms.example.test");
    let output = program()
        .arg("--tls-ca-dir")
        .arg(&other)
        .arg("--tls-cert")
        .arg(certificate)
        .arg("--tls-key")
        .arg(key)
        .finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(2), "{error}");
    let flag = "--tls-ca-dir (KMS_EMULATOR_TLS_CA_DIR): cannot be combined with --tls-cert";
    assert!(error.contains(flag), "{error}");
}

/// The certificates of a file of authorities.
fn authorities(pem: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    roots
}

#[test]
fn client_with_the_bundle_trusts_the_emulator_and_the_authorities_of_the_system() {
    let directory = tempfile::tempdir().unwrap();
    // The authority of the other server is in the list of the system, like that of a server on the internet.
    let other = Running::with(&[]);
    let of_system = directory.path().join("system.pem");
    let other_ca = other.get("/_emulator/ca.pem");
    fs::write(&of_system, &other_ca).unwrap();
    let server = Running::start(
        program()
            .args(["--listen", "127.0.0.1:0"])
            .env("SSL_CERT_FILE", &of_system)
            .env_remove("SSL_CERT_DIR"),
    );
    let own_ca = server.get("/_emulator/ca.pem");
    let bundle = server.get("/_emulator/ca-bundle.pem");
    assert!(bundle.contains(own_ca.trim()), "{bundle}");
    assert!(bundle.contains("the system of the server"), "{bundle}");
    let roots = authorities(&bundle);
    assert_eq!(roots.len(), 2);
    let config = |roots| {
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    };
    let status = |server: &Running, roots: RootCertStore| {
        let connection = deadline::connect(&server.address);
        ask(connection, "localhost", config(roots)).map(|reply| reply.status)
    };
    for trusted in [&server, &other] {
        assert_eq!(status(trusted, roots.clone()).unwrap(), 200);
    }
    // With the authority of the emulator alone, other servers cannot be used.
    assert!(status(&other, authorities(&own_ca)).is_err());
}

#[test]
fn bundle_has_the_list_of_mozilla_if_the_system_has_no_authorities() {
    let empty = tempfile::tempdir().unwrap();
    let mut command = program();
    command
        .args(["--listen", "127.0.0.1:0"])
        .env("SSL_CERT_DIR", empty.path())
        .env_remove("SSL_CERT_FILE");
    let server = Running::start(&mut command);
    let bundle = server.get("/_emulator/ca-bundle.pem");
    assert!(bundle.contains("Mozilla's list"));
    assert!(authorities(&bundle).len() > 100, "{}", bundle.len());
    let own_ca = server.get("/_emulator/ca.pem");
    assert!(bundle.contains(own_ca.trim()));
}

#[test]
fn invalid_authority_in_the_database_ends_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let good = |store: &Store| {
        own_authority(store, &[]);
        store.read(|store| store.authority()).unwrap().unwrap()
    };
    let (one, other) = (
        good(&Store::in_memory().unwrap()),
        good(&Store::in_memory().unwrap()),
    );
    let mixed = |certificate: &str, key: &str| kms_emulator::store::Authority {
        certificate: certificate.to_owned(),
        private_key: key.to_owned(),
        constrained: one.constrained.clone(),
    };
    for (authority, message) in [
        (
            mixed(&one.certificate, "hunter2"),
            "its private key cannot be read",
        ),
        (
            mixed("hunter2", &one.private_key),
            "its certificate cannot be read",
        ),
        (
            mixed(&one.certificate, &other.private_key),
            "its key does not match its certificate",
        ),
    ] {
        let store = Store::open(&path).unwrap();
        store
            .write(|store| store.save_authority(&authority))
            .unwrap();
        drop(store);
        let output = program()
            .args(["--listen", "127.0.0.1:0", "--log", "off", "--database"])
            .arg(&path)
            .finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(
            error.contains(message) && !error.contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn name_outside_the_constraints_of_the_stored_authority_replaces_it_with_a_warning() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let database = path.to_str().unwrap();
    let start = |names: &[&str]| {
        let mut arguments = vec!["--database", database];
        arguments.extend(names.iter().flat_map(|name| ["--tls-name", name]));
        let server = Running::with(&arguments);
        let ca = server.get("/_emulator/ca.pem");
        for name in names {
            let connection = TcpStream::connect(&server.address).unwrap();
            assert_eq!(ask(connection, name, trusting(&ca)).unwrap().status, 200);
        }
        (ca, server.stop("TERM").1)
    };
    let warning = "a new certificate authority was created";
    let (first, log) = start(&["kms", "kms.example.test", "192.0.2.7"]);
    assert!(!log.contains(warning), "{log}");
    // Already permitted: fewer names, subdomains, and names and addresses of this machine.
    for names in [&[][..], &["a.kms.example.test", "a.localhost", "127.1.2.3"]] {
        let (kept, log) = start(names);
        assert_eq!(kept, first, "{names:?}");
        assert!(!log.contains(warning), "{log}");
    }
    let (second, log) = start(&["other.example.test"]);
    assert_ne!(second, first);
    let [line] = &log
        .lines()
        .filter(|line| line.contains(warning))
        .collect::<Vec<_>>()[..]
    else {
        panic!("{log}");
    };
    for part in ["WARN", "`other.example.test`", "/_emulator/ca.pem"] {
        assert!(line.contains(part), "{line}");
    }
    // The new authority also permits the names of the first one.
    assert_eq!(start(&["kms", "192.0.2.7", "other.example.test"]).0, second);
    let (third, log) = start(&["192.0.2.8"]);
    assert!(third != second && log.contains("`192.0.2.8`"), "{log}");
}

/// Writes a self-signed certificate for `kms.example.test` and its key, and returns the paths.
fn own_certificate(directory: &Path, name: &str) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["kms.example.test".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let paths = ["cert", "key"].map(|what| directory.join(format!("{name}-{what}.pem")));
    fs::write(&paths[0], certificate.pem()).unwrap();
    fs::write(&paths[1], key.serialize_pem()).unwrap();
    let [certificate, key] = paths;
    (certificate, key)
}

#[test]
fn certificate_given_by_the_user_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, key) = own_certificate(directory.path(), "own");
    let mut command = program();
    command
        .args(["--listen", "127.0.0.1:0", "--tls-cert"])
        .arg(&certificate)
        .env("KMS_EMULATOR_TLS_KEY", &key);
    let server = Running::start(&mut command);
    let config = trusting(&fs::read_to_string(&certificate).unwrap());
    let connection = deadline::connect(&server.address);
    let reply = ask(connection, "kms.example.test", config.clone()).unwrap();
    assert_eq!(reply.status, 200);
    let connection = deadline::connect(&server.address);
    assert!(ask(connection, "localhost", config).is_err());
}

#[test]
fn invalid_certificate_or_key_exits_with_2_and_an_error_of_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, key) = own_certificate(directory.path(), "one");
    let (_, other_key) = own_certificate(directory.path(), "other");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let nowhere = directory.path().join("nowhere.pem");
    let nonsense = file("nonsense.pem", "hunter2");
    let block =
        |what: &str, text: &str| format!("-----BEGIN {what}-----\n{text}\n-----END {what}-----\n");
    let odd_certificate = file("odd-cert.pem", &block("CERTIFICATE", "aHVudGVyMg=="));
    let odd_key = file("odd-key.pem", &block("PRIVATE KEY", "aHVudGVyMg=="));
    let broken_key = file("broken.pem", "-----BEGIN PRIVATE hunter2");
    let cert = "--tls-cert (KMS_EMULATOR_TLS_CERT)";
    let private = "--tls-key (KMS_EMULATOR_TLS_KEY)";
    for (arguments, flag, named) in [
        ([Some(&certificate), None], cert, "its key is missing"),
        ([None, Some(&key)], private, "its certificate is missing"),
        (
            [Some(&nowhere), Some(&key)],
            cert,
            "nowhere.pem: No such file",
        ),
        (
            [Some(&certificate), Some(&nowhere)],
            private,
            "nowhere.pem: No such file",
        ),
        (
            [Some(&nonsense), Some(&key)],
            cert,
            "nonsense.pem: the file has no certificate",
        ),
        (
            [Some(&certificate), Some(&nonsense)],
            private,
            "nonsense.pem: the file has no private key",
        ),
        (
            [Some(&certificate), Some(&broken_key)],
            private,
            "broken.pem: the file has no private key",
        ),
        (
            [Some(&odd_certificate), Some(&key)],
            cert,
            "odd-cert.pem: the certificate cannot be read",
        ),
        (
            [Some(&certificate), Some(&odd_key)],
            private,
            "odd-key.pem: the type of the private key is not supported",
        ),
        (
            [Some(&certificate), Some(&other_key)],
            private,
            "the key does not match the certificate",
        ),
    ] {
        let mut command = program();
        for (flag, file) in ["--tls-cert", "--tls-key"].iter().zip(arguments) {
            if let Some(file) = file {
                command.arg(flag).arg(file);
            }
        }
        let output = command.finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(
            error.contains(flag) && error.contains(named),
            "{named}: {error}"
        );
        assert!(
            !error.contains("hunter2") && !error.contains("aHVu"),
            "{error}"
        );
    }
}
