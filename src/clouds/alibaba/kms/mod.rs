//! The service KMS (product Kms, version 2016-01-20): its operations on secrets, and the rules for them.

mod dry_run;
pub(crate) mod errors;
pub(crate) mod fixture;
pub(crate) mod instances;
pub(crate) mod keys;
pub(crate) mod managed;
pub(crate) mod operations;
mod policy;
mod quotas;
mod resource;
mod shapes;
mod tags;
pub(crate) mod versions;

use super::rpc::error::ApiError;
use super::rpc::protocol::Rpc;
use super::rpc::reply::Envelope;
use crate::clouds::service::Service;
use crate::clouds::service::permissions::AccessControl;

/// The service.
pub(crate) static SERVICE: Service<Rpc> = Service {
    product: "Kms",
    version: "2016-01-20",
    hosts: &["kms", "kms-vpc"],
    envelope: Envelope {
        root: Some("KMS"),
        has_gateway_errors: false,
    },
    is_global: false,
    operations: operations::SUPPORTED,
    names: &operations::names::ALL,
    errors: errors::OTHERS,
    not_found: Some(errors::NOT_FOUND.code),
    resource_of: resource::named_by,
    dry_run_error: Some(dry_run::failed_check),
    access_control: Some(AccessControl {
        needed: operations::permissions::needed,
        error: ApiError::no_permission,
        row: operations::permissions::row,
    }),
    harmless_members: &[
        "FetchExtendedConfig",
        "Key",
        "SecretName",
        "TagKey",
        "TagValue",
        "Value",
        "Values",
        "VersionId",
        "VersionStage",
        "VersionStages",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::SERVICES;

    #[test]
    fn each_operation_of_the_real_service_is_found() {
        assert_eq!(SERVICE.names.len(), 102);
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
    fn operation_names_are_case_sensitive() {
        assert!(SERVICE.find("listSecrets").is_none());
        assert!(SERVICE.find("ListSecrets ").is_none());
        assert!(SERVICE.find("").is_none());
    }

    #[test]
    fn a_description_has_parameters_reply_and_errors() {
        let all = SERVICES.descriptions();
        let described = |action| all.iter().find(|known| known.action == action);
        let description = described("ListSecrets").unwrap();
        let names: Vec<_> = description
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(names, ["FetchTags", "Filters", "PageNumber", "PageSize"]);
        let reply = description.reply.as_value();
        assert_eq!(reply["properties"]["TotalCount"]["type"], "integer");
        assert_eq!(reply["required"].as_array().unwrap().len(), 5);
        let description = described("CreateSecret").unwrap();
        let data = &description.parameters[2];
        assert_eq!(
            (data.name, data.required, data.sensitive),
            ("SecretData", true, true)
        );
        assert_eq!(data.rule.as_deref(), Some("1 to 30720 bytes"));
        let codes: Vec<_> = description
            .errors
            .iter()
            .map(|error| (error.code, error.status))
            .collect();
        assert!(codes.contains(&("Rejected.ResourceExist", 409)));
    }
}
