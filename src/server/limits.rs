//! The limits for clients: sizes, times, connections.

use std::time::Duration;

/// The maximum number of headers that the HTTP library accepts.
pub const MAX_HEADERS: u16 = 96;

/// The maximum size of the headers: with a request line, they fit into the buffer of the library.
pub const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// The limits of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The maximum number of headers of a request, up to [`MAX_HEADERS`].
    pub headers: u16,
    /// The maximum size of all header lines of a request, up to [`MAX_HEADER_BYTES`]. Without the
    /// request line, because a query may be long.
    pub header_bytes: u32,
    /// The maximum size of a body in bytes.
    pub body_bytes: u32,
    /// The maximum time from the first byte of a request to its last byte. For the first request of a
    /// connection it starts when the connection is accepted. Unlimited if absent.
    pub request_timeout: Option<Duration>,
    /// The maximum time that a write waits for a client that does not read. The connection is closed
    /// then. Unlimited if absent.
    pub write_timeout: Option<Duration>,
    /// How long an idle connection is kept open. If absent, a connection is closed after each reply.
    /// At least a second, because the clock of the HTTP library ticks twice a second.
    pub keep_alive: Option<Duration>,
    /// The maximum number of open connections on all addresses. For a new one, the connection that has
    /// been silent longest is closed; if all are busy, the new connection waits.
    pub connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: MAX_HEADERS,
            header_bytes: MAX_HEADER_BYTES,
            // Larger than every request that the real services accept.
            body_bytes: 10 * 1024 * 1024,
            request_timeout: Some(Duration::from_secs(30)),
            write_timeout: Some(Duration::from_secs(30)),
            // Clients on Node fail if the server closes an idle connection while they are stopped at a
            // breakpoint, so this is longer than the default of most servers.
            keep_alive: Some(Duration::from_secs(75)),
            connections: 1024,
        }
    }
}
