//! The built program as a child process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// A running server, killed on drop.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the program on a free loopback port, and returns when it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        Self::spawn(
            Command::new(env!("CARGO_BIN_EXE_kms-emulator"))
                .args(["--listen", "127.0.0.1:0"])
                .args(arguments),
        )
    }

    /// Starts a command that runs the program.
    pub fn spawn(command: &mut Command) -> Self {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KMS_EMULATOR")) {
            command.env_remove(name);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Not `--log off`: logging is part of the cost of a request.
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("the program prints its address");
        let address = line
            .trim_end()
            .rsplit_once("http://")
            .and_then(|(_, address)| address.parse().ok())
            .unwrap_or_else(|| panic!("unexpected line {line:?}"));
        Self { child, address }
    }

    /// Private resident memory in bytes: without the pages of the program file. Needs Linux.
    pub fn anonymous(&self) -> u64 {
        self.status("RssAnon:") * 1024
    }

    /// A number that the kernel reports of the process.
    pub fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .expect("the server runs");
        status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.split_whitespace().next())
            .and_then(|number| number.parse().ok())
            .unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
