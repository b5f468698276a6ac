use serde_json::json;

use super::clients::Writer;
use super::*;
use crate::clouds;
use crate::clouds::description::OperationDescription;
use crate::model::SecretKey;
use serde_json::Value;

fn written(cloud: Cloud, action: &str, parameters: &Value) -> Vec<Program> {
    let call = ApiCall {
        cloud,
        action,
        parameters: parameters.as_object().unwrap(),
    };
    let connection = Connection {
        address: "kms:8080",
        https: false,
        ca: "ca.pem",
        region: "ap-guangzhou",
        key: KeySource::Literal("id", &SecretKey::new("secret")),
    };
    programs(&call, &connection)
}

fn text(cloud: Cloud, language: Language, action: &str, parameters: &Value) -> String {
    let programs = written(cloud, action, parameters);
    let program = programs.into_iter().find(|it| it.language == language);
    program.unwrap().text
}

#[test]
fn program_is_formatted_as_its_language_requires() {
    let parameters = json!({"PageSize": "20", "Filters": [{"Key": "TagKey", "Values": ["env"]}]});
    assert_eq!(
        text(Cloud::Alibaba, Language::Python, "ListSecrets", &parameters),
        r#"import json
import sys

from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

config = Config(
    access_key_id="id",
    access_key_secret="secret",
    endpoint="kms:8080",
    protocol="HTTP",
)
request = ListSecretsRequest(
    page_size=20,
    filters='[{"Key":"TagKey","Values":["env"]}]',
)

try:
    reply = Client(config).list_secrets(request)
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply.body.to_map(), ensure_ascii=False, indent=2))
"#
    );
    let parameters = json!({"Limit": 20, "TagFilters": [{"TagKey": "env", "TagValue": ["a"]}]});
    assert_eq!(
        text(Cloud::Tencent, Language::Go, "ListSecrets", &parameters),
        r#"package main

import (
	"fmt"
	"log"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
)

func main() {
	credential := common.NewCredential("id", "secret")
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = "kms:8080"
	settings.HttpProfile.Scheme = "HTTP"
	client, err := ssm.NewClient(credential, "ap-guangzhou", settings)
	if err != nil {
		log.Fatal(err)
	}
	request := ssm.NewListSecretsRequest()
	request.Limit = common.Uint64Ptr(20)
	request.TagFilters = []*ssm.TagFilter{
		{TagKey: common.StringPtr("env"), TagValue: common.StringPtrs([]string{"a"})},
	}
	reply, err := client.ListSecrets(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.ToJsonString())
}
"#
    );
    let parameters = json!({"SecretName": "a", "SecretString": "-it's"});
    assert_eq!(
        text(Cloud::Tencent, Language::Shell, "CreateSecret", &parameters),
        "export TENCENTCLOUD_SECRET_ID=id TENCENTCLOUD_SECRET_KEY=secret\n\n\
                 tccli ssm CreateSecret --region ap-guangzhou --endpoint http://kms:8080 \\\n    \
                 --SecretName=a \\\n    \
                 --SecretString='-it'\\''s'\n"
    );
}

#[test]
fn calls_are_commands_and_terraform_blocks_too() {
    let parameters = json!({"SecretName": "app/a", "VersionId": "v1", "SecretData": "a${b}"});
    assert_eq!(
        text(Cloud::Alibaba, Language::Shell, "CreateSecret", &parameters),
        "export ALIBABA_CLOUD_ACCESS_KEY_ID=id ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret\n\n\
         aliyun kms CreateSecret --region ap-guangzhou --endpoint kms:8080 --insecure \\\n    \
         --SecretName=app/a \\\n    \
         --VersionId=v1 \\\n    \
         --SecretData='a${b}'\n"
    );
    let terraform = |action: &str, parameters: &Value| {
        text(Cloud::Alibaba, Language::Terraform, action, parameters)
    };
    let created = terraform("CreateSecret", &parameters);
    assert!(
        created.ends_with(
            r#"
resource "alicloud_kms_secret" "this" {
  secret_name                   = "app/a"
  version_id                    = "v1"
  secret_data                   = "a\u0024{b}"
  force_delete_without_recovery = true
}
"#
        ),
        "{created}"
    );
    let read = terraform("GetSecretValue", &json!({"SecretName": "a"}));
    assert!(
        read.contains("  secret_name    = \"a\"\n  enable_details = true\n}"),
        "{read}"
    );
    // The provider has no argument for filters.
    let filtered = json!({"Filters": "[]"});
    let programs = written(Cloud::Alibaba, "ListSecrets", &filtered);
    assert!(
        programs
            .iter()
            .all(|program| program.language != Language::Terraform)
    );
}

