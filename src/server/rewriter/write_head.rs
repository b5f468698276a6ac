//! Writes the head of a request for the HTTP library: unchanged, or without some headers, or with its query moved to
//! the body.

use bytes::BytesMut;
use memchr::memchr;

use super::{MOVED, REFUSED};
use crate::server::head::{BodyLength, Head};

/// Writes a head.
pub(super) fn write_head(output: &mut BytesMut, bytes: &[u8], head: &Head) {
    let has_unwanted = head
        .headers
        .iter()
        .any(|header| is_unwanted(header.name) || is_upgrade(header.name, header.value));
    if head.moved_query.is_none() && !has_unwanted {
        output.extend_from_slice(bytes);
        return;
    }
    let mut put = |parts: &[&[u8]]| {
        for part in parts {
            output.extend_from_slice(part);
        }
    };
    let line_end = memchr(b'\n', bytes).map_or(0, |at| at + 1);
    match head.moved_query {
        None => put(&[&bytes[..line_end]]),
        Some(query) => {
            let version = head.version.name().as_bytes();
            let length = query.len().to_string();
            put(&[head.method, b" ", head.path, b" ", version, b"\r\n"]);
            put(&[MOVED.as_bytes(), b": ", length.as_bytes(), b"\r\n"]);
        }
    }
    write_headers(&mut put, head);
    match head.moved_query {
        None => put(&[b"\r\n"]),
        Some(query) => write_moved_query(&mut put, query, head.body),
    }
}

/// Writes the headers that are kept.
fn write_headers(put: &mut impl FnMut(&[&[u8]]), head: &Head) {
    let moves = head.moved_query.is_some();
    for header in head.headers {
        if is_unwanted(header.name) || moves && header.name.eq_ignore_ascii_case("content-length") {
            continue;
        }
        let name = header.name.as_bytes();
        if is_upgrade(header.name, header.value) {
            let kept: Vec<_> = options(header.value)
                .filter(|o| !is_upgrade_option(o))
                .collect();
            if !kept.is_empty() {
                put(&[name, b": ", &kept.join(&b", "[..]), b"\r\n"]);
            }
        } else {
            put(&[name, b": ", header.value, b"\r\n"]);
        }
    }
}

/// Writes the end of the head, and the query as the beginning of the body.
fn write_moved_query(put: &mut impl FnMut(&[&[u8]]), query: &[u8], body: BodyLength) {
    match body {
        // An empty chunk would end the body.
        BodyLength::Chunked if query.is_empty() => put(&[b"\r\n"]),
        BodyLength::Chunked => {
            let size = format!("\r\n{:x}\r\n", query.len());
            put(&[size.as_bytes(), query, b"\r\n"]);
        }
        BodyLength::Known(length) => {
            let added = u64::try_from(query.len()).unwrap_or(u64::MAX);
            let length = length.saturating_add(added).to_string();
            put(&[b"content-length: ", length.as_bytes(), b"\r\n\r\n", query]);
        }
    }
}

/// Whether a header is dropped: a header of this module, a header for proxies, and `Upgrade`. Some clients
/// send `Upgrade` with every request, and the library would stop parsing HTTP on this connection.
fn is_unwanted(name: &str) -> bool {
    [
        MOVED,
        REFUSED,
        "upgrade",
        "proxy-authorization",
        "proxy-connection",
    ]
    .iter()
    .any(|unwanted| name.eq_ignore_ascii_case(unwanted))
}

/// Whether a header is `Connection` with the option `upgrade`.
fn is_upgrade(name: &str, value: &[u8]) -> bool {
    name.eq_ignore_ascii_case("connection") && options(value).any(is_upgrade_option)
}

fn options(connection: &[u8]) -> impl Iterator<Item = &[u8]> {
    connection
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
}

fn is_upgrade_option(option: &[u8]) -> bool {
    option.eq_ignore_ascii_case(b"upgrade")
}
