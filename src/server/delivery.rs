//! Sends replies, also those that a fault holds back or breaks off.

use std::io;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{DATE, HeaderName, HeaderValue};
use actix_web::rt::time::sleep;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use tokio::task::yield_now;

use super::stream::{Abort, Ending};
use crate::wire::{Cut, WireReply};

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
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
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
