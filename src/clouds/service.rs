//! A service of a cloud: its version and the table of its operations.
//!
//! Dispatch, validation, the OpenAPI document, the tables in `docs/` and the explorer's forms all read
//! this one description. The clouds differ in how parameters are read, replies printed and errors
//! reported: each has a [`Protocol`] for that.

use chrono::{DateTime, SubsecRound, Utc};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::context::Context;
pub(crate) use super::description::Parameter;
use super::description::{
    self, ErrorDescription, ErrorSample, OperationDescription, ParameterDescription,
};
use super::permissions::{AccessControl, PermissionRow};
use super::reply_cache::Key;
use crate::model::Scope;
use crate::store::{ReadTransaction, StoreError, WriteTransaction};

/// The protocol of a cloud's services.
pub trait Protocol: Sized + 'static {
    /// The kinds of parameter.
    type Parameter: Parameter + ?Sized + 'static;
    /// The parameters that an operation describes, ready to be read.
    type Arguments<'r>;
    /// A parsed request.
    type Request;
    /// An error reply.
    type Error: From<StoreError>;
    /// The settings of the cloud.
    type Settings;
    /// The requested form of a reply.
    type Format: Copy;
    /// How the replies of a service are wrapped.
    type Envelope: Sync + 'static;

    /// The requests per second that an operation accepts from one key in one region, unless it says
    /// otherwise.
    const RATE_LIMIT: u32;

    /// Adds the parameters and the format of a request to its key in the cache of replies.
    fn add_to_key(arguments: &Self::Arguments<'_>, format: Self::Format, key: &mut Key);

    /// Prints the body of a successful reply.
    ///
    /// # Errors
    ///
    /// An internal failure if the format cannot express a value.
    fn print(response: &impl Serialize, format: Self::Format) -> Result<Vec<u8>, Self::Error>;

    /// The error of the operation in an error reply, if it is one.
    fn own_error(error: &Self::Error) -> Option<&'static ErrorDescription>;
}

/// The context of a call to an operation.
pub struct Call<'a, P: Protocol> {
    /// The store, the keys, the time and the id of the request.
    pub context: &'a Context<'a>,
    /// The account and region of the request.
    pub scope: Scope,
    /// The settings of the cloud.
    pub settings: &'a P::Settings,
    /// The format of the reply.
    pub format: P::Format,
    /// The id of the access key that the request is signed with.
    pub access_key_id: Option<&'a str>,
}

impl<P: Protocol> Call<'_, P> {
    /// Runs `work` on one snapshot of the store.
    ///
    /// # Errors
    ///
    /// Those of `work`, and errors of the store.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, P::Error>,
    ) -> Result<T, P::Error> {
        self.context.store.read(work)
    }

    /// Runs `work` in one write transaction, which is rolled back if it returns an error.
    ///
    /// # Errors
    ///
    /// Those of `work`, and errors of the store.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, P::Error>,
    ) -> Result<T, P::Error> {
        self.context.store.write(work)
    }

    /// The time at which the request arrived, to the second.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.context.now.trunc_subsecs(0)
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.context.request_id.to_owned()
    }
}

/// An operation: its description, and the steps to execute it.
pub trait Operation<P: Protocol>: Sized {
    /// The vendor's name of the operation.
    const ACTION: &'static str;
    /// A description of one sentence.
    const SUMMARY: &'static str;
    /// The vendor's page.
    const PAGE: &'static str;
    /// The sources of its behaviour: documented by the vendor, SDK code, recorded from the service, or
    /// assumption.
    const EVIDENCE: &'static str;
    /// The known differences from the real operation.
    const DIFFERENCES: &'static str = "";
    /// Its parameters, in the order of the vendor's page.
    const PARAMETERS: &'static [&'static P::Parameter];
    /// Its errors, in addition to those of every operation.
    const ERRORS: &'static [&'static ErrorDescription];
    /// The requests per second that it accepts from one key in one region, if the rate is limited.
    const RATE_LIMIT: u32 = P::RATE_LIMIT;
    /// Whether it changes the store, so that it may wait for the disk.
    const WRITES: bool = false;
    /// Whether it computes for milliseconds, as with a private RSA key, which would block other requests of a worker.
    const IS_SLOW: bool = false;
    /// Whether its replies are cached: they depend only on the request and on the secrets and keys of its scope.
    const IS_CACHED: bool = false;
    /// For an operation that needs no signature: finds the account of a request.
    const UNSIGNED: Option<AccountOf<P>> = None;
    /// A successful reply.
    type Response: Serialize + JsonSchema;

    /// Reads the parameters, in the order in which the real service checks them.
    ///
    /// # Errors
    ///
    /// The code of the first invalid parameter.
    fn parse<'r>(arguments: &'r P::Arguments<'r>, call: &Call<P>) -> Result<Self, P::Error>;

    /// Does the work.
    ///
    /// # Errors
    ///
    /// The codes that the vendor's page of the operation names.
    fn run(self, call: &Call<P>) -> Result<Self::Response, P::Error>;
}

