//! Policies: rules that allow or deny operations, in the clouds' own languages.
//!
//! | module | content |
//! |---|---|
//! | `ram`, `cam`, `language` | the languages of Alibaba Cloud and Tencent Cloud, and their common description |
//! | `parse`, `elements` | parse a document in either language |
//! | `document`, `condition`, `pattern` | the parsed policy |
//! | `attached` | stores the policies of access keys, roles and accounts |
//! | `request_context` | the properties of a request that policies refer to |
//! | `evaluate` | decides whether the policies of a caller allow a request |
//!
//! Without policies, a request costs two reads of atomic flags.

mod attached;
mod cam;
mod condition;
mod document;
mod elements;
mod evaluate;
mod language;
mod parse;
mod pattern;
mod ram;
mod request_context;
#[cfg(test)]
mod tests;

pub use attached::{Attachment, MAX_POLICIES, Policies, Target};
pub use document::{Effect, Policy};
pub use elements::PolicyError;
pub use evaluate::Decision;
pub(crate) use evaluate::{ApplicablePolicies, decide};
pub(crate) use parse::parse_resource_policy;
pub use parse::{parse, parse_text};
pub(crate) use request_context::{Caller, Permission, RequestContext};
