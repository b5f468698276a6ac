//! Answers requests of the clouds' APIs: applies fault rules, and records requests and replies in log,
//! coverage and journal.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::Emulator;
use super::clock::Clock;
use super::faults::FiredRule;
use super::journal::{EntryDetails, Source};
use super::request_log::{self, RequestLine};
use super::tenants::TenantSettings;
use crate::clouds::CloudRequest;
use crate::clouds::context::Context;
use crate::clouds::hint::{self, Hint};
use crate::clouds::notes::Notes;
use crate::clouds::outcome::{Outcome, Verdict};
use crate::http::wire::{Cut, WireReply, WireRequest};
use crate::model::{Cloud, Scope};
use crate::store::StoreError;

/// The codes recorded for replies that a fault rule drops or truncates.
const CONNECTION_RESET: &str = "ConnectionReset";
const BODY_TRUNCATED: &str = "BodyTruncated";

/// How a request is handled.
pub struct Handling<'a> {
    /// When it arrived, by the clock of its account.
    pub now: DateTime<Utc>,
    /// The settings of the tenant that sent it, if it has its own.
    pub tenant: Option<&'a TenantSettings>,
    /// The fault rule that applies.
    pub fired_rule: Option<FiredRule>,
    /// The source of the request.
    pub source: Source,
}

/// The reply to a request.
pub struct Answer {
    /// The reply.
    pub reply: WireReply,
    /// The id of the request.
    pub request_id: String,
    /// The hints in the reply.
    pub hints: Vec<Hint>,
}

impl Emulator {
    /// Answers a request of `POST call`. Fault rules apply to it, and count it, only if `with_faults`; then the whole
    /// latency of a fault is in the delivery of the reply.
    #[must_use]
    pub fn call(
        &self,
        request: Box<dyn CloudRequest + '_>,
        wire: &WireRequest,
        with_faults: bool,
    ) -> Answer {
        let fired_rule = with_faults.then(|| self.faults.fire(&*request)).flatten();
        let delay = match &fired_rule {
            Some(fired_rule) if !fired_rule.after => fired_rule.latency,
            _ => Duration::ZERO,
        };
        let tenant = self.tenant_of(&*request);
        let handling = Handling {
            now: self.clock_of(tenant.as_deref()).now(),
            tenant: tenant.as_deref(),
            fired_rule,
            source: Source::Call,
        };
        let mut answer = self.answer_cloud_request(request, wire, handling);
        answer.reply.delivery.delay += delay;
        answer
    }

    /// Answers a request, to which a fault rule may apply.
    #[must_use]
    pub fn answer_cloud_request(
        &self,
        request: Box<dyn CloudRequest + '_>,
        wire: &WireRequest,
        handling: Handling,
    ) -> Answer {
        let Handling {
            now,
            tenant,
            fired_rule,
            source,
        } = handling;
        let own_clock = tenant.and_then(|tenant| tenant.clock.as_ref());
        let started = Instant::now();
        let cloud = request.cloud();
        let request_id = self.request_ids.next();
        let notes = Notes::default();
        let context = Context {
            store: &self.store,
            replies: &self.replies,
            auth: &self.auth,
            authority: self.authority.as_deref(),
            is_logged: request_log::is_enabled(),
            rate_limiter: match own_clock {
                Some(own) => own.rate_limiter.as_ref(),
                None => self.rate_limiter.as_ref(),
            },
            alibaba_filter_match: tenant.and_then(|tenant| tenant.alibaba_filter_match),
            now,
            now_in: &|account| self.now_in(account),
            request_id: &request_id,
            notes: &notes,
        };
        let (mut reply, mut outcome) = match &fired_rule {
            Some(fired_rule) => answer_with_fault(request, &context, fired_rule),
            None => request.answer(&context),
        };
        let observed = notes.into_inner();
        outcome.not_found = observed.absent_secret.or(outcome.not_found);
        outcome.ignored.extend(observed.ignored);
        let hints = self.hints(cloud, &outcome, observed.hint);
        let hint = hint::line(&hints, cloud, outcome.code);
        let duration = started.elapsed();
        let fault = fired_rule.map(|fired_rule| fired_rule.id);
        RequestLine {
            cloud,
            outcome: &outcome,
            status: reply.status,
            hint: hint.as_deref(),
            fault,
            source,
            request_id: &request_id,
            duration,
        }
        .log();
        if let Some(hint) = hint {
            reply.headers.push(("x-emulator-hint", hint.into()));
        }
        if source == Source::Client {
            self.coverage.note(cloud, &outcome, duration, fault);
        }
        if let Some(own) = own_clock {
            reply.delivery.date = Some(own.clock.now());
        }
        let details = EntryDetails {
            // One clock for all entries: they are sorted and filtered by time across accounts.
            time: own_clock.map_or(now, |_| self.clock.now()),
            tenant_time: own_clock.map(|_| now),
            cloud,
            source,
            request_id: &request_id,
            outcome: &outcome,
            hints: &hints,
            duration,
            fault,
        };
        self.journal.record(wire, &reply, &details);
        Answer {
            reply,
            request_id,
            hints,
        }
    }

