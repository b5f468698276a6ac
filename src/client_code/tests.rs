use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clouds;
use crate::snippets::lexer::{hostile, lex};

fn written(cloud: Cloud, action: &str, parameters: &Value) -> Vec<Program> {
    programs(&ApiCall {
        cloud,
        action,
        parameters: parameters.as_object().unwrap(),
        region: "ap-guangzhou",
        address: "kms:8080",
        https: false,
    })
}

fn text(cloud: Cloud, language: Language, action: &str, parameters: &Value) -> String {
    let programs = written(cloud, action, parameters);
    let program = programs.into_iter().find(|it| it.language == language);
    program.unwrap().text
}

#[test]
fn a_program_is_what_a_programmer_would_write() {
    let parameters = json!({"PageSize": "20", "Filters": [{"Key": "TagKey", "Values": ["env"]}]});
    assert_eq!(
        text(Cloud::Alibaba, Language::Python, "ListSecrets", &parameters),
        r#"import json
import os
import sys

from alibabacloud_kms20160120.client import Client
from alibabacloud_kms20160120.models import ListSecretsRequest
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

config = Config(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
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
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssm "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm/v20190923"
)

func main() {
	credential := common.NewCredential(
		os.Getenv("TENCENTCLOUD_SECRET_ID"),
		os.Getenv("TENCENTCLOUD_SECRET_KEY"),
	)
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
        "tccli ssm CreateSecret --region ap-guangzhou --endpoint http://kms:8080 \\\n    \
                 --SecretName=a \\\n    \
                 --SecretString='-it'\\''s'\n"
    );
}

#[test]
fn values_are_of_the_types_that_clients_have() {
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
fn what_a_typed_client_cannot_send_is_sent_by_another() {
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
        (Alibaba, "ListKeys", json!({}), true),
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
        (Tencent, "ListSecrets", json!({"Limit": 20}), false),
        (Tencent, "ListSecrets", json!({"Limit": "20"}), true),
        (Tencent, "ListSecrets", json!({"Limit": -1}), true),
        (Tencent, "ListSecrets", json!({"Limit": null}), true),
        (Tencent, "DescribeSecret", json!({"SecretName": 1}), true),
        (Tencent, "GetSecretValue", json!({"SecretName": "a"}), false),
        (Tencent, "RotateProductSecret", json!({}), true),
    ] {
        let text = text(cloud, Language::Python, action, &parameters);
        let is_generic = text.contains("call_api(") || text.contains("call_json(");
        assert_eq!(is_generic, generic, "{action} {parameters}");
    }
}

#[test]
fn any_call_has_the_same_programs_each_time() {
    let odd = [
        json!(null),
        json!(true),
        json!(-1.5e300),
        json!(u64::MAX),
        json!("«a»\u{0}\"'`\\\n\u{2028}🔑"),
        json!([]),
        json!({}),
        json!([null, "a", {"Key": {"a": []}, "TagKey": 1}]),
        json!({"__proto__": ["\"\"\""]}),
    ];
    for cloud in clouds::with_default_settings().all() {
        let (cloud, operations) = (cloud.cloud(), cloud.operations());
        for operation in operations {
            for value in &odd {
                let names = operation
                    .parameters
                    .iter()
                    .map(|known| known.name.to_owned());
                let names = names.chain(["«odd» \"name\"\n".to_owned()]);
                let parameters = names.map(|name| (name, value.clone())).collect();
                let parameters = Value::Object(parameters);
                let first = written(cloud, operation.action, &parameters);
                assert_eq!(first, written(cloud, operation.action, &parameters));
                for program in first {
                    assert!(program.text.ends_with('\n'));
                    let known = ["«a»", "«odd»"];
                    let text = known
                        .iter()
                        .fold(program.text, |text, known| text.replace(known, ""));
                    assert!(!text.contains(['«', '»']), "{text}");
                }
            }
        }
    }
}

#[test]
fn over_https_a_program_says_how_to_trust_the_emulator() {
    let parameters = Map::new();
    for cloud in [Cloud::Alibaba, Cloud::Tencent] {
        for action in ["ListSecrets", "Unknown"] {
            for program in programs(&ApiCall {
                cloud,
                action,
                parameters: &parameters,
                region: "r",
                address: "kms:8443",
                https: true,
            }) {
                let text = program.text;
                let comment = program.language.comment();
                let note =
                    format!("{comment} curl --output ca.pem http://kms:8443/_emulator/ca.pem\n");
                let code = text.strip_prefix(&note).expect(&text);
                assert!(code.to_lowercase().contains("https"), "{text}");
                for http in [
                    "\"http\"",
                    "'http'",
                    "\"HTTP\"",
                    "http://kms",
                    "'http://'",
                    "REQ_HTTP)",
                ] {
                    assert!(!code.contains(http), "{http} in {text}");
                }
                if program.language == Language::Python {
                    assert!(code.contains("=\"ca.pem\""), "{text}");
                }
            }
        }
    }
}

#[test]
fn what_clients_lack_is_something_that_there_is() {
    let all = |cloud| {
        move |action: &str| {
            clouds::with_default_settings()
                .get(cloud)
                .parameters(action)
        }
    };
    for (cloud, lacks) in [
        (Cloud::Alibaba, node::ALIBABA_LACKS),
        (Cloud::Alibaba, go::ALIBABA_LACKS),
        (Cloud::Alibaba, java::ALIBABA_LACKS),
        (Cloud::Tencent, go::TENCENT_LACKS),
        (Cloud::Tencent, java::TENCENT_LACKS),
    ] {
        assert!(lacks.is_sorted());
        for lacked in lacks {
            let (action, parameter) = lacked.split_once('.').unwrap_or((lacked, ""));
            let described = all(cloud)(action).expect(lacked);
            let names: Vec<_> = described.iter().map(|known| known.name).collect();
            assert!(
                parameter.is_empty() || names.contains(&parameter),
                "{lacked}"
            );
        }
    }
}

/// Programs for a call with these texts in it: as the typed clients send it, and as generic ones do.
fn programs_with(texts: &[String; 5]) -> Vec<Program> {
    let [address, region, name, text, tag] = texts;
    let tags = |key: &str, value: &str| json!([{key: tag, value: tag}]);
    let alibaba = json!({"SecretName": name, "SecretData": text});
    let alibaba_tags = json!({"Tag": tags("Key", "Value"), "ResourceId": [name]});
    let tencent = json!({
        "SecretName": name, "SecretString": text, "Tags": tags("TagKey", "TagValue")
    });
    let generic = json!({"SecretName": name, format!("{text} "): {"a": [tag]}});
    let calls = [
        (Cloud::Alibaba, "CreateSecret", alibaba),
        (Cloud::Alibaba, "TagResources", alibaba_tags),
        (Cloud::Alibaba, "CreateSecret", generic.clone()),
        (Cloud::Tencent, "CreateSecret", tencent),
        (Cloud::Tencent, "CreateSecret", generic),
    ];
    let written = calls.iter().flat_map(|(cloud, action, parameters)| {
        programs(&ApiCall {
            cloud: *cloud,
            action,
            parameters: parameters.as_object().unwrap(),
            region,
            address,
            https: true,
        })
    });
    written.collect()
}

/// A JSON value with other texts in the place of these.
fn mapped(value: Value, map: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(mapped_text(&text, map)),
        Value::Array(items) => items.into_iter().map(|item| mapped(item, map)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (map(&name), mapped(value, map)))
            .collect(),
        other => other,
    }
}

