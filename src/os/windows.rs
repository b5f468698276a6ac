//! Windows. Files have no mode there: a new file has the access list of its directory, and those below a user's profile
//! are closed to other users.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::ops::Range;
use std::path::Path;

use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, CtrlShutdown};
use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

/// A standard stream.
pub(crate) use std::os::windows::io::AsHandle as StandardStream;

/// `WSAEAFNOSUPPORT`, the error of a socket for IPv6 if the system does not have it.
pub(crate) const ADDRESS_FAMILY_NOT_SUPPORTED: i32 = 10047;

/// On Windows, `SO_REUSEADDR` would let a second server listen on the same port. A restarted server can listen without
/// it.
pub(crate) const REUSES_ADDRESSES: bool = false;

/// Changes nothing.
pub(crate) fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Changes nothing.
pub(crate) fn private_directory(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

/// Changes nothing.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it can fail on other operating systems"
)]
pub(crate) fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

/// Not known: access lists are not read.
pub(crate) fn is_open_to_others(_: &Metadata) -> bool {
    false
}

/// Changes nothing: only privileged users can create links.
pub(crate) fn do_not_follow_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Not known: the system reports locks only for reads and writes of the locked bytes.
pub(crate) fn is_locked(_: &Path, _: Range<u64>) -> bool {
    false
}

/// A file to lock while the files of a directory are changed. Directories cannot be locked.
pub(crate) fn lock_file(directory: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    options.open(directory.join("lock"))
}

/// The reason why this process cannot write to a file, if it has the attribute "read-only". The attribute of a directory
/// has another meaning.
pub(crate) fn not_writable(path: &Path) -> Option<String> {
    let found = fs::metadata(path).ok()?;
    let is_read_only = found.is_file() && found.permissions().readonly();
    is_read_only.then(|| format!("file {} is read-only", path.display()))
}

/// A standard stream without the lock and the buffer of the standard library, so that a blocked write
/// does not block other threads. A console shows UTF-8 only if its code page is 65001.
///
/// # Errors
///
/// If there is no free handle.
pub(crate) fn duplicate(stream: &impl StandardStream) -> io::Result<File> {
    Ok(File::from(stream.as_handle().try_clone_to_owned()?))
}

/// The events of the console that stop the program. The system ends the process some seconds after the console was
/// closed or the computer is shut down.
pub(crate) struct StopSignals {
    interrupt: CtrlC,
    break_key: CtrlBreak,
    close: CtrlClose,
    shutdown: CtrlShutdown,
}

impl StopSignals {
    /// Must be called in a Tokio runtime. From then on, Ctrl-C does not end the process.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            break_key: ctrl_break()?,
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Waits for one of them.
    pub(crate) async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.break_key.recv() => {}
            _ = self.close.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
