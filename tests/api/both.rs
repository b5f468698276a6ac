//! One process, both faces: no secret of one is visible through the other.

use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use serde_json::{Value, json};

use crate::alibaba;
use crate::support::{FORM, TestRequest};
use crate::tencent;

/// The two faces of one emulator.
struct Faces {
    alibaba: alibaba::session::Session,
}

impl Faces {
    fn ask(&self, request: &TestRequest) -> Value {
        serde_json::from_slice(&request.ask(&self.alibaba.emulator).body).unwrap()
    }

    fn tencent(&self, action: &str, parameters: &Value) -> Value {
        self.ask(&tencent::session::request(action, parameters))["Response"].take()
    }
}

#[test]
fn a_name_can_be_used_on_both_and_means_two_secrets() {
    let faces = Faces {
        alibaba: alibaba::session::Session::new(),
    };
    faces.alibaba.create("shared");
    faces.alibaba.create("only-here");
    for name in ["shared", "only-there"] {
        let create = json!({"SecretName": name, "VersionId": "v1", "SecretString": "two"});
        assert_eq!(faces.tencent("CreateSecret", &create)["Error"], Value::Null);
    }

    let list = faces.alibaba.ok("ListSecrets", &[]);
    assert_eq!(list["TotalCount"], 2);
    let value = faces
        .alibaba
        .ok("GetSecretValue", &[("SecretName", "shared")]);
    assert_eq!(value["SecretData"], "one");
    let absent = faces
        .alibaba
        .verdict("DescribeSecret", &[("SecretName", "only-there")]);
    assert_eq!(absent, "404 Forbidden.ResourceNotFound");

    let list = faces.tencent("ListSecrets", &json!({}));
    assert_eq!(list["TotalCount"], 2);
    let value = faces.tencent(
        "GetSecretValue",
        &json!({"SecretName": "shared", "VersionId": "v1"}),
    );
    assert_eq!(value["SecretString"], "two");
    let absent = faces.tencent("DescribeSecret", &json!({"SecretName": "only-here"}));
    assert_eq!(absent["Error"]["Code"], "ResourceNotFound");

    faces.tencent("DisableSecret", &json!({"SecretName": "shared"}));
    faces.tencent("DeleteSecret", &json!({"SecretName": "shared"}));
    faces
        .alibaba
        .ok("DescribeSecret", &[("SecretName", "shared")]);
}

/// The same region id on both is no common ground either.
#[test]
fn the_readiness_page_counts_them_apart() {
    let faces = Faces {
        alibaba: alibaba::session::Session::new(),
    };
    faces.alibaba.create("a");
    faces.tencent(
        "CreateSecret",
        &json!({"SecretName": "a", "SecretString": "x"}),
    );
    let mut page = TestRequest::get("");
    page.path = "/_emulator/ready".into();
    assert_eq!(
        faces.ask(&page)["scopes"],
        json!([
            {"cloud": "alibaba", "account": "1000000000000000", "region": "cn-hangzhou", "secrets": 1},
            {"cloud": "tencent", "account": "1000000000000000", "region": "ap-guangzhou", "secrets": 1},
        ])
    );
}

#[test]
fn a_request_is_for_the_face_whose_language_it_speaks() {
    let faces = Faces {
        alibaba: alibaba::session::Session::new(),
    };
    let form = |body: &str| TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: body.into(),
        headers: vec![("Content-Type".into(), FORM.into())],
        ..TestRequest::default()
    };
    let list = || TestRequest::get("Action=ListSecrets");
    let tencent = [
        list().header("X-TC-Action", "ListSecrets"),
        list().header("x-tc-version", "2019-09-23"),
        list().header("Authorization", "TC3-HMAC-SHA256 x"),
        TestRequest::get("Action=ListSecrets&Version=2019-09-23"),
        TestRequest::get("Action=ListSecrets&SecretId=x"),
        TestRequest::get("Action=ListSecrets&SignatureMethod=HmacSHA1"),
        TestRequest::get("Action=ListSecrets&SignatureMethod=HmacSHA256"),
        TestRequest::get("Action=ListSecrets&Timestamp=1700000000&Nonce=7"),
        form("Action=ListSecrets&Version=2019-09-23"),
        form("Action=ListSecrets&SecretId=x"),
    ];
    for request in tencent {
        assert!(faces.ask(&request)["Response"].is_object(), "{request:?}");
    }
    let alibaba = [
        list(),
        list().header("x-acs-action", "ListSecrets"),
        TestRequest::get("Action=ListSecrets&Version=2016-01-20"),
        TestRequest::get("Action=ListSecrets&SignatureMethod=HMAC-SHA1"),
        TestRequest::get("Action=ListSecrets&Timestamp=2026-01-02T03%3A04%3A05Z&SignatureNonce=7"),
        TestRequest::get("Action=ListSecrets&AccessKeyId=x"),
        form("Action=ListSecrets&Version=2016-01-20"),
        TestRequest::get(""),
        TestRequest::get("Action=Foo"),
    ];
    for request in alibaba {
        let reply = faces.ask(&request);
        assert!(reply["RequestId"].is_string(), "{request:?}: {reply}");
    }
}

#[test]
fn the_rate_is_limited_on_both_and_counted_apart() {
    let mut session = alibaba::session::Session::new();
    session.emulator.rate_limiter = Some(RateLimiter::default());
    let faces = Faces { alibaba: session };
    for _ in 0..30 {
        assert_eq!(faces.alibaba.verdict("ListSecrets", &[]), "OK");
        assert_eq!(
            faces.tencent("ListSecrets", &json!({}))["Error"],
            Value::Null
        );
    }
    let (status, body) = faces.alibaba.call("ListSecrets", &[]);
    assert_eq!(status, 429);
    assert_eq!(
        (&body["Code"], &body["Message"]),
        (&json!("Rejected.Throttling"), &json!("QPS Limit Exceeded"))
    );
    assert_eq!(faces.alibaba.verdict("DescribeRegions", &[]), "OK");
    assert_eq!(
        faces.tencent("ListSecrets", &json!({}))["Error"]["Code"],
        "RequestLimitExceeded"
    );
}

#[test]
fn the_host_tells_whose_request_it_is_where_nothing_else_does() {
    let faces = Faces {
        alibaba: alibaba::session::Session::new(),
    };
    for (host, is_tencent) in [
        ("ssm.tencentcloudapi.com", true),
        ("ssm.ap-guangzhou.tencentcloudapi.com:443", true),
        ("ssm.intl.tencentcloudapi.com", true),
        ("tag.tencentcloudapi.com", true),
        ("ssm.localhost:8080", true),
        ("tag.localhost", true),
        ("sts.localhost", false),
        ("cn-hangzhou.localhost", false),
        ("kms.cn-hangzhou.aliyuncs.com", false),
        ("127.0.0.1:8080", false),
    ] {
        let request = TestRequest::get("Action=ListSecrets").header("Host", host);
        let reply = faces.ask(&request);
        assert_eq!(reply["Response"].is_object(), is_tencent, "{host}: {reply}");
    }
    // Headers of the other cloud say more than the host.
    let request = TestRequest::get("")
        .header("Host", "kms.cn-hangzhou.aliyuncs.com")
        .header("X-TC-Action", "ListSecrets");
    assert!(faces.ask(&request)["Response"].is_object());
}
