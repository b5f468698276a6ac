//! The protocol: transport, common parameters, wire types, and the errors of the gateway with their texts.

use chrono::TimeDelta;
use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use kms_emulator::clouds::context::AuthMode;
use serde_json::{Value, json};

use super::session::{Session, request};
use crate::support::{FORM, TestRequest, TestServer, emulator, hint_of, now};

fn error(code: &str, message: &str) -> (String, String) {
    (code.to_owned(), message.to_owned())
}

/// An unsigned request with its parameters in the query.
fn get(query: &str) -> TestRequest {
    TestRequest::get(&format!("Version=2019-09-23&{query}"))
}

/// An unsigned request with its parameters in a form.
fn form(parameters: &str) -> TestRequest {
    TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: format!("Version=2019-09-23&{parameters}"),
        ..TestRequest::default()
    }
    .header("Content-Type", FORM)
}

#[test]
fn parameters_are_read_from_json_from_forms_and_from_queries() {
    let session = Session::new();
    let flattened = "SecretString=a%2Bb+c%20d&Description=&Tags.0.TagKey=env&Tags.0.TagValue=dev&Tags.1.TagKey=team&Tags.1.TagValue=a%26b";
    for request in [
        request(
            "CreateSecret",
            &json!({"SecretName": "one", "SecretString": "a+b c d", "Description": "",
                "Tags": [{"TagKey": "env", "TagValue": "dev"}, {"TagKey": "team", "TagValue": "a&b"}]}),
        ),
        get(&format!("Action=CreateSecret&SecretName=two&{flattened}")),
        form(&format!("Action=CreateSecret&SecretName=three&{flattened}")),
        // TC3 with GET: common parameters in headers, the others in the query.
        TestRequest::get(&format!("SecretName=four&{flattened}"))
            .header("Content-Type", FORM)
            .header("X-Tc-Action", "CreateSecret")
            .header("x-tc-version", "2019-09-23"),
    ] {
        assert_eq!(session.ask(&request)["Error"], Value::Null);
    }
    let wanted = json!({"TagFilters": [
        {"TagKey": "env", "TagValue": ["prod", "dev"]}, {"TagKey": "team", "TagValue": ["a&b"]}]});
    assert_eq!(session.list(&wanted).0, ["four", "three", "two", "one"]);
    let flattened = "Action=ListSecrets&Limit=1&Offset=1&TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=prod&TagFilters.0.TagValue.1=dev&TagFilters.10.TagKey=team";
    for request in [get(flattened), form(flattened)] {
        let response = session.ask(&request);
        assert_eq!(response["TotalCount"], 4);
        assert_eq!(response["SecretMetadatas"][0]["SecretName"], "three");
    }
    for name in ["one", "two", "three", "four"] {
        let value = session.ok(
            "GetSecretValue",
            &json!({"SecretName": name, "VersionId": "SSM_Current"}),
        );
        assert_eq!(value["SecretString"], "a+b c d");
    }
}

#[test]
fn a_boolean_in_a_form_is_true_or_false_in_any_case_or_1_or_0() {
    let session = Session::new();
    session.create("s");
    session.disable("s");
    for flag in ["True", "true", "FALSE", "1", "0"] {
        let request = get(&format!(
            "Action=DeleteSecret&SecretName=s&RecoveryWindowInDays=31&CleanSSHKey={flag}"
        ));
        assert_eq!(
            session.error(&request).0,
            "InvalidParameterValue",
            "of the window"
        );
    }
    for flag in ["yes", "", "01", "2"] {
        let request = get(&format!(
            "Action=DeleteSecret&SecretName=s&CleanSSHKey={flag}"
        ));
        assert_eq!(
            session.error(&request),
            error(
                "InvalidParameter",
                "The type of the parameter `CleanSSHKey` is not valid. It should be `bool`."
            ),
            "{flag}"
        );
    }
    // A boolean of a JSON body must be a JSON boolean.
    let request = request(
        "DeleteSecret",
        &json!({"SecretName": "s", "CleanSSHKey": 1}),
    );
    assert_eq!(session.error(&request).0, "InvalidParameter");
}

