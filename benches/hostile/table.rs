//! Measures each kind of request, and checks the bounds.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Client, Outcome};
use crate::kinds::{KB, Kind, MB};
use crate::requests::control;
use crate::server::Server;

/// The maximum ratio of the CPU time per byte of the largest size to that of the smallest size.
const MAX_GROWTH: f64 = 3.0;
/// The maximum CPU time of a request.
const MAX_CPU: Duration = Duration::from_millis(100);
/// The maximum memory of a request: a multiple of its size, plus a number of bytes.
const MAX_MEMORY: (usize, usize) = (8, 16 * MB);
/// The maximum memory in MB above the start, `REST` after the last request.
const MAX_KEPT: f64 = 16.0;
/// The time from the last request to the measurement of memory.
const REST: Duration = Duration::from_secs(10);

/// The client gives up a request that takes longer, and skips larger sizes.
const GIVE_UP_CPU: Duration = Duration::from_secs(3);
const GIVE_UP: Duration = Duration::from_mins(1);

/// If a request takes longer, larger sizes are skipped.
const MAX_TRIED: Duration = Duration::from_secs(2);

/// The number of requests of a size.
fn repetitions(size: usize) -> u32 {
    match size {
        0..=10_240 => 40,
        10_241..=102_400 => 10,
        102_401..=1_048_576 => 3,
        _ => 2,
    }
}

/// The measurement of one size.
struct Sample {
    size: usize,
    /// The CPU time of all requests divided by their bytes, in nanoseconds.
    per_byte: f64,
    /// The maximum CPU time of one request.
    max_cpu: Duration,
    /// The peak memory above the resident memory before, in bytes.
    peak: u64,
    outcome: Outcome,
}

struct Row {
    name: String,
    samples: Vec<Sample>,
    /// The resident memory above the start in MB, `REST` after the last request: with the journal, and with
    /// a cleared journal. Absent if the client gave up, because the server was stopped then.
    kept: Option<(f64, f64)>,
}

/// A server after its last request.
struct Resting {
    /// Absent if the client gave up.
    server: Option<Server>,
    since: Instant,
    start: u64,
    row: usize,
}

/// Measures the kinds whose names contain all texts of `filter`.
pub fn run(kinds: Vec<Kind>, filter: &[String]) {
    let is_selected = |kind: &Kind| {
        filter
            .iter()
            .all(|part| kind.name.to_lowercase().contains(&part.to_lowercase()))
    };
    println!(
        "Each kind has its own server with default settings, an ordinary load before, and one request at a time.\n\
         ns/B: CPU time of the server process (all threads) for all requests of a size, divided by their bytes; nothing\n\
         is subtracted, so that 10 kB contains the fixed cost of a request. Each size is sent 40, 10, 3 and 2 times.\n\
         growth: ns/B of the largest size divided by ns/B of the smallest. max: the CPU time of the slowest request, in ms.\n\
         peak: the highest resident memory above that before the requests of the size, in MB. kept: resident memory\n\
         ten seconds after the last request above that at the start, in MB, and the same with a cleared journal.\n"
    );
    println!(
        "{:<58} {:>9} {:>9} {:>9} {:>9} {:>7} {:>9} {:>6} {:>6} {:>7} {:>7} {:>6} {:>6} {:<8} outcome",
        "kind",
        "ns/B 10k",
        "100k",
        "1M",
        "10M",
        "growth",
        "max ms",
        "pk10k",
        "pk100k",
        "pk1M",
        "pk10M",
        "kept",
        "-jrnl",
        "fails"
    );
    let mut rows: Vec<Row> = Vec::new();
    let mut resting = VecDeque::new();
    for kind in kinds.into_iter().filter(is_selected) {
        let (server, start, samples) = measure(&kind);
        let row = rows.len();
        rows.push(Row {
            name: kind.name,
            samples,
            kept: None,
        });
        resting.push_back(Resting {
            server,
            since: Instant::now(),
            start,
            row,
        });
        finish(&mut resting, &mut rows, false);
    }
    finish(&mut resting, &mut rows, true);
    verdict(&rows);
}

/// Starts a server and sends all requests of a kind.
fn measure(kind: &Kind) -> (Option<Server>, u64, Vec<Sample>) {
    let server = Server::start(&[]);
    let mut client = Client::new(server.address);
    warm_up(&mut client);
    server.settle();
    let start = server.resident();
    let mut listener = None;
    let mut samples = Vec::new();
    for &size in kind.sizes {
        // Otherwise entries of earlier requests would count.
        client.request(&control("DELETE", "journal", ""));
        if kind.has_listener {
            listener = Some(listen(&server));
        }
        (kind.before)(&mut client, size);
        let request = (kind.build)(size);
        server.settle();
        let sample = measure_size(&server, &mut client, size, &request);
        let gave_up = sample.outcome == Outcome::GaveUp;
        let stop = gave_up || sample.max_cpu > MAX_TRIED;
        samples.push(sample);
        if gave_up {
            // The server may be busy for hours.
            return (None, start, samples);
        }
        if stop {
            break;
        }
    }
    drop(listener);
    (Some(server), start, samples)
}

