//! `ImportKeyMaterial`: imports the material of a key.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, EXPIRED_IMPORT_TOKEN, INVALID_IMPORT_TOKEN, INVALID_KEY_MATERIAL,
    KEY_NOT_FOUND, STATE_NOT_MODIFIED, UNSUPPORTED_ORIGIN,
};
use crate::clouds::alibaba::kms::keys::material;
use crate::clouds::alibaba::kms::keys::pair::ImportAlgorithm;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, primary_version};
use crate::clouds::alibaba::kms::shapes::{EmptyResponse, LATEST_TIME};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Bytes, Optional, Parsed, Required, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Cmk, KeyMaterial, KeyOrigin, KeySpec, KeyState};
use crate::store::Import;

const ENCRYPTED_KEY_MATERIAL: Required<Bytes> = Required(Bytes {
    name: "EncryptedKeyMaterial",
    maximum: 4096,
    sensitive: true,
    help: "The key material, encrypted with the public key of `GetParametersForImport`, in Base64.",
});

const IMPORT_TOKEN: Required<Bytes> = Required(Bytes {
    name: "ImportToken",
    maximum: 1024,
    sensitive: true,
    help: "The token of `GetParametersForImport`.",
});

/// Not required, although the page says so: the classic SDKs do not send 0.
const KEY_MATERIAL_EXPIRE_UNIX: Parsed<Option<DateTime<Utc>>> = Parsed {
    name: "KeyMaterialExpireUnix",
    rule: "Unix seconds, not in the past; 0: never",
    help: "When the key material expires.",
    parse: |text| match text.parse().ok()? {
        0 => Some(None),
        seconds => DateTime::from_timestamp(seconds, 0)
            .filter(|time| *time <= LATEST_TIME)
            .map(Some),
    },
};

/// Imports the material of a key with the origin `EXTERNAL`. Material that expired or was deleted can be imported again, but no other.
pub(crate) struct ImportKeyMaterial {
    key: KeyReference,
    encrypted: Vec<u8>,
    token: Vec<u8>,
    expires_at: Option<DateTime<Utc>>,
}

impl Operation<Rpc> for ImportKeyMaterial {
    const ACTION: &'static str = "ImportKeyMaterial";
    const SUMMARY: &'static str = "Imports the material of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-importkeymaterial";
    const EVIDENCE: &'static str = "documented, SDK (states: *Impact of CMK states*); the code for other material than before: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &ENCRYPTED_KEY_MATERIAL,
        &IMPORT_TOKEN,
        &KEY_MATERIAL_EXPIRE_UNIX,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &UNSUPPORTED_ORIGIN,
        &INVALID_IMPORT_TOKEN,
        &EXPIRED_IMPORT_TOKEN,
        &INVALID_KEY_MATERIAL,
        &STATE_NOT_MODIFIED,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        let encrypted = ENCRYPTED_KEY_MATERIAL.read(arguments)?;
        let token = IMPORT_TOKEN.read(arguments)?;
        let expires_at = KEY_MATERIAL_EXPIRE_UNIX.find(arguments)?.flatten();
        if expires_at.is_some_and(|time| time < call.now()) {
            return Err(invalid(KEY_MATERIAL_EXPIRE_UNIX.name));
        }
        Ok(Self {
            key,
            encrypted,
            token,
            expires_at,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_key(store, &self.key)?;
            if cmk.origin != KeyOrigin::External {
                return Err((&UNSUPPORTED_ORIGIN).into());
            }
            if matches!(cmk.state, KeyState::PendingDeletion { .. }) {
                return Err((&STATE_NOT_MODIFIED).into());
            }
            let import = store.import(id, &self.token)?;
            let import = import.ok_or(&INVALID_IMPORT_TOKEN)?;
            if import.expires_at < call.now() {
                return Err((&EXPIRED_IMPORT_TOKEN).into());
            }
            let mut version = primary_version(store, id)?;
            version.material = Some(self.material(&import, cmk.spec)?);
            let digest = version
                .material
                .as_ref()
                .map(|m| Sha256::digest(m.expose()).to_vec());
            if version.imported_digest.is_some() && version.imported_digest != digest {
                return Err((&INVALID_KEY_MATERIAL).into());
            }
            version.imported_digest = digest;
            store.set_cmk_material(id, &version)?;
            let after = Cmk {
                state: match cmk.state {
                    KeyState::PendingImport => KeyState::Enabled,
                    state => state,
                },
                material_expires_at: self.expires_at,
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}

impl ImportKeyMaterial {
    /// The decrypted material.
    fn material(&self, import: &Import, spec: KeySpec) -> Result<KeyMaterial, ApiError> {
        let algorithm = ImportAlgorithm::from_name(&import.algorithm);
        let private_key = import.private_key.expose();
        let decrypted =
            algorithm.and_then(|algorithm| algorithm.unwrap(private_key, &self.encrypted));
        let bytes = decrypted.filter(|bytes| material::is_valid(spec, bytes));
        let bytes = bytes.ok_or(&INVALID_KEY_MATERIAL)?;
        Ok(bytes.into())
    }
}
