//! Managed secrets: their configuration, their values, and their rotation.
//!
//! A value is stored as it was sent, `{"Accounts":[…]}`, and returned without the list. With two accounts, the
//! second one in the list is the next.
//!
//! See the vendor's pages `CreateSecret` and *Overview of managed secrets*. Rotation only changes the
//! stored credentials; there is no database or host to change.

mod rotation;
mod ssh_key;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::shapes::Time;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Json, invalid};
use crate::clouds::password::PasswordRules;
use crate::model::{Secret, SecretData, SecretType};

pub(crate) use rotation::{parse_interval, rotate, rotate_overdue, rotation, seconds_of};

/// The maximum number of characters of an `ExtendedConfig`.
const MAX_CONFIG_CHARACTERS: usize = 1_024;

/// The maximum number of pairs of `CustomData`.
pub(crate) const MAX_CUSTOM_DATA: usize = 10;

/// The configuration of a managed secret.
pub(crate) const EXTENDED_CONFIG: Json<Map<String, Value>> = Json {
    name: "ExtendedConfig",
    help: "Managed types only: the `SecretSubType`, the resource (`DBInstanceId`, `InstanceId`, `UserName`, …), the accounts to create for `$Auto`, and `CustomData` of at most 10 pairs.",
    max_items: None,
    sensitive: true,
    keys: Vec::new,
    parse: parse_config,
};

fn parse_config(text: &str) -> Option<Map<String, Value>> {
    if text.chars().count() > MAX_CONFIG_CHARACTERS {
        return None;
    }
    let config: Map<String, Value> = serde_json::from_str(text).ok()?;
    match config.get("CustomData") {
        None => Some(config),
        Some(Value::Object(pairs)) if pairs.len() <= MAX_CUSTOM_DATA => Some(config),
        Some(_) => None,
    }
}

/// The sub types of a managed type, and the members that its configuration must have.
fn required(secret_type: SecretType) -> (&'static [&'static str], &'static [&'static str]) {
    const USERS: &[&str] = &["SingleUser", "DoubleUsers"];
    match secret_type {
        SecretType::Generic => (&[], &[]),
        SecretType::Rds => (USERS, &["DBInstanceId"]),
        SecretType::PolarDb => (USERS, &["DBClusterId"]),
        SecretType::Redis => (USERS, &["InstanceId"]),
        SecretType::RamCredentials => (&["RamUserAccessKey"], &["UserName"]),
        SecretType::Ecs => (&["Password", "SSHKey"], &["RegionId", "InstanceId"]),
    }
}

/// Whether a configuration has the required members of its type.
pub(crate) fn is_config(secret_type: SecretType, config: &Map<String, Value>) -> bool {
    let (sub_types, members) = required(secret_type);
    let text = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or_default();
    sub_types.contains(&text("SecretSubType")) && members.iter().all(|name| !text(name).is_empty())
}

/// The `SecretData` for accounts, and the `SecretName` for a name, that the service creates.
const AUTO: &str = "$Auto";

/// The values of the stages of a new managed secret.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FirstValues {
    /// The value of `ACSCurrent`.
    pub current: SecretData,
    /// The value of `ACSPrevious`, if two accounts take turns.
    pub previous: Option<SecretData>,
}

/// The first values of a managed secret.
///
/// # Errors
///
/// `InvalidParameter` for data or a configuration that is not as documented for the type.
pub(crate) fn first_values(
    secret_type: SecretType,
    config: &Map<String, Value>,
    data: String,
) -> Result<FirstValues, ApiError> {
    let are_created = matches!(secret_type, SecretType::Redis | SecretType::PolarDb);
    if data == AUTO && are_created {
        let accounts =
            new_accounts(secret_type, config).ok_or_else(|| invalid("ExtendedConfig"))?;
        return Ok(of_both_stages(&accounts));
    }
    if !is_data(secret_type, &data) {
        return Err(invalid("SecretData"));
    }
    let value: Value = serde_json::from_str(&data).unwrap_or_default();
    let accounts = value["Accounts"].as_array().map(Vec::as_slice);
    Ok(match accounts {
        Some([current, next]) if config.get("SecretSubType") == Some(&json!("DoubleUsers")) => {
            of_both_stages(&[current.clone(), next.clone()])
        }
        _ => FirstValues {
            current: data.into(),
            previous: None,
        },
    })
}

