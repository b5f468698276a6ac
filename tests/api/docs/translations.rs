//! The Chinese pages have the commands, programs and tables of the English ones.

use super::{markdown, pages, read};

/// The Chinese pages with the English ones.
fn translated() -> Vec<(String, String)> {
    let mut translated = vec![("README.zh-CN.md".to_owned(), "README.md".to_owned())];
    for page in pages() {
        if let Some(name) = page.strip_prefix("docs/zh-CN/") {
            translated.push((page.clone(), format!("docs/{name}")));
        }
    }
    translated
}

#[test]
fn five_pages_and_the_readme_are_translated() {
    let pages: Vec<_> = translated().into_iter().map(|(page, _)| page).collect();
    let expected = [
        "README.zh-CN.md",
        "docs/zh-CN/compare.md",
        "docs/zh-CN/getting-started.md",
        "docs/zh-CN/sdks.md",
        "docs/zh-CN/seeding.md",
        "docs/zh-CN/testing.md",
    ];
    assert_eq!(pages, expected);
}

#[test]
fn translated_pages_have_the_same_code_blocks() {
    for (chinese, english) in translated() {
        let (chinese_text, english_text) = (read(&chinese), read(&english));
        let expected = markdown::fenced_blocks(&english_text);
        let found = markdown::fenced_blocks(&chinese_text);
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                found == expected,
                "{chinese}: a block differs from {english}\n{}",
                found.text
            );
        }
        assert_eq!(found.len(), expected.len(), "{chinese}");
    }
}

#[test]
fn translated_pages_have_the_same_code_in_their_tables() {
    for (chinese, english) in translated() {
        let expected = markdown::code_in_tables(&read(&english));
        let found = markdown::code_in_tables(&read(&chinese));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{chinese}: a row differs from {english}");
        }
        assert_eq!(found.len(), expected.len(), "{chinese}");
    }
}
