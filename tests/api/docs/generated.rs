//! The generated parts of the pages: tables from the code's own descriptions, and programs from files.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use kms_emulator::cli::config::settings;
use kms_emulator::clouds::client_code::{Language, examples};
use kms_emulator::clouds::description::{
    KeyDescription, OperationDescription, ParameterDescription,
};
use kms_emulator::clouds::service::permissions::PermissionRow;
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::control;
use kms_emulator::model::Cloud;
use serde_json::Value;

use super::{markdown, read, root};
use crate::exchanges::RECORD;

/// The programs for SDKs.
const EXAMPLES: &str = "examples/sdk";

/// Programs that were run by hand: the language as people write it, the package, the file.
const BY_HAND: [(&str, &str, &str); 6] = [
    ("PHP", "alibabacloud/client", "php/alibaba/list_secrets.php"),
    (
        "PHP",
        "tencentcloud/tencentcloud-sdk-php",
        "php/tencent/list_secrets.php",
    ),
    ("Ruby", "aliyunsdkcore", "ruby/alibaba/list_secrets.rb"),
    (
        "Ruby",
        "tencentcloud-sdk-ssm",
        "ruby/tencent/list_secrets.rb",
    ),
    (
        "C++",
        "aliyun-openapi-cpp-sdk",
        "cpp/alibaba/list_secrets.cpp",
    ),
    (
        "C++",
        "tencentcloud-sdk-cpp",
        "cpp/tencent/list_secrets.cpp",
    ),
];

/// Every generated part: the page, the name in its markers, and the text.
fn parts() -> Vec<(&'static str, &'static str, String)> {
    let alibaba = clouds::with_default_settings().alibaba.operations();
    let tencent = clouds::with_default_settings().tencent.operations();
    let (alibaba, sts): (Vec<_>, Vec<_>) = alibaba
        .into_iter()
        .partition(|operation| operation.product == "Kms");
    let alibaba_operations = operations(
        &alibaba,
        &["tests/sdk/life_cycle.json"],
        "tests/sdk/not_offered.json",
        &["OpenKmsService"],
    );
    let tencent_operations = operations(
        &tencent,
        &[
            "tests/sdk/tencent_life_cycle.json",
            "tests/sdk/tencent_services.json",
        ],
        "tests/sdk/tencent_not_offered.json",
        &["DescribeAsyncRequestInfo", "CreateService"],
    );
    let mut parts = vec![
        (
            "docs/alibaba-operations.md",
            "operations",
            alibaba_operations,
        ),
        ("docs/alibaba-operations.md", "filters", filters()),
        (
            "docs/alibaba-operations.md",
            "sts-operations",
            operations_of_credentials(&sts),
        ),
        (
            "docs/tencent-operations.md",
            "operations",
            tencent_operations,
        ),
        ("docs/credentials.md", "credential-sources", sources()),
        ("docs/testing.md", "controls", controls()),
        ("docs/settings.md", "settings", settings_table()),
        (
            "docs/permissions.md",
            "alibaba-permissions",
            permissions(&clouds::with_default_settings().alibaba.permission_rows()),
        ),
        (
            "docs/permissions.md",
            "tencent-permissions",
            permissions(&clouds::with_default_settings().tencent.permission_rows()),
        ),
    ];
    for (page, up) in [("docs/sdks.md", "../"), ("docs/zh-CN/sdks.md", "../../")] {
        let of = |cloud| {
            let programs = examples().filter(|example| example.cloud() == cloud);
            let programs = programs.map(|example| {
                let language = language(example.language());
                program(
                    up,
                    language,
                    example.sdk,
                    Some(example.install),
                    example.path,
                )
            });
            programs.collect::<Vec<_>>().join("\n")
        };
        parts.push((page, "alibaba-snippets", of(Cloud::Alibaba)));
        parts.push((page, "tencent-snippets", of(Cloud::Tencent)));
        let by_hand = BY_HAND
            .iter()
            .map(|(language, package, file)| program(up, language, package, None, file));
        let by_hand = by_hand.collect::<Vec<_>>().join("\n");
        parts.push((page, "by-hand-snippets", by_hand));
    }
    parts
}

