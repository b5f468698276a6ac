//! `CreateSSHKeyPairSecret`: creates an SSH key pair, and a secret for it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::cause::Cause;
use crate::clouds::digest;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Int64, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::creation::{
    self, Common, DESCRIPTION, ENCRYPT_TYPE, KMS_HSM_CLUSTER_ID, KMS_KEY_ID, Kind,
};
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::errors::{DUPLICATE_TAG_KEYS, SECRET_EXISTS, TOO_MANY_SECRETS};
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME};
use crate::clouds::tencent::ssm::ssh_key::KeyPair;
use crate::clouds::tencent::ssm::tags::TAGS;
use crate::model::{DataType, SecretType, SecretVersion, State};

const PROJECT_ID: Int64 = Int64 {
    name: "ProjectId",
    minimum: 0,
    maximum: None,
    default: None,
    required: true,
    help: "The project of the key pair.",
};

const SSH_KEY_NAME: Text = Text {
    name: "SSHKeyName",
    rule: TextRule::Name(25, "_"),
    required: false,
    sensitive: false,
    help: "The name of the key pair; the service chooses one by default.",
};

/// Creates an SSH key pair, and a secret for it.
pub(super) struct CreateSshKeyPairSecret {
    common: Common,
    project_id: u32,
    key_name: Option<String>,
}

impl Operation<Api3> for CreateSshKeyPairSecret {
    const ACTION: &'static str = "CreateSSHKeyPairSecret";
    const SUMMARY: &'static str = "Creates an SSH key pair, and a secret for it.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=CreateSSHKeyPairSecret";
    const EVIDENCE: &'static str = "documented, SDK; the name that the service chooses: assumption";
    const DIFFERENCES: &'static str = "No machine gets the key pair. The KMS key need not exist.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &PROJECT_ID,
        &DESCRIPTION,
        &KMS_KEY_ID,
        &TAGS,
        &SSH_KEY_NAME,
        &KMS_HSM_CLUSTER_ID,
        &ENCRYPT_TYPE,
    ];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&DUPLICATE_TAG_KEYS, &SECRET_EXISTS, &TOO_MANY_SECRETS];
    const RATE_LIMIT: u32 = 20;
    const WRITES: bool = true;
    type Response = CreateSshKeyPairSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self {
            project_id: PROJECT_ID.read(arguments)?,
            key_name: SSH_KEY_NAME.find(arguments)?,
            common: Common::read(name, arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<CreateSshKeyPairSecretResponse, ApiError> {
        let digest = digest::sha256_hex(call.context.request_id.as_bytes());
        let suffix = &digest[..8];
        let id = format!("skey-{suffix}");
        let key_name = self.key_name.unwrap_or_else(|| format!("SSM_{suffix}"));
        // Before the transaction, because it takes long.
        let pair = KeyPair::new(&id)?;
        let data = serde_json::to_string(&pair);
        let data = data.map_err(|error| ApiError::InternalError(Cause::new(error)))?;
        let version = SecretVersion {
            version_id: CURRENT.to_owned(),
            created_at: call.now(),
            data: data.into(),
            data_type: DataType::Text,
            stages: Vec::new(),
        };
        let kind = Kind {
            secret_type: SecretType::Ecs,
            state: State::Enabled,
            product: Some("Cvm".to_owned()),
            details: Details {
                resource_id: id.clone(),
                resource_name: key_name.clone(),
                project_id: self.project_id.into(),
                ..Details::default()
            },
        };
        let secret_name = creation::create(call, self.common, kind, Some(&version))?;
        Ok(CreateSshKeyPairSecretResponse {
            secret_name,
            ssh_key_id: id,
            ssh_key_name: key_name,
            tag_code: 0,
            tag_msg: "ok",
            request_id: call.request_id(),
        })
    }
}

/// The reply to `CreateSSHKeyPairSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateSshKeyPairSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the key pair.
    #[serde(rename = "SSHKeyID")]
    ssh_key_id: String,
    /// The name of the key pair.
    #[serde(rename = "SSHKeyName")]
    ssh_key_name: String,
    /// 0: the tags were saved.
    tag_code: u64,
    /// The result of saving the tags as text.
    tag_msg: &'static str,
    /// The id of the request.
    request_id: String,
}
