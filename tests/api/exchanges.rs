//! Replays the exchanges under `fixtures/`: see `fixtures/README.md`.

use std::fs;
use std::path::PathBuf;

use kms_emulator::context::AuthMode;

use crate::support::{TestRequest, emulator, fixture};

/// Set to write what is answered into the files instead of comparing it with them.
pub const RECORD: &str = "KMS_EMULATOR_RECORD";

#[test]
fn every_recorded_exchange_is_answered_as_recorded() {
    let mut count = 0;
    for path in exchanges() {
        let text = fs::read_to_string(&path).unwrap();
        let (request, _) = text.split_at(reply_start(&text));
        let request = parse(request);
        let answered: Vec<String> = ["JSON", "XML"]
            .map(|format| {
                let emulator = emulator(AuthMode::Strict);
                if format == "XML" {
                    // The first id stands in the reply before.
                    let _ = emulator.request_ids.next();
                }
                let mut request = request.clone();
                request.add_to_query("Format", format);
                let reply = request
                    .sign_v1("test", &[("SignatureNonce", format)])
                    .ask(&emulator);
                let header = |name| {
                    reply
                        .headers
                        .iter()
                        .find(|(key, _)| *key == name)
                        .unwrap()
                        .1
                        .clone()
                };
                let body = String::from_utf8(reply.body.clone()).unwrap();
                assert!(
                    body.contains(&header("x-acs-request-id")),
                    "{}",
                    path.display()
                );
                format!("{} {}\n{body}\n", reply.status, header("content-type"))
            })
            .into();
        let answered = text[..reply_start(&text)].to_owned() + &answered.join("\n");
        if std::env::var_os(RECORD).is_some() {
            fs::write(&path, answered).unwrap();
        } else {
            assert_eq!(answered, text, "{}", path.display());
        }
        count += 1;
    }
    assert!(count >= 63, "only {count} exchanges were found");
}

fn exchanges() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut directories = vec![fixture("alibaba")];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Where the first line like `200 application/json` begins.
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
