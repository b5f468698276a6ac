//! A service of a cloud: its version and the table of its operations.
//!
//! Dispatch, validation, the `OpenAPI` document, the tables in `docs/` and the explorer's forms all read
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
use super::reply_cache::Key;
use crate::model::Scope;
use crate::store::{ReadTransaction, StoreError, WriteTransaction};

/// How the services of a cloud are called.
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
    /// What a request asks for about the form of its reply.
    type Format: Copy;

    /// The requests per second that an operation accepts from one key in one region, unless it says
    /// otherwise.
    const RATE_LIMIT: u32;

    /// Adds the parameters and the format of a request to its key in the cache of replies.
    fn add_to_key(arguments: &Self::Arguments<'_>, format: Self::Format, key: &mut Key);

    /// Prints the body of a successful reply.
    ///
    /// # Errors
    ///
    /// An internal failure when the format cannot express a value.
    fn print(response: &impl Serialize, format: Self::Format) -> Result<Vec<u8>, Self::Error>;

    /// The operation's own error that an error reply is, if it is one.
    fn own_error(error: &Self::Error) -> Option<&'static ErrorDescription>;
}

/// What an operation may use.
pub struct Call<'a, P: Protocol> {
    /// The store, the keys, the time and the id of the request.
    pub context: &'a Context<'a>,
    /// The account and region of the request.
    pub scope: Scope,
    /// The settings of the cloud.
    pub settings: &'a P::Settings,
    /// The format of the reply.
    pub format: P::Format,
}

impl<P: Protocol> Call<'_, P> {
    /// Runs `work` on one snapshot of the store.
    ///
    /// # Errors
    ///
    /// Those of `work`, and what the store reports.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, P::Error>,
    ) -> Result<T, P::Error> {
        self.context.store.read(work)
    }

    /// Runs `work` in one write transaction, which is rolled back when it returns an error.
    ///
    /// # Errors
    ///
    /// Those of `work`, and what the store reports.
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

/// An operation: its description, and three steps.
pub trait Operation<P: Protocol>: Sized {
    /// The vendor's name of the operation.
    const ACTION: &'static str;
    /// What it does, in a sentence.
    const SUMMARY: &'static str;
    /// The vendor's page.
    const PAGE: &'static str;
    /// Where the facts come from: documented by the vendor, read in SDK code, recorded from the service,
    /// or assumed.
    const EVIDENCE: &'static str;
    /// The known differences from the real operation.
    const DIFFERENCES: &'static str = "";
    /// Its parameters, in the order of the vendor's page.
    const PARAMETERS: &'static [&'static P::Parameter];
    /// The errors of its own, beside those of any operation.
    const ERRORS: &'static [&'static ErrorDescription];
    /// The requests per second that it accepts from one key in one region, where the rate is limited.
    const RATE_LIMIT: u32 = P::RATE_LIMIT;
    /// Whether it changes the store, and may have to wait for the disk.
    const WRITES: bool = false;
    /// Whether its replies are cached: they depend only on the request and on the secrets of its scope.
    const IS_CACHED: bool = false;
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

/// The function of an operation: reads the parameters, does the work and prints the reply.
type Run<P> = for<'r> fn(
    &'r <P as Protocol>::Arguments<'r>,
    &Call<P>,
) -> Result<Vec<u8>, <P as Protocol>::Error>;

/// A row of a service's table.
pub struct SupportedOperation<P: Protocol> {
    /// The vendor's name of the operation.
    pub action: &'static str,
    /// Its parameters.
    pub parameters: &'static [&'static P::Parameter],
    errors: &'static [&'static ErrorDescription],
    /// Whether it changes the store.
    pub writes: bool,
    /// The requests per second that it accepts.
    pub rate_limit: u32,
    /// Describes the operation as data.
    pub describe: fn() -> OperationDescription,
    /// Reads the parameters, does the work and prints the reply.
    pub run: Run<P>,
}

/// The row of an operation.
#[must_use]
pub const fn supported<P: Protocol, O: Operation<P>>() -> SupportedOperation<P> {
    SupportedOperation {
        action: O::ACTION,
        parameters: O::PARAMETERS,
        errors: O::ERRORS,
        writes: O::WRITES,
        rate_limit: O::RATE_LIMIT,
        describe: describe::<P, O>,
        run: run::<P, O>,
    }
}

fn describe<P: Protocol, O: Operation<P>>() -> OperationDescription {
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

fn run<'r, P: Protocol, O: Operation<P>>(
    arguments: &'r P::Arguments<'r>,
    call: &Call<P>,
) -> Result<Vec<u8>, P::Error> {
    let context = call.context;
    // The revision is read before the secrets are.
    let revision = O::IS_CACHED.then(|| context.store.revision(&call.scope));
    let key = revision.flatten().map(|revision| {
        let mut key = Key::new(O::ACTION, &call.scope, revision);
        P::add_to_key(arguments, call.format, &mut key);
        key
    });
    if let Some(key) = &key
        && let Some(body) = context.replies.get(key, context.request_id)
    {
        debug_assert!(
            execute::<P, O>(arguments, call).is_ok_and(|fresh| fresh == body)
                || context.store.revision(&call.scope) != revision.flatten(),
            "a cached reply of {} differs from a new one",
            O::ACTION
        );
        return Ok(body);
    }
    let body = execute::<P, O>(arguments, call)?;
    if let Some(key) = key.filter(|_| context.notes.allow_caching()) {
        context.replies.put(key, &body, context.request_id);
    }
    Ok(body)
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
    /// Whether it has no regions of its own: a request may name any region of the cloud.
    pub is_global: bool,
    /// The operations that the emulator supports. A new operation is a new file and its row here.
    pub operations: &'static [SupportedOperation<P>],
    /// Every operation of the real service, sorted.
    pub names: &'static [&'static str],
    /// Documented errors that no operation here returns, but a fault rule can.
    pub errors: &'static [ErrorDescription],
    /// The code for a secret that does not exist.
    pub not_found: &'static str,
    /// The resource that a request names, as the cloud's access control writes it.
    pub resource_of: fn(&P::Request, &Scope) -> String,
    /// The members of JSON documents in parameters whose values may be shown.
    pub harmless_members: &'static [&'static str],
}

/// An operation of the real service.
pub enum Known<P: Protocol> {
    /// One that the emulator supports.
    Supported(&'static SupportedOperation<P>),
    /// One of which only the name is known.
    Unsupported(&'static str),
}

impl<P: Protocol> Known<P> {
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
    /// The operation of this name, matched with letter case; absent when the real service has none.
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
    /// The service of this version, or the first where a request names none.
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

    /// The documented error of this code: as the operation `action` words it, else as another operation
    /// does, else as the service does.
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
        self.0.iter().any(|service| service.not_found == code)
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

    /// Every supported operation, described.
    #[must_use]
    pub fn descriptions(self) -> Vec<OperationDescription> {
        self.operations()
            .map(|operation| (operation.describe)())
            .collect()
    }
}
