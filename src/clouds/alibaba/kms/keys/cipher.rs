//! Encryption with symmetric keys: AES-GCM, and SM4 in the same mode.
//!
//! A ciphertext begins with the id of the key version, as that of the real service does. A nonce of 12 bytes
//! follows, then the encrypted data with a tag of 16 bytes.

use aes_gcm::aead::array::typenum::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::aes::Aes192;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm, Nonce};
use sm4::Sm4;

use super::material::random_bytes;
use crate::model::{CmkVersion, KeySpec};

/// The length of the ids that the service generates.
const ID_BYTES: usize = 36;
pub(crate) const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// Encrypts data with a version of a symmetric key. Absent if the version has no material of the key's length.
pub(crate) fn encrypt(
    spec: KeySpec,
    version: &CmkVersion,
    context: &[u8],
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let nonce = random_bytes(NONCE_BYTES);
    let sealed = seal(spec, version, &nonce, context, plaintext)?;
    Some(join(&version.version_id, &nonce, &sealed))
}

/// Encrypts data with this nonce, and appends the tag. Absent if the nonce has another length, too.
pub(crate) fn seal(
    spec: KeySpec,
    version: &CmkVersion,
    nonce: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let payload = Payload {
        msg: plaintext,
        aad,
    };
    with_cipher(spec, version, &Encrypt(nonce, &payload))
}

/// Decrypts what [`seal`] returns. Absent if key, nonce, associated data or ciphertext differ from those of the
/// encryption.
pub(crate) fn open(
    spec: KeySpec,
    version: &CmkVersion,
    nonce: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let payload = Payload { msg: sealed, aad };
    with_cipher(spec, version, &Decrypt(nonce, &payload))
}

/// A ciphertext of these parts.
pub(crate) fn join(version_id: &str, nonce: &[u8], sealed: &[u8]) -> Vec<u8> {
    [&*header(version_id), nonce, sealed].concat()
}

/// A ciphertext, in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ciphertext<'b> {
    /// The id of the version that has encrypted.
    pub version_id: &'b str,
    nonce: &'b [u8],
    sealed: &'b [u8],
}

impl<'b> Ciphertext<'b> {
    /// The parts of a ciphertext; absent if it is not one.
    pub(crate) fn parse(blob: &'b [u8]) -> Option<Self> {
        let (version_id, rest) = match blob {
            [0, length, rest @ ..] => rest.split_at_checked((*length).into())?,
            _ => blob.split_at_checked(ID_BYTES)?,
        };
        let (nonce, sealed) = rest.split_at_checked(NONCE_BYTES)?;
        (sealed.len() >= TAG_BYTES).then_some(())?;
        Some(Self {
            version_id: str::from_utf8(version_id).ok()?,
            nonce,
            sealed,
        })
    }

    /// The plaintext; absent if key, context or ciphertext differ from those of the encryption.
    pub(crate) fn decrypt(
        &self,
        spec: KeySpec,
        version: &CmkVersion,
        context: &[u8],
    ) -> Option<Vec<u8>> {
        open(spec, version, self.nonce, context, self.sealed)
    }
}

/// The id of a version. One of another length than those of the service, which a fixture can have, has its length
/// before it.
fn header(version_id: &str) -> Vec<u8> {
    let bytes = version_id.as_bytes();
    match u8::try_from(bytes.len()) {
        Ok(length) if bytes.len() != ID_BYTES || bytes[0] == 0 => [&[0, length], bytes].concat(),
        _ => bytes.to_owned(),
    }
}

/// An encryption or decryption with any cipher.
trait Work {
    fn run(&self, cipher: &impl NonceCipher) -> Option<Vec<u8>>;
}

/// A cipher with nonces of 12 bytes.
trait NonceCipher {
    fn encrypt(&self, nonce: &[u8], payload: &Payload) -> Option<Vec<u8>>;
    fn decrypt(&self, nonce: &[u8], payload: &Payload) -> Option<Vec<u8>>;
}

impl<C: Aead<NonceSize = U12>> NonceCipher for C {
    fn encrypt(&self, nonce: &[u8], payload: &Payload) -> Option<Vec<u8>> {
        let nonce = Nonce::<U12>::try_from(nonce).ok()?;
        let Payload { msg, aad } = *payload;
        Aead::encrypt(self, &nonce, Payload { msg, aad }).ok()
    }

