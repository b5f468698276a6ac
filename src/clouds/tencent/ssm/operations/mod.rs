//! The operations, one file each, and the table that dispatch and documents read.

mod create_secret;
mod delete_secret;
mod delete_secret_version;
mod describe_secret;
mod describe_supported_products;
mod disable_secret;
mod enable_secret;
mod get_regions;
mod get_secret_value;
mod get_service_status;
mod list_secret_version_ids;
mod list_secrets;
mod names;
mod put_secret_value;
mod restore_secret;
mod update_description;
mod update_secret;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::clouds::description::{self, ErrorSample, OperationDescription, ParameterDescription};
use crate::clouds::tencent::Call;
use crate::clouds::tencent::api3::error::{ApiError, Refusal};
use crate::clouds::tencent::api3::parameter::{Arguments, Parameter};
use crate::clouds::tencent::api3::reply;
use crate::clouds::tencent::api3::request::Given;

/// What the emulator can do. A new operation is a new file and its line here.
static TABLE: &[Entry] = &[
    entry::<create_secret::CreateSecret>(),
    entry::<describe_secret::DescribeSecret>(),
    entry::<list_secrets::ListSecrets>(),
    entry::<get_secret_value::GetSecretValue>(),
    entry::<put_secret_value::PutSecretValue>(),
    entry::<update_secret::UpdateSecret>(),
    entry::<update_description::UpdateDescription>(),
    entry::<enable_secret::EnableSecret>(),
    entry::<disable_secret::DisableSecret>(),
    entry::<delete_secret::DeleteSecret>(),
    entry::<restore_secret::RestoreSecret>(),
    entry::<delete_secret_version::DeleteSecretVersion>(),
    entry::<list_secret_version_ids::ListSecretVersionIds>(),
    entry::<get_regions::GetRegions>(),
    entry::<get_service_status::GetServiceStatus>(),
    entry::<describe_supported_products::DescribeSupportedProducts>(),
];

/// An operation: its description, and three steps.
trait Operation: Sized {
    /// The vendor's name of the operation.
    const ACTION: &'static str;
    /// What it does, in a sentence.
    const SUMMARY: &'static str;
    /// The vendor's page.
    const PAGE: &'static str;
    /// What is known of it from where: documented by the vendor, seen in SDKs, recorded from the
    /// service, or, where nobody knows, chosen.
    const EVIDENCE: &'static str;
    /// Where it knowingly differs from the real one.
    const DIFFERENCES: &'static str = "";
    /// Its parameters, in the order of the vendor's page.
    const PARAMETERS: &'static [&'static dyn Parameter];
    /// The errors of its own, beside those of any operation.
    const ERRORS: &'static [&'static Refusal];
    /// How many times a second it may be asked for, where that is limited. The vendor's page: *API
    /// Category*.
    const RATE_LIMIT: u32;
    /// Whether it changes something, and may have to wait for the disk.
    const WRITES: bool = false;
    /// A successful reply.
    type Response: Serialize + JsonSchema;

    /// Reads the parameters, in the order in which faults are reported.
    ///
    /// # Errors
    ///
    /// The code of the first fault.
    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError>;

    /// Does the work.
    ///
    /// # Errors
    ///
    /// The codes that the operation's own documentation names.
    fn run(self, call: &Call) -> Result<Self::Response, ApiError>;
}

/// A line of the table.
pub(crate) struct Entry {
    pub action: &'static str,
    pub parameters: &'static [&'static dyn Parameter],
    errors: &'static [&'static Refusal],
    /// Whether it may have to wait for the disk.
    pub writes: bool,
    pub rate_limit: u32,
    describe: fn() -> OperationDescription,
    /// Parses the request, does the work and prints the reply.
    pub run: fn(Given, &Call) -> Result<Vec<u8>, ApiError>,
}

const fn entry<O: Operation>() -> Entry {
    Entry {
        action: O::ACTION,
        parameters: O::PARAMETERS,
        errors: O::ERRORS,
        writes: O::WRITES,
        rate_limit: O::RATE_LIMIT,
        describe: describe::<O>,
        run: run::<O>,
    }
}

fn describe<O: Operation>() -> OperationDescription {
    OperationDescription {
        action: O::ACTION,
        summary: O::SUMMARY,
        page: O::PAGE,
        evidence: O::EVIDENCE,
        differences: O::DIFFERENCES,
        parameters: O::PARAMETERS
            .iter()
            .map(|parameter| parameter.describe())
            .collect(),
        errors: O::ERRORS.iter().map(|error| **error).collect(),
        reply: schema_for!(O::Response),
    }
}

fn run<O: Operation>(given: Given, call: &Call) -> Result<Vec<u8>, ApiError> {
    let arguments = Arguments::new(given, O::PARAMETERS)?;
    let response = O::parse(&arguments, call).and_then(|operation| operation.run(call));
    if let Err(ApiError::Refused(refusal)) = &response {
        debug_assert!(
            O::ERRORS.contains(refusal),
            "{} does not describe {refusal:?}",
            O::ACTION
        );
    }
    reply::print(response?)
}

/// An operation of the real service.
pub(crate) enum Supported {
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
pub(crate) fn find(action: &str) -> Option<Supported> {
    if let Some(entry) = TABLE.iter().find(|entry| entry.action == action) {
        return Some(Supported::Yes(entry));
    }
    let index = names::ALL.binary_search(&action).ok()?;
    Some(Supported::No(names::ALL[index]))
}

/// Whether the value of a parameter may be shown: a supported operation has one of this name, and
/// none says that it is sensitive.
pub(crate) fn may_show(parameter: &str) -> bool {
    let name = parameter.split('.').next().unwrap_or_default();
    let mut known = TABLE
        .iter()
        .flat_map(|entry| entry.parameters)
        .map(|known| known.describe())
        .filter(|known| known.name == name)
        .peekable();
    known.peek().is_some() && known.all(|known| !known.sensitive)
}

/// Whether a supported operation has a parameter of this name, or one whose members have.
pub(crate) fn is_parameter(name: &str) -> bool {
    let mut known = TABLE.iter().flat_map(|entry| entry.parameters);
    known.any(|known| description::is_named(name, known.name()))
}

/// The error of this code as operations word it: the operation `action`, if it has such a one, else
/// the first that has.
pub(crate) fn sample(code: &str, action: Option<&str>) -> Option<ErrorSample> {
    let own = TABLE.iter().filter(|entry| Some(entry.action) == action);
    own.chain(TABLE)
        .flat_map(|entry| entry.errors)
        .find(|error| error.code == code)
        .map(|error| ErrorSample::from(*error))
}

/// The codes of the errors that operations document.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    let errors = TABLE.iter().flat_map(|entry| entry.errors);
    errors.map(|error| error.code)
}

/// Whether the real service has an operation of this name.
#[must_use]
pub fn is_known(action: &str) -> bool {
    find(action).is_some()
}

/// The parameters of a supported operation, described.
#[must_use]
pub fn parameters(action: &str) -> Option<Vec<ParameterDescription>> {
    match find(action)? {
        Supported::Yes(entry) => Some(
            entry
                .parameters
                .iter()
                .map(|parameter| parameter.describe())
                .collect(),
        ),
        Supported::No(_) => None,
    }
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
    fn the_real_service_has_25_operations_and_each_is_found() {
        assert_eq!(names::ALL.len(), 25);
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
        assert!(find("").is_none());
    }
}
