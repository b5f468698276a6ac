//! The common part of the operations that create secrets.

use std::slice;

use super::details::{Details, KmsKeyType};
use super::errors::{SECRET_EXISTS, TOO_MANY_SECRETS};
use super::resource::DEFAULT_KEY;
use super::tags::{self, TAGS};
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, Uint64};
use crate::clouds::tencent::api3::protocol::Call;
use crate::model::{Rotation, Secret, SecretType, SecretVersion, State, Tag};

/// The maximum number of secrets in a region.
pub(super) const MAX_SECRETS: u64 = 1000;

pub(super) const MAX_DESCRIPTION_BYTES: usize = 2048;

pub(super) const DESCRIPTION: Text = Text {
    name: "Description",
    rule: TextRule::Bytes(MAX_DESCRIPTION_BYTES),
    required: false,
    sensitive: false,
    help: "What the secret is for.",
};

pub(super) const KMS_KEY_ID: Text = Text {
    name: "KmsKeyId",
    rule: TextRule::Bytes(128),
    required: false,
    sensitive: false,
    help: "The key that encrypts the secret. The id is stored, but nothing is encrypted.",
};

pub(super) const KMS_HSM_CLUSTER_ID: Text = Text {
    name: "KmsHsmClusterId",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The HSM cluster of the key. Ignored.",
};

pub(super) const ENCRYPT_TYPE: Uint64 = Uint64 {
    name: "EncryptType",
    minimum: 0,
    maximum: Some(1),
    default: 0,
    help: "0: encrypted with a KMS key; 1: with a software key.",
};

/// The parameters that secrets of all types have.
pub(super) struct Common {
    name: String,
    description: String,
    kms_key_id: Option<String>,
    tags: Vec<Tag>,
    has_software_key: bool,
}

impl Common {
    /// Reads the parameters beside the name.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for one against its rule, `.TagKeysDuplicated` for a key that occurs twice.
    pub(super) fn read(name: String, arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            name,
            description: DESCRIPTION.find(arguments)?.unwrap_or_default(),
            kms_key_id: KMS_KEY_ID.find(arguments)?,
            tags: tags::checked(TAGS.read(arguments)?)?,
            has_software_key: ENCRYPT_TYPE.read(arguments)? == 1,
        })
    }
}

/// The properties that depend on the type of a secret.
pub(super) struct Kind {
    pub secret_type: SecretType,
    pub state: State,
    /// The cloud product; absent for a custom secret.
    pub product: Option<String>,
    pub details: Details,
}

/// Creates a secret, and returns its name.
///
/// # Errors
///
/// `ResourceInUse.SecretExists`, `LimitExceeded`.
pub(super) fn create(
    call: &Call,
    common: Common,
    kind: Kind,
    version: Option<&SecretVersion>,
) -> Result<String, ApiError> {
    let now = call.now();
    let Kind {
        secret_type,
        state,
        product,
        mut details,
    } = kind;
    details.kms_key_type = match common.kms_key_id {
        Some(_) if !common.has_software_key => KmsKeyType::Customer,
        _ => KmsKeyType::Default,
    };
    let key = common.kms_key_id.unwrap_or_else(|| DEFAULT_KEY.to_owned());
    let has_instance = matches!(secret_type, SecretType::Rds | SecretType::Redis);
    let secret = Secret {
        name: common.name,
        secret_type,
        description: common.description,
        created_at: now,
        updated_at: now,
        state,
        encryption_key_id: (!common.has_software_key).then_some(key),
        dkms_instance_id: has_instance.then(|| details.resource_id.clone()),
        associated_instance_ids: Vec::new(),
        owing_service: product,
        creator: None,
        rotation: Rotation {
            last_at: (has_instance && version.is_some()).then_some(now),
            next_at: details.due_at(state),
            ..Rotation::default()
        },
        extended_config: Some(details.to_json()),
        tags: common.tags,
    };
    call.write(|store| {
        if store.secret(&call.scope, &secret.name)?.is_some() {
            return Err((&SECRET_EXISTS).into());
        }
        if store.count_secrets_of(&call.scope)? >= MAX_SECRETS {
            return Err((&TOO_MANY_SECRETS).into());
        }
        let versions = version.map_or(&[][..], slice::from_ref);
        store.create_secret(&call.scope, &secret, versions)?;
        Ok(())
    })?;
    Ok(secret.name)
}
