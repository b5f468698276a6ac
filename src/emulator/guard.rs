//! Rejects requests that a browser sends for web pages of other sites.
//!
//! A browser lets any page send requests to any address. If an attacker registers a name that resolves to
//! this machine, a page of that name can read the replies (DNS rebinding); so the server answers only host
//! names that an attacker cannot register. Any other page can change data, find out what exists, or keep
//! the server busy (cross-site request forgery); so requests of pages of other sites are rejected, reads
//! too.
//!
//! See *Fetch Metadata Request Headers* (W3C) for `Sec-Fetch-Site`.

use std::net::IpAddr;

use crate::clouds::hosts;
use crate::http::host::{self, Authority};
use crate::http::wire::WireRequest;

/// Headers of every reply that prevent embedding and content sniffing. They do not replace headers that a
/// reply has already.
pub const REPLY_HEADERS: [(&str, &str); 4] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
];

/// Whether the header `Host` is a name that an attacker cannot register: an IP address, a loopback or
/// container host name, a name of one label, a host of the clouds, or one of `names`. A request without
/// the header is accepted, because browsers always send it.
#[must_use]
pub fn is_for_this_host(wire: &WireRequest, names: &[String]) -> bool {
    let mut hosts = wire.header_values("host");
    let host = match (hosts.next(), hosts.next()) {
        (None | Some(""), None) => return true,
        (Some(host), None) => host,
        _ => return false,
    };
    let host = host::name_of(host);
    if host.is_empty() || host.ends_with('.') {
        return false;
    }
    host.parse::<IpAddr>().is_ok() || !host.contains('.') || hosts::is_known_name(&host, names)
}

/// Whether the header `Host` is that of an API of the clouds, of a product that need not be emulated. An attacker cannot
/// register such a name.
#[must_use]
pub fn is_for_api_of_cloud(wire: &WireRequest) -> bool {
    let mut hosts = wire.header_values("host");
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => hosts::cloud_of_api(&host::name_of(host)).is_some(),
        _ => false,
    }
}

/// The origin of a web page: `https://app.example:8443`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin<'a> {
    scheme: &'a str,
    authority: Authority<'a>,
}

impl<'a> Origin<'a> {
    /// The origin of a URL in the header `Origin` or `Referer`.
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        Some(Self {
            scheme,
            authority: Authority::parse(&rest[..end])?,
        })
    }

    fn port(self) -> Option<u16> {
        self.authority.port.or(match self.scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        })
    }

    fn text(self) -> String {
        let Authority { host, port } = self.authority;
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}", self.scheme)
    }
}

/// Origins of other sites whose pages may use the server, as given with `--allow-origin`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<String>);

/// A text that is not an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnOrigin(pub String);

impl AllowedOrigins {
    /// Reads origins such as `https://app.example:8443`; `*` allows every page.
    ///
    /// # Errors
    ///
    /// The first text that is not an origin.
    pub fn new(texts: &[String]) -> Result<Self, NotAnOrigin> {
        let origins = texts.iter().map(|text| {
            if text == "*" {
                return Ok(text.clone());
            }
            let origin = Origin::of(text).map(Origin::text);
            origin
                .filter(|origin| text.trim_end_matches('/') == origin)
                .ok_or_else(|| NotAnOrigin(text.clone()))
        });
        origins.collect::<Result<_, _>>().map(Self)
    }

    fn allows_any(&self) -> bool {
        self.0.iter().any(|allowed| allowed == "*")
    }

    fn allow(&self, origin: Origin) -> bool {
        let is_same = |allowed: &String| {
            Origin::of(allowed).is_some_and(|allowed| {
                allowed.scheme == origin.scheme
                    && allowed.authority.is_same_host(origin.authority)
                    && allowed.port() == origin.port()
            })
        };
        self.allows_any() || self.0.iter().any(is_same)
    }
}

/// The site whose page sent a request, according to the headers of the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// A page of this server, the address bar, or a program that is not a browser.
    Own,
    /// A page of an allowed origin.
    Allowed(String),
    /// A page of another site, or of another port of this host.
    Other,
    /// Unknown: browsers leave the headers out for http addresses other than loopback, if the page has no
    /// referrer.
    Unknown,
}

