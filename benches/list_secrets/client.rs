//! A client that measures requests per second.
//!
//! It shares the cores with the server. What it costs itself lowers all rates and makes them more alike, so
//! requests are prepared, and only the heads of replies are read.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{join, join_all};
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// The number of connections of a client, unless a table says otherwise.
pub const CONNECTIONS: usize = 32;
/// The number of measurements of each rate; tables show the median.
pub const ROUNDS: usize = 5;
/// The duration of a measurement.
const ROUND: Duration = Duration::from_secs(2);

/// Returns the request to send on a connection as its n-th one.
pub type NextRequest<'a> = &'a dyn Fn(usize, usize) -> Bytes;

/// Sends requests on many connections for one round. Returns the requests per second.
pub fn rate(address: SocketAddr, next: NextRequest) -> f64 {
    Client::connect(address, CONNECTIONS).rate(next)
}

/// Open connections to a server, each with one request at a time.
pub struct Client {
    runtime: Runtime,
    connections: Vec<Connection>,
}

impl Client {
    pub fn connect(address: SocketAddr, connections: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let connections = (0..connections).map(|_| Connection::open(address));
        let connections = runtime.block_on(join_all(connections));
        Self {
            runtime,
            connections,
        }
    }

    /// Sends requests for one round. Returns the requests per second.
    pub fn rate(&mut self, next: NextRequest) -> f64 {
        let start = Instant::now();
        let count = self.runtime.block_on(repeat(&mut self.connections, next));
        per_second(count, start.elapsed())
    }

    /// Sends requests for one round, and `others` on the last connection. Returns the requests per second
    /// without the others.
    pub fn rate_beside(&mut self, others: NextRequest, next: NextRequest) -> f64 {
        let (last, connections) = self.connections.split_last_mut().expect("a connection");
        let others = repeat(std::slice::from_mut(last), others);
        let start = Instant::now();
        let (count, _) = self
            .runtime
            .block_on(join(repeat(connections, next), others));
        per_second(count, start.elapsed())
    }

    /// Sends each of the requests once, and that again until the round is over. `prepare` is called before each
    /// time. Returns the requests per second.
    pub fn rate_of_each(&mut self, requests: &[Bytes], prepare: impl Fn()) -> f64 {
        let (mut count, mut time) = (0, Duration::ZERO);
        while time < ROUND {
            prepare();
            let start = Instant::now();
            self.send_each(requests);
            time += start.elapsed();
            count += requests.len();
        }
        per_second(count, time)
    }

    /// Sends each of the requests once.
    pub fn send_each(&mut self, requests: &[Bytes]) {
        let requests = std::cell::RefCell::new(requests.iter());
        let connections = self.connections.iter_mut().map(async |connection| {
            while let Some(request) = { requests.borrow_mut().next() } {
                connection.exchange(request).await;
            }
        });
        self.runtime.block_on(join_all(connections));
    }
}

/// Sends requests on each of the connections until the round is over. Returns their number.
async fn repeat(connections: &mut [Connection], next: NextRequest<'_>) -> usize {
    let start = Instant::now();
    let connections = connections.iter_mut().enumerate();
    let counts = connections.map(async |(number, connection)| {
        let mut count = 0;
        while start.elapsed() < ROUND {
            connection.exchange(&next(number, count)).await;
            count += 1;
        }
        count
    });
    join_all(counts).await.iter().sum()
}

fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).expect("a small number")) / time.as_secs_f64()
}

struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        Self {
            stream,
            buffer: vec![0; 32 * 1024].into(),
        }
    }

    /// Sends a request and receives the reply, which must be a success.
    async fn exchange(&mut self, request: &[u8]) {
        self.stream
            .write_all(request)
            .await
            .expect("the server reads");
        let mut received = 0;
        let length = loop {
            received += self.read(received).await;
            if let Some(length) = reply_length(&self.buffer[..received]) {
                break length;
            }
        };
        while received < length {
            received += self.read(0).await;
        }
        assert_eq!(received, length, "one reply for one request");
    }

    /// Reads into the buffer from this position. Returns the number of bytes.
    async fn read(&mut self, position: usize) -> usize {
        let read = self.stream.read(&mut self.buffer[position..]);
        let count = read.await.expect("the server replies");
        assert!(count > 0, "the server closed the connection");
        count
    }
}

/// The length of a reply with its head; absent while the head is incomplete.
fn reply_length(received: &[u8]) -> Option<usize> {
    const LENGTH: &[u8] = b"content-length: ";
    let end = memmem::find(received, b"\r\n\r\n")?;
    let head = &received[..end];
    assert!(
        head.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(received)
    );
    let start = memmem::find(head, LENGTH).expect("the reply has a content-length");
    let digits = head[start + LENGTH.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    Some(end + 4 + length)
}
