//! The parameters of a call, in the types of typed clients.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::call::ApiCall;
use crate::clouds;
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::draft::text_of;
use crate::model::Cloud;

/// A parameter of a call.
pub(super) struct Argument<'a> {
    pub name: &'static str,
    pub value: Typed<'a>,
}

/// A value in a type that clients have.
pub(super) enum Typed<'a> {
    Text(Cow<'a, str>),
    Number(i64),
    Boolean(bool),
    Texts(Vec<&'a str>),
    Tags(Vec<Tag<'a>>),
    Filters(Vec<Filter<'a>>),
    /// The objects of `SecretsList`.
    Records(Vec<Vec<(&'static str, String)>>),
    Object(Map<String, Value>),
}

/// A tag.
pub(super) struct Tag<'a> {
    pub key: &'a str,
    pub value: Option<&'a str>,
}

/// A filter by the values of one tag key.
pub(super) struct Filter<'a> {
    pub key: &'a str,
    pub values: Option<Vec<&'a str>>,
}

/// The operations and parameters that an SDK does not have: `Operation` or `Operation.Parameter`.
pub(super) type Lacks = &'static [&'static str];

/// The parameters that the operation of a call has; none if there is no such operation.
fn described(call: &ApiCall) -> Option<Vec<ParameterDescription>> {
    let cloud = clouds::with_default_settings().get(call.cloud);
    cloud.parameters(call.action)
}

/// Whether the emulator has the operation.
pub(super) fn is_known(call: &ApiCall) -> bool {
    described(call).is_some()
}

/// Whether the typed clients of Alibaba Cloud have a request class for the operation; the methods of the
/// others have no parameter.
pub(super) fn has_request_class(action: &str) -> bool {
    !matches!(
        action,
        "DescribeRegions" | "DescribeAccountKmsStatus" | "GetDefaultKmsInstance" | "OpenKmsService"
    )
}

/// The arguments of a call, in its order; none if a typed client that lacks these cannot send it.
pub(super) fn read<'a>(call: &ApiCall<'a>, lacks: Lacks) -> Option<Vec<Argument<'a>>> {
    let described = described(call)?;
    if lacks.contains(&call.action) {
        return None;
    }
    let lacks = |name: &str| {
        let mut parameters = lacks.iter().filter_map(|lacked| lacked.split_once('.'));
        parameters.any(|(action, parameter)| action == call.action && parameter == name)
    };
    call.parameters
        .iter()
        .map(|(name, value)| {
            let description = described.iter().find(|known| known.name == name)?;
            let value = match call.cloud {
                _ if lacks(name) => None,
                Cloud::Alibaba => alibaba(description, value),
                Cloud::Tencent => tencent(description, value),
            }?;
            let name = description.name;
            Some(Argument { name, value })
        })
        .collect()
}

/// The clients of all languages have the same types for these parameters, since all were generated from
/// one description of the API by the vendor.
fn alibaba<'a>(description: &ParameterDescription, value: &'a Value) -> Option<Typed<'a>> {
    match (description.name, description.value_type) {
        // `KeyMaterialExpireUnix` is the only number of 64 bits.
        ("ExtendedConfig.CustomData" | "KeyMaterialExpireUnix", _) => None,
        (
            "ExtendedConfig"
            | "EncryptionContext"
            | "SourceEncryptionContext"
            | "DestinationEncryptionContext",
            _,
        ) => document(value).map(Typed::Object),
        ("SecretsList", _) => records(&document::<Vec<_>>(value)?),
        (
            "EnableAutomaticRotation" | "EnableDeletionProtection" | "FetchExtendedConfig" | "All",
            _,
        ) => boolean(value),
        (name, ValueType::Integer)
            if !matches!(name, "RecoveryWindowInDays" | "PasswordLength") =>
        {
            let number = number(value)?;
            i32::try_from(number).ok()?;
            Some(Typed::Number(number))
        }
        (_, ValueType::List) => texts(value).map(Typed::Texts),
        (_, ValueType::TagList) => tags(value, "Key", "Value"),
        (_, ValueType::TagFilterList | ValueType::ObjectList) => None,
        (_, ValueType::Json) if !value.is_null() => Some(Typed::Text(text_of(value).into())),
        _ => match value {
            Value::String(text) => Some(Typed::Text(text.into())),
            Value::Bool(_) | Value::Number(_) => Some(Typed::Text(value.to_string().into())),
            _ => None,
        },
    }
}

