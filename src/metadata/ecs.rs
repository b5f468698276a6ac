//! The metadata service of ECS: `http://100.100.100.200/latest/`.
//!
//! The vendor's page: *Instance metadata*. A request may have a token, which a `PUT` creates, but needs none.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::Rng;
use serde::Serialize;

use super::{ROLE, json, text};
use crate::clouds::alibaba::RoleSession;
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::http::wire::{WireReply, WireRequest};

/// The lifetime of keys.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(6);

/// The documented lifetimes of tokens, in seconds.
const TOKEN_LIFETIMES: std::ops::RangeInclusive<i64> = 1..=21_600;

/// The directory with the keys of roles.
const ROLES: &str = "meta-data/ram/security-credentials/";

const INSTANCE_ID: &str = "i-kmsemulator00000001";

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

pub(super) fn answer(emulator: &Emulator, wire: &WireRequest) -> WireReply {
    let now = emulator.clock.now();
    let path = wire.path.strip_prefix("/latest/").unwrap_or_default();
    match (&*wire.method, path) {
        ("PUT", "api/token") => new_token(wire, now),
        ("GET" | "HEAD", path) => {
            let token = wire.header("x-aliyun-ecs-metadata-token");
            if token.is_some_and(|token| !is_valid(token, now)) {
                return text(403, "the token is invalid or has expired".to_owned());
            }
            read(emulator, path, now)
                .unwrap_or_else(|| text(404, "there is no such metadata".to_owned()))
        }
        _ => text(405, "the methods are GET and, for a token, PUT".to_owned()),
    }
}

/// A token is the time of its end, and random bytes.
fn new_token(wire: &WireRequest, now: DateTime<Utc>) -> WireReply {
    let header = "x-aliyun-ecs-metadata-token-ttl-seconds";
    let seconds = wire.header(header).and_then(|text| text.parse().ok());
    let Some(seconds) = seconds.filter(|seconds| TOKEN_LIFETIMES.contains(seconds)) else {
        return text(400, format!("{header} is a number from 1 to 21600"));
    };
    let end = now + TimeDelta::seconds(seconds);
    let mut token = end.timestamp_micros().to_be_bytes().to_vec();
    token.resize(40, 0);
    if let Some(random) = token.get_mut(8..) {
        rand::rng().fill_bytes(random);
    }
    text(200, URL_SAFE_NO_PAD.encode(token))
}

fn is_valid(token: &str, now: DateTime<Utc>) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    bytes.len() == 40
        && bytes
            .first_chunk()
            .is_some_and(|end| i64::from_be_bytes(*end) > now.timestamp_micros())
}

fn read(emulator: &Emulator, path: &str, now: DateTime<Utc>) -> Option<WireReply> {
    let account = emulator.auth.credentials.default_account();
    let region = emulator
        .clouds
        .get(crate::model::Cloud::Alibaba)
        .default_region();
    let zone = || format!("{region}-a");
    if let Some(role) = path.strip_prefix(ROLES).filter(|role| !role.is_empty()) {
        return key_of_role(emulator, account, role, now);
    }
    let value = match path.strip_suffix('/').unwrap_or(path) {
        "meta-data" => [
            "instance-id",
            "owner-account-id",
            "ram/",
            "region-id",
            "zone-id",
        ]
        .join("\n"),
        "meta-data/instance-id" => INSTANCE_ID.to_owned(),
        "meta-data/owner-account-id" => account.to_owned(),
        "meta-data/region-id" => region.to_owned(),
        "meta-data/zone-id" => zone(),
        "meta-data/ram" => "security-credentials/".to_owned(),
        "meta-data/ram/security-credentials" => ROLE.to_owned(),
        "dynamic/instance-identity/document" => {
            return json(&InstanceIdentity {
                instance_id: INSTANCE_ID,
                region_id: region,
                zone_id: zone(),
                owner_account_id: account,
            });
        }
        _ => return None,
    };
    Some(text(200, value))
}

fn key_of_role(
    emulator: &Emulator,
    account: &str,
    role: &str,
    now: DateTime<Utc>,
) -> Option<WireReply> {
    let session = RoleSession::new(account, role, INSTANCE_ID)?;
    let key = session.issue(&emulator.auth.credentials, account, now + KEY_LIFETIME);
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    json(&RoleKey {
        access_key_id: key.access_key_id,
        access_key_secret: key.secret.expose().to_owned(),
        expiration: time(key.expires_at),
        security_token: key.security_token.expose().to_owned(),
        last_updated: time(now),
        code: "Success",
    })
}
