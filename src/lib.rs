//! kms-emulator: a local stand-in for the secrets managers of Alibaba Cloud and Tencent Cloud.
//!
//! The modules are layers. Each uses only those below it in this list:
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | commands and settings |
//! | [`server`] | sockets, TLS and limits: bytes in, a [request](http::wire::WireRequest) out; a reply in, bytes out |
//! | [`router`] | decides which part answers a request: the page, a control, a cloud, or a refusal |
//! | [`control`] | the API below `/_emulator/` for tests, and the page |
//! | [`metadata`] | the metadata services of virtual machines, which issue temporary keys |
//! | [`emulator`] | the state of a running server: clocks, fault rules, journal, coverage, due work |
//! | [`fixtures`] | loads fixture files, and goes back to them |
//! | [`clouds`] | the APIs: each cloud is a protocol and its services; the same calls as programs |
//! | [`store`] | secrets in `SQLite` |
//! | [`model`], [`http`] | plain data: secrets, versions, scopes; requests, replies and their encodings |
//! | `os` | what differs between operating systems: file modes, signals, standard streams |
//!
//! A request for `ListSecrets` goes down by calls and its reply comes back up as return values:
//! [`server`] → [`router`] → [`emulator`] (fault rules, journal) → `clouds/alibaba/rpc` (parameters, signature)
//! → `clouds/alibaba/kms/operations/list_secrets.rs` → `store/lists/mod.rs`. Read these files, in this order, to
//! understand the program. `docs/architecture.md` has the glossary, and says how to add an operation, a service
//! and a control.

// Both panic where the stream is closed or full.
#![warn(clippy::print_stderr, clippy::print_stdout)]
// `pub` is for the program, tests, benchmarks and fuzz targets; so the compiler finds code that nothing uses.
#![warn(unreachable_pub)]

pub mod cli;
pub mod clouds;
pub mod control;
pub mod emulator;
pub mod fixtures;
pub mod http;
pub mod metadata;
pub mod model;
mod os;
pub mod router;
pub mod server;
pub mod store;
