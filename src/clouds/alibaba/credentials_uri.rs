//! The resource of the credentials URI, as data; `control/` answers requests for it.

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::clouds::credential_source::{CredentialResource, SourceDescription, SourceParameter};
use crate::clouds::description::{ErrorDescription, SentIn};
use crate::http::wire::WireRequest;

/// The path of the credentials URI.
pub(crate) const PATH: &str = "/_emulator/credentials";

static DESCRIPTION: SourceDescription = SourceDescription {
    product: "Credentials",
    version: "",
    host: None,
    page: "https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-access-credentials",
    evidence: "SDK; error messages: assumption",
    differences: "",
    errors: &[],
};

pub(crate) static RESOURCE: CredentialResource = CredentialResource {
    path: PATH,
    method: "GET",
    summary: "Issues a temporary access key that is valid for an hour.",
    source: &DESCRIPTION,
    parameters: &[
        SourceParameter {
            name: "account",
            sent_in: SentIn::Query,
            required: false,
            sensitive: false,
            bounds: None,
            help: "The number of the account; by default the default account.",
        },
        SourceParameter {
            name: "tenant",
            sent_in: SentIn::Query,
            required: false,
            sensitive: false,
            bounds: None,
            help: "The account of a tenant, which must exist; overrides `account`.",
        },
    ],
    errors: &[
        ErrorDescription {
            code: "InvalidParameter",
            status: 400,
            message: "expected an account number of 16 digits",
        },
        ErrorDescription {
            code: "InvalidBody",
            status: 400,
            message: "the request takes no body",
        },
        ErrorDescription {
            code: "TenantNotFound",
            status: 404,
            message: "there is no tenant with this account",
        },
    ],
    reply: || schema_for!(TemporaryKey),
};

/// A temporary key, as the SDKs of Alibaba Cloud read it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TemporaryKey {
    /// `Success`.
    pub(crate) code: &'static str,
    /// The access key id.
    pub(crate) access_key_id: String,
    /// The access key secret.
    pub(crate) access_key_secret: String,
    /// The token to send with requests.
    pub(crate) security_token: String,
    /// When the key expires, by the clock of the account.
    pub(crate) expiration: String,
}

/// Whether a request is for the credentials URI.
pub(super) fn is_for(wire: &WireRequest) -> bool {
    wire.path == PATH
}
