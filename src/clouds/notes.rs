//! Notes of an operation on a request, for hints and the log.

use std::borrow::Cow;

use parking_lot::Mutex;
use percent_encoding::{CONTROLS, percent_encode};

use super::hint::Hint;
use super::ignored::Ignored;

/// Collects notes while an operation runs.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Noted>);

/// Notes about a request that are not in its reply.
#[derive(Debug, Default)]
pub struct Noted {
    /// A hint for the sender.
    pub hint: Option<Hint>,
    /// The name of a secret that was not found, if it is not the value of the parameter for names.
    pub absent_secret: Option<String>,
    /// Parts of parameters that had no effect.
    pub ignored: Vec<Ignored>,
    /// Whether a secret of another scope was read.
    reads_elsewhere: bool,
}

impl Notes {
    /// Notes a hint for the sender; the first one is kept.
    pub fn hint(&self, hint: Hint) {
        self.0.lock().hint.get_or_insert(hint);
    }

    /// Notes the name of a secret that was not found, or whose version was not.
    pub fn absent_secret(&self, name: &str) {
        let mut noted = self.0.lock();
        noted.absent_secret.get_or_insert_with(|| name.to_owned());
    }

    /// Notes a part of a parameter that had no effect.
    pub fn ignored(&self, ignored: Ignored) {
        self.0.lock().ignored.push(ignored);
    }

    /// Notes that the reply depends on a secret of another scope.
    pub fn reads_elsewhere(&self) {
        self.0.lock().reads_elsewhere = true;
    }

    /// Whether the reply may be cached: nothing else was noted, and it depends on one scope.
    #[must_use]
    pub fn allow_caching(&self) -> bool {
        let noted = self.0.lock();
        let is_noted = noted.hint.is_some() || noted.absent_secret.is_some();
        !is_noted && noted.ignored.is_empty() && !noted.reads_elsewhere
    }

    /// The notes.
    #[must_use]
    pub fn into_inner(self) -> Noted {
        self.0.into_inner()
    }
}

/// A text in printable ASCII, for a header: other characters are percent-encoded.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    percent_encode(text.as_bytes(), CONTROLS).into()
}
