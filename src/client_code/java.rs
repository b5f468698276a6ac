//! Programs in Java.

use serde_json::Value;

use super::arguments::{self, Argument, Lacks, Typed};
use super::layout::{Code, Style};
use super::{ApiCall, Program, fill};
use crate::clouds;
use crate::clouds::alibaba::pairs_of;
use crate::snippets::Language;

const STYLE: Style = Style {
    width: 100,
    indent: "    ",
    trailing_comma: false,
    spaced_braces: false,
};

const ALIBABA: (&str, &str) = (
    "com.aliyun:kms20160120",
    "<dependency><groupId>com.aliyun</groupId><artifactId>kms20160120</artifactId><version>1.2.3</version></dependency>",
);
const TENCENT: (&str, &str) = (
    "com.tencentcloudapi:tencentcloud-sdk-java",
    "<dependency><groupId>com.tencentcloudapi</groupId><artifactId>tencentcloud-sdk-java</artifactId><version>3.1.1436</version></dependency>",
);

pub(super) const ALIBABA_LACKS: Lacks = &["BatchGetSecretValue", "GetSecretValue.Recipient"];
pub(super) const TENCENT_LACKS: Lacks = &[
    "CreateSecret.EncryptType",
    "DeleteSecret.DeleteMode",
    "GetSecretValue.EncryptionAlgorithm",
    "GetSecretValue.EncryptionPublicKey",
    "ListSecrets.EncryptType",
    "ListSecrets.InstanceID",
];

const ALIBABA_TYPED: &str = r#"import com.aliyun.kms20160120.Client;
«imports»import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teautil.Common;
«util»
class «class» {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint(«address»)
                .setProtocol("«protocol»")
                .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))
                .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")));
