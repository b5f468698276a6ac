//! The program. `cli` has its commands.

// These macros panic if the stream is closed or full.
#![warn(clippy::print_stderr, clippy::print_stdout)]

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    kms_emulator::cli::run()
}
