//! Replays the recorded exchanges in `fixtures/`, which `fixtures/README.md` describes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kms_emulator::clouds;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::http::wire::WireReply;
use kms_emulator::model::Cloud;

use crate::support::{NOW, TestRequest, emulator, fixture, now};

/// If this variable is set, replies are written into the files instead of compared with them.
pub const RECORD: &str = "KMS_EMULATOR_RECORD";

#[test]
fn replies_equal_the_recorded_exchanges() {
    let mut found = BTreeSet::new();
    for (cloud, path) in exchanges() {
        let text = fs::read_to_string(&path).unwrap();
        let (request, _) = text.split_at(reply_start(&text));
        let replies = match cloud {
            Cloud::Alibaba => in_both_formats(&parse(request)),
            Cloud::Tencent => signed_if_unsigned(parse(request)),
        };
        let exchange = request.to_owned() + &replies;
        if std::env::var_os(RECORD).is_some() {
            fs::write(&path, exchange).unwrap();
        } else {
            assert_eq!(exchange, text, "{}", path.display());
        }
        let directory = path.parent().and_then(Path::file_name).unwrap();
        found.insert((cloud.name(), directory.to_str().unwrap().to_owned()));
    }
    for cloud in clouds::with_default_settings().all() {
        for operation in cloud.operations() {
            let directory = snake_case(operation.action);
            assert!(
                found.contains(&(cloud.cloud().name(), directory)),
                "{} has no exchange",
                operation.action
            );
        }
    }
}

fn snake_case(action: &str) -> String {
    let mut text = String::new();
    let mut before = None;
    let mut characters = action.chars().peekable();
    while let Some(character) = characters.next() {
        // `SSHKey` is `ssh_key`.
        let ends_word = before.is_some_and(|before: char| before.is_ascii_lowercase());
        let is_last_capital = characters.peek().is_some_and(char::is_ascii_lowercase);
        if character.is_ascii_uppercase() && before.is_some() && (ends_word || is_last_capital) {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
        before = Some(character);
    }
    text
}

/// The replies of Alibaba Cloud, in JSON and in XML.
fn in_both_formats(request: &TestRequest) -> String {
    let replies = ["JSON", "XML"].map(|format| {
        let emulator = emulator(AuthMode::Strict);
        if format == "XML" {
            // The JSON reply has the first id.
            let _ = emulator.request_ids.next();
        }
        let mut request = request.clone();
        request.add_to_query("Format", format);
        let signed = if request.value_of("x-acs-action").is_some() {
            request.sign_acs3("test", "test", NOW, format)
        } else {
            request.sign_v1("test", &[("SignatureNonce", format)])
        };
        let reply = signed.ask(&emulator);
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        assert!(body.contains(&header(&reply, "x-acs-request-id")), "{body}");
        printed(&reply)
    });
    replies.join("\n")
}

/// The reply of Tencent Cloud. An unsigned request is signed with TC3 if it has the headers of TC3,
/// and with v1 otherwise.
fn signed_if_unsigned(request: TestRequest) -> String {
    let has_headers = request.value_of("X-TC-Action").is_some();
    let request = if request.value_of("Authorization").is_some() {
        request
    } else if has_headers {
        request.sign_tc3("test", "test", now())
    } else {
        request.sign_tc_v1("test", "test", now())
    };
    printed(&request.ask(&emulator(AuthMode::Strict)))
}

fn printed(reply: &WireReply) -> String {
    let body = str::from_utf8(&reply.body).unwrap();
    format!(
        "{} {}\n{body}\n",
        reply.status,
        header(reply, "content-type")
    )
}

fn header(reply: &WireReply, name: &str) -> String {
    let mut headers = reply.headers.iter();
    headers.find(|(key, _)| *key == name).unwrap().1.to_string()
}

fn exchanges() -> Vec<(Cloud, PathBuf)> {
    let mut found = Vec::new();
    let mut directories = vec![
        (Cloud::Alibaba, fixture("alibaba")),
        (Cloud::Tencent, fixture("tencent")),
    ];
    while let Some((cloud, directory)) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push((cloud, path));
            } else {
                found.push((cloud, path));
            }
        }
    }
    found.sort_by(|(_, a), (_, b)| a.cmp(b));
    found
}

/// The position of the first line like `200 application/json`.
fn reply_start(text: &str) -> usize {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let status = line.split(' ').next().unwrap_or_default();
        if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) {
            return start;
        }
        start += line.len();
    }
    start
}

fn parse(text: &str) -> TestRequest {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    TestRequest {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(a, b)| (a.into(), b.into()))
            .collect(),
        body: body.trim_end().into(),
    }
}
