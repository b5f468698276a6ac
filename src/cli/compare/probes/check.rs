//! Every assumption has a probe, or a reason why it has none.

use std::collections::HashSet;
use std::fs;

use crate::cli::compare::owned::reads;
use crate::cli::compare::probe::Assumption;
use crate::cli::compare::{probes, sample};
use crate::clouds;
use crate::model::Cloud;

const CLOUDS: [Cloud; 2] = [Cloud::Alibaba, Cloud::Tencent];

/// The rows of the tables of rules and assumptions about a cloud: the first two cells.
fn rows(cloud: Cloud) -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/differences.md");
    let page = fs::read_to_string(path).unwrap();
    let name = match cloud {
        Cloud::Alibaba => "## Alibaba Cloud",
        Cloud::Tencent => "## Tencent Cloud",
    };
    let section = page.split("\n## ").map(|section| format!("## {section}"));
    let section = section
        .into_iter()
        .find(|section| section.starts_with(name));
    let section = section.unwrap();
    section
        .lines()
        .filter(|line| {
            line.starts_with("| ")
                && !line.starts_with("| rule")
                && !line.starts_with("| assumption")
        })
        .map(|line| {
            let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
            (
                cells.next().unwrap().to_owned(),
                cells.next().unwrap().to_owned(),
            )
        })
        .collect()
}

/// Whether the evidence is a recorded reply or a document that nothing contradicts.
fn is_settled(evidence: &str) -> bool {
    let marks: HashSet<&str> = evidence
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| ["D", "S", "R", "I"].contains(word))
        .collect();
    let begins = evidence.starts_with(['D', 'R']);
    begins
        && !marks.contains("I")
        && !evidence.contains("against")
        && !evidence.contains("R for the code; S")
}

/// The parts of an operation's evidence that are neither documented nor recorded.
fn weak_parts(evidence: &str) -> Vec<String> {
    let mut weak = Vec::new();
    let evidence = without_parentheses(evidence);
    for part in evidence.split("; ") {
        match part.split_once(": ") {
            Some((subjects, source)) if source.starts_with("assumption") => {
                weak.extend(subjects.split(", ").map(str::to_owned));
            }
            Some((subject, source))
                if !source.contains("documented") && !source.contains("recorded") =>
            {
                weak.push(subject.to_owned());
            }
            Some((subject, _)) if subject.starts_with("assumption") => {}
            Some((_, rest)) if rest.ends_with(": assumption") => {
                let subject = rest.trim_end_matches(": assumption");
                let (_, subject) = subject.split_once(", ").unwrap();
                weak.push(subject.to_owned());
            }
            None if !part.contains("documented") && !part.contains("recorded") => {
                weak.push(part.to_owned());
            }
            _ => {}
        }
    }
    weak
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0;
    let is_outside = |c: &char| {
        depth += i32::from(*c == '(');
        let outside = depth == 0;
        depth -= i32::from(*c == ')');
        outside
    };
    text.chars().filter(is_outside).collect()
}

/// The assumptions that probes settle, and those that are listed without a probe.
fn covered(cloud: Cloud) -> Vec<Assumption> {
    let settled = probes::of(cloud).iter().flat_map(|probe| probe.settles);
    let unprobed = probes::unprobed(cloud).iter();
    let unprobed = unprobed.flat_map(|unprobed| unprobed.assumptions);
    settled.chain(unprobed).copied().collect()
}

#[test]
fn every_row_with_weak_evidence_has_a_probe_or_a_reason() {
    for cloud in CLOUDS {
        let covered = covered(cloud);
        let rows = rows(cloud);
        assert!(rows.len() > 20, "{rows:?}");
        for (row, evidence) in &rows {
            let has_probe = covered
                .iter()
                .any(|known| matches!(known, Assumption::Row(text) if row.starts_with(text)));
            assert!(has_probe || is_settled(evidence), "{}: {row}", cloud.name());
        }
    }
}

#[test]
fn every_weak_part_of_the_evidence_of_an_operation_has_a_probe_or_a_reason() {
    for cloud in CLOUDS {
        let covered = covered(cloud);
        for operation in clouds::with_default_settings().get(cloud).operations() {
            for part in weak_parts(operation.evidence) {
                let has_probe = covered.iter().any(|known| {
                    matches!(known, Assumption::Evidence(action, text)
                        if *action == operation.action && *text == part)
                });
                assert!(has_probe, "{}: {}: {part}", cloud.name(), operation.action);
            }
        }
    }
}

#[test]
fn every_assumption_of_a_probe_is_in_the_documents() {
    let all: Vec<_> = CLOUDS.into_iter().flat_map(rows).collect();
    for cloud in CLOUDS {
        let operations = clouds::with_default_settings().get(cloud).operations();
        for assumption in covered(cloud) {
            let is_known = match assumption {
                Assumption::Row(text) => all.iter().any(|(row, _)| row.starts_with(text)),
                Assumption::Evidence(action, text) => operations.iter().any(|operation| {
                    operation.action == action
                        && weak_parts(operation.evidence)
                            .iter()
                            .any(|part| part == text)
                }),
            };
            assert!(is_known, "{}: {assumption:?}", cloud.name());
        }
    }
}

#[test]
fn weak_parts_of_evidence_are_found() {
    let evidence = "documented (name or ARN: 2026), SDK; order, bounds: assumption; a secret of another account: documented; \
        accounts: SDK 3.3.1; at most 4,000: documented, that it is 4,000 too: assumption; SDK";
    assert_eq!(
        weak_parts(evidence),
        ["order", "bounds", "accounts", "that it is 4,000 too", "SDK"]
    );
    for (evidence, settled) in [
        ("D, 2026", true),
        ("R, S", true),
        ("D; R: acceptance test", true),
        ("I", false),
        ("D for the codes; I for the texts", false),
        ("D: one page; S, against: another", false),
        ("S: the SDK", false),
    ] {
        assert_eq!(is_settled(evidence), settled, "{evidence}");
    }
}

#[test]
fn probes_are_well_formed() {
    for cloud in CLOUDS {
        let mut names = HashSet::new();
        let operations = clouds::with_default_settings().get(cloud).operations();
        for probe in probes::of(cloud) {
            let name = probe.name;
            assert!(names.insert(name), "{name} occurs twice");
            assert!(
                probe.explanation.ends_with('.') && !probe.explanation.contains('\n'),
                "{name}"
            );
            assert!(!probe.steps.is_empty(), "{name}");
            for step in probe.steps {
                let action = step.action;
                assert!(
                    operations.iter().any(|known| known.action == action),
                    "{name}: {action}"
                );
                let mut values = sample::Values::new();
                for placeholder in [
                    "name",
                    "part",
                    "swapped",
                    "second",
                    "tag key",
                    "tag value",
                    "other value",
                    "region",
                    "product type",
                    "instance",
                    "own",
                    "own-b",
                    "account",
                    "long",
                ] {
                    values.insert(placeholder.into(), "x".into());
                }
                sample::filled(step.parameters, &values)
                    .unwrap_or_else(|placeholder| panic!("{name}: {placeholder}"));
                // A request that changes something names only secrets that the comparison created.
                if !reads(action) {
                    assert!(probe.writes, "{name}: {action}");
                    let own = step.parameters.contains("{own");
                    let others = ["{name}", "{second}", "{part}", "{swapped}"];
                    let has_others = others.iter().any(|other| step.parameters.contains(other));
                    assert!(
                        own && !has_others && step.form.payload.is_none(),
                        "{name}: {action}"
                    );
                }
                if step.parameters.contains("{own") {
                    assert!(probe.writes, "{name}");
                }
            }
        }
    }
}
