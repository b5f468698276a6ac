//! For all splits of the bytes of a connection, the rewriter and the HTTP library agree about the begin,
//! the end and the content of each request, or the connection is closed.

#![no_main]

#[path = "../../tests/api/framing/check.rs"]
mod check;

use kms_emulator::server::Limits;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    /// A part of a request. Random bytes alone are never a valid request.
    Token(u8),
    /// A request with these parts after its Host header.
    Request(u8, u8),
    Bytes(&'a [u8]),
    /// A split: the next bytes arrive later.
    Cut,
}

fuzz_target!(|input: (bool, Vec<Piece>)| {
    let (few_headers, pieces) = input;
    let token = |number: u8| check::TOKENS[usize::from(number) % check::TOKENS.len()];
    let mut arrived = vec![Vec::new()];
    for piece in pieces {
        let last = arrived.last_mut().expect("the list is never empty");
        match piece {
            Piece::Token(number) => last.extend_from_slice(token(number).as_bytes()),
            Piece::Request(one, other) => {
                let line = "POST / HTTP/1.1\r\nHost: x\r\n";
                let head = [line, token(one), token(other), "\r\n"].concat();
                last.extend_from_slice(head.as_bytes());
            }
            Piece::Bytes(bytes) => last.extend_from_slice(bytes),
            Piece::Cut => arrived.push(Vec::new()),
        }
    }
    let arrived: Vec<&[u8]> = arrived.iter().map(Vec::as_slice).collect();
    let limits = Limits {
        headers: if few_headers { 3 } else { 96 },
        ..Limits::default()
    };
    check::check(limits, &arrived);
});
