//! The texts and words that a mask shows: public values, words of error texts, and those of the descriptions of operations.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::clouds;

/// Public values of members that no operation has as a parameter.
pub(super) const VALUES: [&str; 27] = [
    "",
    "ACSCurrent",
    "ACSPrevious",
    "CUSTOMER",
    "Creating",
    "DEFAULT",
    "Disabled",
    "ECS",
    "Enabled",
    "Failed",
    "Generic",
    "HSM",
    "Invalid",
    "PendingDelete",
    "PolarDB",
    "PostPay",
    "Postpaid_SSM",
    "Prepaid_SSM",
    "RAMCredentials",
    "RSA",
    "Rds",
    "Redis",
    "binary",
    "default",
    "key",
    "secret",
    "text",
];

/// Words of error texts, besides those of the documented errors.
const WORDS: &[&str] = &[
    "a",
    "access",
    "account",
    "after",
    "again",
    "all",
    "allowed",
    "already",
    "an",
    "and",
    "any",
    "api",
    "are",
    "at",
    "be",
    "been",
    "before",
    "between",
    "body",
    "by",
    "can",
    "cannot",
    "characters",
    "check",
    "client",
    "code",
    "contains",
    "correct",
    "current",
    "data",
    "date",
    "delete",
    "deleted",
    "denied",
    "does",
    "duplicate",
    "empty",
    "enabled",
    "error",
    "exceed",
    "exceeded",
    "exceeds",
    "exist",
    "exists",
    "expected",
    "expired",
    "failed",
    "filter",
    "filters",
    "for",
    "format",
    "found",
    "from",
    "greater",
    "has",
    "have",
    "id",
    "illegal",
    "in",
    "incorrect",
    "internal",
    "invalid",
    "is",
    "it",
    "json",
    "key",
    "keys",
    "length",
    "less",
    "limit",
    "list",
    "longer",
    "malformed",
    "match",
    "max",
    "maximum",
    "message",
    "min",
    "minimum",
    "missing",
    "more",
    "must",
    "name",
    "no",
    "nonce",
    "not",
    "null",
    "number",
    "of",
    "on",
    "only",
    "operation",
    "or",
    "out",
    "page",
    "parameter",
    "parameters",
    "parse",
    "pending",
    "permission",
    "please",
    "provided",
    "range",
    "reason",
    "request",
    "requests",
    "required",
    "resource",
    "same",
    "secret",
    "server",
    "service",
    "should",
    "signature",
    "size",
    "specified",
    "stage",
    "state",
    "status",
    "support",
    "supported",
    "tag",
    "tags",
    "than",
    "that",
    "the",
    "this",
    "time",
    "timestamp",
    "to",
    "token",
    "too",
    "type",
    "unknown",
    "unsupported",
    "use",
    "used",
    "user",
    "valid",
    "value",
    "values",
    "version",
    "was",
    "were",
    "when",
    "with",
    "wrong",
    "you",
    "your",
];

/// The public texts and words that the descriptions of the operations have.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);

#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Texts that are not of the account: enumerated values.
    pub public: HashSet<String>,
    /// Words of error texts, in lower case.
    pub words: HashSet<String>,
}

impl Vocabulary {
    fn new() -> Self {
        let clouds = clouds::with_default_settings();
        let mut public: HashSet<String> = VALUES.map(str::to_owned).into();
        let mut words: HashSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        for cloud in clouds.all() {
            for operation in cloud.operations() {
                words.insert(operation.action.to_lowercase());
                for parameter in &operation.parameters {
                    public.extend(parameter.values.iter().map(|value| (*value).to_owned()));
                    words.extend(pieces(parameter.name).map(str::to_lowercase));
                    let keys = parameter.keys.iter();
                    words.extend(keys.map(|key| key.name.to_lowercase()));
                }
                for error in &operation.errors {
                    words.extend(pieces(error.message).map(str::to_lowercase));
                }
            }
            for code in cloud.documented_codes() {
                let error = cloud.documented_error(code, None);
                let message = error.map(|error| error.message).unwrap_or_default();
                words.extend(pieces(&message).map(str::to_lowercase));
            }
        }
        words.remove("");
        Self { public, words }
    }
}

/// The words of a text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}
