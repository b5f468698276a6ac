//! Settings that tenants have instead of those of the server: a clock, and how filters match.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};

use super::Emulator;
use super::clock::{AdjustableClock, Clock};
use crate::clouds::CloudRequest;
use crate::clouds::auth::credentials::Removal;
use crate::clouds::auth::rate_limit::RateLimiter;
use crate::model::FilterMatch;
use crate::store::{Store, Tenant};

/// The settings of a tenant that differ from those of the server.
pub struct TenantSettings {
    /// The clock of the tenant.
    pub clock: Option<TenantClock>,
    /// How filters match on Alibaba Cloud.
    pub alibaba_filter_match: Option<FilterMatch>,
}

/// A clock with the counts that depend on it.
pub struct TenantClock {
    /// The clock.
    pub clock: AdjustableClock,
    /// Counts requests within each second of the clock, if their rate is limited.
    pub rate_limiter: Option<RateLimiter>,
}

/// The tenants with their own settings.
pub struct Tenants {
    /// By account. Read by every request and rarely changed.
    settings: ArcSwap<HashMap<String, Arc<TenantSettings>>>,
    /// The number of changes of due work and clocks at which `first_due` was computed.
    computed_at: AtomicU64,
    /// The system time at which the first work by a tenant's clock is due, in microseconds.
    first_due: AtomicI64,
    computing: Mutex<()>,
}

impl Default for Tenants {
    fn default() -> Self {
        Self {
            settings: ArcSwap::default(),
            computed_at: AtomicU64::new(u64::MAX),
            first_due: AtomicI64::new(i64::MAX),
            computing: Mutex::default(),
        }
    }
}

impl Tenants {
    /// The settings of a tenant; absent if it has none.
    #[must_use]
    pub fn get(&self, account: &str) -> Option<Arc<TenantSettings>> {
        let settings = self.settings.load();
        // The usual case costs no look-up.
        (!settings.is_empty()).then(|| settings.get(account).cloned())?
    }

    fn is_empty(&self) -> bool {
        self.settings.load().is_empty()
    }

    fn insert(&self, account: &str, own: &Arc<TenantSettings>) {
        self.settings.rcu(|settings| {
            let mut settings = HashMap::clone(settings);
            settings.insert(account.to_owned(), Arc::clone(own));
            settings
        });
    }

    fn remove(&self, account: &str) {
        self.settings.rcu(|settings| {
            let mut settings = HashMap::clone(settings);
            settings.remove(account);
            settings
        });
    }

    /// Whether there is due work by the clock of a tenant. `clock` is the server's, on which the others are
    /// based.
    #[must_use]
    pub fn have_due(&self, store: &Store, clock: &AdjustableClock) -> bool {
        if store.own_due_changes() == 0 {
            return false;
        }
        // Neither number decreases, so the sum changes with each of them.
        let changes = || store.own_due_changes().wrapping_add(clock.changes());
        if self.computed_at.load(Ordering::SeqCst) != changes() {
            let _computing = self
                .computing
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            // Read first: a change in the meantime is seen by the next request.
            let changes = changes();
            let first = self.system_times(store).map(|(_, at)| at).min();
            let first = first.map_or(i64::MAX, |at| at.timestamp_micros());
            self.first_due.store(first, Ordering::SeqCst);
            self.computed_at.store(changes, Ordering::SeqCst);
        }
        let first = self.first_due.load(Ordering::SeqCst);
        first != i64::MAX && first <= clock.system_now().timestamp_micros()
    }

    /// The accounts that have due work by their clocks, the earliest first.
    fn due(&self, store: &Store, system_now: DateTime<Utc>) -> Vec<String> {
        let mut due: Vec<_> = self
            .system_times(store)
            .filter(|(_, at)| *at <= system_now)
            .collect();
        due.sort_unstable_by(|(one, at_one), (other, at_other)| {
            (at_one, one).cmp(&(at_other, other))
        });
        due.into_iter().map(|(account, _)| account).collect()
    }

    /// The system times at which work by the tenants' clocks is due; none for a clock that is frozen before
    /// its work is due.
    fn system_times(&self, store: &Store) -> impl Iterator<Item = (String, DateTime<Utc>)> {
        let settings = self.settings.load_full();
        let due = store.own_due().into_iter();
        due.filter_map(move |(account, at)| {
            let account = account.to_string();
            let own = settings.get(&account)?.clock.as_ref()?;
            Some((account, own.clock.base_time_of(at)?))
        })
    }
}

impl Emulator {
    /// Adds the access key and the settings of a tenant.
    pub fn add_tenant(&self, tenant: Tenant) {
        let Tenant {
            account,
            access_key_id,
            access_key_secret,
            own_clock,
            alibaba_filter_match,
            ..
        } = tenant;
        if own_clock || alibaba_filter_match.is_some() {
            let own = TenantSettings {
                clock: own_clock.then(|| TenantClock {
                    clock: self.clock.with_same_base(),
                    rate_limiter: self.rate_limiter.as_ref().map(|_| RateLimiter::default()),
                }),
                alibaba_filter_match,
            };
            // Before the key, so that no request uses the settings of the server.
            self.tenants.insert(&account, &Arc::new(own));
            self.clock.count_change();
        }
        let credentials = &self.auth.credentials;
        credentials.add(&access_key_id, access_key_secret, Some(account));
    }

    /// Removes the access key and the settings of a tenant.
    pub fn remove_tenant(&self, account: &str, removal: Removal) {
        self.auth.credentials.remove_tenant(account, removal);
        self.tenants.remove(account);
    }

    /// The settings of the tenant that sent a request; absent if the account has none.
    #[must_use]
    pub fn tenant_of(&self, request: &dyn CloudRequest) -> Option<Arc<TenantSettings>> {
        if self.tenants.is_empty() {
            return None;
        }
        let key = request.account_key_id(self.auth.mode);
        self.tenants.get(&self.auth.credentials.account_of(key))
    }

    /// The clock of a tenant with these settings, or the server's.
    #[must_use]
    pub fn clock_of<'c>(&'c self, tenant: Option<&'c TenantSettings>) -> &'c AdjustableClock {
        let own = tenant.and_then(|tenant| tenant.clock.as_ref());
        own.map_or(&self.clock, |own| &own.clock)
    }

    /// The time by the clock of an account.
    #[must_use]
    pub fn now_in(&self, account: &str) -> DateTime<Utc> {
        self.clock_of(self.tenants.get(account).as_deref()).now()
    }

    /// The accounts of tenants that have due work by their own clocks.
    pub(super) fn tenants_with_due_work(&self) -> Vec<String> {
        self.tenants.due(&self.store, self.clock.system_now())
    }
}
