//! The control API for tests: JSON over HTTP below `/_emulator/`.
//!
//! Each request of the API is an `Endpoint`: its method, its path, the types of its parameters, body and
//! reply, and a function. Dispatch and the OpenAPI document read the table below.

mod authority;
mod call;
mod clock;
mod coverage;
pub(crate) mod credentials;
mod differences;
mod due;
mod endpoint;
mod error;
mod faults;
mod health;
mod journal;
mod openapi;
mod operations;
pub mod page;
mod policies;
mod reset;
mod settings;
mod snapshots;
mod state;
mod tenants;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use endpoint::{Call, Endpoint, Entry, entry};
pub use error::{ControlError, ErrorCode};
pub use health::{Readiness, answers_at_once, counts, starting};
pub use settings::Settings;

use crate::clouds::digest;
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::emulator::guard::Site;
use crate::http::shown::MASK;

use crate::http::wire::{WireReply, WireRequest};

/// The path of the control API.
const PREFIX: &str = "/_emulator/";

/// Every endpoint, in the order of the document.
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
    entry::<differences::Compare>(),
    entry::<snapshots::Restore>(),
    entry::<snapshots::Delete>(),
    entry::<tenants::List>(),
    entry::<tenants::Create>(),
    entry::<tenants::Delete>(),
    entry::<credentials::Issue>(),
    entry::<clock::Read>(),
    entry::<due::List>(),
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
    entry::<policies::List>(),
    entry::<policies::Attach>(),
    entry::<policies::Clear>(),
    entry::<policies::Read>(),
    entry::<policies::Remove>(),
    entry::<journal::List>(),
    entry::<journal::Clear>(),
    entry::<journal::Follow>(),
    entry::<journal::Read>(),
    entry::<coverage::Report>(),
    entry::<coverage::Clear>(),
    entry::<authority::Certificate>(),
    entry::<authority::Bundle>(),
    entry::<openapi::Document>(),
];

/// An endpoint, for documents.
#[derive(Debug, Clone, Copy)]
pub struct ControlDescription {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{names}` of parameters.
    pub path: &'static str,
    /// A description of one or two sentences.
    pub summary: &'static str,
}

/// The descriptions of all endpoints.
#[must_use]
pub fn descriptions() -> Vec<ControlDescription> {
    let describe = |entry: &Entry| ControlDescription {
        method: entry.method,
        path: entry.path,
        summary: entry.summary,
    };
    TABLE.iter().map(describe).collect()
}

/// Whether a request is for the control API.
#[must_use]
pub fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with(PREFIX)
}

/// Checks whether a request from a site may use the control API. Where the API is not served, only open
/// endpoints can be used.
#[must_use]
pub fn check(
    emulator: &Emulator,
    wire: &WireRequest,
    is_served: bool,
    site: &Site,
) -> Option<ControlError> {
    let is_open = TABLE
        .iter()
        .any(|entry| entry.open && wire.path == entry.path);
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
                "the control API requires a token: send `Authorization: Bearer <token>`",
            ));
        }
        // The token also protects against pages of other sites, which do not know it.
        return None;
    }
    // The feed is left out because each listener holds a connection.
    let changes_nothing = method_of(wire) == "GET" && wire.path != journal::Follow::PATH;
    let is_suspicious = match site {
        Site::Own | Site::Allowed(_) => false,
        Site::Other => true,
        Site::Unknown => !changes_nothing,
    };
    is_suspicious.then(|| error_for_site(site))
}

/// The error for a request to a host whose name an attacker could register.
#[must_use]
pub fn host_not_allowed() -> ControlError {
    ControlError::new(
        ErrorCode::HostNotAllowed,
        "header Host",
        "the host name is not allowed: add it with --tls-name NAME (KMS_EMULATOR_TLS_NAMES)",
    )
}

/// The error for a request of a browser that was not sent by this server's page.
#[must_use]
pub fn error_for_site(site: &Site) -> ControlError {
    if *site == Site::Unknown {
        return ControlError::new(
            ErrorCode::CrossSiteRequest,
            "header User-Agent",
            "the browser did not send the origin of the page, so the request may not change anything: sign \
             it with a key other than the default one, or start the server with --allow-origin '*' \
             (KMS_EMULATOR_ALLOW_ORIGINS)",
        );
    }
    cross_site()
}

/// The error for a path without an endpoint.
#[must_use]
pub fn unknown_path() -> ControlError {
    ControlError::new(
        ErrorCode::UnknownPath,
        "path",
        "the control API has no such path at this address; /_emulator/openapi.json lists its paths",
    )
}

/// The error for a request that a page of another site sent.
#[must_use]
pub fn cross_site() -> ControlError {
    ControlError::new(
        ErrorCode::CrossSiteRequest,
        "header Origin",
        "a web page of another site or port may not use this server; allow it with --allow-origin ORIGIN \
         (KMS_EMULATOR_ALLOW_ORIGINS)",
    )
}

/// Whether a request is for the credentials URI. It is recorded like a request of a cloud's API.
#[must_use]
pub fn is_for_credentials(wire: &WireRequest) -> bool {
    wire.path == credentials::Issue::PATH && method_of(wire) == credentials::Issue::METHOD
}

/// Answers a request of the control API.
#[must_use]
pub fn handle(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let (method, path) = (&*wire.method, shown_path(&wire.path));
    match answer(emulator, wire) {
        Ok(reply) => {
            // Health checks arrive every few seconds and would fill the log.
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

/// A path for the log: the template of the endpoint, because the parameters in a path can be sensitive.
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
        let Some(values) = matched(entry.path, &wire.path) else {
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
        parameters.push_str(&wire.query);
        let body = wire.body.as_ref().map_err(|_| {
            ControlError::new(
                ErrorCode::BodyTooLarge,
                "body",
                "the body is larger than --max-body-bytes, or it ended early",
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
        format!("the allowed methods are {}", allowed.join(" and ")),
    ))
}

/// The method of a request; `HEAD` counts as `GET`.
fn method_of(wire: &WireRequest) -> &str {
    if wire.method == "HEAD" {
        "GET"
    } else {
        &wire.method
    }
}

/// The decoded parameters of a path; absent if the path does not match `template`.
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
    fn no_endpoint_hides_a_later_one() {
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
    fn path_matches_a_template_segment_by_segment() {
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
