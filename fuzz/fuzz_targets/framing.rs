//! However the bytes of a connection are cut, the rewriter and the HTTP library agree on where each
//! request begins and ends and on what it says, or the connection is closed.

#![no_main]

#[path = "../../tests/api/framing/check.rs"]
mod check;

use kms_emulator::server::Limits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, bool, &[u8])| {
    let (cuts, few_headers, stream) = input;
    let mut pieces = Vec::new();
    let mut rest = stream;
    for cut in cuts {
        let (piece, other) = rest.split_at(usize::from(cut).min(rest.len()));
        pieces.push(piece);
        rest = other;
    }
    pieces.push(rest);
    let limits = Limits {
        headers: if few_headers { 3 } else { 96 },
        ..Limits::default()
    };
    check::check(limits, &pieces);
});
