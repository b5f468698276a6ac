//! Loads fixture files into the store, all of them or none, and writes the store out as such a file.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::cause::Cause;
use crate::fixture_file::{Fixture, Mistake};
use crate::model::{Cloud, Scope, ScopeSelection};
use crate::store::{ReadTransaction, Store, StoreError, WriteTransaction};
use crate::{alibaba, tencent};

/// How many secrets a part of an export holds at the most.
const PART: usize = 1000;

/// A part of an export ends with the secret whose values bring it to so many bytes: parts are in memory once more
/// than the whole.
const PART_BYTES: usize = 256 * 1024;

/// Why fixtures were not loaded. Nothing of any file was.
#[derive(Debug, thiserror::Error)]
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

/// Why the store was not written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret is not what its cloud can have.
    #[error("{0}")]
    Secret(Cause),
}

/// How far the loading of fixtures is.
#[derive(Debug, Default)]
pub struct Progress {
    /// How many secrets there are to load; 0 until that is known.
    secrets: AtomicU64,
    loaded: AtomicU64,
}

impl Progress {
    /// Notes how many secrets there are to load.
    pub fn expect(&self, secrets: u64) {
        self.secrets.store(secrets, Ordering::Relaxed);
    }

    /// Notes that a secret was loaded.
    pub fn step(&self) {
        self.loaded.fetch_add(1, Ordering::Relaxed);
    }

    /// How many secrets are loaded, of how many; absent until there are any to load.
    #[must_use]
    pub fn loaded_of(&self) -> Option<(u64, u64)> {
        let secrets = self.secrets.load(Ordering::Relaxed);
        (secrets > 0).then(|| (self.loaded.load(Ordering::Relaxed), secrets))
    }
}

/// What files bring.
#[derive(Debug, Default)]
pub struct Contents {
    /// How many secrets.
    pub secrets: u64,
    /// Into which scopes.
    pub scopes: Vec<Scope>,
}

impl Contents {
    /// What these fixtures bring.
    #[must_use]
    pub fn of(fixtures: &[Fixture], defaults: &Defaults) -> Self {
        let mut contents = Self::default();
        for fixture in fixtures {
            contents.secrets += fixture.secrets.len() as u64;
            let scope = defaults.scope(fixture);
            if !contents.scopes.contains(&scope) {
                contents.scopes.push(scope);
            }
        }
        contents
    }
}

/// Where secrets go that a file says nothing of: account, and region by cloud.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// The account.
    pub account: String,
    /// The region of Alibaba Cloud.
    pub alibaba_region: String,
    /// The region of Tencent Cloud.
    pub tencent_region: String,
}

impl Defaults {
    /// The scope of a fixture.
    #[must_use]
    pub fn scope(&self, fixture: &Fixture) -> Scope {
        let region = match fixture.cloud {
            Cloud::Alibaba => &self.alibaba_region,
            Cloud::Tencent => &self.tencent_region,
        };
        Scope {
            cloud: fixture.cloud,
            account: fixture
                .account
                .clone()
                .unwrap_or_else(|| self.account.clone()),
            region: fixture.region.clone().unwrap_or_else(|| region.clone()),
        }
    }
}

/// Loads files, and the `*.json` of directories by name, in one transaction. A secret replaces
/// one of the same name in the same scope.
///
/// # Errors
///
/// When a file cannot be read or has a mistake, or the store fails.
pub fn load(
    store: &Store,
    paths: &[PathBuf],
    defaults: &Defaults,
    progress: &Progress,
) -> Result<Contents, FixtureError> {
    let files = read_all(paths)?;
    files.log_remarks();
    let fixtures = files.fixtures;
    let contents = Contents::of(&fixtures, defaults);
    progress.expect(contents.secrets);
    store.write(|store| {
        for fixture in &fixtures {
            let place = defaults.scope(fixture);
            for secret in &fixture.secrets {
                store.replace_secret(&place, secret)?;
                progress.step();
            }
        }
        Ok(contents)
    })
}

/// The contents of fixture files.
#[derive(Debug, Default)]
pub struct Files {
    /// The fixtures, in the order of the files.
    pub fixtures: Vec<Fixture>,
    /// What of the files has no effect.
    pub remarks: Vec<Remark>,
}

