//! Bounds of JSON text, checked before a tree of it is built.

/// Whether a text has more than `most` values. Brackets and commas are counted, which is never too few
/// and, of nested values, a few too many. A tree takes some 70
/// bytes for each value, where the text may have as few as two: `0,`.
#[must_use]
pub fn has_more_values(text: &[u8], most: usize) -> bool {
    let mut values = 1;
    let mut in_string = false;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b',' | b'[' | b'{' if !in_string => {
                values += 1;
                if values > most {
                    return true;
                }
            }
            _ => {}
        }
    }
    values > most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (text, values) in [
            ("", 1),
            ("7", 1),
            (r#"{"a":1}"#, 2),
            ("[0,0,0]", 4),
            (r#"[{"a":[1,2]},{}]"#, 7),
            (r#"{"a":"[,{\",\\"}"#, 2),
            ("[[[[", 5),
        ] {
            assert!(!has_more_values(text.as_bytes(), values), "{text}");
            assert!(has_more_values(text.as_bytes(), values - 1), "{text}");
        }
    }
}
