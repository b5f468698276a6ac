//! What a secrets manager is about, as plain data: no serde, no SQL, no HTTP.

mod page;
mod query;
mod scope;
mod secret;
mod version;

pub use page::{Page, PageRequest};
pub use query::{Attribute, Condition, Order, SecretQuery};
pub use scope::{Cloud, Scope, ScopeSelection, is_region, is_region_in_host};
pub use secret::{Encryption, Rotation, Secret, SecretType, State, Tag};
pub use version::{DataType, SecretVersion, VersionInfo};
