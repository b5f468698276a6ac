//! Wrong ways to percent-encode, and wrong orders of parameters.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Mistake;

/// A way to percent-encode that differs from the documented one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    SpaceAsPlus,
    AsteriskUnencoded,
    TildeEncoded,
    SubDelimitersUnencoded,
    Java,
    SlashUnencoded,
    LowerCaseHex,
}

impl Encoding {
    pub(crate) const ALL: [Self; 7] = [
        Self::SpaceAsPlus,
        Self::AsteriskUnencoded,
        Self::TildeEncoded,
        Self::SubDelimitersUnencoded,
        Self::Java,
        Self::SlashUnencoded,
        Self::LowerCaseHex,
    ];

    pub(crate) fn mistake(self) -> Mistake {
        match self {
            Self::SpaceAsPlus => Mistake::SpaceAsPlus,
            Self::AsteriskUnencoded => Mistake::AsteriskUnencoded,
            Self::TildeEncoded => Mistake::TildeEncoded,
            Self::SubDelimitersUnencoded => Mistake::SubDelimitersUnencoded,
            Self::Java => Mistake::JavaUrlEncoder,
            Self::SlashUnencoded => Mistake::SlashUnencoded,
            Self::LowerCaseHex => Mistake::LowerCaseHex,
        }
    }

    /// Changes a text that is encoded as documented into one that is encoded this way.
    pub(crate) fn apply(self, encoded: &str) -> String {
        let replacements: &[(&str, &str)] = match self {
            Self::SpaceAsPlus => &[("%20", "+")],
            Self::AsteriskUnencoded => &[("%2A", "*")],
            Self::TildeEncoded => &[("~", "%7E")],
            Self::SubDelimitersUnencoded => &[
                ("%21", "!"),
                ("%27", "'"),
                ("%28", "("),
                ("%29", ")"),
                ("%2A", "*"),
            ],
            Self::Java => &[("%20", "+"), ("%2A", "*"), ("~", "%7E")],
            Self::SlashUnencoded => &[("%2F", "/")],
            Self::LowerCaseHex => return lower_case_hex(encoded),
        };
        let mut text = Cow::Borrowed(encoded);
        for (documented, wrong) in replacements {
            if text.contains(documented) {
                text = text.replace(documented, wrong).into();
            }
        }
        text.into_owned()
    }
}

fn lower_case_hex(encoded: &str) -> String {
    let mut digits = 0;
    encoded
        .chars()
        .map(|character| {
            if character == '%' {
                digits = 2;
            } else if digits > 0 {
                digits -= 1;
                return character.to_ascii_lowercase();
            }
            character
        })
        .collect()
}

/// Compares names as people sort them: digits by their number.
pub(crate) fn natural_order(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let ((left_number, left_rest), (right_number, right_rest)) = (number(left), number(right));
        let order = if left_number.is_empty() || right_number.is_empty() {
            let (mut left_characters, mut right_characters) = (left.chars(), right.chars());
            let order = left_characters.next().cmp(&right_characters.next());
            if left.is_empty() {
                return order;
            }
            (left, right) = (left_characters.as_str(), right_characters.as_str());
            order
        } else {
            (left, right) = (left_rest, right_rest);
            let (left_number, right_number) = (
                left_number.trim_start_matches('0'),
                right_number.trim_start_matches('0'),
            );
            let by_length = left_number.len().cmp(&right_number.len());
            by_length.then_with(|| left_number.cmp(right_number))
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The decimal digits that a text begins with, and the rest.
fn number(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_order_compares_numbers_by_value() {
        let mut names = [
            "Tag.10",
            "Tag.2.Key",
            "Action",
            "Tag.2",
            "Tag.02",
            "Tag",
            "é1",
        ];
        names.sort_by(|left, right| natural_order(left, right));
        assert_eq!(
            names,
            [
                "Action",
                "Tag",
                "Tag.2",
                "Tag.02",
                "Tag.2.Key",
                "Tag.10",
                "é1"
            ]
        );
    }

    #[test]
    fn lower_case_changes_only_the_digits_of_percent_encoding() {
        assert_eq!(
            Encoding::LowerCaseHex.apply("Key%3DAB%2F%C3%A9%252FB"),
            "Key%3dAB%2f%c3%a9%252FB"
        );
    }
}
