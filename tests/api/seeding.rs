//! Secrets from `--secret` and `.env` files, and the commands `put` and `get`.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};

/// The value of a secret on Alibaba Cloud, or on Tencent Cloud for `v1`.
fn value(server: &Running, cloud: &str, name: &str) -> Value {
    let (query, member) = match cloud {
        "alibaba" => (
            format!("/?Action=GetSecretValue&SecretName={name}"),
            "SecretData",
        ),
        _ => (
            format!(
                "/?Version=2019-09-23&Action=GetSecretValue&SecretName={name}&VersionId=v1&Region=ap-guangzhou"
            ),
            "SecretString",
        ),
    };
    let reply: Value = serde_json::from_str(&server.get(&query)).unwrap();
    let reply = reply.get("Response").unwrap_or(&reply);
    reply[member].clone()
}

fn control(server: &Running, path: &str, body: &str) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("http://{}/_emulator/{path}", server.address);
    let mut reply = agent.post(url).send(body).unwrap();
    serde_json::from_str(&reply.body_mut().read_to_string().unwrap()).unwrap()
}

/// A client command for a server.
fn client(server: &Running, arguments: &[&str]) -> Command {
    let mut command = program();
    command.args(arguments).env(
        "KMS_EMULATOR_ENDPOINT",
        format!("http://{}", server.address),
    );
    command
}

fn succeeded(output: &Output) -> Vec<u8> {
    assert!(output.status.success(), "{}", error_of(output));
    output.stdout.clone()
}

fn printed(command: &mut Command) -> String {
    String::from_utf8(succeeded(&command.finish())).unwrap()
}

/// The error of a command in one line.
fn failed(command: &mut Command, exit_code: i32) -> String {
    let output = command.finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(exit_code), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(output.stdout.is_empty());
    error
}

#[test]
fn secrets_of_the_flag_are_in_both_clouds_or_in_the_one_of_their_prefix() {
    let server = Running::with(&[
        "--secret",
        "app-token=a=b,c",
        "--secret",
        "alibaba:app/database=for alibaba",
        "--secret",
        "tencent:app-database=for tencent",
    ]);
    for (cloud, name, expected) in [
        ("alibaba", "app-token", json!("a=b,c")),
        ("tencent", "app-token", json!("a=b,c")),
        ("alibaba", "app/database", json!("for alibaba")),
        ("tencent", "app-database", json!("for tencent")),
        ("alibaba", "app-database", Value::Null),
    ] {
        assert_eq!(value(&server, cloud, name), expected, "{cloud} {name}");
    }
}

#[test]
fn the_variable_has_a_secret_on_each_line_and_the_flag_overrides_it() {
    let lines = "one=a,b\r\n\ntwo= spaces # kept \n";
    let start = |flags: &[&str]| {
        let mut command = program();
        command
            .args(["--listen", "127.0.0.1:0"])
            .args(flags)
            .env("KMS_EMULATOR_SECRETS", lines);
        Running::start(&mut command)
    };
    let server = start(&[]);
    assert_eq!(value(&server, "alibaba", "one"), "a,b");
    assert_eq!(value(&server, "tencent", "two"), " spaces # kept ");
    let server = start(&["--secret", "three=3"]);
    assert_eq!(value(&server, "alibaba", "three"), "3");
    assert_eq!(value(&server, "alibaba", "one"), Value::Null);
}

#[test]
fn value_from_a_file_is_kept_exactly() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("text"), "line\n").unwrap();
    let bytes = [0, 255, b'\n', 128];
    fs::write(path("bytes"), bytes).unwrap();
    let server = Running::with(&[
        "--secret",
        &format!("text=@{}", path("text")),
        "--secret",
        &format!("bytes=@{}", path("bytes")),
    ]);
    assert_eq!(value(&server, "alibaba", "text"), "line\n");
    for cloud in ["alibaba", "tencent"] {
        let output = client(&server, &["get", "--cloud", cloud, "bytes"]).finish();
        assert_eq!(succeeded(&output), bytes, "{cloud}");
    }
}

