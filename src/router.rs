//! Decides which part answers a request: the page, the control API or a cloud; or rejects it.
//!
//! A request is parsed and planned first ([`plan`]), on the worker that received it. Requests that do not
//! block are answered there ([`answer_at_once`]), all others on another thread ([`answer`]).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::clouds::context::AuthMode;
use crate::clouds::{CloudRequest, RequestProperties};
use crate::control::{self, ControlError, credentials, page};
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::emulator::cloud_requests::Handling;
use crate::emulator::faults::FiredRule;
use crate::emulator::guard::{self, Site};
use crate::emulator::journal::Source;
use crate::emulator::tenants::TenantSettings;
use crate::http::wire::{WireReply, WireRequest};

/// The APIs that an address serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Whether it serves the clouds' APIs.
    pub clouds: bool,
    /// Whether it serves the whole control API, or only its open endpoints such as health and readiness.
    pub control: bool,
}

impl Default for Served {
    /// Serves everything.
    fn default() -> Self {
        Self {
            clouds: true,
            control: true,
        }
    }
}

/// How a request is answered.
pub struct Plan {
    request: Arc<WireRequest>,
    responder: Responder,
    /// Whether the answer may have to wait for the disk or for other writers, or computes for milliseconds.
    may_block: bool,
    fired_rule: Option<FiredRule>,
    /// The settings of the tenant that sent the request, if it has its own.
    tenant: Option<Arc<TenantSettings>>,
    /// The origin of another site whose page may read the reply.
    allowed_origin: Option<String>,
}

/// The part that answers a request.
enum Responder {
    /// A cloud.
    Cloud(Box<dyn CloudRequest>),
    /// The control API.
    Control,
    /// The credentials URI: part of the control API, but its requests are recorded like those of a cloud.
    Credentials,
    /// A finished reply: a file of the page, or an error.
    Ready(WireReply),
}

/// Parses a request, and decides which part answers it.
#[must_use]
pub fn plan(emulator: &Emulator, wire: Arc<WireRequest>, served: Served) -> Plan {
    let is_for_this_host = guard::is_for_this_host(&wire, &emulator.host_names);
    if !is_for_this_host && !guard::is_for_api_of_cloud(&wire) {
        return Plan::error(wire, control::host_not_allowed());
    }
    // At the hosts of products that are not emulated, neither the control API nor the page is served.
    let served = Served {
        control: served.control && is_for_this_host,
        ..served
    };
    let site = Site::of(&wire, &emulator.ports, &emulator.allowed_origins);
    if guard::is_preflight(&wire)
        && let Site::Allowed(origin) = site
    {
        return Plan::preflight(wire, origin);
    }
    let plan = plan_for_site(emulator, wire, served, &site);
    match site {
        Site::Allowed(origin) => Plan {
            allowed_origin: Some(origin),
            ..plan
        },
        _ => plan,
    }
}

fn plan_for_site(emulator: &Emulator, wire: Arc<WireRequest>, served: Served, site: &Site) -> Plan {
    if served.control
        && let Some(page) = page::answer(emulator, &wire)
    {
        if *site == Site::Other && !guard::is_navigation(&wire) {
            return Plan::error(wire, control::cross_site());
        }
        return Plan::ready(wire, page);
    }
    if control::is_for(&wire) {
        if let Some(error) = control::check(emulator, &wire, served.control, site) {
            return Plan::error(wire, error);
        }
        if control::is_for_credentials(&wire) {
            return Plan::credentials(emulator, wire);
        }
        return Plan {
            may_block: !control::answers_at_once(&wire.path),
            ..Plan::new(wire, Responder::Control)
        };
    }
    if !served.clouds {
        return Plan::error(wire, control::unknown_path());
    }
    let request = emulator.clouds.of_request(&wire).parse(Arc::clone(&wire));
    let is_suspicious = match site {
        Site::Own | Site::Allowed(_) => false,
        Site::Other => true,
        // Each issued key displaces an older one.
        Site::Unknown => request.may_write() || request.is_for_credential_source(),
    };
    if is_suspicious && !names_private_key(emulator, &*request) {
        return Plan::error(wire, control::error_for_site(site));
    }
    Plan {
        may_block: request.may_write() || request.is_slow() || emulator.has_due(),
        fired_rule: emulator.faults.fire(&*request),
        tenant: emulator.tenant_of(&*request),
        ..Plan::new(wire, Responder::Cloud(request))
    }
}

/// Whether a request names a key whose signature will be checked, and with which a page of another site
/// cannot sign.
fn names_private_key(emulator: &Emulator, request: &dyn RequestProperties) -> bool {
    let is_private = |id: &str| {
        let keys = emulator.auth.credentials.keys();
        let key = keys.get(id);
        key.is_some_and(|key| key.secret().is_none_or(|secret| !secret.is_well_known()))
    };
    emulator.auth.mode != AuthMode::Off && request.access_key_id().is_some_and(is_private)
}

/// Answers a request, unless that may block.
///
/// # Errors
///
/// The plan, if the answer may block: pass it to [`answer`] on another thread.
pub fn answer_at_once(emulator: &Emulator, plan: Plan) -> Result<WireReply, Box<Plan>> {
    if plan.may_block {
        return Err(Box::new(plan));
    }
    let now = emulator.clock_of(plan.tenant.as_deref()).now();
    // Writers wait until the reply is built.
    let shared = emulator.store.try_share();
    if !matches!(plan.responder, Responder::Cloud(_)) {
        if emulator.has_due() {
            // Liveness does not wait for due work, but its counts should soon be right.
            emulator.call_housekeeper();
        }
        let must_wait = control::counts(&plan.request.path)
            && shared.is_none()
            && !emulator.store.has_cached_counts();
        return if must_wait {
            Err(Box::new(plan))
        } else {
            Ok(respond(emulator, plan, now))
        };
    }
    match shared {
        Some(_shared) if !emulator.has_due() => Ok(respond(emulator, plan, now)),
        _ => Err(Box::new(plan)),
    }
}

