//! Parameters, in the two ways that clients send them: the common ones in headers and the others in
//! a JSON body or a query; or all of them together in a query or a form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::VERSION;
use super::error::ApiError;
use super::operations;
use super::region;
use crate::form;
use crate::wire::WireRequest;

/// The parameters common to all operations, in headers with `X-TC-` in front of their names.
pub const COMMON: [&str; 13] = [
    "Action",
    "Language",
    "Nonce",
    "Region",
    "RequestClient",
    "SdkVersion",
    "SecretId",
    "Signature",
    "SignatureMethod",
    "Timestamp",
    "Token",
    "TraceId",
    "Version",
];

/// The most segments of a name such as `TagFilters.0.TagValue.0`. No parameter needs more.
const MOST_SEGMENTS: usize = 6;

/// The most bytes of the query of a GET.
const MOST_QUERY_BYTES: usize = 32 * 1024;

/// A parameter of a query or form: its name and value, decoded.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// A request with its common parameters at hand.
pub struct Request<'a> {
    /// The request as it arrived.
    pub wire: &'a WireRequest<'a>,
    /// How the common parameters are sent.
    pub transport: Transport,
    body: Body<'a>,
    /// The parameters of query and form, decoded, in the order sent.
    pairs: Vec<Pair<'a>>,
}

/// How the common parameters are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// In headers.
    Headers,
    /// Among the other parameters.
    Parameters,
}

/// What the parameters of an operation are given as.
pub struct Given {
    /// Their names and values.
    pub members: Map<String, Value>,
    /// Whether numbers and flags are JSON's, and not all is text.
    pub typed: bool,
}

impl<'a> Request<'a> {
    /// Reads query and form. JSON is read later: faults of what is common come first.
    ///
    /// # Errors
    ///
    /// `RequestSizeLimitExceeded` for a body that could not be read and for a long query,
    /// `AuthFailure.SignatureFailure` for a form that could not be read, `InvalidParameter` for pairs without `=` and text that is not UTF-8.
    pub fn parse(wire: &'a WireRequest<'a>) -> Result<Self, ApiError> {
        let transport = if has_own_headers(wire) {
            Transport::Headers
        } else {
            Transport::Parameters
        };
        if wire.method == "GET" && wire.query.len() > MOST_QUERY_BYTES {
            return Err(ApiError::RequestSizeLimitExceeded);
        }
        if wire.method != "GET" && wire.body.is_err() {
            return Err(match transport {
                Transport::Headers => ApiError::RequestSizeLimitExceeded,
                Transport::Parameters => ApiError::TooLargeForSignature,
            });
        }
        let body = Body::of(wire);
        let mut pairs = match (transport, body) {
            // All that is said stands in headers and body.
            (Transport::Headers, Body::Json(_)) => Vec::new(),
            _ => decoded(wire.query.as_bytes())?,
        };
        if let Body::Form(text) = body {
            pairs.extend(decoded(text)?);
        }
        Ok(Self {
            wire,
            transport,
            body,
            pairs,
        })
    }

    /// A common parameter; an empty one counts as absent.
    pub fn common(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = match self.transport {
            Transport::Headers => header(self.wire, name).map(Cow::Borrowed),
            Transport::Parameters => self
                .pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| Cow::Borrowed(&**value)),
        };
        value.filter(|value| !value.is_empty())
    }

    /// A common parameter that must be there.
    ///
    /// # Errors
    ///
    /// `MissingParameter`.
    pub fn required(&self, name: &'static str) -> Result<Cow<'_, str>, ApiError> {
        self.common(name)
            .ok_or_else(|| ApiError::MissingParameter(name.to_owned()))
    }

    /// What the region is called where it is sent.
    pub fn name_of_region(&self) -> &'static str {
        match self.transport {
            Transport::Headers => "X-TC-Region",
            Transport::Parameters => "Region",
        }
    }

    /// All parameters of query and form.
    pub fn pairs(&self) -> &[Pair<'a>] {
        &self.pairs
    }

    /// The parameters of the operation.
    ///
    /// # Errors
    ///
    /// `InvalidParameter` for a body that should be a JSON object and is not; `UnknownParameter` for
    /// a name that contradicts another.
    pub fn parameters(&self) -> Result<Given, ApiError> {
        let (mut members, typed) = match self.body {
            Body::Json(text) => {
                let members = serde_json::from_slice(text).map_err(|_| ApiError::MalformedJson)?;
                (members, true)
            }
            Body::Form(_) | Body::Absent => (unflattened(&self.pairs)?, false),
        };
        members.retain(|name, value| !COMMON.contains(&&**name) && !value.is_null());
        Ok(Given { members, typed })
    }
}

