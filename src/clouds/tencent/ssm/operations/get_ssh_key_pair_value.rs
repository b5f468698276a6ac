//! `GetSSHKeyPairValue`: reads the keys of an SSH key pair.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, PENDING_DELETED, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME, check_enabled};
use crate::clouds::tencent::ssm::ssh_key::KeyPair;
use crate::model::{Condition, PageRequest, SecretQuery, SecretType, SortOrder, State};
use crate::store::ReadTransaction;

const NAME: Text = Text {
    required: false,
    help: "The name of the secret. This, `SSHKeyId` or both.",
    ..SECRET_NAME
};

const SSH_KEY_ID: Text = Text {
    name: "SSHKeyId",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The id of the key pair.",
};

/// Reads the keys of an SSH key pair.
pub(super) struct GetSshKeyPairValue {
    name: Option<String>,
    key_id: Option<String>,
}

impl Operation<Api3> for GetSshKeyPairValue {
    const ACTION: &'static str = "GetSSHKeyPairValue";
    const SUMMARY: &'static str = "Reads the keys of an SSH key pair.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=GetSSHKeyPairValue";
    const EVIDENCE: &'static str = "documented, SDK, Terraform provider; keys in PEM and not in Base64: documented in an example; codes for other types and states, the code for an unknown id: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&NAME, &SSH_KEY_ID];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&NOT_FOUND, &PENDING_DELETED, &UNINITIALIZED];
    const RATE_LIMIT: u32 = 100;
    type Response = GetSshKeyPairValueResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let (name, key_id) = (NAME.find(arguments)?, SSH_KEY_ID.find(arguments)?);
        if name.is_none() && key_id.is_none() {
            return Err(ApiError::MissingParameter(NAME.name.to_owned()));
        }
        Ok(Self { name, key_id })
    }

    fn run(self, call: &Call) -> Result<GetSshKeyPairValueResponse, ApiError> {
        call.read(|store| {
            let name = match (&self.name, &self.key_id) {
                (Some(name), _) => Some(name.clone()),
                (None, Some(id)) => name_by_key_id(store, call, id)?,
                (None, None) => None,
            };
            let name = name.ok_or(&NOT_FOUND)?;
            let (id, secret) = call.find(store, &name)?;
            let details = Details::parse(secret.extended_config.as_deref())?;
            let is_other = |id: &String| *id != details.resource_id;
            if secret.secret_type != SecretType::Ecs || self.key_id.as_ref().is_some_and(is_other) {
                return Err((&NOT_FOUND).into());
            }
            // Terraform reads the id of a disabled pair here.
            if secret.state != State::Disabled {
                check_enabled(&secret)?;
            }
            let version = store.version(id, CURRENT)?.ok_or(&NOT_FOUND)?;
            // A value from a fixture may be anything.
            let pair: KeyPair =
                serde_json::from_str(version.data.expose()).map_err(|_| &NOT_FOUND)?;
            Ok(GetSshKeyPairValueResponse {
                ssh_key_id: details.resource_id,
                public_key: pair.public_key,
                private_key: pair.private_key,
                project_id: details.project_id,
                ssh_key_description: "created by ssm",
                ssh_key_name: details.resource_name,
                request_id: call.request_id(),
            })
        })
    }
}

/// The name of the secret with the id of a key pair.
pub(super) fn name_by_key_id(
    store: &ReadTransaction,
    call: &Call,
    key_id: &str,
) -> Result<Option<String>, ApiError> {
    let mut query = SecretQuery {
        conditions: vec![Condition::Type(vec![SecretType::Ecs])],
        parts: Vec::new(),
        order: SortOrder::OldestFirst,
        page: PageRequest {
            offset: 0,
            limit: PAGE_SIZE,
        },
        with_tags: false,
        with_details: true,
    };
    loop {
        let page = store.list_secrets(&call.scope, &query)?;
        for secret in &page.items {
            let listed = secret.details.as_deref();
            let extended_config = listed.and_then(|listed| listed.extended_config.as_deref());
            let details = Details::parse(extended_config)?;
            if details.resource_id == key_id {
                return Ok(Some(secret.name.clone()));
            }
        }
        query.page.offset += u64::from(PAGE_SIZE);
        if query.page.offset >= page.total {
            return Ok(None);
        }
    }
}

/// The number of secrets that are read at once. A region usually has few key pairs.
const PAGE_SIZE: u32 = 100;

/// The reply to `GetSSHKeyPairValue`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSshKeyPairValueResponse {
    /// The id of the key pair.
    #[serde(rename = "SSHKeyID")]
    ssh_key_id: String,
    /// The public key, as in a file `authorized_keys`.
    public_key: String,
    /// The private key, in PEM.
    private_key: String,
    /// The project of the key pair.
    #[serde(rename = "ProjectID")]
    project_id: i64,
    /// The description of the key pair.
    #[serde(rename = "SSHKeyDescription")]
    ssh_key_description: &'static str,
    /// The name of the key pair.
    #[serde(rename = "SSHKeyName")]
    ssh_key_name: String,
    /// The id of the request.
    request_id: String,
}
