//! `CreateKey`: a new key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::{
    INSTANCE_NOT_FOUND, INSTANCE_STATE_INVALID, TOO_MANY_RESOURCES, UNSUPPORTED,
};
use crate::clouds::alibaba::kms::keys::material;
use crate::clouds::alibaba::kms::keys::metadata::KeyMetadata;
use crate::clouds::alibaba::kms::keys::rotation::{
    self, ENABLE_AUTOMATIC_ROTATION, ROTATION_INTERVAL,
};
use crate::clouds::alibaba::kms::{policy, tags};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Json, Optional, Text, TextRule, Word, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{
    Cmk, CreatorType, KeyOrigin, KeySpec, KeyState, KeyUsage, ProtectionLevel, Tag,
};

/// The description of a key.
pub(super) const DESCRIPTION: Text = Text {
    name: "Description",
    rule: TextRule::Characters(8192),
    sensitive: false,
    help: "The description of the key.",
};

const KEY_SPEC: Word<KeySpec> = Word {
    name: "KeySpec",
    values: KeySpec::ALL,
    word: KeySpec::name,
    default: Some("Aliyun_AES_256"),
    help: "The algorithm and length of the key.",
};

const KEY_USAGE: Word<KeyUsage> = Word {
    name: "KeyUsage",
    values: KeyUsage::ALL,
    word: KeyUsage::name,
    default: None,
    help: "What the key is for. The default is `SIGN/VERIFY` if the key can sign, `GENERATE/VERIFY_MAC` for HMAC, and `ENCRYPT/DECRYPT` otherwise.",
};

const ORIGIN: Word<KeyOrigin> = Word {
    name: "Origin",
    values: KeyOrigin::ALL,
    word: KeyOrigin::name,
    default: Some("Aliyun_KMS"),
    help: "The source of the key material: the service, or an import.",
};

const PROTECTION_LEVEL: Word<ProtectionLevel> = Word {
    name: "ProtectionLevel",
    values: ProtectionLevel::ALL,
    word: ProtectionLevel::name,
    default: Some("SOFTWARE"),
    help: "What protects the key material.",
};

const DKMS_INSTANCE_ID: Text = Text {
    name: "DKMSInstanceId",
    rule: TextRule::Characters(256),
    sensitive: false,
    help: "The KMS instance of the key; without it, the default instance of the account, if it has one.",
};

const TAGS: Json<Vec<Tag>> = Json {
    name: "Tags",
    help: "Objects with a `TagKey` and a `TagValue`.",
    max_items: Some(tags::MAX_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse,
};

const POLICY: Json<String> = Json {
    name: "Policy",
    help: "The policy of the key, as JSON of at most 32,768 bytes. It applies to other accounts, and to callers with a policy.",
    max_items: None,
    sensitive: true,
    keys: Vec::new,
    parse: policy::parse,
};

const KEY_STORAGE_MECHANISM: Word<&str> = Word {
    name: "KeyStorageMechanism",
    values: &["HsmInternal", "HsmEncryptedDatabase"],
    word: |name| name,
    default: None,
    help: "Where a hardware instance keeps the key. Has no effect.",
};

/// Creates a key. Key pairs are generated before the store is locked.
pub(crate) struct CreateKey {
    cmk: Cmk,
    policy: Option<String>,
}

impl Operation<Rpc> for CreateKey {
    const ACTION: &'static str = "CreateKey";
    const SUMMARY: &'static str = "Creates a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createkey";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; an interval of up to 730 days: documented (2021; later 365); order of checks, ids of 25 characters, the names of keys for HMAC and of their usage: assumption";
    const DIFFERENCES: &'static str = "Software protects every key, even with the level `HSM`. The id of a key has no region. Key pairs with the origin `EXTERNAL` need no instance.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &DESCRIPTION,
        &KEY_USAGE,
        &ORIGIN,
        &PROTECTION_LEVEL,
        &ENABLE_AUTOMATIC_ROTATION,
        &ROTATION_INTERVAL,
        &KEY_SPEC,
        &DKMS_INSTANCE_ID,
        &TAGS,
        &POLICY,
        &KEY_STORAGE_MECHANISM,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &UNSUPPORTED,
        &INSTANCE_NOT_FOUND,
        &INSTANCE_STATE_INVALID,
        &TOO_MANY_RESOURCES,
    ];
    const WRITES: bool = true;
    type Response = CreateKeyResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let spec = KEY_SPEC.find(arguments)?.unwrap_or(KeySpec::Aes256);
        let usage = KEY_USAGE.find(arguments)?.unwrap_or(spec.usages()[0]);
        if !spec.usages().contains(&usage) {
            return Err(invalid("KeyUsage"));
        }
        let origin = ORIGIN.find(arguments)?.unwrap_or(KeyOrigin::AliyunKms);
        let interval = rotation::requested(&ENABLE_AUTOMATIC_ROTATION, arguments)?;
        let now = call.now();
        let cmk = Cmk {
            key_id: material::new_key_id(),
            spec,
            usage,
            origin,
            protection_level: PROTECTION_LEVEL
                .find(arguments)?
                .unwrap_or(ProtectionLevel::Software),
            creator: call.scope.account.clone(),
            creator_type: CreatorType::User,
            description: DESCRIPTION.find(arguments)?.unwrap_or_default(),
            created_at: now,
            state: match origin {
                KeyOrigin::AliyunKms => KeyState::Enabled,
                KeyOrigin::External => KeyState::PendingImport,
            },
            dkms_instance_id: DKMS_INSTANCE_ID.find(arguments)?,
            material_expires_at: None,
            rotation: rotation::policy(now, interval),
            deletion_protection: None,
            tags: TAGS.find(arguments)?.unwrap_or_default(),
        };
        KEY_STORAGE_MECHANISM.find(arguments)?;
        let policy = POLICY.find(arguments)?;
        if interval.is_some() && !rotation::can_rotate(&cmk) {
            return Err((&UNSUPPORTED).into());
        }
        Ok(Self { cmk, policy })
    }

    fn run(self, call: &Call) -> Result<CreateKeyResponse, ApiError> {
        let Self { mut cmk, policy } = self;
        let version = match cmk.origin {
            KeyOrigin::AliyunKms => material::new_version(cmk.spec, cmk.created_at),
            KeyOrigin::External => material::empty_version(cmk.created_at),
        };
        call.write(|store| {
            call.check_key_quota(store)?;
            let instance = call.instance_for_new(store, cmk.dkms_instance_id.as_deref())?;
            if let Some(instance) = &instance
                && instance.count_keys(store, &call.scope)? >= instance.quotas().keys
            {
                return Err((&TOO_MANY_RESOURCES).into());
            }
            cmk.dkms_instance_id = instance.map(|instance| instance.instance_id().to_owned());
            let id = store.create_cmk(&call.scope, &cmk, std::slice::from_ref(&version))?;
            if let Some(policy) = &policy {
                store.set_cmk_policy(id, policy)?;
            }
            Ok(())
        })?;
        let arn = call.arn_of(&format!("key/{}", cmk.key_id));
        Ok(CreateKeyResponse {
            key_metadata: KeyMetadata::new(call, cmk, Some(version.version_id), arn),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `CreateKey`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateKeyResponse {
    /// The key.
    key_metadata: KeyMetadata,
    /// The id of the request.
    request_id: String,
}
