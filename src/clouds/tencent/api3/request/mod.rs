//! Requests. Clients send the common parameters in headers and the others in a JSON body or a query, or all
//! parameters together in a query or a form.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::ApiError;
use super::parameter::OperationParameters;
use super::protocol::Api3;
use super::region;
use crate::clouds::draft::Language;
use crate::clouds::service::{Known, Services, UnsignedCaller};
use crate::clouds::shown_request::{BodyFormat, Masking, ShownRequest};
use crate::http::form;
use crate::http::json;
use crate::http::shown::{MASK, shortened};
use crate::http::wire::WireRequest;

mod flat_names;

use flat_names::{Pair, unflattened};

/// The parameters common to all operations, in headers with `X-TC-` in front of their names.
pub(crate) const COMMON: [&str; 13] = [
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

/// The maximum size of the query of a GET, in bytes.
const MAX_QUERY_BYTES: usize = 32 * 1024;

/// The maximum number of pairs of a query or form, and of values in a JSON body. The longest list of an
/// operation has 30 items.
const MAX_PAIRS: usize = 1000;
const MAX_JSON_VALUES: usize = 10_000;

/// A request with its parameters decoded. It is parsed once: the browser guard, faults, the signature
/// and the operation read the same value.
pub struct Request {
    /// The request as it arrived.
    pub wire: Arc<WireRequest>,
    /// The services that it may be for.
    pub services: Services<Api3>,
    /// How the common parameters are sent.
    pub transport: Transport,
    body: BodyKind,
    /// The parameters of query and form, decoded, in the order sent.
    pairs: Vec<Pair>,
    /// The first reason for which the request cannot be answered.
    fault: Option<ApiError>,
    /// The parameters of the operation. Errors in the common ones take precedence.
    parameters: Result<OperationParameters, ApiError>,
}

/// How the common parameters are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// In headers.
    Headers,
    /// Among the other parameters.
    Parameters,
}

impl Request {
    /// Reads query and body. Readable parameters are kept even if others are invalid, because `Language` is
    /// needed to print the error.
    #[must_use]
    pub(crate) fn parse(wire: Arc<WireRequest>, services: Services<Api3>) -> Self {
        let transport = if has_own_headers(&wire) {
            Transport::Headers
        } else {
            Transport::Parameters
        };
        let mut request = Self {
            body: BodyKind::of(&wire),
            wire,
            services,
            transport,
            pairs: Vec::new(),
            fault: None,
            parameters: Ok(OperationParameters::default()),
        };
        request.fault = request.read_pairs().err();
        request.parameters = request.read_parameters();
        request
    }

    fn read_pairs(&mut self) -> Result<(), ApiError> {
        let wire = Arc::clone(&self.wire);
        if wire.method == "GET" && wire.query.len() > MAX_QUERY_BYTES {
            return Err(ApiError::RequestSizeLimitExceeded);
        }
        // With the common parameters in headers, all others are in one place: the query of a GET, or
        // the body. A signature covers no other.
        if self.transport == Transport::Parameters || wire.method == "GET" {
            self.add_pairs(wire.query.as_bytes())?;
        }
        if wire.method != "GET" && wire.body.is_err() {
            return Err(match self.transport {
                Transport::Headers => ApiError::RequestSizeLimitExceeded,
                Transport::Parameters => ApiError::TooLargeForSignature,
            });
        }
        if self.body == BodyKind::Form {
            self.add_pairs(wire.received())?;
        }
        Ok(())
    }

    fn add_pairs(&mut self, text: &Bytes) -> Result<(), ApiError> {
        for (name, value) in form::pairs(text) {
            if self.pairs.len() >= MAX_PAIRS {
                return Err(ApiError::RequestSizeLimitExceeded);
            }
            let value = value.ok_or(ApiError::PairWithoutValue)?;
            let decode = |part| form::decode_part(text, part).map_err(|_| ApiError::NotUtf8);
            self.pairs.push((decode(name)?, decode(value)?));
        }
        Ok(())
    }

