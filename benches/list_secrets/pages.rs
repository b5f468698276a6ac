//! The time of a page without HTTP: the first page, a hundred pages of the middle half, a hundred of the
//! last tenth, and the slowest of a thousand. Also the time of the very first request, which opens a
//! connection and, for combined queries, searches all matching secrets.

use std::collections::HashMap;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::time::Instant;

use kms_emulator::clouds::draft::Signed;
use kms_emulator::emulator::Emulator;
use kms_emulator::model::Cloud;
use kms_emulator::router;
use kms_emulator::store::Store;

use crate::data::{emulator, fill, queries};
use crate::requests::{PAGE_SIZE, different_requests, slowest_page, total};

/// The number of requests of a run.
const REPETITIONS: u32 = 2_000;

pub fn print(clouds: &[Cloud], sizes: &[u64]) {
    println!(
        "ListSecrets by page, signature verified, in µs, and as a multiple of the first page of the first size"
    );
    println!(
        "{:<8} {:>9} {:<13} {:>9} {:>15} {:>15} {:>15} {:>15} {:>9}",
        "store", "secrets", "", "matching", "first", "middle", "last", "worst", "at first"
    );
    let mut first_pages = HashMap::new();
    for &cloud in clouds {
        for &size in sizes {
            for location in ["memory", "file"] {
                measure(cloud, size, location, &mut first_pages);
            }
        }
    }
}

/// Prints the rows of one store. `first_pages` has the times of the first pages of the first size.
fn measure(
    cloud: Cloud,
    size: u64,
    location: &'static str,
    first_pages: &mut HashMap<(Cloud, &str, &str), f64>,
) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let store = match location {
        "memory" => Store::in_memory().expect("memory for a database"),
        _ => Store::open(&directory.path().join("kms.db")).expect("a database file"),
    };
    let start = Instant::now();
    fill(&store, cloud, size);
    let count = f64::from(u32::try_from(size).expect("a small number"));
    let write = start.elapsed().as_secs_f64() * 1e6 / count;
    let emulator = emulator(store);
    for (name, query) in queries(cloud) {
        let start = Instant::now();
        let total = total(&emulator, cloud, query);
        let once = start.elapsed().as_secs_f64() * 1e3;
        let last = total.div_ceil(PAGE_SIZE).max(1);
        let [first, middle, end] = [
            1..=1,
            last / 4 + 1..=last - last / 4,
            last - last / 10..=last,
        ]
        .map(|pages| {
            let requests: Vec<_> =
                different_requests(cloud, query, spread(&pages), REPETITIONS).collect();
            time(&emulator, &requests)
        });
        let base = *first_pages.entry((cloud, location, name)).or_insert(first);
        let (_, slowest) = slowest_page(&emulator, cloud, query, last);
        let [first, middle, end, slowest] =
            [first, middle, end, slowest].map(|time| format!("{time:.1} ({:.2} x)", time / base));
        println!(
            "{location:<8} {size:>9} {name:<13} {total:>9} {first:>15} {middle:>15} {end:>15} {slowest:>15} {once:>6.1} ms"
        );
    }
    println!(
        "{location:<8} {size:>9} a secret stored, with its lists, one of many in a transaction: {write:.1} µs"
    );
}

/// About a hundred pages of a range.
fn spread(pages: &RangeInclusive<u64>) -> impl Iterator<Item = u64> + Clone + use<> {
    let step = ((pages.end() - pages.start()) / 100).max(1);
    pages.clone().step_by(crate::index(step))
}

/// The average time of the requests in microseconds: the minimum of several runs.
fn time(emulator: &Emulator, requests: &[Signed]) -> f64 {
    let run = || {
        let start = Instant::now();
        for request in requests {
            black_box(router::handle(emulator, &request.to_wire()));
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(REPETITIONS)
    };
    (0..5).map(|_| run()).fold(f64::MAX, f64::min)
}
