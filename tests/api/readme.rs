//! The tables of the README are generated from the descriptions in the code, and its programs are the
//! files in `examples/sdk`, which the SDK suites run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use kms_emulator::client_code::examples;
use kms_emulator::config::settings;
use kms_emulator::description::{KeyDescription, OperationDescription, ParameterDescription};
use kms_emulator::{alibaba, control, tencent};
use serde_json::Value;

use crate::exchanges::RECORD;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_tables_are_those_of_the_code() {
    let mut readme = fs::read_to_string(root("README.md")).unwrap();
    let written = readme.clone();
    for (name, table) in [
        (
            "operations",
            operations_table(
                &alibaba::operations::descriptions(),
                "tests/sdk/life_cycle.json",
                "tests/sdk/not_offered.json",
                &["ListResourceTags", "OpenKmsService"],
            ),
        ),
        (
            "tencent-operations",
            operations_table(
                &tencent::operations::descriptions(),
                "tests/sdk/tencent_life_cycle.json",
                "tests/sdk/tencent_not_offered.json",
                &[],
            ),
        ),
        ("filters", filters_table()),
        ("controls", controls_table()),
        ("settings", settings_table()),
    ] {
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
fn every_example_program_appears_in_it_word_for_word() {
    let readme = fs::read_to_string(root("README.md")).unwrap();
    let mut directories: Vec<_> = [
        "python", "node", "go", "java", "shell", "php", "ruby", "cpp",
    ]
    .iter()
    .map(|language| root("examples/sdk").join(language))
    .collect();
    let mut count = 0;
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let program = fs::read_to_string(&path).unwrap();
            assert!(
                readme.contains(&format!("\n{program}```\n")),
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    let run_by_hand = 3 * 2;
    assert_eq!(count, examples().count() + run_by_hand);
}

#[test]
fn every_recipe_stands_on_its_page_word_for_word() {
    let page = fs::read_to_string(root("recipes/README.md")).unwrap();
    let mut count = 0;
    for directory in fs::read_dir(root("recipes")).unwrap() {
        let directory = directory.unwrap().path();
        if !directory.is_dir() {
            continue;
        }
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let recipe = fs::read_to_string(&path).unwrap();
            assert!(
                page.contains(&format!("\n{recipe}```\n")),
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    assert_eq!(count, 4 * 2 + 2);
}

#[test]
fn what_recipes_set_are_settings() {
    for path in [
        "recipes/github-actions/test.yml",
        "recipes/compose/compose.yaml",
    ] {
        let recipe = fs::read_to_string(root(path)).unwrap();
        let names =
            recipe.split(|character: char| !character.is_ascii_uppercase() && character != '_');
        for name in names.filter(|name| name.starts_with("KMS_EMULATOR_")) {
            // The recipes of the languages read this one.
            let known = name == "KMS_EMULATOR_URL"
                || settings().iter().any(|setting| setting.variable == name);
            assert!(known, "{path}: {name}");
        }
    }
}

/// Who has driven an operation, as far as the shared scenario and the suites' own lists say.
#[derive(serde::Deserialize)]
struct Step {
    action: String,
    error: Option<Value>,
}

fn operations_table(
    descriptions: &[OperationDescription],
    scenario: &str,
    not_offered: &str,
    always_fail: &[&str],
) -> String {
    let read = |path| fs::read_to_string(root(path)).unwrap();
    let steps: Vec<Step> = serde_json::from_str(&read(scenario)).unwrap();
    let not_offered: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&read(not_offered)).unwrap();
    let mut text = String::from(
        "| operation | parameters, those needed in bold | errors of its own | verified by | evidence | differs |\n|---|---|---|---|---|---|\n",
    );
    for operation in descriptions {
        let driven: Vec<_> = steps
            .iter()
            .filter(|step| step.action == operation.action)
            .collect();
        // Every one with success, and with an error where it has one that a client can cause.
        let fails = driven.iter().any(|step| step.error.is_some());
        let cannot_fail = operation.parameters.is_empty() && operation.errors.is_empty();
        assert!(
            fails || cannot_fail,
            "no error of {} reaches an SDK",
            operation.action
        );
        let succeeds = driven.iter().any(|step| step.error.is_none());
        let always_fails = always_fail.contains(&operation.action);
        assert!(
            succeeds || always_fails,
            "no SDK drives {}",
            operation.action
        );
        let parameters = operation.parameters.iter().map(parameter);
        let mut codes: Vec<_> = operation
            .errors
            .iter()
            .map(|error| match error.status {
                200 => error.code.to_owned(),
                status => format!("{status} {}", error.code),
            })
            .collect();
        codes.sort();
        codes.dedup();
        let without: Vec<_> = not_offered
            .iter()
            .filter(|(_, actions)| actions.iter().any(|action| *action == operation.action))
            .map(|(sdk, _)| sdk.as_str())
            .collect();
        let mut verified = String::from("all SDKs");
        if !without.is_empty() {
            write!(verified, " that have it, so not {}", without.join(", ")).unwrap();
        }
        writeln!(
            text,
            "| [{}]({}) | {} | {} | {verified} | {} | {} |",
            operation.action,
            operation.page,
            parameters.collect::<Vec<_>>().join(", "),
            codes.join(", "),
            operation.evidence,
            operation.differences,
        )
        .unwrap();
    }
    text
}

/// A parameter with its bounds.
fn parameter(parameter: &ParameterDescription) -> String {
    let mut name = format!("`{}`", parameter.name);
    if parameter.required {
        name = format!("**{name}**");
    }
    let mut notes = Vec::new();
    match (parameter.minimum, parameter.maximum) {
        (Some(minimum), Some(maximum)) => notes.push(format!("{minimum} to {maximum}")),
        (Some(minimum), None) => notes.push(format!("from {minimum}")),
        _ => {}
    }
    notes.extend(parameter.rule.clone());
    if !parameter.values.is_empty() {
        notes.push(parameter.values.join(", "));
    }
    notes.extend(
        parameter
            .max_items
            .map(|most| format!("up to {most} items")),
    );
    notes.extend(
        parameter
            .default
            .as_ref()
            .map(|default| format!("default {default}")),
    );
    if notes.is_empty() {
        name
    } else {
        format!("{name} ({})", notes.join("; "))
    }
}

fn filters_table() -> String {
    let mut text = String::from("| key of `Filters` | at most | each value |\n|---|---|---|\n");
    let all = alibaba::operations::descriptions();
    let parameters = all.iter().flat_map(|operation| &operation.parameters);
    for key in parameters.flat_map(|parameter| &parameter.keys) {
        let KeyDescription {
            name,
            max_values,
            value,
        } = key;
        writeln!(text, "| `{name}` | {max_values} | {value} |").unwrap();
    }
    text
}

fn controls_table() -> String {
    let mut text = String::from("| control | |\n|---|---|\n");
    for control in control::descriptions() {
        let path = control.path.trim_start_matches("/_emulator/");
        writeln!(
            text,
            "| `{} {path}` | {} |",
            control.method, control.summary
        )
        .unwrap();
    }
    text
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
