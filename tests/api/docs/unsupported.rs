//! The operations that the emulator knows but does not support.

use super::read;
use crate::alibaba::states::UNSUPPORTED_ACTIONS;

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
    let mut named: Vec<_> = rows.split('`').skip(1).step_by(2).collect();
    named.sort_unstable();
    assert_eq!(named, UNSUPPORTED_ACTIONS);
}
