//! The HTTP server, built on actix-web.

mod address;
mod admission;
mod connection;
mod delivery;
mod head;
mod limits;
mod pool;
mod request_error;
mod rewriter;
mod slots;
mod socket;
mod sockets;
pub mod startup;
mod stream;
pub mod tls;
mod tunnel;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive};
use actix_server::ServerHandle;
use actix_service::{ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::http::header::HOST;
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::sleep;
use actix_web::{App, HttpRequest, HttpResponse, web};
use bytes::BytesMut;
use futures_util::StreamExt;
use percent_encoding::{CONTROLS, percent_encode};
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::address::{Host, ListenAddress};
use self::admission::Admission;
use self::connection::Connection;
use self::delivery::{deliver, follow};
pub use self::limits::{Limits, MAX_HEADER_BYTES, MAX_HEADERS};
use self::pool::Pool;
use self::request_error::RequestError;
#[doc(hidden)]
pub use self::rewriter::{Rewritten, rewrite};
use self::slots::{Activity, Slots};
pub use self::sockets::{BindError, Bound, bind, bind_all};
use self::stream::Stream;
use crate::emulator::Emulator;
use crate::http::wire::{Client, WireReply, WireRequest};
use crate::router::{self, Plan, Served};
use crate::server::startup::Startup;

/// A request with a larger query and body is handled on the pool, because parsing it may take long.
const MAX_BYTES_ON_WORKER: usize = 64 * 1024;

/// How long open requests may take to finish when the server stops.
const DRAIN: Duration = Duration::from_secs(1);

/// A server that has started to listen. It does not handle signals.
pub struct Server {
    inner: actix_server::Server,
    stopping: CancellationToken,
    connections: TaskTracker,
}

/// Stops a server.
pub struct Stopper {
    handle: ServerHandle,
    stopping: CancellationToken,
    connections: TaskTracker,
}

impl Server {
    /// Starts to serve on sockets that [`bind`] opened.
    ///
    /// # Errors
    ///
    /// If a socket cannot be used.
    pub fn start(
        startup: Arc<Startup>,
        listeners: Vec<(TcpListener, Served)>,
        limits: Limits,
    ) -> io::Result<Self> {
        let pool = Pool::new(Arc::clone(&startup))?;
        let startup = web::Data::from(startup);
        let stopping = CancellationToken::new();
        let connections = TaskTracker::new();
        let admission = Admission {
            limits,
            slots: Arc::new(Slots::new(limits.connections)),
            startup: startup.clone().into_inner(),
            stopping: stopping.clone(),
            connections: connections.clone(),
        };
        let mut builder = actix_server::Server::build().disable_signals();
        for (listener, served) in listeners {
            let startup = startup.clone();
            let admission = admission.clone();
            let stopping = stopping.clone();
            let pool = pool.clone();
            builder = builder.listen("kms-emulator", listener, move || {
                let app = App::new()
                    .app_data(startup.clone())
                    .app_data(web::Data::new(served))
                    .app_data(limits)
                    .app_data(web::Data::new(pool.clone()))
                    .app_data(stopping.clone())
                    .default_service(web::to(answer));
                let http = HttpService::build()
                    .keep_alive(
                        limits
                            .keep_alive
                            .map_or(KeepAlive::Disabled, KeepAlive::Timeout),
                    )
                    // `Connection` applies the request timeout.
                    .client_request_timeout(Duration::ZERO)
                    .on_connect_ext(|stream: &Connection<Stream>, data| {
                        data.insert(stream.too_slow());
                        data.insert(stream.activity());
                        data.insert(stream.get_ref().abort());
                        data.insert(LocalAddress(stream.get_ref().local_address()));
                        data.insert(Encrypted(stream.get_ref().is_encrypted()));
                    })
                    .h1(map_config(app, |()| AppConfig::default()));
                let admission = admission.clone();
                fn_service(move |stream: TcpStream| {
                    let admission = admission.clone();
                    async move {
                        let peer = stream.peer_addr().ok();
                        let stream = admission.admit(stream).await?;
                        Ok::<_, DispatchError>((stream, peer))
                    }
                })
                .and_then(http)
            })?;
        }
        Ok(Self {
            inner: builder.run(),
            stopping,
            connections,
        })
    }

    /// A handle that stops this server.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper {
            handle: self.inner.handle(),
            stopping: self.stopping.clone(),
            connections: self.connections.clone(),
        }
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    ///
    /// If a worker cannot be started.
    pub async fn run(self) -> io::Result<()> {
        self.inner.await
    }
}

