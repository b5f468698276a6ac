//! Programs that make one call of a cloud's API against this emulator, for whoever has made the call
//! in the explorer and wants it in an application.
//!
//! A program uses the typed client of its SDK where that can send the call. It cannot where the SDK
//! lacks the operation or a parameter, or where a value is of a type that the client does not take;
//! then the program uses the vendor's generic client, which sends anything.
//!
//! [`arguments`] reads a call as typed clients take it; [`layout`] breaks code into lines; a file for
//! each language has the rest.

mod arguments;
mod go;
mod java;
mod layout;
mod node;
mod python;
mod shell;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::client_settings::trust_notes;
use crate::model::Cloud;
use crate::snippets::Language;

/// Where programs for https look for the emulator's authority.
const CA: &str = "ca.pem";

/// A call of a cloud's API that programs are written for.
#[derive(Debug, Clone, Copy)]
pub struct ApiCall<'a> {
    /// The cloud.
    pub cloud: Cloud,
    /// The vendor's name of the operation.
    pub action: &'a str,
    /// The operation's parameters as JSON values, by its description.
    pub parameters: &'a Map<String, Value>,
    /// The region to call.
    pub region: &'a str,
    /// Host and port of the emulator.
    pub address: &'a str,
    /// Whether to call by https.
    pub https: bool,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Program {
    /// What it is written in.
    pub language: Language,
    /// The name of the SDK's package.
    pub sdk: &'static str,
    /// How to get the SDK, in the version that the tests run.
    pub install: &'static str,
    /// The program.
    pub text: String,
}

/// A program for each SDK of the call's cloud.
#[must_use]
pub fn programs(call: &ApiCall) -> Vec<Program> {
    match call.cloud {
        Cloud::Alibaba => vec![
            python::alibaba(call),
            node::alibaba(call),
            go::alibaba(call),
            java::alibaba(call),
        ],
        Cloud::Tencent => vec![
            python::tencent(call),
            node::tencent(call),
            go::tencent(call),
            java::tencent(call),
            shell::tencent(call),
        ],
    }
}

impl ApiCall<'_> {
    /// One of two texts, by the protocol.
    fn protocol(&self, http: &'static str, https: &'static str) -> &'static str {
        if self.https { https } else { http }
    }

    /// The program, with what has to be done for https before it runs.
    fn program(
        &self,
        language: Language,
        (sdk, install): (&'static str, &'static str),
        text: String,
    ) -> Program {
        let text = if self.https {
            let notes = trust_notes(language, CA, self.address);
            format!("{}\n\n{text}", notes.join("\n"))
        } else {
            text
        };
        Program {
            language,
            sdk,
            install,
            text,
        }
    }
}

/// A template with values for its `«names»`.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut parts = template.split(['«', '»']);
    while let Some(text) = parts.next() {
        filled.push_str(text);
        let Some(name) = parts.next() else { break };
        let value = values.iter().find(|(known, _)| *known == name);
        debug_assert!(value.is_some(), "the template names {name}");
        filled.push_str(value.map_or("", |(_, value)| value));
    }
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tmp(cloud: Cloud, action: &str, parameters: Value) {
        let Value::Object(parameters) = parameters else {
            panic!()
        };
        for https in [false, true] {
            let call = ApiCall {
                cloud,
                action,
                parameters: &parameters,
                region: cloud_region(cloud),
                address: "127.0.0.1:8080",
                https,
            };
            for p in programs(&call) {
                if https && action != "ListSecrets" {
                    continue;
                }
                println!("=== {:?} {}\n{}", p.language, p.sdk, p.text);
            }
        }
    }
    fn cloud_region(cloud: Cloud) -> &'static str {
        match cloud {
            Cloud::Alibaba => "cn-hangzhou",
            Cloud::Tencent => "ap-guangzhou",
        }
    }

    #[test]
    fn tmp_print() {
        tmp(
            Cloud::Alibaba,
            "ListSecrets",
            json!({"PageSize": 10, "Filters": [{"Key": "TagKey", "Values": ["a", "it's"]}]}),
        );
        tmp(
            Cloud::Alibaba,
            "TagResources",
            json!({"ResourceType": "secret", "ResourceId": ["a", "b"], "Tag": [{"Key": "env", "Value": "prod"}, {"Key": "a rather long key that is long", "Value": "and a value"}]}),
        );
        tmp(
            Cloud::Alibaba,
            "CreateSecret",
            json!({"SecretName": "x", "SecretData": "a\nb\"'$\\密", "VersionId": "v1", "SecretType": "Rds", "ExtendedConfig": {"SecretSubType":"SingleUser","A":[1,true]}, "Description": ""}),
        );
        tmp(
            Cloud::Alibaba,
            "BatchGetSecretValue",
            json!({"SecretsList": "[{\"SecretName\":\"a\",\"FetchExtendedConfig\":true},{\"SecretName\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}]"}),
        );
        tmp(Cloud::Alibaba, "DescribeRegions", json!({}));
        tmp(
            Cloud::Alibaba,
            "ListKeys",
            json!({"PageSize": "abc", "X": [1, {"a": "b"}], "Filters": "\""}),
        );
        tmp(
            Cloud::Tencent,
            "ListSecrets",
            json!({"Limit": "10", "TagFilters": [{"TagKey": "a", "TagValue": ["b"]}, {"TagKey": "c"}]}),
        );
        tmp(
            Cloud::Tencent,
            "ListSecrets",
            json!({"Limit": "abc", "EncryptType": 1, "SearchSecretName": "it's \"q\" \\ \n \u{0}密"}),
        );
        tmp(
            Cloud::Tencent,
            "CreateSecret",
            json!({"SecretName": "x", "SecretString": "-a $HOME", "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        );
        tmp(Cloud::Tencent, "GetRegions", json!({}));
    }
}
