//! The whole program as one value: takes a request, gives a reply.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use percent_encoding::{CONTROLS, percent_encode};

use crate::clock::{AdjustableClock, Clock};
use crate::context::{Auth, AuthMode, Context, Outcome, Verdict};
use crate::control::{self, ControlError, ErrorCode, Feeds};
use crate::coverage::Coverage;
use crate::credentials::SecretKey;
use crate::faults::{Faults, Strike, Subject};
use crate::fixtures::Defaults;
use crate::ids::RequestIds;
use crate::journal::{Facts, Journal};
use crate::model::{Cloud, ScopeSelection};
use crate::rate_limit::RateLimiter;
use crate::start_fixtures::StartFixtures;
use crate::store::{DueWork, Store, StoreError, Tenant};
use crate::wire::{Cut, WireReply, WireRequest};
use crate::{alibaba, explorer, guard, tencent};

/// What stands for the code of an answer that a fault kept from its client, or broke off.
const CONNECTION_RESET: &str = "ConnectionReset";
const BODY_TRUNCATED: &str = "BodyTruncated";

/// How many rows are swept away at once: about a millisecond's work, for which others may have to wait.
const SWEPT_AT_ONCE: usize = 100;

/// How much due work is done in one transaction, for which others may have to wait.
const DUE_AT_ONCE: usize = 100;

/// How long others have the store to themselves between two transactions of housekeeping or due work.
const SWEEP_PAUSE: Duration = Duration::from_millis(1);

/// An emulator.
pub struct Emulator {
    /// The secrets.
    pub store: Store,
    /// The time of day.
    pub clock: AdjustableClock,
    /// Where request ids come from.
    pub request_ids: RequestIds,
    /// Who may sign.
    pub auth: Auth,
    /// The region of a request to the first face that names none.
    pub default_region: String,
    /// What can be set of the second face.
    pub tencent: tencent::Settings,
    /// Counts requests, where only so many are answered.
    pub rate_limiter: Option<RateLimiter>,
    /// The fixtures given at the start.
    pub fixtures: StartFixtures,
    /// What the controls must be asked with, if anything.
    pub control_token: Option<SecretKey>,
    /// The names of this machine, beside the loopback ones.
    pub names: Vec<String>,
    /// Where the clouds' faces are served, if not where the controls are.
    pub clouds_at: Option<SocketAddr>,
    /// The certificate of the authority that vouches for this server, in PEM, if there is one.
    pub authority: Option<String>,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// The last requests.
    pub journal: Journal,
    /// Listeners to the journal.
    pub feeds: Feeds,
    /// What was used, and the counters.
    pub coverage: Coverage,
    housekeeper: OnceLock<mpsc::Sender<()>>,
}

/// What is served at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Whether only this machine can reach it.
    pub loopback: bool,
    /// Whether the clouds' faces are served.
    pub clouds: bool,
    /// Whether the controls are served: all of them, or only how the server is.
    pub controls: bool,
}

impl Default for Door {
    /// An address that anybody can reach, where everything is served.
    fn default() -> Self {
        Self {
            loopback: false,
            clouds: true,
            controls: true,
        }
    }
}

/// What is known of a request at a glance, before it is answered.
#[derive(Debug)]
pub struct Plan {
    face: Face,
    may_wait: bool,
    strike: Option<Strike>,
}

/// Who answers a request.
#[derive(Debug)]
enum Face {
    Cloud(Cloud),
    Control,
    /// The explorer's page, whose answer is there already.
    Page(WireReply),
    Nobody(ControlError),
}

impl Plan {
    /// Whether the answer may have to wait for the disk or for other writers.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        self.may_wait
    }

    /// How long to wait before the answer is looked for.
    #[must_use]
    pub fn delay(&self) -> Duration {
        match &self.strike {
            Some(strike) if !strike.after => strike.latency,
            _ => Duration::ZERO,
        }
    }
}

impl Emulator {
    /// An emulator with secrets, a clock and keys; all else is as it is without settings.
    #[must_use]
    pub fn new(store: Store, clock: impl Clock + 'static, auth: Auth) -> Self {
        Self {
            store,
            clock: AdjustableClock::new(clock),
            request_ids: RequestIds::Random,
            auth,
            default_region: "cn-hangzhou".to_owned(),
            tencent: tencent::Settings::default(),
            rate_limiter: None,
            fixtures: StartFixtures::default(),
            control_token: None,
            names: Vec::new(),
            clouds_at: None,
            authority: None,
            faults: Faults::default(),
            journal: Journal::default(),
            feeds: Feeds::default(),
            coverage: Coverage::default(),
            housekeeper: OnceLock::new(),
        }
    }

