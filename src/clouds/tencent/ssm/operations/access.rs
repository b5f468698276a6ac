//! The permissions that operations need.
//!
//! The vendor's pages: *Secrets Manager* in *CAM-Enabled API* (2026-01), and *Creating an Access Control Policy*.

use crate::clouds::auth::policy::Access;
use crate::clouds::permissions::AccessRow;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::Arguments;
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::ssm::resource::six_segments;
use crate::clouds::tencent::ssm::tags::{TAGS, TagEntry};
use crate::model::Tag;

/// The resources of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// "Operation level": no policy can restrict it to a resource.
    All,
    /// All secrets.
    NewSecret,
    Secret,
}

use Target::{All, NewSecret, Secret};

/// The resources of each operation. Those of `CreateService`, `DescribeSupportedProducts` and `GetSSHKeyPairValue` are
/// an assumption.
static TARGETS: &[(&str, Target)] = &[
    ("CreateSecret", NewSecret),
    ("DescribeSecret", Secret),
    ("ListSecrets", All),
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
    ("DescribeAsyncRequestInfo", All),
    ("RotateProductSecret", Secret),
    ("UpdateRotationStatus", Secret),
    ("DescribeRotationDetail", Secret),
    ("DescribeRotationHistory", Secret),
    ("CreateSSHKeyPairSecret", NewSecret),
    ("GetSSHKeyPairValue", Secret),
    ("GetRegions", All),
    ("GetServiceStatus", All),
    ("DescribeSupportedProducts", All),
    ("CreateService", All),
];

/// The resources of an operation. One that is not listed has none.
fn target(action: &str) -> Target {
    let mut targets = TARGETS.iter();
    let found = targets.find(|(listed, _)| *listed == action);
    found.map_or(All, |(_, target)| *target)
}

/// The action and resources of an operation, for documents.
pub(crate) fn row(action: &'static str) -> AccessRow {
    let resources = match target(action) {
        All => "*",
        NewSecret => "secret/*",
        Secret => "secret/creatorUin/UIN/NAME",
    };
    AccessRow {
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
) -> Result<Vec<Access>, ApiError> {
    let access = Access {
        action: format!("ssm:{action}"),
        resource: "*".to_owned(),
        ..Access::default()
    };
    let access = match target(action) {
        All => access,
        NewSecret => Access {
            resource: six_segments(&call.scope, "*"),
            request_tags: request_tags(arguments),
            ..access
        },
        // A key pair can be read by its id instead. Its secret is not looked up.
        Secret => match arguments.find_text("SecretName") {
            Some(name) => of_secret(call, name, access)?,
            None => access,
        },
    };
    Ok(vec![access])
}

fn of_secret(call: &Call, name: &str, access: Access) -> Result<Access, ApiError> {
    let found = call.read(|store| Ok(store.secret(&call.scope, name)?))?;
    let secret = found.map(|(_, secret)| secret);
    let creator = secret.as_ref().and_then(|secret| secret.creator.clone());
    let creator = creator.unwrap_or_else(|| call.scope.account.clone());
    Ok(Access {
        resource: six_segments(&call.scope, &format!("creatorUin/{creator}/{name}")),
        tags: secret.map(|secret| secret.tags).unwrap_or_default(),
        ..access
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
            let rows = TARGETS
                .iter()
                .filter(|(action, _)| *action == operation.action);
            assert_eq!(rows.count(), 1, "{}", operation.action);
        }
        assert_eq!(TARGETS.len(), SUPPORTED.len());
    }
}
