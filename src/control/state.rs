//! Exports and imports secrets as fixtures.

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody, ReplyBody, RequestBody};
use super::error::{ControlError, ErrorCode};
use crate::emulator::values::{Account, CloudName, Region, Selection};
use crate::fixtures::{self, Contents};

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

/// Imports a fixture.
pub(super) struct Import;

/// The scope of secrets whose fixture does not name it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportParameters {
    /// The account of secrets whose fixture has none; the default account if absent.
    account: Option<Account>,
    /// The region of secrets whose fixture has none; the default region of the cloud if absent.
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
        let files = fixtures::parse(&file, &defaults).map_err(ControlError::of_fixture)?;
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
