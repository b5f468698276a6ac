//! The built program: output, log and exit codes.

use std::fs;
use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
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
fn invalid_settings_exit_with_2_and_an_error_of_one_line() {
    for (arguments, named) in [
        (&["--listen", "here"][..], "--listen (KMS_EMULATOR_LISTEN)"),
        (
            &["--listen", "127.0.0.1:8080", "--port", "8081"],
            "--port (KMS_EMULATOR_PORT)",
        ),
        (
            &["--control-listen", "here"],
            "--control-listen (KMS_EMULATOR_CONTROL_LISTEN)",
        ),
        (&["--account", "12"], "--account (KMS_EMULATOR_ACCOUNT)"),
        (&["--region", "No Where"], "--region (KMS_EMULATOR_REGION)"),
        (
            &["--access-key", "id"],
            "--access-key (KMS_EMULATOR_ACCESS_KEYS)",
        ),
        (
            &["--access-key", "id:hunter2:x"],
            "--access-key (KMS_EMULATOR_ACCESS_KEYS)",
        ),
        (
            &["--access-key", "id:hunter2", "--access-key", "id:x"],
            "access key `id` is given twice",
        ),
        (
            &["--rsa-key", "hunter2"],
            "--rsa-key (KMS_EMULATOR_RSA_KEYS): an RSA key is ID:FILE or ID:FILE:ACCOUNT",
        ),
        (
            &["--rsa-key", "id:tests/keys/rsa.pub.pem:12"],
            "the account of access key `id` is not a number of 16 digits",
        ),
        (
            &["--rsa-key", "test:tests/keys/rsa.pub.pem"],
            "--rsa-key (KMS_EMULATOR_RSA_KEYS): access key `test` is given twice",
        ),
        (
            &["--rsa-key", "id:tests/keys/none.pem"],
            "`tests/keys/none.pem`: No such file or directory",
        ),
        (
            &["--rsa-key", "id:tests/keys/rsa.pem"],
            "`tests/keys/rsa.pem`: it has a private key; the emulator needs the public key",
        ),
        (
            &["--rsa-key", "id:Cargo.toml"],
            "`Cargo.toml`: it is not a PEM file",
        ),
        (
            &["--rsa-key", "id:Cargo.lock"],
            "`Cargo.lock`: more than 65536 bytes",
        ),
        (&["--log", "=?"], "--log (KMS_EMULATOR_LOG)"),
        (
            &["--tencent-region", "No Where"],
            "--tencent-region (KMS_EMULATOR_TENCENT_REGIONS)",
        ),
        (
            &["--tls-name", "http://kms"],
            "--tls-name (KMS_EMULATOR_TLS_NAMES)",
        ),
    ] {
        let output = program().args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.starts_with("kms-emulator: "), "{error}");
        assert!(
            error.contains(named) && !error.contains("hunter2"),
            "{arguments:?}: {error}"
        );
    }
    let output = program().env("KMS_EMULATOR_ACCOUNT", "x").finish();
    assert_eq!(output.status.code(), Some(2));
    assert!(error_of(&output).contains("KMS_EMULATOR_ACCOUNT"));
    for arguments in [&["import", "--database", "new.db", "a.json"][..], &["env"]] {
        let region = ("KMS_EMULATOR_REGION", "No Where");
        let output = program().env(region.0, region.1).args(arguments).finish();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(error_of(&output).contains("--region (KMS_EMULATOR_REGION)"));
    }
}

