//! The canonical request, which the newer signature versions of both clouds hash.

use std::fmt::{self, Display};

/// The canonical request. `headers` are the signed ones, in the order of their names in `signed_headers`.
pub(crate) fn canonical_request<'h, V: Display>(
    http_method: &str,
    uri: &str,
    query: impl Display,
    headers: impl AsRef<[(&'h str, V)]>,
    signed_headers: &str,
    hashed_payload: &str,
) -> impl Display {
    fmt::from_fn(move |f| {
        write!(f, "{http_method}\n{uri}\n{query}\n")?;
        for (name, value) in headers.as_ref() {
            writeln!(f, "{name}:{value}")?;
        }
        write!(f, "\n{signed_headers}\n{hashed_payload}")
    })
}
