//! The encryption context: keys with values that encryption authenticates and that decryption has to repeat.

use std::collections::BTreeMap;

use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, TextMap, invalid};

/// The maximum number of characters of the JSON document.
const MAX_CHARACTERS: usize = 8192;

/// More pairs than so many characters can have.
const MAX_PAIRS: usize = 1000;

const fn context(name: &'static str, help: &'static str) -> TextMap {
    TextMap {
        name,
        max_items: MAX_PAIRS,
        help,
    }
}

/// The context of an operation.
pub(crate) const ENCRYPTION_CONTEXT: TextMap = context(
    "EncryptionContext",
    "A JSON object of texts, at most 8,192 characters. Decryption needs an equal object.",
);

/// The context of the ciphertext that is decrypted.
pub(crate) const SOURCE_ENCRYPTION_CONTEXT: TextMap = context(
    "SourceEncryptionContext",
    "The context that the ciphertext was encrypted with.",
);

/// The context of the new ciphertext.
pub(crate) const DESTINATION_ENCRYPTION_CONTEXT: TextMap = context(
    "DestinationEncryptionContext",
    "The context of the new ciphertext.",
);

/// Reads a context as the bytes that are authenticated: a JSON object sorted by key, so that equal contexts have
/// the same bytes. An absent context and an empty one have none.
pub(crate) fn read(parameter: &TextMap, arguments: &Arguments) -> Result<Vec<u8>, ApiError> {
    let Some(pairs) = parameter.find(arguments)? else {
        return Ok(Vec::new());
    };
    let text = canonical(&pairs);
    // The limit is that of the text as sent. A request with a parameter for each pair has no such text.
    let sent = arguments.get(parameter.name).unwrap_or(&text);
    if sent.chars().count() > MAX_CHARACTERS {
        return Err(invalid(parameter.name));
    }
    Ok(text.into_bytes())
}

fn canonical(pairs: &BTreeMap<String, String>) -> String {
    // Cannot fail: texts only.
    serde_json::to_string(pairs).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contexts_have_the_same_bytes() {
        let parse = |text| canonical(&serde_json::from_str(text).unwrap());
        let sorted = r#"{"Key1":"Value1","Key2":"Value2"}"#;
        assert_eq!(parse(r#"{"Key2": "Value2", "Key1":"Value1"}"#), sorted);
        assert_eq!(parse(sorted), sorted);
        assert_ne!(parse(r#"{"Key1":"Value2","Key2":"Value1"}"#), sorted);
    }
}
