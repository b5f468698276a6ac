//! The time of a reset of an account with 1,000 secrets, while another account has many.

use std::time::Instant;

use bytes::Bytes;
use kms_emulator::http::wire::WireRequest;
use kms_emulator::model::Cloud;
use kms_emulator::router;

use crate::data::{emulator, filled, load_fixture};

/// The number of secrets of the account that is reset.
const SECRETS: u64 = 1_000;

pub fn print(sizes: &[u64]) {
    println!(
        "Milliseconds to reset an account of {SECRETS} secrets, by the number of secrets of another account"
    );
    println!(
        "{:<22} {:>12} {:>12} {:>12} {:>12}",
        "of the other account", "empty", "of smallest", "fixtures", "of smallest"
    );
    let mut smallest = None;
    for &size in sizes {
        let (empty, fixtures) = reset_times(size);
        let (first_empty, first_fixtures) = *smallest.get_or_insert((empty, fixtures));
        println!(
            "{size:<22} {empty:>12.2} {:>12.2} {fixtures:>12.2} {:>12.2}",
            empty / first_empty,
            fixtures / first_fixtures
        );
    }
    println!();
}

/// The times of a reset to no secrets and of a reset to the fixtures, in milliseconds.
fn reset_times(size: u64) -> (f64, f64) {
    let store = filled(Cloud::Alibaba, size);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut emulator = emulator(store);
    load_fixture(&mut emulator, directory.path(), "2000000000000000", SECRETS);
    let reset = |fixtures: bool| {
        let body = format!(r#"{{"account":"2000000000000000","fixtures":{fixtures}}}"#);
        let start = Instant::now();
        let reply = router::handle(
            &emulator,
            &WireRequest::new(
                "POST",
                "/_emulator/reset",
                "",
                [],
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            ),
        );
        assert_eq!(reply.status, 200);
        start.elapsed().as_secs_f64() * 1_000.0
    };
    let (mut empty, mut fixtures) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        // The housekeeper of a server does this in the background.
        emulator
            .fixtures
            .make_spares(&emulator.store)
            .expect("a valid fixture");
        while emulator
            .store
            .write(|store| store.collect_garbage(1_000))
            .expect("garbage can be collected")
        {}
        fixtures.push(reset(true));
        empty.push(reset(false));
    }
    (crate::median(empty), crate::median(fixtures))
}
