//! Calls, settings and descriptions: the endpoints that the explorer uses.

use kms_emulator::clouds::context::AuthMode;
use serde_json::{Value, json};

use super::Controlled;
use crate::support::{TestRequest, emulator};

fn call(server: &Controlled, call_body: &Value) -> Value {
    server.ok("POST", "call", &call_body.to_string())
}

fn body(result: &Value) -> Value {
    serde_json::from_str(result["reply"]["body"].as_str().unwrap()).unwrap()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
}

fn cloud<'v>(settings: &'v Value, name: &str) -> &'v Value {
    let clouds = settings["clouds"].as_array().unwrap();
    clouds.iter().find(|cloud| cloud["cloud"] == name).unwrap()
}

#[test]
fn every_signature_method_is_accepted_in_strict_mode() {
    let server = Controlled::with(emulator(AuthMode::Strict));
    let settings = server.ok("GET", "settings", "");
    for name in ["alibaba", "tencent"] {
        let cloud = cloud(&settings, name);
        let parameters = match name {
            "alibaba" => {
                json!({"PageSize": 5, "FetchTags": true, "Filters": [{"Key": "Description", "Values": ["数据 库*~"]}]})
            }
            _ => json!({"Limit": 5, "TagFilters": [{"TagKey": "a b", "TagValue": ["ü*~+"]}]}),
        };
        let mut count = 0;
        for signature in texts(&cloud["signatures"]).filter(|name| *name != "none") {
            for method in texts(&cloud["methods"]) {
                let result = call(
                    &server,
                    &json!({"cloud": name, "action": "ListSecrets", "signature": signature, "method": method, "parameters": parameters}),
                );
                let case = format!("{name} {signature} {method}: {result:#}");
                assert_eq!(result["reply"]["status"], 200, "{case}");
                let id = result["request_id"].as_str().unwrap();
                let entry = server.ok("GET", &format!("journal/{id}"), "");
                assert_eq!(entry["request"]["verdict"], "valid", "{case}");
                assert_eq!(entry["reply"]["body"], result["reply"]["body"], "{case}");
                assert_eq!(result["request"]["method"], method, "{case}");
                let steps: Vec<&str> = result["signing"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|step| step["step"].as_str().unwrap())
                    .collect();
                assert_eq!(steps.last(), Some(&"signature"), "{case}");
                assert!(steps.contains(&"string_to_sign"), "{case}");
                count += 1;
            }
        }
        assert_eq!(count, if name == "alibaba" { 10 } else { 6 });
        let result = call(
            &server,
            &json!({"cloud": name, "action": "ListSecrets", "signature": "none"}),
        );
        assert_ne!(body(&result), Value::Null);
        assert_eq!(result["signing"], json!([]));
    }
}

#[test]
fn call_without_send_is_only_returned() {
    let server = Controlled::empty();
    let result = call(
        &server,
        &json!({"cloud": "alibaba", "action": "CreateSecret", "send": false, "parameters": {"SecretName": "a", "VersionId": "v", "SecretData": "d"}}),
    );
    assert_eq!(
        [&result["reply"], &result["request_id"]],
        [&Value::Null, &Value::Null]
    );
    assert_eq!(server.ok("GET", "journal", "")["count"], 0);
    assert_eq!(result["request"]["url"], "http://localhost/");
    assert_eq!(
        result["request"]["body"],
        "Format=JSON&SecretData=d&SecretName=a&VersionId=v"
    );
}

#[test]
fn lists_and_tags_are_encoded_for_each_cloud() {
    let server = Controlled::empty();
    for (name, parameters, sent) in [
        (
            "alibaba",
            json!({"ResourceType": "secret", "ResourceId": ["a", "b"], "Tag": [{"Key": "k", "Value": "v"}], "Ours": null}),
            "Action=TagResources&Format=JSON&ResourceId.1=a&ResourceId.2=b&ResourceType=secret&Tag.1.Key=k&Tag.1.Value=v&Version=2016-01-20",
        ),
        (
            "tencent",
            json!({"Limit": 1, "TagFilters": [{"TagKey": "k", "TagValue": ["v"]}]}),
            "Limit=1&TagFilters.0.TagKey=k&TagFilters.0.TagValue.0=v",
        ),
    ] {
        let result = call(
            &server,
            &json!({"cloud": name, "action": if name == "alibaba" { "TagResources" } else { "ListSecrets" }, "method": "GET", "signature": "none", "parameters": parameters}),
        );
        assert_eq!(result["request"]["query"], sent);
    }
    let result = call(
        &server,
        &json!({"cloud": "alibaba", "action": "CreateSecret", "send": false, "signature": "none", "parameters": {"Tags": [{"TagKey": "k", "TagValue": "v"}]}}),
    );
    assert!(
        result["request"]["body"]
            .as_str()
            .unwrap()
            .contains("&Tags=%5B%7B%22TagKey%22%3A%22k%22%2C%22TagValue%22%3A%22v%22%7D%5D&"),
        "{result:#}"
    );
}

