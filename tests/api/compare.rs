//! The commands `compare` and `fixtures pull` against a second server in place of a cloud.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::deadline::{Finish, Killed, Lines, eventually, wait};
use crate::process::{Running, error_of, program};

const KEY: [&str; 2] = ["LTAIcanarykey", "canarysecretofkey"];
const ACCESS_KEY: &str = "LTAIcanarykey:canarysecretofkey";

const ACCOUNT: &str = "9999888877776666";

/// The program with the access key of the cloud in the environment, and no other settings of a cloud.
fn client(cloud: &str, key: [&str; 2]) -> Command {
    let mut command = program();
    for (name, _) in std::env::vars() {
        if ["ALIBABA_CLOUD_", "TENCENTCLOUD_", "SSL_CERT_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    let variables = match cloud {
        "alibaba" => [
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ],
        _ => ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"],
    };
    command.envs(variables.into_iter().zip(key));
    command
}

/// A server that checks signatures as a cloud does.
fn server(arguments: &[&str]) -> Running {
    let strict = [
        "--auth",
        "strict",
        "--access-key",
        ACCESS_KEY,
        "--account",
        ACCOUNT,
    ];
    Running::with(&[&strict[..], arguments].concat())
}

fn control(server: &Running, method: &str, path: &str, body: &Value) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("http://{}/_emulator/{path}", server.address))
        .body(body)
        .unwrap();
    let reply = agent.run(request).unwrap().into_body().read_to_string();
    serde_json::from_str(&reply.unwrap()).unwrap_or_default()
}

/// What is stored, except keys, because those of services cannot be deleted.
fn state(server: &Running) -> Value {
    let mut state = control(server, "GET", "state?values=true", &Value::Null);
    if let Value::Array(scopes) = &mut state {
        for scope in scopes.iter_mut() {
            scope.as_object_mut().unwrap().remove("Keys");
        }
        scopes.retain(|scope| scope["SecretList"]["Secret"] != json!([]));
    }
    state
}

/// The state without the key of the service, which a new secret creates and which cannot be removed.
fn without_keys(server: &Running) -> Value {
    let mut state = state(server);
    for file in state.as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("Keys");
    }
    state
}

/// A file with a fixture.
fn file(directory: &TempDir, name: &str, content: &Value) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, content.to_string()).unwrap();
    path
}

fn secrets(cloud: &str, count: usize) -> Value {
    let secret = |number: usize| match cloud {
        "alibaba" => json!({
            "SecretName": format!("canary/secret-{number}"), "CreateTime": "2025-01-01T00:00:00Z",
            "Description": format!("description {number}"),
            "Tags": {"Tag": [{"TagKey": "number", "TagValue": number.to_string()}]},
            "Versions": [{"VersionId": "old", "SecretData": format!("canaryold {number}"), "VersionStages": ["ACSPrevious"]},
                         {"VersionId": "new", "SecretData": format!("canarynew {number}"), "VersionStages": ["ACSCurrent", "mine"]}],
        }),
        _ => json!({
            "SecretName": format!("canary-secret-{number}"), "CreateTime": 1_709_540_130 - number / 3,
            "Description": format!("description {number}"), "SecretType": number % 5,
            "ResourceID": format!("instance-{number}"), "KmsKeyId": "key-1", "CreateUin": 100_012_345_678_i64, "AdditionalConfig": "{\"a\":1}",
            "Versions": [{"VersionId": "v1", "CreateTime": 1_709_540_130, "SecretString": format!("canary text {number}")},
                         {"VersionId": "v2", "CreateTime": 1_709_540_140, "SecretBinary": "AAEC"}],
        }),
    };
    let secrets: Vec<_> = (0..count).map(secret).collect();
    match cloud {
        "alibaba" => json!({ "SecretList": { "Secret": secrets } }),
        _ => json!({ "SecretMetadatas": secrets }),
    }
}

fn pull(cloud: &str, server: &Running, output: &Path, more: &[&str]) -> Output {
    client(cloud, KEY)
        .args(["fixtures", "pull", "--cloud", cloud, "--rate", "10000"])
        .args(["--endpoint", &format!("http://{}", server.address)])
        .arg("--output")
        .arg(output)
        .args(more)
        .finish()
}

