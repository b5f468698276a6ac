//! The operations, one file each, and the table that dispatch and documents read.

mod create_product_secret;
mod create_secret;
mod create_service;
mod create_ssh_key_pair_secret;
mod delete_secret;
mod delete_secret_version;
mod describe_async_request_info;
mod describe_rotation_detail;
mod describe_rotation_history;
mod describe_secret;
mod describe_supported_products;
mod disable_secret;
mod enable_secret;
mod get_regions;
mod get_secret_value;
mod get_service_status;
mod get_ssh_key_pair_value;
mod list_secret_version_ids;
mod list_secrets;
pub(crate) mod names;
pub(crate) mod permissions;
mod put_secret_value;
mod restore_secret;
mod rotate_product_secret;
mod update_description;
mod update_rotation_status;
mod update_secret;

use crate::clouds::service::{SupportedOperation, supported};
use crate::clouds::tencent::api3::protocol::Api3;

/// The operations that the emulator supports. A new operation is a new file and its row here.
pub(crate) static SUPPORTED: &[SupportedOperation<Api3>] = &[
    supported::<Api3, create_secret::CreateSecret>(),
    supported::<Api3, describe_secret::DescribeSecret>(),
    supported::<Api3, list_secrets::ListSecrets>(),
    supported::<Api3, get_secret_value::GetSecretValue>(),
    supported::<Api3, put_secret_value::PutSecretValue>(),
    supported::<Api3, update_secret::UpdateSecret>(),
    supported::<Api3, update_description::UpdateDescription>(),
    supported::<Api3, enable_secret::EnableSecret>(),
    supported::<Api3, disable_secret::DisableSecret>(),
    supported::<Api3, delete_secret::DeleteSecret>(),
    supported::<Api3, restore_secret::RestoreSecret>(),
    supported::<Api3, delete_secret_version::DeleteSecretVersion>(),
    supported::<Api3, list_secret_version_ids::ListSecretVersionIds>(),
    supported::<Api3, create_product_secret::CreateProductSecret>(),
    supported::<Api3, describe_async_request_info::DescribeAsyncRequestInfo>(),
    supported::<Api3, rotate_product_secret::RotateProductSecret>(),
    supported::<Api3, update_rotation_status::UpdateRotationStatus>(),
    supported::<Api3, describe_rotation_detail::DescribeRotationDetail>(),
    supported::<Api3, describe_rotation_history::DescribeRotationHistory>(),
    supported::<Api3, create_ssh_key_pair_secret::CreateSshKeyPairSecret>(),
    supported::<Api3, get_ssh_key_pair_value::GetSshKeyPairValue>(),
    supported::<Api3, get_regions::GetRegions>(),
    supported::<Api3, get_service_status::GetServiceStatus>(),
    supported::<Api3, describe_supported_products::DescribeSupportedProducts>(),
    supported::<Api3, create_service::CreateService>(),
];
