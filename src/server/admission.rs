//! What a connection passes before its first request is read: the limit of connections, and TLS
//! where the client speaks it.

use std::io;
use std::sync::Arc;

use actix_web::rt::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::connection::Connection;
use super::limits::Limits;
use super::slots::{Activity, Slot, Slots};
use super::socket::Socket;
use super::stream::Stream;
use super::tunnel::{self, Rewound};
use crate::server::startup::Startup;
use crate::server::tls::Tls;

/// The first byte of whoever speaks TLS; no HTTP request begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// The first byte of a request for a tunnel.
const CONNECT: u8 = b'C';

/// Lets connections in.
#[derive(Clone)]
pub(super) struct Admission {
    pub(super) limits: Limits,
    pub(super) slots: Arc<Slots>,
    pub(super) startup: Arc<Startup>,
    pub(super) stopping: CancellationToken,
    pub(super) connections: TaskTracker,
}

/// What a connection holds as long as it lives.
pub(super) struct Place {
    /// Counts among those that a stop waits for.
    _connected: TaskTrackerToken,
    slot: Slot,
}

impl Place {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        self.slot.activity()
    }
}

impl Admission {
    /// Lets a connection in as soon as there is a slot for it.
    pub(super) async fn admit(&self, connection: TcpStream) -> io::Result<Connection<Stream>> {
        let connected = self.connections.token();
        let slot = self.slots.acquire(&self.stopping);
        let place = Place {
            _connected: connected,
            slot: unless_closed(slot, None, &self.stopping).await??,
        };
        let close = place.activity().close();
        let mut deadline = self.deadline();
        let mut connection = Rewound::new(connection);
        let mut first = unless_closed(connection.peek(), deadline, close).await??;
        if first == Some(CONNECT) {
            let tunnel = tunnel::open(&mut connection, &self.startup, &self.limits, deadline);
            if unless_closed(tunnel, None, close).await?? {
                deadline = self.deadline();
                first = unless_closed(connection.peek(), deadline, close).await??;
            }
        }
        if first.is_none() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let stream = if first == Some(TLS_HANDSHAKE)
            && let Some(tls) = unless_closed(self.startup.tls(), None, close).await?
        {
            // No fault of the client's, if the start took its time.
            deadline = self.deadline();
            let encrypted = encrypt(connection, tls, self.limits);
            unless_closed(encrypted, deadline, close).await??
        } else {
            Stream::plain(Socket::new(connection, self.limits.write_timeout))
        };
        Ok(Connection::new(stream, self.limits, deadline, place))
    }

    fn deadline(&self) -> Option<Instant> {
        let timeout = self.limits.request_timeout?;
        Some(Instant::now() + timeout)
    }
}

/// The output of `work`, unless the connection is closed or the deadline passes before.
async fn unless_closed<W: Future>(
    work: W,
    deadline: Option<Instant>,
    close: &CancellationToken,
) -> io::Result<W::Output> {
    tokio::select! {
        biased;
        output = work => Ok(output),
        () = passed(deadline) => Err(io::ErrorKind::TimedOut.into()),
        () = close.cancelled() => Err(io::ErrorKind::Interrupted.into()),
    }
}

async fn encrypt(connection: Rewound, tls: &Tls, limits: Limits) -> io::Result<Stream> {
    let peer = connection.get_ref().peer_addr().ok();
    let socket = Socket::new(connection, limits.write_timeout);
    let accepted = tls.acceptor().accept(socket).await;
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