/// Reads the parameters of an operation, does the work and prints the reply.
type Execute<P> = for<'r> fn(
    &'r <P as Protocol>::Arguments<'r>,
    &Call<P>,
) -> Result<Vec<u8>, <P as Protocol>::Error>;

/// The error of a request instead of that of its operation.
type ErrorOf<P> =
    for<'r> fn(&<P as Protocol>::Arguments<'r>, <P as Protocol>::Error) -> <P as Protocol>::Error;

/// Finds the account that an unsigned request names.
pub type AccountOf<P> = fn(&<P as Protocol>::Request) -> Option<&str>;

/// The caller of an operation that needs no signature.
#[derive(Debug, Clone, Copy)]
pub struct UnsignedCaller<'r> {
    /// The account that the request names, if any.
    pub account: Option<&'r str>,
}

/// A row of a service's table.
pub struct SupportedOperation<P: Protocol> {
    /// The vendor's name of the operation.
    pub action: &'static str,
    /// Its parameters.
    pub parameters: &'static [&'static P::Parameter],
    errors: &'static [&'static ErrorDescription],
    /// Whether it changes the store.
    pub writes: bool,
    /// Whether it computes for milliseconds.
    pub is_slow: bool,
    /// The requests per second that it accepts.
    pub rate_limit: u32,
    /// Finds the account of a request, if the operation needs no signature.
    pub unsigned: Option<AccountOf<P>>,
    describe: fn(product: &'static str, version: &'static str) -> OperationDescription,
    execute: Execute<P>,
    is_cached: bool,
}

/// The row of an operation.
#[must_use]
pub const fn supported<P: Protocol, O: Operation<P>>() -> SupportedOperation<P> {
    SupportedOperation {
        action: O::ACTION,
        parameters: O::PARAMETERS,
        errors: O::ERRORS,
        writes: O::WRITES,
        is_slow: O::IS_SLOW,
        rate_limit: O::RATE_LIMIT,
        unsigned: O::UNSIGNED,
        describe: describe::<P, O>,
        execute: execute::<P, O>,
        is_cached: O::IS_CACHED,
    }
}

fn describe<P: Protocol, O: Operation<P>>(
    product: &'static str,
    version: &'static str,
) -> OperationDescription {
    OperationDescription {
        product,
        version,
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

impl<P: Protocol> SupportedOperation<P> {
    /// Returns the cached reply to a request, or reads its parameters, does the work and prints the reply.
    ///
    /// # Errors
    ///
    /// Those of the operation.
    pub(crate) fn run<'r>(
        &self,
        arguments: &'r P::Arguments<'r>,
        call: &Call<P>,
    ) -> Result<Vec<u8>, P::Error> {
        let context = call.context;
        // The revision is read before the secrets are.
        let revision = self
            .is_cached
            .then(|| context.store.revision(&call.scope))
            .flatten();
        let key = revision.map(|revision| {
            let mut key = Key::new(self.action, &call.scope, revision);
            P::add_to_key(arguments, call.format, &mut key);
            key
        });
        if let Some(key) = &key
            && let Some(body) = context.replies.get(key, context.request_id)
        {
            debug_assert!(
                (self.execute)(arguments, call).is_ok_and(|fresh| fresh == body)
                    || context.store.revision(&call.scope) != revision,
                "a cached reply of {} differs from a new one",
                self.action
            );
            return Ok(body);
        }
        let body = (self.execute)(arguments, call)?;
        if let Some(key) = key.filter(|_| context.notes.allow_caching()) {
            context.replies.put(key, &body, context.request_id);
        }
        Ok(body)
    }
}

fn execute<'r, P: Protocol, O: Operation<P>>(
    arguments: &'r P::Arguments<'r>,
    call: &Call<P>,
) -> Result<Vec<u8>, P::Error> {
    let response = O::parse(arguments, call).and_then(|operation| operation.run(call));
    if let Err(error) = &response
        && let Some(error) = P::own_error(error)
    {
        debug_assert!(
            O::ERRORS.contains(&error),
            "{} does not describe {error:?}",
            O::ACTION
        );
    }
    P::print(&response?, call.format)
}