/// The value of each stage begins with the account of the stage.
fn of_both_stages([current, next]: &[Value; 2]) -> FirstValues {
    FirstValues {
        current: json!({ "Accounts": [current, next] }).to_string().into(),
        previous: Some(json!({ "Accounts": [next, current] }).to_string().into()),
    }
}

/// The two accounts that the service creates in a database, with the same password; absent if the
/// configuration lacks something, or contradicts itself.
fn new_accounts(secret_type: SecretType, config: &Map<String, Value>) -> Option<[Value; 2]> {
    let text = |name: &str| {
        let value = config.get(name).and_then(Value::as_str);
        value.filter(|value| !value.is_empty())
    };
    let name = text("AccountName")?;
    let clone_name = format!("{name}_clone");
    text("RegionId")?;
    let is_complete = match secret_type {
        SecretType::Redis => {
            text("CloneAccountName").is_some() && text("AccountPrivilege").is_some()
        }
        _ => {
            matches!(text("DBType"), Some("MySQL" | "PostgreSQL"))
                && matches!(text("AccountType"), None | Some("Normal"))
        }
    };
    let is_valid = is_complete
        && text("SecretSubType") == Some("DoubleUsers")
        && text("CloneAccountName").is_none_or(|given| given == clone_name);
    let password = new_password();
    let account = |name: &str| json!({ "AccountName": name, "AccountPassword": password });
    is_valid.then(|| [account(name), account(&clone_name)])
}

/// A password of characters that every one of the databases allows.
fn new_password() -> String {
    PasswordRules::new(32, [true, true, true, false], "", true)
        .generate()
        .unwrap_or_default()
}

/// The configuration with other `CustomData`; `None` if it becomes too long.
pub(crate) fn with_custom_data(
    config: Option<&str>,
    custom_data: &BTreeMap<String, String>,
) -> Option<String> {
    let mut config: Map<String, Value> = serde_json::from_str(config.unwrap_or("{}")).ok()?;
    config.insert("CustomData".to_owned(), json!(custom_data));
    let text = Value::Object(config).to_string();
    parse_config(&text).map(|_| text)
}

/// Whether the first value of a managed secret has the documented shape.
fn is_data(secret_type: SecretType, data: &str) -> bool {
    let texts = |value: &Value, names: &[&str]| names.iter().all(|name| value[name].is_string());
    let Ok(value) = serde_json::from_str::<Value>(data) else {
        return false;
    };
    match wrapper(secret_type) {
        Some((list, names)) => value[list].as_array().is_some_and(|accounts| {
            (1..=2).contains(&accounts.len())
                && accounts.iter().all(|account| texts(account, names))
        }),
        None => {
            texts(&value, &["UserName", "Password"])
                || texts(&value, &["UserName", "PublicKey", "PrivateKey"])
        }
    }
}

/// The name of the list in a value, and the members of its items.
fn wrapper(secret_type: SecretType) -> Option<(&'static str, &'static [&'static str; 2])> {
    match secret_type {
        SecretType::Generic | SecretType::Ecs => None,
        SecretType::RamCredentials => Some(("AccessKeys", &["AccessKeyId", "AccessKeySecret"])),
        SecretType::Rds | SecretType::Redis | SecretType::PolarDb => {
            Some(("Accounts", &["AccountName", "AccountPassword"]))
        }
    }
}

/// The value as `GetSecretValue` returns it.
pub(crate) fn unwrapped(secret_type: SecretType, data: String) -> String {
    let inner = wrapper(secret_type).and_then(|(list, _)| {
        let value: Value = serde_json::from_str(&data).ok()?;
        value[list].get(0).map(Value::to_string)
    });
    inner.unwrap_or(data)
}

/// The members of replies about managed secrets; all absent for a generic secret.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ManagedMembers {
    /// Whether automatic rotation is on: `Enabled` or `Disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_rotation: Option<&'static str>,
    /// The time from one rotation to the next, such as `604800s`; only if automatic rotation is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_interval: Option<String>,
    /// When it was rotated last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_rotation_date: Option<Time>,
    /// When it will be rotated next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<Time>,
    /// Its configuration, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_config: Option<String>,
}

