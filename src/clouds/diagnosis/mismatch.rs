use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::mistake::Mistake;

/// Why a signature was rejected. Sensitive values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mismatch {
    /// The mistake of the client, as a code.
    pub mistake: Mistake,
    /// The mistake in English, with the first difference.
    pub diagnosis: String,
    /// The text that should have been signed: the string to sign, or the canonical request.
    pub server: String,
    /// The text that the client signed; known if a common mistake leads to the signature sent.
    pub client: Option<String>,
    /// The host that the client signed, if it is the mistake.
    pub signed_host: Option<String>,
    /// The index of the first character that differs, from 0.
    pub first_difference: Option<usize>,
}
