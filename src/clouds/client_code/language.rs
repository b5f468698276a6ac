//! The languages of programs, and how they quote texts.

use schemars::JsonSchema;
use serde::Serialize;

/// The language of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ProgramLanguage")]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript for Node.
    Node,
    /// Go.
    Go,
    /// Java.
    Java,
    /// Commands for a POSIX shell.
    Shell,
    /// A configuration for Terraform.
    Terraform,
}

impl Language {
    /// The characters that begin a comment.
    #[must_use]
    pub fn comment(self) -> &'static str {
        match self {
            Self::Python | Self::Shell | Self::Terraform => "#",
            Self::Node | Self::Go | Self::Java => "//",
        }
    }

    /// A text as a literal of this language: in the usual quotes, or in the other ones if the text then
    /// needs fewer escapes.
    #[must_use]
    pub fn literal(self, text: &str) -> String {
        match self {
            Self::Python if text.contains('"') && !text.contains('\'') => escaped(text, '\''),
            Self::Node if text.contains('\'') && !text.contains('"') => escaped(text, '"'),
            Self::Node => escaped(text, '\''),
            Self::Go if is_better_raw(text) => format!("`{text}`"),
            Self::Python | Self::Go | Self::Java => escaped(text, '"'),
            Self::Shell => quoted(text),
            // `${` and `%{` begin a template. `$${` is an escape for the first, but not after another `$`.
            Self::Terraform => escaped(text, '"')
                .replace("${", r"\u0024{")
                .replace("%{", r"\u0025{"),
        }
    }

    /// The expression that reads an environment variable.
    pub(super) fn variable(self, name: &str) -> String {
        match self {
            Self::Python => format!("os.environ[\"{name}\"]"),
            Self::Node => format!("process.env.{name}"),
            Self::Go => format!("os.Getenv(\"{name}\")"),
            Self::Java => format!("System.getenv(\"{name}\")"),
            Self::Shell => format!("\"${name}\""),
            // The provider reads the variables itself; `null` leaves the argument unset.
            Self::Terraform => "null".to_owned(),
        }
    }
}

/// A name in the case of methods: `listSecrets` for `ListSecrets`.
pub(super) fn camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + characters.as_str()
    })
}

/// A text as one word of a shell command.
#[must_use]
pub fn quoted(text: &str) -> String {
    if is_plain_word(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A text as one word of a shell command inside a comment of any of the languages: without line breaks
/// and other characters that end a comment or have a meaning in one. If that needs escapes, the word is
/// in the quotes `$'…'`, which bash, zsh and ksh read.
pub(super) fn quoted_in_comment(text: &str) -> String {
    // Java reads `\\u000a` as a line break, in comments too, unless the backslash is doubled.
    if !text.contains(|c| c == '\\' || is_invisible(c)) {
        return quoted(text);
    }
    let mut word = "$'".to_owned();
    for character in text.chars() {
        match character {
            '\'' | '\\' => word.extend(['\\', character]),
            _ if is_invisible(character) => {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).bytes();
                word.extend(bytes.map(|byte| format!("\\{byte:03o}")));
            }
            _ => word.push(character),
        }
    }
    word.push('\'');
    word
}

/// Whether every shell reads the unquoted text as one word.
fn is_plain_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    // zsh replaces `=name` with the path of a program.
    !text.is_empty() && !text.starts_with('=') && text.bytes().all(plain)
}

/// Whether Go's raw quotes can contain the text and save escapes.
fn is_better_raw(text: &str) -> bool {
    text.contains(['"', '\\']) && !text.contains(|c| c == '`' || is_invisible(c))
}

/// Whether an editor does not show the character, or shows it in another place.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text in these quotes, with the escapes that all the languages share.
fn escaped(text: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    escaped.push(quote);
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ if is_invisible(character) => {
                escaped.extend([format!("\\u{:04x}", u32::from(character))]);
            }
            _ => {
                if character == quote || character == '\\' {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
        }
    }
    escaped.push(quote);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_in_a_comment_has_no_line_break() {
        for (text, word) in [
            ("/tmp/ca.pem", "/tmp/ca.pem"),
            ("/tmp/it's here", r"'/tmp/it'\''s here'"),
            ("a\nb\r\t'", r"$'a\012b\015\011\''"),
            (r"\u000a", r"$'\\u000a'"),
            ("\u{2028}\u{85}", r"$'\342\200\250\302\205'"),
            ("=ls", "'=ls'"),
        ] {
            assert_eq!(quoted_in_comment(text), word, "{text:?}");
        }
    }

    #[test]
    fn literal_uses_the_quotes_that_need_fewer_escapes() {
        use Language::{Go, Java, Node, Python, Shell, Terraform};
        for (language, text, literal) in [
            (Python, "plain", r#""plain""#),
            (Python, "it's", r#""it's""#),
            (Python, r#"[{"a":1}]"#, r#"'[{"a":1}]'"#),
            (Python, r#"'"\"#, r#""'\"\\""#),
            (Python, "a\nb\r\t\0\u{7f}", r#""a\nb\r\t\u0000\u007f""#),
            (Node, "plain", "'plain'"),
            (Node, "it's", r#""it's""#),
            (Node, r#"[{"a":1}]"#, r#"'[{"a":1}]'"#),
            (Node, r#"'"\"#, r#"'\'"\\'"#),
            (Node, "`${a}`\u{2028}", r"'`${a}`\u2028'"),
            (Go, "plain", r#""plain""#),
            (Go, r#"[{"a":1}]"#, r#"`[{"a":1}]`"#),
            (Go, r"\d`", r#""\\d`""#),
            (Go, "\"\n", r#""\"\n""#),
            (Go, "\u{feff}", r#""\ufeff""#),
            (Java, r#"[{"a":1}]"#, r#""[{\"a\":1}]""#),
            (Java, r"\u0041", r#""\\u0041""#),
            (Java, "密码🔑", "\"密码🔑\""),
            (Shell, "plain-1.2/3", "plain-1.2/3"),
            (Shell, "", "''"),
            (Terraform, "a\"$${b}%{c}$%", r#""a\"$\u0024{b}\u0025{c}$%""#),
            (Shell, "it's $HOME `id`\n\\", "'it'\\''s $HOME `id`\n\\'"),
        ] {
            assert_eq!(language.literal(text), literal, "{language:?}");
        }
    }
}
