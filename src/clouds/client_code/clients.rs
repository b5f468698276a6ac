//! The table of SDK clients that programs can use.

use super::arguments::{self, Argument, Lacks};
use super::call::ApiCall;
use super::language::Language;
use super::values::Values;
use super::{go, java, node, python, shell, terraform};
use crate::model::Cloud;

/// A client of an SDK.
#[derive(Debug)]
pub(super) struct Client {
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// How to install the SDK, in the version that the tests run.
    pub install: &'static str,
    pub cloud: Cloud,
    pub language: Language,
    /// The path of the template below `templates`, and of the example below `examples/sdk`.
    pub path: &'static str,
    /// The template.
    pub template: &'static str,
    pub writer: Writer,
}

/// Converts a call to the values that a client's template needs.
#[derive(Debug)]
pub(super) enum Writer {
    /// For a client with a class or method per operation. `values` is none if a value cannot be
    /// written in the language.
    Typed {
        lacks: Lacks,
        values: fn(action: &str, &[Argument]) -> Option<Values>,
    },
    /// For a client that sends any action and parameters.
    Generic(fn(&ApiCall) -> Values),
    /// For a client that supports only some calls; none for the others.
    Some(fn(&ApiCall) -> Option<Values>),
    /// The template contains the call: it lists secrets.
    ListSecrets,
}

impl Writer {
    /// The values for a call; none if the client cannot send it.
    pub(super) fn values(&self, call: &ApiCall) -> Option<Values> {
        match self {
            Self::Typed { .. } if !call.has_typed_clients() => None,
            Self::Typed { lacks, values } => values(call.action, &arguments::read(call, lacks)?),
            Self::Generic(values) => Some(values(call)),
            Self::Some(values) => values(call),
            Self::ListSecrets => Some(Values::new()),
        }
    }
}

macro_rules! clients {
    ($($sdk:literal, $install:literal, $cloud:ident, $language:ident, $path:literal, $writer:expr;)*) => {
        &[$(Client {
            sdk: $sdk,
            install: $install,
            cloud: Cloud::$cloud,
            language: Language::$language,
            path: $path,
            template: include_str!(concat!("templates/", $path)),
            writer: $writer,
        }),*]
    };
}

