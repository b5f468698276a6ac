//! The log line of a request.

use std::io::Write;

use serde_json::{Value, json};

use crate::deadline::connect;
use crate::process::Running;
use crate::support::{RawReply, TestRequest};

/// Sends requests to a server and returns their log lines.
fn log(arguments: &[&str], targets: &[&str]) -> Vec<Value> {
    let server = Running::with(&[&["--log-format", "json"], arguments].concat());
    for target in targets {
        server.get(target);
    }
    let (_, log) = server.stop("TERM");
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["message"] == "request")
        .collect()
}

#[test]
fn request_is_logged_in_one_line_with_all_fields() {
    let create = TestRequest::get(
        "Action=CreateSecret&SecretName=db/main&VersionId=v1&SecretData=swordfish",
    );
    let create = create.sign_v1("test", &[]);
    let lines = log(
        &[],
        &[
            &format!("/?{}", create.query),
            "/?Action=ListSecrets&PageSize=0",
            "/?Action=Frobnicate",
            "/?Version=2019-09-23&Action=CreateSecret&Region=ap-tokyo&SecretName=s&VersionId=v1&SecretString=swordfish",
            "/?Version=2019-09-23&Action=Frobnicate",
        ],
    );
    assert_eq!(lines.len(), 5, "{lines:?}");
    let expected = [
        json!({"level": "INFO", "cloud": "alibaba", "action": "CreateSecret", "secret": "db/main",
            "account": "1000000000000000", "region": "cn-hangzhou", "access_key_id": "test", "status": 200, "code": "OK"}),
        json!({"level": "INFO", "cloud": "alibaba", "action": "ListSecrets", "account": "1000000000000000",
            "region": "cn-hangzhou", "status": 400, "code": "InvalidParameter",
            "reason": "The specified parameter PageSize is not valid."}),
        json!({"level": "INFO", "cloud": "alibaba", "action": "Frobnicate", "status": 404, "code": "InvalidAction.NotFound",
            "reason": "Specified api is not found, please check your url and method."}),
        json!({"level": "INFO", "cloud": "tencent", "action": "CreateSecret", "secret": "s",
            "account": "1000000000000000", "region": "ap-tokyo", "status": 200, "code": "OK"}),
        json!({"level": "INFO", "cloud": "tencent", "action": "Frobnicate", "status": 200, "code": "InvalidAction",
            "reason": "The request action=`Frobnicate` is invalid or not found in service=`ssm` and version=`2019-09-23`."}),
    ];
    for (line, expected) in lines.iter().zip(expected) {
        let mut line = line.clone();
        let fields = line.as_object_mut().unwrap();
        assert!(fields.remove("timestamp").unwrap().is_string());
        assert!(fields.remove("duration_us").unwrap().is_u64());
        assert!(fields.remove("request_id").unwrap().is_string());
        fields.remove("message");
        assert_eq!(line, expected);
    }
}

