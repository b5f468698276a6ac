//! `DescribeSecret`: all that is known of a secret but its values.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, Refusal};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::errors::NOT_FOUND;
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes;
use crate::model::Secret;

/// Describes a secret.
pub struct DescribeSecret {
    name: String,
}

impl Operation<Api3> for DescribeSecret {
    const ACTION: &'static str = "DescribeSecret";
    const SUMMARY: &'static str = "Describes a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38653";
    const EVIDENCE: &'static str = "documented, SDK";
    const DIFFERENCES: &'static str = "`AccountInfoList` is always empty.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static Refusal] = &[&NOT_FOUND];
    const RATE_LIMIT: u32 = 100;
    type Response = DescribeSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<DescribeSecretResponse, ApiError> {
        let (_, secret) = call.read(|store| call.find(store, &self.name))?;
        DescribeSecretResponse::new(secret, call)
    }
}

/// The reply to `DescribeSecret`. Unlike in a list, the status of rotation is a flag here, and the
/// time of the next one a text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// What it is for.
    description: String,
    /// The key that encrypts it; empty for a software key.
    kms_key_id: String,
    /// The account that created it.
    create_uin: u64,
    /// Its state: `Enabled`, `Disabled`, `PendingDelete`, `Creating` or `Failed`.
    status: &'static str,
    /// When it will be gone, in Unix seconds; 0 where that is not planned.
    delete_time: u64,
    /// When it was created, in Unix seconds.
    create_time: u64,
    /// Its type by number: 0 for a secret of the user's own.
    secret_type: i64,
    /// The cloud product it is of; `default` for none.
    product_name: String,
    /// Its id as a resource.
    #[serde(rename = "ResourceID")]
    resource_id: String,
    /// Whether it is rotated by itself.
    rotation_status: bool,
    /// The days from one rotation to the next.
    rotation_frequency: i64,
    /// The name of the product's resource.
    resource_name: String,
    /// The project of the product's resource.
    #[serde(rename = "ProjectID")]
    project_id: i64,
    /// The product's instances.
    #[serde(rename = "AssociatedInstanceIDs")]
    associated_instance_ids: Vec<String>,
    /// The account whose key is kept.
    target_uin: u64,
    /// More about the secret, as JSON.
    additional_config: String,
    /// 0: encrypted with a KMS key; 1: with a software key.
    encrypt_type: u64,
    /// Whether the key is being changed.
    encrypt_switching: bool,
    /// The account that created it, as text.
    create_uin_string: String,
    /// The account whose key is kept, as text.
    target_uin_string: String,
    /// The accounts of a product's secret.
    account_info_list: Vec<String>,
    /// When it is rotated next.
    next_rotation_time: String,
    /// The id of the request.
    request_id: String,
}

impl DescribeSecretResponse {
    fn new(secret: Secret, call: &Call) -> Result<Self, ApiError> {
        let details = Details::parse(secret.extended_config.as_deref())?;
        let (create_uin, create_uin_string) = shapes::creator(secret.creator.as_deref(), call);
        let next_rotation_time = match details.next_rotation_time {
            0 => String::new(),
            time => time.to_string(),
        };
        Ok(Self {
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
            account_info_list: Vec::new(),
            next_rotation_time,
            secret_name: secret.name,
            description: secret.description,
            associated_instance_ids: secret.associated_instance_ids,
            request_id: call.request_id(),
        })
    }
}
