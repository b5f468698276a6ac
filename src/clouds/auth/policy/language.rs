//! The differences between the clouds' policy languages.

use super::condition::Operator;
use super::pattern::Pattern;
use super::request_context::RequestContext;
use crate::model::Cloud;

/// A policy language.
#[derive(Debug)]
pub(super) struct Language {
    pub cloud: Cloud,
    /// The version that documents must have.
    pub version: &'static str,
    pub names: Names,
    /// The values of the effect: allow, deny.
    pub effects: [&'static str; 2],
    /// Whether a document may have one statement instead of a list.
    pub has_single_statement: bool,
    /// Whether a document may have a principal for all of its statements.
    pub has_common_principal: bool,
    /// The type of principals that are compared with the caller.
    pub principal_type: &'static str,
    /// The other types: services and identity providers, which are not emulated and send no requests.
    pub other_principal_types: [&'static str; 2],
    /// Parses an action; the error is the reason.
    pub action: fn(&str) -> Result<Pattern, String>,
    /// Parses the name of a resource; the error is the reason.
    pub resource: fn(&str) -> Result<Pattern, String>,
    pub principal: fn(&str) -> Pattern,
    /// The operator of this name, without prefix and suffix.
    pub operator: fn(&str) -> Option<Operator>,
    /// The operator prefixes for condition keys with several values: all of them must match, any of them.
    pub qualifiers: Option<[&'static str; 2]>,
    /// The operator suffix for conditions that a request without the condition key meets.
    pub if_exists: Option<&'static str>,
    /// Whether a request without the condition key meets a condition with a negated operator.
    pub absent_meets_negated: bool,
    /// The values of a condition key in a request; none if the request does not have the key.
    pub values: fn(key: &str, request: &RequestContext) -> Vec<String>,
    /// Whether the emulator supports this condition key.
    pub is_known_key: fn(&str) -> bool,
}

/// The names of a document's members.
#[derive(Debug)]
pub(super) struct Names {
    pub version: &'static str,
    pub statement: &'static str,
    pub sid: &'static str,
    pub effect: &'static str,
    pub principal: &'static str,
    pub action: &'static str,
    pub not_action: Option<&'static str>,
    pub resource: &'static str,
    pub condition: &'static str,
}
