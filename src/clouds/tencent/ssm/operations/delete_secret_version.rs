//! `DeleteSecretVersion`: deletes one version of a secret, at once.

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::NOT_FOUND;
use crate::clouds::tencent::ssm::resource::{SECRET_NAME, VERSION_ID};
use crate::clouds::tencent::ssm::shapes::NamedVersion;

/// Deletes a version, in any state of the secret. The last version can be deleted too.
pub(super) struct DeleteSecretVersion {
    name: String,
    version_id: String,
}

impl Operation<Api3> for DeleteSecretVersion {
    const ACTION: &'static str = "DeleteSecretVersion";
    const SUMMARY: &'static str = "Deletes a version of a secret, even the last one.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38654";
    const EVIDENCE: &'static str = "documented, SDK, recorded";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME, &VERSION_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND];
    const RATE_LIMIT: u32 = 50;
    const WRITES: bool = true;
    type Response = NamedVersion;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            version_id: VERSION_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedVersion, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find(store, &self.name)?;
            let mut kept = store.versions(id)?;
            let before = kept.len();
            kept.retain(|version| version.version_id != self.version_id);
            if kept.len() == before {
                return Err((&NOT_FOUND).into());
            }
            store.keep_versions(id, &kept)?;
            Ok(NamedVersion::new(secret.name, self.version_id, call))
        })
    }
}