#[test]
fn a_value_of_another_type_is_rejected_and_not_converted() {
    let session = Session::new();
    for (parameters, name, wire_type) in [
        (json!({"Limit": "2"}), "Limit", "uint64"),
        (json!({"Limit": -1}), "Limit", "uint64"),
        (json!({"Limit": 2.0}), "Limit", "uint64"),
        (json!({"Limit": true}), "Limit", "uint64"),
        (json!({"Offset": []}), "Offset", "uint64"),
        (json!({"SearchSecretName": 7}), "SearchSecretName", "string"),
        (json!({"TagFilters": {"TagKey": "k"}}), "TagFilters", "list"),
        (json!({"TagFilters": ["k"]}), "TagFilters.0", "struct"),
        (
            json!({"TagFilters": [{"TagKey": 1}]}),
            "TagFilters.0.TagKey",
            "string",
        ),
        (
            json!({"TagFilters": [{"TagKey": "a"}, {"TagKey": "b", "TagValue": "v"}]}),
            "TagFilters.1.TagValue",
            "list",
        ),
        (
            json!({"TagFilters": [{"TagKey": "a", "TagValue": ["v", 1]}]}),
            "TagFilters.0.TagValue.1",
            "string",
        ),
    ] {
        let request = request("ListSecrets", &parameters);
        assert_eq!(
            session.error(&request.clone().header("X-TC-Language", "zh-CN")),
            error(
                "InvalidParameter",
                &format!("参数 `{name}` 取值类型错误。参数类型应为 `{wire_type}`。")
            ),
            "{parameters}"
        );
        assert_eq!(session.error(&request).0, "InvalidParameter");
    }
    for (query, name) in [
        ("Limit=x", "Limit"),
        ("Limit=", "Limit"),
        ("Offset=-1", "Offset"),
    ] {
        let (code, message) = session.error(&get(&format!("Action=ListSecrets&{query}")));
        assert_eq!(code, "InvalidParameter");
        assert!(message.contains(&format!("`{name}`")), "{message}");
    }
}

#[test]
fn the_error_for_an_unknown_parameter_names_it() {
    let session = Session::new();
    let unknown = |name: &str| {
        error(
            "UnknownParameter",
            &format!("The parameter `{name}` is not recognized."),
        )
    };
    for (parameters, name) in [
        (json!({"Foo": 1}), "Foo"),
        (json!({"limit": 1}), "limit"),
        (
            json!({"TagFilters": [{"TagKey": "k", "Foo": 1}]}),
            "TagFilters.0.Foo",
        ),
    ] {
        assert_eq!(
            session.error(&request("ListSecrets", &parameters)),
            unknown(name)
        );
    }
    for (query, name) in [
        ("Foo=1", "Foo"),
        (
            "TagFilters.0.TagKey=k&TagFilters.0.Foo=1",
            "TagFilters.0.Foo",
        ),
        ("Limit=1&Limit.0=2", "Limit.0"),
        ("A.B.C.D.E.F.G=1", "A.B.C.D.E.F.G"),
        ("Limit.0=2&Limit=1", "Limit"),
    ] {
        assert_eq!(
            session.error(&get(&format!("Action=ListSecrets&{query}"))),
            unknown(name)
        );
    }
    // Common parameters are accepted by every operation.
    let common = "Action=ListSecrets&Language=en-US&Nonce=1&Region=ap-guangzhou&RequestClient=x&Timestamp=1&Token=t&SignatureMethod=HmacSHA1";
    assert_eq!(session.ask(&get(common))["Error"], Value::Null);
    // A parameter with the value `null` counts as absent, whatever its name is.
    let nothing =
        json!({"Foo": null, "Limit": null, "TagFilters": [{"TagKey": "k", "TagValue": null}]});
    assert_eq!(session.verdict("ListSecrets", &nothing), "OK");
}

