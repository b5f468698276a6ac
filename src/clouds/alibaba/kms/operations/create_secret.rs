//! `CreateSecret`: a new secret with its first version.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, INSTANCE_NOT_FOUND, INSTANCE_STATE_INVALID, KEY_DISABLED, KEY_NOT_FOUND,
    KEY_PENDING_DELETION, KEY_PENDING_IMPORT, PLANNED_TO_BE_DELETED, RESOURCE_NOT_FOUND,
    SECRET_EXISTS, TOO_MANY_RESOURCES, UNSUPPORTED,
};
use crate::clouds::alibaba::kms::keys::reference::{ENCRYPTION_KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::keys::service_keys::DEFAULT_ALIAS;
use crate::clouds::alibaba::kms::managed::{self, EXTENDED_CONFIG, FirstValues, ManagedMembers};
use crate::clouds::alibaba::kms::policy;
use crate::clouds::alibaba::kms::resource::NAME_RULE;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::kms::versions::{CURRENT, PREVIOUS};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Boolean, Choice, Json, Optional, Parsed, Required, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{DataType, Rotation, Secret, SecretType, SecretVersion, State, Tag};

/// The name of the new secret; `$Auto` if the service generates it.
const SECRET_NAME: Required<Text> = Required(Text {
    name: "SecretName",
    rule: TextRule::Plain(192, "_/+=.@-$"),
    sensitive: false,
    help: "The name of the new secret: `$Auto` for RAMCredentials; for ECS it begins with `acs/ecs/`, for the other types not with `acs/`.",
});

pub(super) const VERSION_ID: Required<Text> = Required(Text {
    name: "VersionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The id of the new version, unique in the secret.",
});

pub(super) const SECRET_DATA: Required<Text> = Required(Text {
    name: "SecretData",
    rule: TextRule::Bytes(30_720),
    sensitive: true,
    help: "The value.",
});

pub(super) const SECRET_DATA_TYPE: Choice<DataType> = Choice {
    name: "SecretDataType",
    values: &[("text", DataType::Text), ("binary", DataType::Binary)],
    help: "The type of the value. The value is returned as it was sent.",
};

pub(super) const DESCRIPTION: Text = Text {
    name: "Description",
    rule: TextRule::Characters(256),
    sensitive: false,
    help: "The description of the secret.",
};

const TAGS: Json<Vec<Tag>> = Json {
    name: "Tags",
    help: "Objects with a `TagKey` and a `TagValue`.",
    max_items: Some(tags::MAX_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse,
};

const SECRET_TYPE: Choice<SecretType> = Choice {
    name: "SecretType",
    values: &[
        ("Generic", SecretType::Generic),
        ("Rds", SecretType::Rds),
        ("Redis", SecretType::Redis),
        ("RAMCredentials", SecretType::RamCredentials),
        ("ECS", SecretType::Ecs),
        ("PolarDB", SecretType::PolarDb),
    ],
    help: "The type of the secret.",
};

pub(super) const ENABLE_AUTOMATIC_ROTATION: Boolean = Boolean {
    name: "EnableAutomaticRotation",
    default: false,
    help: "Whether the service rotates the secret automatically. For managed secrets only.",
};

pub(super) const ROTATION_INTERVAL: Parsed<u32> = Parsed {
    name: "RotationInterval",
    rule: "a number and `d`, `h`, `m` or `s`: 6 hours to 8,760 hours",
    help: "The time from one rotation to the next. Required with automatic rotation, otherwise ignored.",
    parse: managed::parse_interval,
};

/// The interval of automatic rotation that is enabled.
///
/// # Errors
///
/// `MissingParameter` without an interval, `InvalidParameter` for one out of bounds.
pub(super) fn required_interval(arguments: &Arguments) -> Result<u32, ApiError> {
    ROTATION_INTERVAL
        .find(arguments)?
        .ok_or(ApiError::MissingParameter("RotationInterval"))
}

const DKMS_INSTANCE_ID: Text = Text {
    name: "DKMSInstanceId",
    rule: TextRule::Characters(256),
    sensitive: false,
    help: "The KMS instance of the secret; without it, the default instance of the account, if it has one.",
};

const POLICY: Json<String> = Json {
    name: "Policy",
    help: "The policy of the secret, as JSON of at most 32,768 bytes. It applies to other accounts, and to callers with a policy.",
    max_items: None,
    sensitive: true,
    keys: Vec::new,
    parse: policy::parse,
};

/// Creates a secret. Its first version has the stage `ACSCurrent`.
///
/// `Rejected.ResourceExist` (409) if the name is in use, even with the same content, and
/// `Rejected.ResourceInDeleteWindow` (409) if that secret is planned to be deleted.
pub(super) struct CreateSecret {
    name: String,
    version_id: String,
    data: FirstValues,
    data_type: DataType,
    description: Option<String>,
    encryption_key: Option<KeyReference>,
    tags: Vec<Tag>,
    secret_type: SecretType,
    extended_config: Map<String, Value>,
    /// Absent without automatic rotation.
    rotation_interval: Option<u32>,
    dkms_instance_id: Option<String>,
    policy: Option<String>,
}

impl Operation<Rpc> for CreateSecret {
    const ACTION: &'static str = "CreateSecret";
    const SUMMARY: &'static str = "Creates a secret with its first version.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createsecret";
    const EVIDENCE: &'static str = "documented, SDK, recorded; `Creator` is the account: documented (secret policies, 2026); tags with spaces: documented (quick start); accounts of Redis and PolarDB: SDK 3.3.1; rotation of a generic secret ignored: public Terraform files; the codes for a key that cannot be used, which names each type rejects: assumption";
    const DIFFERENCES: &'static str =
        "There is no quota of secrets without a KMS instance. Managed types need no real account.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME,
        &VERSION_ID,
        &SECRET_DATA,
        &SECRET_DATA_TYPE,
        &DESCRIPTION,
        &ENCRYPTION_KEY_ID,
        &TAGS,
        &SECRET_TYPE,
        &EXTENDED_CONFIG,
        &ENABLE_AUTOMATIC_ROTATION,
        &ROTATION_INTERVAL,
        &DKMS_INSTANCE_ID,
        &POLICY,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &SECRET_EXISTS,
        &PLANNED_TO_BE_DELETED,
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
        &UNSUPPORTED,
        &INSTANCE_NOT_FOUND,
        &INSTANCE_STATE_INVALID,
        &TOO_MANY_RESOURCES,
        &RESOURCE_NOT_FOUND,
    ];
    const WRITES: bool = true;
    type Response = CreateSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let requested = SECRET_NAME.read(arguments)?;
        let version_id = VERSION_ID.read(arguments)?;
        let data = SECRET_DATA.read(arguments)?;
        let data_type = SECRET_DATA_TYPE.read(arguments)?;
        let secret_type = SECRET_TYPE.read(arguments)?;
        let managed = secret_type != SecretType::Generic;
        // Clients send a configuration for generic secrets, too. It is ignored.
        let extended_config = if managed {
            EXTENDED_CONFIG
                .find(arguments)?
                .ok_or(ApiError::MissingParameter("ExtendedConfig"))?
        } else {
            Map::new()
        };
        if managed && !managed::is_config(secret_type, &extended_config) {
            return Err(invalid("ExtendedConfig"));
        }
        let name = managed::name_for(secret_type, requested, &extended_config)?;
        if !NAME_RULE.allows(&name) {
            return Err(invalid("SecretName"));
        }
        if managed && data_type != DataType::Text {
            return Err(invalid("SecretDataType"));
        }
        let data = if managed {
            managed::first_values(secret_type, &extended_config, data)?
        } else {
            FirstValues {
                current: data.into(),
                previous: None,
            }
        };
        // Terraform files send these parameters for generic secrets too.
        let rotation_interval = if managed && ENABLE_AUTOMATIC_ROTATION.read(arguments) {
            Some(required_interval(arguments)?)
        } else {
            None
        };
        Ok(Self {
            name,
            version_id,
            data,
            data_type,
            description: DESCRIPTION.find(arguments)?,
            encryption_key: ENCRYPTION_KEY_ID.find(arguments)?,
            tags: TAGS.find(arguments)?.unwrap_or_default(),
            secret_type,
            extended_config,
            rotation_interval,
            dkms_instance_id: DKMS_INSTANCE_ID.find(arguments)?,
            policy: POLICY.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<CreateSecretResponse, ApiError> {
        let managed = self.secret_type != SecretType::Generic;
        let now = call.now();
        let rotation = managed::rotation(Rotation::default(), self.rotation_interval, now);
        let mut secret = Secret {
            name: self.name,
            secret_type: self.secret_type,
            description: self.description.unwrap_or_default(),
            created_at: now,
            updated_at: now,
            state: State::Enabled,
            encryption_key_id: None,
            dkms_instance_id: self.dkms_instance_id,
            associated_instance_ids: Vec::new(),
            owing_service: None,
            // The creator is the account: see *Overview of secret policies*.
            creator: Some(call.scope.account.clone()),
            extended_config: managed.then(|| Value::Object(self.extended_config).to_string()),
            rotation,
            tags: self.tags,
        };
        let version = |version_id: &str, data, stage: &str| SecretVersion {
            version_id: version_id.to_owned(),
            created_at: now,
            data,
            data_type: self.data_type,
            stages: vec![stage.to_owned()],
        };
        let mut versions = Vec::new();
        if let Some(data) = self.data.previous {
            versions.push(version(&Uuid::new_v4().to_string(), data, PREVIOUS));
        }
        versions.push(version(&self.version_id, self.data.current, CURRENT));
        call.write(|store| {
            match store.secret(&call.scope, &secret.name)? {
                None => {}
                Some((_, other)) if other.state == State::Enabled => {
                    return Err((&SECRET_EXISTS).into());
                }
                Some(_) => return Err((&PLANNED_TO_BE_DELETED).into()),
            }
            let instance = call.instance_for_new(store, secret.dkms_instance_id.as_deref())?;
            if let Some(instance) = &instance
                && instance.count_secrets(store, &call.scope)? >= instance.quotas().secrets
            {
                return Err((&TOO_MANY_RESOURCES).into());
            }
            secret.dkms_instance_id = instance.map(|instance| instance.instance_id().to_owned());
            let instance = secret.dkms_instance_id.as_deref();
            match &self.encryption_key {
                Some(reference) => {
                    call.ensure_named_service_key(store, reference)?;
                    let key = call.key_for_secret(store, reference, instance)?;
                    secret.encryption_key_id = Some(key.key_id);
                }
                // The key of the service is not in an instance.
                None if instance.is_none() => call.ensure_service_key(store, DEFAULT_ALIAS)?,
                None => {}
            }
            let id = store.create_secret(&call.scope, &secret, &versions)?;
            if let Some(policy) = &self.policy {
                store.set_policy(id, policy)?;
            }
            Ok(())
        })?;
        Ok(CreateSecretResponse {
            arn: call.arn(&secret.name),
            version_id: self.version_id,
            secret_type: secret.secret_type.name(),
            managed: ManagedMembers::of(&secret, true),
            dkms_instance_id: secret.dkms_instance_id,
            secret_name: secret.name,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `CreateSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateSecretResponse {
    /// The ARN of the secret.
    arn: String,
    /// Its name.
    secret_name: String,
    /// The id of its version.
    version_id: String,
    /// Its type.
    secret_type: &'static str,
    #[serde(flatten)]
    managed: ManagedMembers,
    /// Its KMS instance; only if it has one.
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "Option::is_none")]
    dkms_instance_id: Option<String>,
    /// The id of the request.
    request_id: String,
}
