//! Form encoding, in which queries and form bodies are written.

use std::borrow::Cow;
use std::str::Utf8Error;

use bytes::Bytes;
use bytestring::ByteString;
use percent_encoding::percent_decode;

/// The pairs of a form, still encoded: a name, and a value where there is an `=`. Nothing between
/// two `&` is no pair.
pub fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.iter().position(|byte| *byte == b'=') {
            Some(index) => (&pair[..index], Some(&pair[index + 1..])),
            None => (pair, None),
        })
}

/// Undoes form encoding: `+` is a space, `%` begins a byte. All clients' variants of percent
/// encoding decode so.
///
/// # Errors
///
/// When the bytes are not UTF-8.
pub fn decode(text: &[u8]) -> Result<Cow<'_, str>, Utf8Error> {
    if !text.contains(&b'+') {
        return percent_decode(text).decode_utf8();
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_decode(&spaced).decode_utf8()?;
    Ok(Cow::Owned(decoded.into_owned()))
}

/// [Decodes](decode) a part of `source`. Text that is not encoded is not copied.
///
/// # Errors
///
/// When the bytes are not UTF-8.
pub fn decode_part(source: &Bytes, part: &[u8]) -> Result<ByteString, Utf8Error> {
    match decode(part)? {
        Cow::Borrowed(text) => ByteString::try_from(source.slice_ref(text.as_bytes())),
        Cow::Owned(text) => Ok(text.into()),
    }
}

/// Whether a body is meant as JSON, by its first character: no form begins with a brace or bracket.
#[must_use]
pub fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start(), [b'{' | b'[', ..])
}
