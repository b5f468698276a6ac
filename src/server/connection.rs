//! A connection between the socket and the HTTP library: what the library reads passes the
//! [`rewriter`], in the time that a request may take.
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

use super::admission::Place;
use super::limits::Limits;
use super::refusal::{Refusal, TooSlow};
use super::rewriter::{Part, Rewriter};
use super::slots::Activity;

/// How long a client that is refused may go on sending: it reads the answer only then, and loses
/// it when the connection is closed before.
const LINGER: Duration = Duration::from_secs(1);

/// A connection that has received more than this in one request gets new buffers after it, so that
/// it does not keep the memory while it is idle.
const MOST_KEPT_BYTES: usize = 64 * 1024;

/// A connection to a client. When the server stops, or needs its slot, it ends between two requests.
pub(super) struct Connection<S> {
    stream: S,
    rewriter: Rewriter,
    ended: bool,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    clock: RequestClock,
    too_slow: TooSlow,
    /// Whether nothing is to be written any more, and what still comes is thrown away.
    lingering: bool,
    /// Whether the buffers have held more than [`MOST_KEPT_BYTES`].
    large: bool,
    place: Place,
}

impl<S> Connection<S> {
    /// `deadline` is that of the first request.
    pub(super) fn new(stream: S, limits: Limits, deadline: Option<Instant>, place: Place) -> Self {
        let closing = Box::pin(place.activity().close().clone().cancelled_owned());
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
            place,
        }
    }

    /// The connection below.
    pub(super) fn get_ref(&self) -> &S {
        &self.stream
    }

    /// Whether this connection is idle.
    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(self.place.activity())
    }

    /// What says that a body did not arrive in time.
    pub(super) fn too_slow(&self) -> TooSlow {
        self.too_slow.clone()
    }

    /// The time for the request under way is over.
    fn time_out(&mut self) {
        if self.rewriter.part == Part::Head && !self.rewriter.incoming.is_empty() {
            self.rewriter.refuse(Refusal::TooSlow);
            self.clock.begun = false;
        } else {
            // Who said nothing gets no answer; who has sent a head gets that of its body's reader.
            self.too_slow.set();
            self.ended = true;
        }
    }
}

/// Watches how long a request takes to arrive. Costs nothing for one that arrives in one piece.
struct RequestClock {
    timeout: Option<Duration>,
    /// Whether some of a request has arrived and some has not, or the first is awaited.
    begun: bool,
    /// Whether the library knows of it. It sees a head only when that is whole, and would take the
    /// connection for an idle one.
    nudged: bool,
    deadline: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl RequestClock {
    /// Some bytes have arrived.
    fn hear(&mut self, rewriter: &mut Rewriter) {
        self.begun = true;
        if std::mem::take(&mut rewriter.completed) {
            self.begun = !rewriter.is_between_requests();
            self.nudged = false;
            self.deadline = None;
        }
    }

    /// Ready when the request under way should have arrived.
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
                if is_closing && this.place.activity().is_evicted() {
                    this.ended = true;
                    break;
                }
                if this.rewriter.is_between_requests() {
                    if is_closing {
                        break;
                    }
                } else if this.rewriter.part == Part::Head && !this.clock.nudged {
                    this.clock.nudged = true;
                    // Means nothing between two requests.
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
                this.clock.hear(&mut this.rewriter);
                // The library sees the end of the stream, as if the client had gone.
                this.ended = this.rewriter.part == Part::Broken;
                this.place.activity().received();
                let held = this.rewriter.incoming.len() + this.rewriter.ready.len();
                this.large |= held > MOST_KEPT_BYTES;
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
        // Having answered, the library does not remember that it knows of another request.
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
                // That the client is gone is no matter any more.
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}