    /// The hints about a request. Only the first reason for a rejection is a hint; `noted` is that of the operation.
    fn hints(&self, cloud: Cloud, outcome: &Outcome, noted: Option<Hint>) -> Vec<Hint> {
        let reason = outcome.hint.clone().or(noted);
        let reason = reason.or_else(|| self.hint_of_missing_value(outcome));
        let reason = reason.or_else(|| self.hint_of_other_scope(cloud, outcome));
        let reason = reason.or_else(|| self.hint_of_removed_tenant(outcome));
        reason
            .into_iter()
            .chain(outcome.explain_ignored())
            .collect()
    }

    /// The reason why the access key of a removed tenant was rejected.
    fn hint_of_removed_tenant(&self, outcome: &Outcome) -> Option<Hint> {
        let id = outcome.access_key_id.as_deref()?;
        let is_refused = outcome.verdict == Verdict::Refused;
        is_refused.then(|| self.auth.credentials.explain_unknown_tenant(id))?
    }

    /// A hint that the secret exists, but has no value.
    fn hint_of_missing_value(&self, outcome: &Outcome) -> Option<Hint> {
        let action = outcome.action.filter(|action| *action == "GetSecretValue");
        let (name, scope) = (outcome.not_found.as_ref()?, outcome.scope.as_ref()?);
        action?;
        let has_versions = self.store.read(|store| match store.secret(scope, name)? {
            Some((id, _)) => Ok::<_, StoreError>(Some(!store.versions(id)?.is_empty())),
            None => Ok(None),
        });
        let has_versions = has_versions.ok().flatten()?;
        (!has_versions).then(|| Hint::SecretWithoutValue {
            secret: name.clone(),
        })
    }

    /// A hint with another account, region or cloud that has a secret of the name that was not found.
    fn hint_of_other_scope(&self, cloud: Cloud, outcome: &Outcome) -> Option<Hint> {
        let (name, here) = (outcome.not_found.as_ref()?, outcome.scope.as_ref()?);
        let found = self.store.read(|store| store.other_scope_with(here, name));
        let there = found.unwrap_or_else(|error: StoreError| {
            tracing::error!(%error, "no hint could be given");
            None
        })?;
        let secret = name.clone();
        let (own_account, own_region) = (here.account.clone(), here.region.clone());
        let Scope {
            cloud: other,
            account,
            region,
        } = there;
        Some(if other != cloud {
            Hint::SecretInOtherCloud {
                secret,
                cloud: other.name().to_owned(),
                account,
                region,
                own_account,
                own_region,
            }
        } else if account != here.account {
            Hint::SecretInOtherAccount {
                secret,
                account,
                region,
                own_account,
                own_region,
            }
        } else {
            Hint::SecretInOtherRegion {
                secret,
                region,
                own_account,
                own_region,
            }
        })
    }
}

/// Answers a request to which a fault rule applies.
fn answer_with_fault(
    request: Box<dyn CloudRequest + '_>,
    context: &Context,
    fired_rule: &FiredRule,
) -> (WireReply, Outcome) {
    let is_replaced = !fired_rule.after && (fired_rule.error.is_some() || fired_rule.reset);
    let error_reply = fired_rule.error.clone().map(|error| {
        let (code, status) = (error.code, error.status);
        let reply = request.reply_with(error, context);
        (code, WireReply { status, ..reply })
    });
    let (mut reply, mut outcome) = if is_replaced {
        (
            WireReply::default(),
            outcome_without_answer(&*request, context),
        )
    } else {
        request.answer(context)
    };
    if let Some((code, error_reply)) = error_reply {
        outcome.code = code;
        outcome.shown_body = None;
        reply = error_reply;
    }
    if fired_rule.after {
        reply.delivery.delay = fired_rule.latency;
    }
    // The client does not receive the reply, whatever its code is.
    if fired_rule.reset {
        reply.delivery.cut = Some(Cut::Reset);
        outcome.code = CONNECTION_RESET;
    } else if let Some(bytes) = fired_rule
        .truncate
        .filter(|bytes| *bytes < reply.body.len())
    {
        reply.delivery.cut = Some(Cut::Body(bytes));
        outcome.code = BODY_TRUNCATED;
    }
    (reply, outcome)
}

/// The outcome of a request whose operation is not executed.
fn outcome_without_answer(request: &dyn CloudRequest, context: &Context) -> Outcome {
    let secret_name = request.secret_name().filter(|_| context.is_logged);
    let account_key_id = request.account_key_id(context.auth.mode);
    let scope = request.region().map(|region| Scope {
        cloud: request.cloud(),
        account: context.auth.credentials.account_of(account_key_id),
        region,
    });
    let unknown_action = request.unknown_action();
    let mut outcome = Outcome {
        scope,
        action: request.action().filter(|_| unknown_action.is_none()),
        access_key_id: request.access_key_id().map(str::to_owned),
        secret_name: secret_name.map(str::to_owned),
        verdict: Verdict::NotReached,
        ..Outcome::new()
    };
    if let Some(name) = unknown_action {
        outcome.note_unknown_action(&name);
    }
    outcome
}
