//! `CreateSecret`: creates a secret with its first version.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::put_secret_value::{self, SECRET_BINARY, SECRET_STRING, Value};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Text, TextRule, TypedParameter, Uint64, invalid,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::creation::{
    self, Common, DESCRIPTION, ENCRYPT_TYPE, KMS_HSM_CLUSTER_ID, KMS_KEY_ID, Kind,
};
use crate::clouds::tencent::ssm::details::{Details, resource_id};
use crate::clouds::tencent::ssm::errors::{DUPLICATE_TAG_KEYS, SECRET_EXISTS, TOO_MANY_SECRETS};
use crate::clouds::tencent::ssm::managed;
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME, VERSION_RULE};
use crate::clouds::tencent::ssm::tags::TAGS;
use crate::model::{SecretType, State};

/// The number of the type of secrets of Redis instances.
const REDIS: u32 = 4;

const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: VERSION_RULE,
    required: false,
    sensitive: false,
    help: "The id of the first version; `SSM_Current` by default.",
};

const SECRET_TYPE: Uint64 = Uint64 {
    name: "SecretType",
    minimum: 0,
    maximum: Some(4),
    default: 0,
    help: "0: a custom secret; 4: an account of a Redis instance. Secrets of other types are created by other operations.",
};

const ADDITIONAL_CONFIG: Text = Text {
    name: "AdditionalConfig",
    rule: TextRule::Bytes(4096),
    required: false,
    sensitive: true,
    help: "Additional configuration, as JSON. It has no effect on a custom secret. For Redis it has the `InstanceId`, and usually `Region`, `Privilege`, `ReadonlyPolicy` and `Remark`.",
};

/// Creates a secret, in the state `Enabled`.
pub(super) struct CreateSecret {
    common: Common,
    version_id: String,
    value: NewValue,
    additional_config: String,
}

/// The first value of a secret.
enum NewValue {
    /// A value of the client.
    Custom(Value),
    /// An account that the service creates in this Redis instance.
    Redis { instance_id: String },
}

impl Operation<Api3> for CreateSecret {
    const ACTION: &'static str = "CreateSecret";
    const SUMMARY: &'static str = "Creates a secret with its first version.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38656";
    const EVIDENCE: &'static str = "documented, SDK; the size of values, empty texts, error messages, secrets of Redis: assumption";
    const DIFFERENCES: &'static str = "The KMS key and the Redis instance need not exist.";
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
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&DUPLICATE_TAG_KEYS, &SECRET_EXISTS, &TOO_MANY_SECRETS];
    const RATE_LIMIT: u32 = 100;
    const WRITES: bool = true;
    type Response = CreateSecretResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        let version_id = VERSION_ID.find(arguments)?;
        let secret_type = SECRET_TYPE.read(arguments)?;
        if !matches!(secret_type, 0 | REDIS) {
            return Err(invalid(SECRET_TYPE.name, secret_type));
        }
        let additional_config = additional_config(arguments)?;
        let common = Common::read(name, arguments)?;
        let value = if secret_type == REDIS {
            for value in [SECRET_STRING, SECRET_BINARY] {
                if value.find(arguments)?.is_some() {
                    return Err(value.invalid(""));
                }
            }
            let instance_id = instance_id(&additional_config);
            let instance_id =
                instance_id.ok_or_else(|| ADDITIONAL_CONFIG.invalid(&additional_config))?;
            NewValue::Redis { instance_id }
        } else {
            NewValue::Custom(put_secret_value::value(arguments, call)?)
        };
        // The version of a secret of a cloud product always has this id.
        let version_id = version_id.filter(|_| secret_type != REDIS);
        Ok(Self {
            common,
            version_id: version_id.unwrap_or_else(|| CURRENT.to_owned()),
            value,
            additional_config,
        })
    }

    fn run(self, call: &Call) -> Result<CreateSecretResponse, ApiError> {
        let now = call.now();
        let mut details = Details {
            additional_config: self.additional_config,
            ..Details::default()
        };
        let (secret_type, product, version) = match self.value {
            NewValue::Custom(value) => {
                let nanoseconds = call.context.now.timestamp_nanos_opt().unwrap_or_default();
                let seed = call.context.request_id;
                details.resource_id = resource_id(&call.scope.account, nanoseconds, seed);
                let version = value.into_version(self.version_id.clone(), now);
                (SecretType::Generic, None, version)
            }
            NewValue::Redis { instance_id } => {
                details.resource_id = instance_id;
                let version = managed::current_version(SecretType::Redis, "redis", now);
                (SecretType::Redis, Some("Redis".to_owned()), version)
            }
        };
        let kind = Kind {
            secret_type,
            state: State::Enabled,
            product,
            details,
        };
        let secret_name = creation::create(call, self.common, kind, Some(&version))?;
        Ok(CreateSecretResponse {
            secret_name,
            version_id: self.version_id,
            tag_code: 0,
            tag_msg: "ok",
            request_id: call.request_id(),
        })
    }
}

/// The Redis instance that a configuration names.
fn instance_id(additional_config: &str) -> Option<String> {
    let config: serde_json::Value = serde_json::from_str(additional_config).ok()?;
    let id = config["InstanceId"].as_str()?;
    (!id.is_empty()).then(|| id.to_owned())
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
