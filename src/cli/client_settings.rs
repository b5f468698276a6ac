//! The output of `kms-emulator env`: settings for clients as shell commands, as a `.env` file or as a
//! program.

use std::fmt;

use clap::ValueEnum;

use crate::clouds::client_code::{
    Connection, Example, KeySource, address_variable, authority_download, java_trust_store,
    key_variables, quoted, region_variables, replaced_trust,
};
use crate::model::Cloud;
use crate::model::SecretKey;

/// The format of environment variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Commands for a POSIX shell.
    Shell,
    /// A `.env` file.
    Dotenv,
}

/// The settings of a client.
#[derive(Debug)]
pub(super) struct ClientSettings {
    /// Host and port of the emulator.
    pub address: String,
    /// Whether to use https.
    pub https: bool,
    /// The file with the certificate authority.
    pub ca: String,
    /// The access key id to sign with.
    pub access_key_id: String,
    /// The access key secret to sign with.
    pub secret: SecretKey,
    /// The region on Alibaba Cloud.
    pub alibaba_region: String,
    /// The region on Tencent Cloud.
    pub tencent_region: String,
}

/// The output of `kms-emulator env`.
#[derive(Debug)]
pub(super) struct Output {
    /// The settings.
    pub settings: ClientSettings,
    /// The format of environment variables.
    pub format: Format,
    /// The program to print instead of variables.
    pub example: Option<Example>,
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match &self.example {
            Some(example) => self.settings.program(example),
            None => self.settings.variables(self.format),
        })
    }
}

impl ClientSettings {
    /// The URL of the emulator.
    #[must_use]
    pub(super) fn endpoint(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The variables that the SDKs, command lines and Terraform providers of both clouds read. For https, also
    /// those that add a certificate authority to a client's list; a variable that replaces the list of unrelated
    /// programs is only in a comment.
    #[must_use]
    pub(super) fn variables(&self, format: Format) -> String {
        let endpoint = self.endpoint();
        let (id, secret) = (&*self.access_key_id, self.secret.expose());
        let credentials_uri = format!("{endpoint}/_emulator/credentials");
        let mut variables = vec![
            ("KMS_EMULATOR_ENDPOINT", &*endpoint),
            // Default chains of credentials use it only without an access key.
            ("ALIBABA_CLOUD_CREDENTIALS_URI", &*credentials_uri),
        ];
        for cloud in [Cloud::Alibaba, Cloud::Tencent] {
            variables.extend(key_variables(cloud).into_iter().zip([id, secret]));
            let region = self.region(cloud);
            variables.extend(region_variables(cloud).iter().map(|name| (*name, region)));
            variables.extend(address_variable(cloud).map(|name| (name, &*self.address)));
        }
        let mut lines: Vec<String> = variables
            .into_iter()
            .map(|(name, value)| format.line(name, value))
            .collect();
        if self.https {
            lines.push(authority_download("#", &self.ca, &self.address));
            // Node adds the authority to its list. The other one is read only by an SDK of Alibaba Cloud.
            lines.extend(
                ["NODE_EXTRA_CA_CERTS", "ALIBABA_CLOUD_CA_BUNDLE"]
                    .map(|name| format.line(name, &self.ca)),
            );
            lines.push(replaced_trust("#", &self.ca, &self.address));
            lines.push(java_trust_store("#", &self.ca));
        }
        lines.join("\n") + "\n"
    }

    fn region(&self, cloud: Cloud) -> &str {
        match cloud {
            Cloud::Alibaba => &self.alibaba_region,
            Cloud::Tencent => &self.tencent_region,
        }
    }

    /// The program that lists secrets with an SDK.
    #[must_use]
    pub(super) fn program(&self, example: &Example) -> String {
        example.program(&Connection {
            address: &self.address,
            https: self.https,
            ca: &self.ca,
            region: self.region(example.cloud()),
            key: KeySource::Literal(&self.access_key_id, &self.secret),
        })
    }
}

impl Format {
    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Shell => format!("export {name}={}", quoted(value)),
            Self::Dotenv => format!("{name}={}", for_dotenv(value)),
        }
    }
}

/// Quotes a value for a `.env` file, in the syntax that all readers support: no escapes in single
/// quotes, backslash escapes in double quotes. If a shell evaluates the file, the value is one word, and
/// no command in it is run.
fn for_dotenv(text: &str) -> String {
    if !text.contains(|c: char| c == '\'' || c.is_control()) {
        return quoted(text);
    }
    let mut value = String::with_capacity(text.len() + 2);
    value.push('"');
    for character in text.chars() {
        match character {
            '\n' => value.push_str(r"\n"),
            '\r' => value.push_str(r"\r"),
            '\t' => value.push_str(r"\t"),
            '\\' | '"' | '$' | '`' => value.extend(['\\', character]),
            _ => value.push(character),
        }
    }
    value.push('"');
    value
}

#[cfg(test)]
mod tests;