#[test]
fn generated_parts_are_up_to_date() {
    let mut stale = Vec::new();
    for (page, name, text) in parts() {
        let mut written = read(page);
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = written.find(&begin).expect(&begin) + begin.len();
        let to = written.find(&end).expect(&end);
        let text = format!("\n{text}\n");
        if written[from..to] == text {
            continue;
        }
        if std::env::var_os(RECORD).is_some() {
            written.replace_range(from..to, &text);
            fs::write(root(page), written).unwrap();
        } else {
            stale.push(format!("{page}: {name}"));
        }
    }
    assert!(
        stale.is_empty(),
        "{RECORD}=1 cargo test --test api docs rewrites {}",
        stale.join(", ")
    );
}

/// The files below a directory.
fn files(directory: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(root(&directory)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{directory}/{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                directories.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_program_is_on_the_page_of_the_sdks() {
    let mut listed: Vec<_> = examples().map(|example| example.path).collect();
    listed.extend(BY_HAND.map(|(_, _, file)| file));
    let mut listed: Vec<_> = listed
        .iter()
        .map(|file| format!("{EXAMPLES}/{file}"))
        .collect();
    listed.push(format!("{EXAMPLES}/README.md"));
    listed.sort();
    assert_eq!(files(EXAMPLES), listed);
}

#[test]
fn the_programs_in_the_readme_are_those_that_the_suites_run() {
    let readme = read("README.md");
    let blocks = markdown::fenced_blocks(&readme);
    for file in [
        "python/alibaba/alibabacloud_kms20160120.py",
        "node/tencent/tencentcloud_sdk_nodejs_ssm.js",
    ] {
        let program = read(&format!("{EXAMPLES}/{file}"));
        assert!(blocks.iter().any(|block| block.text == program), "{file}");
    }
}

/// The name of a language.
fn language(language: Language) -> &'static str {
    match language {
        Language::Python => "Python",
        Language::Node => "Node",
        Language::Go => "Go",
        Language::Java => "Java",
        Language::Shell => "Shell",
        Language::Terraform => "Terraform",
    }
}

/// A program with its heading.
fn program(up: &str, language: &str, package: &str, install: Option<&str>, file: &str) -> String {
    let path = format!("{EXAMPLES}/{file}");
    let (_, extension) = file.rsplit_once('.').unwrap();
    let fence = match extension {
        "py" => "python",
        "rb" => "ruby",
        "tf" => "hcl",
        extension => extension,
    };
    let install = install.map_or_else(String::new, |install| format!("`{install}`\n\n"));
    let text = read(&path);
    format!(
        "### {language}: `{package}`\n\n{install}[{path}]({up}{path})\n\n```{fence}\n{text}```\n"
    )
}

/// A step of the scenario that all SDKs run.
#[derive(serde::Deserialize)]
struct Step {
    action: String,
    error: Option<Value>,
}

/// An overview of operations, and a section for each.
fn operations(
    descriptions: &[OperationDescription],
    scenarios: &[&str],
    not_offered: &str,
    always_fail: &[&str],
) -> String {
    let steps = |scenario: &&str| serde_json::from_str::<Vec<Step>>(&read(scenario)).unwrap();
    let steps: Vec<Step> = scenarios.iter().flat_map(steps).collect();
    let not_offered: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&read(not_offered)).unwrap();
    let mut text = overview(descriptions);
    for operation in descriptions {
        check_steps(operation, &steps, always_fail);
        let without: Vec<_> = not_offered
            .iter()
            .filter(|(_, actions)| actions.iter().any(|action| *action == operation.action))
            .map(|(sdk, _)| format!("`{sdk}`"))
            .collect();
        let tested = if without.is_empty() {
            "all SDKs".to_owned()
        } else {
            format!("all SDKs that have it (not {})", without.join(", "))
        };
        write_operation(&mut text, operation, &tested);
    }
    text
}

/// An overview of operations that SDKs call for credentials, and a section for each.
fn operations_of_credentials(descriptions: &[OperationDescription]) -> String {
    let mut text = overview(descriptions);
    for operation in descriptions {
        let tested = if operation.action == "AssumeRoleWithOIDC" {
            "the default credential chains of the SDKs for Python, Node, Go and Java"
        } else {
            "whole requests"
        };
        write_operation(&mut text, operation, tested);
    }
    text
}

fn overview(descriptions: &[OperationDescription]) -> String {
    let mut text = String::from("| operation | what it does |\n|---|---|\n");
    for operation in descriptions {
        let (action, summary) = (operation.action, operation.summary);
        let anchor = action.to_lowercase();
        writeln!(text, "| [{action}](#{anchor}) | {} |", cell(summary)).unwrap();
    }
    text
}

/// The SDKs call every operation with success, and with an error where a client can cause one.
fn check_steps(operation: &OperationDescription, steps: &[Step], always_fail: &[&str]) {
    let action = operation.action;
    let called = || steps.iter().filter(|step| step.action == action);
    let fails = called().any(|step| step.error.is_some());
    let cannot_fail = operation.parameters.is_empty() && operation.errors.is_empty();
    assert!(fails || cannot_fail, "no SDK sees an error of {action}");
    let succeeds = called().any(|step| step.error.is_none());
    assert!(
        succeeds || always_fail.contains(&action),
        "no SDK calls {action}"
    );
}

fn write_operation(text: &mut String, operation: &OperationDescription, tested: &str) {
    let OperationDescription {
        action,
        page,
        evidence,
        differences,
        ..
    } = operation;
    write!(text, "\n### {action}\n\n[Vendor's page]({page})\n\n").unwrap();
    if !operation.parameters.is_empty() {
        text.push_str("| parameter | value | default | meaning |\n|---|---|---|---|\n");
        for known in &operation.parameters {
            text.push_str(&parameter(known));
        }
        text.push('\n');
    }
    let mut codes: Vec<_> = operation
        .errors
        .iter()
        .map(|error| match error.status {
            200 => format!("`{}`", error.code),
            status => format!("`{}` ({status})", error.code),
        })
        .collect();
    codes.sort();
    codes.dedup();
    if !codes.is_empty() {
        writeln!(text, "- Errors of this operation: {}", codes.join(", ")).unwrap();
    }
    writeln!(text, "- Tested with: {tested}").unwrap();
    writeln!(text, "- Evidence: {evidence}").unwrap();
    if !differences.is_empty() {
        writeln!(text, "- Differs from the real service: {differences}").unwrap();
    }
}

/// A row of the table of parameters.
fn parameter(parameter: &ParameterDescription) -> String {
    let mut name = format!("`{}`", parameter.name);
    if parameter.required {
        name = format!("**{name}**");
    }
    let mut notes = Vec::new();
    match (parameter.minimum, parameter.maximum) {
        (Some(minimum), Some(maximum)) => notes.push(format!("{minimum} to {maximum}")),
        (Some(minimum), None) => notes.push(format!("at least {minimum}")),
        _ => {}
    }
    notes.extend(parameter.rule.clone());
    if !parameter.values.is_empty() {
        let values = parameter.values.iter();
        let values: Vec<_> = values.map(|value| format!("`{value}`")).collect();
        notes.push(values.join(", "));
    }
    notes.extend(
        parameter
            .max_items
            .map(|most| format!("up to {most} items")),
    );
    let default = parameter.default.as_ref();
    let default = default.map_or_else(String::new, |default| format!("`{default}`"));
    format!(
        "| {name} | {} | {default} | {} |\n",
        cell(&notes.join("; ")),
        cell(parameter.help)
    )
}

/// Text for a cell of a table. Code that contains a backtick needs longer fences.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|");
    match (
        text.matches('`').count() % 2,
        text.find('`'),
        text.rfind('`'),
    ) {
        (1, Some(first), Some(last)) if first < last => format!(
            "{}`` {} ``{}",
            &text[..first],
            &text[first + 1..last],
            &text[last + 1..]
        ),
        _ => text,
    }
}

