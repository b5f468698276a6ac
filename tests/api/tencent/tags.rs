//! The service Tag, over the tags that `ListSecrets` filters by.

use serde_json::{Value, json};

use super::session::{Session, request, resource, resource_id};
use crate::control::Controlled;
use crate::support::{ACCOUNT, TestRequest};

const RESOURCE_ERROR: &str = "InvalidParameterValue.ResourceDescriptionError";

/// The tags of the secret with this name, each as `key=value`.
fn tags_of(session: &Session, name: &str) -> Vec<String> {
    let response = session.ok(
        "DescribeResourceTagsByResourceIds",
        &of_ids(&[resource_id(name)]),
    );
    shown(&response["Tags"])
}

fn of_ids(ids: &[String]) -> Value {
    json!({"ServiceType": "ssm", "ResourcePrefix": "secret", "ResourceRegion": "ap-guangzhou", "ResourceIds": ids})
}

fn shown(tags: &Value) -> Vec<String> {
    let text = |tag: &Value, name: &str| tag[name].as_str().unwrap().to_owned();
    let tags = tags.as_array().unwrap().iter();
    tags.map(|tag| format!("{}={}", text(tag, "TagKey"), text(tag, "TagValue")))
        .collect()
}

fn replace(tags: &[(&str, &str)]) -> Value {
    let tags = tags
        .iter()
        .map(|(key, value)| json!({"TagKey": key, "TagValue": value}));
    tags.collect()
}

#[test]
fn changes_of_tags_are_seen_by_the_filters_of_list_secrets() {
    let session = Session::new();
    session.create("s");
    session.create("t");
    let filter = |value: &str| json!({"TagFilters": [{"TagKey": "env", "TagValue": [value]}]});
    session.ok(
        "ModifyResourceTags",
        &json!({"Resource": resource("s"), "ReplaceTags": replace(&[("env", "dev"), ("team", "a")])}),
    );
    assert_eq!(session.list(&filter("dev")).0, ["s"]);
    assert_eq!(tags_of(&session, "s"), ["env=dev", "team=a"]);
    session.ok(
        "ModifyResourceTags",
        &json!({"Resource": resource("s"), "ReplaceTags": replace(&[("env", "prod"), ("new", "")]),
            "DeleteTags": [{"TagKey": "team"}, {"TagKey": "unknown"}]}),
    );
    assert_eq!(session.list(&filter("dev")).1, 0);
    assert_eq!(session.list(&filter("prod")).0, ["s"]);
    assert_eq!(tags_of(&session, "s"), ["env=prod", "new="]);
    let one = |key: &str, value: &str| json!({"Resource": resource("s"), "TagKey": key, "TagValue": value});
    session.ok("AddResourceTag", &one("owner", "me"));
    session.ok("UpdateResourceTagValue", &one("env", "test"));
    session.ok(
        "DeleteResourceTag",
        &json!({"Resource": resource("s"), "TagKey": "new"}),
    );
    assert_eq!(tags_of(&session, "s"), ["env=test", "owner=me"]);
    assert_eq!(session.list(&filter("test")).0, ["s"]);
    assert_eq!(tags_of(&session, "t"), [""; 0]);
}

#[test]
fn a_tag_has_the_md5_digests_of_its_key_and_value() {
    let session = Session::new();
    session.create("s");
    session.ok(
        "AddResourceTag",
        &json!({"Resource": resource("s"), "TagKey": "a", "TagValue": "abc"}),
    );
    let response = session.ok(
        "DescribeResourceTagsByResourceIds",
        &of_ids(&[resource_id("s")]),
    );
    // The digests are test vectors of RFC 1321.
    assert_eq!(
        response["Tags"],
        json!([{"TagKey": "a", "TagValue": "abc", "ResourceId": resource_id("s"),
            "TagKeyMd5": "0cc175b9c0f1b6a831c399e269772661", "TagValueMd5": "900150983cd24fb0d6963f7d28e17f72",
            "ServiceType": "ssm", "Category": "Custom"}])
    );
    assert_eq!(
        [
            &response["TotalCount"],
            &response["Offset"],
            &response["Limit"]
        ],
        [1, 0, 15]
    );
}

