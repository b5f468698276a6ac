//! Kinds of parameter. A constant of one of these types is all there is to say of a parameter:
//! reading it checks its bounds and fills in its default, and documents are made from it.

use super::error::ApiError;
use super::request::Request;
use crate::description::{KeyDescription, ParameterDescription, ValueType};

/// What every kind of parameter can do.
pub trait Parameter: Sync {
    /// The parameter as data, for documents.
    fn describe(&self) -> ParameterDescription;
}

/// `true` in any letter case; everything else is `false`.
pub struct Boolean {
    pub name: &'static str,
    pub help: &'static str,
}

impl Boolean {
    pub fn read(&self, request: &Request) -> bool {
        request
            .parameter(self.name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

impl Parameter for Boolean {
    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            name: self.name,
            value_type: ValueType::Boolean,
            default: Some("false".to_owned()),
            minimum: None,
            maximum: None,
            max_items: None,
            keys: Vec::new(),
            help: self.help,
        }
    }
}

/// A decimal number within bounds.
pub struct Integer {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: u32,
    pub default: u32,
    pub help: &'static str,
}

impl Integer {
    /// # Errors
    ///
    /// `InvalidParameter` for what is not a number or out of bounds.
    pub fn read(&self, request: &Request) -> Result<u32, ApiError> {
        let Some(text) = request.parameter(self.name) else {
            return Ok(self.default);
        };
        text.parse()
            .ok()
            .filter(|number| (self.minimum..=self.maximum).contains(number))
            .ok_or_else(|| ApiError::InvalidParameter(self.name.to_owned()))
    }
}

impl Parameter for Integer {
    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            name: self.name,
            value_type: ValueType::Integer,
            default: Some(self.default.to_string()),
            minimum: Some(self.minimum),
            maximum: Some(self.maximum),
            max_items: None,
            keys: Vec::new(),
            help: self.help,
        }
    }
}

/// A JSON document that the operation reads further.
pub struct Json<T> {
    pub name: &'static str,
    pub help: &'static str,
    /// The most items that the document may have.
    pub max_items: usize,
    /// Describes the keys that the document may have.
    pub keys: fn() -> Vec<KeyDescription>,
    /// Reads the text; absent when it is not what it must be.
    pub parse: fn(&str) -> Option<T>,
}

impl<T: Default> Json<T> {
    /// # Errors
    ///
    /// `InvalidParameter` for a document that is not what it must be.
    pub fn read(&self, request: &Request) -> Result<T, ApiError> {
        let Some(text) = request.parameter(self.name) else {
            return Ok(T::default());
        };
        (self.parse)(text).ok_or_else(|| ApiError::InvalidParameter(self.name.to_owned()))
    }
}

impl<T> Parameter for Json<T> {
    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            name: self.name,
            value_type: ValueType::Json,
            default: None,
            minimum: None,
            maximum: None,
            max_items: Some(self.max_items),
            keys: (self.keys)(),
            help: self.help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireRequest;

    fn with_request<T>(query: &str, check: impl FnOnce(&Request) -> T) -> T {
        let wire = WireRequest {
            method: "GET",
            path: "/",
            query,
            headers: vec![],
            body: Some(b""),
        };
        check(&Request::parse(&wire).unwrap())
    }

    #[test]
    fn a_boolean_is_true_in_any_letter_case() {
        let flag = Boolean {
            name: "F",
            help: "",
        };
        for (query, value) in [
            ("F=true", true),
            ("F=True", true),
            ("F=TRUE", true),
            ("F=false", false),
            ("F=1", false),
            ("F=", false),
            ("", false),
        ] {
            assert_eq!(
                with_request(query, |request| flag.read(request)),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn an_integer_keeps_to_its_bounds() {
        let size = Integer {
            name: "N",
            minimum: 1,
            maximum: 100,
            default: 10,
            help: "",
        };
        for (query, value) in [
            ("", Some(10)),
            ("N=", Some(10)),
            ("N=1", Some(1)),
            ("N=100", Some(100)),
            ("N=007", Some(7)),
            ("N=0", None),
            ("N=101", None),
            ("N=-1", None),
            ("N=1.0", None),
            ("N=1e1", None),
            ("N=%201", None),
            ("N=ten", None),
            ("N=99999999999999999999", None),
        ] {
            assert_eq!(
                with_request(query, |request| size.read(request).ok()),
                value,
                "{query}"
            );
        }
    }
}
