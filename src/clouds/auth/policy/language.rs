//! The differences between the clouds' policy languages.

use super::condition::Operator;
use super::facts::Facts;
use super::pattern::Pattern;
use crate::model::Cloud;

/// A policy language.
#[derive(Debug)]
pub(super) struct Language {
    pub cloud: Cloud,
    /// The version that documents must have.
    pub version: &'static str,
    pub names: Names,
    /// The text of each effect: allow, deny.
    pub effects: [&'static str; 2],
    /// Whether a document may have a statement instead of a list.
    pub has_single_statement: bool,
    /// Whether a document may have a principal for all of its statements.
    pub has_common_principal: bool,
    /// The member of a principal whose values are compared.
    pub principal_type: &'static str,
    /// Its other members, for services and identity providers, which send no requests here.
    pub other_principal_types: [&'static str; 2],
    /// Parses an action; an error is the reason.
    pub action: fn(&str) -> Result<Pattern, String>,
    /// Parses the name of a resource; an error is the reason.
    pub resource: fn(&str) -> Result<Pattern, String>,
    pub principal: fn(&str) -> Pattern,
    /// The operator of this name, without prefix and suffix.
    pub operator: fn(&str) -> Option<Operator>,
    /// The prefixes for keys with several values: each of them, any of them.
    pub qualifiers: Option<[&'static str; 2]>,
    /// The suffix of operators that are met by a request without the key.
    pub if_exists: Option<&'static str>,
    /// Whether a negated operator is met by a request without the key.
    pub absent_differs: bool,
    /// The values of a condition key in a request; absent for a key that no request has here.
    pub values: fn(key: &str, facts: &Facts) -> Vec<String>,
    /// Whether requests can have this condition key.
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
