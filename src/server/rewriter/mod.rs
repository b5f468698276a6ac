//! Parses the framing of requests before the HTTP library does. Moves queries that the library would
//! reject, and rejects requests that exceed a limit or are not valid HTTP/1.
//!
//! The library accepts request targets of at most 65,534 bytes, without characters that should have been
//! percent-encoded. It replies to others with an empty 400, which no SDK understands. Clients send such
//! targets: the classic SDKs put all parameters into the query, also a secret of 30 kB, whose encoding
//! is three times as long, and curl sends quotes and Chinese characters unencoded. A [`Rewriter`] moves
//! such a query to the beginning of the body, with its length in a header. [`split`] reverses this.
//!
//! Two parsers of one stream must agree about the beginning and the end of each request. So the rewriter is
//! at least as strict as the library, and passes on only what it has parsed completely; it writes the
//! framing of chunked bodies itself. It replaces a rejected head with a request that [`request_error`]
//! recognizes. In a body it ends the stream. After both, nothing is passed on.
//!
//! [`request_error`]: super::request_error

mod scan;
mod write_head;

use bytes::{Buf, BytesMut};
use memchr::memchr;

use self::scan::Scan;
use self::write_head::write_head;
use super::head::{BodyLength, Head, header_space, is_token, parse_headers};
use super::limits::{Limits, MAX_HEADERS};
use super::request_error::RequestError;

/// The header with the length of a moved query.
const MOVED: &str = "x-kms-emulator-query-length";

/// The header with the reason why a request was rejected. Such a request has only this header and `host`.
pub(super) const REFUSED: &str = "x-kms-emulator-refused";

/// The maximum sizes of a head and of a line with a chunk size.
const MAX_HEAD_BYTES: usize = 11 * 1024 * 1024;
const MAX_CHUNK_LINE_BYTES: usize = 1024;

/// The maximum number of headers that moving a query adds.
const ADDED_HEADERS: usize = 2;

/// The length of the query that was moved to the body, if one was. `header` looks up a header of the
/// request.
pub(super) fn moved_length<'h>(header: impl Fn(&str) -> Option<&'h str>) -> Option<usize> {
    let length = header(MOVED)?.parse().ok()?;
    (length <= MAX_HEAD_BYTES).then_some(length)
}

/// Removes a moved query of this length from the beginning of a body.
pub(super) fn split(length: usize, body: &mut BytesMut) -> Option<BytesMut> {
    (length <= body.len()).then(|| body.split_to(length))
}

/// Rewrites the bytes of a connection. The result does not depend on how they are split.
pub(super) struct Rewriter {
    limits: Limits,
    /// Received, not yet parsed.
    pub(super) incoming: BytesMut,
    /// To be read by the library.
    pub(super) ready: BytesMut,
    pub(super) part: Part,
    scan: Scan,
    /// Whether a request has ended since the reader cleared this flag.
    pub(super) completed: bool,
}

/// The next part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Part {
    #[default]
    Head,
    /// This many bytes of a body.
    Body(u64),
    /// The line with the size of a chunk.
    ChunkSize,
    /// This many bytes of a chunk.
    Chunk(u64),
    /// The line end after the bytes of a chunk.
    ChunkEnd,
    /// Header lines up to an empty one.
    Trailer,
    /// Nothing more: a head was rejected.
    Refused,
    /// Nothing more: the framing of a body was invalid.
    Broken,
}