impl Files {
    /// Logs the remarks. To be called once for each state of the files, which are read more often.
    pub fn log_remarks(&self) {
        self.remarks.iter().for_each(Remark::log);
    }
}

/// Something about fixture files that has no effect, and was perhaps meant to have one.
#[derive(Debug, PartialEq, Eq)]
pub enum Remark {
    /// A directory has no `*.json` file.
    EmptyDirectory(PathBuf),
    /// A member of a file means nothing.
    Ignored {
        /// The file.
        file: PathBuf,
        /// The first place of the member.
        place: String,
        /// At how many more places of the file it is, in other items of the same lists.
        more: usize,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDirectory(directory) => {
                write!(
                    f,
                    "{}: the directory has no *.json file",
                    directory.display()
                )
            }
            Self::Ignored { file, place, more } => {
                write!(f, "{}: ignored: {place}", file.display())?;
                match more {
                    0 => Ok(()),
                    _ => write!(f, " and {more} more like it"),
                }
            }
        }
    }
}

impl Remark {
    fn log(&self) {
        match self {
            Self::EmptyDirectory(directory) => {
                tracing::warn!(directory = %directory.display(), "the fixture directory has no *.json file");
            }
            Self::Ignored { file, place, more } => {
                tracing::warn!(file = %file.display(), place, more, "fixture member ignored");
            }
        }
    }
}

/// Reads files, and the `*.json` of directories by name.
///
/// # Errors
///
/// When a file cannot be read or has a mistake.
pub fn read_all(paths: &[PathBuf]) -> Result<Files, FixtureError> {
    let mut all = Files::default();
    for path in paths {
        let files = files_of(path)?;
        if files.is_empty() {
            all.remarks.push(Remark::EmptyDirectory(path.clone()));
        }
        for file in files {
            let fixtures = read(&file)?;
            let ignored = fixtures.iter().flat_map(|fixture| &fixture.ignored);
            all.remarks.extend(ignored_in(&file, ignored));
            all.fixtures.extend(fixtures);
        }
    }
    Ok(all)
}

/// One remark for each member, however many items of a list have it.
fn ignored_in<'a>(file: &Path, places: impl Iterator<Item = &'a String>) -> Vec<Remark> {
    let mut members: Vec<(Vec<&str>, &str, usize)> = Vec::new();
    for place in places {
        let names = place.split('.');
        let names = names.filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
        let names: Vec<_> = names.collect();
        match members.iter_mut().find(|(known, ..)| *known == names) {
            Some((_, _, more)) => *more += 1,
            None => members.push((names, place, 0)),
        }
    }
    let remark = |(_, place, more): (_, &str, _)| Remark::Ignored {
        file: file.to_owned(),
        place: place.to_owned(),
        more,
    };
    members.into_iter().map(remark).collect()
}

/// Stores the secrets of a fixture in a place. Returns how many they are.
///
/// # Errors
///
/// What the store reports.
pub fn add(store: &WriteTransaction, fixture: &Fixture, place: &Scope) -> Result<u64, StoreError> {
    for secret in &fixture.secrets {
        store.replace_secret(place, secret)?;
    }
    Ok(fixture.secrets.len() as u64)
}

/// Writes out the scopes of a selection as fixture files of at most a thousand secrets and some 256 kB each, which
/// load to the same again in the order given; without versions unless `values` are wanted. Returns the
/// number of secrets.
///
/// # Errors
///
/// Those of `take`, and what the store reports.
pub fn export<E: From<ExportError>>(
    store: &ReadTransaction,
    selection: &ScopeSelection,
    values: bool,
    mut take: impl FnMut(String) -> Result<(), E>,
) -> Result<u64, E> {
    let mut exported = 0;
    let scopes = store.scopes(selection).map_err(ExportError::from)?;
    for scope in scopes {
        let mut print = |secrets: Vec<_>| {
            exported += secrets.len() as u64;
            take(match scope.cloud {
                Cloud::Alibaba => alibaba::fixture::print(&scope, secrets, values),
                Cloud::Tencent => {
                    tencent::fixture::print(&scope, secrets, values).map_err(ExportError::Secret)?
                }
            })
        };
        let mut part = Vec::new();
        let mut part_bytes = 0;
        let mut failed = None;
        store
            .each_secret(&scope, |secret| {
                part_bytes += secret.value_bytes();
                part.push(secret);
                if part.len() < PART && part_bytes < PART_BYTES {
                    return Ok(());
                }
                part_bytes = 0;
                if let Err(error) = print(std::mem::take(&mut part)) {
                    failed.get_or_insert(error);
                }
                Ok::<_, StoreError>(())
            })
            .map_err(ExportError::from)?;
        if let Some(error) = failed {
            return Err(error);
        }
        if !part.is_empty() {
            print(part)?;
        }
    }
    Ok(exported)
}