#[test]
fn browser_url_and_curl_command_give_the_same_reply() {
    let server = Controlled::new();
    for name in ["alibaba", "tencent"] {
        for signature in [Value::Null, json!("none")] {
            let result = call(
                &server,
                &json!({"cloud": name, "action": "ListSecrets", "signature": signature}),
            );
            let url = result["browser_url"].as_str().unwrap();
            let query = url.strip_prefix("http://localhost/?").unwrap();
            let reply = TestRequest::get(query)
                .header("host", "localhost")
                .ask(&server.emulator);
            assert_eq!(reply.status, 200, "{url}");
            let mut again: Value = serde_json::from_slice(&reply.body).unwrap();
            let mut first = body(&result);
            for reply in [&mut again, &mut first] {
                let inner = if name == "alibaba" {
                    reply
                } else {
                    &mut reply["Response"]
                };
                inner["RequestId"] = Value::Null;
            }
            assert_eq!(again, first);
            assert!(
                result["curl"]
                    .as_str()
                    .unwrap()
                    .starts_with("curl http://localhost/")
            );
        }
    }
}

/// D: the vendor's metadata (2024 to 2026) has GET for all operations but `SetSecretPolicy`.
#[test]
fn operation_that_needs_post_has_no_browser_url() {
    let server = Controlled::new();
    for signature in [Value::Null, json!("none")] {
        for (action, has_url) in [("GetSecretPolicy", true), ("SetSecretPolicy", false)] {
            let result = call(
                &server,
                &json!({"cloud": "alibaba", "action": action, "signature": signature}),
            );
            assert_eq!(result["browser_url"].is_string(), has_url, "{action}");
            assert_eq!(result["request"]["method"], "POST");
        }
    }
}

#[test]
fn region_is_in_the_host_or_a_parameter() {
    let server = Controlled::empty();
    let result = call(
        &server,
        &json!({"cloud": "alibaba", "action": "ListSecrets", "region": "cn-shanghai"}),
    );
    assert!(
        result["request"]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["host", "kms.cn-shanghai.aliyuncs.com"]))
    );
    assert!(
        result["browser_url"]
            .as_str()
            .unwrap()
            .starts_with("http://cn-shanghai.localhost/?")
    );
    assert!(
        result["curl"]
            .as_str()
            .unwrap()
            .contains("-H 'host: kms.cn-shanghai.aliyuncs.com'")
    );
    call(
        &server,
        &json!({"cloud": "tencent", "action": "ListSecrets", "region": "ap-beijing"}),
    );
    let listed = server.ok("GET", "journal?source=call", "");
    let regions = listed["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["region"]);
    assert_eq!(regions.collect::<Vec<_>>(), ["cn-shanghai", "ap-beijing"]);
}

#[test]
fn call_is_signed_with_the_key_of_the_account() {
    let server = Controlled::empty();
    let tenant = server.ok("POST", "tenants", "");
    let account = |result: &Value| {
        let id = result["request_id"].as_str().unwrap();
        server.ok("GET", &format!("journal/{id}"), "")["request"].clone()
    };
    let call_body =
        |account: &Value| json!({"cloud": "tencent", "action": "ListSecrets", "account": account});
    let result = call(&server, &call_body(&tenant["account"]));
    assert_eq!(account(&result)["access_key_id"], tenant["access_key_id"]);
    assert_eq!(account(&result)["verdict"], "valid");
    // In lenient mode an account number is accepted as a key.
    let result = call(&server, &call_body(&json!("2000000000000000")));
    assert_eq!(account(&result)["account"], "2000000000000000");
    assert_eq!(account(&result)["verdict"], "unchecked");

    let strict = Controlled::with(emulator(AuthMode::Strict));
    assert_eq!(
        strict.error(
            "POST",
            "call",
            &call_body(&json!("2000000000000000")).to_string()
        ),
        (404, "AccessKeyNotFound".into(), "body.account".into())
    );
}

