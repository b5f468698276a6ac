//! The canonical query, which is the same in every signature version.

use std::fmt::{self, Display, Formatter, Write};

use crate::clouds::diagnosis::natural_order;
pub(crate) use crate::http::percent::encode;

/// Encodes a text while it is printed.
pub(crate) fn encoded(text: impl Display) -> impl Display {
    struct Encoder<'f, 'g>(&'f mut Formatter<'g>);

    impl Write for Encoder<'_, '_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            encode(text).try_for_each(|piece| self.0.write_str(piece))
        }
    }

    fmt::from_fn(move |f| write!(Encoder(f), "{text}"))
}

/// The parameters sorted by name, encoded and joined.
pub(crate) fn canonical_query<'a, V: AsRef<str> + Ord>(
    parameters: impl IntoIterator<Item = (&'a str, V)>,
) -> impl Display {
    let mut sorted: Vec<_> = parameters.into_iter().collect();
    sorted.sort_unstable();
    joined_query(sorted)
}

/// The parameters in this order, encoded and joined.
pub(crate) fn joined_query<V: AsRef<str>>(parameters: Vec<(&str, V)>) -> impl Display {
    fmt::from_fn(move |f| {
        for (index, (name, value)) in parameters.iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            f.write_str(separator)?;
            encode(name).try_for_each(|piece| f.write_str(piece))?;
            f.write_str("=")?;
            encode(value.as_ref()).try_for_each(|piece| f.write_str(piece))?;
        }
        Ok(())
    })
}

/// The parameters encoded and joined, with the names in natural order.
pub(crate) fn natural_query<'a, V: AsRef<str> + Ord>(
    parameters: impl IntoIterator<Item = (&'a str, V)>,
) -> impl Display {
    let mut sorted: Vec<_> = parameters.into_iter().collect();
    sorted.sort_by(|(name, value), (other_name, other_value)| {
        natural_order(name, other_name).then_with(|| value.cmp(other_value))
    });
    joined_query(sorted)
}
