//! The rules for the keys and values of tags.
//!
//! See the vendor's page *Use Limits*.

use super::errors::{
    KEY_CHARACTER, KEY_EMPTY, KEY_RESERVED, KEY_TOO_LONG, VALUE_CHARACTER, VALUE_TOO_LONG,
};
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Text, TextRule};
use crate::clouds::tencent::ssm::tags::{
    MAX_KEY_CHARACTERS, MAX_VALUE_CHARACTERS, has_valid_characters, is_reserved,
};

/// The key of a tag.
pub(super) const TAG_KEY: Text = Text {
    name: "TagKey",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The tag key: 1 to 127 characters, without spaces at either end. Keys that begin with `qcs:`, `project` or `项目` are reserved, and so are `qcloud` and `tencent`.",
};

/// The value of a tag.
pub(super) const TAG_VALUE: Text = Text {
    name: "TagValue",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The tag value: up to 255 characters, without spaces at either end. It may be empty.",
};

/// Checks a key.
///
/// # Errors
///
/// `InvalidParameterValue.TagKeyEmpty`, `.TagKeyLengthExceeded` and `.TagKeyCharacterIllegal`,
/// `InvalidParameter.ReservedTagKey`.
pub(super) fn check_key(key: &str) -> Result<(), ApiError> {
    if key.is_empty() {
        return Err((&KEY_EMPTY).into());
    }
    if key.chars().count() > MAX_KEY_CHARACTERS {
        return Err((&KEY_TOO_LONG).into());
    }
    if !has_valid_characters(key) {
        return Err((&KEY_CHARACTER).into());
    }
    if is_reserved(key) {
        return Err((&KEY_RESERVED).into());
    }
    Ok(())
}

/// Checks a value.
///
/// # Errors
///
/// `InvalidParameterValue.TagValueLengthExceeded` and `.TagValueCharacterIllegal`.
pub(super) fn check_value(value: &str) -> Result<(), ApiError> {
    if value.chars().count() > MAX_VALUE_CHARACTERS {
        return Err((&VALUE_TOO_LONG).into());
    }
    if !has_valid_characters(value) {
        return Err((&VALUE_CHARACTER).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_checked_by_length_characters_and_reserved_words() {
        let code =
            |result: Result<(), ApiError>| result.map_or_else(|error| error.code(), |()| "OK");
        let (long, longest) = ("密".repeat(128), "密".repeat(127));
        for (key, expected) in [
            ("env", "OK"),
            (&*longest, "OK"),
            ("项", "OK"),
            ("tencentcloud", "OK"),
            ("", "InvalidParameterValue.TagKeyEmpty"),
            (&*long, "InvalidParameterValue.TagKeyLengthExceeded"),
            (" a", "InvalidParameterValue.TagKeyCharacterIllegal"),
            ("a\n", "InvalidParameterValue.TagKeyCharacterIllegal"),
            ("a\u{0}b", "InvalidParameterValue.TagKeyCharacterIllegal"),
            ("qcs:a", "InvalidParameter.ReservedTagKey"),
            ("project", "InvalidParameter.ReservedTagKey"),
            ("项目", "InvalidParameter.ReservedTagKey"),
            ("tencent", "InvalidParameter.ReservedTagKey"),
        ] {
            assert_eq!(code(check_key(key)), expected, "{key}");
        }
        let (long, longest) = ("v".repeat(256), "v".repeat(255));
        for (value, expected) in [
            ("", "OK"),
            (&*longest, "OK"),
            (&*long, "InvalidParameterValue.TagValueLengthExceeded"),
            ("a ", "InvalidParameterValue.TagValueCharacterIllegal"),
        ] {
            assert_eq!(code(check_value(value)), expected, "{value}");
        }
    }
}
