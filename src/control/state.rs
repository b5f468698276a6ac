//! Exports and imports secrets as fixtures.

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody, ReplyBody, RequestBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds::fixture::Fixture;
use crate::emulator::values::{Account, CloudName, Region, Selection};
use crate::fixtures::{self, Contents, Defaults};
use crate::model::Cloud;

/// Exports secrets.
pub(super) struct Export;

/// Selects the secrets to export.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportParameters {
    /// Only scopes of this cloud.
    cloud: Option<CloudName>,
    /// Only scopes of this account.
    account: Option<Account>,
    /// Only scopes of this region.
    region: Option<Region>,
    /// Whether to include secret values.
    #[serde(default)]
    values: bool,
}

/// A fixture file.
pub(super) struct FixtureText(String);

impl ReplyBody for FixtureText {
    const MEDIA_TYPE: &'static str = "application/json";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {"type": "object"},
            "description": "A fixture: replies of ListSecrets, with versions if values were requested.",
        })
    }

    fn print(self) -> Bytes {
        self.0.into_bytes().into()
    }
}

impl Endpoint for Export {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/state";
    const SUMMARY: &'static str = "Exports all secrets and keys as a fixture file that restores the same state; secret values and key material \
         are included only if `values` is true.";
    type Parameters = ExportParameters;
    type Body = NoBody;
    type Reply = FixtureText;

    fn run(
        call: &Call,
        parameters: ExportParameters,
        _: NoBody,
    ) -> Result<Self::Reply, ControlError> {
        let selection = Selection {
            cloud: parameters.cloud,
            account: parameters.account,
            region: parameters.region,
        };
        let text = call
            .emulator
            .store
            .read(|store| fixtures::export_text(store, &selection.into(), parameters.values))?;
        Ok(FixtureText(text))
    }
}

/// The operation of both clouds that reads a secret.
const READ: &str = "GetSecretValue";

/// Imports a fixture.
pub(super) struct Import;

/// Selects the secrets to import, and the scope of those whose fixture does not name it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportParameters {
    /// Only secrets and keys of this cloud.
    cloud: Option<CloudName>,
    /// The account of secrets whose fixture has none; the default account if absent.
    account: Option<Account>,
    /// The region of secrets whose fixture has none; the default region of the cloud if absent. Requires `cloud` if
    /// the fixture has secrets of both clouds.
    region: Option<Region>,
}

/// A fixture file.
pub(super) struct FixtureBody(Vec<u8>);

impl RequestBody for FixtureBody {
    fn describe(_: &mut SchemaGenerator) -> Option<(Schema, bool)> {
        let schema = json_schema!({
            "type": ["array", "object"],
            "items": {"type": "object"},
            "description": "A fixture: a reply of ListSecrets, to which versions may be added, or several of them, or an object of names and values. The text of a `.env` file is accepted too.",
        });
        Some((schema, true))
    }

    fn read(bytes: &[u8]) -> Result<Self, ControlError> {
        Ok(Self(bytes.to_owned()))
    }
}

/// The result of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Imported {
    /// The number of secrets that were created or replaced.
    loaded: u64,
    /// The places of members that were ignored.
    ignored: Vec<String>,
}

impl Endpoint for Import {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/state";
    const SUMMARY: &'static str = "Loads a fixture file, completely or not at all. A secret replaces one of the same name in the same \
         scope.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::InvalidFixture];
    type Parameters = ImportParameters;
    type Body = FixtureBody;
    type Reply = Json<Imported>;

    fn run(
        call: &Call,
        parameters: ImportParameters,
        FixtureBody(file): FixtureBody,
    ) -> Result<Self::Reply, ControlError> {
        let mut defaults = call.emulator.defaults();
        if let Some(account) = parameters.account {
            defaults.time = call.emulator.now_in(&account.0);
            defaults.account = account.0;
        }
        if let Some(region) = parameters.region {
            defaults.region = Some(region.0);
        }
        let mut files = fixtures::parse(&file, &defaults).map_err(ControlError::of_fixture)?;
        if let Some(cloud) = parameters.cloud.map(Cloud::from) {
            let is_empty = files.is_empty();
            files.retain(|fixture| fixture.cloud == cloud);
            if files.is_empty() && !is_empty {
                return Err(invalid("cloud", "the fixture is for another cloud"));
            }
        }
        check_region(&files, &defaults)?;
        let loaded = Contents::of(&files, &defaults).secrets;
        call.emulator.store.write(|store| {
            files
                .iter()
                .try_for_each(|fixture| fixtures::add(store, fixture, &defaults.scope(fixture)))
        })?;
        let ignored = files.into_iter().flat_map(|fixture| fixture.ignored);
        Ok(Json(Imported {
            loaded,
            ignored: ignored.collect(),
        }))
    }
}

fn invalid(parameter: &str, message: impl Into<String>) -> ControlError {
    ControlError::new(
        ErrorCode::InvalidParameter,
        format!("query.{parameter}"),
        message,
    )
}

/// Rejects a region in which the secrets without one could not be read.
fn check_region(files: &[Fixture], defaults: &Defaults) -> Result<(), ControlError> {
    let Some(region) = &defaults.region else {
        return Ok(());
    };
    let clouds = fixtures::clouds_without_region(files);
    if clouds.len() > 1 {
        return Err(invalid(
            "region",
            "the clouds have different regions; choose one with `cloud`",
        ));
    }
    let mut clouds = clouds.into_iter().map(|cloud| defaults.clouds.get(cloud));
    match clouds.find(|cloud| !cloud.has_region(region, Some(READ))) {
        None => Ok(()),
        Some(cloud) => Err(invalid(
            "region",
            format!(
                "{} does not offer secrets in region `{region}`",
                cloud.name()
            ),
        )),
    }
}
