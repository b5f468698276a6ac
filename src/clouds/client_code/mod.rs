//! Programs that call a cloud's API on this emulator, one per SDK.
//!
//! `kms-emulator env --sdk` prints the program that lists secrets; `POST /_emulator/call` returns the
//! programs that make a given call. Both are rendered here: `clients` has the table of SDK clients,
//! each with a template file in its own language below `templates/`. A file per language converts the
//! parameters of a call to code (`arguments` reads them, `layout` breaks lines); `template` inserts
//! code and quoted texts into the template.
//!
//! A program uses the typed client of its SDK if that client can send the call. If the SDK lacks the
//! operation or a parameter, or a value has another type than the client accepts, the program uses the
//! vendor's generic client, which sends any parameters.

mod arguments;
mod call;
mod clients;
mod go;
#[cfg(test)]
mod hostile_tests;
mod java;
mod language;
mod layout;
#[cfg(test)]
pub(crate) mod lexer;
mod node;
mod notes;
mod python;
mod shell;
mod template;
mod terraform;
#[cfg(test)]
mod tests;
mod values;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Map;

use self::clients::{CLIENTS, Client};
use crate::model::Cloud;

pub use self::call::{ApiCall, Connection, KeySource, key_variables};
pub(crate) use self::call::{address_variable, region_variables};
pub use self::language::{Language, quoted};
pub(crate) use self::notes::{authority_download, java_trust_store, replaced_trust};

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Program {
    /// The language it is written in.
    pub language: Language,
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// How to install the SDK, in the version that the tests run, if they run it.
    pub install: &'static str,
    /// The program.
    pub text: String,
}

/// The program that lists secrets with one SDK.
#[derive(Debug)]
pub struct Example {
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// How to install the SDK, in the version that the tests run.
    pub install: &'static str,
    /// The path of the program below `examples/sdk`.
    pub path: &'static str,
    client: &'static Client,
}

/// Programs that make a call: one per language that has an SDK for the call's cloud.
#[must_use]
pub fn programs(call: &ApiCall, connection: &Connection) -> Vec<Program> {
    use Language::{Go, Java, Node, Python, Shell, Terraform};
    let languages = [Python, Node, Go, Java, Shell, Terraform].into_iter();
    let programs = languages.filter_map(|language| {
        let mut clients = CLIENTS
            .iter()
            .filter(|client| client.cloud == call.cloud && client.language == language);
        clients.find_map(|client| client.program(call, connection))
    });
    // A shell word cannot contain NUL.
    programs
        .filter(|program| program.language != Shell || !program.text.contains('\0'))
        .collect()
}

/// The example programs, one per SDK.
pub fn examples() -> impl Iterator<Item = Example> {
    let is_first = |(index, client): &(usize, &'static Client)| {
        let mut before = CLIENTS[..*index].iter();
        !before.any(|other| other.sdk == client.sdk)
    };
    let clients = CLIENTS.iter().enumerate().filter(is_first);
    clients.map(|(_, client)| Example {
        sdk: client.sdk,
        install: client.install,
        path: client.path,
        client,
    })
}

impl Example {
    /// The cloud that the SDK is for.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        self.client.cloud
    }

    /// The language of the program.
    #[must_use]
    pub fn language(&self) -> Language {
        self.client.language
    }

    /// The program.
    #[must_use]
    pub fn program(&self, connection: &Connection) -> String {
        let (name, number) = match self.client.cloud {
            Cloud::Alibaba => ("PageSize", 10),
            Cloud::Tencent => ("Limit", 10),
        };
        let parameters = Map::from_iter([(name.to_owned(), number.into())]);
        let call = ApiCall {
            cloud: self.client.cloud,
            action: "ListSecrets",
            parameters: &parameters,
        };
        let program = self.client.program(&call, connection);
        // Every client can list secrets.
        program.map(|program| program.text).unwrap_or_default()
    }
}

impl Client {
    /// The program that makes a call with this client; absent if the client cannot send it.
    fn program(&self, call: &ApiCall, connection: &Connection) -> Option<Program> {
        let values = self.writer.values(call)?;
        let notes = notes::of(self, connection);
        let program = template::render(self, connection, values);
        Some(Program {
            language: self.language,
            sdk: self.sdk,
            install: self.install,
            text: notes + &program,
        })
    }
}
