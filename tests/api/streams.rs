//! Standard output and standard error that are not read, not writable or closed. Requests are still
//! answered, and the program exits with the expected code.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::deadline::Finish;
use crate::process::program;
use crate::support::RawReply;

/// Long enough for a loaded machine.
const DEADLINE: Duration = Duration::from_mins(1);

/// The interval between two checks of a condition.
const POLL: Duration = Duration::from_millis(10);

/// A server on a port that the test chose, because its announcement may not be readable.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts the program on a free port; `prepare` sets its streams.
    fn start(prepare: impl Fn(&mut Command)) -> Self {
        Self::run(|| {
            let mut command = program();
            prepare(&mut command);
            command
        })
    }

    fn run(command: impl Fn() -> Command) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let child = command().args(["--listen", &address]).spawn().unwrap();
        let mut server = Self { child, address };
        let started = Instant::now();
        while server
            .try_get("/_emulator/ready")
            .is_none_or(|reply| reply.status != 200)
        {
            assert!(started.elapsed() < DEADLINE, "the server does not start");
            assert_eq!(server.child.try_wait().unwrap(), None, "the server ended");
            std::thread::sleep(POLL);
        }
        server
    }

    fn connect(&self) -> Option<TcpStream> {
        let connection = TcpStream::connect(&self.address).ok()?;
        connection.set_read_timeout(Some(DEADLINE)).unwrap();
        Some(connection)
    }

    fn try_get(&self, target: &str) -> Option<RawReply> {
        let mut connection = self.connect()?;
        send(&mut connection, target);
        Some(RawReply::read(&mut connection))
    }

    fn get(&self, target: &str) -> String {
        let reply = self.try_get(target).unwrap();
        assert_eq!(reply.status, 200, "{target}");
        reply.body
    }

    /// Sends this number of requests over one connection.
    fn ask(&self, requests: usize) {
        let mut connection = self.connect().unwrap();
        for _ in 0..requests {
            send(&mut connection, "/?Action=ListSecrets");
            assert_eq!(RawReply::read(&mut connection).status, 200);
        }
    }

    /// Checks that a write is answered and takes effect.
    fn check_that_it_works(&self) {
        let created = self.get("/?Action=CreateSecret&SecretName=a&VersionId=v1&SecretData=x");
        assert!(created.contains(r#""SecretName":"a""#), "{created}");
        assert!(
            self.get("/?Action=ListSecrets")
                .contains(r#""TotalCount":1"#)
        );
    }

    fn dropped_log_lines(&self) -> u64 {
        let metrics = self.get("/_emulator/metrics");
        let count = metrics
            .lines()
            .find_map(|line| line.strip_prefix("kms_emulator_log_lines_dropped_total "));
        count
            .unwrap_or_else(|| panic!("{metrics}"))
            .parse()
            .unwrap()
    }

    /// Stops the server and returns its exit code.
    fn terminate(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-s", "TERM", &pid]).status();
        assert!(killed.unwrap().success());
        exit_code(&mut self.child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(connection: &mut TcpStream, target: &str) {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
}

fn exit_code(child: &mut Child) -> Option<i32> {
    let asked = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(asked.elapsed() < DEADLINE, "the program does not end");
        std::thread::sleep(POLL);
    }
}

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[test]
fn requests_are_answered_after_the_log_pipe_is_closed() {
    // As in `kms-emulator 2>&1 | head -1`.
    let (reader, writer) = pipe().unwrap();
    let mut server = Server::start(|command| {
        command
            .stdout(writer.try_clone().unwrap())
            .stderr(writer.try_clone().unwrap());
    });
    drop(writer);
    let mut lines = BufReader::new(reader);
    lines.read_line(&mut String::new()).unwrap();
    drop(lines);
    server.check_that_it_works();
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn requests_are_answered_while_the_log_pipe_is_full_and_dropped_lines_are_counted() {
    let mut server = Server::start(|command| {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
    });
    server.ask(5_000);
    server.check_that_it_works();
    assert!(server.dropped_log_lines() > 0);
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn number_of_dropped_lines_is_logged_when_the_log_is_read_again() {
    let mut server = Server::start(|command| {
        command.stdout(Stdio::null()).stderr(Stdio::piped());
    });
    server.ask(5_000);
    let dropped = server.dropped_log_lines();
    let log = BufReader::new(server.child.stderr.take().unwrap());
    let (sender, lines) = std::sync::mpsc::channel();
    let reading = std::thread::spawn(move || {
        for line in log.lines() {
            let _ = sender.send(line.unwrap());
        }
    });
    let notice = std::iter::from_fn(|| lines.recv_timeout(DEADLINE).ok())
        .find(|line| line.contains("log lines were dropped"))
        .unwrap();
    assert!(notice.contains(&format!("lines={dropped}")), "{notice}");
    assert_eq!(server.terminate(), Some(0));
    reading.join().unwrap();
    let more: Vec<_> = lines.try_iter().collect();
    assert!(more.last().unwrap().ends_with("stopping"), "{more:?}");
    assert!(
        !more.iter().any(|line| line.contains("were dropped")),
        "{more:?}"
    );
}

#[test]
fn full_disk_at_a_standard_stream_does_not_stop_the_server() {
    let mut server = Server::start(|command| {
        command.stdout(Stdio::null()).stderr(full());
    });
    server.check_that_it_works();
    // The writer thread may not have tried to write yet.
    let asked = Instant::now();
    while server.dropped_log_lines() == 0 {
        assert!(asked.elapsed() < DEADLINE);
        std::thread::sleep(POLL);
    }
    assert_eq!(server.terminate(), Some(0), "stderr");

    let mut server = Server::start(|command| {
        command.stdout(full()).stderr(Stdio::piped());
    });
    server.check_that_it_works();
    assert_eq!(server.dropped_log_lines(), 0, "stdout is not the log");
    assert_eq!(server.terminate(), Some(0), "stdout");
    let mut log = String::new();
    let mut stderr = server.child.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    assert!(log.ends_with("stopping\n"), "{log}");

    let mut server = Server::start(|command| {
        command.stdout(full()).stderr(full());
    });
    server.check_that_it_works();
    assert_eq!(server.terminate(), Some(0), "both");
}

#[test]
fn descriptors_of_closed_standard_streams_are_not_reused_for_files() {
    let directory = tempfile::tempdir().unwrap();
    for (number, closed) in [">&- 2>&-", "<&- >&- 2>&-", "2>&-", ">&-"]
        .iter()
        .enumerate()
    {
        let database = directory.path().join(number.to_string());
        let mut server = Server::run(|| {
            let run = program();
            let mut shell = Command::new("sh");
            shell
                .args(["-c", &format!("exec \"$0\" \"$@\" {closed}")])
                .arg(run.get_program());
            for (name, value) in run.get_envs() {
                match value {
                    Some(value) => shell.env(name, value),
                    None => shell.env_remove(name),
                };
            }
            shell.stdout(Stdio::null()).stderr(Stdio::null());
            shell.args(["--log", "trace", "--database"]).arg(&database);
            shell
        });
        server.check_that_it_works();
        server.ask(100);
        assert_eq!(server.terminate(), Some(0), "{closed}");
        assert!(
            fs::read(&database)
                .unwrap()
                .starts_with(b"SQLite format 3\0"),
            "{closed}"
        );
        let exported = program()
            .args(["export", "--database"])
            .arg(&database)
            .finish();
        assert!(
            String::from_utf8_lossy(&exported.stdout).contains(r#""SecretName": "a""#),
            "{closed}"
        );
    }
}

#[test]
fn blocked_log_does_not_delay_the_shutdown() {
    let mut server = Server::start(|command| {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
    });
    server.ask(5_000);
    let asked = Instant::now();
    assert_eq!(server.terminate(), Some(0));
    // The log gets 200 ms; the rest allows for a loaded machine.
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[test]
fn unwritable_streams_change_the_exit_code_only_if_output_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing");
    let missing = missing.to_str().unwrap();
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&["env"], 0),
        (&["--no-such-flag"], 2),
        (&["--account", "1"], 2),
        (&["fixtures", "check", missing], 2),
        (&["export", "--database", missing], 1),
        (&["healthcheck", "http://127.0.0.1:1"], 1),
        (
            &[
                "--listen",
                "127.0.0.1:0",
                "--database",
                missing,
                "--fixtures",
                missing,
            ],
            2,
        ),
    ] {
        let run = |prepare: &dyn Fn(&mut Command)| {
            let mut command = program();
            command
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            prepare(&mut command);
            exit_code(&mut command.spawn().unwrap())
        };
        let unread = || pipe().unwrap().1;
        assert_eq!(
            run(&|command| {
                command.stderr(full());
            }),
            Some(code),
            "{arguments:?}"
        );
        assert_eq!(
            run(&|command| {
                command.stderr(unread());
            }),
            Some(code),
            "{arguments:?}"
        );
        assert_eq!(
            run(&|command| {
                command.stdout(unread());
            }),
            Some(code),
            "{arguments:?}"
        );
        // The output is lost, so the exit code reports a failure.
        let code = if code == 0 { 1 } else { code };
        assert_eq!(
            run(&|command| {
                command.stdout(full());
            }),
            Some(code),
            "{arguments:?}"
        );
    }
}
