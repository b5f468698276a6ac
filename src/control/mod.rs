//! The controls of a test pipeline: JSON over HTTP below `/_emulator/`.
//!
//! Each control is an `Endpoint`: its method and path, what it takes and gives as types, and one
//! function. The table below is what requests are dispatched by and what the `OpenAPI` document is
//! made of.

mod authority;
mod call;
mod clock;
mod coverage;
mod error;
mod faults;
mod health;
mod journal;
mod openapi;
mod operations;
pub mod page;
mod reset;
mod settings;
mod snapshots;
mod state;
mod tenants;

use std::borrow::Cow;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use error::{ControlError, ErrorCode};
pub use health::{Readiness, answers_at_once, counts, starting};
pub use settings::Settings;

use crate::emulator::values::Object;

use crate::clouds::digest;
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::emulator::guard::Site;
use crate::http::json::MASK;

use crate::http::json;
use crate::http::wire::{Continuation, WireReply, WireRequest};

/// The most values in the JSON of a request, but for fixtures.
const MOST_JSON_VALUES: usize = 10_000;

/// Where the controls are.
const PREFIX: &str = "/_emulator/";

/// Every control, in the order of the document.
static TABLE: &[Entry] = &[
    entry::<health::Health>(),
    entry::<health::Ready>(),
    entry::<health::Metrics>(),
    entry::<settings::Read>(),
    entry::<operations::List>(),
    entry::<call::Make>(),
    entry::<reset::Reset>(),
    entry::<state::Export>(),
    entry::<state::Import>(),
    entry::<snapshots::List>(),
    entry::<snapshots::Save>(),
    entry::<snapshots::Restore>(),
    entry::<snapshots::Delete>(),
    entry::<tenants::List>(),
    entry::<tenants::Create>(),
    entry::<tenants::Drop>(),
    entry::<clock::Read>(),
    entry::<clock::Set>(),
    entry::<clock::Freeze>(),
    entry::<clock::Advance>(),
    entry::<clock::Resume>(),
    entry::<clock::Reset>(),
    entry::<faults::List>(),
    entry::<faults::Add>(),
    entry::<faults::Clear>(),
    entry::<faults::Read>(),
    entry::<faults::Remove>(),
    entry::<journal::List>(),
    entry::<journal::Clear>(),
    entry::<journal::Follow>(),
    entry::<journal::Read>(),
    entry::<coverage::Report>(),
    entry::<coverage::Clear>(),
    entry::<authority::Certificate>(),
    entry::<openapi::Document>(),
];

/// A control.
trait Endpoint {
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
struct Call<'a> {
    emulator: &'a Emulator,
    now: DateTime<Utc>,
    wire: &'a WireRequest<'a>,
}

/// No parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

/// What can be read from the body of a request.
trait RequestBody: Sized {
    /// The type of the body and whether it must be there; absent when there is none.
    fn describe(generator: &mut SchemaGenerator) -> Option<(Schema, bool)>;
    /// Reads it.
    fn read(bytes: &[u8]) -> Result<Self, ControlError>;
}

/// No body.
struct NoBody;

impl RequestBody for NoBody {
    fn describe(_: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        None
    }

    fn read(_: &[u8]) -> Result<Self, ControlError> {
        Ok(Self)
    }
}

