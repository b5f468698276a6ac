//! Secrets by name and value: `--secret`, and the arguments of `put` and `get`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::{ConfigError, invalid};
use crate::clouds::Clouds;
use crate::clouds::fixture::NamedSecret;
use crate::fixtures::Named;
use crate::model::{Cloud, DataType, SecretData};

/// The maximum size of a value that is read, in bytes. Every cloud accepts less. Also ends the read of a
/// device file.
const MAX_VALUE_BYTES: u64 = 64 * 1024;

/// The secrets of `--secret`. Errors contain no values.
pub(super) fn named_secrets(given: &[String], clouds: &Clouds) -> Result<Vec<Named>, ConfigError> {
    let wrong = |reason: &str| invalid("--secret", "KMS_EMULATOR_SECRETS", reason);
    let mut all: Vec<Named> = Vec::new();
    for (index, text) in given.iter().enumerate() {
        // The text is not shown: without `=` it may be a value.
        let (name, value) = text.split_once('=').ok_or_else(|| {
            let number = index + 1;
            wrong(&format!(
                "secret {number} is not NAME=VALUE, such as app-token=abc"
            ))
        })?;
        let (of_cloud, name) = cloud_and_name(name).map_err(|reason| wrong(&reason))?;
        let (value, data_type) = match value.strip_prefix('@') {
            None => (value.to_owned().into(), DataType::Text),
            Some(file) => read_file(Path::new(file))
                .map(value_of)
                .map_err(|error| wrong(&format!("the file {file} of `{name}`: {error}")))?,
        };
        let secret = NamedSecret {
            name: name.to_owned(),
            value: Some(value),
            data_type,
        };
        let of_clouds = clouds_of(of_cloud);
        check(clouds, &of_clouds, &secret).map_err(|reason| wrong(&reason))?;
        let is_repeated = all.iter().any(|other| {
            other.secret.name == name && other.clouds.iter().any(|cloud| of_clouds.contains(cloud))
        });
        if is_repeated {
            return Err(wrong(&format!("`{name}` is given twice")));
        }
        all.push(Named {
            clouds: of_clouds,
            secret,
        });
    }
    Ok(all)
}

/// The clouds to use: one, or both.
pub(super) fn clouds_of(cloud: Option<Cloud>) -> Vec<Cloud> {
    cloud.map_or_else(|| vec![Cloud::Alibaba, Cloud::Tencent], |cloud| vec![cloud])
}

/// The cloud of the prefix, if any, and the name. No cloud allows a colon in a name.
pub(super) fn cloud_and_name(text: &str) -> Result<(Option<Cloud>, &str), String> {
    let Some((prefix, name)) = text.split_once(':') else {
        return Ok((None, text));
    };
    match Cloud::from_name(prefix) {
        Some(cloud) => Ok((Some(cloud), name)),
        None => Err(format!(
            "`{prefix}:` is not a cloud: a name begins with `alibaba:`, `tencent:` or neither"
        )),
    }
}

/// Checks a secret by the rules of the clouds that it is for.
pub(super) fn check(
    clouds: &Clouds,
    of_clouds: &[Cloud],
    secret: &NamedSecret,
) -> Result<(), String> {
    for cloud in of_clouds {
        clouds.get(*cloud).check_named(secret).map_err(|reason| {
            let other = match cloud {
                Cloud::Alibaba => "tencent",
                Cloud::Tencent => "alibaba",
            };
            match of_clouds.len() {
                1 => reason,
                _ => format!("{reason}; `{other}:` before the name chooses the other cloud"),
            }
        })?;
    }
    Ok(())
}

/// A value as text, or in Base64 if it is not UTF-8.
pub(super) fn value_of(bytes: Vec<u8>) -> (SecretData, DataType) {
    match String::from_utf8(bytes) {
        Ok(text) => (text.into(), DataType::Text),
        Err(error) => (STANDARD.encode(error.as_bytes()).into(), DataType::Binary),
    }
}

/// Reads a file of a value or a key, exactly as it is.
pub(super) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read_all(File::open(path)?)
}

/// Reads a value to its end.
pub(super) fn read_all(source: impl Read) -> io::Result<Vec<u8>> {
    let mut value = Vec::new();
    source.take(MAX_VALUE_BYTES + 1).read_to_end(&mut value)?;
    if value.len() as u64 > MAX_VALUE_BYTES {
        let reason = format!("more than {MAX_VALUE_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(value)
}
