//! Request ids: random for users, sequential for tests that compare whole replies.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Makes request ids: lower-case UUIDs of version 4.
#[derive(Debug)]
pub enum RequestIds {
    /// Unpredictable ids.
    Random,
    /// `00000000-0000-4000-8000-000000000001`, `…0002` and so on.
    Sequential(AtomicU64),
}

impl RequestIds {
    /// Ids that count from one.
    #[must_use]
    pub fn sequential() -> Self {
        Self::Sequential(AtomicU64::new(1))
    }

    /// The next id.
    #[must_use]
    pub fn next(&self) -> String {
        let id = match self {
            Self::Random => Uuid::new_v4(),
            Self::Sequential(next) => {
                uuid::Builder::from_u128(next.fetch_add(1, Ordering::Relaxed).into())
                    .with_version(uuid::Version::Random)
                    .with_variant(uuid::Variant::RFC4122)
                    .into_uuid()
            }
        };
        id.to_string()
    }
}
