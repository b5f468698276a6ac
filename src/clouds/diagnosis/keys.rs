//! Wrong spellings of secrets and key ids: characters that a file, a shell or a Kubernetes secret adds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Mistake;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The keys that clients sign with instead of the secret.
pub(crate) fn wrong_secrets(key_id: &str, secret: &str) -> Vec<(Mistake, Vec<u8>)> {
    let mut wrong: Vec<(Mistake, Vec<u8>)> = vec![
        (Mistake::SecretEmpty, Vec::new()),
        (Mistake::SecretIsKeyId, key_id.into()),
    ];
    for (mistake, before, after) in [
        (Mistake::SecretLineBreak, "", "\n"),
        (Mistake::SecretLineBreak, "", "\r\n"),
        (Mistake::SecretLineBreak, "", "\r"),
        (Mistake::SecretLineBreak, "\n", ""),
        (Mistake::SecretWhiteSpace, "", " "),
        (Mistake::SecretWhiteSpace, " ", ""),
        (Mistake::SecretWhiteSpace, " ", " "),
        (Mistake::SecretWhiteSpace, "", "\t"),
        (Mistake::SecretWhiteSpace, "\t", ""),
        (Mistake::SecretQuoted, "\"", "\""),
        (Mistake::SecretQuoted, "'", "'"),
        (Mistake::SecretByteOrderMark, "\u{feff}", ""),
        (Mistake::SecretByteOrderMark, "\u{feff}", "\n"),
        (Mistake::SecretByteOrderMark, "\u{feff}", "\r\n"),
    ] {
        wrong.push((mistake, format!("{before}{secret}{after}").into()));
    }
    let encoded = STANDARD.encode(secret);
    wrong.push((Mistake::SecretBase64, format!("{encoded}\n").into()));
    wrong.push((Mistake::SecretBase64, encoded.into()));
    let line = STANDARD.encode(format!("{secret}\n"));
    wrong.push((Mistake::SecretBase64, line.into()));
    if let Ok(decoded) = STANDARD.decode(secret) {
        wrong.push((Mistake::SecretDecoded, decoded));
    }
    let bare = bare(secret);
    if bare != secret {
        wrong.push((Mistake::ConfiguredSecretPadded, bare.into()));
    }
    wrong
}

/// The mistake that makes a key id unknown, if the id without it is known.
pub(crate) fn wrong_key_id(key_id: &str, is_known: impl Fn(&str) -> bool) -> Option<Mistake> {
    if key_id.trim() != key_id {
        return Some(Mistake::KeyIdWhiteSpace);
    }
    let bare = bare(key_id);
    if bare != key_id && is_known(bare) {
        return Some(if key_id.starts_with(BYTE_ORDER_MARK) {
            Mistake::KeyIdByteOrderMark
        } else {
            Mistake::KeyIdQuoted
        });
    }
    let decoded = String::from_utf8(STANDARD.decode(key_id).ok()?).ok()?;
    is_known(decoded.trim()).then_some(Mistake::KeyIdBase64)
}

fn bare(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | BYTE_ORDER_MARK)
    })
}
