//! A client that sends prepared bytes and reads replies, one request at a time.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// After this time without a request the server may have closed the connection.
const STALE: Duration = Duration::from_secs(1);

/// The interval of checks whether to give up.
const TICK: Duration = Duration::from_millis(500);

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A complete reply with this status.
    Status(u16),
    /// The connection was closed before the reply was complete.
    Closed,
    /// The client gave up.
    GaveUp,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Closed => f.write_str("closed"),
            Self::GaveUp => f.write_str("gave up"),
        }
    }
}

pub struct Client {
    address: SocketAddr,
    connection: Option<(TcpStream, Instant)>,
    /// The body of the last reply.
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            connection: None,
            body: Vec::new(),
        }
    }

    /// Sends a request and reads the reply, until `give_up` returns true.
    pub fn send(&mut self, request: &[u8], give_up: impl Fn() -> bool) -> Outcome {
        let open = self.connection.take();
        let open = open.filter(|(_, used)| used.elapsed() < STALE);
        let mut stream = match open {
            Some((stream, _)) => stream,
            None => match TcpStream::connect_timeout(&self.address, Duration::from_secs(10)) {
                Ok(stream) => stream,
                Err(_) => return Outcome::Closed,
            },
        };
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(TICK));
        let _ = stream.set_write_timeout(Some(TICK));
        let mut sent = 0;
        while sent < request.len() {
            match stream.write(&request[sent..]) {
                Ok(count) => sent += count,
                Err(error) if is_timeout(error.kind()) => {
                    if give_up() {
                        return Outcome::GaveUp;
                    }
                }
                // The server may have sent a reply.
                Err(_) => break,
            }
        }
        let (outcome, is_kept) = self.read(&mut stream, give_up);
        if is_kept && sent == request.len() {
            self.connection = Some((stream, Instant::now()));
        }
        outcome
    }

    /// Sends a request and expects a reply within half a minute.
    pub fn request(&mut self, request: &[u8]) -> Outcome {
        let start = Instant::now();
        self.send(request, || start.elapsed() > Duration::from_secs(30))
    }

    fn read(&mut self, stream: &mut TcpStream, give_up: impl Fn() -> bool) -> (Outcome, bool) {
        let mut bytes = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        let mut head: Option<Head> = None;
        loop {
            match stream.read(&mut chunk) {
                Ok(0) | Err(_) if head.is_none() && bytes.is_empty() => {
                    // A read that timed out is an error too.
                    if give_up() {
                        return (Outcome::GaveUp, false);
                    }
                    if is_closed(stream) {
                        return (Outcome::Closed, false);
                    }
                }
                Ok(0) => return (Outcome::Closed, false),
                Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                Err(error) if is_timeout(error.kind()) => {
                    if give_up() {
                        return (Outcome::GaveUp, false);
                    }
                }
                Err(_) => return (Outcome::Closed, false),
            }
            if head.is_none() {
                head = Head::parse(&bytes);
            }
            if let Some(head) = &head
                && bytes.len() >= head.length + head.body
            {
                self.body = bytes.split_off(head.length);
                return (Outcome::Status(head.status), !head.closes);
            }
        }
    }
}

fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn is_closed(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => !is_timeout(error.kind()),
    }
}

/// The head of a reply. The server always declares the length of a body, except of an event stream.
struct Head {
    status: u16,
    length: usize,
    body: usize,
    closes: bool,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let text = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let value = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        Some(Self {
            status: text.split(' ').nth(1)?.parse().ok()?,
            length: end + 4,
            body: value("content-length").map_or(0, |length| length.parse().unwrap_or(0)),
            closes: value("connection") == Some("close"),
        })
    }
}
