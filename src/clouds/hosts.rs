//! Host names of the clouds, of this machine, and of the user.

use rustls::pki_types::ServerName;

use crate::model::{Cloud, is_region_in_host};

/// The names of the host machine in containers.
pub const CONTAINER_HOST_NAMES: [&str; 5] = [
    "host.docker.internal",
    "host.containers.internal",
    "gateway.docker.internal",
    "host.minikube.internal",
    "host.lima.internal",
];

/// The services of Tencent Cloud that have hosts: `ssm.tencentcloudapi.com`.
const TENCENT_SERVICES: [&str; 3] = ["ssm", "sts", "tag"];

/// The host of the metadata service of Tencent Cloud, and its address.
pub const TENCENT_METADATA: [&str; 2] = ["metadata.tencentyun.com", "169.254.0.23"];

/// The hosts of Tencent Cloud's other services in the domain of `ssm.<domain>`. Terraform calls them when its
/// provider is given a domain.
pub fn next_to(name: &str) -> impl Iterator<Item = String> {
    let domain = name.strip_prefix("ssm.");
    let others = TENCENT_SERVICES.iter().filter(|service| **service != "ssm");
    others.filter_map(move |service| Some(format!("{service}.{}", domain?)))
}

/// Parses a name for certificates: a host name, a wildcard (`*.example.test`) or an IP address.
#[must_use]
pub fn parse_name(text: &str) -> Option<String> {
    let name = text.to_ascii_lowercase();
    let is_valid = match name.strip_prefix("*.") {
        Some(parent) => matches!(ServerName::try_from(parent), Ok(ServerName::DnsName(_))),
        None => ServerName::try_from(name.as_str()).is_ok(),
    };
    is_valid.then_some(name)
}

/// The names of this machine, and the hosts of the clouds without a region.
pub fn of_machine() -> impl Iterator<Item = String> {
    let fixed = [
        "localhost",
        "127.0.0.1",
        "::1",
        "kms.aliyuncs.com",
        "ssm.tencentcloudapi.com",
    ];
    // The name of a machine may not be a valid host name.
    let host = gethostname::gethostname()
        .to_str()
        .and_then(parse_name)
        .filter(|host| !fixed.contains(&host.as_str()));
    let fixed = fixed.into_iter().chain(CONTAINER_HOST_NAMES);
    fixed.map(str::to_owned).chain(host)
}

/// The cloud of this host, which is in lower case.
///
/// A region in a host name is one label. Labels below which customers can have hosts are excluded.
#[must_use]
pub fn cloud_of_host(host: &str) -> Option<Cloud> {
    if let Some(rest) = host.strip_suffix(".aliyuncs.com") {
        let is_known = match rest.split_once('.') {
            None => matches!(rest, "kms" | "sts" | "location" | "location-readonly"),
            Some((service, "cryptoservice.kms")) => service.starts_with("kst-"),
            Some((service, region)) => {
                matches!(service, "kms" | "kms-vpc" | "sts" | "sts-vpc")
                    && is_region_in_host(region)
            }
        };
        return is_known.then_some(Cloud::Alibaba);
    }
    let rest = host.strip_suffix(".tencentcloudapi.com")?;
    let (service, region) = match rest.split_once('.') {
        None => (rest, None),
        Some((service, region)) => (service, Some(region)),
    };
    let is_known = TENCENT_SERVICES.contains(&service)
        && region.is_none_or(|region| region == "intl" || is_region_in_host(region));
    is_known.then_some(Cloud::Tencent)
}

/// The cloud of a host, in lower case, that has the form of the host of an API: `cvm.tencentcloudapi.com`,
/// `ecs.cn-hangzhou.aliyuncs.com`. The product need not be emulated.
///
/// Customers cannot have such hosts, and only the clouds decide about their addresses.
#[must_use]
pub fn cloud_of_api(host: &str) -> Option<Cloud> {
    let (labels, cloud) = match host.strip_suffix(".aliyuncs.com") {
        Some(labels) => (labels, Cloud::Alibaba),
        None => (host.strip_suffix(".tencentcloudapi.com")?, Cloud::Tencent),
    };
    let (product, region) = match labels.split_once('.') {
        None => (labels, None),
        Some((product, region)) => (product, Some(region)),
    };
    let is_label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_product = !product.is_empty() && product.bytes().all(is_label);
    let is_region = region.is_none_or(|region| {
        is_region_in_host(region)
            || cloud == Cloud::Tencent && matches!(region, "intl" | "internal")
    });
    (is_product && is_region).then_some(cloud)
}

/// Whether a host name, in lower case, belongs to a cloud.
#[must_use]
pub fn is_of_cloud(host: &str) -> bool {
    cloud_of_host(host).is_some()
}

