//! A certificate of the user.

use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

use rustls::InconsistentKeys;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use thiserror::Error;

/// A certificate chain with its private key.
pub struct OwnCertificate(Arc<CertifiedKey>);

/// An error in one of the files. Does not show their content.
#[derive(Debug, Error)]
pub enum OwnCertificateError {
    /// An error in the file with the certificate.
    #[error("{0}")]
    Certificate(String),
    /// An error in the file with the key.
    #[error("{0}")]
    Key(String),
}

impl OwnCertificate {
    /// Reads PEM files. The first certificate is the one of the server, followed by its issuers.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or used, or if the key does not match the certificate.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, OwnCertificateError> {
        let wrong_certificate = |reason: &dyn fmt::Display| {
            OwnCertificateError::Certificate(format!("{}: {reason}", certificate.display()))
        };
        let wrong_key = |reason: &dyn fmt::Display| {
            OwnCertificateError::Key(format!("{}: {reason}", key.display()))
        };
        let pem = fs::read(certificate).map_err(|error| wrong_certificate(&error))?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|_| wrong_certificate(&"the file is not PEM"))?;
        if chain.is_empty() {
            return Err(wrong_certificate(&"the file has no certificate in PEM"));
        }
        let pem = fs::read(key).map_err(|error| wrong_key(&error))?;
        let private_key = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|_| wrong_key(&"the file has no private key in PEM"))?;
        let signing_key = any_supported_type(&private_key)
            .map_err(|_| wrong_key(&"the type of the private key is not supported"))?;
        let own = CertifiedKey::new(chain, signing_key);
        match own.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {
                Ok(Self(Arc::new(own)))
            }
            Err(rustls::Error::InconsistentKeys(_)) => Err(wrong_key(&format!(
                "the key does not match the certificate in {}",
                certificate.display()
            ))),
            Err(_) => Err(wrong_certificate(&"the certificate cannot be read")),
        }
    }

    pub(super) fn into_key(self) -> Arc<CertifiedKey> {
        self.0
    }
}

/// Without the key.
impl fmt::Debug for OwnCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnCertificate").finish_non_exhaustive()
    }
}
