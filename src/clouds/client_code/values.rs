//! Values for templates: texts, which are quoted when they are written, and code, which is not.

use minijinja::value::Value;

/// Names and values for a template.
pub(super) type Values = Vec<(&'static str, Value)>;

/// A text, which is quoted.
pub(super) fn text(text: &str) -> Value {
    Value::from(text)
}

/// Code of the template's language, which is not quoted.
pub(super) fn code(code: impl Into<String>) -> Value {
    Value::from_safe_string(code.into())
}

/// A list of pieces of code.
pub(super) fn codes(codes: impl IntoIterator<Item = String>) -> Value {
    codes.into_iter().map(code).collect()
}
