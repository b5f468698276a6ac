//! The secrets of access keys.

use std::fmt;

/// The secret half of an access key. It has no way to be printed.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// Wraps `secret`.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Whether it is the one that anybody can guess, since servers have it unless told otherwise.
    #[must_use]
    pub fn is_well_known(&self) -> bool {
        self.0 == "test"
    }

    /// The secret, for a signature to be made with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}