    /// Looks at a request that came in through a door.
    #[must_use]
    pub fn plan(&self, wire: &WireRequest, door: Door) -> Plan {
        if door.loopback && !guard::is_for_this_host(wire, &self.names) {
            return Plan::refusal(ControlError::new(
                ErrorCode::HostNotAllowed,
                "header Host",
                "on a loopback address only this machine's names are answered; --tls-name adds one",
            ));
        }
        if door.controls
            && let Some(page) = explorer::answer(self, wire)
        {
            return Plan {
                face: Face::Page(page),
                may_wait: false,
                strike: None,
            };
        }
        if control::is_for(wire) {
            let refused = control::check(self, wire, door);
            return Plan {
                face: refused.map_or(Face::Control, Face::Nobody),
                may_wait: !control::answers_at_once(wire.path),
                strike: None,
            };
        }
        if !door.clouds {
            return Plan::refusal(control::unknown_path());
        }
        let cloud = cloud_of(wire);
        let may_write = match cloud {
            Cloud::Alibaba => alibaba::may_write(wire),
            Cloud::Tencent => tencent::may_write(wire),
        };
        if may_write && guard::is_cross_site(wire) && !self.is_proven(cloud, wire) {
            return Plan::refusal(control::cross_site());
        }
        Plan {
            face: Face::Cloud(cloud),
            may_wait: may_write || self.store.has_due(self.clock.now()),
            strike: self.faults.strike(&Glance { cloud, wire }),
        }
    }

    /// Answers a request that was [looked at](Self::plan) if that needs no waiting, neither for due work
    /// nor for the writer. For an async worker, which serves others too.
    ///
    /// # Errors
    ///
    /// The plan, when the answer may have to wait: [`Self::answer`] takes it on another thread.
    pub fn answer_at_once(&self, wire: &WireRequest, plan: Plan) -> Result<WireReply, Box<Plan>> {
        let now = self.clock.now();
        if plan.may_wait {
            return Err(Box::new(plan));
        }
        if !matches!(plan.face, Face::Cloud(_)) {
            return Ok(self.respond(wire, plan, now));
        }
        // The writer is kept out until the answer is there.
        match self.store.try_share() {
            Some(_shared) if !self.store.has_due(now) => Ok(self.respond(wire, plan, now)),
            _ => Err(Box::new(plan)),
        }
    }

    /// Answers a request that was [looked at](Self::plan). Blocks for as long as due work and the store
    /// take.
    #[must_use]
    pub fn answer(&self, wire: &WireRequest, plan: Plan) -> WireReply {
        let now = self.clock.now();
        // What time has caused is done before anybody can see that it was not.
        if matches!(plan.face, Face::Cloud(_) | Face::Control)
            && self.store.has_due(now)
            && let Err(error) = self.settle(now)
        {
            tracing::error!(%error, "what was due could not be done");
        }
        self.respond(wire, plan, now)
    }

    fn respond(&self, wire: &WireRequest, plan: Plan, now: DateTime<Utc>) -> WireReply {
        match plan.face {
            Face::Nobody(error) => refused(wire, error),
            Face::Page(page) => page,
            Face::Cloud(cloud) => self.answer_as(cloud, wire, now, plan.strike).0,
            Face::Control => control::handle(self, wire),
        }
    }

    /// Answers a request through the widest door.
    #[must_use]
    pub fn handle(&self, wire: &WireRequest) -> WireReply {
        self.answer(wire, self.plan(wire, Door::default()))
    }

    /// Answers a request of a cloud's API that the controls make, and tells its id. All the latency of a
    /// fault is in how the reply is to be delivered.
    #[must_use]
    pub fn call(&self, wire: &WireRequest) -> (WireReply, String) {
        let cloud = cloud_of(wire);
        let strike = self.faults.strike(&Glance { cloud, wire });
        let delay = match &strike {
            Some(strike) if !strike.after => strike.latency,
            _ => Duration::ZERO,
        };
        let (mut reply, request_id) = self.answer_as(cloud, wire, self.clock.now(), strike);
        reply.delivery.delay += delay;
        (reply, request_id)
    }