fn filters() -> String {
    let mut text = String::from(
        "| operation | key of `Filters` | values at most | each value |\n|---|---|---|---|\n",
    );
    for operation in clouds::with_default_settings().alibaba.operations() {
        let keys = operation.parameters.iter();
        for key in keys.flat_map(|parameter| &parameter.keys) {
            let KeyDescription {
                name,
                max_values,
                value,
            } = key;
            let action = operation.action;
            writeln!(
                text,
                "| {action} | `{name}` | {max_values} | {} |",
                cell(value)
            )
            .unwrap();
        }
    }
    text
}

/// The resources of credential sources. A path that both clouds have is in two rows.
fn sources() -> String {
    let mut text = String::from(
        "| `action` | cloud | method | parameters | what it does |\n|---|---|---|---|---|\n",
    );
    for cloud in clouds::with_default_settings().all() {
        for resource in cloud.credential_resources() {
            let description = resource.describe();
            let parameters = description.parameters.iter().map(|parameter| {
                let name = format!("`{}`", parameter.name);
                if parameter.required {
                    format!("**{name}**")
                } else {
                    name
                }
            });
            writeln!(
                text,
                "| `{}` | `{}` | `{}` | {} | {} |",
                description.action,
                cloud.cloud().name(),
                description.method.unwrap_or_default(),
                parameters.collect::<Vec<_>>().join(", "),
                cell(description.summary)
            )
            .unwrap();
        }
    }
    text
}

