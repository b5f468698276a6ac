//! An operation: its description, the steps to execute it, and its row in the table of a service.

use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::protocol::{Call, Protocol};
use crate::clouds::description::{ErrorDescription, OperationDescription, Parameter};
use crate::clouds::draft::Method;
use crate::clouds::reply_cache::Key;

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
    /// The HTTP methods with which it can be called.
    const METHODS: &'static [Method] = &[Method::Post, Method::Get];
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
    pub(super) errors: &'static [&'static ErrorDescription],
    /// Whether it changes the store.
    pub writes: bool,
    /// Whether it computes for milliseconds.
    pub is_slow: bool,
    methods: &'static [Method],
    /// The requests per second that it accepts.
    pub rate_limit: u32,
    /// Finds the account of a request, if the operation needs no signature.
    pub unsigned: Option<AccountOf<P>>,
    pub(super) describe: fn(product: &'static str, version: &'static str) -> OperationDescription,
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
        methods: O::METHODS,
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
        method: None,
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
    /// Counts a request for the rate limit. Returns the number of requests in this second if there are too many.
    pub(crate) fn count_over_limit(&self, call: &Call<P>) -> Option<u32> {
        let context = call.context;
        let caller = call.access_key_id.unwrap_or_default();
        let limiter = context.rate_limiter?;
        let count = limiter.count(&call.scope, self.action, caller, context.now);
        (count > self.rate_limit).then_some(count)
    }

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
        let account = self.supported()?.unsigned?(request);
        Some(UnsignedCaller { account })
    }

    /// The operation, if the emulator supports it.
    #[must_use]
    pub fn supported(self) -> Option<&'static SupportedOperation<P>> {
        match self {
            Self::Supported(operation) => Some(operation),
            Self::Unsupported(_) => None,
        }
    }

    /// Whether the emulator supports it, and it changes the store.
    #[must_use]
    pub fn writes(self) -> bool {
        self.supported().is_some_and(|operation| operation.writes)
    }

    /// Whether the emulator supports it, and it computes for milliseconds.
    #[must_use]
    pub fn is_slow(self) -> bool {
        self.supported().is_some_and(|operation| operation.is_slow)
    }

    /// Whether it can be called with this HTTP method. An operation that the emulator does not support can be called with
    /// every method.
    #[must_use]
    pub fn allows(self, method: &str) -> bool {
        self.supported().is_none_or(|operation| {
            let mut methods = operation.methods.iter();
            methods.any(|allowed| allowed.name() == method)
        })
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
