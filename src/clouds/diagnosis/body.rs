//! Forms of a JSON body that a client may have signed before a library wrote the body again.

use crate::http::form;

/// The body as libraries print JSON: without white space, as JavaScript, and with a space after `,` and
/// `:`, as Python. Empty if it is not JSON or printed so already.
pub(crate) fn reserialized(body: &[u8]) -> Vec<Vec<u8>> {
    if !form::looks_like_json(body) {
        return Vec::new();
    }
    let mut forms = vec![respaced(body, b""), respaced(body, b" ")];
    forms.retain(|form| form != body);
    forms
}

/// Replaces the white space between the tokens of a JSON text.
fn respaced(body: &[u8], after_separator: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(body.len());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for &byte in body {
        if is_in_string {
            text.push(byte);
            is_in_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else if !byte.is_ascii_whitespace() {
            text.push(byte);
            is_in_string = byte == b'"';
            if matches!(byte, b',' | b':') {
                text.extend(after_separator);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_changed_between_tokens_only() {
        let body = br#"{ "a: b" :[1,2], "c\", d":"e , \\"}"#;
        let forms = reserialized(body);
        assert_eq!(forms[0], br#"{"a: b":[1,2],"c\", d":"e , \\"}"#);
        assert_eq!(forms[1], br#"{"a: b": [1, 2], "c\", d": "e , \\"}"#);
        assert_eq!(reserialized(b"a=1, b"), [] as [Vec<u8>; 0]);
        assert_eq!(reserialized(b"{}"), [] as [Vec<u8>; 0]);
    }
}
