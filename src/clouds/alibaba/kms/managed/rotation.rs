//! Rotation: when it is due, and the credentials that it creates.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{new_password, ssh_key};
use crate::clouds::alibaba::kms::shapes::Time;
use crate::clouds::alibaba::kms::versions::{self, CURRENT};
use crate::clouds::password;
use crate::model::{DataType, Rotation, Secret, SecretType, SecretVersion, VersionInfo};
use crate::store::{SecretId, StoreError, WriteTransaction};

const HOUR: u32 = 3_600;

/// The shortest and the longest time between two rotations, in seconds.
const INTERVAL: std::ops::RangeInclusive<u32> = 6 * HOUR..=8_760 * HOUR;

/// The maximum number of overdue rotations that are done, the latest ones: a secret has no more versions.
const MAX_OVERDUE: i64 = 10;

/// The value after `data`, with new credentials.
pub(super) fn rotated(
    secret_type: SecretType,
    config: &Value,
    data: &str,
    at: DateTime<Utc>,
) -> String {
    // A fixture can have any value, with the list or without.
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut value = Value::Object(object(&serde_json::from_str(data).unwrap_or_default()));
    match secret_type {
        SecretType::Generic => {}
        SecretType::RamCredentials => {
            let key = json!({
                "AccessKeyId": format!("LTAI{}", password::alphanumeric(20)),
                "AccessKeySecret": password::alphanumeric(30),
                // Providers of managed credentials compare it to find the newest key.
                "GenerateTimestamp": Time(at),
            });
            value = json!({ "AccessKeys": [key] });
        }
        SecretType::Ecs if value["PrivateKey"].is_string() => {
            // No seed is rejected: all have 32 bytes.
            if let Ok((public_key, private_key)) = ssh_key::new_pair() {
                value["PublicKey"] = public_key.into();
                value["PrivateKey"] = private_key.into();
            }
        }
        SecretType::Ecs => value["Password"] = new_password().into(),
        SecretType::Rds | SecretType::Redis | SecretType::PolarDb => {
            let accounts = match value["Accounts"].as_array() {
                Some(accounts) => accounts.clone(),
                None => vec![value],
            };
            let current = Value::Object(accounts.first().map(object).unwrap_or_default());
            if config["SecretSubType"] == "DoubleUsers" {
                let name = current["AccountName"].as_str().unwrap_or_default();
                let mut next = match accounts.get(1) {
                    Some(other) => Value::Object(object(other)),
                    None => json!({ "AccountName": format!("{name}_clone") }),
                };
                next["AccountPassword"] = new_password().into();
                value = json!({ "Accounts": [next, current] });
            } else {
                let mut next = current;
                next["AccountPassword"] = new_password().into();
                value = json!({ "Accounts": [next] });
            }
        }
    }
    value.to_string()
}

/// Adds a version with new credentials to a managed secret, which was `before`, and makes it current.
pub(crate) fn rotate(
    store: &WriteTransaction,
    id: SecretId,
    before: &Secret,
    version_id: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut kept = store.versions(id)?;
    let data = match versions::version_with(&kept, CURRENT) {
        Some(current) => store
            .version(id, current)?
            .map(|version| version.data.into_inner()),
        None => None,
    };
    let config = before.extended_config.as_deref().unwrap_or("{}");
    let config = serde_json::from_str(config).unwrap_or_default();
    let data = rotated(before.secret_type, &config, &data.unwrap_or_default(), at);
    store.add_version(
        id,
        &SecretVersion {
            version_id: version_id.to_owned(),
            created_at: at,
            data: data.into(),
            data_type: DataType::Text,
            stages: Vec::new(),
        },
    )?;
    kept.push(VersionInfo {
        version_id: version_id.to_owned(),
        created_at: at,
        stages: Vec::new(),
    });
    versions::make_current(&mut kept, version_id);
    store.keep_versions(id, &kept)?;
    let mut after = before.clone();
    after.updated_at = at;
    after.rotation.last_at = Some(at);
    if after.rotation.next_at.is_some() {
        after.rotation.next_at = after.rotation.interval.map(|seconds| later(at, seconds));
    }
    store.update_secret(id, before, &after)
}

/// Parses an interval such as `7d`, `168h` or `604800s` into seconds; `None` if it is out of bounds.
pub(crate) fn parse_interval(text: &str) -> Option<u32> {
    seconds_of(text).filter(|seconds| INTERVAL.contains(seconds))
}

/// The seconds of a time such as `7d`, `168h` or `604800s`.
pub(crate) fn seconds_of(text: &str) -> Option<u32> {
    let number = text.strip_suffix(['d', 'h', 'm', 's'])?;
    let unit = match text.as_bytes().last()? {
        b'd' => 24 * HOUR,
        b'h' => HOUR,
        b'm' => 60,
        _ => 1,
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    number
        .parse::<u32>()
        .ok()
        .filter(|_| plain)?
        .checked_mul(unit)
}

fn later(at: DateTime<Utc>, seconds: u32) -> DateTime<Utc> {
    at + TimeDelta::seconds(seconds.into())
}

/// The rotation of a secret that rotates every `interval` seconds from `now` on, or not if that is `None`.
pub(crate) fn rotation(before: Rotation, interval: Option<u32>, now: DateTime<Utc>) -> Rotation {
    Rotation {
        interval,
        next_at: interval.map(|seconds| later(now, seconds)),
        ..before
    }
}

/// Does the first overdue rotation of a secret, or the first that is not skipped. Then the next is due.
///
/// # Errors
///
/// Those of the store.
pub(crate) fn rotate_overdue(
    store: &WriteTransaction,
    id: SecretId,
    secret: &Secret,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let interval = i64::from(
        secret
            .rotation
            .interval
            .unwrap_or(INTERVAL.start().to_owned()),
    );
    let overdue = (now - due_at).num_seconds() / interval;
    let skipped = (overdue - MAX_OVERDUE + 1).max(0);
    let at = due_at + TimeDelta::seconds(skipped * interval);
    let version_id = uuid::Uuid::new_v4().to_string();
    rotate(store, id, secret, &version_id, at)
}
