//! Requests with the parameters of query, form body and JSON body merged.
//!
//! A request is parsed once. The browser guard, faults, the signature check and the operation read the same
//! parsed value, so that they cannot interpret it differently.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::ApiError;
use super::protocol::Rpc;
use crate::clouds::description::ValueType;
use crate::clouds::draft::Format;
use crate::clouds::service::{Known, Service, Services, UnsignedCaller};
use crate::clouds::shown_request::{BodyFormat, Masking, ShownRequest};
use crate::http::form;
use crate::http::json;
use crate::http::shown::{MASK, shortened};
use crate::http::wire::WireRequest;

/// The common parameters whose values are not sensitive.
pub(crate) const COMMON: [&str; 10] = [
    "AccessKeyId",
    "Action",
    "Format",
    "RegionId",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// The common parameters whose values are sensitive.
const COMMON_SECRETS: [&str; 3] = ["BearerToken", "SecurityToken", "Signature"];

/// The maximum number of parameters of a request. No operation takes more than 20 tags, each a key and a
/// value.
const MAX_PARAMETERS: usize = 1000;

/// The maximum size of query and body together, in bytes. The longest value of an operation, a secret value
/// of 30 kB, has 90 kB if each byte is percent-encoded.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A request with its parameters decoded.
pub struct Request {
    /// The request as it arrived.
    pub wire: Arc<WireRequest>,
    /// The services that it may be for.
    pub services: Services<Rpc>,
    parameters: Vec<RawParameter>,
    /// Indexes into `parameters`, sorted by name; repeated names in the order sent.
    by_name: Vec<usize>,
    /// The service of the version; absent if no service has it.
    known_service: Option<&'static Service<Rpc>>,
    operation: Option<Known<Rpc>>,
    /// The first reason for which the request cannot be answered.
    fault: Option<ApiError>,
}

/// A parameter as sent.
pub struct RawParameter {
    /// Its decoded name.
    pub name: ByteString,
    /// Its decoded value.
    pub value: ByteString,
    /// Where it was found.
    pub source: Source,
}

/// A part of the request that carries parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The query.
    Query,
    /// A form in the body.
    Form,
    /// A JSON object in the body.
    Json,
}

impl Request {
    /// Collects the parameters. Readable ones are kept even if others are invalid, because `Format` is needed
    /// to print the error.
    #[must_use]
    pub fn parse(wire: Arc<WireRequest>, services: Services<Rpc>) -> Self {
        let mut request = Self {
            wire,
            services,
            parameters: Vec::new(),
            by_name: Vec::new(),
            known_service: None,
            operation: None,
            fault: None,
        };
        request.collect();
        let parameters = &request.parameters;
        let mut by_name: Vec<usize> = (0..parameters.len()).collect();
        by_name.sort_by_key(|index| &parameters[*index].name);
        let contradiction = by_name.windows(2).find_map(|pair| {
            let [one, other] = [&parameters[pair[0]], &parameters[pair[1]]];
            (one.name == other.name && one.value != other.value).then_some(&one.name)
        });
        if let (Some(name), None) = (contradiction, &request.fault) {
            request.fault = Some(ApiError::InvalidParameter(name.to_string()));
        }
        request.by_name = by_name;
        request.known_service = match request.version() {
            None => Some(services.of_action(request.action().unwrap_or_default())),
            version => services.of_version(version),
        };
        request.operation = request
            .action()
            .and_then(|action| request.service().find(action));
        request
    }

    fn collect(&mut self) {
        let wire = Arc::clone(&self.wire);
        if wire.query.len() > MAX_BYTES {
            self.fail();
            return;
        }
        self.add_pairs(wire.query.as_bytes(), Source::Query);
        let body_bytes = wire.whole_body().len();
        match Body::of(&wire).filter(|_| wire.query.len() + body_bytes <= MAX_BYTES) {
            None => self.fail(),
            Some(Body::Form(text)) => self.add_pairs(text, Source::Form),
            Some(Body::Json(text)) => match serde_json::from_slice(text) {
                Ok(Members(members)) => self.parameters.extend(members),
                Err(_) => self.fail(),
            },
            Some(Body::Other) => {}
        }
        if self.parameters.len() > MAX_PARAMETERS {
            self.parameters.truncate(MAX_PARAMETERS);
            self.fail();
        }
    }

    fn add_pairs(&mut self, text: &Bytes, source: Source) {
        for (name, value) in form::pairs(text).take(MAX_PARAMETERS + 1) {
            let decode = |part| form::decode_part(text, part);
            match (decode(name), decode(value.unwrap_or_default())) {
                (Ok(name), Ok(value)) => self.parameters.push(RawParameter {
                    name,
                    value,
                    source,
                }),
                _ => self.fail(),
            }
        }
    }

