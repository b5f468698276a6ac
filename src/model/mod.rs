//! The types of the domain: plain data without SQL and HTTP.

mod cmk;
mod kms_instance;
mod listed;
mod page;
mod query;
mod scope;
mod secret;
mod secret_data;
mod secret_key;
mod times;
mod version;

pub use cmk::{
    Cmk, CmkVersion, CreatorType, KeyAlias, KeyCondition, KeyMaterial, KeyOrigin, KeySpec,
    KeyState, KeyStateName, KeyUsage, ProtectionLevel,
};
pub use kms_instance::KmsInstance;
pub use listed::{ListedDetails, ListedSecret};
pub use page::{Page, PageRequest};
pub use query::{Condition, FilterMatch, PartCondition, SecretQuery, SortOrder};
pub use scope::{Cloud, Scope, ScopeSelection, is_account, is_region, is_region_in_host};
pub use secret::{Encryption, Rotation, Secret, SecretType, State, StateName, Tag};
pub use secret_data::SecretData;
pub use secret_key::SecretKey;
pub use times::Times;
pub use version::{DataType, SecretVersion, VersionInfo};
