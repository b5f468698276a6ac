//! The arguments of `put` and `get`.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use clap::Args;

use super::error::{ConfigError, check_account};
use super::secrets::{self, cloud_and_name, clouds_of};
use crate::clouds::Clouds;
use crate::clouds::fixture::NamedSecret;
use crate::http::host::Authority;
use crate::model::{Cloud, SecretKey, is_region};

/// The server that a command uses, and the scopes there.
#[derive(Debug)]
pub(crate) struct Client {
    /// The address of the control API as `http://HOST:PORT`.
    pub url: String,
    /// The token of the control API, if it requires one.
    pub token: Option<SecretKey>,
    /// The clouds.
    pub clouds: Vec<Cloud>,
    /// The account; the default account of the server if absent.
    pub account: Option<String>,
    /// The region; the default region of the cloud if absent.
    pub region: Option<String>,
}

/// The settings of `put`.
#[derive(Debug)]
pub(crate) struct Put {
    /// The server and the scopes.
    pub client: Client,
    /// The secret, with a value.
    pub secret: NamedSecret,
}

/// The settings of `get`.
#[derive(Debug)]
pub(crate) struct Get {
    /// The server and the scopes.
    pub client: Client,
    /// The name of the secret.
    pub name: String,
}

#[derive(Args)]
struct ClientArguments {
    /// URL of the control API [default: --control-listen, or the first address to listen on]
    #[arg(long, env = "KMS_EMULATOR_ENDPOINT", value_name = "URL")]
    endpoint: Option<String>,

    /// The cloud: alibaba or tencent [default: both]
    #[arg(long, value_name = "NAME", value_parser = super::files::cloud)]
    cloud: Option<Cloud>,

    /// The account, 16 digits, such as that of a tenant [default: the default account of the server]
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,

    /// The region of the cloud [default: the default region of the cloud]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

#[derive(Args)]
pub(super) struct PutArguments {
    #[command(flatten)]
    client: ClientArguments,

    /// Name of the secret; the prefix `alibaba:` or `tencent:` selects the cloud
    name: String,

    /// The value, which may be binary; `-` reads it from standard input, @FILE from a file
    #[arg(allow_hyphen_values = true)]
    value: String,
}

#[derive(Args)]
pub(super) struct GetArguments {
    #[command(flatten)]
    client: ClientArguments,

    /// Name of the secret; the prefix `alibaba:` or `tencent:` selects the cloud
    name: String,
}

impl PutArguments {
    pub(super) fn put(
        self,
        local: impl FnOnce() -> Result<SocketAddr, ConfigError>,
        token: Option<SecretKey>,
        clouds: &Clouds,
    ) -> Result<Put, ConfigError> {
        let (client, name) = self.client.client(&self.name, local, token)?;
        let unreadable = |source: &str, error: io::Error| {
            ConfigError::Invalid(format!("VALUE: cannot read {source}: {error}"))
        };
        let bytes = match (&*self.value, self.value.strip_prefix('@')) {
            ("-", _) => secrets::read_all(io::stdin().lock())
                .map_err(|error| unreadable("standard input", error))?,
            (_, Some(file)) => {
                secrets::read_file(Path::new(file)).map_err(|error| unreadable(file, error))?
            }
            (_, None) => self.value.into_bytes(),
        };
        let (value, data_type) = secrets::value_of(bytes);
        let secret = NamedSecret {
            name,
            value: Some(value),
            data_type,
        };
        // Before the first call, so that a name that one cloud rejects changes nothing in the other.
        secrets::check(clouds, &client.clouds, &secret).map_err(ConfigError::Invalid)?;
        Ok(Put { client, secret })
    }
}

impl GetArguments {
    pub(super) fn get(
        self,
        local: impl FnOnce() -> Result<SocketAddr, ConfigError>,
        token: Option<SecretKey>,
    ) -> Result<Get, ConfigError> {
        let (client, name) = self.client.client(&self.name, local, token)?;
        Ok(Get { client, name })
    }
}

impl ClientArguments {
    /// The client, and the name without the prefix.
    fn client(
        self,
        name: &str,
        local: impl FnOnce() -> Result<SocketAddr, ConfigError>,
        token: Option<SecretKey>,
    ) -> Result<(Client, String), ConfigError> {
        let (of_name, name) = cloud_and_name(name)
            .map_err(|reason| ConfigError::Invalid(format!("NAME: {reason}")))?;
        if of_name.is_some() && self.cloud.is_some() && of_name != self.cloud {
            let reason = "--cloud: the name begins with another cloud";
            return Err(ConfigError::Invalid(reason.to_owned()));
        }
        let cloud = of_name.or(self.cloud);
        if let Some(account) = &self.account {
            check_account(account)?;
        }
        if let Some(region) = &self.region {
            if !is_region(region) {
                let reason = format!("--region: `{region}` is not a region id like `cn-hangzhou`");
                return Err(ConfigError::Invalid(reason));
            }
            if cloud.is_none() {
                let reason = "--region: the clouds have different regions; choose one with --cloud";
                return Err(ConfigError::Invalid(reason.to_owned()));
            }
        }
        let url = match self.endpoint {
            Some(endpoint) => url(&endpoint)?,
            None => format!("http://{}", local()?),
        };
        let client = Client {
            url,
            token,
            clouds: clouds_of(cloud),
            account: self.account,
            region: self.region,
        };
        Ok((client, name.to_owned()))
    }
}

/// The URL for an endpoint. The server has http at the same port as https.
fn url(endpoint: &str) -> Result<String, ConfigError> {
    let wrong = |reason: &str| {
        ConfigError::Invalid(format!(
            "--endpoint (KMS_EMULATOR_ENDPOINT): `{endpoint}` {reason}"
        ))
    };
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("http", endpoint));
    let address = rest.strip_suffix('/').unwrap_or(rest);
    let Some(host) = Authority::parse(address).filter(|_| matches!(scheme, "http" | "https"))
    else {
        return Err(wrong("is not a URL such as http://127.0.0.1:8080"));
    };
    if scheme == "https" && !host.is_loopback() {
        return Err(wrong(
            "is https on another machine, and this command uses http only; the server has http at the same port",
        ));
    }
    Ok(format!("http://{address}"))
}
