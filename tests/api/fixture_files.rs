//! Fixture files that the built program loads at start-up.

use std::fs;

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};
use crate::support::fixture;

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
fn import_of_secrets_for_both_clouds_into_one_region_exits_with_2() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (env, alibaba, database) = (file("app.env"), file("a.json"), file("kms.db"));
    fs::write(&env, "TOKEN=abc").unwrap();
    fs::write(&alibaba, r#"{"token":"abc"}"#).unwrap();
    let import = |path: &str| {
        let region = ["--region", "cn-beijing", path];
        let arguments = [&["import", "--database", &database], &region[..]].concat();
        program().args(arguments).finish()
    };
    let output = import(&env);
    assert_eq!(output.status.code(), Some(2));
    let error = error_of(&output);
    assert!(
        error.contains("--region: the clouds have different regions"),
        "{error}"
    );
    assert!(!fs::exists(&database).unwrap());
    assert_eq!(import(&alibaba).status.code(), Some(0));
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
    for (file, part) in [
        (
            &b"{\"SecretList\":\xff"[..],
            "b.json: byte 14: the file is neither UTF-8 nor UTF-16",
        ),
        (b"oops", "b.json: expected value at line 1"),
    ] {
        fs::write(&path, file).unwrap();
        let output = program()
            .args(["--port", "0", "--fixtures"])
            .arg(&path)
            .finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains(part), "{error}");
    }
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
