//! Sends signed requests over HTTP, with TLS that is verified by the public certificate authorities.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use super::endpoint::Endpoint;
use super::{Account, Reply};
use crate::clouds::draft::{Method, Signed};
use crate::http::public_authorities::public_authorities;

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum size of a reply, in bytes. A page of 100 secrets has some 100 kB.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A failed connection. The text names the endpoint.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct TransportError {
    message: String,
    /// Whether the same request may succeed later.
    pub(super) is_temporary: bool,
}

impl TransportError {
    fn lasting(message: String) -> Self {
        Self {
            message,
            is_temporary: false,
        }
    }
}

/// Connections to one endpoint.
pub(super) struct Transport {
    agent: Agent,
}

impl Transport {
    /// Connections to the endpoint of an account.
    pub(super) fn new(account: &Account) -> Result<Self, TransportError> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("kms-emulator/", env!("CARGO_PKG_VERSION")));
        // A proxy of the environment cannot reach this machine.
        let config = if account.endpoint.is_loopback() {
            config.proxy(None)
        } else {
            config
        };
        let config = if account.endpoint.is_https() {
            let tls = TlsConfig::builder()
                .root_certs(roots(account.ca.as_deref())?)
                .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()));
            config.tls_config(tls.build())
        } else {
            config
        };
        Ok(Self {
            agent: config.build().into(),
        })
    }

    /// Sends a request.
    pub(super) fn exchange(
        &self,
        endpoint: &Endpoint,
        signed: &Signed,
    ) -> Result<Reply, TransportError> {
        let failed = |error: &ureq::Error| TransportError {
            message: format!("{}: {error}", endpoint.url()),
            is_temporary: !matches!(
                error,
                ureq::Error::HostNotFound | ureq::Error::Tls(_) | ureq::Error::BadUri(_)
            ) && !is_about_certificate(error),
        };
        let mut response = self.run(endpoint, signed).map_err(|error| failed(&error))?;
        let content_type = response.body().mime_type().unwrap_or_default().to_owned();
        let body = response.body_mut().with_config().limit(MAX_BYTES);
        let body = body.read_to_vec().map_err(|error| failed(&error))?;
        Ok(Reply {
            status: response.status().as_u16(),
            content_type,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn run(&self, endpoint: &Endpoint, signed: &Signed) -> Result<Response<Body>, ureq::Error> {
        let url = match &*signed.query {
            "" => format!("{}/", endpoint.url()),
            query => format!("{}/?{query}", endpoint.url()),
        };
        let mut request = Request::builder().method(signed.method.name()).uri(url);
        for (name, value) in &signed.headers {
            request = request.header(*name, value);
        }
        match signed.method {
            Method::Get => self.agent.run(request.body(())?),
            Method::Post => self.agent.run(request.body(signed.body.as_bytes())?),
        }
    }
}

/// Whether the certificate was rejected. The same request would fail again.
fn is_about_certificate(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>()),
        _ => false,
    }
}

/// The certificate authorities: those of a file, or the public ones.
fn roots(file: Option<&Path>) -> Result<RootCerts, TransportError> {
    let certificates = match file {
        Some(path) => of_file(path).map_err(|reason| {
            TransportError::lasting(format!("--ca {}: {reason}", path.display()))
        })?,
        None => public(),
    };
    Ok(RootCerts::new_with_certs(&certificates))
}

fn of_file(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err("the file has no certificate in PEM".to_owned());
    }
    Ok(certificates)
}

fn public() -> Vec<Certificate<'static>> {
    let (_, authorities) = public_authorities();
    let certificates = authorities.iter();
    certificates
        .map(|der| Certificate::from_der(der).to_owned())
        .collect()
}
