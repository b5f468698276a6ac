//! The API of KMS instances, which the vendor's instance SDK (`dkms-gcs`) calls on
//! `https://kst-….cryptoservice.kms.aliyuncs.com`. The header `x-kms-apiname` names the operation; bodies are messages
//! of Protocol Buffers.
//!
//! A request is converted to one of the RPC protocol for the checks that KMS does: rate limit, permission, fault rules. The
//! vendor's page: *Common error codes* of the instance API.

mod error;
mod handler;
mod operations;
mod protobuf;
mod signature;

use std::sync::Arc;

pub(super) use handler::InstanceRequest;
use operations::Operation;

use super::SERVICES;
use super::rpc::request::Request;
use crate::http::host;
use crate::http::percent::encode;
use crate::http::wire::WireRequest;

/// The header with the name of the operation.
const API_NAME: &str = "x-kms-apiname";

const CONTENT_TYPE: &str = "application/x-protobuf";

/// The header with the version of the key. The vendor's transfer SDKs need it in replies.
const KEY_VERSION_ID: &str = "x-kms-migrationkeyversionid";

/// Whether a request is for the instance API.
pub(super) fn is_for(wire: &WireRequest) -> bool {
    wire.header(API_NAME).is_some()
        || wire
            .header("content-type")
            .is_some_and(|content_type| content_type.eq_ignore_ascii_case(CONTENT_TYPE))
            && host::name_of(wire.header("host").unwrap_or_default())
                .ends_with(".cryptoservice.kms.aliyuncs.com")
}

/// The operation in the body of a request, with the given name; absent if that is not supported, or the body is malformed.
fn decode<'w>(name: &str, wire: &'w WireRequest) -> Option<Operation<'w>> {
    let version_id = wire.header(KEY_VERSION_ID).filter(|id| !id.is_empty());
    Operation::decode(name, wire.body.as_ref().ok()?, version_id)
}

/// Converts a request of the instance API to one of the RPC protocol, with the operation of KMS, secret and key. A
/// malformed body has no parameters.
pub(super) fn as_rpc(wire: &WireRequest) -> Request {
    let name = wire.header(API_NAME).unwrap_or_default();
    let action = operations::kms_action(name).unwrap_or(name);
    let mut query = format!("Action={}&Version=2016-01-20&Format=JSON", encode(action));
    let operation = decode(name, wire);
    let parameters = operation.map(|operation| operation.parameters());
    for (name, value) in parameters.unwrap_or_default() {
        if !value.is_empty() {
            query.extend(["&", name, "=", &encode(&value).to_string()]);
        }
    }
    let host = wire.header("host").map(|host| ("host", host));
    let client = wire.client;
    let wire = WireRequest::new("GET", "/", &query, host, Ok(bytes::Bytes::new()));
    let wire = WireRequest { client, ..wire };
    Request::parse(Arc::new(wire), SERVICES)
}
