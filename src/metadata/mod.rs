//! The metadata services of virtual machines, from which SDKs obtain temporary keys: paths below `/latest/`.

mod ecs;

use crate::emulator::Emulator;
use crate::http::wire::{WireReply, WireRequest};

/// The beginning of all paths.
const PREFIX: &str = "/latest/";

/// Whether a request is for a metadata service.
#[must_use]
pub fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with(PREFIX)
}

/// Answers a request for a metadata service.
#[must_use]
pub fn handle(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let reply = ecs::answer(emulator, wire);
    tracing::info!(
        method = &*wire.method,
        path = shown_path(&wire.path),
        status = reply.status,
        "metadata"
    );
    reply
}

/// A path for the log: the client chooses its end.
fn shown_path(path: &str) -> String {
    path.chars()
        .filter(char::is_ascii_graphic)
        .take(100)
        .collect()
}

/// A reply of plain text.
fn text(status: u16, body: String) -> WireReply {
    WireReply {
        status,
        headers: vec![("content-type", "text/plain; charset=utf-8".into())],
        body: body.into(),
        ..WireReply::default()
    }
}
