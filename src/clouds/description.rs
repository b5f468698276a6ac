//! Descriptions of operations as data, for documents, the explorer and validation.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::Scope;

/// The name, parameters, errors and reply of an operation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OperationDescription {
    /// The vendor's name of the service's product.
    pub product: &'static str,
    /// The version of the service's API.
    pub version: &'static str,
    /// The vendor's name of the operation, or the path of a resource of a credential source.
    pub action: &'static str,
    /// The HTTP method of a resource of a credential source; absent for an operation, which can be called with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// A description of one sentence.
    pub summary: &'static str,
    /// The vendor's page.
    pub page: &'static str,
    /// The evidence for its behaviour.
    pub evidence: &'static str,
    /// The known differences from the real operation.
    pub differences: &'static str,
    /// The parameters, without those common to all operations.
    pub parameters: Vec<ParameterDescription>,
    /// The errors, without those common to all operations.
    pub errors: Vec<ErrorDescription>,
    /// The JSON Schema of a successful reply.
    pub reply: Schema,
}

/// An error that an operation documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorDescription {
    /// The code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The text.
    pub message: &'static str,
}

/// The placeholders in the text of an [`ErrorSample`]: values of the request that it answers.
pub(crate) mod placeholder {
    pub(crate) const REQUEST_ID: &str = "{RequestId}";
    pub(crate) const ACTION: &str = "{Action}";
    pub(crate) const VERSION: &str = "{Version}";
    pub(crate) const REGION: &str = "{Region}";
    pub(crate) const ACCOUNT: &str = "{Account}";
    pub(crate) const RESOURCE: &str = "{Resource}";
    pub(crate) const TIME: &str = "{Time}";
}

/// The values of a request that the text of an error may contain.
#[derive(Debug)]
pub struct ErrorValues {
    /// The id of the request.
    pub id: String,
    /// The requested operation.
    pub action: String,
    /// The requested version of the API.
    pub version: String,
    /// The account and region.
    pub scope: Scope,
    /// The resource that the request names, as the cloud's access control writes it.
    pub resource: String,
    /// The time of the server's clock.
    pub time: DateTime<Utc>,
}

/// An error as in a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorSample {
    /// The code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The text, with placeholders for values of the request.
    pub message: String,
    /// The Chinese text, if it is known.
    pub chinese: Option<String>,
}

impl ErrorSample {
    /// The error with the values of a request in its text.
    #[must_use]
    pub fn for_request(self: Arc<Self>, request: impl FnOnce() -> ErrorValues) -> Arc<Self> {
        if !self.message.contains('{') {
            return self;
        }
        let request = request();
        let time = request.time.timestamp().to_string();
        let values = [
            (placeholder::REQUEST_ID, &*request.id),
            (placeholder::TIME, &*time),
            (placeholder::REGION, &*request.scope.region),
            (placeholder::ACCOUNT, &*request.scope.account),
            (placeholder::VERSION, &*request.version),
            (placeholder::ACTION, &*request.action),
            (placeholder::RESOURCE, &*request.resource),
        ];
        let fill = |text: &str| filled(text, &values);
        Arc::new(Self {
            message: fill(&self.message),
            chinese: self.chinese.as_deref().map(fill),
            ..*self
        })
    }
}

/// The maximum length of a value in a text, in characters. The client chooses action, version and resource.
const MAX_FACT: usize = 512;

