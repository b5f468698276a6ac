//! `UpdateSecret`: overwrites the value of a version.

use super::put_secret_value::{self, SECRET_BINARY, SECRET_STRING, Value};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{
    AUTO_ROTATED, NOT_FOUND, NOT_WHILE_PENDING_DELETE, UNINITIALIZED,
};
use crate::clouds::tencent::ssm::resource::{SECRET_NAME, VERSION_ID};
use crate::clouds::tencent::ssm::shapes::NamedVersion;

/// Overwrites the value of a version; the old value is not kept.
pub(super) struct UpdateSecret {
    name: String,
    version_id: String,
    value: Value,
}

impl Operation<Api3> for UpdateSecret {
    const ACTION: &'static str = "UpdateSecret";
    const SUMMARY: &'static str = "Overwrites the value of a version.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38642";
    const EVIDENCE: &'static str =
        "documented, SDK; the version keeps its creation time: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] =
        &[&SECRET_NAME, &VERSION_ID, &SECRET_BINARY, &SECRET_STRING];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &AUTO_ROTATED,
        &NOT_WHILE_PENDING_DELETE,
        &UNINITIALIZED,
    ];
    const RATE_LIMIT: u32 = 50;
    const WRITES: bool = true;
    type Response = NamedVersion;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            version_id: VERSION_ID.read(arguments)?,
            value: put_secret_value::value(arguments, call)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedVersion, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret) = call.find_custom(store, &self.name)?;
            let version = self.value.into_version(self.version_id, now);
            if !store.overwrite_version(id, &version)? {
                return Err((&NOT_FOUND).into());
            }
            let mut after = secret.clone();
            after.updated_at = now;
            store.update_secret(id, &secret, &after)?;
            Ok(NamedVersion::new(secret.name, version.version_id, call))
        })
    }
}
