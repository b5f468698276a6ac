//! What a connection passes before its first request is read: the limit of connections, and TLS
//! where the client speaks it.

use std::io;
use std::sync::Arc;

use actix_web::rt::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::limits::Limits;
use super::long_query::LongQuery;
use super::stream::Stream;

/// The first byte of whoever speaks TLS; no HTTP request begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// Lets connections in.
#[derive(Clone)]
pub(super) struct Admission {
    pub(super) limits: Limits,
    pub(super) places: Arc<Semaphore>,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) stopping: CancellationToken,
    pub(super) connections: TaskTracker,
}

/// What a connection holds as long as it lives.
pub(super) struct Place {
    /// Counts among those that a stop waits for.
    _connected: TaskTrackerToken,
    /// Counts among those that may be at once.
    _permit: OwnedSemaphorePermit,
}

impl Admission {
    /// Lets a connection in as soon as there is a place for it.
    pub(super) async fn admit(&self, connection: TcpStream) -> io::Result<LongQuery<Stream>> {
        let connected = self.connections.token();
        let permit = tokio::select! {
            biased;
            permit = Arc::clone(&self.places).acquire_owned() => permit.map_err(io::Error::other)?,
            () = self.stopping.cancelled() => return Err(io::ErrorKind::Interrupted.into()),
        };
        let place = Place {
            _connected: connected,
            _permit: permit,
        };
        let deadline = (self.limits.request_timeout).map(|timeout| Instant::now() + timeout);
        let stream = tokio::select! {
            biased;
            stream = self.open(connection) => stream?,
            () = passed(deadline) => return Err(io::ErrorKind::TimedOut.into()),
            () = self.stopping.cancelled() => return Err(io::ErrorKind::Interrupted.into()),
        };
        let stopping = self.stopping.clone();
        Ok(LongQuery::new(
            stream,
            self.limits,
            deadline,
            stopping,
            place,
        ))
    }

    async fn open(&self, connection: TcpStream) -> io::Result<Stream> {
        let Some(tls) = &self.tls else {
            return Ok(Stream::Plain(connection));
        };
        let mut first = [0];
        if connection.peek(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first != [TLS_HANDSHAKE] {
            return Ok(Stream::Plain(connection));
        }
        let peer = connection.peer_addr().ok();
        let accepted = tls.accept(connection).await;
        let stream = accepted.inspect_err(|error| {
            tracing::debug!(?peer, %error, "a client and the emulator could not agree on TLS");
        })?;
        Ok(Stream::Tls(Box::new(stream)))
    }
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
