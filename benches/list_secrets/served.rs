//! Requests per second by page over HTTP: of the first page of few secrets, of pages all over a large
//! list, and of the slowest page of the large list.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use kms_emulator::emulator::Emulator;
use kms_emulator::model::Cloud;

use crate::client::{CONNECTIONS, ROUNDS, rate};
use crate::data::{emulator, filled, queries};
use crate::http::serve;
use crate::requests::{PAGE_SIZE, slowest_page, total, uncached_requests};

/// The number of secrets to compare with.
const SMALL: u64 = 1_000;

pub fn print(clouds: &[Cloud], sizes: &[u64]) {
    println!(
        "ListSecrets by page over HTTP, signature verified, {CONNECTIONS} connections: requests/s, and how many times as many the first page of {SMALL} secrets gets"
    );
    println!(
        "{:>9} {:<13} {:>12} {:>20} {:>20}",
        "secrets", "", "base", "all over", "worst of 1,000"
    );
    for &cloud in clouds {
        for &size in sizes.iter().filter(|size| **size > SMALL) {
            let (_, small) = fill_and_serve(cloud, SMALL);
            let (emulator, large) = fill_and_serve(cloud, size);
            for (name, query) in queries(cloud) {
                let [base, all_over, slowest] = rates(cloud, query, small, (&emulator, large));
                let [all_over, slowest] =
                    [all_over, slowest].map(|rate| format!("{rate:.0} ({:.2} x)", base / rate));
                println!("{size:>9} {name:<13} {base:>12.0} {all_over:>20} {slowest:>20}");
            }
        }
    }
    println!();
}

fn fill_and_serve(cloud: Cloud, size: u64) -> (Arc<Emulator>, SocketAddr) {
    let emulator = Arc::new(emulator(filled(cloud, size)));
    let address = serve(Arc::clone(&emulator));
    (emulator, address)
}

/// The rates of a query: the first page of the small list, pages all over the large list, and its
/// slowest page.
fn rates(
    cloud: Cloud,
    query: &str,
    small: SocketAddr,
    (emulator, large): (&Emulator, SocketAddr),
) -> [f64; 3] {
    let last = total(emulator, cloud, query).div_ceil(PAGE_SIZE).max(1);
    let all_over = (1..=last).step_by(crate::index((last / 1_000).max(1)));
    let slowest = slowest_page(emulator, cloud, query, last).0;
    let first = uncached_requests(cloud, query, 1..=1);
    let all_over = uncached_requests(cloud, query, all_over);
    let slowest = uncached_requests(cloud, query, slowest..=slowest);
    // Each connection starts at another request.
    let next = |requests: &[Bytes], connection: usize, count: usize| {
        let start = connection * requests.len() / CONNECTIONS;
        requests[(start + count) % requests.len()].clone()
    };
    let mut rates = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (index, (address, requests)) in [(small, &first), (large, &all_over), (large, &slowest)]
            .into_iter()
            .enumerate()
        {
            rates[index].push(rate(address, &|connection, count| {
                next(requests, connection, count)
            }));
        }
    }
    rates.map(crate::median)
}
