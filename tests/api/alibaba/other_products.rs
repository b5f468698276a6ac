//! Calls of products that the emulator does not have, and the endpoints of those that it has.

use crate::control::Controlled;
use crate::support::TestRequest;

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
        assert_eq!(journal["requests"][0]["action"], name);
        let coverage = controlled.ok("GET", "coverage", "").to_string();
        assert!(coverage.contains(name), "{coverage}");
    }
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
