//! Lists and structs in a query or form, whose members have names such as `TagFilters.0.TagKey`.

use std::collections::BTreeMap;

use bytestring::ByteString;
use serde_json::{Map, Value};

use crate::clouds::tencent::api3::error::ApiError;

/// A parameter of a query or form: its name and value, decoded.
pub(super) type Pair = (ByteString, ByteString);

/// The maximum number of segments of a name such as `TagFilters.0.TagValue.0`. No parameter needs more.
const MAX_SEGMENTS: usize = 6;

/// A parameter, or the members under its name.
enum Node {
    Text(String),
    Inner(BTreeMap<String, Node>),
}

/// Converts `TagFilters.0.TagKey=env` to `{"TagFilters":[{"TagKey":"env"}]}`. Numbered members are a list,
/// in the order of the numbers.
pub(super) fn unflattened(pairs: &[Pair]) -> Result<Map<String, Value>, ApiError> {
    let mut root = BTreeMap::new();
    for (name, value) in pairs {
        let segments: Vec<&str> = name.split('.').take(MAX_SEGMENTS + 1).collect();
        let unknown = || ApiError::UnknownParameter(name.to_string());
        if segments.len() > MAX_SEGMENTS {
            return Err(unknown());
        }
        let (last, above) = segments.split_last().ok_or_else(unknown)?;
        let mut inner = &mut root;
        for segment in above {
            let node = inner
                .entry((*segment).to_owned())
                .or_insert_with(|| Node::Inner(BTreeMap::new()));
            let Node::Inner(below) = node else {
                return Err(unknown());
            };
            inner = below;
        }
        let text = Node::Text(value.to_string());
        if let Node::Inner(_) = inner.entry((*last).to_owned()).or_insert(text) {
            return Err(unknown());
        }
    }
    Ok(root
        .into_iter()
        .map(|(name, node)| (name, node.into_value()))
        .collect())
}

impl Node {
    fn into_value(self) -> Value {
        let inner = match self {
            Self::Text(text) => return Value::String(text),
            Self::Inner(inner) => inner,
        };
        let numbers: Option<Vec<u64>> = inner.keys().map(|name| name.parse().ok()).collect();
        let values = inner
            .into_iter()
            .map(|(name, node)| (name, node.into_value()));
        match numbers {
            None => Value::Object(values.collect()),
            Some(numbers) => {
                let mut items: Vec<_> = numbers.into_iter().zip(values).collect();
                items.sort_by_key(|(number, _)| *number);
                items.into_iter().map(|(_, (_, value))| value).collect()
            }
        }
    }
}
