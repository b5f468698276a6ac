//! Texts with wildcards.

use wildmatch::WildMatchPattern;

/// The maximum length of a text that a pattern matches. The time of matching grows with the product of both lengths;
/// no name of a resource is longer.
const MAX_TEXT_BYTES: usize = 1024;

/// A text with wildcards, as written in a policy and as compared.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    text: String,
    compared: Compared,
}

/// `*` is any text. No text of a request has a null character, so the second form has no wildcard for one character.
#[derive(Debug, Clone)]
enum Compared {
    /// `?` is one character.
    WithOne(WildMatchPattern<'*', '?'>),
    /// `?` is itself.
    WithoutOne(WildMatchPattern<'*', '\0'>),
}

impl Pattern {
    /// With `*` and `?`.
    pub(super) fn new(text: &str) -> Self {
        Self::of(text, Compared::WithOne(WildMatchPattern::new(text)))
    }

    /// With `*` and `?`, ignoring the case of letters.
    pub(super) fn ignoring_case(text: &str) -> Self {
        let pattern = WildMatchPattern::new_case_insensitive(text);
        Self::of(text, Compared::WithOne(pattern))
    }

    /// With `*` only; `compared` is the pattern that `text` is an abbreviation of.
    pub(super) fn with_stars(text: &str, compared: &str) -> Self {
        Self::of(text, Compared::WithoutOne(WildMatchPattern::new(compared)))
    }

    fn of(text: &str, compared: Compared) -> Self {
        Self {
            text: text.to_owned(),
            compared,
        }
    }

    /// The pattern as written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        text.len() <= MAX_TEXT_BYTES
            && match &self.compared {
                Compared::WithOne(pattern) => pattern.matches(text),
                Compared::WithoutOne(pattern) => pattern.matches(text),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_any_text_and_one_character() {
        for (pattern, text, is_match) in [
            ("kms:*", "kms:GetSecretValue", true),
            ("kms:Get*", "kms:ListSecrets", false),
            ("kms:Get?ecretValue", "kms:GetSecretValue", true),
            ("kms:GetSecretValue", "kms:getsecretvalue", false),
            ("*", "", true),
            ("", "kms:GetSecretValue", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), is_match, "{pattern}");
        }
        assert!(Pattern::new("*").matches(&"x".repeat(1024)));
        assert!(!Pattern::new("*").matches(&"x".repeat(1025)));
        assert!(Pattern::ignoring_case("KMS:get*").matches("kms:GetSecretValue"));
        assert!(Pattern::with_stars("a?*", "a?*").matches("a?b"));
        assert!(!Pattern::with_stars("a?", "a?").matches("ab"));
    }
}
