//! Types of values that several endpoints of the control API use.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::is_account;
use crate::model::{Cloud, ScopeSelection, is_region};

/// A cloud by its name.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CloudName {
    /// Alibaba Cloud KMS.
    Alibaba,
    /// Tencent Cloud SSM.
    Tencent,
}

impl From<Cloud> for CloudName {
    fn from(cloud: Cloud) -> Self {
        match cloud {
            Cloud::Alibaba => Self::Alibaba,
            Cloud::Tencent => Self::Tencent,
        }
    }
}

impl From<CloudName> for Cloud {
    fn from(cloud: CloudName) -> Self {
        match cloud {
            CloudName::Alibaba => Self::Alibaba,
            CloudName::Tencent => Self::Tencent,
        }
    }
}

/// Declares text types that are checked when they are read, with the pattern for documents.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal, $check:expr, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    Ok(Self(text))
                } else {
                    Err(serde::de::Error::custom(concat!("expected ", $what)))
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "pattern": $pattern})
            }
        }
    )*};
}

texts! {
    /// The number of an account.
    Account = "^[0-9]{16}$", is_account, "an account number of 16 digits";
    /// The id of a region.
    Region = "^[a-z0-9-]{1,64}$", |text| text.len() <= 64 && is_region(text), "a region id such as cn-hangzhou";
    /// The name of a snapshot.
    SnapshotName = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$", is_snapshot_name, "1 to 64 letters, digits, dots, hyphens and underscores, no dot first";
}

fn is_snapshot_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(allowed) && !text.starts_with('.')
}

/// A value that must be a JSON object. Derived code alone would also accept an array of the members' values.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        let members = deserializer.deserialize_map(Members(PhantomData))?;
        Ok(Self(members))
    }
}

/// Reads a member that is an [`Object`].
///
/// # Errors
///
/// For a member that is something else.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// Selects scopes. Absent members select all.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// Only scopes of this cloud.
    pub cloud: Option<CloudName>,
    /// Only scopes of this account.
    pub account: Option<Account>,
    /// Only scopes of this region.
    pub region: Option<Region>,
}

impl From<Selection> for ScopeSelection {
    fn from(selection: Selection) -> Self {
        Self {
            cloud: selection.cloud.map(Cloud::from),
            account: selection.account.map(|account| account.0),
            region: selection.region.map(|region| region.0),
        }
    }
}

/// A duration, such as `90s`, `7d` or `1h 30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

/// At most four digits per unit, because longer durations exceed the range of the clock.
const SPAN_PATTERN: &str = "^(0|[0-9]{1,4}(ms|s|m|h|d)( ?[0-9]{1,4}(ms|s|m|h|d)){0,4})$";

impl Span {
    /// The duration as a signed one.
    #[must_use]
    pub fn delta(self) -> TimeDelta {
        TimeDelta::from_std(self.0).unwrap_or(TimeDelta::MAX)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match humantime::parse_duration(&text) {
            Ok(duration) => Ok(Self(duration)),
            Err(_) => Err(serde::de::Error::custom(
                "expected a duration such as 90s, 7d or 1h 30m",
            )),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_duration(self.0))
    }
}

impl JsonSchema for Span {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": SPAN_PATTERN, "examples": ["90s", "7d", "1h 30m"]})
    }
}

/// A time in a request: with time zone, or a date, which means midnight in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenTime(pub DateTime<Utc>);

impl GivenTime {
    fn parse(text: &str) -> Option<Self> {
        let date = |text: &str| {
            let date: NaiveDate = text.parse().ok()?;
            Some(date.and_time(NaiveTime::MIN).and_utc())
        };
        text.parse().ok().or_else(|| date(text)).map(Self)
    }
}

impl<'de> Deserialize<'de> for GivenTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = GivenTime;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str(
                    "2030-01-01T00:00:00Z, 2030-01-01T08:00:00+08:00, or 2030-01-01 for midnight UTC",
                )
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<GivenTime, E> {
                GivenTime::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for GivenTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "GivenTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "anyOf": [{"format": "date-time"}, {"format": "date"}],
            "examples": ["2030-01-01T00:00:00Z", "2030-01-01"]
        })
    }
}

/// A time in a reply: in UTC, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Moment(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.trunc_subsecs(3))
    }
}
