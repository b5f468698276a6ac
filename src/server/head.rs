//! Parses the head of a request: request line and headers. At least as strict as the HTTP library.
//!
//! A head is rejected if this parser and the library could disagree about the begin or the end of the
//! body, because that would allow request smuggling.

use actix_web::http::uri::Authority;
use actix_web::http::{Method, Uri};
use httparse::{EMPTY_HEADER, Header, Status};
use memchr::{memchr, memchr_iter, memrchr};

use super::limits::{Limits, MAX_HEADERS};
use super::request_error::RequestError;

/// The query of a longer target is moved to a header, even if the library accepts its characters.
const MAX_TARGET_BYTES: usize = 60_000;

/// A longer method is rejected. The longest registered method has 17 bytes.
const MAX_METHOD_BYTES: usize = 32;

/// A longer body is rejected, so that sums of lengths do not overflow.
const MAX_LENGTH: u64 = i64::MAX as u64;

/// Whether the library accepts a byte in a query.
fn is_query_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x24..=0x3b | 0x3d | 0x3f..=0x7e)
}

/// Memory for the headers of a [`Head`].
pub(super) type HeaderSpace<'a> = [Header<'a>; MAX_HEADERS as usize];

/// An empty [`HeaderSpace`].
pub(super) fn header_space<'a>() -> HeaderSpace<'a> {
    [EMPTY_HEADER; MAX_HEADERS as usize]
}

/// A valid head.
#[derive(Debug)]
pub(super) struct Head<'h> {
    pub(super) method: &'h [u8],
    /// The target without its query.
    pub(super) path: &'h [u8],
    /// The query, if the library would reject it in the target.
    pub(super) moved_query: Option<&'h [u8]>,
    pub(super) version: Version,
    pub(super) headers: &'h [Header<'h>],
    pub(super) body: BodyLength,
}

/// The version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Http10,
    Http11,
}

/// How the body of a request is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyLength {
    Known(u64),
    Chunked,
}

impl Version {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
        }
    }
}

impl<'h> Head<'h> {
    /// Parses a head. It includes its empty line, and all of its lines end in CRLF.
    pub(super) fn parse(
        head: &'h [u8],
        space: &'h mut HeaderSpace<'h>,
    ) -> Result<Self, RequestError> {
        let line_end = memchr(b'\n', head).ok_or(RequestError::RequestLine)?;
        let (method, target, version) = request_line(&head[..=line_end])?;
        let headers = parse_headers(&head[line_end + 1..], space)?;
        let body = body_length(method, version, headers)?;
        if method == b"CONNECT" {
            return Err(RequestError::NoTunnel);
        }
        let (path, query) = match memchr(b'?', target) {
            Some(at) => (&target[..at], Some(&target[at + 1..])),
            None => (target, None),
        };
        let moved_query = query.filter(|query| {
            // `fold` checks several bytes with one instruction, `all` does not.
            let is_accepted = query
                .iter()
                .fold(true, |all, byte| all & is_query_byte(*byte));
            target.len() > MAX_TARGET_BYTES || !is_accepted
        });
        if path.len() > MAX_TARGET_BYTES {
            return Err(RequestError::TooLongTarget);
        }
        // The bytes of the query are checked already.
        let is_path = path.starts_with(b"/") || moved_query.is_some();
        check_target(method, if is_path { path } else { target })?;
        Ok(Self {
            method,
            path,
            moved_query,
            version,
            headers,
            body,
        })
    }
}

/// The target of a valid CONNECT request without a body. `head` includes its empty line.
pub(super) fn connect_target(head: &[u8], limits: &Limits) -> Option<Authority> {
    let mut ends = memchr_iter(b'\n', head);
    if !ends.all(|at| head[..at].ends_with(b"\r")) {
        return None;
    }
    let line_end = memchr(b'\n', head)?;
    let (method, target, version) = request_line(&head[..=line_end]).ok()?;
    let mut space = header_space();
    let headers = parse_headers(&head[line_end + 1..], &mut space).ok()?;
    let length = body_length(method, version, headers).ok()?;
    let is_valid = method == b"CONNECT"
        && headers.len() <= usize::from(limits.headers)
        && length == BodyLength::Known(0);
    Authority::try_from(target).ok().filter(|_| is_valid)
}

