//! Policies that restrict a temporary key.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::errors::{POLICY_SYNTAX, POLICY_TOO_LONG};
use crate::clouds::auth::policy::{Policy, parse_text};
use crate::clouds::hint::Hint;
use crate::clouds::notes::Notes;
use crate::clouds::tencent::api3::error::ApiError;
use crate::model::Cloud;

/// The maximum length of a policy, after decoding. The vendor's page: *Custom policies* of Control Center.
const MAX_CHARACTERS: usize = 6144;

/// Parses a policy, which may be percent-encoded.
///
/// # Errors
///
/// `InvalidParameter.PolicyTooLong` and `InvalidParameter.StrategyFormatError`.
pub(super) fn parse(text: &str, notes: &Notes) -> Result<Arc<Policy>, ApiError> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| &POLICY_SYNTAX)?;
    if decoded.chars().count() > MAX_CHARACTERS {
        return Err((&POLICY_TOO_LONG).into());
    }
    match parse_text(&decoded) {
        // The vendor's page: the policy has no `principal`.
        Ok((policy, _)) if policy.cloud == Cloud::Tencent && !policy.has_principals() => {
            Ok(Arc::new(policy))
        }
        Ok(_) => Err((&POLICY_SYNTAX).into()),
        Err(error) => {
            notes.hint(Hint::PolicyRejected {
                error: error.to_string(),
            });
            Err((&POLICY_SYNTAX).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &str =
        r#"{"effect":"allow","action":["ssm:GetSecretValue"],"resource":["*"]}"#;

    #[test]
    fn a_policy_has_statements_with_effect_action_and_resource() {
        let padded = |length: usize| {
            let policy = r#"{"version":"2.0","statement":[]}"#;
            format!("{policy}{}", " ".repeat(length - policy.len()))
        };
        for (policy, code) in [
            (
                format!(r#"{{"version":"2.0","statement":[{STATEMENT}]}}"#),
                "OK",
            ),
            (
                format!(r#"{{"version":"2.0","statement":{STATEMENT}}}"#),
                "OK",
            ),
            (padded(6144), "OK"),
            (padded(6145), "InvalidParameter.PolicyTooLong"),
            // The vendor's example, encoded.
            (
                "%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22allow%22%2C%22action%22%3A%5B%22name%2Fcos%3APutObject%22%5D%2C%22resource%22%3A%5B%22qcs%3A%3Acos%3Aap-beijing%3Auid%2F123456%3Aprefix%2F%2F123456%2FbucketA%2F%2A%22%5D%7D%5D%7D".to_owned(),
                "OK",
            ),
            (
                r#"{"version":"2.0","statement":[{"principal":"*","effect":"allow","action":"*","resource":"*"}]}"#.to_owned(),
                "InvalidParameter.StrategyFormatError",
            ),
            (r#"{"version":"1.0","statement":[]}"#.to_owned(), "InvalidParameter.StrategyFormatError"),
            (r#"{"statement":[]}"#.to_owned(), "InvalidParameter.StrategyFormatError"),
            (r#"{"version":"2.0"}"#.to_owned(), "InvalidParameter.StrategyFormatError"),
            (
                r#"{"version":"2.0","statement":[{"effect":"maybe","action":"*","resource":"*"}]}"#.to_owned(),
                "InvalidParameter.StrategyFormatError",
            ),
            (
                r#"{"version":"2.0","statement":[{"effect":"allow","action":1,"resource":"*"}]}"#.to_owned(),
                "InvalidParameter.StrategyFormatError",
            ),
            (
                r#"{"version":"2.0","statement":[{"effect":"allow","action":"*"}]}"#.to_owned(),
                "InvalidParameter.StrategyFormatError",
            ),
            ("[]".to_owned(), "InvalidParameter.StrategyFormatError"),
            ("%FF".to_owned(), "InvalidParameter.StrategyFormatError"),
            (String::new(), "InvalidParameter.StrategyFormatError"),
        ] {
            let result = parse(&policy, &Notes::default());
            let result = result.map_or_else(|error| error.code(), |_| "OK");
            assert_eq!(result, code, "{policy}");
        }
    }
}
