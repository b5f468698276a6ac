//! The parts of Java programs that depend on the call.

use std::collections::BTreeSet;

use serde_json::Value;

use super::arguments::{self, Argument, Filter, Tag, Typed};
use super::call::ApiCall;
use super::language::Language;
use super::language::camel;
use super::layout::{Code, Style};
use super::values::{Values, code, codes, text};
use crate::clouds::alibaba::pairs_of;

const STYLE: Style = Style {
    width: 100,
    indent: "    ",
    trailing_comma: false,
    spaced_braces: false,
};

fn literal(text: &str) -> String {
    Language::Java.literal(text)
}

/// The name of the class: the operation, if there is such an operation.
fn class(call: &ApiCall) -> String {
    let class = if arguments::is_known(call) {
        call.action
    } else {
        "Call"
    };
    class.to_owned()
}

/// The values for the typed client of Alibaba Cloud.
pub(super) fn alibaba(action: &str, arguments: &[Argument]) -> Option<Values> {
    let model = format!("{action}Request");
    let mut models = Vec::new();
    let mut collections = BTreeSet::new();
    let mut request = String::new();
    if arguments::has_request_class(action) {
        models.push(model.clone());
        let mut chain = vec![format!("new {model}()")];
        for Argument { name, value } in arguments {
            if let Typed::Tags(_) = value {
                models.push(format!("{model}.{model}Tag"));
            }
            collections.extend(collections_of(value));
            let around = ".set()".len() + name.len();
            let argument = setter_argument(&model, value)?.print(&STYLE, 4, around);
            chain.push(format!(".set{name}({argument})"));
        }
        request = chain.join("\n                ");
    }
    Some(vec![
        ("class", code(action)),
        (
            "collections",
            codes(collections.into_iter().map(str::to_owned)),
        ),
        ("method", code(camel(action))),
        ("models", codes(models)),
        ("request", code(request)),
    ])
}

/// The interfaces of `java.util` that the code for a value names.
fn collections_of(value: &Typed) -> Vec<&'static str> {
    match value {
        Typed::Texts(_) | Typed::Tags(_) => vec!["List"],
        Typed::Object(members) if members.values().any(has_list) => vec!["List", "Map"],
        Typed::Object(_) => vec!["Map"],
        _ => Vec::new(),
    }
}

fn has_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(has_list),
        _ => false,
    }
}

/// The argument of the method that sets a parameter; none if the value cannot be written.
fn setter_argument(model: &str, value: &Typed) -> Option<Code> {
    Some(match value {
        Typed::Text(text) => Code::Text(literal(text)),
        Typed::Number(number) => Code::Text(number.to_string()),
        Typed::Boolean(flag) => Code::Text(flag.to_string()),
        Typed::Texts(texts) => {
            let texts = texts.iter().map(|text| Code::Text(literal(text)));
            Code::list("List.of(", texts.collect(), ")")
        }
        Typed::Tags(tags) => {
            let tag = |Tag { key, value }: &Tag| {
                let value = value.map(|value| format!(".setValue({})", literal(value)));
                Code::Text(format!(
                    "new {model}Tag().setKey({}){}",
                    literal(key),
                    value.unwrap_or_default()
                ))
            };
            Code::list("List.of(", tags.iter().map(tag).collect(), ")")
        }
        Typed::Object(members) => Code::Text(document(&members.clone().into())?),
        Typed::Filters(_) | Typed::Records(_) => return None,
    })
}

/// A JSON value; none for a value that `Map.of` and `List.of` do not accept, and for a number that is
/// not an `int`.
fn document(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => i32::try_from(number.as_i64()?).ok()?.to_string(),
        Value::String(text) => literal(text),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(document).collect();
            format!("List.of({})", items?.join(", "))
        }
        Value::Object(members) if members.len() > 10 => return None,
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| Some(format!("{}, {}", literal(name), document(value)?)));
            let members: Option<Vec<_>> = members.collect();
            format!("Map.of({})", members?.join(", "))
        }
    })
}

/// The values for the generic client of Alibaba Cloud.
pub(super) fn alibaba_generic(call: &ApiCall) -> Values {
    let entry = |(name, text): &(String, String)| format!("{}, {}", literal(name), literal(text));
    let entries = pairs_of(call.action, call.parameters);
    vec![
        ("action", text(call.action)),
        ("version", text(call.version())),
        ("class", code(class(call))),
        ("entries", codes(entries.iter().map(entry))),
    ]
}

/// The values for the typed client of Tencent Cloud.
pub(super) fn tencent(action: &str, arguments: &[Argument]) -> Option<Values> {
    let mut models = BTreeSet::from([format!("{action}Request")]);
    let mut statements = Vec::new();
    for Argument { name, value } in arguments {
        let value = match value {
            Typed::Text(text) => literal(text),
            Typed::Number(number) => format!("{number}L"),
            Typed::Boolean(flag) => flag.to_string(),
            Typed::Texts(texts) => array(texts),
            Typed::Tags(tags) => {
                models.insert("Tag".to_owned());
                let tags = tags.iter();
                let tags = tags.map(|Tag { key, value }| (*key, value.map(literal)));
                objects("Tag", "tag", tags, &mut statements)
            }
            Typed::Filters(filters) => {
                models.insert("TagFilter".to_owned());
                let filters = filters.iter().map(|Filter { key, values }| {
                    (*key, values.as_ref().map(|values| array(values)))
                });
                objects("TagFilter", "filter", filters, &mut statements)
            }
            Typed::Records(_) | Typed::Object(_) => return None,
        };
        statements.push(format!("request.set{name}({value})"));
    }
    Some(vec![
        ("class", code(action)),
        ("models", codes(models)),
        ("operation", code(action)),
        ("statements", codes(statements)),
    ])
}

fn array(texts: &[&str]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
    format!("new String[] {{{}}}", texts.join(", "))
}

/// The array of tags or of filters, whose items the added statements make.
fn objects<'a>(
    class: &str,
    variable: &str,
    items: impl Iterator<Item = (&'a str, Option<String>)>,
    statements: &mut Vec<String>,
) -> String {
    let mut names = Vec::new();
    for ((key, value), number) in items.zip(1..) {
        let name = format!("{variable}{number}");
        statements.push(format!("var {name} = new {class}()"));
        statements.push(format!("{name}.setTagKey({})", literal(key)));
        statements.extend(value.map(|value| format!("{name}.setTagValue({value})")));
        names.push(name);
    }
    format!("new {class}[] {{{}}}", names.join(", "))
}

/// The values for the generic client of Tencent Cloud.
pub(super) fn tencent_generic(call: &ApiCall) -> Values {
    vec![
        ("action", text(call.action)),
        ("service", text(call.product())),
        ("version", text(call.version())),
        ("class", code(class(call))),
        (
            "parameters",
            code(text_block(&call.parameters.clone().into())),
        ),
    ]
}

/// A JSON value in a text block.
fn text_block(value: &Value) -> String {
    let json = format!("{value:#}");
    if !json.contains('\n') {
        return literal(&json);
    }
    let indent = " ".repeat(16);
    let mut block = "\"\"\"\n".to_owned();
    for line in json.lines() {
        // The literal without its quotes; quotes inside need no escape in a text block.
        let line = literal(line).replace(r#"\""#, "\"");
        block.extend([format!("{indent}{}\n", &line[1..line.len() - 1])]);
    }
    block + &indent + "\"\"\""
}
