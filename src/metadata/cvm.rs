//! The metadata service of Cloud Virtual Machine: `http://metadata.tencentyun.com/latest/meta-data/`.
//!
//! The vendor's page: *Viewing Instance Metadata*.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::{ROLE, json, text};
use crate::clouds::tencent::RoleSession;
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::http::wire::{WireReply, WireRequest};
use crate::model::Cloud;

/// The lifetime of keys.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(6);

const INSTANCE_ID: &str = "ins-kmsemu01";

/// The directories with keys of roles: those of the machine, and those of services such as TKE.
const ROLES: [&str; 2] = [
    "cam/security-credentials/",
    "cam/service-role-security-credentials/",
];

/// The keys of a role, as SDKs read them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleKey {
    tmp_secret_id: String,
    tmp_secret_key: String,
    expired_time: i64,
    expiration: String,
    token: String,
    code: &'static str,
}

/// Answers a request. `path` is the part after `meta-data`.
pub(super) fn answer(emulator: &Emulator, wire: &WireRequest, path: &str) -> WireReply {
    if !matches!(&*wire.method, "GET" | "HEAD") {
        return text(405, "the method is GET".to_owned());
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    read(emulator, path, emulator.clock.now())
        .unwrap_or_else(|| text(404, "there is no such metadata".to_owned()))
}

fn read(emulator: &Emulator, path: &str, now: DateTime<Utc>) -> Option<WireReply> {
    let region = emulator.clouds.get(Cloud::Tencent).default_region();
    if let Some(role) = ROLES.iter().find_map(|roles| path.strip_prefix(roles)) {
        return if role.is_empty() {
            Some(text(200, ROLE.to_owned()))
        } else {
            key_of_role(emulator, role, now)
        };
    }
    let value = match path.strip_suffix('/').unwrap_or(path) {
        "" => "cam/\ninstance-id\nplacement/".to_owned(),
        "cam" => ROLES.map(|roles| &roles["cam/".len()..]).join("\n"),
        "cam/security-credentials" | "cam/service-role-security-credentials" => ROLE.to_owned(),
        "instance-id" => INSTANCE_ID.to_owned(),
        "placement" => "region\nzone".to_owned(),
        "placement/region" => region.to_owned(),
        "placement/zone" => format!("{region}-1"),
        _ => return None,
    };
    Some(text(200, value))
}

fn key_of_role(emulator: &Emulator, role: &str, now: DateTime<Utc>) -> Option<WireReply> {
    let credentials = &emulator.auth.credentials;
    let account = credentials.default_account();
    let session = RoleSession::new(account, role, INSTANCE_ID)?;
    let key = session.issue(credentials, account, now + KEY_LIFETIME);
    json(&RoleKey {
        tmp_secret_id: key.access_key_id,
        tmp_secret_key: key.secret.expose().to_owned(),
        expired_time: key.expires_at.timestamp(),
        expiration: key.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        token: key.security_token.expose().to_owned(),
        code: "Success",
    })
}