/// The text with values for its placeholders. A placeholder in a value is kept.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let found = values
            .iter()
            .find(|(placeholder, _)| rest.starts_with(placeholder));
        if let Some((placeholder, value)) = found {
            filled.extend(value.chars().take(MAX_FACT));
            rest = &rest[placeholder.len()..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

impl From<&ErrorDescription> for ErrorSample {
    fn from(error: &ErrorDescription) -> Self {
        Self {
            code: error.code,
            status: error.status,
            message: error.message.to_owned(),
            chinese: None,
        }
    }
}

/// A kind of parameter.
pub trait Parameter: Sync {
    /// The parameter as data, for documents.
    fn describe(&self) -> ParameterDescription;

    /// Its name: cheaper than the whole description.
    fn name(&self) -> &'static str;

    /// Whether the value may contain a secret: cheaper than the whole description, which has it too.
    fn is_sensitive(&self) -> bool {
        false
    }

    /// Whether its items or members can be separate parameters: `ResourceId.1`.
    fn has_members(&self) -> bool {
        false
    }
}

/// One parameter of an operation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ParameterDescription {
    /// The name, which is case-sensitive. Items of lists are numbered from 1: `ResourceId.1`.
    pub name: &'static str,
    /// The type of the value.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The part of a request for a resource of a credential source that it is sent in; absent for an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_in: Option<SentIn>,
    /// Whether it is required.
    pub required: bool,
    /// Whether the value may contain a secret. Sensitive values are never shown.
    pub sensitive: bool,
    /// The default, for an absent or empty parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The minimum of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u32>,
    /// The maximum of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u32>,
    /// The rule for the value, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The allowed values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<&'static str>,
    /// The maximum number of items of a list or JSON array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
    /// The keys of a JSON document of keys with values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyDescription>,
    /// A description of one or two sentences.
    pub help: &'static str,
}

impl ParameterDescription {
    /// An optional parameter without bounds.
    #[must_use]
    pub fn new(name: &'static str, value_type: ValueType, help: &'static str) -> Self {
        Self {
            name,
            value_type,
            sent_in: None,
            required: false,
            sensitive: false,
            default: None,
            minimum: None,
            maximum: None,
            rule: None,
            values: Vec::new(),
            max_items: None,
            keys: Vec::new(),
            help,
        }
    }
}

impl OperationDescription {
    /// The JSON Schema of the parameters, each as a JSON value.
    #[must_use]
    pub fn parameters_schema(&self) -> Schema {
        let of = |parameter: &ParameterDescription| (parameter.name.to_owned(), parameter.schema());
        let properties: Map<String, Value> = self.parameters.iter().map(of).collect();
        let required = self
            .parameters
            .iter()
            .filter(|parameter| parameter.required);
        let required: Vec<&str> = required.map(|parameter| parameter.name).collect();
        json_schema!({
            "type": "object",
            "description": self.summary,
            "externalDocs": {"url": self.page},
            "properties": properties,
            "required": required,
        })
    }
}

impl ParameterDescription {
    fn schema(&self) -> Value {
        let mut schema = match self.value_type {
            ValueType::Boolean => json!({"type": "boolean"}),
            ValueType::Integer => {
                json!({"type": "integer", "minimum": self.minimum, "maximum": self.maximum})
            }
            ValueType::Text => json!({"type": "string"}),
            ValueType::Json => json!({"type": "string", "contentMediaType": "application/json"}),
            ValueType::List => json!({"type": "array", "items": {"type": "string"}}),
            ValueType::TagList | ValueType::TagFilterList | ValueType::ObjectList => {
                json!({"type": "array", "items": {"type": "object"}})
            }
        };
        let help = [self.help.to_owned()].into_iter().chain(self.rule.clone());
        schema["description"] = help.collect::<Vec<_>>().join(" ").into();
        if schema["type"] == "array" {
            schema["maxItems"] = self.max_items.into();
        }
        if !self.values.is_empty() {
            schema["enum"] = json!(self.values);
        }
        let default = self.default.as_deref();
        schema["default"] = match (self.value_type, default) {
            (_, None) => Value::Null,
            (ValueType::Boolean | ValueType::Integer, Some(text)) => {
                serde_json::from_str(text).unwrap_or_default()
            }
            (_, Some(text)) => text.into(),
        };
        if let Some(members) = schema.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        schema
    }
}

/// The names of members of lists and structures in all parameters of both clouds.
const MEMBERS: [&str; 10] = [
    "Category",
    "ColumnName",
    "Database",
    "Key",
    "PrivilegeName",
    "Privileges",
    "TableName",
    "TagKey",
    "TagValue",
    "Value",
];

/// Whether `name` is the parameter `known` in any letter case, or a part of it such as `Tag.1.Key`. Only
/// known member names count, because another name may be a value that was sent in the wrong place.
#[must_use]
pub fn is_named(name: &str, known: &str) -> bool {
    let is_part = |part: &str| {
        MEMBERS.contains(&part)
            || (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some((first, rest)) = name.split_at_checked(known.len()) else {
        return false;
    };
    first.eq_ignore_ascii_case(known)
        && (rest.is_empty()
            || rest
                .strip_prefix('.')
                .is_some_and(|rest| rest.split('.').all(is_part)))
}

/// A key of a JSON parameter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KeyDescription {
    /// The name, which is case-sensitive.
    pub name: &'static str,
    /// The maximum number of values.
    pub max_values: usize,
    /// The rule for each value, in words.
    pub value: String,
}

/// The part of a request that a parameter is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SentIn {
    /// A segment of the path: `[role]`.
    Path,
    /// The query.
    Query,
    /// A header of the same name.
    Header,
}

/// The type of a parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// `true` or `false`.
    Boolean,
    /// A decimal number.
    Integer,
    /// Text.
    Text,
    /// A JSON document.
    Json,
    /// Texts in numbered parameters: `ResourceId.1`.
    List,
    /// Tags in numbered parameters: `Tag.1.Key`, `Tag.1.Value`.
    TagList,
    /// Keys with values in numbered parameters: `TagFilters.0.TagKey`, `TagFilters.0.TagValue.0`.
    TagFilterList,
    /// Objects in numbered parameters: `PrivilegesList.0.PrivilegeName`.
    ObjectList,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    /// The text for a request with these parts, which the client chooses.
    fn text(message: &str, [version, action, resource]: [&str; 3]) -> String {
        let error = ErrorSample {
            code: "Code",
            status: 400,
            message: message.to_owned(),
            chinese: None,
        };
        let request = || ErrorValues {
            id: "id".to_owned(),
            action: action.to_owned(),
            version: version.to_owned(),
            scope: Scope {
                cloud: Cloud::Alibaba,
                account: "1000000000000000".to_owned(),
                region: "cn-hangzhou".to_owned(),
            },
            resource: resource.to_owned(),
            time: DateTime::UNIX_EPOCH,
        };
        Arc::new(error).for_request(request).message.clone()
    }

    #[test]
    fn placeholders_in_the_parts_of_a_request_are_not_replaced() {
        let parts = ["{Action}", "{Resource}", "{Version}{"];
        assert_eq!(
            text("{{Version} {Action} {Resource} {Region}{Other}}", parts),
            "{{Action} {Resource} {Version}{ cn-hangzhou{Other}}"
        );
    }

    #[test]
    fn parts_of_a_request_are_shortened() {
        let long = "密".repeat(1_000_000);
        let text = text("{Version}{Action}{Resource}", [&long, &long, &long]);
        assert_eq!(text.chars().count(), 3 * MAX_FACT);
    }
}
