//! The region of a request: the host selects it.

use super::protocol::Rpc;
use crate::clouds::service::Services;
use crate::http::host;
use crate::model::is_region_in_host;

/// The region that a `Host` header names, or `default`.
///
/// Some clients send the header with a scheme, a port or a path.
#[must_use]
pub(crate) fn of_host(host: Option<&str>, services: Services<Rpc>, default: &str) -> String {
    named_by(host.unwrap_or_default(), services).unwrap_or_else(|| default.to_owned())
}

fn named_by(host: &str, services: Services<Rpc>) -> Option<String> {
    let host = host::name_of(host);
    let region = if let Some(region) = host.strip_suffix(".localhost") {
        region
    } else {
        let (label, region) = host.strip_suffix(".aliyuncs.com")?.split_once('.')?;
        services.have_host(label).then_some(region)?
    };
    is_region_in_host(region).then(|| region.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::SERVICES;

    #[test]
    fn the_host_selects_the_region() {
        for (host, region) in [
            ("kms.cn-shanghai.aliyuncs.com", "cn-shanghai"),
            ("kms-vpc.eu-central-1.aliyuncs.com", "eu-central-1"),
            ("KMS.CN-Shanghai.Aliyuncs.Com:8080", "cn-shanghai"),
            ("http://kms.cn-shanghai.aliyuncs.com:8080/", "cn-shanghai"),
            ("ap-southeast-1.localhost:8080", "ap-southeast-1"),
            ("kms.cn-shanghai.aliyuncs.com.", "cn-shanghai"),
            ("127.0.0.1:8080", "default"),
            ("http://127.0.0.1:8080", "default"),
            ("[::1]:8080", "default"),
            ("localhost", "default"),
            (".localhost", "default"),
            ("a.b.localhost", "default"),
            ("kms.aliyuncs.com", "default"),
            ("kms.oss-cn-hangzhou.aliyuncs.com", "default"),
            ("kms.localhost", "default"),
            ("ssm.localhost", "default"),
            ("tag.localhost", "default"),
            ("sts.localhost:8080", "default"),
            ("ecs.cn-shanghai.aliyuncs.com", "default"),
            ("", "default"),
        ] {
            assert_eq!(of_host(Some(host), SERVICES, "default"), region, "{host}");
        }
        assert_eq!(of_host(None, SERVICES, "default"), "default");
    }
}
