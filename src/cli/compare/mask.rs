//! Masks replies: shows only texts that are public, and replaces all others by placeholders, the same one for equal
//! texts.

use std::collections::{HashMap, HashSet};

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::vocabulary::{VALUES, VOCABULARY, pieces};
use crate::cli::remote::{Reply, quoted_request};
use crate::fixtures;

/// Members with names of secrets, tags and other texts of the account. Enumerated values are masked in them
/// too.
const OF_ACCOUNT: [&str; 6] = [
    "SecretName",
    "ResourceId",
    "TagKey",
    "TagValue",
    "Description",
    "ResourceName",
];

/// Members with values that a service generates. They can only be compared within one side.
const GENERATED: [&str; 14] = [
    "Arn",
    "RequestId",
    "VersionId",
    "NextToken",
    "KmsKeyId",
    "DKMSInstanceId",
    "ResourceID",
    "CreateUin",
    "CreateUinString",
    "TargetUin",
    "TargetUinString",
    "ProjectID",
    "FlowID",
    "Creator",
];

/// Members that the emulator leaves out: a documented difference.
const LEFT_OUT: [&str; 3] = ["EncryptionKeyId", "HostId", "Recommend"];

/// Members with a time, in ISO 8601 or in seconds.
const TIMES: [&str; 8] = [
    "CreateTime",
    "UpdateTime",
    "PlannedDeleteTime",
    "DeleteTime",
    "LastRotationDate",
    "NextRotationDate",
    "NextRotationTime",
    "RotationBeginTime",
];

/// Numbers that a request or a limit of the service determines.
const SHOWN_NUMBERS: [&str; 2] = ["PageNumber", "PageSize"];

/// The maximum difference of two times of one change, in seconds.
const SAME_TIME: i64 = 1;

/// The maximum length of a number in an error text. Longer ones are accounts, times and ids.
const MAX_DIGITS: usize = 5;

/// Placeholders of one comparison.
pub(super) struct Mask {
    /// Names and other texts of the account, with their placeholders.
    account: HashMap<String, String>,
    /// Texts that are not of the account: of requests, and enumerated values.
    public: HashSet<String>,
    /// Words of error texts, in lower case.
    words: &'static HashSet<String>,
    /// Other texts in the order in which they were seen.
    texts: HashMap<String, usize>,
}

/// Placeholders of one side in one probe.
#[derive(Debug, Default)]
pub(super) struct SideMask {
    generated: HashMap<String, usize>,
    times: Vec<i64>,
}

impl Mask {
    /// Shows only public texts.
    pub(super) fn new() -> Self {
        Self {
            account: HashMap::new(),
            public: VOCABULARY.public.clone(),
            words: &VOCABULARY.words,
            texts: HashMap::new(),
        }
    }

    /// Replaces a text of the account by a placeholder.
    pub(super) fn hide(&mut self, text: &str, placeholder: impl Into<String>) {
        if !text.is_empty() {
            let placeholder = placeholder.into();
            self.account.entry(text.to_owned()).or_insert(placeholder);
        }
    }

    /// Shows a text of a request, which is the same in every account.
    pub(super) fn show(&mut self, text: &str) {
        self.public.insert(text.to_owned());
    }

    /// A reply with placeholders.
    pub(super) fn reply(&mut self, side: &mut SideMask, reply: &Reply) -> Value {
        let is_xml = reply.content_type.contains("xml");
        let body = if is_xml {
            let tree = fixtures::xml_tree(&reply.body);
            tree.map_or(Value::Null, |(root, content)| {
                let mut body = Map::new();
                body.insert(root, content);
                body.into()
            })
        } else {
            reply.json()
        };
        let body = match body {
            Value::Null => json!("<not a reply of the API>"),
            body => self.value(side, "", body),
        };
        let known = ["application/json", "text/xml", "application/xml"];
        let content_type = known.into_iter().find(|known| *known == reply.content_type);
        json!({
            "status": reply.status,
            "content type": content_type.unwrap_or("<another>"),
            "body": body,
        })
    }

