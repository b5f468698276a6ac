//! Calls of products that the emulator does not have, and the endpoints of those that it has.

use crate::control::Controlled;
use crate::support::{TestRequest, hint_of};

#[test]
fn a_call_of_another_product_is_named_in_journal_and_coverage() {
    let controlled = Controlled::empty();
    for (request, name) in [
        (
            TestRequest::get("Action=ListUsers&Version=2015-05-01"),
            "Ram 2015-05-01 ListUsers",
        ),
        (
            TestRequest::get("")
                .header("x-acs-action", "DescribeInstances")
                .header("x-acs-version", "2014-05-26"),
            "Ecs 2014-05-26 DescribeInstances",
        ),
        (
            TestRequest::get("Action=Foo&Version=1999-01-01"),
            "unknown product 1999-01-01 Foo",
        ),
    ] {
        let (status, code) = request.verdict(&controlled.emulator);
        assert_eq!((status, &*code), (400, "InvalidVersion"));
        let journal = controlled.ok("GET", "journal", "");
        let last = journal["requests"].as_array().unwrap().last().unwrap();
        assert_eq!(last["action"], name);
        let coverage = controlled.ok("GET", "coverage", "").to_string();
        assert!(coverage.contains(name), "{coverage}");
    }
}

#[test]
fn the_host_of_another_product_has_the_error_of_that_product_in_the_format_of_the_request() {
    let controlled = Controlled::new();
    let ecs = "ecs.cn-hangzhou.aliyuncs.com";
    for (request, host, name) in [
        (
            TestRequest::get("Action=DescribeInstances&Version=2014-05-26"),
            ecs,
            "ecs 2014-05-26 DescribeInstances",
        ),
        (
            TestRequest::get("Action=DescribeInstances&Version=2014-05-26").sign_v1("test", &[]),
            "rds.aliyuncs.com",
            "rds 2014-05-26 DescribeInstances",
        ),
        // The version and the operation of KMS do not select it there.
        (
            TestRequest::get("Action=ListSecrets&Version=2016-01-20"),
            ecs,
            "ecs 2016-01-20 ListSecrets",
        ),
        (
            TestRequest::get("Action=ListSecrets"),
            ecs,
            "ecs - ListSecrets",
        ),
        (
            TestRequest {
                method: "PUT".to_owned(),
                path: "/api/v1/clusters".to_owned(),
                ..TestRequest::get("")
            }
            .header("x-acs-action", "CreateCluster")
            .header("x-acs-version", "2015-12-15"),
            "cs.cn-hangzhou.aliyuncs.com",
            "cs 2015-12-15 CreateCluster",
        ),
    ] {
        let request = request.header("Host", host);
        let reply = request.ask(&controlled.emulator);
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            (reply.status, &body["Code"]),
            (400, &"InvalidVersion".into())
        );
        assert_eq!(body["Message"], "Specified parameter Version is not valid.");
        assert_eq!(body["HostId"], host);
        assert_eq!(body["HttpStatus"], serde_json::Value::Null);
        let hint = hint_of(&reply);
        assert_eq!(
            hint.as_deref(),
            Some("the emulator has endpoints for kms and sts only")
        );
        let journal = controlled.ok("GET", "journal", "");
        let last = journal["requests"].as_array().unwrap().last().unwrap();
        assert_eq!(last["action"], name);
        let coverage = controlled.ok("GET", "coverage", "");
        assert_eq!(coverage["clouds"][0]["unknown_operations"][name], 1);
    }
    // The recorded form of the gateway.
    let request = TestRequest::get("Action=DescribeInstances&Version=2014-05-26&Format=XML");
    let reply = request.header("Host", ecs).ask(&controlled.emulator);
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(
        body.contains("<Error><HostId>ecs.cn-hangzhou.aliyuncs.com</HostId>"),
        "{body}"
    );
    assert!(body.contains("<Code>InvalidVersion</Code>"), "{body}");
}

#[test]
fn neither_the_control_api_nor_the_page_is_served_at_the_host_of_another_product() {
    let controlled = Controlled::new();
    for host in ["ecs.cn-hangzhou.aliyuncs.com", "cvm.tencentcloudapi.com"] {
        for path in [
            "/_emulator/journal",
            "/_emulator/explorer/",
            "/_emulator/credentials",
        ] {
            let request = TestRequest {
                path: path.to_owned(),
                ..TestRequest::get("")
            };
            let reply = request.header("Host", host).ask(&controlled.emulator);
            assert!(
                matches!(reply.status, 400 | 404),
                "{host} {path} {}",
                reply.status
            );
            assert!(!String::from_utf8_lossy(&reply.body).contains("AccessKey"));
        }
    }
    let request = TestRequest::get("Action=DescribeInstances&Version=2014-05-26");
    let bucket = "bucket.oss-cn-hangzhou.aliyuncs.com";
    assert_eq!(
        request
            .header("Host", bucket)
            .ask(&controlled.emulator)
            .status,
        403
    );
}

#[test]
fn the_endpoint_of_a_service_is_the_server_that_was_asked() {
    let controlled = Controlled::empty();
    let endpoints = |host: &str, service: &str| {
        let query = format!(
            "Action=DescribeEndpoints&Version=2015-06-12&Id=cn-beijing&ServiceCode={service}&Type=openAPI"
        );
        let reply = TestRequest::get(&query)
            .header("Host", host)
            .ask(&controlled.emulator);
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["Success"], true, "{body}");
        body["Endpoints"]["Endpoint"].clone()
    };
    let found = endpoints("127.0.0.1:8080", "kms");
    assert_eq!(found[0]["Endpoint"], "127.0.0.1:8080");
    assert_eq!(found[0]["SerivceCode"], "kms");
    assert_eq!(found[0]["Id"], "cn-beijing");
    assert_eq!(found[0]["Type"], "openAPI");
    let found = endpoints("location-readonly.aliyuncs.com", "kms");
    assert_eq!(found[0]["Endpoint"], "kms.cn-beijing.aliyuncs.com");
    assert_eq!(endpoints("127.0.0.1:8080", "ecs"), serde_json::json!([]));
}
