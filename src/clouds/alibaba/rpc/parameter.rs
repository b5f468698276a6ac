//! Types of parameters. A constant of one of these types describes a parameter completely: reading it
//! checks its bounds and fills in its default, and the documents are generated from it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::request::Request;
use crate::clouds::description::{KeyDescription, ParameterDescription, ValueType};
use crate::clouds::service::Parameter;
use crate::http::json;
use crate::model::Tag;

/// The parameters of a request that an operation describes.
pub struct Arguments<'a> {
    request: &'a Request,
    described: &'a [&'a dyn Parameter],
}

impl<'a> Arguments<'a> {
    /// The parameters of `request` that are `described`.
    pub fn new(request: &'a Request, described: &'a [&'a dyn Parameter]) -> Self {
        Self { request, described }
    }

    /// The value of a parameter; an empty one counts as absent.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.check(name);
        self.request.parameter(name)
    }

    /// The members of a list or structure: parameters that begin with `name` and a dot, without these.
    fn below(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.check(name);
        self.request
            .parameters()
            .iter()
            .filter_map(move |parameter| {
                let rest = parameter.name.strip_prefix(name)?.strip_prefix('.')?;
                Some((rest, &*parameter.value))
            })
    }

    /// A parameter that is read but not described would be missing in the documents.
    fn check(&self, name: &str) {
        debug_assert!(
            self.described
                .iter()
                .any(|parameter| parameter.name() == name),
            "{name} is read but not described"
        );
    }
}

/// An optional parameter.
pub(crate) trait Optional: Parameter {
    /// The value of its text.
    type Value;

    /// # Errors
    ///
    /// Usually `InvalidParameter`, for an invalid value.
    fn find(&self, arguments: &Arguments) -> Result<Option<Self::Value>, ApiError>;
}

/// A required parameter.
pub(crate) struct Required<K>(pub K);

impl<K: Optional> Required<K> {
    /// # Errors
    ///
    /// `MissingParameter`, and those of the parameter itself.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<K::Value, ApiError> {
        self.0
            .find(arguments)?
            .ok_or_else(|| ApiError::MissingParameter(self.0.name()))
    }
}

impl<K: Parameter> Parameter for Required<K> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: true,
            ..self.0.describe()
        }
    }
}

/// The error for an invalid value.
pub(crate) fn invalid(name: &str) -> ApiError {
    ApiError::InvalidParameter(name.to_owned())
}

/// The most values of a JSON document in a parameter. No operation takes more than 10 objects with 10
/// texts each; policies are longer.
const MOST_JSON_VALUES: usize = 1000;

fn is_oversized(text: &str) -> bool {
    json::has_more_values(text.as_bytes(), MOST_JSON_VALUES)
}

/// Reads a JSON document; absent if it is invalid.
fn document<T: DeserializeOwned>(text: &str) -> Option<T> {
    (!is_oversized(text))
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// A flag, in any letter case. Any other text means the opposite of the default.
pub(crate) struct Boolean {
    pub name: &'static str,
    pub default: bool,
    pub help: &'static str,
}

impl Boolean {
    pub(crate) fn read(&self, arguments: &Arguments) -> bool {
        match arguments.get(self.name) {
            None => self.default,
            Some(value) => value.eq_ignore_ascii_case("true"),
        }
    }
}

impl Optional for Boolean {
    type Value = bool;

    fn find(&self, arguments: &Arguments) -> Result<Option<bool>, ApiError> {
        Ok(arguments.get(self.name).map(|_| self.read(arguments)))
    }
}

impl Parameter for Boolean {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.default.to_string()),
            ..ParameterDescription::new(self.name, ValueType::Boolean, self.help)
        }
    }
}

/// A decimal number within bounds.
pub(crate) struct Integer {
    pub name: &'static str,
    pub minimum: u32,
    pub maximum: u32,
    pub default: u32,
    pub help: &'static str,
}

impl Integer {
    /// # Errors
    ///
    /// `InvalidParameter` for a text that is not a number, or a number out of bounds.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<u32, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(self.default);
        };
        text.parse()
            .ok()
            .filter(|number| (self.minimum..=self.maximum).contains(number))
            .ok_or_else(|| invalid(self.name))
    }
}

