//! Requests per second of the emulator, compared to a plain handler with the same reply.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::journal::Journal;
use kms_emulator::http::wire::WireRequest;
use kms_emulator::model::Cloud;
use kms_emulator::router;

use crate::client::{CONNECTIONS, NextRequest, ROUNDS, rate};
use crate::data::{directory, emulator, filled, on_disk};
use crate::http::{plain_handler, serve, start};
use crate::requests::{create, http_bytes, list_page, object, signed};

const SECRETS: u64 = 1_000;

pub fn print() {
    let emulator = Arc::new(emulator(filled(Cloud::Alibaba, SECRETS)));
    let list = signed(Cloud::Alibaba, "ListSecrets", &object("{}"));
    let reply = router::handle(&emulator, &list.to_wire());
    assert_eq!(reply.status, 200);
    let plain = plain_handler::<()>(reply.body);
    let on_worker = serve(Arc::clone(&emulator));
    let through_pool = through_pool(emulator);
    let [no_journal, long_journal] = [0, 1_000].map(with_journal);
    let tencent = serve(Arc::new(crate::data::emulator(filled(
        Cloud::Tencent,
        SECRETS,
    ))));
    let directory = directory();
    let on_disk = serve(Arc::new(on_disk(directory.path(), SECRETS)));

    let list = http_bytes(&list);
    let tc3_list = http_bytes(&list_page(Cloud::Tencent, 10, 1));
    let get_value = signed(
        Cloud::Alibaba,
        "GetSecretValue",
        &object(r#"{"SecretName":"db/0"}"#),
    );
    let get_value = http_bytes(&get_value);
    let created = AtomicU64::new(0);
    let create = |_: usize, _: usize| {
        let number = created.fetch_add(1, Ordering::Relaxed);
        http_bytes(&create(&format!("new/{number}")))
    };
    let list = |_: usize, _: usize| list.clone();
    let contenders: [(&str, SocketAddr, NextRequest); 8] = [
        ("bare actix-web handler", plain, &list),
        ("emulator, on the worker", on_worker, &list),
        ("  without the journal", no_journal, &list),
        ("  a journal of 1,000", long_journal, &list),
        ("emulator, through a pool", through_pool, &list),
        ("Tencent Cloud, TC3", tencent, &|_, _| tc3_list.clone()),
        ("GetSecretValue, on disk", on_disk, &|_, _| {
            get_value.clone()
        }),
        ("CreateSecret, on disk", on_disk, &create),
    ];
    let mut rates = [const { Vec::new() }; 8];
    // In turns, so that other load on the machine affects all alike.
    for _ in 0..ROUNDS {
        for ((_, address, next), rates) in contenders.iter().zip(&mut rates) {
            rates.push(rate(*address, next));
        }
    }
    println!(
        "First pages of {SECRETS} secrets unless stated otherwise, V1 signature verified, {CONNECTIONS} connections"
    );
    println!("{:<26} {:>12} {:>8}", "", "requests/s", "of bare");
    let medians = rates.map(crate::median);
    for ((name, ..), rate) in contenders.iter().zip(medians) {
        println!(
            "{name:<26} {rate:>12.0} {:>7.1}%",
            rate / medians[0] * 100.0
        );
    }
    println!();
}

/// A server that processes each request on a thread pool.
fn through_pool(emulator: Arc<Emulator>) -> SocketAddr {
    start(move |listener| {
        HttpServer::new(move || {
            let emulator = Arc::clone(&emulator);
            App::new().default_service(web::to(move |request: HttpRequest| {
                let emulator = Arc::clone(&emulator);
                async move {
                    let query = request.query_string().to_owned();
                    let reply = web::block(move || {
                        let headers = [("host", "127.0.0.1:8080")];
                        let wire = WireRequest::new("GET", "/", &query, headers, Ok(Bytes::new()));
                        router::handle(&emulator, &wire)
                    });
                    HttpResponse::Ok().body(reply.await.expect("no panic").body)
                }
            }))
        })
        .listen(listener)
        .expect("a listening socket")
        .disable_signals()
        .run()
    })
}

fn with_journal(capacity: usize) -> SocketAddr {
    let mut emulator = emulator(filled(Cloud::Alibaba, SECRETS));
    emulator.journal = Arc::new(Journal::new(capacity));
    serve(Arc::new(emulator))
}
