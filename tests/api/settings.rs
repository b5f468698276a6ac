//! Flags and variables of the built program, and its errors for wrong ones.

use std::fs;

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};
use crate::support::fixture;

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
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
        (
            &["--policy", "tests/none.json"],
            "--policy (KMS_EMULATOR_POLICIES): `tests/none.json`: No such file or directory",
        ),
        (
            &["--policy", "Cargo.toml"],
            "`Cargo.toml`: not a JSON document: expected value at line 1",
        ),
        (
            &["--policy", "web/package.json"],
            "`web/package.json`: expected a policy with `Version` and `Statement`",
        ),
        (
            &["--policy", "Cargo.toml,user=me"],
            "`user=me` is not `name=NAME`",
        ),
        (
            &["--policy", "Cargo.toml,account=12"],
            "`12` is not a number of 16 digits",
        ),
        (&["--log", "=?"], "--log (KMS_EMULATOR_LOG)"),
        (
            &["--log", "warn,inof"],
            "--log (KMS_EMULATOR_LOG): `inof` is neither a level",
        ),
        (
            &["--control-token", ""],
            "--control-token (KMS_EMULATOR_CONTROL_TOKEN): the token is empty",
        ),
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
    for (variable, value, named) in [
        (
            "KMS_EMULATOR_PORT",
            "x",
            "for '--port <PORT>' (KMS_EMULATOR_PORT)",
        ),
        (
            "KMS_EMULATOR_RATE_LIMIT",
            "perhaps",
            "for '--rate-limit[=<BOOL>]' (KMS_EMULATOR_RATE_LIMIT)",
        ),
        (
            "KMS_EMULATOR_AUTH",
            "none",
            "for '--auth <MODE>' (KMS_EMULATOR_AUTH)",
        ),
    ] {
        let output = program().env(variable, value).finish();
        assert_eq!(output.status.code(), Some(2), "{variable}");
        assert!(error_of(&output).contains(named), "{output:?}");
        // The flag overrides the variable.
        let output = program()
            .env(variable, value)
            .args(["--port", "y"])
            .finish();
        assert!(
            !error_of(&output).contains("'--port <PORT>' ("),
            "{output:?}"
        );
    }
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
fn policy_files_are_attached_at_start() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let lists = file(
        "lists.json",
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:List*","Resource":"*",
            "Condition":{"IpAddress":{"acs:SourceIp":["127.0.0.0/8","::1"]}}}]}"#,
    );
    let none = file("none.json", r#"{"version":"2.0","statement":[]}"#);
    let server = Running::with(&[
        "--policy",
        &lists,
        "--policy",
        &format!("{none},key=ci,name=ci"),
    ]);
    assert!(server.get("/?Action=ListSecrets").contains("TotalCount"));
    let refused = server.get("/?Action=GetRandomPassword");
    assert!(refused.contains("Forbidden.NoPermission"), "{refused}");
    let policies = server.get("/_emulator/policies");
    for part in [
        r#""name":"ci""#,
        r#""access_key_ids":["ci"]"#,
        r#""accounts":["1000000000000000"]"#,
    ] {
        assert!(policies.contains(part), "{policies}");
    }

    let wrong = file(
        "wrong.json",
        r#"{"Version":"1","Statement":[{"Effect":"allow"}]}"#,
    );
    let output = program()
        .env("KMS_EMULATOR_POLICIES", format!("{lists}\n{wrong},key=ci"))
        .finish();
    assert_eq!(output.status.code(), Some(2));
    let error = error_of(&output);
    let place = format!("`{wrong}`: Statement[0].Effect: expected \"Allow\" or \"Deny\"");
    assert!(error.contains(&place), "{error}");
}
