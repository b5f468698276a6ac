//! Alibaba Cloud: the RPC protocol with the services KMS, STS and Location, and the API of KMS instances.

pub(crate) mod credentials_uri;
mod ecs_metadata;
mod instance;
pub(crate) mod kms;
mod location;
pub(crate) mod rpc;
mod settings;
mod sts;

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub(crate) use kms::fixture::{MAX_VALUE_BYTES, check_instance_id, instances_fixture};
pub use settings::{FilterMatch, FilterValues, Settings};
pub(crate) use sts::RoleSession;

use super::api::{CloudApi, CloudRequest, UnknownSignatureMethod};
use super::credential_source::metadata::{self, MetadataRequest};
use super::credential_source::{self, CredentialRequest, CredentialResource};
use super::description::{ErrorSample, OperationDescription, ParameterDescription, ValueType};
use super::draft::{Draft, Format, Method, Signed};
use super::fixture::{Fixture, NamedSecret, ParseError};
use super::service::Services;
use super::service::permissions::PermissionRow;
use super::shown_request::ShownRequest;
use crate::clouds::cause::Cause;
use crate::http::wire::WireRequest;
use crate::model::{Cloud, Cmk, Scope, Secret, is_region_in_host};
use crate::store::{CmkId, ScopeContents, SecretId, StoreError, WriteTransaction};

use instance::InstanceRequest;
use rpc::error::ApiError;
use rpc::handler::RpcRequest;
use rpc::protocol::Rpc;
use rpc::request::{COMMON, Request};
use rpc::signer::{self, SignatureMethod};
use rpc::{error, region};

/// The services of the cloud. A new service is a folder next to `kms` and an item here.
pub(crate) static SERVICES: Services<Rpc> =
    Services(&[&kms::SERVICE, &sts::SERVICE, &location::SERVICE]);

/// The resources of the credential sources.
static CREDENTIAL_RESOURCES: LazyLock<Vec<CredentialResource>> = LazyLock::new(|| {
    let resources = ecs_metadata::SERVICE.resources.iter().copied();
    resources.chain([credentials_uri::RESOURCE]).collect()
});

/// The API of Alibaba Cloud.
#[derive(Debug, Clone, Default)]
pub struct Alibaba {
    settings: Arc<Settings>,
}

impl Alibaba {
    /// The API with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }

    /// How the keys `SecretName` and `Description` of `Filters` match.
    #[must_use]
    pub fn filter_match(&self) -> FilterMatch {
        self.settings.filter_match
    }
}

impl CloudApi for Alibaba {
    fn cloud(&self) -> Cloud {
        Cloud::Alibaba
    }

