//! A connection with or without TLS.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use super::socket::Socket;

/// A connection to a client.
pub(super) struct Stream {
    bytes: Bytes,
    abort: Abort,
}

enum Bytes {
    Plain(Socket),
    Tls(Box<TlsStream<Socket>>),
}

/// Ends a connection without sending another byte.
#[derive(Debug, Clone, Default)]
pub(super) struct Abort(Rc<Cell<Option<Ending>>>);

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is reset.
    Reset,
    /// It is closed.
    Closed,
}

impl Abort {
    /// The next write ends the connection instead.
    pub(super) fn set(&self, ending: Ending) {
        self.0.set(Some(ending));
    }
}

impl Stream {
    pub(super) fn plain(connection: Socket) -> Self {
        Self {
            bytes: Bytes::Plain(connection),
            abort: Abort::default(),
        }
    }

    pub(super) fn tls(connection: TlsStream<Socket>) -> Self {
        Self {
            bytes: Bytes::Tls(Box::new(connection)),
            abort: Abort::default(),
        }
    }

    /// The handle that ends this connection.
    pub(super) fn abort(&self) -> Abort {
        self.abort.clone()
    }

    /// Ends the connection, if [`Abort::set`] was called.
    fn check_abort(&self) -> io::Result<()> {
        match self.abort.0.get() {
            None => return Ok(()),
            Some(Ending::Closed) => return Err(io::ErrorKind::BrokenPipe.into()),
            Some(Ending::Reset) => {}
        }
        self.socket().reset()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }

    fn socket(&self) -> &Socket {
        match &self.bytes {
            Bytes::Plain(connection) => connection,
            Bytes::Tls(connection) => connection.get_ref().0,
        }
    }

    /// Whether the connection is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.bytes, Bytes::Tls(_))
    }

    /// The address of this server that the client has connected to.
    pub(super) fn local_address(&self) -> Option<SocketAddr> {
        self.socket().get_ref().local_addr().ok()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Bytes::Tls(stream) => match Pin::new(stream).poll_read(cx, buffer) {
                // Many clients close without the TLS alert. HTTP detects incomplete requests itself.
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    Poll::Ready(Ok(()))
                }
                polled => polled,
            },
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check_abort()?;
        match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write(cx, buffer),
            Bytes::Tls(stream) => Pin::new(stream).poll_write(cx, buffer),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Bytes::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check_abort()?;
        match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Bytes::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