    fn read_parameters(&self) -> Result<OperationParameters, ApiError> {
        let (mut members, typed) = match self.body {
            BodyKind::Json => {
                let text = self.wire.received();
                if json::has_more_values(text, MAX_JSON_VALUES) {
                    return Err(ApiError::RequestSizeLimitExceeded);
                }
                // The Ruby SDK sends `null` for a request without parameters.
                let members: Option<_> =
                    serde_json::from_slice(text).map_err(|_| ApiError::MalformedJson)?;
                (members.unwrap_or_default(), true)
            }
            BodyKind::Form | BodyKind::Absent => (unflattened(&self.pairs)?, false),
        };
        members.retain(|name: &String, value: &mut Value| {
            !COMMON.contains(&name.as_str()) && !value.is_null()
        });
        Ok(OperationParameters { members, typed })
    }

    /// Takes the reason for which the request cannot be answered.
    ///
    /// # Errors
    ///
    /// `RequestSizeLimitExceeded` for a body that could not be read, a long query and more than 1,000
    /// pairs, `AuthFailure.SignatureFailure` for a form that could not be read, `InvalidParameter` for
    /// pairs without `=` and text that is not UTF-8.
    pub(crate) fn check(&mut self) -> Result<(), ApiError> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// A common parameter; an empty one counts as absent.
    pub(crate) fn common(&self, name: &str) -> Option<&str> {
        let value = match self.transport {
            Transport::Headers => header(&self.wire, name),
            Transport::Parameters => {
                let mut pairs = self.pairs.iter();
                let found = pairs.find(|(known, _)| known == name);
                found.map(|(_, value)| &**value)
            }
        };
        value.filter(|value| !value.is_empty())
    }

    /// A common parameter that must be there.
    ///
    /// # Errors
    ///
    /// `MissingParameter`.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, ApiError> {
        self.common(name)
            .ok_or_else(|| ApiError::MissingParameter(name.to_owned()))
    }

    /// The language in the common parameter `Language`: English unless it is `zh-CN`.
    #[must_use]
    pub(crate) fn language(&self) -> Language {
        match self.common("Language") {
            Some(name) if name.eq_ignore_ascii_case("zh-CN") => Language::Chinese,
            _ => Language::English,
        }
    }

    /// The name under which the region is sent.
    #[must_use]
    pub(crate) fn name_of_region(&self) -> &'static str {
        match self.transport {
            Transport::Headers => "X-TC-Region",
            Transport::Parameters => "Region",
        }
    }

    /// All parameters of query and form.
    #[must_use]
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Takes the parameters of the operation.
    ///
    /// # Errors
    ///
    /// `InvalidParameter` for a body that should be a JSON object and is not; `UnknownParameter` for
    /// a name that has a value and members, such as `A` and `A.0`; `RequestSizeLimitExceeded` for more than 10,000 values.
    pub(crate) fn take_parameters(&mut self) -> Result<OperationParameters, ApiError> {
        std::mem::replace(&mut self.parameters, Ok(OperationParameters::default()))
    }

    /// The parameters of the operation; absent if they cannot be parsed.
    #[must_use]
    pub(crate) fn parameters(&self) -> Option<&Map<String, Value>> {
        let given = self.parameters.as_ref().ok()?;
        Some(&given.members)
    }

    /// A parameter of the operation that is a text.
    #[must_use]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameters()?.get(name)?.as_str()
    }

    /// Whether there is a JSON body, which a signature among the parameters does not cover.
    #[must_use]
    pub(crate) fn has_json_body(&self) -> bool {
        self.body == BodyKind::Json && !self.wire.received().is_empty()
    }

    /// The name of the operation, if the real service has it.
    #[must_use]
    pub(crate) fn known_action(&self) -> Option<&'static str> {
        Some(self.operation()?.action())
    }

    /// The operation, if the real service has it.
    #[must_use]
    pub(crate) fn operation(&self) -> Option<Known<Api3>> {
        self.services.find(self.common("Action")?)
    }

    /// The caller, if the operation needs no signature.
    #[must_use]
    pub(crate) fn unsigned_caller(&self) -> Option<UnsignedCaller<'_>> {
        self.operation()?.unsigned_caller(self)
    }

    /// The parameters of the operation by name, for output: texts unchanged, other values as JSON; absent
    /// if they cannot be parsed.
    #[must_use]
    pub(crate) fn shown_parameters(mut self) -> Option<Vec<(String, String)>> {
        self.check().ok()?;
        let parameters = self.take_parameters().ok()?;
        let members = self.services.harmless_members();
        let shown = parameters.members.into_iter().map(|(name, value)| {
            let value = match value {
                _ if !self.is_harmless(&name) => MASK.to_owned(),
                Value::String(text) => shortened(text),
                mut other => {
                    json::mask(&mut other, &members);
                    shortened(other)
                }
            };
            (self.shown_name(&name).to_owned(), value)
        });
        Some(shown.collect())
    }

    /// The request as it was received, to be shown.
    #[must_use]
    pub(crate) fn shown(&self) -> ShownRequest {
        let body = match self.body {
            BodyKind::Form => BodyFormat::Form,
            BodyKind::Json => BodyFormat::Json,
            BodyKind::Absent => BodyFormat::Unreadable,
        };
        let pair = |name: &str, value: &str| {
            let (name, value) = self.masked(name, value);
            (name.to_owned(), value.to_owned())
        };
        let masking = Masking {
            pair: &pair,
            members: &self.services.harmless_members(),
            body,
        };
        ShownRequest::of(&self.wire, &masking)
    }

    /// The name and value of a parameter, masked if they may be sensitive.
    #[must_use]
    pub(crate) fn masked<'p>(&self, name: &'p str, value: &'p str) -> (&'p str, &'p str) {
        let value = if self.is_harmless(name) { value } else { MASK };
        (self.shown_name(name), value)
    }

    /// The name of a parameter, masked if no operation has it: it may be a value that was sent
    /// in the wrong place.
    #[must_use]
    pub(crate) fn shown_name<'n>(&self, name: &'n str) -> &'n str {
        if COMMON.contains(&name) || self.services.has_parameter(name) {
            name
        } else {
            MASK
        }
    }

    /// Whether the value of a parameter may be shown.
    fn is_harmless(&self, name: &str) -> bool {
        match name {
            "Signature" | "Token" => false,
            _ => COMMON.contains(&name) || self.services.is_harmless(name),
        }
    }
}

