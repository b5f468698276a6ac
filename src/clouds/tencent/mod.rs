//! Tencent Cloud: the protocol API 3.0, and the services SSM, STS and Tag.

pub(crate) mod api3;
mod cvm_metadata;
mod settings;
pub(crate) mod ssm;
mod sts;
mod tag;

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

pub use api3::region::is_known as is_known_region;
pub use settings::{Search, Settings};

use super::api::{CloudApi, CloudRequest, UnknownSignatureMethod};
use super::cause::Cause;
use super::credential_source::metadata::{self, MetadataRequest};
use super::credential_source::{self, CredentialRequest, CredentialResource};
use super::description::{ErrorSample, OperationDescription, ParameterDescription};
use super::draft::{Draft, Format, Signed};
use super::fixture::{Fixture, NamedSecret, ParseError};
use super::service::permissions::PermissionRow;
use super::service::{Known, Protocol, Services};
use super::shown_request::ShownRequest;
use crate::http::wire::WireRequest;
use crate::model::{Cloud, Scope, Secret};
use crate::store::{ScopeContents, SecretId, StoreError, WriteTransaction};

use api3::error_samples;
use api3::handler::Api3Request;
use api3::protocol::Api3;
use api3::request::{self, COMMON, Request};
use api3::signer::{self, SignatureMethod};

/// The services of the cloud. A new service is a folder beside `ssm` and an item here.
pub(crate) static SERVICES: Services<Api3> =
    Services(&[&ssm::SERVICE, &tag::SERVICE, &sts::SERVICE]);

/// The API of Tencent Cloud.
#[derive(Debug, Clone, Default)]
pub struct Tencent {
    settings: Arc<Settings>,
}

impl Tencent {
    /// The API with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }
}

impl CloudApi for Tencent {
    fn cloud(&self) -> Cloud {
        Cloud::Tencent
    }

