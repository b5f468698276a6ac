//! What can be set of this face: where documents are silent or at odds, and what tests may need.

use chrono::TimeDelta;
use clap::ValueEnum;

/// The settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The regions that are offered; the first is that of requests that name none.
    pub regions: Vec<String>,
    /// The greatest `Limit` of `ListSecrets`.
    pub most_listed: u32,
    /// What `SearchSecretName` finds.
    pub search: Search,
    /// The most bytes of a value.
    pub most_value_bytes: u32,
    /// How far a time stamp may be from the present in strict mode; absent: as far as it likes.
    pub tolerance: Option<TimeDelta>,
}

impl Settings {
    /// The region of requests that name none.
    #[must_use]
    pub fn default_region(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }
}

/// What `SearchSecretName` finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Search {
    /// Names that have it in them.
    Substring,
    /// The name that it is.
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
            most_listed: 200,
            search: Search::Substring,
            most_value_bytes: 32_768,
            tolerance: Some(TimeDelta::seconds(300)),
        }
    }
}
