//! Tests from outside: whole requests in, whole replies out, in the process, over sockets and
//! against the built program.

mod alibaba;
mod both;
mod control;
mod durability;
mod env;
mod exchanges;
mod framing;
mod limits;
mod process;
mod readme;
mod support;
mod tencent;
mod tls;
mod transport;
mod tunnel;