#[test]
fn tags_of_several_resources_have_pages() {
    let session = Session::new();
    for name in ["s", "t", "u"] {
        session.create(name);
        let tags = replace(&[("one", name), ("two", name)]);
        session.ok(
            "ModifyResourceTags",
            &json!({"Resource": resource(name), "ReplaceTags": tags}),
        );
    }
    let ids = ["t", "absent", "s", "t"].map(resource_id);
    let page = |offset: u32, limit: u32| {
        let mut parameters = of_ids(&ids);
        parameters["Offset"] = offset.into();
        parameters["Limit"] = limit.into();
        let response = session.ok("DescribeResourceTagsByResourceIds", &parameters);
        assert_eq!(response["TotalCount"], 4);
        shown(&response["Tags"])
    };
    assert_eq!(page(0, 3), ["one=t", "two=t", "one=s"]);
    assert_eq!(page(3, 3), ["two=s"]);
    assert_eq!(page(6, 3), [""; 0]);
    let mut parameters = of_ids(&ids);
    parameters["Category"] = "System".into();
    let response = session.ok("DescribeResourceTagsByResourceIds", &parameters);
    assert_eq!(response["TotalCount"], 0);

    let all = |parameters: Value| {
        let response = session.ok("DescribeResourceTags", &parameters);
        (
            response["TotalCount"].as_u64().unwrap(),
            shown(&response["Rows"]),
        )
    };
    let (total, tags) = all(json!({"Limit": 2, "Offset": 2}));
    assert_eq!(
        (total, tags),
        (6, vec!["one=t".to_owned(), "two=t".to_owned()])
    );
    for (parameters, total) in [
        (
            json!({"ResourceId": resource_id("t"), "ServiceType": "ssm", "ResourcePrefix": "secret"}),
            2,
        ),
        (
            json!({"ResourceId": "t", "ResourceRegion": "ap-guangzhou"}),
            2,
        ),
        (
            json!({"ResourceId": "t", "ResourceRegion": "ap-beijing"}),
            0,
        ),
        (json!({"ResourceId": "absent"}), 0),
        (json!({"CreateUin": 1_000_000_000_000_000_u64}), 6),
        (json!({"CreateUin": 2_000_000_000_000_000_u64}), 0),
        (
            json!({"CreateUin": 2_000_000_000_000_000_u64, "ResourceId": "t"}),
            0,
        ),
        (json!({"ServiceType": "cvm"}), 0),
        (json!({"ResourcePrefix": "instance"}), 0),
        (json!({"CosResourceId": 1, "ResourceId": "bucket"}), 0),
    ] {
        assert_eq!(all(parameters.clone()).0, total, "{parameters}");
    }
    assert_eq!(
        session.verdict("DescribeResourceTags", &json!({"CosResourceId": 1})),
        "MissingParameter"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn parameters_against_the_rules_have_the_codes_of_the_sdk() {
    let session = Session::new();
    session.create("s");
    let of_one = |member: &str, value: Value| {
        let mut parameters = of_ids(&[resource_id("s")]);
        parameters[member] = value;
        parameters
    };
    let modify = |lists: Value| {
        let mut parameters = lists;
        parameters["Resource"] = resource("s").into();
        parameters
    };
    let many = |count: usize| -> Value {
        (0..count)
            .map(|n| json!({"TagKey": format!("k{n}"), "TagValue": "v"}))
            .collect()
    };
    session.ok(
        "ModifyResourceTags",
        &modify(json!({"ReplaceTags": replace(&[("attached", "v")])})),
    );
    for (action, parameters, code) in [
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ServiceType", "".into()),
            "InvalidParameterValue.ServiceTypeInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourcePrefix", "key".into()),
            "InvalidParameterValue.ResourcePrefixInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceRegion", "".into()),
            "InvalidParameterValue.RegionInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceRegion", "nowhere".into()),
            "InvalidParameterValue.RegionInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceRegion", "ap-mumbai".into()),
            "OK",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", json!([])),
            "InvalidParameterValue",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", json!(["s"])),
            "InvalidParameterValue.ResourceIdInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", json!(["", "s"])),
            "InvalidParameterValue.ResourceIdInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", vec![resource_id("s"); 51].into()),
            "InvalidParameterValue",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", json!("s")),
            "InvalidParameter",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("ResourceIds", json!([1])),
            "InvalidParameter",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("Offset", 7.into()),
            "InvalidParameterValue.OffsetInvalid",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("Limit", 0.into()),
            "InvalidParameterValue",
        ),
        (
            "DescribeResourceTagsByResourceIds",
            of_one("Category", "custom".into()),
            "InvalidParameterValue",
        ),
        (
            "DescribeResourceTags",
            json!({"Offset": 7}),
            "InvalidParameterValue.OffsetInvalid",
        ),
        (
            "DescribeResourceTags",
            json!({"CosResourceId": 2}),
            "InvalidParameterValue",
        ),
        (
            "ModifyResourceTags",
            modify(json!({})),
            "InvalidParameter.Tag",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": []})),
            "InvalidParameter.Tag",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": many(1), "DeleteTags": []})),
            "InvalidParameter.Tag",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": replace(&[("k", "1"), ("k", "2")])})),
            "InvalidParameter.Tag",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": many(1), "DeleteTags": [{"TagKey": "k0"}]})),
            "InvalidParameterValue.DeleteTagsParamError",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": many(11)})),
            "LimitExceeded.Quota",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"DeleteTags": [{"TagKey": ""}]})),
            "InvalidParameterValue.TagKeyEmpty",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"DeleteTags": [{"TagKey": "k", "TagValue": "v"}]})),
            "UnknownParameter",
        ),
        (
            "ModifyResourceTags",
            modify(json!({"ReplaceTags": [{"TagKey": "k", "TagValue": "v", "Category": "All"}]})),
            "OK",
        ),
        (
            "AddResourceTag",
            modify(json!({"TagKey": "attached", "TagValue": "v"})),
            "ResourceInUse.TagKeyAttached",
        ),
        (
            "AddResourceTag",
            modify(json!({"TagKey": "project", "TagValue": "v"})),
            "InvalidParameter.ReservedTagKey",
        ),
        (
            "AddResourceTag",
            modify(json!({"TagKey": "k2", "TagValue": " v"})),
            "InvalidParameterValue.TagValueCharacterIllegal",
        ),
        (
            "AddResourceTag",
            modify(json!({"TagKey": "k2"})),
            "MissingParameter",
        ),
    ] {
        assert_eq!(
            session.verdict(action, &parameters),
            code,
            "{action} {parameters}"
        );
    }
}

