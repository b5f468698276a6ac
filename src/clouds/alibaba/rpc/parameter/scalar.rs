//! Parameters with one value.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::arguments::{Arguments, Optional, invalid, is_oversized};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::description::{KeyDescription, Parameter, ParameterDescription, ValueType};

/// A flag: `true`, ignoring case. Any other text is `false`; an absent flag has its default.
pub(crate) struct Boolean {
    pub name: &'static str,
    pub default: bool,
    pub help: &'static str,
}

impl Boolean {
    pub(crate) fn read(&self, arguments: &Arguments) -> bool {
        match arguments.get(self.name) {
            None => self.default,
            Some(value) => value.eq_ignore_ascii_case("true"),
        }
    }
}

impl Optional for Boolean {
    type Value = bool;

    fn find(&self, arguments: &Arguments) -> Result<Option<bool>, ApiError> {
        Ok(arguments.get(self.name).map(|_| self.read(arguments)))
    }
}

impl Parameter for Boolean {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.default.to_string()),
            ..ParameterDescription::new(self.name, ValueType::Boolean, self.help)
        }
    }
}

/// A decimal number within bounds.
pub(crate) struct Integer {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: u32,
    pub default: u32,
    pub help: &'static str,
}

impl Integer {
    /// # Errors
    ///
    /// `InvalidParameter` for a text that is not a number, or a number out of bounds.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<u32, ApiError> {
        Ok(self.find(arguments)?.unwrap_or(self.default))
    }
}

impl Optional for Integer {
    type Value = u32;

    fn find(&self, arguments: &Arguments) -> Result<Option<u32>, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(None);
        };
        let number = text.parse().ok();
        let number = number.filter(|number| (self.minimum..=self.maximum).contains(number));
        number.map(Some).ok_or_else(|| invalid(self.name))
    }
}

impl Parameter for Integer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.default.to_string()),
            minimum: Some(self.minimum),
            maximum: Some(self.maximum),
            ..ParameterDescription::new(self.name, ValueType::Integer, self.help)
        }
    }
}

/// The allowed characters and length of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TextRule {
    /// At most this many bytes.
    Bytes(usize),
    /// At most this many characters, of any kind.
    Characters(usize),
    /// At most this many characters: ASCII letters, digits, and these.
    Plain(usize, &'static str),
}

impl TextRule {
    /// Whether a text, which is not empty, is valid.
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Self::Bytes(most) => text.len() <= most,
            Self::Characters(most) => text.chars().count() <= most,
            Self::Plain(most, also) => {
                text.len() <= most
                    && text.chars().all(|character| {
                        character.is_ascii_alphanumeric() || also.contains(character)
                    })
            }
        }
    }
}

impl fmt::Display for TextRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(most) => write!(f, "1 to {most} bytes"),
            Self::Characters(most) => write!(f, "1 to {most} characters"),
            Self::Plain(most, also) => match also.strip_prefix(' ') {
                None if also.is_empty() => write!(f, "1 to {most} ASCII letters and digits"),
                None => write!(f, "1 to {most} ASCII letters, digits and `{also}`"),
                Some(also) => write!(f, "1 to {most} ASCII letters, digits, spaces and `{also}`"),
            },
        }
    }
}

/// A text.
pub(crate) struct Text {
    pub name: &'static str,
    pub rule: TextRule,
    /// Whether the value is masked wherever it is shown.
    pub sensitive: bool,
    pub help: &'static str,
}

impl Optional for Text {
    type Value = String;

    fn find(&self, arguments: &Arguments) -> Result<Option<String>, ApiError> {
        match arguments.get(self.name) {
            Some(text) if !self.rule.allows(text) => Err(invalid(self.name)),
            text => Ok(text.map(str::to_owned)),
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
            sensitive: self.sensitive,
            rule: Some(self.rule.to_string()),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// A text that the operation parses.
pub(crate) struct Parsed<T> {
    pub name: &'static str,
    /// Describes the valid texts.
    pub rule: &'static str,
    pub help: &'static str,
    /// Parses the text; absent if it is invalid.
    pub parse: fn(&str) -> Option<T>,
}

impl<T> Optional for Parsed<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        arguments
            .get(self.name)
            .map(|text| (self.parse)(text).ok_or_else(|| invalid(self.name)))
            .transpose()
    }
}

impl<T> Parameter for Parsed<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            rule: Some(self.rule.to_owned()),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// One of several words. The first is the default.
pub(crate) struct Choice<T: 'static> {
    pub name: &'static str,
    pub values: &'static [(&'static str, T)],
    pub help: &'static str,
}

impl<T: Copy + Sync> Choice<T> {
    /// # Errors
    ///
    /// `InvalidParameter` for another word.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<T, ApiError> {
        Ok(self.find(arguments)?.unwrap_or(self.values[0].1))
    }
}

impl<T: Copy + Sync> Optional for Choice<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(None);
        };
        let known = self
            .values
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        known
            .map(|(_, value)| Some(*value))
            .ok_or_else(|| invalid(self.name))
    }
}

impl<T: Sync> Parameter for Choice<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.values[0].0.to_owned()),
            values: self.values.iter().map(|(word, _)| *word).collect(),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// One of several words, with letter case.
pub(crate) struct Word<T: 'static> {
    pub name: &'static str,
    pub values: &'static [T],
    pub word: fn(T) -> &'static str,
    /// The default, for documents.
    pub default: Option<&'static str>,
    pub help: &'static str,
}

impl<T: Copy + Sync> Optional for Word<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(None);
        };
        let mut values = self.values.iter().copied();
        let known = values.find(|value| (self.word)(*value) == text);
        known.map(Some).ok_or_else(|| invalid(self.name))
    }
}

impl<T: Copy + Sync> Parameter for Word<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: self.default.map(str::to_owned),
            values: self
                .values
                .iter()
                .map(|value| (self.word)(*value))
                .collect(),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// Bytes in Base64.
pub(crate) struct Bytes {
    pub name: &'static str,
    /// The maximum number of bytes that are decoded.
    pub maximum: usize,
    /// Whether the value is masked wherever it is shown.
    pub sensitive: bool,
    pub help: &'static str,
}

impl Optional for Bytes {
    type Value = Vec<u8>;

    fn find(&self, arguments: &Arguments) -> Result<Option<Vec<u8>>, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(None);
        };
        let bytes = STANDARD.decode(text).ok();
        let bytes = bytes.filter(|bytes| bytes.len() <= self.maximum);
        bytes.map(Some).ok_or_else(|| invalid(self.name))
    }
}

impl Parameter for Bytes {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: self.sensitive,
            rule: Some(format!("1 to {} bytes in Base64", self.maximum)),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// A JSON document that the operation parses.
pub(crate) struct Json<T> {
    pub name: &'static str,
    pub help: &'static str,
    /// The maximum number of items in the document.
    pub max_items: Option<usize>,
    /// Whether the value is masked wherever it is shown.
    pub sensitive: bool,
    /// Describes the keys that the document may have.
    pub keys: fn() -> Vec<KeyDescription>,
    /// Parses the text; absent if it is invalid.
    pub parse: fn(&str) -> Option<T>,
}

impl<T> Optional for Json<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        let parse = |text: &str| {
            let parsed = (!is_oversized(text)).then(|| (self.parse)(text)).flatten();
            parsed.ok_or_else(|| invalid(self.name))
        };
        arguments.get(self.name).map(parse).transpose()
    }
}

impl<T> Parameter for Json<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: self.sensitive,
            max_items: self.max_items,
            keys: (self.keys)(),
            ..ParameterDescription::new(self.name, ValueType::Json, self.help)
        }
    }
}
