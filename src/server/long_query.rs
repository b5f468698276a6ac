//! Lets requests in whose query the HTTP library would refuse.
//!
//! The library keeps a request target in a type that holds 65,534 bytes and no character that
//! should have been percent-encoded; what does not fit is answered with an empty 400 that no API
//! client understands. Clients send such: the classic SDKs put every parameter into the query, a
//! secret of 30 kB among them, tripled by its encoding, and a curl command carries quotes and
//! Chinese as they were typed.
//!
//! A [`LongQuery`] stands between socket and library. It moves such a query in front of the body
//! and writes its length into a header; [`split`] undoes that. Everything else passes unchanged.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The header with the length of a moved query.
const MOVED: &str = "x-kms-emulator-query-length";

/// A longer target is moved even if its characters are fine.
const MOST_TARGET_BYTES: usize = 60_000;

/// A head, or line of a chunk's size, that is longer is left to the library to refuse.
const MOST_HEAD_BYTES: usize = 11 * 1024 * 1024;
const MOST_CHUNK_LINE_BYTES: usize = 1024;

/// Takes a moved query off the front of a body; absent when none was moved. `header` looks up a
/// header of the request.
pub(super) fn split<'h>(
    header: impl Fn(&str) -> Option<&'h str>,
    body: &mut BytesMut,
) -> Option<BytesMut> {
    let length = header(MOVED)?.parse().ok()?;
    (length <= body.len()).then(|| body.split_to(length))
}

/// A connection to a client. When the server stops, it ends between two requests.
pub(super) struct LongQuery<S> {
    stream: S,
    rewriter: Rewriter,
    ended: bool,
    stopping: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Says as long as it lives that there is a connection.
    _connected: TaskTrackerToken,
}

impl<S> LongQuery<S> {
    pub(super) fn new(stream: S, stopping: CancellationToken, connected: TaskTrackerToken) -> Self {
        let stopping = Box::pin(stopping.cancelled_owned());
        Self {
            stream,
            rewriter: Rewriter::default(),
            ended: false,
            stopping,
            _connected: connected,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LongQuery<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.rewriter.ready.is_empty() && !this.ended {
            let mut space = [MaybeUninit::uninit(); 8 * 1024];
            let mut received = ReadBuf::uninit(&mut space);
            let Poll::Ready(result) = Pin::new(&mut this.stream).poll_read(cx, &mut received)
            else {
                if this.rewriter.is_between_requests() {
                    ready!(this.stopping.as_mut().poll(cx));
                    break;
                }
                return Poll::Pending;
            };
            result?;
            if received.filled().is_empty() {
                this.ended = true;
                this.rewriter.finish();
            } else {
                this.rewriter.push(received.filled());
            }
        }
        let count = buffer.remaining().min(this.rewriter.ready.len());
        buffer.put_slice(&this.rewriter.ready[..count]);
        this.rewriter.ready.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LongQuery<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buffer)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Rewrites the bytes of a connection, however they are cut into pieces.
#[derive(Default)]
struct Rewriter {
    /// Received and not yet understood.
    incoming: BytesMut,
    /// To be handed on.
    ready: BytesMut,
    part: Part,
    /// How much of `incoming` is known not to end a head.
    searched: usize,
}

/// The part of a request that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Head,
    /// This many bytes of a body.
    Body(u64),
    /// The line with the size of a chunk.
    ChunkSize,
    /// This many bytes of a chunk, with the line end behind it.
    Chunk(u64),
    /// Lines up to an empty one.
    Trailer,
    /// Whatever comes: it is not HTTP as we know it.
    Anything,
}

impl Rewriter {
    fn push(&mut self, bytes: &[u8]) {
        self.incoming.extend_from_slice(bytes);
        while !self.incoming.is_empty() && self.advance() {}
    }

    fn is_between_requests(&self) -> bool {
        self.part == Part::Head && self.incoming.is_empty()
    }

    /// Hands on what is left.
    fn finish(&mut self) {
        self.part = Part::Anything;
        self.advance();
    }

