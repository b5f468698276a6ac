//! Notes of an operation on a request, for `x-emulator-hint` and the log.

use std::borrow::Cow;
use std::cell::RefCell;

use percent_encoding::{CONTROLS, percent_encode};

/// What an operation knows about a request beyond its reply.
#[derive(Debug, Default)]
pub struct Notes {
    hint: RefCell<Option<String>>,
    absent_secret: RefCell<Option<String>>,
}

impl Notes {
    /// Notes what the sender should know. The first hint is kept. Printable ASCII, as it becomes a header.
    pub fn hint(&self, hint: String) {
        self.hint.borrow_mut().get_or_insert(hint);
    }

    /// Notes the name of a secret that was not found, where the request does not say it plainly.
    pub fn absent_secret(&self, name: &str) {
        self.absent_secret
            .borrow_mut()
            .get_or_insert_with(|| name.to_owned());
    }

    /// The hint and the name of an absent secret.
    #[must_use]
    pub fn into_parts(self) -> (Option<String>, Option<String>) {
        (self.hint.into_inner(), self.absent_secret.into_inner())
    }
}

/// A text of a client or of the store for a hint, in printable ASCII.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    percent_encode(text.as_bytes(), CONTROLS).into()
}
