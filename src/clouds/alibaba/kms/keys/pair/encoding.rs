//! The encoding of private keys. The key itself is not checked, because that takes long, and the keys of fixtures are
//! loaded at each start.

use k256::Secp256k1;
use p256::NistP256;
use p256::elliptic_curve;
use rsa::pkcs1::{self, RsaPrivateKeyRef};
use rsa::pkcs8::{AssociatedOid, PrivateKeyInfoRef};
use sm2::Sm2;

use super::rsa::bits;
use crate::model::KeySpec;

/// Whether bytes are the encoding of a private key of this kind in PKCS #8.
pub(crate) fn is_private_key(spec: KeySpec, bytes: &[u8]) -> bool {
    let Ok(info) = PrivateKeyInfoRef::try_from(bytes) else {
        return false;
    };
    let Ok((algorithm, curve)) = info.algorithm.oids() else {
        return false;
    };
    let expected = match spec {
        KeySpec::EcP256 => NistP256::OID,
        KeySpec::EcP256K => Secp256k1::OID,
        KeySpec::EcSm2 => Sm2::OID,
        _ => {
            let key = RsaPrivateKeyRef::try_from(info.private_key);
            let is_long = key.is_ok_and(|key| key.modulus.as_bytes().len() * 8 == bits(spec));
            return algorithm == pkcs1::ALGORITHM_OID && is_long;
        }
    };
    algorithm == elliptic_curve::ALGORITHM_OID && curve == Some(expected)
}
