//! Captured requests of the SDKs for PHP (3.0.1656) and Ruby (3.0.1333), signed with v1 and the key `test:test`. The
//! suites run the SDKs of the other languages.

use chrono::{DateTime, Utc};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use crate::support::{FORM, TestRequest, TestServer, emulator_on};

/// An emulator in strict mode whose clock shows the time at which the request was captured.
fn emulator_at(timestamp: i64) -> Emulator {
    let clock = FixedClock::new(time(timestamp));
    emulator_on(Store::in_memory().unwrap(), clock, AuthMode::Strict)
}

fn time(timestamp: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(timestamp, 0).unwrap()
}

fn form(host: &str, body: &str) -> TestRequest {
    let request = TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: body.into(),
        ..TestRequest::default()
    };
    request.header("Content-Type", FORM).header("Host", host)
}

fn query(host: &str, query: &str) -> TestRequest {
    TestRequest::get(query).header("Host", host)
}

fn answer(request: &TestRequest, emulator: &Emulator) -> Value {
    let reply = request.ask(emulator);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["Response"].take()
}

fn call(emulator: &Emulator, timestamp: i64, action: &str, parameters: &Value) -> Value {
    let request = TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: parameters.to_string(),
        ..TestRequest::default()
    };
    let request = request
        .header("X-TC-Action", action)
        .header("X-TC-Region", "ap-guangzhou")
        .sign_tc3("test", "test", time(timestamp));
    let answer = answer(&request, emulator);
    assert_eq!(answer["Error"], Value::Null, "{action}");
    answer
}

const SSM: &str = "ssm.tencentcloudapi.com";

/// The Ruby SDK encodes signatures with `Base64.encode64`, which appends a line break.
#[test]
fn a_signature_of_the_ruby_sdk_ends_with_a_line_break() {
    let timestamp = 1_795_886_692;
    for request in [
        form(
            SSM,
            "Limit=2&Action=ListSecrets&RequestClient=SDK_RUBY_SSM_3.0.1333&Nonce=3250948298&Timestamp=1795886692&Version=2019-09-23&Region=ap-guangzhou&SecretId=test&SignatureMethod=HmacSHA1&Language=zh-CN&Signature=cYmZf5aXCpUAOWM1flN3jJOr3HM%3D%0A",
        ),
        query(
            SSM,
            "TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=prod&Action=ListSecrets&RequestClient=SDK_RUBY_SSM_3.0.1333&Nonce=1679034768&Timestamp=1795886692&Version=2019-09-23&Region=ap-guangzhou&SecretId=test&SignatureMethod=HmacSHA256&Language=zh-CN&Signature=3rdzcW%2FOCQ6mk2k2RBrFHTvyD%2FqrULEpLRSY2b708MQ%3D%0A",
        ),
    ] {
        let listed = answer(&request, &emulator_at(timestamp));
        assert_eq!(listed["TotalCount"], 0, "{listed}");
        // Nothing but one line break is ignored.
        for [from, to] in [
            ["%3D%0A", "%3D%0A%20"],
            ["%3D%0A", "%3D"],
            ["%3D%0A", "x%3D%0A"],
        ] {
            let mut other = request.clone();
            other.body = other.body.replace(from, to);
            other.query = other.query.replace(from, to);
            let code = answer(&other, &emulator_at(timestamp))["Error"]["Code"].take();
            let expected = if to == "%3D" {
                Value::Null
            } else {
                json!("AuthFailure.SignatureFailure")
            };
            assert_eq!(code, expected, "{to}");
        }
    }
}

/// The Ruby SDK sends `null` for a request without parameters, as in its own sample.
#[test]
fn null_is_a_request_without_parameters() {
    let request = TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: "null".into(),
        ..TestRequest::default()
    };
    let request = [
        ("Host", SSM),
        ("Content-Type", "application/json"),
        ("X-Tc-Action", "ListSecrets"),
        ("X-Tc-Timestamp", "1795887156"),
        ("X-Tc-Version", "2019-09-23"),
        ("X-Tc-Region", "ap-guangzhou"),
        ("X-Tc-Language", "zh-CN"),
        ("X-Tc-Traceid", "99bd867d-4eda-4bdd-a886-e8d3cd9288a1"),
        (
            "Authorization",
            "TC3-HMAC-SHA256 Credential=test/2026-11-28/ssm/tc3_request, SignedHeaders=content-type;host, Signature=65ab739e3ddb46e6a2d039bbeb72f789520c2cb662607176c5f8165fddae4471",
        ),
    ]
    .iter()
    .fold(request, |request, (name, value)| request.header(name, value));
    let listed = answer(&request, &emulator_at(1_795_887_156));
    assert_eq!(listed["TotalCount"], 0, "{listed}");
}

