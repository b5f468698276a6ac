//! The settings of the control API.

use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};

use super::error::{ConfigError, invalid};
use crate::emulator::journal::DEFAULT_CAPACITY;
use crate::model::SecretKey;
use crate::server::ListenAddress;

/// The settings of the control API.
#[derive(Debug)]
pub(crate) struct ControlConfig {
    /// Whether the control API is served; health, readiness, `ca.pem` and `ca-bundle.pem` always are.
    pub on: bool,
    /// Its separate address; absent if it is served at the addresses of the clouds.
    pub listen: Option<ListenAddress>,
    /// The token that requests need, if any.
    pub token: Option<SecretKey>,
    /// The maximum number of journal entries.
    pub journal: usize,
}

#[derive(Args)]
pub(super) struct ControlArguments {
    /// Disable the control API below /_emulator/, except health, ready, ca.pem and ca-bundle.pem
    #[arg(
        long,
        env = "KMS_EMULATOR_NO_CONTROL",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    no_control: bool,

    /// Separate address for the control API, which is then not served at the other addresses
    #[arg(long, env = "KMS_EMULATOR_CONTROL_LISTEN", value_name = "ADDRESS")]
    control_listen: Option<String>,

    /// Token that the control API requires, as `Authorization: Bearer TOKEN`; a flag is visible in the
    /// process list to every user of the machine, so prefer the variable or the file
    #[arg(
        long,
        env = "KMS_EMULATOR_CONTROL_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    control_token: Option<String>,

    /// File with the token of the control API; a line break at its end is ignored
    #[arg(long, env = "KMS_EMULATOR_CONTROL_TOKEN_FILE", value_name = "FILE")]
    control_token_file: Option<PathBuf>,

    /// Number of requests that the journal keeps; 0 switches it off
    #[arg(
        long,
        env = "KMS_EMULATOR_JOURNAL",
        value_name = "NUMBER",
        default_value_t = DEFAULT_CAPACITY
    )]
    journal: usize,
}

impl ControlConfig {
    /// A warning if other machines can use the control API without a token. `addresses` are the
    /// addresses that it listens on.
    #[must_use]
    pub(crate) fn exposure(
        &self,
        addresses: impl IntoIterator<Item = SocketAddr>,
    ) -> Option<String> {
        if !self.on || self.token.is_some() {
            return None;
        }
        let reachable = addresses
            .into_iter()
            .filter(|address| !address.ip().to_canonical().is_loopback());
        let reachable: Vec<_> = reachable.map(|address| address.to_string()).collect();
        if reachable.is_empty() {
            return None;
        }
        Some(format!(
            "the control API on {} requires no token, so any host that reaches it can read and change all secrets; \
             use --control-token-file, --control-listen 127.0.0.1:PORT or --no-control",
            reachable.join(" and ")
        ))
    }
}

impl ControlArguments {
    pub(super) fn config(self) -> Result<ControlConfig, ConfigError> {
        let listen = self.control_listen.filter(|text| !text.is_empty());
        let listen = listen.map(|text| {
            ListenAddress::parse(&text).map_err(|reason| {
                invalid("--control-listen", "KMS_EMULATOR_CONTROL_LISTEN", &reason)
            })
        });
        let listen = listen.transpose()?;
        if self.no_control && listen.is_some() {
            return Err(invalid(
                "--no-control",
                "KMS_EMULATOR_NO_CONTROL",
                "cannot be combined with --control-listen (KMS_EMULATOR_CONTROL_LISTEN)",
            ));
        }
        Ok(ControlConfig {
            on: !self.no_control,
            listen,
            token: token(self.control_token, self.control_token_file.as_deref())?,
            journal: self.journal,
        })
    }
}

/// The maximum size of a token file. Also ends the read of a device file.
const MAX_TOKEN_BYTES: u64 = 4096;

/// Reads the token from the text or the file. Errors do not contain it.
fn token(text: Option<String>, file: Option<&Path>) -> Result<Option<SecretKey>, ConfigError> {
    let (token, flag, variable) = match (text, file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(invalid(
                "--control-token-file",
                "KMS_EMULATOR_CONTROL_TOKEN_FILE",
                "cannot be combined with --control-token (KMS_EMULATOR_CONTROL_TOKEN)",
            ));
        }
        (Some(text), None) => (Ok(text), "--control-token", "KMS_EMULATOR_CONTROL_TOKEN"),
        (None, Some(file)) => (
            read_token(file).map_err(|error| format!("{}: {error}", file.display())),
            "--control-token-file",
            "KMS_EMULATOR_CONTROL_TOKEN_FILE",
        ),
    };
    let checked = token.and_then(|token| {
        if token.is_empty() {
            return Err("the token is empty".to_owned());
        }
        // A header value cannot have other characters.
        let can_be_sent = token.trim() == token && !token.contains(|c: char| c.is_control());
        if !can_be_sent {
            return Err(
                "the token has line breaks, control characters or spaces around it".to_owned(),
            );
        }
        Ok(SecretKey::new(token))
    });
    checked
        .map(Some)
        .map_err(|reason| invalid(flag, variable, &reason))
}

fn read_token(file: &Path) -> io::Result<String> {
    let invalid = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
    let mut text = Vec::new();
    File::open(file)?
        .take(MAX_TOKEN_BYTES + 1)
        .read_to_end(&mut text)?;
    if text.len() as u64 > MAX_TOKEN_BYTES {
        return Err(invalid("the file is too long for a token"));
    }
    let text = String::from_utf8(text).map_err(|_| invalid("the file is not UTF-8"))?;
    let token = text.strip_suffix('\n').unwrap_or(&text);
    let token = token.strip_suffix('\r').unwrap_or(token);
    if token.is_empty() {
        return Err(invalid("the file is empty"));
    }
    Ok(token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(on: bool, token: Option<&str>) -> ControlConfig {
        ControlConfig {
            on,
            listen: None,
            token: token.map(SecretKey::new),
            journal: 0,
        }
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_control_api_without_a_token_that_is_not_on_loopback_has_a_warning_of_one_line() {
        let exposed = |texts: &[&str]| config(true, None).exposure(addresses(texts));
        for (given, named) in [
            (&["0.0.0.0:8080"][..], "0.0.0.0:8080"),
            (&["[::]:80"], "[::]:80"),
            (&["192.0.2.1:1", "127.0.0.1:2"], "on 192.0.2.1:1 require"),
            (
                &["192.0.2.1:1", "192.0.2.2:2"],
                "192.0.2.1:1 and 192.0.2.2:2",
            ),
        ] {
            let warning = exposed(given).unwrap();
            for part in [
                named,
                "--control-token-file",
                "--no-control",
                "--control-listen 127.0.0.1:",
            ] {
                assert!(warning.contains(part), "{warning}");
            }
            assert_eq!(warning.lines().count(), 1);
        }
        for loopback in [
            &["127.0.0.1:1", "[::1]:1", "127.9.9.9:1"][..],
            &["[::ffff:127.0.0.1]:1"],
            &[],
        ] {
            assert_eq!(exposed(loopback), None, "{loopback:?}");
        }
        let everywhere = addresses(&["0.0.0.0:8080"]);
        assert_eq!(config(true, Some("t")).exposure(everywhere.clone()), None);
        assert_eq!(config(false, None).exposure(everywhere), None);
    }
}
