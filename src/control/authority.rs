//! The certificate of the CA that clients must trust to use https.

use bytes::Bytes;
use schemars::{Schema, SchemaGenerator, json_schema};

use super::endpoint::{Call, Endpoint, NoBody, NoParameters, ReplyBody};
use super::error::{ControlError, ErrorCode};

/// Returns the certificate of the CA.
pub(super) struct Certificate;

/// A certificate in PEM.
pub(super) struct Pem(String);

impl ReplyBody for Pem {
    const MEDIA_TYPE: &'static str = "application/x-pem-file";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }

    fn print(self) -> Bytes {
        self.0.into_bytes().into()
    }
}

impl Endpoint for Certificate {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/ca.pem";
    const SUMMARY: &'static str =
        "Returns the certificate of the authority that signs the server's certificates for https.";
    const OPEN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::NoAuthority];
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Pem;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        match &call.emulator.authority {
            Some(certificate) => Ok(Pem(certificate.clone())),
            None => Err(ControlError::new(
                ErrorCode::NoAuthority,
                "path",
                "the server has no CA of its own: it was started with --tls-cert",
            )),
        }
    }
}
