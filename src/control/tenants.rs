//! Tenants: accounts for tests that run at the same time, each with its own secrets and access key.

use chrono::{SubsecRound, TimeDelta};
use rand::RngExt;
use rand::distr::Alphanumeric;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock::out_of_range;
use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::clouds::auth::credentials::{Removal, tenant_key_id};
use crate::clouds::fixture::ParseError;
use crate::emulator::values::{Account, Moment, Span};
use crate::fixtures;
use crate::model::{FilterMatch, ScopeSelection, SecretKey};
use crate::store;

/// The account numbers of tenants. Some replies have them as JSON numbers, which many clients read as
/// floating-point numbers: the range ends at 2^53, up to which those are exact.
const ACCOUNTS: std::ops::Range<u64> = 9_000_000_000_000_000..9_007_199_254_740_992;

/// The length of an access key secret of the real service.
const SECRET_LENGTH: usize = 30;

/// A tenant, without the secret of its access key.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Tenant {
    /// The number of its account.
    account: String,
    /// The id of its access key, on either cloud.
    access_key_id: String,
    /// When it was created, by the system clock.
    created_at: Moment,
    /// When it will be deleted, by the system clock; absent if it does not expire.
    expires_at: Option<Moment>,
    /// Whether it has its own clock.
    clock: bool,
    /// How the keys `SecretName` and `Description` of `Filters` match on Alibaba Cloud: its own setting, or
    /// that of the server.
    alibaba_filter_match: FilterMatch,
}

impl Tenant {
    fn of(tenant: store::Tenant, server: FilterMatch) -> Self {
        Self {
            account: tenant.account,
            access_key_id: tenant.access_key_id,
            created_at: tenant.created_at.into(),
            expires_at: tenant.expires_at.map(Moment::from),
            clock: tenant.own_clock,
            alibaba_filter_match: tenant.alibaba_filter_match.unwrap_or(server),
        }
    }
}

/// Lists tenants.
pub(super) struct List;

/// All tenants.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Tenants {
    /// The tenants, the oldest first.
    tenants: Vec<Tenant>,
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/tenants";
    const SUMMARY: &'static str = "Lists the tenants, oldest first.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Tenants>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let tenants = call.emulator.store.read(|store| store.tenants())?;
        let server = call.emulator.clouds.alibaba.filter_match();
        let tenants = tenants.into_iter();
        Ok(Json(Tenants {
            tenants: tenants.map(|tenant| Tenant::of(tenant, server)).collect(),
        }))
    }
}

/// Creates a tenant.
pub(super) struct Create;

/// The lifetime, the first secrets and the settings of a tenant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TenantRequest {
    /// The lifetime by the system clock, regardless of the server's clock. Without it the tenant does
    /// not expire.
    ttl: Option<Span>,
    /// A fixture to load. The account of the fixture is ignored.
    #[serde(default)]
    #[schemars(schema_with = "fixture_schema")]
    fixture: Option<Value>,
    /// Whether to load the start-up fixtures.
    #[serde(default)]
    start_fixtures: bool,
    /// Whether the tenant has its own clock, which starts with the system time. The server's clock and
    /// those of other tenants then have no effect on it.
    #[serde(default)]
    clock: bool,
    /// How the keys `SecretName` and `Description` of `Filters` match on Alibaba Cloud; by default as the
    /// server was started.
    alibaba_filter_match: Option<FilterMatch>,
}

fn fixture_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": ["object", "array", "null"], "items": {"type": "object"}})
}

/// A new tenant with its access key. The secret of the key is not returned again.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NewTenant {
    /// The number of its account.
    account: String,
    /// The id of its access key, on either cloud.
    access_key_id: String,
    /// The secret of its access key.
    access_key_secret: String,
    /// When it will be deleted, by the system clock; absent if it does not expire.
    expires_at: Option<Moment>,
    /// The number of its secrets.
    secrets: u64,
}

