//! What became of a request, for the log, the journal and the metrics.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::diagnosis::Mistake;
use crate::http::shown::beginning;
use crate::model::{Cloud, Scope};

/// What became of a request, for the log, the journal and the metrics.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The operation asked for, if there is such a one.
    pub action: Option<&'static str>,
    /// The error code answered, or `OK`.
    pub code: &'static str,
    /// What was asked for where there is no such operation.
    pub unknown_action: Option<String>,
    /// The id of the access key that the request names.
    pub access_key_id: Option<String>,
    /// What was made of its signature.
    pub verdict: Verdict,
    /// Where the request was at work, as far as it came.
    pub scope: Option<Scope>,
    /// Which of the operation's parameters were sent: a bit for each, in the order described.
    pub parameters: u64,
    /// The parameters sent that the operation does not have.
    pub unknown_parameters: Vec<String>,
    /// The name of the secret that was not found.
    pub not_found: Option<String>,
    /// What the sender of a rejected request should know, beyond what the real service says.
    pub hint: Option<String>,
    /// How the signature does not match.
    pub mismatch: Option<Box<Mismatch>>,
    /// The name of the secret asked for. Only for the log, and only where that is written.
    pub secret_name: Option<String>,
    /// Why the request was refused. Only for the log, and only where that is written.
    pub reason: Option<String>,
}

impl Outcome {
    /// The outcome of a request of which nothing is known yet.
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

    /// Notes the name of a parameter that was sent to an operation that has these; `shown` is the name
    /// without what may be sensitive.
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

    /// Notes what was asked for instead of an operation.
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

/// The most bytes of a reason: it may quote a text of the client.
const MOST_REASON_BYTES: usize = 1024;

/// A reason as it is logged.
#[must_use]
pub fn reason(text: impl Display) -> String {
    beginning(text, MOST_REASON_BYTES)
}

/// How many unknown parameters of a request are noted, and how much of a name.
const MOST_UNKNOWN: usize = 16;
const MOST_CHARACTERS: usize = 64;

/// What was made of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The request was refused before its signature was looked at.
    NotReached,
    /// There is none.
    Unsigned,
    /// It was not checked: nothing is, or the key is not known here.
    Unchecked,
    /// It is right.
    Valid,
    /// It was refused, for the reason that the code answered tells.
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
