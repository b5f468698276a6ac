//! Programs in JavaScript for Node.

use serde_json::Value;

use super::arguments::{self, Argument, Lacks, Typed};
use super::layout::{Code, Style};
use super::{ApiCall, Program, fill};
use crate::clouds::alibaba::pairs_of;
use crate::snippets::Language;

const STYLE: Style = Style {
    width: 100,
    indent: "  ",
    trailing_comma: true,
    spaced_braces: true,
};

const ALIBABA: (&str, &str) = (
    "@alicloud/kms20160120",
    "npm install @alicloud/kms20160120@1.2.0 @alicloud/rpc-client@1.3.2",
);
const ALIBABA_OPEN_API: (&str, &str) = (
    "@alicloud/openapi-client",
    "npm install @alicloud/openapi-client@0.4.15 @alicloud/tea-util@1.4.11",
);
const TENCENT: (&str, &str) = (
    "tencentcloud-sdk-nodejs-ssm",
    "npm install tencentcloud-sdk-nodejs-ssm@4.1.263",
);
const TENCENT_COMMON: (&str, &str) = (
    "tencentcloud-sdk-nodejs-common",
    "npm install tencentcloud-sdk-nodejs-common@4.1.220",
);

/// The client is of 2020.
pub(super) const ALIBABA_LACKS: Lacks = &[
    "BatchGetSecretValue",
    "CreateSecret.DKMSInstanceId",
    "CreateSecret.EnableAutomaticRotation",
    "CreateSecret.ExtendedConfig",
    "CreateSecret.Policy",
    "CreateSecret.RotationInterval",
    "CreateSecret.SecretType",
    "DescribeAccountKmsStatus",
    "GetSecretPolicy",
    "GetSecretValue.DryRun",
    "GetSecretValue.FetchExtendedConfig",
    "GetSecretValue.Recipient",
    "ListSecrets.Filters",
    "ListTagResources",
    "OpenKmsService",
    "RotateSecret",
    "SetSecretPolicy",
    "TagResource.CertificateId",
    "TagResources",
    "UntagResource.CertificateId",
    "UntagResources",
    "UpdateSecretRotationPolicy",
];
/// The client sends what it is given.
pub(super) const TENCENT_LACKS: Lacks = &[];

const ALIBABA_TYPED: &str = r"const { default: Client, «action»Request } = require('@alicloud/kms20160120');
const { Config } = require('@alicloud/rpc-client');

const client = new Client(
  new Config({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: «address»,
    protocol: '«protocol»',
  }),
);
const request = «request»;