impl Stopper {
    /// Lets open requests finish, for at most a second, then ends the server.
    pub async fn stop(self) {
        self.handle.pause().await;
        self.stopping.cancel();
        self.connections.close();
        // The library's graceful shutdown checks its connections only once a second.
        let _ = tokio::time::timeout(DRAIN, self.connections.wait()).await;
        self.handle.stop(false).await;
    }
}

/// This server's address, as a client reached it.
#[derive(Debug, Clone, Copy)]
struct LocalAddress(Option<SocketAddr>);

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy)]
struct Encrypted(bool);

fn client_of(request: &HttpRequest) -> Client {
    let encrypted: Option<&Encrypted> = request.conn_data();
    Client {
        ip: request.peer_addr().map(|address| address.ip()),
        is_encrypted: encrypted.is_some_and(|encrypted| encrypted.0),
    }
}

async fn answer(
    startup: web::Data<Startup>,
    served: web::Data<Served>,
    pool: web::Data<Pool>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    if let Some(error) = request_error::of_head(&request) {
        return error.respond();
    }
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let moved = rewriter::moved_length(header);
    // The payload of a CONNECT or Upgrade request never ends.
    let has_body = header("content-length").is_some() || header("transfer-encoding").is_some();
    let (mut received, whole) = if has_body {
        let limits: Option<&Limits> = request.app_data();
        let max_bytes = limits.copied().unwrap_or_default().body_bytes;
        let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        let announced = header("content-length").and_then(|length| length.parse().ok());
        read(
            payload,
            announced.unwrap_or(0),
            max_bytes.saturating_add(moved.unwrap_or(0)),
        )
        .await
    } else {
        (BytesMut::new(), true)
    };
    if !whole && let Some(error) = request_error::of_body(&request) {
        return error.respond();
    }
    // From here on, the connection is not idle.
    let activity: Option<&Arc<Activity>> = request.conn_data();
    let work = activity.map(|activity| activity.begin());
    if let Err(error) = check_target(&request, &startup).await {
        return error.respond();
    }
    let moved_query = moved
        .and_then(|length| rewriter::split(length, &mut received))
        .map(|query| percent_encode(&query, CONTROLS).to_string());
    let received = received.freeze();
    let mut wire = WireRequest::new(
        request.method().as_str(),
        request.path(),
        moved_query.as_deref().unwrap_or(request.query_string()),
        headers_of(&request),
        if whole { Ok(received) } else { Err(received) },
    );
    wire.client = client_of(&request);
    drop(moved_query);
    let emulator = match startup.emulator() {
        Some(emulator) => emulator,
        None => match startup.answer(&wire.path) {
            Some(reply) => return deliver(reply, None, None, work, None).await,
            None => startup.wait().await,
        },
    };
    let served = *served.into_inner();
    let replied = if wire.query.len() + wire.received().len() > MAX_BYTES_ON_WORKER {
        answer_large(emulator, &pool, wire, served).await
    } else {
        answer_small(emulator, &pool, wire, served).await
    };
    let mut reply = match replied {
        Ok(reply) => reply,
        Err(error) => {
            tracing::error!(%error, "a request was not answered");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let clock = &emulator.clock;
    let date = reply.delivery.date;
    let date = date.or_else(|| clock.is_adjusted().then(|| clock.state().now));
    let continuation = reply.continuation.take();
    if let (Some(continuation), Some(stopping)) =
        (continuation, request.app_data::<CancellationToken>())
    {
        let response = deliver(reply, date, request.conn_data(), None, Some(emulator)).await;
        return follow(response, continuation.start(), stopping.clone(), work);
    }
    deliver(reply, date, request.conn_data(), work, Some(emulator)).await
}

/// Checks the target of a request in absolute form, as sent to a proxy.
async fn check_target(request: &HttpRequest, startup: &Startup) -> Result<(), RequestError> {
    let Some(target) = request.uri().authority() else {
        return Ok(());
    };
    let names = &startup.wait().await.host_names;
    let local: Option<&LocalAddress> = request.conn_data();
    let local = local.and_then(|local| local.0);
    // A value that is not UTF-8 never equals the host of the target.
    let host = request.headers().get(HOST);
    let host = host.map(|host| host.to_str().unwrap_or_default());
    tunnel::check_target(target, host, names, local)
}

/// The headers of a request, with the host of its target if there is no `Host` header.
fn headers_of(request: &HttpRequest) -> Vec<(&str, &str)> {
    let headers = request.headers().iter();
    let mut headers: Vec<_> = headers
        .filter_map(|(name, value)| {
            let text = std::str::from_utf8(value.as_bytes()).ok();
            // A Host header that is not UTF-8 must not count as absent.
            let text = text.or_else(|| (name == HOST).then_some("\u{fffd}"));
            Some((name.as_str(), text?))
        })
        .collect();
    if let Some(target) = request.uri().authority()
        && !request.headers().contains_key(HOST)
    {
        headers.push(("host", target.as_str()));
    }
    headers
}

/// Answers a request on the worker, or on the pool if it may block.
async fn answer_small(
    emulator: &Arc<Emulator>,
    pool: &Pool,
    wire: WireRequest,
    served: Served,
) -> Result<WireReply, JoinError> {
    let plan = router::plan(emulator, Arc::new(wire), served);
    if !plan.delay().is_zero() {
        sleep(plan.delay()).await;
    }
    match router::answer_at_once(emulator, plan) {
        Ok(reply) => Ok(reply),
        Err(plan) => answer_on_pool(emulator, pool, *plan).await,
    }
}

/// Answers a request that is too large to be parsed on a worker.
async fn answer_large(
    emulator: &Arc<Emulator>,
    pool: &Pool,
    wire: WireRequest,
    served: Served,
) -> Result<WireReply, JoinError> {
    let shared = Arc::clone(emulator);
    let answered = pool.run(move || {
        let plan = router::plan(&shared, Arc::new(wire), served);
        if plan.delay().is_zero() {
            Ok(router::answer(&shared, plan))
        } else {
            Err(Box::new(plan))
        }
    });
    let plan = match answered.await? {
        Ok(reply) => return Ok(reply),
        Err(delayed) => *delayed,
    };
    sleep(plan.delay()).await;
    answer_on_pool(emulator, pool, plan).await
}

async fn answer_on_pool(
    emulator: &Arc<Emulator>,
    pool: &Pool,
    plan: Plan,
) -> Result<WireReply, JoinError> {
    let emulator = Arc::clone(emulator);
    pool.run(move || router::answer(&emulator, plan)).await
}

/// Reads a body. Returns the received bytes, and whether the body is complete: it may be too long, or badly
/// delimited. Memory for the announced length is allocated once, so that it does not grow and is not copied.
async fn read(
    mut payload: web::Payload,
    announced_bytes: usize,
    max_bytes: usize,
) -> (BytesMut, bool) {
    let mut received = BytesMut::with_capacity(announced_bytes.min(max_bytes));
    while let Some(chunk) = payload.next().await {
        match chunk {
            Ok(chunk) if received.len() + chunk.len() <= max_bytes => {
                received.extend_from_slice(&chunk);
            }
            _ => return (received, false),
        }
    }
    (received, true)
}
