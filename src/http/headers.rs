//! Lists of header names in signatures.

/// The maximum number of names: the maximum number of headers of a request.
const MAX_NAMES: usize = 96;

/// Whether the names in a list, separated by `;`, are distinct. A signature over the same long header many
/// times would take too much time.
#[must_use]
pub(crate) fn are_distinct(names: &str) -> bool {
    let mut sorted: Vec<&str> = names.split(';').take(MAX_NAMES + 1).collect();
    sorted.sort_unstable();
    sorted.len() <= MAX_NAMES && sorted.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_duplicate_or_too_many_names_is_detected() {
        assert!(are_distinct("host"));
        assert!(are_distinct("content-type;host;x-tc-action"));
        assert!(!are_distinct("host;content-type;host"));
        let many: Vec<_> = (0..=MAX_NAMES).map(|number| number.to_string()).collect();
        assert!(are_distinct(&many[1..].join(";")));
        assert!(!are_distinct(&many.join(";")));
    }
}
