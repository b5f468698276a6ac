//! The certificate of the CA that clients must trust to use https, alone and in a bundle.

use std::sync::OnceLock;

use bytes::Bytes;
use pem::{EncodeConfig, LineEnding, Pem as Block};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::endpoint::{Call, Endpoint, NoBody, NoParameters, ReplyBody};
use super::error::{ControlError, ErrorCode};
use crate::http::public_authorities::{Origin, public_authorities};

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
    const SUMMARY: &'static str = "Returns the certificate of the certificate authority that signs the server's HTTPS certificates.";
    const OPEN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::NoAuthority];
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Pem;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        authority(call).map(|certificate| Pem(certificate.to_owned()))
    }
}

fn authority<'c>(call: &Call<'c>) -> Result<&'c str, ControlError> {
    call.emulator.authority.as_deref().ok_or_else(|| {
        ControlError::new(
            ErrorCode::NoAuthority,
            "path",
            "the server has no certificate authority: it was started with --tls-cert",
        )
    })
}

/// Returns the certificate of the CA and public authorities.
///
/// Many clients, such as Go's and curl, take one file that replaces their list of authorities. With the
/// certificate alone they could connect to no other server.
pub(super) struct Bundle;

impl Endpoint for Bundle {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/ca-bundle.pem";
    const SUMMARY: &'static str = "Returns the certificates of ca.pem and of the public authorities, for clients whose list of \
         authorities can only be replaced.";
    const OPEN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::NoAuthority];
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Pem;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let authority = authority(call)?;
        let public = public_pem();
        Ok(Pem(format!(
            "# The certificate authority of this kms-emulator.\n{authority}\n{public}"
        )))
    }
}

/// The public authorities in PEM. Read once, because that takes milliseconds.
fn public_pem() -> &'static str {
    static PUBLIC: OnceLock<String> = OnceLock::new();
    PUBLIC.get_or_init(|| {
        let (origin, certificates) = public_authorities();
        let origin = match origin {
            Origin::System => "the system of the server",
            Origin::CompiledIn => {
                "Mozilla's list, compiled into kms-emulator, because the system of the server has none"
            }
        };
        let blocks = certificates.iter();
        let blocks: Vec<_> = blocks
            .map(|certificate| Block::new("CERTIFICATE", certificate.as_ref()))
            .collect();
        let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
        let blocks = pem::encode_many_config(&blocks, config);
        format!("# Public authorities: {origin}.\n{blocks}")
    })
}
