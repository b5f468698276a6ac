//! Integration tests: whole requests and replies, in the process, over sockets, and with the built
//! program.

mod addresses;
mod alibaba;
mod both_clouds;
mod cached_replies;
mod compare;
mod control;
mod deadline;
mod docs;
mod durability;
mod env;
mod exchanges;
mod files;
mod fixture_shapes;
mod framing;
mod issued_keys;
mod limits;
mod process;
mod request_log;
mod seeding;
mod streams;
mod support;
mod tencent;
mod tls;
mod transport;
mod tunnel;