    fn value(&mut self, side: &mut SideMask, member: &str, value: Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut masked = Map::new();
                for (name, value) in members {
                    if !LEFT_OUT.contains(&&*name) {
                        let value = self.value(side, &name, value);
                        masked.insert(self.member(name), value);
                    }
                }
                masked.into()
            }
            Value::Array(items) => {
                let items = items.into_iter().map(|item| self.value(side, member, item));
                items.collect()
            }
            Value::String(text) => self.member_text(side, member, text).into(),
            Value::Number(number) => {
                let text = number.to_string();
                if TIMES.contains(&member) && text != "0" {
                    side.time(number.as_i64().unwrap_or_default()).into()
                } else if ["0", "1"].contains(&&*text) || SHOWN_NUMBERS.contains(&member) {
                    number.into()
                } else if GENERATED.contains(&member) {
                    side.generated("number", text).into()
                } else {
                    self.other("number", text).into()
                }
            }
            value => value,
        }
    }

    /// The name of a member, which is the API's: a word of letters.
    fn member(&mut self, name: String) -> String {
        let is_word = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_word && !self.account.contains_key(&name) {
            name
        } else {
            self.other("member", name)
        }
    }

    fn member_text(&mut self, side: &mut SideMask, member: &str, text: String) -> String {
        if let Some(placeholder) = self.account.get(&text) {
            return placeholder.clone();
        }
        match member {
            "Message" => return self.message(side, &text),
            "Code" if is_code(&text) => return text,
            "RandomPassword" => return types_of_characters(&text),
            _ => {}
        }
        if TIMES.contains(&member)
            && let Ok(time) = DateTime::parse_from_rfc3339(&text)
        {
            return side.time(time.timestamp());
        }
        if self.public.contains(&text)
            && !(OF_ACCOUNT.contains(&member) && VALUES.contains(&&*text))
        {
            return text;
        }
        if GENERATED.contains(&member) {
            return side.generated("id", text);
        }
        // XML and the texts of some SDKs have numbers as texts.
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return if ["0", "1"].contains(&&*text) || SHOWN_NUMBERS.contains(&member) {
                text
            } else {
                self.other("number", text)
            };
        }
        if ["true", "false"].contains(&&*text) {
            return text;
        }
        self.other("text", text)
    }

    fn other(&mut self, kind: &str, text: String) -> String {
        let next = self.texts.len() + 1;
        let number = self.texts.entry(text).or_insert(next);
        format!("<{kind} {number}>")
    }

    /// An error text: known words stay.
    fn message(&mut self, side: &mut SideMask, text: &str) -> String {
        let (text, end) = match quoted_request(text) {
            Some(at) => (&text[..at], "<request>"),
            None => (text, ""),
        };
        let mut masked = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let is_part = |c: char| c.is_alphanumeric() || "_/+=.@:-'".contains(c);
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(length);
            let word = token.trim_end_matches(['.', ':', '\'', '-']);
            if !word.is_empty() {
                masked.push_str(&self.word(side, word));
            }
            masked.push_str(&token[word.len()..]);
            let next = after.find(is_part).unwrap_or(after.len());
            let (between, after) = after.split_at(next);
            // Other symbols than punctuation could be of any text.
            masked.extend(between.chars().map(|c| if c.is_ascii() { c } else { '?' }));
            rest = after;
        }
        masked + end
    }

    fn word(&mut self, side: &mut SideMask, word: &str) -> String {
        if let Some(placeholder) = self.account.get(word) {
            return placeholder.clone();
        }
        let is_known = |piece: &str| {
            let is_number = piece.bytes().all(|byte| byte.is_ascii_digit());
            piece.is_empty()
                || is_number && piece.len() <= MAX_DIGITS
                || self.words.contains(&piece.to_lowercase())
        };
        if self.public.contains(word) || pieces(word).all(is_known) {
            word.to_owned()
        } else if word.bytes().any(|byte| byte.is_ascii_digit()) {
            side.generated("id", word.to_owned())
        } else {
            self.other("word", word.to_owned())
        }
    }
}

impl SideMask {
    fn generated(&mut self, kind: &str, text: String) -> String {
        let next = self.generated.len() + 1;
        let number = self.generated.entry(text).or_insert(next);
        format!("<{kind} {number}>")
    }

    fn time(&mut self, seconds: i64) -> String {
        let is_same = |known: &i64| (known - seconds).abs() <= SAME_TIME;
        let index = self.times.iter().position(is_same).unwrap_or_else(|| {
            self.times.push(seconds);
            self.times.len() - 1
        });
        format!("<time {}>", index + 1)
    }
}

/// Whether a text has the form of the clouds' error codes.
fn is_code(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'.')
}