/// Every client. Per cloud and language, the first that can send a call is used for it. The example of
/// an SDK uses the SDK's first client.
pub(super) const CLIENTS: &[Client] = clients! {
    "alibabacloud_kms20160120",
        "pip install alibabacloud_kms20160120==3.3.1",
        Alibaba, Python, "python/alibaba/alibabacloud_kms20160120.py",
        Writer::Typed { lacks: PYTHON_ALIBABA_LACKS, values: python::alibaba };
    "alibabacloud_kms20160120",
        "pip install alibabacloud_kms20160120==3.3.1",
        Alibaba, Python, "python/alibaba/alibabacloud_tea_openapi.py",
        Writer::Generic(python::alibaba_generic);
    "aliyun-python-sdk-kms",
        "pip install aliyun-python-sdk-core==2.16.1 aliyun-python-sdk-kms==2.16.5",
        Alibaba, Python, "python/alibaba/aliyun_python_sdk_kms.py",
        Writer::ListSecrets;
    "@alicloud/kms20160120",
        "npm install @alicloud/kms20160120@1.2.0 @alicloud/rpc-client@1.3.2",
        Alibaba, Node, "node/alibaba/kms20160120.js",
        Writer::Typed { lacks: NODE_ALIBABA_LACKS, values: node::alibaba };
    "@alicloud/openapi-client",
        "npm install @alicloud/openapi-client@0.4.15 @alicloud/tea-util@1.4.11",
        Alibaba, Node, "node/alibaba/openapi_client.js",
        Writer::Generic(node::alibaba_generic);
    "@alicloud/pop-core",
        "npm install @alicloud/pop-core@1.8.0",
        Alibaba, Node, "node/alibaba/pop_core.js",
        Writer::ListSecrets;
    "github.com/alibabacloud-go/kms-20160120/v3",
        "go get github.com/alibabacloud-go/kms-20160120/v3@v3.4.0",
        Alibaba, Go, "go/alibaba/kms20160120/main.go",
        Writer::Typed { lacks: GO_ALIBABA_LACKS, values: go::alibaba };
    "github.com/alibabacloud-go/kms-20160120/v3",
        "go get github.com/alibabacloud-go/kms-20160120/v3@v3.4.0",
        Alibaba, Go, "go/alibaba/openapi/main.go",
        Writer::Generic(go::alibaba_generic);
    "github.com/aliyun/alibaba-cloud-sdk-go",
        "go get github.com/aliyun/alibaba-cloud-sdk-go@v1.63.107",
        Alibaba, Go, "go/alibaba/alibaba_cloud_sdk_go/main.go",
        Writer::ListSecrets;
    "com.aliyun:kms20160120",
        "<dependency><groupId>com.aliyun</groupId><artifactId>kms20160120</artifactId><version>1.2.3</version></dependency>",
        Alibaba, Java, "java/alibaba/kms20160120/ListSecrets.java",
        Writer::Typed { lacks: JAVA_ALIBABA_LACKS, values: java::alibaba };
    "com.aliyun:kms20160120",
        "<dependency><groupId>com.aliyun</groupId><artifactId>kms20160120</artifactId><version>1.2.3</version></dependency>",
        Alibaba, Java, "java/alibaba/tea_openapi/ListSecrets.java",
        Writer::Generic(java::alibaba_generic);
    "com.aliyun:aliyun-java-sdk-kms",
        "<dependency><groupId>com.aliyun</groupId><artifactId>aliyun-java-sdk-kms</artifactId><version>2.16.6</version></dependency>",
        Alibaba, Java, "java/alibaba/aliyun_java_sdk_kms/ListSecrets.java",
        Writer::ListSecrets;
    "aliyun",
        "brew install aliyun-cli",
        Alibaba, Shell, "shell/alibaba/aliyun.sh",
        Writer::Generic(shell::alibaba);
    "terraform-provider-alicloud",
        "terraform init",
        Alibaba, Terraform, "terraform/alibaba/main.tf",
        Writer::Some(terraform::alibaba);
    "tencentcloud-sdk-python-ssm",
        "pip install tencentcloud-sdk-python-ssm==3.1.194",
        Tencent, Python, "python/tencent/tencentcloud_sdk_python_ssm.py",
        Writer::Typed { lacks: NOTHING, values: |action, arguments| Some(python::tencent(action, arguments)) };
    "tencentcloud-sdk-python-ssm",
        "pip install tencentcloud-sdk-python-ssm==3.1.194",
        Tencent, Python, "python/tencent/tencentcloud_sdk_python_common.py",
        Writer::Generic(python::tencent_generic);
    "tccli",
        "pip install tccli==3.1.189.1",
        Tencent, Shell, "shell/tencent/tccli.sh",
        Writer::Generic(shell::tencent);
    "tencentcloud-sdk-nodejs-ssm",
        "npm install tencentcloud-sdk-nodejs-ssm@4.1.263",
        Tencent, Node, "node/tencent/tencentcloud_sdk_nodejs_ssm.js",
        Writer::Typed { lacks: NODE_TENCENT_LACKS, values: |action, arguments| Some(node::tencent(action, arguments)) };
    "tencentcloud-sdk-nodejs-common",
        "npm install tencentcloud-sdk-nodejs-common@4.1.220",
        Tencent, Node, "node/tencent/tencentcloud_sdk_nodejs_common.js",
        Writer::Generic(node::tencent_generic);
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm",
        "go get github.com/tencentcloud/tencentcloud-sdk-go@v1.0.162",
        Tencent, Go, "go/tencent/ssm/main.go",
        Writer::Typed { lacks: GO_TENCENT_LACKS, values: go::tencent };
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common",
        "go get github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common@v1.3.210",
        Tencent, Go, "go/tencent/common/main.go",
        Writer::Generic(go::tencent_generic);
    "com.tencentcloudapi:tencentcloud-sdk-java",
        "<dependency><groupId>com.tencentcloudapi</groupId><artifactId>tencentcloud-sdk-java</artifactId><version>3.1.1436</version></dependency>",
        Tencent, Java, "java/tencent/tencentcloud_sdk_java/ListSecrets.java",
        Writer::Typed { lacks: JAVA_TENCENT_LACKS, values: java::tencent };
    "com.tencentcloudapi:tencentcloud-sdk-java",
        "<dependency><groupId>com.tencentcloudapi</groupId><artifactId>tencentcloud-sdk-java</artifactId><version>3.1.1436</version></dependency>",
        Tencent, Java, "java/tencent/common/ListSecrets.java",
        Writer::Generic(java::tencent_generic);
};

/// The Python SDK of Tencent Cloud has every operation of SSM.
const NOTHING: Lacks = &[];

/// The operation has no request, so there is no class for one.
const PYTHON_ALIBABA_LACKS: Lacks = &["GetDefaultKmsInstance"];

