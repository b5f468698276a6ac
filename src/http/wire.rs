//! Requests and replies as plain values.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// A request as received, without decoding or checks. Its texts are slices of one buffer, so that parsed
/// parts can refer to it without copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireRequest {
    /// The HTTP method, as sent.
    pub method: ByteString,
    /// The path, without the query.
    pub path: ByteString,
    /// The text after `?`, still percent-encoded; empty if there is none.
    pub query: ByteString,
    /// Header names and values in the order received. Values that are not UTF-8 are omitted: no client
    /// sends or could sign them.
    pub headers: Vec<(ByteString, ByteString)>,
    /// The decoded body. An error is the received part of a body that is too long or badly delimited.
    pub body: Result<Bytes, Bytes>,
    /// The client that sent the request. The journal does not record it.
    #[serde(skip)]
    pub client: Client,
}

/// The client of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Client {
    /// Its address; absent if it is unknown.
    pub ip: Option<IpAddr>,
    /// Whether the connection is encrypted.
    pub is_encrypted: bool,
}

impl WireRequest {
    /// A request with these parts. Copies the texts into one buffer.
    pub fn new<'t>(
        method: &str,
        path: &str,
        query: &str,
        headers: impl IntoIterator<Item = (&'t str, &'t str)>,
        body: Result<Bytes, Bytes>,
    ) -> Self {
        let mut text = String::with_capacity(1024);
        let mut ends = Vec::with_capacity(48);
        let headers = headers.into_iter();
        let headers = headers.flat_map(|(name, value)| [name, value]);
        for part in [method, path, query].into_iter().chain(headers) {
            text.push_str(part);
            ends.push(text.len());
        }
        let text = ByteString::from(text);
        let mut start = 0;
        let mut parts = ends.into_iter().map(|end| {
            let part = text.slice_ref(&text[start..end]);
            start = end;
            part
        });
        let mut next = || parts.next().unwrap_or_default();
        let (method, path, query) = (next(), next(), next());
        let mut headers = Vec::with_capacity(24);
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            headers.push((name, value));
        }
        Self {
            method,
            path,
            query,
            headers,
            body,
            client: Client::default(),
        }
    }

    /// The first value of the header `name`, ignoring case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).next()
    }

    /// Every value of the header `name`, ignoring case, in the order received.
    pub fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    /// The body, or the received part of it.
    #[must_use]
    pub fn received(&self) -> &Bytes {
        let (Ok(body) | Err(body)) = &self.body;
        body
    }

    /// The whole body; empty if it was not received completely.
    #[must_use]
    pub fn whole_body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

/// The headers of a reply: most of them are the same in all replies.
pub type Headers = Vec<(&'static str, Cow<'static, str>)>;

/// A reply, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireReply {
    /// The HTTP status code.
    pub status: u16,
    /// Header names and values, without `Content-Length` and `Date`, which the server adds.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// How the reply is delivered.
    pub delivery: Delivery,
    /// The rest of an endless body.
    pub continuation: Option<Continuation>,
}

/// The rest of an endless body, whose parts are sent when they are available.
#[derive(Clone)]
pub struct Continuation(Arc<dyn Fn() -> Box<dyn Parts> + Send + Sync>);

/// The parts of a body that has no end.
pub trait Parts: Send {
    /// Waits for the next part.
    fn next(&mut self) -> BoxFuture<'_, Bytes>;
}

impl Continuation {
    /// A body whose parts `start` produces after the head of the reply is sent.
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

/// How a reply is delivered to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivery {
    /// The delay before it is sent.
    pub delay: Duration,
    /// Where it is cut off, if it is.
    pub cut: Option<Cut>,
    /// The header `Date`, if it is not the time of the server's clock.
    pub date: Option<DateTime<Utc>>,
}

/// Where a reply is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cut {
    /// Before the first byte: the connection is reset.
    Reset,
    /// After this number of bytes of the body; the head announces more.
    Body(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_request_has_the_given_parts() {
        let headers = [("host", "localhost"), ("x-empty", ""), ("X-Last", "密")];
        let body = Err(Bytes::from_static(b"{"));
        let request = WireRequest::new("POST", "/", "Action=ListSecrets", headers, body.clone());
        assert_eq!(
            (&*request.method, &*request.path, &*request.query),
            ("POST", "/", "Action=ListSecrets")
        );
        let found = request
            .headers
            .iter()
            .map(|(name, value)| (&**name, &**value));
        assert!(found.eq(headers));
        assert_eq!(request.header("x-last"), Some("密"));
        assert_eq!(request.body, body);
    }
}
