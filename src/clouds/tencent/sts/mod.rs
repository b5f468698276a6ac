//! The service STS (version 2018-08-13): temporary keys for roles and federated users.

mod errors;
mod operations;
mod policy;
mod role;
mod session;
mod shapes;

pub(crate) use session::RoleSession;

use super::api3::error::ApiError;
use super::api3::protocol::Api3;
use crate::clouds::service::Service;
use crate::clouds::service::permissions::AccessControl;

/// The service.
pub(crate) static SERVICE: Service<Api3> = Service {
    product: "sts",
    version: "2018-08-13",
    hosts: &["sts"],
    envelope: (),
    is_global: true,
    operations: operations::SUPPORTED,
    names: &[
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "GetCallerIdentity",
        "GetFederationToken",
        "GetSessionToken",
        "QueryApiKey",
    ],
    errors: errors::OTHERS,
    not_found: None,
    resource_of: role::named_by,
    harmless_members: &[],
    dry_run_error: None,
    access_control: Some(AccessControl {
        needed: role::needed,
        error: ApiError::unauthorized,
        row: role::permission_row,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_of_the_service_is_found() {
        assert!(SERVICE.names.is_sorted());
        for name in SERVICE.names {
            assert_eq!(SERVICE.find(name).expect(name).action(), *name);
        }
        for operation in SERVICE.operations {
            assert!(SERVICE.names.contains(&operation.action));
        }
    }
}
