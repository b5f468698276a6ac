//! Parameters, from wherever a client puts them: query, form body or JSON body, merged.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::error::ApiError;
use super::operations;
use crate::form;
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

/// The parameters common to all operations whose values are nobody's business.
const COMMON_SECRETS: [&str; 3] = ["BearerToken", "SecurityToken", "Signature"];

/// A request with its parameters decoded.
pub struct Request<'a> {
    /// The request as it arrived.
    pub wire: &'a WireRequest<'a>,
    parameters: Vec<RawParameter<'a>>,
    /// The places in `parameters`, sorted by name, and where a name is repeated, as sent.
    by_name: Vec<usize>,
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
    /// Behind the `?`.
    Query,
    /// A form in the body.
    Form,
    /// A JSON object in the body.
    Json,
}

impl<'a> Request<'a> {
    /// Collects the parameters.
    ///
    /// # Errors
    ///
    /// `ParseRequestParameterException` for text that is not UTF-8 and for JSON that is not an
    /// object; `InvalidParameter` for a parameter given twice with different values.
    pub fn parse(wire: &'a WireRequest<'a>) -> Result<Self, ApiError> {
        let mut parameters = pairs(wire.query.as_bytes(), Source::Query)?;
        match Body::of(wire).ok_or(ApiError::ParseRequestParameters)? {
            Body::Form(text) => parameters.extend(pairs(text, Source::Form)?),
            Body::Json(text) => parameters.extend(members(text)?),
            Body::Other => {}
        }
        let mut by_name: Vec<usize> = (0..parameters.len()).collect();
        by_name.sort_by_key(|index| &parameters[*index].name);
        for pair in by_name.windows(2) {
            let [one, other] = [&parameters[pair[0]], &parameters[pair[1]]];
            if one.name == other.name && one.value != other.value {
                let name = one.name.clone().into_owned();
                return Err(ApiError::InvalidParameter(name));
            }
        }
        Ok(Self {
            wire,
            parameters,
            by_name,
        })
    }

    /// The value of a parameter; an empty one counts as absent.
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
    pub fn parameters(&self) -> &[RawParameter<'a>] {
        &self.parameters
    }

    /// The name of the operation. Requests signed by parameters name it there, the others in a
    /// header; most say it in both places.
    pub fn action(&self) -> Option<&str> {
        let header = self
            .wire
            .header("x-acs-action")
            .filter(|action| !action.is_empty());
        if self.parameter("Signature").is_some() {
            self.parameter("Action").or(header)
        } else {
            header.or_else(|| self.parameter("Action"))
        }
    }

    /// The version of the API; absent when the request, like one typed into a browser, has none.
    pub fn version(&self) -> Option<&str> {
        let header = self
            .wire
            .header("x-acs-version")
            .filter(|version| !version.is_empty());
        header.or_else(|| self.parameter("Version"))
    }
}

impl RawParameter<'_> {
    /// Whether it is one of those that any operation may come with.
    pub fn is_common(&self) -> bool {
        COMMON.contains(&&*self.name) || COMMON_SECRETS.contains(&&*self.name)
    }

    /// Whether the value may stand in a log or an error text. What is not known to be harmless is
    /// taken for a secret.
    pub fn may_be_shown(&self) -> bool {
        COMMON.contains(&&*self.name) || operations::may_show(&self.name)
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
    /// The body of a request; absent when it could not be read.
    pub fn of(wire: &WireRequest<'a>) -> Option<Self> {
        let body = wire.body.ok()?;
        let content_type = wire.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        Some(if body.is_empty() {
            Self::Other
        } else if media_type.eq_ignore_ascii_case("application/json") {
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

/// The value of a parameter, looked for where it mostly is: before anything else is parsed, and
/// minding no fault of the other parameters.
pub fn glance<'a>(wire: &WireRequest<'a>, name: &str) -> Option<Cow<'a, str>> {
    let in_json = |text| {
        let object: serde_json::Value = serde_json::from_slice(text).ok()?;
        Some(Cow::Owned(object.get(name)?.as_str()?.to_owned()))
    };
    form::find(wire.query.as_bytes(), name).or_else(|| match Body::of(wire)? {
        Body::Form(text) => form::find(text, name),
        Body::Json(text) => in_json(text),
        Body::Other => None,
    })
}

fn pairs(text: &[u8], source: Source) -> Result<Vec<RawParameter<'_>>, ApiError> {
    let decode = |text| form::decode(text).map_err(|_| ApiError::ParseRequestParameters);
    form::pairs(text)
        .map(|(name, value)| {
            Ok(RawParameter {
                name: decode(name)?,
                value: decode(value.unwrap_or_default())?,
                source,
            })
        })
        .collect()
}

/// The members of a JSON object as parameters: texts as they are, numbers and booleans as
/// written, `null` as absent, and an array or object as the JSON text that it would be elsewhere.
fn members<'a>(body: &[u8]) -> Result<Vec<RawParameter<'a>>, ApiError> {
    let Members(members) =
        serde_json::from_slice(body).map_err(|_| ApiError::ParseRequestParameters)?;
    let parameters = members.into_iter().filter_map(|(name, value)| {
        let value = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Some(RawParameter {
            name: name.into(),
            value: value.into(),
            source: Source::Json,
        })
    });
    Ok(parameters.collect())
}

/// The members of a JSON object as they stand there: a map would drop what is said twice.
struct Members(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
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
        check(Request::parse(&wire));
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
                Request::parse(&wire).unwrap().action(),
                action,
                "{query:?} {header:?}"
            );
        }
    }
}