/// The types of characters that a password has.
fn types_of_characters(password: &str) -> String {
    let has = |is: fn(&char) -> bool| password.chars().any(|c| is(&c));
    let types = [
        ("lower case", has(char::is_ascii_lowercase)),
        ("upper case", has(char::is_ascii_uppercase)),
        ("digits", has(char::is_ascii_digit)),
        ("punctuation", has(char::is_ascii_punctuation)),
    ];
    let types: Vec<_> = types
        .iter()
        .filter(|(_, has)| *has)
        .map(|(name, _)| *name)
        .collect();
    format!(
        "<{} characters: {}>",
        password.chars().count(),
        types.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(body: &Value) -> Reply {
        Reply {
            status: 200,
            content_type: "application/json".into(),
            body: body.to_string(),
        }
    }

    fn masked(mask: &mut Mask, body: &Value) -> Value {
        mask.reply(&mut SideMask::default(), &reply(body))["body"].clone()
    }

    #[test]
    fn texts_of_the_account_are_replaced_and_public_ones_stay() {
        let mut mask = Mask::new();
        mask.hide("canary/name", "<secret 1>");
        mask.hide("Generic", "<secret 2>");
        let body = masked(
            &mut mask,
            &json!({
                "SecretName": "canary/name", "SecretType": "Rds", "Description": "Generic",
                "TotalCount": 4711, "PageSize": 20, "AutomaticRotation": "Disabled", "New": "canary",
                "Tags": {"Tag": [{"TagKey": "text", "TagValue": "canary"}]},
            }),
        );
        assert_eq!(
            body,
            json!({
                "SecretName": "<secret 1>", "SecretType": "Rds", "Description": "<secret 2>",
                "TotalCount": "<number 1>", "PageSize": 20, "AutomaticRotation": "Disabled", "New": "<text 2>",
                "Tags": {"Tag": [{"TagKey": "<text 3>", "TagValue": "<text 2>"}]},
            })
        );
    }

    #[test]
    fn error_texts_keep_known_words_only() {
        let mut mask = Mask::new();
        mask.hide("canary", "<secret 1>");
        let message = |mask: &mut Mask, text: &str| {
            masked(mask, &json!({"Code": "Any.Code", "Message": text}))["Message"].clone()
        };
        for (text, expected) in [
            (
                "The parameter  SecretName  needed but no provided.",
                "The parameter  SecretName  needed but no provided.",
            ),
            (
                "This operation for acs:kms:cn-hangzhou:1234567890123456:secret/canary is forbidden by permission system.",
                "This operation for <id 1> is forbidden by permission system.",
            ),
            ("canary is not found", "<secret 1> is not found"),
            (
                "user aliceinchains is not valid",
                "user <word 1> is not valid",
            ),
            ("at most 200 of 1234567", "at most 200 of <id 1>"),
            (
                "Aliyun standards. server string to sign is:POST&%2F&AccessKeyId%3DLTAIcanary",
                "Aliyun standards. server string to sign is:<request>",
            ),
        ] {
            let shown = message(&mut mask, text);
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn equal_ids_and_times_have_equal_placeholders_within_a_probe() {
        let mut mask = Mask::new();
        let mut side = SideMask::default();
        let mut body = |body: Value| mask.reply(&mut side, &reply(&body))["body"].clone();
        let first = body(json!({
            "RequestId": "r1", "VersionId": "x", "CreateTime": "2026-01-01T00:00:00Z",
            "UpdateTime": "2026-01-01T00:00:01Z", "PlannedDeleteTime": "2026-01-08T00:00:00Z",
        }));
        assert_eq!(
            first,
            json!({
                "RequestId": "<id 1>", "VersionId": "<id 2>", "CreateTime": "<time 1>",
                "UpdateTime": "<time 1>", "PlannedDeleteTime": "<time 2>",
            })
        );
        let second =
            body(json!({"RequestId": "r2", "VersionId": "x", "CreateTime": 1_767_225_603}));
        assert_eq!(
            second,
            json!({"RequestId": "<id 3>", "VersionId": "<id 2>", "CreateTime": "<time 3>"})
        );
    }

    #[test]
    fn xml_is_masked_like_json() {
        let mut mask = Mask::new();
        let reply = Reply {
            status: 200,
            content_type: "text/xml".into(),
            body: "<KMS><RequestId>r</RequestId><SecretName>canary</SecretName></KMS>".into(),
        };
        let masked = mask.reply(&mut SideMask::default(), &reply);
        assert_eq!(
            masked["body"],
            json!({"KMS": {"RequestId": "<id 1>", "SecretName": "<text 1>"}})
        );
    }

    #[test]
    fn password_is_only_described() {
        assert_eq!(
            types_of_characters("aB3!aB3!"),
            "<8 characters: lower case, upper case, digits, punctuation>"
        );
        assert_eq!(types_of_characters("aaaa"), "<4 characters: lower case>");
    }
}
