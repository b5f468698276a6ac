//! The file beside the output in which an interrupted pull is kept: one JSON object per line.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::list::name;
use crate::cli::remote::Account;
use crate::os;

/// The first line: the settings of the pull. A pull with other settings does not continue it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    kms_emulator_pull: u32,
    cloud: String,
    endpoint: String,
    region: String,
    values: bool,
}

/// Whether a line is a header of any pull, or the part of one that was written.
fn is_begin_of_header(line: &[u8]) -> bool {
    const BEGIN: &[u8] = br#"{"kms_emulator_pull":"#;
    line.starts_with(BEGIN) || BEGIN.starts_with(line)
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
    /// A secret that was completed; without an entry if it was deleted in the meantime.
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

/// The progress of a pull, and its file.
pub(super) struct Partial {
    file: Option<(PathBuf, File)>,
    header: Header,
    /// The list, by kind.
    pub listed: Vec<Listed>,
    /// Completed secrets by name.
    pub completed: HashMap<String, Option<Value>>,
}

impl Partial {
    /// Reads the progress of an earlier pull from the file next to `output`, if there is one.
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
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // Not through a link, which another user may have put there.
        os::do_not_follow_links(os::private_file(&mut options));
        let mut file = options.open(&path)?;
        let read = partial.read(&file)?;
        os::make_private(&file)?;
        // A line that was written only in part is written again.
        file.set_len(read)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        partial.file = Some((path, file));
        if read == 0 {
            partial.start_over()?;
        }
        Ok(partial)
    }

    /// Reads the file. Returns the length of its complete lines, or an error if it is not of a pull.
    fn read(&mut self, file: &File) -> io::Result<u64> {
        let mut lines = BufReader::new(file);
        let mut length = 0;
        let mut line = Vec::new();
        loop {
            line.clear();
            let bytes = lines.read_until(b'\n', &mut line)?;
            if length == 0 && !is_begin_of_header(&line) {
                let reason = "it does not belong to an interrupted pull; remove or rename it";
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            if !line.ends_with(b"\n") {
                break;
            }
            if length == 0 {
                match serde_json::from_slice::<Header>(&line) {
                    Ok(header) if header == self.header => {}
                    _ => return Ok(0),
                }
            } else {
                match serde_json::from_slice(&line) {
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

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::cli::remote::Endpoint;
    use crate::model::{Cloud, SecretKey};

    /// Opens the file beside this output, for a pull with values.
    fn open(output: &Path) -> io::Result<Partial> {
        let account = Account {
            cloud: Cloud::Alibaba,
            region: "cn-hangzhou".into(),
            endpoint: Endpoint::public(Cloud::Alibaba, "cn-hangzhou"),
            access_key_id: "id".into(),
            secret: SecretKey::new("secret"),
            token: None,
            ca: None,
        };
        Partial::open(Some(output), &account, true, 1)
    }

    #[test]
    fn only_a_file_of_a_pull_is_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("a.json");
        let path = path_beside(&output);
        for content in ["keep", "keep\n", "\n", "{}\n"] {
            fs::write(&path, content).unwrap();
            let error = open(&output).err().unwrap();
            assert!(error.to_string().contains("remove"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        for content in ["", "{\"kms_emul", "{\"kms_emulator_pull\":0}\n"] {
            fs::write(&path, content).unwrap();
            open(&output).unwrap();
            let header = fs::read_to_string(&path).unwrap();
            assert!(header.contains("cn-hangzhou"), "{content}: {header}");
        }
    }

    #[test]
    fn link_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("a.json");
        let other = directory.path().join("other");
        symlink(&other, path_beside(&output)).unwrap();
        assert!(open(&output).is_err());
        assert!(!other.exists());
    }

    #[test]
    fn existing_file_gets_mode_0600() {
        let directory = tempfile::tempdir().unwrap();
        let output = directory.path().join("a.json");
        let path = path_beside(&output);
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        open(&output).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