    /// Handles the next part, or as much of it as is there. Returns whether more could be done.
    fn advance(&mut self) -> bool {
        match self.part {
            Part::Head => return self.head(),
            Part::Body(length) | Part::Chunk(length) => {
                let available = u64::try_from(self.incoming.len()).unwrap_or(u64::MAX);
                let count = length.min(available);
                self.hand_on(usize::try_from(count).unwrap_or(usize::MAX));
                self.part = match (self.part, length - count) {
                    (Part::Chunk(_), 0) => Part::ChunkSize,
                    (_, 0) => Part::Head,
                    (Part::Chunk(_), rest) => Part::Chunk(rest),
                    (_, rest) => Part::Body(rest),
                };
            }
            Part::ChunkSize | Part::Trailer => {
                let Some(end) = self.incoming.iter().position(|byte| *byte == b'\n') else {
                    if self.incoming.len() > MOST_CHUNK_LINE_BYTES {
                        self.part = Part::Anything;
                        return true;
                    }
                    return false;
                };
                let line = self.incoming[..end].trim_ascii();
                self.part = match (self.part, chunk_size(line)) {
                    (Part::Trailer, _) if line.is_empty() => Part::Head,
                    (Part::Trailer, _) | (_, Some(0)) => Part::Trailer,
                    (_, Some(size)) => Part::Chunk(size.saturating_add(2)),
                    (_, None) => Part::Anything,
                };
                self.hand_on(end + 1);
            }
            Part::Anything => self.hand_on(self.incoming.len()),
        }
        true
    }

    fn hand_on(&mut self, count: usize) {
        let bytes = self.incoming.split_to(count);
        self.ready.extend_from_slice(&bytes);
    }

    fn head(&mut self) -> bool {
        // Not even a method, as when somebody speaks TLS: the library shall say so at once.
        if !self.incoming[0].is_ascii_alphabetic() && !self.incoming[0].is_ascii_whitespace() {
            self.part = Part::Anything;
            return true;
        }
        // Empty lines between requests are allowed.
        let blank = self
            .incoming
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if blank > 0 {
            self.hand_on(blank);
            return true;
        }
        let unsearched = &self.incoming[self.searched..];
        let Some(end) = head_end(unsearched) else {
            self.searched = self.incoming.len().saturating_sub(3);
            if self.incoming.len() > MOST_HEAD_BYTES {
                self.part = Part::Anything;
                return true;
            }
            return false;
        };
        let head = self.incoming.split_to(self.searched + end);
        self.searched = 0;
        let framing = Framing::of(&head);
        let Some(framing) = framing else {
            // The library is the judge of that; it hangs up.
            self.ready.extend_from_slice(&head);
            self.part = Part::Anything;
            return true;
        };
        match long_query(&head) {
            Some((path, query, version)) => {
                self.move_query(&head, &framing, path, query, version);
            }
            None => self.ready.extend_from_slice(&head),
        }
        self.part = match framing {
            Framing { chunked: true, .. } => Part::ChunkSize,
            Framing { length: 0, .. } => Part::Head,
            Framing { length, .. } => Part::Body(length),
        };
        true
    }

    fn move_query(
        &mut self,
        head: &[u8],
        framing: &Framing,
        method_and_path: &[u8],
        query: &[u8],
        version: &[u8],
    ) {
        let mut put = |bytes: &[u8]| self.ready.extend_from_slice(bytes);
        put(method_and_path);
        put(version);
        put(format!("{MOVED}: {}\r\n", query.len()).as_bytes());
        for line in head.split_inclusive(|byte| *byte == b'\n').skip(1) {
            if !line.trim_ascii().is_empty()
                && header(line)
                    .is_none_or(|(name, _)| !name.eq_ignore_ascii_case(b"content-length"))
            {
                put(line);
            }
        }
        if framing.chunked {
            put(format!("\r\n{:x}\r\n", query.len()).as_bytes());
            put(query);
            put(b"\r\n");
        } else {
            let length = u64::try_from(query.len())
                .unwrap_or(u64::MAX)
                .saturating_add(framing.length);
            put(format!("content-length: {length}\r\n\r\n").as_bytes());
            put(query);
        }
    }
}

/// Where a head ends, if its empty line is there; a line may end without a carriage return.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let crlf = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at + 4);
    let limit = crlf.unwrap_or(bytes.len());
    let bare = bytes[..limit]
        .windows(2)
        .position(|window| window == b"\n\n")
        .map(|at| at + 2);
    bare.or(crlf)
}

/// How the body of a request is delimited.
struct Framing {
    length: u64,
    chunked: bool,
}

