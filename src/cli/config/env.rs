//! The arguments of `kms-emulator env`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::error::ConfigError;
use crate::cli::client_settings::{ClientSettings, Format, Output};
use crate::clouds::client_code;
use crate::model::SecretKey;

#[derive(Args)]
pub(super) struct EnvArguments {
    /// Print the program that lists secrets with this SDK, named by its package
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(client_code::examples().map(|example| example.sdk)))]
    sdk: Option<String>,

    /// Format of the variables: shell or dotenv
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "shell",
        conflicts_with = "sdk"
    )]
    format: Format,

    /// URL of the emulator [default: the first address to listen on]
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,

    /// Use https
    #[arg(long)]
    https: bool,

    /// File of the certificate authority; the output contains the command that downloads it
    #[arg(long, value_name = "FILE", default_value = "kms-emulator-ca.pem")]
    ca: PathBuf,

    /// Access key to sign with; the first, if there are several [default: test:test]
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCESS_KEYS",
        value_name = "ID:SECRET[:ACCOUNT]",
        hide_env_values = true
    )]
    pub(super) access_key: Vec<String>,
}

impl EnvArguments {
    /// `listen` is the address of the server for clients on this machine.
    pub(super) fn output(
        self,
        listen: SocketAddr,
        (access_key_id, secret): (String, SecretKey),
        [alibaba_region, tencent_region]: [String; 2],
    ) -> Result<Output, ConfigError> {
        let endpoint = self.endpoint.unwrap_or_else(|| listen.to_string());
        let (scheme, rest) = match endpoint.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, &*endpoint),
        };
        let address = rest.strip_suffix('/').unwrap_or(rest);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        let known_scheme = matches!(scheme, None | Some("http" | "https"));
        if !known_scheme || address.is_empty() || !address.bytes().all(plain) {
            return Err(ConfigError::Invalid(format!(
                "--endpoint: `{endpoint}` is not a URL such as http://127.0.0.1:8080"
            )));
        }
        let ca = std::path::absolute(&self.ca)
            .map_err(|error| ConfigError::Invalid(format!("--ca: {error}")))?;
        let https = self.https || scheme == Some("https");
        let ca = match ca.to_str() {
            Some(ca) => ca.to_owned(),
            None if https => {
                return Err(ConfigError::Invalid(format!(
                    "--ca: the path {} is not UTF-8",
                    ca.display()
                )));
            }
            None => String::new(),
        };
        let settings = ClientSettings {
            address: address.to_owned(),
            https,
            ca,
            access_key_id,
            secret,
            alibaba_region,
            tencent_region,
        };
        Ok(Output {
            settings,
            format: self.format,
            example: self
                .sdk
                .and_then(|sdk| client_code::examples().find(|example| example.sdk == sdk)),
        })
    }
}
