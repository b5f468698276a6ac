//! What a connection passes before its first request is read: the limit of connections, and TLS
//! where the client speaks it.

use std::io;
use std::sync::Arc;

use actix_web::rt::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::connection::Connection;
use super::limits::Limits;
use super::stream::Stream;
use super::tunnel::{self, Rewound};
use crate::startup::Startup;
use crate::tls::Tls;

/// The first byte of whoever speaks TLS; no HTTP request begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// The first byte of a request for a tunnel.
const CONNECT: u8 = b'C';

/// Lets connections in.
#[derive(Clone)]
pub(super) struct Admission {
    pub(super) limits: Limits,
    pub(super) places: Arc<Semaphore>,
    pub(super) startup: Arc<Startup>,
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
    pub(super) async fn admit(&self, connection: TcpStream) -> io::Result<Connection<Stream>> {
        let connected = self.connections.token();
        let places = Arc::clone(&self.places);
        let permit = self.unless_stopped(places.acquire_owned(), None).await?;
        let place = Place {
            _connected: connected,
            _permit: permit.map_err(io::Error::other)?,
        };
        let mut deadline = self.deadline();
        let mut connection = Rewound::new(connection);
        let mut first = self.unless_stopped(connection.peek(), deadline).await??;
        if first == Some(CONNECT) {
            let tunnel = tunnel::open(&mut connection, &self.startup, &self.limits, deadline);
            if self.unless_stopped(tunnel, None).await?? {
                deadline = self.deadline();
                first = self.unless_stopped(connection.peek(), deadline).await??;
            }
        }
        if first.is_none() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let stream = if first == Some(TLS_HANDSHAKE)
            && let Some(tls) = self.unless_stopped(self.startup.tls(), None).await?
        {
            // No fault of the client's, if the start took its time.
            deadline = self.deadline();
            self.unless_stopped(encrypt(connection, tls), deadline)
                .await??
        } else {
            Stream::plain(connection)
        };
        let stopping = self.stopping.clone();
        let limits = self.limits;
        Ok(Connection::new(stream, limits, deadline, stopping, place))
    }

    fn deadline(&self) -> Option<Instant> {
        let timeout = self.limits.request_timeout?;
        Some(Instant::now() + timeout)
    }

    /// What comes of `work`, unless the server stops or the deadline passes before.
    async fn unless_stopped<W: Future>(
        &self,
        work: W,
        deadline: Option<Instant>,
    ) -> io::Result<W::Output> {
        tokio::select! {
            biased;
            output = work => Ok(output),
            () = passed(deadline) => Err(io::ErrorKind::TimedOut.into()),
            () = self.stopping.cancelled() => Err(io::ErrorKind::Interrupted.into()),
        }
    }
}

async fn encrypt(connection: Rewound, tls: &Tls) -> io::Result<Stream> {
    let peer = connection.get_ref().peer_addr().ok();
    let accepted = tls.acceptor().accept(connection).await;
    let stream = accepted.inspect_err(|error| {
        tracing::debug!(?peer, %error, "a client and the emulator could not agree on TLS");
    })?;
    Ok(Stream::tls(stream))
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