#[test]
fn the_error_for_a_missing_parameter_names_it() {
    let session = Session::new();
    let missing = |name: &str| {
        error(
            "MissingParameter",
            &format!("The request is missing a required parameter `{name}`."),
        )
    };
    for (action, parameters, name) in [
        ("DescribeSecret", json!({}), "SecretName"),
        ("GetSecretValue", json!({"SecretName": "s"}), "VersionId"),
        (
            "UpdateDescription",
            json!({"SecretName": "s"}),
            "Description",
        ),
        (
            "ListSecrets",
            json!({"TagFilters": [{"TagValue": ["v"]}]}),
            "TagFilters.0.TagKey",
        ),
        (
            "CreateSecret",
            json!({"SecretName": "s", "SecretString": "x", "Tags": [{"TagKey": "k"}]}),
            "Tags.0.TagValue",
        ),
    ] {
        assert_eq!(session.error(&request(action, &parameters)), missing(name));
    }
    assert_eq!(session.error(&get("Limit=1")), missing("Action"));
    assert_eq!(session.error(&request("", &json!({}))), missing("Action"));
}

#[test]
fn wrong_actions_versions_and_regions_have_the_texts_of_the_gateway() {
    let session = Session::new();
    let list = |header: &str, value: &str| {
        let mut request = request("ListSecrets", &json!({}));
        request.headers.retain(|(name, _)| name != header);
        session.error(&request.header(header, value))
    };
    assert_eq!(
        list("X-TC-Action", "Foo"),
        error(
            "InvalidAction",
            "The request action=`Foo` is invalid or not found in service=`ssm` and version=`2019-09-23`."
        )
    );
    assert_eq!(
        list("X-TC-Version", "2019-07-22"),
        error(
            "NoSuchVersion",
            "The specified api version=`2019-07-22` does not exist in service=`ssm`."
        )
    );
    assert_eq!(
        list("X-TC-Region", "ap-mumbai"),
        error("UnsupportedRegion", "The action not support this region.")
    );
    for region in ["cn-hangzhou", "guangzhou", "ap-nowhere", "../"] {
        assert_eq!(
            list("X-TC-Region", region),
            error(
                "InvalidParameterValue",
                "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used."
            )
        );
    }
    assert_eq!(
        session.error(&get("Action=ListSecrets&Region=nowhere")).1,
        "A value specified in `Region` is not valid, is unsupported, or cannot be used."
    );
}

#[test]
fn an_unreadable_request_is_rejected() {
    let session = Session::new();
    for body in [
        "",
        "{",
        "[]",
        "1",
        "\"x\"",
        "{\"Limit\":1}}",
        "{\"A\":\"\\ud800\"}",
    ] {
        let mut request = request("ListSecrets", &json!({}));
        request.body = body.to_owned();
        assert_eq!(session.error(&request).0, "InvalidParameter", "{body}");
        assert_eq!(
            session.error(&request.header("X-TC-Language", "zh-CN")),
            error(
                "InvalidParameter",
                "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。"
            )
        );
    }
    assert_eq!(
        session.error(&get("Action=ListSecrets&Limit")),
        error(
            "InvalidParameter",
            "Url key and value should be splited by `=`."
        )
    );
    assert_eq!(
        session
            .error(&get("Action=ListSecrets&SearchSecretName=%ff"))
            .0,
        "InvalidParameter"
    );
    let mut request = request("ListSecrets", &json!({}));
    request.method = "PUT".to_owned();
    assert_eq!(session.error(&request).0, "UnsupportedProtocol");
    let long = get(&format!(
        "Action=ListSecrets&SearchSecretName={}",
        "x".repeat(32 * 1024)
    ));
    assert_eq!(session.error(&long).0, "RequestSizeLimitExceeded");
}

