//! Operations described as data, for whoever documents or displays them.

use schemars::Schema;
use serde::Serialize;

/// What an operation is called, takes and answers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationDescription {
    /// The vendor's name of the operation.
    pub action: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The vendor's page.
    pub page: &'static str,
    /// Its parameters, beside those common to all operations.
    pub parameters: Vec<ParameterDescription>,
    /// The JSON Schema of a successful reply.
    pub reply: Schema,
}

/// One parameter of an operation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterDescription {
    /// Its name, matched with letter case.
    pub name: &'static str,
    /// What its text stands for.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The value of an absent or empty parameter.
    pub default: Option<String>,
    /// The least number allowed.
    pub minimum: Option<u32>,
    /// The greatest number allowed.
    pub maximum: Option<u32>,
    /// For a JSON array: the most items allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
    /// For a JSON document of keys with values: the keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyDescription>,
    /// What it means, in a sentence or two.
    pub help: &'static str,
}

/// A key that a JSON parameter knows.
#[derive(Debug, Clone, Serialize)]
pub struct KeyDescription {
    /// Its name, matched with letter case.
    pub name: &'static str,
    /// The most values allowed.
    pub max_values: usize,
    /// What each value must be, in words.
    pub value: String,
}

/// What the text of a parameter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueType {
    /// `true` or `false`.
    Boolean,
    /// A decimal number.
    Integer,
    /// A JSON document.
    Json,
}
