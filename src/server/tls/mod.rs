//! Who the emulator is to clients that insist on https: a certificate of its own authority, or
//! the user's own.
//!
//! The authority is made at the first start and kept in the database. It vouches for the
//! machine, for the hosts of both clouds in every region, and for the names that the user adds;
//! certificates for the hosts of the clouds are made when a client asks for one.

mod authority;
mod own;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

use self::authority::Issuer;
pub use self::own::{OwnCertificate, OwnCertificateError};
use crate::clouds::hosts;
pub use crate::clouds::hosts::{
    CONTAINER_HOST_NAMES, cloud_of_host, is_known_name, is_of_cloud, parse_name,
};
use crate::store::{Store, StoreError};

/// As many certificates made for single hosts are remembered.
const MOST_REMEMBERED: usize = 256;

/// Whose certificate is shown.
#[derive(Debug)]
pub enum Identity {
    /// One of the emulator's own authority.
    OwnAuthority,
    /// One that the user has.
    OwnCertificate(OwnCertificate),
}

/// A reason for which TLS cannot be spoken.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The certificate authority in the database is of no use.
    #[error("the certificate authority in the database cannot be used: {0}")]
    Authority(&'static str),
    /// No certificate could be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The library refuses.
    #[error("cannot speak TLS: {0}")]
    Library(#[from] rustls::Error),
    /// The authority cannot be kept or read.
    #[error("cannot keep the certificate authority: {0}")]
    Store(#[from] StoreError),
}

/// What TLS is spoken with.
pub struct Tls {
    config: Arc<ServerConfig>,
    ca_pem: Option<String>,
    names: Vec<String>,
}

impl Tls {
    /// Makes what TLS is spoken with as `identity`; `store` keeps the authority, if one is needed.
    /// The emulator is known by the `given` names too, each of which [`parse_name`] made.
    ///
    /// # Errors
    ///
    /// When the kept authority cannot be used, and for what the store and the library report.
    pub fn new(identity: Identity, given: &[String], store: &Store) -> Result<Self, TlsError> {
        let machine: Vec<_> = hosts::of_machine().collect();
        let mut names = machine.clone();
        for name in given {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let (certificates, ca_pem): (Arc<dyn ResolvesServerCert>, _) = match identity {
            Identity::OwnCertificate(own) => (Arc::new(Always(own.into_key())), None),
            Identity::OwnAuthority => {
                let authority = authority::kept_in(store, &machine, given)?;
                let issuer = Issuer::new(&authority)?;
                let (vouched, other): (Vec<_>, Vec<_>) = names
                    .iter()
                    .cloned()
                    .partition(|name| authority::may_vouch_for(&authority, name));
                for name in other {
                    tracing::info!(
                        "the certificate is not for this machine's name `{name}`, which the certificate authority in \
                         the database may not vouch for; --tls-name {name} makes a new one, which clients have to trust"
                    );
                }
                let certificates = Issued::new(issuer, vouched)?;
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

    /// The host names and IP addresses that the emulator is known by, beside those of the clouds in
    /// their regions.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The certificate of the emulator's own authority, for clients to trust; absent when the
    /// user's own certificate is shown.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// What makes a TLS stream of a connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The one certificate there is.
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
    /// For this machine, and for whoever does not say whom it wants to talk to.
    general: Arc<CertifiedKey>,
    /// The names that the general one is for, wildcards included.
    names: Vec<String>,
    /// For single hosts, by name.
    by_host: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Issued {
    fn new(issuer: Issuer, names: Vec<String>) -> Result<Self, TlsError> {
        let general = issuer.issue(names.clone())?;
        authority::check(issuer.root(), &general)?;
        Ok(Self {
            issuer,
            names,
            general: Arc::new(general),
            by_host: Mutex::default(),
        })
    }

    /// The certificate for one host. Clients differ on wildcards, and many refuse `*.localhost`, so
    /// it has the very name that the client asks for.
    fn for_host(&self, host: &str) -> Result<Arc<CertifiedKey>, TlsError> {
        let mut by_host = self.by_host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = by_host.get(host) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.issuer.issue(vec![host.to_owned()])?);
        // Nobody has so many regions in use; who makes them up makes certificates anew.
        if by_host.len() >= MOST_REMEMBERED {
            by_host.clear();
        }
        by_host.insert(host.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

impl ResolvesServerCert for Issued {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name().map(str::to_ascii_lowercase);
        // Which names the general one has is compared without wildcards.
        let host = host
            .filter(|host| !self.names.contains(host) && hosts::is_known_name(host, &self.names));
        let Some(host) = host else {
            return Some(Arc::clone(&self.general));
        };
        let certificate = self.for_host(&host);
        certificate
            .inspect_err(|error| tracing::error!(%error, host, "no certificate"))
            .ok()
    }
}

/// Leaves the keys out.
impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").finish_non_exhaustive()
    }
}
