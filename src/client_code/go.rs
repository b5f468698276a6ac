//! Programs in Go.

use serde_json::Value;

use super::arguments::{self, Argument, Lacks, Typed};
use super::layout::{Code, Style};
use super::{ApiCall, Program, fill};
use crate::clouds::alibaba::pairs_of;
use crate::snippets::Language;

const STYLE: Style = Style {
    width: 100,
    indent: "\t",
    trailing_comma: true,
    spaced_braces: false,
};

const ALIBABA: (&str, &str) = (
    "github.com/alibabacloud-go/kms-20160120/v3",
    "go get github.com/alibabacloud-go/kms-20160120/v3@v3.4.0",
);
const TENCENT: (&str, &str) = (
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssm",
    "go get github.com/tencentcloud/tencentcloud-sdk-go@v1.0.162",
);
const TENCENT_COMMON: (&str, &str) = (
    "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common",
    "go get github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common@v1.3.210",
);

pub(super) const ALIBABA_LACKS: Lacks = &["BatchGetSecretValue", "GetSecretValue.Recipient"];
/// The SDK is of 2021.
pub(super) const TENCENT_LACKS: Lacks = &[
    "CreateSecret.AdditionalConfig",
    "CreateSecret.EncryptType",
    "CreateSecret.KmsHsmClusterId",
    "CreateSecret.SecretType",
    "DeleteSecret.CleanSSHKey",
    "DeleteSecret.DeleteMode",
    "DescribeSupportedProducts",
    "GetSecretValue.EncryptionAlgorithm",
    "GetSecretValue.EncryptionPublicKey",
    "ListSecrets.EncryptType",
    "ListSecrets.InstanceID",
    "ListSecrets.ProductName",
    "ListSecrets.SecretType",
];

const ALIBABA_TYPED: &str = r#"package main

