//! The API of KMS instances, which the vendor's instance SDK (`dkms-gcs`) calls on
//! `https://kst-….cryptoservice.kms.aliyuncs.com`. The header `x-kms-apiname` names the operation; bodies are messages
//! of Protocol Buffers.
//!
//! A request is converted to one of the RPC protocol, so that the operation of KMS runs it. The vendor's page: *Common
//! error codes* of the instance API.

mod error;
mod handler;
mod message;
mod protobuf;
mod signature;

use std::sync::Arc;

pub(super) use handler::InstanceRequest;

use super::SERVICES;
use super::rpc::request::Request;
use crate::http::host;
use crate::http::percent::encode;
use crate::http::wire::WireRequest;

/// The header with the name of the operation.
const API_NAME: &str = "x-kms-apiname";

const CONTENT_TYPE: &str = "application/x-protobuf";

/// The operations of the instance API, sorted.
const NAMES: [&str; 19] = [
    "AdvanceDecrypt",
    "AdvanceEncrypt",
    "AdvanceGenerateDataKey",
    "AdvanceGenerateDataKeyPair",
    "AdvanceGenerateDataKeyPairWithoutPlaintext",
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateRandom",
    "GetPublicKey",
    GET_SECRET_VALUE,
    "Hash",
    "Hmac",
    "KmsDecrypt",
    "KmsEncrypt",
    "Sign",
    "Verify",
];

/// The operation that the emulator supports.
const GET_SECRET_VALUE: &str = "GetSecretValue";

/// Whether a request is for the instance API.
pub(super) fn is_for(wire: &WireRequest) -> bool {
    wire.header(API_NAME).is_some()
        || wire
            .header("content-type")
            .is_some_and(|content_type| content_type.eq_ignore_ascii_case(CONTENT_TYPE))
            && host::name_of(wire.header("host").unwrap_or_default())
                .ends_with(".cryptoservice.kms.aliyuncs.com")
}

/// Converts a request of the instance API to one of the RPC protocol with the same operation and parameters. A
/// malformed body has no parameters.
pub(super) fn as_rpc(wire: &WireRequest) -> Request {
    let name = wire.header(API_NAME).unwrap_or_default();
    let mut query = format!("Action={}&Version=2016-01-20&Format=JSON", encode(name));
    let message = message::GetSecretValue::decode(wire.whole_body());
    if let Some(message) = message.filter(|_| name == GET_SECRET_VALUE) {
        for (name, value) in message.parameters() {
            query.extend(["&", name, "=", &encode(value).to_string()]);
        }
    }
    let host = wire.header("host").map(|host| ("host", host));
    let client = wire.client;
    let wire = WireRequest::new("GET", "/", &query, host, Ok(bytes::Bytes::new()));
    let wire = WireRequest { client, ..wire };
    Request::parse(Arc::new(wire), SERVICES)
}
