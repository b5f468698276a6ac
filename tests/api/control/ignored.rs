//! Parameters without an effect are named in the hint, the log and the coverage report. The reply is that of
//! the real service, which ignores them.

use serde_json::{Value, json};

use super::Controlled;
use crate::process::Running;
use crate::support::{TestRequest, hint_of};

/// The body and the hint of a reply of Alibaba Cloud.
fn answer(
    server: &Controlled,
    action: &str,
    parameters: &[(&str, &str)],
) -> (Value, Option<String>) {
    let mut request = TestRequest::get(&format!("Action={action}&Version=2016-01-20"));
    for (name, value) in parameters {
        request.add_to_query(name, value);
    }
    let reply = request.ask(&server.emulator);
    let body = serde_json::from_slice(&reply.body).unwrap();
    (body, hint_of(&reply))
}

/// The parameters in the coverage report that an operation ignored.
fn reported(server: &Controlled, action: &str) -> Value {
    let report = server.ok("GET", "coverage", "");
    let operations = report["clouds"][0]["operations"].as_array().unwrap();
    let operation = operations.iter().find(|used| used["action"] == action);
    operation.unwrap()["unsupported_parameters"].clone()
}

#[test]
fn ignored_parameter_is_named_with_the_one_it_resembles() {
    for (action, parameters, hint, reported_as) in [
        (
            "ListSecrets",
            &[("pageSize", "1")][..],
            "ignored `pageSize`: ListSecrets has `PageSize`",
            json!(["pageSize"]),
        ),
        (
            "ListSecrets",
            &[("MaxResults", "1")],
            "ignored `MaxResults`: ListSecrets has `PageSize`",
            json!(["MaxResults"]),
        ),
        (
            "ListSecrets",
            &[
                ("Filters.1.Key", "SecretName"),
                ("Filters.1.Values.1", "nope"),
            ],
            "ignored `Filters.1.Key`: `Filters` is a single parameter",
            json!(["Filters", "Filters.1.Key"]),
        ),
        (
            "ListSecrets",
            &[("Filter", "[]")],
            "ignored `Filter`: ListSecrets has `Filters`",
            json!(["Filter"]),
        ),
        (
            "ListSecrets",
            &[("Filters", r#"[{"Key":"SecretName","Value":"nope"}]"#)],
            "ignored `Value` in Filters: a filter has `Values`",
            json!(["Filters.Value"]),
        ),
        (
            "CreateSecret",
            &[
                ("SecretName", "new"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("Tag.1.Key", "k"),
                ("Tag.1.Value", "v"),
            ],
            "ignored `Tag.1.Key`: CreateSecret has `Tags`",
            json!(["Tag.1.Key", "Tag.1.Value"]),
        ),
        (
            "DescribeSecret",
            &[("SecretName", "shop/db/password"), ("PageSize", "1")],
            "ignored `PageSize`: DescribeSecret does not have it",
            json!(["PageSize"]),
        ),
    ] {
        let server = Controlled::new();
        let (body, given) = answer(&server, action, parameters);
        assert_eq!(body["Code"], Value::Null, "{body}");
        assert_eq!(given.as_deref(), Some(hint));
        assert_eq!(reported(&server, action), reported_as, "{parameters:?}");
    }
}

#[test]
fn reply_is_that_without_the_ignored_parameter() {
    let server = Controlled::new();
    let (all, hint) = answer(&server, "ListSecrets", &[]);
    assert_eq!(hint, None);
    for parameters in [
        ("pageSize", "1"),
        ("Filters.1.Key", "SecretName"),
        ("Filters", r#"[{"Key":"SecretName","Value":"nope"}]"#),
    ] {
        let (body, _) = answer(&server, "ListSecrets", &[parameters]);
        assert_eq!(body["SecretList"], all["SecretList"]);
    }
}

#[test]
fn parameter_of_a_list_is_not_ignored() {
    let server = Controlled::new();
    let parameters = [
        ("ResourceType", "secret"),
        ("ResourceId.1", "shop/db/password"),
        ("Tag.1.Key", "k"),
        ("Tag.1.Value", "v"),
    ];
    let (_, hint) = answer(&server, "TagResources", &parameters);
    assert_eq!(hint, None);
    assert_eq!(reported(&server, "TagResources"), json!([]));
}

#[test]
fn name_that_may_be_a_value_is_not_shown() {
    for name in [
        "hunter2",
        "SecretName=hunter2",
        "PageSize.hunter2",
        "{\"hunter2\":1}",
    ] {
        let server = Controlled::new();
        let (_, hint) = answer(&server, "ListSecrets", &[(name, "x")]);
        let hint = hint.unwrap();
        assert!(
            hint.starts_with("ignored") && !hint.contains("hunter2"),
            "{hint}"
        );
        let listed = reported(&server, "ListSecrets").to_string();
        assert!(!listed.contains("hunter2"), "{listed}");
    }
    let server = Controlled::new();
    let filters = r#"[{"Key":"SecretName","hunter2":"x"}]"#;
    let (_, hint) = answer(&server, "ListSecrets", &[("Filters", filters)]);
    assert_eq!(
        hint.unwrap(),
        "ignored `***` in Filters: a filter has `Values`"
    );
}

#[test]
fn ignored_parameter_is_added_to_another_hint() {
    let server = Controlled::new();
    let parameters = [("SecretName", "none"), ("fetchTags", "true")];
    let (body, hint) = answer(&server, "DescribeSecret", &parameters);
    assert_eq!(body["Code"], "Forbidden.ResourceNotFound");
    let expected = "not a parameter here: `fetchTags`: DescribeSecret has `FetchTags`";
    assert_eq!(hint.as_deref(), Some(expected));
}

#[test]
fn ignored_parameter_is_a_warning_in_the_log() {
    let server = Running::with(&["--log-format", "json"]);
    server.get("/?Action=ListSecrets&pageSize=1");
    let (_, log) = server.stop("TERM");
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let line = lines
        .into_iter()
        .find(|line| line["message"] == "request")
        .unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(
        line["hint"],
        "ignored `pageSize`: ListSecrets has `PageSize`"
    );
}
