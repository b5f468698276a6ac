//! Reads the elements of policy documents, and locates mistakes.

use serde_json::{Map, Value};
use thiserror::Error;

/// A mistake in a policy document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{reason}", prefix(.place))]
pub struct PolicyError {
    /// The element, such as `Statement[0].Effect`; empty for the whole document.
    pub place: String,
    /// The mistake.
    pub reason: String,
}

fn prefix(place: &str) -> String {
    if place.is_empty() {
        String::new()
    } else {
        format!("{place}: ")
    }
}

impl PolicyError {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

/// The place of a member.
pub(super) fn at(place: &str, member: &str) -> String {
    if place.is_empty() {
        member.to_owned()
    } else {
        format!("{place}.{member}")
    }
}

/// The members of an object.
pub(super) fn object<'v>(
    place: &str,
    value: &'v Value,
) -> Result<&'v Map<String, Value>, PolicyError> {
    value
        .as_object()
        .ok_or_else(|| PolicyError::new(place, "expected an object"))
}

/// A required member.
pub(super) fn required<'v>(
    place: &str,
    members: &'v Map<String, Value>,
    name: &str,
) -> Result<&'v Value, PolicyError> {
    let missing = || PolicyError::new(place, format!("`{name}` is missing"));
    members.get(name).ok_or_else(missing)
}

/// Checks that all members are known. Names are case-sensitive.
pub(super) fn check_members(
    place: &str,
    members: &Map<String, Value>,
    known: &[&str],
) -> Result<(), PolicyError> {
    let unknown = members.keys().find(|name| !known.contains(&&***name));
    unknown.map_or(Ok(()), |name| {
        let reason = format!("unknown element; the known ones are {}", known.join(", "));
        Err(PolicyError::new(at(place, name), reason))
    })
}

/// A string, or a list of at least one string, each with its place.
pub(super) fn strings<'v>(
    place: &str,
    value: &'v Value,
) -> Result<Vec<(String, &'v str)>, PolicyError> {
    let items = items(place, value);
    if items.is_empty() {
        return Err(PolicyError::new(place, "expected at least one string"));
    }
    items
        .into_iter()
        .map(|(place, value)| match value {
            Value::String(text) => Ok((place, &**text)),
            _ => Err(PolicyError::new(place, "expected a string")),
        })
        .collect()
}

/// A string, number or boolean, or a list of them, as strings with their places.
pub(super) fn scalars(place: &str, value: &Value) -> Result<Vec<(String, String)>, PolicyError> {
    items(place, value)
        .into_iter()
        .map(|(place, value)| match value {
            Value::String(text) => Ok((place, text.clone())),
            Value::Number(_) | Value::Bool(_) => Ok((place, value.to_string())),
            _ => Err(PolicyError::new(place, "expected a string")),
        })
        .collect()
}

/// The items of a list, or a single value, each with its place.
fn items<'v>(place: &str, value: &'v Value) -> Vec<(String, &'v Value)> {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (format!("{place}[{index}]"), item))
            .collect(),
        value => vec![(place.to_owned(), value)],
    }
}
