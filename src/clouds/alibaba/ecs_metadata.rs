//! The metadata service of ECS: `http://100.100.100.200/latest/`.
//!
//! The vendor's page: *Instance metadata*. A request may have a token, which a `PUT` creates, but needs none.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::Rng;
use serde::Serialize;

use super::sts::RoleSession;
use crate::clouds::context::Context;
use crate::clouds::credential_source::Document;
use crate::clouds::credential_source::metadata::{
    MetadataError, MetadataRequest, MetadataService, ROLE,
};
use crate::http::wire::WireRequest;
use crate::model::Cloud;

/// The lifetime of keys.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(6);

/// The documented lifetimes of tokens, in seconds.
const TOKEN_LIFETIMES: std::ops::RangeInclusive<i64> = 1..=21_600;

const INSTANCE_ID: &str = "i-kmsemulator00000001";

const TOKEN: &str = "/latest/api/token";
const KEY_OF_ROLE: &str = "/latest/meta-data/ram/security-credentials/[role]";

pub(super) static SERVICE: MetadataService = MetadataService {
    cloud: Cloud::Alibaba,
    resources: &RESOURCES,
    read,
};

const RESOURCES: [&str; 10] = [
    TOKEN,
    "/latest/dynamic/instance-identity/document",
    "/latest/meta-data/",
    "/latest/meta-data/instance-id",
    "/latest/meta-data/owner-account-id",
    "/latest/meta-data/ram/",
    "/latest/meta-data/ram/security-credentials/",
    KEY_OF_ROLE,
    "/latest/meta-data/region-id",
    "/latest/meta-data/zone-id",
];

/// The keys of a role, as SDKs read them.
#[derive(Serialize)]
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
#[derive(Serialize)]
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
) -> Result<Document, MetadataError> {
    let resource = request.resource.as_ref();
    let path = resource.map(|resource| resource.path);
    // A request for a token names no role, so tokens follow one clock for all accounts.
    let server_time = (context.now_in)(context.auth.credentials.default_account());
    match (&*request.wire.method, path) {
        ("PUT", Some(TOKEN)) => return new_token(&request.wire, server_time),
        ("GET" | "HEAD", _) => {}
        _ => return Err(MetadataError::Method),
    }
    let token = request.wire.header("x-aliyun-ecs-metadata-token");
    if token.is_some_and(|token| !is_valid(token, server_time)) {
        return Err(MetadataError::Token);
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
            return Ok(Document::json(&InstanceIdentity {
                instance_id: INSTANCE_ID,
                region_id: region,
                zone_id: zone(),
                owner_account_id: account,
            }));
        }
        _ => return Err(MetadataError::NotFound),
    };
    Ok(Document::text(text))
}

/// A token is the time of its end, and random bytes.
fn new_token(wire: &WireRequest, now: DateTime<Utc>) -> Result<Document, MetadataError> {
    let seconds = wire.header("x-aliyun-ecs-metadata-token-ttl-seconds");
    let seconds = seconds.and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| TOKEN_LIFETIMES.contains(seconds));
    let end = now + TimeDelta::seconds(seconds.ok_or(MetadataError::Lifetime)?);
    let mut token = end.timestamp_micros().to_be_bytes().to_vec();
    token.resize(40, 0);
    if let Some(random) = token.get_mut(8..) {
        rand::rng().fill_bytes(random);
    }
    Ok(Document::secret_text(URL_SAFE_NO_PAD.encode(token)))
}

fn is_valid(token: &str, now: DateTime<Utc>) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    bytes.len() == 40
        && bytes
            .first_chunk()
            .is_some_and(|end| i64::from_be_bytes(*end) > now.timestamp_micros())
}

fn key_of_role(context: &Context, account: &str, role: &str) -> Result<Document, MetadataError> {
    let session = RoleSession::new(account, role, INSTANCE_ID).ok_or(MetadataError::NotFound)?;
    let expires_at = context.now + KEY_LIFETIME;
    let key = session.issue(&context.auth.credentials, account, expires_at);
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    Ok(Document::json(&RoleKey {
        access_key_id: key.access_key_id,
        access_key_secret: key.secret.expose().to_owned(),
        expiration: time(key.expires_at),
        security_token: key.security_token.expose().to_owned(),
        last_updated: time(context.now),
        code: "Success",
    }))
}