#[test]
fn of_several_errors_the_first_in_the_order_of_the_gateway_is_returned() {
    let strict = |request: TestRequest| {
        let reply = request.ask(&emulator(AuthMode::Strict));
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"]["Error"]["Code"]
            .as_str()
            .unwrap_or("OK")
            .to_owned()
    };
    // Each request has also the errors of all later ones.
    let everything_wrong = || {
        let mut request = request("Foo", &json!({"Foo": "x"}));
        request.headers.retain(|(name, _)| name != "X-TC-Version");
        request
            .header("X-TC-Version", "2000-01-01")
            .header("X-TC-Region", "nowhere")
    };
    let sign = |request: TestRequest, id, secret, seconds| {
        request.sign_tc3(id, secret, now() + TimeDelta::seconds(seconds))
    };
    assert_eq!(
        strict(everything_wrong().header("Authorization", "junk")),
        "MissingParameter",
        "of the time stamp"
    );
    assert_eq!(
        strict(
            everything_wrong()
                .header("X-TC-Timestamp", "1")
                .header("Authorization", "TC3-HMAC-SHA256 x")
        ),
        "AuthFailure.InvalidAuthorization"
    );
    assert_eq!(
        strict(sign(everything_wrong(), "unknown", "wrong", 301)),
        "AuthFailure.SignatureExpire"
    );
    assert_eq!(
        strict(sign(everything_wrong(), "unknown", "wrong", 300)),
        "AuthFailure.SecretIdNotFound"
    );
    assert_eq!(
        strict(sign(everything_wrong(), "test", "wrong", -300)),
        "AuthFailure.SignatureFailure"
    );
    assert_eq!(
        strict(sign(everything_wrong(), "test", "test", 0)),
        "NoSuchVersion"
    );
    let version =
        |action, parameters: Value| request(action, &parameters).header("X-TC-Region", "nowhere");
    let wrong = json!({"Foo": "x", "Limit": "x"});
    assert_eq!(
        strict(sign(version("Foo", wrong.clone()), "test", "test", 0)),
        "InvalidAction"
    );
    assert_eq!(
        strict(sign(
            version("ListSecrets", wrong.clone()),
            "test",
            "test",
            0
        )),
        "InvalidParameterValue"
    );
    let region = |parameters| sign(request("ListSecrets", &parameters), "test", "test", 0);
    assert_eq!(strict(region(wrong)), "UnknownParameter");
    assert_eq!(
        strict(region(json!({"Limit": "x", "State": 9}))),
        "InvalidParameter"
    );
    assert_eq!(strict(region(json!({"State": 9}))), "InvalidParameterValue");
    assert_eq!(strict(region(json!({}))), "OK");
}

#[test]
fn the_query_of_a_json_request_is_ignored() {
    let session = Session::new();
    let mut request = request("ListSecrets", &json!({"Limit": 1}));
    request.query = "x&Limit=201".to_owned();
    assert_eq!(session.ask(&request)["Error"], Value::Null);
}

#[test]
fn strict_mode_reads_parameters_only_from_what_the_signature_covers() {
    let emulator = emulator(AuthMode::Strict);
    let verdict = |request: &TestRequest| {
        let body: Value = serde_json::from_slice(&request.ask(&emulator).body).unwrap();
        let response = &body["Response"];
        match response["Error"]["Code"].as_str() {
            Some(code) => code.to_owned(),
            None => response["SecretName"].as_str().unwrap_or("OK").to_owned(),
        }
    };
    let describe =
        "Action=DescribeSecret&Version=2019-09-23&Region=ap-guangzhou&SecretName=payments%2Fdb";
    let names: Vec<String> = {
        let list = get("Action=ListSecrets&Version=2019-09-23&Region=ap-guangzhou");
        let list = list.sign_tc_v1("test", "test", now());
        let body: Value = serde_json::from_slice(&list.ask(&emulator).body).unwrap();
        let metadatas = body["Response"]["SecretMetadatas"]
            .as_array()
            .unwrap()
            .clone();
        metadatas
            .iter()
            .map(|each| each["SecretName"].as_str().unwrap().to_owned())
            .collect()
    };
    let describe = describe.replace("payments%2Fdb", &names[0]);
    // v1 signs query and form: a JSON body names another secret.
    let mut v1 = form(&describe).sign_tc_v1("test", "test", now());
    assert_eq!(verdict(&v1), names[0]);
    v1.query = std::mem::take(&mut v1.body);
    v1.body = json!({"SecretName": names[1]}).to_string();
    for content_type in ["application/json", FORM] {
        let mut attack = v1.clone();
        attack
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        let attack = attack.header("Content-Type", content_type);
        assert_eq!(
            verdict(&attack),
            "AuthFailure.SignatureFailure",
            "{content_type}"
        );
    }
    // TC3 signs the body of a POST: the query names another secret.
    let tc3 = TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: format!("SecretName={}", names[0]),
        ..TestRequest::default()
    };
    let mut tc3 = tc3
        .header("Content-Type", FORM)
        .header("X-TC-Action", "DescribeSecret")
        .header("X-TC-Region", "ap-guangzhou");
    // The query is added after signing, because TC3 does not sign the query of a POST.
    tc3 = tc3.sign_tc3("test", "test", now());
    assert_eq!(verdict(&tc3), names[0]);
    tc3.query = format!("SecretName={}", names[1]);
    assert_eq!(verdict(&tc3), names[0], "the query is not read");
}

