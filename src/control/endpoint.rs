//! An endpoint of the control API: method, path, the types of parameters, body and reply, and a function.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::{ControlError, ErrorCode};
use crate::emulator::Emulator;
use crate::emulator::values::Object;
use crate::http::json;
use crate::http::wire::{Continuation, WireReply, WireRequest};

/// The maximum number of JSON values in a body; fixtures have their own limit.
const MAX_JSON_VALUES: usize = 10_000;

/// An endpoint of the control API.
pub(super) trait Endpoint {
    /// The HTTP method.
    const METHOD: &'static str;
    /// The path, with `{names}` of parameters.
    const PATH: &'static str;
    /// A description of one sentence.
    const SUMMARY: &'static str;
    /// The status of success.
    const STATUS: u16 = 200;
    /// Whether it needs no token, and is served even if the control API is off.
    const OPEN: bool = false;
    /// The errors besides those of every endpoint.
    const ERRORS: &'static [ErrorCode] = &[];
    /// The parameters of path and query.
    type Parameters: DeserializeOwned + JsonSchema;
    /// The body of a request.
    type Body: RequestBody;
    /// The body of a reply.
    type Reply: ReplyBody;

    /// Handles a request.
    fn run(
        call: &Call,
        parameters: Self::Parameters,
        body: Self::Body,
    ) -> Result<Self::Reply, ControlError>;
}

/// A request and the state of the server.
pub(super) struct Call<'a> {
    pub(super) emulator: &'a Emulator,
    pub(super) now: DateTime<Utc>,
    pub(super) wire: &'a WireRequest,
}

/// No parameters, or no members of a body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoParameters {}

/// The body of a request.
pub(super) trait RequestBody: Sized {
    /// The schema of the body and whether it is required; absent if there is no body.
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)>;
    /// Reads a body.
    fn read(bytes: &[u8]) -> Result<Self, ControlError>;
}

/// No body, or an object without members, which some clients send with every request.
pub(super) struct NoBody;

impl RequestBody for NoBody {
    fn describe(_: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        None
    }

    fn read(bytes: &[u8]) -> Result<Self, ControlError> {
        match JsonBody::<NoParameters>::read(bytes) {
            Ok(_) => Ok(Self),
            Err(error) => Err(ControlError::new(
                error.code,
                "body",
                "the request takes no body",
            )),
        }
    }
}

/// A JSON body; an empty body is read as `{}`.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned + JsonSchema> RequestBody for JsonBody<T> {
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        let is_required = serde_json::from_str::<T>("{}").is_err();
        Some((generator.subschema_for::<T>(), is_required))
    }

    fn read(bytes: &[u8]) -> Result<Self, ControlError> {
        let bytes: &[u8] = if bytes.trim_ascii().is_empty() {
            b"{}"
        } else {
            bytes
        };
        if json::has_more_values(bytes, MAX_JSON_VALUES) {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body",
                format!("the body has more than {MAX_JSON_VALUES} values"),
            ));
        }
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let invalid = |place: String, reason: &serde_json::Error| {
            // The position is redundant if the place has a name.
            let mut reason = reason.to_string();
            if place != "body"
                && let Some(position) = reason.rfind(" at line ")
            {
                reason.truncate(position);
            }
            ControlError::new(ErrorCode::InvalidBody, place, reason)
        };
        let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            // The path of a syntax error ends in `?`.
            let path = error.path().to_string();
            let path = path.trim_end_matches('?').trim_matches('.');
            let place = match path {
                "" => "body".to_owned(),
                path => format!("body.{path}"),
            };
            invalid(place, error.inner())
        })?;
        json.end()
            .map_err(|error| invalid("body".to_owned(), &error))?;
        Ok(Self(value))
    }
}

/// The body of a reply.
pub(super) trait ReplyBody: Sized {
    /// The media type.
    const MEDIA_TYPE: &'static str;
    /// The schema.
    fn describe(generator: &mut SchemaGenerator) -> Schema;
    /// Prints the body.
    fn print(self) -> Bytes;
    /// The status, if it is not the status of success.
    fn status(&self) -> Option<u16> {
        None
    }
    /// The source of an endless body.
    fn continuation(&self) -> Option<Continuation> {
        None
    }
}

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize + JsonSchema> ReplyBody for Json<T> {
    const MEDIA_TYPE: &'static str = "application/json";

    fn describe(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn print(self) -> Bytes {
        // Serialization cannot fail: all keys are texts.
        serde_json::to_vec(&self.0).unwrap_or_default().into()
    }
}

/// An endpoint as a row of the table.
pub(super) struct Entry {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) status: u16,
    pub(super) open: bool,
    pub(super) errors: &'static [ErrorCode],
    pub(super) media_type: &'static str,
    pub(super) parameters: fn(&mut SchemaGenerator) -> Schema,
    pub(super) request: fn(&mut SchemaGenerator) -> Option<(Schema, bool)>,
    pub(super) reply: fn(&mut SchemaGenerator) -> Schema,
    pub(super) run: fn(&Call, &str, &[u8]) -> Result<WireReply, ControlError>,
}

pub(super) const fn entry<E: Endpoint>() -> Entry {
    Entry {
        method: E::METHOD,
        path: E::PATH,
        summary: E::SUMMARY,
        status: E::STATUS,
        open: E::OPEN,
        errors: E::ERRORS,
        media_type: E::Reply::MEDIA_TYPE,
        // Not a reference, because the document lists the parameters one by one.
        parameters: |generator| E::Parameters::json_schema(generator),
        request: E::Body::describe,
        reply: E::Reply::describe,
        run: run::<E>,
    }
}

/// Runs an endpoint. `parameters` has those of path and query, encoded like a query.
fn run<E: Endpoint>(call: &Call, parameters: &str, body: &[u8]) -> Result<WireReply, ControlError> {
    let pairs = form_pairs(parameters);
    let parameters = serde_path_to_error::deserialize(pairs).map_err(|error| {
        let place = match error.path().to_string() {
            path if path == "." => "query".to_owned(),
            path if E::PATH.contains(&format!("{{{path}}}")) => format!("path.{path}"),
            path => format!("query.{path}"),
        };
        ControlError::new(
            ErrorCode::InvalidParameter,
            place,
            error.inner().to_string(),
        )
    })?;
    let reply = E::run(call, parameters, E::Body::read(body)?)?;
    Ok(WireReply {
        status: reply.status().unwrap_or(E::STATUS),
        headers: vec![("content-type", E::Reply::MEDIA_TYPE.into())],
        continuation: reply.continuation().filter(|_| call.wire.method != "HEAD"),
        body: reply.print(),
        ..WireReply::default()
    })
}

fn form_pairs(text: &str) -> serde_urlencoded::Deserializer<'_> {
    serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()))
}
