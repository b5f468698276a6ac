//! Settings for behaviour that the vendor's pages document in several ways.

use clap::ValueEnum;

pub use crate::model::FilterMatch;

/// The settings of the Alibaba Cloud API.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region of requests whose host has no region.
    pub default_region: String,
    /// Which values `Filters` accepts.
    pub filter_values: FilterValues,
    /// How the keys `SecretName` and `Description` of `Filters` match.
    pub filter_match: FilterMatch,
    /// Whether an account has the default quotas of keys, aliases and versions.
    pub applies_quotas: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_region: "cn-hangzhou".to_owned(),
            filter_values: FilterValues::default(),
            filter_match: FilterMatch::default(),
            applies_quotas: false,
        }
    }
}

/// Which values `Filters` of `ListSecrets` accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FilterValues {
    /// Values that a secret can have, as documented before 2025-10.
    #[default]
    Possible,
    /// Every text, as documented since 2025-10.
    Any,
}
