//! The operations that the emulator knows but does not support.

use std::collections::BTreeSet;

use kms_emulator::clouds::{self, CloudApi};

use super::read;
use crate::alibaba::session::Session;

/// The operations of version 2016-01-20, and `IssueTemporaryCredential`, which only the SDKs of application access
/// points have.
const KNOWN: usize = 92;

#[test]
fn the_page_names_every_operation_without_support() {
    let page = read("docs/alibaba-operations.md");
    let (_, section) = page
        .split_once("\n## Operations without support\n")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: String = section
        .lines()
        .filter(|line| line.starts_with('|'))
        .collect();
    let named: BTreeSet<_> = rows.split('`').skip(1).step_by(2).collect();

    let session = Session::new();
    for action in &named {
        assert_eq!(
            session.verdict(action, &[]),
            "400 UnsupportedOperation",
            "{action}"
        );
    }
    let operations = clouds::with_default_settings().alibaba.operations();
    let supported = operations
        .iter()
        .filter(|operation| operation.product == "Kms");
    assert_eq!(supported.count() + named.len(), KNOWN);
}
