//! The names that the emulator's own authority vouches for.

use rustls::pki_types::ServerName;

use crate::model::is_region;

/// Reads a host name or an IP address that a certificate can be for.
#[must_use]
pub fn parse_name(text: &str) -> Option<String> {
    let name = text.to_ascii_lowercase();
    ServerName::try_from(name.as_str()).is_ok().then_some(name)
}

/// The names of this machine, and the hosts of the clouds that are in no region.
pub(super) fn of_machine() -> impl Iterator<Item = String> {
    let fixed = [
        "localhost",
        "127.0.0.1",
        "::1",
        "kms.aliyuncs.com",
        "ssm.tencentcloudapi.com",
    ];
    // A machine may be named as no host can be.
    let host = gethostname::gethostname()
        .to_str()
        .and_then(parse_name)
        .filter(|host| !fixed.contains(&host.as_str()));
    fixed.map(str::to_owned).into_iter().chain(host)
}

/// Whether a host name, in lower case, is one that either cloud answers at.
#[must_use]
pub fn is_of_cloud(host: &str) -> bool {
    if let Some(rest) = host.strip_suffix(".aliyuncs.com") {
        return match rest.split_once('.') {
            Some((service, region)) => matches!(service, "kms" | "kms-vpc") && is_region(region),
            None => rest == "kms",
        };
    }
    if let Some(rest) = host.strip_suffix(".tencentcloudapi.com") {
        return match rest.split_once('.') {
            Some((service, region)) => service == "ssm" && is_region(region),
            None => rest == "ssm",
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_of_both_clouds_are_known_in_every_region_and_no_others() {
        for host in [
            "kms.aliyuncs.com",
            "kms.cn-hangzhou.aliyuncs.com",
            "kms-vpc.ap-southeast-1.aliyuncs.com",
            "kms.no-where-9.aliyuncs.com",
            "ssm.tencentcloudapi.com",
            "ssm.ap-guangzhou.tencentcloudapi.com",
        ] {
            assert!(is_of_cloud(host), "{host}");
        }
        for host in [
            "aliyuncs.com",
            "ecs.cn-hangzhou.aliyuncs.com",
            "kms-vpc.aliyuncs.com",
            "kms.a.b.aliyuncs.com",
            "kms..aliyuncs.com",
            "kms.cn-hangzhou.aliyuncs.com.example.com",
            "kms.cn_hangzhou.aliyuncs.com",
            "notkms.aliyuncs.com",
            "cvm.tencentcloudapi.com",
            "ssm.tencentcloudapi.com.example.com",
            "kms.tencentcloudapi.com",
            "localhost",
        ] {
            assert!(!is_of_cloud(host), "{host}");
        }
    }

    #[test]
    fn a_name_is_a_host_name_or_an_ip_address() {
        for (text, name) in [
            ("kms", Some("kms")),
            ("KMS.Example.test", Some("kms.example.test")),
            ("192.0.2.1", Some("192.0.2.1")),
            ("2001:DB8::1", Some("2001:db8::1")),
            ("", None),
            ("*.example.test", None),
            ("http://kms", None),
            ("kms:8080", None),
            ("a b", None),
        ] {
            assert_eq!(parse_name(text).as_deref(), name, "{text}");
        }
    }
}
