//! kms-emulator: a local stand-in for the secrets managers of two clouds.
//!
//! A request comes in at [`server`] and becomes a plain [`wire`] value. The [`emulator`] gives it a
//! time, an id and a [`context`], and hands it to the dialect that it speaks: [`alibaba`] or
//! [`tencent`]. The dialect parses, verifies, finds the operation and runs it; the operation asks the
//! [`store`] in terms of the [`model`]. Answers come back up the same way as return values, and
//! nothing calls upwards.
//!
//! [`control`] is the API for test pipelines, over the [`clock`], [`faults`], the [`journal`],
//! [`coverage`], [`metrics`] and [`start_fixtures`]. Each request is parsed and planned first
//! ([`emulator::Emulator::plan`]): which API answers it, whether [`guard`] refuses it (by its [`host`] and by
//! what a browser says of the page that sent it), and whether a fault rule applies. Then it is answered.
//! While the server starts, [`startup`] answers. [`request_log`] writes one line for each request, through
//! the queue of [`log`].
//!
//! The [`explorer`] is a page on top of the controls. What it lets people call is a [`draft`], which each
//! dialect signs as its clients do; [`client_code`] writes the same call as programs.
//!
//! The dialects are thin translators over one model and one store. They never name each other; their
//! files have the same names, so that whoever knows one knows the other.
//!
//! To see it all, read [`emulator`], `alibaba/mod.rs`, `alibaba/operations/list_secrets.rs` and
//! `store/lists.rs`, in this order.

// Both panic where the stream is closed or full.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod alibaba;
pub mod cause;
pub mod client_code;
pub mod client_settings;
pub mod clock;
pub mod config;
pub mod context;
pub mod control;
pub mod coverage;
pub mod credentials;
pub mod description;
pub mod digest;
pub mod draft;
pub mod emulator;
pub mod explorer;
pub mod faults;
pub mod fixture_file;
pub mod fixtures;
pub mod form;
pub mod guard;
mod headers;
pub mod host;
pub mod ids;
pub mod journal;
pub mod json;
pub mod log;
pub mod metrics;
pub mod model;
pub mod nonces;
mod parsed;
pub mod rate_limit;
pub mod request_log;
pub mod server;
pub mod start_fixtures;
pub mod startup;
pub mod store;
pub mod tencent;
pub mod tls;
pub mod wire;