import (
	"fmt"
	"log"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	kms "github.com/alibabacloud-go/kms-20160120/v3/client"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := kms.NewClient(new(openapi.Config).
		SetEndpoint(«address»).
		SetProtocol("«protocol»").
		SetAccessKeyId(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")).
		SetAccessKeySecret(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
«request»	reply, err := client.«action»(«argument»)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.Prettify(reply.Body))
}
"#;

const ALIBABA_GENERIC: &str = r#"package main

import (
	"fmt"
	"log"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := openapi.NewClient(new(openapi.Config).
		SetEndpoint(«address»).
		SetProtocol("«protocol»").
		SetAccessKeyId(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")).
		SetAccessKeySecret(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
	params := new(openapi.Params).
		SetAction(«action»).
		SetVersion("2016-01-20").
		SetProtocol("«protocol»").
		SetPathname("/").
		SetMethod("POST").
		SetAuthType("AK").
		SetStyle("RPC").
		SetReqBodyType("formData").
		SetBodyType("json")
	request := new(openapi.OpenApiRequest).SetBody(«body»)
	reply, err := client.CallApi(params, request, new(dara.RuntimeOptions))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tea.Prettify(reply["body"]))
}
"#;

const TENCENT_TYPED: &str = r#"package main

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
	settings.HttpProfile.Endpoint = «address»
	settings.HttpProfile.Scheme = "«protocol»"
	client, err := ssm.NewClient(credential, «region», settings)
	if err != nil {
		log.Fatal(err)
	}
	request := ssm.New«action»Request()
«parameters»	reply, err := client.«action»(request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.ToJsonString())
}
"#;

const TENCENT_GENERIC: &str = r#"package main

import (
	"fmt"
	"log"
	"os"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

func main() {
	credential := common.NewCredential(
		os.Getenv("TENCENTCLOUD_SECRET_ID"),
		os.Getenv("TENCENTCLOUD_SECRET_KEY"),
	)
	settings := profile.NewClientProfile()
	settings.HttpProfile.Endpoint = «address»
	settings.HttpProfile.Scheme = "«protocol»"
	client := common.NewCommonClient(credential, «region», settings)
	request := tchttp.NewCommonRequest("ssm", "2019-09-23", «action»)
«parameters»	reply := tchttp.NewCommonResponse()
	if err := client.Send(request, reply); err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(reply.GetBody()))
}
"#;

fn literal(text: &str) -> String {
    Language::Go.literal(text)
}

/// A program for Alibaba Cloud.
pub fn alibaba(call: &ApiCall) -> Program {
    let address = literal(call.address);
    let protocol = call.protocol("HTTP", "HTTPS");
    let common = [("address", &*address), ("protocol", protocol)];
    let text = if let Some(arguments) = arguments::read(call, ALIBABA_LACKS) {
        let (request, argument) = request(call.action, &arguments);
        let values = [
            ("action", call.action),
            ("request", &*request),
            ("argument", argument),
        ];
        fill(ALIBABA_TYPED, &[&common[..], &values].concat())
    } else {
        let values = [
            ("action", &*literal(call.action)),
            ("body", &*body(&pairs_of(call.action, call.parameters))),
        ];
        fill(ALIBABA_GENERIC, &[&common[..], &values].concat())
    };
    call.program(Language::Go, ALIBABA, text)
}

/// The map of the parameters, with the values below each other.
fn body(parameters: &[(String, String)]) -> String {
    let names = parameters.iter().map(|(name, _)| literal(name) + ":");
    let names: Vec<_> = names.collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let longest = longest.unwrap_or_default();
    let mut body = "map[string]any{".to_owned();
    for (name, (_, text)) in names.iter().zip(parameters) {
        body.extend([format!("\n\t\t{name:longest$} {},", literal(text))]);
    }
    body + if parameters.is_empty() { "}" } else { "\n\t}" }
}

/// The statement that makes the request, and the name that this has.
fn request(action: &str, arguments: &[Argument]) -> (String, &'static str) {
    if matches!(
        action,
        "DescribeRegions" | "DescribeAccountKmsStatus" | "OpenKmsService"
    ) {
        return (String::new(), "");
    }
    let setters = arguments.iter().map(|Argument { name, value }| {
        let argument = match value {
            Typed::Text(text) => Code::Text(literal(text)),
            Typed::Number(number) => Code::Text(number.to_string()),
            Typed::Boolean(flag) => Code::Text(flag.to_string()),
            Typed::Texts(texts) => {
                let texts = texts.iter().map(|text| Code::Text(literal(text)));
                Code::list("tea.StringSlice([]string{", texts.collect(), "})")
            }
            Typed::Tags(tags) => {
                let tag = |tag: &arguments::Tag| {
                    let mut code =
                        format!("new(kms.{action}RequestTag).SetKey({})", literal(tag.key));
                    if let Some(value) = tag.value {
                        code.extend([format!(".SetValue({})", literal(value))]);
                    }
                    Code::Text(code)
                };
                let open = format!("[]*kms.{action}RequestTag{{");
                Code::list(open, tags.iter().map(tag).collect(), "}")
            }
            Typed::Object(members) => Code::Text(document(&members.clone().into())),
            Typed::Filters(_) | Typed::Records(_) => Code::Text("nil".into()), // the SDK has none
        };
        let around = "\t\t.Set()".len() + name.len();
        format!("Set{name}({})", argument.print(&STYLE, 2, around))
    });
    let chain = [format!("new(kms.{action}Request)")]
        .into_iter()
        .chain(setters);
    let chain: Vec<_> = chain.collect();
    (
        format!("\trequest := {}\n", chain.join(".\n\t\t")),
        "request",
    )
}

/// A JSON value.
fn document(value: &Value) -> String {
    match value {
        Value::Null => "nil".into(),
        Value::String(text) => literal(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(document).collect();
            format!("[]any{{{}}}", items.join(", "))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}: {}", literal(name), document(value)));
            format!(
                "map[string]any{{{}}}",
                members.collect::<Vec<_>>().join(", ")
            )
        }
        value => value.to_string(),
    }
}

/// A program for Tencent Cloud.
pub fn tencent(call: &ApiCall) -> Program {
    let (address, region) = (literal(call.address), literal(call.region));
    let protocol = call.protocol("HTTP", "HTTPS");
    let common = [
        ("address", &*address),
        ("protocol", protocol),
        ("region", &*region),
    ];
    let (sdk, text) = if let Some(arguments) = arguments::read(call, TENCENT_LACKS) {
        let parameters: String = arguments.iter().map(assignment).collect();
        let values = [("action", call.action), ("parameters", &*parameters)];
        let text = fill(TENCENT_TYPED, &[&common[..], &values].concat());
        (TENCENT, text)
    } else {
        let parameters = if call.parameters.is_empty() {
            String::new()
        } else {
            let json = Value::from(call.parameters.clone()).to_string();
            format!(
                "\tif err := request.SetActionParameters({}); err != nil {{\n\t\tlog.Fatal(err)\n\t}}\n",
                literal(&json)
            )
        };
        let action = literal(call.action);
        let values = [("action", &*action), ("parameters", &*parameters)];
        let text = fill(TENCENT_GENERIC, &[&common[..], &values].concat());
        (TENCENT_COMMON, text)
    };
    call.program(Language::Go, sdk, text)
}

/// A statement that sets a parameter of a request.
fn assignment(Argument { name, value }: &Argument) -> String {
    let pointer = |text: &str| format!("common.StringPtr({})", literal(text));
    let pointers = |texts: &[&str]| {
        let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
        format!("common.StringPtrs([]string{{{}}})", texts.join(", "))
    };
    let value = match value {
        Typed::Text(text) => Code::Text(pointer(text)),
        Typed::Number(number) => Code::Text(format!("common.Uint64Ptr({number})")),
        Typed::Boolean(flag) => Code::Text(format!("common.BoolPtr({flag})")),
        Typed::Texts(texts) => Code::Text(pointers(texts)),
        Typed::Tags(tags) => {
            let tag = |tag: &arguments::Tag| {
                let mut members = vec![format!("TagKey: {}", pointer(tag.key))];
                members.extend(tag.value.map(|text| format!("TagValue: {}", pointer(text))));
                Code::Text(format!("{{{}}}", members.join(", ")))
            };
            Code::list("[]*ssm.Tag{", tags.iter().map(tag).collect(), "}")
        }
        Typed::Filters(filters) => {
            let filter = |filter: &arguments::Filter| {
                let mut members = vec![format!("TagKey: {}", pointer(filter.key))];
                let values = filter.values.as_deref();
                members.extend(values.map(|texts| format!("TagValue: {}", pointers(texts))));
                Code::Text(format!("{{{}}}", members.join(", ")))
            };
            let filters = filters.iter().map(filter).collect();
            Code::list("[]*ssm.TagFilter{", filters, "}")
        }
        Typed::Records(_) | Typed::Object(_) => return String::new(), // only Alibaba Cloud has them
    };
    let around = "request. = ".len() + name.len();
    format!("\trequest.{name} = {}\n", value.print(&STYLE, 1, around))
}
