//! The products of the cloud that the emulator does not have, to name them in log, journal and coverage.

use super::protocol::Rpc;
use crate::clouds::service::Services;
use crate::http::host;

/// The versions of products that programs around secrets call.
const VERSIONS: [(&str, &str); 8] = [
    ("2014-05-26", "Ecs"),
    ("2014-08-15", "Rds"),
    ("2015-05-01", "Ram"),
    ("2015-12-15", "CS"),
    ("2016-04-28", "Vpc"),
    ("2019-08-15", "Ims"),
    ("2020-03-31", "ResourceManager"),
    ("2020-12-01", "HitsDB"),
];

/// The product of a request that is for one that is not emulated: its host or its version is that of the product.
pub(super) fn other(host: Option<&str>, version: &str, services: Services<Rpc>) -> Option<String> {
    let name = host::name_of(host.unwrap_or_default());
    let is_other = match name.strip_suffix(".aliyuncs.com") {
        Some(labels) => {
            let label = labels.split('.').next().unwrap_or_default();
            !services.have_host(label) && !label.starts_with("kst-")
        }
        None => VERSIONS.iter().any(|(known, _)| *known == version),
    };
    is_other.then(|| of(host, version))
}

/// The product that a request is for, by its host or its version.
pub(super) fn of(host: Option<&str>, version: &str) -> String {
    let host = host::name_of(host.unwrap_or_default());
    if let Some(labels) = host.strip_suffix(".aliyuncs.com") {
        return labels.split('.').next().unwrap_or_default().to_owned();
    }
    let known = VERSIONS.iter().find(|(known, _)| *known == version);
    known
        .map_or("unknown product", |(_, product)| product)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::SERVICES;

    #[test]
    fn the_host_or_the_version_selects_another_product() {
        for (host, version, product) in [
            ("ecs.cn-hangzhou.aliyuncs.com", "2014-05-26", Some("ecs")),
            ("ecs.aliyuncs.com", "2016-01-20", Some("ecs")),
            ("127.0.0.1:8080", "2015-05-01", Some("Ram")),
            ("127.0.0.1:8080", "1999-01-01", None),
            ("127.0.0.1:8080", "", None),
            ("kms.cn-hangzhou.aliyuncs.com", "1999-01-01", None),
            ("sts.aliyuncs.com", "2015-04-01", None),
            ("location-readonly.aliyuncs.com", "2015-06-12", None),
            (
                "kst-hzz1.cryptoservice.kms.aliyuncs.com",
                "2016-01-20",
                None,
            ),
        ] {
            let found = other(Some(host), version, SERVICES);
            assert_eq!(found.as_deref(), product, "{host} {version}");
        }
    }

    #[test]
    fn a_product_is_named_by_the_host_or_the_version() {
        for (host, version, product) in [
            (Some("ecs.cn-hangzhou.aliyuncs.com"), "2014-05-26", "ecs"),
            (Some("127.0.0.1:8080"), "2015-05-01", "Ram"),
            (None, "2015-05-01", "Ram"),
            (None, "1999-01-01", "unknown product"),
        ] {
            assert_eq!(of(host, version), product, "{host:?} {version}");
        }
    }
}
