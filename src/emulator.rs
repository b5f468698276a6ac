//! The whole program as one value: takes a request, gives a reply.

use std::borrow::Cow;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use percent_encoding::{CONTROLS, percent_encode};

use crate::clock::{AdjustableClock, Clock, Times};
use crate::context::{Auth, AuthMode, Context, Outcome, Verdict};
use crate::control::{self, ControlError, Feeds};
use crate::coverage::Coverage;
use crate::credentials::{Removal, SecretKey};
use crate::faults::{Faults, Strike, Subject};
use crate::fixtures::Defaults;
use crate::guard::{AllowedOrigins, Site};
use crate::ids::RequestIds;
use crate::journal::{Facts, Journal};
use crate::log::DroppedLines;
use crate::model::{Cloud, ScopeSelection};
use crate::parsed::Parsed;
use crate::rate_limit::RateLimiter;
use crate::request_log::{self, RequestLine};
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

/// How long the housekeeper has not been called when freed memory is returned, and how often: threads
/// without work end between the first time and the second.
const QUIET: Duration = Duration::from_secs(2);
const QUIET_ROUNDS: u32 = 2;

/// Lets the allocator return freed memory to the system: it looks for such memory only when it frees a
/// large block, which an idle server never does. This block is never touched, so that it takes no memory.
fn return_memory() {
    drop(black_box(Vec::<u8>::with_capacity(32 * 1024 * 1024)));
}

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
    /// The settings of the Alibaba Cloud API.
    pub alibaba: alibaba::Settings,
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
    /// The ports that the server listens on: pages from there are its own.
    pub ports: Vec<u16>,
    /// Origins of other sites whose pages may use the server.
    pub allowed_origins: AllowedOrigins,
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
    /// The log lines that were dropped.
    pub dropped_log_lines: DroppedLines,
    housekeeper: OnceLock<mpsc::Sender<HousekeeperTask>>,
}

/// What the housekeeper is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HousekeeperTask {
    /// Due work, spares and rows of emptied scopes; then freed memory is returned too.
    TidyUp,
    ReturnMemory,
}

/// What is served at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// Whether the clouds' faces are served.
    pub clouds: bool,
    /// Whether the controls are served: all of them, or only how the server is.
    pub controls: bool,
}

impl Default for Door {
    /// An address where everything is served.
    fn default() -> Self {
        Self {
            clouds: true,
            controls: true,
        }
    }
}

/// How a request is to be answered.
pub struct Plan<'w> {
    responder: Responder<'w>,
    may_wait: bool,
    strike: Option<Strike>,
    /// The origin of another site whose page may read the reply.
    allowed_origin: Option<String>,
}

/// Who answers a request.
enum Responder<'w> {
    /// The API of a cloud. The request is parsed; not where it has left the thread that parsed it.
    Cloud(Option<Parsed<'w>>),
    Control,
    /// A reply that is made already: a file of the explorer, or a refusal.
    Ready(WireReply),
}

