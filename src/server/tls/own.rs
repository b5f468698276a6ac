//! A certificate of the user's own.

use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

use rustls::InconsistentKeys;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use thiserror::Error;

/// A certificate, with those that vouch for it, and its key.
pub struct OwnCertificate(Arc<CertifiedKey>);

/// A file that is of no use. Never shows what is in it.
#[derive(Debug, Error)]
pub enum OwnCertificateError {
    /// The one with the certificate.
    #[error("{0}")]
    Certificate(String),
    /// The one with the key.
    #[error("{0}")]
    Key(String),
}

impl OwnCertificate {
    /// Reads PEM files: the certificate first in its file, then those that vouch for it.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has nothing of use in it, and when they do not belong together.
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
            .map_err(|_| wrong_certificate(&"this is not PEM"))?;
        if chain.is_empty() {
            return Err(wrong_certificate(&"there is no certificate in PEM in it"));
        }
        let pem = fs::read(key).map_err(|error| wrong_key(&error))?;
        let private_key = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|_| wrong_key(&"there is no private key in PEM in it"))?;
        let signing_key = any_supported_type(&private_key)
            .map_err(|_| wrong_key(&"the private key is of no kind that can be used"))?;
        let own = CertifiedKey::new(chain, signing_key);
        match own.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {
                Ok(Self(Arc::new(own)))
            }
            Err(rustls::Error::InconsistentKeys(_)) => Err(wrong_key(&format!(
                "this is not the key of the certificate in {}",
                certificate.display()
            ))),
            Err(_) => Err(wrong_certificate(&"the certificate cannot be read")),
        }
    }

    pub(super) fn into_key(self) -> Arc<CertifiedKey> {
        self.0
    }
}

/// Leaves the key out.
impl fmt::Debug for OwnCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnCertificate").finish_non_exhaustive()
    }
}
