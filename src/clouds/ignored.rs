//! Parameters without an effect, and similar parameters that the operation has.

use super::description::Parameter;
use super::hint::Hint;
use crate::http::shown::MASK;

/// A parameter, or a part of one, that had no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Its name, masked if it may be a value that was sent in the wrong place.
    pub name: String,
    /// The reason why it had no effect.
    pub hint: Hint,
    /// Whether the hint suggests a similar parameter.
    pub has_suggestion: bool,
}

/// The maximum number of characters in which a name may differ from a suggested one.
const MAX_TYPOS: usize = 2;

/// The maximum length of a name that is compared.
const MAX_CHARACTERS: usize = 64;

/// The names of the same parameter in other APIs, in lower case.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("MaxResults", &["PageSize", "Limit"]),
    ("MaxItems", &["PageSize", "Limit"]),
    ("PageSize", &["Limit"]),
    ("Limit", &["PageSize"]),
    ("NextToken", &["PageNumber", "Offset"]),
    ("PageNumber", &["Offset"]),
    ("PageNo", &["PageNumber", "Offset"]),
    ("Offset", &["PageNumber"]),
    ("SecretId", &["SecretName"]),
    ("Name", &["SecretName"]),
    ("SecretString", &["SecretData"]),
    ("SecretData", &["SecretString"]),
    ("Tag", &["Tags", "Filters"]),
    ("Tags", &["Tag", "Filters"]),
    ("SecretName", &["Filters"]),
];

/// The position of the parameter that was sent, or of the one that it is an item or member of.
pub(super) fn position_of<P: Parameter + ?Sized>(
    name: &str,
    known: &[&'static P],
) -> Option<usize> {
    known.iter().position(|known| {
        name.strip_prefix(known.name())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') && known.has_members())
    })
}

/// Explains why a parameter has no effect on the operation `action`. `shown` is its name, masked if it may
/// be sensitive.
pub(super) fn explain<P: Parameter + ?Sized>(
    name: &str,
    shown: &str,
    action: &str,
    known: &[&'static P],
) -> Ignored {
    let base = name.split('.').next().unwrap_or_default();
    let names = || known.iter().map(|known| known.name());
    if let Some(known) = names().find(|known| *known == base) {
        let name = if shown == MASK { base } else { shown };
        return Ignored {
            name: name.to_owned(),
            hint: Hint::ParameterMember {
                name: name.to_owned(),
                parameter: known.to_owned(),
            },
            has_suggestion: true,
        };
    }
    let other_name = || {
        let (name, meant) = OTHER_NAMES
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(base))?;
        Some((*name, names().find(|known| meant.contains(known))?))
    };
    // The name differs from the known one in few characters.
    let (name, meant) = match (nearest(base, names()), other_name()) {
        (Some(known), _) => (if shown == MASK { base } else { shown }, known),
        (None, Some((name, known))) => (if shown == MASK { name } else { shown }, known),
        (None, None) => {
            return Ignored {
                name: shown.to_owned(),
                hint: Hint::ParameterUnknown {
                    name: shown.to_owned(),
                    action: action.to_owned(),
                },
                has_suggestion: false,
            };
        }
    };
    Ignored {
        name: name.to_owned(),
        hint: Hint::ParameterSimilar {
            name: name.to_owned(),
            action: action.to_owned(),
            parameter: meant.to_owned(),
        },
        has_suggestion: true,
    }
}

/// The known name that differs only in case or in few characters.
pub(crate) fn nearest(
    name: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    if name.len() > MAX_CHARACTERS
        || !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let distance = |known: &str| strsim::osa_distance(&name, &known.to_ascii_lowercase());
    known
        .map(|known| (distance(known), known))
        .filter(|(distance, known)| *distance <= MAX_TYPOS.min(known.len() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
