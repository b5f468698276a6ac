//! Lets requests in whose query the HTTP library would refuse, and keeps those out that go too far.
//!
//! The library keeps a request target in a type that holds 65,534 bytes and no character that
//! should have been percent-encoded; what does not fit is answered with an empty 400 that no API
//! client understands. Clients send such: the classic SDKs put every parameter into the query, a
//! secret of 30 kB among them, tripled by its encoding, and a curl command carries quotes and
//! Chinese as they were typed.
//!
//! A [`Rewriter`] moves such a query in front of the body and writes its length into a header;
//! [`split`] undoes that. In the place of a request with too many headers, or one that takes too
//! long to arrive, it hands on one that [`refusal`] knows, and nothing more. Everything else passes
//! unchanged.
//!
//! [`refusal`]: super::refusal

use bytes::BytesMut;
use memchr::{memchr, memchr_iter, memrchr};

use super::limits::{Limits, MOST_HEADERS};
use super::refusal::Refusal;

/// The header with the length of a moved query.
const MOVED: &str = "x-kms-emulator-query-length";

/// The header with the status for a request that is refused. Next to it there is a host only.
pub(super) const REFUSED: &str = "x-kms-emulator-refused";

/// A longer target is moved even if its characters are fine.
const MOST_TARGET_BYTES: usize = 60_000;

/// A head, or line of a chunk's size, that is longer is left to the library to refuse.
const MOST_HEAD_BYTES: usize = 11 * 1024 * 1024;
const MOST_CHUNK_LINE_BYTES: usize = 1024;

/// Which bytes the library takes in a query.
const FINE: [bool; 256] = {
    let mut fine = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        fine[byte] = matches!(byte, 0x21 | 0x24..=0x3b | 0x3d | 0x3f..=0x7e);
        byte += 1;
    }
    fine
};

/// How many headers more than its sender gave it a request with a moved query can have.
const ADDED_HEADERS: usize = 2;

/// The length of the query that was moved in front of a body; absent when none was moved.
/// `header` looks up a header of the request.
pub(super) fn moved_length<'h>(header: impl Fn(&str) -> Option<&'h str>) -> Option<usize> {
    let length = header(MOVED)?.parse().ok()?;
    (length <= MOST_HEAD_BYTES).then_some(length)
}

/// Takes a moved query of this length off the front of a body.
pub(super) fn split(length: usize, body: &mut BytesMut) -> Option<BytesMut> {
    (length <= body.len()).then(|| body.split_to(length))
}

/// Rewrites the bytes of a connection, however they are cut into pieces.
pub(super) struct Rewriter {
    limits: Limits,
    /// Received and not yet understood.
    pub(super) incoming: BytesMut,
    /// To be handed on.
    pub(super) ready: BytesMut,
    pub(super) part: Part,
    /// How much of `incoming` is known not to end a head.
    searched: usize,
    /// How long the request line in `incoming` is, once it is known.
    line: Option<usize>,
    /// Whether the end of a request has been seen; for the reader to take.
    pub(super) completed: bool,
}

/// The part of a request that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Part {
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
    /// Nothing more: a request was refused.
    Refused,
}

