//! What one request may use.

use std::fmt::{self, Display, Write};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alibaba;
use crate::credentials::Credentials;
use crate::model::Scope;
use crate::nonces::Nonces;
use crate::rate_limit::RateLimiter;
use crate::store::Store;
use crate::tencent;

/// The surroundings of one request: everything is read from here, nothing from globals.
pub struct Context<'a> {
    /// The secrets.
    pub store: &'a Store,
    /// Who may sign, and how strictly that is checked.
    pub auth: &'a Auth,
    /// The region of a request that names none.
    pub default_region: &'a str,
    /// The settings of the Alibaba Cloud API.
    pub alibaba: &'a alibaba::Settings,
    /// What can be set of the second face.
    pub tencent: &'a tencent::Settings,
    /// Counts requests, where only so many are answered.
    pub rate_limiter: Option<&'a RateLimiter>,
    /// The moment the request arrived; one for the whole request.
    pub now: DateTime<Utc>,
    /// The id of the request.
    pub request_id: &'a str,
}

/// How requests are authenticated.
#[derive(Debug)]
pub struct Auth {
    /// How much is checked.
    pub mode: AuthMode,
    /// The keys that may sign.
    pub credentials: Credentials,
    /// The nonces used so far.
    pub nonces: Nonces,
}

/// How much of a request's signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// Nothing.
    Off,
    /// Signatures made with a configured key; unsigned requests and unknown keys are let in.
    Lenient,
    /// Only configured keys, with a right signature and a fresh time stamp: within 15 minutes and with
    /// a new nonce on Alibaba Cloud, within 300 seconds, unless set otherwise, on Tencent Cloud.
    Strict,
}

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

/// Replaces a sensitive value in whatever is shown.
pub const MASK: &str = "***";

/// The most bytes of a text that are shown.
const MOST_SHOWN: usize = 64 * 1024;

/// The beginning of a text, as long as what is shown of one.
#[must_use]
pub fn shortened(text: impl Display) -> String {
    beginning(text, MOST_SHOWN)
}

/// The first bytes of a text, with an ellipsis where there are more. The rest of the text is not printed.
#[must_use]
pub fn beginning(text: impl Display, most_bytes: usize) -> String {
    let mut writer = BoundedText {
        text: String::new(),
        most_bytes,
    };
    if write!(writer, "{text}").is_err() {
        writer.text.push('…');
    }
    writer.text
}

/// Takes so many bytes, then fails, which ends the printing.
struct BoundedText {
    text: String,
    most_bytes: usize,
}

impl Write for BoundedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let space = self.most_bytes - self.text.len();
        let taken = &text[..text.floor_char_boundary(space)];
        self.text.push_str(taken);
        if taken.len() < text.len() {
            // A shorter character further on must not be taken.
            self.most_bytes = self.text.len();
            return Err(fmt::Error);
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        for (text, most_bytes, shown) in [
            ("", 0, ""),
            ("abc", 3, "abc"),
            ("abc", 2, "ab…"),
            ("aé", 2, "a…"),
            ("aé", 3, "aé"),
        ] {
            assert_eq!(beginning(text, most_bytes), shown);
        }
        // In pieces: the one-byte character after the one that does not fit is left out too.
        assert_eq!(beginning(format_args!("a{}{}", 'é', 'b'), 2), "a…");
    }

    #[test]
    fn no_more_of_a_text_is_printed_than_is_shown() {
        let endless = fmt::from_fn(|f| {
            loop {
                f.write_str("xyz")?;
            }
        });
        assert_eq!(beginning(endless, 4), "xyzx…");
    }
}