impl Parameter for Integer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.default.to_string()),
            minimum: Some(self.minimum),
            maximum: Some(self.maximum),
            ..ParameterDescription::new(self.name, ValueType::Integer, self.help)
        }
    }
}

/// The allowed characters and length of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TextRule {
    /// At most this many bytes.
    Bytes(usize),
    /// At most this many characters, of any kind.
    Characters(usize),
    /// At most this many: ASCII letters, digits, and these.
    Plain(usize, &'static str),
}

impl TextRule {
    /// Whether a text, which is not empty, is valid.
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Self::Bytes(most) => text.len() <= most,
            Self::Characters(most) => text.chars().count() <= most,
            Self::Plain(most, also) => {
                text.len() <= most
                    && text.chars().all(|character| {
                        character.is_ascii_alphanumeric() || also.contains(character)
                    })
            }
        }
    }
}

impl fmt::Display for TextRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(most) => write!(f, "1 to {most} bytes"),
            Self::Characters(most) => write!(f, "1 to {most} characters"),
            Self::Plain(most, also) => match also.strip_prefix(' ') {
                None => write!(f, "1 to {most} ASCII letters, digits and `{also}`"),
                Some(also) => write!(f, "1 to {most} ASCII letters, digits, spaces and `{also}`"),
            },
        }
    }
}

/// A text.
pub(crate) struct Text {
    pub name: &'static str,
    pub rule: TextRule,
    /// Whether the value is masked wherever it is shown.
    pub sensitive: bool,
    pub help: &'static str,
}

impl Optional for Text {
    type Value = String;

    fn find(&self, arguments: &Arguments) -> Result<Option<String>, ApiError> {
        match arguments.get(self.name) {
            Some(text) if !self.rule.allows(text) => Err(invalid(self.name)),
            text => Ok(text.map(str::to_owned)),
        }
    }
}

impl Parameter for Text {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: self.sensitive,
            rule: Some(self.rule.to_string()),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// A text that the operation parses.
pub(crate) struct Parsed<T> {
    pub name: &'static str,
    /// Describes the valid texts.
    pub rule: &'static str,
    pub help: &'static str,
    /// Parses the text; absent if it is invalid.
    pub parse: fn(&str) -> Option<T>,
}

impl<T> Optional for Parsed<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        arguments
            .get(self.name)
            .map(|text| (self.parse)(text).ok_or_else(|| invalid(self.name)))
            .transpose()
    }
}

impl<T> Parameter for Parsed<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            rule: Some(self.rule.to_owned()),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// One of several words. The first is the default.
pub(crate) struct Choice<T: 'static> {
    pub name: &'static str,
    pub values: &'static [(&'static str, T)],
    pub help: &'static str,
}

impl<T: Copy + Sync> Choice<T> {
    /// # Errors
    ///
    /// `InvalidParameter` for another word.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<T, ApiError> {
        Ok(self.find(arguments)?.unwrap_or(self.values[0].1))
    }
}

impl<T: Copy + Sync> Optional for Choice<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        let Some(text) = arguments.get(self.name) else {
            return Ok(None);
        };
        let known = self
            .values
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        known
            .map(|(_, value)| Some(*value))
            .ok_or_else(|| invalid(self.name))
    }
}

impl<T: Sync> Parameter for Choice<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            default: Some(self.values[0].0.to_owned()),
            values: self.values.iter().map(|(word, _)| *word).collect(),
            ..ParameterDescription::new(self.name, ValueType::Text, self.help)
        }
    }
}

/// A JSON document that the operation parses.
pub(crate) struct Json<T> {
    pub name: &'static str,
    pub help: &'static str,
    /// The most items that the document may have.
    pub max_items: Option<usize>,
    /// Whether the value is masked wherever it is shown.
    pub sensitive: bool,
    /// Describes the keys that the document may have.
    pub keys: fn() -> Vec<KeyDescription>,
    /// Parses the text; absent if it is invalid.
    pub parse: fn(&str) -> Option<T>,
}

impl<T> Optional for Json<T> {
    type Value = T;

    fn find(&self, arguments: &Arguments) -> Result<Option<T>, ApiError> {
        let parse = |text: &str| {
            let parsed = (!is_oversized(text)).then(|| (self.parse)(text)).flatten();
            parsed.ok_or_else(|| invalid(self.name))
        };
        arguments.get(self.name).map(parse).transpose()
    }
}

