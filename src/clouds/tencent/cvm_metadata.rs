//! The metadata service of Cloud Virtual Machine: `http://metadata.tencentyun.com/latest/meta-data/`.
//!
//! The vendor's page: *Viewing Instance Metadata*.

use chrono::{SecondsFormat, TimeDelta};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use super::sts::RoleSession;
use crate::clouds::context::Context;
use crate::clouds::credential_source::metadata::{
    METHOD_NOT_ALLOWED, MetadataRequest, MetadataService, NOT_FOUND, ROLE,
};
use crate::clouds::credential_source::{
    CredentialResource, ROLE_PARAMETER, SourceDescription, SourceReply, text,
};
use crate::clouds::description::ErrorDescription;
use crate::clouds::hosts;
use crate::http::host;
use crate::http::wire::WireRequest;
use crate::model::Cloud;

/// The lifetime of keys.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(6);

const INSTANCE_ID: &str = "ins-kmsemu01";

pub(super) static SERVICE: MetadataService = MetadataService {
    cloud: Cloud::Tencent,
    resources: &RESOURCES,
    read,
};

static DESCRIPTION: SourceDescription = SourceDescription {
    product: "cvm",
    version: "latest",
    host: Some(hosts::TENCENT_METADATA[0]),
    page: "https://www.tencentcloud.com/document/product/213/4934",
    evidence: "documented, SDK; error messages: assumption",
    differences: "The other metadata of a machine is absent.",
    errors: &[METHOD_NOT_ALLOWED],
};

static RESOURCES: [CredentialResource; 10] = [
    resource("/latest/meta-data/", "Lists the metadata."),
    resource("/latest/meta-data/cam/", "Lists the metadata about roles."),
    resource(
        "/latest/meta-data/cam/security-credentials/",
        "Returns the name of the role of the machine.",
    ),
    key_of("/latest/meta-data/cam/security-credentials/[role]"),
    resource(
        "/latest/meta-data/cam/service-role-security-credentials/",
        "Returns the name of the role of the machine.",
    ),
    // The keys of service roles are those of services such as TKE.
    key_of("/latest/meta-data/cam/service-role-security-credentials/[role]"),
    resource(
        "/latest/meta-data/instance-id",
        "Returns the id of the machine.",
    ),
    resource(
        "/latest/meta-data/placement/",
        "Lists the metadata about the location.",
    ),
    resource(
        "/latest/meta-data/placement/region",
        "Returns the region of the machine.",
    ),
    resource(
        "/latest/meta-data/placement/zone",
        "Returns the zone of the machine.",
    ),
];

/// A resource with a text.
const fn resource(path: &'static str, summary: &'static str) -> CredentialResource {
    CredentialResource {
        path,
        method: "GET",
        summary,
        source: &DESCRIPTION,
        parameters: &[],
        errors: &[],
        reply: text,
    }
}

/// A resource with the key of a role.
const fn key_of(path: &'static str) -> CredentialResource {
    CredentialResource {
        parameters: &[ROLE_PARAMETER],
        errors: &[NOT_FOUND],
        reply: key_schema,
        ..resource(path, "Issues a temporary access key of a role.")
    }
}

fn key_schema() -> Schema {
    schema_for!(RoleKey)
}

/// The directories below `meta-data/` that the metadata service of Alibaba Cloud does not have.
const OWN_DIRECTORIES: [&str; 2] = ["cam", "placement"];

/// The keys of a role, as SDKs read them.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct RoleKey {
    tmp_secret_id: String,
    tmp_secret_key: String,
    expired_time: i64,
    expiration: String,
    token: String,
    code: &'static str,
}

/// Whether a request is for this service: its path, which may begin with `/meta-data`, or its host is one of the
/// service.
pub(super) fn is_for(wire: &WireRequest) -> bool {
    let path = wire.path.strip_prefix("/latest").unwrap_or(&wire.path);
    let Some(path) = path.strip_prefix("/meta-data") else {
        return false;
    };
    let is_below = path.is_empty() || path.starts_with('/');
    let host = host::name_of(wire.header("host").unwrap_or_default());
    let directory = path.trim_start_matches('/').split('/').next();
    let is_own = hosts::TENCENT_METADATA.contains(&&*host)
        || directory.is_some_and(|directory| OWN_DIRECTORIES.contains(&directory));
    is_below && is_own
}

fn read(
    request: &MetadataRequest,
    context: &Context,
    account: &str,
) -> Result<SourceReply, ErrorDescription> {
    if !matches!(&*request.wire.method, "GET" | "HEAD") {
        return Err(METHOD_NOT_ALLOWED);
    }
    let resource = request.resource.as_ref().ok_or(NOT_FOUND)?;
    if let Some(role) = &resource.role {
        return key_of_role(context, account, role);
    }
    let region = &*request.region;
    Ok(SourceReply::text(
        match &resource.row.path["/latest/meta-data/".len()..] {
            "" => "cam/\ninstance-id\nplacement/".to_owned(),
            "cam/" => "security-credentials/\nservice-role-security-credentials/".to_owned(),
            "cam/security-credentials/" | "cam/service-role-security-credentials/" => {
                ROLE.to_owned()
            }
            "instance-id" => INSTANCE_ID.to_owned(),
            "placement/" => "region\nzone".to_owned(),
            "placement/region" => region.to_owned(),
            "placement/zone" => format!("{region}-1"),
            _ => return Err(NOT_FOUND),
        },
    ))
}

fn key_of_role(
    context: &Context,
    account: &str,
    role: &str,
) -> Result<SourceReply, ErrorDescription> {
    let session = RoleSession::new(account, role, INSTANCE_ID).ok_or(NOT_FOUND)?;
    let expires_at = context.now + KEY_LIFETIME;
    let key = session.issue(&context.auth.credentials, account, expires_at);
    Ok(SourceReply::json(&RoleKey {
        tmp_secret_id: key.access_key_id,
        tmp_secret_key: key.secret.expose().to_owned(),
        expired_time: key.expires_at.timestamp(),
        expiration: key.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        token: key.security_token.expose().to_owned(),
        code: "Success",
    }))
}
