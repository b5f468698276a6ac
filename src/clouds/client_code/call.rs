//! A call, and the connection to the emulator that a program uses for it.

use serde_json::{Map, Value};

use crate::clouds::{alibaba, tencent};
use crate::model::{Cloud, SecretKey};

/// How a program reaches the emulator.
#[derive(Debug, Clone, Copy)]
pub struct Connection<'a> {
    /// Host and port of the emulator.
    pub address: &'a str,
    /// Whether to use https.
    pub https: bool,
    /// The file with the emulator's certificate authority, for https.
    pub ca: &'a str,
    /// The region to call.
    pub region: &'a str,
    /// The access key that signs.
    pub key: KeySource<'a>,
}

/// The source of a program's access key.
#[derive(Debug, Clone, Copy)]
pub enum KeySource<'a> {
    /// The program contains the access key id and the secret.
    Literal(&'a str, &'a SecretKey),
    /// The program reads the environment variables that the cloud's SDKs read.
    Environment,
}

/// A call of a cloud's API.
#[derive(Debug, Clone, Copy)]
pub struct ApiCall<'a> {
    /// The cloud.
    pub cloud: Cloud,
    /// The vendor's name of the operation.
    pub action: &'a str,
    /// The operation's parameters as JSON values, as its description has them.
    pub parameters: &'a Map<String, Value>,
}

impl ApiCall<'_> {
    /// The product of the call's service, as requests name it.
    pub(super) fn product(&self) -> &'static str {
        self.service().0
    }

    /// The version of the call's service.
    pub(super) fn version(&self) -> &'static str {
        self.service().1
    }

    fn service(&self) -> (&'static str, &'static str) {
        match self.cloud {
            Cloud::Alibaba => {
                let service = alibaba::SERVICES.of_action(self.action);
                (service.product, service.version)
            }
            Cloud::Tencent => {
                let service = tencent::SERVICES.of_action(self.action);
                (service.product, service.version)
            }
        }
    }

    /// Whether the typed clients of the cloud have the call's service. The others are called with the vendors'
    /// generic clients.
    pub(super) fn has_typed_clients(&self) -> bool {
        self.product()
            == match self.cloud {
                Cloud::Alibaba => "Kms",
                Cloud::Tencent => "ssm",
            }
    }
}

/// The environment variables from which the cloud's SDKs read the access key id and the secret.
#[must_use]
pub fn key_variables(cloud: Cloud) -> [&'static str; 2] {
    match cloud {
        Cloud::Alibaba => [
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ],
        Cloud::Tencent => ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"],
    }
}

/// The environment variables from which the cloud's SDKs, command line and Terraform provider read the region.
#[must_use]
pub(crate) fn region_variables(cloud: Cloud) -> &'static [&'static str] {
    match cloud {
        // The command line reads the first, the Terraform provider the second.
        Cloud::Alibaba => &["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION"],
        Cloud::Tencent => &["TENCENTCLOUD_REGION"],
    }
}

/// The environment variable from which the cloud's command line reads host and port, if there is one.
#[must_use]
pub(crate) fn address_variable(cloud: Cloud) -> Option<&'static str> {
    match cloud {
        Cloud::Alibaba => Some("ALIBABA_CLOUD_ENDPOINT"),
        Cloud::Tencent => None,
    }
}