    fn fail(&mut self) {
        self.fault = Some(ApiError::ParseRequestParameters);
    }

    /// Takes the reason for which the request cannot be answered.
    ///
    /// # Errors
    ///
    /// `ParseRequestParameterException` for text that is not UTF-8, for JSON that is not an object,
    /// and for more than 1,000 parameters or 2 MiB; `InvalidParameter` for a parameter that is given
    /// twice with different values.
    pub fn check(&mut self) -> Result<(), ApiError> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// The value of a parameter; an empty one counts as absent.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let name_at = |index: &usize| &*self.parameters[*index].name;
        let place = self.by_name.partition_point(|index| name_at(index) < name);
        let index = self
            .by_name
            .get(place)
            .filter(|index| name_at(index) == name)?;
        Some(&*self.parameters[*index].value).filter(|value| !value.is_empty())
    }

    /// All parameters in the order sent, empty ones included.
    #[must_use]
    pub fn parameters(&self) -> &[RawParameter] {
        &self.parameters
    }

    /// The name of the operation. With a V1 signature the parameter `Action` is used first, otherwise the
    /// header `x-acs-action`.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        self.header_or_parameter("x-acs-action", "Action")
    }

    /// The version of the API. Requests from the address bar of a browser have none.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.header_or_parameter("x-acs-version", "Version")
    }

    /// The format of the parameter `Format`, ignoring case; JSON if the parameter is absent or has another
    /// value.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.parameter("Format") {
            Some(name) if name.eq_ignore_ascii_case("xml") => Format::Xml,
            _ => Format::Json,
        }
    }

    fn header_or_parameter(&self, header: &str, parameter: &str) -> Option<&str> {
        let header = self.wire.header(header).filter(|value| !value.is_empty());
        if self.parameter("Signature").is_some() {
            self.parameter(parameter).or(header)
        } else {
            header.or_else(|| self.parameter(parameter))
        }
    }

    /// The name of the operation, if the real service has it.
    #[must_use]
    pub fn known_action(&self) -> Option<&'static str> {
        Some(self.operation()?.action())
    }

    /// The operation, if the real service has it.
    #[must_use]
    pub fn operation(&self) -> Option<Known<Rpc>> {
        self.operation
    }

    /// The service of the version, or of the operation if the request names no version; absent if no service
    /// has that version.
    #[must_use]
    pub fn known_service(&self) -> Option<&'static Service<Rpc>> {
        self.known_service
    }

    /// The service that answers the request: the first if no service has the version.
    #[must_use]
    pub fn service(&self) -> &'static Service<Rpc> {
        self.known_service().unwrap_or(self.services.0[0])
    }

    /// The caller, if the operation needs no signature.
    #[must_use]
    pub fn unsigned_caller(&self) -> Option<UnsignedCaller<'_>> {
        self.operation()?.unsigned_caller(self)
    }

    /// The parameters by name, without the common ones, for output; absent if they cannot be parsed.
    #[must_use]
    pub fn shown_parameters(mut self) -> Option<Vec<(String, String)>> {
        self.check().ok()?;
        let own = self.parameters.iter();
        let own = own.filter(|parameter| !parameter.is_common());
        let shown = own.map(|parameter| {
            let (name, value) = self.masked(parameter);
            (name.to_owned(), shortened(value))
        });
        Some(shown.collect())
    }

    /// The request as it was received, to be shown.
    #[must_use]
    pub fn shown(&self) -> ShownRequest {
        let body = match Body::of(&self.wire) {
            Some(Body::Form(_)) => BodyFormat::Form,
            Some(Body::Json(_)) => BodyFormat::Json,
            Some(Body::Other) | None => BodyFormat::Unreadable,
        };
        let pair = |name: &str, value: &str| {
            let parameter = RawParameter {
                name: name.into(),
                value: value.into(),
                source: Source::Query,
            };
            let (name, value) = self.masked(&parameter);
            (name.to_owned(), value.into_owned())
        };
        let masking = Masking {
            pair: &pair,
            members: &self.services.harmless_members(),
            body,
        };
        ShownRequest::of(&self.wire, &masking)
    }

    /// The name and value of a parameter, for output. Masked are sensitive values, unknown members of JSON
    /// documents, and unknown names, because these may be values that were sent in the wrong place.
    #[must_use]
    pub fn masked<'p>(&self, parameter: &'p RawParameter) -> (&'p str, Cow<'p, str>) {
        let RawParameter { name, value, .. } = parameter;
        let whole = Cow::Borrowed(&**value);
        let document = self.services.parameter(name).filter(|known| {
            matches!(
                known.value_type,
                ValueType::Json | ValueType::List | ValueType::TagList
            )
        });
        let value = match document {
            _ if !self.is_harmless(name) => Cow::Borrowed(MASK),
            None => whole,
            Some(document) => json::masked(value, &self.services.harmless_members()).unwrap_or(
                // An invalid expression is shown, because the user looks for the mistake in it.
                if document.keys.is_empty() && !value.is_empty() {
                    Cow::Borrowed(MASK)
                } else {
                    whole
                },
            ),
        };
        (self.shown_name(name), value)
    }

    /// The name and value of a parameter, [masked](Self::masked) or as they are.
    #[must_use]
    pub fn pair<'p>(&self, parameter: &'p RawParameter, masked: bool) -> (&'p str, Cow<'p, str>) {
        if masked {
            self.masked(parameter)
        } else {
            (&parameter.name, Cow::Borrowed(&parameter.value))
        }
    }

    /// The name of a parameter, masked if no operation has it.
    #[must_use]
    pub fn shown_name<'n>(&self, name: &'n str) -> &'n str {
        if is_common(name) || self.services.has_parameter(name) {
            name
        } else {
            MASK
        }
    }

    /// Whether the value of a parameter may be shown.
    fn is_harmless(&self, name: &str) -> bool {
        COMMON.contains(&name) || self.services.is_harmless(name)
    }
}