impl Rewriter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            incoming: BytesMut::new(),
            ready: BytesMut::new(),
            part: Part::Head,
            scan: Scan::default(),
            completed: false,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.incoming.extend_from_slice(bytes);
        while self.advance() {}
    }

    pub(super) fn is_between_requests(&self) -> bool {
        self.part == Part::Head && self.incoming.is_empty()
    }

    /// Whether nothing more is passed on.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self.part, Part::Refused | Part::Broken)
    }

    /// Replaces the current request by one that is answered with the error, and passes on nothing after it.
    pub(super) fn refuse(&mut self, error: RequestError) {
        self.incoming.clear();
        let request = format!(
            "GET / HTTP/1.1\r\nhost: -\r\n{REFUSED}: {}\r\n\r\n",
            error.number()
        );
        self.ready.extend_from_slice(request.as_bytes());
        self.part = Part::Refused;
    }

    /// Ends the stream within a body.
    fn break_off(&mut self, reason: &str) {
        tracing::debug!(reason, "invalid framing of a body");
        self.incoming.clear();
        self.part = Part::Broken;
    }

    /// Sets the next part.
    fn continue_with(&mut self, part: Part) {
        self.completed |= part == Part::Head;
        self.part = part;
    }

    /// Processes the received bytes of the next part. Returns whether to call it again.
    fn advance(&mut self) -> bool {
        if self.incoming.is_empty() {
            return false;
        }
        match self.part {
            Part::Head => return self.head(),
            Part::Body(length) | Part::Chunk(length) => {
                let available = u64::try_from(self.incoming.len()).unwrap_or(u64::MAX);
                let count = length.min(available);
                let bytes = self
                    .incoming
                    .split_to(usize::try_from(count).unwrap_or(usize::MAX));
                self.ready.extend_from_slice(&bytes);
                self.continue_with(match (self.part, length - count) {
                    (Part::Chunk(_), 0) => Part::ChunkEnd,
                    (_, 0) => Part::Head,
                    (Part::Chunk(_), rest) => Part::Chunk(rest),
                    (_, rest) => Part::Body(rest),
                });
            }
            Part::ChunkSize => return self.chunk_size(),
            Part::ChunkEnd => {
                if self.incoming.len() < 2 && self.incoming[0] == b'\r' {
                    return false;
                }
                if !self.incoming.starts_with(b"\r\n") {
                    self.break_off("a chunk is longer than its size");
                    return true;
                }
                self.incoming.advance(2);
                self.ready.extend_from_slice(b"\r\n");
                self.part = Part::ChunkSize;
            }
            Part::Trailer => return self.trailer(),
            Part::Refused | Part::Broken => self.incoming.clear(),
        }
        true
    }

    fn head(&mut self) -> bool {
        if self.scan.next == 0 {
            // A client may send empty lines between requests.
            if self.incoming.starts_with(b"\r\n") {
                self.incoming.advance(2);
                return true;
            }
            if *self.incoming == *b"\r" {
                return false;
            }
            // Rejected at once: a client of another protocol may wait for a reply.
            if !is_token(self.incoming[0]) {
                self.refuse(match self.incoming[0] {
                    b'\n' => RequestError::BareLineFeed,
                    _ => RequestError::RequestLine,
                });
                return true;
            }
        }
        let end = match self.scan.advance(&self.incoming, 1, &self.limits) {
            Ok(Some(end)) => end,
            Ok(None) => return false,
            Err(error) => {
                self.refuse(error);
                return true;
            }
        };
        let headers = self.scan.lines.saturating_sub(1);
        self.scan = Scan::default();
        let bytes = self.incoming.split_to(end);
        match Head::parse(&bytes, &mut header_space()) {
            Ok(head)
                if head.moved_query.is_some()
                    && headers + ADDED_HEADERS > usize::from(MAX_HEADERS) =>
            {
                self.refuse(RequestError::TooLargeHeaders);
            }
            Ok(head) => {
                write_head(&mut self.ready, &bytes, &head);
                self.continue_with(match head.body {
                    BodyLength::Chunked => Part::ChunkSize,
                    BodyLength::Known(0) => Part::Head,
                    BodyLength::Known(length) => Part::Body(length),
                });
            }
            Err(error) => self.refuse(error),
        }
        true
    }

    fn chunk_size(&mut self) -> bool {
        let found = memchr(b'\n', &self.incoming);
        if found.unwrap_or(self.incoming.len()) > MAX_CHUNK_LINE_BYTES {
            self.break_off("the line with the size of a chunk is too long");
            return true;
        }
        let Some(end) = found else {
            return false;
        };
        let line = self.incoming.split_to(end + 1);
        match chunk_size(&line) {
            // The last chunk is passed on after the trailer.
            Some(0) => self.part = Part::Trailer,
            Some(size) => {
                // Without the extensions.
                self.ready
                    .extend_from_slice(format!("{size:x}\r\n").as_bytes());
                self.part = Part::Chunk(size);
            }
            None => self.break_off("the line with the size of a chunk is not valid"),
        }
        true
    }

    /// Drops the trailer, which no part of the server uses.
    fn trailer(&mut self) -> bool {
        let end = match self.scan.advance(&self.incoming, 0, &self.limits) {
            Ok(Some(end)) => end,
            Ok(None) => return false,
            Err(_) => {
                self.break_off("a line of the trailer is not valid, or it has too many");
                return true;
            }
        };
        self.scan = Scan::default();
        let lines = self.incoming.split_to(end);
        if parse_headers(&lines, &mut header_space()).is_err() {
            self.break_off("the trailer is not valid");
            return true;
        }
        self.ready.extend_from_slice(b"0\r\n\r\n");
        self.continue_with(Part::Head);
        true
    }
}

