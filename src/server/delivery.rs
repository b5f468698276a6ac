//! Sends replies, also those that a fault holds back or breaks off.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::{BodyStream, SizedStream};
use actix_web::http::StatusCode;
use actix_web::http::header::{DATE, HeaderName, HeaderValue};
use actix_web::rt::time::sleep;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::stream::{Abort, Ending};
use crate::emulator::Emulator;
use crate::guard::REPLY_HEADERS;
use crate::journal::Feed;
use crate::wire::{Cut, WireReply};

/// How often who listens to a feed is told that there is nothing to tell.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A comment, which lets a client know that it is heard.
const NOTHING: Bytes = Bytes::from_static(b":\n\n");

/// A response whose body goes on until the client goes or the server stops.
pub(super) fn follow(
    response: HttpResponse,
    feed: Feed,
    emulator: Arc<Emulator>,
    stopping: CancellationToken,
) -> HttpResponse {
    let told = stream::unfold((emulator, feed), |(emulator, mut feed)| async {
        loop {
            let waited = timeout(HEARTBEAT, emulator.journal.wait(feed.after)).await;
            let told = match waited {
                Ok(()) => feed.read(&emulator.journal),
                Err(_) => NOTHING,
            };
            if !told.is_empty() {
                return Some((told, (emulator, feed)));
            }
            // Others of this worker get their turn however many requests are passed over.
            yield_now().await;
        }
    });
    let told = stream::once(async { NOTHING }).chain(told);
    let told = told.take_until(stopping.cancelled_owned());
    let body = BodyStream::new(Box::pin(told.map(Ok::<_, io::Error>)));
    response.set_body(body).map_into_boxed_body()
}

/// Makes a response of a reply; with `date`, where the clock is not the machine's. A fault may end its
/// `connection`.
pub(super) async fn deliver(
    reply: WireReply,
    date: Option<DateTime<Utc>>,
    connection: Option<&Abort>,
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
        None => response.set_body(reply.body).map_into_boxed_body(),
        Some(Cut::Reset) => {
            if let Some(connection) = connection {
                connection.set(Ending::Reset);
            }
            response
        }
        Some(Cut::Body(bytes)) => {
            let length = reply.body.len() as u64;
            let (sent, kept) = (reply.body.slice(..bytes), reply.body.slice(bytes..));
            let connection = connection.cloned();
            let body =
                stream::once(async { Ok::<_, io::Error>(sent) }).chain(stream::once(async {
                    // While the library has to wait for more it sends what it has.
                    yield_now().await;
                    if let Some(connection) = connection {
                        connection.set(Ending::Closed);
                    }
                    Ok(kept)
                }));
            response
                .set_body(SizedStream::new(length, Box::pin(body)))
                .map_into_boxed_body()
        }
    }
}
