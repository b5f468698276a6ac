//! The address of a cloud's API.

use crate::http::host::Authority;
use crate::model::Cloud;

/// Scheme, host and port of a cloud's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    is_https: bool,
    authority: String,
    is_loopback: bool,
}

impl Endpoint {
    /// The public endpoint of a region.
    pub(crate) fn public(cloud: Cloud, region: &str) -> Self {
        Self {
            is_https: true,
            authority: match cloud {
                Cloud::Alibaba => format!("kms.{region}.aliyuncs.com"),
                Cloud::Tencent => "ssm.tencentcloudapi.com".to_owned(),
            },
            is_loopback: false,
        }
    }

    /// Reads a URL, or a host with or without a port. An error is the reason.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (is_https, rest) = match text.split_once("://") {
            None => (true, text),
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            Some(_) => return Err("expected https://HOST[:PORT]".to_owned()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let parsed = Authority::parse(authority)
            .ok_or_else(|| "expected https://HOST[:PORT] without a path".to_owned())?;
        let is_loopback = parsed.is_loopback();
        if !is_https && !is_loopback {
            return Err("http is only allowed for this machine; use https".to_owned());
        }
        Ok(Self {
            is_https,
            authority: authority.to_owned(),
            is_loopback,
        })
    }

    /// The header `Host`.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The URL without a path.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }

    /// Whether it is on this machine, which no proxy reaches.
    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether the connection is encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_endpoints_are_those_of_the_vendors_pages() {
        let of = |cloud, region| Endpoint::public(cloud, region).url();
        assert_eq!(
            of(Cloud::Alibaba, "cn-beijing"),
            "https://kms.cn-beijing.aliyuncs.com"
        );
        assert_eq!(
            of(Cloud::Tencent, "ap-guangzhou"),
            "https://ssm.tencentcloudapi.com"
        );
    }

    #[test]
    fn plain_http_is_only_accepted_for_this_machine() {
        for (text, url) in [
            ("https://kms.example.test", Some("https://kms.example.test")),
            (
                "kms.example.test:8443",
                Some("https://kms.example.test:8443"),
            ),
            (
                "https://kms.example.test/",
                Some("https://kms.example.test"),
            ),
            ("http://127.0.0.1:8081", Some("http://127.0.0.1:8081")),
            ("http://[::1]:8081", Some("http://[::1]:8081")),
            (
                "http://cn-beijing.localhost",
                Some("http://cn-beijing.localhost"),
            ),
            ("http://kms.example.test", None),
            ("http://localhost.example.test", None),
            ("https://user@kms.example.test", None),
            ("https://kms.example.test/path", None),
            ("ftp://kms.example.test", None),
            ("", None),
        ] {
            let parsed = Endpoint::parse(text).ok().map(|endpoint| endpoint.url());
            assert_eq!(parsed.as_deref(), url, "{text}");
        }
    }
}
