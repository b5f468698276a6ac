//! Renders templates of programs.
//!
//! `{{ value }}` in a template writes a text as a quoted literal of the template's language, so that no
//! text can become code. Only values made by [`code`](super::values::code) are written as they are.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, merge_maps};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::call::{Connection, KeySource, key_variables};
use super::clients::{CLIENTS, Client};
use super::values::{Values, code, text};

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    templates.set_syntax(syntax.expect("the delimiters are the default ones"));
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_formatter(quote);
    for client in CLIENTS {
        let added = templates.add_template(client.path, client.template);
        added.expect("a test renders every template");
    }
    templates
});

/// The program of a client with these values for the call.
pub(super) fn render(client: &Client, connection: &Connection, values: Values) -> String {
    let context = merge_maps([
        Value::from_pairs(values),
        Value::from_pairs(of_connection(client, connection)),
    ]);
    TEMPLATES
        .get_template(client.path)
        .and_then(|template| template.render(context))
        .expect("a test renders every template")
}

fn of_connection(client: &Client, connection: &Connection) -> Values {
    let protocol = if connection.https { "https" } else { "http" };
    let [key_id, key_secret] = match connection.key {
        KeySource::Literal(id, secret) => [text(id), text(secret.expose())],
        KeySource::Environment => {
            key_variables(client.cloud).map(|name| code(client.language.variable(name)))
        }
    };
    let is_environment = matches!(connection.key, KeySource::Environment);
    vec![
        ("address", text(connection.address)),
        ("ca", text(connection.ca)),
        ("environment", is_environment.into()),
        ("https", connection.https.into()),
        ("key_id", key_id),
        ("key_secret", key_secret),
        ("protocol", text(protocol)),
        ("region", text(connection.region)),
        ("url", text(&format!("{protocol}://{}", connection.address))),
    ]
}

/// Writes a value into a program.
fn quote(output: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let error = |message| Error::new(ErrorKind::InvalidOperation, message);
    let Some(text) = value.as_str() else {
        return Err(error("only texts and code can be written"));
    };
    if value.is_safe() {
        return output.write_str(text).map_err(Error::from);
    }
    let client = CLIENTS.iter().find(|client| client.path == state.name());
    let client = client.ok_or_else(|| error("the template of no client"))?;
    let literal = client.language.literal(text);
    output.write_str(&literal).map_err(Error::from)
}
