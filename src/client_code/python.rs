//! Programs in Python.

use serde_json::Value;

use super::arguments::{self, Argument, Lacks, Typed};
use super::layout::{Code, Style};
use super::{ApiCall, CA, Program, fill};
use crate::clouds::alibaba::pairs_of;
use crate::snippets::Language;

const STYLE: Style = Style {
    width: 88,
    indent: "    ",
    trailing_comma: true,
    spaced_braces: false,
};

const ALIBABA: (&str, &str) = (
    "alibabacloud_kms20160120",
    "pip install alibabacloud_kms20160120==3.3.1",
);
const TENCENT: (&str, &str) = (
    "tencentcloud-sdk-python-ssm",
    "pip install tencentcloud-sdk-python-ssm==3.1.194",
);
/// Both are newer than what the emulator knows.
const LACKS: Lacks = &[];

const ALIBABA_TYPED: &str = r#"import json
import os
import sys

from alibabacloud_kms20160120.client import Client
«models»from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config

config = Config(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    endpoint=«address»,
    protocol="«protocol»",
«ca»)
«request»
try:
    reply = Client(config).«method»(«argument»)
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply.body.to_map(), ensure_ascii=False, indent=2))
"#;

const ALIBABA_GENERIC: &str = r#"import json
import os
import sys

from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

config = Config(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    endpoint=«address»,
    protocol="«protocol»",
«ca»)
params = Params(
    action=«action»,
    version="2016-01-20",
    protocol="«protocol»",
    pathname="/",
    method="POST",
    auth_type="AK",
    style="RPC",
    req_body_type="formData",
    body_type="json",
)
request = «request»

try:
    reply = Client(config).call_api(params, request, RuntimeOptions())
except AlibabaCloudException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply["body"], ensure_ascii=False, indent=2))
"#;

const TENCENT_TYPED: &str = r#"import json
import os
import sys

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssm.v20190923.models import «action»Request
from tencentcloud.ssm.v20190923.ssm_client import SsmClient

credential = Credential(
    os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
)
http = «http»
client = SsmClient(credential, «region», ClientProfile(httpProfile=http))

request = «action»Request()
«parameters»
try:
    reply = client.«action»(request)
except TencentCloudSDKException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(json.loads(reply.to_json_string()), ensure_ascii=False, indent=2))
"#;

const TENCENT_GENERIC: &str = r#"import json
import os
import sys

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

credential = Credential(
    os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
)
http = «http»
profile = ClientProfile(httpProfile=http)
client = CommonClient("ssm", "2019-09-23", credential, «region», profile)

parameters = «parameters»
try:
    reply = client.call_json(«action», parameters)
except TencentCloudSDKException as error:
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(reply["Response"], ensure_ascii=False, indent=2))
"#;

fn literal(text: &str) -> String {
    Language::Python.literal(text)
}

/// A program for Alibaba Cloud.
pub fn alibaba(call: &ApiCall) -> Program {
    let address = literal(call.address);
    let protocol = call.protocol("HTTP", "HTTPS");
    let ca = if call.https {
        format!("    ca={},\n", literal(CA))
    } else {
        String::new()
    };
    let common = [("address", &*address), ("protocol", protocol), ("ca", &*ca)];
    let text = if let Some(arguments) = arguments::read(call, LACKS) {
        let (models, request, argument) = request(call.action, &arguments);
        let values = [
            ("models", &*models),
            ("request", &*request),
            ("method", &*snake(call.action)),
            ("argument", argument),
        ];
        fill(ALIBABA_TYPED, &[&common[..], &values].concat())
    } else {
        let items = pairs_of(call.action, call.parameters)
            .iter()
            .map(|(name, text)| Code::Text(format!("{}: {}", literal(name), literal(text))))
            .collect();
        let body = Code::list("body={", items, "}");
        let request = Code::list("OpenApiRequest(", vec![body], ")");
        let values = [
            ("action", &*literal(call.action)),
            ("request", &*request.print(&STYLE, 0, "request = ".len())),
        ];
        fill(ALIBABA_GENERIC, &[&common[..], &values].concat())
    };
    call.program(Language::Python, ALIBABA, text)
}

