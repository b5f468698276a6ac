//! The speed of the server: compared to a plain actix-web handler, and by page of `ListSecrets`.
//!
//! ```sh
//! cargo bench                      # all tables, up to 1,000,000 secrets
//! cargo bench -- targets 1000000   # the targets, with this number of secrets in the longest list
//! cargo bench -- throughput        # requests per second compared to a plain handler
//! cargo bench -- served 1000000    # requests per second by page, with this number of secrets
//! cargo bench -- pages 1000 100000 # time by page without HTTP, with these numbers of secrets
//! cargo bench -- resets 1000000    # time of a reset, with this number of secrets in another account
//! ```
//!
//! Both clouds are measured, or only `alibaba` or `tencent`: `cargo bench -- tencent pages`.
//!
//! Compare the ratios, which are measured in one run. Times and rates depend on the machine.

mod client;
mod data;
mod http;
mod pages;
#[path = "../program/mod.rs"]
mod program;
mod requests;
mod resets;
mod served;
mod targets;
mod throughput;

use std::fs::File;
use std::sync::Arc;

use kms_emulator::model::Cloud;
use mimalloc::MiMalloc;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let mut clouds = Vec::new();
    let mut sizes = Vec::new();
    let mut tables = Vec::new();
    for argument in &arguments {
        if let Some(cloud) = Cloud::from_name(argument) {
            clouds.push(cloud);
        } else if let Ok(size) = argument.parse::<u64>() {
            sizes.push(size);
        } else {
            tables.push(argument.as_str());
        }
    }
    if clouds.is_empty() {
        clouds = vec![Cloud::Alibaba, Cloud::Tencent];
    }
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000, 1_000_000];
    }
    start_log();
    let is_selected = |table: &str| tables.is_empty() || tables.contains(&table);
    if is_selected("targets") {
        targets::print(&sizes);
    }
    if is_selected("throughput") {
        throughput::print();
    }
    if is_selected("served") {
        served::print(&clouds, &sizes);
    }
    if is_selected("pages") {
        pages::print(&clouds, &sizes);
    }
    if is_selected("resets") {
        resets::print(&sizes);
    }
}

/// Logs with the default level of the program, to `/dev/null`.
fn start_log() {
    let null = File::options()
        .write(true)
        .open("/dev/null")
        .expect("/dev/null can be opened");
    let levels: Targets = "warn,kms_emulator=info".parse().expect("valid levels");
    tracing_subscriber::fmt()
        .with_target(false)
        .with_ansi(false)
        .with_writer(Arc::new(null))
        .finish()
        .with(levels)
        .init();
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn index(number: u64) -> usize {
    usize::try_from(number).expect("64-bit machine")
}