impl Site {
    /// The site of a request to a server that listens on these `ports`.
    #[must_use]
    pub fn of(wire: &WireRequest, ports: &[u16], allowed: &AllowedOrigins) -> Self {
        let Some(headers) = BrowserHeaders::of(wire) else {
            return Self::Own;
        };
        if let Some(own) = headers.is_own {
            if own {
                return Self::Own;
            }
        } else if headers.origin.is_none() && headers.referer.is_none() {
            return if !headers.is_browser {
                Self::Own
            } else if allowed.allows_any() {
                Self::Allowed("*".to_owned())
            } else {
                Self::Unknown
            };
        }
        let page = match headers.origin {
            Some(origin) => Origin::of(origin),
            None => headers.referer.and_then(Origin::of),
        };
        let Some(page) = page else {
            // A sandboxed frame has the origin `null`.
            return if allowed.allows_any() {
                Self::Allowed(headers.origin.unwrap_or("*").to_owned())
            } else {
                Self::Other
            };
        };
        let host = wire.header("host").and_then(Authority::of_host_header);
        let is_own = host.is_some_and(|host| {
            let port = page.port();
            host.is_same_host(page.authority)
                && (port == host.port.or(port.filter(|port| matches!(port, 80 | 443)))
                    || port.is_some_and(|port| ports.contains(&port)))
        });
        if is_own {
            Self::Own
        } else if allowed.allow(page) {
            Self::Allowed(page.text())
        } else {
            Self::Other
        }
    }
}

/// The headers of a browser about the page that sent a request.
struct BrowserHeaders<'a> {
    /// Whether the page is one of this server, by `Sec-Fetch-Site`; absent without that header.
    is_own: Option<bool>,
    origin: Option<&'a str>,
    referer: Option<&'a str>,
    is_browser: bool,
}

impl<'a> BrowserHeaders<'a> {
    /// Absent if the request has none of the headers, as from most programs.
    fn of(wire: &'a WireRequest) -> Option<Self> {
        let mut headers = Self {
            is_own: None,
            origin: None,
            referer: None,
            is_browser: false,
        };
        let mut found = false;
        for (name, value) in &wire.headers {
            let value = &**value;
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            match name.len() {
                14 if is("sec-fetch-site") => {
                    let own = matches!(value, "same-origin" | "none");
                    headers.is_own = Some(own && headers.is_own.unwrap_or(true));
                }
                6 if is("origin") => headers.origin = Some(value),
                7 if is("referer") => headers.referer = Some(value),
                10 if is("user-agent") && value.starts_with("Mozilla/") => {
                    headers.is_browser = true;
                }
                _ => continue,
            }
            found = true;
        }
        found.then_some(headers)
    }
}

/// Whether a user follows a link to the server. The other site's page is replaced, so it cannot read or
/// embed the reply.
#[must_use]
pub fn is_navigation(wire: &WireRequest) -> bool {
    wire.method == "GET"
        && wire.header("sec-fetch-mode") == Some("navigate")
        && wire.header("sec-fetch-dest") == Some("document")
}

