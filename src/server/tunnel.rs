//! The server as a proxy for the hosts that it emulates. Programs whose endpoint cannot be set can use it
//! through `HTTPS_PROXY` or `HTTP_PROXY`. It opens no connections: a tunnel ends at the TLS of this server,
//! and a request with an absolute target is processed here.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::http::uri::Authority;
use actix_web::rt::net::TcpStream;
use bytes::{Buf, BytesMut};
use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, timeout_at};

use super::head::connect_target;
use super::limits::Limits;
use super::request_error::RequestError;
use crate::http::host;
use crate::server::startup::Startup;
use crate::server::tls;

/// The port of https in CONNECT requests.
const HTTPS: u16 = 443;

const METHOD: &[u8] = b"CONNECT ";
const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

/// The maximum length of a CONNECT request line. A host name has at most 253 bytes.
const MAX_LINE_BYTES: usize = 1024;

/// Replies to a CONNECT request at the start of a connection, if its target is allowed. Returns whether a
/// tunnel was opened; the next bytes of the connection are those sent through it. Otherwise the request
/// can still be read from the connection, and the rewriter rejects it.
pub(super) async fn open(
    connection: &mut ReadAhead,
    startup: &Startup,
    limits: &Limits,
    deadline: Option<Instant>,
) -> io::Result<bool> {
    let max_header_bytes = usize::try_from(limits.header_bytes).unwrap_or(usize::MAX);
    let receive = connection.receive_head(MAX_LINE_BYTES.saturating_add(max_header_bytes));
    let received = match deadline {
        None => receive.await?,
        Some(deadline) => match timeout_at(deadline, receive).await {
            Ok(received) => received?,
            // The rewriter replies with the timeout.
            Err(_) => None,
        },
    };
    let Some(length) = received else {
        return Ok(false);
    };
    let Some(target) = connect_target(&connection.early[..length], limits) else {
        return Ok(false);
    };
    if startup.tls().await.is_none() {
        return Ok(false);
    }
    let local = connection.inner.local_addr()?;
    let names = &startup.wait().await.host_names;
    let port = target.port_u16();
    let is_offered = emulates(&target, names, Some(local))
        && (port == Some(HTTPS) || port == Some(local.port()));
    if !is_offered {
        return Ok(false);
    }
    tracing::debug!(%target, "tunnel opened");
    connection.early.advance(length);
    connection.inner.write_all(ESTABLISHED).await?;
    Ok(true)
}

/// Checks that the authority of an absolute target is a host that this server emulates, and equals the
/// `Host` header.
pub(super) fn check_target(
    target: &Authority,
    host: Option<&str>,
    names: &[String],
    local: Option<SocketAddr>,
) -> Result<(), RequestError> {
    if !emulates(target, names, local) {
        return Err(RequestError::ForeignTarget);
    }
    let name = host::name_of(target.as_str());
    if host.is_some_and(|host| host::name_of(host) != name) {
        return Err(RequestError::OtherHost);
    }
    Ok(())
}

fn emulates(target: &Authority, names: &[String], local: Option<SocketAddr>) -> bool {
    // Rejects user information, which can disguise the host.
    if target.as_str().contains('@') {
        return false;
    }
    let name = host::name_of(target.as_str());
    match name.parse::<IpAddr>() {
        Ok(address) => {
            address.is_loopback()
                || local.is_some_and(|local| local.ip() == address)
                || names.contains(&name)
        }
        Err(_) => tls::is_served(&name, names),
    }
}

/// A connection with read-ahead.
pub(super) struct ReadAhead {
    early: BytesMut,
    inner: TcpStream,
}

impl ReadAhead {
    pub(super) fn new(connection: TcpStream) -> Self {
        Self {
            early: BytesMut::new(),
            inner: connection,
        }
    }

    /// The underlying connection.
    pub(super) fn get_ref(&self) -> &TcpStream {
        &self.inner
    }

    /// The next byte, without consuming it; absent at the end of the stream.
    pub(super) async fn peek(&self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.early.first() {
            return Ok(Some(*byte));
        }
        let mut byte = [0];
        let count = self.inner.peek(&mut byte).await?;
        Ok((count > 0).then_some(byte[0]))
    }

    /// Reads ahead until the head of a CONNECT request is complete, without consuming it. Returns its
    /// length; absent if the request has another method, or is too long.
    async fn receive_head(&mut self, max_bytes: usize) -> io::Result<Option<usize>> {
        loop {
            let count = self.early.len().min(METHOD.len());
            if self.early[..count] != METHOD[..count] {
                return Ok(None);
            }
            if let Some(at) = memmem::find(&self.early, b"\r\n\r\n") {
                return Ok(Some(at + 4));
            }
            if self.early.len() > max_bytes || self.inner.read_buf(&mut self.early).await? == 0 {
                return Ok(None);
            }
        }
    }
}

impl AsyncRead for ReadAhead {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.early.is_empty() {
            return Pin::new(&mut this.inner).poll_read(cx, buffer);
        }
        let count = buffer.remaining().min(this.early.len());
        buffer.put_slice(&this.early[..count]);
        this.early.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ReadAhead {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buffer)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
