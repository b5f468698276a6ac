//! `CreateKeyVersion`: a new version of a key.

use super::key_version::{KeyVersion, KeyVersionResponse};
use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_DISABLED, KEY_NOT_FOUND, KEY_PENDING_DELETION, KEY_PENDING_IMPORT,
    TOO_MANY_RESOURCES, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, check_enabled};
use crate::clouds::alibaba::kms::keys::{material, rotation};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Cmk, KeyOrigin, KeyUsage};

/// Creates a version of a key. The newest version of a symmetric key encrypts.
pub(crate) struct CreateKeyVersion {
    key: KeyReference,
}

impl Operation<Rpc> for CreateKeyVersion {
    const ACTION: &'static str = "CreateKeyVersion";
    const SUMMARY: &'static str = "Creates a version of a key with new material.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkeyversion";
    const EVIDENCE: &'static str = "documented (symmetric keys: 2024; key pairs: 2021; states: *Impact of CMK states*); a key with imported material, a key for message authentication codes: assumption";
    const DIFFERENCES: &'static str = "The limits of older pages, 50 versions and seven days between two of them, are not applied: the newest page (2026) has none. Versions do not count for the quota of a KMS instance. Works without one.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &UNSUPPORTED_FOR_KEY,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
        &TOO_MANY_RESOURCES,
    ];
    const WRITES: bool = true;
    type Response = KeyVersionResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<KeyVersionResponse, ApiError> {
        let found = call.read(|store| call.find_user_key(store, &self.key))?;
        check_enabled(&found.1)?;
        let is_mac = found.1.usage == KeyUsage::GenerateVerifyMac;
        if found.1.origin == KeyOrigin::External || is_mac {
            return Err((&UNSUPPORTED_FOR_KEY).into());
        }
        // Generating a key pair takes long, so it is done before the store is locked.
        let version = material::new_version(found.1.spec, call.now());
        let key_version = call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            check_enabled(&cmk)?;
            call.check_key_version_quota(store)?;
            if id != found.0 {
                return Err((&KEY_NOT_FOUND).into());
            }
            store.add_cmk_version(id, &version)?;
            let interval = cmk
                .rotation
                .interval
                .filter(|_| cmk.rotation.next_at.is_some());
            let after = Cmk {
                rotation: rotation::policy(version.created_at, interval),
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(KeyVersion::new(&cmk.key_id, version.clone()))
        })?;
        Ok(KeyVersionResponse {
            key_version,
            request_id: call.request_id(),
        })
    }
}