#[test]
fn unknown_argument_gets_suggestions() {
    for (arguments, message) in [
        (
            &["--fixture", "a.json"][..],
            "similar argument exists: '--fixtures'",
        ),
        (&["--speed", "9"], "unexpected argument '--speed'"),
        (&["exprot"], "similar subcommand exists: 'export'"),
        (&["serve"], "unrecognized subcommand 'serve'"),
        (
            &["--auth", "none"],
            "[possible values: off, lenient, strict]",
        ),
        (&["--auth", "strickt"], "similar value exists: 'strict'"),
        (
            &["env", "--formt", "shell"],
            "similar argument exists: '--format'",
        ),
        (&["--tencent-search", "fuzzy"], "--tencent-search"),
        (
            &["--alibaba-filter-values", "some"],
            "--alibaba-filter-values",
        ),
        (
            &["--alibaba-filter-match", "some"],
            "[possible values: exact, contains]",
        ),
        (&["--tencent-max-limit", "many"], "--tencent-max-limit"),
        (&["--tencent-max-limit", "19"], "19 is not in 20.."),
        (
            &["--tencent-max-value-bytes", "0"],
            "--tencent-max-value-bytes",
        ),
        (&["--tencent-clock-skew", "long"], "--tencent-clock-skew"),
        (&["--rate-limit=perhaps"], "--rate-limit"),
        (&["--max-headers", "97"], "--max-headers"),
        (&["--max-headers", "0"], "--max-headers"),
        (&["--max-header-bytes", "65537"], "--max-header-bytes"),
        (&["--max-body-bytes", "much"], "--max-body-bytes"),
        (&["--request-timeout", "soon"], "--request-timeout"),
        (&["--keep-alive", "1s"], "--keep-alive"),
        (&["--max-connections", "0"], "--max-connections"),
        (&["--port", "65536"], "--port"),
    ] {
        let output = program().args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(error.starts_with("error: "), "{error}");
        assert!(error.contains(message), "{arguments:?}: {error}");
        assert!(error.contains("try '--help'"), "{error}");
    }
}

#[test]
fn suggestions_do_not_contain_the_values_of_secret_flags() {
    for arguments in [
        &["--access-key", "id:hunter2", "--speed"][..],
        &["--access-key", "id:a", "id:hunter2"],
        &["--access-keys=id:hunter2"],
        &["--access-keys", "id:hunter2"],
        &["--access-key-id", "id", "hunter2"],
        &["--control-token", "hunter2", "hunter2"],
        &["--control-tokn=hunter2"],
        &["env", "--access-key", "id:a", "id:hunter2"],
    ] {
        let output = program().args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!error.contains("hunter2"), "{arguments:?}: {error}");
    }
}