/// Whether the request is a CORS preflight.
#[must_use]
pub fn is_preflight(wire: &WireRequest) -> bool {
    wire.method == "OPTIONS" && wire.header("access-control-request-method").is_some()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn request<'a>(headers: &[(&'a str, &'a str)]) -> WireRequest {
        WireRequest::new("POST", "/", "", headers.to_vec(), Ok(Bytes::new()))
    }

    #[test]
    fn only_hosts_that_an_attacker_cannot_register_are_answered() {
        let names = ["kms.test".to_owned()];
        for (host, answered) in [
            ("127.0.0.1:8080", true),
            ("127.9.9.9", true),
            ("192.0.2.1:8080", true),
            ("[::1]:8080", true),
            ("[2001:db8::1]", true),
            ("localhost", true),
            ("LOCALHOST:1", true),
            ("localhost.", true),
            ("kms.localhost:8080", true),
            ("kms-emulator:8080", true),
            ("kms_emulator", true),
            ("http://127.0.0.1:8080", true),
            ("http://127.0.0.1:8080/", true),
            ("127.0.0.1:8080/tencent", true),
            ("kms.cn-hangzhou.aliyuncs.com", true),
            ("ssm.tencentcloudapi.com", true),
            ("KMS.test", true),
            ("", true),
            ("evil.example", false),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("localhost..", false),
            (".", false),
            ("evillocalhost.example", false),
            ("[127.0.0.1]evil.example", false),
            ("[::1]evil.example", false),
            ("[::1]:evil.example", false),
            ("[localhost]", false),
            ("localhost:80@evil.example", false),
            ("localhost@evil.example", false),
            ("localhost:80:evil.example", false),
            ("localhost:", false),
            ("localhost:+80", false),
            ("localhost:65536", false),
            ("localhost,evil.example", false),
            ("localhost evil.example", false),
            ("evil.example/localhost", false),
            ("http://evil.example/localhost", false),
            ("/localhost", false),
            ("//localhost", false),
            ("ftp://localhost", false),
            ("127.1", false),
            ("\u{fffd}", false),
        ] {
            assert_eq!(
                is_for_this_host(&request(&[("host", host)]), &names),
                answered,
                "{host}"
            );
        }
        assert!(is_for_this_host(&request(&[]), &names));
        let two = request(&[("host", "localhost"), ("host", "localhost")]);
        assert!(!is_for_this_host(&two, &names));
    }

    #[test]
    fn hosts_of_customers_are_not_those_of_an_api() {
        for (hosts, is_api) in [
            (&["cvm.tencentcloudapi.com"][..], true),
            (&["ECS.cn-hangzhou.aliyuncs.com:443"], true),
            (&["https://ecs.aliyuncs.com/"], true),
            (&["bucket.oss-cn-hangzhou.aliyuncs.com"], false),
            (&["rm-1.mysql.rds.aliyuncs.com"], false),
            (&["ecs.aliyuncs.com.evil.example"], false),
            (&["ecs.aliyuncs.com@evil.example"], false),
            (&["ecs.aliyuncs.com:80:evil.example"], false),
            (&["evil.example"], false),
            (&["ecs.aliyuncs.com", "evil.example"], false),
            (&[""], false),
            (&[], false),
        ] {
            let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            assert_eq!(is_for_api_of_cloud(&request(&headers)), is_api, "{hosts:?}");
        }
    }

    #[test]
    fn site_of_a_request_is_derived_from_the_headers_of_the_browser() {
        use Site::{Other, Own, Unknown};
        let firefox = ("user-agent", "Mozilla/5.0 (X11; rv:140.0) Gecko/20100101");
        for (headers, site) in [
            (&[][..], Own),
            (&[("user-agent", "AlibabaCloud (linux; amd64)")], Own),
            (&[("sec-fetch-site", "same-origin"), firefox], Own),
            (&[("sec-fetch-site", "none"), firefox], Own),
            (&[("sec-fetch-site", "cross-site")], Other),
            (&[("sec-fetch-site", "same-site")], Other),
            (&[("sec-fetch-site", "something new")], Other),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                Other,
            ),
            // Another port of this host, and one that the server listens on too.
            (
                &[
                    ("sec-fetch-site", "same-site"),
                    ("origin", "http://localhost:3000"),
                ],
                Other,
            ),
            (
                &[
                    ("sec-fetch-site", "same-site"),
                    ("origin", "http://localhost:8081"),
                ],
                Own,
            ),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("referer", "https://localhost:8080/_emulator/explorer/"),
                ],
                Own,
            ),
            (&[("origin", "http://localhost:8080")], Own),
            (&[("origin", "http://localhost:3000")], Other),
            (&[("origin", "http://localhost")], Other),
            (&[("origin", "http://evil.example:8080")], Other),
            (&[("origin", "null")], Other),
            (&[("referer", "http://localhost:8080/x?y")], Own),
            (&[("referer", "http://evil.example/")], Other),
            (&[("referer", "http://localhost:8080@evil.example/")], Other),
            (&[("referer", "nonsense")], Other),
            (&[firefox], Unknown),
        ] {
            let mut wire = request(headers);
            wire.headers.push(("host".into(), "localhost:8080".into()));
            let found = Site::of(&wire, &[8080, 8081], &AllowedOrigins::default());
            assert_eq!(found, site, "{headers:?}");
        }
        let wire = request(&[("host", "localhost"), ("origin", "http://localhost")]);
        assert_eq!(Site::of(&wire, &[80], &AllowedOrigins::default()), Own);
    }

    #[test]
    fn origins_that_are_given_are_allowed() {
        let given = [
            "https://app.example".to_owned(),
            "http://[::1]:3000/".into(),
        ];
        let allowed = AllowedOrigins::new(&given).unwrap();
        for (origin, is_allowed) in [
            ("https://app.example", true),
            ("https://app.example:443", true),
            ("http://[::1]:3000", true),
            ("http://app.example", false),
            ("https://app.example:8443", false),
            ("https://app.example.evil.example", false),
            ("null", false),
        ] {
            let wire = request(&[("host", "localhost:8080"), ("origin", origin)]);
            let site = Site::of(&wire, &[8080], &allowed);
            let expected = if is_allowed {
                Site::Allowed(origin.to_owned())
            } else {
                Site::Other
            };
            assert_eq!(site, expected, "{origin}");
        }
        for wrong in [
            "app.example",
            "https://app.example/path",
            "https://",
            "null",
        ] {
            let given = [wrong.to_owned()];
            assert_eq!(
                AllowedOrigins::new(&given),
                Err(NotAnOrigin(wrong.to_owned()))
            );
        }
    }
}