    fn decrypt(&self, nonce: &[u8], payload: &Payload) -> Option<Vec<u8>> {
        let nonce = Nonce::<U12>::try_from(nonce).ok()?;
        let Payload { msg, aad } = *payload;
        Aead::decrypt(self, &nonce, Payload { msg, aad }).ok()
    }
}

struct Encrypt<'p>(&'p [u8], &'p Payload<'p, 'p>);

impl Work for Encrypt<'_> {
    fn run(&self, cipher: &impl NonceCipher) -> Option<Vec<u8>> {
        cipher.encrypt(self.0, self.1)
    }
}

struct Decrypt<'p>(&'p [u8], &'p Payload<'p, 'p>);

impl Work for Decrypt<'_> {
    fn run(&self, cipher: &impl NonceCipher) -> Option<Vec<u8>> {
        cipher.decrypt(self.0, self.1)
    }
}

fn with_cipher(spec: KeySpec, version: &CmkVersion, work: &impl Work) -> Option<Vec<u8>> {
    let key = version.material.as_ref()?.expose();
    match spec {
        KeySpec::Aes256 => work.run(&Aes256Gcm::new_from_slice(key).ok()?),
        KeySpec::Aes192 => work.run(&AesGcm::<Aes192, U12>::new_from_slice(key).ok()?),
        KeySpec::Aes128 => work.run(&Aes128Gcm::new_from_slice(key).ok()?),
        KeySpec::Sm4 => work.run(&AesGcm::<Sm4, U12>::new_from_slice(key).ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn version(version_id: &str, key: &[u8]) -> CmkVersion {
        CmkVersion {
            version_id: version_id.to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            material: Some(key.to_owned().into()),
            imported_digest: None,
        }
    }

    /// NIST, *The Galois/Counter Mode of Operation*, test cases 4, 10 and 16; RFC 8998, appendix A.1.
    #[test]
    fn published_test_vectors_decrypt() {
        let nist_nonce = "cafebabefacedbaddecaf888";
        let nist_aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
        let nist_plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
        for (spec, key, nonce, aad, plain, sealed) in [
            (
                KeySpec::Aes128,
                "feffe9928665731c6d6a8f9467308308",
                nist_nonce,
                nist_aad,
                nist_plain,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
            ),
            (
                KeySpec::Aes192,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c",
                nist_nonce,
                nist_aad,
                nist_plain,
                "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda27102519498e80f1478f37ba55bd6d27618c",
            ),
            (
                KeySpec::Aes256,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                nist_nonce,
                nist_aad,
                nist_plain,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
            ),
            (
                KeySpec::Sm4,
                "0123456789abcdeffedcba9876543210",
                "00001234567800000000abcd",
                nist_aad,
                "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
                "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec",
            ),
        ] {
            let version = version("v", &hex::decode(key).unwrap());
            let (nonce, sealed) = (hex::decode(nonce).unwrap(), hex::decode(sealed).unwrap());
            let ciphertext = Ciphertext {
                version_id: "v",
                nonce: &nonce,
                sealed: &sealed,
            };
            let plaintext = ciphertext.decrypt(spec, &version, &hex::decode(aad).unwrap());
            assert_eq!(
                plaintext.map(hex::encode).as_deref(),
                Some(plain),
                "{spec:?}"
            );
        }
    }

    #[test]
    fn a_ciphertext_carries_the_id_of_its_version() {
        for version_id in ["86a9efd9-3d16-4894-bd4f-1fc43f3f2abf", "v1", "密钥"] {
            let version = version(version_id, &[7; 32]);
            let blob = encrypt(KeySpec::Aes256, &version, b"", b"text").unwrap();
            let ciphertext = Ciphertext::parse(&blob).unwrap();
            assert_eq!(ciphertext.version_id, version_id);
            assert_eq!(
                ciphertext
                    .decrypt(KeySpec::Aes256, &version, b"")
                    .as_deref(),
                Some(&b"text"[..])
            );
        }
    }

    #[test]
    fn texts_that_are_no_ciphertexts_are_rejected() {
        let version = version("86a9efd9-3d16-4894-bd4f-1fc43f3f2abf", &[7; 32]);
        let blob = encrypt(KeySpec::Aes256, &version, b"", b"").unwrap();
        for length in 0..blob.len() {
            assert_eq!(Ciphertext::parse(&blob[..length]), None, "{length}");
        }
        for blob in [&[0][..], &[0, 255], &[0, 0], &[255; 100]] {
            assert_eq!(Ciphertext::parse(blob), None);
        }
    }
}