#[test]
fn filter_setting_applies_to_alibaba_cloud() {
    let filters = "/?Action=ListSecrets&Filters=%5B%7B%22Key%22%3A%22SecretName%22%2C%22Values%22%3A%5B%22a*%22%5D%7D%5D";
    let refused = Running::with(&[]).get(filters);
    assert!(refused.contains("InvalidParameter"), "{refused}");
    let any = ["--alibaba-filter-values", "any"];
    let listed = Running::with(&any).get(filters);
    assert!(listed.contains(r#""TotalCount":0"#), "{listed}");
    let create = "/?Action=CreateSecret&SecretName=app-a*1&VersionId=1&SecretData=x";
    let create = create.replace('*', "-");
    let filters = filters.replace("a*", "a-");
    let contains = Running::with(&["--alibaba-filter-match", "contains"]);
    contains.get(&create);
    let listed = contains.get(&filters);
    assert!(listed.contains(r#""TotalCount":1"#), "{listed}");
}

#[test]
fn tencent_settings_apply_to_tencent_cloud() {
    let server = Running::with(&[
        "--tencent-region",
        "ap-tokyo",
        "--tencent-region",
        "ap-seoul",
        "--tencent-max-limit",
        "201",
        "--tencent-search",
        "exact",
        "--tencent-max-value-bytes",
        "4",
        "--rate-limit",
    ]);
    let ask = |query: &str| server.get(&format!("/?Version=2019-09-23&{query}"));
    assert!(ask("Action=GetRegions").contains(r#""Regions":["ap-tokyo","ap-seoul"]"#));
    assert!(ask("Action=GetRegions&Region=ap-guangzhou").contains("UnsupportedRegion"));
    assert!(
        ask("Action=CreateSecret&SecretName=secret&SecretString=12345")
            .contains("InvalidParameterValue")
    );
    assert!(
        ask("Action=CreateSecret&SecretName=secret&SecretString=1234")
            .contains(r#""SecretName":"secret""#)
    );
    let found = r#""TotalCount":1"#;
    assert!(
        ask("Action=ListSecrets&Limit=201&Region=ap-tokyo&SearchSecretName=secret").contains(found)
    );
    assert!(!ask("Action=ListSecrets&SearchSecretName=secre").contains(found));
    assert!(ask("Action=ListSecrets&Limit=202").contains("InvalidParameterValue"));
    // The limit is 30 per second, so some of many requests exceed it.
    let limited = (0..1000).any(|_| ask("Action=ListSecrets").contains("RequestLimitExceeded"));
    assert!(limited);
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
fn fixtures_that_cannot_be_read_exit_with_2() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing.json");
    let missing = missing.to_str().unwrap();
    // A path below a file cannot be read by root either.
    let below = directory.path().join("file");
    fs::write(&below, "").unwrap();
    let below = below.join("a.json");
    let below = below.to_str().unwrap();
    let database = directory.path().join("kms.db");
    let database = database.to_str().unwrap();
    for path in [missing, below] {
        for arguments in [
            &["--port", "0", "--log", "off", "--fixtures", path][..],
            &["fixtures", "check", path],
            &["import", "--database", database, path],
        ] {
            let output = program().args(arguments).finish();
            let error = error_of(&output);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(error.contains(path), "{error}");
            assert!(output.stdout.is_empty());
        }
    }
}

#[test]
fn ignored_parts_of_fixtures_are_reported_once() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let file = directory.path().join("a.json");
    let secret = |name: &str| {
        format!(r#"{{"SecretName":"{name}","CreateTime":"2024-01-01T00:00:00Z","Color":"red"}}"#)
    };
    let secrets = format!(
        r#"{{"SecretList":{{"Secret":[{},{}]}}}}"#,
        secret("a"),
        secret("b")
    );
    fs::write(&file, secrets).unwrap();
    let (empty, file) = (empty.to_str().unwrap(), file.to_str().unwrap());
    let server = Running::with(&["--fixtures", empty, "--fixtures", file]);
    // The reset reads the files again, without a second report.
    let agent: ureq::Agent = ureq::Agent::new_with_defaults();
    let reset = format!("http://{}/_emulator/reset", server.address);
    agent.post(reset).send(r#"{"fixtures":true}"#).unwrap();
    let (_, log) = server.stop("TERM");
    let checked = program().args(["fixtures", "check", empty, file]).finish();
    assert_eq!(checked.status.code(), Some(0));
    let checked = String::from_utf8(checked.stdout).unwrap();
    for output in [log, checked] {
        let count = |text: &str| output.lines().filter(|line| line.contains(text)).count();
        assert_eq!(count("directory has no *.json file"), 1, "{output}");
        assert_eq!(count("Color"), 1, "{output}");
    }
}

#[test]
fn database_path_is_logged_at_start() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let path = path.to_str().unwrap();
    for (arguments, message) in [
        (&[][..], "in memory: data is lost at exit"),
        (
            &["--database", ":memory:"],
            "in memory: data is lost at exit",
        ),
        (&["--database", path], path),
    ] {
        let (_, log) = Running::with(arguments).stop("TERM");
        assert!(log.contains(message), "{arguments:?}: {log}");
    }
}

#[test]
fn error_for_a_database_that_cannot_be_opened_has_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing/kms.db");
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let below_a_file = file.join("kms.db");
    for (database, reason) in [
        (directory.path(), "it is a directory"),
        (&missing, "missing does not exist"),
        (&below_a_file, "file is not a directory"),
    ] {
        for command in [&["--port", "0", "--log", "off"][..], &["import"]] {
            let mut command = command.to_vec();
            command.extend(["--database", database.to_str().unwrap()]);
            if command[0] == "import" {
                command.push(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/seed.json"));
            }
            let output = program().args(&command).finish();
            let error = error_of(&output);
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(error.contains(&*database.to_string_lossy()), "{error}");
            assert!(error.contains(reason), "{error}");
        }
    }
}

#[test]
fn error_for_a_database_without_write_permission_has_the_user_ids() {
    const OTHER: u32 = 65_532;
    let this = rustix::process::geteuid().as_raw();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    // Root has all permissions, so the program runs as another user. Otherwise the mode of the
    // directory denies the access.
    let is_root = this == 0;
    let mode = fs::Permissions::from_mode(if is_root { 0o755 } else { 0o555 });
    fs::set_permissions(directory.path(), mode).unwrap();
    // The other user may have no access to the build directory.
    let binaries = tempfile::tempdir().unwrap();
    fs::set_permissions(binaries.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let binary = binaries.path().join("kms-emulator");
    fs::copy(env!("CARGO_BIN_EXE_kms-emulator"), &binary).unwrap();
    let mut command = Command::new(&binary);
    let arguments = ["--port", "0", "--log", "off", "--database"];
    command.env_clear().args(arguments).arg(&path);
    if is_root {
        command.uid(OTHER);
    }
    let output = command.finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    let user = if is_root { OTHER } else { this };
    let obstacle = if is_root {
        "belongs to uid 0 (mode 755)"
    } else {
        "mode 555"
    };
    for message in [
        &*path.to_string_lossy(),
        &*directory.path().to_string_lossy(),
        &format!("runs as uid {user}"),
        obstacle,
    ] {
        assert!(error.contains(message), "{message}: {error}");
    }
}

#[test]
fn flag_overrides_its_variable_and_empty_variable_counts_as_unset() {
    let mut command = program();
    command
        .env("KMS_EMULATOR_LISTEN", "127.0.0.1:0")
        .env("KMS_EMULATOR_DATABASE", "")
        .env("KMS_EMULATOR_FIXTURES", "");
    command
        .env("KMS_EMULATOR_ACCESS_KEYS", "")
        .env("KMS_EMULATOR_ACCOUNT", "2222222222222222");
    let server = Running::start(
        command
            .args(["--account", "3333333333333333", "--fixtures"])
            .arg(fixture("seed.json")),
    );
    let ready: serde_json::Value = serde_json::from_str(&server.get("/_emulator/ready")).unwrap();
    assert_eq!(ready["scopes"][0]["account"], "3333333333333333");
}

#[test]
fn variables_may_be_empty_and_only_variables_are_split_at_commas() {
    let mut command = program();
    for variable in [
        "ACCOUNT",
        "AUTH",
        "REGION",
        "LOG",
        "LOG_FORMAT",
        "LISTEN",
        "DATABASE",
        "FIXTURES",
        "ACCESS_KEYS",
    ] {
        command.env(format!("KMS_EMULATOR_{variable}"), "");
    }
    let directory = tempfile::tempdir().unwrap();
    let comma = directory.path().join("a,b.json");
    fs::copy(fixture("seed.json"), &comma).unwrap();
    let server = Running::start(
        command
            .args(["--listen", "127.0.0.1:0", "--fixtures"])
            .arg(&comma),
    );
    assert!(
        server
            .get("/?Action=ListSecrets")
            .contains("\"TotalCount\":8")
    );
    let both = format!(
        "{},{}",
        fixture("seed.json").display(),
        fixture("250-secrets.json").display()
    );
    let mut command = program();
    command
        .args(["--listen", "127.0.0.1:0", "--database", ":memory:"])
        .env("KMS_EMULATOR_FIXTURES", both);
    let server = Running::start(&mut command);
    assert!(
        server
            .get("/?Action=ListSecrets")
            .contains("\"TotalCount\":258")
    );
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

#[test]
fn secrets_of_fixtures_persist_and_loading_them_again_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let database = database.to_str().unwrap();
    let seed = fixture("seed.json");
    let list = |fixtures: &[&str]| {
        let arguments: Vec<_> = ["--database", database]
            .iter()
            .chain(fixtures)
            .copied()
            .collect();
        let server = Running::with(&arguments);
        let body = server.get("/?Action=ListSecrets&FetchTags=true");
        assert_eq!(server.stop("TERM").0, Some(0));
        let mut body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body.as_object_mut().unwrap().remove("RequestId");
        body
    };
    let seeded = list(&["--fixtures", seed.to_str().unwrap()]);
    assert_eq!(seeded["TotalCount"], 8);
    assert_eq!(list(&[]), seeded);
    assert_eq!(list(&["--fixtures", seed.to_str().unwrap()]), seeded);
}

#[test]
fn saved_list_reply_can_be_loaded_as_a_fixture_and_is_returned_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    // The sample reply of the vendor's ListSecrets page.
    let saved = r#"{"SecretList":{"Secret":[
        {"SecretName":"secret001","SecretType":"Generic","CreateTime":"2020-07-17T07:59:05Z","UpdateTime":"2020-07-17T07:59:05Z"},
        {"SecretName":"cache_client","UpdateTime":"2021-01-04T07:59:05Z","CreateTime":"2020-07-23T07:59:05Z",
         "Tags":{"Tag":[{"TagKey":"key1","TagValue":"val1"}]}}]},
        "RequestId":"6a6287a0-ff34-4780-a790-fdfca900557f","PageNumber":1,"PageSize":2,"TotalCount":55}"#;
    fs::write(directory.path().join("a.json"), saved).unwrap();
    fs::write(directory.path().join("notes.txt"), "not a fixture").unwrap();
    let server = Running::with(&["--fixtures", directory.path().to_str().unwrap()]);
    let body: serde_json::Value =
        serde_json::from_str(&server.get("/?Action=ListSecrets&FetchTags=true")).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(saved).unwrap();
    expected["SecretList"]["Secret"][0]["Tags"] = serde_json::json!({"Tag": []});
    expected["SecretList"]["Secret"][1]["SecretType"] = "Generic".into();
    assert_eq!(body["SecretList"], expected["SecretList"]);
    assert_eq!(body["TotalCount"], 2);
}

#[test]
fn error_in_a_fixture_names_its_position_and_nothing_is_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let path = directory.path().join("b.json");
    let good = directory.path().join("a.json");
    let secret =
        |more: &str| format!(r#"{{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z"{more}}}"#);
    fs::write(
        &good,
        format!(r#"{{"SecretList":{{"Secret":[{}]}}}}"#, secret("")),
    )
    .unwrap();
    for (secrets, place, reason) in [
        (
            format!("{},{{\"CreateTime\":\"2024-01-01T00:00:00Z\"}}", secret("")),
            "SecretList.Secret[1]",
            "missing field `SecretName`",
        ),
        (
            r#"{"SecretName":"b","CreateTime":"yesterday"}"#.into(),
            "SecretList.Secret[0].CreateTime",
            "`yesterday`",
        ),
        (
            r#"{"SecretName":"","CreateTime":"2024-01-01T00:00:00Z"}"#.into(),
            "SecretList.Secret[0].SecretName",
            "1 to 192",
        ),
        (
            secret(r#","SecretType":"Oracle""#),
            "SecretList.Secret[0].SecretType",
            "`Oracle`",
        ),
        (
            secret(r#","Tags":{"Tag":[{"TagKey":"k"},{"TagKey":"k"}]}"#),
            "SecretList.Secret[0].Tags.Tag[1].TagKey",
            "twice",
        ),
        (
            secret(r#","Tags":7"#),
            "SecretList.Secret[0].Tags",
            "expected",
        ),
        (
            format!("{},{}", secret(""), secret("")),
            "SecretList.Secret[1].SecretName",
            "`a` occurs twice",
        ),
        (
            secret(r#","Versions":[{"VersionId":"v","SecretData":"x","VersionStages":["other"]}]"#),
            "SecretList.Secret[0].Versions",
            "ACSCurrent",
        ),
        (
            secret(r#","Versions":[{"VersionId":"v","SecretData":5}]"#),
            "SecretList.Secret[0].Versions[0].SecretData",
            "expected a string",
        ),
        ("oops".into(), "SecretList.Secret[0]", "expected value"),
    ] {
        fs::write(
            &path,
            format!(r#"{{"SecretList":{{"Secret":[{secrets}]}}}}"#),
        )
        .unwrap();
        let output = program()
            .args(["--listen", "127.0.0.1:0", "--log", "off", "--database"])
            .arg(&database)
            .arg("--fixtures")
            .arg(directory.path())
            .finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(
            error.contains(&format!("b.json: {place}: ")) && error.contains(reason),
            "{place}: {error}"
        );
    }
    fs::write(&path, b"{\"SecretList\":\xff").unwrap();
    let output = program()
        .args(["--port", "0", "--fixtures"])
        .arg(&path)
        .finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error.contains("b.json: byte 14: the file is neither UTF-8 nor UTF-16"),
        "{error}"
    );
    let server = Running::with(&["--database", database.to_str().unwrap()]);
    assert!(
        server
            .get("/?Action=ListSecrets")
            .contains("\"TotalCount\":0")
    );
}

#[test]
fn all_shipped_fixtures_can_be_loaded_together() {
    let server = Running::with(&["--fixtures", fixture("").to_str().unwrap()]);
    assert!(
        server
            .get("/?Action=ListSecrets")
            .contains("\"TotalCount\":258")
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
