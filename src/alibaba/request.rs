//! Parameters, from wherever a client puts them: query, form body or JSON body, merged.
//!
//! A request is parsed once. What decides about it (the browser guard, faults, the signature, the
//! operation) reads the same parsed value, so that no two of them can understand it differently.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::ApiError;
use super::operations::{self, Supported};
use super::signature;
use crate::context::{MASK, shortened};
use crate::form;
use crate::json;
use crate::wire::WireRequest;

/// The parameters common to all operations whose values may be shown to anybody.
pub const COMMON: [&str; 10] = [
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

/// The sensitive parameters common to all operations.
const COMMON_SECRETS: [&str; 3] = ["BearerToken", "SecurityToken", "Signature"];

/// The most parameters of a request. No operation takes more than 20 tags, each a key and a value.
const MOST_PARAMETERS: usize = 1000;

/// The most bytes of query and body together. The longest value that an operation takes, a secret
/// value of 30 kB, has 90 kB when each byte is percent-encoded.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// A request with its parameters decoded.
pub struct Request<'a> {
    /// The request as it arrived.
    pub wire: &'a WireRequest<'a>,
    parameters: Vec<RawParameter<'a>>,
    /// Indexes into `parameters`, sorted by name; repeated names in the order sent.
    by_name: Vec<usize>,
    /// The first reason for which the request cannot be answered.
    fault: Option<ApiError>,
}

/// A parameter as sent.
pub struct RawParameter<'a> {
    /// Its decoded name.
    pub name: Cow<'a, str>,
    /// Its decoded value.
    pub value: Cow<'a, str>,
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

impl<'a> Request<'a> {
    /// Collects the parameters. Those that can be read are there even if others cannot: `Format` is
    /// needed to print the error.
    #[must_use]
    pub fn parse(wire: &'a WireRequest<'a>) -> Self {
        let mut request = Self {
            wire,
            parameters: Vec::new(),
            by_name: Vec::new(),
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
            request.fault = Some(ApiError::InvalidParameter(name.clone().into_owned()));
        }
        request.by_name = by_name;
        request
    }

    fn collect(&mut self) {
        let wire = self.wire;
        if wire.query.len() > MOST_BYTES {
            self.fail();
            return;
        }
        self.add_pairs(wire.query.as_bytes(), Source::Query);
        let body_bytes = wire.body.map_or(0, <[u8]>::len);
        match Body::of(wire).filter(|_| wire.query.len() + body_bytes <= MOST_BYTES) {
            None => self.fail(),
            Some(Body::Form(text)) => self.add_pairs(text, Source::Form),
            Some(Body::Json(text)) => match serde_json::from_slice(text) {
                Ok(Members(members)) => self.parameters.extend(members),
                Err(_) => self.fail(),
            },
            Some(Body::Other) => {}
        }
        if self.parameters.len() > MOST_PARAMETERS {
            self.parameters.truncate(MOST_PARAMETERS);
            self.fail();
        }
    }

    fn add_pairs(&mut self, text: &'a [u8], source: Source) {
        for (name, value) in form::pairs(text).take(MOST_PARAMETERS + 1) {
            let decoded = (form::decode(name), form::decode(value.unwrap_or_default()));
            match decoded {
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
    pub fn parameters(&self) -> &[RawParameter<'a>] {
        &self.parameters
    }

    /// The name of the operation. Requests signed by parameters name it there, the others in a
    /// header; most say it in both places.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        self.header_or_parameter("x-acs-action", "Action")
    }

    /// The version of the API; absent when the request, like one typed into a browser, has none.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.header_or_parameter("x-acs-version", "Version")
    }

    fn header_or_parameter(&self, header: &str, parameter: &str) -> Option<&str> {
        let header = self.wire.header(header).filter(|value| !value.is_empty());
        if self.parameter("Signature").is_some() {
            self.parameter(parameter).or(header)
        } else {
            header.or_else(|| self.parameter(parameter))
        }
    }

    /// Whether the operation changes something: its reply then waits for the disk.
    #[must_use]
    pub fn may_write(&self) -> bool {
        matches!(self.operation(), Some(Supported::Yes(operation)) if operation.writes)
    }

    /// The name of the operation, if the real service has such a one.
    #[must_use]
    pub fn known_action(&self) -> Option<&'static str> {
        Some(self.operation()?.action())
    }

    fn operation(&self) -> Option<Supported> {
        operations::find(self.action()?)
    }

