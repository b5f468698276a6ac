//! HTTP in, HTTP out: the only file that knows actix-web.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev, web};

use crate::emulator::Emulator;
use crate::wire::{WireReply, WireRequest};

/// The largest body that is read. Nothing that the real services accept comes near.
const MOST_BODY_BYTES: usize = 10 * 1024 * 1024;

/// How long requests under way may take to end when the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 1;

/// Starts to serve on sockets that [`bind`] made. The server runs when it is awaited, until its
/// handle stops it; signals are the caller's business.
///
/// # Errors
///
/// When a socket cannot be used.
pub fn serve(emulator: Arc<Emulator>, listeners: Vec<TcpListener>) -> io::Result<dev::Server> {
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&emulator)))
            .default_service(web::to(answer))
    })
    .disable_signals()
    .shutdown_timeout(DRAIN_SECONDS);
    for listener in listeners {
        server = server.listen(listener)?;
    }
    Ok(server.run())
}

/// Takes hold of an address. Connections wait until [`serve`] takes them.
///
/// # Errors
///
/// When the address is taken, or not this machine's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn answer(
    emulator: web::Data<Emulator>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let body = match payload.to_bytes_limited(MOST_BODY_BYTES).await {
        Ok(Ok(body)) => Some(body),
        Ok(Err(_)) | Err(_) => None,
    };
    let headers = request.headers().iter();
    let wire = WireRequest {
        method: request.method().as_str(),
        path: request.path(),
        query: request.query_string(),
        headers: headers
            .filter_map(|(name, value)| {
                Some((name.as_str(), std::str::from_utf8(value.as_bytes()).ok()?))
            })
            .collect(),
        body: body.as_deref(),
    };
    respond(emulator.handle(&wire))
}

fn respond(reply: WireReply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::new(status).set_body(reply.body);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response.map_into_boxed_body()
}
