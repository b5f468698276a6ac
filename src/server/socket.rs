//! A TCP connection with a write timeout.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::tunnel::ReadAhead;

/// A TCP connection. A write fails when the peer accepts no byte for longer than the write timeout.
///
/// It is below TLS, so that only bytes that the peer takes count as progress.
pub(super) struct Socket {
    stream: ReadAhead,
    write_timeout: Option<Duration>,
    /// Whether the last write had to wait for the peer.
    blocked: bool,
    /// Reused by blocked writes.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    /// Writes wait forever if `write_timeout` is absent.
    pub(super) fn new(stream: ReadAhead, write_timeout: Option<Duration>) -> Self {
        // A large reply takes several writes. With Nagle's algorithm, the last one waits until the client acknowledges the
        // others, for which it may take 40 ms.
        if let Err(error) = stream.get_ref().set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was not set");
        }
        Self {
            stream,
            write_timeout,
            blocked: false,
            alarm: None,
        }
    }

    /// Closes the connection with a reset, and drops the bytes that the kernel has not sent.
    pub(super) fn reset(&self) -> io::Result<()> {
        self.stream.get_ref().set_zero_linger()
    }

    /// The underlying connection.
    pub(super) fn get_ref(&self) -> &TcpStream {
        self.stream.get_ref()
    }

    /// Returns an error for a write that has waited longer than the timeout.
    fn watch(
        &mut self,
        written: Poll<io::Result<usize>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.blocked = false;
            return written;
        }
        let Some(timeout) = self.write_timeout else {
            return Poll::Pending;
        };
        let deadline = Instant::now() + timeout;
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if !self.blocked {
            self.blocked = true;
            alarm.as_mut().reset(deadline);
        }
        if alarm.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        tracing::debug!("connection closed: write timeout");
        // Otherwise the kernel would continue to send.
        self.reset()?;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, buffer);
        this.watch(written, cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, buffers);
        this.watch(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn small_segments_are_sent_without_delay() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await;
        let (accepted, _) = listener.accept().await.unwrap();
        assert!(!accepted.nodelay().unwrap());
        let socket = Socket::new(ReadAhead::new(accepted), None);
        assert!(socket.get_ref().nodelay().unwrap());
    }
}