#[test]
fn a_secret_has_at_most_50_tags() {
    let session = Session::new();
    session.create("s");
    for start in (0..50).step_by(10) {
        let tags: Value = (start..start + 10)
            .map(|n| json!({"TagKey": format!("k{n}"), "TagValue": "v"}))
            .collect();
        session.ok(
            "ModifyResourceTags",
            &json!({"Resource": resource("s"), "ReplaceTags": tags}),
        );
    }
    let one_more = json!({"Resource": resource("s"), "TagKey": "k50", "TagValue": "v"});
    assert_eq!(
        session.verdict("AddResourceTag", &one_more),
        "LimitExceeded.ResourceAttachedTags"
    );
    let another = json!({"Resource": resource("s"), "ReplaceTags": replace(&[("k50", "v")])});
    assert_eq!(
        session.verdict("ModifyResourceTags", &another),
        "LimitExceeded.ResourceAttachedTags"
    );
    let exchanged = json!({"Resource": resource("s"), "ReplaceTags": replace(&[("k50", "v")]), "DeleteTags": [{"TagKey": "k0"}]});
    assert_eq!(session.verdict("ModifyResourceTags", &exchanged), "OK");
    let mut parameters = of_ids(&[resource_id("s")]);
    parameters["Limit"] = 1.into();
    assert_eq!(
        session.ok("DescribeResourceTagsByResourceIds", &parameters)["TotalCount"],
        50
    );
}

