//! Prints replies as JSON or XML, from the same types.

use std::fmt::Display;

use quick_xml::se::Serializer;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::request::Request;
use crate::cause::Cause;
use crate::wire::WireReply;

/// The format of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Format {
    /// `JSON`
    Json,
    /// `XML`
    Xml,
}

impl Format {
    /// The format that the parameter `Format` asks for, in any letter case; JSON where there is no
    /// such parameter, or another value.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        match request.parameter("Format") {
            Some(name) if name.eq_ignore_ascii_case("xml") => Self::Xml,
            _ => Self::Json,
        }
    }

    /// What the parameter `Format` calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        }
    }

    /// Prints the body of a reply.
    ///
    /// # Errors
    ///
    /// `InternalFailure` where XML or JSON has no way to write it.
    pub fn print(self, reply: &impl Serialize) -> Result<Vec<u8>, ApiError> {
        match self {
            Self::Json => serde_json::to_vec(reply)
                .map_err(|error| ApiError::InternalFailure(Cause::new(error))),
            Self::Xml => xml(reply).map_err(|error| ApiError::InternalFailure(Cause::new(error))),
        }
    }
}

/// A reply with this body.
pub fn success(format: Format, body: Vec<u8>, request_id: &str) -> WireReply {
    wire_reply(200, format, body, request_id)
}

/// A reply that tells of an error.
pub fn failure(format: Format, error: &ApiError, request_id: &str) -> WireReply {
    let body = ErrorBody {
        http_status: error.status(),
        code: error.code(),
        message: error,
        request_id,
    };
    // Four plain members: this prints always.
    wire_reply(
        error.status(),
        format,
        format.print(&body).unwrap_or_default(),
        request_id,
    )
}

fn wire_reply(status: u16, format: Format, body: Vec<u8>, request_id: &str) -> WireReply {
    let headers = vec![
        ("content-type", format.content_type().into()),
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
    http_status: u16,
    code: &'static str,
    #[serde(serialize_with = "display")]
    message: &'a ApiError,
    request_id: &'a str,
}

fn display<S: serde::Serializer>(text: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(text)
}

fn xml(reply: &impl Serialize) -> Result<Vec<u8>, quick_xml::SeError> {
    let mut text = String::from(r#"<?xml version="1.0" encoding="utf-8"?>"#);
    let mut serializer = Serializer::with_root(&mut text, Some("KMS"))?;
    serializer.expand_empty_elements(true);
    reply.serialize(serializer)?;
    Ok(presentable(text).into_bytes())
}

/// Replaces what XML 1.0 has no way to write, and protects the carriage returns that a reader
/// would turn into line feeds.
fn presentable(text: String) -> String {
    let troublesome = |character: char| matches!(character, '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(troublesome) {
        return text;
    }
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\r' => result.push_str("&#13;"),
            _ if troublesome(character) => result.push('\u{fffd}'),
            _ => result.push(character),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireRequest;

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

    fn print(format: Format, text: &'static str) -> String {
        let sample = Sample {
            text,
            list: List { item: vec![1, 2] },
            absent: List { item: vec![] },
        };
        String::from_utf8(format.print(&sample).unwrap()).unwrap()
    }

    #[test]
    fn one_value_prints_as_json_and_as_xml() {
        assert_eq!(
            print(Format::Json, "a<b"),
            r#"{"Text":"a<b","List":{"Item":[1,2]},"Absent":{"Item":[]}}"#
        );
        assert_eq!(
            print(Format::Xml, "a<b"),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><KMS><Text>a&lt;b</Text>\
             <List><Item>1</Item><Item>2</Item></List><Absent></Absent></KMS>"
        );
    }

    #[test]
    fn xml_carries_every_character_that_it_can() {
        for (text, printed) in [
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
            let xml = print(Format::Xml, text);
            assert!(xml.contains(printed), "{text:?}: {xml}");
        }
    }

    #[test]
    fn the_format_is_found_wherever_it_is_and_whatever_surrounds_it() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let json = ("content-type", "application/json; charset=utf-8");
        for (query, header, body, format) in [
            ("", form, "", Format::Json),
            ("Format=XML", form, "", Format::Xml),
            ("Action=A&Format=xMl", form, "", Format::Xml),
            ("Format=%58ML", form, "", Format::Xml),
            ("Format=None", form, "", Format::Json),
            ("Format=JSON", form, "Format=XML", Format::Json),
            ("", form, "Action=A&Format=XML", Format::Xml),
            ("", json, r#"{"Format":"XML"}"#, Format::Xml),
            ("", json, r#"{"Format":1}"#, Format::Json),
            ("", json, "{", Format::Json),
            ("A=%ff&Format=XML", form, "", Format::Xml),
            ("MyFormat=XML", form, "", Format::Json),
        ] {
            let wire = WireRequest {
                method: "GET",
                path: "/",
                query,
                headers: vec![header],
                body: Ok(body.as_bytes()),
            };
            assert_eq!(
                Format::of(&Request::parse(&wire)),
                format,
                "{query:?} {body:?}"
            );
        }
    }
}
