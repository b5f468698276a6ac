//! Tests from outside: whole requests in, whole replies out, in the process, over sockets and
//! against the built program.

mod alibaba;
mod both;
mod control;
mod durability;
mod exchanges;
mod process;
mod readme;
mod support;
mod tencent;
mod transport;
