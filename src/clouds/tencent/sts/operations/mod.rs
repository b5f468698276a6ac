//! The operations, one file each, and the table that dispatch and documents read.

mod assume_role;
mod assume_role_with_web_identity;
mod get_caller_identity;
mod get_federation_token;

use crate::clouds::service::{SupportedOperation, supported};
use crate::clouds::tencent::api3::protocol::Api3;

/// The operations that the emulator supports. A new operation is a new file and its row here.
pub(super) static SUPPORTED: &[SupportedOperation<Api3>] = &[
    supported::<Api3, assume_role::AssumeRole>(),
    supported::<Api3, assume_role_with_web_identity::AssumeRoleWithWebIdentity>(),
    supported::<Api3, get_federation_token::GetFederationToken>(),
    supported::<Api3, get_caller_identity::GetCallerIdentity>(),
];