/// Sends ordinary requests, after which threads, caches and the journal have their usual size.
fn warm_up(client: &mut Client) {
    let list = crate::requests::alibaba_query("ListSecrets", crate::requests::Signed::Valid, "");
    for _ in 0..50 {
        client.request(&list);
        client.request(&control("GET", "journal?limit=1", ""));
    }
    let create = "SecretName=t&VersionId=v1&SecretData=x";
    client.request(&crate::requests::alibaba_form(
        "CreateSecret",
        crate::requests::Signed::No,
        create,
    ));
}

fn measure_size(server: &Server, client: &mut Client, size: usize, request: &[u8]) -> Sample {
    let before = server.resident();
    server.reset_peak();
    let begin = server.cpu_time();
    let mut max_cpu = Duration::ZERO;
    let mut outcome = Outcome::Closed;
    let mut count = 0;
    for _ in 0..repetitions(size) {
        let sent = server.cpu_time();
        let start = Instant::now();
        outcome = client.send(request, || {
            server.cpu_time_since(sent) > GIVE_UP_CPU || start.elapsed() > GIVE_UP
        });
        if size >= MB {
            server.settle();
        }
        max_cpu = max_cpu.max(server.cpu_time_since(sent));
        count += 1;
        if outcome == Outcome::GaveUp || max_cpu > MAX_TRIED {
            break;
        }
    }
    if outcome != Outcome::GaveUp {
        server.settle();
    }
    let spent = server.cpu_time_since(begin);
    let bytes = f64::from(count) * f64::from(u32::try_from(size).expect("a small size"));
    Sample {
        size,
        per_byte: spent.as_secs_f64() * 1e9 / bytes,
        max_cpu,
        peak: server.peak().saturating_sub(before),
        outcome,
    }
}

/// Listens to the journal, and reads the events on a thread.
fn listen(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).expect("the server listens");
    stream
        .write_all(&control("GET", "journal/events", ""))
        .expect("the server reads");
    let mut reader = stream.try_clone().expect("a second handle");
    std::thread::spawn(move || {
        let mut chunk = vec![0; 64 * 1024];
        while reader.read(&mut chunk).is_ok_and(|count| count > 0) {}
    });
    stream
}

/// Measures the memory of servers after `REST`, and stops them. With `wait`, waits for all of them.
fn finish(resting: &mut VecDeque<Resting>, rows: &mut [Row], wait: bool) {
    while let Some(first) = resting.front() {
        let left = REST.saturating_sub(first.since.elapsed());
        if !left.is_zero() {
            if !wait {
                return;
            }
            std::thread::sleep(left);
        }
        let Some(first) = resting.pop_front() else {
            return;
        };
        let row = &mut rows[first.row];
        if let Some(server) = &first.server {
            let above = || megabytes(server.resident()) - megabytes(first.start);
            let with_journal = above();
            let mut client = Client::new(server.address);
            client.request(&control("DELETE", "journal", ""));
            // The server frees memory during requests.
            warm_up(&mut client);
            server.settle();
            row.kept = Some((with_journal, above()));
        }
        println!("{}", row.line());
    }
}

impl Row {
    fn growth(&self) -> f64 {
        match (self.samples.first(), self.samples.last()) {
            (Some(first), Some(last)) => last.per_byte / first.per_byte,
            _ => 0.0,
        }
    }

    fn max_cpu(&self) -> Duration {
        self.samples
            .iter()
            .map(|sample| sample.max_cpu)
            .max()
            .unwrap_or_default()
    }

    fn is_cut_short(&self) -> bool {
        self.samples
            .iter()
            .any(|sample| sample.outcome == Outcome::GaveUp || sample.max_cpu > MAX_TRIED)
    }

    fn has_high_peak(&self) -> bool {
        let (times, more) = MAX_MEMORY;
        self.samples
            .iter()
            .any(|sample| sample.peak > (times * sample.size + more) as u64)
    }

    fn keeps_memory(&self) -> bool {
        self.kept.is_some_and(|(kept, _)| kept > MAX_KEPT)
    }

