//! The service Tag (version 2018-08-13): the tags of resources. The emulator has one kind of resource with tags,
//! secrets, whose tags are those that `ListSecrets` filters by.

mod errors;
mod operations;
mod permissions;
mod resource;
mod rules;

use super::api3::error::ApiError;
use super::api3::protocol::Api3;
use crate::clouds::service::Service;
use crate::clouds::service::permissions::AccessControl;

/// The service.
pub(crate) static SERVICE: Service<Api3> = Service {
    product: "tag",
    version: "2018-08-13",
    hosts: &["tag"],
    envelope: (),
    is_global: true,
    operations: operations::SUPPORTED,
    names: &operations::names::ALL,
    errors: errors::OTHERS,
    not_found: Some(errors::NOT_FOUND.code),
    resource_of: resource::named_by,
    harmless_members: &["Category", "TagKey", "TagValue"],
    dry_run_error: None,
    access_control: Some(AccessControl {
        needed: permissions::needed,
        error: ApiError::unauthorized,
        row: permissions::permission_row,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_31_operations_of_the_service_are_found() {
        assert_eq!(SERVICE.names.len(), 31);
        assert!(SERVICE.names.is_sorted());
        for name in SERVICE.names {
            assert_eq!(SERVICE.find(name).expect(name).action(), *name);
        }
        for operation in SERVICE.operations {
            assert!(SERVICE.names.contains(&operation.action));
        }
    }
}
