//! `DescribeKeyVersion`: a version of a key.

use super::key_version::{KEY_VERSION_ID, KeyVersion, KeyVersionResponse};
use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND, KEY_VERSION_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Describes a version of a key.
pub(crate) struct DescribeKeyVersion {
    key: KeyReference,
    version_id: String,
}

impl Operation<Rpc> for DescribeKeyVersion {
    const ACTION: &'static str = "DescribeKeyVersion";
    const SUMMARY: &'static str = "Describes a version of a key, without its material.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekeyversion";
    const EVIDENCE: &'static str = "documented, SDK";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &KEY_VERSION_ID];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND, &KEY_VERSION_NOT_FOUND];
    type Response = KeyVersionResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<KeyVersionResponse, ApiError> {
        let key_version = call.read(|store| {
            let (id, cmk) =
                call.find_shared_key(store, &self.key, Some("kms:DescribeKeyVersion"))?;
            let version = store.cmk_version(id, &self.version_id)?;
            let version = version.ok_or(&KEY_VERSION_NOT_FOUND)?;
            Ok(KeyVersion::new(&cmk.key_id, version))
        })?;
        Ok(KeyVersionResponse {
            key_version,
            request_id: call.request_id(),
        })
    }
}
