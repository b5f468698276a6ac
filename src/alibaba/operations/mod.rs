//! The operations, one file each, and the table that dispatch and documents read.

mod list_secrets;
mod names;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::Call;
use super::error::ApiError;
use super::parameter::Parameter;
use super::reply::Format;
use super::request::Request;
use crate::description::OperationDescription;

/// What the emulator can do. A new operation is a new file and its line here.
static TABLE: &[Entry] = &[entry::<list_secrets::ListSecrets>()];

/// An operation: its description, and three steps.
trait Operation: Sized {
    /// The vendor's name of the operation.
    const ACTION: &'static str;
    /// What it does, in a sentence.
    const SUMMARY: &'static str;
    /// The vendor's page.
    const PAGE: &'static str;
    /// Its parameters, in the order of the vendor's page.
    const PARAMETERS: &'static [&'static dyn Parameter];
    /// A successful reply.
    type Response: Serialize + JsonSchema;

    /// Reads the parameters, in the order in which faults are reported.
    ///
    /// # Errors
    ///
    /// The code of the first fault.
    fn parse(request: &Request) -> Result<Self, ApiError>;

    /// Does the work.
    ///
    /// # Errors
    ///
    /// The codes that the operation's own documentation names.
    fn run(self, call: &Call) -> Result<Self::Response, ApiError>;
}

/// A line of the table.
pub(super) struct Entry {
    action: &'static str,
    parameters: &'static [&'static dyn Parameter],
    describe: fn() -> OperationDescription,
    /// Parses the request, does the work and prints the reply.
    pub run: fn(&Request, &Call, Format) -> Result<Vec<u8>, ApiError>,
}

const fn entry<O: Operation>() -> Entry {
    Entry {
        action: O::ACTION,
        parameters: O::PARAMETERS,
        describe: describe::<O>,
        run: run::<O>,
    }
}

fn describe<O: Operation>() -> OperationDescription {
    OperationDescription {
        action: O::ACTION,
        summary: O::SUMMARY,
        page: O::PAGE,
        parameters: O::PARAMETERS
            .iter()
            .map(|parameter| parameter.describe())
            .collect(),
        reply: schema_for!(O::Response),
    }
}

fn run<O: Operation>(request: &Request, call: &Call, format: Format) -> Result<Vec<u8>, ApiError> {
    format.print(&O::parse(request)?.run(call)?)
}

/// An operation of the real service.
pub(super) enum Supported {
    /// One that the emulator can do.
    Yes(&'static Entry),
    /// One that it knows by name only.
    No(&'static str),
}

impl Supported {
    /// Its name.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Yes(entry) => entry.action,
            Self::No(action) => action,
        }
    }
}

/// The operation of this name, matched with letter case; absent when the real service has none.
pub(super) fn find(action: &str) -> Option<Supported> {
    if let Some(entry) = TABLE.iter().find(|entry| entry.action == action) {
        return Some(Supported::Yes(entry));
    }
    let index = names::ALL.binary_search(&action).ok()?;
    Some(Supported::No(names::ALL[index]))
}

/// Whether a supported operation has a parameter of this name.
pub(super) fn describes(parameter: &str) -> bool {
    TABLE.iter().any(|entry| {
        entry
            .parameters
            .iter()
            .any(|known| known.describe().name == parameter)
    })
}

/// Every supported operation, described.
#[must_use]
pub fn descriptions() -> Vec<OperationDescription> {
    TABLE.iter().map(|entry| (entry.describe)()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_service_has_91_operations_and_each_is_found() {
        assert_eq!(names::ALL.len(), 91);
        assert!(names::ALL.is_sorted());
        for name in names::ALL {
            assert_eq!(find(name).expect(name).action(), name);
        }
    }

    #[test]
    fn every_supported_operation_is_one_of_the_real_service() {
        for entry in TABLE {
            assert!(names::ALL.contains(&entry.action), "{}", entry.action);
        }
    }

    #[test]
    fn names_are_matched_with_letter_case() {
        assert!(find("listSecrets").is_none());
        assert!(find("ListSecrets ").is_none());
        assert!(find("").is_none());
    }

    #[test]
    fn a_description_tells_all_of_an_operation() {
        let description = &descriptions()[0];
        let names: Vec<_> = description
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(names, ["FetchTags", "Filters", "PageNumber", "PageSize"]);
        let reply = description.reply.as_value();
        assert_eq!(reply["properties"]["TotalCount"]["type"], "integer");
        assert_eq!(reply["required"].as_array().unwrap().len(), 5);
    }
}
