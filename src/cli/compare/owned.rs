//! The secrets that a comparison creates: it changes no others, and deletes them at the end.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::cli::pull::list::members;
use crate::cli::remote::{Call, Client, Form};
use crate::model::Cloud;

/// The maximum number of attempts to delete a secret.
const ATTEMPTS: usize = 8;
const PAUSE: Duration = Duration::from_millis(300);

/// The members of requests that name secrets.
const NAMES: [&str; 3] = ["SecretName", "ResourceId", "SecretId"];

/// The secrets that a comparison creates.
#[derive(Debug)]
pub(super) struct Owned {
    prefix: String,
    /// The names of secrets that may exist.
    created: Vec<String>,
}

impl Owned {
    /// No secrets. All names will begin with `prefix` and a random part, so that they differ from those of the account.
    pub(super) fn new(prefix: &str, run: u64) -> Self {
        Self {
            prefix: format!("{prefix}{run:x}-"),
            created: Vec::new(),
        }
    }

    /// The prefix of all names of this comparison.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether a request changes only secrets of this comparison. Notes the name that it creates.
    pub(super) fn admits(&mut self, action: &str, parameters: &Map<String, Value>) -> bool {
        let names: Vec<&str> = NAMES
            .iter()
            .filter_map(|member| parameters.get(*member))
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                value => value.as_str().into_iter().collect::<Vec<_>>(),
            })
            .collect();
        let are_own = !names.is_empty() && names.iter().all(|name| name.starts_with(&self.prefix));
        if are_own && action == "CreateSecret" {
            for name in names {
                if !self.created.iter().any(|known| known == name) {
                    self.created.push(name.to_owned());
                }
            }
        }
        are_own
    }

    /// Deletes the secrets, even if the user stops the program. Returns the names of those that may still exist.
    pub(super) fn remove(&mut self, client: &mut Client) -> Vec<String> {
        let created = std::mem::take(&mut self.created);
        client.regardless_of_stop(|client| {
            created
                .into_iter()
                .filter(|name| !remove(client, name))
                .collect()
        })
    }
}

/// Whether an operation only reads.
pub(super) fn reads(action: &str) -> bool {
    ["BatchGet", "Describe", "Get", "List"]
        .iter()
        .any(|verb| action.starts_with(verb))
}

/// Deletes a secret in any state without a recovery window. Returns whether it no longer exists.
fn remove(client: &mut Client, name: &str) -> bool {
    let cloud = client.account().cloud;
    let parameters = |more: Value| {
        let mut parameters = members(json!({ "SecretName": name }));
        parameters.extend(members(more));
        parameters
    };
    let mut send = |action: &str, more: Value| {
        let parameters = parameters(more);
        let sent = client.send(Call {
            action,
            parameters: &parameters,
            reads: reads(action),
            form: Form::USUAL,
        });
        let sent = sent.map(|reply| reply.error());
        if sent.is_err() {
            // The connection may work again after a pause.
            let _ = client.pause(PAUSE);
        }
        sent
    };
    for _ in 0..ATTEMPTS {
        match cloud {
            Cloud::Alibaba => {
                let _ = send(
                    "DeleteSecret",
                    json!({ "ForceDeleteWithoutRecovery": "true" }),
                );
            }
            Cloud::Tencent => {
                // Only disabled secrets can be deleted.
                let _ = send("DisableSecret", json!({}));
                let _ = send("DeleteSecret", json!({ "RecoveryWindowInDays": 0 }));
            }
        }
        match send("DescribeSecret", json!({})) {
            Ok(Some(error)) if error.code.ends_with("ResourceNotFound") => return true,
            // A secret with a planned deletion cannot be deleted at once; it must be restored before.
            Ok(None) => {
                let _ = send("RestoreSecret", json!({}));
            }
            Ok(Some(_)) | Err(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_the_prefix_are_admitted() {
        let mut owned = Owned::new("ci-", 0xabc);
        for (parameters, expected) in [
            (json!({"SecretName": "ci-abc-1"}), true),
            (json!({"ResourceId": ["ci-abc-1", "ci-abc-2"]}), true),
            (json!({"SecretName": "ci-1"}), false),
            (json!({"SecretName": "production"}), false),
            (json!({"ResourceId": ["ci-abc-1", "production"]}), false),
            (
                json!({"SecretName": "ci-abc-1", "ResourceId": ["production"]}),
                false,
            ),
            (json!({}), false),
        ] {
            assert_eq!(
                owned.admits("TagResources", &members(parameters.clone())),
                expected,
                "{parameters}"
            );
        }
        assert!(owned.created.is_empty());
        assert!(owned.admits("CreateSecret", &members(json!({"SecretName": "ci-abc-1"}))));
        assert_eq!(owned.created, ["ci-abc-1"]);
    }

    #[test]
    fn operations_that_read_are_known_by_their_verb() {
        use crate::clouds;
        let others = [
            "Add",
            "Assume",
            "Asymmetric",
            "Cancel",
            "Create",
            "Decrypt",
            "Delete",
            "Disable",
            "Enable",
            "Encrypt",
            "Export",
            "Generate",
            "Import",
            "Modify",
            "Open",
            "Put",
            "ReEncrypt",
            "Restore",
            "Rotate",
            "Schedule",
            "Set",
            "Tag",
            "Untag",
            "Update",
            "Verify",
        ];
        for cloud in clouds::with_default_settings().all() {
            for operation in cloud.operations() {
                let action = operation.action;
                let is_other = others.iter().any(|verb| action.starts_with(verb));
                assert_ne!(reads(action), is_other, "{action}");
            }
        }
    }
}
