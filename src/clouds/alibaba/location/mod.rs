//! The service Location (version 2015-06-12), from which clients obtain the endpoints of other services.

mod describe_endpoints;

use super::rpc::protocol::Rpc;
use super::rpc::reply::Envelope;
use crate::clouds::service::{Service, supported};

/// The service.
pub(crate) static SERVICE: Service<Rpc> = Service {
    product: "Location",
    version: "2015-06-12",
    hosts: &["location-readonly", "location"],
    is_global: true,
    envelope: Envelope {
        root: None,
        has_gateway_errors: true,
    },
    operations: &[supported::<Rpc, describe_endpoints::DescribeEndpoints>()],
    names: &["DescribeEndpoints"],
    errors: &[],
    not_found: None,
    resource_of: |_, _| "*".to_owned(),
    dry_run_error: None,
    access_control: None,
    harmless_members: &[],
};