impl RawParameter {
    /// Whether it is common to all operations.
    pub fn is_common(&self) -> bool {
        is_common(&self.name)
    }
}

fn is_common(name: &str) -> bool {
    COMMON.contains(&name) || COMMON_SECRETS.contains(&name)
}

/// A body, by the encoding of its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    /// A form.
    Form(&'a Bytes),
    /// JSON.
    Json(&'a Bytes),
    /// Empty, or without parameters.
    Other,
}

impl<'a> Body<'a> {
    /// The body of a request; absent if it could not be read. JSON is recognized by its content
    /// type or its first character: clients send it with the content type of a form, as `curl` does
    /// by default, and the whole text would become the name of a parameter.
    pub(crate) fn of(wire: &'a WireRequest) -> Option<Self> {
        let body = wire.body.as_ref().ok()?;
        let content_type = wire.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        Some(if body.is_empty() {
            Self::Other
        } else if media_type.eq_ignore_ascii_case("application/json") || form::looks_like_json(body)
        {
            Self::Json(body)
        } else if media_type.is_empty()
            || media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            Self::Form(body)
        } else {
            Self::Other
        })
    }
}

/// The members of a JSON object as parameters: texts as they are, numbers and booleans as written,
/// `null` as absent, an array or object as its JSON text. No tree is built: it would take many times
/// the memory of the text. Repeated members are kept, so that contradictions are found.
struct Members(Vec<RawParameter>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Vec<RawParameter>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = object.next_entry::<String, &RawValue>()? {
                    if members.len() > MAX_PARAMETERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    let value = match value.get() {
                        "null" => continue,
                        text if text.starts_with('"') => {
                            serde_json::from_str::<String>(text).map_err(A::Error::custom)?
                        }
                        text => text.to_owned(),
                    };
                    members.push(RawParameter {
                        name: name.into(),
                        value: value.into(),
                        source: Source::Json,
                    });
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(ObjectVisitor).map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::SERVICES;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn parse(
        query: &str,
        content_type: &str,
        body: &[u8],
        check: impl FnOnce(Result<Request, ApiError>),
    ) {
        let headers = vec![("Content-Type", content_type)];
        let wire = WireRequest::new(
            "POST",
            "/",
            query,
            headers,
            Ok(Bytes::copy_from_slice(body)),
        );
        let mut request = Request::parse(Arc::new(wire), SERVICES);
        check(request.check().map(|()| request));
    }

    #[test]
    fn parameters_come_from_query_form_and_json_body() {
        parse("A=1&B=2", FORM, b"C=3", |request| {
            let request = request.unwrap();
            assert_eq!(
                [request.parameter("A"), request.parameter("C")],
                [Some("1"), Some("3")]
            );
        });
        let json = br#"{"T":"x","N":7,"B":true,"Z":null,"L":[{"Key":"k"}]}"#;
        parse("A=1", "application/json; charset=utf-8", json, |request| {
            let request = request.unwrap();
            for (name, value) in [
                ("A", Some("1")),
                ("T", Some("x")),
                ("N", Some("7")),
                ("B", Some("true")),
                ("Z", None),
                ("L", Some(r#"[{"Key":"k"}]"#)),
            ] {
                assert_eq!(request.parameter(name), value, "{name}");
            }
        });
        parse(
            "A=1",
            "multipart/form-data; boundary=x",
            b"B=2",
            |request| {
                assert_eq!(request.unwrap().parameter("B"), None);
            },
        );
    }

    #[test]
    fn every_clients_encoding_decodes() {
        let query =
            "a=x+y&b=x%20y&c=*'()!~&d=%2A%27%28%29%21%7E&e=%C3%A9&f=%2b&g=100%&h==&i&=j&&k=";
        parse(query, FORM, b"", |request| {
            let request = request.unwrap();
            for (name, value) in [
                ("a", Some("x y")),
                ("b", Some("x y")),
                ("c", Some("*'()!~")),
                ("d", Some("*'()!~")),
                ("e", Some("é")),
                ("f", Some("+")),
                ("g", Some("100%")),
                ("h", Some("=")),
                ("i", None),
                ("", Some("j")),
                ("k", None),
            ] {
                assert_eq!(request.parameter(name), value, "{name}");
            }
        });
    }

    #[test]
    fn a_parameter_may_be_repeated_only_with_the_same_value() {
        parse("A=1&A=1", FORM, b"A=%31", |request| {
            assert_eq!(request.unwrap().parameter("A"), Some("1"));
        });
        parse("A=1", FORM, b"A=2", |request| {
            assert!(matches!(request, Err(ApiError::InvalidParameter(name)) if name == "A"));
        });
        parse("A=", FORM, b"A=2", |request| assert!(request.is_err()));
        let twice = br#"{"A":1,"A":2}"#;
        parse("", "application/json", twice, |request| {
            assert!(matches!(request, Err(ApiError::InvalidParameter(name)) if name == "A"));
        });
    }

    #[test]
    fn unreadable_parameters_are_rejected() {
        let deep = format!("{}{}", r#"{"A":"#, "[".repeat(100_000));
        for (query, content_type, body) in [
            ("A=%ff", FORM, &b""[..]),
            ("", FORM, b"A=\xff"),
            ("", FORM, b"A=%c3"),
            ("", "application/json", b"{"),
            ("", "application/json", b"[]"),
            ("", "application/json", b"\"text\""),
            ("", "application/json", br#"{"A":"\ud800"}"#),
            ("", "application/json", b"{\"A\":\"\xff\"}"),
            ("", "application/json", deep.as_bytes()),
        ] {
            parse(query, content_type, body, |request| {
                assert!(
                    matches!(request, Err(ApiError::ParseRequestParameters)),
                    "{query:?}"
                );
            });
        }
    }

    #[test]
    fn the_action_is_read_from_the_parameter_or_the_header() {
        for (query, header, action) in [
            ("Action=A", "", Some("A")),
            ("", "B", Some("B")),
            ("Action=A", "B", Some("B")),
            ("Action=A&Signature=x", "B", Some("A")),
            ("Signature=x", "B", Some("B")),
            ("Action=", "", None),
        ] {
            let headers = vec![("X-Acs-Action", header)];
            let wire = WireRequest::new("GET", "/", query, headers, Ok(Bytes::new()));
            assert_eq!(
                Request::parse(Arc::new(wire), SERVICES).action(),
                action,
                "{query:?} {header:?}"
            );
        }
    }

    #[test]
    fn values_are_shown_where_a_description_says_that_they_are_harmless() {
        let wire = WireRequest::new("GET", "/", "", [], Ok(Bytes::new()));
        let request = Request::parse(Arc::new(wire), SERVICES);
        for (parameter, shown) in [
            ("SecretName", true),
            ("Filters", true),
            ("ResourceId.1", true),
            ("Tag.1.Key", true),
            ("SecretData", false),
            ("ExtendedConfig", false),
            ("ExtendedConfig.CustomData.a", false),
            ("Policy", false),
            ("SecretData.1", false),
            ("Unknown", false),
        ] {
            assert_eq!(request.is_harmless(parameter), shown, "{parameter}");
        }
    }

    #[test]
    fn the_format_is_found_in_query_and_body_even_if_others_are_invalid() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let json = ("content-type", "application/json; charset=utf-8");
        for (query, header, body, format) in [
            ("", form, "", Format::Json),
            ("Format=XML", form, "", Format::Xml),
            ("Action=A&Format=xMl", form, "", Format::Xml),
            ("Format=%58ML", form, "", Format::Xml),
            ("Format=None", form, "", Format::Json),
            ("Format=JSON", form, "Format=XML", Format::Json),
            ("", form, "Action=A&Format=XML", Format::Xml),
            ("", json, r#"{"Format":"XML"}"#, Format::Xml),
            ("", json, r#"{"Format":1}"#, Format::Json),
            ("", json, "{", Format::Json),
            ("A=%ff&Format=XML", form, "", Format::Xml),
            ("MyFormat=XML", form, "", Format::Json),
        ] {
            let wire = WireRequest::new(
                "GET",
                "/",
                query,
                [header],
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            );
            assert_eq!(
                Request::parse(Arc::new(wire), SERVICES).format(),
                format,
                "{query:?} {body:?}"
            );
        }
    }
}