/// The Ruby SDK accepts no port in an endpoint. With `http_proxy` set to the address of the server it sends the
/// absolute URL.
#[test]
fn a_request_to_the_service_through_a_proxy_is_answered() {
    let server = TestServer::start(AuthMode::Lenient);
    let body = "Limit=2&Action=ListSecrets&RequestClient=SDK_RUBY_SSM_3.0.1333&Nonce=3250948298&Timestamp=1795886692&Version=2019-09-23&Region=ap-guangzhou&SecretId=test&SignatureMethod=HmacSHA1&Language=zh-CN&Signature=cYmZf5aXCpUAOWM1flN3jJOr3HM%3D%0A";
    let head = "POST http://ssm.tencentcloudapi.com/ HTTP/1.1\r\nAccept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\r\nAccept: */*\r\nUser-Agent: Ruby\r\nHost: ssm.tencentcloudapi.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 237\r\n\r\n";
    let reply = server.send(format!("{head}{body}").as_bytes()).json();
    assert_eq!(reply["Response"]["TotalCount"], 6, "{reply}");
}

/// `Base64.encode64` of Ruby and `chunk_split` of PHP insert line breaks.
#[test]
fn base64_with_line_breaks_is_stored_without_them() {
    let hundred = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eA==";
    let timestamp = 1_795_886_692;
    let request = form(
        SSM,
        "SecretName=ruby-e3967e2a-b&VersionId=v1&SecretBinary=eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4%0AeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4%0AeHh4eHh4eHh4eA%3D%3D%0A&Action=CreateSecret&RequestClient=SDK_RUBY_SSM_3.0.1333&Nonce=2358413194&Timestamp=1795886692&Version=2019-09-23&Region=ap-guangzhou&SecretId=test&SignatureMethod=HmacSHA1&Language=zh-CN&Signature=cnZDaEyWPfzjhuJwsmKvL5xDJMg%3D%0A",
    );
    let emulator = emulator_at(timestamp);
    let created = answer(&request, &emulator);
    assert_eq!(created["SecretName"], "ruby-e3967e2a-b", "{created}");
    let get = |version: &str| {
        let wanted = json!({"SecretName": "ruby-e3967e2a-b", "VersionId": version});
        call(&emulator, timestamp, "GetSecretValue", &wanted)["SecretBinary"].take()
    };
    assert_eq!(get("v1"), hundred);
    // With the line breaks of PHP, in a JSON body.
    let broken = format!("{}\r\n{}\r\n", &hundred[..76], &hundred[76..]);
    let put = json!({"SecretName": "ruby-e3967e2a-b", "VersionId": "v2", "SecretBinary": broken});
    call(&emulator, timestamp, "PutSecretValue", &put);
    assert_eq!(get("v2"), hundred);
}

/// The PHP SDK sends `1` for `true`. For `false` it sends `0` and signs an empty text, so its signature is rejected.
#[test]
fn a_boolean_of_the_php_sdk_is_1() {
    let (timestamp, host) = (1_795_886_723, "127.0.0.1:18082");
    for (name, request) in [
        (
            "php-a24b5b49-t",
            form(
                host,
                "SecretName=php-a24b5b49-t&RecoveryWindowInDays=0&CleanSSHKey=1&Action=DeleteSecret&RequestClient=SDK_PHP_3.0.1656&Nonce=15682193&Timestamp=1795886723&Version=2019-09-23&SecretId=test&Region=ap-guangzhou&SignatureMethod=HmacSHA1&Signature=qvV6xdocGmrZM8B5R868LFk52yU%3D",
            ),
        ),
        (
            "php-57ad2f3e-t",
            query(
                host,
                "SecretName=php-57ad2f3e-t&RecoveryWindowInDays=0&CleanSSHKey=1&Action=DeleteSecret&RequestClient=SDK_PHP_3.0.1656&Nonce=1035891478&Timestamp=1795886723&Version=2019-09-23&SecretId=test&Region=ap-guangzhou&SignatureMethod=HmacSHA1&Signature=hxlFPX5LZLja9bWZa1KheW%2BZ%2F90%3D",
            ),
        ),
    ] {
        let emulator = emulator_at(timestamp);
        let secret = json!({"SecretName": name, "VersionId": "v1", "SecretString": "x"});
        call(&emulator, timestamp, "CreateSecret", &secret);
        call(
            &emulator,
            timestamp,
            "DisableSecret",
            &json!({"SecretName": name}),
        );
        let deleted = answer(&request, &emulator);
        assert_eq!(deleted["SecretName"], name, "{deleted}");
    }
    let refused = form(
        host,
        "SecretName=php-a24b5b49-t&RecoveryWindowInDays=0&CleanSSHKey=0&Action=DeleteSecret&RequestClient=SDK_PHP_3.0.1656&Nonce=469724341&Timestamp=1795886723&Version=2019-09-23&SecretId=test&Region=ap-guangzhou&SignatureMethod=HmacSHA1&Signature=H7%2FxqSocplY%2FWGZFGT3wbCwFVq4%3D",
    );
    let answer = answer(&refused, &emulator_at(timestamp));
    assert_eq!(answer["Error"]["Code"], "AuthFailure.SignatureFailure");
}