    fn name(&self) -> &'static str {
        "Tencent Cloud"
    }

    fn title(&self) -> &'static str {
        "Tencent Cloud SSM"
    }

    fn version(&self) -> &'static str {
        ssm::SERVICE.version
    }

    fn default_region(&self) -> &str {
        self.settings.default_region()
    }

    fn regions(&self) -> Vec<String> {
        self.settings.regions.clone()
    }

    fn has_region(&self, region: &str, action: Option<&str>) -> bool {
        if action.is_some_and(|action| self.credential_resource(action).is_some()) {
            return region == self.settings.default_region();
        }
        let is_global = action.is_none_or(|action| SERVICES.of_action(action).is_global);
        let mut offered = self.settings.regions.iter();
        offered.any(|offered| offered == region) || is_global && is_known_region(region)
    }

    fn region_of_host(&self, _: Option<&str>) -> Option<String> {
        None
    }

    fn host_of_region(&self, _: &str) -> Option<String> {
        None
    }

    fn recognizes(&self, wire: &WireRequest) -> bool {
        cvm_metadata::is_for(wire)
            || !metadata::is_for(wire) && request::is_for_tencent(wire, SERVICES)
    }

    fn is_common_parameter(&self, name: &str) -> bool {
        COMMON.contains(&name)
    }

    fn parse(&self, wire: Arc<WireRequest>) -> Box<dyn CloudRequest> {
        if cvm_metadata::is_for(&wire) {
            let region = self.settings.default_region();
            let request = MetadataRequest::new(&cvm_metadata::SERVICE, wire, region);
            return Box::new(CredentialRequest(request));
        }
        Box::new(Api3Request {
            request: Request::parse(wire, SERVICES),
            settings: Arc::clone(&self.settings),
        })
    }

    fn shown_parameters(&self, wire: &WireRequest) -> Option<Vec<(String, String)>> {
        if cvm_metadata::is_for(wire) {
            return Some(cvm_metadata::SERVICE.shown_parameters(wire));
        }
        Request::parse(Arc::new(wire.clone()), SERVICES).shown_parameters()
    }

    fn shown_request(&self, wire: &WireRequest) -> ShownRequest {
        let shown = Request::parse(Arc::new(wire.clone()), SERVICES).shown();
        if cvm_metadata::is_for(wire) {
            return credential_source::with_path(shown, wire);
        }
        shown
    }

    fn operations(&self) -> Vec<OperationDescription> {
        SERVICES.descriptions()
    }

    fn permission_rows(&self) -> Vec<PermissionRow> {
        SERVICES.permission_rows()
    }

    fn has_operation(&self, action: &str) -> bool {
        SERVICES.find(action).is_some() || self.credential_resource(action).is_some()
    }

    fn credential_resources(&self) -> &'static [CredentialResource] {
        cvm_metadata::SERVICE.resources
    }

    fn parameters(&self, action: &str) -> Option<Vec<ParameterDescription>> {
        SERVICES.parameters_of(action)
    }

    fn documented_error(&self, code: &str, action: Option<&str>) -> Option<ErrorSample> {
        let own = OPERATIONS
            .iter()
            .filter(|operation| Some(operation.action) == action)
            .flat_map(|operation| &operation.errors);
        let general = SERVICES.0.iter().flat_map(|service| service.errors);
        let found = own.chain(general).find(|error| error.code == code);
        found
            .map(ErrorSample::from)
            .or_else(|| error_samples::sample(code, error_target(action)))
            // A code that only operations document has a text that fits all of them.
            .or_else(|| SERVICES.error(code, None))
    }

    fn documented_codes(&self) -> Vec<&'static str> {
        SERVICES
            .codes()
            .chain(error_samples::codes(error_target(None)))
            .collect()
    }

    fn formats(&self) -> &'static [Format] {
        &[Format::Json]
    }

    fn signature_methods(&self) -> Vec<&'static str> {
        SignatureMethod::ALL.map(SignatureMethod::name).into()
    }

    fn sign(&self, draft: &Draft, method: Option<&str>) -> Result<Signed, UnknownSignatureMethod> {
        let mut methods = SignatureMethod::ALL.into_iter();
        let method = methods.find(|known| method.is_none_or(|method| method == known.name()));
        let method = method.ok_or(UnknownSignatureMethod)?;
        Ok(signer::sign(
            draft,
            method,
            SERVICES.of_action(draft.action),
        ))
    }

    fn browser_query(&self, draft: &Draft, is_signed: bool) -> Option<String> {
        Some(if is_signed {
            signer::sign(
                draft,
                SignatureMethod::HmacSha256,
                SERVICES.of_action(draft.action),
            )
            .query
        } else {
            signer::unsigned_query(draft, SERVICES.of_action(draft.action))
        })
    }

    fn recognizes_fixture(&self, text: &str) -> bool {
        let shape: FixtureShape = serde_json::from_str(text).unwrap_or_default();
        shape.response || shape.secret_metadatas
    }

    fn parse_fixture(&self, text: &str, _: DateTime<Utc>) -> Result<Fixture, ParseError> {
        let shape: FixtureShape = serde_json::from_str(text).unwrap_or_default();
        if shape.response {
            ssm::fixture::parse_enveloped(text)
        } else {
            ssm::fixture::parse(text)
        }
    }

    fn check_named(&self, secret: &NamedSecret) -> Result<(), String> {
        ssm::fixture::check_named(secret, self.settings.max_value_bytes)
    }

    fn print_named(&self, secrets: &[&NamedSecret], time: DateTime<Utc>) -> String {
        ssm::fixture::print_named(secrets, time)
    }

    fn print_fixture(
        &self,
        scope: &Scope,
        contents: ScopeContents,
        values: bool,
    ) -> Result<String, Cause> {
        ssm::fixture::print(scope, contents.secrets, values)
    }

    fn rotate(
        &self,
        store: &WriteTransaction,
        id: SecretId,
        secret: &Secret,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        ssm::managed::do_due_work(store, id, secret, at, now)
    }
}

/// The supported operations, described once: the errors of each are needed for each fault rule.
static OPERATIONS: LazyLock<Vec<OperationDescription>> = LazyLock::new(|| SERVICES.descriptions());

/// The operation of this name, for the texts of errors.
fn error_target(action: Option<&str>) -> error_samples::Target<'_> {
    let service = SERVICES.of_action(action.unwrap_or_default());
    let target = error_samples::Target {
        product: service.product,
        version: service.version,
        parameter: None,
        required: None,
        rate_limit: Api3::RATE_LIMIT,
    };
    let Some(Known::Supported(operation)) = action.and_then(|action| service.find(action)) else {
        return target;
    };
    let mut parameters = operation.parameters.iter();
    error_samples::Target {
        parameter: parameters.clone().next().map(|parameter| parameter.name()),
        required: parameters
            .find(|parameter| parameter.describe().required)
            .map(|parameter| parameter.name()),
        rate_limit: operation.rate_limit,
        ..target
    }
}

/// The members that only replies of this cloud have.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct FixtureShape {
    #[serde(deserialize_with = "is_present")]
    response: bool,
    #[serde(deserialize_with = "is_present")]
    secret_metadatas: bool,
}

/// Reads a member as present, whatever its value is.
fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