#[test]
fn in_mode_off_the_key_id_selects_the_account_with_any_signature() {
    for signature in ["", "&Signature=x"] {
        let mut session = Session::new();
        session.emulator.auth.mode = AuthMode::Off;
        let create = format!(
            "Action=CreateSecret&SecretName=s&SecretString=x&SecretId=2000000000000000{signature}"
        );
        assert_eq!(session.ask(&get(&create))["Error"], Value::Null);
        let list = get("Action=ListSecrets&SecretId=2000000000000000");
        let listed = session.ask(&list)["SecretMetadatas"][0].take();
        assert_eq!(listed["CreateUinString"], "2000000000000000", "{signature}");
    }
}

#[test]
fn a_secret_id_with_white_space_around_it_is_rejected_with_a_hint() {
    let list = || request("ListSecrets", &json!({}));
    let requests = [
        list().sign_tc3(" test", "test", now()),
        list().sign_tc3("test ", "test", now()),
        form("Action=ListSecrets&Region=ap-guangzhou").sign_tc_v1("test\n", "test", now()),
        form("Action=ListSecrets&Region=ap-guangzhou").sign_tc_v1(" unknown", "test", now()),
    ];
    for request in requests {
        for mode in [AuthMode::Lenient, AuthMode::Strict] {
            let reply = request.ask(&emulator(mode));
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(
                body["Response"]["Error"]["Code"], "AuthFailure.SecretIdNotFound",
                "{request:?} {mode:?}: {body}"
            );
            assert_eq!(
                hint_of(&reply).as_deref(),
                Some("the SecretId has white space before or after it")
            );
        }
        let reply = request.ask(&emulator(AuthMode::Off));
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["Response"]["Error"], Value::Null, "{request:?}");
    }
}