/// Writes out the scopes of a selection as one fixture file.
///
/// # Errors
///
/// What the store reports.
pub fn export_text(
    store: &ReadTransaction,
    selection: &ScopeSelection,
    values: bool,
) -> Result<String, ExportError> {
    let mut text = String::from("[");
    export(store, selection, values, |part| {
        if text.len() > 1 {
            text.push(',');
        }
        text.push('\n');
        text.push_str(&part);
        Ok::<_, ExportError>(())
    })?;
    text.push_str("\n]\n");
    Ok(text)
}

/// What tells whether files have changed: their names, their sizes, and when they were written.
pub type Stamps = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// The stamps of files, and of the `*.json` of directories.
///
/// # Errors
///
/// When a file cannot be looked at.
pub fn stamps(paths: &[PathBuf]) -> Result<Stamps, FixtureError> {
    let stamp = |path: PathBuf| match fs::metadata(&path) {
        Ok(file) => Ok((path, file.len(), file.modified().ok())),
        Err(source) => Err(FixtureError::Unreadable { path, source }),
    };
    let files = paths.iter().map(|path| files_of(path));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    files.into_iter().flatten().map(stamp).collect()
}

/// A file, or the `*.json` of a directory by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, FixtureError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(|source| FixtureError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
    let mut found: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    found.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
            && file.is_file()
    });
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<Fixture>, FixtureError> {
    let bytes = fs::read(path).map_err(|source| FixtureError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    parse(&bytes).map_err(|mistake| FixtureError::Invalid {
        path: path.to_owned(),
        mistake,
    })
}

/// Reads a fixture of either cloud, or several in a JSON array.
///
/// # Errors
///
/// The first mistake found.
pub fn parse(bytes: &[u8]) -> Result<Vec<Fixture>, Mistake> {
    let text = str::from_utf8(bytes).map_err(|error| Mistake {
        place: format!("byte {}", error.valid_up_to()),
        reason: "the file is not UTF-8".to_owned(),
    })?;
    // Some editors begin a file with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('[') {
        return parse_one(text).map(|fixture| vec![fixture]);
    }
    let mut parts = Parts::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_seq(&mut parts).and_then(|()| json.end());
    match (parts.mistake, read) {
        (Some(mistake), _) => Err(mistake),
        (None, Err(error)) => Err(Mistake::new("", &error.to_string())),
        (None, Ok(())) => Ok(parts.fixtures),
    }
}

/// Reads the files in an array one by one, up to the first mistake.
#[derive(Default)]
struct Parts {
    fixtures: Vec<Fixture>,
    mistake: Option<Mistake>,
}

impl<'de> Visitor<'de> for &mut Parts {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        for index in 0_usize.. {
            let Some(part) = array.next_element::<&RawValue>()? else {
                break;
            };
            let parsed = parse_one(part.get()).map_err(|mistake| Mistake {
                place: format!("[{index}].{}", mistake.place.trim_start_matches('.')),
                reason: mistake.reason,
            });
            match parsed {
                // There may be very many of them.
                Ok(fixture) if fixture.secrets.is_empty() && fixture.ignored.is_empty() => {}
                Ok(fixture) => self.fixtures.push(fixture),
                Err(mistake) => {
                    self.mistake = Some(mistake);
                    return Err(A::Error::custom("a mistake in a part"));
                }
            }
        }
        Ok(())
    }
}

/// The clouds are told apart by what their replies are made of.
fn parse_one(text: &str) -> Result<Fixture, Mistake> {
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
