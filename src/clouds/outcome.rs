//! The outcome of a request, for the log, the journal and the metrics.

use std::collections::HashSet;
use std::fmt::Display;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::auth::policy::Decision;
use super::description::Parameter;
use super::diagnosis::Mismatch;
use super::hint::Hint;
use super::ignored::{self, Ignored};
use crate::http::shown::beginning;
use crate::model::Scope;

/// The outcome of a request.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The requested operation, if it exists.
    pub action: Option<&'static str>,
    /// The error code of the reply, or `OK`.
    pub code: &'static str,
    /// The requested name, if no operation has it.
    pub unknown_action: Option<String>,
    /// The id of the access key.
    pub access_key_id: Option<String>,
    /// The result of checking the signature.
    pub verdict: Verdict,
    /// The scope; absent if the request was rejected earlier.
    pub scope: Option<Scope>,
    /// The parameters that were sent: one bit for each parameter of the operation, in its order.
    pub parameters: u64,
    /// The parameters that had no effect.
    pub ignored: Vec<Ignored>,
    /// The name of the secret that was not found.
    pub not_found: Option<String>,
    /// The decision of the policies that apply to the caller, if any do.
    pub permission: Option<Box<Decision>>,
    /// A hint for the client about a rejected request, which the real service does not give.
    pub hint: Option<Hint>,
    /// The explanation of a signature that does not match.
    pub mismatch: Option<Box<Mismatch>>,
    /// The body of the reply for the journal, if parts of it are masked.
    pub shown_body: Option<Bytes>,
    /// The name of the secret. Only collected for the log.
    pub secret_name: Option<String>,
    /// The reason of an error. Only collected for the log.
    pub reason: Option<String>,
}

impl Outcome {
    /// The outcome of a request before it is handled.
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
            permission: None,
            hint: None,
            mismatch: None,
            shown_body: None,
            secret_name: None,
            reason: None,
        }
    }

    /// Records a parameter that was sent to an operation with the parameters `known`. `shown` returns a name,
    /// masked if it may be sensitive; it searches the parameters of all operations, so it is called only if needed.
    pub fn note_parameter<'n, P: Parameter + ?Sized>(
        &mut self,
        name: &'n str,
        shown: impl FnOnce(&'n str) -> &'n str,
        known: &[&'static P],
    ) {
        let known = &known[..known.len().min(64)];
        if let Some(index) = ignored::position_of(name, known) {
            self.parameters |= 1 << index;
        } else if self.ignored.len() < MAX_IGNORED {
            let shown: String = shown(name).chars().take(MAX_CHARACTERS).collect();
            let action = self.action.unwrap_or_default();
            let ignored = ignored::explain(name, &shown, action, known);
            self.ignored.push(ignored);
        }
    }

    /// Hints about parameters without an effect.
    pub fn explain_ignored(&self) -> impl Iterator<Item = Hint> {
        // One explanation for all items of a list.
        let mut lists = HashSet::new();
        self.ignored
            .iter()
            // The error reply already names an unknown parameter.
            .filter(|ignored| ignored.has_suggestion || self.code == OK)
            .filter(move |ignored| lists.insert(ignored.name.split('.').next()))
            .take(MAX_EXPLAINED)
            .map(|ignored| ignored.hint.clone())
    }

    /// Notes the mistake for which a request is rejected.
    pub fn note_mismatch(&mut self, mismatch: Mismatch) {
        self.hint = Some(Hint::Signature {
            mistake: mismatch.mistake,
        });
        self.mismatch = Some(Box::new(mismatch));
    }

    /// Records a requested name that no operation has.
    pub fn note_unknown_action(&mut self, name: &str) {
        self.unknown_action = Some(name.chars().take(MAX_CHARACTERS).collect());
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Self::new()
    }
}

/// The code of success.
pub const OK: &str = "OK";

/// The maximum number of bytes of a reason, which may quote a text of the client.
const MAX_REASON_BYTES: usize = 1024;

/// A reason, shortened for the log.
#[must_use]
pub fn reason(text: impl Display) -> String {
    beginning(text, MAX_REASON_BYTES)
}

/// The maximum number of ignored parameters that are recorded, and that hints explain.
const MAX_IGNORED: usize = 16;
const MAX_EXPLAINED: usize = 3;

/// The maximum number of characters of a recorded name.
const MAX_CHARACTERS: usize = 64;

/// The result of checking a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The request was rejected before its signature was checked.
    NotReached,
    /// The request is not signed.
    Unsigned,
    /// The signature was not checked, because checks are off or the key is unknown.
    Unchecked,
    /// The signature is correct.
    Valid,
    /// The signature was rejected; the error code gives the reason.
    Refused,
}
