//! `PutSecretValue`: stores a new version of a secret.

use chrono::{DateTime, Utc};

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{
    AUTO_ROTATED, NOT_FOUND, NOT_WHILE_PENDING_DELETE, TOO_MANY_VERSIONS, UNINITIALIZED,
    VERSION_EXISTS,
};
use crate::clouds::tencent::ssm::resource::{SECRET_NAME, VERSION_ID, base64};
use crate::clouds::tencent::ssm::shapes::NamedVersion;
use crate::model::{DataType, SecretData, SecretVersion};

/// The maximum number of versions of a secret.
const MAX_VERSIONS: usize = 10;

pub(super) const SECRET_BINARY: Text = Text {
    name: "SecretBinary",
    rule: TextRule::Any,
    required: false,
    sensitive: true,
    help: "The value in Base64; up to 32768 bytes (`--tencent-max-value-bytes`). Either this or `SecretString`.",
};

pub(super) const SECRET_STRING: Text = Text {
    name: "SecretString",
    rule: TextRule::Any,
    required: false,
    sensitive: true,
    help: "The value as text; up to 32768 bytes (`--tencent-max-value-bytes`). Either this or `SecretBinary`.",
};

/// The value of a request.
pub(super) struct Value {
    data: SecretData,
    data_type: DataType,
}

/// Reads the one of `SecretString` and `SecretBinary` that is given; an empty one counts as absent.
///
/// # Errors
///
/// `InvalidParameterValue` if both or neither are given, or the value is too long or not Base64.
pub(super) fn value(arguments: &Arguments, call: &Call) -> Result<Value, ApiError> {
    let max = call.settings.max_value_bytes as usize;
    let text = SECRET_STRING.find(arguments)?;
    let binary = SECRET_BINARY.find(arguments)?;
    let (data, data_type) = match (text, binary) {
        (Some(text), None) if text.len() <= max => (text, DataType::Text),
        (None, Some(binary)) => match base64(binary).filter(|text| text.len() <= max) {
            Some(binary) => (binary, DataType::Binary),
            None => return Err(SECRET_BINARY.invalid("")),
        },
        (Some(_), _) | (None, None) => return Err(SECRET_STRING.invalid("")),
    };
    Ok(Value {
        data: data.into(),
        data_type,
    })
}

impl Value {
    /// A version with this value.
    pub(super) fn into_version(self, version_id: String, now: DateTime<Utc>) -> SecretVersion {
        SecretVersion {
            version_id,
            created_at: now,
            data: self.data,
            data_type: self.data_type,
            stages: Vec::new(),
        }
    }
}

/// Stores a new version of a custom secret.
pub(super) struct PutSecretValue {
    name: String,
    version_id: String,
    value: Value,
}

impl Operation<Api3> for PutSecretValue {
    const ACTION: &'static str = "PutSecretValue";
    const SUMMARY: &'static str = "Stores a new version of a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38645";
    const EVIDENCE: &'static str =
        "documented, SDK; an existing version with the same value, states: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] =
        &[&SECRET_NAME, &VERSION_ID, &SECRET_BINARY, &SECRET_STRING];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &AUTO_ROTATED,
        &NOT_WHILE_PENDING_DELETE,
        &UNINITIALIZED,
        &VERSION_EXISTS,
        &TOO_MANY_VERSIONS,
    ];
    const RATE_LIMIT: u32 = 100;
    const WRITES: bool = true;
    type Response = NamedVersion;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            version_id: VERSION_ID.read(arguments)?,
            value: value(arguments, call)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedVersion, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret) = call.find_custom(store, &self.name)?;
            let versions = store.versions(id)?;
            if versions
                .iter()
                .any(|version| version.version_id == self.version_id)
            {
                return Err((&VERSION_EXISTS).into());
            }
            if versions.len() >= MAX_VERSIONS {
                return Err((&TOO_MANY_VERSIONS).into());
            }
            store.add_version(id, &self.value.into_version(self.version_id.clone(), now))?;
            let mut after = secret.clone();
            after.updated_at = now;
            store.update_secret(id, &secret, &after)?;
            Ok(NamedVersion::new(secret.name, self.version_id, call))
        })
    }
}
