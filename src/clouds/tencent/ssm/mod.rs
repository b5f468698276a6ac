//! The service SSM (Secrets Manager, version 2019-09-23): its operations, and the rules for secrets.

mod details;
pub(crate) mod errors;
pub(crate) mod fixture;
pub(crate) mod operations;
mod resource;
mod shapes;
mod tags;

use super::api3::protocol::Api3;
use crate::clouds::service::Service;

/// The service.
pub static SERVICE: Service<Api3> = Service {
    product: "ssm",
    version: "2019-09-23",
    operations: operations::SUPPORTED,
    names: &operations::names::ALL,
    errors: errors::OTHERS,
    not_found: errors::NOT_FOUND.code,
    harmless_members: &["TagKey", "TagValue"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_service_has_25_operations_and_each_is_found() {
        assert_eq!(SERVICE.names.len(), 25);
        assert!(SERVICE.names.is_sorted());
        for name in SERVICE.names {
            assert_eq!(SERVICE.find(name).expect(name).action(), *name);
        }
    }

    #[test]
    fn every_supported_operation_is_one_of_the_real_service() {
        for operation in SERVICE.operations {
            assert!(
                SERVICE.names.contains(&operation.action),
                "{}",
                operation.action
            );
        }
    }

    #[test]
    fn names_are_matched_with_letter_case() {
        assert!(SERVICE.find("listSecrets").is_none());
        assert!(SERVICE.find("").is_none());
    }
}