#[test]
fn invalid_call_is_rejected_with_its_place() {
    let server = Controlled::empty();
    for (call_body, place) in [
        (
            json!({"cloud": "alibaba", "action": "A", "signature": "TC3-HMAC-SHA256"}),
            "body.signature",
        ),
        (
            json!({"cloud": "tencent", "action": "A", "signature": "HMAC-SHA1"}),
            "body.signature",
        ),
        (
            json!({"cloud": "tencent", "action": "A", "format": "XML"}),
            "body.format",
        ),
        (json!({"cloud": "aws", "action": "A"}), "body.cloud"),
        (
            json!({"cloud": "alibaba", "action": "A", "method": "PUT"}),
            "body.method",
        ),
        (json!({"cloud": "alibaba"}), "body"),
    ] {
        assert_eq!(
            server.error("POST", "call", &call_body.to_string()),
            (400, "InvalidBody".into(), place.into()),
            "{call_body}"
        );
    }
}

#[test]
fn wrong_calls_are_sent_unchanged() {
    let server = Controlled::empty();
    for (call_body, code) in [
        (
            json!({"cloud": "alibaba", "action": "NoSuch"}),
            "InvalidAction.NotFound",
        ),
        (
            json!({"cloud": "alibaba", "action": "ListSecrets", "parameters": {"PageSize": "x"}}),
            "InvalidParameter",
        ),
        (
            json!({"cloud": "tencent", "action": "ListSecrets", "parameters": {"Limit": "x"}}),
            "InvalidParameter",
        ),
        (
            json!({"cloud": "tencent", "action": "", "parameters": {"": {"a": [[]]}}}),
            "MissingParameter",
        ),
    ] {
        let result = call(&server, &call_body);
        let reply = body(&result);
        let found = reply["Code"]
            .as_str()
            .or(reply["Response"]["Error"]["Code"].as_str());
        assert_eq!(found, Some(code), "{call_body}: {reply}");
    }
    let xml = call(
        &server,
        &json!({"cloud": "alibaba", "action": "ListSecrets", "format": "XML"}),
    );
    assert!(xml["reply"]["body"].as_str().unwrap().starts_with("<?xml"));
    let chinese = call(
        &server,
        &json!({"cloud": "tencent", "action": "ListSecrets", "parameters": {"Limit": "x"}, "language": "zh-CN"}),
    );
    assert!(!chinese["reply"]["body"].as_str().unwrap().is_ascii());
}

#[test]
fn call_without_faults_does_not_use_up_fault_rules_and_is_not_counted() {
    let server = Controlled::empty();
    let rule = r#"{"error": "Rejected.Throttling", "times": 1}"#;
    let rule = server.ok("POST", "faults", rule);
    for cloud in ["alibaba", "tencent"] {
        let result = call(&server, &json!({"cloud": cloud, "action": "ListSecrets"}));
        assert_eq!(result["reply"]["status"], 200);
    }
    let path = format!("faults/{}", rule["id"]);
    let fault = server.ok("GET", &path, "");
    assert_eq!([&fault["seen"], &fault["hits"]], [0, 0]);
    let used = || {
        let report = server.ok("GET", "coverage", "");
        let clouds = report["clouds"].as_array().unwrap().iter();
        let operations = clouds.flat_map(|cloud| cloud["operations"].as_array().unwrap());
        let requests = operations.filter_map(|operation| operation["requests"].as_u64());
        requests.sum::<u64>()
    };
    let metrics = || {
        let metrics = server.raw("GET", "metrics", "");
        let text = String::from_utf8(metrics.body.to_vec()).unwrap();
        text.contains("kms_emulator_requests_total{")
    };
    assert_eq!((used(), metrics()), (0, false));
    // The first request of a client gets the error.
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 429);
    assert_eq!((used(), metrics()), (1, true));
}

#[test]
fn fault_rule_applies_to_a_call_that_asks_for_it() {
    let server = Controlled::empty();
    server.ok(
        "POST",
        "faults",
        r#"{"error": "Rejected.Throttling", "times": 1}"#,
    );
    server.ok(
        "POST",
        "faults",
        r#"{"reset": true, "latency": "20s", "times": 1}"#,
    );
    let call_body = json!({"cloud": "alibaba", "action": "ListSecrets", "faults": true});
    assert_eq!(
        body(&call(&server, &call_body))["Code"],
        "Rejected.Throttling"
    );
    let result = call(&server, &call_body);
    assert_eq!(result["reply"]["cut"], "reset");
    assert_eq!(result["latency_ms"], 20_000.0);
    assert_eq!(call(&server, &call_body)["reply"]["status"], 200);
}

