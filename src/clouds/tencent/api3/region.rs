//! The region of a request: a common parameter names it.

use crate::clouds::hosts;
use crate::http::host;
use crate::model::Cloud;

/// The regions of the cloud; secrets are offered in some of them. From the vendor's page *Common
/// Params* of several products.
const KNOWN: [&str; 27] = [
    "ap-bangkok",
    "ap-beijing",
    "ap-beijing-fsi",
    "ap-chengdu",
    "ap-chongqing",
    "ap-guangzhou",
    "ap-guangzhou-open",
    "ap-hongkong",
    "ap-jakarta",
    "ap-mumbai",
    "ap-nanjing",
    "ap-osaka",
    "ap-seoul",
    "ap-shanghai",
    "ap-shanghai-fsi",
    "ap-shenzhen",
    "ap-shenzhen-fsi",
    "ap-singapore",
    "ap-taipei",
    "ap-tokyo",
    "eu-frankfurt",
    "eu-moscow",
    "na-ashburn",
    "na-siliconvalley",
    "na-toronto",
    "sa-saopaulo",
    "me-saudi-arabia",
];

/// Whether the cloud has a region of this name, even if secrets are not offered there.
#[must_use]
pub fn is_known(region: &str) -> bool {
    KNOWN.contains(&region)
}

/// Whether a `Host` header names the host of an API of this cloud, or `ssm.localhost` or `tag.localhost`.
#[must_use]
pub(crate) fn is_own_host(header: &str) -> bool {
    let host = host::name_of(header);
    hosts::cloud_of_api(&host) == Some(Cloud::Tencent)
        || matches!(host.as_str(), "ssm.localhost" | "tag.localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_cloud_are_recognized() {
        for (host, own) in [
            ("ssm.tencentcloudapi.com", true),
            ("SSM.tencentcloudapi.com:443", true),
            ("https://ssm.ap-guangzhou.tencentcloudapi.com/", true),
            ("ssm.intl.tencentcloudapi.com", true),
            ("tag.tencentcloudapi.com", true),
            ("sts.tencentcloudapi.com", true),
            ("ssm.localhost:8080", true),
            ("tag.localhost", true),
            // Both clouds have this service.
            ("sts.localhost", false),
            ("localhost", false),
            ("kms.cn-hangzhou.aliyuncs.com", false),
            ("cvm.tencentcloudapi.com", true),
            ("ssm.tencentcloudapi.com.evil.example", false),
            ("127.0.0.1:8080", false),
            ("", false),
        ] {
            assert_eq!(is_own_host(host), own, "{host}");
        }
    }
}