#[test]
fn resources_of_other_accounts_regions_and_services_are_not_found() {
    let session = Session::new();
    session.create("s");
    let other = "2000000000000000";
    for text in [
        resource("absent"),
        resource("s").replace("ap-guangzhou", "ap-beijing"),
        resource("s").replace("ap-guangzhou", "nowhere"),
        resource("s").replace("uin/1000000000000000:", &format!("uin/{other}:")),
        resource("s").replace(
            "creatorUin/1000000000000000",
            &format!("creatorUin/{other}"),
        ),
        resource("s").replace("ssm", "cvm"),
        "s".to_owned(),
        String::new(),
    ] {
        let parameters = json!({"Resource": text, "TagKey": "k", "TagValue": "v"});
        assert_eq!(
            session.verdict("AddResourceTag", &parameters),
            RESOURCE_ERROR,
            "{text}"
        );
    }
    // Terraform leaves the account empty.
    let without = resource("s").replace("uin/1000000000000000:", "uin/:");
    session.ok(
        "AddResourceTag",
        &json!({"Resource": without, "TagKey": "k", "TagValue": "v"}),
    );
    // Another account has a secret of the same name.
    let as_other = |action: &str, parameters: &Value| {
        let authorization = format!(
            "TC3-HMAC-SHA256 Credential={other}/2026-01-02/tag/tc3_request, SignedHeaders=content-type;host, Signature=00"
        );
        session.ask(&request(action, parameters).header("Authorization", &authorization))
    };
    let response = as_other(
        "DescribeResourceTagsByResourceIds",
        &of_ids(&[resource_id("s")]),
    );
    assert_eq!(response["TotalCount"], 0);
    let response = as_other(
        "DeleteResourceTag",
        &json!({"Resource": resource("s"), "TagKey": "k"}),
    );
    assert_eq!(response["Error"]["Code"], RESOURCE_ERROR);
    assert_eq!(tags_of(&session, "s"), ["k=v"]);
}

#[test]
fn tags_are_changed_in_forms_and_queries_too() {
    let session = Session::new();
    session.create("s");
    let resource = resource("s");
    for query in [
        format!(
            "Action=ModifyResourceTags&Version=2018-08-13&Resource={resource}&ReplaceTags.0.TagKey=a&ReplaceTags.0.TagValue=1&ReplaceTags.1.TagKey=b&ReplaceTags.1.TagValue="
        ),
        format!(
            "Action=ModifyResourceTags&Version=2018-08-13&Resource={resource}&DeleteTags.0.TagKey=a"
        ),
    ] {
        assert_eq!(
            session.ask(&TestRequest::get(&query))["Error"],
            Value::Null,
            "{query}"
        );
    }
    let query = format!(
        "Action=DescribeResourceTagsByResourceIds&Version=2018-08-13&ServiceType=ssm&ResourcePrefix=secret&ResourceRegion=ap-guangzhou&ResourceIds.0={}&Limit=5",
        resource_id("s")
    );
    let response = session.ask(&TestRequest::get(&query));
    assert_eq!(shown(&response["Tags"]), ["b="]);
}

#[test]
fn the_region_of_the_request_is_not_that_of_the_resource() {
    let session = Session::new();
    session.create("s");
    let add = |key: &str, region: &str| {
        let parameters = json!({"Resource": resource("s"), "TagKey": key, "TagValue": "v"});
        let response =
            session.ask(&request("AddResourceTag", &parameters).header("X-TC-Region", region));
        response["Error"]["Code"]
            .as_str()
            .unwrap_or("OK")
            .to_owned()
    };
    assert_eq!(add("a", "ap-beijing"), "OK");
    // Secrets are not offered there.
    assert_eq!(add("b", "ap-mumbai"), "OK");
    assert_eq!(add("c", "nowhere"), "InvalidParameterValue");
    assert_eq!(tags_of(&session, "s"), ["a=v", "b=v"]);
}

