//! How the server is set up, as far as those need to know who make calls.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::endpoint::{Call, Endpoint, Json, NoBody, NoParameters};
use super::error::ControlError;
use super::tenants::is_of_a_tenant;
use crate::clouds::context::AuthMode;
use crate::clouds::draft::{Format, Method};
use crate::emulator::Emulator;
use crate::emulator::values::{CloudName, Moment};

/// Tells how the server is set up.
pub struct Read;

/// How the server is set up.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Settings {
    /// The version of the emulator.
    version: &'static str,
    /// What is checked of signatures.
    auth: AuthMode,
    /// How many requests the journal remembers; none when 0.
    journal: usize,
    /// The present moment, by the clock of the server.
    now: Moment,
    /// The clouds.
    clouds: Vec<CloudSettings>,
    /// The account of requests that name none.
    default_account: String,
    /// The known access keys.
    accounts: Vec<AccountKey>,
}

/// How a cloud can be called.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CloudSettings {
    /// The cloud.
    cloud: CloudName,
    /// What the vendor calls the service.
    title: &'static str,
    /// The version of its API.
    api_version: &'static str,
    /// The region of calls that name none.
    default_region: String,
    /// The regions that the service is offered in.
    regions: Vec<String>,
    /// The HTTP methods that can be used, the usual one first.
    methods: Vec<Method>,
    /// The formats that can be asked for, the usual one first.
    formats: Vec<Format>,
    /// The ways to sign, the usual one first.
    signatures: Vec<&'static str>,
}

/// An access key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccountKey {
    /// The number of the account that it is of.
    account: String,
    /// Its id.
    access_key_id: String,
    /// Whether it is that of a tenant.
    tenant: bool,
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
    /// How an emulator is set up.
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
        let keys = credentials.accounts().into_iter();
        let accounts = keys.map(|(account, access_key_id)| AccountKey {
            tenant: is_of_a_tenant(&account),
            account,
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
