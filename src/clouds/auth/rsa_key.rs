//! The RSA public keys of clients.

use std::fmt;

use pkcs1::RsaPublicKeyRef;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use spki::SubjectPublicKeyInfoRef;
use spki::der::Decode;
use thiserror::Error;

/// The lengths of a modulus, in bits, with which signatures can be verified.
const LENGTHS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// An RSA public key that verifies signatures by PKCS#1 v1.5 with SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// The structure `RSAPublicKey` of PKCS#1, in DER.
    der: Vec<u8>,
}

/// Why a text is not a usable RSA public key. The text is not part of the message, because it may be a
/// private key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RsaKeyError {
    /// It is not PEM.
    #[error("it is not a PEM file, which begins with -----BEGIN PUBLIC KEY-----")]
    NotPem,
    /// It is a private key.
    #[error(
        "it has a private key; the emulator needs the public key: openssl pkey -in FILE -pubout"
    )]
    Private,
    /// It is something else in PEM, such as a certificate.
    #[error("it has a {0}, not a PUBLIC KEY")]
    OtherLabel(String),
    /// The content is damaged.
    #[error("its public key is malformed")]
    Malformed,
    /// It is a key of another algorithm.
    #[error("its public key is not an RSA key")]
    NotRsa,
    /// It is too short or too long.
    #[error("its RSA key has {0} bits; supported are {min} to {max}", min = LENGTHS.start(), max = LENGTHS.end())]
    Length(usize),
}

impl RsaPublicKey {
    /// Reads a key in PEM: `PUBLIC KEY` (X.509), as openssl writes it, or `RSA PUBLIC KEY` (PKCS#1).
    ///
    /// # Errors
    ///
    /// The first mistake found.
    pub fn from_pem(text: &[u8]) -> Result<Self, RsaKeyError> {
        let pem = pem::parse(text).map_err(|error| match error {
            pem::PemError::InvalidData(_) => RsaKeyError::Malformed,
            _ => RsaKeyError::NotPem,
        })?;
        let der = match pem.tag() {
            "PUBLIC KEY" => key_of_x509(pem.contents())?,
            "RSA PUBLIC KEY" => pem.contents(),
            label if label.ends_with("PRIVATE KEY") => return Err(RsaKeyError::Private),
            label => return Err(RsaKeyError::OtherLabel(shortened(label))),
        };
        let key = RsaPublicKeyRef::from_der(der).map_err(|_| RsaKeyError::Malformed)?;
        let modulus = key.modulus.as_bytes();
        let leading = modulus
            .first()
            .map_or(0, |byte| byte.leading_zeros() as usize);
        let length = modulus.len() * 8 - leading;
        if !LENGTHS.contains(&length) {
            return Err(RsaKeyError::Length(length));
        }
        Ok(Self { der: der.to_vec() })
    }

    /// Whether the private key of this key made the signature of a message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.der)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaPublicKey(…)")
    }
}

fn key_of_x509(der: &[u8]) -> Result<&[u8], RsaKeyError> {
    let key = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| RsaKeyError::Malformed)?;
    if key.algorithm.oid != pkcs1::ALGORITHM_OID {
        return Err(RsaKeyError::NotRsa);
    }
    key.subject_public_key
        .as_bytes()
        .ok_or(RsaKeyError::Malformed)
}

/// The beginning of a label, which is a text of the file.
fn shortened(label: &str) -> String {
    label.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const X509: &str = include_str!("../../../tests/keys/rsa.pub.pem");
    const PRIVATE: &str = include_str!("../../../tests/keys/rsa.pem");
    /// The key of `X509`, by `openssl rsa -RSAPublicKey_out`.
    const PKCS1: &str = "\
-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEA4Xz6kbGE+hrpIbeHvryZ+QXFeDpi3pL9tjlFiXvW9zRmv1CwtLhe
M49KhiDfWlZNx6xgm8kWZmkry4Uj5xzfBwT6o2tL2T8avD4FGvUd0sx3mud09ltH
nNsays9BqGfKpgOlYoKMu1IkDEI/WcqCZZXzv3kxiBRZEAr1o0OrIbB7IH3h6brK
4Mgtgz2+sSVvfLUMQo9RP1mbQIfx7u8Ef8DycLgTunr9TBhEKvDeag9pcGsfC93T
1LhQHcN2ATKlD8JOFy9984y9ILlSQZnPe/aqFzWGFRLrPzxsMOqr9fick07Jz0nT
QyiLNEsJueIGCvhnuns6IscC6Yyn9xr65QIDAQAB
-----END RSA PUBLIC KEY-----";
    const SHORT: &str = "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBENnSTh27nBx1fwv09r8J9HDx
5bjxLJPLz2J6DGNZLN8j+csf+YYS0k+c7Oo7VJBvtpRPUptN1hyyPwk5/u/qotce
eMDxJ4HDPlrid7Qpn6jNHEXjS+4AnHEO4fY9a1GBxF90oY797Fysy/QvJV67axBX
bY0gv8MA7A6Fc0vg6QIDAQAB
-----END PUBLIC KEY-----";
    const ELLIPTIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqa5xZwMVfH6guDhJDwVg6IwwhLuN
d2p1L1mKL3TgKRF21FWE28/Fu93MO8yGxTl+ll0X03uSUhg1k1NJfRnjNg==
-----END PUBLIC KEY-----";

    #[test]
    fn both_forms_of_a_public_key_are_read() {
        let key = RsaPublicKey::from_pem(X509.as_bytes()).unwrap();
        let one_line: String = X509
            .lines()
            .map(|line| {
                if line.starts_with('-') {
                    format!("\n{line}\n")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        let commented = format!(
            "Public key of the build server\r\n{}",
            X509.replace('\n', "\r\n")
        );
        for text in [PKCS1, &one_line, &commented] {
            assert_eq!(
                RsaPublicKey::from_pem(text.as_bytes()),
                Ok(key.clone()),
                "{text}"
            );
        }
    }

    #[test]
    fn other_files_are_rejected_with_the_reason() {
        let truncated = X509.replacen("MIIB", "MIIC", 1);
        let no_base64 = X509.replacen('M', "*", 1);
        let certificate = X509.replace("PUBLIC KEY", "CERTIFICATE");
        for (text, error) in [
            ("", RsaKeyError::NotPem),
            ("hunter2", RsaKeyError::NotPem),
            (PRIVATE, RsaKeyError::Private),
            (&truncated, RsaKeyError::Malformed),
            (&no_base64, RsaKeyError::Malformed),
            (&certificate, RsaKeyError::OtherLabel("CERTIFICATE".into())),
            (ELLIPTIC, RsaKeyError::NotRsa),
            (SHORT, RsaKeyError::Length(1024)),
        ] {
            assert_eq!(
                RsaPublicKey::from_pem(text.as_bytes()),
                Err(error),
                "{text}"
            );
        }
        assert_eq!(
            RsaKeyError::Length(1024).to_string(),
            "its RSA key has 1024 bits; supported are 2048 to 8192"
        );
    }
}
