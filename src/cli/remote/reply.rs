//! Replies of a cloud, and their errors.

use serde_json::Value;

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type, without its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// The code and the text of an error reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct CloudError {
    /// The code.
    pub code: String,
    /// The text.
    pub message: String,
}

impl Reply {
    /// The body as JSON, without the envelope of Tencent Cloud; `null` if it is not JSON.
    pub(in crate::cli) fn json(&self) -> Value {
        let mut body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match body.get_mut("Response") {
            Some(response) => response.take(),
            None => body,
        }
    }

    /// The error that the reply reports.
    pub(in crate::cli) fn error(&self) -> Option<CloudError> {
        let body = self.json();
        let error = body.get("Error").unwrap_or(&body);
        match (error["Code"].as_str(), error["Message"].as_str()) {
            (Some(code), message) => Some(CloudError {
                code: code.to_owned(),
                message: message.unwrap_or_default().to_owned(),
            }),
            (None, _) if self.status >= 400 || !body.is_object() => Some(CloudError {
                code: format!("HTTP status {}", self.status),
                message: match body {
                    Value::Object(_) => "the reply has no error code".to_owned(),
                    _ => "the reply is not a JSON object".to_owned(),
                },
            }),
            _ => None,
        }
    }
}

impl CloudError {
    /// Whether the rate of requests was too high.
    pub(in crate::cli) fn is_throttling(&self) -> bool {
        ["Throttling", "Rejected.Throttling", "RequestLimitExceeded"]
            .iter()
            .any(|code| self.code.starts_with(code))
            || self.code == "HTTP status 429"
    }

    /// Whether the cloud has a temporary problem.
    pub(super) fn is_temporary(&self) -> bool {
        ["ServiceUnavailable", "InternalFailure", "InternalError"]
            .iter()
            .any(|code| self.code.starts_with(code))
            || self.code.starts_with("HTTP status 5")
    }

    /// Whether the error is not a result of the behaviour that a probe is about.
    pub(in crate::cli) fn prevents_comparison(&self) -> bool {
        self.is_throttling()
            || self.is_temporary()
            || [
                "Forbidden.NoPermission",
                "UnauthorizedOperation",
                "AuthFailure.UnauthorizedOperation",
            ]
            .contains(&&*self.code)
    }

    /// Whether the access key is wrong or lacks a permission.
    pub(in crate::cli) fn is_about_key(&self) -> bool {
        const CODES: [&str; 9] = [
            "InvalidAccessKeyId",
            "MissingAccessKeyId",
            "IncompleteSignature",
            "SignatureDoesNotMatch",
            "InvalidSecurityToken",
            "MissingSecurityToken",
            "AuthFailure",
            "UnauthorizedOperation",
            "Forbidden.NoPermission",
        ];
        CODES.iter().any(|code| self.code.starts_with(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_that_is_not_of_a_cloud_is_an_error_that_says_so() {
        for (status, body, text) in [
            (200, "<html>", "the reply is not a JSON object"),
            (302, "", "the reply is not a JSON object"),
            (404, "{}", "the reply has no error code"),
        ] {
            let reply = Reply {
                status,
                content_type: String::new(),
                body: body.to_owned(),
            };
            let error = reply.error().unwrap();
            assert_eq!(error.code, format!("HTTP status {status}"));
            assert_eq!(error.message, text, "{body}");
        }
    }

    #[test]
    fn codes_of_throttling_are_those_of_both_clouds() {
        for code in [
            "Throttling.User",
            "Rejected.Throttling",
            "RequestLimitExceeded",
            "RequestLimitExceeded.UinLimitExceeded",
        ] {
            let error = CloudError {
                code: code.into(),
                message: String::new(),
            };
            assert!(error.is_throttling(), "{code}");
        }
    }
}