impl Framing {
    /// Absent when the head is at odds with itself.
    fn of(head: &[u8]) -> Option<Self> {
        let (mut length, mut chunked) = (None, false);
        for (name, value) in head.split(|byte| *byte == b'\n').skip(1).filter_map(header) {
            if name.eq_ignore_ascii_case(b"content-length") {
                let plain = value.iter().all(u8::is_ascii_digit);
                let number = std::str::from_utf8(value)
                    .ok()
                    .filter(|_| plain)?
                    .parse()
                    .ok()?;
                if length.replace(number).is_some() {
                    return None;
                }
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                if chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return None;
                }
                chunked = true;
            }
        }
        (length.is_none() || !chunked).then(|| Self {
            length: length.unwrap_or(0),
            chunked,
        })
    }
}

fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Method and path, query, and version of a request whose query the library would refuse.
fn long_query(head: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let line = &head[..=head.iter().position(|byte| *byte == b'\n')?];
    let method_end = line.iter().position(|byte| *byte == b' ')?;
    let version = line.windows(6).rposition(|window| window == b" HTTP/")?;
    let target = line.get(method_end + 1..version)?;
    let question = target.iter().position(|byte| *byte == b'?')?;
    let query = &target[question + 1..];
    let fine = |byte: &u8| matches!(byte, 0x21 | 0x24..=0x3b | 0x3d | 0x3f..=0x7e);
    let moves = target.len() > MOST_TARGET_BYTES || !query.iter().all(fine);
    moves.then(|| (&line[..method_end + 1 + question], query, &line[version..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rewrite(pieces: &[&[u8]]) -> String {
        let mut rewriter = Rewriter::default();
        for piece in pieces {
            rewriter.push(piece);
        }
        rewriter.finish();
        String::from_utf8(rewriter.ready.to_vec()).unwrap()
    }

    #[test]
    fn a_query_that_the_library_takes_stays_where_it_is() {
        for stream in [
            "GET /?a=b'()*!~%20+ HTTP/1.1\r\nHost: x\r\n\r\nGET /?b HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\nGET /?\" HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n\r\n\r\n\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\noops\r\nGET /?\" HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}",
            "nonsense\r\n\r\n",
            "\r\nGET /?a HTTP/1.1\n\nGET / HTTP/1.1\r\n\r\n",
            "POST /?\" HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST /?\" HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
            "POST /?\" HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /?\" HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "GET /?\"",
            "",
        ] {
            assert_eq!(rewrite(&[stream.as_bytes()]), stream);
        }
    }

    #[test]
    fn a_query_that_it_would_refuse_moves_to_the_body() {
        let long = "a".repeat(MOST_TARGET_BYTES);
        for (sent, handed_on) in [
            (
                "GET /?a=\"é\" HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nx-kms-emulator-query-length: 6\r\nHost: x\r\ncontent-length: 6\r\n\r\na=\"é\"GET / HTTP/1.1\r\n\r\n",
            ),
            (
                "POST /?a b HTTP/1.1\r\nContent-length: 3\r\nA: b\r\n\r\nc=dGET /?< HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 3\r\nA: b\r\ncontent-length: 6\r\n\r\na bc=d\
                 GET / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\ncontent-length: 1\r\n\r\n<",
            ),
            (
                "\r\nGET /?\" HTTP/1.1\nA: b\n\n",
                "\r\nGET / HTTP/1.1\nx-kms-emulator-query-length: 1\r\nA: b\ncontent-length: 1\r\n\r\n\"",
            ),
            (
                "POST /?# HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n#\r\n1\r\nc\r\n0\r\n\r\n",
            ),
            (
                &format!("GET /?{long} HTTP/1.1\r\n\r\n"),
                &format!(
                    "GET / HTTP/1.1\r\nx-kms-emulator-query-length: 60000\r\ncontent-length: 60000\r\n\r\n{long}"
                ),
            ),
        ] {
            assert_eq!(rewrite(&[sent.as_bytes()]), handed_on);
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_a_stream_is_cut(cuts in proptest::collection::vec(1..40_usize, 0..30)) {
            let stream = "GET /?\" HTTP/1.1\r\n\r\nPOST /?é HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n\
                          POST /?a HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\nGET /?< HTTP/1.1\r\n\r\n";
            let mut pieces = Vec::new();
            let mut rest = stream.as_bytes();
            for cut in cuts {
                let (piece, other) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = other;
            }
            pieces.push(rest);
            prop_assert_eq!(rewrite(&pieces), rewrite(&[stream.as_bytes()]));
        }
    }
}
