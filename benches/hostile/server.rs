//! The measured server, of which the kernel reports CPU time and memory.

use std::fs;
use std::process::Command;
use std::time::Duration;

use nix::time::ClockId;
use nix::unistd::Pid;

pub use crate::program::Server;

impl Server {
    /// Starts the program with a limit on its open files.
    pub fn start_with_open_files(limit: u32, arguments: &[&str]) -> Self {
        Self::spawn(
            Command::new("sh")
                .args(["-c", r#"ulimit -n "$1"; shift; exec "$@""#, "sh"])
                .arg(limit.to_string())
                .args([
                    env!("CARGO_BIN_EXE_kms-emulator"),
                    "--listen",
                    "127.0.0.1:0",
                ])
                .args(arguments),
        )
    }

    /// The CPU time of all threads of the process, including ended ones.
    pub fn cpu_time(&self) -> Duration {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("a process id"));
        let clock = ClockId::pid_cpu_clock_id(pid).expect("the server runs");
        clock.now().expect("the server runs").into()
    }

    /// The CPU time since an earlier value.
    pub fn cpu_time_since(&self, begin: Duration) -> Duration {
        self.cpu_time().saturating_sub(begin)
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        self.status("VmRSS:") * 1024
    }

    /// The peak of resident memory since [`Self::reset_peak`] in bytes.
    pub fn peak(&self) -> u64 {
        self.status("VmHWM:") * 1024
    }

    /// Resets the peak to the current resident memory.
    pub fn reset_peak(&self) {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        fs::write(path, "5").expect("the peak can be reset");
    }

    pub fn threads(&self) -> u64 {
        self.status("Threads:")
    }

    /// Open file descriptors.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }

    /// Open sockets, including listening ones.
    pub fn open_sockets(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.child.id()));
        let links = files.into_iter().flatten().flatten();
        links
            .filter_map(|link| fs::read_link(link.path()).ok())
            .filter(|file| file.to_string_lossy().starts_with("socket:"))
            .count()
    }

    /// Waits until the server uses no CPU time: it frees buffers after a reply, and sends events later.
    pub fn settle(&self) {
        const PAUSE: Duration = Duration::from_millis(10);
        let mut last = self.cpu_time();
        // At most ten seconds.
        for _ in 0..1_000 {
            std::thread::sleep(PAUSE);
            if self.cpu_time_since(last) < Duration::from_micros(200) {
                return;
            }
            last = self.cpu_time();
        }
    }
}
