//! The products of the cloud that the emulator does not have, to name them in log, journal and coverage.

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
