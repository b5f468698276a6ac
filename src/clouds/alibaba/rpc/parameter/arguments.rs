//! Reads the parameters of a request.

use serde::de::DeserializeOwned;

use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::description::{Parameter, ParameterDescription};
use crate::http::json;

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

    /// Whether the operation has a parameter of this name.
    pub(crate) fn describe(&self, name: &str) -> bool {
        let mut described = self.described.iter();
        described.any(|parameter| parameter.name() == name)
    }

    /// All parameters of the request that are not common to all operations, in the order sent.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let parameters = self.request.parameters().iter();
        parameters
            .filter(|parameter| !parameter.is_common())
            .map(|parameter| (&*parameter.name, &*parameter.value))
    }

    /// The header `Host`; empty without one.
    pub(crate) fn host(&self) -> &'a str {
        self.request.wire.header("host").unwrap_or_default()
    }

    /// The value of a parameter; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.check(name);
        self.request.parameter(name)
    }

    /// The members of a list or structure: parameters that begin with `name` and a dot, without these.
    pub(super) fn below(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
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
        debug_assert!(self.describe(name), "{name} is read but not described");
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

    fn is_sensitive(&self) -> bool {
        self.0.is_sensitive()
    }

    fn has_members(&self) -> bool {
        self.0.has_members()
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: true,
            default: None,
            ..self.0.describe()
        }
    }
}

/// The error for an invalid value.
pub(crate) fn invalid(name: &str) -> ApiError {
    ApiError::InvalidParameter(name.to_owned())
}

/// The maximum number of values in a JSON document in a parameter. No operation takes more than 10 objects
/// with 10 texts each; policies are longer.
const MAX_JSON_VALUES: usize = 1000;

pub(super) fn is_oversized(text: &str) -> bool {
    json::has_more_values(text.as_bytes(), MAX_JSON_VALUES)
}

/// Reads a JSON document; absent if it is invalid.
pub(super) fn document<T: DeserializeOwned>(text: &str) -> Option<T> {
    (!is_oversized(text))
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}
