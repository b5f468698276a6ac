//! ECDSA with the curves P-256 and secp256k1. Signatures are in DER, as OpenSSL's.

/// Defines the functions for a curve.
macro_rules! curve {
    ($name:ident) => {
        pub(in super::super) mod $name {
            use ::$name::SecretKey;
            use ::$name::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
            use ::$name::ecdsa::{DerSignature, Signature, SigningKey, VerifyingKey};
            use ::$name::elliptic_curve::Generate;
            use ::$name::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};

            pub(in super::super) fn generate() -> Option<Vec<u8>> {
                let key = SecretKey::generate_from_rng(&mut rand::rng());
                Some(key.to_pkcs8_der().ok()?.as_bytes().to_owned())
            }

            pub(in super::super) fn public_key(private_key: &[u8]) -> Option<String> {
                let key = SecretKey::from_pkcs8_der(private_key).ok()?;
                key.public_key().to_public_key_pem(LineEnding::LF).ok()
            }

            pub(in super::super) fn sign(private_key: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
                let key = SigningKey::from(SecretKey::from_pkcs8_der(private_key).ok()?);
                let signature: Signature = key.sign_prehash(digest).ok()?;
                Some(signature.to_der().as_bytes().to_owned())
            }

            pub(in super::super) fn verify(
                private_key: &[u8],
                digest: &[u8],
                signature: &[u8],
            ) -> Option<bool> {
                let key = SecretKey::from_pkcs8_der(private_key).ok()?;
                let key = VerifyingKey::from(key.public_key());
                let signature = DerSignature::from_bytes(signature).ok()?;
                let signature = Signature::try_from(signature).ok()?;
                // Other libraries make signatures with a large `s`, too.
                let signature = signature.normalize_s();
                Some(key.verify_prehash(digest, &signature).is_ok())
            }
        }
    };
}

curve!(p256);
curve!(k256);