impl Plan<'_> {
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
            alibaba: alibaba::Settings::default(),
            tencent: tencent::Settings::default(),
            rate_limiter: None,
            fixtures: StartFixtures::default(),
            control_token: None,
            names: Vec::new(),
            ports: Vec::new(),
            allowed_origins: AllowedOrigins::default(),
            clouds_at: None,
            authority: None,
            faults: Faults::default(),
            journal: Journal::default(),
            feeds: Feeds::default(),
            coverage: Coverage::default(),
            dropped_log_lines: DroppedLines::default(),
            housekeeper: OnceLock::new(),
        }
    }

    /// Parses a request that came in through a door, and decides who answers it.
    #[must_use]
    pub fn plan<'w>(&self, wire: &'w WireRequest<'w>, door: Door) -> Plan<'w> {
        if !guard::is_for_this_host(wire, &self.names) {
            return Plan::refusal(wire, control::host_not_allowed());
        }
        let site = Site::of(wire, &self.ports, &self.allowed_origins);
        if guard::is_preflight(wire)
            && let Site::Allowed(origin) = site
        {
            return Plan::preflight(wire, origin);
        }
        let plan = self.plan_for(wire, door, &site);
        match site {
            Site::Allowed(origin) => Plan {
                allowed_origin: Some(origin),
                ..plan
            },
            _ => plan,
        }
    }

    fn plan_for<'w>(&self, wire: &'w WireRequest<'w>, door: Door, site: &Site) -> Plan<'w> {
        if door.controls
            && let Some(page) = explorer::answer(self, wire)
        {
            if *site == Site::Other && !guard::is_navigation(wire) {
                return Plan::refusal(wire, control::cross_site());
            }
            return Plan::ready(page);
        }
        if control::is_for(wire) {
            if let Some(error) = control::check(self, wire, door, site) {
                return Plan::refusal(wire, error);
            }
            return Plan {
                may_wait: !control::answers_at_once(wire.path),
                ..Plan::new(Responder::Control)
            };
        }
        if !door.clouds {
            return Plan::refusal(wire, control::unknown_path());
        }
        let parsed = Parsed::new(wire);
        let is_suspicious = match site {
            Site::Own | Site::Allowed(_) => false,
            Site::Other => true,
            Site::Unknown => parsed.may_write(),
        };
        if is_suspicious && !self.is_proven(&parsed) {
            return Plan::refusal(wire, control::refusal_of(site));
        }
        Plan {
            may_wait: parsed.may_write() || self.store.has_due(self.clock.times()),
            strike: self.faults.strike(&parsed),
            ..Plan::new(Responder::Cloud(Some(parsed)))
        }
    }

    /// Answers a request that was [planned](Self::plan), unless that may take long.
    ///
    /// # Errors
    ///
    /// The plan, when the answer may have to wait: [`Self::answer`] takes it on another thread.
    pub fn answer_at_once<'w>(
        &self,
        wire: &'w WireRequest<'w>,
        plan: Plan<'w>,
    ) -> Result<WireReply, Box<Plan<'w>>> {
        if plan.may_wait {
            return Err(Box::new(plan));
        }
        let now = self.clock.now();
        // The writer is kept out until the answer is there.
        let shared = self.store.try_share();
        if !matches!(plan.responder, Responder::Cloud(_)) {
            if self.store.has_due(self.clock.times()) {
                // Liveness does not wait for due work, but what it counts should soon be right.
                self.call_housekeeper();
            }
            let must_wait =
                control::counts(wire.path) && shared.is_none() && !self.store.knows_counts();
            return if must_wait {
                Err(Box::new(plan))
            } else {
                Ok(self.respond(wire, plan, now))
            };
        }
        match shared {
            Some(_shared) if !self.store.has_due(self.clock.times()) => {
                Ok(self.respond(wire, plan, now))
            }
            _ => Err(Box::new(plan)),
        }
    }

    /// Answers a request that was [planned](Self::plan). Blocks for as long as due work and the store
    /// take.
    #[must_use]
    pub fn answer<'w>(&self, wire: &'w WireRequest<'w>, plan: Plan<'w>) -> WireReply {
        let now = self.clock.now();
        let is_control = matches!(plan.responder, Responder::Control);
        // Due work is done before a client can see that it was not.
        if !matches!(plan.responder, Responder::Ready(_)) {
            self.settle_due_work(now);
        }
        let reply = self.respond(wire, plan, now);
        if is_control {
            // The control may have moved the clock.
            self.settle_due_work(self.clock.now());
        }
        reply
    }

    fn settle_due_work(&self, now: DateTime<Utc>) {
        if self.store.has_due(self.clock.times())
            && let Err(error) = self.settle(now)
        {
            tracing::error!(%error, "due work could not be done");
        }
    }

    fn respond<'w>(
        &self,
        wire: &'w WireRequest<'w>,
        plan: Plan<'w>,
        now: DateTime<Utc>,
    ) -> WireReply {
        let mut reply = match plan.responder {
            Responder::Ready(reply) => reply,
            Responder::Control => control::handle(self, wire),
            Responder::Cloud(parsed) => {
                let parsed = parsed.unwrap_or_else(|| Parsed::new(wire));
                self.answer_as(parsed, wire, now, plan.strike).0
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

    /// Answers a request through the widest door.
    #[must_use]
    pub fn handle(&self, wire: &WireRequest) -> WireReply {
        self.answer(wire, self.plan(wire, Door::default()))
    }

    /// Answers a request of a cloud's API that the controls make, and tells its id. All the latency of a
    /// fault is in how the reply is to be delivered.
    #[must_use]
    pub fn call(&self, wire: &WireRequest) -> (WireReply, String) {
        let parsed = Parsed::new(wire);
        let strike = self.faults.strike(&parsed);
        let delay = match &strike {
            Some(strike) if !strike.after => strike.latency,
            _ => Duration::ZERO,
        };
        let (mut reply, request_id) = self.answer_as(parsed, wire, self.clock.now(), strike);
        reply.delivery.delay += delay;
        (reply, request_id)
    }

    /// Answers a request of a cloud's API, and tells its id.
    fn answer_as(
        &self,
        parsed: Parsed,
        wire: &WireRequest,
        now: DateTime<Utc>,
        strike: Option<Strike>,
    ) -> (WireReply, String) {
        let started = Instant::now();
        let cloud = parsed.cloud();
        let request_id = self.request_ids.next();
        let context = Context {
            store: &self.store,
            auth: &self.auth,
            default_region: &self.default_region,
            alibaba: &self.alibaba,
            tencent: &self.tencent,
            rate_limiter: self.rate_limiter.as_ref(),
            now,
            request_id: &request_id,
        };
        let (mut reply, outcome) = match &strike {
            Some(strike) => struck(parsed, &context, strike),
            None => parsed.answer(&context),
        };
        let hint = outcome.hint.clone();
        let hint = hint.or_else(|| self.hint(cloud, &outcome));
        let hint = hint.or_else(|| self.tenant_hint(&outcome));
        let duration = started.elapsed();
        let fault = strike.map(|strike| strike.rule);
        RequestLine {
            cloud,
            outcome: &outcome,
            status: reply.status,
            hint: hint.as_deref(),
            fault,
            request_id: &request_id,
            duration,
        }
        .log();
        if let Some(hint) = hint {
            reply.headers.push(("x-emulator-hint", hint.into()));
        }
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
            let machine = self.clock.machine_now();
            let (expired, is_done) = self.store.write(|store| {
                let mut expired = Vec::new();
                for _ in 0..DUE_AT_ONCE {
                    let Some(due) = store.due(Times { now, machine })? else {
                        return Ok((expired, true));
                    };
                    match due.work {
                        DueWork::Deletion(id, secret) => store.remove_secret(id, &secret)?,
                        // Tencent Cloud's API plans no rotations.
                        DueWork::Rotation(id, secret) => {
                            alibaba::rotate_overdue(store, id, &secret, due.at, now)?;
                        }
                        DueWork::Expiry(account) => {
                            store.remove_tenant(&account)?;
                            store.empty(&ScopeSelection::of_account(&*account))?;
                            expired.push((account, Removal::Expired(due.at)));
                        }
                    }
                }
                Ok::<_, StoreError>((expired, false))
            })?;
            for (account, removal) in expired {
                self.auth.credentials.remove_tenant(&account, removal);
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

    /// Starts the housekeeper: a thread that does due work, makes spares of the fixtures, deletes the rows of
    /// emptied scopes, and returns freed memory, for as long as there is this emulator. Without it replies are
    /// the same, but later, and the store grows.
    pub fn start_housekeeper(self: &Arc<Self>) {
        let (sender, called) = mpsc::channel();
        if self.housekeeper.set(sender).is_err() {
            return;
        }
        let emulator = Arc::downgrade(self);
        thread::spawn(move || {
            while let Ok(task) = called.recv() {
                let mut is_untidy = task == HousekeeperTask::TidyUp;
                let mut quiet = 0;
                while quiet < QUIET_ROUNDS {
                    // Many calls are answered by one round.
                    while let Ok(task) = called.try_recv() {
                        is_untidy |= task == HousekeeperTask::TidyUp;
                    }
                    if std::mem::take(&mut is_untidy)
                        && let Some(emulator) = emulator.upgrade()
                    {
                        emulator.tidy_up();
                    }
                    if let Ok(task) = called.recv_timeout(QUIET) {
                        is_untidy = task == HousekeeperTask::TidyUp;
                        quiet = 0;
                    } else {
                        quiet += 1;
                        return_memory();
                    }
                }
            }
        });
        // A server that was killed may have left something.
        self.call_housekeeper();
    }

    /// Lets the housekeeper look for something to do.
    pub fn call_housekeeper(&self) {
        self.call_housekeeper_for(HousekeeperTask::TidyUp);
    }

    /// Lets the housekeeper return freed memory to the system, as soon as it has not been called for a while.
    pub fn return_memory_soon(&self) {
        self.call_housekeeper_for(HousekeeperTask::ReturnMemory);
    }

    fn call_housekeeper_for(&self, task: HousekeeperTask) {
        if let Some(housekeeper) = self.housekeeper.get() {
            // It ends only when there is no emulator any more.
            let _ = housekeeper.send(task);
        }
    }

    fn tidy_up(&self) {
        self.settle_due_work(self.clock.now());
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

    /// Whether a request names a key whose signature will be checked, and whose secret a page of
    /// another site cannot know.
    fn is_proven(&self, parsed: &Parsed) -> bool {
        let is_private = |id: &str| {
            let keys = self.auth.credentials.keys();
            keys.get(id).is_some_and(|key| !key.secret.is_well_known())
        };
        self.auth.mode != AuthMode::Off && parsed.access_key_id().is_some_and(|id| is_private(&id))
    }

    /// Says why the access key of a tenant was refused, if that is what happened.
    fn tenant_hint(&self, outcome: &Outcome) -> Option<String> {
        let id = outcome.access_key_id.as_deref()?;
        let is_refused = outcome.verdict == Verdict::Refused;
        is_refused.then(|| self.auth.credentials.explain_unknown_tenant(id))?
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

impl<'w> Plan<'w> {
    fn new(responder: Responder<'w>) -> Self {
        Self {
            responder,
            may_wait: false,
            strike: None,
            allowed_origin: None,
        }
    }

    fn ready(reply: WireReply) -> Self {
        Self::new(Responder::Ready(reply))
    }

    fn refusal(wire: &WireRequest, error: ControlError) -> Self {
        tracing::info!(
            method = wire.method,
            path = control::shown_path(wire.path),
            status = error.code.status(),
            code = ?error.code,
            place = error.place,
            reason = error.message,
            "request refused"
        );
        Self::ready(error.into())
    }

    /// Tells a page of an allowed origin that it may send what it asks for.
    fn preflight(wire: &WireRequest, origin: String) -> Self {
        let asked = wire.header("access-control-request-headers");
        let headers = vec![
            (
                "access-control-allow-methods",
                "GET, POST, PUT, DELETE".into(),
            ),
            (
                "access-control-allow-headers",
                asked.unwrap_or("*").to_owned().into(),
            ),
            ("access-control-max-age", "600".into()),
        ];
        Self {
            allowed_origin: Some(origin),
            ..Self::ready(WireReply {
                status: 204,
                headers,
                ..WireReply::default()
            })
        }
    }

    /// The plan for a thread that parses the request again: a parsed request borrows from the bytes
    /// of the thread that received it.
    #[must_use]
    pub fn detached(self) -> Plan<'static> {
        Plan {
            responder: match self.responder {
                Responder::Cloud(_) => Responder::Cloud(None),
                Responder::Control => Responder::Control,
                Responder::Ready(reply) => Responder::Ready(reply),
            },
            may_wait: self.may_wait,
            strike: self.strike,
            allowed_origin: self.allowed_origin,
        }
    }
}

fn full_name(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "Alibaba Cloud",
        Cloud::Tencent => "Tencent Cloud",
    }
}

/// Answers a request that a fault rule strikes.
fn struck(parsed: Parsed, context: &Context, strike: &Strike) -> (WireReply, Outcome) {
    let is_kept_from_work = !strike.after && (strike.error.is_some() || strike.reset);
    let refusal = strike.error.clone().map(|error| {
        let code = error.code;
        (code, parsed.refuse(error, context.request_id))
    });
    let (mut reply, mut outcome) = if is_kept_from_work {
        let outcome = Outcome {
            action: parsed.action(),
            access_key_id: parsed.access_key_id().map(Cow::into_owned),
            secret_name: parsed
                .secret_name()
                .filter(|_| request_log::is_enabled())
                .map(str::to_owned),
            verdict: Verdict::NotReached,
            ..Outcome::new()
        };
        (WireReply::default(), outcome)
    } else {
        parsed.answer(context)
    };
    if let Some((code, refused)) = refusal {
        outcome.code = code;
        reply = refused;
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
