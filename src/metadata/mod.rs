//! The metadata services of virtual machines, from which SDKs obtain temporary keys: paths below `/latest/`, and on
//! Tencent Cloud also below `/meta-data/`.

mod cvm;
mod ecs;

use serde::Serialize;

use crate::clouds::hosts;
use crate::emulator::Emulator;
use crate::http::host;
use crate::http::wire::{WireReply, WireRequest};

/// The name of the role of a machine. Clients may request the keys of any other role.
const ROLE: &str = "kms-emulator";

/// The directories below `meta-data/` that only the metadata service of Tencent Cloud has.
const TENCENT_DIRECTORIES: [&str; 2] = ["cam", "placement"];

/// Whether a request is for a metadata service.
#[must_use]
pub fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with("/latest/") || tencent_path(wire).is_some()
}

/// Answers a request for a metadata service.
#[must_use]
pub fn handle(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let reply = match tencent_path(wire) {
        Some(path) => cvm::answer(emulator, wire, path),
        None => ecs::answer(emulator, wire),
    };
    tracing::info!(
        method = &*wire.method,
        path = shown_path(&wire.path),
        status = reply.status,
        "metadata"
    );
    reply
}

/// The path after `meta-data` of a request for the metadata service of Tencent Cloud; absent for other requests. The
/// host or the path tells them apart.
fn tencent_path(wire: &WireRequest) -> Option<&str> {
    let path = wire.path.strip_prefix("/latest").unwrap_or(&wire.path);
    let path = path.strip_prefix("/meta-data")?;
    let is_root = path.is_empty() || path.starts_with('/');
    let host = host::name_of(wire.header("host").unwrap_or_default());
    let first = path.trim_start_matches('/').split('/').next();
    let is_own = hosts::TENCENT_METADATA.contains(&&*host)
        || first.is_some_and(|first| TENCENT_DIRECTORIES.contains(&first));
    (is_root && is_own).then_some(path)
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

fn json(value: &impl Serialize) -> Option<WireReply> {
    Some(WireReply {
        status: 200,
        headers: vec![("content-type", "application/json".into())],
        body: serde_json::to_vec(value).ok()?.into(),
        ..WireReply::default()
    })
}
