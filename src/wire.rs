//! One HTTP exchange as plain values: all that the dialects know of HTTP.

/// A request as it arrived: nothing decoded, nothing checked.
#[derive(Debug, Clone)]
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

/// A reply, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireReply {
    /// The HTTP status code.
    pub status: u16,
    /// Header names and values beside `Content-Length` and `Date`, which the server adds.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}
