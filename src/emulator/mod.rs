//! The state of a running server: store, access keys, clocks, fault rules, journal, coverage and counters.

pub mod clock;
pub mod cloud_requests;
pub mod coverage;
pub mod faults;
pub mod guard;
mod housekeeping;
pub mod ids;
pub(crate) mod injected_error;
pub mod journal;
pub mod log;
pub mod metrics;
pub mod request_log;
pub mod tenants;
pub mod values;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, mpsc};

use crate::clouds::Clouds;
use crate::clouds::auth::rate_limit::RateLimiter;
use crate::clouds::context::Auth;
use crate::clouds::reply_cache::ReplyCache;
use crate::fixtures::Defaults;
use crate::fixtures::baseline::Baseline;
use crate::model::SecretKey;
use crate::store::{Store, StoreError};

use clock::{AdjustableClock, Clock};
use coverage::Coverage;
use faults::Faults;
use guard::AllowedOrigins;
use housekeeping::Task;
use ids::RequestIds;
use journal::Journal;
use log::DroppedLines;
use tenants::Tenants;

/// The state of a running server.
pub struct Emulator {
    /// The secrets and keys.
    pub store: Store,
    /// The clouds with their settings.
    pub clouds: Clouds,
    /// The clock of all accounts without their own clock.
    pub clock: AdjustableClock,
    /// The tenants with their own settings.
    pub tenants: Tenants,
    /// The source of request ids.
    pub request_ids: RequestIds,
    /// The access keys, and how strictly signatures are checked.
    pub auth: Auth,
    /// Counts requests, if their rate is limited.
    pub rate_limiter: Option<RateLimiter>,
    /// The cached replies to reads.
    pub replies: ReplyCache,
    /// The start-up fixtures.
    pub fixtures: Baseline,
    /// The token that the control API requires, if any.
    pub control_token: Option<SecretKey>,
    /// The host names of this machine, in addition to the loopback ones.
    pub host_names: Vec<String>,
    /// The ports that the server listens on: pages from there are its own.
    pub ports: Vec<u16>,
    /// Origins of other sites whose pages may use the server.
    pub allowed_origins: AllowedOrigins,
    /// The address of the clouds' APIs, if the control API has a separate one.
    pub clouds_address: Option<SocketAddr>,
    /// The certificate of the server's certificate authority, in PEM, if there is one.
    pub authority: Option<String>,
    /// The fault rules.
    pub faults: Faults,
    /// The last requests.
    pub journal: Arc<Journal>,
    /// The coverage, and the counters of the metrics.
    pub coverage: Coverage,
    /// The log lines that were dropped.
    pub dropped_log_lines: DroppedLines,
    housekeeper: OnceLock<mpsc::Sender<Task>>,
}

impl Emulator {
    /// An emulator with secrets, a clock and keys, and default settings.
    #[must_use]
    pub fn new(store: Store, clock: impl Clock + 'static, auth: Auth) -> Self {
        Self {
            store,
            clouds: Clouds::default(),
            clock: AdjustableClock::new(clock),
            tenants: Tenants::default(),
            request_ids: RequestIds::Random,
            auth,
            rate_limiter: None,
            replies: ReplyCache::default(),
            fixtures: Baseline::default(),
            control_token: None,
            host_names: Vec::new(),
            ports: Vec::new(),
            allowed_origins: AllowedOrigins::default(),
            clouds_address: None,
            authority: None,
            faults: Faults::default(),
            journal: Arc::default(),
            coverage: Coverage::default(),
            dropped_log_lines: DroppedLines::default(),
            housekeeper: OnceLock::new(),
        }
    }

    /// Adds the keys and settings of the stored tenants.
    ///
    /// # Errors
    ///
    /// Errors of the store.
    pub fn load_tenants(&self) -> Result<(), StoreError> {
        for tenant in self.store.read(|store| store.tenants())? {
            self.add_tenant(tenant);
        }
        // Readiness and metrics use the counts even while a writer has the store.
        self.store.count_secrets_now()?;
        Ok(())
    }

    /// The defaults for members that fixtures omit.
    #[must_use]
    pub fn defaults(&self) -> Defaults {
        Defaults {
            account: self.auth.credentials.default_account().to_owned(),
            clouds: self.clouds.clone(),
            region: None,
            time: self.clock.now(),
            value: self.fixtures.default_value().cloned(),
        }
    }
}
