//! The built program as a process: its start, its memory and its size.

use std::path::Path;
use std::time::{Duration, Instant};

use kms_emulator::model::Cloud;

use super::{Goal, Measure, Row};
use crate::client::Client;
use crate::data::{ACCOUNT, write_fixture};
use crate::program::Server;
use crate::requests::{http_bytes, list_page};

/// The example secrets of the project.
const SEEDS: [&str; 4] = [
    "--fixtures",
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/seed.json"),
    "--fixtures",
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/seed-tencent.json"),
];

/// After this time without a request, the program has finished its work in the background.
const IDLE: Duration = Duration::from_secs(1);

pub(super) fn rows(longest: u64, directory: &Path) -> Vec<Row> {
    let mut rows = vec![
        Row::new(
            "start to the first reply, with the example secrets",
            "ms",
            Goal::AtMost(&[8.0, 6.0]),
            Box::new(|| start(&SEEDS).1.as_secs_f64() * 1_000.0),
        ),
        Row::new(
            "size of the program",
            "MiB",
            Goal::AtMost(&[9.0, 7.0]),
            Box::new(program_size),
        )
        .once(),
        Row::new(
            format!("load {longest} secrets from a fixture"),
            "s",
            Goal::AtMost(&[20.0]),
            loading(longest, directory),
        )
        .once(),
    ];
    if cfg!(target_os = "linux") {
        rows.insert(
            1,
            Row::new(
                "memory when idle, with the example secrets",
                "MiB",
                Goal::AtMost(&[8.0, 6.0]),
                Box::new(idle_memory),
            ),
        );
    }
    rows
}

/// Starts the program. Returns the time until the first reply, too.
fn start(arguments: &[&str]) -> (Server, Duration) {
    let request = http_bytes(&list_page(Cloud::Alibaba, 10, 1));
    let start = Instant::now();
    let server = Server::start(arguments);
    Client::connect(server.address, 1).send_each(&[request]);
    (server, start.elapsed())
}

/// The private memory, with anonymous pages only.
fn idle_memory() -> f64 {
    let (server, _) = start(&SEEDS);
    std::thread::sleep(IDLE);
    mebibytes(server.anonymous())
}

fn program_size() -> f64 {
    let file = std::fs::metadata(env!("CARGO_BIN_EXE_kms-emulator"));
    mebibytes(file.expect("the program is built").len())
}

/// The seconds until the first reply, with a fixture of many secrets.
fn loading(secrets: u64, directory: &Path) -> Measure {
    let path = directory.join("fixture.json");
    Box::new(move || {
        write_fixture(&path, ACCOUNT, secrets);
        let path = path.to_str().expect("a path in UTF-8");
        start(&["--fixtures", path]).1.as_secs_f64()
    })
}

fn mebibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).expect("less than a tebibyte")) / 1024.0
}