/// Whether this server emulates a host, given without a port: `localhost`, `*.localhost`, [the host
/// names in containers](CONTAINER_HOST_NAMES), a host of a cloud or of its metadata service, one of `names`, or a
/// service of Tencent Cloud in the domain of one. [`parse_name`] returned the names, which may be wildcards.
#[must_use]
pub fn is_known_name(host: &str, names: &[String]) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    host == "localhost"
        || host.strip_suffix(".localhost").is_some_and(are_labels)
        || CONTAINER_HOST_NAMES.contains(&host.as_str())
        || is_of_cloud(&host)
        || TENCENT_METADATA.contains(&&*host)
        || names.iter().any(|name| name_matches(name, &host))
        || domain_of_service(&host).is_some_and(|domain| names.iter().any(|name| name == domain))
}

/// Whether this server answers requests for a host, given without a port: one that it emulates ([`is_known_name`]), or that
/// of the API of another product of a cloud, for which it returns an error of the cloud.
#[must_use]
pub fn is_served(host: &str, names: &[String]) -> bool {
    is_known_name(host, names) || cloud_of_api(&host.to_ascii_lowercase()).is_some()
}

/// The domain of a host that begins with a service of Tencent Cloud.
fn domain_of_service(host: &str) -> Option<&str> {
    let (service, domain) = host.split_once('.')?;
    // An IP address has no hosts.
    let is_domain = matches!(ServerName::try_from(domain), Ok(ServerName::DnsName(_)));
    (TENCENT_SERVICES.contains(&service) && is_domain).then_some(domain)
}

/// Whether a name, or a wildcard for one label, matches a host, which is in lower case.
fn name_matches(name: &str, host: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(parent) => host
            .split_once('.')
            .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(parent)),
        None => name.eq_ignore_ascii_case(host),
    }
}

