//! The metadata service of ECS: `http://100.100.100.200/latest/`.
//!
//! The vendor's page: *Instance metadata*. A request may have a token, which a `PUT` creates, but needs none.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::Rng;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use super::sts::RoleSession;
use crate::clouds::context::Context;
use crate::clouds::credential_source::metadata::{
    METHOD_NOT_ALLOWED, MetadataRequest, MetadataService, NOT_FOUND, ROLE,
};
use crate::clouds::credential_source::{
    CredentialResource, ROLE_PARAMETER, SourceDescription, SourceParameter, SourceReply,
    secret_text, text,
};
use crate::clouds::description::{ErrorDescription, SentIn};
use crate::http::wire::WireRequest;
use crate::model::Cloud;

/// The lifetime of keys.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(6);

const INSTANCE_ID: &str = "i-kmsemulator00000001";

const CREATE_TOKEN: &str = "/latest/api/token";
const KEY_OF_ROLE: &str = "/latest/meta-data/ram/security-credentials/[role]";

/// The documented lifetimes of tokens, in seconds.
const TOKEN_LIFETIMES: (u32, u32) = (1, 21_600);

const TOKEN_LIFETIME: SourceParameter = SourceParameter {
    name: "X-aliyun-ecs-metadata-token-ttl-seconds",
    sent_in: SentIn::Header,
    required: true,
    sensitive: false,
    bounds: Some(TOKEN_LIFETIMES),
    help: "The lifetime of the token in seconds.",
};

const TOKEN: SourceParameter = SourceParameter {
    name: "X-aliyun-ecs-metadata-token",
    sent_in: SentIn::Header,
    required: false,
    sensitive: true,
    bounds: None,
    help: "A token that `/latest/api/token` has created. Requests without a token are answered too.",
};

const INVALID_LIFETIME: ErrorDescription = ErrorDescription {
    code: "BadRequest",
    status: 400,
    message: "x-aliyun-ecs-metadata-token-ttl-seconds is a number from 1 to 21600",
};

const INVALID_TOKEN: ErrorDescription = ErrorDescription {
    code: "Forbidden",
    status: 403,
    message: "the token is invalid or has expired",
};

pub(super) static SERVICE: MetadataService = MetadataService {
    cloud: Cloud::Alibaba,
    resources: &RESOURCES,
    read,
};

static DESCRIPTION: SourceDescription = SourceDescription {
    product: "Ecs",
    version: "latest",
    host: Some("100.100.100.200"),
    page: "https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata",
    evidence: "documented, SDK; error messages: assumption",
    differences: "The other metadata of a machine is absent.",
    errors: &[METHOD_NOT_ALLOWED],
};

static RESOURCES: [CredentialResource; 10] = [
    CredentialResource {
        method: "PUT",
        parameters: &[TOKEN_LIFETIME],
        errors: &[INVALID_LIFETIME],
        reply: secret_text,
        ..resource(CREATE_TOKEN, "Creates a token for other requests.")
    },
    CredentialResource {
        reply: identity_schema,
        ..resource(
            "/latest/dynamic/instance-identity/document",
            "Returns the identity document of the machine.",
        )
    },
    resource("/latest/meta-data/", "Lists the metadata."),
    resource(
        "/latest/meta-data/instance-id",
        "Returns the id of the machine.",
    ),
    resource(
        "/latest/meta-data/owner-account-id",
        "Returns the number of the account.",
    ),
    resource("/latest/meta-data/ram/", "Lists the metadata about roles."),
    resource(
        "/latest/meta-data/ram/security-credentials/",
        "Returns the name of the role of the machine.",
    ),
    CredentialResource {
        parameters: &[ROLE_PARAMETER, TOKEN],
        errors: &[INVALID_TOKEN, NOT_FOUND],
        reply: key_schema,
        ..resource(KEY_OF_ROLE, "Issues a temporary access key of a role.")
    },
    resource(
        "/latest/meta-data/region-id",
        "Returns the region of the machine.",
    ),
    resource(
        "/latest/meta-data/zone-id",
        "Returns the zone of the machine.",
    ),
];

/// A resource with a text, which can be read with or without a token.
const fn resource(path: &'static str, summary: &'static str) -> CredentialResource {
    CredentialResource {
        path,
        method: "GET",
        summary,
        source: &DESCRIPTION,
        parameters: &[TOKEN],
        errors: &[INVALID_TOKEN],
        reply: text,
    }
}

