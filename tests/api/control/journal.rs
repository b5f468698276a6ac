//! Journal, coverage and hints.

use serde_json::{Value, json};

use super::{Controlled, alibaba};
use crate::support::{TestRequest, hint_of};
use crate::tencent;

#[test]
fn entry_has_all_fields_and_masks_sensitive_values() {
    let server = Controlled::empty();
    let request = alibaba(
        "CreateSecret",
        &[
            ("SecretName", "db/password"),
            ("VersionId", "v1"),
            ("SecretData", "hunter2"),
        ],
    );
    request.sign_v1("test", &[]).ask(&server.emulator);
    let listed = server.ok("GET", "journal", "");
    assert_eq!(listed["count"], 1);
    let entry = &listed["requests"][0];
    for (member, value) in [
        ("number", json!(1)),
        ("time", json!("2026-01-02T03:04:05Z")),
        ("tenant_time", Value::Null),
        ("source", json!("client")),
        ("cloud", json!("alibaba")),
        ("action", json!("CreateSecret")),
        (
            "parameters",
            json!({"SecretName": "db/password", "VersionId": "v1", "SecretData": "***"}),
        ),
        ("access_key_id", json!("test")),
        ("verdict", json!("valid")),
        ("account", json!("1000000000000000")),
        ("region", json!("cn-hangzhou")),
        ("status", json!(200)),
        ("code", json!("OK")),
        ("request_id", json!("00000000-0000-4000-8000-000000000001")),
        ("fault", Value::Null),
        ("mismatch", Value::Null),
    ] {
        assert_eq!(entry[member], value, "{member}");
    }
    assert!(entry["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(!listed.to_string().contains("hunter2"));

    let create = json!({"SecretName": "a", "SecretString": "hunter2", "Tags": [{"TagKey": "k", "TagValue": "v"}]});
    server.tencent("CreateSecret", &create);
    let listed = server.ok("GET", "journal?cloud=tencent", "");
    assert_eq!(
        listed["requests"][0]["parameters"],
        json!({"SecretName": "a", "SecretString": "***", "Tags": r#"[{"TagKey":"k","TagValue":"v"}]"#})
    );
    assert!(!listed.to_string().contains("hunter2"));
}

#[test]
fn entry_has_its_exact_reply() {
    let server = Controlled::empty();
    server.create("a");
    let reply =
        alibaba("GetSecretValue", &[("SecretName", "a"), ("Format", "XML")]).ask(&server.emulator);
    let id = "00000000-0000-4000-8000-000000000002";
    let entry = server.ok("GET", &format!("journal/{id}"), "");
    assert_eq!(entry["request"]["request_id"], id);
    assert_eq!(entry["reply"]["status"], 200);
    assert_eq!(
        entry["reply"]["body"].as_str().unwrap().as_bytes(),
        &*reply.body
    );
    let headers: Vec<_> = reply
        .headers
        .iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    assert_eq!(entry["reply"]["headers"], json!(headers));
}

#[test]
fn entry_has_the_request_as_it_was_received_with_sensitive_values_masked() {
    let server = Controlled::empty();
    let create = alibaba(
        "CreateSecret",
        &[
            ("SecretName", "db/pass word"),
            ("VersionId", "v1"),
            ("SecretData", "hunter2"),
        ],
    );
    create.sign_v1("test", &[]).ask(&server.emulator);
    let create = json!({"SecretName": "a", "SecretString": "hunter2"});
    server.tencent("CreateSecret", &create);
    let received = |number: u8| {
        let id = format!("journal/00000000-0000-4000-8000-00000000000{number}");
        server.ok("GET", &id, "")["received"].clone()
    };

    let alibaba = received(1);
    assert_eq!(alibaba["path"], "/");
    let text = format!("{}{}", alibaba["query"], alibaba["body"]);
    for part in [
        "Action=CreateSecret",
        "SecretName=db%2Fpass%20word",
        "SecretData=***",
        "Signature=***",
        "AccessKeyId=test",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("hunter2"));

    let tencent = received(2);
    assert_eq!(tencent["method"], "POST");
    assert_eq!(
        tencent["body"],
        r#"{"SecretName":"a","SecretString":"***"}"#
    );
    let headers = tencent["headers"].as_array().unwrap();
    assert!(
        headers.iter().any(|pair| {
            pair[0]
                .as_str()
                .unwrap()
                .eq_ignore_ascii_case("x-tc-action")
                && pair[1] == "CreateSecret"
        }),
        "{headers:?}"
    );
}

#[test]
fn entries_are_filtered_counted_and_cleared() {
    let server = Controlled::new();
    server.ok("POST", "clock/freeze", "");
    server.alibaba("ListSecrets", &[]);
    server.alibaba("DescribeSecret", &[("SecretName", "absent")]);
    server.alibaba("Frobnicate", &[]);
    server.ok("POST", "clock/advance", r#"{"by":"1h"}"#);
    server.tencent("DescribeSecret", &json!({"SecretName": "absent"}));
    let reply = alibaba("ListSecrets", &[])
        .sign_v1("wrong", &[])
        .ask(&server.emulator);
    assert_eq!(reply.status, 400);
    server.ok("POST", "faults", r#"{"error":"InternalFailure"}"#);
    server.alibaba("ListSecrets", &[]);
    for (filter, numbers) in [
        ("", &[1, 2, 3, 4, 5, 6][..]),
        ("cloud=alibaba", &[1, 2, 3, 5, 6]),
        ("action=ListSecrets", &[1, 5, 6]),
        ("action=Frobnicate", &[3]),
        ("parameter=SecretName", &[2, 4]),
        ("parameter=SecretName%3Dabsent&cloud=tencent", &[4]),
        ("access_key_id=test", &[5]),
        ("verdict=refused", &[5]),
        ("verdict=unsigned", &[1, 2, 4]),
        ("verdict=not_reached", &[3, 6]),
        ("account=1000000000000000", &[1, 2, 4, 6]),
        ("region=ap-guangzhou", &[4]),
        ("status=404", &[2, 3]),
        ("code=OK", &[1]),
        ("code=ResourceNotFound", &[4]),
        ("request_id=00000000-0000-4000-8000-000000000002", &[2]),
        ("fault=1", &[6]),
        ("min_duration=1h", &[]),
        ("since=2026-01-02T04:00:00Z", &[4, 5, 6]),
        ("until=2026-01-02T04:00:00Z", &[1, 2, 3]),
        ("text=ABSENT", &[2, 4]),
        ("text=absent%20describe%20status%3D404", &[2]),
        ("text=absent%20listsecrets", &[]),
        // The hint about the wrong secret.
        ("text=secret%20probably%20wrong", &[5]),
        ("text=wrong_secret", &[5]),
        ("text=tencent", &[4]),
        (
            "text=frobnicate%7Cwrong_SECRET%20status%3D400%7Cstatus%3D404",
            &[3, 5],
        ),
        ("text=%7Cfrobnicate%7C", &[3]),
        ("text=%7C", &[]),
        ("text=", &[1, 2, 3, 4, 5, 6]),
        ("after=4", &[5, 6]),
        ("before=1", &[]),
        ("before=3", &[1, 2]),
        ("before=7", &[1, 2, 3, 4, 5, 6]),
        ("before=5&after=2", &[3, 4]),
        ("before=5&limit=2", &[3, 4]),
        ("before=5&cloud=alibaba&limit=1", &[3]),
        ("before=0", &[]),
        ("limit=2", &[5, 6]),
    ] {
        let listed = server.ok("GET", &format!("journal?{filter}"), "");
        let found: Vec<_> = listed["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["number"].as_u64().unwrap())
            .collect();
        assert_eq!(found, numbers, "{filter}");
    }
    assert_eq!(
        server.ok("GET", "journal?limit=0", ""),
        json!({"count": 6, "requests": []})
    );
    assert_eq!(server.ok("GET", "journal?before=5&limit=1", "")["count"], 4);
    assert_eq!(
        server.ok("DELETE", "journal?code=OK", ""),
        json!({"removed": 1})
    );
    assert_eq!(
        server.ok("DELETE", "journal?before=3", ""),
        json!({"removed": 1})
    );
    assert_eq!(server.ok("DELETE", "journal", ""), json!({"removed": 4}));
    assert_eq!(server.ok("GET", "journal", "")["count"], 0);
}

#[test]
fn search_looks_at_all_that_an_entry_shows_but_not_at_masked_values() {
    let server = Controlled::empty();
    server.create("a");
    alibaba(
        "GetSecretValue",
        &[
            ("SecretName", "a"),
            ("Format", "XML"),
            ("Unknown", "canary"),
        ],
    )
    .header("User-Agent", "checkout/1.0")
    .header("X-Password", "hunter3")
    .ask(&server.emulator);
    let create = json!({"SecretName": "b", "VersionId": "v1", "SecretString": "hunter2"});
    server.tencent("CreateSecret", &create);
    server.tencent(
        "GetSecretValue",
        &json!({"SecretName": "b", "VersionId": "v1"}),
    );
    server.ok(
        "POST",
        "faults",
        r#"{"error":"InternalFailure","match":{"action":"ListSecrets"}}"#,
    );
    alibaba("ListSecrets", &[])
        .sign_v1("wrong", &[])
        .ask(&server.emulator);
    alibaba("DescribeRegions", &[])
        .sign_v1("wrong", &[])
        .ask(&server.emulator);
    for (text, numbers) in [
        // The request: method, path, query, headers, body.
        ("GET /?action=", &[2, 5, 6][..]),
        ("POST /?action=", &[1]),
        ("Format=XML", &[2]),
        ("user-agent: Checkout/1", &[2]),
        (r#"post {"secretname":"b""#, &[3, 4]),
        // Cloud and verdict.
        ("tencent unsigned", &[3, 4]),
        ("refused", &[6]),
        // The reply: headers, body in JSON and XML.
        ("content-type: text/xml", &[2]),
        ("<SecretName>a</SecretName>", &[2]),
        (r#""Response":{"#, &[3, 4]),
        ("\"RegionId\"", &[]),
        ("internalfailure", &[5]),
        ("fault=1", &[5]),
        // The explanation of a signature that does not match.
        ("AccessKeyId%3Dtest%26Action%3DDescribeRegions", &[6]),
        ("mistake=wrong_secret", &[6]),
        // Sensitive values.
        ("hunter", &[]),
        ("canary", &[]),
        ("<SecretData>***</SecretData>", &[2]),
        (r#""SecretString":"***""#, &[3, 4]),
        ("X-Password: ***", &[2]),
    ] {
        let path = format!("journal?text={}", crate::support::encode(text));
        let listed = server.ok("GET", &path, "");
        let requests = listed["requests"].as_array().unwrap().iter();
        let found: Vec<_> = requests.map(|entry| entry["number"].clone()).collect();
        assert_eq!(json!(found), json!(numbers), "{text}");
    }
}

#[test]
fn calls_of_the_control_api_are_marked_and_left_out_unless_asked_for() {
    let server = Controlled::empty();
    let call = json!({"cloud": "alibaba", "action": "ListSecrets"}).to_string();
    let call = || server.ok("POST", "call", &call)["request_id"].clone();
    server.alibaba("DescribeRegions", &[]);
    let id = call();
    server.alibaba("ListSecrets", &[]);
    for (filter, numbers) in [
        ("", &[1, 3][..]),
        ("source=client", &[1, 3]),
        ("source=call", &[2]),
        ("source=any", &[1, 2, 3]),
        ("action=ListSecrets", &[3]),
        ("action=ListSecrets&source=any", &[2, 3]),
    ] {
        let listed = server.ok("GET", &format!("journal?{filter}"), "");
        assert_eq!(listed["count"], numbers.len(), "{filter}");
        let requests = listed["requests"].as_array().unwrap().iter();
        let found: Vec<_> = requests.map(|entry| entry["number"].clone()).collect();
        assert_eq!(json!(found), json!(numbers), "{filter}");
    }
    assert_eq!(server.ok("GET", "journal?limit=0", "")["count"], 2);
    let entry = server.ok("GET", &format!("journal/{}", id.as_str().unwrap()), "");
    assert_eq!(entry["request"]["source"], "call");
    assert_eq!(
        server.error("GET", "journal?source=page", ""),
        (400, "InvalidParameter".into(), "query.source".into())
    );
    assert_eq!(
        server.ok("DELETE", "journal?source=client", "")["removed"],
        2
    );
    server.alibaba("ListSecrets", &[]);
    // Without a source, requests of every source are deleted.
    assert_eq!(server.ok("DELETE", "journal", "")["removed"], 2);
    assert_eq!(server.ok("GET", "journal?source=any", "")["count"], 0);
}

#[test]
fn entry_of_a_mismatch_has_both_strings_and_the_first_difference() {
    let server = Controlled::new();
    // Signed for POST, but sent with GET.
    let mut request = alibaba("DescribeSecret", &[("SecretName", "a")]);
    request.method = "POST".into();
    let mut request = request.sign_v1("test", &[]);
    request.method = "GET".into();
    request.ask(&server.emulator);
    let listed = server.ok("GET", "journal", "");
    let mismatch = &listed["requests"][0]["mismatch"];
    let text = |name: &str| mismatch[name].as_str().unwrap();
    assert!(
        text("server").starts_with("GET&%2F&AccessKeyId%3Dtest%26Action%3DDescribeSecret"),
        "{mismatch}"
    );
    assert!(
        text("client").starts_with("POST&%2F&AccessKeyId%3Dtest"),
        "{mismatch}"
    );
    assert_eq!(mismatch["first_difference"], 0);
    assert_eq!(mismatch["signed_host"], Value::Null);
    assert!(text("diagnosis").starts_with("the HTTP method signed is not the one sent"));

    // Secret values are masked in the string to sign.
    let create = [
        ("SecretName", "a"),
        ("VersionId", "v1"),
        ("SecretData", "hunter2"),
    ];
    alibaba("CreateSecret", &create)
        .sign_v1("wrong", &[])
        .ask(&server.emulator);
    let create = json!({"SecretName": "a", "SecretString": "hunter2"});
    tencent::session::request("CreateSecret", &create)
        .sign_tc3("test", "wrong", crate::support::now())
        .ask(&server.emulator);
    TestRequest::get("Action=CreateSecret&Version=2019-09-23&SecretName=a&SecretString=hunter2&Region=ap-guangzhou")
        .sign_tc_v1("test", "wrong", crate::support::now())
        .ask(&server.emulator);
    let listed = server.ok("GET", "journal", "");
    for index in 1..4 {
        let entry = &listed["requests"][index];
        assert_eq!(entry["verdict"], "refused", "{entry}");
        assert!(entry["mismatch"]["server"].is_string(), "{entry}");
    }
    assert!(!listed.to_string().contains("hunter2"), "{listed}");
}

#[test]
fn coverage_lists_used_and_unsupported_operations() {
    let server = Controlled::new();
    server.alibaba(
        "ListSecrets",
        &[
            ("PageSize", "2"),
            ("FetchTags", "true"),
            ("pagenumber", "2"),
            ("hunter2", "x"),
        ],
    );
    server.alibaba("ListSecrets", &[("PageSize", "0")]);
    server.alibaba(
        "TagResources",
        &[
            ("ResourceType", "secret"),
            ("ResourceId.1", "a"),
            ("Tag.1.Key", "k"),
        ],
    );
    server.alibaba("CreateClientKey", &[]);
    server.alibaba("Frobnicate", &[]);
    server.tencent("ListSecrets", &json!({"Limit": 2, "Sort": "x"}));
    let report = server.ok("GET", "coverage", "");
    let cloud = |name: &str| {
        let clouds = report["clouds"].as_array().unwrap();
        clouds
            .iter()
            .find(|cloud| cloud["cloud"] == name)
            .unwrap()
            .clone()
    };
    let alibaba = cloud("alibaba");
    let operation = |cloud: &Value, action: &str| {
        let operations = cloud["operations"].as_array().unwrap();
        operations
            .iter()
            .find(|used| used["action"] == action)
            .unwrap()
            .clone()
    };
    assert_eq!(
        operation(&alibaba, "ListSecrets"),
        json!({
            "action": "ListSecrets",
            "requests": 2,
            "codes": {"OK": 1, "InvalidParameter": 1},
            "parameters": ["FetchTags", "PageSize"],
            "unused_parameters": ["Filters", "PageNumber"],
            "unsupported_parameters": ["***", "pagenumber"],
        })
    );
    let tagged = operation(&alibaba, "TagResources");
    assert!(
        tagged["parameters"]
            .as_array()
            .unwrap()
            .contains(&json!("ResourceId")),
        "{tagged}"
    );
    assert!(
        tagged["parameters"]
            .as_array()
            .unwrap()
            .contains(&json!("Tag")),
        "{tagged}"
    );
    assert_eq!(tagged["unsupported_parameters"], json!([]));
    assert_eq!(
        alibaba["unsupported_operations"],
        json!({"CreateClientKey": 1})
    );
    assert_eq!(alibaba["unknown_operations"], json!({"Frobnicate": 1}));
    assert_eq!(alibaba["codes"]["InvalidAction.NotFound"], 1);
    assert!(
        alibaba["unused_operations"]
            .as_array()
            .unwrap()
            .contains(&json!("RotateSecret"))
    );
    let tencent = cloud("tencent");
    let listed = operation(&tencent, "ListSecrets");
    assert_eq!(listed["parameters"], json!(["Limit"]));
    assert_eq!(listed["unsupported_parameters"], json!(["***"]));
    assert_eq!(listed["codes"], json!({"UnknownParameter": 1}));

    assert_eq!(server.ok("DELETE", "coverage", ""), report);
    let empty = server.ok("GET", "coverage", "");
    assert_eq!(empty["clouds"][0]["operations"], json!([]));
}

#[test]
fn secret_that_is_not_found_has_a_hint_to_its_scope() {
    let server = Controlled::empty();
    let hint = |request: TestRequest| hint_of(&request.ask(&server.emulator));
    let describe = || alibaba("DescribeSecret", &[("SecretName", "db")]);
    assert_eq!(hint(describe()), None, "no scope has the secret");
    server.tencent(
        "CreateSecret",
        &json!({"SecretName": "db", "SecretString": "x"}),
    );
    assert_eq!(
        hint(describe()).unwrap(),
        "secret `db` exists on Tencent Cloud (account 1000000000000000, region ap-guangzhou); requested in account 1000000000000000, region cn-hangzhou"
    );
    let create = [
        ("SecretName", "db"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
    ];
    let mut elsewhere = alibaba("CreateSecret", &create);
    elsewhere.add_to_query("AccessKeyId", "2000000000000000");
    elsewhere.add_to_query("Signature", "x");
    elsewhere.ask(&server.emulator);
    assert_eq!(
        hint(describe()).unwrap(),
        "secret `db` exists in account 2000000000000000, region cn-hangzhou; requested in account 1000000000000000, region cn-hangzhou"
    );
    alibaba("CreateSecret", &create)
        .header("Host", "kms.cn-shanghai.aliyuncs.com")
        .ask(&server.emulator);
    assert_eq!(
        hint(describe()).unwrap(),
        "secret `db` exists in region cn-shanghai; requested in account 1000000000000000, region cn-hangzhou"
    );
    let other = tencent::session::request("DescribeSecret", &json!({"SecretName": "db"}))
        .header("X-TC-Region", "ap-beijing");
    assert!(
        hint(other)
            .unwrap()
            .contains("exists in region ap-guangzhou")
    );
    // The secret is in this scope; only the version does not exist.
    server.create("db");
    let version = alibaba(
        "GetSecretValue",
        &[("SecretName", "db"), ("VersionId", "v9")],
    );
    assert_eq!(hint(version), None);
}

#[test]
fn hints_are_codes_with_arguments_in_calls_and_in_the_journal() {
    let server = Controlled::empty();
    server.create("db");
    let body = json!({
        "cloud": "alibaba", "action": "DescribeSecret", "region": "ap-tokyo",
        "parameters": {"SecretName": "db", "secretName": "数据"},
    });
    let call = server.ok("POST", "call", &body.to_string());
    let hints = json!([
        {
            "code": "secret_in_other_region",
            "arguments": {
                "secret": "db", "region": "cn-hangzhou",
                "own_account": "1000000000000000", "own_region": "ap-tokyo",
            },
        },
        {
            "code": "parameter_similar",
            "arguments": {"name": "secretName", "action": "DescribeSecret", "parameter": "SecretName"},
        },
    ]);
    assert_eq!(call["reply"]["hints"], hints);
    let headers = call["reply"]["headers"].as_array().unwrap();
    let header = headers.iter().find(|pair| pair[0] == "x-emulator-hint");
    assert_eq!(
        header.unwrap()[1],
        "secret `db` exists in region cn-hangzhou; requested in account 1000000000000000, region ap-tokyo; not a parameter here: `secretName`: DescribeSecret has `SecretName`"
    );
    let id = call["request_id"].as_str().unwrap();
    let entry = server.ok("GET", &format!("journal/{id}"), "");
    assert_eq!(entry["reply"]["hints"], hints);

    let unknown = alibaba("ListSecrets", &[("Colour", "red")]).ask(&server.emulator);
    assert!(hint_of(&unknown).is_some());
    let listed = server.ok("GET", "journal", "");
    let newest = listed["requests"].as_array().unwrap().last().unwrap();
    let id = newest["request_id"].as_str().unwrap();
    let entry = server.ok("GET", &format!("journal/{id}"), "");
    assert_eq!(entry["reply"]["hints"][0]["code"], "parameter_unknown");
}

#[test]
fn hint_has_printable_ascii_and_its_argument_the_text() {
    let server = Controlled::empty();
    let filters = json!([{"Key": "SecretName", "Values": ["数据{key}"]}]).to_string();
    let body =
        json!({"cloud": "alibaba", "action": "ListSecrets", "parameters": {"Filters": filters}});
    let reply = &server.ok("POST", "call", &body.to_string())["reply"];
    assert_eq!(reply["hints"][0]["arguments"]["value"], "数据{key}");
    let headers = reply["headers"].as_array().unwrap();
    let header = headers.iter().find(|pair| pair[0] == "x-emulator-hint");
    let header = header.unwrap()[1].as_str().unwrap();
    let start = "Filters: `%E6%95%B0%E6%8D%AE{key}` is not a possible value of SecretName: ";
    assert!(header.starts_with(start), "{header}");
}

#[test]
fn hint_is_right_with_many_tenants() {
    let server = Controlled::empty();
    let secret = json!({"SecretName": "s", "CreateTime": "2024-01-01T00:00:00Z"});
    let fixture = json!({"SecretList": {"Secret": [secret]}});
    let body = json!({"fixture": fixture}).to_string();
    let accounts: Vec<_> = (0..120)
        .map(|_| {
            server.ok("POST", "tenants", &body)["account"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let hint_for = |secret: &str, account: &str, host: &str| {
        let mut request = alibaba(
            "GetSecretValue",
            &[("SecretName", secret), ("VersionId", "v")],
        );
        request.add_to_query("AccessKeyId", account);
        request.add_to_query("Signature", "unchecked");
        let reply = request.header("Host", host).ask(&server.emulator);
        assert_eq!(reply.status, 404);
        hint_of(&reply)
    };
    let hint = |account: &str, host: &str| hint_for("s", account, host);
    for account in &accounts {
        let arn = format!("acs:kms:cn-hangzhou:{account}:secret/s");
        let here = hint_for(&arn, account, "localhost").unwrap();
        assert!(here.starts_with("secret `s` has no value"), "{here}");
        // The secret is in this scope, but has no value.
        let here = hint(account, "localhost").unwrap();
        assert!(here.starts_with("secret `s` has no value"), "{here}");
        let other = hint(account, "kms.cn-beijing.aliyuncs.com").unwrap();
        assert!(other.contains("exists in region cn-hangzhou;"), "{other}");
    }
}
