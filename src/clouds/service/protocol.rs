//! The protocol of a cloud's services: how parameters are read, replies printed and errors reported.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;

use crate::clouds::context::Context;
use crate::clouds::description::{ErrorDescription, Parameter};
use crate::clouds::reply_cache::Key;
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
    type Error: From<StoreError> + Send;
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
    pub fn write<T: Send>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, P::Error> + Send,
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
