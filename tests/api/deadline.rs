//! Deadlines for everything that a test waits for. A test that hangs fails with a message that
//! names the awaited event.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use wait_timeout::ChildExt;

/// The time limit of every wait; long enough for a loaded machine with few processors.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Runs `work` in a separate thread and returns its result.
#[track_caller]
pub fn within<T: Send + 'static>(awaited: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receive(&receiver, awaited).unwrap_or_else(|| panic!("the thread panicked: {awaited}"))
}

/// The next message, or `None` when the sender was dropped.
#[track_caller]
pub fn receive<T>(receiver: &Receiver<T>, awaited: &str) -> Option<T> {
    receive_for(receiver, PATIENCE, awaited)
}

#[track_caller]
fn receive_for<T>(receiver: &Receiver<T>, patience: Duration, awaited: &str) -> Option<T> {
    match receiver.recv_timeout(patience) {
        Ok(value) => Some(value),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => panic!("waited {patience:?} for {awaited}"),
    }
}

/// Polls a condition, and returns whether it became true before the deadline.
pub fn eventually(mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A connection with timeouts for reads and writes.
pub fn connect(address: impl ToSocketAddrs) -> TcpStream {
    let connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    connection.set_write_timeout(Some(PATIENCE)).unwrap();
    connection
}

/// Reads once and returns the number of bytes; 0 at the end of the stream. The panic message of a
/// timeout contains the bytes received before.
#[track_caller]
pub fn read_some(
    connection: &mut impl Read,
    chunk: &mut [u8],
    awaited: &str,
    so_far: &[u8],
) -> io::Result<usize> {
    let read = connection.read(chunk);
    if let Err(error) = &read
        && is_timeout(error)
    {
        let so_far = String::from_utf8_lossy(so_far);
        panic!("waited {PATIENCE:?} for {awaited}; received: {so_far:?}");
    }
    read
}

/// Whether an error is the timeout of a socket.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Reads until the server closes or resets the connection.
#[track_caller]
pub fn read_to_close(connection: &mut impl Read) -> Vec<u8> {
    let deadline = Instant::now() + PATIENCE;
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let awaited = "the server to close the connection";
        match read_some(connection, &mut chunk, awaited, &received) {
            Ok(0) => return received,
            Ok(count) => received.extend_from_slice(&chunk[..count]),
            Err(error) if is_closed(&error) => return received,
            Err(error) => panic!("{error}"),
        }
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} for {awaited}"
        );
    }
}

/// TLS reports a missing `close_notify` as an unexpected end of file.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof
    )
}

/// Waits for a program to exit; kills it at the deadline.
#[track_caller]
pub fn wait(child: &mut Child, awaited: &str) -> ExitStatus {
    wait_for(child, PATIENCE, awaited)
}

#[track_caller]
fn wait_for(child: &mut Child, patience: Duration, awaited: &str) -> ExitStatus {
    if let Some(status) = child.wait_timeout(patience).unwrap() {
        return status;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("waited {patience:?} for {awaited}")
}

/// A program that is killed on drop.
pub struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The output of a program by lines. A thread reads it, so that the program never blocks on a full
/// pipe.
pub struct Lines(Mutex<Receiver<String>>);

impl Lines {
    pub fn of(pipe: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            let mut line = String::new();
            while pipe.read_line(&mut line).is_ok_and(|length| length > 0) {
                // Continues after the receiver was dropped.
                let _ = sender.send(std::mem::take(&mut line));
            }
        });
        Self(Mutex::new(receiver))
    }

    /// The next line with its line end, or `None` at the end of the output.
    #[track_caller]
    pub fn next(&self, awaited: &str) -> Option<String> {
        receive(&self.0.lock().unwrap(), awaited)
    }

    /// All lines until the end of the output.
    #[track_caller]
    pub fn rest(&self, awaited: &str) -> String {
        std::iter::from_fn(|| self.next(awaited)).collect()
    }
}

/// Runs a program that is expected to exit.
pub trait Finish {
    /// Returns status and output; kills the program at the deadline.
    #[track_caller]
    fn finish(&mut self) -> Output;
}

impl Finish for Command {
    fn finish(&mut self) -> Output {
        let awaited = format!("the end of {self:?}");
        let mut child = self
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdout, stderr) = (
            all_of(child.stdout.take().unwrap()),
            all_of(child.stderr.take().unwrap()),
        );
        let status = wait(&mut child, &awaited);
        Output {
            status,
            stdout: receive(&stdout, &awaited).unwrap(),
            stderr: receive(&stderr, &awaited).unwrap(),
        }
    }
}

fn all_of(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        sender.send(bytes)
    });
    receiver
}

#[test]
#[should_panic(expected = "waited 10ms for the end of sleep")]
fn program_that_does_not_exit_is_killed_and_named() {
    let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
    wait_for(&mut child, Duration::from_millis(10), "the end of sleep");
}

#[test]
#[should_panic(expected = "waited 10ms for a line")]
fn missing_message_is_named() {
    let (_sender, receiver) = mpsc::channel::<()>();
    receive_for(&receiver, Duration::from_millis(10), "a line");
}

#[test]
#[should_panic(expected = "for a reply; received: \"HTTP/1.1\"")]
fn missing_reply_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    connection
        .set_read_timeout(Some(Duration::from_millis(10)))
        .unwrap();
    let _ = read_some(&mut connection, &mut [0], "a reply", b"HTTP/1.1");
}
