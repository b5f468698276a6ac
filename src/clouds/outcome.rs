//! What became of a request, for the log, the journal and the metrics.

use std::collections::HashSet;
use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ignored::{self, Ignored};
use super::service::Parameter;
use crate::http::shown::beginning;
use crate::model::Scope;

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
    /// What the operation ignored of the parameters sent.
    pub ignored: Vec<Ignored>,
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
            ignored: Vec::new(),
            not_found: None,
            hint: None,
            mismatch: None,
            secret_name: None,
            reason: None,
        }
    }

    /// Notes a parameter that was sent to an operation with these parameters; `shown` is its name, masked
    /// where that may be sensitive.
    pub fn note_parameter<P: Parameter + ?Sized>(
        &mut self,
        name: &str,
        shown: &str,
        known: &[&'static P],
    ) {
        let known = &known[..known.len().min(64)];
        if let Some(index) = ignored::position_of(name, known) {
            self.parameters |= 1 << index;
        } else if self.ignored.len() < MOST_IGNORED {
            let shown: String = shown.chars().take(MOST_CHARACTERS).collect();
            let action = self.action.unwrap_or_default();
            let ignored = ignored::explain(name, &shown, action, known);
            self.ignored.push(ignored);
        }
    }

    /// Says which parameters had no effect, and which ones were perhaps meant.
    #[must_use]
    pub fn explain_ignored(&self) -> Option<String> {
        // An item of a list says no more than the first.
        let mut lists = HashSet::new();
        let mut explanations: Vec<_> = self
            .ignored
            .iter()
            // An error names an unknown parameter itself.
            .filter(|ignored| ignored.has_suggestion || self.code == OK)
            .filter(|ignored| lists.insert(ignored.name.split('.').next()))
            .map(|ignored| &*ignored.explanation)
            .collect();
        if explanations.is_empty() {
            return None;
        }
        explanations.truncate(MOST_EXPLAINED);
        let verb = match self.code {
            OK => "ignored",
            _ => "not a parameter here:",
        };
        Some(format!("{verb} {}", explanations.join("; ")))
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

/// How many ignored parameters of a request are noted, and how many are explained to the client.
const MOST_IGNORED: usize = 16;
const MOST_EXPLAINED: usize = 3;

/// The most characters of a name that is noted.
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

/// A signature that does not match. Secret values are masked in all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// What is wrong, as far as it can be told.
    pub diagnosis: String,
    /// What should have been signed: the string to sign, or the canonical request that it is made of.
    pub server: String,
    /// What the client signed; known where a common mistake leads to the signature sent.
    pub client: Option<String>,
    /// The number of the first character that differs, from 0.
    pub first_difference: Option<usize>,
}