impl Rewriter {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            incoming: BytesMut::new(),
            ready: BytesMut::new(),
            part: Part::Head,
            searched: 0,
            line: None,
            completed: false,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.incoming.extend_from_slice(bytes);
        while !self.incoming.is_empty() && self.advance() {}
    }

    pub(super) fn is_between_requests(&self) -> bool {
        self.part == Part::Head && self.incoming.is_empty()
    }

    /// Hands on what is left.
    pub(super) fn finish(&mut self) {
        if self.part != Part::Refused {
            self.part = Part::Anything;
            self.advance();
        }
    }

    /// Hands on what stands for the request under way, and nothing after it.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.incoming.clear();
        let request = format!(
            "GET / HTTP/1.1\r\nhost: -\r\n{REFUSED}: {}\r\n\r\n",
            refusal.status()
        );
        self.ready.extend_from_slice(request.as_bytes());
        self.part = Part::Refused;
    }

    /// What comes after a part of a request.
    fn go_on_with(&mut self, part: Part) {
        self.completed |= part == Part::Head;
        self.part = part;
    }

    /// Handles the next part, or as much of it as is there. Returns whether more could be done.
    fn advance(&mut self) -> bool {
        match self.part {
            Part::Head => return self.head(),
            Part::Body(length) | Part::Chunk(length) => {
                let available = u64::try_from(self.incoming.len()).unwrap_or(u64::MAX);
                let count = length.min(available);
                self.hand_on(usize::try_from(count).unwrap_or(usize::MAX));
                self.go_on_with(match (self.part, length - count) {
                    (Part::Chunk(_), 0) => Part::ChunkSize,
                    (_, 0) => Part::Head,
                    (Part::Chunk(_), rest) => Part::Chunk(rest),
                    (_, rest) => Part::Body(rest),
                });
            }
            Part::ChunkSize | Part::Trailer => {
                let Some(end) = memchr(b'\n', &self.incoming) else {
                    if self.incoming.len() > MOST_CHUNK_LINE_BYTES {
                        self.part = Part::Anything;
                        return true;
                    }
                    return false;
                };
                let line = self.incoming[..end].trim_ascii();
                self.go_on_with(match (self.part, chunk_size(line)) {
                    (Part::Trailer, _) if line.is_empty() => Part::Head,
                    (Part::Trailer, _) | (_, Some(0)) => Part::Trailer,
                    (_, Some(size)) => Part::Chunk(size.saturating_add(2)),
                    (_, None) => Part::Anything,
                });
                self.hand_on(end + 1);
            }
            Part::Anything => self.hand_on(self.incoming.len()),
            Part::Refused => self.incoming.clear(),
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
        let end = head_end(unsearched);
        if self.line.is_none() {
            let line = memchr(b'\n', unsearched);
            self.line = line.map(|at| self.searched + at + 1);
        }
        let line = self.line.unwrap_or(usize::MAX);
        let Some(end) = end else {
            self.searched = self.incoming.len().saturating_sub(3);
            // Of the empty line that ends a head, a part may be there.
            if self.incoming.len().saturating_sub(line) > self.most_header_bytes() + 1 {
                self.refuse(Refusal::TooLargeHeaders);
                return true;
            }
            if self.incoming.len() > MOST_HEAD_BYTES {
                self.part = Part::Anything;
                return true;
            }
            return false;
        };
        let mut head = self.incoming.split_to(self.searched + end);
        self.searched = 0;
        self.line = None;
        let empty_line = if head.ends_with(b"\r\n") { 2 } else { 1 };
        let header_bytes = head.len().saturating_sub(line.saturating_add(empty_line));
        // The others are the request line, the empty line and what comes after that: nothing.
        let headers = memchr_iter(b'\n', &head).count().saturating_sub(2);
        if header_bytes > self.most_header_bytes() || headers > usize::from(self.limits.headers) {
            self.refuse(Refusal::TooLargeHeaders);
            return true;
        }
        let framing = Framing::of(&head);
        let Some(framing) = framing else {
            // The library is the judge of that; it hangs up.
            self.ready.extend_from_slice(&head);
            self.part = Part::Anything;
            return true;
        };
        if framing.has_unwanted {
            head = without_unwanted(&head);
        }
        match long_query(&head) {
            Some(_) if headers + ADDED_HEADERS > usize::from(MOST_HEADERS) => {
                self.refuse(Refusal::TooLargeHeaders);
                return true;
            }
            Some((path, query, version)) => {
                self.move_query(&head, &framing, path, query, version);
            }
            None => self.ready.extend_from_slice(&head),
        }
        self.go_on_with(match framing {
            Framing { chunked: true, .. } => Part::ChunkSize,
            Framing { length: 0, .. } => Part::Head,
            Framing { length, .. } => Part::Body(length),
        });
        true
    }

    fn most_header_bytes(&self) -> usize {
        usize::try_from(self.limits.header_bytes).unwrap_or(usize::MAX)
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
        for line in lines(head).skip(1) {
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
    memchr_iter(b'\n', bytes).find_map(|at| {
        if bytes[at + 1..].starts_with(b"\n") {
            Some(at + 2)
        } else if bytes[..at].ends_with(b"\r") && bytes[at + 1..].starts_with(b"\r\n") {
            Some(at + 3)
        } else {
            None
        }
    })
}

/// How the body of a request is delimited.
struct Framing {
    length: u64,
    chunked: bool,
    /// Whether there is a header that is not handed on.
    has_unwanted: bool,
}

impl Framing {
    /// Absent when the head is at odds with itself.
    fn of(head: &[u8]) -> Option<Self> {
        let (mut length, mut chunked, mut has_unwanted) = (None, false, false);
        for (name, value) in lines(head).skip(1).filter_map(header) {
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
            } else if is_unwanted(name, value) {
                has_unwanted = true;
            }
        }
        (length.is_none() || !chunked).then(|| Self {
            length: length.unwrap_or(0),
            chunked,
            has_unwanted,
        })
    }
}

/// The lines of a head, each with its end.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut begin = 0;
    memchr_iter(b'\n', head).map(move |at| {
        let line = &head[begin..=at];
        begin = at + 1;
        line
    })
}

fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr(b':', line)?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

/// Whether a header is not handed on: one that only this module may send, and an offer to go on in
/// another protocol, which some clients make with every request and which the library would take as the
/// end of HTTP on this connection.
fn is_unwanted(name: &[u8], value: &[u8]) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
    is(MOVED) || is(REFUSED) || is("upgrade") || is("connection") && offers_upgrade(value)
}

fn offers_upgrade(connection: &[u8]) -> bool {
    connection
        .split(|byte| *byte == b',')
        .any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
}

/// A head without what is not handed on.
fn without_unwanted(head: &[u8]) -> BytesMut {
    let kept = lines(head)
        .filter(|line| header(line).is_none_or(|(name, value)| !is_unwanted(name, value)));
    kept.flatten().copied().collect()
}

fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Method and path, query, and version of a request whose query the library would refuse.
fn long_query(head: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let line = &head[..=memchr(b'\n', head)?];
    let method_end = memchr(b' ', line)?;
    let version = memrchr(b' ', line).filter(|at| line[*at..].starts_with(b" HTTP/"))?;
    let target = line.get(method_end + 1..version)?;
    let question = memchr(b'?', target)?;
    let query = &target[question + 1..];
    let moves =
        target.len() > MOST_TARGET_BYTES || !query.iter().all(|byte| FINE[usize::from(*byte)]);
    moves.then(|| (&line[..method_end + 1 + question], query, &line[version..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rewrite(pieces: &[&[u8]]) -> String {
        let mut rewriter = Rewriter::new(Limits::default());
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

    #[test]
    fn a_head_that_goes_too_far_is_replaced_and_nothing_follows() {
        let refused = "GET / HTTP/1.1\r\nhost: -\r\nx-kms-emulator-refused: 431\r\n\r\n";
        let limits = Limits {
            headers: 2,
            header_bytes: 10,
            ..Limits::default()
        };
        for (sent, handed_on) in [
            ("GET / HTTP/1.1\r\nA:b\r\nC:d\r\n\r\nx", None),
            ("GET / HTTP/1.1\nA:bcdef\nC\n\n", None),
            ("GET / HTTP/1.1\r\nA:bcdefgh", None),
            ("GET / HTTP/1.1\r\nA:bcdef\r\nC\r\n\r\nGET", Some(refused)),
            ("GET / HTTP/1.1\r\nA:bcdefghijkl", Some(refused)),
            ("GET /?\" HTTP/1.1\nA\nB\nC\n\nGET /", Some(refused)),
            ("POST /?\" HTTP/1.1\nA\nB\nC\n\nGET /", Some(refused)),
        ] {
            for pieces in [vec![sent.as_bytes()], sent.as_bytes().chunks(1).collect()] {
                let mut rewriter = Rewriter::new(limits);
                for piece in pieces {
                    rewriter.push(piece);
                }
                rewriter.finish();
                assert_eq!(rewriter.ready, handed_on.unwrap_or(sent), "{sent}");
            }
        }
        // A moved query needs headers of its own, for which the library must have room.
        let moved = |headers| format!("GET /?\" HTTP/1.1\n{}\n", "A\n".repeat(headers));
        assert!(rewrite(&[moved(94).as_bytes()]).contains(MOVED));
        assert_eq!(rewrite(&[moved(95).as_bytes()]), refused);
    }

    #[test]
    fn what_only_this_module_says_is_taken_out_of_what_a_client_says() {
        assert_eq!(
            rewrite(&[b"POST /?< HTTP/1.1\r\nX-KMS-Emulator-Refused: 431\r\nx-kms-emulator-query-length:1\r\nA: b\r\n\r\n"]),
            "POST / HTTP/1.1\r\nx-kms-emulator-query-length: 1\r\nA: b\r\ncontent-length: 1\r\n\r\n<",
        );
        assert_eq!(
            rewrite(&[b"GET / HTTP/1.1\r\nX-KMS-Emulator-Refused: 431\r\nA: b\r\n\r\n"]),
            "GET / HTTP/1.1\r\nA: b\r\n\r\n",
        );
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
