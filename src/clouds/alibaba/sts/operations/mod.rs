//! The operations, one file each, and the table that dispatch and documents read.

mod assume_role;
mod assume_role_with_oidc;
mod get_caller_identity;

use crate::clouds::alibaba::rpc::protocol::Rpc;
use crate::clouds::service::{SupportedOperation, supported};

/// The operations that the emulator supports. A new operation is a new file and its row here.
pub(super) static SUPPORTED: &[SupportedOperation<Rpc>] = &[
    supported::<Rpc, assume_role::AssumeRole>(),
    supported::<Rpc, assume_role_with_oidc::AssumeRoleWithOidc>(),
    supported::<Rpc, get_caller_identity::GetCallerIdentity>(),
];