/// A service of a cloud.
pub struct Service<P: Protocol> {
    /// The vendor's name of the product, as in signatures and texts.
    pub product: &'static str,
    /// The version of its API.
    pub version: &'static str,
    /// The first labels of its host names, that of the public host first.
    pub hosts: &'static [&'static str],
    /// How its replies are wrapped.
    pub envelope: P::Envelope,
    /// Whether it is the same in all regions, so that a request may name any region of the cloud.
    pub is_global: bool,
    /// The operations that the emulator supports. A new operation is a new file and its row here.
    pub operations: &'static [SupportedOperation<P>],
    /// Every operation of the real service, sorted.
    pub names: &'static [&'static str],
    /// Documented errors that no operation here returns, but a fault rule can.
    pub errors: &'static [ErrorDescription],
    /// The code for a secret that does not exist, if the service has secrets.
    pub not_found: Option<&'static str>,
    /// The resource that a request names, as the cloud's access control writes it.
    pub resource_of: fn(&P::Request, &Scope) -> String,
    /// Replaces the error of a request with `DryRun`; absent if the service has no such requests.
    pub(crate) dry_run_error: Option<ErrorOf<P>>,
    /// Its access control; absent if no operation needs a permission.
    pub access_control: Option<AccessControl<P>>,
    /// The members of JSON documents in parameters whose values may be shown.
    pub harmless_members: &'static [&'static str],
}

/// An operation of the real service.
pub enum Known<P: Protocol> {
    /// An operation that the emulator supports.
    Supported(&'static SupportedOperation<P>),
    /// An operation that the emulator does not support.
    Unsupported(&'static str),
}

impl<P: Protocol> Clone for Known<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Protocol> Copy for Known<P> {}

impl<P: Protocol> Known<P> {
    /// The caller of a request, if the operation needs no signature.
    #[must_use]
    pub fn unsigned_caller<'r>(&self, request: &'r P::Request) -> Option<UnsignedCaller<'r>> {
        match self {
            Self::Supported(operation) => {
                let account = operation.unsigned?(request);
                Some(UnsignedCaller { account })
            }
            Self::Unsupported(_) => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Supported(operation) => operation.action,
            Self::Unsupported(action) => action,
        }
    }
}

impl<P: Protocol> Service<P> {
    /// The operation of this name, case-sensitive; absent if the real service has none.
    #[must_use]
    pub fn find(&'static self, action: &str) -> Option<Known<P>> {
        let supported = self
            .operations
            .iter()
            .find(|operation| operation.action == action);
        if let Some(operation) = supported {
            return Some(Known::Supported(operation));
        }
        let index = self.names.binary_search(&action).ok()?;
        Some(Known::Unsupported(self.names[index]))
    }

    fn describe(&self, operation: &SupportedOperation<P>) -> OperationDescription {
        (operation.describe)(self.product, self.version)
    }
}

/// The services of a cloud. The first answers requests that name no version.
pub struct Services<P: Protocol>(pub &'static [&'static Service<P>]);

impl<P: Protocol> Clone for Services<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Protocol> Copy for Services<P> {}