impl ManagedMembers {
    /// The members for a secret, with its configuration or without.
    pub(crate) fn of(secret: &Secret, with_config: bool) -> Self {
        if secret.secret_type == SecretType::Generic {
            return Self::default();
        }
        let rotation = &secret.rotation;
        let enabled = rotation.next_at.is_some();
        // Fixtures and older databases may have an interval without automatic rotation.
        let interval = rotation.interval.filter(|_| enabled);
        Self {
            automatic_rotation: Some(if enabled { "Enabled" } else { "Disabled" }),
            rotation_interval: interval.map(|seconds| format!("{seconds}s")),
            last_rotation_date: rotation.last_at.map(Time),
            next_rotation_date: rotation.next_at.map(Time),
            extended_config: secret.extended_config.clone().filter(|_| with_config),
        }
    }
}

/// The name of a new secret: the requested name, or the name that the service generates for `$Auto`.
pub(crate) fn name_for(
    secret_type: SecretType,
    requested: String,
    config: &Map<String, Value>,
) -> Result<String, ApiError> {
    let refused = || Err(invalid("SecretName"));
    match secret_type {
        SecretType::RamCredentials if requested == AUTO => {
            let user = config
                .get("UserName")
                .and_then(Value::as_str)
                .unwrap_or_default();
            Ok(format!("acs/ram/user/{}", user.to_lowercase()))
        }
        SecretType::Ecs if requested.starts_with("acs/ecs/") => Ok(requested),
        SecretType::RamCredentials | SecretType::Ecs => refused(),
        _ if requested.starts_with("acs/") || requested == AUTO => refused(),
        _ => Ok(requested),
    }
}

#[cfg(test)]
mod tests {
    use super::rotation::rotated;
    use chrono::DateTime;

    use super::*;

    #[test]
    fn intervals_are_between_six_hours_and_a_year() {
        for (text, seconds) in [
            ("7d", Some(604_800)),
            ("168h", Some(604_800)),
            ("604800s", Some(604_800)),
            ("360m", Some(21_600)),
            ("6h", Some(21_600)),
            ("21599s", None),
            ("365d", Some(31_536_000)),
            ("8760h", Some(31_536_000)),
            ("31536001s", None),
            ("7", None),
            ("d", None),
            ("-7d", None),
            ("+7d", None),
            ("7 d", None),
            ("7w", None),
            ("99999999999d", None),
            ("", None),
        ] {
            assert_eq!(parse_interval(text), seconds, "{text}");
        }
    }

