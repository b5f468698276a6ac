//! The settings of connections: limits, TLS and allowed origins.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::error::{ConfigError, invalid};
use crate::clouds::hosts::next_to;
use crate::emulator::guard::{AllowedOrigins, NotAnOrigin};
use crate::server::tls::{Identity, OwnCertificate, OwnCertificateError, parse_name};
use crate::server::{Limits, ListenAddress, MAX_HEADER_BYTES, MAX_HEADERS};

#[derive(Args)]
pub(super) struct ServerArguments {
    /// Additional host name, wildcard (*.example.test) or IP address of the server; those of this machine
    /// and of both clouds are included [repeatable]
    #[arg(long, env = "KMS_EMULATOR_TLS_NAMES", value_name = "NAME")]
    pub(super) tls_name: Vec<String>,

    /// Origin whose web pages may use the server, such as `https://app.example:8443`; `*` for any
    /// [repeatable]
    #[arg(long, env = "KMS_EMULATOR_ALLOW_ORIGINS", value_name = "ORIGIN")]
    pub(super) allow_origin: Vec<String>,

    /// Certificate chain in PEM to use instead of certificates of the emulator's own certificate authority
    #[arg(long, env = "KMS_EMULATOR_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,

    /// Private key of `--tls-cert` in PEM
    #[arg(long, env = "KMS_EMULATOR_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,

    /// Directory for the emulator's own certificate authority, created if missing; the default is the database
    #[arg(long, env = "KMS_EMULATOR_TLS_CA_DIR", value_name = "DIR")]
    tls_ca_dir: Option<PathBuf>,

    /// Maximum number of headers of a request
    #[arg(
        long,
        env = "KMS_EMULATOR_MAX_HEADERS",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_HEADERS)),
        default_value_t = Limits::default().headers
    )]
    max_headers: u16,

    /// Maximum size of the headers of a request, in bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_MAX_HEADER_BYTES",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_HEADER_BYTES)),
        default_value_t = Limits::default().header_bytes
    )]
    max_header_bytes: u32,

    /// Maximum size of the body of a request, in bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_MAX_BODY_BYTES",
        value_name = "NUMBER",
        default_value_t = Limits::default().body_bytes
    )]
    max_body_bytes: u32,

    /// Seconds that a request may take to arrive; 0 = unlimited
    #[arg(
        long,
        env = "KMS_EMULATOR_REQUEST_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = seconds(Limits::default().request_timeout)
    )]
    request_timeout: u32,

    /// Seconds until the connection of a client that does not read its reply is closed; 0 = unlimited
    #[arg(
        long,
        env = "KMS_EMULATOR_WRITE_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = seconds(Limits::default().write_timeout)
    )]
    write_timeout: u32,

    /// Seconds that an idle connection is kept open; 0 closes it after each reply
    #[arg(
        long,
        env = "KMS_EMULATOR_KEEP_ALIVE",
        value_name = "SECONDS",
        default_value_t = seconds(Limits::default().keep_alive)
    )]
    keep_alive: u32,

    /// Maximum number of connections; a further one replaces the one that has been idle longest
    #[arg(
        long,
        env = "KMS_EMULATOR_MAX_CONNECTIONS",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..),
        default_value_t = Limits::default().connections
    )]
    max_connections: u32,
}

impl ServerArguments {
    pub(super) fn limits(&self) -> Limits {
        let duration = |seconds: u32| (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        Limits {
            headers: self.max_headers,
            header_bytes: self.max_header_bytes,
            body_bytes: self.max_body_bytes,
            request_timeout: duration(self.request_timeout),
            write_timeout: duration(self.write_timeout),
            keep_alive: duration(self.keep_alive),
            connections: self.max_connections,
        }
    }

    pub(super) fn identity(&self) -> Result<Identity, ConfigError> {
        let cert = |reason: &str| invalid("--tls-cert", "KMS_EMULATOR_TLS_CERT", reason);
        let key = |reason: &str| invalid("--tls-key", "KMS_EMULATOR_TLS_KEY", reason);
        if self.tls_ca_dir.is_some() && self.tls_cert.is_some() {
            return Err(invalid(
                "--tls-ca-dir",
                "KMS_EMULATOR_TLS_CA_DIR",
                "cannot be combined with --tls-cert (KMS_EMULATOR_TLS_CERT), which needs no authority",
            ));
        }
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(private_key)) => {
                OwnCertificate::read(certificate, private_key)
                    .map(Identity::OwnCertificate)
                    .map_err(|error| match error {
                        OwnCertificateError::Certificate(reason) => cert(&reason),
                        OwnCertificateError::Key(reason) => key(&reason),
                    })
            }
            (Some(_), None) => Err(cert("its key is missing: --tls-key (KMS_EMULATOR_TLS_KEY)")),
            (None, Some(_)) => Err(key(
                "its certificate is missing: --tls-cert (KMS_EMULATOR_TLS_CERT)",
            )),
            (None, None) => Ok(match &self.tls_ca_dir {
                None => Identity::OwnAuthority,
                Some(directory) => Identity::AuthorityIn(directory.clone()),
            }),
        }
    }

    pub(super) fn allowed_origins(&self) -> Result<AllowedOrigins, ConfigError> {
        let given: Vec<_> = self
            .allow_origin
            .iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect();
        AllowedOrigins::new(&given).map_err(|NotAnOrigin(text)| {
            invalid(
                "--allow-origin",
                "KMS_EMULATOR_ALLOW_ORIGINS",
                &format!("`{text}` is not an origin such as https://app.example:8443"),
            )
        })
    }

    /// The addresses of the server, the names of `--tls-name`, and the hosts of the other services next to them.
    pub(super) fn names(&self, listen: &[ListenAddress]) -> Result<Vec<String>, ConfigError> {
        let addresses = listen
            .iter()
            .flat_map(ListenAddress::ips)
            .map(|ip| Ok(ip.to_string()));
        let given = self.tls_name.iter().filter(|name| !name.is_empty());
        let given = given.map(|text| {
            parse_name(text).ok_or_else(|| {
                invalid(
                    "--tls-name",
                    "KMS_EMULATOR_TLS_NAMES",
                    &format!(
                        "`{text}` is not a host name, a wildcard (*.example.test) or an IP address"
                    ),
                )
            })
        });
        let mut names: Vec<String> = addresses.chain(given).collect::<Result<_, _>>()?;
        let others: Vec<_> = names.iter().flat_map(|name| next_to(name)).collect();
        names.extend(others);
        Ok(names)
    }
}

fn seconds(duration: Option<Duration>) -> u32 {
    duration.map_or(0, |duration| {
        u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
    })
}
