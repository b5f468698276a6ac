//! Splits programs into code, strings and comments as compilers do, to test that a text stays in its string.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::language::Language;

/// Texts that are code, that end a string or a comment, or that templates contain.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let parts = vec![
        "\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\u{feff}",
        "\u{202e}",
        "'",
        "\"",
        "`",
        "\\",
        "$(touch run)",
        "`touch run`",
        ";touch run;",
        "\ntouch run\n",
        "\\u000atouch run\\u000a",
        "\\u0022",
        "\\n",
        "${HOME}",
        "*/",
        "//",
        "#",
        " coding: utf-7 +AAo-",
        "coding=rot13",
        "test",
        "\"test\"",
        "'test'",
        "127.0.0.1:8080",
        "\"cn-hangzhou\")",
        "{{ ca }}",
        "{% if https %}",
        "{#",
        "\u{e000}",
        "=",
        "~",
        "-",
        "é",
        "/tmp/ca.pem",
    ];
    vec(select(parts), 1..6).prop_map(|parts| parts.concat())
}

/// The parts of a program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lexed {
    /// The code without white space and commas, which depend on the layout. `¶` is in the place of each
    /// string.
    pub code: String,
    /// The values of the strings at run time.
    pub strings: Vec<String>,
    /// The comments, without the characters that begin them.
    pub comments: Vec<String>,
}

/// Splits a program. Panics at a string that a compiler would reject.
pub(crate) fn lex(language: Language, source: &str) -> Lexed {
    let source: Vec<char> = if language == Language::Java {
        translate_escapes(source)
    } else {
        source.chars().collect()
    };
    let ends_line = |character: char| match language {
        Language::Python | Language::Java => "\n\r".contains(character),
        Language::Node => "\n\r\u{2028}\u{2029}".contains(character),
        Language::Go | Language::Shell | Language::Terraform => character == '\n',
    };
    let comment: Vec<char> = language.comment().chars().collect();
    let mut lexed = Lexed::default();
    let mut at = 0;
    while let Some(&character) = source.get(at) {
        if source[at..].starts_with(&comment) {
            at += comment.len();
            let rest = source[at..].iter();
            let text: String = rest.take_while(|c| !ends_line(**c)).collect();
            at += text.chars().count();
            lexed.comments.push(text);
        } else if source[at..].starts_with(&['"', '"', '"']) {
            let (text, next) = string(&source, at + 3, &['"', '"', '"'], |_| false);
            lexed.strings.push(text);
            lexed.code.push('¶');
            at = next;
        } else if character == '`' && language == Language::Go {
            let rest = source[at + 1..].iter();
            let text: String = rest.take_while(|c| **c != '`').collect();
            at += text.chars().count() + 2;
            assert!(!text.contains('\r'), "Go drops it: {text:?}");
            lexed.strings.push(text);
            lexed.code.push('¶');
        } else if character == '`' && language == Language::Node {
            let rest = source[at + 1..].iter();
            let text: String = rest.take_while(|c| **c != '`').collect();
            at += text.chars().count() + 2;
            lexed.code.push_str(&text);
        } else if character == '"' || character == '\'' && language != Language::Java {
            let (text, next) = string(&source, at + 1, &[character], ends_line);
            if language == Language::Terraform {
                let written: String = source[at..next].iter().collect();
                let has_template = written.contains("${") || written.contains("%{");
                assert!(!has_template, "a template in {written}");
            }
            lexed.strings.push(text);
            lexed.code.push('¶');
            at = next;
        } else {
            if !character.is_ascii_whitespace() && character != ',' {
                lexed.code.push(character);
            }
            at += 1;
        }
    }
    lexed
}

/// Reads a string, and returns it with the position after it.
fn string(
    source: &[char],
    mut at: usize,
    end: &[char],
    ends_line: impl Fn(char) -> bool,
) -> (String, usize) {
    let mut text = String::new();
    while !source[at..].starts_with(end) {
        assert!(!ends_line(source[at]), "a line ends in a string: {text:?}");
        if source[at] != '\\' {
            text.push(source[at]);
            at += 1;
            continue;
        }
        let escaped = source[at + 1];
        at += 2;
        text.push(match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' | '"' | '\'' => escaped,
            'u' => {
                let digits: String = source[at..at + 4].iter().collect();
                at += 4;
                char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
            }
            other => panic!("an escape that not all the languages have: {other:?}"),
        });
    }
    (text, at + end.len())
}

/// Java's first step (JLS 3.3): `\uXXXX` is a character anywhere in a program, unless an odd number of
/// backslashes precedes its own.
fn translate_escapes(source: &str) -> Vec<char> {
    let source: Vec<char> = source.chars().collect();
    let mut translated = Vec::new();
    let mut at = 0;
    while at < source.len() {
        match source[at..] {
            ['\\', 'u', ..] => {
                let digits: String = source[at + 2..at + 6].iter().collect();
                let code = u32::from_str_radix(&digits, 16).expect("javac refuses the escape");
                translated.push(char::from_u32(code).unwrap());
                at += 6;
            }
            ['\\', next, ..] => {
                translated.extend(['\\', next]);
                at += 2;
            }
            _ => {
                translated.push(source[at]);
                at += 1;
            }
        }
    }
    translated
}

#[test]
fn lexer_finds_code_that_escapes_from_a_comment_or_a_string() {
    for (language, source) in [
        (Language::Java, "// \\u000aevil()"),
        (Language::Java, "f(\"\\u0022+evil()+\\u0022\")"),
        (Language::Node, "// \u{2028}evil()"),
        (Language::Python, "# \revil()"),
        (Language::Go, "// \nevil()"),
    ] {
        assert!(lex(language, source).code.contains("evil()"), "{source:?}");
    }
    for (language, source) in [
        (Language::Java, "// \\\\u000aevil()"),
        (Language::Python, "# \u{2028}evil()"),
        (Language::Node, "f('\\'+evil()+\\'')"),
    ] {
        assert!(!lex(language, source).code.contains("evil()"), "{source:?}");
    }
}