    #[test]
    fn a_configuration_has_at_most_1024_characters_and_ten_pairs_of_custom_data() {
        let padded = |length: usize| {
            let empty = r#"{"a":""}"#.len();
            format!(r#"{{"a":"{}"}}"#, "x".repeat(length - empty))
        };
        assert!(parse_config(&padded(1_024)).is_some());
        assert!(parse_config(&padded(1_025)).is_none());
        let custom = |pairs: usize| {
            let pairs: Vec<_> = (0..pairs).map(|n| format!(r#""k{n}":"v""#)).collect();
            format!(r#"{{"CustomData":{{{}}}}}"#, pairs.join(","))
        };
        assert!(parse_config(&custom(10)).is_some());
        assert!(parse_config(&custom(11)).is_none());
        for text in ["", "[]", "1", r#"{"CustomData":1}"#, "{"] {
            assert!(parse_config(text).is_none(), "{text}");
        }
    }

    #[test]
    fn rotation_keeps_the_format_of_the_credentials() {
        let read = |secret_type, data: &str| -> Value {
            serde_json::from_str(&unwrapped(secret_type, data.to_owned())).unwrap()
        };
        let single = json!({"SecretSubType": "SingleUser"});
        let double = json!({"SecretSubType": "DoubleUsers"});
        let rds = r#"{"Accounts":[{"AccountName":"a","AccountPassword":"1"},{"AccountName":"b","AccountPassword":"2"}]}"#;
        assert_eq!(
            read(SecretType::Rds, rds),
            json!({"AccountName":"a","AccountPassword":"1"})
        );

        let next = rotated(SecretType::Rds, &single, rds, DateTime::UNIX_EPOCH);
        let value = read(SecretType::Rds, &next);
        assert_eq!(value["AccountName"], "a");
        assert_eq!(value["AccountPassword"].as_str().unwrap().len(), 32);

        let next = rotated(SecretType::Redis, &double, rds, DateTime::UNIX_EPOCH);
        assert_eq!(read(SecretType::Redis, &next)["AccountName"], "b");
        let again = rotated(SecretType::Redis, &double, &next, DateTime::UNIX_EPOCH);
        assert_eq!(read(SecretType::Redis, &again)["AccountName"], "a");
        assert_ne!(read(SecretType::Redis, &again)["AccountPassword"], "1");

        let ram = r#"{"AccessKeys":[{"AccessKeyId":"x","AccessKeySecret":"y"}]}"#;
        let value = read(
            SecretType::RamCredentials,
            &rotated(
                SecretType::RamCredentials,
                &single,
                ram,
                DateTime::UNIX_EPOCH,
            ),
        );
        assert!(value["AccessKeyId"].as_str().unwrap().starts_with("LTAI"));
        assert_eq!(value["AccessKeySecret"].as_str().unwrap().len(), 30);

        let host = r#"{"UserName":"root","Password":"old"}"#;
        let value = read(
            SecretType::Ecs,
            &rotated(SecretType::Ecs, &single, host, DateTime::UNIX_EPOCH),
        );
        assert_eq!(value["UserName"], "root");
        assert_ne!(value["Password"], "old");
        let host = r#"{"UserName":"root","PublicKey":"p","PrivateKey":"k"}"#;
        let value = read(
            SecretType::Ecs,
            &rotated(SecretType::Ecs, &single, host, DateTime::UNIX_EPOCH),
        );
        assert!(
            value["PublicKey"]
                .as_str()
                .unwrap()
                .starts_with("ssh-ed25519 ")
        );
        assert!(
            value["PrivateKey"]
                .as_str()
                .unwrap()
                .starts_with("-----BEGIN OPENSSH PRIVATE KEY-----")
        );
    }

    #[test]
    fn any_value_of_a_fixture_can_be_rotated() {
        for secret_type in SecretType::ALL {
            for data in [
                "",
                "text",
                "1",
                "[]",
                r#""text""#,
                "null",
                r#"{"Accounts":[]}"#,
                r#"{"Accounts":[1,"x"]}"#,
                r#"{"Accounts":{}}"#,
                r#"{"PrivateKey":"k"}"#,
            ] {
                for sub_type in ["SingleUser", "DoubleUsers"] {
                    let next = rotated(
                        secret_type,
                        &json!({ "SecretSubType": sub_type }),
                        data,
                        DateTime::UNIX_EPOCH,
                    );
                    unwrapped(secret_type, next);
                }
            }
        }
        let bare = r#"{"AccountName":"a","AccountPassword":"1"}"#;
        let next = unwrapped(
            SecretType::Rds,
            rotated(SecretType::Rds, &json!({}), bare, DateTime::UNIX_EPOCH),
        );
        let next: Value = serde_json::from_str(&next).unwrap();
        assert_eq!(next["AccountName"], "a");
        assert_ne!(next["AccountPassword"], "1");
    }

    #[test]
    fn each_type_has_rules_for_names() {
        let config = parse_config(r#"{"UserName":"App"}"#).unwrap();
        let name = |secret_type, requested: &str| {
            name_for(secret_type, requested.to_owned(), &config).ok()
        };
        assert_eq!(name(SecretType::Generic, "acsx"), Some("acsx".to_owned()));
        for secret_type in [
            SecretType::Generic,
            SecretType::Rds,
            SecretType::Redis,
            SecretType::PolarDb,
        ] {
            assert_eq!(name(secret_type, "acs/x"), None);
        }
        assert_eq!(
            name(SecretType::RamCredentials, "$Auto"),
            Some("acs/ram/user/app".to_owned())
        );
        assert_eq!(name(SecretType::RamCredentials, "mine"), None);
        assert_eq!(
            name(SecretType::Ecs, "acs/ecs/x"),
            Some("acs/ecs/x".to_owned())
        );
        assert_eq!(name(SecretType::Ecs, "x"), None);
    }
}
