//! Loads fixture files into the store: all of them, or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use crate::fixture_file::{Fixture, Mistake};
use crate::model::{Cloud, Scope};
use crate::store::{Store, StoreError};
use crate::{alibaba, tencent};

/// Why fixtures were not loaded. Nothing of any file was.
#[derive(Debug, Error)]
pub enum FixtureError {
    /// A file or directory cannot be read.
    #[error("fixture {}: {source}", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("fixture {}: {}: {}", path.display(), mistake.place, mistake.reason)]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        mistake: Mistake,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Loads files, and the `*.json` of directories by name, in one transaction. A secret replaces
/// one of the same name in the same scope; what a file says of neither account nor region goes to
/// the default ones of its cloud. Returns the number of secrets.
///
/// # Errors
///
/// When a file cannot be read or has a mistake, or the store fails.
pub fn load(
    store: &Store,
    paths: &[PathBuf],
    default_account: &str,
    default_region: impl Fn(Cloud) -> String,
) -> Result<usize, FixtureError> {
    let mut fixtures = Vec::new();
    for path in files(paths)? {
        let fixture = read(&path)?;
        for place in &fixture.ignored {
            tracing::warn!(file = %path.display(), place, "fixture member ignored");
        }
        fixtures.push(fixture);
    }
    store.write(|store| {
        let mut loaded = 0;
        for Fixture {
            cloud,
            account,
            region,
            secrets,
            ..
        } in fixtures
        {
            let scope = Scope {
                cloud,
                account: account.unwrap_or_else(|| default_account.to_owned()),
                region: region.unwrap_or_else(|| default_region(cloud)),
            };
            for (secret, versions) in &secrets {
                store.replace_secret(&scope, secret, versions)?;
            }
            loaded += secrets.len();
        }
        Ok(loaded)
    })
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FixtureError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let unreadable = |source| FixtureError::Unreadable {
                path: path.clone(),
                source,
            };
            let entries = fs::read_dir(path)
                .and_then(Iterator::collect::<io::Result<Vec<_>>>)
                .map_err(unreadable)?;
            let mut found: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
            found.retain(|file| {
                file.extension()
                    .is_some_and(|extension| extension == "json")
                    && file.is_file()
            });
            found.sort();
            if found.is_empty() {
                tracing::warn!(directory = %path.display(), "there is no fixture in the directory");
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Fixture, FixtureError> {
    let bytes = fs::read(path).map_err(|source| FixtureError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let text = str::from_utf8(&bytes).map_err(|error| FixtureError::Invalid {
        path: path.to_owned(),
        mistake: Mistake {
            place: format!("byte {}", error.valid_up_to()),
            reason: "the file is not UTF-8".to_owned(),
        },
    })?;
    // Some editors begin a file with a byte order mark.
    parse(text.trim_start_matches('\u{feff}')).map_err(|mistake| FixtureError::Invalid {
        path: path.to_owned(),
        mistake,
    })
}

/// Reads a fixture of either cloud: they are told apart by what their replies are made of.
///
/// # Errors
///
/// The first mistake found.
pub fn parse(text: &str) -> Result<Fixture, Mistake> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    struct Has {
        #[serde(deserialize_with = "whatever")]
        response: bool,
        #[serde(deserialize_with = "whatever")]
        secret_metadatas: bool,
    }
    let has: Has = serde_json::from_str(text).unwrap_or_default();
    if has.response {
        tencent::fixture::parse_enveloped(text)
    } else if has.secret_metadatas {
        tencent::fixture::parse(text)
    } else {
        alibaba::fixture::parse(text)
    }
}

/// Says that a member is there, whatever it holds.
fn whatever<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
