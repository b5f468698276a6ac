//! The language of Resource Access Management of Alibaba Cloud.
//!
//! The vendor's pages: *Policy structure and syntax*, *Policy elements*, *Conditional operators*; for the keys of KMS,
//! *Policy condition keys*.

use chrono::SecondsFormat;

use super::condition::{Comparison, Kind, Operator};
use super::language::{Language, Names};
use super::pattern::Pattern;
use super::request_context::RequestContext;
use crate::model::{Cloud, Tag};

pub(super) static RAM: Language = Language {
    cloud: Cloud::Alibaba,
    version: "1",
    names: Names {
        version: "Version",
        statement: "Statement",
        sid: "Sid",
        effect: "Effect",
        principal: "Principal",
        action: "Action",
        not_action: Some("NotAction"),
        resource: "Resource",
        condition: "Condition",
    },
    effects: ["Allow", "Deny"],
    has_single_statement: false,
    has_common_principal: false,
    principal_type: "RAM",
    other_principal_types: ["Federated", "Service"],
    action,
    resource,
    principal: Pattern::new,
    operator,
    qualifiers: None,
    if_exists: None,
    // Assumption: an absent value equals none of the values of the policy.
    absent_meets_negated: true,
    values,
    is_known_key,
};

/// The ARN of a caller without a role, as in the reply to `GetCallerIdentity` of STS.
pub(super) fn caller_name(account: &str, access_key_id: Option<&str>) -> String {
    match access_key_id {
        Some(id) => format!("acs:ram::{account}:user/{id}"),
        None => format!("acs:ram::{account}:root"),
    }
}

/// The vendor's page: actions are "in most cases not case-sensitive".
fn action(text: &str) -> Result<Pattern, String> {
    if text == "*" || text.contains(':') {
        Ok(Pattern::ignoring_case(text))
    } else {
        Err(format!(
            "`{text}` is not an action: expected `<service>:<operation>` or `*`"
        ))
    }
}

fn resource(text: &str) -> Result<Pattern, String> {
    if text.starts_with("acs:") || text.starts_with('*') {
        Ok(Pattern::new(text))
    } else {
        Err(format!(
            "`{text}` is not a resource: expected `acs:<service>:<region>:<account>:<resource>` or `*`"
        ))
    }
}

fn operator(name: &str) -> Option<Operator> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match name {
        "StringEquals" => Operator::new(Kind::Text),
        "StringNotEquals" => Operator::not(Kind::Text),
        "StringEqualsIgnoreCase" => Operator::new(Kind::TextIgnoringCase),
        "StringNotEqualsIgnoreCase" => Operator::not(Kind::TextIgnoringCase),
        "StringLike" => Operator::new(Kind::Pattern),
        "StringNotLike" => Operator::not(Kind::Pattern),
        "NumericEquals" => Operator::new(Kind::Number(Equal)),
        "NumericNotEquals" => Operator::not(Kind::Number(Equal)),
        "NumericLessThan" => Operator::new(Kind::Number(Less)),
        "NumericLessThanEquals" => Operator::new(Kind::Number(LessOrEqual)),
        "NumericGreaterThan" => Operator::new(Kind::Number(Greater)),
        "NumericGreaterThanEquals" => Operator::new(Kind::Number(GreaterOrEqual)),
        "DateEquals" => Operator::new(Kind::Date(Equal)),
        "DateNotEquals" => Operator::not(Kind::Date(Equal)),
        "DateLessThan" => Operator::new(Kind::Date(Less)),
        "DateLessThanEquals" => Operator::new(Kind::Date(LessOrEqual)),
        "DateGreaterThan" => Operator::new(Kind::Date(Greater)),
        "DateGreaterThanEquals" => Operator::new(Kind::Date(GreaterOrEqual)),
        "Bool" => Operator::new(Kind::Boolean),
        "IpAddress" => Operator::new(Kind::Ip),
        "NotIpAddress" => Operator::not(Kind::Ip),
        _ => return None,
    })
}

/// The prefixes of condition keys that end with the key of a tag.
const RESOURCE_TAG: [&str; 2] = ["acs:ResourceTag/", "kms:tag/"];
const REQUEST_TAG: &str = "acs:RequestTag/";

const KEYS: [&str; 5] = [
    "acs:CurrentTime",
    "acs:SecureTransport",
    "acs:SourceIp",
    "acs:MFAPresent",
    "acs:PrincipalARN",
];

fn is_known_key(key: &str) -> bool {
    let mut prefixes = RESOURCE_TAG.iter().chain([&REQUEST_TAG]);
    KEYS.contains(&key) || prefixes.any(|prefix| key.starts_with(prefix))
}

fn values(key: &str, request: &RequestContext) -> Vec<String> {
    let of_tags = |tags: &[Tag], key: &str| {
        let tags = tags.iter().filter(|tag| tag.key == key);
        tags.map(|tag| tag.value.clone()).collect()
    };
    let value = match key {
        "acs:CurrentTime" => Some(request.now.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        "acs:SecureTransport" => Some(request.client.is_encrypted.to_string()),
        "acs:SourceIp" => request.client_ip(),
        // Access keys are used without a second factor.
        "acs:MFAPresent" => Some(false.to_string()),
        // The role of a session, a user, or the account itself.
        "acs:PrincipalARN" => request.caller.names.first().cloned(),
        _ => {
            let mut prefixes = RESOURCE_TAG.iter();
            if let Some(key) = prefixes.find_map(|prefix| key.strip_prefix(prefix)) {
                return of_tags(&request.permission.tags, key);
            }
            if let Some(key) = key.strip_prefix(REQUEST_TAG) {
                return of_tags(&request.permission.request_tags, key);
            }
            None
        }
    };
    value.into_iter().collect()
}
