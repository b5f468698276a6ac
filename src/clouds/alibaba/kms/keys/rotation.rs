//! The automatic rotation of keys.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clouds::alibaba::kms::{managed, shapes};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, Optional, Parsed};
use crate::model::{Cmk, KeyOrigin, Rotation};

const DAY: u32 = 86_400;

/// The shortest and the longest time between two rotations, in seconds.
const INTERVAL: std::ops::RangeInclusive<u32> = 7 * DAY..=730 * DAY;

/// Whether to rotate.
pub(crate) const ENABLE_AUTOMATIC_ROTATION: Boolean = Boolean {
    name: "EnableAutomaticRotation",
    default: false,
    help: "Whether the service rotates the key automatically. Only for symmetric keys that encrypt, whose material the service created.",
};

/// The time between two rotations.
pub(crate) const ROTATION_INTERVAL: Parsed<u32> = Parsed {
    name: "RotationInterval",
    rule: "a number and `d`, `h`, `m` or `s`: 7 to 730 days",
    help: "The time from one rotation to the next. Required with automatic rotation, otherwise ignored.",
    parse: parse_interval,
};

/// Parses an interval such as `7d`; absent if it is out of bounds.
pub(crate) fn parse_interval(text: &str) -> Option<u32> {
    managed::seconds_of(text).filter(|seconds| INTERVAL.contains(seconds))
}

/// The interval in a request; absent without automatic rotation.
pub(crate) fn requested(flag: &Boolean, arguments: &Arguments) -> Result<Option<u32>, ApiError> {
    if !flag.read(arguments) {
        return Ok(None);
    }
    let interval = ROTATION_INTERVAL.find(arguments)?;
    interval
        .map(Some)
        .ok_or(ApiError::MissingParameter("RotationInterval"))
}

/// Whether the material of a key can be rotated: the key encrypts, and the service generates the material.
pub(crate) fn can_rotate(cmk: &Cmk) -> bool {
    cmk.spec.is_cipher() && cmk.origin == KeyOrigin::AliyunKms
}

/// The rotation policy with this interval, after a rotation at `last_at`.
pub(crate) fn policy(last_at: DateTime<Utc>, interval: Option<u32>) -> Rotation {
    Rotation {
        interval,
        last_at: Some(last_at),
        next_at: interval.map(|seconds| shapes::later(last_at, TimeDelta::seconds(seconds.into()))),
    }
}
