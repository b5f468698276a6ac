//! What a control is: its method and path, what it takes and returns as types, and one function.

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

/// The most values in the JSON of a request, but for fixtures.
const MOST_JSON_VALUES: usize = 10_000;

/// A control.
pub(super) trait Endpoint {
    /// The HTTP method.
    const METHOD: &'static str;
    /// The path, with `{names}` of parameters.
    const PATH: &'static str;
    /// What it does, in a sentence.
    const SUMMARY: &'static str;
    /// The status of success.
    const STATUS: u16 = 200;
    /// Whether it is served to anybody, with or without a token, also where the controls are not.
    const OPEN: bool = false;
    /// The errors of its own, beside those of any control.
    const ERRORS: &'static [ErrorCode] = &[];
    /// The parameters of path and query.
    type Parameters: DeserializeOwned + JsonSchema;
    /// The body of a request.
    type Body: RequestBody;
    /// The body of a reply.
    type Reply: ReplyBody;

    /// Does the work.
    fn run(
        call: &Call,
        parameters: Self::Parameters,
        body: Self::Body,
    ) -> Result<Self::Reply, ControlError>;
}

/// What a control may use.
pub(super) struct Call<'a> {
    pub(super) emulator: &'a Emulator,
    pub(super) now: DateTime<Utc>,
    pub(super) wire: &'a WireRequest,
}

/// No parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoParameters {}

/// What can be read from the body of a request.
pub(super) trait RequestBody: Sized {
    /// The type of the body and whether it must be there; absent when there is none.
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)>;
    /// Reads it.
    fn read(bytes: &[u8]) -> Result<Self, ControlError>;
}

/// No body.
pub(super) struct NoBody;

impl RequestBody for NoBody {
    fn describe(_: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        None
    }

    fn read(_: &[u8]) -> Result<Self, ControlError> {
        Ok(Self)
    }
}

/// A body of JSON; an absent one stands for `{}`.
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
        if json::has_more_values(bytes, MOST_JSON_VALUES) {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body",
                format!("the body has more than {MOST_JSON_VALUES} values"),
            ));
        }
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let invalid = |place: String, reason: &serde_json::Error| {
            // Where the place has a name, its position says nothing more.
            let mut reason = reason.to_string();
            if place != "body"
                && let Some(position) = reason.rfind(" at line ")
            {
                reason.truncate(position);
            }
            ControlError::new(ErrorCode::InvalidBody, place, reason)
        };
        let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            // Where the JSON itself is broken, the path ends in `?`.
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

/// What can be printed as the body of a reply.
pub(super) trait ReplyBody: Sized {
    /// Its media type.
    const MEDIA_TYPE: &'static str;
    /// Its type.
    fn describe(generator: &mut SchemaGenerator) -> Schema;
    /// Its bytes.
    fn print(self) -> Bytes;
    /// The status, where it is another one than that of success.
    fn status(&self) -> Option<u16> {
        None
    }
    /// What follows for as long as the client listens.
    fn continuation(&self) -> Option<Continuation> {
        None
    }
}

/// A body of JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize + JsonSchema> ReplyBody for Json<T> {
    const MEDIA_TYPE: &'static str = "application/json";

    fn describe(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn print(self) -> Bytes {
        // Types of ours, with texts for keys: this prints always.
        serde_json::to_vec(&self.0).unwrap_or_default().into()
    }
}

/// A line of the table.
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
        // Written out, because it is taken apart into single parameters.
        parameters: |generator| E::Parameters::json_schema(generator),
        request: E::Body::describe,
        reply: E::Reply::describe,
        run: run::<E>,
    }
}

/// `parameters` are those of the path and the query, as a query.
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
