//! Accepts connections: applies the connection limit, opens tunnels and starts TLS before the first
//! request is read.

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
use super::tunnel::{self, ReadAhead};
use crate::server::startup::Startup;
use crate::server::tls::Tls;

/// The first byte of a TLS handshake. No HTTP request begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// The first byte of a CONNECT request.
const CONNECT: u8 = b'C';

/// Accepts connections.
#[derive(Clone)]
pub(super) struct Admission {
    pub(super) limits: Limits,
    pub(super) slots: Arc<Slots>,
    pub(super) startup: Arc<Startup>,
    pub(super) stopping: CancellationToken,
    pub(super) connections: TaskTracker,
}

/// The resources that a connection holds until it is closed.
pub(super) struct Admitted {
    /// The server waits for this connection when it stops.
    _connected: TaskTrackerToken,
    slot: Slot,
}

impl Admitted {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        self.slot.activity()
    }
}

impl Admission {
    /// Waits for a slot, and prepares the connection for requests.
    pub(super) async fn admit(&self, connection: TcpStream) -> io::Result<Connection<Stream>> {
        let connected = self.connections.token();
        let slot = self.slots.acquire(&self.stopping);
        let admitted = Admitted {
            _connected: connected,
            slot: unless_closed(slot, None, &self.stopping).await??,
        };
        let close = admitted.activity().close();
        let mut deadline = self.deadline();
        let mut connection = ReadAhead::new(connection);
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
            // Restarted, because the server's start-up may have taken long.
            deadline = self.deadline();
            let encrypted = encrypt(connection, tls, self.limits);
            unless_closed(encrypted, deadline, close).await??
        } else {
            Stream::plain(Socket::new(connection, self.limits.write_timeout))
        };
        Ok(Connection::new(stream, self.limits, deadline, admitted))
    }

    fn deadline(&self) -> Option<Instant> {
        let timeout = self.limits.request_timeout?;
        Some(Instant::now() + timeout)
    }
}

/// The output of `work`; an error if the connection is closed or the deadline passes first.
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

async fn encrypt(connection: ReadAhead, tls: &Tls, limits: Limits) -> io::Result<Stream> {
    let peer = connection.get_ref().peer_addr().ok();
    let socket = Socket::new(connection, limits.write_timeout);
    let accepted = tls.acceptor().accept(socket).await;
    let stream = accepted.inspect_err(|error| {
        tracing::debug!(?peer, %error, "TLS handshake failed");
    })?;
    Ok(Stream::tls(stream))
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
