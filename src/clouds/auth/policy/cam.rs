//! The language of Cloud Access Management of Tencent Cloud.
//!
//! The vendor's pages: *Element Reference Overview*, *Syntax Structure*, *Overview of Effective Conditions*, *Condition
//! Keys and Condition Operators*.

use chrono::SecondsFormat;

use super::condition::{Comparison, Kind, Operator};
use super::language::{Language, Names};
use super::pattern::Pattern;
use super::request_context::RequestContext;
use crate::model::{Cloud, Tag};

pub(super) static CAM: Language = Language {
    cloud: Cloud::Tencent,
    version: "2.0",
    names: Names {
        version: "version",
        statement: "statement",
        sid: "sid",
        effect: "effect",
        principal: "principal",
        action: "action",
        not_action: None,
        resource: "resource",
        condition: "condition",
    },
    effects: ["allow", "deny"],
    has_single_statement: true,
    has_common_principal: true,
    principal_type: "qcs",
    other_principal_types: ["federated", "service"],
    action,
    resource,
    principal,
    operator,
    qualifiers: Some(["for_all_value:", "for_any_value:"]),
    if_exists: Some("_if_exist"),
    // The vendor's page: only with the suffix, "the condition is met even if the context does not include the key".
    absent_meets_negated: false,
    values,
    is_known_key,
};

/// The resource name of a caller without a role: a sub-user named by the id of the access key, or the root account.
pub(super) fn caller_name(account: &str, access_key_id: Option<&str>) -> String {
    let user = access_key_id.unwrap_or(account);
    format!("qcs::cam::uin/{account}:uin/{user}")
}

/// An action, which may have the prefix `name/`.
fn action(text: &str) -> Result<Pattern, String> {
    let name = text.strip_prefix("name/").unwrap_or(text);
    if name == "*" || (name.contains(':') && !name.contains('/')) {
        Ok(Pattern::with_star(text, name))
    } else {
        Err(format!(
            "`{text}` is not an action: expected `<service>:<operation>`, `name/<service>:<operation>` or `*`"
        ))
    }
}

/// A resource in six segments. An empty region or account matches any, and the project is ignored.
fn resource(text: &str) -> Result<Pattern, String> {
    if !text.starts_with("qcs:") && !text.starts_with('*') {
        return Err(format!(
            "`{text}` is not a resource: expected `qcs::<service>:<region>:<account>:<resource>` or `*`"
        ));
    }
    let segments: Vec<_> = text.splitn(6, ':').collect();
    let [qcs, _, service, region, account, resource] = segments[..] else {
        return Ok(Pattern::with_star(text, text));
    };
    let any_if_empty = |segment: &str, empty: &str| {
        if segment == empty {
            format!("{empty}*")
        } else {
            segment.to_owned()
        }
    };
    let region = any_if_empty(region, "");
    let account = match account {
        "" => "*".to_owned(),
        account => any_if_empty(account, "uin/"),
    };
    let compared = format!("{qcs}:*:{service}:{region}:{account}:{resource}");
    Ok(Pattern::with_star(text, &compared))
}

fn principal(text: &str) -> Pattern {
    let anyone = ["qcs::cam::anyone:anyone", "qcs::cam::anonymous:anonymous"];
    let compared = if anyone.contains(&text) { "*" } else { text };
    Pattern::with_star(text, compared)
}

fn operator(name: &str) -> Option<Operator> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match name {
        "string_equal" | "binary_equal" => Operator::new(Kind::Text),
        "string_not_equal" => Operator::not(Kind::Text),
        "string_equal_ignore_case" => Operator::new(Kind::TextIgnoringCase),
        "string_not_equal_ignore_case" => Operator::not(Kind::TextIgnoringCase),
        "string_like" => Operator::new(Kind::Pattern),
        "string_not_like" => Operator::not(Kind::Pattern),
        "numeric_equal" => Operator::new(Kind::Number(Equal)),
        "numeric_not_equal" => Operator::not(Kind::Number(Equal)),
        "numeric_less_than" => Operator::new(Kind::Number(Less)),
        "numeric_less_than_equal" => Operator::new(Kind::Number(LessOrEqual)),
        "numeric_greater_than" => Operator::new(Kind::Number(Greater)),
        "numeric_greater_than_equal" => Operator::new(Kind::Number(GreaterOrEqual)),
        "date_equal" => Operator::new(Kind::Date(Equal)),
        "date_not_equal" => Operator::not(Kind::Date(Equal)),
        "date_less_than" => Operator::new(Kind::Date(Less)),
        "date_less_than_equal" => Operator::new(Kind::Date(LessOrEqual)),
        "date_greater_than" => Operator::new(Kind::Date(Greater)),
        "date_greater_than_equal" => Operator::new(Kind::Date(GreaterOrEqual)),
        "bool_equal" => Operator::new(Kind::Boolean),
        "ip_equal" => Operator::new(Kind::Ip),
        "ip_not_equal" => Operator::not(Kind::Ip),
        "null_equal" => Operator::new(Kind::Null),
        _ => return None,
    })
}

const CURRENT_TIME: &str = "qcs:current_time";
const IP: &str = "qcs:ip";
/// The values of this key and of `REQUEST_TAG` are tags as `KEY&VALUE`.
const RESOURCE_TAG: &str = "qcs:resource_tag";
const REQUEST_TAG: &str = "qcs:request_tag";
/// The prefix of an older form, which ends with the key of the tag.
const TAG: &str = "qcs:tag/";

fn is_known_key(key: &str) -> bool {
    [CURRENT_TIME, IP, RESOURCE_TAG, REQUEST_TAG].contains(&key) || key.starts_with(TAG)
}

fn values(key: &str, request: &RequestContext) -> Vec<String> {
    let pairs = |tags: &[Tag]| {
        let pairs = tags.iter().map(|tag| format!("{}&{}", tag.key, tag.value));
        pairs.collect()
    };
    match key {
        CURRENT_TIME => vec![request.now.to_rfc3339_opts(SecondsFormat::AutoSi, true)],
        IP => request.client_ip().into_iter().collect(),
        RESOURCE_TAG => pairs(&request.permission.tags),
        REQUEST_TAG => pairs(&request.permission.request_tags),
        _ => {
            let Some(key) = key.strip_prefix(TAG) else {
                return Vec::new();
            };
            let tags = request.permission.tags.iter().filter(|tag| tag.key == key);
            tags.map(|tag| tag.value.clone()).collect()
        }
    }
}
