//! TLS with certificates of the emulator's own authority, or with a certificate of the user.
//!
//! The authority is created at the first start and kept in the database or in a directory. Its certificates are for this
//! machine, for the hosts of both clouds in every region, and for names that the user adds. A certificate
//! for a host of a cloud is created when a client requests it.

mod authority;
mod own;
mod storage;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

use self::authority::Issuer;
pub use self::own::{OwnCertificate, OwnCertificateError};
use self::storage::Storage;
use crate::clouds::hosts;
pub use crate::clouds::hosts::{
    CONTAINER_HOST_NAMES, cloud_of_host, is_known_name, is_of_cloud, is_served, parse_name,
};
use crate::store::{Store, StoreError};

/// The maximum number of cached certificates for single hosts.
const MAX_CACHED: usize = 256;

/// The source of the certificate.
#[derive(Debug)]
pub enum Identity {
    /// The emulator's own authority, kept in the database.
    OwnAuthority,
    /// The emulator's own authority, kept in this directory.
    AuthorityIn(PathBuf),
    /// A certificate of the user.
    OwnCertificate(OwnCertificate),
}

/// An error of setting up TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The stored certificate authority cannot be used.
    #[error("the certificate authority in {storage} cannot be used: {reason}")]
    Authority {
        /// Its storage.
        storage: String,
        /// The reason.
        reason: &'static str,
    },
    /// The directory of the certificate authority cannot be used.
    #[error("--tls-ca-dir (KMS_EMULATOR_TLS_CA_DIR): {0}")]
    Directory(String),
    /// A certificate cannot be created.
    #[error("cannot create a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// An error of the TLS library.
    #[error("cannot set up TLS: {0}")]
    Library(#[from] rustls::Error),
    /// The authority cannot be stored or read.
    #[error("cannot store the certificate authority: {0}")]
    Store(#[from] StoreError),
}

/// The TLS settings of a server.
pub struct Tls {
    config: Arc<ServerConfig>,
    ca_pem: Option<String>,
    names: Vec<String>,
}

impl Tls {
    /// Sets up TLS with certificates from `identity`. The authority is loaded from `store`, or created and
    /// stored there. `given` are further names of the server, returned by [`parse_name`].
    ///
    /// # Errors
    ///
    /// If the stored authority cannot be used, and for errors of the store and the library.
    pub fn new(identity: Identity, given: &[String], store: &Store) -> Result<Self, TlsError> {
        let machine: Vec<_> = hosts::of_machine().collect();
        let mut names = machine.clone();
        for name in given {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let directory;
        let storage = match identity {
            Identity::OwnCertificate(own) => Err(own),
            Identity::OwnAuthority => Ok(Storage::InDatabase(store)),
            Identity::AuthorityIn(path) => {
                directory = path;
                Ok(Storage::InDirectory(&directory))
            }
        };
        let (certificates, ca_pem): (Arc<dyn ResolvesServerCert>, _) = match storage {
            Err(own) => (Arc::new(Always(own.into_key())), None),
            Ok(storage) => {
                let authority = authority::load_or_create(storage, &machine, given)?;
                let issuer = Issuer::new(&authority, storage)?;
                let (permitted, other): (Vec<_>, Vec<_>) = names
                    .iter()
                    .cloned()
                    .partition(|name| authority::permits(&authority, name));
                for name in other {
                    tracing::info!(
                        "the certificate is not for this machine's name `{name}`, which the certificate authority in \
                         {storage} does not permit; --tls-name {name} creates a new one, which clients have to trust"
                    );
                }
                let certificates = Issued::new(issuer, permitted, storage)?;
                storage.publish(&authority.certificate)?;
                (Arc::new(certificates), Some(authority.certificate))
            }
        };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(certificates);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
            ca_pem,
            names,
        })
    }

    /// The host names and IP addresses of the server, without the regional hosts of the clouds.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The root certificate of the emulator's authority; absent with a certificate of the user.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Starts TLS on a connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The same certificate for every client.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Certificates of the emulator's own authority.
struct Issued {
    issuer: Issuer,
    /// For the names of this machine, and for clients that send no server name.
    general: Arc<CertifiedKey>,
    /// The names of `general`, with wildcards.
    names: Vec<String>,
    /// Certificates for single hosts, by name.
    by_host: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Issued {
    fn new(issuer: Issuer, names: Vec<String>, storage: Storage) -> Result<Self, TlsError> {
        let general = issuer.issue(names.clone())?;
        authority::check(issuer.root(), &general, storage)?;
        Ok(Self {
            issuer,
            names,
            general: Arc::new(general),
            by_host: Mutex::default(),
        })
    }

    /// The certificate for one host. It has exactly the requested name, because clients differ in their
    /// support of wildcards, and many reject `*.localhost`.
    fn for_host(&self, host: &str) -> Result<Arc<CertifiedKey>, TlsError> {
        let mut by_host = self.by_host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = by_host.get(host) {
            return Ok(Arc::clone(cached));
        }
        let issued = Arc::new(self.issuer.issue(vec![host.to_owned()])?);
        // Limits the memory for clients that request many names.
        if by_host.len() >= MAX_CACHED {
            by_host.clear();
        }
        by_host.insert(host.to_owned(), Arc::clone(&issued));
        Ok(issued)
    }
}

impl ResolvesServerCert for Issued {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name().map(str::to_ascii_lowercase);
        // Compared without wildcards: a host that only a wildcard matches gets its own certificate.
        let host =
            host.filter(|host| !self.names.contains(host) && hosts::is_served(host, &self.names));
        let Some(host) = host else {
            return Some(Arc::clone(&self.general));
        };
        let certificate = self.for_host(&host);
        certificate
            .inspect_err(|error| tracing::error!(%error, host, "cannot create a certificate"))
            .ok()
    }
}

/// Without the keys.
impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").finish_non_exhaustive()
    }
}