    fn name(&self) -> &'static str {
        "Alibaba Cloud"
    }

    fn title(&self) -> &'static str {
        "Alibaba Cloud KMS"
    }

    fn version(&self) -> &'static str {
        kms::SERVICE.version
    }

    fn default_region(&self) -> &str {
        &self.settings.default_region
    }

    fn regions(&self) -> Vec<String> {
        let mut regions: Vec<String> = kms::operations::REGIONS.map(str::to_owned).into();
        if !regions.contains(&self.settings.default_region) {
            regions.insert(0, self.settings.default_region.clone());
        }
        regions
    }

    fn has_region(&self, region: &str, action: Option<&str>) -> bool {
        // Requests for credentials are in the default region; the host of any other request selects its region.
        let is_for_credentials =
            action.is_some_and(|action| self.credential_resource(action).is_some());
        region == self.settings.default_region || !is_for_credentials && is_region_in_host(region)
    }

    fn region_of_host(&self, host: Option<&str>) -> Option<String> {
        Some(region::of_host(
            host,
            SERVICES,
            &self.settings.default_region,
        ))
    }

    fn host_of_region(&self, region: &str) -> Option<String> {
        Some(format!("kms.{region}.aliyuncs.com"))
    }

    fn recognizes(&self, _: &WireRequest) -> bool {
        // Requests that no other cloud recognizes are sent to this cloud.
        false
    }

    fn is_common_parameter(&self, name: &str) -> bool {
        COMMON.contains(&name)
    }

    fn parse(&self, wire: Arc<WireRequest>) -> Box<dyn CloudRequest> {
        if metadata::is_for(&wire) {
            let region = &self.settings.default_region;
            let request = MetadataRequest::new(&ecs_metadata::SERVICE, wire, region);
            return Box::new(CredentialRequest(request));
        }
        if instance::is_for(&wire) {
            let settings = Arc::clone(&self.settings);
            return Box::new(InstanceRequest::new(wire, settings));
        }
        Box::new(RpcRequest {
            request: Request::parse(wire, SERVICES),
            settings: Arc::clone(&self.settings),
        })
    }

    fn shown_parameters(&self, wire: &WireRequest) -> Option<Vec<(String, String)>> {
        if credentials_uri::is_for(wire) {
            return Some(credentials_uri::RESOURCE.shown_parameters(wire, None));
        }
        if metadata::is_for(wire) {
            return Some(ecs_metadata::SERVICE.shown_parameters(wire));
        }
        if instance::is_for(wire) {
            return instance::as_rpc(wire).shown_parameters();
        }
        Request::parse(Arc::new(wire.clone()), SERVICES).shown_parameters()
    }

    fn shown_request(&self, wire: &WireRequest) -> ShownRequest {
        let shown = Request::parse(Arc::new(wire.clone()), SERVICES).shown();
        if metadata::is_for(wire) || credentials_uri::is_for(wire) {
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
        &CREDENTIAL_RESOURCES
    }

    fn parameters(&self, action: &str) -> Option<Vec<ParameterDescription>> {
        SERVICES.parameters_of(action)
    }

    fn documented_error(&self, code: &str, action: Option<&str>) -> Option<ErrorSample> {
        let of_operation = action.and_then(|action| error_of_operation(code, action));
        let of_service = || {
            let mut errors = kms::SERVICE.errors.iter();
            errors
                .find(|error| error.code == code)
                .map(ErrorSample::from)
        };
        of_operation
            .or_else(of_service)
            .or_else(|| error::sample(code))
            .or_else(|| SERVICES.error(code, action))
    }

    fn documented_codes(&self) -> Vec<&'static str> {
        SERVICES.codes().chain(error::codes()).collect()
    }

    fn formats(&self) -> &'static [Format] {
        &[Format::Json, Format::Xml]
    }

    fn signature_methods(&self) -> Vec<&'static str> {
        SignatureMethod::ALL.map(SignatureMethod::name).into()
    }

    fn sign(&self, draft: &Draft, method: Option<&str>) -> Result<Signed, UnknownSignatureMethod> {
        let mut methods = SignatureMethod::ALL.into_iter();
        let method = methods.find(|known| method.is_none_or(|method| method == known.name()));
        let method = method.ok_or(UnknownSignatureMethod)?;
        Ok(signer::sign(draft, method, SERVICES))
    }

    fn browser_query(&self, draft: &Draft, is_signed: bool) -> Option<String> {
        let operation = SERVICES.find(draft.action);
        if operation.is_some_and(|operation| !operation.allows(Method::Get.name())) {
            return None;
        }
        let method = if is_signed {
            SignatureMethod::HmacSha1
        } else {
            SignatureMethod::Unsigned
        };
        Some(signer::sign(draft, method, SERVICES).query)
    }

    fn parse_fixture(&self, text: &str, time: DateTime<Utc>) -> Result<Fixture, ParseError> {
        kms::fixture::parse(text, time)
    }

    fn check_named(&self, secret: &NamedSecret) -> Result<(), String> {
        kms::fixture::check_named(secret)
    }

    fn print_named(&self, secrets: &[&NamedSecret], time: DateTime<Utc>) -> String {
        kms::fixture::print_named(secrets, time)
    }

    fn print_fixture(
        &self,
        scope: &Scope,
        contents: ScopeContents,
        values: bool,
    ) -> Result<String, Cause> {
        Ok(kms::fixture::print(scope, contents, values))
    }

    fn rotate(
        &self,
        store: &WriteTransaction,
        id: SecretId,
        secret: &Secret,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        kms::managed::rotate_overdue(store, id, secret, at, now)
    }

    fn do_due_work_of_key(
        &self,
        store: &WriteTransaction,
        id: CmkId,
        cmk: &Cmk,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        kms::keys::due::do_work(store, id, cmk, at, now)
    }
}

/// The error of this code with the text of an operation: its own documented text, or the name of one of
/// its parameters.
fn error_of_operation(code: &str, action: &str) -> Option<ErrorSample> {
    let operation = SERVICES.description(action)?;
    if let Some(error) = operation.errors.iter().find(|error| error.code == code) {
        return Some(error.into());
    }
    let mut parameters = operation.parameters.iter();
    let required = parameters.clone().find(|parameter| parameter.required);
    let error = match code {
        "MissingParameter" => ApiError::MissingParameter(required?.name),
        "InvalidParameter" => {
            // A flag has no invalid values.
            let checked =
                |parameter: &&ParameterDescription| parameter.value_type != ValueType::Boolean;
            let parameter = required.or_else(|| parameters.find(checked))?;
            ApiError::InvalidParameter(parameter.name.to_owned())
        }
        _ => return None,
    };
    Some(error.sample())
}

/// The parameters of an operation as name-value pairs: lists as numbered parameters, other values that are
/// not texts as JSON.
#[must_use]
pub fn pairs_of(action: &str, parameters: &Map<String, Value>) -> Vec<(String, String)> {
    let described = SERVICES.parameters_of(action).unwrap_or_default();
    signer::pairs_of(&described, parameters)
}
