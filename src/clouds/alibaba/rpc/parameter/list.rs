//! Parameters with several values: numbered parameters, or one JSON document.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::arguments::{Arguments, Optional, document, invalid};
use super::scalar::TextRule;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::description::{Parameter, ParameterDescription, ValueType};
use crate::model::Tag;

/// Texts in numbered parameters: `ResourceId.1`, `ResourceId.2` and so on; or one JSON array, as in a JSON
/// body.
pub(crate) struct List {
    pub name: &'static str,
    pub max_items: usize,
    pub rule: TextRule,
    pub help: &'static str,
}

impl Optional for List {
    type Value = Vec<String>;

    fn find(&self, arguments: &Arguments) -> Result<Option<Vec<String>>, ApiError> {
        let mut items: Vec<String> = if let Some(text) = arguments.get(self.name) {
            document(text).ok_or_else(|| invalid(self.name))?
        } else {
            let numbered = arguments.below(self.name).map(|(number, value)| {
                let number: u32 = number.parse().map_err(|_| invalid(self.name))?;
                Ok((number, value.to_owned()))
            });
            let numbered: BTreeMap<_, _> = numbered.collect::<Result<_, ApiError>>()?;
            numbered.into_values().collect()
        };
        items.retain(|item| !item.is_empty());
        if items.len() > self.max_items || !items.iter().all(|item| self.rule.allows(item)) {
            return Err(invalid(self.name));
        }
        Ok((!items.is_empty()).then_some(items))
    }
}

impl Parameter for List {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_members(&self) -> bool {
        true
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            rule: Some(self.rule.to_string()),
            ..ParameterDescription::new(self.name, ValueType::List, self.help)
        }
    }
}

/// Tags in numbered parameters: `Tag.1.Key`, `Tag.1.Value` and so on; or one JSON array, as in a JSON body.
/// An absent value is empty.
pub(crate) struct TagList {
    pub name: &'static str,
    pub max_items: usize,
    pub help: &'static str,
}

impl Optional for TagList {
    type Value = Vec<Tag>;

    fn find(&self, arguments: &Arguments) -> Result<Option<Vec<Tag>>, ApiError> {
        let tags: Vec<Tag> = if let Some(text) = arguments.get(self.name) {
            let entries: Vec<TagEntry> = document(text).ok_or_else(|| invalid(self.name))?;
            entries.into_iter().map(TagEntry::into_tag).collect()
        } else {
            let mut entries = BTreeMap::<u32, TagEntry>::new();
            for (rest, value) in arguments.below(self.name) {
                let (number, member) = rest.split_once('.').ok_or_else(|| invalid(self.name))?;
                let number = number.parse().map_err(|_| invalid(self.name))?;
                let entry = entries.entry(number).or_default();
                match member {
                    "Key" => value.clone_into(&mut entry.key),
                    "Value" => value.clone_into(&mut entry.value),
                    _ => return Err(invalid(self.name)),
                }
            }
            entries.into_values().map(TagEntry::into_tag).collect()
        };
        if tags.len() > self.max_items {
            return Err(invalid(self.name));
        }
        Ok((!tags.is_empty()).then_some(tags))
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct TagEntry {
    key: String,
    value: String,
}

impl TagEntry {
    fn into_tag(self) -> Tag {
        Tag {
            key: self.key,
            value: self.value,
        }
    }
}

impl Parameter for TagList {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_members(&self) -> bool {
        true
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, ValueType::TagList, self.help)
        }
    }
}

/// A JSON object of texts, or one parameter for each member: `name.a=b` for `{"a":"b"}`.
pub(crate) struct TextMap {
    pub name: &'static str,
    pub max_items: usize,
    pub help: &'static str,
}

impl Optional for TextMap {
    type Value = BTreeMap<String, String>;

    fn find(&self, arguments: &Arguments) -> Result<Option<Self::Value>, ApiError> {
        let map = if let Some(text) = arguments.get(self.name) {
            document(text).ok_or_else(|| invalid(self.name))?
        } else {
            arguments
                .below(self.name)
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        if map.len() > self.max_items {
            return Err(invalid(self.name));
        }
        Ok((!map.is_empty()).then_some(map))
    }
}

impl Parameter for TextMap {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_sensitive(&self) -> bool {
        true
    }

    fn has_members(&self) -> bool {
        true
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: self.is_sensitive(),
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, ValueType::Json, self.help)
        }
    }
}
