//! The parts that the metadata services of both clouds share.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::CredentialSource;
use super::document::Document;
use crate::clouds::context::Context;
use crate::clouds::outcome::OK;
use crate::http::wire::WireRequest;
use crate::model::{Cloud, is_account};

/// The name of the role of a machine. Clients may request the keys of any other role.
pub(crate) const ROLE: &str = "kms-emulator";

/// The end of the path of a resource with the name of a role.
const ROLE_NAME: &str = "[role]";

/// Whether the path of a request is one of a metadata service.
pub(crate) fn is_for(wire: &WireRequest) -> bool {
    wire.path.starts_with("/latest/")
}

/// The name of the role in a path below `security-credentials/` or `service-role-security-credentials/`.
pub(crate) fn role_in(path: &str) -> Option<&str> {
    let (_, role) = path.split_once("security-credentials/")?;
    Some(role).filter(|role| !role.is_empty())
}

/// A resource that was found.
pub(crate) struct Resource {
    /// Its path in the table.
    pub(crate) path: &'static str,
    /// The name of the role in the path.
    pub(crate) role: Option<String>,
}

impl Resource {
    /// The resource of a path, which may be percent-encoded, and may end with `/`.
    fn find(table: &[&'static str], path: &str) -> Option<Self> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let without_slash = |path: &str| path.strip_suffix('/').unwrap_or(path).to_owned();
        let is_same = |known: &&&str| without_slash(known) == without_slash(&path);
        if let Some(found) = table.iter().find(is_same) {
            return Some(Self {
                path: found,
                role: None,
            });
        }
        table.iter().find_map(|known| {
            let role = path.strip_prefix(known.strip_suffix(ROLE_NAME)?)?;
            Some(Self {
                path: known,
                role: Some(role.to_owned()),
            })
        })
    }

    /// The account whose number is the name of the role, so that a program can select its account.
    fn account(&self) -> Option<&str> {
        self.role.as_deref().filter(|role| is_account(role))
    }
}

/// Why a request for metadata is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetadataError {
    /// The header with the lifetime of a token is missing or out of range.
    Lifetime,
    /// The token is invalid or has expired.
    Token,
    /// There is no such resource, or no role can have this name.
    NotFound,
    /// The resource does not have this method.
    Method,
}

/// A metadata service.
pub(crate) struct MetadataService {
    pub(crate) cloud: Cloud,
    /// The paths of its resources.
    pub(crate) resources: &'static [&'static str],
    /// Reads a resource for an account.
    pub(crate) read: fn(&MetadataRequest, &Context, &str) -> Result<Document, MetadataError>,
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
    /// A request for metadata of a machine in this region. The path may lack `/latest`.
    pub(crate) fn new(
        service: &'static MetadataService,
        wire: Arc<WireRequest>,
        region: &str,
    ) -> Self {
        let path = wire.path.strip_prefix("/latest").unwrap_or(&wire.path);
        Self {
            service,
            resource: Resource::find(service.resources, &format!("/latest{path}")),
            wire,
            region: region.to_owned(),
        }
    }
}

impl CredentialSource for MetadataRequest {
    fn cloud(&self) -> Cloud {
        self.service.cloud
    }

    fn resource(&self) -> Option<&'static str> {
        self.resource.as_ref().map(|resource| resource.path)
    }

    fn path(&self) -> &str {
        &self.wire.path
    }

    fn account_key_id(&self) -> Option<&str> {
        self.resource.as_ref()?.account()
    }

    fn region(&self) -> &str {
        &self.region
    }

    fn answer(&self, context: &Context, account: &str) -> (Document, &'static str) {
        reply((self.service.read)(self, context, account))
    }
}

/// The reply to a request, and its code.
fn reply(result: Result<Document, MetadataError>) -> (Document, &'static str) {
    let error = match result {
        Ok(document) => return (document, OK),
        Err(error) => error,
    };
    let (status, code, message) = match error {
        MetadataError::Lifetime => (
            400,
            "BadRequest",
            "x-aliyun-ecs-metadata-token-ttl-seconds is a number from 1 to 21600",
        ),
        MetadataError::Token => (403, "Forbidden", "the token is invalid or has expired"),
        MetadataError::NotFound => (404, "NotFound", "there is no such metadata"),
        MetadataError::Method => (
            405,
            "MethodNotAllowed",
            "the methods are GET and, for a token, PUT",
        ),
    };
    (Document::error(status, code, message), code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_found_by_its_decoded_path() {
        let table = [
            "/latest/meta-data/",
            "/latest/meta-data/region-id",
            "/latest/roles/",
            "/latest/roles/[role]",
        ];
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
            let resource = Resource::find(&table, path);
            let resource = resource
                .as_ref()
                .map(|found| (found.path, found.role.as_deref()));
            assert_eq!(resource, found, "{path}");
        }
    }

    #[test]
    fn only_the_number_of_an_account_selects_it() {
        let account = |role: &str| {
            let resource = Resource {
                path: "",
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