fn tencent<'a>(description: &ParameterDescription, value: &'a Value) -> Option<Typed<'a>> {
    match description.value_type {
        // A text for a number is an error there. The typed client would hide it.
        ValueType::Boolean => value.as_bool().map(Typed::Boolean),
        ValueType::Integer => value
            .as_i64()
            .filter(|number| *number >= 0)
            .map(Typed::Number),
        ValueType::Text | ValueType::Json => Some(Typed::Text(value.as_str()?.into())),
        ValueType::List => texts(value).map(Typed::Texts),
        ValueType::TagList => tags(value, "TagKey", "TagValue"),
        ValueType::TagFilterList => filters(value),
        ValueType::ObjectList => None,
    }
}

/// A boolean, or its text.
fn boolean(value: &Value) -> Option<Typed<'static>> {
    match value {
        Value::Bool(flag) => Some(Typed::Boolean(*flag)),
        Value::String(text) => text.parse().ok().map(Typed::Boolean),
        _ => None,
    }
}

/// A number, or its canonical text.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text
            .parse()
            .ok()
            .filter(|number: &i64| number.to_string() == *text),
        value => value.as_i64(),
    }
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn tags<'a>(value: &'a Value, key: &str, text: &str) -> Option<Typed<'a>> {
    let tags = value.as_array()?.iter().map(|item| {
        let members = members(item, &[key, text])?;
        let key = members.get(key)?.as_str()?;
        let value = match members.get(text) {
            Some(value) => Some(value.as_str()?),
            None => None,
        };
        Some(Tag { key, value })
    });
    tags.collect::<Option<_>>().map(Typed::Tags)
}

fn filters(value: &Value) -> Option<Typed<'_>> {
    let filters = value.as_array()?.iter().map(|item| {
        let members = members(item, &["TagKey", "TagValue"])?;
        let key = members.get("TagKey")?.as_str()?;
        let values = match members.get("TagValue") {
            Some(values) => Some(texts(values)?),
            None => None,
        };
        Some(Filter { key, values })
    });
    filters.collect::<Option<_>>().map(Typed::Filters)
}

/// An object, if it has no members other than these.
fn members<'a>(value: &'a Value, known: &[&str]) -> Option<&'a Map<String, Value>> {
    let members = value.as_object()?;
    let all_known = members.keys().all(|name| known.contains(&&**name));
    all_known.then_some(members)
}

/// A JSON document, or the text of one.
fn document<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        value => serde_json::from_value(value.clone()).ok(),
    }
}

fn records(items: &[Value]) -> Option<Typed<'static>> {
    const MEMBERS: [&str; 4] = [
        "SecretName",
        "VersionId",
        "VersionStage",
        "FetchExtendedConfig",
    ];
    let records = items.iter().map(|item| {
        let record = members(item, &MEMBERS)?.iter().map(|(name, value)| {
            let name = MEMBERS.into_iter().find(|known| known == name)?;
            let is_text = value.is_string() || value.is_boolean();
            is_text.then(|| (name, text_of(value)))
        });
        record.collect()
    });
    records.collect::<Option<_>>().map(Typed::Records)
}

/// The arguments as the JSON body of a request to Tencent Cloud.
pub(super) fn json(arguments: &[Argument]) -> Map<String, Value> {
    let member = |argument: &Argument| (argument.name.to_owned(), argument.value.json());
    arguments.iter().map(member).collect()
}

impl Typed<'_> {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(&**text),
            Self::Number(number) => Value::from(*number),
            Self::Boolean(flag) => Value::from(*flag),
            Self::Texts(texts) => Value::from(texts.clone()),
            Self::Tags(tags) => tags.iter().map(Tag::json).collect(),
            Self::Filters(filters) => filters.iter().map(Filter::json).collect(),
            Self::Records(records) => {
                let object = |record: &Vec<(&str, String)>| -> Value {
                    record
                        .iter()
                        .map(|(name, text)| (*name, text.as_str()))
                        .collect()
                };
                records.iter().map(object).collect()
            }
            Self::Object(members) => Value::from(members.clone()),
        }
    }
}

impl Tag<'_> {
    fn json(&self) -> Value {
        let mut members = Map::new();
        members.insert("TagKey".into(), self.key.into());
        members.extend(self.value.map(|value| ("TagValue".into(), value.into())));
        Value::Object(members)
    }
}

impl Filter<'_> {
    fn json(&self) -> Value {
        let mut members = Map::new();
        members.insert("TagKey".into(), self.key.into());
        let values = self.values.clone();
        members.extend(values.map(|values| ("TagValue".into(), values.into())));
        Value::Object(members)
    }
}