/// Whether a request is for this cloud: it has a host, headers or parameter values that only this cloud has.
#[must_use]
pub(crate) fn is_for_tencent(wire: &WireRequest, services: Services<Api3>) -> bool {
    if has_own_headers(wire) || wire.header("host").is_some_and(region::is_own_host) {
        return true;
    }
    let is_version = |value| {
        let mut services = services.0.iter();
        services.any(|service| service.version.as_bytes() == value)
    };
    let has_own_parameters = |text| {
        let (mut digits, mut nonce) = (false, false);
        for (name, value) in form::pairs(text) {
            match (name, value.unwrap_or_default()) {
                (b"Version", value) if is_version(value) => return true,
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
    has_own_parameters(wire.query.as_bytes())
        || (BodyKind::of(wire) == BodyKind::Form && has_own_parameters(wire.received()))
}

fn has_own_headers(wire: &WireRequest) -> bool {
    ["x-tc-action", "x-tc-version"]
        .iter()
        .any(|name| wire.header(name).is_some())
        || wire
            .header("authorization")
            .is_some_and(|value| value.starts_with("TC3-"))
}

fn header<'w>(wire: &'w WireRequest, name: &str) -> Option<&'w str> {
    let named = |key: &str| {
        key.split_at_checked(5).is_some_and(|(prefix, rest)| {
            prefix.eq_ignore_ascii_case("x-tc-") && rest.eq_ignore_ascii_case(name)
        })
    };
    let found = wire.headers.iter().find(|(key, _)| named(key));
    found.map(|(_, value)| &**value)
}

/// The encoding of the parameters in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyKind {
    Json,
    Form,
    Absent,
}

impl BodyKind {
    /// The kind of a body, or of the part of it that was received: enough to recognize the cloud. JSON is
    /// recognized by its content type or its first character, because clients send it with the content type
    /// of a form.
    fn of(wire: &WireRequest) -> Self {
        if wire.method == "GET" {
            return Self::Absent;
        }
        let body = wire.received();
        let content_type = wire.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("application/json") || form::looks_like_json(body) {
            Self::Json
        } else if body.is_empty() {
            Self::Absent
        } else {
            Self::Form
        }
    }
}
