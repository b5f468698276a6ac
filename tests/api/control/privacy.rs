//! Canaries: unique texts in one place of one request, which must not appear in any output.
//!
//! Each test sends requests with canaries to the built program, which logs at trace level, and then searches
//! the journal, its events, single requests, the page, coverage, metrics, the state without values, the log
//! and the error texts. Only values that an operation describes as not sensitive, and the names of its
//! parameters, may appear.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::deadline::{connect, eventually};
use crate::process::Running;
use crate::support::{FORM, RawReply, encode};

const JSON: &str = "application/json";

/// The prefix of every canary, before a number of five digits and `value`. The whole text is valid Base64.
const PREFIX: &str = "canary";

/// A running program with the canaries that were sent and found.
struct Hunt {
    /// Absent after the program has ended.
    server: Option<Running>,
    events: Arc<Mutex<String>>,
    /// The kind and place of each canary, by its number.
    positions: Vec<(String, String)>,
    /// The numbers of the canaries that were found, by output and kind.
    leaks: BTreeMap<(String, String), BTreeSet<usize>>,
}

/// The part of a request that has the parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Carrier {
    Query,
    Form,
    /// A JSON body with this content type; empty = no content type.
    Json(&'static str),
}

const CARRIERS: [Carrier; 7] = [
    Carrier::Query,
    Carrier::Form,
    Carrier::Json(JSON),
    // The headers of `curl -d`.
    Carrier::Json(FORM),
    Carrier::Json(""),
    Carrier::Json("text/plain"),
    Carrier::Json("text/json; charset=utf-8"),
];

/// How a request is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Claim {
    Nothing,
    /// A wrong signature among the parameters.
    Parameters,
    /// A wrong signature in the header `Authorization`.
    Header,
}

