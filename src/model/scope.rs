use std::fmt;

use serde::{Deserialize, Serialize};

/// A cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cloud {
    /// Alibaba Cloud.
    Alibaba,
    /// Tencent Cloud.
    Tencent,
}

impl Cloud {
    /// The name used in the store and in logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alibaba => "alibaba",
            Self::Tencent => "tencent",
        }
    }

    /// The cloud with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Alibaba, Self::Tencent]
            .into_iter()
            .find(|cloud| cloud.name() == name)
    }
}

/// A cloud, an account and a region. Names of secrets are unique in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The cloud.
    pub cloud: Cloud,
    /// The account number.
    pub account: String,
    /// The region id, such as `cn-hangzhou`.
    pub region: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.cloud.name(), self.account, self.region)
    }
}

/// A set of scopes. An absent field matches all values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSelection {
    /// The cloud.
    pub cloud: Option<Cloud>,
    /// The account.
    pub account: Option<String>,
    /// The region.
    pub region: Option<String>,
}

impl ScopeSelection {
    /// Selects all scopes of an account.
    #[must_use]
    pub fn of_account(account: impl Into<String>) -> Self {
        Self {
            account: Some(account.into()),
            ..Self::default()
        }
    }

    /// Whether the selection contains `scope`.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.cloud.is_none_or(|cloud| cloud == scope.cloud)
            && self
                .account
                .as_ref()
                .is_none_or(|account| *account == scope.account)
            && self
                .region
                .as_ref()
                .is_none_or(|region| *region == scope.region)
    }
}

/// Whether `text` can be a region id: lower-case ASCII letters, digits and hyphens.
#[must_use]
pub fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

/// Whether `label` can be the region in a host name of a cloud: two letters, a hyphen, then letters,
/// digits and hyphens.
///
/// Stricter than [`is_region`]: hosts below `oss-cn-hangzhou.aliyuncs.com` belong to customers of the cloud.
#[must_use]
pub fn is_region_in_host(label: &str) -> bool {
    match label.as_bytes() {
        [first, second, b'-', rest @ ..] => {
            first.is_ascii_lowercase()
                && second.is_ascii_lowercase()
                && !rest.is_empty()
                && is_region(label)
        }
        _ => false,
    }
}

/// Whether `text` is an account number: 16 decimal digits.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit())
}