/// Whether a byte may be in a method or in the name of a header.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Method, target and version of a request line with its line end.
fn request_line(line: &[u8]) -> Result<(&[u8], &[u8], Version), RequestError> {
    let split = || {
        let line = line.strip_suffix(b"\r\n")?;
        let (method, rest) = line.split_at(memchr(b' ', line)?);
        let (target, version) = rest[1..].split_at(memrchr(b' ', &rest[1..])?);
        let version = match version {
            b" HTTP/1.1" => Version::Http11,
            b" HTTP/1.0" => Version::Http10,
            _ => return None,
        };
        let is_valid = Method::from_bytes(method).is_ok()
            && method.iter().copied().all(is_token)
            && !target.is_empty()
            && method.len() <= MAX_METHOD_BYTES
            && !target
                .iter()
                .fold(false, |any, byte| any | byte.is_ascii_control());
        is_valid.then_some((method, target, version))
    };
    split().ok_or(RequestError::RequestLine)
}

/// Parses header lines up to the empty line, which ends `lines`.
pub(super) fn parse_headers<'h>(
    lines: &'h [u8],
    space: &'h mut HeaderSpace<'h>,
) -> Result<&'h [Header<'h>], RequestError> {
    match httparse::parse_headers(lines, space) {
        Ok(Status::Complete((length, headers))) if length == lines.len() => Ok(headers),
        Err(httparse::Error::TooManyHeaders) => Err(RequestError::TooLargeHeaders),
        _ => Err(RequestError::HeaderLine),
    }
}

fn body_length(
    method: &[u8],
    version: Version,
    headers: &[Header],
) -> Result<BodyLength, RequestError> {
    let (mut length, mut chunked, mut host) = (None, false, false);
    for Header { name, value } in headers {
        if name.eq_ignore_ascii_case("content-length") {
            let number = decimal(value).ok_or(RequestError::ContentLength)?;
            if length.replace(number).is_some() {
                return Err(RequestError::ContentLength);
            }
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            if chunked || version == Version::Http10 || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(RequestError::TransferEncoding);
            }
            chunked = true;
        } else if name.eq_ignore_ascii_case("host") && std::mem::replace(&mut host, true) {
            return Err(RequestError::Host);
        }
    }
    if version == Version::Http11 && !host && method != b"CONNECT" {
        return Err(RequestError::Host);
    }
    match (length, chunked) {
        (Some(_), true) => Err(RequestError::TransferEncoding),
        (None, true) => Ok(BodyLength::Chunked),
        // In HTTP/1.0 the body may end with the connection, which is not supported.
        (None, false) if version == Version::Http10 && method == b"POST" => {
            Err(RequestError::ContentLength)
        }
        (length, false) => Ok(BodyLength::Known(length.unwrap_or(0))),
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    let is_plain = text.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(text).ok().filter(|_| is_plain)?;
    text.parse().ok().filter(|length| *length <= MAX_LENGTH)
}

/// Checks a target that the library will parse.
fn check_target(method: &[u8], target: &[u8]) -> Result<(), RequestError> {
    let is_valid = || {
        let uri = Uri::try_from(target).ok()?;
        if target == b"*" {
            return (method == b"OPTIONS").then_some(());
        }
        // The library drops a fragment.
        let path = target.split(|byte| *byte == b'?').next()?;
        if path.contains(&b'#') {
            return None;
        }
        match (uri.scheme_str(), uri.authority()) {
            (None, None) => target.starts_with(b"/").then_some(()),
            (Some("http" | "https"), Some(authority)) => {
                (!authority.as_str().contains('@')).then_some(())
            }
            _ => None,
        }
    };
    is_valid().ok_or(RequestError::Target)
}
