//! The parts of Python programs that depend on the call.

use serde_json::Value;

use super::arguments::{self, Argument, Tag, Typed};
use super::call::ApiCall;
use super::language::Language;
use super::layout::{Code, Style};
use super::values::{Values, code, text};
use crate::clouds::alibaba::pairs_of;

const STYLE: Style = Style {
    width: 88,
    indent: "    ",
    trailing_comma: true,
    spaced_braces: false,
};

fn literal(text: &str) -> String {
    Language::Python.literal(text)
}

/// The values for the typed client of Alibaba Cloud.
pub(super) fn alibaba(action: &str, arguments: &[Argument]) -> Option<Values> {
    let mut models = Vec::new();
    let mut request = String::new();
    if arguments::has_request_class(action) {
        let model = format!("{action}Request");
        models.push(model.clone());
        let mut items = Vec::new();
        for Argument { name, value } in arguments {
            items.push(keyword(&snake(name), value, &model)?);
            models.extend(class_of_items(value, &model));
        }
        request = Code::list(format!("{model}("), items, ")").print(&STYLE, 0, "request = ".len());
    }
    Some(vec![
        ("method", code(snake(action))),
        ("models", code(imported(models))),
        ("request", code(request)),
    ])
}

/// The names after `import`, in parentheses if they take several lines.
fn imported(names: Vec<String>) -> String {
    let names = names.into_iter().map(Code::Text).collect();
    let around = "from alibabacloud_kms20160120.models import ".len();
    let list = Code::list("(", names, ")").print(&STYLE, 0, around);
    if list.contains('\n') {
        list
    } else {
        list.trim_matches(['(', ')']).to_owned()
    }
}

/// The class that the SDK has for the items of a list.
fn class_of_items(value: &Typed, model: &str) -> Option<String> {
    match value {
        Typed::Tags(_) => Some(format!("{model}Tag")),
        Typed::Records(_) => Some(format!("{model}SecretsList")),
        _ => None,
    }
}

/// A keyword argument; none for a type that the SDK does not have.
fn keyword(name: &str, value: &Typed, model: &str) -> Option<Code> {
    let class = class_of_items(value, model).unwrap_or_default();
    let list = |items| Code::list(format!("{name}=["), items, "]");
    Some(match value {
        Typed::Text(text) => Code::Text(format!("{name}={}", literal(text))),
        Typed::Number(number) => Code::Text(format!("{name}={number}")),
        Typed::Boolean(flag) => Code::Text(format!("{name}={}", boolean(*flag))),
        Typed::Texts(texts) => list(texts.iter().map(|text| Code::Text(literal(text))).collect()),
        Typed::Tags(tags) => {
            let tag = |Tag { key, value }: &Tag| {
                let members = [("key", Some(*key)), ("value", *value)];
                let members = members.into_iter();
                instance(
                    &class,
                    members.filter_map(|(name, text)| Some((name.into(), text?))),
                )
            };
            list(tags.iter().map(tag).collect())
        }
        Typed::Records(records) => {
            let record = |members: &Vec<(&str, String)>| {
                let members = members.iter();
                instance(
                    &class,
                    members.map(|(name, text)| (snake(name), text.as_str())),
                )
            };
            list(records.iter().map(record).collect())
        }
        Typed::Object(members) => document(&members.clone().into()).prefixed(&format!("{name}=")),
        Typed::Filters(_) => return None, // only Tencent Cloud has them
    })
}

/// An instance of a class with these attributes.
fn instance<'a>(class: &str, attributes: impl Iterator<Item = (String, &'a str)>) -> Code {
    let attribute = |(name, text)| Code::Text(format!("{name}={}", literal(text)));
    Code::list(
        format!("{class}("),
        attributes.map(attribute).collect(),
        ")",
    )
}

/// The values for the generic client of Alibaba Cloud.
pub(super) fn alibaba_generic(call: &ApiCall) -> Values {
    let items = pairs_of(call.action, call.parameters)
        .iter()
        .map(|(name, text)| Code::Text(format!("{}: {}", literal(name), literal(text))))
        .collect();
    let body = Code::list("body={", items, "}");
    let request = Code::list("OpenApiRequest(", vec![body], ")");
    vec![
        ("action", text(call.action)),
        ("version", text(call.version())),
        (
            "request",
            code(request.print(&STYLE, 0, "request = ".len())),
        ),
    ]
}

/// The values for the typed client of Tencent Cloud.
pub(super) fn tencent(action: &str, arguments: &[Argument]) -> Values {
    let parameters = if arguments.is_empty() {
        String::new()
    } else {
        assigned(&arguments::json(arguments).into())
    };
    vec![
        ("operation", code(action)),
        ("parameters", code(parameters)),
    ]
}

/// The values for the generic client of Tencent Cloud.
pub(super) fn tencent_generic(call: &ApiCall) -> Values {
    vec![
        ("action", text(call.action)),
        ("service", text(call.product())),
        ("version", text(call.version())),
        (
            "parameters",
            code(assigned(&call.parameters.clone().into())),
        ),
    ]
}

/// A JSON value as it is assigned to `parameters`.
fn assigned(value: &Value) -> String {
    document(value).print(&STYLE, 0, "parameters = ".len())
}

/// A JSON value.
fn document(value: &Value) -> Code {
    match value {
        Value::Null => Code::Text("None".into()),
        Value::Bool(flag) => Code::Text(boolean(*flag).into()),
        Value::Number(number) => Code::Text(number.to_string()),
        Value::String(text) => Code::Text(literal(text)),
        Value::Array(items) => Code::list("[", items.iter().map(document).collect(), "]"),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                document(value).prefixed(&format!("{}: ", literal(name)))
            };
            Code::list("{", members.iter().map(member).collect(), "}")
        }
    }
}

fn boolean(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// A name in the case that the SDK uses: `page_size` for `PageSize`, and `dkmsinstance_id` for
/// `DKMSInstanceId`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if character.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
        before = character;
    }
    snake
}
