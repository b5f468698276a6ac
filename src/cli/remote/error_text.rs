//! Texts of errors without keys, for users.

use super::Account;
use crate::model::SecretKey;

/// The words before the part of an error text that quotes the request, with the id of the key.
const QUOTES: [&str; 2] = ["server string to sign is:", "server canonical request is:"];

/// The position at which an error text begins to quote the request.
pub(in crate::cli) fn quoted_request(text: &str) -> Option<usize> {
    let ends = QUOTES
        .iter()
        .filter_map(|words| Some(text.find(words)? + words.len()));
    ends.min()
}

/// Removes keys and tokens of an account from a text, and makes it one short line.
pub(in crate::cli) fn printable(text: &str, account: &Account) -> String {
    const MAX_CHARACTERS: usize = 300;
    let begin = QUOTES.iter().filter_map(|words| text.find(words)).min();
    let mut text = text[..begin.unwrap_or(text.len())].trim().to_owned();
    let token = account.token.as_ref().map(SecretKey::expose);
    let keys = [
        Some(&*account.access_key_id),
        Some(account.secret.expose()),
        token,
    ];
    for key in keys.into_iter().flatten().filter(|key| !key.is_empty()) {
        text = text.replace(key, "***");
    }
    let line = text.split(char::is_whitespace).collect::<Vec<_>>();
    let line: String = line.join(" ").chars().take(MAX_CHARACTERS).collect();
    line.replace(char::is_control, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::remote::tests::account;

    #[test]
    fn errors_are_printed_in_one_line_without_keys() {
        let text = "LTAIcanary canarysecret\ncanarytoken is wrong. server string to sign is:POST&%2F&AccessKeyId=LTAIcanary";
        assert_eq!(printable(text, &account()), "*** *** *** is wrong.");
        assert_eq!(printable(&"x ".repeat(1000), &account()).len(), 300);
    }
}