/// A rewritten stream, for tests that compare it with the HTTP library.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Rewritten {
    pub output: Vec<u8>,
    /// The ends of the complete requests, in the input and in the output.
    pub ends: Vec<(usize, usize)>,
    /// Whether a head was rejected. The output ends with its replacement.
    pub refused: bool,
    /// Whether the stream was ended within a body.
    pub broken: bool,
}

/// Rewrites a stream in pieces.
#[doc(hidden)]
#[must_use]
pub fn rewrite<'p>(limits: Limits, pieces: impl IntoIterator<Item = &'p [u8]>) -> Rewritten {
    let mut rewriter = Rewriter::new(limits);
    let (mut rewritten, mut received) = (Rewritten::default(), 0);
    for piece in pieces {
        received += piece.len();
        rewriter.incoming.extend_from_slice(piece);
        while rewriter.advance() {
            if std::mem::take(&mut rewriter.completed) {
                let consumed = received - rewriter.incoming.len();
                rewritten.ends.push((consumed, rewriter.ready.len()));
            }
        }
    }
    rewritten.refused = rewriter.part == Part::Refused;
    rewritten.broken = rewriter.part == Part::Broken;
    rewritten.output = rewriter.ready.to_vec();
    rewritten
}

/// The size in the line of a chunk, which includes its line end. Extensions are ignored.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\r\n")?;
    let (size, extension) = line.split_at(memchr(b';', line).unwrap_or(line.len()));
    if extension
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        return None;
    }
    let size = std::str::from_utf8(size).ok()?;
    let digits = size.trim_end_matches([' ', '\t']);
    // The standard library also accepts a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[&[u8]]) -> String {
        String::from_utf8(rewrite(Limits::default(), pieces.iter().copied()).output).unwrap()
    }

    fn refused(error: RequestError) -> String {
        let number = error.number();
        format!("GET / HTTP/1.1\r\nhost: -\r\nx-kms-emulator-refused: {number}\r\n\r\n")
    }

    #[test]
    fn requests_that_the_library_accepts_are_passed_on_unchanged() {
        for stream in [
            "GET /?a=b'()*!~%20+ HTTP/1.1\r\nHost: x\r\n\r\nGET /?b HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nGET /?\" HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://kms.cn-hangzhou.aliyuncs.com/?a HTTP/1.1\r\nHost: kms.cn-hangzhou.aliyuncs.com\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nhost:x\r\n\r\n",
        ] {
            assert_eq!(text(&[stream.as_bytes()]), stream);
        }
    }

    #[test]
    fn only_complete_heads_are_passed_on() {
        for (sent, passed_on) in [
            ("", ""),
            ("\r", ""),
            ("\r\n\r\n", ""),
            ("GET /?\"", ""),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r", ""),
            (
                "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            ),
        ] {
            assert_eq!(text(&[sent.as_bytes()]), passed_on);
        }
    }

    #[test]
    fn a_query_that_the_library_would_reject_moves_to_the_body() {
        let long = "a".repeat(60_000);
        for (sent, passed_on) in [
            (
                "GET /?a=\"é\" HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nx-kms-emulator-query-length: 6\r\nHost: x\r\ncontent-length: 6\r\n\r\na=\"é\"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            ),
            (
                "POST /?a b HTTP/1.1\r\nContent-length: 3\r\nHost: x\r\n\r\nc=dGET /?< HTTP/1.1\r\nHost: y\r\n\r\n",
                "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 3\r\nHost: x\r\ncontent-length: 6\r\n\r\na bc=d\
                 GET / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\nHost: y\r\ncontent-length: 1\r\n\r\n<",
            ),
            (
                "POST /?# HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nc\r\n00\r\nT: u\r\n\r\n",
                "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n#\r\n1\r\nc\r\n0\r\n\r\n",
            ),
            (
                &format!("GET /?{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
                &format!(
                    "GET / HTTP/1.1\r\nx-kms-emulator-query-length: 60000\r\nHost: x\r\ncontent-length: 60000\r\n\r\n{long}"
                ),
            ),
        ] {
            assert_eq!(text(&[sent.as_bytes()]), passed_on);
        }
    }

    #[test]
    fn a_head_over_a_limit_is_replaced_and_ends_the_stream() {
        let too_large = refused(RequestError::TooLargeHeaders);
        let limits = Limits {
            headers: 2,
            header_bytes: 20,
            ..Limits::default()
        };
        for (sent, passed_on) in [
            (
                "GET / HTTP/1.1\r\nHost:x\r\nC:d\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:x\r\nC:d\r\n\r\n",
            ),
            ("GET / HTTP/1.1\r\nHost:x\r\nA:bcdefgh", ""),
            (
                "GET / HTTP/1.1\r\nHost:x\r\nA:bcdefghij\r\n\r\nGET",
                &too_large,
            ),
            ("GET / HTTP/1.1\r\nHost:x\r\nA:bcdefghijklmnop", &too_large),
            ("GET / HTTP/1.1\r\nHost:x\r\nA:\r\nB:\r\n", &too_large),
            (
                "GET /?\" HTTP/1.1\r\nHost:x\r\nA:\r\nB:\r\n\r\nGET /",
                &too_large,
            ),
        ] {
            for pieces in [vec![sent.as_bytes()], sent.as_bytes().chunks(1).collect()] {
                let rewritten = rewrite(limits, pieces);
                assert_eq!(rewritten.output, passed_on.as_bytes(), "{sent}");
            }
        }
        // Moving a query adds headers, which count for the limit of the library.
        let moved = |headers| {
            format!(
                "GET /?\" HTTP/1.1\r\nHost:x\r\n{}\r\n",
                "A:\r\n".repeat(headers)
            )
        };
        assert!(text(&[moved(93).as_bytes()]).contains(MOVED));
        assert_eq!(text(&[moved(94).as_bytes()]), too_large);
    }

    #[test]
    fn a_too_long_target_is_rejected() {
        let path = |length| format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(length));
        assert_eq!(text(&[path(59_999).as_bytes()]), path(59_999));
        assert_eq!(
            text(&[path(60_000).as_bytes()]),
            refused(RequestError::TooLongTarget)
        );
        let endless = format!("GET /?{}", "a".repeat(MAX_HEAD_BYTES));
        assert_eq!(
            text(&[endless.as_bytes()]),
            refused(RequestError::TooLongTarget)
        );
    }

    #[test]
    fn internal_proxy_and_upgrade_headers_are_dropped() {
        assert_eq!(
            text(&[b"POST /?< HTTP/1.1\r\nX-KMS-Emulator-Refused: 1\r\nx-kms-emulator-query-length:1\r\nHost: x\r\n\r\n"]),
            "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\nHost: x\r\ncontent-length: 1\r\n\r\n<",
        );
        assert_eq!(
            text(&[b"GET / HTTP/1.1\r\nX-KMS-Emulator-Refused: 1\r\nHost: x\r\nProxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\n\r\n"]),
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        );
        // Other options of `Connection` are kept.
        assert_eq!(
            text(&[b"GET / HTTP/1.1\r\nConnection: Upgrade , close\r\nUpgrade: websocket\r\nHost: x\r\n\r\n"]),
            "GET / HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n",
        );
    }
}
