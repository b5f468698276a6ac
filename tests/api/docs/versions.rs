//! All packages have the version of `Cargo.toml`: `KMS_EMULATOR_RECORD=1 cargo test --test api docs` writes it to them.

use std::fs;

use super::{read, root};
use crate::exchanges::RECORD;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Files that contain the version, with the text before it.
const PLACES: [(&str, &str); 12] = [
    ("Cargo.lock", "name = \"kms-emulator\"\nversion = \""),
    ("fuzz/Cargo.lock", "name = \"kms-emulator\"\nversion = \""),
    ("packages/go/doc.go", "const Version = \""),
    ("packages/go/container/go.mod", "/packages/go v"),
    (
        "packages/junit/pom.xml",
        "<artifactId>kms-emulator-junit5</artifactId>\n  <version>",
    ),
    (
        "packages/junit/README.md",
        "<artifactId>kms-emulator-junit5</artifactId>\n  <version>",
    ),
    ("packages/npm/package.json", "\n  \"version\": \""),
    ("packages/npm/package-lock.json", "\n  \"version\": \""),
    (
        "packages/npm/package-lock.json",
        "\n      \"name\": \"kms-emulator\",\n      \"version\": \"",
    ),
    ("packages/python/pyproject.toml", "\nversion = \""),
    (
        "recipes/kubernetes/kms-emulator.yaml",
        "registry.example.com/kms-emulator:",
    ),
    ("recipes/README.md", "registry.example.com/kms-emulator:"),
];

/// The text with the version after `before` replaced; nothing if there is none.
fn with_version(text: &str, before: &str, version: &str) -> Option<String> {
    let start = text.find(before)? + before.len();
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-.+".contains(character);
    let rest = text[start..].trim_start_matches(is_part);
    (rest.len() < text.len() - start).then(|| format!("{}{version}{rest}", &text[..start]))
}

#[test]
fn packages_have_the_version_of_the_crate() {
    let mut differing = Vec::new();
    for (path, before) in PLACES {
        if !root(path).exists() {
            continue;
        }
        let text = read(path);
        // The build of the Python package reads Cargo.toml.
        if text.contains("dynamic = [\"version\"]") {
            continue;
        }
        let expected = with_version(&text, before, VERSION)
            .unwrap_or_else(|| panic!("{path} has no version after {before:?}"));
        if text == expected {
            continue;
        }
        if std::env::var_os(RECORD).is_some() {
            fs::write(root(path), expected).unwrap();
        } else {
            differing.push(path);
        }
    }
    assert!(
        differing.is_empty(),
        "{RECORD}=1 cargo test --test api docs sets the version {VERSION} in {differing:?}"
    );
}

#[test]
fn version_is_replaced_after_its_text() {
    let text = "other: 1\nversion = \"1.2.3-rc.1\"\n";
    assert_eq!(
        with_version(text, "version = \"", "2.0.0").unwrap(),
        "other: 1\nversion = \"2.0.0\"\n"
    );
    assert_eq!(with_version(text, "none", "2.0.0"), None);
    assert_eq!(with_version(text, "version =", "2.0.0"), None);
}
