//! Programs that list secrets, one per SDK: the very files that the README shows and that the
//! tests run.

mod language;
#[cfg(test)]
pub(crate) mod lexer;

use crate::model::Cloud;

pub use language::{Language, quoted, quoted_in_comment};

/// The address in every program.
pub const ADDRESS: &str = "127.0.0.1:8080";

/// A program for one SDK.
#[derive(Debug)]
pub struct Snippet {
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// The cloud that it is for.
    pub cloud: Cloud,
    /// What it is written in.
    pub language: Language,
    /// The program, for the access key `test:test` and http.
    pub text: &'static str,
}

macro_rules! snippets {
    ($($sdk:literal: $cloud:ident, $language:ident, $file:literal;)*) => {
        &[$(Snippet {
            sdk: $sdk,
            cloud: Cloud::$cloud,
            language: Language::$language,
            text: include_str!($file),
        }),*]
    };
}

/// Every program.
pub const SNIPPETS: &[Snippet] = snippets! {
    "aliyun-python-sdk-kms": Alibaba, Python, "python/alibaba/aliyun_python_sdk_kms.py";
    "alibabacloud_kms20160120": Alibaba, Python, "python/alibaba/alibabacloud_kms.py";
    "@alicloud/pop-core": Alibaba, Node, "node/alibaba/pop_core.js";
    "@alicloud/kms20160120": Alibaba, Node, "node/alibaba/kms20160120.js";
    "@alicloud/openapi-client": Alibaba, Node, "node/alibaba/openapi_client.js";
    "github.com/alibabacloud-go/kms-20160120/v3": Alibaba, Go, "go/alibaba/kms20160120/main.go";
    "github.com/aliyun/alibaba-cloud-sdk-go": Alibaba, Go, "go/alibaba/alibaba_cloud_sdk_go/main.go";
    "com.aliyun:kms20160120": Alibaba, Java, "java/alibaba/Kms20160120.java";
    "com.aliyun:aliyun-java-sdk-kms": Alibaba, Java, "java/alibaba/AliyunJavaSdkKms.java";
    "tencentcloud-sdk-python-ssm": Tencent, Python, "python/tencent/tencentcloud_sdk_python_ssm.py";
    "tccli": Tencent, Shell, "python/tencent/list_secrets.sh";
    "tencentcloud-sdk-nodejs-ssm": Tencent, Node, "node/tencent/tencentcloud_sdk_nodejs_ssm.js";
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm": Tencent, Go, "go/tencent/ssm/main.go";
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common": Tencent, Go, "go/tencent/common/main.go";
    "com.tencentcloudapi:tencentcloud-sdk-java": Tencent, Java, "java/tencent/TencentCloudSdkJava.java";
};

/// The names of all SDKs.
pub fn names() -> impl Iterator<Item = &'static str> {
    SNIPPETS.iter().map(|snippet| snippet.sdk)
}

/// The program for an SDK.
#[must_use]
pub fn find(sdk: &str) -> Option<&'static Snippet> {
    SNIPPETS.iter().find(|snippet| snippet.sdk == sdk)
}
