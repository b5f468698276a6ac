//! The settings of the Tencent Cloud API: behaviours that the documents leave open or describe in two ways.

use chrono::TimeDelta;
use clap::ValueEnum;

/// The settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The regions of the service; the first is the default region.
    pub regions: Vec<String>,
    /// The maximum `Limit` of `ListSecrets`.
    pub max_limit: u32,
    /// How `SearchSecretName` matches names.
    pub search: Search,
    /// The maximum length of a value in bytes.
    pub max_value_bytes: u32,
    /// The maximum difference between a time stamp and the clock in strict mode; absent: not checked.
    pub tolerance: Option<TimeDelta>,
}

impl Settings {
    /// The region of requests without `Region`.
    #[must_use]
    pub fn default_region(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }
}

/// How `SearchSecretName` matches names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Search {
    /// The name contains the text.
    Substring,
    /// The name equals the text.
    Exact,
}

impl Default for Settings {
    fn default() -> Self {
        let regions = [
            "ap-guangzhou",
            "ap-beijing",
            "ap-hongkong",
            "ap-jakarta",
            "ap-shanghai",
            "ap-singapore",
            "ap-tokyo",
        ];
        Self {
            regions: regions.map(str::to_owned).to_vec(),
            max_limit: 200,
            search: Search::Substring,
            max_value_bytes: 32_768,
            tolerance: Some(TimeDelta::seconds(300)),
        }
    }
}
