//! The operations, one file each, and the table that dispatch and documents read.

mod batch_get_secret_value;
mod create_secret;
mod delete_secret;
mod describe_account_kms_status;
mod describe_regions;
mod describe_secret;
mod get_random_password;
mod get_secret_policy;
mod get_secret_value;
mod keys;
mod list_resource_tags;
mod list_secret_version_ids;
mod list_secrets;
mod list_tag_resources;
pub(crate) mod names;
mod open_kms_service;
pub(crate) mod permissions;
mod put_secret_value;
mod restore_secret;
mod rotate_secret;
mod set_secret_policy;
mod tag_resource;
mod tag_resources;
mod untag_resource;
mod untag_resources;
mod update_secret;
mod update_secret_rotation_policy;
mod update_secret_version_stage;

pub(crate) use describe_regions::REGIONS;

use crate::clouds::alibaba::rpc::protocol::Rpc;
use crate::clouds::service::{SupportedOperation, supported};

/// The operations that the emulator supports. A new operation is a new file and its row here.
pub(crate) static SUPPORTED: &[SupportedOperation<Rpc>] = &[
    supported::<Rpc, create_secret::CreateSecret>(),
    supported::<Rpc, describe_secret::DescribeSecret>(),
    supported::<Rpc, list_secrets::ListSecrets>(),
    supported::<Rpc, get_secret_value::GetSecretValue>(),
    supported::<Rpc, batch_get_secret_value::BatchGetSecretValue>(),
    supported::<Rpc, put_secret_value::PutSecretValue>(),
    supported::<Rpc, list_secret_version_ids::ListSecretVersionIds>(),
    supported::<Rpc, update_secret::UpdateSecret>(),
    supported::<Rpc, update_secret_version_stage::UpdateSecretVersionStage>(),
    supported::<Rpc, update_secret_rotation_policy::UpdateSecretRotationPolicy>(),
    supported::<Rpc, rotate_secret::RotateSecret>(),
    supported::<Rpc, delete_secret::DeleteSecret>(),
    supported::<Rpc, restore_secret::RestoreSecret>(),
    supported::<Rpc, get_random_password::GetRandomPassword>(),
    supported::<Rpc, set_secret_policy::SetSecretPolicy>(),
    supported::<Rpc, get_secret_policy::GetSecretPolicy>(),
    supported::<Rpc, tag_resource::TagResource>(),
    supported::<Rpc, untag_resource::UntagResource>(),
    supported::<Rpc, tag_resources::TagResources>(),
    supported::<Rpc, untag_resources::UntagResources>(),
    supported::<Rpc, list_tag_resources::ListTagResources>(),
    supported::<Rpc, list_resource_tags::ListResourceTags>(),
    supported::<Rpc, keys::create_key::CreateKey>(),
    supported::<Rpc, keys::describe_key::DescribeKey>(),
    supported::<Rpc, keys::list_keys::ListKeys>(),
    supported::<Rpc, keys::enable_key::EnableKey>(),
    supported::<Rpc, keys::disable_key::DisableKey>(),
    supported::<Rpc, keys::schedule_key_deletion::ScheduleKeyDeletion>(),
    supported::<Rpc, keys::cancel_key_deletion::CancelKeyDeletion>(),
    supported::<Rpc, keys::update_key_description::UpdateKeyDescription>(),
    supported::<Rpc, keys::set_deletion_protection::SetDeletionProtection>(),
    supported::<Rpc, keys::encrypt::Encrypt>(),
    supported::<Rpc, keys::decrypt::Decrypt>(),
    supported::<Rpc, keys::re_encrypt::ReEncrypt>(),
    supported::<Rpc, keys::generate_data_key::GenerateDataKey>(),
    supported::<Rpc, keys::generate_data_key_without_plaintext::GenerateDataKeyWithoutPlaintext>(),
    supported::<Rpc, keys::create_alias::CreateAlias>(),
    supported::<Rpc, keys::update_alias::UpdateAlias>(),
    supported::<Rpc, keys::delete_alias::DeleteAlias>(),
    supported::<Rpc, keys::list_aliases::ListAliases>(),
    supported::<Rpc, keys::list_aliases_by_key_id::ListAliasesByKeyId>(),
    supported::<Rpc, keys::list_key_versions::ListKeyVersions>(),
    supported::<Rpc, keys::describe_key_version::DescribeKeyVersion>(),
    supported::<Rpc, keys::create_key_version::CreateKeyVersion>(),
    supported::<Rpc, keys::update_rotation_policy::UpdateRotationPolicy>(),
    supported::<Rpc, keys::set_key_policy::SetKeyPolicy>(),
    supported::<Rpc, keys::get_key_policy::GetKeyPolicy>(),
    supported::<Rpc, keys::list_kms_instances::ListKmsInstances>(),
    supported::<Rpc, keys::get_kms_instance::GetKmsInstance>(),
    supported::<Rpc, keys::get_default_kms_instance::GetDefaultKmsInstance>(),
    supported::<Rpc, keys::get_kms_instance_quota_infos::GetKmsInstanceQuotaInfos>(),
    supported::<Rpc, keys::get_public_key::GetPublicKey>(),
    supported::<Rpc, keys::asymmetric_sign::AsymmetricSign>(),
    supported::<Rpc, keys::asymmetric_verify::AsymmetricVerify>(),
    supported::<Rpc, keys::asymmetric_encrypt::AsymmetricEncrypt>(),
    supported::<Rpc, keys::asymmetric_decrypt::AsymmetricDecrypt>(),
    supported::<Rpc, keys::generate_mac::GenerateMac>(),
    supported::<Rpc, keys::verify_mac::VerifyMac>(),
    supported::<Rpc, keys::generate_and_export_data_key::GenerateAndExportDataKey>(),
    supported::<Rpc, keys::export_data_key::ExportDataKey>(),
    supported::<Rpc, keys::get_parameters_for_import::GetParametersForImport>(),
    supported::<Rpc, keys::import_key_material::ImportKeyMaterial>(),
    supported::<Rpc, keys::delete_key_material::DeleteKeyMaterial>(),
    supported::<Rpc, describe_regions::DescribeRegions>(),
    supported::<Rpc, describe_account_kms_status::DescribeAccountKmsStatus>(),
    supported::<Rpc, open_kms_service::OpenKmsService>(),
];
