//! Breaks code into lines that are not too long.

/// A piece of code.
pub(super) enum Code {
    /// Code that is never broken.
    Text(String),
    /// Items in brackets: all on one line if they fit, else one per line.
    List {
        /// The code before the items, including the opening bracket.
        open: String,
        items: Vec<Code>,
        close: &'static str,
    },
}

/// The layout of a language.
pub(super) struct Style {
    /// The maximum number of characters on a line.
    pub width: usize,
    /// The indentation of one level.
    pub indent: &'static str,
    /// Whether a comma follows the last item when each has a line.
    pub trailing_comma: bool,
    /// Whether there are spaces inside the braces of a list on one line.
    pub spaced_braces: bool,
}

impl Code {
    /// A list.
    pub(super) fn list(open: impl Into<String>, items: Vec<Self>, close: &'static str) -> Self {
        let open = open.into();
        Self::List { open, items, close }
    }

    /// The code with more code before it.
    pub(super) fn prefixed(self, prefix: &str) -> Self {
        match self {
            Self::Text(text) => Self::Text(format!("{prefix}{text}")),
            Self::List { open, items, close } => {
                Self::list(format!("{prefix}{open}"), items, close)
            }
        }
    }

    /// The code, on a line that is indented by `depth` levels and has `around` other characters.
    pub(super) fn print(&self, style: &Style, depth: usize, around: usize) -> String {
        let Self::List { open, items, close } = self else {
            return self.flat(style);
        };
        let flat = self.flat(style);
        let width = depth * style.indent.len() + around + flat.chars().count();
        if items.is_empty() || width <= style.width {
            return flat;
        }
        let indent = style.indent.repeat(depth + 1);
        let mut code = format!("{open}\n");
        for (index, item) in items.iter().enumerate() {
            let comma = if style.trailing_comma || index + 1 < items.len() {
                ","
            } else {
                ""
            };
            let item = item.print(style, depth + 1, 1);
            code.extend([format!("{indent}{item}{comma}\n")]);
        }
        code + &style.indent.repeat(depth) + close
    }

    fn flat(&self, style: &Style) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List { open, items, close } => {
                let items: Vec<_> = items.iter().map(|item| item.flat(style)).collect();
                let space = if style.spaced_braces && close.starts_with('}') && !items.is_empty() {
                    " "
                } else {
                    ""
                };
                format!("{open}{space}{}{space}{close}", items.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_that_does_not_fit_on_the_line_has_one_item_per_line() {
        let style = |width, trailing_comma, spaced_braces| Style {
            width,
            indent: "  ",
            trailing_comma,
            spaced_braces,
        };
        let text = |text: &str| Code::Text(text.to_owned());
        let inner = Code::list("b: {", vec![text("c"), text("d")], "}");
        let code = Code::list(
            "f(",
            vec![text("a"), inner, Code::list("[", vec![], "]")],
            ")",
        );
        let flat = "f(a, b: {c, d}, [])";
        assert_eq!(code.print(&style(19, true, false), 0, 0), flat);
        assert_eq!(
            code.print(&style(19, true, false), 0, 1),
            "f(\n  a,\n  b: {c, d},\n  [],\n)"
        );
        assert_eq!(
            code.print(&style(12, false, true), 1, 0),
            "f(\n    a,\n    b: {\n      c,\n      d\n    },\n    []\n  )"
        );
        assert_eq!(
            code.print(&style(99, true, true), 0, 0),
            "f(a, b: { c, d }, [])"
        );
    }
}
