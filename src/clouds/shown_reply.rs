//! Replies with secret values masked.

use std::borrow::Cow;

use memchr::memmem;
use serde_json::Value;

use crate::http::shown::MASK;

/// The members of replies of both clouds that can have a secret value: values and configurations of secrets, plaintexts,
/// private keys, import tokens, generated passwords and temporary keys. The page masks the same members.
const SENSITIVE: [&str; 14] = [
    "AccessKeySecret",
    "AdditionalConfig",
    "ExtendedConfig",
    "ImportToken",
    "Plaintext",
    "Policy",
    "PrivateKey",
    "RandomPassword",
    "SecretBinary",
    "SecretData",
    "SecretString",
    "SecurityToken",
    "TmpSecretKey",
    "Token",
];

/// The body of a reply with the values of sensitive members masked. A body that is not JSON, XML or plain text is masked
/// as a whole.
#[must_use]
pub(crate) fn masked<'b>(body: &'b [u8], content_type: &str) -> Cow<'b, str> {
    let media_type = content_type.split(';').next().unwrap_or_default();
    let shown = match (media_type, std::str::from_utf8(body)) {
        // The journal stores it masked.
        ("text/plain", Ok(text)) => Some(text.into()),
        ("application/json" | "text/xml", Ok(text)) if !has_sensitive(text) => Some(text.into()),
        ("application/json", Ok(text)) => masked_json(text).map(Cow::Owned),
        ("text/xml", Ok(text)) => Some(masked_xml(text).into()),
        _ => None,
    };
    shown.unwrap_or(MASK.into())
}

fn has_sensitive(text: &str) -> bool {
    let mut names = SENSITIVE.iter();
    names.any(|name| memmem::find(text.as_bytes(), name.as_bytes()).is_some())
}

fn masked_json(text: &str) -> Option<String> {
    fn mask(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(mask),
            Value::Object(members) => {
                for (name, member) in members {
                    if SENSITIVE.contains(&name.as_str()) {
                        *member = MASK.into();
                    } else {
                        mask(member);
                    }
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text).ok()?;
    mask(&mut value);
    Some(value.to_string())
}

/// In replies, sensitive elements have only text.
fn masked_xml(text: &str) -> String {
    let pieces = text.split('<').map(|piece| match piece.split_once('>') {
        Some((name, _)) if SENSITIVE.contains(&name) => format!("{name}>{MASK}").into(),
        _ => Cow::Borrowed(piece),
    });
    pieces.collect::<Vec<_>>().join("<")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::clouds;

    #[test]
    fn sensitive_members_are_masked_in_every_format() {
        for (content_type, body, shown) in [
            (
                "application/json;charset=utf-8",
                r#"{"SecretData":"hunter2","SecretName":"a\u0062"}"#,
                r#"{"SecretData":"***","SecretName":"ab"}"#,
            ),
            (
                "application/json",
                r#"{"Response":{"Versions":[{"SecretString":"hunter2"},{"SecretBinary":{"a":"hunter2"}}]}}"#,
                r#"{"Response":{"Versions":[{"SecretString":"***"},{"SecretBinary":"***"}]}}"#,
            ),
            (
                "application/json",
                r#"{"Message":"The parameter SecretData is invalid."}"#,
                r#"{"Message":"The parameter SecretData is invalid."}"#,
            ),
            ("application/json", r#"{"Code": 1}"#, r#"{"Code": 1}"#),
            ("application/json", r#"{"SecretData":"hunter2"#, "***"),
            (
                "text/xml;charset=utf-8",
                "<A><SecretData>a&lt;hunter2</SecretData><B>b</B><Plaintext/></A>",
                "<A><SecretData>***</SecretData><B>b</B><Plaintext/></A>",
            ),
            ("text/plain; charset=utf-8", "role", "role"),
            ("application/x-protobuf", "\n\x07hunter2", "***"),
            ("", "hunter2", "***"),
        ] {
            assert_eq!(masked(body.as_bytes(), content_type), shown);
        }
        assert_eq!(masked(b"\xff", "application/json"), MASK);
    }

    #[test]
    fn a_member_that_is_sensitive_in_a_request_is_masked_in_a_reply() {
        let clouds = clouds::with_default_settings().all();
        let operations: Vec<_> = clouds.iter().flat_map(|cloud| cloud.operations()).collect();
        let parameters = operations
            .iter()
            .flat_map(|operation| &operation.parameters);
        let mut sensitive: BTreeSet<_> = parameters
            .filter(|parameter| parameter.sensitive)
            .map(|parameter| parameter.name)
            .collect();
        // In a reply, it is the text of an error.
        sensitive.remove("Message");
        assert!(sensitive.contains("SecretData"), "{sensitive:?}");
        for operation in &operations {
            let reply = operation.reply.as_value().to_string();
            for name in &sensitive {
                let is_member = reply.contains(&format!("\"{name}\":"));
                assert!(
                    !is_member || SENSITIVE.contains(name),
                    "{name} in the reply to {}",
                    operation.action
                );
            }
        }
    }

    #[test]
    fn the_page_masks_the_same_members() {
        let script = include_str!("../../web/src/shared/mask.js");
        let (_, list) = script.split_once("SENSITIVE = [").unwrap();
        let (list, _) = list.split_once("\n];").unwrap();
        let mut names: Vec<_> = list.split('\'').skip(1).step_by(2).collect();
        names.sort_unstable();
        assert_eq!(names, SENSITIVE);
    }
}
