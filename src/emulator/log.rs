//! Log output that never blocks: each stream has a bounded queue and a thread that writes it.
//!
//! `tracing-appender` is not used: if the stream is not read, it prints to standard output at exit and waits
//! for more than a second. Also, it does not count lines whose write failed.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// The maximum size of the queue in bytes. While the thread writes, it has another queue of this size.
const CAPACITY: usize = 256 << 10;

/// How long lines are collected before they are written together. Otherwise each request would wake the
/// writer thread.
const COLLECTING: Duration = Duration::from_millis(1);

/// The pause between attempts to write to a non-blocking stream that is full.
const RETRY: Duration = Duration::from_millis(5);

/// A stream of lines. Writing does not block or fail; if the queue is full, lines are dropped and counted.
#[derive(Debug, Clone)]
pub struct LineSink(Arc<Shared>);

/// The number of dropped lines.
#[derive(Debug, Clone, Default)]
pub struct DroppedLines(Arc<AtomicU64>);

impl DroppedLines {
    /// The number since the start.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, lines: u64) {
        self.0.fetch_add(lines, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    /// Signals the writer thread that the queue has lines.
    filled: Condvar,
    /// Signals [`LineSink::flush`] that the queue is empty and written.
    drained: Condvar,
    dropped: DroppedLines,
}

#[derive(Debug, Default)]
struct Queue {
    /// Complete lines.
    bytes: Vec<u8>,
    /// Whether the writer thread waits for lines, so all earlier lines are written.
    is_idle: bool,
}

impl LineSink {
    /// Starts a thread that writes to `target`. When a write succeeds after lines were dropped, it calls
    /// `on_recovery` with their number; `on_recovery` may write to this sink.
    ///
    /// # Errors
    ///
    /// If the thread cannot be started.
    pub fn spawn(
        target: impl Write + Send + 'static,
        on_recovery: impl Fn(u64) + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            filled: Condvar::new(),
            drained: Condvar::new(),
            dropped: DroppedLines::default(),
        });
        let writing = Arc::clone(&shared);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writing.run(target, on_recovery))?;
        Ok(Self(shared))
    }

    /// Queues a line, which ends with a line break. Other control characters are escaped.
    pub fn write(&self, line: &[u8]) {
        let escaped = escape_control_characters(line);
        let line = escaped.as_deref().unwrap_or(line);
        let mut queue = self.0.lock();
        if queue.bytes.len() + line.len() > CAPACITY {
            drop(queue);
            self.0.dropped.add(1);
            return;
        }
        queue.bytes.extend_from_slice(line);
        if std::mem::take(&mut queue.is_idle) {
            drop(queue);
            self.0.filled.notify_one();
        }
    }

    /// Waits until all lines are written, at most until `deadline`.
    pub fn flush(&self, deadline: Instant) {
        let mut queue = self.0.lock();
        while !queue.is_idle {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.0.drained.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The counter of dropped lines.
    #[must_use]
    pub fn dropped(&self) -> DroppedLines {
        self.0.dropped.clone()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut target: impl Write, on_recovery: impl Fn(u64)) {
        let mut lines = Vec::new();
        let mut reported = 0;
        // Whether the last write failed within a line.
        let mut is_incomplete = false;
        loop {
            self.take(&mut lines);
            if is_incomplete {
                lines.insert(0, b'\n');
            }
            match write_all(&mut target, &lines) {
                Ok(()) => {
                    is_incomplete = false;
                    let dropped = self.dropped.get();
                    // Not while the queue is full: the report would be dropped.
                    if dropped > reported && self.lock().bytes.len() < CAPACITY / 2 {
                        on_recovery(dropped - reported);
                        reported = dropped;
                    }
                }
                Err(written) => {
                    let (done, lost) = lines.split_at(written);
                    is_incomplete = done.last().map_or(is_incomplete, |byte| *byte != b'\n');
                    self.dropped
                        .add(memchr::memchr_iter(b'\n', lost).count() as u64);
                }
            }
            thread::sleep(COLLECTING);
        }
    }

    /// Waits for lines and moves them to `lines`.
    fn take(&self, lines: &mut Vec<u8>) {
        lines.clear();
        let mut queue = self.lock();
        while queue.bytes.is_empty() {
            queue.is_idle = true;
            self.drained.notify_all();
            queue = self
                .filled
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_idle = false;
        std::mem::swap(&mut queue.bytes, lines);
    }
}

/// Writes all bytes, or returns the number of bytes written before an error.
fn write_all(target: &mut impl Write, bytes: &[u8]) -> Result<(), usize> {
    let mut written = 0;
    while written < bytes.len() {
        match target.write(&bytes[written..]) {
            Ok(0) => return Err(written),
            Ok(count) => written += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(_) => return Err(written),
        }
    }
    Ok(())
}

/// Escapes control characters except the line break; absent if there are none.
fn escape_control_characters(line: &[u8]) -> Option<Vec<u8>> {
    let (text, end) = match line {
        [text @ .., b'\n'] => (text, &b"\n"[..]),
        _ => (line, &b""[..]),
    };
    // `fold` checks several bytes with one instruction, `any` does not.
    if !text
        .iter()
        .fold(false, |any, byte| any | byte.is_ascii_control())
    {
        return None;
    }
    let mut escaped = Vec::with_capacity(line.len() + 16);
    for byte in text {
        if byte.is_ascii_control() {
            escaped.extend(byte.escape_ascii());
        } else {
            escaped.push(*byte);
        }
    }
    escaped.extend_from_slice(end);
    Some(escaped)
}

/// The writer for one event: the library formats it in memory and writes it with one call.
#[derive(Debug)]
pub struct Line<'a>(&'a LineSink);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LineSink {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A stream whose writes wait for the test, which sets their results.
    struct Scripted {
        results: mpsc::Receiver<io::Result<usize>>,
        written: mpsc::Sender<Vec<u8>>,
    }

    impl Write for Scripted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let result = self.results.recv().map_err(io::Error::other)?;
            let count = result?.min(bytes.len());
            let _ = self.written.send(bytes[..count].to_vec());
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Test {
        sink: LineSink,
        results: mpsc::Sender<io::Result<usize>>,
        written: mpsc::Receiver<Vec<u8>>,
        recovered: mpsc::Receiver<u64>,
    }

    fn scripted() -> Test {
        let (results, script) = mpsc::channel();
        let (sender, written) = mpsc::channel();
        let (recovery, recovered) = mpsc::channel();
        let target = Scripted {
            results: script,
            written: sender,
        };
        let sink = LineSink::spawn(target, move |lines| {
            let _ = recovery.send(lines);
        });
        Test {
            sink: sink.unwrap(),
            results,
            written,
            recovered,
        }
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    #[test]
    fn lines_are_dropped_while_the_stream_is_blocked_and_reported_afterwards() {
        let test = scripted();
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        // The writer thread holds up to one queue of lines; another one waits.
        for _ in 0..4 * CAPACITY / line.len() {
            test.sink.write(&line);
        }
        let dropped = test.sink.dropped().get();
        assert!(dropped >= 2 * (CAPACITY / line.len()) as u64, "{dropped}");
        for _ in 0..3 {
            test.results.send(Ok(usize::MAX)).unwrap();
        }
        test.sink.flush(soon());
        let written: usize = test.written.try_iter().map(|bytes| bytes.len()).sum();
        let lost = usize::try_from(dropped).unwrap() * line.len();
        assert_eq!(written + lost, 4 * CAPACITY);
        assert_eq!(test.recovered.recv(), Ok(dropped));
    }

    #[test]
    fn failed_writes_count_as_dropped_and_an_incomplete_line_is_ended() {
        let test = scripted();
        test.sink.write(b"first\n");
        test.results.send(Ok(3)).unwrap();
        let failure = io::Error::from(ErrorKind::StorageFull);
        test.results.send(Err(failure)).unwrap();
        test.sink.flush(soon());
        assert_eq!(test.sink.dropped().get(), 1);
        test.results.send(Ok(usize::MAX)).unwrap();
        test.sink.write(b"second\n");
        test.sink.flush(soon());
        let written: Vec<_> = test.written.try_iter().flatten().collect();
        assert_eq!(written, b"fir\nsecond\n");
        assert_eq!(test.recovered.try_recv(), Ok(1));
    }

    #[test]
    fn a_non_blocking_stream_is_tried_again() {
        let test = scripted();
        let full = io::Error::from(ErrorKind::WouldBlock);
        test.results.send(Err(full)).unwrap();
        test.results.send(Ok(usize::MAX)).unwrap();
        test.sink.write(b"line\n");
        test.sink.flush(soon());
        assert_eq!(test.written.try_recv().as_deref(), Ok(&b"line\n"[..]));
        assert_eq!(test.sink.dropped().get(), 0);
    }

    #[test]
    fn a_flush_ends_at_its_deadline() {
        let test = scripted();
        test.sink.write(b"never written\n");
        test.sink.flush(Instant::now() + Duration::from_millis(1));
        assert!(test.written.try_recv().is_err());
    }

    #[test]
    fn control_characters_do_not_break_a_line() {
        let test = scripted();
        test.results.send(Ok(usize::MAX)).unwrap();
        test.sink.write("a\nb\r\u{1b}[2J\0 密\n".as_bytes());
        test.sink.flush(soon());
        let written = test.written.try_recv().unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "a\\nb\\r\\x1b[2J\\x00 密\n"
        );
    }
}
