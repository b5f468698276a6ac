//! `DescribeSecret`: the metadata of a secret.

use schemars::JsonSchema;
use serde::Serialize;

use super::list_secrets::FETCH_TAGS;
use crate::clouds::alibaba::kms::errors::NOT_FOUND;
use crate::clouds::alibaba::kms::managed::ManagedMembers;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::{Tags, Time, planned_delete_time};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Describes a secret, even if it is planned to be deleted.
pub(super) struct DescribeSecret {
    secret: SecretReference,
    fetch_tags: bool,
}

impl Operation<Rpc> for DescribeSecret {
    const ACTION: &'static str = "DescribeSecret";
    const SUMMARY: &'static str = "Describes a secret, without its values.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describesecret";
    const EVIDENCE: &'static str = "documented (name or ARN: 2026), SDK; no `EncryptionKeyId` of a secret that was created without one: Terraform provider";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME_OR_ARN, &FETCH_TAGS];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND];
    type Response = DescribeSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            fetch_tags: FETCH_TAGS.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<DescribeSecretResponse, ApiError> {
        let (_, secret) = call.read(|store| call.find(store, &self.secret, &NOT_FOUND))?;
        Ok(DescribeSecretResponse {
            arn: call.arn(&secret.name),
            managed: ManagedMembers::of(&secret, true),
            secret_name: secret.name,
            description: secret.description,
            encryption_key_id: secret.encryption_key_id,
            secret_type: secret.secret_type.name(),
            create_time: Time(secret.created_at),
            update_time: Time(secret.updated_at),
            planned_delete_time: planned_delete_time(secret.state),
            dkms_instance_id: secret.dkms_instance_id,
            owing_service: secret.owing_service,
            tags: self.fetch_tags.then(|| secret.tags.into()),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeSecretResponse {
    /// The id of the request.
    request_id: String,
    /// The ARN of the secret.
    arn: String,
    /// Its name.
    secret_name: String,
    /// Its description; may be empty.
    description: String,
    /// The key that encrypts it; only if the secret was created with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_key_id: Option<String>,
    /// Its type.
    secret_type: &'static str,
    /// When it was created.
    create_time: Time,
    /// When it was last changed.
    update_time: Time,
    /// When it will be deleted; only if that is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_delete_time: Option<Time>,
    /// Its KMS instance; only if it has one.
    #[serde(rename = "DKMSInstanceId", skip_serializing_if = "Option::is_none")]
    dkms_instance_id: Option<String>,
    /// The cloud service that owns it, if any. The spelling is the vendor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    owing_service: Option<String>,
    #[serde(flatten)]
    managed: ManagedMembers,
    /// Its tags; only with `FetchTags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags>,
}
