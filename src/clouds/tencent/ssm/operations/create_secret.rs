//! `CreateSecret`: creates a secret with its first version.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::put_secret_value::{self, SECRET_BINARY, SECRET_STRING, Value};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, Refusal, UNSUPPORTED};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter, Uint64};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::details::{Details, KmsKeyType, resource_id};
use crate::clouds::tencent::ssm::errors::{DUPLICATE_TAG_KEYS, SECRET_EXISTS, TOO_MANY_SECRETS};
use crate::clouds::tencent::ssm::resource::{CURRENT, DEFAULT_KEY, SECRET_NAME, VERSION_RULE};
use crate::clouds::tencent::ssm::tags::{self, TAGS};
use crate::model::{Rotation, Secret, SecretType, State, Tag};

/// The maximum number of secrets in a region.
pub(super) const MAX_SECRETS: u64 = 1000;

const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: VERSION_RULE,
    required: false,
    sensitive: false,
    help: "The id of the first version; `SSM_Current` by default.",
};

pub(super) const MAX_DESCRIPTION_BYTES: usize = 2048;

const DESCRIPTION: Text = Text {
    name: "Description",
    rule: TextRule::Bytes(MAX_DESCRIPTION_BYTES),
    required: false,
    sensitive: false,
    help: "What the secret is for.",
};

const KMS_KEY_ID: Text = Text {
    name: "KmsKeyId",
    rule: TextRule::Bytes(128),
    required: false,
    sensitive: false,
    help: "The key that encrypts the secret. The id is stored, but nothing is encrypted.",
};

const SECRET_TYPE: Uint64 = Uint64 {
    name: "SecretType",
    minimum: 0,
    maximum: Some(4),
    default: 0,
    help: "0: a custom secret. The other types belong to cloud products.",
};

const ADDITIONAL_CONFIG: Text = Text {
    name: "AdditionalConfig",
    rule: TextRule::Bytes(4096),
    required: false,
    sensitive: true,
    help: "Additional configuration, as JSON. It is stored and has no effect.",
};

const KMS_HSM_CLUSTER_ID: Text = Text {
    name: "KmsHsmClusterId",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The HSM cluster of the key. Ignored.",
};

pub(super) const ENCRYPT_TYPE: Uint64 = Uint64 {
    name: "EncryptType",
    minimum: 0,
    maximum: Some(1),
    default: 0,
    help: "0: encrypted with a KMS key; 1: with a software key.",
};

/// Creates a secret, in the state `Enabled`.
pub(super) struct CreateSecret {
    name: String,
    version_id: String,
    description: String,
    kms_key_id: Option<String>,
    value: Value,
    additional_config: String,
    tags: Vec<Tag>,
    has_software_key: bool,
}

impl Operation<Api3> for CreateSecret {
    const ACTION: &'static str = "CreateSecret";
    const SUMMARY: &'static str = "Creates a secret with its first version.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38656";
    const EVIDENCE: &'static str =
        "documented, SDK; the size of values, empty texts, error messages: assumption";
    const DIFFERENCES: &'static str =
        "Secrets of cloud products cannot be created. The KMS key need not exist.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &VERSION_ID,
        &DESCRIPTION,
        &KMS_KEY_ID,
        &SECRET_TYPE,
        &SECRET_BINARY,
        &SECRET_STRING,
        &ADDITIONAL_CONFIG,
        &TAGS,
        &KMS_HSM_CLUSTER_ID,
        &ENCRYPT_TYPE,
    ];
    const ERRORS: &'static [&'static Refusal] = &[
        &UNSUPPORTED,
        &DUPLICATE_TAG_KEYS,
        &SECRET_EXISTS,
        &TOO_MANY_SECRETS,
    ];
    const RATE_LIMIT: u32 = 100;
    const WRITES: bool = true;
    type Response = CreateSecretResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        let version_id = VERSION_ID.find(arguments)?;
        if SECRET_TYPE.read(arguments)? != 0 {
            return Err((&UNSUPPORTED).into());
        }
        Ok(Self {
            name,
            version_id: version_id.unwrap_or_else(|| CURRENT.to_owned()),
            description: DESCRIPTION.find(arguments)?.unwrap_or_default(),
            kms_key_id: KMS_KEY_ID.find(arguments)?,
            value: put_secret_value::value(arguments, call)?,
            additional_config: additional_config(arguments)?,
            tags: tags::checked(TAGS.read(arguments)?)?,
            has_software_key: ENCRYPT_TYPE.read(arguments)? == 1,
        })
    }

    fn run(self, call: &Call) -> Result<CreateSecretResponse, ApiError> {
        let now = call.now();
        let kms_key_type = match self.kms_key_id {
            Some(_) if !self.has_software_key => KmsKeyType::Customer,
            _ => KmsKeyType::Default,
        };
        let key = self.kms_key_id.unwrap_or_else(|| DEFAULT_KEY.to_owned());
        let encryption_key_id = (!self.has_software_key).then_some(key);
        let nanoseconds = call.context.now.timestamp_nanos_opt().unwrap_or_default();
        let details = Details {
            kms_key_type,
            additional_config: self.additional_config,
            resource_id: resource_id(&call.scope.account, nanoseconds, call.context.request_id),
            ..Details::default()
        };
        let secret = Secret {
            name: self.name,
            secret_type: SecretType::Generic,
            description: self.description,
            created_at: now,
            updated_at: now,
            state: State::Enabled,
            encryption_key_id,
            dkms_instance_id: None,
            associated_instance_ids: Vec::new(),
            owing_service: None,
            creator: None,
            extended_config: Some(details.to_json()),
            rotation: Rotation::default(),
            tags: self.tags,
        };
        let version = self.value.into_version(self.version_id.clone(), now);
        call.write(|store| {
            if store.secret(&call.scope, &secret.name)?.is_some() {
                return Err((&SECRET_EXISTS).into());
            }
            if store.count_secrets_of(&call.scope)? >= MAX_SECRETS {
                return Err((&TOO_MANY_SECRETS).into());
            }
            store.create_secret(&call.scope, &secret, &[version])?;
            Ok(())
        })?;
        Ok(CreateSecretResponse {
            secret_name: secret.name,
            version_id: self.version_id,
            tag_code: 0,
            tag_msg: "ok",
            request_id: call.request_id(),
        })
    }
}

fn additional_config(arguments: &Arguments) -> Result<String, ApiError> {
    let text = ADDITIONAL_CONFIG.find(arguments)?.unwrap_or_default();
    if text.is_empty() || serde_json::from_str::<IgnoredAny>(&text).is_ok() {
        Ok(text)
    } else {
        Err(ADDITIONAL_CONFIG.invalid(&text))
    }
}

/// The reply to `CreateSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the first version.
    version_id: String,
    /// 0: the tags were saved.
    tag_code: u64,
    /// The result of saving the tags as text.
    tag_msg: &'static str,
    /// The id of the request.
    request_id: String,
}