/// A body of JSON; an absent one stands for `{}`.
struct JsonBody<T>(T);

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
trait ReplyBody: Sized {
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
struct Json<T>(T);

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
struct Entry {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    status: u16,
    open: bool,
    errors: &'static [ErrorCode],
    media_type: &'static str,
    parameters: fn(&mut SchemaGenerator) -> Schema,
    request: fn(&mut SchemaGenerator) -> Option<(Schema, bool)>,
    reply: fn(&mut SchemaGenerator) -> Schema,
    run: fn(&Call, &str, &[u8]) -> Result<WireReply, ControlError>,
}

const fn entry<E: Endpoint>() -> Entry {
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

/// A control, for documents.
#[derive(Debug, Clone, Copy)]
pub struct ControlDescription {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{names}` of parameters.
    pub path: &'static str,
    /// What it does, in a sentence or two.
    pub summary: &'static str,
}

/// Every control, described.
#[must_use]
pub fn descriptions() -> Vec<ControlDescription> {
    let describe = |entry: &Entry| ControlDescription {
        method: entry.method,
        path: entry.path,
        summary: entry.summary,
    };
    TABLE.iter().map(describe).collect()
}

/// Whether a request is for the controls.
#[must_use]
pub fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with(PREFIX)
}

/// Checks whether a request from a site may use the controls. Where they are not served, only the open
/// ones can be used.
#[must_use]
pub fn check(
    emulator: &Emulator,
    wire: &WireRequest,
    is_served: bool,
    site: &Site,
) -> Option<ControlError> {
    let is_open = TABLE
        .iter()
        .any(|entry| entry.open && entry.path == wire.path);
    if !is_open && !is_served {
        return Some(unknown_path());
    }
    if let Some(token) = emulator.control_token.as_ref().filter(|_| !is_open) {
        let given = wire.header("authorization").unwrap_or_default();
        let (scheme, given) = given.split_once(' ').unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") || !digest::equal(given, token.expose()) {
            return Some(ControlError::new(
                ErrorCode::Unauthorized,
                "header Authorization",
                "the controls are protected: send `Authorization: Bearer <token>`",
            ));
        }
        // A page of another site does not know the token.
        return None;
    }
    // A listener to the feed holds a connection.
    let changes_nothing = method_of(wire) == "GET" && wire.path != journal::Follow::PATH;
    let is_suspicious = match site {
        Site::Own | Site::Allowed(_) => false,
        Site::Other => true,
        Site::Unknown => !changes_nothing,
    };
    is_suspicious.then(|| refusal_of(site))
}

/// The error for a request to a host whose name an attacker could register.
#[must_use]
pub fn host_not_allowed() -> ControlError {
    ControlError::new(
        ErrorCode::HostNotAllowed,
        "header Host",
        "this host name is not known here: --tls-name NAME (KMS_EMULATOR_TLS_NAMES) adds it",
    )
}

/// The error for a request that a browser sends on behalf of a page that is not this server's.
#[must_use]
pub fn refusal_of(site: &Site) -> ControlError {
    if *site == Site::Unknown {
        return ControlError::new(
            ErrorCode::CrossSiteRequest,
            "header User-Agent",
            "a browser that does not tell which page sends a request may change nothing: sign the request \
             with a key other than the default one, or start the server with --allow-origin '*' \
             (KMS_EMULATOR_ALLOW_ORIGINS)",
        );
    }
    cross_site()
}

/// What is answered where nothing is.
#[must_use]
pub fn unknown_path() -> ControlError {
    ControlError::new(
        ErrorCode::UnknownPath,
        "path",
        "there is no such control here; /_emulator/openapi.json lists those that there are",
    )
}

/// The error for a request of another site's page.
#[must_use]
pub fn cross_site() -> ControlError {
    ControlError::new(
        ErrorCode::CrossSiteRequest,
        "header Origin",
        "a web page of another site or port may not use this server: --allow-origin ORIGIN \
         (KMS_EMULATOR_ALLOW_ORIGINS) allows it",
    )
}

/// Answers a request for a control.
#[must_use]
pub fn handle(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let (method, path) = (wire.method, shown_path(wire.path));
    match answer(emulator, wire) {
        Ok(reply) => {
            // Who only looks, as a health check does every other second, leaves no trace.
            if method_of(wire) == "GET" {
                tracing::debug!(method, path, status = reply.status, "control");
            } else {
                tracing::info!(method, path, status = reply.status, "control");
            }
            reply
        }
        Err(error) => {
            let status = error.code.status();
            tracing::info!(method, path, status, code = ?error.code, place = error.place, "control");
            error.into()
        }
    }
}

/// A path to be logged: that of a control as the documents have it, as its parameters may be anything.
#[must_use]
pub fn shown_path(path: &str) -> &str {
    let known = TABLE.iter().map(|entry| entry.path);
    let mut known = known.filter(|template| matched(template, path).is_some());
    match known.next() {
        Some(template) => template,
        None if matches!(path, "/" | PREFIX) => path,
        None => MASK,
    }
}

fn answer(emulator: &Emulator, wire: &WireRequest) -> Result<WireReply, ControlError> {
    let mut allowed = Vec::new();
    for entry in TABLE {
        let Some(values) = matched(entry.path, wire.path) else {
            continue;
        };
        if entry.method != method_of(wire) {
            if !allowed.contains(&entry.method) {
                allowed.push(entry.method);
            }
            continue;
        }
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        for (name, value) in values {
            parameters.append_pair(name, &value);
        }
        let mut parameters = parameters.finish();
        if !parameters.is_empty() && !wire.query.is_empty() {
            parameters.push('&');
        }
        parameters.push_str(wire.query);
        let body = wire.body.map_err(|_| {
            ControlError::new(
                ErrorCode::BodyTooLarge,
                "body",
                "the body is longer than --max-body-bytes allows, or it ended early",
            )
        })?;
        let call = Call {
            emulator,
            now: emulator.clock.now(),
            wire,
        };
        return (entry.run)(&call, &parameters, body);
    }
    if allowed.is_empty() {
        return Err(unknown_path());
    }
    Err(ControlError::new(
        ErrorCode::MethodNotAllowed,
        format!("method, not {}", allowed.join(", ")),
        format!("this control answers to {}", allowed.join(" and ")),
    ))
}

/// The method, where one that asks for the head of an answer is as one that asks for all of it.
fn method_of<'a>(wire: &WireRequest<'a>) -> &'a str {
    if wire.method == "HEAD" {
        "GET"
    } else {
        wire.method
    }
}

/// The parameters in a path, decoded, where it is of the form of `template`.
fn matched<'t, 'p>(template: &'t str, path: &'p str) -> Option<Vec<(&'t str, Cow<'p, str>)>> {
    let mut values = Vec::new();
    let (mut expected, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(values),
            (Some(expected), Some(given)) => {
                let name = expected
                    .strip_prefix('{')
                    .and_then(|rest| rest.strip_suffix('}'));
                match name {
                    Some(name) => {
                        values.push((name, percent_decode_str(given).decode_utf8_lossy()));
                    }
                    None if expected == given => {}
                    None => return None,
                }
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_stands_before_another_one() {
        for (index, entry) in TABLE.iter().enumerate() {
            let others = TABLE.iter().skip(index + 1);
            let same = |other: &&Entry| {
                other.method == entry.method && matched(entry.path, other.path).is_some()
            };
            assert_eq!(
                others.filter(same).count(),
                0,
                "{} {}",
                entry.method,
                entry.path
            );
        }
    }

    #[test]
    fn a_path_is_matched_part_by_part() {
        let template = "/_emulator/snapshots/{name}/restore";
        assert_eq!(
            matched(template, "/_emulator/snapshots/a%20b/restore"),
            Some(vec![("name", "a b".into())])
        );
        for other in [
            "/_emulator/snapshots/a",
            "/_emulator/snapshots/a/restore/",
            "/",
        ] {
            assert_eq!(matched(template, other), None, "{other}");
        }
    }
}
