//! The connection between the socket and the HTTP library. Requests pass the [`rewriter`], and must
//! arrive within the request timeout.
//!
//! [`rewriter`]: super::rewriter

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::admission::Admitted;
use super::limits::Limits;
use super::request_error::{RequestError, TooSlow};
use super::rewriter::{Part, Rewriter};
use super::slots::Activity;

/// How long a client may continue to send after its request was rejected. Many clients read the reply
/// only after sending the whole request; closing the connection earlier would discard the reply.
const LINGER: Duration = Duration::from_secs(1);

/// If a request used larger buffers than this, they are freed after it, so that an idle connection does
/// not keep the memory.
const MAX_IDLE_BUFFER_BYTES: usize = 64 * 1024;

/// A connection to a client. It ends between two requests when the server stops or needs its slot.
pub(super) struct Connection<S> {
    stream: S,
    rewriter: Rewriter,
    ended: bool,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    clock: RequestClock,
    too_slow: TooSlow,
    /// Whether the reply is written, and received bytes are discarded.
    lingering: bool,
    /// Whether the buffers had more than [`MAX_IDLE_BUFFER_BYTES`].
    large: bool,
    admitted: Admitted,
}

impl<S> Connection<S> {
    /// `deadline` is the one of the first request.
    pub(super) fn new(
        stream: S,
        limits: Limits,
        deadline: Option<Instant>,
        admitted: Admitted,
    ) -> Self {
        let closing = Box::pin(admitted.activity().close().clone().cancelled_owned());
        Self {
            stream,
            rewriter: Rewriter::new(limits),
            ended: false,
            closing,
            clock: RequestClock {
                timeout: limits.request_timeout,
                begun: true,
                nudged: false,
                deadline,
                alarm: None,
            },
            too_slow: TooSlow::default(),
            lingering: false,
            large: false,
            admitted,
        }
    }

    /// The underlying stream.
    pub(super) fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The activity of this connection.
    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(self.admitted.activity())
    }

    /// The flag for a request that did not arrive in time.
    pub(super) fn too_slow(&self) -> TooSlow {
        self.too_slow.clone()
    }

    /// Handles the request timeout.
    fn time_out(&mut self) {
        if self.rewriter.part == Part::Head && !self.rewriter.incoming.is_empty() {
            self.rewriter.refuse(RequestError::TooSlow);
            self.clock.begun = false;
        } else {
            // No reply if no byte of a head has arrived. After the head, the reader of the body replies.
            self.too_slow.set();
            self.ended = true;
        }
    }
}

/// The request timeout. Sets no timer for a request that arrives at once.
struct RequestClock {
    timeout: Option<Duration>,
    /// Whether a request has arrived in part, or the first one is expected.
    begun: bool,
    /// Whether the library was woken for this request. It gets a head only when it is complete, and
    /// would apply the keep-alive timeout before.
    nudged: bool,
    deadline: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl RequestClock {
    /// Handles received bytes.
    fn received(&mut self, rewriter: &mut Rewriter) {
        self.begun = true;
        if std::mem::take(&mut rewriter.completed) {
            self.begun = !rewriter.is_between_requests();
            self.nudged = false;
            self.deadline = None;
        }
    }

    /// Ready when the request timeout is over.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (true, Some(timeout)) = (self.begun, self.timeout) else {
            return Poll::Pending;
        };
        let deadline = *self
            .deadline
            .get_or_insert_with(|| Instant::now() + timeout);
        self.poll_alarm(deadline, cx)
    }

    fn poll_alarm(&mut self, at: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if alarm.deadline() != at {
            alarm.as_mut().reset(at);
        }
        alarm.as_mut().poll(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.rewriter.ready.is_empty() && !this.ended {
            let mut space = [MaybeUninit::uninit(); 8 * 1024];
            let mut received = ReadBuf::uninit(&mut space);
            let Poll::Ready(result) = Pin::new(&mut this.stream).poll_read(cx, &mut received)
            else {
                let is_closing = this.closing.as_mut().poll(cx).is_ready();
                if is_closing && this.admitted.activity().is_evicted() {
                    this.ended = true;
                    break;
                }
                if this.rewriter.is_between_requests() {
                    if is_closing {
                        break;
                    }
                } else if this.rewriter.part == Part::Head && !this.clock.nudged {
                    this.clock.nudged = true;
                    // An empty line before a request is ignored.
                    this.rewriter.ready.extend_from_slice(b"\r\n");
                    break;
                }
                ready!(this.clock.poll(cx));
                this.time_out();
                continue;
            };
            result?;
            if received.filled().is_empty() {
                this.ended = true;
            } else {
                this.rewriter.push(received.filled());
                this.clock.received(&mut this.rewriter);
                // The library gets the end of the stream, as if the client had closed it.
                this.ended = this.rewriter.part == Part::Broken;
                this.admitted.activity().received();
                let held = this.rewriter.incoming.len() + this.rewriter.ready.len();
                this.large |= held > MAX_IDLE_BUFFER_BYTES;
            }
        }
        let count = buffer.remaining().min(this.rewriter.ready.len());
        buffer.put_slice(&this.rewriter.ready[..count]);
        this.rewriter.ready.advance(count);
        if this.large && this.rewriter.ready.is_empty() && this.rewriter.incoming.is_empty() {
            this.large = false;
            this.rewriter.ready = BytesMut::new();
            this.rewriter.incoming = BytesMut::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        // After a reply, the library applies the keep-alive timeout again.
        if std::mem::take(&mut this.clock.nudged) {
            cx.waker().wake_by_ref();
        }
        Pin::new(&mut this.stream).poll_write(cx, buffer)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.rewriter.is_closed() {
            return Pin::new(&mut this.stream).poll_shutdown(cx);
        }
        if !this.lingering {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            this.lingering = true;
            this.clock.deadline = Some(Instant::now() + LINGER);
        }
        let until = this.clock.deadline.unwrap_or_else(Instant::now);
        if this.clock.poll_alarm(until, cx).is_ready() || this.closing.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Ok(()));
        }
        loop {
            let mut space = [MaybeUninit::uninit(); 8 * 1024];
            let mut received = ReadBuf::uninit(&mut space);
            match ready!(Pin::new(&mut this.stream).poll_read(cx, &mut received)) {
                Ok(()) if !received.filled().is_empty() => {}
                // The client has closed the connection.
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}