#[test]
fn errors_have_the_requested_language_if_its_text_is_known() {
    let server = emulator(AuthMode::Strict);
    let message = |request: TestRequest| {
        let reply = request.ask(&server);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"]["Error"]["Message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let wrong = || request("ListSecrets", &json!({})).sign_tc3("test", "wrong", now());
    let chinese = "请求签名验证失败，请检查您的签名计算是否正确。";
    let english =
        "The provided credentials could not be validated. Please check your signature is correct.";
    assert_eq!(message(wrong()), english);
    assert_eq!(message(wrong().header("X-TC-Language", "en-US")), english);
    assert_eq!(message(wrong().header("x-tc-language", "zh-CN")), chinese);
    let v1 = get("Action=ListSecrets&Language=zh-CN").sign_tc_v1("test", "wrong", now());
    assert_eq!(message(v1), chinese);
    // The Chinese text of this error is not known.
    let unknown = request("Foo", &json!({})).header("X-TC-Language", "zh-CN");
    assert!(message(unknown.sign_tc3("test", "test", now())).starts_with("The request action="));
}

#[test]
fn requests_above_the_rate_limit_are_rejected_if_the_limit_is_on() {
    let mut session = Session::new();
    let list = || request("ListSecrets", &json!({})).header("X-TC-Region", "ap-tokyo");
    for _ in 0..100 {
        assert_eq!(session.ask(&list())["Error"], Value::Null);
    }
    session.emulator.rate_limiter = Some(RateLimiter::default());
    for _ in 0..30 {
        assert_eq!(session.ask(&list())["Error"], Value::Null);
    }
    assert_eq!(
        session.error(&list()),
        error(
            "RequestLimitExceeded",
            "Your current request times equals to `31` in a second, which exceeds the frequency limit `30` for a second. Please reduce the frequency of calls."
        )
    );
    assert_eq!(
        session.error(&list().header("X-TC-Language", "zh-CN")).1,
        "您当前每秒请求 `32` 次，超过了每秒频率上限 `30`，请稍后重试。"
    );
    // Each action, region, key and second has its own counter.
    let other = [
        request(
            "GetSecretValue",
            &json!({"SecretName": "s", "VersionId": "v"}),
        )
        .header("X-TC-Region", "ap-tokyo"),
        request("ListSecrets", &json!({})),
        list().sign_tc3("another", "key", now()),
    ];
    for request in other {
        assert_ne!(
            session.ask(&request)["Error"]["Code"],
            "RequestLimitExceeded"
        );
    }
    session.advance(TimeDelta::seconds(1));
    assert_eq!(session.ask(&list())["Error"], Value::Null);
}

#[test]
fn every_rate_is_that_of_the_vendors_page() {
    for (action, rate) in [
        ("CreateSecret", 100),
        ("PutSecretValue", 100),
        ("GetSecretValue", 300),
        ("DescribeSecret", 100),
        ("ListSecretVersionIds", 300),
        ("ListSecrets", 30),
        ("UpdateSecret", 50),
        ("DeleteSecret", 50),
        ("DeleteSecretVersion", 50),
        ("EnableSecret", 50),
        ("DisableSecret", 50),
        ("RestoreSecret", 50),
        ("GetServiceStatus", 50),
        ("GetRegions", 100),
        ("UpdateDescription", 20),
        ("DescribeSupportedProducts", 20),
    ] {
        let mut session = Session::new();
        session.emulator.rate_limiter = Some(RateLimiter::default());
        for _ in 0..rate {
            assert_ne!(
                session.verdict(action, &json!({})),
                "RequestLimitExceeded",
                "{action}"
            );
        }
        assert_eq!(
            session.verdict(action, &json!({})),
            "RequestLimitExceeded",
            "{action}"
        );
    }
}

#[test]
fn a_request_that_is_too_long_gets_the_error_of_its_cloud() {
    let server = TestServer::start(AuthMode::Lenient);
    let long = "x".repeat(11 * 1024 * 1024);
    for (head, body, code) in [
        (
            format!("Content-Type: {FORM}\r\n"),
            format!("Action=ListSecrets&Version=2019-09-23&SecretId=x&SearchSecretName={long}"),
            "AuthFailure.SignatureFailure",
        ),
        (
            "Content-Type: application/json\r\nX-TC-Action: ListSecrets\r\n".to_owned(),
            json!({"SearchSecretName": long}).to_string(),
            "RequestSizeLimitExceeded",
        ),
    ] {
        let length = body.len();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {length}\r\n\r\n{body}"
        );
        let reply = server.send(request.as_bytes());
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json()["Response"]["Error"]["Code"], code);
    }
}

/// The command line tool sends a URL as its `Host`; Go writes header names in its own letter case.
#[test]
fn unusual_headers_of_real_clients_are_accepted() {
    let server = TestServer::start(AuthMode::Strict);
    for host in [
        "http://127.0.0.1:8080",
        "127.0.0.1:8080/tencent",
        "ssm.tencentcloudapi.com",
    ] {
        let signed = request("ListSecrets", &json!({}))
            .header("Host", host)
            .sign_tc3("test", "test", now());
        let headers: Vec<_> = signed
            .headers
            .iter()
            .map(|(name, value)| format!("{}: {value}\r\n", name.replace("X-TC", "X-Tc")))
            .collect();
        let headers = headers.concat();
        let request = format!("POST / HTTP/1.1\r\n{headers}Content-Length: 2\r\n\r\n{{}}");
        let reply = server.send(request.as_bytes());
        assert_eq!(reply.status, 200, "{host}");
        assert!(
            reply.head.contains("content-type: application/json\r\n"),
            "{}",
            reply.head
        );
        assert_eq!(reply.json()["Response"]["TotalCount"], 6, "{host}");
    }
}
