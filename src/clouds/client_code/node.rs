//! The parts of Node programs that depend on the call.

use serde_json::Value;

use super::arguments::{self, Argument, Typed};
use super::call::ApiCall;
use super::language::Language;
use super::language::camel;
use super::layout::{Code, Style};
use super::values::{Values, code, text};
use crate::clouds::alibaba::pairs_of;

const STYLE: Style = Style {
    width: 100,
    indent: "  ",
    trailing_comma: true,
    spaced_braces: true,
};

fn literal(text: &str) -> String {
    Language::Node.literal(text)
}

/// The values for the typed client of Alibaba Cloud. It has no operation with a list or an object.
pub(super) fn alibaba(action: &str, arguments: &[Argument]) -> Option<Values> {
    let item = |Argument { name, value }: &Argument| {
        let value = match value {
            Typed::Text(text) => literal(text),
            Typed::Number(number) => number.to_string(),
            Typed::Boolean(flag) => flag.to_string(),
            Typed::Texts(_)
            | Typed::Tags(_)
            | Typed::Filters(_)
            | Typed::Records(_)
            | Typed::Object(_) => return None,
        };
        Some(Code::Text(format!("{}: {value}", camel(name))))
    };
    let items: Vec<_> = arguments.iter().map(item).collect::<Option<_>>()?;
    let request = if items.is_empty() {
        format!("new {action}Request()")
    } else {
        assigned(&Code::list(format!("new {action}Request({{"), items, "})"))
    };
    Some(vec![
        ("method", code(camel(action))),
        ("operation", code(action)),
        ("request", code(request)),
    ])
}

/// The values for the generic client of Alibaba Cloud.
pub(super) fn alibaba_generic(call: &ApiCall) -> Values {
    let items = pairs_of(call.action, call.parameters)
        .iter()
        .map(|(name, text)| Code::Text(format!("{}: {}", property(name), literal(text))))
        .collect();
    let body = Code::list("body: {", items, "}");
    let request = Code::list("new OpenApiRequest({", vec![body], "})");
    vec![
        ("action", text(call.action)),
        ("version", text(call.version())),
        ("request", code(assigned(&request))),
    ]
}

/// The values for the typed client of Tencent Cloud.
pub(super) fn tencent(action: &str, arguments: &[Argument]) -> Values {
    let parameters = document(&arguments::json(arguments).into());
    vec![
        ("operation", code(action)),
        ("parameters", code(assigned(&parameters))),
    ]
}

/// The values for the generic client of Tencent Cloud.
pub(super) fn tencent_generic(call: &ApiCall) -> Values {
    let parameters = document(&call.parameters.clone().into());
    vec![
        ("action", text(call.action)),
        ("service", text(call.product())),
        ("version", text(call.version())),
        ("parameters", code(assigned(&parameters))),
    ]
}

/// Code as it is assigned to `request`.
fn assigned(code: &Code) -> String {
    code.print(&STYLE, 0, "const request = ;".len())
}

/// A JSON value.
fn document(value: &Value) -> Code {
    match value {
        Value::String(text) => Code::Text(literal(text)),
        Value::Array(items) => Code::list("[", items.iter().map(document).collect(), "]"),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                document(value).prefixed(&format!("{}: ", property(name)))
            };
            Code::list("{", members.iter().map(member).collect(), "}")
        }
        value => Code::Text(value.to_string()),
    }
}

/// The name of a property, quoted where that is necessary.
fn property(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric());
    match name {
        "__proto__" => "['__proto__']".into(), // without brackets it sets the prototype
        _ if is_plain => name.to_owned(),
        _ => literal(name),
    }
}
