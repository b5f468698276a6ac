//! Numbers, flags and texts.

use std::fmt::Display;

use serde_json::Value;

use super::arguments::{Arguments, TypedParameter, WireType, invalid};
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::service::Parameter;
use crate::clouds::tencent::api3::error::ApiError;

/// A number.
pub(crate) struct Uint64 {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: Option<u32>,
    pub default: u32,
    pub help: &'static str,
}

impl Uint64 {
    /// The number, or the default if it is absent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for one out of bounds.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<u32, ApiError> {
        Ok(self.find(arguments)?.unwrap_or(self.default))
    }

    /// The number, if it was sent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for one out of bounds.
    pub(crate) fn find(&self, arguments: &Arguments) -> Result<Option<u32>, ApiError> {
        let number = self.any(arguments);
        let number = number.map(|number| in_bounds(self.name, number, self.minimum, self.maximum));
        number.transpose()
    }

    /// The number without a check, for parameters without bounds or with bounds that are settings.
    pub(crate) fn any(&self, arguments: &Arguments) -> Option<u64> {
        arguments.values.get(self.name).and_then(Value::as_u64)
    }
}

impl Parameter for Uint64 {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.default.to_string()),
            minimum: Some(self.minimum),
            maximum: self.maximum,
            ..ParameterDescription::new(self.name, ValueType::Integer, self.help)
        }
    }
}

impl TypedParameter for Uint64 {
    fn wire_type(&self) -> WireType {
        WireType::Uint64
    }
}

/// Checks the bounds of a number.
fn in_bounds<N: Copy + Display + TryInto<u32>>(
    name: &str,
    number: N,
    minimum: u32,
    maximum: Option<u32>,
) -> Result<u32, ApiError> {
    let bounds = minimum..=maximum.unwrap_or(u32::MAX);
    let checked = number.try_into().ok();
    checked
        .filter(|checked| bounds.contains(checked))
        .ok_or_else(|| invalid(name, number))
}

/// A signed number.
pub(crate) struct Int64 {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: Option<u32>,
    pub default: Option<u32>,
    pub required: bool,
    pub help: &'static str,
}

impl Int64 {
    /// The number, or the default where it is absent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for one out of bounds.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<u32, ApiError> {
        Ok(self.find(arguments)?.or(self.default).unwrap_or_default())
    }

    /// The number, if it was sent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for one out of bounds.
    pub(crate) fn find(&self, arguments: &Arguments) -> Result<Option<u32>, ApiError> {
        let number = self.any(arguments);
        let number = number.map(|number| in_bounds(self.name, number, self.minimum, self.maximum));
        number.transpose()
    }

    /// The number without a check, for ids.
    pub(crate) fn any(&self, arguments: &Arguments) -> Option<i64> {
        arguments.values.get(self.name).and_then(Value::as_i64)
    }
}

impl Parameter for Int64 {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: self.required,
            default: self.default.map(|default| default.to_string()),
            minimum: Some(self.minimum),
            maximum: self.maximum,
            ..ParameterDescription::new(self.name, ValueType::Integer, self.help)
        }
    }
}

impl TypedParameter for Int64 {
    fn is_required(&self) -> bool {
        self.required
    }

    fn wire_type(&self) -> WireType {
        WireType::Int64
    }
}

/// A flag.
pub(crate) struct Bool {
    pub name: &'static str,
    pub required: bool,
    pub help: &'static str,
}

impl Bool {
    /// The flag; false where it is absent.
    pub(crate) fn read(&self, arguments: &Arguments) -> bool {
        let flag = arguments.values.get(self.name).and_then(Value::as_bool);
        flag.unwrap_or_default()
    }
}

impl Parameter for Bool {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: self.required,
            ..ParameterDescription::new(self.name, ValueType::Boolean, self.help)
        }
    }
}

impl TypedParameter for Bool {
    fn is_required(&self) -> bool {
        self.required
    }

    fn wire_type(&self) -> WireType {
        WireType::Bool
    }
}

/// The allowed characters and length of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TextRule {
    /// Anything.
    Any,
    /// At most this many bytes.
    Bytes(usize),
    /// At most this many bytes: first an ASCII letter or digit, then these characters too.
    Name(usize, &'static str),
}

impl TextRule {
    /// Whether a text follows the rule.
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Bytes(most) => text.len() <= most,
            Self::Name(most, also) => {
                let plain = |character: char| character.is_ascii_alphanumeric();
                text.len() <= most
                    && text.starts_with(plain)
                    && text
                        .chars()
                        .all(|character| plain(character) || also.contains(character))
            }
        }
    }

    /// The rule in words, if there is one.
    fn in_words(self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Bytes(most) => Some(format!("up to {most} bytes")),
            Self::Name(most, also) => Some(format!(
                "1 to {most} ASCII letters, digits and `{also}`, a letter or digit first"
            )),
        }
    }
}

/// A text.
pub(crate) struct Text {
    pub name: &'static str,
    pub rule: TextRule,
    pub required: bool,
    /// Whether the value must never be shown.
    pub sensitive: bool,
    pub help: &'static str,
}

impl Text {
    /// A required text. It may be empty only if the rule allows that.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for a text that violates the rule.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<String, ApiError> {
        let text = arguments.text(self.name).unwrap_or_default();
        if self.rule.allows(text) {
            Ok(text.to_owned())
        } else {
            Err(self.invalid(text))
        }
    }

    /// An optional text; an empty one counts as absent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for a text that violates the rule.
    pub(crate) fn find(&self, arguments: &Arguments) -> Result<Option<String>, ApiError> {
        match arguments.text(self.name) {
            None | Some("") => Ok(None),
            Some(_) => self.read(arguments).map(Some),
        }
    }

    /// The error for this text.
    pub(crate) fn invalid(&self, text: &str) -> ApiError {
        ApiError::InvalidValue {
            name: self.name.to_owned(),
            value: (!self.sensitive).then(|| text.to_owned()),
        }
    }
}

impl Parameter for Text {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: self.required,
            sensitive: self.sensitive,
            rule: self.rule.in_words(),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

impl TypedParameter for Text {
    fn is_required(&self) -> bool {
        self.required
    }

    fn wire_type(&self) -> WireType {
        WireType::String
    }
}