    /// Answers a request of a cloud's API, and tells its id.
    fn answer_as(
        &self,
        cloud: Cloud,
        wire: &WireRequest,
        now: DateTime<Utc>,
        strike: Option<Strike>,
    ) -> (WireReply, String) {
        let started = Instant::now();
        let request_id = self.request_ids.next();
        let context = Context {
            store: &self.store,
            auth: &self.auth,
            default_region: &self.default_region,
            tencent: &self.tencent,
            rate_limiter: self.rate_limiter.as_ref(),
            now,
            request_id: &request_id,
        };
        let (mut reply, outcome) = match &strike {
            Some(strike) => struck(cloud, wire, &context, strike),
            None => answer_in(cloud, wire, &context),
        };
        if let Some(hint) = self.hint(cloud, &outcome) {
            tracing::warn!(request_id, hint, "secret not found");
            reply.headers.push(("x-emulator-hint", hint.into()));
        }
        let duration = started.elapsed();
        tracing::info!(
            cloud = cloud.name(),
            action = outcome.action.unwrap_or("-"),
            status = reply.status,
            code = outcome.code,
            request_id,
            duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
            "request"
        );
        let fault = strike.map(|strike| strike.rule);
        self.coverage.note(cloud, &outcome, duration, fault);
        let facts = Facts {
            time: now,
            cloud,
            request_id: &request_id,
            outcome: &outcome,
            duration,
            fault,
        };
        self.journal.record(wire, &reply, &facts);
        (reply, request_id)
    }

    /// Does all that is due, in the order of its times. Does so in slices, between which other writers
    /// have their turn.
    ///
    /// # Errors
    ///
    /// What the store reports; then the slice that failed was not done.
    pub fn settle(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            let (expired, is_done) = self.store.write(|store| {
                let mut expired = Vec::new();
                for _ in 0..DUE_AT_ONCE {
                    let Some(due) = store.due(now)? else {
                        return Ok((expired, true));
                    };
                    match due.work {
                        DueWork::Deletion(id, secret) => store.remove_secret(id, &secret)?,
                        // The other cloud plans no rotations.
                        DueWork::Rotation(id, secret) => {
                            alibaba::rotate_overdue(store, id, &secret, due.at, now)?;
                        }
                        DueWork::Expiry(account) => {
                            store.remove_tenant(&account)?;
                            store.empty(&ScopeSelection::of_account(&*account))?;
                            expired.push(account);
                        }
                    }
                }
                Ok::<_, StoreError>((expired, false))
            })?;
            for account in expired {
                self.auth.credentials.remove_account(&account);
                self.call_housekeeper();
            }
            if is_done {
                return Ok(());
            }
            thread::sleep(SWEEP_PAUSE);
        }
    }

    /// Lets the tenants in that the store knows from before.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub fn welcome_tenants(&self) -> Result<(), StoreError> {
        for tenant in self.store.read(|store| store.tenants())? {
            let Tenant {
                account,
                access_key_id,
                access_key_secret,
                ..
            } = tenant;
            let credentials = &self.auth.credentials;
            credentials.add(&access_key_id, access_key_secret, Some(account));
        }
        // Known from now on, whatever the writer does.
        self.store.count_secrets_now()?;
        Ok(())
    }

    /// Where secrets of a fixture go that names neither account nor region.
    #[must_use]
    pub fn defaults(&self) -> Defaults {
        Defaults {
            account: self.auth.credentials.default_account().to_owned(),
            alibaba_region: self.default_region.clone(),
            tencent_region: self.tencent.regions[0].clone(),
        }
    }

    /// Starts a thread that makes spares of the fixtures and sweeps away what was in emptied scopes, for
    /// as long as there is this emulator. Without it all is answered the same, but later, and the store
    /// grows.
    pub fn start_housekeeper(self: &Arc<Self>) {
        let (sender, called) = mpsc::channel();
        if self.housekeeper.set(sender).is_err() {
            return;
        }
        let emulator = Arc::downgrade(self);
        thread::spawn(move || {
            while called.recv().is_ok() {
                // Many calls are answered by one round.
                while called.try_recv().is_ok() {}
                if let Some(emulator) = emulator.upgrade() {
                    emulator.tidy_up();
                }
            }
        });
        // A server that was killed may have left something.
        self.call_housekeeper();
    }

    /// Lets the housekeeper look for something to do.
    pub fn call_housekeeper(&self) {
        if let Some(housekeeper) = self.housekeeper.get() {
            // It ends only when there is no emulator any more.
            let _ = housekeeper.send(());
        }
    }

    fn tidy_up(&self) {
        if let Err(error) = self.fixtures.make_spares(&self.store) {
            tracing::error!(%error, "no spare of the fixtures could be made");
        }
        loop {
            match self.store.write(|store| store.sweep(SWEPT_AT_ONCE)) {
                Ok(true) => thread::sleep(SWEEP_PAUSE),
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, "emptied scopes could not be swept");
                    return;
                }
            }
        }
    }

    /// Whether a request names a key whose signature will be checked: a stranger's page has none.
    fn is_proven(&self, cloud: Cloud, wire: &WireRequest) -> bool {
        let id = Glance { cloud, wire }.access_key_id();
        self.auth.mode != AuthMode::Off
            && id.is_some_and(|id| self.auth.credentials.keys().get(&id).is_some())
    }

    /// Tells where else there is a secret of the name that was not found.
    fn hint(&self, cloud: Cloud, outcome: &Outcome) -> Option<String> {
        let (name, here) = (outcome.not_found.as_ref()?, outcome.scope.as_ref()?);
        let found = self.store.read(|store| store.elsewhere(here, name));
        let there = found.unwrap_or_else(|error: StoreError| {
            tracing::error!(%error, "no hint could be given");
            None
        })?;
        let name = percent_encode(name.as_bytes(), CONTROLS);
        let place = if there.cloud != cloud {
            format!(
                "on {} (account {}, region {})",
                full_name(there.cloud),
                there.account,
                there.region
            )
        } else if there.account != here.account {
            format!("in account {}, region {}", there.account, there.region)
        } else {
            format!("in region {}", there.region)
        };
        Some(format!(
            "secret `{name}` exists {place}; asked for in account {}, region {}",
            here.account, here.region
        ))
    }
}

