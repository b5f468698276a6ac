//! The service SSM (Secrets Manager, version 2019-09-23): its operations and the rules for secrets.

mod creation;
mod details;
pub(crate) mod errors;
pub(crate) mod fixture;
pub(crate) mod managed;
pub(crate) mod operations;
pub(crate) mod resource;
mod schedule;
mod shapes;
mod ssh_key;
pub(crate) mod tags;

use super::api3::error::ApiError;
use super::api3::protocol::Api3;
use crate::clouds::service::Service;
use crate::clouds::service::permissions::AccessControl;

/// The service.
pub(crate) static SERVICE: Service<Api3> = Service {
    product: "ssm",
    version: "2019-09-23",
    hosts: &["ssm"],
    envelope: (),
    is_global: false,
    operations: operations::SUPPORTED,
    names: &operations::names::ALL,
    errors: errors::OTHERS,
    not_found: Some(errors::NOT_FOUND.code),
    resource_of: resource::named_by,
    harmless_members: &["TagKey", "TagValue"],
    dry_run_error: None,
    access_control: Some(AccessControl {
        needed: operations::permissions::needed,
        error: ApiError::unauthorized,
        row: operations::permissions::row,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_25_operations_of_the_service_are_found() {
        assert_eq!(SERVICE.names.len(), 25);
        assert!(SERVICE.names.is_sorted());
        for name in SERVICE.names {
            assert_eq!(SERVICE.find(name).expect(name).action(), *name);
        }
    }

    #[test]
    fn every_supported_operation_is_an_operation_of_the_service() {
        for operation in SERVICE.operations {
            assert!(
                SERVICE.names.contains(&operation.action),
                "{}",
                operation.action
            );
        }
    }

    #[test]
    fn operation_names_are_case_sensitive() {
        assert!(SERVICE.find("listSecrets").is_none());
        assert!(SERVICE.find("").is_none());
    }
}
