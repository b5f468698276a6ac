//! The differences between operating systems: file modes, signals, standard streams and the errors of sockets. The other
//! modules call these functions, so only this one has code for one system. Both variants have the same functions.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{
    ADDRESS_FAMILY_NOT_SUPPORTED, REUSES_ADDRESSES, StandardStream, StopSignals,
    do_not_follow_links, duplicate, is_locked, is_open_to_others, lock_file, make_private,
    not_writable, private_directory, private_file,
};
#[cfg(windows)]
pub(crate) use windows::{
    ADDRESS_FAMILY_NOT_SUPPORTED, REUSES_ADDRESSES, StandardStream, StopSignals,
    do_not_follow_links, duplicate, is_locked, is_open_to_others, lock_file, make_private,
    not_writable, private_directory, private_file,
};

/// Turns transparent huge pages off. With them, the first byte of a region takes 2 MB of memory, and large
/// requests leave many regions with a few used bytes. Systems without such pages return an error, which is
/// ignored.
pub(crate) fn use_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "transparent huge pages cannot be turned off");
    }
}
