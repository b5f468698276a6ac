//! Policies: rules that allow or deny operations, in the clouds' own languages.
//!
//! `ram` and `cam` describe the languages of Alibaba Cloud and Tencent Cloud. `parse` reads a document in either
//! language into a `document::Policy`. `attached` stores the policies of access keys, roles and accounts. `evaluate`
//! decides whether the policies of a caller allow a request; `facts` are the properties of a request that policies refer
//! to. Without policies, a request costs two reads of atomic flags.

pub mod attached;
mod cam;
mod condition;
mod document;
mod evaluate;
mod facts;
mod language;
mod parse;
mod pattern;
mod ram;
#[cfg(test)]
mod tests;

pub use attached::{Attachment, MAX_POLICIES, Policies, Target};
pub use document::{Effect, Policy};
pub use evaluate::Decision;
pub(crate) use evaluate::{ApplicablePolicies, decide};
pub(crate) use facts::{Caller, Facts, Permission};
pub use parse::{PolicyError, parse, parse_text};