/// A request whose signature has this service in its scope.
fn scoped(host: &str, scope: &str, version: &str, action: &str) -> TestRequest {
    let mut request = request(action, &json!({}));
    request
        .headers
        .retain(|(name, _)| !matches!(&**name, "X-TC-Version" | "Host"));
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={ACCOUNT}/2026-01-02/{scope}/tc3_request, SignedHeaders=content-type;host, Signature=00"
    );
    request
        .header("Host", host)
        .header("X-TC-Version", version)
        .header("Authorization", &authorization)
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn an_error_names_the_product_that_the_request_is_for() {
    let mut session = Session::new();
    session.emulator.host_names = vec!["kms.test".to_owned()];
    let no_version = |version: &str, product: &str| {
        let text =
            format!("The specified api version=`{version}` does not exist in service=`{product}`.");
        ("NoSuchVersion".to_owned(), text)
    };
    let no_action = |action: &str, product: &str, version: &str| {
        let text = format!(
            "The request action=`{action}` is invalid or not found in service=`{product}` and version=`{version}`."
        );
        ("InvalidAction".to_owned(), text)
    };
    let no_product = |product: &str| {
        let text = format!("The specified product=`{product}` does not exist.");
        ("NoSuchProduct".to_owned(), text)
    };
    let local = "127.0.0.1:8080";
    for (host, scope, version, action, expected) in [
        (
            "tag.tencentcloudapi.com",
            "tag",
            "2019-09-23",
            "ListSecrets",
            no_version("2019-09-23", "tag"),
        ),
        (
            "ssm.tencentcloudapi.com",
            "ssm",
            "2018-08-13",
            "AddResourceTag",
            no_version("2018-08-13", "ssm"),
        ),
        (
            "tag.localhost:8080",
            "tag",
            "2018-08-13",
            "ListSecrets",
            no_action("ListSecrets", "tag", "2018-08-13"),
        ),
        (
            "tag.kms.test",
            "tag",
            "2018-08-14",
            "GetTags",
            no_version("2018-08-14", "tag"),
        ),
        (
            local,
            "tag",
            "2018-08-13",
            "Foo",
            no_action("Foo", "tag", "2018-08-13"),
        ),
        (
            local,
            "tag",
            "2019-09-23",
            "ListSecrets",
            no_version("2019-09-23", "tag"),
        ),
        (
            local,
            "127",
            "2018-08-13",
            "GetTags",
            (
                "UnsupportedOperation".to_owned(),
                "This action is not supported.".to_owned(),
            ),
        ),
        (
            local,
            "127",
            "2019-09-22",
            "AddResourceTag",
            no_version("2019-09-22", "tag"),
        ),
        (
            local,
            "127",
            "2019-09-22",
            "Foo",
            no_version("2019-09-22", "ssm"),
        ),
        (
            local,
            "cvm",
            "2017-03-12",
            "DescribeInstances",
            no_product("cvm"),
        ),
        (local, "kms", "2019-01-18", "ListKeys", no_product("kms")),
        (
            local,
            "cvm",
            "2019-09-23",
            "Foo",
            no_action("Foo", "ssm", "2019-09-23"),
        ),
        (
            local,
            "a`b",
            "2017-03-12",
            "Foo",
            no_version("2017-03-12", "ssm"),
        ),
        (
            "localhost:8080",
            "localhost:8080",
            "2017-03-12",
            "Foo",
            no_version("2017-03-12", "ssm"),
        ),
    ] {
        let request = scoped(host, scope, version, action);
        assert_eq!(
            session.error(&request),
            expected,
            "{host} {scope} {version} {action}"
        );
    }
}

#[test]
fn the_host_of_another_product_names_it_in_the_error_and_the_journal() {
    let session = Controlled::new();
    for host in [
        "cvm.tencentcloudapi.com",
        "cvm.ap-guangzhou.tencentcloudapi.com",
        "cvm.intl.tencentcloudapi.com",
    ] {
        let request = TestRequest {
            method: "POST".into(),
            path: "/".into(),
            body: "{}".to_owned(),
            ..TestRequest::default()
        };
        let in_headers = request
            .header("Content-Type", "application/json")
            .header("X-TC-Action", "DescribeInstances")
            .header("X-TC-Version", "2017-03-12");
        let in_query = TestRequest::get("Action=DescribeInstances&Version=2017-03-12");
        for request in [in_headers, in_query] {
            let reply = request.header("Host", host).ask(&session.emulator);
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            let error = &body["Response"]["Error"];
            assert_eq!(
                (reply.status, &error["Code"]),
                (200, &json!("NoSuchProduct")),
                "{body}"
            );
            let journal = session.ok("GET", "journal", "");
            let last = journal["requests"].as_array().unwrap().last().unwrap();
            assert_eq!(last["cloud"], "tencent");
            assert_eq!(last["action"], "cvm 2017-03-12 DescribeInstances");
        }
    }
    let coverage = session.ok("GET", "coverage", "");
    let unknown = &coverage["clouds"][1]["unknown_operations"];
    assert_eq!(unknown["cvm 2017-03-12 DescribeInstances"], 6);
}