impl Hunt {
    fn start() -> Self {
        let server = Running::with(&["--log", "trace", "--journal", "20000"]);
        let events = Arc::new(Mutex::new(String::new()));
        let mut listener = connect(&server.address);
        listener
            .write_all(
                b"GET /_emulator/journal/events?source=any HTTP/1.1\r\nHost: localhost\r\n\r\n",
            )
            .unwrap();
        let mut listener = BufReader::new(listener);
        // Every request after the head is an event.
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(listener.read_line(&mut head).unwrap() > 0, "{head}");
        }
        keep(listener, &events);
        Self {
            server: Some(server),
            events,
            positions: Vec::new(),
            leaks: BTreeMap::new(),
        }
    }

    /// A new canary of this kind at this place.
    fn canary(&mut self, what: impl Into<String>, position: impl Into<String>) -> String {
        let canary = format!("{PREFIX}{:05}value", self.positions.len());
        self.positions.push((what.into(), position.into()));
        canary
    }

    fn ask(&self, request: &[u8]) -> RawReply {
        let mut connection = connect(&self.server.as_ref().unwrap().address);
        connection.write_all(request).unwrap();
        RawReply::read(&mut connection)
    }

    /// Sends a request with canaries. A canary in the error text is a leak, except in the name of an unknown
    /// parameter: the vendors' error texts contain it too.
    fn send(&mut self, request: &[u8]) {
        let reply = self.ask(request);
        let is_error = reply.status >= 400 || reply.body.contains(r#""Error":"#);
        if is_error {
            let found: Vec<usize> = numbers(&reply.body)
                .filter(|number| !self.positions[*number].0.ends_with(NAME))
                .collect();
            self.note("the error text", found);
        }
    }

    fn note(&mut self, place: &str, found: impl IntoIterator<Item = usize>) {
        for number in found {
            let (what, _) = &self.positions[number];
            let leak = self.leaks.entry((place.to_owned(), what.clone()));
            leak.or_default().insert(number);
        }
    }

    fn control(&self, target: &str) -> String {
        let reply = self.ask(&http("GET", &format!("/_emulator/{target}"), &NONE, ""));
        assert_eq!(reply.status, 200, "{target}: {}", reply.body);
        reply.body
    }

    /// Searches all outputs of the server, and fails if a canary was found.
    fn search(mut self) {
        let journal = self.control("journal?source=any&limit=20000");
        let html = [("Accept", "text/html")];
        let mut places = BTreeMap::from([
            ("the page", self.ask(&http("GET", "/", &html, "")).body),
            ("the explorer", self.control("explorer/index.html")),
            ("the coverage", self.control("coverage")),
            ("the metrics", self.control("metrics")),
            ("the settings", self.control("settings")),
            ("the state without values", self.control("state")),
        ]);
        let listed: Value = serde_json::from_str(&journal).unwrap();
        let ids: Vec<&str> = listed["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["request_id"].as_str().unwrap())
            .collect();
        let mut single = String::new();
        // A sample, because each is found by a search from the end of the journal.
        for id in ids.iter().step_by(ids.len() / 200 + 1) {
            let exchange: Value =
                serde_json::from_str(&self.control(&format!("journal/{id}"))).unwrap();
            // The exact reply may contain secret values.
            single += &exchange["request"].to_string();
            single += &exchange["received"].to_string();
        }
        places.insert("a single request", single);
        let last = listed["requests"].as_array().unwrap().last();
        let number = last.expect("a request")["number"].as_u64().unwrap();
        let id = format!("id: {number}\n");
        assert!(
            eventually(|| self.events.lock().unwrap().contains(&id)),
            "the event stream is incomplete"
        );
        places.insert("an event", self.events.lock().unwrap().clone());
        places.insert("the journal", journal);
        let (_, log) = self.server.take().unwrap().stop("TERM");
        assert!(log.contains("request"), "nothing was logged");
        places.insert("the log", log);
        for (place, text) in &places {
            self.note(place, numbers(text).collect::<Vec<_>>());
        }
        let leaks: Vec<String> = self
            .leaks
            .iter()
            .map(|((place, what), found)| {
                let first = found.first().map_or("", |first| &*self.positions[*first].1);
                format!(
                    "\n  {place} has {what}: {} times, first {first}",
                    found.len()
                )
            })
            .collect();
        assert!(leaks.is_empty(), "canaries were found:{}", leaks.concat());
    }

    /// All operations of a cloud as `/_emulator/operations` describes them.
    fn operations(&self, cloud: &str) -> Vec<Value> {
        let text = self.control(&format!("operations?cloud={cloud}"));
        let mut body: Value = serde_json::from_str(&text).unwrap();
        match body["operations"].take() {
            Value::Array(operations) => operations,
            other => panic!("{other}"),
        }
    }

    /// Sends parameters to an operation, in a part of the request, signed in a way.
    fn call(
        &mut self,
        cloud: &str,
        action: &str,
        carrier: Carrier,
        claim: Claim,
        parameters: &[(String, Value)],
    ) {
        let mut common: Vec<(String, String)> = Vec::new();
        let mut headers: Vec<(&str, String)> = Vec::new();
        let in_headers =
            cloud == "tencent" && (matches!(carrier, Carrier::Json(_)) || claim == Claim::Header);
        if in_headers {
            headers.push(("X-TC-Action", action.into()));
            headers.push(("X-TC-Version", "2019-09-23".into()));
            headers.push(("X-TC-Timestamp", "1767323045".into()));
        } else {
            common.push(("Action".into(), action.into()));
            let version = match cloud {
                "tencent" => "2019-09-23",
                _ => "2016-01-20",
            };
            common.push(("Version".into(), version.into()));
        }
        let position = format!("in {cloud} {action}, {carrier:?}, {claim:?}");
        if claim == Claim::Parameters {
            let signature = self.canary("the signature", &position);
            let token = self.canary("the token", &position);
            let given: &[(&str, &str)] = match cloud {
                "tencent" => &[
                    ("SecretId", "test"),
                    ("Timestamp", "1767323045"),
                    ("Nonce", "1"),
                    ("Token", &token),
                ],
                _ => &[
                    ("AccessKeyId", "test"),
                    ("SignatureMethod", "HMAC-SHA1"),
                    ("SignatureVersion", "1.0"),
                    ("SignatureNonce", "1"),
                    ("Timestamp", "2026-01-02T03:04:05Z"),
                    ("SecurityToken", &token),
                ],
            };
            for (name, value) in given {
                common.push(((*name).into(), (*value).into()));
            }
            common.push(("Signature".into(), signature));
        }
        if claim == Claim::Header {
            let signature = self.canary("the signature in the header", &position);
            let token = self.canary("the token in the header", &position);
            if cloud == "tencent" {
                headers.push(("X-TC-Token", token));
                headers.push(("Authorization", format!("TC3-HMAC-SHA256 Credential=test/2026-01-02/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}")));
            } else {
                headers.push(("x-acs-security-token", token));
                headers.push(("x-acs-date", "2026-01-02T03:04:05Z".into()));
                headers.push(("Authorization", format!("ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host;x-acs-date;x-acs-security-token,Signature={signature}")));
            }
        }
        let pairs = |values: &[(String, Value)]| {
            let values = values.iter().map(|(name, value)| match value {
                Value::String(text) => (name.clone(), text.clone()),
                other => (name.clone(), other.to_string()),
            });
            form(&values.collect::<Vec<_>>())
        };
        let query = form(&common);
        let join = |one: &str, other: &str| match (one, other) {
            ("", text) | (text, "") => text.to_owned(),
            (one, other) => format!("{one}&{other}"),
        };
        let request = match carrier {
            Carrier::Query => {
                let target = format!("/?{}", join(&query, &pairs(parameters)));
                http("GET", &target, &headers, "")
            }
            Carrier::Form => {
                headers.push(("Content-Type", FORM.into()));
                http("POST", "/", &headers, &join(&query, &pairs(parameters)))
            }
            Carrier::Json(content_type) => {
                if !content_type.is_empty() {
                    headers.push(("Content-Type", content_type.into()));
                }
                let object: serde_json::Map<_, _> = parameters.iter().cloned().collect();
                let target = if query.is_empty() {
                    "/".to_owned()
                } else {
                    format!("/?{query}")
                };
                http(
                    "POST",
                    &target,
                    &headers,
                    &Value::Object(object).to_string(),
                )
            }
        };
        self.send(&request);
    }
}

/// The end of the description of a name's place.
const NAME: &str = "(a name)";

/// Reads lines on a thread as they arrive.
fn keep(mut source: impl BufRead + Send + 'static, text: &Arc<Mutex<String>>) {
    let text = Arc::clone(text);
    std::thread::spawn(move || {
        let mut line = Vec::new();
        while source
            .read_until(b'\n', &mut line)
            .is_ok_and(|count| count > 0)
        {
            text.lock()
                .unwrap()
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    });
}

fn form(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn http(method: &str, target: &str, headers: &[(&str, impl AsRef<str>)], body: &str) -> Vec<u8> {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        request.extend([name, ": ", value.as_ref(), "\r\n"]);
    }
    if method != "GET" {
        request.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
    }
    request.extend(["\r\n", body]);
    request.into_bytes()
}

/// The numbers of the canaries in a text, in any letter case.
fn numbers(text: &str) -> impl Iterator<Item = usize> {
    let text = text.to_ascii_lowercase();
    let found: BTreeSet<usize> = text
        .match_indices(PREFIX)
        .filter_map(|(index, _)| {
            let start = index + PREFIX.len();
            text.get(start..start + 5)?.parse().ok()
        })
        .collect();
    found.into_iter()
}

#[test]
fn no_value_of_a_sensitive_or_unknown_parameter_is_shown() {
    let mut hunt = Hunt::start();
    for cloud in ["alibaba", "tencent"] {
        for operation in hunt.operations(cloud) {
            let action = operation["action"].as_str().unwrap();
            for carrier in CARRIERS {
                for claim in [Claim::Nothing, Claim::Parameters, Claim::Header] {
                    let position = format!("in {cloud} {action}, {carrier:?}, {claim:?}");
                    let mut parameters: Vec<(String, Value)> = Vec::new();
                    for parameter in operation["parameters"].as_array().unwrap() {
                        let name = parameter["name"].as_str().unwrap();
                        if parameter["sensitive"] == true {
                            let canary = hunt.canary(name, &position);
                            parameters.push((name.into(), canary.into()));
                        }
                    }
                    let unknown = hunt.canary(format!("an unknown parameter {NAME}"), &position);
                    let value = hunt.canary("the value of an unknown parameter", &position);
                    parameters.push((unknown, value.into()));
                    hunt.call(cloud, action, carrier, claim, &parameters);
                    // Known only elsewhere, or written in another way.
                    for name in ["SecretData", "SecretString", "secretdata", "SecretString.0"] {
                        let canary = hunt.canary(format!("{name}, alone"), &position);
                        let alone = [(name.to_owned(), canary.into())];
                        hunt.call(cloud, action, carrier, claim, &alone);
                    }
                }
            }
        }
    }
    hunt.search();
}

#[test]
fn no_value_of_an_operation_is_shown() {
    let mut hunt = Hunt::start();
    for carrier in CARRIERS {
        for (cloud, name) in [("alibaba", "SecretData"), ("tencent", "SecretString")] {
            let secret = format!("s{}", hunt.positions.len());
            let text = |value: &str| Value::from(value);
            for (action, version) in [("CreateSecret", "v1"), ("PutSecretValue", "v2")] {
                let canary = hunt.canary(name, format!("in {cloud} {action}, {carrier:?}"));
                let mut parameters = vec![
                    ("SecretName".to_owned(), text(&secret)),
                    ("VersionId".to_owned(), text(version)),
                    (name.to_owned(), text(&canary)),
                ];
                hunt.call(cloud, action, carrier, Claim::Nothing, &parameters);
                // The second request is rejected.
                hunt.call(cloud, action, carrier, Claim::Nothing, &parameters);
                // A value of a wrong type is rejected too.
                let canary = hunt.canary(
                    format!("a list in {name}"),
                    format!("in {cloud} {action}, {carrier:?}"),
                );
                parameters[2].1 = json!([{ "a": canary }]);
                hunt.call(cloud, action, carrier, Claim::Nothing, &parameters);
            }
            let named = [("SecretName".to_owned(), text(&secret))];
            hunt.call(cloud, "GetSecretValue", carrier, Claim::Nothing, &named);
        }
    }
    hunt.search();
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of documents")]
fn no_name_or_value_in_a_sensitive_document_is_shown() {
    let mut hunt = Hunt::start();
    for carrier in CARRIERS {
        let case = |action: &str, fields: &[(&str, Value)]| {
            let parameters: Vec<_> = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            (action.to_owned(), parameters, carrier)
        };
        let mut cases = Vec::new();
        for what in ["CustomData", "Accounts"] {
            let name = hunt.canary(
                format!("a member of {what} {NAME}"),
                format!("in {carrier:?}"),
            );
            let value = hunt.canary(format!("a value in {what}"), format!("in {carrier:?}"));
            let config =
                json!({"SecretSubType": "SingleUser", what: { name.clone(): value.clone() }});
            cases.push(case(
                "CreateSecret",
                &[
                    ("SecretName", "a".into()),
                    ("VersionId", "v1".into()),
                    ("SecretType", "Rds".into()),
                    ("SecretData", json!({ name.clone(): value.clone() })),
                    ("ExtendedConfig", config.clone()),
                ],
            ));
            cases.push(case(
                "CreateSecret",
                &[
                    ("SecretName", "b".into()),
                    ("SecretType", "Rds".into()),
                    // Text that is almost JSON.
                    ("ExtendedConfig", format!("{config}}}").into()),
                ],
            ));
            cases.push(case(
                "UpdateSecret",
                &[
                    ("SecretName", "a".into()),
                    (
                        "ExtendedConfig.CustomData",
                        json!({ name.clone(): value.clone() }),
                    ),
                ],
            ));
            cases.push(case(
                "UpdateSecret",
                &[
                    ("SecretName", "a".into()),
                    (&format!("ExtendedConfig.CustomData.{name}"), value.into()),
                ],
            ));
        }
        let (name, value) = (
            hunt.canary(
                format!("a member of SecretsList {NAME}"),
                format!("in {carrier:?}"),
            ),
            hunt.canary("a value in SecretsList", format!("in {carrier:?}")),
        );
        cases.push(case(
            "BatchGetSecretValue",
            &[(
                "SecretsList",
                json!([{ "SecretName": "a", "SecretData": value.clone(), name: value }]),
            )],
        ));
        let policy = hunt.canary("a policy", format!("in {carrier:?}"));
        cases.push(case(
            "SetSecretPolicy",
            &[
                ("SecretName", "a".into()),
                ("PolicyName", "default".into()),
                ("Policy", json!({ "Statement": policy })),
            ],
        ));
        for (action, parameters, carrier) in cases {
            for claim in [Claim::Nothing, Claim::Parameters, Claim::Header] {
                hunt.call("alibaba", &action, carrier, claim, &parameters);
            }
        }
        for (name, claim) in [
            ("AdditionalConfig", Claim::Nothing),
            ("SecretString", Claim::Header),
            ("SecretBinary", Claim::Parameters),
        ] {
            let member = hunt.canary(
                format!("a member of {name} {NAME}"),
                format!("in {carrier:?}"),
            );
            let value = hunt.canary(format!("a value in {name}"), format!("in {carrier:?}"));
            let parameters = [
                ("SecretName".to_owned(), Value::from("t")),
                ("VersionId".to_owned(), "v1".into()),
                (name.to_owned(), json!({ member: value })),
            ];
            hunt.call("tencent", "CreateSecret", carrier, claim, &parameters);
        }
    }
    hunt.search();
}

#[test]
fn no_value_in_a_malformed_request_is_shown() {
    let mut hunt = Hunt::start();
    let mut value = |what: &str| hunt.canary(what, "in a malformed request");
    let bodies = [
        (
            "an unfinished object",
            format!(r#"{{"SecretData":"{}"#, value("an unfinished object")),
        ),
        ("an array", format!(r#"["{}"]"#, value("an array"))),
        ("a text", format!(r#""{}""#, value("a text"))),
        ("a value only", value("a value only")),
        (
            "a pair without a value",
            format!("Action=ListSecrets&{}", value("a pair without a value")),
        ),
        (
            "two values",
            format!(
                "Action=ListSecrets&SecretData={}&SecretData={}",
                value("one of two values"),
                value("the other of two values")
            ),
        ),
        (
            "two values in JSON",
            format!(
                r#"{{"SecretData":"{}","SecretData":"{}"}}"#,
                value("one of two values in JSON"),
                value("the other of two values in JSON")
            ),
        ),
        (
            "space before an object",
            format!(
                " \r\n{{\"SecretData\":\"{}\"}}",
                value("an object after white space")
            ),
        ),
        (
            "a byte order mark",
            format!(
                "\u{feff}{{\"SecretData\":\"{}\"}}",
                value("an object after a byte order mark")
            ),
        ),
        (
            "bad escapes",
            format!("Action=ListSecrets&SecretData=%ff{}", value("bad escapes")),
        ),
        (
            "a file",
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"SecretData\"\r\n\r\n{}\r\n--x--",
                value("a form with files")
            ),
        ),
        ("XML", format!("<SecretData>{}</SecretData>", value("XML"))),
    ];
    for (_, body) in &bodies {
        for content_type in [
            FORM,
            JSON,
            "text/plain",
            "multipart/form-data; boundary=x",
            "",
        ] {
            for target in [
                "/",
                "/?Action=CreateSecret",
                "/?Action=CreateSecret&Version=2019-09-23",
            ] {
                let mut headers = vec![];
                if !content_type.is_empty() {
                    headers.push(("Content-Type", content_type));
                }
                hunt.send(&http("POST", target, &headers, body));
                headers.extend([
                    ("X-TC-Action", "CreateSecret"),
                    ("X-TC-Version", "2019-09-23"),
                ]);
                hunt.send(&http("PUT", target, &headers, body));
            }
        }
    }
    hunt.search();
}

#[test]
fn no_value_in_a_header_or_path_is_shown() {
    let mut hunt = Hunt::start();
    for target in [
        "/?Action=ListSecrets",
        "/?Action=ListSecrets&Version=2019-09-23",
        "/_emulator/clock",
        "/_emulator/nowhere",
    ] {
        for (name, before) in [
            ("Authorization", ""),
            ("Authorization", "Bearer "),
            ("Authorization", "Basic "),
            (
                "Authorization",
                "ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host,Signature=",
            ),
            ("Authorization", "ACS3-HMAC-SHA256 "),
            ("Authorization", "TC3-HMAC-SHA256 "),
            ("x-acs-security-token", ""),
            ("x-acs-bearer-token", ""),
            ("x-acs-unknown", ""),
            ("X-TC-Token", ""),
            ("X-TC-Unknown", ""),
            ("Cookie", "session="),
            ("X-Unknown", ""),
            ("Proxy-Authorization", "Basic "),
        ] {
            let canary = hunt.canary(
                format!("the header {name}: {before}"),
                format!("of {target}"),
            );
            let headers = [(name, format!("{before}{canary}"))];
            hunt.send(&http("GET", target, &headers, ""));
        }
    }
    for (method, before, after) in [
        ("GET", "/", "?Action=ListSecrets"),
        ("GET", "/", "?Action=ListSecrets&Version=2019-09-23"),
        ("POST", "/", ""),
        ("GET", "/_emulator/", ""),
        ("DELETE", "/_emulator/", ""),
        ("GET", "/_emulator/explorer/", ""),
        ("GET", "/_emulator/state?unknown=", ""),
    ] {
        let canary = hunt.canary(format!("the path of {method} {before}…{after}"), "");
        hunt.send(&http(
            method,
            &format!("{before}{canary}{after}"),
            &NONE,
            "",
        ));
    }
    hunt.search();
}

const NONE: [(&str, &str); 0] = [];

#[test]
fn no_value_of_a_control_request_is_shown() {
    let mut hunt = Hunt::start();
    let secret = |members: &str| {
        format!(
            r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z",{members}}}]}}}}"#
        )
    };
    for (what, before, after) in [
        (
            "a value",
            r#""Versions":[{"VersionId":"v1","SecretData":""#,
            r#""}]"#,
        ),
        (
            "a value in a list",
            r#""Versions":[{"VersionId":"v1","SecretData":[""#,
            r#""]}]"#,
        ),
        ("a value in place of versions", r#""Versions":""#, r#"""#),
        ("a value in place of a version", r#""Versions":[""#, r#""]"#),
        (
            "a value in place of stages",
            r#""Versions":[{"VersionId":"v1","SecretData":"x","VersionStages":""#,
            r#""}]"#,
        ),
        ("a value in an unknown member", r#""Password":""#, r#"""#),
        (
            "a value of binary data",
            r#""Versions":[{"VersionId":"v1","SecretDataType":"binary","SecretData":"!"#,
            r#""}]"#,
        ),
        (
            "a value and a mistake",
            r#""Versions":[{"VersionId":"v1","SecretData":""#,
            r#"","VersionStages":["ACSCurrent"]},{"VersionId":7}]"#,
        ),
        (
            "an extended configuration",
            r#""ExtendedConfig":{"CustomData":""#,
            r#""}"#,
        ),
    ] {
        let canary = hunt.canary(what, "in a fixture");
        let body = secret(&format!("{before}{canary}{after}"));
        hunt.send(&http("POST", "/_emulator/state", &NONE, &body));
    }
    for (cloud, name) in [("alibaba", "SecretData"), ("tencent", "SecretString")] {
        for (what, parameters) in [
            (
                "a value",
                r#""SecretName":"c","VersionId":"v1","NAME":"CANARY""#,
            ),
            ("an object", r#""SecretName":"c","NAME":{"a":"CANARY"}"#),
            (
                "an unknown parameter",
                r#""SecretName":"c","Unknown":"CANARY""#,
            ),
        ] {
            for body in [
                r#"{"cloud":"CLOUD","action":"CreateSecret","parameters":{PARAMETERS}}"#,
                r#"{"cloud":"CLOUD","action":"CreateSecret","parameters":[{PARAMETERS}]}"#,
                r#"{"cloud":"CLOUD","action":"CreateSecret","parameters":{PARAMETERS},"method":7}"#,
            ] {
                let canary = hunt.canary(what, format!("in a call of {cloud}"));
                let body = body
                    .replace("PARAMETERS", parameters)
                    .replace("CLOUD", cloud)
                    .replace("NAME", name)
                    .replace("SecretSecretDataName", "SecretName")
                    .replace("CANARY", &canary);
                hunt.send(&http("POST", "/_emulator/call", &NONE, &body));
            }
        }
    }
    hunt.search();
}

#[test]
fn keys_and_tokens_of_the_settings_are_not_shown() {
    let server = Running::with(&[
        "--log",
        "trace",
        "--control-token",
        "canary00000value",
        "--access-key",
        "known:canary00001value",
    ]);
    let ask = |request: &[u8]| {
        let mut connection = connect(&server.address);
        connection.write_all(request).unwrap();
        RawReply::read(&mut connection).body
    };
    let token = [("Authorization", "Bearer canary00000value")];
    let mut replies = String::new();
    for target in [
        "/",
        "/_emulator/explorer/index.html",
        "/_emulator/settings",
        "/_emulator/metrics",
        "/_emulator/coverage",
        "/_emulator/tenants",
        "/_emulator/ready",
    ] {
        replies += &ask(&http("GET", target, &token, ""));
        replies += &ask(&http("GET", target, &[("Accept", "text/html")], ""));
    }
    for query in [
        "AccessKeyId=known&Signature=x",
        "AccessKeyId=known&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=1&Timestamp=2026-01-02T03%3A04%3A05Z&Signature=x",
    ] {
        replies += &ask(&http(
            "GET",
            &format!("/?Action=ListSecrets&{query}"),
            &NONE,
            "",
        ));
    }
    replies += &ask(&http("GET", "/_emulator/journal?source=any", &token, ""));
    let (_, log) = server.stop("TERM");
    let found = |text: &str| numbers(text).collect::<Vec<_>>();
    assert_eq!((found(&replies), found(&log)), (Vec::new(), Vec::new()));
}