/// Answers a request. Blocks while due work is done and while the store is busy.
#[must_use]
pub fn answer(emulator: &Emulator, plan: Plan) -> WireReply {
    let now = emulator.clock_of(plan.tenant.as_deref()).now();
    let is_control = matches!(plan.responder, Responder::Control);
    // Due work is done first, so that the reply shows its results.
    if !matches!(plan.responder, Responder::Ready(_)) {
        emulator.do_due_work();
    }
    let reply = respond(emulator, plan, now);
    if is_control {
        // The request may have moved a clock.
        emulator.do_due_work();
    }
    reply
}

/// Plans and answers a request at an address that serves everything.
#[must_use]
pub fn handle(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let plan = plan(emulator, Arc::new(wire.clone()), Served::default());
    answer(emulator, plan)
}

/// `now` is the time by the clock of the account.
fn respond(emulator: &Emulator, plan: Plan, now: DateTime<Utc>) -> WireReply {
    let wire = &*plan.request;
    let handling = Handling {
        now,
        tenant: plan.tenant.as_deref(),
        fired_rule: plan.fired_rule,
        source: Source::Client,
    };
    let mut reply = match plan.responder {
        Responder::Ready(reply) => reply,
        Responder::Control => control::handle(emulator, wire),
        Responder::Cloud(request) => emulator.answer_cloud_request(request, wire, handling).reply,
        Responder::Credentials => {
            let request = Box::new(credentials::request(emulator, wire));
            emulator.answer_cloud_request(request, wire, handling).reply
        }
    };
    if let Some(origin) = plan.allowed_origin {
        reply.headers.extend([
            ("access-control-allow-origin", origin.into()),
            ("access-control-expose-headers", "*".into()),
            ("vary", "origin".into()),
        ]);
    }
    reply
}

impl Plan {
    fn new(request: Arc<WireRequest>, responder: Responder) -> Self {
        Self {
            request,
            responder,
            may_block: false,
            fired_rule: None,
            tenant: None,
            allowed_origin: None,
        }
    }

    fn credentials(emulator: &Emulator, wire: Arc<WireRequest>) -> Self {
        let request = credentials::request(emulator, &wire);
        let (fired_rule, tenant) = (emulator.faults.fire(&request), emulator.tenant_of(&request));
        Self {
            may_block: true,
            fired_rule,
            tenant,
            ..Self::new(wire, Responder::Credentials)
        }
    }

    fn ready(request: Arc<WireRequest>, reply: WireReply) -> Self {
        Self::new(request, Responder::Ready(reply))
    }

    fn error(wire: Arc<WireRequest>, error: ControlError) -> Self {
        tracing::info!(
            method = &*wire.method,
            path = control::shown_path(&wire.path),
            status = error.code.status(),
            code = ?error.code,
            place = error.place,
            reason = error.message,
            "request refused"
        );
        Self::ready(wire, error.into())
    }

    /// The reply to a CORS preflight of an allowed origin.
    fn preflight(wire: Arc<WireRequest>, origin: String) -> Self {
        let asked = wire.header("access-control-request-headers");
        let asked = asked.unwrap_or("*").to_owned();
        let headers = vec![
            (
                "access-control-allow-methods",
                "GET, POST, PUT, DELETE".into(),
            ),
            ("access-control-allow-headers", asked.into()),
            ("access-control-max-age", "600".into()),
        ];
        Self {
            allowed_origin: Some(origin),
            ..Self::ready(
                wire,
                WireReply {
                    status: 204,
                    headers,
                    ..WireReply::default()
                },
            )
        }
    }

    /// The latency of a fault rule before the operation.
    #[must_use]
    pub fn delay(&self) -> Duration {
        match &self.fired_rule {
            Some(fired_rule) if !fired_rule.after => fired_rule.latency,
            _ => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::clouds::auth::credentials::Credentials;
    use crate::clouds::auth::nonces::Nonces;
    use crate::clouds::context::Auth;
    use crate::emulator::clock::SystemClock;
    use crate::store::Store;

    #[test]
    fn only_reads_without_a_private_key_are_answered_on_the_worker() {
        let auth = Auth {
            mode: AuthMode::Lenient,
            credentials: Credentials::new("1000000000000000"),
            nonces: Nonces::default(),
        };
        let emulator = Emulator::new(Store::in_memory().unwrap(), SystemClock, auth);
        let on_worker = |action: &str| {
            let query = format!("Action={action}");
            let wire = WireRequest::new(
                "GET",
                "/",
                &query,
                [("host", "127.0.0.1")],
                Ok(Bytes::new()),
            );
            let plan = plan(&emulator, Arc::new(wire), Served::default());
            answer_at_once(&emulator, plan).is_ok()
        };
        for action in [
            "ListSecrets",
            "GetSecretValue",
            "Decrypt",
            "AsymmetricVerify",
        ] {
            assert!(on_worker(action), "{action}");
        }
        for action in [
            "CreateSecret",
            "CreateKey",
            "AsymmetricSign",
            "AsymmetricDecrypt",
        ] {
            assert!(!on_worker(action), "{action}");
        }
    }
}