    /// The id of the access key that the request is signed with.
    #[must_use]
    pub fn access_key_id(&self) -> Option<&str> {
        signature::access_key_id(self)
    }
}

impl RawParameter<'_> {
    /// Whether it is one of those that any operation may come with.
    pub fn is_common(&self) -> bool {
        is_common(&self.name)
    }

    /// Its name and value, to be shown.
    pub fn shown(&self) -> (String, String) {
        let (name, value) = self.pair(true);
        (name.to_owned(), shortened(value))
    }

    /// Its name and value. With `masked`, a sensitive value is masked, in a JSON document each member
    /// that operations do not have, and a name that no operation has: both may be values that were sent
    /// in the wrong place.
    pub fn pair(&self, masked: bool) -> (&str, Cow<'_, str>) {
        if !masked {
            return (&self.name, Cow::Borrowed(&self.value));
        }
        let whole = Cow::Borrowed(&*self.value);
        let value = match operations::document(&self.name) {
            _ if !self.may_be_shown() => Cow::Borrowed(MASK),
            None => whole,
            Some(document) => json::masked(&self.value, &operations::SHOWN_MEMBERS).unwrap_or(
                // A mistake in an expression is what its sender looks for.
                if document.keys.is_empty() && !self.value.is_empty() {
                    Cow::Borrowed(MASK)
                } else {
                    whole
                },
            ),
        };
        (self.shown_name(), value)
    }

    /// Its name, masked where no operation has such a parameter.
    pub fn shown_name(&self) -> &str {
        shown_name(&self.name)
    }

    /// Whether the value may stand in a log or an error text. What is not known to be harmless is
    /// taken for a secret.
    pub fn may_be_shown(&self) -> bool {
        COMMON.contains(&&*self.name) || operations::may_show(&self.name)
    }
}

fn is_common(name: &str) -> bool {
    COMMON.contains(&name) || COMMON_SECRETS.contains(&name)
}

/// The name of a parameter, masked where no operation has such a one.
pub fn shown_name(name: &str) -> &str {
    if is_common(name) || operations::is_parameter(name) {
        name
    } else {
        MASK
    }
}

/// A body, by how it carries parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body<'a> {
    /// A form.
    Form(&'a [u8]),
    /// JSON.
    Json(&'a [u8]),
    /// Nothing, or nothing that carries parameters.
    Other,
}

impl<'a> Body<'a> {
    /// The body of a request; absent when it could not be read. JSON is recognized by its content
    /// type or its first character: clients send it with the content type of a form, as `curl` does
    /// unless told otherwise, and the whole text would become the name of a parameter.
    pub fn of(wire: &WireRequest<'a>) -> Option<Self> {
        let body = wire.body.ok()?;
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
struct Members<'a>(Vec<RawParameter<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Vec<RawParameter<'de>>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = object.next_entry::<String, &RawValue>()? {
                    if members.len() > MOST_PARAMETERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    let value = match value.get() {
                        "null" => continue,
                        text if text.starts_with('"') => serde_json::from_str::<String>(text)
                            .map_err(A::Error::custom)?
                            .into(),
                        text => Cow::Borrowed(text),
                    };
                    members.push(RawParameter {
                        name: name.into(),
                        value,
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

    const FORM: &str = "application/x-www-form-urlencoded";

    fn parse(
        query: &str,
        content_type: &str,
        body: &[u8],
        check: impl FnOnce(Result<Request, ApiError>),
    ) {
        let headers = vec![("Content-Type", content_type)];
        let wire = WireRequest {
            method: "POST",
            path: "/",
            query,
            headers,
            body: Ok(body),
        };
        let mut request = Request::parse(&wire);
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
    fn a_parameter_may_be_repeated_but_not_contradicted() {
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
    fn what_cannot_be_read_is_refused() {
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
    fn the_action_is_looked_for_where_the_dialect_puts_it() {
        for (query, header, action) in [
            ("Action=A", "", Some("A")),
            ("", "B", Some("B")),
            ("Action=A", "B", Some("B")),
            ("Action=A&Signature=x", "B", Some("A")),
            ("Signature=x", "B", Some("B")),
            ("Action=", "", None),
        ] {
            let headers = vec![("X-Acs-Action", header)];
            let wire = WireRequest {
                method: "GET",
                path: "/",
                query,
                headers,
                body: Ok(b""),
            };
            assert_eq!(
                Request::parse(&wire).action(),
                action,
                "{query:?} {header:?}"
            );
        }
    }
}
