//! The metadata of a key in replies.

use schemars::JsonSchema;
use serde::Serialize;

use super::reference::KeyReference;
use crate::clouds::alibaba::kms::shapes::Time;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Cmk, KeyState};
use crate::store::{CmkId, ReadTransaction};

/// The metadata of a key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyMetadata {
    /// When the key was created.
    creation_date: Time,
    /// Its description; may be empty.
    description: String,
    /// Its id.
    key_id: String,
    /// The algorithm and length of its material.
    key_spec: &'static str,
    /// Its state: `Enabled`, `Disabled`, `PendingDeletion` or `PendingImport`.
    key_state: &'static str,
    /// Its usage: `ENCRYPT/DECRYPT`, `SIGN/VERIFY` or `GENERATE/VERIFY_MAC`.
    key_usage: &'static str,
    /// The version that encrypts; only for symmetric keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_key_version: Option<String>,
    /// When the key will be deleted; empty if that is not planned.
    delete_date: String,
    /// The account that created it.
    creator: String,
    /// Its ARN.
    arn: String,
    /// The source of its material: `Aliyun_KMS` or `EXTERNAL`.
    origin: &'static str,
    /// When its imported material expires; empty if never.
    material_expire_time: String,
    /// The protection of its material: `SOFTWARE` or `HSM`.
    protection_level: &'static str,
    /// When its newest version was created.
    last_rotation_date: String,
    /// Its automatic rotation: `Enabled`, `Disabled` or `Suspended`.
    automatic_rotation: &'static str,
    /// The time between two rotations, such as `604800s`; only with automatic rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_interval: Option<String>,
    /// When it will be rotated; only with automatic rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<Time>,
    /// Its KMS instance; only if it has one.
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "Option::is_none")]
    dkms_instance_id: Option<String>,
    /// Its protection from deletion: `Enabled` or `Disabled`. Not returned by `CreateKey`.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection: Option<&'static str>,
    /// The description of the protection; may be empty. Not returned by `CreateKey`.
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_description: Option<String>,
}

impl KeyMetadata {
    /// The metadata of a key, with the ARN `arn`. The creator of a fixture's key may be unknown: then it is the
    /// account.
    pub(crate) fn new(call: &Call, cmk: Cmk, primary_version: Option<String>, arn: String) -> Self {
        let account = &call.scope.account;
        let time = |time: Option<_>| time.map(|time| Time(time).to_string()).unwrap_or_default();
        let has_rotation = cmk.rotation.next_at.is_some();
        let interval = cmk.rotation.interval.filter(|_| has_rotation);
        Self {
            creation_date: Time(cmk.created_at),
            description: cmk.description,
            key_id: cmk.key_id,
            key_spec: cmk.spec.name(),
            key_state: cmk.state.name().name(),
            key_usage: cmk.usage.name(),
            primary_key_version: primary_version.filter(|_| cmk.spec.is_symmetric()),
            delete_date: time(cmk.state.planned_delete_at()),
            creator: Some(cmk.creator)
                .filter(|creator| !creator.is_empty())
                .unwrap_or_else(|| account.clone()),
            arn,
            origin: cmk.origin.name(),
            material_expire_time: time(cmk.material_expires_at),
            protection_level: cmk.protection_level.name(),
            last_rotation_date: time(cmk.rotation.last_at),
            automatic_rotation: match cmk.state {
                _ if !has_rotation => "Disabled",
                KeyState::Enabled => "Enabled",
                _ => "Suspended",
            },
            rotation_interval: interval.map(|seconds| format!("{seconds}s")),
            next_rotation_date: cmk.rotation.next_at.map(Time),
            dkms_instance_id: cmk.dkms_instance_id,
            deletion_protection: None,
            deletion_protection_description: None,
        }
    }

    /// The metadata of a key of the store, with its protection from deletion.
    pub(crate) fn described(
        call: &Call,
        store: &ReadTransaction,
        reference: &KeyReference,
        (id, cmk): (CmkId, Cmk),
    ) -> Result<Self, ApiError> {
        let primary = store.primary_version(id)?.map(|version| version.version_id);
        let protection = cmk.deletion_protection.clone();
        let arn = call.key_arn(reference, &cmk.key_id);
        Ok(Self {
            deletion_protection: Some(if protection.is_some() {
                "Enabled"
            } else {
                "Disabled"
            }),
            deletion_protection_description: Some(protection.unwrap_or_default()),
            ..Self::new(call, cmk, primary, arn)
        })
    }
}