#[test]
fn settings_list_the_accounts_without_secrets() {
    let server = Controlled::empty();
    let tenant = server.ok("POST", "tenants", "");
    let settings = server.ok("GET", "settings", "");
    assert_eq!(
        settings["accounts"],
        json!([
            {"account": "1000000000000000", "access_key_id": "test", "kind": "secret", "tenant": false, "has_test_secret": true},
            {"account": tenant["account"], "access_key_id": tenant["access_key_id"], "kind": "secret", "tenant": true, "has_test_secret": false},
        ])
    );
    assert!(
        !settings
            .to_string()
            .contains(tenant["access_key_secret"].as_str().unwrap())
    );
    assert_eq!(settings["now"], "2026-01-02T03:04:05Z");
    assert_eq!(settings["auth"], "lenient");
    assert_eq!(settings["journal"], 250);
    let alibaba = cloud(&settings, "alibaba");
    assert!(texts(&alibaba["regions"]).any(|region| region == alibaba["default_region"]));
}

#[test]
fn operations_are_described_with_their_parameters() {
    let server = Controlled::empty();
    let all = server.ok("GET", "operations", "");
    let of = |cloud: &str| {
        let some = server.ok("GET", &format!("operations?cloud={cloud}"), "");
        some["operations"].as_array().unwrap().len()
    };
    assert_eq!(
        all["operations"].as_array().unwrap().len(),
        of("alibaba") + of("tencent")
    );
    let list = &all["operations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|operation| operation["action"] == "ListSecrets")
        .unwrap();
    let size = list["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .find(|parameter| parameter["name"] == "PageSize")
        .unwrap();
    assert_eq!(
        size,
        &json!({"name": "PageSize", "type": "integer", "required": false, "sensitive": false, "default": "10", "minimum": 1, "maximum": 100, "help": "The number of secrets on a page."})
    );
}

#[test]
fn call_has_programs_for_its_region() {
    let server = Controlled::empty();
    for (call_body, languages, address) in [
        (
            json!({"cloud": "alibaba", "action": "ListSecrets", "send": false}),
            json!(["python", "node", "go", "java", "shell", "terraform"]),
            "localhost",
        ),
        (
            json!({"cloud": "alibaba", "action": "ListSecrets", "region": "cn-shanghai", "send": false}),
            json!(["python", "node", "go", "java", "shell", "terraform"]),
            "cn-shanghai.localhost",
        ),
        (
            json!({"cloud": "tencent", "action": "ListSecrets", "region": "ap-beijing", "send": false}),
            json!(["python", "node", "go", "java", "shell"]),
            "ap-beijing",
        ),
    ] {
        let result = call(&server, &call_body);
        let code = result["code"].as_array().unwrap();
        let found: Vec<&Value> = code.iter().map(|program| &program["language"]).collect();
        assert_eq!(json!(found), languages);
        for program in code {
            let text = program["text"].as_str().unwrap().replace('\'', "\"");
            assert!(text.contains(address), "{text}");
        }
    }
}

#[test]
fn programs_contain_the_default_access_key_and_read_any_other_from_the_environment() {
    let server = Controlled::empty();
    let tenant = server.ok("POST", "tenants", "");
    let secret = tenant["access_key_secret"].as_str().unwrap();
    for (cloud, variable) in [
        ("alibaba", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("tencent", "TENCENTCLOUD_SECRET_KEY"),
    ] {
        let call_body = json!({"cloud": cloud, "action": "ListSecrets", "send": false});
        for text in texts_of_programs(&call(&server, &call_body)) {
            assert!(text.matches("test").count() >= 2, "{text}");
            assert!(!text.contains("environment"), "{text}");
        }
        let account = &tenant["account"];
        let call_body =
            json!({"cloud": cloud, "action": "ListSecrets", "account": account, "send": false});
        for text in texts_of_programs(&call(&server, &call_body)) {
            assert!(text.contains(variable), "{text}");
            assert!(!text.contains(secret), "{text}");
        }
    }
}

fn texts_of_programs(result: &Value) -> Vec<String> {
    let code = result["code"].as_array().unwrap();
    assert!(code.len() >= 4, "{result}");
    code.iter()
        .map(|program| program["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn call_uses_the_address_of_the_clouds_apis() {
    let mut server = Controlled::empty();
    for (address, url) in [
        ("127.0.0.2:9000", "http://127.0.0.2:9000/"),
        ("0.0.0.0:9000", "http://localhost:9000/"),
    ] {
        server.emulator.clouds_address = Some(address.parse().unwrap());
        let result = call(
            &server,
            &json!({"cloud": "alibaba", "action": "ListSecrets"}),
        );
        assert_eq!(result["request"]["url"], url);
    }
}

#[test]
fn region_that_needs_a_host_header_has_no_url_and_no_programs() {
    let mut server = Controlled::empty();
    server.emulator.clouds_address = Some("192.0.2.1:9000".parse().unwrap());
    let call_body = json!({"cloud": "alibaba", "action": "ListSecrets", "region": "cn-shanghai", "send": false});
    let result = call(&server, &call_body);
    assert_eq!(
        [&result["browser_url"], &result["code"]],
        [&Value::Null, &json!([])]
    );
    assert!(
        result["curl"]
            .as_str()
            .unwrap()
            .contains("kms.cn-shanghai.aliyuncs.com")
    );
}

#[test]
fn url_and_command_have_different_nonces() {
    let server = Controlled::with(emulator(AuthMode::Strict));
    for method in ["GET", "POST"] {
        for signature in ["HMAC-SHA1", "ACS3-HMAC-SHA256"] {
            let call_body = json!({"cloud": "alibaba", "action": "ListSecrets", "method": method, "signature": signature});
            let result = call(&server, &call_body);
            assert_eq!(result["reply"]["status"], 200);
            let url = result["browser_url"].as_str().unwrap();
            let (_, query) = url.split_once('?').unwrap();
            let reply = TestRequest::get(query)
                .header("host", "localhost")
                .ask(&server.emulator);
            assert_eq!(reply.status, 200, "{signature} {method}");
            // The nonce of the call is used, so the command must have another one.
            let sent = result["request"].to_string();
            let nonce = sent
                .split(|character: char| !character.is_ascii_hexdigit())
                .find(|word| word.len() == 32);
            let curl = result["curl"].as_str().unwrap();
            assert!(!curl.contains(nonce.unwrap()), "{curl}");
        }
    }
}

#[test]
fn call_that_no_client_could_send_is_rejected() {
    let server = Controlled::empty();
    for action in ["\r\nX-Evil: 1", "\0"] {
        let call_body = json!({"cloud": "tencent", "action": action}).to_string();
        let refused = (400, "InvalidBody".into(), "body.action".into());
        assert_eq!(server.error("POST", "call", &call_body), refused);
    }
    let call_body =
        json!({"cloud": "tencent", "action": "CreateSecret", "parameters": {"SecretName": "\0"}});
    let result = call(&server, &call_body);
    assert_eq!(result["code"].as_array().unwrap().len(), 4);
}

#[test]
fn curl_command_trusts_the_ca_over_https() {
    let mut server = Controlled::empty();
    server.emulator.authority = Some("a certificate".into());
    let call_body =
        json!({"cloud": "alibaba", "action": "ListSecrets", "method": "GET", "https": true});
    let result = call(&server, &call_body);
    assert!(result["curl"].as_str().unwrap().starts_with(
        "curl --silent --show-error --output ca.pem http://localhost/_emulator/ca.pem\ncurl --cacert ca.pem 'https://localhost/?"
    ));
}

#[test]
fn too_large_call_is_rejected_before_it_is_signed() {
    let server = Controlled::empty();
    let call_body = |value: Value| {
        json!({"cloud": "alibaba", "action": "CreateSecret", "parameters": {"SecretData": value}})
            .to_string()
    };
    // The longest secret value with every character escaped.
    let longest = call_body("\"".repeat(32 * 1024).into());
    server.ok("POST", "call", &longest);
    assert_eq!(
        server.error("POST", "call", &call_body("x".repeat(72 * 1024).into())),
        (413, "BodyTooLarge".into(), "body".into())
    );
    assert_eq!(
        server.error("POST", "call", &call_body(vec![1; 1000].into())),
        (400, "InvalidBody".into(), "body".into())
    );
}