#[test]
fn log_line_has_the_request_id_of_the_reply() {
    let server = Running::with(&["--log-format", "json"]);
    let reply: Value = serde_json::from_str(&server.get("/?Action=ListSecrets")).unwrap();
    let (_, log) = server.stop("TERM");
    let id = reply["RequestId"].as_str().unwrap();
    assert!(log.contains(&format!(r#""request_id":"{id}""#)), "{log}");
}

#[test]
fn call_of_the_control_api_is_marked_in_its_log_line() {
    let server = Running::with(&["--log-format", "json"]);
    let body = r#"{"cloud":"alibaba","action":"ListSecrets"}"#;
    let mut connection = connect(&server.address);
    let head = format!(
        "POST /_emulator/call HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all((head + body).as_bytes()).unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    server.get("/?Action=ListSecrets");
    let (_, log) = server.stop("TERM");
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let sources: Vec<Value> = lines
        .filter(|line: &Value| line["message"] == "request")
        .map(|line| line["source"].clone())
        .collect();
    assert_eq!(sources, [json!("call"), Value::Null]);
}

#[test]
fn reason_of_a_rejected_signature_is_in_the_log_line() {
    let wrong = TestRequest::get("Action=ListSecrets").sign_v1("wrong", &[]);
    let unknown =
        TestRequest::get("Action=ListSecrets").sign_v1("test", &[("AccessKeyId", "unknown")]);
    let tencent = "/?Version=2019-09-23&Action=DescribeSecret&SecretName=s&SecretId=test&Signature=x&Nonce=1&Timestamp=1";
    let lines = log(
        &["--auth", "strict"],
        &[&format!("/?{}", unknown.query), tencent],
    );
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0]["access_key_id"], "unknown");
    assert_eq!(lines[0]["code"], "InvalidAccessKeyId.NotFound");
    let reason = "The Access Key ID provided does not exist in our records.";
    assert_eq!(lines[0]["reason"], reason);
    assert!(
        lines[1]["reason"]
            .as_str()
            .unwrap()
            .starts_with("Signature expired."),
        "{lines:?}"
    );

    let lines = log(&[], &[&format!("/?{}", wrong.query), tencent]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        assert_eq!(line["level"], "WARN");
        let reason = line["reason"].as_str().unwrap();
        assert!(reason.starts_with("signature does not match: "), "{reason}");
        assert_eq!(line["access_key_id"], "test");
    }
}

#[test]
fn log_line_has_a_hint_if_the_secret_exists_in_another_scope() {
    let create = "/?Version=2019-09-23&Action=CreateSecret&Region=ap-tokyo&SecretName=s&VersionId=v1&SecretString=x";
    let lines = log(&[], &[create, "/?Action=DescribeSecret&SecretName=s"]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[1]["level"], "WARN");
    assert_eq!(lines[1]["secret"], "s");
    let hint = lines[1]["hint"].as_str().unwrap();
    assert!(hint.contains("region ap-tokyo"), "{hint}");
}

#[test]
fn log_line_has_the_number_of_the_fault_rule() {
    let server = Running::with(&["--log-format", "json"]);
    let agent = ureq::Agent::new_with_defaults();
    let faults = format!("http://{}/_emulator/faults", server.address);
    agent
        .post(faults)
        .send(r#"{"error":"Rejected.Throttling"}"#)
        .unwrap();
    server.get("/?Action=DescribeSecret&SecretName=s");
    let (_, log) = server.stop("TERM");
    let line = log
        .lines()
        .find(|line| line.contains("Rejected.Throttling"))
        .unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["action"], "DescribeSecret");
    assert_eq!(line["secret"], "s");
    assert!(line["fault"].is_u64(), "{line}");
}

#[test]
fn request_text_cannot_break_a_log_line_and_is_truncated() {
    let evil = "%0A%0D%1B%5B2J%00%E2%80%A8forged";
    let oversized = "a".repeat(10_000);
    for format in ["text", "json"] {
        let server = Running::with(&["--log-format", format]);
        let mut requests = 0;
        for version in ["2016-01-20", "2019-09-23"] {
            for target in [
                format!("/?Version={version}&Action={evil}"),
                format!("/?Version={version}&Action=DescribeSecret&SecretName={evil}"),
                format!("/?Version={version}&Action=DescribeSecret&SecretName={oversized}"),
                format!(
                    "/?Version={version}&Action=DescribeSecret&SecretId={evil}&AccessKeyId={evil}&Signature={evil}&Timestamp=1&Nonce=1"
                ),
            ] {
                server.get(&target);
                requests += 1;
            }
        }
        let (_, log) = server.stop("TERM");
        assert!(
            log.bytes()
                .all(|byte| byte == b'\n' || !byte.is_ascii_control()),
            "{log:?}"
        );
        let lines: Vec<_> = log
            .lines()
            .filter(|line| line.contains("request_id"))
            .collect();
        assert_eq!(lines.len(), requests, "{log}");
        for line in lines {
            assert!(!line.starts_with("forged"), "{log}");
            assert!(line.len() < 2_000, "{line}");
        }
    }
}