/// The import of the models, the statement that makes the request, and the name that this has.
fn request(action: &str, arguments: &[Argument]) -> (String, String, &'static str) {
    if matches!(
        action,
        "DescribeRegions" | "DescribeAccountKmsStatus" | "OpenKmsService"
    ) {
        return (String::new(), String::new(), "");
    }
    let model = format!("{action}Request");
    let mut models = vec![Code::Text(model.clone())];
    let mut items = Vec::new();
    for Argument { name, value } in arguments {
        let name = snake(name);
        let list = |items| Code::list(format!("{name}=["), items, "]");
        items.push(match value {
            Typed::Text(text) => Code::Text(format!("{name}={}", literal(text))),
            Typed::Number(number) => Code::Text(format!("{name}={number}")),
            Typed::Boolean(flag) => Code::Text(format!("{name}={}", boolean(*flag))),
            Typed::Texts(texts) => {
                list(texts.iter().map(|text| Code::Text(literal(text))).collect())
            }
            Typed::Tags(tags) => {
                let class = format!("{model}Tag");
                models.push(Code::Text(class.clone()));
                let tag = |tag: &arguments::Tag| {
                    let members = [("key", Some(tag.key)), ("value", tag.value)];
                    let members = members.into_iter().filter_map(|(name, text)| {
                        Some(Code::Text(format!("{name}={}", literal(text?))))
                    });
                    Code::list(format!("{class}("), members.collect(), ")")
                };
                list(tags.iter().map(tag).collect())
            }
            Typed::Records(records) => {
                let class = format!("{model}SecretsList");
                models.push(Code::Text(class.clone()));
                let record = |record: &Vec<(&str, String)>| {
                    let members = record.iter().map(|(name, text)| {
                        Code::Text(format!("{}={}", snake(name), literal(text)))
                    });
                    Code::list(format!("{class}("), members.collect(), ")")
                };
                list(records.iter().map(record).collect())
            }
            Typed::Object(members) => {
                let Code::List { open, items, close } = document(&members.clone().into()) else {
                    continue;
                };
                Code::list(format!("{name}={open}"), items, close)
            }
            Typed::Filters(_) => continue, // only Tencent Cloud has them
        });
    }
    let import = Code::list("(", models, ")").print(
        &STYLE,
        0,
        "from alibabacloud_kms20160120.models import ".len(),
    );
    let import = if import.contains('\n') {
        import
    } else {
        import.trim_matches(['(', ')']).to_owned()
    };
    let request = Code::list(format!("{model}("), items, ")");
    (
        format!("from alibabacloud_kms20160120.models import {import}\n"),
        format!(
            "request = {}\n",
            request.print(&STYLE, 0, "request = ".len())
        ),
        "request",
    )
}

/// A program for Tencent Cloud.
pub fn tencent(call: &ApiCall) -> Program {
    let mut http = vec![
        Code::Text(format!("protocol=\"{}\"", call.protocol("http", "https"))),
        Code::Text(format!("endpoint={}", literal(call.address))),
    ];
    if call.https {
        http.push(Code::Text(format!("certification={}", literal(CA))));
    }
    let http = Code::list("HttpProfile(", http, ")").print(&STYLE, 0, "http = ".len());
    let region = literal(call.region);
    let common = [("http", &*http), ("region", &*region)];
    let text = if let Some(arguments) = arguments::read(call, LACKS) {
        let parameters = if arguments.is_empty() {
            String::new()
        } else {
            let parameters = document(&arguments::json(&arguments).into());
            let parameters = parameters.print(&STYLE, 0, "parameters = ".len());
            format!("parameters = {parameters}\nrequest.from_json_string(json.dumps(parameters))\n")
        };
        let values = [("action", call.action), ("parameters", &*parameters)];
        fill(TENCENT_TYPED, &[&common[..], &values].concat())
    } else {
        let parameters = document(&call.parameters.clone().into());
        let values = [
            ("action", &*literal(call.action)),
            (
                "parameters",
                &*parameters.print(&STYLE, 0, "parameters = ".len()),
            ),
        ];
        fill(TENCENT_GENERIC, &[&common[..], &values].concat())
    };
    call.program(Language::Python, TENCENT, text)
}

/// A JSON value.
fn document(value: &Value) -> Code {
    match value {
        Value::Null => Code::Text("None".into()),
        Value::Bool(flag) => Code::Text(boolean(*flag).into()),
        Value::Number(number) => Code::Text(number.to_string()),
        Value::String(text) => Code::Text(literal(text)),
        Value::Array(items) => Code::list("[", items.iter().map(document).collect(), "]"),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match document(value) {
                Code::Text(text) => Code::Text(format!("{}: {text}", literal(name))),
                Code::List { open, items, close } => {
                    Code::list(format!("{}: {open}", literal(name)), items, close)
                }
            };
            Code::list("{", members.iter().map(member).collect(), "}")
        }
    }
}

fn boolean(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// A name as the SDK writes it: `page_size` for `PageSize`, and `dkmsinstance_id` for `DKMSInstanceId`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if character.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
        before = character;
    }
    snake
}