#[test]
fn values_have_the_types_of_the_typed_clients() {
    use Cloud::{Alibaba, Tencent};
    use Language::{Go, Java, Node, Python};
    let tags = json!({"Tag": [{"Key": "a", "Value": "b\"c"}], "ResourceId": ["x"]});
    let config = json!({"ExtendedConfig": "{\"a\":[1,true]}", "EnableAutomaticRotation": "true"});
    let flag = json!({"FetchTags": true});
    for (cloud, language, action, parameters, part) in [
        (
            Alibaba,
            Python,
            "TagResources",
            &tags,
            "    tag=[TagResourcesRequestTag(key=\"a\", value='b\"c')],\n    resource_id=[\"x\"],",
        ),
        (
            Alibaba,
            Go,
            "TagResources",
            &tags,
            "SetTag([]*kms.TagResourcesRequestTag{\n\t\t\tnew(kms.TagResourcesRequestTag).SetKey(\"a\").SetValue(`b\"c`),\n\t\t}).\n\t\tSetResourceId(tea.StringSlice([]string{\"x\"}))",
        ),
        (
            Alibaba,
            Java,
            "TagResources",
            &tags,
            r#".setTag(List.of(new TagResourcesRequestTag().setKey("a").setValue("b\"c")))"#,
        ),
        (
            Alibaba,
            Node,
            "TagResources",
            &tags,
            r#"body: { 'Tag.1.Key': 'a', 'Tag.1.Value': 'b"c', 'ResourceId.1': 'x' }"#,
        ),
        (
            Alibaba,
            Python,
            "CreateSecret",
            &config,
            "    extended_config={\"a\": [1, True]},\n    enable_automatic_rotation=True,\n)",
        ),
        (
            Alibaba,
            Go,
            "CreateSecret",
            &config,
            r#"SetExtendedConfig(map[string]any{"a": []any{1, true}})"#,
        ),
        (
            Alibaba,
            Java,
            "CreateSecret",
            &config,
            r#".setExtendedConfig(Map.of("a", List.of(1, true)))"#,
        ),
        (
            Alibaba,
            Python,
            "ListSecrets",
            &flag,
            r#"ListSecretsRequest(fetch_tags="true")"#,
        ),
        (
            Alibaba,
            Node,
            "ListSecrets",
            &flag,
            "new ListSecretsRequest({ fetchTags: 'true' })",
        ),
        (
            Tencent,
            Java,
            "CreateSecret",
            &json!({"Tags": [{"TagKey": "a"}]}),
            "        var tag1 = new Tag();\n        tag1.setTagKey(\"a\");\n        request.setTags(new Tag[] {tag1});\n",
        ),
        (
            Tencent,
            Java,
            "ListSecrets",
            &json!({"Limit": 5}),
            "request.setLimit(5L);",
        ),
        (
            Tencent,
            Node,
            "DeleteSecret",
            &json!({"CleanSSHKey": false, "a-b": 1}),
            "{ CleanSSHKey: false, 'a-b': 1 }",
        ),
    ] {
        let text = text(cloud, language, action, parameters);
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn generic_client_sends_the_calls_that_the_typed_client_cannot_send() {
    use Cloud::{Alibaba, Tencent};
    for (cloud, action, parameters, generic) in [
        (Alibaba, "ListSecrets", json!({"PageSize": "20"}), false),
        (Alibaba, "ListSecrets", json!({"PageSize": "020"}), true),
        (
            Alibaba,
            "ListSecrets",
            json!({"PageSize": 3_000_000_000_u32}),
            true,
        ),
        (Alibaba, "ListSecrets", json!({"PageSize": 1.5}), true),
        (Alibaba, "ListSecrets", json!({"PageSize": [1]}), true),
        (Alibaba, "ListSecrets", json!({"Unknown": "a"}), true),
        (Alibaba, "listSecrets", json!({}), true),
        (Alibaba, "ListCertificates", json!({}), true),
        (Alibaba, "No \"such\" thing", json!({}), true),
        (
            Alibaba,
            "TagResources",
            json!({"Tag": [{"Key": "a", "Other": "b"}]}),
            true,
        ),
        (Alibaba, "TagResources", json!({"ResourceId": "a"}), true),
        (
            Alibaba,
            "UpdateSecret",
            json!({"ExtendedConfig.CustomData": "{}"}),
            true,
        ),
        (
            Alibaba,
            "ScheduleKeyDeletion",
            json!({"PendingWindowInDays": "7"}),
            false,
        ),
        (
            Alibaba,
            "ImportKeyMaterial",
            json!({"KeyMaterialExpireUnix": 0}),
            true,
        ),
        (Alibaba, "GetCallerIdentity", json!({}), true),
        (Alibaba, "DescribeEndpoints", json!({"Id": "a"}), true),
        (Tencent, "DescribeResourceTags", json!({}), true),
        (Tencent, "ListSecrets", json!({"Limit": 20}), false),
        (Tencent, "ListSecrets", json!({"Limit": "20"}), true),
        (Tencent, "ListSecrets", json!({"Limit": -1}), true),
        (Tencent, "ListSecrets", json!({"Limit": null}), true),
        (Tencent, "DescribeSecret", json!({"SecretName": 1}), true),
        (Tencent, "GetSecretValue", json!({"SecretName": "a"}), false),
        (Tencent, "GetTags", json!({}), true),
    ] {
        let text = text(cloud, Language::Python, action, &parameters);
        let is_generic = text.contains("call_api(") || text.contains("call_json(");
        assert_eq!(is_generic, generic, "{action} {parameters}");
    }
}

#[test]
fn generic_client_sends_the_version_of_the_product() {
    let go = text(
        Cloud::Alibaba,
        Language::Go,
        "GetCallerIdentity",
        &json!({}),
    );
    assert!(go.contains("SetVersion(\"2015-04-01\")"), "{go}");
    let shell = text(
        Cloud::Alibaba,
        Language::Shell,
        "GetCallerIdentity",
        &json!({}),
    );
    assert!(shell.contains("aliyun sts GetCallerIdentity"), "{shell}");
}

#[test]
fn parameters_of_keys_have_the_types_of_the_typed_clients() {
    let parameters = json!({"NumberOfBytes": "16", "EncryptionContext": "{\"a\":\"b\"}"});
    let go = text(Cloud::Alibaba, Language::Go, "GenerateDataKey", &parameters);
    assert!(go.contains("SetNumberOfBytes(16)"), "{go}");
    assert!(go.contains("SetEncryptionContext(map[string]any{"), "{go}");
    let parameters = json!({"EnableDeletionProtection": "true"});
    let java = text(
        Cloud::Alibaba,
        Language::Java,
        "SetDeletionProtection",
        &parameters,
    );
    assert!(java.contains("setEnableDeletionProtection(true)"), "{java}");
}

/// The operations of both clouds.
fn operations() -> impl Iterator<Item = (Cloud, OperationDescription)> {
    let clouds = clouds::with_default_settings().all().into_iter();
    clouds.flat_map(|cloud| {
        let operations = cloud.operations().into_iter();
        operations.map(|operation| (cloud.cloud(), operation))
    })
}

#[test]
fn every_operation_has_a_program_per_language_for_any_values() {
    let values = [
        json!(null),
        json!(true),
        json!(7),
        json!(-1.5e300),
        json!(u64::MAX),
        json!("{{ a }}{% if https %}{#\u{0}\"'`\\\n\u{2028}🔑"),
        json!([]),
        json!({}),
        json!(["a", "b"]),
        json!([{"Key": "a", "Value": "b"}]),
        json!([{"TagKey": "a", "TagValue": "b"}]),
        json!([null, "a", {"Key": {"a": []}, "TagKey": 1}]),
        json!({"__proto__": ["\"\"\""]}),
    ];
    for (cloud, operation) in operations() {
        // Terraform has no block for the others.
        let with_terraform = ["CreateSecret", "GetSecretValue", "ListSecrets"];
        let languages = match cloud {
            Cloud::Alibaba if with_terraform.contains(&operation.action) => 6,
            _ => 5,
        };
        assert_eq!(
            written(cloud, operation.action, &json!({})).len(),
            languages
        );
        for value in &values {
            let known = operation.parameters.iter().map(|known| known.name);
            for names in [
                known.clone().collect(),
                known.chain(["{{ odd }} \"name\"\n"]).collect::<Vec<_>>(),
            ] {
                let parameters = names.iter().map(|name| ((*name).to_owned(), value.clone()));
                let parameters = Value::Object(parameters.collect());
                let first = written(cloud, operation.action, &parameters);
                assert!(first.len() >= 4, "{} {parameters}", operation.action);
                assert!(first.iter().all(|program| program.text.ends_with('\n')));
                assert_eq!(first, written(cloud, operation.action, &parameters));
            }
        }
    }
}

/// Programs for calls by the typed and by the generic clients of both clouds, and the examples of all
/// SDKs.
fn programs_of_all_clients(connection: &Connection) -> Vec<(Language, Cloud, String)> {
    let parameters = Map::new();
    let mut all = Vec::new();
    for cloud in [Cloud::Alibaba, Cloud::Tencent] {
        for action in ["ListSecrets", "Unknown"] {
            let call = ApiCall {
                cloud,
                action,
                parameters: &parameters,
            };
            let programs = programs(&call, connection).into_iter();
            all.extend(programs.map(|program| (program.language, cloud, program.text)));
        }
    }
    let example = |it: Example| (it.language(), it.cloud(), it.program(connection));
    all.extend(examples().map(example));
    all
}

#[test]
fn program_for_https_has_comments_on_trusting_the_certificate_authority() {
    let connection = Connection {
        address: "kms:8443",
        https: true,
        ca: "ca.pem",
        region: "r",
        key: KeySource::Literal("id", &SecretKey::new("secret")),
    };
    for (language, _, text) in programs_of_all_clients(&connection) {
        let comment = language.comment();
        let note = format!("{comment} curl --output ca.pem http://kms:8443/_emulator/ca.pem\n");
        let code = text.strip_prefix(&note).expect(&text);
        let is_encrypted = code.to_lowercase().contains("https") || code.contains(" --secure");
        assert!(is_encrypted, "{text}");
        for http in [
            "\"http\"",
            "'http'",
            "\"HTTP\"",
            "http://kms",
            "'http://'",
            "REQ_HTTP)",
            "ProtocolType.HTTP)",
        ] {
            assert!(!code.contains(http), "{http} in {text}");
        }
        if language == Language::Python {
            assert!(code.contains("=\"ca.pem\""), "{text}");
        }
    }
}

#[test]
fn program_without_a_literal_key_names_the_variables_that_it_reads() {
    let connection = Connection {
        address: "kms:8080",
        https: false,
        ca: "ca.pem",
        region: "r",
        key: KeySource::Environment,
    };
    for (language, cloud, text) in programs_of_all_clients(&connection) {
        let (comment, code) = text.split_once("\n\n").unwrap();
        assert!(comment.starts_with(language.comment()), "{text}");
        for variable in key_variables(cloud) {
            assert!(comment.contains(variable), "{text}");
            // Command lines and Terraform read them themselves.
            let is_read = code.contains(variable)
                || matches!(language, Language::Shell | Language::Terraform);
            assert!(is_read, "{text}");
        }
    }
}

#[test]
fn operations_and_parameters_that_clients_lack_exist() {
    let operations: Vec<_> = operations().collect();
    for client in CLIENTS {
        let Writer::Typed { lacks, .. } = client.writer else {
            continue;
        };
        assert!(lacks.is_sorted());
        for lacked in lacks {
            let (action, parameter) = lacked.split_once('.').unwrap_or((lacked, ""));
            let mut operations = operations.iter();
            let operation =
                operations.find(|(cloud, it)| *cloud == client.cloud && it.action == action);
            let (_, operation) = operation.expect(lacked);
            let mut names = operation.parameters.iter().map(|known| known.name);
            assert!(
                parameter.is_empty() || names.any(|name| name == parameter),
                "{lacked}"
            );
        }
    }
}
