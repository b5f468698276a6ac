//! Keeps web pages of strangers away from a server on this machine.
//!
//! A browser lets any page send requests to any address. A page whose own name is made to point to
//! 127.0.0.1 could even read the replies (DNS rebinding); so on a loopback address only hosts are
//! answered that nobody else can give out. Other pages cannot read, but could still change something
//! (cross-site request forgery); so changes without a signature are refused where the browser says
//! that they come from elsewhere.

use crate::tls;
use crate::wire::WireRequest;

/// Whether the request is for a host that is this machine's: a loopback one, one of `names`, or one of
/// the clouds' own. A request that names none does not come from a browser.
#[must_use]
pub fn is_for_this_host(wire: &WireRequest, names: &[String]) -> bool {
    let Some(host) = wire.header("host").filter(|host| !host.is_empty()) else {
        return true;
    };
    let host = host_name(host).to_ascii_lowercase();
    let host = host.trim_end_matches('.');
    let is_loopback = host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    is_loopback || tls::is_known_name(host, names)
}

/// Whether a browser says that the request comes from a page of another site.
#[must_use]
pub fn is_cross_site(wire: &WireRequest) -> bool {
    match (wire.header("sec-fetch-site"), wire.header("origin")) {
        (Some(site), _) => site == "cross-site",
        // Browsers from before 2023 name the origin only.
        (None, Some(origin)) => {
            let host = wire.header("host").map(host_name);
            origin
                .split_once("://")
                .is_none_or(|(_, origin)| Some(host_name(origin)) != host)
        }
        (None, None) => false,
    }
}

/// The name in `name:port`, `[address]:port` and, as some clients write it, `http://name:port`.
#[must_use]
pub fn host_name(host: &str) -> &str {
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(headers: &[(&'a str, &'a str)]) -> WireRequest<'a> {
        WireRequest {
            method: "POST",
            path: "/",
            query: "",
            headers: headers.to_vec(),
            body: Ok(b""),
        }
    }

    #[test]
    fn hosts_that_only_this_machine_or_the_clouds_can_give_out_are_answered() {
        let names = ["kms.test".to_owned()];
        for (host, answered) in [
            ("127.0.0.1:8080", true),
            ("127.9.9.9", true),
            ("[::1]:8080", true),
            ("localhost", true),
            ("LOCALHOST:1", true),
            ("kms.localhost:8080", true),
            ("http://127.0.0.1:8080", true),
            ("kms.cn-hangzhou.aliyuncs.com", true),
            ("ssm.ap-guangzhou.tencentcloudapi.com:443", true),
            ("KMS.test:8080", true),
            ("kms.test.evil.example", false),
            ("evil.example:8080", false),
            ("localhost.evil.example", false),
            ("evilaliyuncs.com", false),
            ("bucket.oss-cn-hangzhou.aliyuncs.com", false),
            ("localhost.", true),
            ("127.0.0.1.nip.io", false),
            ("[::ffff:7f00:1]", false),
            ("192.168.0.1", false),
            (":8080", false),
        ] {
            let wire = request(&[("Host", host)]);
            assert_eq!(is_for_this_host(&wire, &names), answered, "{host}");
        }
        assert!(is_for_this_host(&request(&[]), &names));
    }

    #[test]
    fn what_a_browser_says_to_come_from_elsewhere_is_cross_site() {
        for (headers, cross_site) in [
            (&[][..], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (
                &[
                    ("origin", "http://localhost:8080"),
                    ("host", "localhost:8080"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://localhost:3000"),
                    ("host", "localhost:8080"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "localhost:8080"),
                ],
                true,
            ),
            (&[("origin", "null"), ("host", "localhost:8080")], true),
        ] {
            assert_eq!(is_cross_site(&request(headers)), cross_site, "{headers:?}");
        }
    }
}
