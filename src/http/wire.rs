//! One HTTP exchange as plain values: all that the dialects know of HTTP.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// A request as it arrived: nothing decoded, nothing checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WireRequest<'a> {
    /// The HTTP method, as sent.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The text behind `?`, still percent-encoded; empty when there is none.
    pub query: &'a str,
    /// Header names and values in the order received. A value that is not UTF-8 is left out: no
    /// client sends one, and none could sign it.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body, de-chunked; as an error, what was received of one that could not be read to its end,
    /// because it is too long or badly delimited.
    #[serde(borrow, with = "body")]
    pub body: Result<&'a [u8], &'a [u8]>,
}

impl<'a> WireRequest<'a> {
    /// The first value of the header `name`, whatever the letter case of either.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.header_values(name).next()
    }

    /// Every value of the header `name`, in the order received.
    pub fn header_values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

/// How a request's body is written down: as bytes, not as a list of numbers.
mod body {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_bytes::Bytes;

    type Body<'a> = Result<&'a [u8], &'a [u8]>;

    pub fn serialize<S: Serializer>(body: &Body, serializer: S) -> Result<S::Ok, S::Error> {
        let body = body.map(Bytes::new).map_err(Bytes::new);
        body.serialize(serializer)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Body<'a>, D::Error> {
        let body = Result::<&Bytes, &Bytes>::deserialize(deserializer)?;
        Ok(body.map(AsRef::as_ref).map_err(AsRef::as_ref))
    }
}

/// The headers of a reply: most of them are the same in all replies.
pub type Headers = Vec<(&'static str, Cow<'static, str>)>;

/// A reply, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireReply {
    /// The HTTP status code.
    pub status: u16,
    /// Header names and values beside `Content-Length` and `Date`, which the server adds.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// What is to happen to it on its way.
    pub delivery: Delivery,
    /// More of the body, sent for as long as the client listens.
    pub continuation: Option<Continuation>,
}

/// The rest of a body whose parts are sent as they come.
#[derive(Clone)]
pub struct Continuation(Arc<dyn Fn() -> Box<dyn Parts> + Send + Sync>);

/// The parts of a body that has no end.
pub trait Parts: Send {
    /// Waits for the next part.
    fn next(&mut self) -> BoxFuture<'_, Bytes>;
}

impl Continuation {
    /// The parts that `start` begins to produce once the head of the reply is sent.
    pub fn new(start: impl Fn() -> Box<dyn Parts> + Send + Sync + 'static) -> Self {
        Self(Arc::new(start))
    }

    /// Begins to produce the parts.
    #[must_use]
    pub fn start(&self) -> Box<dyn Parts> {
        (self.0)()
    }
}

impl fmt::Debug for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Continuation")
    }
}

impl PartialEq for Continuation {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Continuation {}

/// What happens to a reply on its way to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivery {
    /// How long it is held back.
    pub delay: Duration,
    /// Where it breaks off, if it does.
    pub cut: Option<Cut>,
}

/// Where a reply breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cut {
    /// Before its first byte: the connection is reset.
    Reset,
    /// Behind this many bytes of its body, of which the head promises more.
    Body(usize),
}

/// A request that outlives the connection it came over, in few pieces of memory.
#[derive(Debug, Clone)]
pub struct OwnedRequest {
    /// Method, path, query, and the names and values of the headers, one behind the other.
    text: String,
    /// Where each of them ends in `text`.
    ends: Vec<usize>,
    body: Vec<u8>,
    has_whole_body: bool,
}

impl From<&WireRequest<'_>> for OwnedRequest {
    fn from(wire: &WireRequest) -> Self {
        let headers = wire.headers.iter();
        let headers = headers.flat_map(|(name, value)| [*name, *value]);
        let pieces = [wire.method, wire.path, wire.query];
        let mut text = String::new();
        let mut ends = Vec::with_capacity(pieces.len() + 2 * wire.headers.len());
        for piece in pieces.into_iter().chain(headers) {
            text.push_str(piece);
            ends.push(text.len());
        }
        let (Ok(body) | Err(body)) = wire.body;
        Self {
            text,
            ends,
            body: body.to_vec(),
            has_whole_body: wire.body.is_ok(),
        }
    }
}

impl OwnedRequest {
    /// The request as it was.
    #[must_use]
    pub fn as_wire(&self) -> WireRequest<'_> {
        let mut start = 0;
        let mut pieces = self.ends.iter().map(|end| {
            let piece = &self.text[start..*end];
            start = *end;
            piece
        });
        let mut next = || pieces.next().unwrap_or_default();
        let (method, path, query) = (next(), next(), next());
        let mut headers = Vec::with_capacity(self.ends.len() / 2);
        while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
            headers.push((name, value));
        }
        WireRequest {
            method,
            path,
            query,
            headers,
            body: if self.has_whole_body {
                Ok(&self.body)
            } else {
                Err(&self.body)
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owned_request_equals_the_original() {
        for body in [Ok(&b"{}"[..]), Err(&b"{"[..])] {
            let wire = WireRequest {
                method: "POST",
                path: "/",
                query: "Action=ListSecrets",
                headers: vec![("host", "localhost"), ("x-empty", ""), ("x-last", "密")],
                body,
            };
            let owned = OwnedRequest::from(&wire);
            let again = owned.as_wire();
            assert_eq!(
                (
                    again.method,
                    again.path,
                    again.query,
                    again.headers,
                    again.body
                ),
                (wire.method, wire.path, wire.query, wire.headers, wire.body)
            );
        }
    }
}
