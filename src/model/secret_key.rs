//! The secrets of access keys.

use std::fmt;

/// The secret of an access key. `Debug` does not show it.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// Wraps `secret`.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Whether it is `test`, the default of a server, which is public.
    #[must_use]
    pub fn is_well_known(&self) -> bool {
        self.0 == "test"
    }

    /// The secret, to compute signatures.
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