fn controls() -> String {
    let mut text = String::from("| request | what it does |\n|---|---|\n");
    for control in control::descriptions() {
        let path = control.path.trim_start_matches("/_emulator/");
        let summary = cell(control.summary);
        writeln!(text, "| `{} {path}` | {summary} |", control.method).unwrap();
    }
    text
}

/// Operations with the same resources are in one row.
fn permissions(rows: &[PermissionRow]) -> String {
    let mut groups: Vec<(String, &str, Vec<&str>)> = Vec::new();
    for PermissionRow {
        action,
        actions,
        resources,
    } in rows
    {
        let actions: Vec<_> = actions
            .split(", ")
            .map(|needed| match needed.strip_suffix(action) {
                Some(service) => format!("{service}OPERATION"),
                None => needed.to_owned(),
            })
            .collect();
        let actions = actions.join(", ");
        let same =
            |group: &&mut (String, &str, Vec<&str>)| group.0 == actions && group.1 == resources;
        match groups.iter_mut().find(same) {
            Some((_, _, operations)) => operations.push(action),
            None => groups.push((actions, resources, vec![action])),
        }
    }
    let mut text = String::from("| operations | actions | resources |\n|---|---|---|\n");
    for (actions, resources, operations) in groups {
        let or_none = |text: &str| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                cell(text)
            }
        };
        writeln!(
            text,
            "| {} | {} | {} |",
            operations.join(", "),
            or_none(&actions),
            or_none(resources)
        )
        .unwrap();
    }
    text
}

fn settings_table() -> String {
    let mut text = String::from("| flag | variable | default | meaning |\n|---|---|---|---|\n");
    for setting in settings() {
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", setting.default)
        };
        writeln!(
            text,
            "| `{}` | `{}` | {default} | {} |",
            setting.flag,
            setting.variable,
            cell(&setting.help)
        )
        .unwrap();
    }
    text
}
