//! The permissions that requests need. Assumption: their resources are those that the request names; the vendor's page
//! has no resources.

use super::operations::{describe_resource_tags, describe_resource_tags_by_resource_ids};
use super::resource::{RESOURCE, Resource};
use crate::clouds::auth::policy::Permission;
use crate::clouds::service::permissions::PermissionRow;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::Arguments;
use crate::clouds::tencent::api3::protocol::Call;

/// The permissions that a request needs, one for each resource.
///
/// # Errors
///
/// None. The operation has its own errors for invalid names.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the type of `AccessControl::needed`"
)]
pub(super) fn needed(
    arguments: &Arguments,
    call: &Call,
    action: &'static str,
) -> Result<Vec<Permission>, ApiError> {
    let scope = &call.scope;
    let mut resources = match action {
        "DescribeResourceTagsByResourceIds" => {
            describe_resource_tags_by_resource_ids::resources(arguments, scope)
        }
        "DescribeResourceTags" => {
            let resource = describe_resource_tags::resource(arguments, scope);
            resource.into_iter().collect()
        }
        _ => {
            let resource = arguments.find_text(RESOURCE.name).into_iter();
            let with_account = |text: &str| match Resource::segments(text) {
                Some(secret) => secret.with_account(&scope.account),
                None => text.to_owned(),
            };
            resource.map(with_account).collect()
        }
    };
    if resources.is_empty() {
        resources.push("*".to_owned());
    }
    let permission = |resource| Permission {
        action: format!("tag:{action}"),
        resource,
        ..Permission::default()
    };
    Ok(resources.into_iter().map(permission).collect())
}

/// The action and resources of an operation, for documents.
pub(super) fn permission_row(action: &'static str) -> PermissionRow {
    let resources = match action {
        "DescribeResourceTagsByResourceIds" => "each of `ResourceIds`",
        "DescribeResourceTags" => "`ResourceId` of the request, else *",
        _ => "`Resource` of the request",
    };
    PermissionRow {
        action,
        actions: format!("tag:{action}"),
        resources: resources.to_owned(),
    }
}
