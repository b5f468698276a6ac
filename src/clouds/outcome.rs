//! The outcome of a request, for the log, the journal and the metrics.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::diagnosis::Mistake;
use crate::http::shown::beginning;
use crate::model::{Cloud, Scope};

/// The outcome of a request, for the log, the journal and the metrics.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The requested operation, if it exists.
    pub action: Option<&'static str>,
    /// The error code of the reply, or `OK`.
    pub code: &'static str,
    /// The requested action, if it is not an operation.
    pub unknown_action: Option<String>,
    /// The id of the access key that the request names.
    pub access_key_id: Option<String>,
    /// The result of the signature check.
    pub verdict: Verdict,
    /// The scope of the request, if it was determined.
    pub scope: Option<Scope>,
    /// Which of the operation's parameters were sent: a bit for each, in the order described.
    pub parameters: u64,
    /// The parameters sent that the operation does not have.
    pub unknown_parameters: Vec<String>,
    /// The name of the secret that was not found.
    pub not_found: Option<String>,
    /// The text of the header `x-emulator-hint`: help that the real service does not give.
    pub hint: Option<String>,
    /// Why the signature was rejected.
    pub mismatch: Option<Box<Mismatch>>,
    /// The name of the requested secret; only if the log is written.
    pub secret_name: Option<String>,
    /// Why the request was rejected; only if the log is written.
    pub reason: Option<String>,
}

impl Outcome {
    /// The outcome of a request before it is checked.
    #[must_use]
    pub fn new() -> Self {
        Self {
            action: None,
            code: OK,
            unknown_action: None,
            access_key_id: None,
            verdict: Verdict::NotReached,
            scope: None,
            parameters: 0,
            unknown_parameters: Vec::new(),
            not_found: None,
            hint: None,
            mismatch: None,
            secret_name: None,
            reason: None,
        }
    }

    /// Notes a parameter that was sent to an operation with the parameters `known`. `shown` is the name,
    /// masked if it may be sensitive.
    pub fn note_parameter(
        &mut self,
        name: &str,
        shown: &str,
        known: impl Iterator<Item = &'static str>,
    ) {
        let mut known = known.take(64);
        // Lists are numbered, and structures have members: `Tag.1.Key`.
        let is_part_of = |known: &str| {
            name.strip_prefix(known)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if let Some(index) = known.position(is_part_of) {
            self.parameters |= 1 << index;
        } else if self.unknown_parameters.len() < MOST_UNKNOWN {
            let name = shown.chars().take(MOST_CHARACTERS).collect();
            self.unknown_parameters.push(name);
        }
    }

    /// Notes the mistake for which a request of `cloud` is rejected.
    pub fn note_mismatch(&mut self, cloud: Cloud, mismatch: Mismatch) {
        self.hint = Some(mismatch.mistake.sentence(cloud).into_owned());
        self.mismatch = Some(Box::new(mismatch));
    }

    /// Notes an action that is not an operation.
    pub fn note_unknown_action(&mut self, name: &str) {
        self.unknown_action = Some(name.chars().take(MOST_CHARACTERS).collect());
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Self::new()
    }
}

/// The code of success.
pub const OK: &str = "OK";

/// The most bytes of a reason, which may quote a text of the client.
const MOST_REASON_BYTES: usize = 1024;

/// Shortens a reason for the log.
#[must_use]
pub fn reason(text: impl Display) -> String {
    beginning(text, MOST_REASON_BYTES)
}

/// The most unknown parameters of a request that are noted, and the most characters of a name.
const MOST_UNKNOWN: usize = 16;
const MOST_CHARACTERS: usize = 64;

/// The result of a signature check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The request was rejected before the check.
    NotReached,
    /// The request has no signature.
    Unsigned,
    /// It was not checked, because checks are off or the key is unknown.
    Unchecked,
    /// It is valid.
    Valid,
    /// It was rejected; the error code is the reason.
    Refused,
}

/// Why a signature was rejected. Sensitive values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// The mistake of the client, as a code.
    pub mistake: Mistake,
    /// The mistake in English, with the first difference.
    pub diagnosis: String,
    /// The text that should have been signed: the string to sign, or the canonical request.
    pub server: String,
    /// The text that the client signed; known if a common mistake leads to the signature sent.
    pub client: Option<String>,
    /// The number of the first character that differs, from 0.
    pub first_difference: Option<usize>,
}
