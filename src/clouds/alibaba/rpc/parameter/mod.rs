//! Types of parameters. A constant of one of these types describes a parameter completely: reading it
//! checks its bounds and fills in its default, and the documents are generated from it.

mod list;
mod scalar;

use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::request::Request;
use crate::clouds::description::ParameterDescription;
use crate::clouds::service::Parameter;
use crate::http::json;

pub(crate) use list::{List, TagList, TextMap};
pub(crate) use scalar::{Boolean, Choice, Integer, Json, Parsed, Text, TextRule};

/// The parameters of a request that an operation describes.
pub struct Arguments<'a> {
    request: &'a Request,
    described: &'a [&'a dyn Parameter],
}

impl<'a> Arguments<'a> {
    /// The parameters of `request` that are `described`.
    pub fn new(request: &'a Request, described: &'a [&'a dyn Parameter]) -> Self {
        Self { request, described }
    }

    /// The value of a parameter; an empty one counts as absent.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.check(name);
        self.request.parameter(name)
    }

    /// The members of a list or structure: parameters that begin with `name` and a dot, without these.
    fn below(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.check(name);
        self.request
            .parameters()
            .iter()
            .filter_map(move |parameter| {
                let rest = parameter.name.strip_prefix(name)?.strip_prefix('.')?;
                Some((rest, &*parameter.value))
            })
    }

    /// A parameter that is read but not described would be missing in the documents.
    fn check(&self, name: &str) {
        debug_assert!(
            self.described
                .iter()
                .any(|parameter| parameter.name() == name),
            "{name} is read but not described"
        );
    }
}

/// An optional parameter.
pub(crate) trait Optional: Parameter {
    /// The value of its text.
    type Value;

    /// # Errors
    ///
    /// Usually `InvalidParameter`, for an invalid value.
    fn find(&self, arguments: &Arguments) -> Result<Option<Self::Value>, ApiError>;
}

/// A required parameter.
pub(crate) struct Required<K>(pub K);

impl<K: Optional> Required<K> {
    /// # Errors
    ///
    /// `MissingParameter`, and those of the parameter itself.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<K::Value, ApiError> {
        self.0
            .find(arguments)?
            .ok_or_else(|| ApiError::MissingParameter(self.0.name()))
    }
}

impl<K: Parameter> Parameter for Required<K> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: true,
            ..self.0.describe()
        }
    }
}

/// The error for an invalid value.
pub(crate) fn invalid(name: &str) -> ApiError {
    ApiError::InvalidParameter(name.to_owned())
}

/// The most values of a JSON document in a parameter. No operation takes more than 10 objects with 10
/// texts each; policies are longer.
const MOST_JSON_VALUES: usize = 1000;

fn is_oversized(text: &str) -> bool {
    json::has_more_values(text.as_bytes(), MOST_JSON_VALUES)
}

/// Reads a JSON document; absent if it is invalid.
fn document<T: DeserializeOwned>(text: &str) -> Option<T> {
    (!is_oversized(text))
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::clouds::alibaba::SERVICES;
    use crate::http::wire::WireRequest;
    use crate::model::Tag;

    fn with<T>(parameter: &dyn Parameter, query: &str, check: impl FnOnce(&Arguments) -> T) -> T {
        let wire = WireRequest::new("GET", "/", query, [], Ok(Bytes::new()));
        let request = Request::parse(Arc::new(wire), SERVICES);
        check(&Arguments::new(&request, &[parameter]))
    }

    #[test]
    fn a_boolean_is_true_in_any_letter_case() {
        let flag = Boolean {
            name: "F",
            default: false,
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
                with(&flag, query, |arguments| flag.read(arguments)),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn lists_are_numbered_or_json() {
        let list = List {
            name: "L",
            max_items: 3,
            rule: TextRule::Characters(2),
            help: "",
        };
        let items = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
        for (query, value) in [
            ("", Some(None)),
            ("L.2=b&L.10=c&L.1=a", Some(items(&["a", "b", "c"]))),
            ("L.1=a&L.2=&L.3=b", Some(items(&["a", "b"]))),
            (r#"L=["a","b"]"#, Some(items(&["a", "b"]))),
            ("L=[]", Some(None)),
            ("L=a", None),
            ("L=[1]", None),
            ("L.x=a", None),
            ("L.1=abc", None),
            ("L.1=a&L.2=a&L.3=a&L.4=a", None),
        ] {
            assert_eq!(
                with(&list, query, |arguments| list.find(arguments).ok()),
                value,
                "{query}"
            );
        }
        let tags = TagList {
            name: "T",
            max_items: 2,
            help: "",
        };
        let tag = |key: &str, value: &str| Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        for (query, value) in [
            ("", Some(None)),
            (
                "T.2.Value=c&T.1.Key=a&T.2.Key=b",
                Some(Some(vec![tag("a", ""), tag("b", "c")])),
            ),
            (
                r#"T=[{"Key":"a","Value":"b"},{"Key":"c"}]"#,
                Some(Some(vec![tag("a", "b"), tag("c", "")])),
            ),
            ("T.1=a", None),
            ("T.1.Other=a", None),
            ("T.x.Key=a", None),
            ("T=a", None),
            ("T.1.Key=a&T.2.Key=b&T.3.Key=c", None),
        ] {
            assert_eq!(
                with(&tags, query, |arguments| tags.find(arguments).ok()),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn an_integer_out_of_bounds_is_rejected() {
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
                with(&size, query, |arguments| size.read(arguments).ok()),
                value,
                "{query}"
            );
        }
    }
}
