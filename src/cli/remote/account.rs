//! The account, from flags and the variables that the vendors' tools read.

use std::path::PathBuf;

use clap::Args;

use super::endpoint::Endpoint;
use crate::clouds;
use crate::model::{Cloud, SecretKey, is_region};

/// Flags that `compare` and `fixtures pull` share.
#[derive(Debug, Clone, Args)]
pub(crate) struct AccountArguments {
    /// Cloud: alibaba or tencent [default: the one whose access key is in the environment]
    #[arg(long, value_name = "NAME", value_parser = cloud)]
    pub(crate) cloud: Option<Cloud>,

    #[expect(clippy::doc_markdown, reason = "the text of the help")]
    /// Region [default: ALIBABA_CLOUD_REGION_ID or TENCENTCLOUD_REGION]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,

    /// Endpoint of the API [default: kms.<REGION>.aliyuncs.com or ssm.tencentcloudapi.com]
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,

    #[expect(clippy::doc_markdown, reason = "the text of the help")]
    /// File with certificate authorities in PEM, instead of those of the system or of SSL_CERT_FILE
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

fn cloud(name: &str) -> Result<Cloud, String> {
    Cloud::from_name(name).ok_or_else(|| "expected `alibaba` or `tencent`".to_owned())
}

/// An account of a cloud, in one region.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// The cloud.
    pub cloud: Cloud,
    /// The region.
    pub region: String,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The id of the access key.
    pub access_key_id: String,
    /// Its secret.
    pub secret: SecretKey,
    /// The token of temporary credentials.
    pub token: Option<SecretKey>,
    /// A file with certificate authorities.
    pub ca: Option<PathBuf>,
}

impl Account {
    /// Whether requests go to the public endpoint of the cloud.
    pub(crate) fn has_public_endpoint(&self) -> bool {
        self.endpoint == Endpoint::public(self.cloud, &self.region)
    }
}

/// A wrong flag or variable, in one line without its value.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct AccountError(String);

/// The variables of a cloud: id, secret, token, and the names for the region.
struct Variables {
    cloud: Cloud,
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    regions: &'static [&'static str],
}

const VARIABLES: [Variables; 2] = [
    Variables {
        cloud: Cloud::Alibaba,
        id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
        secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        token: "ALIBABA_CLOUD_SECURITY_TOKEN",
        regions: &["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION"],
    },
    Variables {
        cloud: Cloud::Tencent,
        id: "TENCENTCLOUD_SECRET_ID",
        secret: "TENCENTCLOUD_SECRET_KEY",
        token: "TENCENTCLOUD_TOKEN",
        regions: &["TENCENTCLOUD_REGION"],
    },
];

impl AccountArguments {
    /// The account of these flags and of the environment.
    pub(crate) fn account(self) -> Result<Account, AccountError> {
        self.account_in(|name| std::env::var(name).ok())
    }

