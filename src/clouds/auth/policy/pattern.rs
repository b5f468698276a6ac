//! Patterns with wildcards.

use wildmatch::WildMatchPattern;

/// The maximum length of a text that a pattern matches, because the time of matching grows with the product of both
/// lengths. No resource name is longer.
const MAX_TEXT_BYTES: usize = 1024;

/// A pattern with wildcards.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// The pattern as written in the policy.
    text: String,
    matcher: Matcher,
}

/// `*` matches any text.
#[derive(Debug, Clone)]
enum Matcher {
    /// `?` matches one character.
    StarAndQuestionMark(WildMatchPattern<'*', '?'>),
    /// `?` matches only itself. The crate requires a wildcard for one character; no text contains a null character.
    Star(WildMatchPattern<'*', '\0'>),
}

impl Pattern {
    /// A pattern with the wildcards `*` and `?`.
    pub(super) fn new(text: &str) -> Self {
        let matcher = WildMatchPattern::new(text);
        Self::with(text, Matcher::StarAndQuestionMark(matcher))
    }

    /// A pattern with the wildcards `*` and `?` that ignores the case of letters.
    pub(super) fn ignoring_case(text: &str) -> Self {
        let matcher = WildMatchPattern::new_case_insensitive(text);
        Self::with(text, Matcher::StarAndQuestionMark(matcher))
    }

    /// A pattern with the wildcard `*`. `text` is written in the policy, and `full` is its unabbreviated form.
    pub(super) fn with_star(text: &str, full: &str) -> Self {
        Self::with(text, Matcher::Star(WildMatchPattern::new(full)))
    }

    fn with(text: &str, matcher: Matcher) -> Self {
        Self {
            text: text.to_owned(),
            matcher,
        }
    }

    /// The pattern as written in the policy.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        text.len() <= MAX_TEXT_BYTES
            && match &self.matcher {
                Matcher::StarAndQuestionMark(pattern) => pattern.matches(text),
                Matcher::Star(pattern) => pattern.matches(text),
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
        assert!(Pattern::with_star("a?*", "a?*").matches("a?b"));
        assert!(!Pattern::with_star("a?", "a?").matches("ab"));
    }
}
