//! The parts that the metadata services of both clouds share.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::SourceRequest;
use super::reply::SourceReply;
use super::resource::CredentialResource;
use crate::clouds::context::Context;
use crate::clouds::description::ErrorDescription;
use crate::clouds::outcome::OK;
use crate::http::wire::WireRequest;
use crate::model::{Cloud, is_account};

/// The name of the role of a machine. Clients may request the keys of any other role.
pub(crate) const ROLE: &str = "kms-emulator";

/// The end of the path of a resource with the name of a role.
const ROLE_NAME: &str = "[role]";

/// There is no such resource, or no role can have this name.
pub(crate) const NOT_FOUND: ErrorDescription = ErrorDescription {
    code: "NotFound",
    status: 404,
    message: "there is no such metadata",
};

/// The resource does not have this method.
pub(crate) const METHOD_NOT_ALLOWED: ErrorDescription = ErrorDescription {
    code: "MethodNotAllowed",
    status: 405,
    message: "the methods are GET and, for a token, PUT",
};

/// Whether the path of a request is one of a metadata service.
pub(crate) fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with("/latest/")
}

/// A resource that was found.
pub(crate) struct Resource {
    /// Its row in the table.
    pub(crate) row: &'static CredentialResource,
    /// The name of the role in the path.
    pub(crate) role: Option<String>,
}

impl Resource {
    /// The resource of a path, which may be percent-encoded, and may end with `/`.
    fn find(table: &'static [CredentialResource], path: &str) -> Option<Self> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let without_slash = |path: &str| path.strip_suffix('/').unwrap_or(path).to_owned();
        let is_same =
            |known: &&CredentialResource| without_slash(known.path) == without_slash(&path);
        if let Some(row) = table.iter().find(is_same) {
            return Some(Self { row, role: None });
        }
        table.iter().find_map(|row| {
            let role = path.strip_prefix(row.path.strip_suffix(ROLE_NAME)?)?;
            Some(Self {
                row,
                role: Some(role.to_owned()),
            })
        })
    }

    /// The account whose number is the name of the role, so that a program can select its account.
    fn account(&self) -> Option<&str> {
        self.role.as_deref().filter(|role| is_account(role))
    }
}

/// A metadata service.
pub(crate) struct MetadataService {
    pub(crate) cloud: Cloud,
    /// Its resources.
    pub(crate) resources: &'static [CredentialResource],
    /// Reads a resource for an account.
    pub(crate) read: fn(&MetadataRequest, &Context, &str) -> Result<SourceReply, ErrorDescription>,
}

impl MetadataService {
    /// The resource of a request, whose path may lack `/latest`.
    fn find(&self, wire: &WireRequest) -> Option<Resource> {
        let path = wire.path.strip_prefix("/latest").unwrap_or(&wire.path);
        Resource::find(self.resources, &format!("/latest{path}"))
    }

    /// The parameters of a request for the journal; none if there is no such resource.
    pub(crate) fn shown_parameters(&self, wire: &WireRequest) -> Vec<(String, String)> {
        self.find(wire).map_or_else(Vec::new, |found| {
            found.row.shown_parameters(wire, found.role.as_deref())
        })
    }
}

/// A request for metadata.
pub(crate) struct MetadataRequest {
    service: &'static MetadataService,
    pub(crate) wire: Arc<WireRequest>,
    /// Absent if the service has no resource at the path.
    pub(crate) resource: Option<Resource>,
    pub(crate) region: String,
}

impl MetadataRequest {
    /// A request for metadata of a machine in this region.
    pub(crate) fn new(
        service: &'static MetadataService,
        wire: Arc<WireRequest>,
        region: &str,
    ) -> Self {
        Self {
            service,
            resource: service.find(&wire),
            wire,
            region: region.to_owned(),
        }
    }
}

impl SourceRequest for MetadataRequest {
    fn cloud(&self) -> Cloud {
        self.service.cloud
    }

    fn resource(&self) -> Option<&'static str> {
        self.resource.as_ref().map(|resource| resource.row.path)
    }

    fn path(&self) -> &str {
        &self.wire.path
    }

    fn methods(&self) -> &'static str {
        match &self.resource {
            Some(resource) if resource.row.method == "PUT" => "PUT",
            _ => "GET, HEAD",
        }
    }

    fn sent_parameters(&self) -> u64 {
        self.resource.as_ref().map_or(0, |resource| {
            let role = resource.role.as_deref();
            resource.row.sent_parameters(&self.wire, role)
        })
    }

    fn account_key_id(&self) -> Option<&str> {
        self.resource.as_ref()?.account()
    }

    fn region(&self) -> &str {
        &self.region
    }

    fn answer(&self, context: &Context, account: &str) -> (SourceReply, &'static str) {
        match (self.service.read)(self, context, account) {
            Ok(reply) => (reply, OK),
            Err(error) => SourceReply::of_error(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::credential_source::resource::EXAMPLE;

    const fn row(path: &'static str) -> CredentialResource {
        CredentialResource { path, ..EXAMPLE }
    }

    static TABLE: [CredentialResource; 4] = [
        row("/latest/meta-data/"),
        row("/latest/meta-data/region-id"),
        row("/latest/roles/"),
        row("/latest/roles/[role]"),
    ];

    #[test]
    fn a_resource_is_found_by_its_decoded_path() {
        for (path, found) in [
            ("/latest/meta-data", Some(("/latest/meta-data/", None))),
            ("/latest/meta-data/", Some(("/latest/meta-data/", None))),
            (
                "/latest/meta-data/region-id/",
                Some(("/latest/meta-data/region-id", None)),
            ),
            (
                "/latest/meta-data/region%2Did",
                Some(("/latest/meta-data/region-id", None)),
            ),
            ("/latest/roles/", Some(("/latest/roles/", None))),
            (
                "/latest/roles/my%2drole",
                Some(("/latest/roles/[role]", Some("my-role"))),
            ),
            (
                "/latest/roles/a/b",
                Some(("/latest/roles/[role]", Some("a/b"))),
            ),
            ("/latest/roles/%ff", None),
            ("/latest/meta-data//", None),
            ("/latest/META-DATA/", None),
            ("/latest/", None),
        ] {
            let resource = Resource::find(&TABLE, path);
            let resource = resource
                .as_ref()
                .map(|found| (found.row.path, found.role.as_deref()));
            assert_eq!(resource, found, "{path}");
        }
    }

    #[test]
    fn only_the_number_of_an_account_selects_it() {
        let account = |role: &str| {
            let resource = Resource {
                row: &TABLE[3],
                role: Some(role.to_owned()),
            };
            resource.account().map(str::to_owned)
        };
        assert_eq!(
            account("2000000000000000").as_deref(),
            Some("2000000000000000")
        );
        assert_eq!(account("reader"), None);
    }
}
