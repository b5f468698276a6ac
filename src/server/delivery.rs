//! Sends replies, with the delays and disconnections of fault rules.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BodyStream, MessageBody, SizedStream};
use actix_web::http::StatusCode;
use actix_web::http::header::{DATE, HeaderName, HeaderValue};
use actix_web::rt::time::sleep;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

use super::slots::Work;
use super::stream::{Abort, Ending};
use crate::emulator::Emulator;
use crate::emulator::guard::REPLY_HEADERS;
use crate::http::wire::{Cut, Parts, WireReply};

/// A larger body is passed to the library in slices, because the library copies them.
const MAX_SLICE_BYTES: usize = 32 * 1024;

/// A response with an endless body, which ends when the client disconnects or the server stops.
pub(super) fn follow(
    response: HttpResponse,
    parts: Box<dyn Parts>,
    stopping: CancellationToken,
    work: Option<Work>,
) -> HttpResponse {
    let parts = stream::unfold((parts, work), |(mut parts, work)| async {
        let part = parts.next().await;
        Some((part, (parts, work)))
    });
    let parts = parts.take_until(stopping.cancelled_owned());
    let body = BodyStream::new(Box::pin(parts.map(Ok::<_, io::Error>)));
    response.set_body(body).map_into_boxed_body()
}

/// The memory of a larger body is returned to the operating system soon after it is freed. It may be freed
/// long after its request, if the client does not read and is disconnected.
const MAX_KEPT_BYTES: usize = 1024 * 1024;

/// A body that is sent in slices. The connection counts as busy until the last one is sent.
struct SlicedBody {
    rest: Bytes,
    _work: Option<Work>,
    _memory: Option<LargeMemory>,
}

/// Asks for freed memory to be returned when it is dropped. It is the last field of a struct, because fields are dropped
/// in their order.
struct LargeMemory(Arc<Emulator>);

impl Drop for LargeMemory {
    fn drop(&mut self) {
        self.0.return_memory_soon();
    }
}

impl MessageBody for SlicedBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let rest = &mut self.get_mut().rest;
        let slice = rest.split_to(rest.len().min(MAX_SLICE_BYTES));
        Poll::Ready((!slice.is_empty()).then_some(Ok(slice)))
    }
}

/// Builds the response of a reply. `date` replaces the header `Date`, if the clock of the account differs
/// from the system clock. A fault rule can end the `connection`. `work` is dropped when the body is sent.
/// The `emulator` is absent during the start.
pub(super) async fn deliver(
    reply: WireReply,
    date: Option<DateTime<Utc>>,
    connection: Option<&Abort>,
    work: Option<Work>,
    emulator: Option<&Arc<Emulator>>,
) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::new(status);
    if let Some(date) = date {
        let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::try_from(date) {
            response.headers_mut().insert(DATE, date);
        }
    }
    for (name, value) in REPLY_HEADERS {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    for (name, value) in reply.headers {
        let value = match value {
            Cow::Borrowed(value) => Ok(HeaderValue::from_static(value)),
            Cow::Owned(value) => HeaderValue::try_from(value),
        };
        if let Ok(value) = value {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    if !reply.delivery.delay.is_zero() {
        sleep(reply.delivery.delay).await;
    }
    match reply.delivery.cut {
        None if reply.body.len() > MAX_SLICE_BYTES => {
            let emulator = emulator.filter(|_| reply.body.len() > MAX_KEPT_BYTES);
            let body = SlicedBody {
                rest: reply.body,
                _work: work,
                _memory: emulator.map(|emulator| LargeMemory(Arc::clone(emulator))),
            };
            response.set_body(body).map_into_boxed_body()
        }
        None => response.set_body(reply.body).map_into_boxed_body(),
        Some(Cut::Reset) => {
            if let Some(connection) = connection {
                connection.set(Ending::Reset);
            }
            response
        }
        Some(Cut::Body(bytes)) => {
            let length = reply.body.len() as u64;
            let (sent, unsent) = (reply.body.slice(..bytes), reply.body.slice(bytes..));
            let connection = connection.cloned();
            let body =
                stream::once(async { Ok::<_, io::Error>(sent) }).chain(stream::once(async {
                    // While the body is pending, the library sends what it has.
                    yield_now().await;
                    if let Some(connection) = connection {
                        connection.set(Ending::Closed);
                    }
                    Ok(unsent)
                }));
            response
                .set_body(SizedStream::new(length, Box::pin(body)))
                .map_into_boxed_body()
        }
    }
}