client.«method»(request).then(
  (reply) => console.log(JSON.stringify(reply.toMap(), null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
";

const ALIBABA_GENERIC: &str = r"const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');

const client = new Client(
  new Config({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: «address»,
    protocol: '«protocol»',
  }),
);
const params = new Params({
  action: «action»,
  version: '2016-01-20',
  protocol: '«protocol»',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
});
const request = «request»;

client.callApi(params, request, new RuntimeOptions({})).then(
  (reply) => console.log(JSON.stringify(reply.body, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
";

const TENCENT_TYPED: &str = r"const { Client } = require('tencentcloud-sdk-nodejs-ssm').ssm.v20190923;

const client = new Client({
  credential: {
    secretId: process.env.TENCENTCLOUD_SECRET_ID,
    secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
  },
  region: «region»,
  profile: { httpProfile: { endpoint: «address», protocol: '«protocol»://' } },
});
const request = «parameters»;

client.«action»(request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
";

const TENCENT_GENERIC: &str = r"const { CommonClient } = require('tencentcloud-sdk-nodejs-common');

const client = new CommonClient(«address», '2019-09-23', {
  credential: {
    secretId: process.env.TENCENTCLOUD_SECRET_ID,
    secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
  },
  region: «region»,
  profile: { httpProfile: { endpoint: «address», protocol: '«protocol»://' } },
});
const request = «parameters»;

client.request(«action», request).then(
  (reply) => console.log(JSON.stringify(reply, null, 2)),
  (error) => {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  },
);
";

fn literal(text: &str) -> String {
    Language::Node.literal(text)
}

/// A program for Alibaba Cloud.
pub fn alibaba(call: &ApiCall) -> Program {
    let address = literal(call.address);
    let protocol = call.protocol("http", "https");
    let common = [("address", &*address), ("protocol", protocol)];
    let (sdk, text) = if let Some(arguments) = arguments::read(call, ALIBABA_LACKS) {
        let values = [
            ("action", call.action),
            ("method", &*camel(call.action)),
            ("request", &*request(call.action, &arguments)),
        ];
        let text = fill(ALIBABA_TYPED, &[&common[..], &values].concat());
        (ALIBABA, text)
    } else {
        let items = pairs_of(call.action, call.parameters)
            .iter()
            .map(|(name, text)| Code::Text(format!("{}: {}", property(name), literal(text))))
            .collect();
        let body = Code::list("body: {", items, "}");
        let request = Code::list("new OpenApiRequest({", vec![body], "})");
        let values = [
            ("action", &*literal(call.action)),
            ("request", &*declared(&request)),
        ];
        let text = fill(ALIBABA_GENERIC, &[&common[..], &values].concat());
        (ALIBABA_OPEN_API, text)
    };
    call.program(Language::Node, sdk, text)
}

/// What is assigned to `request`.
fn declared(code: &Code) -> String {
    code.print(&STYLE, 0, "const request = ;".len())
}

fn request(action: &str, arguments: &[Argument]) -> String {
    let items = arguments.iter().filter_map(|Argument { name, value }| {
        let value = match value {
            Typed::Text(text) => literal(text),
            Typed::Number(number) => number.to_string(),
            Typed::Boolean(flag) => flag.to_string(),
            // The SDK has none of the operations with these.
            Typed::Texts(_)
            | Typed::Tags(_)
            | Typed::Filters(_)
            | Typed::Records(_)
            | Typed::Object(_) => return None,
        };
        Some(Code::Text(format!("{}: {value}", camel(name))))
    });
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        return format!("new {action}Request()");
    }
    declared(&Code::list(format!("new {action}Request({{"), items, "})"))
}

/// A program for Tencent Cloud.
pub fn tencent(call: &ApiCall) -> Program {
    let (address, region) = (literal(call.address), literal(call.region));
    let protocol = call.protocol("http", "https");
    let common = [
        ("address", &*address),
        ("protocol", protocol),
        ("region", &*region),
    ];
    let (sdk, text) = if let Some(arguments) = arguments::read(call, TENCENT_LACKS) {
        let parameters = declared(&document(&arguments::json(&arguments).into()));
        let values = [("action", call.action), ("parameters", &*parameters)];
        let text = fill(TENCENT_TYPED, &[&common[..], &values].concat());
        (TENCENT, text)
    } else {
        let parameters = declared(&document(&call.parameters.clone().into()));
        let action = literal(call.action);
        let values = [("action", &*action), ("parameters", &*parameters)];
        let text = fill(TENCENT_GENERIC, &[&common[..], &values].concat());
        (TENCENT_COMMON, text)
    };
    call.program(Language::Node, sdk, text)
}

/// A JSON value.
fn document(value: &Value) -> Code {
    match value {
        Value::String(text) => Code::Text(literal(text)),
        Value::Array(items) => Code::list("[", items.iter().map(document).collect(), "]"),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match document(value) {
                Code::Text(text) => Code::Text(format!("{}: {text}", property(name))),
                Code::List { open, items, close } => {
                    Code::list(format!("{}: {open}", property(name)), items, close)
                }
            };
            Code::list("{", members.iter().map(member).collect(), "}")
        }
        value => Code::Text(value.to_string()),
    }
}

/// The name of a property, with quotes where it needs them.
fn property(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric());
    match name {
        "__proto__" => "['__proto__']".into(), // without brackets it sets the prototype
        _ if is_plain => name.to_owned(),
        _ => literal(name),
    }
}

/// A name as the SDK writes it: `pageSize` for `PageSize`.
fn camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + characters.as_str()
    })
}
