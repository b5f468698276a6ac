//! The parts of Go programs that depend on the call.

use serde_json::Value;

use super::arguments::{self, Argument, Filter, Tag, Typed};
use super::call::ApiCall;
use super::language::Language;
use super::layout::{Code, Style};
use super::values::{Values, code, codes, text};
use crate::clouds::alibaba::pairs_of;

const STYLE: Style = Style {
    width: 100,
    indent: "\t",
    trailing_comma: true,
    spaced_braces: false,
};

fn literal(text: &str) -> String {
    Language::Go.literal(text)
}

/// The values for the typed client of Alibaba Cloud.
pub(super) fn alibaba(action: &str, arguments: &[Argument]) -> Option<Values> {
    let mut request = String::new();
    if arguments::has_request_class(action) {
        let mut chain = vec![format!("new(kms.{action}Request)")];
        for argument in arguments {
            chain.push(setter(action, argument)?);
        }
        request = chain.join(".\n\t\t");
    }
    Some(vec![
        ("operation", code(action)),
        ("request", code(request)),
    ])
}

/// The call that sets a parameter of a request; none for a type that the SDK does not have.
fn setter(action: &str, Argument { name, value }: &Argument) -> Option<String> {
    let argument = match value {
        Typed::Text(text) => Code::Text(literal(text)),
        Typed::Number(number) => Code::Text(number.to_string()),
        Typed::Boolean(flag) => Code::Text(flag.to_string()),
        Typed::Texts(texts) => {
            let texts = texts.iter().map(|text| Code::Text(literal(text)));
            Code::list("tea.StringSlice([]string{", texts.collect(), "})")
        }
        Typed::Tags(tags) => {
            let tag = |Tag { key, value }: &Tag| {
                let value = value.map(|value| format!(".SetValue({})", literal(value)));
                Code::Text(format!(
                    "new(kms.{action}RequestTag).SetKey({}){}",
                    literal(key),
                    value.unwrap_or_default()
                ))
            };
            let open = format!("[]*kms.{action}RequestTag{{");
            Code::list(open, tags.iter().map(tag).collect(), "}")
        }
        Typed::Object(members) => Code::Text(document(&members.clone().into())),
        Typed::Filters(_) | Typed::Records(_) => return None,
    };
    let around = "\t\t.Set()".len() + name.len();
    Some(format!("Set{name}({})", argument.print(&STYLE, 2, around)))
}

/// A JSON value.
fn document(value: &Value) -> String {
    match value {
        Value::Null => "nil".into(),
        Value::String(text) => literal(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(document).collect();
            format!("[]any{{{}}}", items.join(", "))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}: {}", literal(name), document(value)));
            format!(
                "map[string]any{{{}}}",
                members.collect::<Vec<_>>().join(", ")
            )
        }
        value => value.to_string(),
    }
}

/// The values for the generic client of Alibaba Cloud.
pub(super) fn alibaba_generic(call: &ApiCall) -> Values {
    vec![
        ("action", text(call.action)),
        ("version", text(call.version())),
        ("body", code(body(&pairs_of(call.action, call.parameters)))),
    ]
}

/// The map of the parameters, with the values aligned as gofmt does.
fn body(parameters: &[(String, String)]) -> String {
    let names: Vec<_> = parameters
        .iter()
        .map(|(name, _)| literal(name) + ":")
        .collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let longest = longest.unwrap_or_default();
    let mut body = "map[string]any{".to_owned();
    for (name, (_, text)) in names.iter().zip(parameters) {
        body.extend([format!("\n\t\t{name:longest$} {},", literal(text))]);
    }
    body + if parameters.is_empty() { "}" } else { "\n\t}" }
}

/// The values for the typed client of Tencent Cloud.
pub(super) fn tencent(action: &str, arguments: &[Argument]) -> Option<Values> {
    let assignments = arguments.iter().map(assignment);
    let assignments: Vec<_> = assignments.collect::<Option<_>>()?;
    Some(vec![
        ("assignments", codes(assignments)),
        ("operation", code(action)),
    ])
}

/// The assignment of a parameter to its field; none for a type that the SDK does not have.
fn assignment(Argument { name, value }: &Argument) -> Option<String> {
    let value = match value {
        Typed::Text(text) => Code::Text(pointer(text)),
        Typed::Number(number) => Code::Text(format!("common.Uint64Ptr({number})")),
        Typed::Boolean(flag) => Code::Text(format!("common.BoolPtr({flag})")),
        Typed::Texts(texts) => Code::Text(pointers(texts)),
        Typed::Tags(tags) => {
            let tag = |Tag { key, value }: &Tag| object(key, value.map(pointer));
            Code::list("[]*ssm.Tag{", tags.iter().map(tag).collect(), "}")
        }
        Typed::Filters(filters) => {
            let filter = |Filter { key, values }: &Filter| {
                object(key, values.as_ref().map(|values| pointers(values)))
            };
            let filters = filters.iter().map(filter).collect();
            Code::list("[]*ssm.TagFilter{", filters, "}")
        }
        Typed::Records(_) | Typed::Object(_) => return None,
    };
    let around = "request. = ".len() + name.len();
    Some(format!("{name} = {}", value.print(&STYLE, 1, around)))
}

fn pointer(text: &str) -> String {
    format!("common.StringPtr({})", literal(text))
}

fn pointers(texts: &[&str]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
    format!("common.StringPtrs([]string{{{}}})", texts.join(", "))
}

/// A tag, or a filter of tags.
fn object(key: &str, value: Option<String>) -> Code {
    let value = value.map(|value| format!(", TagValue: {value}"));
    Code::Text(format!(
        "{{TagKey: {}{}}}",
        pointer(key),
        value.unwrap_or_default()
    ))
}

/// The values for the generic client of Tencent Cloud.
pub(super) fn tencent_generic(call: &ApiCall) -> Values {
    let parameters = if call.parameters.is_empty() {
        String::new()
    } else {
        literal(&Value::from(call.parameters.clone()).to_string())
    };
    vec![
        ("action", text(call.action)),
        ("service", text(call.product())),
        ("version", text(call.version())),
        ("parameters", code(parameters)),
    ]
}
