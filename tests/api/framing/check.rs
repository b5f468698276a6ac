//! Checks that the rewriter and the HTTP library find the same requests in a stream of bytes. The
//! fuzz target `framing` uses it too.

use actix_http::h1::{Codec, Message, MessageType};
use actix_http::{HttpMessage, Request, ServiceConfig};
use bytes::BytesMut;
use kms_emulator::server::{Limits, Rewritten, rewrite};
use tokio_util::codec::Decoder;

const MOVED: &str = "x-kms-emulator-query-length";
const REFUSED: &str = "x-kms-emulator-refused";
/// Headers that the rewriter removes or replaces.
const CHANGED: [&str; 7] = [
    MOVED,
    REFUSED,
    "connection",
    "content-length",
    "proxy-authorization",
    "proxy-connection",
    "upgrade",
];

/// Parts from which streams similar to requests are assembled.
pub static TOKENS: [&str; 51] = [
    "GET",
    "POST",
    "CONNECT",
    "OPTIONS",
    " ",
    "/",
    "/?a=b",
    "/?\"<",
    "*",
    "http://localhost/?x",
    " HTTP/1.1",
    " HTTP/1.0",
    " HTTP/1.1\r\n",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    "\0",
    "\t",
    "#",
    "GET /?\" HTTP/1.1\r\nHost: x\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /?< HTTP/1.0\r\nContent-Length: 3\r\n",
    "Host: x\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 0\r\n",
    "Content-Length",
    "Transfer-Encoding: chunked\r\n",
    "transfer-encoding: Chunked\r\n",
    "Transfer-Encoding: ",
    "Connection: Upgrade, close\r\n",
    "Upgrade: websocket\r\n",
    "Upgrade: h2c\r\n",
    "Expect: 100-continue\r\n",
    "Proxy-Authorization: Basic eDp5\r\n",
    "x-kms-emulator-refused: 1\r\n",
    "X-Kms-Emulator-Query-Length: 3\r\n",
    "A: b\r\n",
    ":",
    " b",
    "3\r\nabc\r\n",
    "3;x=y\r\nabc\r\n",
    "0\r\n",
    "0\r\n\r\n",
    "0\r\nT: u\r\n\r\n",
    "3",
    "abc",
    ";",
    "fffffffffffffffff\r\n",
    "é",
];

thread_local! {
    // Only the construction needs a runtime.
    static CONFIG: ServiceConfig =
        actix_web::rt::System::new().block_on(async { ServiceConfig::default() });
}

/// A request as the library decodes it.
#[derive(Debug)]
struct Decoded {
    request: Request,
    body: Vec<u8>,
    /// The position of its end; `None` if the stream ends before.
    end: Option<usize>,
    /// Whether the library reads the rest of the stream as its body.
    is_stream: bool,
}

impl Decoded {
    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    fn other_headers(&self) -> Vec<(String, Vec<u8>)> {
        let headers = self.request.headers().iter();
        let mut headers: Vec<_> = headers
            .filter(|(name, _)| !CHANGED.contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect();
        headers.sort();
        headers
    }
}

/// Decodes a stream with the library. Returns the requests, and whether decoding failed.
fn decode(stream: &[u8]) -> (Vec<Decoded>, bool) {
    let mut codec = CONFIG.with(|config| Codec::new(config.clone()));
    let mut rest = BytesMut::from(stream);
    let mut requests: Vec<Decoded> = Vec::new();
    loop {
        let message = codec.decode(&mut rest);
        let consumed = stream.len() - rest.len();
        match message {
            Ok(None) => return (requests, false),
            Err(_) => return (requests, true),
            Ok(Some(Message::Item(request))) => {
                let message_type = codec.message_type();
                requests.push(Decoded {
                    request,
                    body: Vec::new(),
                    end: matches!(message_type, MessageType::None).then_some(consumed),
                    is_stream: matches!(message_type, MessageType::Stream),
                });
            }
            Ok(Some(Message::Chunk(chunk))) => {
                let request = requests.last_mut().expect("a body follows a head");
                match chunk {
                    Some(bytes) => request.body.extend_from_slice(&bytes),
                    None => request.end = Some(consumed),
                }
            }
        }
    }
}

/// Asserts that rewriter and library agree on each request of a stream, and that the division into
/// pieces makes no difference.
///
/// # Panics
///
/// If they disagree.
pub fn check(limits: Limits, pieces: &[&[u8]]) -> Rewritten {
    let stream = pieces.concat();
    let rewritten = rewrite(limits, pieces.iter().copied());
    let whole = rewrite(limits, [&*stream]);
    assert_eq!(whole.output, rewritten.output, "pieces matter");
    assert_eq!(whole.ends, rewritten.ends, "pieces matter");

    let (requests, failed) = decode(&rewritten.output);
    assert!(!failed, "the library rejects the output of the rewriter");
    let complete = rewritten.ends.len();
    let mut begin = 0;
    for (index, (input_end, output_end)) in rewritten.ends.iter().enumerate() {
        let request = &requests[index];
        assert_eq!(request.end, Some(*output_end), "request {index}");
        compare(&stream[begin..*input_end], request, limits);
        begin = *input_end;
    }
    let others = &requests[complete..];
    if rewritten.refused {
        assert_eq!(others.len(), 1, "only the rejection follows");
        assert_eq!(others[0].end, Some(rewritten.output.len()));
        assert!(others[0].header(REFUSED).is_some());
        assert_eq!(others[0].request.headers().len(), 2);
    } else {
        assert!(others.len() <= 1, "only the last request is incomplete");
        assert!(others.iter().all(|request| request.end.is_none()));
    }
    rewritten
}

/// Compares a request as the library decodes it without the rewriter with the rewritten one.
fn compare(sent: &[u8], rewritten: &Decoded, limits: Limits) {
    assert!(rewritten.header(REFUSED).is_none());
    assert!(rewritten.header("upgrade").is_none());
    assert!(!rewritten.is_stream);
    let moved: Option<usize> = rewritten.header(MOVED).map(|text| text.parse().unwrap());
    let (sent, query) = match moved {
        None => (sent.to_vec(), Vec::new()),
        Some(length) => without_query(sent, length),
    };
    let (requests, failed) = decode(&sent);
    assert!(!failed, "the library rejects the original request");
    assert_eq!(requests.len(), 1, "the library sees other requests");
    let raw = &requests[0];
    assert_eq!(raw.request.method(), rewritten.request.method());
    assert_eq!(raw.request.uri(), rewritten.request.uri());
    assert_eq!(raw.request.version(), rewritten.request.version());
    assert_eq!(raw.other_headers(), rewritten.other_headers());
    assert!(raw.request.headers().len() <= usize::from(limits.headers));
    assert_eq!(query, rewritten.body[..query.len()]);
    if !raw.is_stream {
        assert_eq!(raw.end, Some(sent.len()));
        assert_eq!(raw.body, rewritten.body[query.len()..]);
    }
}

/// Splits a request into itself without its query, which has this length, and the query.
fn without_query(sent: &[u8], length: usize) -> (Vec<u8>, Vec<u8>) {
    let begin = sent.iter().position(|byte| *byte == b'?').unwrap();
    let query = &sent[begin + 1..=begin + length];
    let rest = &sent[begin + 1 + length..];
    assert!(rest.starts_with(b" HTTP/1."));
    ([&sent[..begin], rest].concat(), query.to_vec())
}
