//! Detects the end of standard input, which ends with the process that started the server.

use std::io::{self, ErrorKind, Read};
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// The pause between attempts to read from a non-blocking stream that has no bytes yet.
const RETRY: Duration = Duration::from_millis(50);

/// Returns a token that is cancelled at the end of standard input. The operating system closes the pipe of a
/// process that ends for any reason, also by SIGKILL.
///
/// # Errors
///
/// If the thread that reads cannot be started.
pub(super) fn end() -> io::Result<CancellationToken> {
    let ended = CancellationToken::new();
    let guard = ended.clone().drop_guard();
    // A separate thread, because a pending read cannot be cancelled.
    thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            let _guard = guard;
            read_to_end(io::stdin().lock());
        })?;
    Ok(ended)
}

/// Reads and discards until the end or an error.
fn read_to_end(mut input: impl Read) {
    let mut discarded = [0; 512];
    loop {
        match input.read(&mut discarded) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns these results, the last one first.
    struct Script(Vec<io::Result<usize>>);

    impl Read for Script {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.pop().unwrap_or_else(|| panic!("read after the end"))
        }
    }

    #[test]
    fn bytes_and_temporary_errors_are_not_the_end() {
        let mut results = vec![
            Ok(512),
            Err(ErrorKind::Interrupted.into()),
            Err(ErrorKind::WouldBlock.into()),
            Ok(1),
            Ok(0),
        ];
        results.reverse();
        let mut script = Script(results);
        read_to_end(&mut script);
        assert!(script.0.is_empty());
    }

    #[test]
    fn other_errors_are_the_end() {
        read_to_end(Script(vec![Err(ErrorKind::BrokenPipe.into())]));
    }
}
