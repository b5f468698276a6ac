//! Parses the header `Host`. All checks of the host use this parser, so that they agree.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A host with its port, as in the header `Host`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// A host name, or an IP address without brackets.
    pub host: &'a str,
    /// The port, if there is one.
    pub port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Parses `name`, `name:port`, `[address]` or `[address]:port`; absent for all other texts.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (address, rest) = rest.split_once(']')?;
            Ipv6Addr::from_str(address).ok()?;
            let port = match rest {
                "" => None,
                rest => Some(rest.strip_prefix(':')?),
            };
            (address, port)
        } else {
            let (host, port) = match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            };
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if host.is_empty() || !host.bytes().all(is_name) {
                return None;
            }
            (host, port)
        };
        let port = match port {
            None => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            Some(_) => return None,
        };
        Some(Self { host, port })
    }

    /// Parses the value of a `Host` header. Some clients send their endpoint, such as
    /// `http://name:port/path`, which is accepted too. No browser sends such a value.
    #[must_use]
    pub fn of_host_header(value: &'a str) -> Option<Self> {
        let without_scheme = ["http://", "https://"]
            .iter()
            .find_map(|scheme| value.strip_prefix(scheme));
        Self::parse(without_scheme.unwrap_or(value).split('/').next()?)
    }

    /// Whether both have the same host. Ignores the ports.
    #[must_use]
    pub fn is_same_host(self, other: Authority) -> bool {
        self.host.eq_ignore_ascii_case(other.host)
    }

    /// Whether the host is this machine: `localhost`, a name that ends with `.localhost`, or a loopback address.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// The host name in a `Host` header, in lower case, without port and trailing dot; empty if the header
/// is malformed.
#[must_use]
pub fn name_of(header: &str) -> String {
    let name = Authority::of_host_header(header).map_or("", |authority| authority.host);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_host_headers_are_parsed() {
        for (header, name) in [
            (
                "kms.cn-hangzhou.aliyuncs.com",
                "kms.cn-hangzhou.aliyuncs.com",
            ),
            ("SSM.TencentCloudAPI.com:443", "ssm.tencentcloudapi.com"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://127.0.0.1:8080/tencent", "127.0.0.1"),
            ("127.0.0.1:8080/tencent", "127.0.0.1"),
            ("[::1]:8080", "::1"),
            ("localhost.", "localhost"),
            ("", ""),
            ("[127.0.0.1]evil.example", ""),
            ("localhost:80@evil.example", ""),
        ] {
            assert_eq!(name_of(header), name, "{header}");
        }
    }

    #[test]
    fn loopback_hosts_are_recognized() {
        for (text, expected) in [
            ("localhost:8080", true),
            ("cn-beijing.localhost", true),
            ("127.0.0.2", true),
            ("[::1]", true),
            ("[::1]:8080", true),
            ("192.0.2.1", false),
            ("localhost.example.test", false),
            ("notlocalhost", false),
        ] {
            let authority = Authority::parse(text).unwrap();
            assert_eq!(authority.is_loopback(), expected, "{text}");
        }
    }
}
