//! Both clouds in one process: which cloud a request is for, and that they share no secrets.

use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use serde_json::{Value, json};

use crate::alibaba;
use crate::support::{FORM, TestRequest};
use crate::tencent;

/// One emulator, called through the APIs of both clouds.
struct Clouds {
    alibaba: alibaba::session::Session,
}

impl Clouds {
    fn ask(&self, request: &TestRequest) -> Value {
        serde_json::from_slice(&request.ask(&self.alibaba.emulator).body).unwrap()
    }

    fn tencent(&self, action: &str, parameters: &Value) -> Value {
        self.ask(&tencent::session::request(action, parameters))["Response"].take()
    }
}

#[test]
fn secrets_of_the_same_name_are_separate_in_each_cloud() {
    let clouds = Clouds {
        alibaba: alibaba::session::Session::new(),
    };
    clouds.alibaba.create("shared");
    clouds.alibaba.create("only-here");
    for name in ["shared", "only-there"] {
        let create = json!({"SecretName": name, "VersionId": "v1", "SecretString": "two"});
        assert_eq!(
            clouds.tencent("CreateSecret", &create)["Error"],
            Value::Null
        );
    }

    let list = clouds.alibaba.ok("ListSecrets", &[]);
    assert_eq!(list["TotalCount"], 2);
    let value = clouds
        .alibaba
        .ok("GetSecretValue", &[("SecretName", "shared")]);
    assert_eq!(value["SecretData"], "one");
    let absent = clouds
        .alibaba
        .verdict("DescribeSecret", &[("SecretName", "only-there")]);
    assert_eq!(absent, "404 Forbidden.ResourceNotFound");

    let list = clouds.tencent("ListSecrets", &json!({}));
    assert_eq!(list["TotalCount"], 2);
    let value = clouds.tencent(
        "GetSecretValue",
        &json!({"SecretName": "shared", "VersionId": "v1"}),
    );
    assert_eq!(value["SecretString"], "two");
    let absent = clouds.tencent("DescribeSecret", &json!({"SecretName": "only-here"}));
    assert_eq!(absent["Error"]["Code"], "ResourceNotFound");

    clouds.tencent("DisableSecret", &json!({"SecretName": "shared"}));
    clouds.tencent("DeleteSecret", &json!({"SecretName": "shared"}));
    clouds
        .alibaba
        .ok("DescribeSecret", &[("SecretName", "shared")]);
}

#[test]
fn readiness_reply_counts_the_secrets_of_each_cloud_separately() {
    let clouds = Clouds {
        alibaba: alibaba::session::Session::new(),
    };
    clouds.alibaba.create("a");
    clouds.tencent(
        "CreateSecret",
        &json!({"SecretName": "a", "SecretString": "x"}),
    );
    let mut page = TestRequest::get("");
    page.path = "/_emulator/ready".into();
    assert_eq!(
        clouds.ask(&page)["scopes"],
        json!([
            {"cloud": "alibaba", "account": "1000000000000000", "region": "cn-hangzhou", "secrets": 1},
            {"cloud": "tencent", "account": "1000000000000000", "region": "ap-guangzhou", "secrets": 1},
        ])
    );
}

#[test]
fn cloud_is_recognized_by_headers_and_common_parameters() {
    let clouds = Clouds {
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
        assert!(clouds.ask(&request)["Response"].is_object(), "{request:?}");
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
        let reply = clouds.ask(&request);
        assert!(reply["RequestId"].is_string(), "{request:?}: {reply}");
    }
}

#[test]
fn rate_limits_of_the_clouds_are_counted_separately() {
    let mut session = alibaba::session::Session::new();
    session.emulator.rate_limiter = Some(RateLimiter::default());
    let clouds = Clouds { alibaba: session };
    for _ in 0..30 {
        assert_eq!(clouds.alibaba.verdict("ListSecrets", &[]), "OK");
        assert_eq!(
            clouds.tencent("ListSecrets", &json!({}))["Error"],
            Value::Null
        );
    }
    let (status, body) = clouds.alibaba.call("ListSecrets", &[]);
    assert_eq!(status, 429);
    assert_eq!(
        (&body["Code"], &body["Message"]),
        (&json!("Rejected.Throttling"), &json!("QPS Limit Exceeded"))
    );
    assert_eq!(clouds.alibaba.verdict("DescribeRegions", &[]), "OK");
    assert_eq!(
        clouds.tencent("ListSecrets", &json!({}))["Error"]["Code"],
        "RequestLimitExceeded"
    );
}

#[test]
fn cloud_is_recognized_by_the_host_if_the_request_has_no_other_sign() {
    let clouds = Clouds {
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
        let reply = clouds.ask(&request);
        assert_eq!(reply["Response"].is_object(), is_tencent, "{host}: {reply}");
    }
    // Headers have precedence over the host.
    let request = TestRequest::get("")
        .header("Host", "kms.cn-hangzhou.aliyuncs.com")
        .header("X-TC-Action", "ListSecrets");
    assert!(clouds.ask(&request)["Response"].is_object());
}
