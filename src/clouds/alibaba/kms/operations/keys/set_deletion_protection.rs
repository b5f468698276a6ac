//! `SetDeletionProtection`: protects a key from deletion.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, KEY_PENDING_DELETION, UNSUPPORTED, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, check_kept};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Boolean, Optional, Parsed, Required, Text, TextRule,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Cmk;

pub(crate) const OPTIONAL_KEY_ID: Parsed<KeyReference> = KEY_ID.0;

pub(crate) const PROTECTED_RESOURCE_ARN: Parsed<KeyReference> = Parsed {
    name: "ProtectedResourceArn",
    help: "The ARN of the key.",
    ..KEY_ID.0
};

const ENABLE_DELETION_PROTECTION: Required<Boolean> = Required(Boolean {
    name: "EnableDeletionProtection",
    default: false,
    help: "Whether the key cannot be deleted.",
});

const DELETION_PROTECTION_DESCRIPTION: Text = Text {
    name: "DeletionProtectionDescription",
    rule: TextRule::Characters(8192),
    sensitive: false,
    help: "The reason for the protection. Ignored if the protection is disabled.",
};

const KMS_INSTANCE_ID: Text = Text {
    name: "KmsInstanceId",
    rule: TextRule::Characters(256),
    sensitive: false,
    help: "The KMS instance to protect. Not supported.",
};

/// Enables or disables the protection of a key from deletion.
pub(crate) struct SetDeletionProtection {
    /// Absent for a KMS instance.
    key: Option<KeyReference>,
    protection: Option<String>,
}

impl Operation<Rpc> for SetDeletionProtection {
    const ACTION: &'static str = "SetDeletionProtection";
    const SUMMARY: &'static str = "Enables or disables the protection of a key from deletion.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setdeletionprotection";
    const EVIDENCE: &'static str = "documented; `KeyId` instead of the ARN: SDK 3.3.1; a key that is planned to be deleted: assumption";
    const DIFFERENCES: &'static str = "KMS instances cannot be protected.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &PROTECTED_RESOURCE_ARN,
        &ENABLE_DELETION_PROTECTION,
        &DELETION_PROTECTION_DESCRIPTION,
        &OPTIONAL_KEY_ID,
        &KMS_INSTANCE_ID,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &KEY_PENDING_DELETION,
        &UNSUPPORTED,
        &UNSUPPORTED_FOR_KEY,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let is_enabled = ENABLE_DELETION_PROTECTION.read(arguments)?;
        let description = DELETION_PROTECTION_DESCRIPTION.find(arguments)?;
        let key = match PROTECTED_RESOURCE_ARN.find(arguments)? {
            None => OPTIONAL_KEY_ID.find(arguments)?,
            key => key,
        };
        if key.is_none() && KMS_INSTANCE_ID.find(arguments)?.is_none() {
            return Err(ApiError::MissingParameter("ProtectedResourceArn"));
        }
        Ok(Self {
            key,
            protection: is_enabled.then(|| description.unwrap_or_default()),
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        let Some(key) = &self.key else {
            return Err((&UNSUPPORTED).into());
        };
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, key)?;
            check_kept(&cmk)?;
            let after = Cmk {
                deletion_protection: self.protection.clone(),
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