#[test]
fn secrets_of_the_flag_are_part_of_the_start_up_fixtures() {
    let directory = tempfile::tempdir().unwrap();
    let fixture = directory.path().join("a.json");
    fs::write(
        &fixture,
        r#"{"token": "of the file", "other": "of the file"}"#,
    )
    .unwrap();
    let server = Running::with(&[
        "--fixtures",
        fixture.to_str().unwrap(),
        "--secret",
        "token=of the flag",
    ]);
    // The flag is loaded after the files.
    assert_eq!(value(&server, "alibaba", "token"), "of the flag");
    assert_eq!(value(&server, "alibaba", "other"), "of the file");
    printed(&mut client(&server, &["put", "token", "changed"]));
    printed(&mut client(&server, &["put", "more", "new"]));
    let reset = control(&server, "reset", "{}");
    assert_eq!(
        (&reset["reset_to"], &reset["loaded"]),
        (&json!("fixtures"), &json!(3))
    );
    for cloud in ["alibaba", "tencent"] {
        assert_eq!(value(&server, cloud, "token"), "of the flag", "{cloud}");
        assert_eq!(value(&server, cloud, "more"), Value::Null, "{cloud}");
    }
    let tenant = control(&server, "tenants", r#"{"start_fixtures": true}"#);
    assert_eq!(tenant["secrets"], 3);
    let account = tenant["account"].as_str().unwrap();
    let get = ["get", "--account", account, "token"];
    assert_eq!(printed(&mut client(&server, &get)), "of the flag");
}

#[test]
fn wrong_secrets_exit_with_an_error_that_names_the_flag_and_no_value() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("long"), "hunter2".repeat(10_000)).unwrap();
    let nowhere = format!("a=@{}", path("nowhere"));
    let too_long = format!("a=@{}", path("long"));
    let long_value = format!("alibaba:a=hunter2{}", "x".repeat(30_714));
    let long_for_tencent = format!("tencent:a=hunter2{}", "x".repeat(32_762));
    for (secret, part) in [
        ("hunter2", "secret 1 is not NAME=VALUE"),
        ("=hunter2", "`` is not a name"),
        ("a=", "has 0 bytes"),
        ("app/a=hunter2", "Tencent Cloud"),
        ("app/a=hunter2", "`alibaba:` before the name"),
        ("alibaba:acs/a=hunter2", "does not begin with `acs/`"),
        ("alibaba:a b=hunter2", "`a b` is not a name"),
        ("tencent:-a=hunter2", "begins with a letter or digit"),
        ("aws:a=hunter2", "`aws:` is not a cloud"),
        (&long_value, "has 30721 bytes"),
        (&long_for_tencent, "has 32769 bytes"),
        (&nowhere, "No such file"),
        (&too_long, "more than 65536 bytes"),
        ("a=@/dev/zero", "more than 65536 bytes"),
    ] {
        for is_flag in [true, false] {
            let mut command = program();
            if is_flag {
                command.args(["--secret", secret]);
            } else {
                command.env("KMS_EMULATOR_SECRETS", secret);
            }
            let error = failed(&mut command, 2);
            let named = "kms-emulator: --secret (KMS_EMULATOR_SECRETS): ";
            assert!(error.starts_with(named), "{error}");
            assert!(error.contains(part), "{part}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
    for twice in [
        ["a=hunter2", "a=hunter2"],
        ["alibaba:a=hunter2", "a=hunter2"],
    ] {
        let mut command = program();
        command.args(["--secret", twice[0], "--secret", twice[1]]);
        let error = failed(&mut command, 2);
        assert!(error.contains("`a` is given twice"), "{error}");
    }
    // Different clouds are no repetition. The port is wrong, so that the start ends.
    let mut command = program();
    command.args(["--secret", "alibaba:a=1", "--secret", "tencent:a=2"]);
    let error = failed(command.args(["--listen", "none"]), 2);
    assert!(error.contains("--listen"), "{error}");
}

/// The names of KMS instances.
fn instances(server: &Running) -> Vec<String> {
    let list: Value = serde_json::from_str(&server.get("/?Action=ListKmsInstances")).unwrap();
    let instances = list["KmsInstances"]["KmsInstance"].as_array().unwrap();
    let name = |instance: &Value| {
        let id = instance["KmsInstanceId"].as_str().unwrap();
        let reply = server.get(&format!("/?Action=GetKmsInstance&KmsInstanceId={id}"));
        let reply: Value = serde_json::from_str(&reply).unwrap();
        let certificate = &reply["KmsInstance"]["CaCertificateChainPem"];
        assert_eq!(
            certificate.as_str(),
            Some(&*server.get("/_emulator/ca.pem"))
        );
        reply["KmsInstance"]["InstanceName"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    instances.iter().map(name).collect()
}

#[test]
fn kms_instances_are_created_at_start_and_a_reset_restores_them() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let file = directory.path().join("instance.json");
    fs::write(
        &file,
        r#"{"KmsInstance":{"InstanceId":"kst-a","InstanceName":"named"}}"#,
    )
    .unwrap();
    let start = |flags: &[&str]| {
        let mut command = program();
        command.args([
            "--listen",
            "127.0.0.1:0",
            "--database",
            database.to_str().unwrap(),
        ]);
        command
            .args(flags)
            .env("KMS_EMULATOR_KMS_INSTANCES", "kst-b,kst-a");
        Running::start(&mut command)
    };
    let server = start(&["--fixtures", file.to_str().unwrap()]);
    assert_eq!(instances(&server), ["named", "kst-b"]);
    server.stop("TERM");
    let server = start(&["--kms-instance", "kst-a"]);
    assert_eq!(
        instances(&server),
        ["named", "kst-b"],
        "a start does not change them"
    );
    let reset = format!("http://{}/_emulator/reset", server.address);
    ureq::post(reset).send_empty().unwrap();
    assert_eq!(instances(&server), ["kst-a"]);
    let mut command = program();
    let error = failed(command.args(["--kms-instance", "a\nb"]), 2);
    assert!(
        error.starts_with(
            "kms-emulator: --kms-instance (KMS_EMULATOR_KMS_INSTANCES): an instance id"
        ),
        "{error}"
    );
}

#[test]
fn misspelled_flags_do_not_print_secrets() {
    for arguments in [
        &["--secrets", "a=hunter2"][..],
        &["--secrets=a=hunter2"],
        &["--secret", "a=1", "hunter2"],
        &["put", "a", "b", "hunter2"],
        &["put", "a", "hunter2", "--nowhere"],
    ] {
        let output = program().args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(!error.contains("hunter2"), "{arguments:?}: {error}");
    }
}

#[test]
fn values_are_not_logged() {
    let server = Running::with(&["--secret", "a=hunter2", "--log", "trace"]);
    printed(&mut client(&server, &["put", "b", "hunter2"]));
    assert_eq!(printed(&mut client(&server, &["get", "b"])), "hunter2");
    let log = server.stop("TERM").1;
    assert!(log.contains("GetSecretValue") && !log.contains("hunter2"));
}

#[test]
fn put_creates_a_secret_and_then_adds_versions() {
    let server = Running::with(&[]);
    assert_eq!(
        printed(&mut client(&server, &["put", "app-token", "first"])),
        "alibaba: created app-token\ntencent: created app-token\n"
    );
    for value in ["second", "-third", "--fourth"] {
        assert_eq!(
            printed(&mut client(&server, &["put", "app-token", value])),
            "alibaba: new version of app-token\ntencent: new version of app-token\n"
        );
        // Without a line break, because standard output is not a terminal.
        assert_eq!(printed(&mut client(&server, &["get", "app-token"])), value);
    }
    for (listed, versions) in [
        (
            "?Action=ListSecretVersionIds&SecretName=app-token&IncludeDeprecated=true",
            4,
        ),
        (
            "?Version=2019-09-23&Action=ListSecretVersionIds&SecretName=app-token&Region=ap-guangzhou",
            4,
        ),
    ] {
        let reply: Value = serde_json::from_str(&server.get(&format!("/{listed}"))).unwrap();
        let count = reply.to_string().matches("\"CreateTime\":").count();
        assert_eq!(count, versions, "{reply}");
    }
}

#[test]
fn prefix_or_flags_choose_cloud_region_and_account() {
    let server = Running::with(&[]);
    for arguments in [
        &["put", "tencent:here", "1"][..],
        &[
            "put",
            "--cloud",
            "alibaba",
            "--region",
            "cn-beijing",
            "here",
            "2",
        ],
        &["put", "here", "3", "--cloud", "alibaba"],
    ] {
        let output = printed(&mut client(&server, arguments));
        assert_eq!(output.lines().count(), 1, "{output}");
    }
    for (arguments, expected) in [
        (&["get", "tencent:here"][..], "1"),
        (
            &["get", "--cloud=alibaba", "--region=cn-beijing", "here"],
            "2",
        ),
        (&["get", "alibaba:here"], "3"),
    ] {
        assert_eq!(printed(&mut client(&server, arguments)), expected);
    }
    let error = failed(&mut client(&server, &["get", "here"]), 1);
    assert!(error.contains("choose one with --cloud"), "{error}");
    let other = ["get", "alibaba:here", "--account", "1234567890123456"];
    let error = failed(&mut client(&server, &other), 1);
    assert!(error.contains("Forbidden.ResourceNotFound"), "{error}");
}

#[test]
fn put_reads_standard_input_and_files_and_get_returns_the_same_bytes() {
    let server = Running::with(&[]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("value");
    for bytes in [&b"text\n"[..], b"\xff\x00\n\r", "密码".as_bytes()] {
        fs::write(&file, bytes).unwrap();
        let from_file = format!("@{}", file.display());
        printed(&mut client(&server, &["put", "of-file", &from_file]));
        let mut put = client(&server, &["put", "of-input", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        put.stdin.take().unwrap().write_all(bytes).unwrap();
        assert!(crate::deadline::wait(&mut put, "the end of put").success());
        for name in ["of-file", "of-input"] {
            for cloud in ["alibaba", "tencent"] {
                let output = client(&server, &["get", "--cloud", cloud, name]).finish();
                assert_eq!(succeeded(&output), bytes, "{cloud} {name}");
            }
        }
    }
}

#[test]
fn put_changes_nothing_if_one_cloud_rejects_the_name() {
    let server = Running::with(&[]);
    let error = failed(&mut client(&server, &["put", "app/token", "hunter2"]), 2);
    assert!(error.contains("Tencent Cloud"), "{error}");
    assert!(error.contains("`alibaba:` before the name"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    let error = failed(&mut client(&server, &["get", "app/token"]), 1);
    assert!(
        error.contains("alibaba: Forbidden.ResourceNotFound"),
        "{error}"
    );
    printed(&mut client(&server, &["put", "alibaba:app/token", "x"]));
    assert_eq!(printed(&mut client(&server, &["get", "app/token"])), "x");
}

#[test]
fn put_and_get_work_in_strict_mode_with_the_token_of_the_control_api() {
    let server = Running::with(&["--auth", "strict", "--control-token", "sesame"]);
    for arguments in [&["put", "a", "1"][..], &["get", "a"]] {
        let error = failed(&mut client(&server, arguments), 1);
        assert!(error.contains("KMS_EMULATOR_CONTROL_TOKEN"), "{error}");
        let mut command = client(&server, arguments);
        printed(command.env("KMS_EMULATOR_CONTROL_TOKEN", "sesame"));
    }
}

#[test]
fn server_is_found_by_its_endpoint_or_by_its_settings() {
    let server = Running::with(&[]);
    let port = server.address.rsplit_once(':').unwrap().1.to_owned();
    printed(&mut client(&server, &["put", "a", "1"]));
    let get = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = program();
        command.arg("get").args(arguments).arg("a");
        command.envs(variables.iter().copied());
        assert_eq!(printed(&mut command), "1", "{arguments:?} {variables:?}");
    };
    let url = format!("http://{}/", server.address);
    get(&["--endpoint", &url], &[]);
    get(&["--endpoint", &server.address], &[]);
    // As `env --https` prints it: http is at the same port.
    let https = format!("https://{}", server.address);
    get(&[], &[("KMS_EMULATOR_ENDPOINT", &https)]);
    // In the container of the server.
    let everywhere = format!("0.0.0.0:{port}");
    get(
        &[],
        &[
            ("KMS_EMULATOR_LISTEN", &everywhere),
            ("KMS_EMULATOR_ENDPOINT", ""),
        ],
    );
    get(
        &[],
        &[
            ("KMS_EMULATOR_LISTEN", "127.0.0.1:1"),
            ("KMS_EMULATOR_CONTROL_LISTEN", &server.address),
        ],
    );
    get(
        &["--endpoint", &url],
        &[("http_proxy", "http://127.0.0.1:1")],
    );
}

#[test]
fn wrong_arguments_and_unreachable_servers_have_an_error_of_one_line() {
    for (arguments, exit_code, part) in [
        (&["get", "--endpoint", "ftp://a", "x"][..], 2, "--endpoint"),
        (
            &["get", "--endpoint", "https://192.0.2.1:1", "x"],
            2,
            "http only",
        ),
        (
            &["get", "--region", "cn-beijing", "x"],
            2,
            "choose one with --cloud",
        ),
        (
            &["get", "--cloud=alibaba", "--region", "!", "x"],
            2,
            "--region",
        ),
        (&["get", "--account", "1", "x"], 2, "--account"),
        (
            &["get", "--cloud", "tencent", "alibaba:x"],
            2,
            "another cloud",
        ),
        (&["get", "aws:x"], 2, "`aws:` is not a cloud"),
        (&["put", "x", "@/nowhere"], 2, "cannot read /nowhere"),
        (&["put", "x", ""], 2, "has 0 bytes"),
        (
            &["get", "--endpoint", "127.0.0.1:1", "x"],
            1,
            "http://127.0.0.1:1/_emulator/call: ",
        ),
    ] {
        let error = failed(program().args(arguments), exit_code);
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    let server = Running::with(&["--no-control"]);
    let error = failed(&mut client(&server, &["get", "x"]), 1);
    assert!(error.contains("no such path"), "{error}");
}

#[test]
fn redirects_of_another_program_are_not_followed() {
    let server = Running::with(&["--secret", "x=1"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let location = format!("http://{}/_emulator/health", server.address);
    let other = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert!(connection.read(&mut request).unwrap() > 0);
        let reply =
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        connection.write_all(reply.as_bytes()).unwrap();
    });
    let mut get = program();
    get.args(["get", "x", "--endpoint", &address.to_string()]);
    let error = failed(&mut get, 1);
    other.join().unwrap();
    assert!(error.contains("status 302: not the control API"), "{error}");
}

#[test]
fn dotenv_files_are_fixtures_of_both_clouds() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let text = "# comment\nexport TOKEN='a b'\nURL=postgres://$USER:${HOME}@db\nEMPTY=\n";
    fs::write(path("app.env"), text).unwrap();
    // Recognized by its content.
    fs::write(path("settings"), text.replace("TOKEN", "OTHER")).unwrap();
    let check = printed(program().args(["fixtures", "check", &path("app.env")]));
    assert_eq!(check, "6 secrets can be loaded\n");
    let server = Running::with(&[
        "--fixtures",
        &path("app.env"),
        "--fixtures",
        &path("settings"),
        "--default-secret-value",
        "default",
    ]);
    for cloud in ["alibaba", "tencent"] {
        for (name, expected) in [
            ("TOKEN", "a b"),
            ("OTHER", "a b"),
            // Variables of the process are not substituted.
            ("URL", "postgres://$USER:${HOME}@db"),
            ("EMPTY", "default"),
        ] {
            assert_eq!(value(&server, cloud, name), expected, "{cloud} {name}");
        }
    }
    let loaded = control(&server, "state", "LATER=1\n");
    assert_eq!(loaded, json!({"loaded": 2, "ignored": []}));
    assert_eq!(value(&server, "tencent", "LATER"), "1");
    let database = path("kms.db");
    let import = ["import", "--database", &database, &path("app.env")];
    assert_eq!(printed(program().args(import)), "6 secrets loaded\n");
}

#[test]
fn directory_of_fixtures_does_not_load_dotenv_files() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.json", r#"{"a":"1"}"#),
        ("b.env", "B=1"),
        (".env", "C=1"),
    ] {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let mut command = program();
    command.args(["fixtures", "check"]).arg(directory.path());
    assert_eq!(printed(&mut command), "1 secrets can be loaded\n");
}

#[test]
fn a_secret_of_several_files_is_counted_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("a.json"), r#"{"token":"1","other":"1"}"#).unwrap();
    fs::write(path("b.json"), r#"{"token":"2"}"#).unwrap();
    let files = [path("a.json"), path("b.json")];
    let check = printed(program().args(["fixtures", "check"]).args(&files));
    assert_eq!(check, "2 secrets can be loaded\n");
    let database = path("kms.db");
    let mut import = program();
    import
        .args(["import", "--database", &database])
        .args(&files);
    assert_eq!(printed(&mut import), "2 secrets loaded\n");
}

#[test]
fn error_in_a_dotenv_file_names_file_and_line_and_no_value() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.env");
    let long = format!("A={}", "hunter2".repeat(5000));
    for (text, line, part) in [
        ("A=1\n\nhunter2\n", 3, "expected NAME=VALUE"),
        ("A=1\nB=hunter2 hunter2\n", 2, "needs quotes"),
        ("A=1\nB='hunter2\nC=1\n", 2, "has to be closed"),
        ("A=1\nB=hunter2\\t\n", 2, "backslashes"),
        ("A=1\nA=hunter2\n", 2, "`A` occurs twice"),
        ("A=1\n_B=hunter2\n", 2, "`_B` is not a name"),
        ("A.B=hunter2\n", 1, "Tencent Cloud"),
        (&long, 1, "has 35000 bytes"),
    ] {
        fs::write(&path, text).unwrap();
        let mut check = program();
        let error = failed(check.args(["fixtures", "check"]).arg(&path), 2);
        let place = format!("fixture {}: line {line}: ", path.display());
        assert!(error.contains(&place), "{text}: {error}");
        assert!(
            error.contains(part) && !error.contains("hunter2"),
            "{error}"
        );
        let mut start = program();
        let error = failed(
            start
                .args(["--listen", "127.0.0.1:0", "--log", "off", "--fixtures"])
                .arg(&path),
            2,
        );
        assert!(error.contains(&place), "{error}");
    }
}