    fn account_in(
        self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Account, AccountError> {
        let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
        let [alibaba, tencent] = &VARIABLES;
        let variables = match (self.cloud, variable(alibaba.id), variable(tencent.id)) {
            (Some(Cloud::Alibaba), ..) | (None, Some(_), None) => alibaba,
            (Some(Cloud::Tencent), ..) | (None, None, Some(_)) => tencent,
            (None, Some(_), Some(_)) => {
                let reason =
                    "the environment has access keys of both clouds; choose one with --cloud";
                return Err(AccountError(reason.to_owned()));
            }
            (None, None, None) => {
                return Err(AccountError(format!(
                    "set {} and {}, or {} and {}",
                    alibaba.id, alibaba.secret, tencent.id, tencent.secret
                )));
            }
        };
        let needed = |name: &str| {
            let value = variable(name)
                .ok_or_else(|| AccountError(format!("the variable {name} is not set")))?;
            // Such a value cannot be sent in a header, and is a mistake of the shell.
            if value.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(AccountError(format!("the variable {name} has white space")));
            }
            Ok(value)
        };
        let access_key_id = needed(variables.id)?;
        let secret = SecretKey::new(needed(variables.secret)?);
        let token = match variable(variables.token) {
            None => None,
            Some(_) => Some(SecretKey::new(needed(variables.token)?)),
        };
        let cloud = variables.cloud;
        let named = self.region.filter(|region| !region.is_empty());
        let named = named.or_else(|| variables.regions.iter().find_map(|name| variable(name)));
        let region = match named {
            Some(region) => region,
            // The host chooses the region, or there is only one.
            None if self.endpoint.is_some() => clouds::with_default_settings()
                .get(cloud)
                .default_region()
                .to_owned(),
            None => {
                let name = variables.regions[0];
                return Err(AccountError(format!(
                    "choose a region with --region or {name}"
                )));
            }
        };
        if !is_region(&region) {
            return Err(AccountError(
                "--region: a region id looks like `cn-hangzhou`".to_owned(),
            ));
        }
        let endpoint = match &self.endpoint {
            None => Endpoint::public(cloud, &region),
            Some(url) => Endpoint::parse(url)
                .map_err(|reason| AccountError(format!("--endpoint: {reason}")))?,
        };
        Ok(Account {
            cloud,
            region,
            endpoint,
            access_key_id,
            secret,
            token,
            ca: self.ca,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIBABA: [(&str, &str); 2] = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
    ];
    const TENCENT: [(&str, &str); 2] = [
        ("TENCENTCLOUD_SECRET_ID", "id"),
        ("TENCENTCLOUD_SECRET_KEY", "secret"),
    ];

    fn arguments() -> AccountArguments {
        AccountArguments {
            cloud: None,
            region: None,
            endpoint: None,
            ca: None,
        }
    }

    fn account(
        arguments: AccountArguments,
        environment: &[(&str, &str)],
    ) -> Result<Account, AccountError> {
        arguments.account_in(|name| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn cloud_is_that_of_the_only_access_key() {
        let region = ("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
        let found = account(arguments(), &[ALIBABA[0], ALIBABA[1], region]).unwrap();
        assert_eq!(found.cloud, Cloud::Alibaba);
        assert_eq!(found.endpoint.url(), "https://kms.cn-beijing.aliyuncs.com");
        let region = ("TENCENTCLOUD_REGION", "ap-beijing");
        let found = account(arguments(), &[TENCENT[0], TENCENT[1], region]).unwrap();
        assert_eq!(
            (found.cloud, &*found.region),
            (Cloud::Tencent, "ap-beijing")
        );

        let both = [ALIBABA, TENCENT].concat();
        let error = account(arguments(), &both).unwrap_err();
        assert!(error.to_string().contains("--cloud"), "{error}");
        let error = account(arguments(), &[]).unwrap_err();
        assert!(
            error.to_string().contains("TENCENTCLOUD_SECRET_ID"),
            "{error}"
        );
    }

    #[test]
    fn flags_override_variables_and_errors_do_not_quote_values() {
        let environment = [
            ALIBABA[0],
            ALIBABA[1],
            ("ALIBABA_CLOUD_REGION_ID", "cn-beijing"),
        ];
        let flags = AccountArguments {
            region: Some("cn-shanghai".into()),
            endpoint: Some("http://127.0.0.1:1".into()),
            ..arguments()
        };
        let found = account(flags, &environment).unwrap();
        assert_eq!(found.region, "cn-shanghai");
        assert_eq!(found.endpoint.url(), "http://127.0.0.1:1");
        for (environment, named) in [
            (
                vec![ALIBABA[0]],
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set",
            ),
            (vec![ALIBABA[0], (ALIBABA[1].0, "hunter2\n")], "white space"),
            (
                vec![ALIBABA[0], ALIBABA[1]],
                "--region or ALIBABA_CLOUD_REGION_ID",
            ),
            (
                vec![
                    ALIBABA[0],
                    ALIBABA[1],
                    ("ALIBABA_CLOUD_REGION_ID", "hunter2/"),
                ],
                "--region",
            ),
        ] {
            let error = account(arguments(), &environment).unwrap_err().to_string();
            assert!(
                error.contains(named) && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
