//! Links between pages, checked without the network.

use std::path::Path;

use super::{markdown, pages, read, root};

/// The errors in the relative links of a page.
fn broken_links(page: &str, text: &str) -> Vec<String> {
    let directory = Path::new(page).parent().unwrap();
    let is_relative = |link: &String| !link.contains("://") && !link.starts_with("mailto:");
    let problem = |link: String| {
        let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
        // A page of the project on GitHub, next to the files.
        if path.starts_with("../../security") {
            return None;
        }
        let target = if path.is_empty() {
            page.to_owned()
        } else {
            directory.join(path).to_str().unwrap().to_owned()
        };
        if !root(&target).exists() {
            return Some(format!("{page}: {link}: no such file"));
        }
        let has_anchor = anchor.is_empty()
            || root(&target).is_file()
                && markdown::anchors(&if path.is_empty() {
                    text.to_owned()
                } else {
                    read(&target)
                })
                .iter()
                .any(|known| known == anchor);
        (!has_anchor).then(|| format!("{page}: {link}: no such heading"))
    };
    markdown::links(text)
        .into_iter()
        .filter(is_relative)
        .filter_map(problem)
        .collect()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let broken: Vec<_> = pages()
        .iter()
        .flat_map(|page| broken_links(page, &read(page)))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_broken_link_is_found() {
    let text = "# Here\n[a](#here) [b](#there) [c](LICENSE) [d](none.md) [e](SECURITY.md#none)\n\
                ![f](docs/images/none.png) [g](https://example.com/none)\n";
    assert_eq!(
        broken_links("README.md", text),
        [
            "README.md: #there: no such heading",
            "README.md: none.md: no such file",
            "README.md: SECURITY.md#none: no such heading",
            "README.md: docs/images/none.png: no such file",
        ]
    );
}

#[test]
fn every_page_of_the_documentation_is_linked_from_a_readme() {
    let readmes = read("README.md") + &read("README.zh-CN.md");
    let links = markdown::links(&readmes);
    for page in pages().iter().filter(|page| page.starts_with("docs/")) {
        let is_linked = links
            .iter()
            .any(|link| link.split('#').next() == Some(page));
        assert!(is_linked, "{page}");
    }
}

#[test]
fn every_row_of_a_table_has_the_cells_of_its_head() {
    // A Markdown parser drops surplus cells and adds missing ones, so the bars of the source are counted.
    for page in pages() {
        let text = read(&page);
        let mut in_block = false;
        let mut head = 0;
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
            }
            if in_block || !line.starts_with('|') {
                head = 0;
                continue;
            }
            let bars = line.replace("\\|", "").matches('|').count();
            if head == 0 {
                head = bars;
            }
            assert_eq!(bars, head, "{page}:{}", number + 1);
        }
    }
}