/// Whether a request is meant for this cloud: its host says so, or what only its clients send, which
/// is headers of their own, or parameters whose values the other cloud does not have.
#[must_use]
pub fn speaks(wire: &WireRequest) -> bool {
    if has_own_headers(wire) || wire.header("host").is_some_and(region::is_own_host) {
        return true;
    }
    let speak = |text| {
        let (mut digits, mut nonce) = (false, false);
        for (name, value) in form::pairs(text) {
            match (name, value.unwrap_or_default()) {
                (b"Version", value) if value == VERSION.as_bytes() => return true,
                (b"SignatureMethod", b"HmacSHA1" | b"HmacSHA256") | (b"SecretId", _) => {
                    return true;
                }
                (b"Timestamp", value) => digits = value.iter().all(u8::is_ascii_digit),
                (b"Nonce", _) => nonce = true,
                _ => {}
            }
        }
        digits && nonce
    };
    speak(wire.query.as_bytes()) || matches!(Body::of(wire), Body::Form(text) if speak(text))
}

/// The value of a common parameter, looked for where it mostly is: before anything else is parsed,
/// and minding no fault of the other parameters.
pub fn glance<'a>(wire: &WireRequest<'a>, name: &str) -> Option<Cow<'a, str>> {
    if has_own_headers(wire) {
        return header(wire, name).map(Cow::Borrowed);
    }
    form::find(wire.query.as_bytes(), name).or_else(|| match Body::of(wire) {
        Body::Form(text) => form::find(text, name),
        Body::Json(_) | Body::Absent => None,
    })
}

/// Whether the value of a parameter may stand in a log. What is not known to be harmless is taken for
/// a secret.
pub fn may_be_shown(name: &str) -> bool {
    match name {
        "Signature" | "Token" => false,
        _ => COMMON.contains(&name) || operations::may_show(name),
    }
}

fn has_own_headers(wire: &WireRequest) -> bool {
    ["x-tc-action", "x-tc-version"]
        .iter()
        .any(|name| wire.header(name).is_some())
        || wire
            .header("authorization")
            .is_some_and(|value| value.starts_with("TC3-"))
}

fn header<'a>(wire: &WireRequest<'a>, name: &str) -> Option<&'a str> {
    let named = |key: &str| {
        key.split_at_checked(5).is_some_and(|(prefix, rest)| {
            prefix.eq_ignore_ascii_case("x-tc-") && rest.eq_ignore_ascii_case(name)
        })
    };
    let found = wire.headers.iter().find(|(key, _)| named(key));
    found.map(|(_, value)| *value)
}

/// A body, by how it carries parameters.
#[derive(Clone, Copy)]
enum Body<'a> {
    Json(&'a [u8]),
    Form(&'a [u8]),
    Absent,
}

impl<'a> Body<'a> {
    /// The body of a request, or what was received of it: enough to tell whom it is for.
    fn of(wire: &WireRequest<'a>) -> Self {
        if wire.method == "GET" {
            return Self::Absent;
        }
        let (Ok(body) | Err(body)) = wire.body;
        let content_type = wire.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("application/json") {
            Self::Json(body)
        } else if body.is_empty() {
            Self::Absent
        } else {
            Self::Form(body)
        }
    }
}

fn decoded(text: &[u8]) -> Result<Vec<Pair<'_>>, ApiError> {
    form::pairs(text)
        .map(|(name, value)| {
            let value = value.ok_or(ApiError::PairWithoutValue)?;
            let decode = |text| form::decode(text).map_err(|_| ApiError::NotUtf8);
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// A parameter, or what stands below its name.
enum Node {
    Text(String),
    Inner(BTreeMap<String, Node>),
}

/// Makes `{"TagFilters":[{"TagKey":"env"}]}` of `TagFilters.0.TagKey=env`. What is numbered is a
/// list, in the order of the numbers.
fn unflattened(pairs: &[Pair]) -> Result<Map<String, Value>, ApiError> {
    let mut root = BTreeMap::new();
    for (name, value) in pairs {
        let segments: Vec<&str> = name.split('.').collect();
        let unknown = || ApiError::UnknownParameter(name.clone().into_owned());
        if segments.len() > MOST_SEGMENTS {
            return Err(unknown());
        }
        let (last, above) = segments.split_last().ok_or_else(unknown)?;
        let mut inner = &mut root;
        for segment in above {
            let node = inner
                .entry((*segment).to_owned())
                .or_insert_with(|| Node::Inner(BTreeMap::new()));
            let Node::Inner(below) = node else {
                return Err(unknown());
            };
            inner = below;
        }
        let text = Node::Text(value.clone().into_owned());
        if let Node::Inner(_) = inner.entry((*last).to_owned()).or_insert(text) {
            return Err(unknown());
        }
    }
    Ok(root
        .into_iter()
        .map(|(name, node)| (name, node.into_value()))
        .collect())
}

impl Node {
    fn into_value(self) -> Value {
        let inner = match self {
            Self::Text(text) => return Value::String(text),
            Self::Inner(inner) => inner,
        };
        let numbers: Option<Vec<u64>> = inner.keys().map(|name| name.parse().ok()).collect();
        let values = inner
            .into_iter()
            .map(|(name, node)| (name, node.into_value()));
        match numbers {
            None => Value::Object(values.collect()),
            Some(numbers) => {
                let mut items: Vec<_> = numbers.into_iter().zip(values).collect();
                items.sort_by_key(|(number, _)| *number);
                items.into_iter().map(|(_, (_, value))| value).collect()
            }
        }
    }
}
