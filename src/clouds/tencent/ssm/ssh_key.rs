//! RSA key pairs for SSH, as CVM creates them: the public key in a line, the private key in PEM (PKCS #1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use rsa::{PrivateKey, PublicKey};
use serde::{Deserialize, Serialize};

use crate::clouds::cause::Cause;
use crate::clouds::tencent::api3::error::ApiError;

const ALGORITHM: &str = "ssh-rsa";
const BITS: usize = 2048;

/// A key pair, as a version of a secret has it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyPair {
    pub public_key: String,
    pub private_key: String,
}

impl KeyPair {
    /// A new key pair. The public key ends with the id of the pair.
    ///
    /// # Errors
    ///
    /// `InternalError` if the library cannot create one.
    pub(super) fn new(id: &str) -> Result<Self, ApiError> {
        let internal = |cause: Cause| ApiError::InternalError(cause);
        let private =
            PrivateKey::new(&mut rand::rng(), BITS).map_err(|error| internal(Cause::new(error)))?;
        let pem = private
            .to_pkcs1_pem(LineEnding::LF)
            .map_err(|error| internal(Cause::new(error)))?;
        let public = STANDARD.encode(public_key(&private.to_public_key()));
        Ok(Self {
            public_key: format!("{ALGORITHM} {public} {id}"),
            private_key: pem.trim_end().to_owned(),
        })
    }
}

/// A public key in the format of SSH (RFC 4253): the algorithm, the exponent and the modulus.
fn public_key(key: &PublicKey) -> Vec<u8> {
    let integer = |bytes: Vec<u8>| {
        // The first bit is the sign.
        let sign = bytes.first().is_some_and(|first| *first >= 0x80);
        let zero: &[u8] = if sign { &[0] } else { &[] };
        [zero, &bytes].concat()
    };
    let parts = [
        ALGORITHM.as_bytes().to_vec(),
        integer(without_zeros(&key.e_bytes())),
        integer(without_zeros(&key.n_bytes())),
    ];
    let mut bytes = Vec::new();
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or_default();
        bytes.extend(length.to_be_bytes());
        bytes.extend(part);
    }
    bytes
}

fn without_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::BoxedUint;
    use rsa::pkcs1::DecodeRsaPrivateKey;

    #[test]
    fn a_public_key_has_the_fields_of_rfc_4253() {
        let modulus = BoxedUint::from_be_slice(&[[0xc1; 1].as_slice(), &[7; 255]].concat(), 2048);
        let key = PublicKey::new(modulus.unwrap(), BoxedUint::from(65537_u32)).unwrap();
        let bytes = public_key(&key);
        let expected = [
            b"\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\x01\x01\0\xc1".as_slice(),
            &[7; 255],
        ];
        assert_eq!(bytes, expected.concat());
    }

    #[test]
    fn the_keys_of_a_pair_belong_together() {
        let pair = KeyPair::new("skey-12345678").unwrap();
        let private = PrivateKey::from_pkcs1_pem(&pair.private_key).unwrap();
        let public = STANDARD.encode(public_key(&private.to_public_key()));
        assert_eq!(pair.public_key, format!("ssh-rsa {public} skey-12345678"));
        assert!(pair.private_key.ends_with("-----END RSA PRIVATE KEY-----"));
    }
}
