//! A service of a cloud: its version and the table of its operations.
//!
//! Dispatch, validation, the OpenAPI document, the tables in `docs/` and the explorer's forms all read
//! this one description. The clouds differ in how parameters are read, replies printed and errors
//! reported: each has a [`Protocol`] for that.

mod operation;
pub mod permissions;
mod protocol;

pub(crate) use super::description::Parameter;
use super::description::{
    self, ErrorDescription, ErrorSample, OperationDescription, ParameterDescription,
};
use crate::model::Scope;

pub use operation::{AccountOf, Known, Operation, SupportedOperation, UnsignedCaller, supported};
use permissions::{AccessControl, PermissionRow};
pub use protocol::{Call, Protocol};

/// The error of a request instead of that of its operation.
type ErrorOf<P> =
    for<'r> fn(&<P as Protocol>::Arguments<'r>, <P as Protocol>::Error) -> <P as Protocol>::Error;

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
        let operation = service.find(action)?.supported()?;
        Some(service.describe(operation))
    }

    fn operations(self) -> impl Iterator<Item = &'static SupportedOperation<P>> {
        self.0.iter().flat_map(|service| service.operations)
    }

    fn parameters(self) -> impl Iterator<Item = &'static P::Parameter> {
        self.operations()
            .flat_map(|operation| operation.parameters)
            .copied()
    }

    /// Whether the value of a parameter may be shown: a supported operation has one of this name, or one with an item or
    /// member of this name, and none of these is sensitive.
    #[must_use]
    pub fn is_harmless(self, name: &str) -> bool {
        let (first, is_member) = match name.split_once('.') {
            Some((first, _)) => (first, true),
            None => (name, false),
        };
        let mut found = self
            .parameters()
            .filter(|known| known.name() == first && (!is_member || known.has_members()))
            .peekable();
        found.peek().is_some() && found.all(|known| !known.is_sensitive())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::{alibaba, tencent};

    #[test]
    fn a_parameter_is_as_sensitive_as_its_description_says() {
        fn check<P: Protocol>(services: Services<P>) {
            for parameter in services.parameters() {
                let (name, described) = (parameter.name(), parameter.describe());
                assert_eq!(parameter.is_sensitive(), described.sensitive, "{name}");
            }
        }
        check(alibaba::SERVICES);
        check(tencent::SERVICES);
    }
}
