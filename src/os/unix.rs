//! Linux and macOS.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{Access, OFlags, access};
use rustix::io::Errno;
use rustix::process::{Flock, FlockType, fcntl_getlk, geteuid};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A standard stream.
pub(crate) use std::os::fd::AsFd as StandardStream;

/// The error of a socket for IPv6 if the kernel does not have it.
pub(crate) const ADDRESS_FAMILY_NOT_SUPPORTED: i32 = Errno::AFNOSUPPORT.raw_os_error();

/// Whether a listening socket sets `SO_REUSEADDR`. Otherwise a restarted server could not listen until old
/// connections time out.
pub(crate) const REUSES_ADDRESSES: bool = true;

/// Lets `options` create files that only their owner can read and write.
pub(crate) fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

/// Lets `builder` create directories that only their owner can use.
pub(crate) fn private_directory(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder.mode(0o700)
}

/// Lets only the owner read and write an existing file.
pub(crate) fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Whether the mode of a file lets other users read or write it.
pub(crate) fn is_open_to_others(file: &Metadata) -> bool {
    file.mode() & 0o077 != 0
}

/// Lets `options` fail if the last part of a path is a symbolic link.
pub(crate) fn do_not_follow_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
}

/// Whether another process has a lock on these bytes of a file.
pub(crate) fn is_locked(path: &Path, bytes: Range<u64>) -> bool {
    let lock = Flock {
        start: bytes.start,
        length: bytes.end - bytes.start,
        ..Flock::from(FlockType::WriteLock)
    };
    // Opening a pipe would wait.
    path.is_file()
        && File::open(path).is_ok_and(|file| matches!(fcntl_getlk(file, &lock), Ok(Some(_))))
}

/// A file to lock while the files of a directory are changed: the directory itself.
pub(crate) fn lock_file(directory: &Path) -> io::Result<File> {
    File::open(directory)
}

/// The reason why this process cannot write to a file or directory, if there is one.
pub(crate) fn not_writable(path: &Path) -> Option<String> {
    let mut needed = Access::READ_OK | Access::WRITE_OK;
    let found = fs::metadata(path).ok()?;
    let kind = if found.is_dir() {
        needed |= Access::EXEC_OK;
        "directory"
    } else {
        "file"
    };
    let error = io::Error::from(access(path, needed).err()?);
    if error.kind() != ErrorKind::PermissionDenied {
        return Some(format!("{kind} {}: {error}", path.display()));
    }
    let (this, owner) = (geteuid().as_raw(), found.uid());
    let path = path.display();
    let mode = found.mode() & 0o7777;
    Some(if this == owner {
        format!(
            "this process runs as uid {this}, the owner of {kind} {path}, but its mode {mode:03o} does not allow writing; chmod u+rw {path}"
        )
    } else {
        format!(
            "this process runs as uid {this}, but {kind} {path} belongs to uid {owner} (mode {mode:03o}); run as uid {owner}, or chown {this} {path}"
        )
    })
}

/// A standard stream without the lock and the buffer of the standard library, so that a blocked write
/// does not block other threads.
///
/// # Errors
///
/// If there is no free file descriptor.
pub(crate) fn duplicate(stream: &impl StandardStream) -> io::Result<File> {
    Ok(File::from(stream.as_fd().try_clone_to_owned()?))
}

/// The signals that stop the program: SIGINT and SIGTERM.
pub(crate) struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// Must be called in a Tokio runtime. From then on, these signals do not end the process.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one of them.
    pub(crate) async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
