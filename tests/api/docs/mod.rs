//! The documents agree with the code, with the programs that other suites run, and with each other.
//!
//! Tables and programs in the pages are generated: `KMS_EMULATOR_RECORD=1 cargo test --test api docs`
//! rewrites them. The commands in the pages are run by `tests/docs/run.sh`.

mod generated;
mod links;
mod markdown;
mod translations;
mod unsupported;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use kms_emulator::cli::config::settings;

/// A file of the repository.
fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Directories of packages and build results, which have documents of other projects.
const IGNORED: [&str; 4] = ["target", "node_modules", ".git", ".venv"];

/// All Markdown files of the repository, by their paths from its root.
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    let mut directories = vec![root("")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                let is_ignored = IGNORED.iter().any(|ignored| name.starts_with(ignored));
                if !is_ignored || name == ".github" {
                    directories.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let path = path.strip_prefix(root("")).unwrap();
                pages.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    pages.sort();
    pages
}

#[test]
fn the_readme_is_short() {
    for page in ["README.md", "README.zh-CN.md"] {
        let lines = read(page).lines().count();
        assert!(lines < 160, "{page} has {lines} lines");
    }
}

#[test]
fn the_readme_starts_with_the_two_commands_that_run_the_program_and_its_tests() {
    for page in ["README.md", "README.zh-CN.md"] {
        let text = read(page);
        let blocks = markdown::fenced_blocks(&text);
        let commands: Vec<_> = blocks.iter().filter(|block| block.info == "sh").collect();
        assert_eq!(
            commands[0].text,
            "cargo run --release -- --fixtures fixtures/seed.json --fixtures fixtures/seed-tencent.json\n"
        );
        assert_eq!(commands[1].text, "bash tests/run.sh\n");
    }
}

#[test]
fn every_recipe_is_shown_on_its_page() {
    let page = read("recipes/README.md");
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
    assert_ne!(count, 0);
}

#[test]
fn variables_in_recipes_are_settings() {
    for path in [
        "recipes/github-actions/with_action.yml",
        "recipes/github-actions/with_service.yml",
        "recipes/compose/compose.yaml",
        "recipes/kubernetes/kms-emulator.yaml",
    ] {
        let recipe = read(path);
        let names =
            recipe.split(|character: char| !character.is_ascii_uppercase() && character != '_');
        for name in names.filter(|name| name.starts_with("KMS_EMULATOR_")) {
            // The packages for tests read this one.
            let known = name == "KMS_EMULATOR_ENDPOINT"
                || settings().iter().any(|setting| setting.variable == name);
            assert!(known, "{path}: {name}");
        }
    }
}
