//! Builds and signs requests of the clouds' APIs as their clients do.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::http::wire::WireRequest;
use crate::model::SecretKey;

/// The content of a request to be signed.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// The name of the operation.
    pub action: &'a str,
    /// The parameters.
    pub parameters: &'a Map<String, Value>,
    /// The HTTP method.
    pub method: Method,
    /// The value of the header `Host`.
    pub host: &'a str,
    /// The region.
    pub region: &'a str,
    /// The time of the signature.
    pub time: DateTime<Utc>,
    /// The nonce, from 1, for signatures that need one.
    pub nonce: u64,
    /// The access key id and its secret.
    pub key: (&'a str, &'a SecretKey),
    /// The format of the reply. Tencent Cloud has JSON only.
    pub format: Format,
    /// The language of error messages. Alibaba Cloud has English only.
    pub language: Language,
    /// Parts that most requests do not have.
    pub extras: Extras<'a>,
}

/// Parts of a request that most requests do not have.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// The token of temporary credentials.
    pub token: Option<&'a str>,
    /// The encoded parameters of the operation, sent as they are instead of `parameters`: the body of a POST,
    /// or the query of a GET. Only for signatures in headers.
    pub payload: Option<&'a str>,
    /// Whether the time stamp has milliseconds. Only for Alibaba Cloud.
    pub milliseconds: bool,
}

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
    /// The value of the parameter `Format`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
        }
    }
}

/// The language of error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MessageLanguage")]
pub enum Language {
    /// English.
    #[serde(rename = "en-US")]
    English,
    /// Chinese; messages without a known Chinese text are English.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// The value of the common parameter `Language`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }
}

/// An HTTP method of the clouds' APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `POST`
    Post,
    /// `GET`
    Get,
}

impl Method {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
        }
    }
}

/// A request with its signature. The path is `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The HTTP method.
    pub method: Method,
    /// The query, without `?`; may be empty.
    pub query: String,
    /// Names (in lower case) and values of the headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
    /// The steps of the signature.
    pub steps: Vec<SigningStep>,
}

/// A step of a signature, with the vendor's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SigningStep {
    /// The name of the step.
    pub step: StepName,
    /// The result of the step.
    pub text: String,
}

/// The name of a signature step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// The sorted and encoded parameters.
    CanonicalQuery,
    /// The request in canonical form.
    CanonicalRequest,
    /// The text that is signed.
    StringToSign,
    /// The signature.
    Signature,
}

impl SigningStep {
    pub(crate) fn new(step: StepName, text: impl Into<String>) -> Self {
        Self {
            step,
            text: text.into(),
        }
    }
}

impl Signed {
    /// The request as a server receives it.
    #[must_use]
    pub fn to_wire(&self) -> WireRequest {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| (*name, &**value));
        let body = Bytes::copy_from_slice(self.body.as_bytes());
        WireRequest::new(self.method.name(), "/", &self.query, headers, Ok(body))
    }
}

/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

impl Draft<'_> {
    /// The request with the encoded parameters in the query (GET) or in a form body (POST).
    pub(crate) fn with_parameters(&self, parameters: String, steps: Vec<SigningStep>) -> Signed {
        let mut headers = vec![("host", self.host.to_owned())];
        let (query, body) = match self.method {
            Method::Get => (parameters, String::new()),
            Method::Post => {
                headers.push(("content-type", FORM.to_owned()));
                (String::new(), parameters)
            }
        };
        Signed {
            method: self.method,
            query,
            headers,
            body,
            steps,
        }
    }
}

/// The text that is sent for a value of a parameter: a text unchanged, any other value as JSON.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// All parameters of a request: the common ones, then those of the operation.
pub(crate) fn joined<'p>(
    common: &[(&'p str, &'p str)],
    pairs: &'p [(String, String)],
) -> Vec<(&'p str, &'p str)> {
    let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
    common.iter().copied().chain(pairs).collect()
}
