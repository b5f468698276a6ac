//! Texts for output: masked and shortened.

use std::fmt::{self, Display, Write};

/// Replaces a sensitive value in all output.
pub const MASK: &str = "***";

/// The maximum size of a text for output, in bytes.
const MAX_SHOWN: usize = 64 * 1024;

/// The beginning of a text, of at most the size for output.
#[must_use]
pub fn shortened(text: impl Display) -> String {
    beginning(text, MAX_SHOWN)
}

/// The first bytes of a text, with an ellipsis if there are more. The rest of the text is not formatted.
#[must_use]
pub fn beginning(text: impl Display, max_bytes: usize) -> String {
    let mut writer = BoundedText {
        text: String::new(),
        max_bytes,
    };
    if write!(writer, "{text}").is_err() {
        writer.text.push('…');
    }
    writer.text
}

/// Accepts `max_bytes` bytes, then fails, which ends the formatting.
struct BoundedText {
    text: String,
    max_bytes: usize,
}

impl Write for BoundedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let space = self.max_bytes - self.text.len();
        let taken = &text[..text.floor_char_boundary(space)];
        self.text.push_str(taken);
        if taken.len() < text.len() {
            // A shorter character that follows must not be accepted.
            self.max_bytes = self.text.len();
            return Err(fmt::Error);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        for (text, max_bytes, shown) in [
            ("", 0, ""),
            ("abc", 3, "abc"),
            ("abc", 2, "ab…"),
            ("aé", 2, "a…"),
            ("aé", 3, "aé"),
        ] {
            assert_eq!(beginning(text, max_bytes), shown);
        }
        // In pieces: the one-byte character after the one that does not fit is left out too.
        assert_eq!(beginning(format_args!("a{}{}", 'é', 'b'), 2), "a…");
    }

    #[test]
    fn no_more_of_a_text_is_printed_than_is_shown() {
        let endless = fmt::from_fn(|f| {
            loop {
                f.write_str("xyz")?;
            }
        });
        assert_eq!(beginning(endless, 4), "xyzx…");
    }
}
