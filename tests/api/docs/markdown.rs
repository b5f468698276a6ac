//! What the tests read from Markdown.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

/// The parts of Markdown that the pages use.
const OPTIONS: Options = Options::ENABLE_TABLES;

/// A fenced code block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// What follows the fence, such as `sh`.
    pub info: String,
    /// The code.
    pub text: String,
}

/// The fenced code blocks of a page, in order.
pub fn fenced_blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open = None;
    for event in Parser::new_ext(page, OPTIONS) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some(Block {
                    info: info.into_string(),
                    text: String::new(),
                });
            }
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// The code in each row of the tables of a page, sorted within the row. Rows without code are left out.
pub fn code_in_tables(page: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = None;
    for event in Parser::new_ext(page, OPTIONS) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => row = Some(Vec::new()),
            Event::Code(code) => {
                if let Some(row) = &mut row {
                    row.push(code.into_string());
                }
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                rows.extend(row.take().filter(|row: &Vec<_>| !row.is_empty()));
            }
            _ => {}
        }
    }
    for row in &mut rows {
        row.sort();
    }
    rows
}

/// The targets of links and images of a page.
pub fn links(page: &str) -> Vec<String> {
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(CowStr::into_string(dest_url))
        }
        _ => None,
    };
    Parser::new_ext(page, OPTIONS).filter_map(target).collect()
}

/// The anchors of the headings of a page, as GitHub makes them.
pub fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut heading = None;
    for event in Parser::new_ext(page, OPTIONS) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let anchor = anchor(&heading.take().unwrap_or_default());
                let is_same = |other: &&String| {
                    let number = other.strip_prefix(&format!("{anchor}-"));
                    **other == anchor || number.is_some_and(|number| number.parse::<u32>().is_ok())
                };
                let same = anchors.iter().filter(is_same).count();
                anchors.push(match same {
                    0 => anchor,
                    number => format!("{anchor}-{number}"),
                });
            }
            _ => {}
        }
    }
    anchors
}

/// Letters, digits, hyphens and underscores stay, in lower case; spaces become hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter_map(|character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        _ => character.is_alphanumeric().then_some(character),
    });
    kept.collect()
}

#[test]
fn anchors_are_those_of_github() {
    let page = "# How to add an operation, a `service`\n## 对照\n## A\n## A\n";
    let expected = ["how-to-add-an-operation-a-service", "对照", "a", "a-1"];
    assert_eq!(anchors(page), expected);
}

#[test]
fn code_is_found_in_blocks_and_rows() {
    let page = "| a | `h` |\n|---|---|\n| `z` | `b` x |\n| - | - |\n\n```sh\nls `x`\n```\n\n    not fenced\n";
    assert_eq!(code_in_tables(page), [vec!["h"], vec!["b", "z"]]);
    let block = Block {
        info: "sh".to_owned(),
        text: "ls `x`\n".to_owned(),
    };
    assert_eq!(fenced_blocks(page), [block]);
}