impl Endpoint for Create {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/tenants";
    const SUMMARY: &'static str =
        "Creates an account with a new access key. Accounts do not see each other's secrets.";
    const STATUS: u16 = 201;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::InvalidFixture,
        ErrorCode::ClockOutOfRange,
        ErrorCode::FixturesFailed,
    ];
    type Parameters = NoParameters;
    type Body = JsonBody<TenantRequest>;
    type Reply = Json<NewTenant>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(request): JsonBody<TenantRequest>,
    ) -> Result<Self::Reply, ControlError> {
        let mut defaults = call.emulator.defaults();
        if request.clock {
            defaults.time = call.emulator.clock.system_now();
        }
        let mut files = match request.fixture {
            None => Vec::new(),
            Some(fixture) => {
                fixtures::parse(fixture.to_string().as_bytes(), &defaults).map_err(|mistake| {
                    ControlError::of_fixture(ParseError {
                        place: format!("fixture.{}", mistake.place.trim_start_matches('.')),
                        reason: mistake.reason,
                    })
                })?
            }
        };
        let account = rand::rng().random_range(ACCOUNTS).to_string();
        let now = call.emulator.clock.system_now().trunc_subsecs(0);
        let expires_at = match request.ttl {
            None => None,
            // Times are stored in seconds, so a shorter lifetime is rounded up.
            Some(ttl) => {
                let expires_at = now.checked_add_signed(ttl.delta().max(TimeDelta::seconds(1)));
                let expires_at = expires_at.filter(|time| crate::emulator::clock::can_show(*time));
                Some(expires_at.ok_or_else(|| out_of_range("ttl"))?)
            }
        };
        let secret: String = rand::rng()
            .sample_iter(Alphanumeric)
            .take(SECRET_LENGTH)
            .map(char::from)
            .collect();
        let tenant = store::Tenant {
            access_key_id: tenant_key_id(&account),
            access_key_secret: SecretKey::new(&*secret),
            account,
            created_at: now,
            expires_at,
            start_fixtures: request.start_fixtures,
            own_clock: request.clock,
            alibaba_filter_match: request.alibaba_filter_match,
        };
        defaults.account.clone_from(&tenant.account);
        let secrets = call.emulator.store.write(|store| {
            store.add_tenant(&tenant)?;
            let own = ScopeSelection::of_account(&*tenant.account);
            if tenant.start_fixtures {
                let start_fixtures = &call.emulator.fixtures;
                start_fixtures.fill(store, Some(&tenant.account), &own)?;
            }
            for fixture in &mut files {
                fixture.account = None;
                fixtures::add(store, fixture, &defaults.scope(fixture))?;
            }
            Ok::<_, ControlError>(store.count_secrets_in(&own)?)
        })?;
        call.emulator.call_housekeeper();
        call.emulator.add_tenant(tenant.clone());
        Ok(Json(NewTenant {
            account: tenant.account,
            access_key_id: tenant.access_key_id,
            access_key_secret: secret,
            expires_at: tenant.expires_at.map(Moment::from),
            secrets,
        }))
    }
}

/// Deletes a tenant.
pub(super) struct Delete;

/// The account of a tenant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TenantAccount {
    /// The account of the tenant.
    account: Account,
}

/// The tenant that was deleted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DeletedTenant {
    /// The account of the tenant.
    account: String,
    /// The number of secrets that were removed.
    removed: u64,
}

impl Endpoint for Delete {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/tenants/{account}";
    const SUMMARY: &'static str =
        "Deletes a tenant with its secrets and keys. Its access key is then rejected as unknown.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::TenantNotFound];
    type Parameters = TenantAccount;
    type Body = NoBody;
    type Reply = Json<DeletedTenant>;

    fn run(call: &Call, parameters: TenantAccount, _: NoBody) -> Result<Self::Reply, ControlError> {
        let account = parameters.account.0;
        let removed = call.emulator.store.write(|store| {
            if !store.remove_tenant(&account)? {
                return Err(ControlError::new(
                    ErrorCode::TenantNotFound,
                    "path",
                    "there is no tenant with this account",
                ));
            }
            Ok(store.empty(&ScopeSelection::of_account(&*account))?)
        })?;
        let removal = Removal::Deleted(call.emulator.clock.system_now());
        call.emulator.remove_tenant(&account, removal);
        call.emulator.call_housekeeper();
        Ok(Json(DeletedTenant { account, removed }))
    }
}
