//! What hostile requests and clients cost the server.
//!
//! ```sh
//! cargo bench -- hostile                      # both parts
//! cargo bench -- hostile requests             # CPU time and memory of each kind of request
//! cargo bench -- hostile requests 'V1 form'   # the kinds whose name contains this
//! cargo bench -- hostile clients              # many, slow, silent and listening clients
//! cargo bench -- hostile clients silent       # the ones whose name contains this
//! ```
//!
//! Memory is resident memory of the process, so that it contains what the allocator keeps of freed memory. It is
//! measured after an ordinary load: what the first request needs once (the page cache of `SQLite`, the journal,
//! threads) is part of the start. `POST state` stores what it is sent: where that are a hundred thousand secrets,
//! they take their time and stay in memory, and the bounds do not hold.
//!
//! It starts the built program as often as it needs it, on free loopback ports, and reads CPU time and memory of
//! the process from the kernel, so it needs Linux. It prints a verdict against fixed bounds and always
//! exits with 0.

#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod clients;
#[cfg(target_os = "linux")]
mod kinds;
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
    // The other benchmarks have tables of their own, and this one takes many minutes.
    let Some((first, rest)) = arguments.split_first() else {
        return;
    };
    if first != "hostile" {
        return;
    }
    #[cfg(target_os = "linux")]
    match rest.split_first() {
        Some((part, wanted)) if part == "requests" => table::run(kinds::all(), wanted),
        Some((part, wanted)) if part == "clients" => clients::run(wanted),
        _ => {
            table::run(kinds::all(), rest);
            clients::run(rest);
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = rest;
        println!("only Linux tells what this measures");
    }
}