fn are_labels(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_services_belong_to_a_cloud() {
        for (host, cloud) in [
            ("kms.aliyuncs.com", Some(Cloud::Alibaba)),
            ("kms.cn-hangzhou.aliyuncs.com", Some(Cloud::Alibaba)),
            ("kms-vpc.ap-southeast-1.aliyuncs.com", Some(Cloud::Alibaba)),
            ("kms.no-where-9.aliyuncs.com", Some(Cloud::Alibaba)),
            ("sts.aliyuncs.com", Some(Cloud::Alibaba)),
            ("location-readonly.aliyuncs.com", Some(Cloud::Alibaba)),
            ("sts.cn-hangzhou.aliyuncs.com", Some(Cloud::Alibaba)),
            ("sts-vpc.cn-hangzhou.aliyuncs.com", Some(Cloud::Alibaba)),
            (
                "kst-hzz62f1cb66fa42qo.cryptoservice.kms.aliyuncs.com",
                Some(Cloud::Alibaba),
            ),
            ("ssm.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("ssm.ap-guangzhou.tencentcloudapi.com", Some(Cloud::Tencent)),
            (
                "ssm.ap-shanghai-fsi.tencentcloudapi.com",
                Some(Cloud::Tencent),
            ),
            ("ssm.intl.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("sts.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("tag.ap-guangzhou.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("tag.intl.tencentcloudapi.com", Some(Cloud::Tencent)),
            // Buckets of customers.
            ("kms.oss-cn-hangzhou.aliyuncs.com", None),
            ("kms-vpc.oss-cn-hangzhou-internal.aliyuncs.com", None),
            ("kms.oss.aliyuncs.com", None),
            ("kms.s3.oss-cn-hangzhou.aliyuncs.com", None),
            ("kms.cn-hangzhou.oss.aliyuncs.com", None),
            ("kms.cn-.aliyuncs.com", None),
            ("kms.c1-hangzhou.aliyuncs.com", None),
            ("kms.CN-hangzhou.aliyuncs.com", None),
            ("aliyuncs.com", None),
            (".aliyuncs.com", None),
            ("ecs.cn-hangzhou.aliyuncs.com", None),
            ("kms-vpc.aliyuncs.com", None),
            ("sts-vpc.aliyuncs.com", None),
            ("cryptoservice.kms.aliyuncs.com", None),
            ("evil.cryptoservice.kms.aliyuncs.com", None),
            ("a.kst-b.cryptoservice.kms.aliyuncs.com", None),
            ("kms.a.b.aliyuncs.com", None),
            ("kms..aliyuncs.com", None),
            ("kms.cn-hangzhou.aliyuncs.com.example.com", None),
            ("kms.cn_hangzhou.aliyuncs.com", None),
            ("notkms.aliyuncs.com", None),
            ("evilaliyuncs.com", None),
            ("cvm.tencentcloudapi.com", None),
            ("ssm.tencentcloudapi.com.example.com", None),
            ("ssm.ap-guangzhou.intl.tencentcloudapi.com", None),
            ("intl.tencentcloudapi.com", None),
            ("kms.tencentcloudapi.com", None),
            ("localhost", None),
        ] {
            assert_eq!(cloud_of_host(host), cloud, "{host}");
            assert_eq!(is_of_cloud(host), cloud.is_some(), "{host}");
        }
    }

    #[test]
    fn hosts_of_products_that_are_not_emulated_belong_to_a_cloud() {
        for (host, cloud) in [
            ("ecs.aliyuncs.com", Some(Cloud::Alibaba)),
            ("ecs.cn-hangzhou.aliyuncs.com", Some(Cloud::Alibaba)),
            ("ecs-vpc.cn-hangzhou.aliyuncs.com", Some(Cloud::Alibaba)),
            ("cvm.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("cvm.ap-guangzhou.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("cvm.intl.tencentcloudapi.com", Some(Cloud::Tencent)),
            ("cvm.internal.tencentcloudapi.com", Some(Cloud::Tencent)),
            // Hosts of customers, whose addresses a customer can choose.
            ("bucket.oss-cn-hangzhou.aliyuncs.com", None),
            ("bucket.oss-accelerate.aliyuncs.com", None),
            ("bucket.oss.aliyuncs.com", None),
            ("rm-1.mysql.rds.aliyuncs.com", None),
            ("mse-1.mse.aliyuncs.com", None),
            ("1.cn-hangzhou.fc.aliyuncs.com", None),
            ("es-cn-1.elasticsearch.aliyuncs.com", None),
            ("aliyuncs.com", None),
            (".aliyuncs.com", None),
            (".cn-hangzhou.aliyuncs.com", None),
            ("ecs..aliyuncs.com", None),
            ("e_cs.aliyuncs.com", None),
            ("ecs.aliyuncs.com.evil.example", None),
            ("evilaliyuncs.com", None),
            ("a.b.tencentcloudapi.com", None),
            ("a.intl.b.tencentcloudapi.com", None),
            ("tencentcloudapi.com", None),
            ("localhost", None),
        ] {
            assert_eq!(cloud_of_api(host), cloud, "{host}");
            let is_served = is_served(&host.to_ascii_uppercase(), &[]);
            assert_eq!(is_served, cloud.is_some() || host == "localhost", "{host}");
        }
    }

    #[test]
    fn the_other_services_are_next_to_the_host_of_ssm() {
        let next_to = |name: &str| next_to(name).collect::<Vec<_>>();
        assert_eq!(next_to("ssm.kms.test"), ["sts.kms.test", "tag.kms.test"]);
        for name in ["kms.test", "tag.kms.test", "ssm", "192.0.2.1", "*.kms.test"] {
            assert_eq!(next_to(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn host_names_wildcards_and_ip_addresses_are_valid_names() {
        for (text, name) in [
            ("kms", Some("kms")),
            ("KMS.Example.test", Some("kms.example.test")),
            ("*.Example.test", Some("*.example.test")),
            ("*.localhost", Some("*.localhost")),
            ("192.0.2.1", Some("192.0.2.1")),
            ("2001:DB8::1", Some("2001:db8::1")),
            ("", None),
            ("*", None),
            ("*.", None),
            ("*.*.test", None),
            ("a.*.test", None),
            ("a*.test", None),
            ("*.192.0.2.1", None),
            ("http://kms", None),
            ("kms:8080", None),
            ("a b", None),
        ] {
            assert_eq!(parse_name(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn emulated_hosts_are_known() {
        let names = ["kms.test", "*.Example.test", "192.0.2.7"].map(str::to_owned);
        for (host, known) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("cn-hangzhou.localhost", true),
            ("a.b.localhost", true),
            ("host.docker.internal", true),
            ("Host.Containers.Internal", true),
            ("gateway.docker.internal", true),
            ("host.minikube.internal", true),
            ("host.lima.internal", true),
            ("KMS.cn-hangzhou.aliyuncs.com", true),
            ("ssm.tencentcloudapi.com", true),
            ("metadata.tencentyun.com", true),
            ("metadata.tencentyun.com.evil.example", false),
            ("a.metadata.tencentyun.com", false),
            ("tencentyun.com", false),
            ("kms.test", true),
            ("KMS.TEST.", true),
            ("a.example.test", true),
            ("A.EXAMPLE.TEST", true),
            ("192.0.2.7", true),
            ("", false),
            (".", false),
            (".localhost", false),
            ("a..localhost", false),
            ("a b.localhost", false),
            ("evil.example@a.localhost", false),
            ("localhost.evil.example", false),
            ("notlocalhost", false),
            ("evil.docker.internal", false),
            ("example.test", false),
            (".example.test", false),
            ("a.b.example.test", false),
            ("aexample.test", false),
            ("kms.oss-cn-hangzhou.aliyuncs.com", false),
            ("evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("kms", false),
            ("ssm.kms.test", true),
            ("TAG.kms.test.", true),
            ("sts.kms.test", true),
            ("cvm.kms.test", false),
            ("a.tag.kms.test", false),
            ("tag.evil.example", false),
            ("tag.192.0.2.7", false),
        ] {
            assert_eq!(is_known_name(host, &names), known, "{host}");
        }
    }
}
