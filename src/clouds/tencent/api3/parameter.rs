//! Types of parameters. A constant of one of these types describes a parameter completely: its wire type
//! is checked first, reading it checks its bounds and fills in its default, and the documents are
//! generated from it.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::ApiError;
use super::request::OperationParameters;
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::service::Parameter;

/// The parameters of a request: only described ones, each of its wire type.
pub struct Arguments {
    values: Map<String, Value>,
}

impl Arguments {
    /// Checks the names and types of the parameters.
    ///
    /// # Errors
    ///
    /// `UnknownParameter` for a parameter that is not described, `MissingParameter` for an absent required
    /// one, `InvalidParameter` for another type.
    pub fn new(
        parameters: OperationParameters,
        described: &[&dyn TypedParameter],
    ) -> Result<Self, ApiError> {
        let OperationParameters { mut members, typed } = parameters;
        let known = |name: &str| described.iter().any(|parameter| parameter.name() == name);
        if let Some(name) = members.keys().find(|name| !known(name)) {
            return Err(ApiError::UnknownParameter(name.clone()));
        }
        let mut values = Map::new();
        for parameter in described {
            let name = parameter.name();
            match members.remove(name) {
                Some(value) => {
                    let value = parameter.wire_type().read(value, name, typed)?;
                    values.insert(name.to_owned(), value);
                }
                None if parameter.is_required() => {
                    return Err(ApiError::MissingParameter(name.to_owned()));
                }
                None => {}
            }
        }
        Ok(Self { values })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }
}

/// The type of a value on the wire. In forms everything is text, and read as its type.
#[derive(Debug, Clone, Copy)]
pub enum WireType {
    Uint64,
    Bool,
    String,
    List(&'static WireType),
    Struct(&'static [Member]),
}

/// A member of a struct.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub wire_type: WireType,
    pub required: bool,
}

impl WireType {
    /// The name that clients read.
    fn name(self) -> &'static str {
        match self {
            Self::Uint64 => "uint64",
            Self::Bool => "bool",
            Self::String => "string",
            Self::List(_) => "list",
            Self::Struct(_) => "struct",
        }
    }

    /// The value as one of this type; `path` is what it is called.
    fn read(self, value: Value, path: &str, typed: bool) -> Result<Value, ApiError> {
        let wrong = || ApiError::WrongType {
            name: path.to_owned(),
            wire_type: self.name(),
        };
        match (self, value) {
            (Self::Uint64, Value::Number(number)) if number.is_u64() => Ok(number.into()),
            (Self::Uint64, Value::String(text)) if !typed => {
                text.parse::<u64>().map(Value::from).map_err(|_| wrong())
            }
            (Self::Bool, value @ Value::Bool(_)) | (Self::String, value @ Value::String(_)) => {
                Ok(value)
            }
            // The Python SDK sends `True`, the PHP SDK with v1 `1`.
            (Self::Bool, Value::String(text)) if !typed => {
                match text.to_ascii_lowercase().as_str() {
                    "true" | "1" => Ok(true.into()),
                    "false" | "0" => Ok(false.into()),
                    _ => Err(wrong()),
                }
            }
            (Self::List(item_type), Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                items
                    .map(|(index, item)| item_type.read(item, &format!("{path}.{index}"), typed))
                    .collect()
            }
            (Self::Struct(known), Value::Object(members)) => {
                read_members(known, members, path, typed)
            }
            _ => Err(wrong()),
        }
    }
}

fn read_members(
    known: &[Member],
    mut members: Map<String, Value>,
    path: &str,
    typed: bool,
) -> Result<Value, ApiError> {
    members.retain(|_, value| !value.is_null());
    let mut read = Map::new();
    for member in known {
        let path = format!("{path}.{}", member.name);
        match members.remove(member.name) {
            Some(value) => {
                let value = member.wire_type.read(value, &path, typed)?;
                read.insert(member.name.to_owned(), value);
            }
            None if member.required => return Err(ApiError::MissingParameter(path)),
            None => {}
        }
    }
    match members.keys().next() {
        Some(name) => Err(ApiError::UnknownParameter(format!("{path}.{name}"))),
        None => Ok(Value::Object(read)),
    }
}

/// A parameter with a type on the wire.
pub trait TypedParameter: Parameter {
    /// Whether it is required.
    fn is_required(&self) -> bool {
        false
    }

    /// Its type on the wire.
    fn wire_type(&self) -> WireType;
}

/// A number.
pub(crate) struct Uint64 {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: Option<u32>,
    pub default: u32,
    pub help: &'static str,
}

impl Uint64 {
    /// The number, or the default where it is absent.
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
        let Some(number) = self.any(arguments) else {
            return Ok(None);
        };
        u32::try_from(number)
            .ok()
            .filter(|number| (self.minimum..=self.maximum.unwrap_or(u32::MAX)).contains(number))
            .map(Some)
            .ok_or_else(|| invalid(self.name, number))
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

/// A flag that is accepted and ignored.
pub(crate) struct Bool {
    pub name: &'static str,
    pub help: &'static str,
}

impl Parameter for Bool {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription::new(self.name, ValueType::Boolean, self.help)
    }
}

impl TypedParameter for Bool {
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
    /// At most this many bytes: an ASCII letter or digit, and then such and these.
    Name(usize, &'static str),
}

impl TextRule {
    /// Whether a text keeps to the rule.
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

    /// The rule, where there is one.
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
    /// A required text. It may be empty only where the rule allows that.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for a text against the rule.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<String, ApiError> {
        let text = arguments.text(self.name).unwrap_or_default();
        if self.rule.allows(text) {
            Ok(text.to_owned())
        } else {
            Err(self.invalid(text))
        }
    }

    /// A text that may be absent; an empty one counts as that.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for a text against the rule.
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

/// A list of structs, in JSON or in numbered parameters: `Tags.0.TagKey`.
pub(crate) struct Structs {
    pub name: &'static str,
    pub value_type: ValueType,
    pub item: &'static WireType,
    pub max_items: usize,
    pub help: &'static str,
}

impl Structs {
    /// The structs; none where they are absent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for too many.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        arguments: &Arguments,
    ) -> Result<Vec<T>, ApiError> {
        let Some(items) = arguments.values.get(self.name) else {
            return Ok(Vec::new());
        };
        // The types of the members were checked, so what does not fit is described wrongly.
        let items: Vec<T> = serde_json::from_value(items.clone())
            .map_err(|error| ApiError::InternalError(crate::clouds::cause::Cause::new(error)))?;
        if items.len() > self.max_items {
            return Err(invalid(self.name, items.len()));
        }
        Ok(items)
    }
}

impl Parameter for Structs {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, self.value_type, self.help)
        }
    }
}

impl TypedParameter for Structs {
    fn wire_type(&self) -> WireType {
        WireType::List(self.item)
    }
}

/// The error for a value against the rules.
pub(crate) fn invalid(name: &str, value: impl fmt::Display) -> ApiError {
    ApiError::InvalidValue {
        name: name.to_owned(),
        value: Some(value.to_string()),
    }
}
