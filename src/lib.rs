//! kms-emulator: a local emulator of Alibaba Cloud KMS and Tencent Cloud SSM.
//!
//! The modules are layers. Each uses only those below it in this list:
//!
//! | module | content |
//! |---|---|
//! | [`cli`] | commands and settings |
//! | [`server`] | sockets, TLS and limits: bytes in, a [request](http::wire::WireRequest) out; a reply in, bytes out |
//! | [`router`] | decides which part answers a request: the page, the control API or a cloud |
//! | [`control`] | the API below `/_emulator/` for tests, and the page |
//! | [`emulator`] | the state of a running server: clocks, fault rules, journal, coverage, due work |
//! | [`fixtures`] | loads fixture files, and restores them on a reset |
//! | [`clouds`] | the clouds' APIs: protocols, services, metadata services, access keys and policies; also generates programs for SDKs |
//! | [`store`] | secrets and keys in SQLite |
//! | [`model`], [`http`] | plain data: secrets, keys, versions, scopes; requests, replies and their encodings |
//! | `os` | the differences between operating systems: file modes, signals, standard streams |
//!
//! The path of a `ListSecrets` request: [`server`] → [`router`] → [`emulator`] (fault rules, journal) →
//! `clouds/alibaba/rpc` (parameters, signature) → `clouds/alibaba/kms/operations/list_secrets.rs` →
//! `store/lists/mod.rs`. Read these files, in this order, to understand the program. `docs/architecture.md`
//! has the glossary, and describes how to add an operation, a service and a request of the control API.

// These macros panic if the stream is closed or full.
#![warn(clippy::print_stderr, clippy::print_stdout)]
// `pub` items are used by the program, tests, benchmarks or fuzz targets; `pub(crate)` lets the compiler
// find dead code.
#![warn(unreachable_pub)]

pub mod cli;
pub mod clouds;
pub mod control;
pub mod emulator;
pub mod fixtures;
pub mod http;
pub mod model;
mod os;
pub mod router;
pub mod server;
pub mod store;