fn key_schema() -> Schema {
    schema_for!(RoleKey)
}

fn identity_schema() -> Schema {
    schema_for!(InstanceIdentity)
}

/// The keys of a role, as SDKs read them.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct RoleKey {
    access_key_id: String,
    access_key_secret: String,
    expiration: String,
    security_token: String,
    last_updated: String,
    code: &'static str,
}

/// The document about a machine.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct InstanceIdentity<'a> {
    instance_id: &'static str,
    region_id: &'a str,
    zone_id: String,
    owner_account_id: &'a str,
}

fn read(
    request: &MetadataRequest,
    context: &Context,
    account: &str,
) -> Result<SourceReply, ErrorDescription> {
    let resource = request.resource.as_ref();
    let path = resource.map(|resource| resource.row.path);
    // A request for a token names no role, so tokens follow one clock for all accounts.
    let server_time = (context.now_in)(context.auth.credentials.default_account());
    match (&*request.wire.method, path) {
        ("PUT", Some(CREATE_TOKEN)) => return new_token(&request.wire, server_time),
        ("GET" | "HEAD", _) => {}
        _ => return Err(METHOD_NOT_ALLOWED),
    }
    let token = request.wire.header(TOKEN.name);
    if token.is_some_and(|token| !is_valid(token, server_time)) {
        return Err(INVALID_TOKEN);
    }
    if let Some(role) = resource.and_then(|resource| resource.role.as_deref()) {
        return key_of_role(context, account, role);
    }
    let region = &*request.region;
    let zone = || format!("{region}-a");
    let text = match path.and_then(|path| path.strip_prefix("/latest/")) {
        Some("meta-data/") => [
            "instance-id",
            "owner-account-id",
            "ram/",
            "region-id",
            "zone-id",
        ]
        .join("\n"),
        Some("meta-data/instance-id") => INSTANCE_ID.to_owned(),
        Some("meta-data/owner-account-id") => account.to_owned(),
        Some("meta-data/region-id") => region.to_owned(),
        Some("meta-data/zone-id") => zone(),
        Some("meta-data/ram/") => "security-credentials/".to_owned(),
        Some("meta-data/ram/security-credentials/") => ROLE.to_owned(),
        Some("dynamic/instance-identity/document") => {
            return Ok(SourceReply::json(&InstanceIdentity {
                instance_id: INSTANCE_ID,
                region_id: region,
                zone_id: zone(),
                owner_account_id: account,
            }));
        }
        _ => return Err(NOT_FOUND),
    };
    Ok(SourceReply::text(text))
}

/// A token consists of its expiration time and random bytes.
fn new_token(wire: &WireRequest, now: DateTime<Utc>) -> Result<SourceReply, ErrorDescription> {
    let (minimum, maximum) = TOKEN_LIFETIMES;
    let seconds = wire.header(TOKEN_LIFETIME.name);
    let seconds = seconds.and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| (minimum..=maximum).contains(seconds));
    let end = now + TimeDelta::seconds(seconds.ok_or(INVALID_LIFETIME)?.into());
    let mut token = end.timestamp_micros().to_be_bytes().to_vec();
    token.resize(40, 0);
    if let Some(random) = token.get_mut(8..) {
        rand::rng().fill_bytes(random);
    }
    Ok(SourceReply::secret_text(URL_SAFE_NO_PAD.encode(token)))
}

fn is_valid(token: &str, now: DateTime<Utc>) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    bytes.len() == 40
        && bytes
            .first_chunk()
            .is_some_and(|end| i64::from_be_bytes(*end) > now.timestamp_micros())
}

fn key_of_role(
    context: &Context,
    account: &str,
    role: &str,
) -> Result<SourceReply, ErrorDescription> {
    let session = RoleSession::new(account, role, INSTANCE_ID).ok_or(NOT_FOUND)?;
    let expires_at = context.now + KEY_LIFETIME;
    let key = session.issue(&context.auth.credentials, account, expires_at);
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    Ok(SourceReply::json(&RoleKey {
        access_key_id: key.access_key_id,
        access_key_secret: key.secret.expose().to_owned(),
        expiration: time(key.expires_at),
        security_token: key.security_token.expose().to_owned(),
        last_updated: time(context.now),
        code: "Success",
    }))
}