«request»        try {
            var reply = client.«method»(«argument»);
            System.out.println(Common.toJSONString(reply.body.toMap()));
        } catch (TeaException e) {
            System.err.println(e.getCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
"#;

const ALIBABA_GENERIC: &str = r#"import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.Common;
import com.aliyun.teautil.models.RuntimeOptions;
import java.util.HashMap;

class «class» {
    public static void main(String[] args) throws Exception {
        var client = new Client(new Config()
                .setEndpoint(«address»)
                .setProtocol("«protocol»")
                .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))
                .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")));
        var params = new Params()
                .setAction(«action»)
                .setVersion("2016-01-20")
                .setProtocol("«protocol»")
                .setPathname("/")
                .setMethod("POST")
                .setAuthType("AK")
                .setStyle("RPC")
                .setReqBodyType("formData")
                .setBodyType("json");
        var body = new HashMap<String, Object>();
«body»        try {
            var reply = client.callApi(params, new OpenApiRequest().setBody(body), new RuntimeOptions());
            System.out.println(Common.toJSONString(reply.get("body")));
        } catch (TeaException e) {
            System.err.println(e.getCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
"#;

const TENCENT_TYPED: &str = r#"import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssm.v20190923.SsmClient;
«imports»
class «class» {
    public static void main(String[] args) {
        var credential = new Credential(
                System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_«protocol»);
        http.setEndpoint(«address»);
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new SsmClient(credential, «region», profile);
        var request = new «action»Request();
«parameters»        try {
            var reply = client.«action»(request);
            System.out.println(AbstractModel.toJsonString(reply));
        } catch (TencentCloudSDKException e) {
            System.err.println(e.getErrorCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
"#;

const TENCENT_GENERIC: &str = r#"import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.CommonRequest;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;

class «class» {
    public static void main(String[] args) {
        var credential = new Credential(
                System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
        var http = new HttpProfile();
        http.setProtocol(HttpProfile.REQ_«protocol»);
        http.setEndpoint(«address»);
        var profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
        var client = new CommonClient("ssm", "2019-09-23", credential, «region», profile);
        var request = new CommonRequest(«parameters»);
        try {
            System.out.println(client.commonRequest(request, «action»));
        } catch (TencentCloudSDKException e) {
            System.err.println(e.getErrorCode() + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
"#;

fn literal(text: &str) -> String {
    Language::Java.literal(text)
}

/// The name of the class: the operation, where that is one.
fn class<'a>(call: &ApiCall<'a>) -> &'a str {
    let cloud = clouds::with_default_settings().get(call.cloud);
    if cloud.has_operation(call.action) {
        call.action
    } else {
        "Call"
    }
}

/// A program for Alibaba Cloud.
pub fn alibaba(call: &ApiCall) -> Program {
    let address = literal(call.address);
    let protocol = call.protocol("HTTP", "HTTPS");
    let common = [
        ("address", &*address),
        ("protocol", protocol),
        ("class", class(call)),
    ];
    let typed = arguments::read(call, ALIBABA_LACKS)
        .and_then(|arguments| Request::new(call.action, &arguments));
    let text = if let Some(request) = typed {
        let values = [
            ("imports", &*request.imports),
            ("util", request.util),
            ("request", &*request.statement),
            ("method", &*camel(call.action)),
            ("argument", request.name),
        ];
        fill(ALIBABA_TYPED, &[&common[..], &values].concat())
    } else {
        let put = |(name, text): &(String, String)| {
            format!("        body.put({}, {});\n", literal(name), literal(text))
        };
        let body: String = pairs_of(call.action, call.parameters)
            .iter()
            .map(put)
            .collect();
        let action = literal(call.action);
        let values = [("action", &*action), ("body", &*body)];
        fill(ALIBABA_GENERIC, &[&common[..], &values].concat())
    };
    call.program(Language::Java, ALIBABA, text)
}

/// How a request of Alibaba Cloud is made.
#[derive(Default)]
struct Request {
    /// The imports of its classes.
    imports: String,
    /// The imports of Java's own classes.
    util: &'static str,
    statement: String,
    name: &'static str,
}

impl Request {
    /// None where a value cannot be written as one.
    fn new(action: &str, arguments: &[Argument]) -> Option<Self> {
        if matches!(
            action,
            "DescribeRegions" | "DescribeAccountKmsStatus" | "OpenKmsService"
        ) {
            return Some(Self::default());
        }
        let model = format!("{action}Request");
        let mut imports = format!("import com.aliyun.kms20160120.models.{model};\n");
        let (mut lists, mut maps) = (false, false);
        let mut chain = vec![format!("new {model}()")];
        for Argument { name, value } in arguments {
            let argument = match value {
                Typed::Text(text) => Code::Text(literal(text)),
                Typed::Number(number) => Code::Text(number.to_string()),
                Typed::Boolean(flag) => Code::Text(flag.to_string()),
                Typed::Texts(texts) => {
                    lists = true;
                    let texts = texts.iter().map(|text| Code::Text(literal(text)));
                    Code::list("List.of(", texts.collect(), ")")
                }
                Typed::Tags(tags) => {
                    lists = true;
                    let class = format!("{model}Tag");
                    imports.extend([format!(
                        "import com.aliyun.kms20160120.models.{model}.{class};\n"
                    )]);
                    let tag = |tag: &arguments::Tag| {
                        let mut code = format!("new {class}().setKey({})", literal(tag.key));
                        if let Some(value) = tag.value {
                            code.extend([format!(".setValue({})", literal(value))]);
                        }
                        Code::Text(code)
                    };
                    Code::list("List.of(", tags.iter().map(tag).collect(), ")")
                }
                Typed::Object(members) => {
                    maps = true;
                    let object = Value::from(members.clone());
                    lists |= has_list(&object);
                    Code::Text(document(&object)?)
                }
                Typed::Filters(_) | Typed::Records(_) => return None, // the SDK has none
            };
            let around = ".set()".len() + name.len();
            let argument = argument.print(&STYLE, 4, around);
            chain.push(format!(".set{name}({argument})"));
        }
        Some(Self {
            imports,
            util: match (lists, maps) {
                (false, false) => "",
                (true, false) => "import java.util.List;\n",
                (false, true) => "import java.util.Map;\n",
                (true, true) => "import java.util.List;\nimport java.util.Map;\n",
            },
            statement: format!(
                "        var request = {};\n",
                chain.join("\n                ")
            ),
            name: "request",
        })
    }
}

fn has_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(has_list),
        _ => false,
    }
}

/// A JSON value; none for what `Map.of` and `List.of` do not take, and for numbers that need care.
fn document(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => i32::try_from(number.as_i64()?).ok()?.to_string(),
        Value::String(text) => literal(text),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(document).collect();
            format!("List.of({})", items?.join(", "))
        }
        Value::Object(members) if members.len() > 10 => return None,
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| Some(format!("{}, {}", literal(name), document(value)?)));
            let members: Option<Vec<_>> = members.collect();
            format!("Map.of({})", members?.join(", "))
        }
    })
}

/// A program for Tencent Cloud.
pub fn tencent(call: &ApiCall) -> Program {
    let (address, region) = (literal(call.address), literal(call.region));
    let protocol = call.protocol("HTTP", "HTTPS");
    let common = [
        ("address", &*address),
        ("protocol", protocol),
        ("region", &*region),
        ("class", class(call)),
    ];
    let text = if let Some(arguments) = arguments::read(call, TENCENT_LACKS) {
        let mut models = vec![format!("{}Request", call.action)];
        let mut statements = String::new();
        for argument in &arguments {
            set(argument, &mut models, &mut statements);
        }
        models.sort_unstable();
        let import =
            |model: &String| format!("import com.tencentcloudapi.ssm.v20190923.models.{model};\n");
        let imports: String = models.iter().map(import).collect();
        let values = [
            ("action", call.action),
            ("imports", &*imports),
            ("parameters", &*statements),
        ];
        fill(TENCENT_TYPED, &[&common[..], &values].concat())
    } else {
        let action = literal(call.action);
        let values = [
            ("action", &*action),
            ("parameters", &*text_block(&call.parameters.clone().into())),
        ];
        fill(TENCENT_GENERIC, &[&common[..], &values].concat())
    };
    call.program(Language::Java, TENCENT, text)
}

/// Adds the statements that set a parameter of a request, and the models that they need.
fn set(Argument { name, value }: &Argument, models: &mut Vec<String>, statements: &mut String) {
    let mut statement = |text: String| statements.extend([format!("        {text};\n")]);
    let texts = |texts: &[&str]| {
        let texts: Vec<_> = texts.iter().map(|text| literal(text)).collect();
        format!("new String[] {{{}}}", texts.join(", "))
    };
    let mut names = Vec::new();
    let value = match value {
        Typed::Text(text) => literal(text),
        Typed::Number(number) => format!("{number}L"),
        Typed::Boolean(flag) => flag.to_string(),
        Typed::Texts(items) => texts(items),
        Typed::Tags(tags) => {
            models.push("Tag".into());
            for (index, tag) in tags.iter().enumerate() {
                let name = format!("tag{}", index + 1);
                statement(format!("var {name} = new Tag()"));
                statement(format!("{name}.setTagKey({})", literal(tag.key)));
                if let Some(value) = tag.value {
                    statement(format!("{name}.setTagValue({})", literal(value)));
                }
                names.push(name);
            }
            format!("new Tag[] {{{}}}", names.join(", "))
        }
        Typed::Filters(filters) => {
            models.push("TagFilter".into());
            for (index, filter) in filters.iter().enumerate() {
                let name = format!("filter{}", index + 1);
                statement(format!("var {name} = new TagFilter()"));
                statement(format!("{name}.setTagKey({})", literal(filter.key)));
                if let Some(values) = &filter.values {
                    statement(format!("{name}.setTagValue({})", texts(values)));
                }
                names.push(name);
            }
            format!("new TagFilter[] {{{}}}", names.join(", "))
        }
        Typed::Records(_) | Typed::Object(_) => return, // only Alibaba Cloud has them
    };
    statement(format!("request.set{name}({value})"));
}

/// A JSON value in a text block.
fn text_block(value: &Value) -> String {
    let json = format!("{value:#}");
    if !json.contains('\n') {
        return literal(&json);
    }
    let indent = " ".repeat(16);
    let mut block = "\"\"\"\n".to_owned();
    for line in json.lines() {
        // A literal without quotes of its own around it, and with those inside as they are.
        let line = literal(line).replace(r#"\""#, "\"");
        block.extend([format!("{indent}{}\n", &line[1..line.len() - 1])]);
    }
    block + &indent + "\"\"\""
}

/// A name as the SDK writes methods: `listSecrets` for `ListSecrets`.
fn camel(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + characters.as_str()
    })
}
