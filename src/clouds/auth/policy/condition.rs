//! The conditions of statements.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use ipnet::IpNet;

use super::pattern::Pattern;
use super::request_context::RequestContext;

/// A condition operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub kind: Kind,
    /// Whether a value meets it if it equals none of the values of the policy.
    pub is_negated: bool,
}

impl Operator {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            is_negated: false,
        }
    }

    pub(super) fn not(kind: Kind) -> Self {
        Self {
            kind,
            is_negated: true,
        }
    }
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    TextIgnoringCase,
    Pattern,
    Number(Comparison),
    Date(Comparison),
    Boolean,
    Ip,
    /// Whether the key is absent or empty.
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds<T: PartialOrd>(self, actual: &T, expected: &T) -> bool {
        match self {
            Self::Equal => actual == expected,
            Self::Less => actual < expected,
            Self::LessOrEqual => actual <= expected,
            Self::Greater => actual > expected,
            Self::GreaterOrEqual => actual >= expected,
        }
    }
}

/// How many of the values that a request has for a condition key must meet the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Any,
}

/// A condition of a statement: an operator, a condition key and the values of the policy.
#[derive(Debug)]
pub(super) struct Condition {
    pub operator: Operator,
    pub quantifier: Quantifier,
    /// Whether a request without the condition key meets the condition.
    pub is_met_if_absent: bool,
    /// The condition key.
    pub key: String,
    pub expected: Vec<Expected>,
    /// Finds the values of the condition key in a request.
    pub values: fn(key: &str, request: &RequestContext) -> Vec<String>,
}

/// A value in a policy.
#[derive(Debug)]
pub(super) enum Expected {
    Text(String),
    TextIgnoringCase(String),
    Pattern(Pattern),
    Number(Comparison, f64),
    Date(Comparison, DateTime<Utc>),
    Boolean(bool),
    Ip(IpNet),
    Null(bool),
}

impl Expected {
    /// Parses a value; the error is the expected form.
    pub(super) fn parse(text: &str, kind: Kind) -> Result<Self, &'static str> {
        Ok(match kind {
            Kind::Text => Self::Text(text.to_owned()),
            Kind::TextIgnoringCase => Self::TextIgnoringCase(text.to_lowercase()),
            Kind::Pattern => Self::Pattern(Pattern::new(text)),
            Kind::Number(comparison) => {
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                Self::Number(comparison, number.ok_or("a number")?)
            }
            Kind::Date(comparison) => {
                let date = date(text).ok_or("a date such as `2030-01-01T00:00:00Z`")?;
                Self::Date(comparison, date)
            }
            Kind::Boolean => Self::Boolean(boolean(text).ok_or("`true` or `false`")?),
            Kind::Ip => Self::Ip(network(text).ok_or("an IP address or a CIDR block")?),
            Kind::Null => Self::Null(boolean(text).ok_or("`true` or `false`")?),
        })
    }

    fn matches(&self, actual: &str) -> bool {
        match self {
            Self::Text(expected) => expected == actual,
            Self::TextIgnoringCase(expected) => *expected == actual.to_lowercase(),
            Self::Pattern(pattern) => pattern.matches(actual),
            Self::Number(comparison, expected) => {
                let actual = actual.parse().ok();
                actual.is_some_and(|actual| comparison.holds(&actual, expected))
            }
            Self::Date(comparison, expected) => {
                date(actual).is_some_and(|actual| comparison.holds(&actual, expected))
            }
            Self::Boolean(expected) => boolean(actual) == Some(*expected),
            Self::Ip(network) => {
                let ip = actual.parse::<IpAddr>();
                ip.is_ok_and(|ip| network.contains(&ip))
            }
            Self::Null(expected) => *expected == actual.is_empty(),
        }
    }
}

impl Condition {
    /// Whether a request meets the condition.
    pub(super) fn is_met(&self, request: &RequestContext) -> bool {
        let mut actual = (self.values)(&self.key, request);
        if self.operator.kind == Kind::Null && actual.is_empty() {
            actual.push(String::new());
        }
        if actual.is_empty() {
            return self.is_met_if_absent;
        }
        let is_value_met = |actual: &String| {
            let mut expected = self.expected.iter();
            expected.any(|expected| expected.matches(actual)) != self.operator.is_negated
        };
        match self.quantifier {
            Quantifier::All => actual.iter().all(is_value_met),
            Quantifier::Any => actual.iter().any(is_value_met),
        }
    }
}

/// A time. Without a zone, as in some examples of the vendors, it is in UTC.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let without_zone = || {
        let text = text.trim_end_matches('Z').replacen("T ", " ", 1);
        let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let mut times = formats
            .iter()
            .filter_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
        let midnight = || {
            NaiveDate::parse_from_str(&text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
        };
        Some(times.next().or_else(midnight)?.and_utc())
    };
    let with_zone = DateTime::parse_from_rfc3339(text).ok();
    with_zone.map(|time| time.to_utc()).or_else(without_zone)
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A CIDR block, or a single address. Bits of the address after the prefix are ignored.
fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_a_zone_or_is_in_utc() {
        let expected = date("2022-05-31T00:00:00Z");
        assert!(expected.is_some());
        for text in [
            "2022-05-31 00:00:00",
            "2022-05-31T 00:00:00Z",
            "2022-05-31T08:00:00+08:00",
            "2022-05-31T00:00:00",
            "2022-05-31T00:00Z",
            "2022-05-31",
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
        for text in ["", "31.05.2022", "2022-05-31T25:00:00Z", "1654000000"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_in_the_network_of_its_prefix() {
        for (network, ip, is_in) in [
            ("10.217.182.3/24", "10.217.182.200", true),
            ("10.217.182.3/24", "10.217.183.1", false),
            ("192.168.1.1", "192.168.1.1", true),
            ("192.168.1.1", "192.168.1.2", false),
            ("0.0.0.0/0", "127.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:db8::1", true),
        ] {
            let expected = Expected::parse(network, Kind::Ip).unwrap();
            assert_eq!(expected.matches(ip), is_in, "{network} {ip}");
        }
        for wrong in ["", "10.0.0.1/33", "10.0.0", "example.org", "10.0.0.1/"] {
            assert!(Expected::parse(wrong, Kind::Ip).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_of_the_wrong_type_are_rejected() {
        for (text, kind) in [
            ("many", Kind::Number(Comparison::Equal)),
            ("NaN", Kind::Number(Comparison::Equal)),
            ("yes", Kind::Boolean),
            ("1", Kind::Null),
            ("today", Kind::Date(Comparison::Less)),
        ] {
            assert!(Expected::parse(text, kind).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let matches = |comparison, expected, actual| {
            Expected::parse(expected, Kind::Number(comparison))
                .unwrap()
                .matches(actual)
        };
        assert!(matches(Comparison::Less, "10", "9"));
        assert!(matches(Comparison::Equal, "10", "10.0"));
        assert!(matches(Comparison::GreaterOrEqual, "10", "10"));
        assert!(!matches(Comparison::Greater, "10", "10"));
        assert!(!matches(Comparison::LessOrEqual, "10", "many"));
    }
}
