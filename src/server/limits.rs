//! How much a client may send, for how long, and how many may at once.

use std::time::Duration;

/// As many headers as the HTTP library takes in one request.
pub const MOST_HEADERS: u16 = 96;

/// As many bytes of headers as surely fit into the library's buffer, next to a request line.
pub const MOST_HEADER_BYTES: u32 = 64 * 1024;

/// The limits of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Headers of a request, up to [`MOST_HEADERS`].
    pub headers: u16,
    /// Bytes of all headers of a request with their line ends, up to [`MOST_HEADER_BYTES`]. The
    /// request line is not counted: a query may be long.
    pub header_bytes: u32,
    /// Bytes of a body.
    pub body_bytes: u32,
    /// Time for a request to arrive: from its first byte, or from the acceptance of a connection
    /// that is new, to its last. Any time when absent.
    pub request_timeout: Option<Duration>,
    /// Time for which a reply may wait for a client that does not read; its connection is then closed.
    /// Any time when absent.
    pub write_timeout: Option<Duration>,
    /// Time for which a connection is kept between two requests; closed after each answer when
    /// absent. A second at the least: the HTTP library's clock ticks only twice in one.
    pub keep_alive: Option<Duration>,
    /// Connections at once, on all addresses together. For one more, the connection that has been
    /// silent the longest is closed; where requests are answered on all of them, it waits.
    pub connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: MOST_HEADERS,
            header_bytes: MOST_HEADER_BYTES,
            // Nothing that the real services accept comes near.
            body_bytes: 10 * 1024 * 1024,
            request_timeout: Some(Duration::from_secs(30)),
            write_timeout: Some(Duration::from_secs(30)),
            // Node's clients keep a connection until the server closes it, and fail when that happens
            // while they are stopped at a breakpoint.
            keep_alive: Some(Duration::from_secs(75)),
            connections: 1024,
        }
    }
}
