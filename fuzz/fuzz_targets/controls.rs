//! No request of the control API gets a 500, and errors have a code, a message and a place. The clouds still answer after it.

#![no_main]

use bytes::Bytes;
use std::sync::LazyLock;

use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::control;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::SystemClock;
use kms_emulator::http::wire::WireRequest;
use kms_emulator::router;
use kms_emulator::store::Store;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    control: u8,
    /// The values of the path parameters.
    name: &'a str,
    query: &'a str,
    body: &'a [u8],
    /// A request of a cloud's API to send afterwards.
    action: &'a str,
}

static EMULATOR: LazyLock<Emulator> = LazyLock::new(|| {
    let auth = Auth {
        mode: AuthMode::Lenient,
        credentials: Credentials::new("1000000000000000"),
        nonces: Nonces::default(),
    };
    Emulator::new(Store::in_memory().unwrap(), SystemClock, auth)
});

fuzz_target!(|input: Input| {
    let all = control::descriptions();
    let control = all[usize::from(input.control) % all.len()];
    let mut path = control.path.to_owned();
    if let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, input.name);
    }
    let ask = |method, path: &str, query, body| {
        router::handle(
            &EMULATOR,
            &WireRequest::new(
                method,
                path,
                query,
                [("host", "127.0.0.1")],
                Ok(Bytes::copy_from_slice(body)),
            ),
        )
    };
    let reply = ask(control.method, &path, input.query, input.body);
    assert!(reply.status < 500, "{} {path}: {reply:?}", control.method);
    if reply.status >= 400 {
        let error: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        for member in ["code", "message", "place"] {
            assert!(error[member].is_string(), "{error}");
        }
    }
    // With the new rules and times, a cloud still replies.
    let query = format!("Action={}", input.action);
    let reply = ask("GET", "/", &query, b"");
    assert!(reply.status >= 200);
    if input.control % 16 == 0 {
        EMULATOR.faults.remove(|_| true);
        EMULATOR.clock.reset();
    }
});
