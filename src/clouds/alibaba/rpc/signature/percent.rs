//! Percent encoding and the canonical query that every dialect signs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// All but `A–Z a–z 0–9 - _ . ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Encodes as the vendor's page *Signature* says: upper-case hexadecimal, a space as `%20`.
pub fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The parameters sorted by name, encoded and joined.
pub fn canonical_query<'a, V: AsRef<str> + Ord>(
    parameters: impl IntoIterator<Item = (&'a str, V)>,
) -> String {
    let mut sorted: Vec<_> = parameters.into_iter().collect();
    sorted.sort_unstable();
    let mut query = String::with_capacity(
        sorted
            .iter()
            .map(|(name, value)| name.len() + 2 * value.as_ref().len() + 2)
            .sum(),
    );
    for (name, value) in sorted {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(encode(name));
        query.push('=');
        query.extend(encode(value.as_ref()));
    }
    query
}