/// A text, or the JSON in it, with other texts in the place of these.
fn mapped_text(text: &str, map: &impl Fn(&str) -> String) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(json @ (Value::Array(_) | Value::Object(_))) => mapped(json, map).to_string(),
        _ => map(text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_program_has_the_texts_of_a_call_as_strings_and_nothing_else_of_them(
        hostile in prop::array::uniform5(hostile())
    ) {
        let benign = ["ADDRESS", "REGION", "NAME", "TEXT", "TAG"].map(str::to_owned);
        let texts = benign.iter().zip(&hostile).collect::<Vec<_>>();
        let map = |text: &str| {
            let text_name = text.strip_suffix(' ').unwrap_or(text);
            match texts.iter().find(|(name, _)| *name == text_name) {
                Some((name, value)) => text.replace(name.as_str(), value),
                None => text.to_owned(),
            }
        };
        for (found, expected) in programs_with(&hostile).iter().zip(programs_with(&benign)) {
            if found.language == Language::Shell {
                continue;
            }
            let program = &found.text;
            let (found, expected) = (
                lex(found.language, program),
                lex(found.language, &expected.text),
            );
            prop_assert_eq!(found.code, expected.code, "{}", program);
            let json = |text: &String| match serde_json::from_str::<Value>(text) {
                Ok(json @ (Value::Array(_) | Value::Object(_))) => json.to_string(),
                _ => text.clone(),
            };
            let strings: Vec<_> = expected.strings.iter().map(|text| mapped_text(text, &map)).collect();
            let found_strings: Vec<_> = found.strings.iter().map(json).collect();
            prop_assert_eq!(found_strings, strings, "{}", program);
            let comments = found.comments.iter().filter(|text| *text != " coding: utf-8");
            prop_assert_eq!(comments.count(), expected.comments.len());
        }
    }
}
