//! Serializes replies as JSON or XML, from the same types.

use std::borrow::Cow;
use std::fmt::Display;

use quick_xml::se::Serializer;
use serde::Serialize;

use super::error::ApiError;
use crate::clouds::cause::Cause;
use crate::clouds::draft::Format;
use crate::http::json;
use crate::http::wire::WireReply;

/// How a service wraps its replies.
#[derive(Debug)]
pub struct Envelope {
    /// The root element of replies in XML. Without it, the root is the name of the operation and `Response`, or
    /// `Error`.
    pub root: Option<&'static str>,
    /// Whether errors are those of the gateway that most products share, not the product's: they have the host
    /// (`HostId`) instead of the status (`HttpStatus`).
    pub has_gateway_errors: bool,
}

impl Envelope {
    /// That of errors for products that are not emulated.
    pub(crate) const OF_GATEWAY: Self = Self {
        root: None,
        has_gateway_errors: true,
    };
}

/// The form of a reply.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The format.
    pub format: Format,
    /// How the service wraps its replies.
    pub envelope: &'static Envelope,
    /// The operation; absent for an error.
    pub action: Option<&'static str>,
}

impl Form {
    fn root(self) -> Cow<'static, str> {
        match (self.envelope.root, self.action) {
            (Some(root), _) => root.into(),
            (None, Some(action)) => format!("{action}Response").into(),
            (None, None) => "Error".into(),
        }
    }
}

fn content_type(format: Format) -> &'static str {
    match format {
        Format::Json => "application/json;charset=utf-8",
        Format::Xml => "text/xml;charset=utf-8",
    }
}

/// Prints the body of a reply.
///
/// # Errors
///
/// `InternalFailure` if the format cannot express a value.
pub(crate) fn print(reply: &impl Serialize, form: Form) -> Result<Vec<u8>, ApiError> {
    match form.format {
        Format::Json => {
            json::to_vec(reply).map_err(|error| ApiError::InternalFailure(Cause::new(error)))
        }
        Format::Xml => {
            xml(reply, &form.root()).map_err(|error| ApiError::InternalFailure(Cause::new(error)))
        }
    }
}

/// A reply with this body.
pub(crate) fn success(format: Format, body: Vec<u8>, request_id: &str) -> WireReply {
    wire_reply(200, format, body, request_id)
}

/// An error reply to a request for `host`.
pub(crate) fn failure(form: Form, error: &ApiError, request_id: &str, host: &str) -> WireReply {
    let has_host = form.envelope.has_gateway_errors;
    let body = ErrorBody {
        http_status: (!has_host).then(|| error.status()),
        host_id: has_host.then_some(host),
        code: error.code(),
        message: error,
        request_id,
    };
    let form = Form {
        action: None,
        ..form
    };
    // Serialization cannot fail: four plain members.
    wire_reply(
        error.status(),
        form.format,
        print(&body, form).unwrap_or_default(),
        request_id,
    )
}

fn wire_reply(status: u16, format: Format, body: Vec<u8>, request_id: &str) -> WireReply {
    let headers = vec![
        ("content-type", content_type(format).into()),
        ("x-acs-request-id", request_id.to_owned().into()),
    ];
    WireReply {
        status,
        headers,
        body: body.into(),
        ..WireReply::default()
    }
}

/// The body of an error; see the vendor's page *Responses*.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_id: Option<&'a str>,
    code: &'static str,
    #[serde(serialize_with = "display")]
    message: &'a ApiError,
    request_id: &'a str,
}

fn display<S: serde::Serializer>(text: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(text)
}

fn xml(reply: &impl Serialize, root: &str) -> Result<Vec<u8>, quick_xml::SeError> {
    let mut text = String::from(r#"<?xml version="1.0" encoding="utf-8"?>"#);
    let mut serializer = Serializer::with_root(&mut text, Some(root))?;
    serializer.expand_empty_elements(true);
    reply.serialize(serializer)?;
    Ok(escaped(text).into_bytes())
}

/// Replaces characters that XML 1.0 does not allow, and escapes carriage returns, which XML parsers
/// change to line feeds.
fn escaped(text: String) -> String {
    let is_special = |character: char| matches!(character, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(is_special) {
        return text;
    }
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\r' => result.push_str("&#13;"),
            _ if is_special(character) => result.push('\u{fffd}'),
            _ => result.push(character),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Sample {
        text: &'static str,
        list: List,
        absent: List,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct List {
        item: Vec<u32>,
    }

    fn printed(format: Format, text: &'static str) -> String {
        let sample = Sample {
            text,
            list: List { item: vec![1, 2] },
            absent: List { item: vec![] },
        };
        let form = Form {
            format,
            envelope: &Envelope {
                root: Some("KMS"),
                has_gateway_errors: false,
            },
            action: Some("Sample"),
        };
        String::from_utf8(print(&sample, form).unwrap()).unwrap()
    }

    #[test]
    fn a_value_is_printed_as_json_and_as_xml() {
        assert_eq!(
            printed(Format::Json, "a<b"),
            r#"{"Text":"a<b","List":{"Item":[1,2]},"Absent":{"Item":[]}}"#
        );
        assert_eq!(
            printed(Format::Xml, "a<b"),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><KMS><Text>a&lt;b</Text>\
             <List><Item>1</Item><Item>2</Item></List><Absent></Absent></KMS>"
        );
    }

    #[test]
    fn the_root_element_is_that_of_the_service_or_is_named_after_the_operation() {
        let form = |root, action| Form {
            format: Format::Xml,
            envelope: match root {
                Some(_) => &Envelope {
                    root: Some("KMS"),
                    has_gateway_errors: false,
                },
                None => &Envelope {
                    root: None,
                    has_gateway_errors: true,
                },
            },
            action,
        };
        for (root, action, expected) in [
            (Some("KMS"), Some("ListSecrets"), "KMS"),
            (Some("KMS"), None, "KMS"),
            (None, Some("AssumeRole"), "AssumeRoleResponse"),
            (None, None, "Error"),
        ] {
            assert_eq!(form(root, action).root(), expected);
        }
    }

    #[test]
    fn xml_keeps_every_character_that_it_allows() {
        for (text, expected) in [
            ("", "<Text></Text>"),
            (" a\tb\nc ", "<Text> a\tb\nc </Text>"),
            ("a\r\nb", "<Text>a&#13;\nb</Text>"),
            (
                "a\u{0}\u{1f}\u{ffff}b",
                "<Text>a\u{fffd}\u{fffd}\u{fffd}b</Text>",
            ),
            ("密码🔑", "<Text>密码🔑</Text>"),
            ("]]>&amp;", "<Text>]]&gt;&amp;amp;</Text>"),
        ] {
            let xml = printed(Format::Xml, text);
            assert!(xml.contains(expected), "{text:?}: {xml}");
        }
    }
}
