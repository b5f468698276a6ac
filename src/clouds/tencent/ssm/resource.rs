//! Names and versions of secrets, the default KMS key, and the states in which a secret can be used.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::details::Details;
use super::managed;
use super::shapes::NamedSecret;
use crate::clouds::digest;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Text, TextRule};
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::api3::request::Request;
use crate::clouds::tencent::ssm::errors::{
    AUTO_ROTATED, DISABLED, NOT_FOUND, NOT_WHILE_PENDING_DELETE, PENDING_DELETED,
    ROTATION_FORBIDDEN, UNINITIALIZED,
};
use crate::model::{Scope, Secret, SecretType, State};
use crate::store::{ReadTransaction, SecretId};

/// The name of a secret.
pub(super) const SECRET_NAME: Text = Text {
    name: "SecretName",
    rule: TextRule::Name(128, "_-"),
    required: true,
    sensitive: false,
    help: "The name of the secret, unique in its region.",
};

/// The longest name of a secret, in characters, that the text of an error repeats.
const MAX_SHOWN_CHARACTERS: usize = 128;

/// The secret that a request names, in the form of the vendor's access control, for the text of an error. `*`
/// if it names none.
pub(super) fn named_by(request: &Request, scope: &Scope) -> String {
    let name = request.text("SecretName").unwrap_or_default();
    if !(1..=MAX_SHOWN_CHARACTERS).contains(&name.chars().count()) {
        return "*".to_owned();
    }
    six_segments(scope, &format!("creatorUin/{}/{name}", scope.account))
}

/// The six segments of the secret with this id, or of all for `*`.
pub(super) fn six_segments(scope: &Scope, id: &str) -> String {
    let Scope {
        region, account, ..
    } = scope;
    format!("qcs::ssm:{region}:uin/{account}:secret/{id}")
}

/// The rule for version ids.
pub(super) const VERSION_RULE: TextRule = TextRule::Name(64, "_.-");

/// The id of a version.
pub(super) const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: VERSION_RULE,
    required: true,
    sensitive: false,
    help: "The id of the version, unique in the secret.",
};

/// The default id of the first version.
pub(super) const CURRENT: &str = "SSM_Current";

/// The value in the store for a secret that the region's default key encrypts.
pub(super) const DEFAULT_KEY: &str = "";

/// The id of the default key of a region, which does not change.
pub(super) fn default_key_id(region: &str) -> String {
    let digest = digest::sha256(format!("kms-emulator default key of {region}").as_bytes());
    let bytes = std::array::from_fn(|index| digest[index]);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// Returns a Base64 value without line breaks; absent if it is empty or not Base64. `Base64.encode64` of Ruby
/// breaks lines after 60 characters, `chunk_split` of PHP after 76. Assumption: the service ignores line breaks
/// and does not return them.
pub(super) fn base64(mut text: String) -> Option<String> {
    text.retain(|character| !matches!(character, '\r' | '\n'));
    let is_valid = !text.is_empty() && STANDARD.decode(&text).is_ok();
    is_valid.then_some(text)
}

impl Call<'_> {
    /// Returns the secret with this name.
    ///
    /// # Errors
    ///
    /// `ResourceNotFound`.
    pub(crate) fn find(
        &self,
        store: &ReadTransaction,
        name: &str,
    ) -> Result<(SecretId, Secret), ApiError> {
        store
            .secret(&self.scope, name)?
            .ok_or_else(|| (&NOT_FOUND).into())
    }

    /// Returns the secret with this name if its state allows changes: enabled or disabled.
    ///
    /// # Errors
    ///
    /// `ResourceNotFound`, and those of [`check_usable`].
    pub(crate) fn find_usable(
        &self,
        store: &ReadTransaction,
        name: &str,
    ) -> Result<(SecretId, Secret), ApiError> {
        let (id, secret) = self.find(store, name)?;
        check_usable(&secret)?;
        Ok((id, secret))
    }

    /// Returns the secret with this name if clients can set its values.
    ///
    /// # Errors
    ///
    /// Those of [`find_usable`](Self::find_usable), and `OperationDenied.AutoRotatedResource`.
    pub(crate) fn find_custom(
        &self,
        store: &ReadTransaction,
        name: &str,
    ) -> Result<(SecretId, Secret), ApiError> {
        let (id, secret) = self.find(store, name)?;
        if secret.secret_type != SecretType::Generic {
            return Err((&AUTO_ROTATED).into());
        }
        check_usable(&secret)?;
        Ok((id, secret))
    }

    /// Returns the secret of a cloud product with this name, and its details.
    ///
    /// # Errors
    ///
    /// `ResourceNotFound`, `FailedOperation.RotationForbidden` for a secret of another type.
    pub(super) fn find_managed(
        &self,
        store: &ReadTransaction,
        name: &str,
    ) -> Result<(SecretId, Secret, Details), ApiError> {
        let (id, secret) = self.find(store, name)?;
        if !managed::can_rotate(secret.secret_type) {
            return Err((&ROTATION_FORBIDDEN).into());
        }
        let details = Details::parse(secret.extended_config.as_deref())?;
        Ok((id, secret, details))
    }

    /// Enables or disables a secret.
    ///
    /// # Errors
    ///
    /// Those of [`find_usable`](Self::find_usable).
    pub(crate) fn set_state(&self, name: &str, state: State) -> Result<NamedSecret, ApiError> {
        self.write(|store| {
            let (id, secret) = self.find_usable(store, name)?;
            let mut after = secret.clone();
            after.state = state;
            if managed::can_rotate(secret.secret_type) {
                let mut details = Details::parse(secret.extended_config.as_deref())?;
                details.skip_missed_rotations(self.now());
                after.rotation.next_at = details.due_at(state);
                after.extended_config = Some(details.to_json());
            }
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, self))
        })
    }
}

/// Checks that a secret is enabled.
///
/// # Errors
///
/// `ResourceUnavailable.ResourceDisabled`, `.ResourcePendingDeleted`, `.ResourceUninitialized`.
pub(super) fn check_enabled(secret: &Secret) -> Result<(), ApiError> {
    match secret.state {
        State::Enabled => Ok(()),
        State::Disabled => Err((&DISABLED).into()),
        State::PendingDeletion { .. } => Err((&PENDING_DELETED).into()),
        State::Creating | State::Failed => Err((&UNINITIALIZED).into()),
    }
}

/// Checks that a secret is enabled or disabled.
///
/// # Errors
///
/// `FailedOperation` if it is pending deletion, `ResourceUnavailable.ResourceUninitialized` if a cloud
/// product has not created it.
pub(super) fn check_usable(secret: &Secret) -> Result<(), ApiError> {
    match secret.state {
        State::Enabled | State::Disabled => Ok(()),
        State::PendingDeletion { .. } => Err((&NOT_WHILE_PENDING_DELETE).into()),
        State::Creating | State::Failed => Err((&UNINITIALIZED).into()),
    }
}
