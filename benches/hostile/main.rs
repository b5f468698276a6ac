//! Measures CPU time and memory of the server for hostile requests and clients.
//!
//! ```sh
//! cargo bench -- hostile                      # both parts
//! cargo bench -- hostile requests             # CPU time and memory of each kind of request
//! cargo bench -- hostile requests 'V1 form'   # the kinds whose name contains this
//! cargo bench -- hostile clients              # many, slow, silent and listening clients
//! cargo bench -- hostile clients silent       # the parts whose name contains this
//! ```
//!
//! Memory is the resident memory of the process, including freed memory that the allocator keeps. It is
//! measured after ordinary requests, so that the memory that the first requests need once (the page cache
//! of `SQLite`, the journal, threads) is part of the start. `POST state` stores its secrets: a hundred
//! thousand of them take time and stay in memory, and the bounds do not hold.
//!
//! Starts the built program on free loopback ports, and reads CPU time and memory of the process from the
//! kernel, so it needs Linux. Prints whether fixed bounds hold, and always exits with 0.

#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod clients;
#[cfg(target_os = "linux")]
mod kinds;
#[cfg(target_os = "linux")]
#[path = "../program/mod.rs"]
mod program;
#[cfg(target_os = "linux")]
mod requests;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod shapes;
#[cfg(target_os = "linux")]
mod table;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    // Not part of a plain `cargo bench`: it takes many minutes.
    let Some((first, rest)) = arguments.split_first() else {
        return;
    };
    if first != "hostile" {
        return;
    }
    #[cfg(target_os = "linux")]
    match rest.split_first() {
        Some((part, filter)) if part == "requests" => table::run(kinds::all(), filter),
        Some((part, filter)) if part == "clients" => clients::run(filter),
        _ => {
            table::run(kinds::all(), rest);
            clients::run(rest);
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = rest;
        println!("this benchmark needs Linux");
    }
}
