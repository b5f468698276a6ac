//! The interface of a cloud for the other modules.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::cause::Cause;
use super::context::{AuthMode, Context};
use super::credential_source::CredentialResource;
use super::description::{ErrorSample, OperationDescription, ParameterDescription};
use super::draft::{Draft, Format, Signed};
use super::fixture::{Fixture, NamedSecret, ParseError};
use super::outcome::Outcome;
use super::service::permissions::PermissionRow;
use super::shown_request::ShownRequest;
use crate::http::wire::{WireReply, WireRequest};
use crate::model::{Cloud, Cmk, Scope, Secret};
use crate::store::{CmkId, ScopeContents, SecretId, StoreError, WriteTransaction};

/// The API of a cloud.
pub trait CloudApi: Send + Sync {
    /// The cloud.
    fn cloud(&self) -> Cloud;

    /// The name of the cloud.
    fn name(&self) -> &'static str;

    /// The name of the cloud's service.
    fn title(&self) -> &'static str;

    /// The version of the service's API.
    fn version(&self) -> &'static str;

    /// The region of requests that name none.
    fn default_region(&self) -> &str;

    /// The regions that the service is offered in.
    fn regions(&self) -> Vec<String>;

    /// Whether a request for an operation, or for any operation, can be in this region.
    fn has_region(&self, region: &str, action: Option<&str>) -> bool;

    /// The region in a `Host` header; absent if the cloud's hosts have no regions.
    fn region_of_host(&self, host: Option<&str>) -> Option<String>;

    /// The host of a region; absent if the cloud's hosts have no regions.
    fn host_of_region(&self, region: &str) -> Option<String>;

    /// Whether a request can only be for this cloud.
    fn recognizes(&self, wire: &WireRequest) -> bool;

    /// Whether a parameter of this name is common to all operations.
    fn is_common_parameter(&self, name: &str) -> bool;

    /// Parses a request. Never fails: an invalid request is answered with its error.
    fn parse(&self, wire: Arc<WireRequest>) -> Box<dyn CloudRequest>;

    /// The parameters of a request by name, without the common ones, with sensitive values masked: texts
    /// unchanged, other values as JSON. Absent if they cannot be parsed.
    fn shown_parameters(&self, wire: &WireRequest) -> Option<Vec<(String, String)>>;

    /// A request as it was received, with sensitive values masked.
    fn shown_request(&self, wire: &WireRequest) -> ShownRequest;

    /// Every supported operation, described.
    fn operations(&self) -> Vec<OperationDescription>;

    /// The permissions that the supported operations need, for documents.
    fn permission_rows(&self) -> Vec<PermissionRow>;

    /// Whether the real service has an operation of this name, or a credential source has this resource.
    fn has_operation(&self, action: &str) -> bool;

    /// The resources of the cloud's credential sources.
    fn credential_resources(&self) -> &'static [CredentialResource];

    /// The resource of a credential source whose path in the table is `action`.
    fn credential_resource(&self, action: &str) -> Option<&'static CredentialResource> {
        let mut resources = self.credential_resources().iter();
        resources.find(|resource| resource.path == action)
    }

    /// The parameters of a supported operation, described.
    fn parameters(&self, action: &str) -> Option<Vec<ParameterDescription>>;

    /// The documented error of this code, with the text of the operation `action` if it documents one.
    fn documented_error(&self, code: &str, action: Option<&str>) -> Option<ErrorSample>;

    /// The codes for which [`Self::documented_error`] returns an error; some more than once.
    fn documented_codes(&self) -> Vec<&'static str>;

    /// The formats of replies, the usual one first.
    fn formats(&self) -> &'static [Format];

    /// The methods to sign requests with, the usual one first.
    fn signature_methods(&self) -> Vec<&'static str>;

    /// Signs a request with a method, or the usual one.
    ///
    /// # Errors
    ///
    /// If there is no such method.
    fn sign(&self, draft: &Draft, method: Option<&str>) -> Result<Signed, UnknownSignatureMethod>;

    /// The query of a request for the address bar of a browser, which sends no headers of a cloud; absent for an
    /// operation that needs POST.
    fn browser_query(&self, draft: &Draft, is_signed: bool) -> Option<String>;

    /// Whether a fixture file can only be a reply of this cloud.
    fn recognizes_fixture(&self, _text: &str) -> bool {
        false
    }

    /// Reads a fixture file. Keys without a creation date were created at `time`.
    ///
    /// # Errors
    ///
    /// The first error.
    fn parse_fixture(&self, text: &str, time: DateTime<Utc>) -> Result<Fixture, ParseError>;

    /// Checks the name and the value of a secret by the rules for new secrets.
    ///
    /// # Errors
    ///
    /// The reason, without the value.
    fn check_named(&self, secret: &NamedSecret) -> Result<(), String>;

    /// A fixture file with secrets that were checked, created at `time`.
    fn print_named(&self, secrets: &[&NamedSecret], time: DateTime<Utc>) -> String;

    /// Writes contents of a scope, in the order given, as a fixture file that restores them; without the values of
    /// secrets and the material of keys unless `values` is true.
    ///
    /// # Errors
    ///
    /// If a stored secret has properties that this cloud does not have.
    fn print_fixture(
        &self,
        scope: &Scope,
        contents: ScopeContents,
        values: bool,
    ) -> Result<String, Cause>;

    /// Does the rotations of a secret that are due since `at`, and on Tencent Cloud the end of a task.
    ///
    /// # Errors
    ///
    /// Errors of the store.
    fn rotate(
        &self,
        store: &WriteTransaction,
        id: SecretId,
        secret: &Secret,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Does the first due work of a key, which became due at `at`. Does nothing on a cloud without keys.
    ///
    /// # Errors
    ///
    /// Errors of the store.
    fn do_due_work_of_key(
        &self,
        _store: &WriteTransaction,
        _id: CmkId,
        _cmk: &Cmk,
        _at: DateTime<Utc>,
        _now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The error for an unknown signature method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSignatureMethod;

/// The properties of a request that fault rules can match.
pub trait RequestProperties {
    /// The cloud.
    fn cloud(&self) -> Cloud;
    /// The operation, if the real service has it.
    fn action(&self) -> Option<&'static str>;
    /// The value of the parameter `SecretName`.
    fn secret_name(&self) -> Option<&str>;
    /// The id of the access key that the request is signed with.
    fn access_key_id(&self) -> Option<&str>;
    /// The region; absent if the cloud does not offer the region that the request names.
    fn region(&self) -> Option<String>;
    /// Whether it is for a credential source, which returns no errors of the cloud's API.
    fn is_for_credential_source(&self) -> bool {
        false
    }
}

/// A request of a cloud's API, parsed.
pub trait CloudRequest: RequestProperties + Send {
    /// Whether the operation changes the store.
    fn may_write(&self) -> bool;

    /// Whether the operation computes for milliseconds.
    fn is_slow(&self) -> bool;

    /// The name of the requested operation in journal, log and coverage, if the real service does not have it.
    fn unknown_action(&self) -> Option<String>;

    /// The id of the access key that selects the account of the request in this mode.
    fn account_key_id(&self, mode: AuthMode) -> Option<&str>;

    /// Verifies the request, runs the operation and serializes the reply.
    fn answer(self: Box<Self>, context: &Context) -> (WireReply, Outcome);

    /// Serializes an injected error instead of the reply, with values of the request in its text.
    fn reply_with(&self, error: Arc<ErrorSample>, context: &Context) -> WireReply;
}