fn exit_code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn partial(output: &Path) -> PathBuf {
    PathBuf::from(format!("{}.partial", output.display()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Pulls with and without interruptions, and compares the files.
fn pull_is_the_same_after_interruptions(cloud: &str, count: usize, faults: &[Value]) {
    let directory = TempDir::new().unwrap();
    let fixture = file(&directory, "cloud.json", &secrets(cloud, count));
    let server = server(&["--fixtures", fixture.to_str().unwrap(), "--log", "off"]);
    let [whole, resumed] = ["whole.json", "resumed.json"].map(|name| directory.path().join(name));
    let output = pull(cloud, &server, &whole, &[]);
    assert_eq!(exit_code(&output), Some(0), "{}", error_of(&output));
    assert!(!partial(&whole).exists());

    for fault in faults {
        control(&server, "POST", "faults", fault);
        let output = pull(cloud, &server, &resumed, &[]);
        assert_eq!(exit_code(&output), Some(1), "{}", error_of(&output));
        assert!(
            error_of(&output).contains("Out.Of.Order"),
            "{}",
            error_of(&output)
        );
        assert!(error_of(&output).ends_with("run the same command again to continue\n"));
        assert_eq!(mode(&partial(&resumed)), 0o600);
        assert!(!resumed.exists());
        control(&server, "DELETE", "faults", &Value::Null);
    }
    // A line of which only a part was written.
    let mut text = fs::read(partial(&resumed)).unwrap();
    text.extend(br#"{"secret":{"name":"canary"#);
    fs::write(partial(&resumed), text).unwrap();
    control(&server, "DELETE", "journal", &Value::Null);
    let output = pull(cloud, &server, &resumed, &[]);
    assert_eq!(exit_code(&output), Some(0), "{}", error_of(&output));
    assert!(
        error_of(&output).contains("continuing"),
        "{}",
        error_of(&output)
    );
    assert!(!partial(&resumed).exists());
    let [whole, resumed] = [whole, resumed].map(|path| fs::read_to_string(path).unwrap());
    assert!(whole == resumed, "the files differ");
    assert_eq!(whole.matches("\"SecretName\"").count(), count);
    assert!(!whole.contains("canarynew") && !whole.contains("canary text"));
    // What had been read was not read again.
    let last = control(
        &server,
        "GET",
        "journal?action=DescribeSecret&limit=0",
        &Value::Null,
    );
    assert!(last["count"].as_u64().unwrap() < count as u64, "{last}");
}

#[test]
fn pull_of_2500_secrets_continues_after_interruptions_with_the_same_result() {
    pull_is_the_same_after_interruptions(
        "alibaba",
        2500,
        &[
            json!({"match": {"action": "ListSecrets", "nth": 13}, "error": "Out.Of.Order", "status": 403}),
            json!({"match": {"action": "ListSecretVersionIds", "nth": 1201}, "error": "Out.Of.Order", "status": 403}),
            json!({"match": {"action": "DescribeSecret", "nth": 1100}, "error": "Out.Of.Order", "status": 403}),
        ],
    );
}

#[test]
fn pull_of_every_type_of_tencent_cloud_continues_with_the_same_result() {
    pull_is_the_same_after_interruptions(
        "tencent",
        523,
        &[
            json!({"match": {"cloud": "tencent", "action": "ListSecrets", "nth": 4}, "error": "Out.Of.Order", "status": 200}),
            json!({"match": {"cloud": "tencent", "action": "DescribeSecret", "nth": 300}, "error": "Out.Of.Order", "status": 200}),
        ],
    );
}

#[test]
fn pull_with_values_loads_to_the_state_of_the_cloud_and_only_its_owner_can_read_it() {
    for (cloud, region) in [("alibaba", "cn-hangzhou"), ("tencent", "ap-guangzhou")] {
        let directory = TempDir::new().unwrap();
        let fixture = file(&directory, "cloud.json", &secrets(cloud, 7));
        let original = server(&["--fixtures", fixture.to_str().unwrap()]);
        let throttling = match cloud {
            "alibaba" => "Rejected.Throttling",
            _ => "RequestLimitExceeded",
        };
        control(
            &original,
            "POST",
            "faults",
            &json!({"match": {"every": 9}, "error": throttling, "times": 3}),
        );
        let output = directory.path().join("pulled.json");
        fs::write(&output, "").unwrap();
        fs::set_permissions(&output, fs::Permissions::from_mode(0o644)).unwrap();
        let pulled = pull(cloud, &original, &output, &["--values"]);
        assert_eq!(exit_code(&pulled), Some(0), "{}", error_of(&pulled));
        assert_eq!(mode(&output), 0o600);

        let loaded = server(&["--fixtures", output.to_str().unwrap()]);
        let of = |server: &Running| {
            let mut state = state(server);
            assert_eq!(state[0]["Region"], region);
            let list = match cloud {
                "alibaba" => "/0/SecretList/Secret",
                _ => "/0/SecretMetadatas",
            };
            let mut list = state.pointer_mut(list).unwrap().take();
            let list = list.as_array_mut().unwrap();
            // Types are listed separately, so no reply has the order of secrets of two types.
            list.sort_by_key(|secret| secret["SecretType"].to_string());
            list.clone()
        };
        assert_eq!(of(&loaded), of(&original));
    }
}

#[test]
fn versions_without_values_are_in_the_file_and_are_not_loaded() {
    let directory = TempDir::new().unwrap();
    let fixture = file(&directory, "cloud.json", &secrets("alibaba", 1));
    let original = server(&["--fixtures", fixture.to_str().unwrap()]);
    let output = directory.path().join("pulled.json");
    let pulled = pull("alibaba", &original, &output, &[]);
    assert_eq!(exit_code(&pulled), Some(0), "{}", error_of(&pulled));
    let text: Value = serde_json::from_str(&fs::read_to_string(&output).unwrap()).unwrap();
    let versions = &text["SecretList"]["Secret"][0]["Versions"];
    let ids: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|version| &version["VersionId"])
        .collect();
    assert!(
        ids.contains(&&json!("old")) && ids.contains(&&json!("new")),
        "{versions}"
    );
    let loaded = Running::with(&["--fixtures", output.to_str().unwrap()]);
    let list: Value =
        serde_json::from_str(&loaded.get("/?Action=ListSecrets&FetchTags=true")).unwrap();
    assert_eq!(
        list["SecretList"]["Secret"][0]["Tags"]["Tag"][0]["TagValue"],
        "0"
    );
    let versions = loaded.get("/?Action=ListSecretVersionIds&SecretName=canary/secret-0");
    assert!(versions.contains(r#""TotalCount":0"#), "{versions}");
}

#[test]
fn pull_of_another_list_starts_over() {
    let directory = TempDir::new().unwrap();
    let output = directory.path().join("pulled.json");
    let broken = json!({"match": {"action": "DescribeSecret", "nth": 3}, "error": "Out.Of.Order", "status": 403});
    let first = file(&directory, "first.json", &secrets("alibaba", 5));
    let second = file(&directory, "second.json", &json!({"other": "x"}));
    let server = server(&["--fixtures", first.to_str().unwrap()]);
    control(&server, "POST", "faults", &broken);
    assert_eq!(exit_code(&pull("alibaba", &server, &output, &[])), Some(1));
    control(&server, "POST", "reset", &json!({"fixtures": false}));
    let other: Value = serde_json::from_str(&fs::read_to_string(second).unwrap()).unwrap();
    control(&server, "POST", "state", &other);
    let pulled = pull("alibaba", &server, &output, &[]);
    assert_eq!(exit_code(&pulled), Some(0), "{}", error_of(&pulled));
    assert!(
        error_of(&pulled).contains("starting over"),
        "{}",
        error_of(&pulled)
    );
    let text = fs::read_to_string(&output).unwrap();
    assert!(
        text.contains("\"other\"") && !text.contains("canary"),
        "{text}"
    );
}

fn compare(cloud: &str, key: [&str; 2], arguments: &[&str]) -> Command {
    let mut command = client(cloud, key);
    command.args(["compare", "--rate", "10000"]).args(arguments);
    command
}

#[test]
fn exit_code_of_a_comparison_over_verified_tls_says_whether_there_are_differences() {
    let directory = TempDir::new().unwrap();
    let fixture = file(&directory, "cloud.json", &secrets("alibaba", 3));
    let fixtures = ["--fixtures", fixture.to_str().unwrap()];
    let report = directory.path().join("report.json");
    for (settings, code) in [(vec![], 0), (vec!["--alibaba-filter-match", "contains"], 1)] {
        let server = server(&[&fixtures[..], &settings].concat());
        let ca = directory.path().join("ca.pem");
        fs::write(&ca, server.get("/_emulator/ca.pem")).unwrap();
        let endpoint = format!("https://{}", server.address);
        let arguments = ["--endpoint", &*endpoint, "--json", report.to_str().unwrap()];
        let mut with_flag = compare("alibaba", KEY, &arguments);
        let mut with_variable = compare("alibaba", KEY, &arguments);
        with_variable.env("SSL_CERT_FILE", &ca);
        for command in [with_flag.arg("--ca").arg(&ca), &mut with_variable] {
            let output = command.finish();
            assert_eq!(exit_code(&output), Some(code), "{}", error_of(&output));
            let text = String::from_utf8(output.stdout).unwrap();
            let json: Value = serde_json::from_str(&fs::read_to_string(&report).unwrap()).unwrap();
            assert_eq!(json["summary"]["different"], code);
            assert_eq!(json["public_endpoint"], false);
            assert_eq!(
                text.contains("different: filter-by-part-of-name"),
                code == 1,
                "{text}"
            );
            assert!(!text.contains("canary") && !json.to_string().contains("canary"));
        }
        // Another authority.
        let output = compare("alibaba", KEY, &arguments)
            .env("SSL_CERT_FILE", other_authority(&directory))
            .finish();
        assert_eq!(exit_code(&output), Some(2));
        let error = error_of(&output);
        assert!(
            error.contains("certificate") && error.lines().count() == 1,
            "{error}"
        );

        // The emulator of the comparison gets the settings of the environment.
        let output = compare(
            "alibaba",
            KEY,
            &[
                "--endpoint",
                &format!("http://{}", server.address),
                "--format",
                "json",
            ],
        )
        .env("KMS_EMULATOR_ALIBABA_FILTER_MATCH", "contains")
        .finish();
        assert_eq!(exit_code(&output), Some(1 - code), "{}", error_of(&output));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["service"], "Alibaba Cloud KMS");
    }
}

/// The certificate of an authority that signed nothing.
fn other_authority(directory: &TempDir) -> PathBuf {
    let other = Running::with(&[]);
    let path = directory.path().join("other.pem");
    fs::write(&path, other.get("/_emulator/ca.pem")).unwrap();
    path
}

#[test]
fn wrong_keys_and_arguments_exit_with_2_and_one_line_without_the_key() {
    let server = server(&[]);
    let endpoint = format!("http://{}", server.address);
    let endpoint = ["--endpoint", &*endpoint];
    let wrong = [KEY[0], "canarywrong"];
    let unknown = ["LTAIcanaryunknown", "canarywrong"];
    for (cloud, key, arguments, named) in [
        (
            "alibaba",
            wrong,
            &endpoint[..],
            "IncompleteSignature: The request signature",
        ),
        (
            "alibaba",
            unknown,
            &endpoint,
            "InvalidAccessKeyId.NotFound: The Access Key ID",
        ),
        (
            "tencent",
            wrong,
            &endpoint,
            "AuthFailure.SignatureFailure: ",
        ),
        (
            "tencent",
            unknown,
            &endpoint,
            "AuthFailure.SecretIdNotFound: ",
        ),
        ("alibaba", KEY, &[], "--region or ALIBABA_CLOUD_REGION_ID"),
        (
            "alibaba",
            KEY,
            &["--cloud", "tencent", "--region", "x"],
            "TENCENTCLOUD_SECRET_ID",
        ),
        (
            "alibaba",
            KEY,
            &["--endpoint", "http://kms.example.test"],
            "use https",
        ),
        (
            "alibaba",
            KEY,
            &["--region", "x", "--write", "a/b"],
            "--write",
        ),
        (
            "alibaba",
            KEY,
            &["--region", "x", "--probe", "none"],
            "order-of-lists",
        ),
    ] {
        let output = compare(cloud, key, arguments).finish();
        let error = error_of(&output);
        assert_eq!(exit_code(&output), Some(2), "{error}");
        assert!(error.contains(named), "{named}: {error}");
        assert!(
            error.lines().count() == 1 && !error.contains("canary"),
            "{error}"
        );
    }
    let output = client("alibaba", wrong)
        .args(["fixtures", "pull"])
        .args(endpoint)
        .finish();
    assert_eq!(exit_code(&output), Some(2), "{}", error_of(&output));
    assert!(!error_of(&output).contains("canary") && output.stdout.is_empty());
}

#[test]
fn secrets_of_a_comparison_are_removed_on_ctrl_c() {
    for (cloud, probe, change) in [
        ("alibaba", "what-changes-the-update-time", "TagResource"),
        ("tencent", "overwritten-version", "UpdateSecret"),
    ] {
        let directory = TempDir::new().unwrap();
        let fixture = file(&directory, "cloud.json", &secrets(cloud, 3));
        let server = server(&["--fixtures", fixture.to_str().unwrap()]);
        let before = without_keys(&server);
        let arguments = ["--write", "ci-", "--probe", probe];
        let mut command = compare(cloud, KEY, &arguments);
        command.args(["--endpoint", &format!("http://{}", server.address)]);
        command
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null());
        let mut child = Killed(command.spawn().unwrap());
        let errors = Lines::of(child.0.stderr.take().unwrap());
        let created = || {
            let path = format!("journal?action={change}&limit=0");
            control(&server, "GET", &path, &Value::Null)["count"] != 0
                || control(
                    &server,
                    "GET",
                    "journal?action=CreateSecret&limit=0",
                    &Value::Null,
                )["count"]
                    == 3
        };
        assert!(eventually(created));
        assert_ne!(without_keys(&server), before);
        let pid = child.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", "INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        let status = wait(&mut child.0, "the end of a comparison after SIGINT");
        assert_eq!(status.code(), Some(2));
        assert_eq!(
            errors.rest("the end"),
            "kms-emulator: stopped by a signal\n"
        );
        assert_eq!(without_keys(&server), before);
    }
}
