//! The README says what the code does: its tables are made from the code's own descriptions, and
//! its programs are the files that the SDK suites run.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use kms_emulator::alibaba::operations::descriptions;
use kms_emulator::config::settings;
use kms_emulator::description::{OperationDescription, ParameterDescription};
use serde_json::Value;

use crate::exchanges::RECORD;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_tables_are_those_of_the_code() {
    let mut readme = fs::read_to_string(root("README.md")).unwrap();
    let written = readme.clone();
    let operations: String = descriptions().iter().map(operation).collect();
    for (name, table) in [("operations", operations), ("settings", settings_table())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = readme.find(&begin).unwrap() + begin.len();
        let to = readme.find(&end).unwrap();
        readme.replace_range(from..to, &format!("\n{table}\n"));
    }
    if std::env::var_os(RECORD).is_some() {
        fs::write(root("README.md"), readme).unwrap();
    } else {
        assert!(
            readme == written,
            "{RECORD}=1 cargo test --test api readme rewrites the tables"
        );
    }
}

#[test]
fn every_snippet_stands_in_it_word_for_word() {
    let readme = fs::read_to_string(root("README.md")).unwrap();
    let mut directories = vec![
        root("tests/sdk/python/snippets"),
        root("tests/sdk/node/snippets"),
    ];
    directories.extend([
        root("tests/sdk/go/snippets"),
        root("tests/sdk/java/snippets"),
    ]);
    let mut count = 0;
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let snippet = fs::read_to_string(&path).unwrap();
            assert!(
                readme.contains(&format!("\n{snippet}```\n")),
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    assert_eq!(count, 9);
}

fn operation(operation: &OperationDescription) -> String {
    let mut text = format!(
        "### {}\n\n{}\n([vendor's page]({}))\n",
        operation.action, operation.summary, operation.page
    );
    text += "\n| parameter | type | default | bounds | |\n|---|---|---|---|---|\n";
    for parameter in &operation.parameters {
        let ParameterDescription { name, help, .. } = parameter;
        let value_type = word(&serde_json::to_value(parameter.value_type).unwrap());
        let default = parameter.default.as_deref().unwrap_or_default();
        let bounds = match (parameter.minimum, parameter.maximum) {
            (Some(minimum), Some(maximum)) => format!("{minimum}–{maximum}"),
            _ => parameter
                .max_items
                .map_or(String::new(), |most| format!("up to {most} items")),
        };
        writeln!(
            text,
            "| `{name}` | {value_type} | {default} | {bounds} | {help} |"
        )
        .unwrap();
    }
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.keys.is_empty())
    {
        write!(
            text,
            "\n| key of `{}` | at most | each value |\n|---|---|---|\n",
            parameter.name
        )
        .unwrap();
        for key in &parameter.keys {
            writeln!(
                text,
                "| `{}` | {} | {} |",
                key.name, key.max_values, key.value
            )
            .unwrap();
        }
    }
    text += "\n| member of the reply | type | |\n|---|---|---|\n";
    let schema = operation.reply.as_value();
    members(schema, schema, "", &mut text);
    text
}

/// A line for each member that is not an object or list itself.
fn members(schema: &Value, object: &Value, prefix: &str, text: &mut String) {
    let resolve = |schema_of: &Value| match schema_of["$ref"].as_str() {
        Some(reference) => schema.pointer(&reference[1..]).unwrap().clone(),
        None => schema_of.clone(),
    };
    for (name, member) in object["properties"].as_object().unwrap() {
        let about = word(&member["description"]);
        // An optional object is "this or null".
        let member = resolve(member["anyOf"].get(0).unwrap_or(member));
        let name = format!("{prefix}{name}");
        if member["type"] == "array" {
            members(
                schema,
                &resolve(&member["items"]),
                &format!("{name}[]."),
                text,
            );
        } else if member["type"] == "object" {
            members(schema, &member, &format!("{name}."), text);
        } else {
            let value_type = word(member["type"].get(0).unwrap_or(&member["type"]));
            writeln!(text, "| `{name}` | {value_type} | {about} |").unwrap();
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn settings_table() -> String {
    let mut text = String::from("| flag | variable | default | |\n|---|---|---|---|\n");
    for setting in settings() {
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", setting.default)
        };
        writeln!(
            text,
            "| `{}` | `{}` | {default} | {} |",
            setting.flag, setting.variable, setting.help
        )
        .unwrap();
    }
    text
}
