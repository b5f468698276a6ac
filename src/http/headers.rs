//! Lists of header names, as signatures have them.

/// The most headers that a signature can name: as many as a request has.
const MOST_NAMES: usize = 96;

/// Whether a list of names, separated by `;`, names each header once. A signature over the same header a
/// thousand times would cost its length a thousand times.
#[must_use]
pub fn are_distinct(names: &str) -> bool {
    let mut sorted: Vec<&str> = names.split(';').take(MOST_NAMES + 1).collect();
    sorted.sort_unstable();
    sorted.len() <= MOST_NAMES && sorted.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_each_header_once() {
        assert!(are_distinct("host"));
        assert!(are_distinct("content-type;host;x-tc-action"));
        assert!(!are_distinct("host;content-type;host"));
        let many: Vec<_> = (0..=MOST_NAMES).map(|number| number.to_string()).collect();
        assert!(are_distinct(&many[1..].join(";")));
        assert!(!are_distinct(&many.join(";")));
    }
}
