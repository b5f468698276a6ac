//! Servers to measure.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};

use actix_web::{App, FromRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use kms_emulator::emulator::Emulator;
use kms_emulator::router::Served;
use kms_emulator::server::startup::Startup;
use kms_emulator::server::{self, Limits, Server};

/// Serves an emulator until the program ends.
pub fn serve(emulator: Arc<Emulator>) -> SocketAddr {
    start(move |listener| {
        Server::start(
            Arc::new(Startup::done(emulator)),
            vec![(listener, Served::default())],
            Limits::default(),
        )
        .expect("the server starts")
        .run()
    })
}

/// Runs a server on a thread until the program ends.
pub fn start<F: Future<Output = std::io::Result<()>>>(
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let listener = server::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
            let address = listener.local_addr().expect("a bound socket");
            sender.send(address).expect("the receiver waits");
            serve(listener).await
        })
    });
    receiver.recv().expect("the server starts")
}

/// Serves a bare actix-web handler that sends the same body to each request. It reads from requests only what
/// `Read` needs: nothing with `()`, the body with `Bytes`.
pub fn plain_handler<Read: FromRequest + 'static>(body: Bytes) -> SocketAddr {
    start(move |listener| {
        let handler = move |_: Read| {
            let body = body.clone();
            async move {
                HttpResponse::Ok()
                    .insert_header(("content-type", "application/json;charset=utf-8"))
                    .insert_header(("x-acs-request-id", "58b766d1-b804-46c4-86d4-e9d3ac26bb62"))
                    .body(body)
            }
        };
        HttpServer::new(move || App::new().default_service(web::to(handler.clone())))
            .listen(listener)
            .expect("a listening socket")
            .disable_signals()
            .run()
    })
}
