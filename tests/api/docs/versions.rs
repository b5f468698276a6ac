//! All packages have the version of `Cargo.toml`: `KMS_EMULATOR_RECORD=1 cargo test --test api docs` writes it to them.

use std::fs;

use super::{read, root};
use crate::exchanges::RECORD;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Files that contain the version, with the text before it.
const PLACES: [(&str, &str); 10] = [
    ("Cargo.lock", "name = \"kms-emulator\"\nversion = \""),
    ("fuzz/Cargo.lock", "name = \"kms-emulator\"\nversion = \""),
    ("packages/go/doc.go", "const Version = \""),
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
    ("recipes/kubernetes/kms-emulator.yaml", "kms-emulator:"),
];

/// The text with the version after `before` replaced; nothing if `before` is not in the text with a version after it.
fn with_version(text: &str, before: &str, version: &str) -> Option<String> {
    let (start, old) = text.match_indices(before).find_map(|(at, _)| {
        let start = at + before.len();
        let rest = &text[start..];
        let end = rest
            .find(|character: char| {
                !character.is_ascii_alphanumeric() && !"-.+".contains(character)
            })
            .unwrap_or(rest.len());
        let is_version = rest[..end].starts_with(|character: char| character.is_ascii_digit());
        // A port is a number without a dot.
        (is_version && rest[..end].contains('.')).then_some((start, end))
    })?;
    Some(format!(
        "{}{version}{}",
        &text[..start],
        &text[start + old..]
    ))
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
    let text = "image:8080\nimage:1.2.3-rc.1\n";
    assert_eq!(
        with_version(text, "image:", "2.0.0").unwrap(),
        "image:8080\nimage:2.0.0\n"
    );
    assert_eq!(with_version(text, "other:", "2.0.0"), None);
}