/// The SDK is from 2020.
const NODE_ALIBABA_LACKS: Lacks = &[
    "AsymmetricDecrypt.DryRun",
    "AsymmetricDecrypt.Recipient",
    "AsymmetricEncrypt.DryRun",
    "AsymmetricSign.DryRun",
    "AsymmetricVerify.DryRun",
    "BatchGetSecretValue",
    "CreateKey.DKMSInstanceId",
    "CreateKey.KeyStorageMechanism",
    "CreateKey.Policy",
    "CreateKey.Tags",
    "CreateSecret.DKMSInstanceId",
    "CreateSecret.EnableAutomaticRotation",
    "CreateSecret.ExtendedConfig",
    "CreateSecret.Policy",
    "CreateSecret.RotationInterval",
    "CreateSecret.SecretType",
    "Decrypt.DryRun",
    "Decrypt.Recipient",
    "DescribeAccountKmsStatus",
    "Encrypt.DryRun",
    "ExportDataKey",
    "GenerateAndExportDataKey",
    "GenerateDataKey.DryRun",
    "GenerateDataKey.Recipient",
    "GenerateDataKeyWithoutPlaintext.DryRun",
    "GenerateMac",
    "GetDefaultKmsInstance",
    "GetKeyPolicy",
    "GetKmsInstance",
    "GetKmsInstanceQuotaInfos",
    "GetPublicKey.DryRun",
    "GetSecretPolicy",
    "GetSecretValue.DryRun",
    "GetSecretValue.FetchExtendedConfig",
    "GetSecretValue.Recipient",
    "ListKeys.Filters",
    "ListKmsInstances",
    "ListSecrets.Filters",
    "ListTagResources",
    "OpenKmsService",
    "ReEncrypt",
    "RotateSecret",
    "SetDeletionProtection",
    "SetKeyPolicy",
    "SetSecretPolicy",
    "TagResource.CertificateId",
    "TagResources",
    "UntagResource.CertificateId",
    "UntagResources",
    "UpdateSecretRotationPolicy",
    "VerifyMac",
];

const GO_ALIBABA_LACKS: Lacks = &[
    "AsymmetricDecrypt.Recipient",
    "BatchGetSecretValue",
    "Decrypt.Recipient",
    "GenerateDataKey.Recipient",
    "GenerateMac",
    "GetSecretValue.Recipient",
    "SetDeletionProtection.KmsInstanceId",
    "VerifyMac",
];

const JAVA_ALIBABA_LACKS: Lacks = &[
    "AsymmetricDecrypt.Recipient",
    "BatchGetSecretValue",
    "CreateKey.KeyStorageMechanism",
    "Decrypt.Recipient",
    "GenerateDataKey.Recipient",
    "GenerateMac",
    "GetDefaultKmsInstance",
    "GetKmsInstanceQuotaInfos",
    "GetSecretValue.Recipient",
    "ListKmsInstances.Filters",
    "SetDeletionProtection.KeyId",
    "SetDeletionProtection.KmsInstanceId",
    "VerifyMac",
];

/// The SDK is from 2021.
const GO_TENCENT_LACKS: Lacks = &[
    "CreateProductSecret",
    "CreateSSHKeyPairSecret",
    "CreateSecret.AdditionalConfig",
    "CreateSecret.EncryptType",
    "CreateSecret.KmsHsmClusterId",
    "CreateSecret.SecretType",
    "CreateService",
    "DeleteSecret.CleanSSHKey",
    "DeleteSecret.DeleteMode",
    "DescribeAsyncRequestInfo",
    "DescribeRotationDetail",
    "DescribeRotationHistory",
    "DescribeSupportedProducts",
    "GetSSHKeyPairValue",
    "GetSecretValue.EncryptionAlgorithm",
    "GetSecretValue.EncryptionPublicKey",
    "ListSecrets.EncryptType",
    "ListSecrets.InstanceID",
    "ListSecrets.ProductName",
    "ListSecrets.SecretType",
    "RotateProductSecret",
    "UpdateRotationStatus",
];

/// Its type declarations lack these parameters, so an editor would report them as errors.
const NODE_TENCENT_LACKS: Lacks = &[
    "CreateService",
    "DeleteSecret.DeleteMode",
    "GetSecretValue.EncryptionAlgorithm",
    "GetSecretValue.EncryptionPublicKey",
    "ListSecrets.InstanceID",
];

const JAVA_TENCENT_LACKS: Lacks = &[
    "CreateProductSecret.AccountRemark",
    "CreateProductSecret.AccountType",
    "CreateProductSecret.EncryptType",
    "CreateSSHKeyPairSecret.EncryptType",
    "CreateSecret.EncryptType",
    "CreateService",
    "DeleteSecret.DeleteMode",
    "GetSecretValue.EncryptionAlgorithm",
    "GetSecretValue.EncryptionPublicKey",
    "ListSecrets.EncryptType",
    "ListSecrets.InstanceID",
];
