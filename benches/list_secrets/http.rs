//! Servers, and a client that measures requests per second.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use kms_emulator::emulator::Emulator;
use kms_emulator::router::Served;
use kms_emulator::server::startup::Startup;
use kms_emulator::server::{self, Limits, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The number of connections of the client.
pub const CONNECTIONS: usize = 32;
/// The number of measurements of each rate; tables show the median.
pub const ROUNDS: usize = 5;
/// The duration of a measurement.
const ROUND: Duration = Duration::from_secs(2);

/// Returns the request to send on a connection as its n-th one.
pub type NextRequest<'a> = &'a dyn Fn(usize, usize) -> String;

/// Serves an emulator until the program ends.
pub fn serve(emulator: Arc<Emulator>) -> SocketAddr {
    start(move |listener| {
        Server::start(
            Arc::new(Startup::done(emulator)),
            vec![(listener, Served::default())],
            Limits::default(),
        )
        .expect("the server starts")
        .run()
    })
}

/// Runs a server on a thread until the program ends.
pub fn start<F: Future<Output = std::io::Result<()>>>(
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let listener = server::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
            let address = listener.local_addr().expect("a bound socket");
            sender.send(address).expect("the receiver waits");
            serve(listener).await
        })
    });
    receiver.recv().expect("the server starts")
}

/// Sends requests on many connections for one round. Returns the requests per second.
pub fn rate(address: SocketAddr, next: NextRequest) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let start = Instant::now();
        let connections = (0..CONNECTIONS).map(|connection| async move {
            let mut stream = TcpStream::connect(address)
                .await
                .expect("the server listens");
            let mut buffer = vec![0; 16 * 1024];
            let mut count = 0;
            while start.elapsed() < ROUND {
                stream
                    .write_all(next(connection, count).as_bytes())
                    .await
                    .expect("the server reads");
                let (mut received, mut length) = (0, 0);
                while length == 0 || received < length {
                    received += stream
                        .read(&mut buffer[received..])
                        .await
                        .expect("the server replies");
                    if length == 0 {
                        length = reply_length(&buffer[..received]);
                    }
                }
                count += 1;
            }
            count
        });
        let counts = futures_util::future::join_all(connections).await;
        let count = u32::try_from(counts.iter().sum::<usize>()).expect("a small number");
        f64::from(count) / start.elapsed().as_secs_f64()
    })
}

/// The length of a reply with its head; 0 if the head is incomplete.
fn reply_length(received: &[u8]) -> usize {
    let text = String::from_utf8_lossy(received);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return 0;
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("the reply has a content-length");
    head.len() + 4 + length.parse::<usize>().expect("a number")
}