impl<P: Protocol> Services<P> {
    /// The service of this version, or the first one for a request without a version.
    #[must_use]
    pub fn of_version(self, version: Option<&str>) -> Option<&'static Service<P>> {
        let mut services = self.0.iter().copied();
        match version {
            None => services.next(),
            Some(version) => services.find(|service| service.version == version),
        }
    }

    /// The operation of this name in any service.
    #[must_use]
    pub fn find(self, action: &str) -> Option<Known<P>> {
        self.0.iter().find_map(|service| service.find(action))
    }

    /// The service that has an operation of this name, or the first. No two services of a cloud have an operation of
    /// the same name.
    #[must_use]
    pub fn of_action(self, action: &str) -> &'static Service<P> {
        let mut services = self.0.iter();
        let found = services.find(|service| service.find(action).is_some());
        found.unwrap_or(&self.0[0])
    }

    /// Whether the host names of a service begin with this label.
    #[must_use]
    pub fn have_host(self, label: &str) -> bool {
        let mut services = self.0.iter();
        services.any(|service| service.hosts.contains(&label))
    }

    /// The description of the supported operation of this name.
    #[must_use]
    pub fn description(self, action: &str) -> Option<OperationDescription> {
        let service = self.of_action(action);
        match service.find(action)? {
            Known::Supported(operation) => Some(service.describe(operation)),
            Known::Unsupported(_) => None,
        }
    }

    fn operations(self) -> impl Iterator<Item = &'static SupportedOperation<P>> {
        self.0.iter().flat_map(|service| service.operations)
    }

    fn parameters(self) -> impl Iterator<Item = &'static P::Parameter> {
        self.operations()
            .flat_map(|operation| operation.parameters)
            .copied()
    }

    /// The parameters that `matches` finds by their descriptions, if there is one and none is sensitive.
    pub fn are_harmless(self, matches: impl Fn(&ParameterDescription) -> bool) -> bool {
        let mut found = self
            .parameters()
            .map(Parameter::describe)
            .filter(matches)
            .peekable();
        found.peek().is_some() && found.all(|parameter| !parameter.sensitive)
    }

    /// Whether a supported operation has a parameter of this name, or one with a member of this name.
    #[must_use]
    pub fn has_parameter(self, name: &str) -> bool {
        self.parameters()
            .any(|parameter| description::is_named(name, parameter.name()))
    }

    /// The first parameter of exactly this name.
    #[must_use]
    pub fn parameter(self, name: &str) -> Option<ParameterDescription> {
        let mut parameters = self.parameters();
        Some(parameters.find(|known| known.name() == name)?.describe())
    }

    /// The parameters of a supported operation, described.
    #[must_use]
    pub fn parameters_of(self, action: &str) -> Option<Vec<ParameterDescription>> {
        let operation = self
            .operations()
            .find(|operation| operation.action == action)?;
        let parameters = operation.parameters.iter();
        Some(parameters.map(|parameter| parameter.describe()).collect())
    }

    /// The documented error of this code: of the operation `action`, else of another operation, else of the
    /// service.
    #[must_use]
    pub fn error(self, code: &str, action: Option<&str>) -> Option<ErrorSample> {
        let own = self
            .operations()
            .filter(|operation| Some(operation.action) == action);
        let of_operations = own
            .chain(self.operations())
            .flat_map(|operation| operation.errors)
            .copied();
        let of_services = self.0.iter().flat_map(|service| service.errors);
        of_operations
            .chain(of_services)
            .find(|error| error.code == code)
            .map(ErrorSample::from)
    }

    /// The codes of the errors that operations and services document; some more than once.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        let of_operations = self
            .operations()
            .flat_map(|operation| operation.errors)
            .copied();
        let of_services = self.0.iter().flat_map(|service| service.errors);
        of_operations.chain(of_services).map(|error| error.code)
    }

    /// Whether a code means that a secret does not exist.
    #[must_use]
    pub fn is_not_found(self, code: &str) -> bool {
        self.0.iter().any(|service| service.not_found == Some(code))
    }

    /// The members of JSON documents in parameters whose values may be shown.
    #[must_use]
    pub fn harmless_members(self) -> Vec<&'static str> {
        let services = self.0.iter();
        services
            .flat_map(|service| service.harmless_members)
            .copied()
            .collect()
    }

    /// The actions and resources of each operation with access control.
    #[must_use]
    pub fn permission_rows(self) -> Vec<PermissionRow> {
        let mut rows = Vec::new();
        for service in self.0 {
            if let Some(access_control) = &service.access_control {
                let operations = service.operations.iter();
                rows.extend(operations.map(|operation| (access_control.row)(operation.action)));
            }
        }
        rows
    }

    /// Every supported operation, described.
    #[must_use]
    pub fn descriptions(self) -> Vec<OperationDescription> {
        let services = self.0.iter();
        services
            .flat_map(|service| {
                let operations = service.operations.iter();
                operations.map(|operation| service.describe(operation))
            })
            .collect()
    }
}
