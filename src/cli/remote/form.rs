//! How a request is sent: an SDK chooses some of it, and probes send other forms.

use chrono::TimeDelta;

use crate::clouds::draft::{Format, Method};

/// How a request is sent.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
pub(in crate::cli) struct Form {
    /// The HTTP method.
    pub method: Method,
    /// The format of the reply.
    pub format: Format,
    /// The signature method; the usual one if absent.
    pub signature: Option<&'static str>,
    /// The encoded parameters, instead of those of the call.
    pub payload: Option<&'static str>,
    /// Which key signs.
    pub key: KeyUsed,
    /// How much older than now the time stamp is.
    pub age: TimeDelta,
    /// Whether the time stamp has milliseconds.
    pub milliseconds: bool,
    /// Whether the region is named, where a request names one.
    pub has_region: bool,
    /// Whether an encoded line break follows the signature in a form.
    pub line_break: bool,
    /// Whether the request is sent twice. The reply to the second one counts.
    pub twice: bool,
}

impl Form {
    /// The form of the newest SDKs.
    pub(in crate::cli) const USUAL: Self = Self {
        method: Method::Post,
        format: Format::Json,
        signature: None,
        payload: None,
        key: KeyUsed::Own,
        age: TimeDelta::zero(),
        milliseconds: false,
        has_region: true,
        line_break: false,
        twice: false,
    };

    /// How it differs from the usual form, in words.
    pub(in crate::cli) fn differences(self) -> Vec<String> {
        let Form {
            method,
            format,
            signature,
            payload,
            key,
            age,
            milliseconds,
            has_region,
            line_break,
            twice,
        } = self;
        let mut differences = Vec::new();
        if method == Method::Get {
            differences.push("GET".to_owned());
        }
        if format == Format::Xml {
            differences.push("XML".to_owned());
        }
        differences.extend(signature.map(|method| format!("signed by {method}")));
        differences.extend(payload.map(|payload| format!("parameters {payload}")));
        match key {
            KeyUsed::Own => {}
            KeyUsed::WrongSecret => differences.push("wrong secret".to_owned()),
            KeyUsed::Unknown => differences.push("unknown access key".to_owned()),
            KeyUsed::SpaceAfter => differences.push("space after the access key".to_owned()),
        }
        if !age.is_zero() {
            differences.push(format!("time stamp {} minutes old", age.num_minutes()));
        }
        if milliseconds {
            differences.push("time stamp with milliseconds".to_owned());
        }
        if !has_region {
            differences.push("no region".to_owned());
        }
        if line_break {
            differences.push("line break after the signature".to_owned());
        }
        if twice {
            differences.push("sent twice".to_owned());
        }
        differences
    }
}

/// The key that signs a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum KeyUsed {
    /// The key of the account.
    Own,
    /// The id of the account's key, with another secret.
    WrongSecret,
    /// An id that no account has.
    Unknown,
    /// The id with a space after it.
    SpaceAfter,
}
