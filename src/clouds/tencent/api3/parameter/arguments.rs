//! The parameters of a request, checked and converted to their types on the wire.

use std::fmt;

use serde_json::{Map, Value};

use crate::clouds::service::Parameter;
use crate::clouds::tencent::api3::error::ApiError;

/// The parameters of an operation as sent.
#[derive(Default)]
pub struct OperationParameters {
    /// Their names and values.
    pub members: Map<String, Value>,
    /// Whether the values have JSON types; otherwise all are texts.
    pub typed: bool,
}

/// The parameters of a request: only described ones, each of its wire type.
pub struct Arguments {
    pub(super) values: Map<String, Value>,
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

    /// All parameters, the values as JSON.
    pub(in crate::clouds::tencent::api3) fn all(&self) -> impl Iterator<Item = (&str, String)> {
        let values = self.values.iter();
        values.map(|(name, value)| (&**name, value.to_string()))
    }

    /// The value of a text parameter that not all operations have.
    pub(crate) fn find_text(&self, name: &str) -> Option<&str> {
        self.text(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }
}

/// The type of a value on the wire. In forms every value is a text, which is converted.
#[derive(Debug, Clone, Copy)]
pub enum WireType {
    Uint64,
    Int64,
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
    /// The name in error texts.
    fn name(self) -> &'static str {
        match self {
            Self::Uint64 => "uint64",
            Self::Int64 => "int64",
            Self::Bool => "bool",
            Self::String => "string",
            Self::List(_) => "list",
            Self::Struct(_) => "struct",
        }
    }

    /// The value converted to this type; `path` is its name in errors.
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
            (Self::Int64, Value::Number(number)) if number.is_i64() => Ok(number.into()),
            (Self::Int64, Value::String(text)) if !typed => {
                text.parse::<i64>().map(Value::from).map_err(|_| wrong())
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

/// The error for a value that violates a rule.
pub(crate) fn invalid(name: &str, value: impl fmt::Display) -> ApiError {
    ApiError::InvalidValue {
        name: name.to_owned(),
        value: Some(value.to_string()),
    }
}
