//! The settings that a client needs to make calls.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::endpoint::{Call, Endpoint, Json, NoBody, NoParameters};
use super::error::ControlError;
use crate::clouds::auth::credentials::{VerificationKey, is_of_a_tenant};
use crate::clouds::context::AuthMode;
use crate::clouds::draft::{Format, Method};
use crate::emulator::Emulator;
use crate::emulator::values::{CloudName, Moment};

/// Returns the settings.
pub(super) struct Read;

/// The settings of the server.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Settings {
    /// The version of the emulator.
    version: &'static str,
    /// The mode of authentication.
    auth: AuthMode,
    /// The maximum number of requests in the journal; 0 = none.
    journal: usize,
    /// The time of the server's clock.
    now: Moment,
    /// The clouds.
    clouds: Vec<CloudSettings>,
    /// The account of requests without an access key.
    default_account: String,
    /// The access keys of the server.
    accounts: Vec<AccountKey>,
}

/// The settings of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CloudSettings {
    /// The cloud.
    cloud: CloudName,
    /// The vendor's name of the service.
    title: &'static str,
    /// The version of the API.
    api_version: &'static str,
    /// The region of requests without one.
    default_region: String,
    /// The regions of the service.
    regions: Vec<String>,
    /// The HTTP methods, the most common one first.
    methods: Vec<Method>,
    /// The reply formats, the most common one first.
    formats: Vec<Format>,
    /// The signature methods, the most common one first.
    signatures: Vec<&'static str>,
}

/// An access key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AccountKey {
    /// The account of the key.
    account: String,
    /// The id of the key.
    access_key_id: String,
    /// The kind of key.
    kind: KeyKind,
    /// Whether the account is a tenant.
    tenant: bool,
    /// Whether its secret is `test`; programs then contain the key.
    has_test_secret: bool,
}

/// The kind of a key that a client signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeyKind {
    /// A secret, by HMAC.
    Secret,
    /// An RSA private key.
    Rsa,
}

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/settings";
    const SUMMARY: &'static str = "Returns the settings of the server: regions, formats, signature algorithms, and accounts with their keys.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Settings>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(Settings::of(call.emulator, call.now)))
    }
}

impl Settings {
    /// The settings of an emulator.
    #[must_use]
    pub fn of(emulator: &Emulator, now: DateTime<Utc>) -> Self {
        let credentials = &emulator.auth.credentials;
        let clouds = emulator.clouds.all().map(|cloud| CloudSettings {
            cloud: cloud.cloud().into(),
            title: cloud.title(),
            api_version: cloud.version(),
            default_region: cloud.default_region().to_owned(),
            regions: cloud.regions(),
            methods: vec![Method::Post, Method::Get],
            formats: cloud.formats().to_vec(),
            signatures: cloud.signature_methods(),
        });
        let keys = credentials.all().into_iter();
        let accounts = keys.map(|(access_key_id, key)| AccountKey {
            tenant: is_of_a_tenant(&access_key_id),
            has_test_secret: match &key.key {
                VerificationKey::Secret(secret) => secret.is_well_known(),
                VerificationKey::Rsa(_) => false,
            },
            kind: match key.key {
                VerificationKey::Secret(_) => KeyKind::Secret,
                VerificationKey::Rsa(_) => KeyKind::Rsa,
            },
            account: key.account,
            access_key_id,
        });
        Self {
            version: env!("CARGO_PKG_VERSION"),
            auth: emulator.auth.mode,
            journal: emulator.journal.capacity(),
            now: now.into(),
            clouds: clouds.into(),
            default_account: credentials.default_account().to_owned(),
            accounts: accounts.collect(),
        }
    }
}