impl<T> Parameter for Json<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: self.sensitive,
            max_items: self.max_items,
            keys: (self.keys)(),
            ..ParameterDescription::new(self.name, ValueType::Json, self.help)
        }
    }
}

/// Texts in numbered parameters: `ResourceId.1`, `ResourceId.2` and so on; or as one JSON array,
/// which is what a JSON body has.
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

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            rule: Some(self.rule.to_string()),
            ..ParameterDescription::new(self.name, ValueType::List, self.help)
        }
    }
}

/// Tags in numbered parameters: `Tag.1.Key`, `Tag.1.Value` and so on; or as one JSON array, which is
/// what a JSON body has. An absent value is empty.
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

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, ValueType::TagList, self.help)
        }
    }
}

/// A JSON object of texts, or the same in parameters of their own: `name.a=b` for `{"a":"b"}`.
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

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            sensitive: true,
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, ValueType::Json, self.help)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::clouds::alibaba::SERVICES;
    use crate::http::wire::WireRequest;

    fn with<T>(parameter: &dyn Parameter, query: &str, check: impl FnOnce(&Arguments) -> T) -> T {
        let wire = WireRequest::new("GET", "/", query, [], Ok(Bytes::new()));
        let request = Request::parse(Arc::new(wire), SERVICES);
        check(&Arguments::new(&request, &[parameter]))
    }

    #[test]
    fn a_boolean_is_true_in_any_letter_case() {
        let flag = Boolean {
            name: "F",
            default: false,
            help: "",
        };
        for (query, value) in [
            ("F=true", true),
            ("F=True", true),
            ("F=TRUE", true),
            ("F=false", false),
            ("F=1", false),
            ("F=", false),
            ("", false),
        ] {
            assert_eq!(
                with(&flag, query, |arguments| flag.read(arguments)),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn lists_are_numbered_or_json() {
        let list = List {
            name: "L",
            max_items: 3,
            rule: TextRule::Characters(2),
            help: "",
        };
        let items = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
        for (query, value) in [
            ("", Some(None)),
            ("L.2=b&L.10=c&L.1=a", Some(items(&["a", "b", "c"]))),
            ("L.1=a&L.2=&L.3=b", Some(items(&["a", "b"]))),
            (r#"L=["a","b"]"#, Some(items(&["a", "b"]))),
            ("L=[]", Some(None)),
            ("L=a", None),
            ("L=[1]", None),
            ("L.x=a", None),
            ("L.1=abc", None),
            ("L.1=a&L.2=a&L.3=a&L.4=a", None),
        ] {
            assert_eq!(
                with(&list, query, |arguments| list.find(arguments).ok()),
                value,
                "{query}"
            );
        }
        let tags = TagList {
            name: "T",
            max_items: 2,
            help: "",
        };
        let tag = |key: &str, value: &str| Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        for (query, value) in [
            ("", Some(None)),
            (
                "T.2.Value=c&T.1.Key=a&T.2.Key=b",
                Some(Some(vec![tag("a", ""), tag("b", "c")])),
            ),
            (
                r#"T=[{"Key":"a","Value":"b"},{"Key":"c"}]"#,
                Some(Some(vec![tag("a", "b"), tag("c", "")])),
            ),
            ("T.1=a", None),
            ("T.1.Other=a", None),
            ("T.x.Key=a", None),
            ("T=a", None),
            ("T.1.Key=a&T.2.Key=b&T.3.Key=c", None),
        ] {
            assert_eq!(
                with(&tags, query, |arguments| tags.find(arguments).ok()),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn an_integer_out_of_bounds_is_rejected() {
        let size = Integer {
            name: "N",
            minimum: 1,
            maximum: 100,
            default: 10,
            help: "",
        };
        for (query, value) in [
            ("", Some(10)),
            ("N=", Some(10)),
            ("N=1", Some(1)),
            ("N=100", Some(100)),
            ("N=007", Some(7)),
            ("N=0", None),
            ("N=101", None),
            ("N=-1", None),
            ("N=1.0", None),
            ("N=1e1", None),
            ("N=%201", None),
            ("N=ten", None),
            ("N=99999999999999999999", None),
        ] {
            assert_eq!(
                with(&size, query, |arguments| size.read(arguments).ok()),
                value,
                "{query}"
            );
        }
    }
}
