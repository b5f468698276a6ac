//! The permissions that operations need.
//!
//! The vendor's pages: *Secrets Manager* in *CAM-Enabled API* (2026-01), and *Creating an Access Control Policy*.

use super::get_ssh_key_pair_value::name_by_key_id;
use crate::clouds::auth::policy::Permission;
use crate::clouds::service::permissions::PermissionRow;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::Arguments;
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::ssm::resource::six_segments;
use crate::clouds::tencent::ssm::tags::{TAGS, TagEntry};
use crate::model::Tag;

/// The resources of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resources {
    /// The operation has no resource (`*`): "operation level" on the vendor's page.
    WithoutResource,
    /// All secrets of the scope.
    NewSecret,
    Secret,
}

use Resources::{NewSecret, Secret, WithoutResource};

/// The resources of each operation. Those of `CreateService`, `DescribeSupportedProducts` and `GetSSHKeyPairValue` are
/// an assumption.
static RESOURCES: &[(&str, Resources)] = &[
    ("CreateSecret", NewSecret),
    ("DescribeSecret", Secret),
    ("ListSecrets", WithoutResource),
    ("GetSecretValue", Secret),
    ("PutSecretValue", Secret),
    ("UpdateSecret", Secret),
    ("UpdateDescription", Secret),
    ("EnableSecret", Secret),
    ("DisableSecret", Secret),
    ("DeleteSecret", Secret),
    ("RestoreSecret", Secret),
    ("DeleteSecretVersion", Secret),
    ("ListSecretVersionIds", Secret),
    ("CreateProductSecret", NewSecret),
    ("DescribeAsyncRequestInfo", WithoutResource),
    ("RotateProductSecret", Secret),
    ("UpdateRotationStatus", Secret),
    ("DescribeRotationDetail", Secret),
    ("DescribeRotationHistory", Secret),
    ("CreateSSHKeyPairSecret", NewSecret),
    ("GetSSHKeyPairValue", Secret),
    ("GetRegions", WithoutResource),
    ("GetServiceStatus", WithoutResource),
    ("DescribeSupportedProducts", WithoutResource),
    ("CreateService", WithoutResource),
];

/// The resources of an operation, by default none.
fn resources_of(action: &str) -> Resources {
    let mut all = RESOURCES.iter();
    let found = all.find(|(listed, _)| *listed == action);
    found.map_or(WithoutResource, |(_, resources)| *resources)
}

/// The action and resources of an operation, for documents.
pub(crate) fn row(action: &'static str) -> PermissionRow {
    let resources = match resources_of(action) {
        WithoutResource => "*",
        NewSecret => "secret/*",
        Secret => "secret/creatorUin/UIN/NAME",
    };
    PermissionRow {
        action,
        actions: format!("ssm:{action}"),
        resources: resources.to_owned(),
    }
}

/// The permission that a request needs.
///
/// # Errors
///
/// Errors of the store.
pub(in crate::clouds::tencent::ssm) fn needed(
    arguments: &Arguments,
    call: &Call,
    action: &'static str,
) -> Result<Vec<Permission>, ApiError> {
    let permission = Permission {
        action: format!("ssm:{action}"),
        resource: "*".to_owned(),
        ..Permission::default()
    };
    let permission = match resources_of(action) {
        WithoutResource => permission,
        NewSecret => Permission {
            resource: six_segments(&call.scope, "*"),
            request_tags: request_tags(arguments),
            ..permission
        },
        Secret => match named(arguments, call)? {
            Some(name) => of_secret(call, &name, permission)?,
            None => permission,
        },
    };
    Ok(vec![permission])
}

/// The name of the secret that a request names, by its name or by the id of its key pair.
fn named(arguments: &Arguments, call: &Call) -> Result<Option<String>, ApiError> {
    let id = arguments.find_text("SSHKeyId");
    match (arguments.find_text("SecretName"), id) {
        // `GetSSHKeyPairValue` ignores an empty name.
        (None | Some(""), Some(id)) => call.read(|store| name_by_key_id(store, call, id)),
        (name, _) => Ok(name.map(str::to_owned)),
    }
}

fn of_secret(call: &Call, name: &str, permission: Permission) -> Result<Permission, ApiError> {
    let found = call.read(|store| Ok(store.secret(&call.scope, name)?))?;
    let secret = found.map(|(_, secret)| secret);
    let creator = secret.as_ref().and_then(|secret| secret.creator.clone());
    let creator = creator.unwrap_or_else(|| call.scope.account.clone());
    Ok(Permission {
        resource: six_segments(&call.scope, &format!("creatorUin/{creator}/{name}")),
        tags: secret.map(|secret| secret.tags).unwrap_or_default(),
        ..permission
    })
}

/// The tags for a new secret, before they are checked.
fn request_tags(arguments: &Arguments) -> Vec<Tag> {
    let entries: Vec<TagEntry> = TAGS.read(arguments).unwrap_or_default();
    entries.into_iter().map(Tag::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::tencent::ssm::operations::SUPPORTED;

    #[test]
    fn the_resources_of_each_operation_are_listed_once() {
        for operation in SUPPORTED {
            let rows = RESOURCES
                .iter()
                .filter(|(action, _)| *action == operation.action);
            assert_eq!(rows.count(), 1, "{}", operation.action);
        }
        assert_eq!(RESOURCES.len(), SUPPORTED.len());
    }
}
