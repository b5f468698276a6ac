//! The resources of credential sources as data: for documents, forms, and requests of the page.

use bytes::Bytes;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value};

use super::TOO_MANY_REQUESTS;
use crate::clouds::description::{
    ErrorDescription, OperationDescription, ParameterDescription, SentIn, ValueType,
};
use crate::clouds::draft::text_of;
use crate::http::percent;
use crate::http::shown::{MASK, shortened};
use crate::http::wire::WireRequest;

/// A resource of a credential source. Its path is the operation of requests for it.
#[derive(Debug, Clone, Copy)]
pub struct CredentialResource {
    /// The path, with `[role]` for the name of a role.
    pub path: &'static str,
    pub(crate) method: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) source: &'static SourceDescription,
    pub(crate) parameters: &'static [SourceParameter],
    /// The errors besides those of every resource of the source.
    pub(crate) errors: &'static [ErrorDescription],
    /// The JSON Schema of a successful reply.
    pub(crate) reply: fn() -> Schema,
}

/// The parts of a description that the resources of a credential source share.
#[derive(Debug)]
pub(crate) struct SourceDescription {
    pub(crate) product: &'static str,
    pub(crate) version: &'static str,
    /// The host to which clients send requests; absent if it is that of the control API.
    pub(crate) host: Option<&'static str>,
    pub(crate) page: &'static str,
    pub(crate) evidence: &'static str,
    pub(crate) differences: &'static str,
    pub(crate) errors: &'static [ErrorDescription],
}

/// A parameter of a request for a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceParameter {
    pub(crate) name: &'static str,
    pub(crate) sent_in: SentIn,
    pub(crate) required: bool,
    pub(crate) sensitive: bool,
    /// The minimum and the maximum of a number; absent for a text.
    pub(crate) bounds: Option<(u32, u32)>,
    pub(crate) help: &'static str,
}

/// A parameter for which a request cannot be built.
#[derive(Debug, PartialEq, Eq)]
pub struct RejectedParameter {
    /// Its name.
    pub name: String,
    /// The reason.
    pub reason: &'static str,
}

/// The name of a role in a path.
pub(crate) const ROLE_PARAMETER: SourceParameter = SourceParameter {
    name: "role",
    sent_in: SentIn::Path,
    required: true,
    sensitive: false,
    bounds: None,
    help: "The name of the role. Every role exists. A name of 16 digits selects the account with this number, and its clock.",
};

/// The schema of a plain text.
pub(crate) fn text() -> Schema {
    json_schema!({"type": "string"})
}

/// The schema of a plain text that is a secret.
pub(crate) fn secret_text() -> Schema {
    json_schema!({"type": "string", "format": "password"})
}

impl CredentialResource {
    /// The description, as that of an operation.
    #[must_use]
    pub fn describe(&self) -> OperationDescription {
        let parameters = self.parameters.iter().map(SourceParameter::describe);
        let errors = [self.errors, self.source.errors, &[TOO_MANY_REQUESTS]];
        OperationDescription {
            product: self.source.product,
            version: self.source.version,
            action: self.path,
            method: Some(self.method),
            summary: self.summary,
            page: self.source.page,
            evidence: self.source.evidence,
            differences: self.source.differences,
            parameters: parameters.collect(),
            errors: errors.concat(),
            reply: (self.reply)(),
        }
    }

    /// The host to which clients send requests; absent if it is that of the control API.
    #[must_use]
    pub fn host(&self) -> Option<&'static str> {
        self.source.host
    }

    /// The request of a client for the resource.
    ///
    /// # Errors
    ///
    /// The first parameter that the resource does not have, or that cannot be sent.
    pub fn request(
        &self,
        parameters: &Map<String, Value>,
        host: &str,
    ) -> Result<WireRequest, RejectedParameter> {
        let is_known = |name: &str| self.parameters.iter().any(|known| known.name == name);
        if let Some(name) = parameters.keys().find(|name| !is_known(name)) {
            return Err(rejected(name, "the resource does not have this parameter"));
        }
        let mut path = self.path.to_owned();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut headers = Vec::new();
        for parameter in self.parameters {
            let name = parameter.name;
            let value = parameters.get(name).filter(|value| !value.is_null());
            match (parameter.sent_in, value.map(text_of)) {
                (SentIn::Path, Some(value)) if is_segment(&value) => {
                    let encoded = percent::encode(&value).to_string();
                    path = path.replace(&format!("[{name}]"), &encoded);
                }
                (SentIn::Path, _) => {
                    return Err(rejected(name, "expected a text that a path can end with"));
                }
                (_, None) => {}
                (SentIn::Query, Some(value)) => {
                    query.append_pair(name, &value);
                }
                (SentIn::Header, Some(value)) if value.contains(char::is_control) => {
                    let reason = "a header cannot contain control characters";
                    return Err(rejected(name, reason));
                }
                (SentIn::Header, Some(value)) => headers.push((name, value)),
            }
        }
        let headers = headers.iter().map(|(name, value)| (*name, &**value));
        let headers = [("host", host)].into_iter().chain(headers);
        let query = query.finish();
        Ok(WireRequest::new(
            self.method,
            &path,
            &query,
            headers,
            Ok(Bytes::new()),
        ))
    }

    /// The parameters of a request for the resource by name, with sensitive values masked. `role` is the name in its path.
    pub(crate) fn shown_parameters(
        &self,
        wire: &WireRequest,
        role: Option<&str>,
    ) -> Vec<(String, String)> {
        let mut shown = Vec::new();
        for parameter in self.parameters {
            let values = parameter.values_in(wire, role);
            shown.extend(values.into_iter().map(|value| {
                let value = if parameter.sensitive {
                    MASK.to_owned()
                } else {
                    shortened(value)
                };
                (parameter.name.to_owned(), value)
            }));
        }
        shown
    }

    /// The parameters that a request has: one bit for each parameter of the resource, in its order.
    pub(crate) fn sent_parameters(&self, wire: &WireRequest, role: Option<&str>) -> u64 {
        let parameters = self.parameters.iter().enumerate();
        parameters
            .filter(|(_, parameter)| !parameter.values_in(wire, role).is_empty())
            .fold(0, |sent, (index, _)| sent | 1 << index)
    }
}