    /// The names of the exceeded bounds.
    fn broken(&self) -> Vec<&'static str> {
        [
            ("growth", self.growth() > MAX_GROWTH),
            ("cpu", self.max_cpu() > MAX_CPU),
            ("peak", self.has_high_peak()),
            ("kept", self.keeps_memory()),
            ("gave-up", self.is_cut_short()),
        ]
        .into_iter()
        .filter(|(_, is_broken)| *is_broken)
        .map(|(name, _)| name)
        .collect()
    }

    fn line(&self) -> String {
        let column = |size: usize, show: &dyn Fn(&Sample) -> String| {
            let mut samples = self.samples.iter();
            let found = samples.find(|sample| match size {
                // Headers have other sizes.
                102_400 => sample.size > 10 * KB && sample.size <= size,
                _ => sample.size == size,
            });
            found.map_or_else(|| "-".to_owned(), show)
        };
        let sizes = [10 * KB, 100 * KB, MB, 10 * MB];
        let cost = sizes.map(|size| column(size, &|sample| format!("{:.1}", sample.per_byte)));
        let peak =
            sizes.map(|size| column(size, &|sample| format!("{:.1}", megabytes(sample.peak))));
        let kept = match self.kept {
            Some((kept, without)) => [kept, without].map(|kept| format!("{kept:.1}")),
            None => ["-", "-"].map(str::to_owned),
        };
        let outcomes: Vec<String> = self
            .samples
            .iter()
            .map(|sample| sample.outcome.to_string())
            .collect();
        format!(
            "{:<58} {:>9} {:>9} {:>9} {:>9} {:>7.2} {:>9.1} {:>6} {:>6} {:>7} {:>7} {:>6} {:>6} {:<8} {}",
            self.name,
            cost[0],
            cost[1],
            cost[2],
            cost[3],
            self.growth(),
            self.max_cpu().as_secs_f64() * 1e3,
            peak[0],
            peak[1],
            peak[2],
            peak[3],
            kept[0],
            kept[1],
            self.broken().join(","),
            outcomes.join(" ")
        )
    }
}

fn verdict(rows: &[Row]) {
    println!("\nVerdict over {} kinds:", rows.len());
    let report = |bound: &str, broken: &dyn Fn(&Row) -> bool, worst: Option<(&Row, String)>| {
        let count = rows.iter().filter(|row| broken(row)).count();
        let verdict = if count == 0 { "holds" } else { "BROKEN" };
        let worst = worst.map_or_else(String::new, |(row, figure)| {
            format!("; worst: {figure} ({})", row.name)
        });
        println!("  {verdict:<6} {bound}: broken by {count}{worst}");
    };
    let by_growth = rows.iter().max_by(|a, b| a.growth().total_cmp(&b.growth()));
    report(
        "a byte of the largest size costs at most 3 times a byte of the smallest",
        &|row| row.growth() > MAX_GROWTH || row.is_cut_short(),
        by_growth.map(|row| (row, format!("{:.2} times", row.growth()))),
    );
    let by_cpu = rows.iter().max_by_key(|row| row.max_cpu());
    report(
        "a request takes at most 100 ms of CPU time",
        &|row| row.max_cpu() > MAX_CPU,
        by_cpu.map(|row| (row, format!("{:.0} ms", row.max_cpu().as_secs_f64() * 1e3))),
    );
    let peak = |row: &Row| {
        row.samples
            .iter()
            .map(|sample| sample.peak)
            .max()
            .unwrap_or(0)
    };
    let by_peak = rows.iter().max_by_key(|row| peak(row));
    report(
        "peak memory is at most 8 times the body plus 16 MB",
        &Row::has_high_peak,
        by_peak.map(|row| (row, format!("{:.0} MB", megabytes(peak(row))))),
    );
    let kept = |row: &Row| row.kept.map_or(0.0, |(kept, _)| kept);
    let by_kept = rows.iter().max_by(|a, b| kept(a).total_cmp(&kept(b)));
    report(
        "memory is back to within 16 MB of the start ten seconds later",
        &Row::keeps_memory,
        by_kept.map(|row| (row, format!("{:.0} MB", kept(row)))),
    );
    let by_time = rows
        .iter()
        .filter_map(|row| Some((row, row.samples.last()?.per_byte)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    let at_small = rows
        .iter()
        .filter_map(|row| row.samples.first())
        .map(|sample| sample.per_byte)
        .fold(0.0, f64::max);
    if let Some((row, cost)) = by_time {
        println!(
            "  maximum per byte: {at_small:.1} ns at the smallest size, {cost:.1} ns at the largest measured size ({})",
            row.name
        );
    }
    let mut broken: Vec<&Row> = rows.iter().filter(|row| !row.broken().is_empty()).collect();
    broken.sort_by_key(|row| std::cmp::Reverse(row.max_cpu()));
    println!("  kinds that break a bound: {}", broken.len());
    for row in broken {
        println!(
            "    {:<58} {} (growth {:.2}, {:.0} ms, peak {:.0} MB, kept {:.1} MB)",
            row.name,
            row.broken().join(","),
            row.growth(),
            row.max_cpu().as_secs_f64() * 1e3,
            megabytes(peak(row)),
            kept(row)
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "megabytes to one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MB as f64
}
