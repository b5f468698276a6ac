//! Programs that make one call of a cloud's API against this emulator, for whoever has made the call
//! in the explorer and wants it in an application.
//!
//! A program uses the typed client of its SDK where that can send the call. It cannot where the SDK
//! lacks the operation or a parameter, or where a value is of a type that the client does not take;
//! then the program uses the vendor's generic client, which sends anything.
//!
//! `arguments` reads a call as typed clients take it; `layout` breaks code into lines; a file for
//! each language has the rest.

mod arguments;
mod go;
mod java;
mod layout;
mod node;
mod python;
mod shell;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::client_settings::trust_notes;
use crate::model::Cloud;
use crate::snippets::Language;

/// Where programs for https look for the emulator's authority.
const CA: &str = "ca.pem";

/// A call of a cloud's API that programs are written for.
#[derive(Debug, Clone, Copy)]
pub struct ApiCall<'a> {
    /// The cloud.
    pub cloud: Cloud,
    /// The vendor's name of the operation.
    pub action: &'a str,
    /// The operation's parameters as JSON values, by its description.
    pub parameters: &'a Map<String, Value>,
    /// The region to call.
    pub region: &'a str,
    /// Host and port of the emulator.
    pub address: &'a str,
    /// Whether to call by https.
    pub https: bool,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Program {
    /// What it is written in.
    pub language: Language,
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// How to get the SDK, in the version that the tests run.
    pub install: &'static str,
    /// The program.
    pub text: String,
}

/// A program for each SDK of the call's cloud.
#[must_use]
pub fn programs(call: &ApiCall) -> Vec<Program> {
    match call.cloud {
        Cloud::Alibaba => vec![
            python::alibaba(call),
            node::alibaba(call),
            go::alibaba(call),
            java::alibaba(call),
        ],
        Cloud::Tencent => {
            let mut programs = vec![
                python::tencent(call),
                node::tencent(call),
                go::tencent(call),
                java::tencent(call),
            ];
            // A shell has no way to write a NUL.
            programs
                .extend(Some(shell::tencent(call)).filter(|program| !program.text.contains('\0')));
            programs
        }
    }
}

impl ApiCall<'_> {
    /// One of two texts, by the protocol.
    fn protocol(&self, http: &'static str, https: &'static str) -> &'static str {
        if self.https { https } else { http }
    }

    /// The program, with what has to be done for https before it runs.
    fn program(
        &self,
        language: Language,
        (sdk, install): (&'static str, &'static str),
        text: String,
    ) -> Program {
        let text = if self.https {
            let notes = trust_notes(language, CA, self.address);
            format!("{}\n\n{text}", notes.join("\n"))
        } else {
            text
        };
        Program {
            language,
            sdk,
            install,
            text,
        }
    }
}

/// A template with values for its `«names»`.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut parts = template.split(['«', '»']);
    while let Some(text) = parts.next() {
        filled.push_str(text);
        let Some(name) = parts.next() else { break };
        let value = values.iter().find(|(known, _)| *known == name);
        debug_assert!(value.is_some(), "the template names {name}");
        filled.push_str(value.map_or("", |(_, value)| value));
    }
    filled
}
