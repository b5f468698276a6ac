//! The service STS (product Sts, version 2015-04-01): temporary access keys for roles.

mod errors;
mod operations;
mod role;
mod shapes;

pub(crate) use role::RoleSession;

use super::rpc::protocol::Rpc;
use super::rpc::reply::Envelope;
use crate::clouds::service::Service;
use crate::clouds::service::permissions::AccessControl;

/// The service.
pub(crate) static SERVICE: Service<Rpc> = Service {
    product: "Sts",
    version: "2015-04-01",
    hosts: &["sts", "sts-vpc"],
    envelope: Envelope {
        root: None,
        has_gateway_errors: true,
    },
    is_global: true,
    operations: operations::SUPPORTED,
    names: &[
        "AssumeRole",
        "AssumeRoleWithOIDC",
        "AssumeRoleWithSAML",
        "GetCallerIdentity",
    ],
    errors: errors::OTHERS,
    not_found: None,
    resource_of: role::named_by,
    harmless_members: &["Action", "Effect", "Resource", "Statement", "Version"],
    dry_run_error: None,
    access_control: Some(AccessControl {
        needed: role::needed,
        error: |_, _| (&errors::NO_PERMISSION).into(),
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
            assert!(
                SERVICE.names.contains(&operation.action),
                "{}",
                operation.action
            );
        }
    }
}
