//! The search for the lines of a head or trailer in a stream.

use memchr::memchr;

use super::MAX_HEAD_BYTES;
use crate::server::limits::Limits;
use crate::server::request_error::RequestError;

/// The state of the search for the lines of a head or trailer in `incoming`.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The index of the first byte that has not been checked.
    pub next: usize,
    /// The start of the current line.
    line: usize,
    /// The number of complete lines.
    pub lines: usize,
    /// The start of the headers.
    headers: usize,
}

impl Scan {
    /// Checks the new bytes. Returns the end of the empty line, if it has arrived.
    ///
    /// The first `before` lines are not headers. Each line is checked on its own, its length first, so
    /// the result does not depend on how the bytes are split.
    pub(super) fn advance(
        &mut self,
        bytes: &[u8],
        before: usize,
        limits: &Limits,
    ) -> Result<Option<usize>, RequestError> {
        let max_bytes = usize::try_from(limits.header_bytes).unwrap_or(usize::MAX);
        let max_lines = before + usize::from(limits.headers);
        while let Some(at) = memchr(b'\n', &bytes[self.next..]) {
            let end = self.next + at + 1;
            let is_empty = bytes[self.line..end] == *b"\r\n";
            let empty_line = if is_empty { 2 } else { 0 };
            self.check_length(end, before, max_bytes + empty_line)?;
            if !bytes[self.line..end].ends_with(b"\r\n") {
                return Err(RequestError::BareLineFeed);
            }
            self.next = end;
            self.line = end;
            if is_empty {
                return Ok(Some(end));
            }
            self.lines += 1;
            if self.lines == before {
                self.headers = end;
            }
            if self.lines > max_lines {
                return Err(RequestError::TooLargeHeaders);
            }
        }
        self.next = bytes.len();
        // The CR of the empty line may have arrived.
        self.check_length(bytes.len(), before, max_bytes + 1)?;
        Ok(None)
    }

    fn check_length(&self, end: usize, before: usize, max: usize) -> Result<(), RequestError> {
        if self.lines < before {
            if end > MAX_HEAD_BYTES {
                return Err(RequestError::TooLongTarget);
            }
        } else if end - self.headers > max {
            return Err(RequestError::TooLargeHeaders);
        }
        Ok(())
    }
}
