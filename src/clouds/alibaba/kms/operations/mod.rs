//! The operations, one file each, and the table that dispatch and documents read.

mod batch_get_secret_value;
mod create_secret;
mod delete_secret;
mod describe_account_kms_status;
mod describe_regions;
mod describe_secret;
mod get_random_password;
mod get_secret_policy;
mod get_secret_value;
mod list_resource_tags;
mod list_secret_version_ids;
mod list_secrets;
mod list_tag_resources;
mod names;
mod open_kms_service;
mod put_secret_value;
mod restore_secret;
mod rotate_secret;
mod set_secret_policy;
mod tag_resource;
mod tag_resources;
mod untag_resource;
mod untag_resources;
mod update_secret;
mod update_secret_rotation_policy;
mod update_secret_version_stage;

pub use describe_regions::REGIONS;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use crate::clouds::alibaba::Call;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Parameter};
use crate::clouds::alibaba::rpc::reply::Format;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::description::{
    self, ErrorSample, OperationDescription, ParameterDescription, ValueType,
};

/// What the emulator can do. A new operation is a new file and its line here.
static TABLE: &[Entry] = &[
    entry::<create_secret::CreateSecret>(),
    entry::<describe_secret::DescribeSecret>(),
    entry::<list_secrets::ListSecrets>(),
    entry::<get_secret_value::GetSecretValue>(),
    entry::<batch_get_secret_value::BatchGetSecretValue>(),
    entry::<put_secret_value::PutSecretValue>(),
    entry::<list_secret_version_ids::ListSecretVersionIds>(),
    entry::<update_secret::UpdateSecret>(),
    entry::<update_secret_version_stage::UpdateSecretVersionStage>(),
    entry::<update_secret_rotation_policy::UpdateSecretRotationPolicy>(),
    entry::<rotate_secret::RotateSecret>(),
    entry::<delete_secret::DeleteSecret>(),
    entry::<restore_secret::RestoreSecret>(),
    entry::<get_random_password::GetRandomPassword>(),
    entry::<set_secret_policy::SetSecretPolicy>(),
    entry::<get_secret_policy::GetSecretPolicy>(),
    entry::<tag_resource::TagResource>(),
    entry::<untag_resource::UntagResource>(),
    entry::<tag_resources::TagResources>(),
    entry::<untag_resources::UntagResources>(),
    entry::<list_tag_resources::ListTagResources>(),
    entry::<list_resource_tags::ListResourceTags>(),
    entry::<describe_regions::DescribeRegions>(),
    entry::<describe_account_kms_status::DescribeAccountKmsStatus>(),
    entry::<open_kms_service::OpenKmsService>(),
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
    /// Whether it changes something, and may have to wait for the disk.
    const WRITES: bool = false;
    /// A successful reply.
    type Response: Serialize + JsonSchema;

    /// Reads the parameters, in the order in which faults are reported.
    ///
    /// # Errors
    ///
    /// The code of the first fault.
    fn parse(arguments: &Arguments) -> Result<Self, ApiError>;

    /// Does the work.
    ///
    /// # Errors
    ///
    /// The codes that the operation's own documentation names.
    fn run(self, call: &Call) -> Result<Self::Response, ApiError>;
}

/// A line of the table.
pub(crate) struct Entry {
    action: &'static str,
    pub parameters: &'static [&'static dyn Parameter],
    errors: &'static [&'static Refusal],
    /// Whether it may have to wait for the disk.
    pub writes: bool,
    describe: fn() -> OperationDescription,
    /// Parses the request, does the work and prints the reply.
    pub run: fn(&Request, &Call, Format) -> Result<Vec<u8>, ApiError>,
}

const fn entry<O: Operation>() -> Entry {
    Entry {
        action: O::ACTION,
        parameters: O::PARAMETERS,
        errors: O::ERRORS,
        writes: O::WRITES,
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

fn run<O: Operation>(request: &Request, call: &Call, format: Format) -> Result<Vec<u8>, ApiError> {
    let response =
        O::parse(&Arguments::new(request, O::PARAMETERS)).and_then(|operation| operation.run(call));
    if let Err(ApiError::Refused(refusal)) = &response {
        debug_assert!(
            O::ERRORS.contains(refusal),
            "{} does not describe {refusal:?}",
            O::ACTION
        );
    }
    format.print(&response?)
}

/// The members of JSON documents in parameters that are not sensitive, whose values may be shown.
pub(crate) const SHOWN_MEMBERS: [&str; 10] = [
    "FetchExtendedConfig",
    "Key",
    "SecretName",
    "TagKey",
    "TagValue",
    "Value",
    "Values",
    "VersionId",
    "VersionStage",
    "VersionStages",
];

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
    let list = parameter.split('.').next().unwrap_or_default();
    let mut known = TABLE
        .iter()
        .flat_map(|entry| entry.parameters)
        .map(|known| known.describe())
        .filter(|known| match known.value_type {
            ValueType::List | ValueType::TagList => known.name == list,
            _ => known.name == parameter,
        })
        .peekable();
    known.peek().is_some() && known.all(|known| !known.sensitive)
}

/// Whether a supported operation has a parameter of this name, or one whose members have.
pub(crate) fn is_parameter(name: &str) -> bool {
    let mut known = TABLE.iter().flat_map(|entry| entry.parameters);
    known.any(|known| description::is_named(name, known.name()))
}

/// The parameter of this name, if it is a JSON document, or is one in JSON bodies.
pub(crate) fn document(name: &str) -> Option<ParameterDescription> {
    let mut known = TABLE.iter().flat_map(|entry| entry.parameters);
    let known = known.find(|known| known.name() == name)?.describe();
    let is_document = matches!(
        known.value_type,
        ValueType::Json | ValueType::List | ValueType::TagList
    );
    is_document.then_some(known)
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
        let all = descriptions();
        let described = |action| all.iter().find(|known| known.action == action);
        let description = described("ListSecrets").unwrap();
        let names: Vec<_> = description
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(names, ["FetchTags", "Filters", "PageNumber", "PageSize"]);
        let reply = description.reply.as_value();
        assert_eq!(reply["properties"]["TotalCount"]["type"], "integer");
        assert_eq!(reply["required"].as_array().unwrap().len(), 5);
        let description = described("CreateSecret").unwrap();
        let data = &description.parameters[2];
        assert_eq!(
            (data.name, data.required, data.sensitive),
            ("SecretData", true, true)
        );
        assert_eq!(data.rule.as_deref(), Some("1 to 30720 bytes"));
        let codes: Vec<_> = description
            .errors
            .iter()
            .map(|error| (error.code, error.status))
            .collect();
        assert!(codes.contains(&("Rejected.ResourceExist", 409)));
    }

    #[test]
    fn values_are_shown_where_a_description_says_that_they_are_harmless() {
        for (parameter, shown) in [
            ("SecretName", true),
            ("Filters", true),
            ("ResourceId.1", true),
            ("Tag.1.Key", true),
            ("SecretData", false),
            ("ExtendedConfig", false),
            ("ExtendedConfig.CustomData.a", false),
            ("Policy", false),
            ("SecretData.1", false),
            ("Unknown", false),
        ] {
            assert_eq!(may_show(parameter), shown, "{parameter}");
        }
    }
}