impl Plan {
    fn refusal(error: ControlError) -> Self {
        Self {
            face: Face::Nobody(error),
            may_wait: false,
            strike: None,
        }
    }
}

/// Answers whom nobody answers. Nothing that is due is done for that: it would keep the worker waiting.
fn refused(wire: &WireRequest, error: ControlError) -> WireReply {
    tracing::info!(
        method = wire.method,
        path = wire.path,
        status = error.code.status(),
        code = ?error.code,
        place = error.place,
        "request refused"
    );
    error.into()
}

fn cloud_of(wire: &WireRequest) -> Cloud {
    if tencent::speaks(wire) {
        Cloud::Tencent
    } else {
        // Who speaks neither language is answered in the first.
        Cloud::Alibaba
    }
}

fn full_name(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "Alibaba Cloud",
        Cloud::Tencent => "Tencent Cloud",
    }
}

fn answer_in(cloud: Cloud, wire: &WireRequest, context: &Context) -> (WireReply, Outcome) {
    match cloud {
        Cloud::Alibaba => alibaba::handle(wire, context),
        Cloud::Tencent => tencent::handle(wire, context),
    }
}

/// Answers a request that meets with a fault.
fn struck(
    cloud: Cloud,
    wire: &WireRequest,
    context: &Context,
    strike: &Strike,
) -> (WireReply, Outcome) {
    let is_kept_from_work = !strike.after && (strike.error.is_some() || strike.reset);
    let (mut reply, mut outcome) = if is_kept_from_work {
        let glance = Glance { cloud, wire };
        let outcome = Outcome {
            action: glance.known_action(),
            access_key_id: glance.access_key_id(),
            verdict: Verdict::NotReached,
            ..Outcome::new()
        };
        (WireReply::default(), outcome)
    } else {
        answer_in(cloud, wire, context)
    };
    if let Some(error) = &strike.error {
        outcome.code = error.code;
        let error = Arc::clone(error);
        reply = match cloud {
            Cloud::Alibaba => alibaba::refuse(wire, error, context.request_id),
            Cloud::Tencent => tencent::refuse(wire, error, context.request_id),
        };
    }
    if strike.after {
        reply.delivery.delay = strike.latency;
    }
    // Whatever was answered, the client does not have it.
    if strike.reset {
        reply.delivery.cut = Some(Cut::Reset);
        outcome.code = CONNECTION_RESET;
    } else if let Some(bytes) = strike.truncate.filter(|bytes| *bytes < reply.body.len()) {
        reply.delivery.cut = Some(Cut::Body(bytes));
        outcome.code = BODY_TRUNCATED;
    }
    (reply, outcome)
}

/// A request as faults look at it.
struct Glance<'a> {
    cloud: Cloud,
    wire: &'a WireRequest<'a>,
}

impl Glance<'_> {
    fn known_action(&self) -> Option<&'static str> {
        match self.cloud {
            Cloud::Alibaba => alibaba::action(self.wire),
            Cloud::Tencent => tencent::action(self.wire),
        }
    }
}

impl Subject for Glance<'_> {
    fn cloud(&self) -> Cloud {
        self.cloud
    }

    fn action(&self) -> Option<&'static str> {
        self.known_action()
    }

    fn secret_name(&self) -> Option<String> {
        match self.cloud {
            Cloud::Alibaba => alibaba::parameter(self.wire, "SecretName"),
            Cloud::Tencent => tencent::parameter(self.wire, "SecretName"),
        }
    }

    fn access_key_id(&self) -> Option<String> {
        match self.cloud {
            Cloud::Alibaba => alibaba::access_key_id(self.wire),
            Cloud::Tencent => tencent::access_key_id(self.wire),
        }
    }
}
