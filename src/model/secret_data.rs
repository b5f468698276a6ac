use std::fmt;

/// The value of a secret. It has no way to be printed, so that it cannot reach a log or an error text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretData(String);

impl SecretData {
    /// The value, for a reply or the store.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value, for a reply.
    #[must_use]
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl<T: Into<String>> From<T> for SecretData {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for SecretData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretData(…)")
    }
}
