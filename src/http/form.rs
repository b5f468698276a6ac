//! The encoding of queries and form bodies.

use std::borrow::Cow;
use std::iter::once;
use std::str::Utf8Error;

use bytes::Bytes;
use bytestring::ByteString;
use memchr::{memchr, memchr_iter, memchr2};
use percent_encoding::percent_decode;

/// The pairs of a form, still encoded: a name, and a value if there is an `=`. Empty pairs are skipped.
pub fn pairs(text: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    let ends = memchr_iter(b'&', text).chain(once(text.len()));
    let mut start = 0;
    ends.map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
        .filter(|pair| !pair.is_empty())
        .map(|pair| match memchr(b'=', pair) {
            Some(index) => (&pair[..index], Some(&pair[index + 1..])),
            None => (pair, None),
        })
}

/// Decodes form encoding: `+` is a space, `%` begins a percent-encoded byte. Correct for the variants of
/// all clients.
///
/// # Errors
///
/// If the bytes are not UTF-8.
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

/// [Decodes](decode) a part of `source`. Does not copy text without encoded characters.
///
/// # Errors
///
/// If the bytes are not UTF-8.
pub fn decode_part(source: &Bytes, part: &[u8]) -> Result<ByteString, Utf8Error> {
    if memchr2(b'%', b'+', part).is_none() {
        return ByteString::try_from(source.slice_ref(part));
    }
    decode(part).map(|text| text.into_owned().into())
}

/// Whether a body is JSON, by its first character: no form begins with a brace or a bracket.
#[must_use]
pub fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start(), [b'{' | b'[', ..])
}
