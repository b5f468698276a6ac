//! `DescribeSecret`: describes a secret, without its values.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::errors::NOT_FOUND;
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes::{self, AccountInfo};
use crate::model::Secret;

/// Describes a secret.
pub(super) struct DescribeSecret {
    name: String,
}

impl Operation<Api3> for DescribeSecret {
    const ACTION: &'static str = "DescribeSecret";
    const SUMMARY: &'static str = "Describes a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38653";
    const EVIDENCE: &'static str = "documented, SDK; accounts before the current one: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND];
    const RATE_LIMIT: u32 = 100;
    type Response = DescribeSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<DescribeSecretResponse, ApiError> {
        call.read(|store| {
            let (id, secret) = call.find(store, &self.name)?;
            let details = Details::parse(secret.extended_config.as_deref())?;
            let accounts = shapes::accounts(store, id, &secret, &details)?;
            Ok(DescribeSecretResponse::new(secret, details, accounts, call))
        })
    }
}

/// The reply to `DescribeSecret`. `RotationStatus` is a boolean and `NextRotationTime` a string here; in
/// `ListSecrets` both are numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// The description.
    description: String,
    /// The id of the KMS key that encrypts the secret; empty for a software key.
    kms_key_id: String,
    /// The account that created the secret.
    create_uin: u64,
    /// The state: `Enabled`, `Disabled`, `PendingDelete`, `Creating` or `Failed`.
    status: &'static str,
    /// The time of the planned deletion, in Unix seconds; 0 if none is planned.
    delete_time: u64,
    /// The creation time, in Unix seconds.
    create_time: u64,
    /// The number of the type: 0 for a custom secret.
    secret_type: i64,
    /// The cloud product that the secret belongs to; `default` for a custom secret.
    product_name: String,
    /// The instance of the cloud product, or the id of a custom secret as a resource.
    #[serde(rename = "ResourceID")]
    resource_id: String,
    /// Whether automatic rotation is on.
    rotation_status: bool,
    /// The days between two rotations.
    rotation_frequency: i64,
    /// The name of the SSH key pair.
    resource_name: String,
    /// The project of the SSH key pair.
    #[serde(rename = "ProjectID")]
    project_id: i64,
    /// The machines that use the SSH key pair.
    #[serde(rename = "AssociatedInstanceIDs")]
    associated_instance_ids: Vec<String>,
    /// The account of the API key.
    target_uin: u64,
    /// The additional configuration, as JSON.
    additional_config: String,
    /// 0: encrypted with a KMS key; 1: with a software key.
    encrypt_type: u64,
    /// Whether the encryption key is being changed.
    encrypt_switching: bool,
    /// The account that created the secret, as text.
    create_uin_string: String,
    /// The account of the API key, as text.
    target_uin_string: String,
    /// The accounts of a cloud product's secret.
    account_info_list: Vec<AccountInfo>,
    /// The time of the next rotation.
    next_rotation_time: String,
    /// The id of the request.
    request_id: String,
}

impl DescribeSecretResponse {
    fn new(
        secret: Secret,
        details: Details,
        account_info_list: Vec<AccountInfo>,
        call: &Call,
    ) -> Self {
        let (create_uin, create_uin_string) = shapes::creator(secret.creator.as_deref(), call);
        let next_rotation_time = match details.next_rotation_time {
            0 => String::new(),
            time => time.to_string(),
        };
        Self {
            kms_key_id: shapes::kms_key_id(secret.encryption_key_id.as_deref(), call),
            create_uin,
            status: shapes::status(secret.state),
            delete_time: secret.state.planned_delete_at().map_or(0, shapes::time),
            create_time: shapes::time(secret.created_at),
            secret_type: shapes::type_number(secret.secret_type),
            product_name: shapes::product_name(secret.owing_service.as_deref()),
            resource_id: details.resource_id,
            rotation_status: details.rotation_status != 0,
            rotation_frequency: details.rotation_frequency,
            resource_name: details.resource_name,
            project_id: details.project_id,
            target_uin: details.target_uin,
            additional_config: details.additional_config,
            encrypt_type: shapes::encrypt_type(secret.encryption()),
            encrypt_switching: details.encrypt_switching,
            create_uin_string,
            target_uin_string: details.target_uin.to_string(),
            account_info_list,
            next_rotation_time,
            secret_name: secret.name,
            description: secret.description,
            associated_instance_ids: secret.associated_instance_ids,
            request_id: call.request_id(),
        }
    }
}
