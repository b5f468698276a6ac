//! The values of `--policy`.

use std::fs::File;
use std::io::{self, Read};

use super::error::{ConfigError, invalid};
use crate::clouds::auth::policy::{self, MAX_POLICIES, Policies, Target};
use crate::model::is_account;

/// The maximum size of a file, which is much longer than a valid policy.
const MAX_BYTES: u64 = 64 * 1024;

/// A policy file, its name, and the callers that it is attached to.
#[derive(Debug, PartialEq, Eq)]
struct PolicyFile<'a> {
    path: &'a str,
    name: Option<&'a str>,
    targets: Vec<Target>,
}

/// Reads the policy files, and attaches each policy to the callers that the value names, or to the default account.
pub(super) fn attach(
    values: &[String],
    policies: &Policies,
    default_account: &str,
) -> Result<(), ConfigError> {
    for value in values.iter().filter(|value| !value.is_empty()) {
        let wrong = |reason: &str| invalid("--policy", "KMS_EMULATOR_POLICIES", reason);
        let file = PolicyFile::parse(value).map_err(|reason| wrong(&reason))?;
        let PolicyFile {
            path,
            name,
            mut targets,
        } = file;
        let of_file = |reason: &str| wrong(&format!("`{path}`: {reason}"));
        let text = read(path).map_err(|error| of_file(&error.to_string()))?;
        // As in fixtures, a byte order mark is ignored.
        let text = text.trim_start_matches('\u{feff}');
        let (policy, document) =
            policy::parse_text(text).map_err(|error| of_file(&error.to_string()))?;
        if let Some((role, form)) = policy.other_role(&targets) {
            return Err(wrong(&format!("`{role}` is not a role: expected `{form}`")));
        }
        if targets.is_empty() {
            targets.push(Target::Account(default_account.to_owned()));
        }
        let name = name.unwrap_or(path).to_owned();
        let attached = policies.attach(Some(name), targets, policy, document);
        if attached.is_none() {
            return Err(wrong(&format!(
                "there are more than {MAX_POLICIES} policies"
            )));
        }
    }
    Ok(())
}

impl<'a> PolicyFile<'a> {
    /// Parses `FILE[,name=NAME][,key=ID][,role=ARN][,account=ACCOUNT]`; an error is the reason.
    fn parse(value: &'a str) -> Result<Self, String> {
        let mut parts = value.split(',');
        let path = parts.next().filter(|path| !path.is_empty());
        let mut file = Self {
            path: path.ok_or("the file is missing")?,
            name: None,
            targets: Vec::new(),
        };
        for part in parts {
            match part.split_once('=') {
                Some((name, "")) => return Err(format!("`{name}=` has no value")),
                Some(("name", name)) => file.name = Some(name),
                Some(("key", id)) => file.targets.push(Target::AccessKey(id.to_owned())),
                Some(("role", role)) => file.targets.push(Target::Role(role.to_owned())),
                Some(("account", account)) if is_account(account) => {
                    file.targets.push(Target::Account(account.to_owned()));
                }
                Some(("account", account)) => {
                    return Err(format!("`{account}` is not a number of 16 digits"));
                }
                _ => {
                    return Err(format!(
                        "`{part}` is not `name=NAME`, `key=ID`, `role=ARN` or `account=ACCOUNT`"
                    ));
                }
            }
        }
        Ok(file)
    }
}

fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        let reason = format!("more than {MAX_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_a_file_and_perhaps_a_name_and_callers() {
        let role = "acs:ram::1000000000000000:role/reader";
        let value =
            format!("a.json,name=readers,key=test,role={role},account=1000000000000000,key=other");
        assert_eq!(
            PolicyFile::parse(&value),
            Ok(PolicyFile {
                path: "a.json",
                name: Some("readers"),
                targets: vec![
                    Target::AccessKey("test".to_owned()),
                    Target::Role(role.to_owned()),
                    Target::Account("1000000000000000".to_owned()),
                    Target::AccessKey("other".to_owned()),
                ],
            })
        );
        assert_eq!(
            PolicyFile::parse("/a=b/c.json"),
            Ok(PolicyFile {
                path: "/a=b/c.json",
                name: None,
                targets: Vec::new(),
            })
        );
    }

    #[test]
    fn a_role_of_the_other_cloud_is_named() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        io::Write::write_all(
            &mut file,
            b"\xEF\xBB\xBF{\"version\":\"2.0\",\"statement\":[]}",
        )
        .unwrap();
        let policies = Policies::default();
        let attach = |role: &str| {
            let value = format!("{},role={role}", file.path().display());
            attach(&[value], &policies, "1000000000000000")
        };
        let role = "acs:ram::1000000000000000:role/reader";
        let error = attach(role).unwrap_err().to_string();
        assert!(error.contains(role), "{error}");
        attach("qcs::cam::uin/1000000000000000:roleName/reader").unwrap();
        assert_eq!(policies.all().len(), 1);
    }

    #[test]
    fn a_wrong_part_of_a_policy_is_named() {
        for (value, named) in [
            ("", "file"),
            (",key=test", "file"),
            ("a.json,key", "`key`"),
            ("a.json,key=", "`key=`"),
            ("a.json,user=x", "`user=x`"),
            ("a.json,account=12", "`12`"),
            ("a.json,", "``"),
        ] {
            let error = PolicyFile::parse(value).unwrap_err();
            assert!(error.contains(named), "{value}: {error}");
        }
    }
}
