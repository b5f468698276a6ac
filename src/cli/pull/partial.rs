//! The file beside the output in which an interrupted pull is kept: one JSON object per line.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::list::name;
use crate::cli::remote::Account;
use crate::os::private_file;

/// The first line: what is pulled. A pull continues only the same pull.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    kms_emulator_pull: u32,
    cloud: String,
    endpoint: String,
    region: String,
    values: bool,
}

/// The version of the format of these files.
const FORMAT: u32 = 1;

/// A line after the first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// A page of the list.
    Page {
        kind: usize,
        total: usize,
        secrets: Vec<Value>,
    },
    /// A secret that was completed. Without an entry it was deleted meanwhile.
    Secret { name: String, entry: Option<Value> },
}

/// The secrets of one kind that were listed.
#[derive(Debug, Default, Clone)]
pub(super) struct Listed {
    /// The number of all secrets of the kind, when the first page was read; absent before that.
    pub total: Option<usize>,
    /// The number of secrets of the first page.
    pub first_page: usize,
    /// The secrets so far.
    pub secrets: Vec<Value>,
}

/// What was pulled so far, and the file that has it.
pub(super) struct Partial {
    file: Option<(PathBuf, File)>,
    header: Header,
    /// The list, by kind.
    pub listed: Vec<Listed>,
    /// Completed secrets by name.
    pub completed: HashMap<String, Option<Value>>,
}

impl Partial {
    /// What an earlier pull left beside `output`, or nothing yet.
    pub(super) fn open(
        output: Option<&Path>,
        account: &Account,
        values: bool,
        kinds: usize,
    ) -> io::Result<Self> {
        let header = Header {
            kms_emulator_pull: FORMAT,
            cloud: account.cloud.name().to_owned(),
            endpoint: account.endpoint.url(),
            region: account.region.clone(),
            values,
        };
        let mut partial = Self {
            file: None,
            header,
            listed: vec![Listed::default(); kinds],
            completed: HashMap::new(),
        };
        let Some(output) = output else {
            return Ok(partial);
        };
        let path = path_beside(output);
        let read = partial.read(&path)?;
        let mut options = OpenOptions::new();
        private_file(options.write(true).create(true).truncate(false));
        let mut file = options.open(&path)?;
        // A line that was written only in part is written again.
        file.set_len(read)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        partial.file = Some((path, file));
        if read == 0 {
            partial.start_over()?;
        }
        Ok(partial)
    }

    /// Reads the file. Returns the length of its complete lines.
    fn read(&mut self, path: &Path) -> io::Result<u64> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            file => file?,
        };
        let mut lines = BufReader::new(file);
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            let Ok(bytes) = lines.read_line(&mut line) else {
                break;
            };
            if !line.ends_with('\n') {
                break;
            }
            if length == 0 {
                match serde_json::from_str::<Header>(&line) {
                    Ok(header) if header == self.header => {}
                    _ => return Ok(0),
                }
            } else {
                match serde_json::from_str(&line) {
                    Ok(Line::Page {
                        kind,
                        total,
                        secrets,
                    }) if kind < self.listed.len() => {
                        self.add_page(kind, total, secrets);
                    }
                    Ok(Line::Secret { name, entry }) => {
                        self.completed.insert(name, entry);
                    }
                    _ => break,
                }
            }
            length += bytes as u64;
        }
        Ok(length)
    }

    fn add_page(&mut self, kind: usize, total: usize, secrets: Vec<Value>) {
        let listed = &mut self.listed[kind];
        if listed.total.is_none() {
            listed.total = Some(total);
            listed.first_page = secrets.len();
        }
        listed.secrets.extend(secrets);
    }

    /// Whether there is something to continue.
    pub(super) fn has_pages(&self) -> bool {
        self.listed.iter().any(|listed| listed.total.is_some())
    }

    /// Whether the first page of the list is still the one that was saved.
    pub(super) fn begins_with(&self, total: usize, secrets: &[Value]) -> bool {
        let first = &self.listed[0];
        first.total == Some(total) && first.secrets.get(..first.first_page) == Some(secrets)
    }

    /// Discards everything.
    pub(super) fn start_over(&mut self) -> io::Result<()> {
        self.listed.fill(Listed::default());
        self.completed.clear();
        if let Some((_, file)) = &mut self.file {
            file.set_len(0)?;
            io::Seek::rewind(file)?;
        }
        let header = serde_json::to_string(&self.header)?;
        self.write(&header)
    }

    /// Saves a page of the list.
    pub(super) fn save_page(
        &mut self,
        kind: usize,
        total: usize,
        secrets: Vec<Value>,
    ) -> io::Result<()> {
        let line = Line::Page {
            kind,
            total,
            secrets,
        };
        self.write(&serde_json::to_string(&line)?)?;
        if let Line::Page { secrets, .. } = line {
            self.add_page(kind, total, secrets);
        }
        Ok(())
    }

    /// Saves a completed secret.
    pub(super) fn save_secret(&mut self, listed: &Value, entry: Option<Value>) -> io::Result<()> {
        let line = Line::Secret {
            name: name(listed).to_owned(),
            entry,
        };
        self.write(&serde_json::to_string(&line)?)?;
        if let Line::Secret { name, entry } = line {
            self.completed.insert(name, entry);
        }
        Ok(())
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        match &mut self.file {
            Some((_, file)) => file.write_all(format!("{line}\n").as_bytes()),
            None => Ok(()),
        }
    }

    /// Removes the file, when the output is complete.
    pub(super) fn remove(self) -> io::Result<()> {
        match self.file {
            Some((path, _)) => fs::remove_file(path),
            None => Ok(()),
        }
    }
}

/// The file of an interrupted pull.
pub(super) fn path_beside(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