impl SourceParameter {
    /// The values of the parameter in a request. `role` is the name in its path.
    fn values_in(&self, wire: &WireRequest, role: Option<&str>) -> Vec<String> {
        match self.sent_in {
            SentIn::Path => role.map(str::to_owned).into_iter().collect(),
            SentIn::Query => form_urlencoded::parse(wire.query.as_bytes())
                .filter(|(sent, _)| sent == self.name)
                .map(|(_, value)| value.into_owned())
                .collect(),
            SentIn::Header => wire.header_values(self.name).map(str::to_owned).collect(),
        }
    }

    fn describe(&self) -> ParameterDescription {
        let value_type = match self.bounds {
            Some(_) => ValueType::Integer,
            None => ValueType::Text,
        };
        ParameterDescription {
            sent_in: Some(self.sent_in),
            required: self.required,
            sensitive: self.sensitive,
            minimum: self.bounds.map(|(minimum, _)| minimum),
            maximum: self.bounds.map(|(_, maximum)| maximum),
            ..ParameterDescription::new(self.name, value_type, self.help)
        }
    }
}

fn rejected(name: &str, reason: &'static str) -> RejectedParameter {
    RejectedParameter {
        name: name.to_owned(),
        reason,
    }
}

/// Whether a text can be the last segment of a path: a client removes `.` and `..`, encoded too.
fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

/// A resource without properties, for tests.
#[cfg(test)]
pub(super) const EXAMPLE: CredentialResource = CredentialResource {
    path: "",
    method: "GET",
    summary: "",
    source: &SourceDescription {
        product: "",
        version: "",
        host: None,
        page: "",
        evidence: "",
        differences: "",
        errors: &[],
    },
    parameters: &[],
    errors: &[],
    reply: text,
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RESOURCE: CredentialResource = CredentialResource {
        path: "/latest/roles/[role]",
        parameters: &[
            ROLE_PARAMETER,
            SourceParameter {
                name: "account",
                sent_in: SentIn::Query,
                required: false,
                ..ROLE_PARAMETER
            },
            SourceParameter {
                name: "X-Token",
                sent_in: SentIn::Header,
                required: false,
                sensitive: true,
                ..ROLE_PARAMETER
            },
        ],
        ..EXAMPLE
    };

    fn request(parameters: &Value) -> Result<WireRequest, RejectedParameter> {
        RESOURCE.request(parameters.as_object().unwrap(), "localhost")
    }

    #[test]
    fn parameters_are_sent_in_path_query_and_headers() {
        let parameters = json!({"role": "a/b c", "account": "1&2", "X-Token": 5});
        let wire = request(&parameters).unwrap();
        let expected = WireRequest::new(
            "GET",
            "/latest/roles/a%2Fb%20c",
            "account=1%262",
            [("host", "localhost"), ("X-Token", "5")],
            Ok(Bytes::new()),
        );
        assert_eq!(wire, expected);
        let shown = RESOURCE.shown_parameters(&wire, Some("a/b c"));
        let expected = [("role", "a/b c"), ("account", "1&2"), ("X-Token", "***")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(shown, expected);
        assert_eq!(RESOURCE.sent_parameters(&wire, Some("a")), 0b111);
        let wire = request(&json!({"role": "a", "X-Token": 5})).unwrap();
        assert_eq!(RESOURCE.sent_parameters(&wire, Some("a")), 0b101);
    }

    #[test]
    fn parameters_that_cannot_be_sent_are_rejected_by_name() {
        for (parameters, name) in [
            (json!({}), "role"),
            (json!({"role": null}), "role"),
            (json!({"role": ""}), "role"),
            (json!({"role": ".."}), "role"),
            (json!({"role": "a", "other": null}), "other"),
            (json!({"role": "a", "X-Token": "a\r\nb: c"}), "X-Token"),
        ] {
            let error = request(&parameters).unwrap_err();
            assert_eq!(error.name, name, "{parameters}");
        }
    }
}
