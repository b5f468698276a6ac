//! Requests to the API of a cloud, for `compare` and `fixtures pull`: signed like those of an SDK, over verified
//! TLS, at a limited rate, and repeated after throttling.

mod account;
mod endpoint;
mod stop;
mod transport;

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use rand::RngExt;
use serde_json::{Map, Value};

use crate::clouds::draft::{Draft, Extras, Format, Language, Method, Signed};
use crate::clouds::{self, CloudApi};
use crate::model::SecretKey;

pub(super) use self::account::{Account, AccountArguments};
pub(super) use self::endpoint::Endpoint;
pub(super) use self::stop::Stop;
use self::transport::Transport;
pub(super) use self::transport::TransportError;

/// The pauses before a request is repeated. With the time of the requests, they are longer than the minute of
/// the longest documented limit.
const PAUSES: [Duration; 8] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// The maximum number of repetitions after other failures than throttling.
const OTHER_REPETITIONS: usize = 3;

/// A request to be signed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// The name of the operation.
    pub action: &'a str,
    /// The parameters.
    pub parameters: &'a Map<String, Value>,
    /// Whether it changes nothing, so that it can be repeated after any failure.
    pub reads: bool,
    /// The form of the request.
    pub form: Form,
}

/// How a request is sent.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
pub(super) struct Form {
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
    pub(super) const USUAL: Self = Self {
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
}

/// The key that signs a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyUsed {
    /// The key of the account.
    Own,
    /// The id of the account's key, with another secret.
    WrongSecret,
    /// An id that no account has.
    Unknown,
    /// The id with a space after it.
    SpaceAfter,
}

/// An id that no access key has.
const UNKNOWN_KEY: &str = "LTAIkmsemulatorcompare";
const WRONG_SECRET: &str = "not-the-secret-of-this-access-key";

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type, without its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// The code and the text of an error reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CloudError {
    /// The code.
    pub code: String,
    /// The text.
    pub message: String,
}

impl Reply {
    /// The body as JSON, without the envelope of Tencent Cloud; `null` if it is not JSON.
    pub(super) fn json(&self) -> Value {
        let mut body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        match body.get_mut("Response") {
            Some(response) => response.take(),
            None => body,
        }
    }

    /// The error that the reply reports.
    pub(super) fn error(&self) -> Option<CloudError> {
        let body = self.json();
        let error = body.get("Error").unwrap_or(&body);
        match (error["Code"].as_str(), error["Message"].as_str()) {
            (Some(code), message) => Some(CloudError {
                code: code.to_owned(),
                message: message.unwrap_or_default().to_owned(),
            }),
            (None, _) if self.status >= 400 || !body.is_object() => Some(CloudError {
                code: format!("HTTP status {}", self.status),
                message: match body {
                    Value::Object(_) => "the reply has no error code".to_owned(),
                    _ => "the reply is not a JSON object".to_owned(),
                },
            }),
            _ => None,
        }
    }
}

impl CloudError {
    /// Whether the rate of requests was too high.
    pub(super) fn is_throttling(&self) -> bool {
        ["Throttling", "Rejected.Throttling", "RequestLimitExceeded"]
            .iter()
            .any(|code| self.code.starts_with(code))
            || self.code == "HTTP status 429"
    }

    /// Whether the cloud has a temporary problem.
    fn is_temporary(&self) -> bool {
        ["ServiceUnavailable", "InternalFailure", "InternalError"]
            .iter()
            .any(|code| self.code.starts_with(code))
            || self.code.starts_with("HTTP status 5")
    }

    /// Whether the error is not a result of the behaviour that a probe is about.
    pub(super) fn prevents_comparison(&self) -> bool {
        self.is_throttling()
            || self.is_temporary()
            || [
                "Forbidden.NoPermission",
                "UnauthorizedOperation",
                "AuthFailure.UnauthorizedOperation",
            ]
            .contains(&&*self.code)
    }

    /// Whether the access key is wrong or lacks a permission.
    pub(super) fn is_about_key(&self) -> bool {
        const CODES: [&str; 9] = [
            "InvalidAccessKeyId",
            "MissingAccessKeyId",
            "IncompleteSignature",
            "SignatureDoesNotMatch",
            "InvalidSecurityToken",
            "MissingSecurityToken",
            "AuthFailure",
            "UnauthorizedOperation",
            "Forbidden.NoPermission",
        ];
        CODES.iter().any(|code| self.code.starts_with(code))
    }
}

/// The reason why a request has no reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
    /// The user stopped the program.
    #[error("stopped by a signal")]
    Stopped,
    /// The connection failed.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// A client of one account in one region.
pub(super) struct Client {
    account: Account,
    transport: Transport,
    interval: Duration,
    next: Instant,
    /// The divisor of the pauses before repetitions.
    pause_divisor: u32,
    stop: Stop,
}

impl Client {
    /// A client that sends at most `rate` requests per second.
    pub(super) fn new(account: Account, rate: f64, stop: Stop) -> Result<Self, TransportError> {
        Ok(Self {
            transport: Transport::new(&account)?,
            account,
            interval: Duration::try_from_secs_f64(1.0 / rate).unwrap_or_default(),
            next: Instant::now(),
            pause_divisor: 1,
            stop,
        })
    }

    /// Shortens the pauses before repetitions, for a server that a test has for itself.
    pub(super) fn divide_pauses(&mut self, divisor: u32) {
        self.pause_divisor = divisor;
    }

    /// The account.
    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    /// The API of the account's cloud.
    pub(super) fn api(&self) -> &'static dyn CloudApi {
        clouds::with_default_settings().get(self.account.cloud)
    }

    /// Runs `work` even after the user has stopped the program, because created secrets must be deleted.
    pub(super) fn regardless_of_stop<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let stop = std::mem::take(&mut self.stop);
        let done = work(self);
        self.stop = stop;
        done
    }

    /// Waits, or fails if the user stops the program.
    pub(super) fn pause(&self, pause: Duration) -> Result<(), RequestError> {
        if self.stop.wait(pause) {
            Err(RequestError::Stopped)
        } else {
            Ok(())
        }
    }

    /// Sends a request in its usual form.
    pub(super) fn read(
        &mut self,
        action: &str,
        parameters: &Map<String, Value>,
    ) -> Result<Reply, RequestError> {
        self.send(Call {
            action,
            parameters,
            reads: true,
            form: Form::USUAL,
        })
    }

    /// Sends a request, and repeats it after throttling; a request that only reads also after a failure of the
    /// connection or of the cloud.
    pub(super) fn send(&mut self, call: Call) -> Result<Reply, RequestError> {
        let mut failures = 0;
        loop {
            let sent = self.send_once(call);
            let is_last = match &sent {
                Ok(reply) => match reply.error() {
                    Some(error) if error.is_throttling() => failures >= PAUSES.len(),
                    Some(error) if error.is_temporary() => {
                        !call.reads || failures >= OTHER_REPETITIONS
                    }
                    _ => true,
                },
                Err(RequestError::Transport(error)) => {
                    !call.reads || !error.is_temporary || failures >= OTHER_REPETITIONS
                }
                Err(RequestError::Stopped) => true,
            };
            if is_last {
                return sent;
            }
            let pause = PAUSES[failures.min(PAUSES.len() - 1)] / self.pause_divisor;
            // Other programs of the same account repeat their requests at other times.
            self.pause(pause.mul_f64(rand::rng().random_range(0.75..1.25)))?;
            failures += 1;
        }
    }

    fn send_once(&mut self, call: Call) -> Result<Reply, RequestError> {
        let signed = self.sign(call);
        if call.form.twice {
            self.exchange(&signed)?;
        }
        self.exchange(&signed)
    }

    fn exchange(&mut self, signed: &Signed) -> Result<Reply, RequestError> {
        self.pause(self.next.saturating_duration_since(Instant::now()))?;
        self.next = Instant::now() + self.interval;
        Ok(self.transport.exchange(&self.account.endpoint, signed)?)
    }

    fn sign(&self, call: Call) -> Signed {
        let Form { key, .. } = call.form;
        let account = &self.account;
        let wrong = SecretKey::new(WRONG_SECRET);
        let spaced = format!("{} ", account.access_key_id);
        let (id, secret) = match key {
            KeyUsed::Own => (&*account.access_key_id, &account.secret),
            KeyUsed::WrongSecret => (&*account.access_key_id, &wrong),
            KeyUsed::Unknown => (UNKNOWN_KEY, &wrong),
            KeyUsed::SpaceAfter => (&*spaced, &account.secret),
        };
        let region = if call.form.has_region {
            &*account.region
        } else {
            ""
        };
        let draft = Draft {
            action: call.action,
            parameters: call.parameters,
            method: call.form.method,
            host: account.endpoint.authority(),
            region,
            time: Utc::now() - call.form.age,
            nonce: rand::rng().random_range(1..1 << 53),
            key: (id, secret),
            format: call.form.format,
            language: Language::English,
            extras: Extras {
                token: account.token.as_ref().map(SecretKey::expose),
                payload: call.form.payload,
                milliseconds: call.form.milliseconds,
            },
        };
        let mut signed = self
            .api()
            .sign(&draft, call.form.signature)
            .expect("the signature methods of probes are those of their cloud");
        if call.form.line_break {
            // The signature is the last parameter of a form.
            signed.body.push_str("%0A");
        }
        signed
    }
}

/// The words before the part of an error text that quotes the request, with the id of the key.
const QUOTES: [&str; 2] = ["server string to sign is:", "server canonical request is:"];

/// The position at which an error text begins to quote the request.
pub(super) fn quoted_request(text: &str) -> Option<usize> {
    let ends = QUOTES
        .iter()
        .filter_map(|words| Some(text.find(words)? + words.len()));
    ends.min()
}

/// Removes keys and tokens of an account from a text, and makes it one short line.
pub(super) fn printable(text: &str, account: &Account) -> String {
    const MAX_CHARACTERS: usize = 300;
    let begin = QUOTES.iter().filter_map(|words| text.find(words)).min();
    let mut text = text[..begin.unwrap_or(text.len())].trim().to_owned();
    let token = account.token.as_ref().map(SecretKey::expose);
    let keys = [
        Some(&*account.access_key_id),
        Some(account.secret.expose()),
        token,
    ];
    for key in keys.into_iter().flatten().filter(|key| !key.is_empty()) {
        text = text.replace(key, "***");
    }
    let line = text.split(char::is_whitespace).collect::<Vec<_>>();
    let line: String = line.join(" ").chars().take(MAX_CHARACTERS).collect();
    line.replace(char::is_control, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    fn account() -> Account {
        Account {
            cloud: Cloud::Alibaba,
            region: "cn-hangzhou".into(),
            endpoint: Endpoint::parse("http://127.0.0.1:1").unwrap(),
            access_key_id: "LTAIcanary".into(),
            secret: SecretKey::new("canarysecret"),
            token: Some(SecretKey::new("canarytoken")),
            ca: None,
        }
    }

    #[test]
    fn errors_are_printed_in_one_line_without_keys() {
        let text = "LTAIcanary canarysecret\ncanarytoken is wrong. server string to sign is:POST&%2F&AccessKeyId=LTAIcanary";
        assert_eq!(printable(text, &account()), "*** *** *** is wrong.");
        assert_eq!(printable(&"x ".repeat(1000), &account()).len(), 300);
    }

    #[test]
    fn reply_that_is_not_of_a_cloud_is_an_error_that_says_so() {
        for (status, body, text) in [
            (200, "<html>", "the reply is not a JSON object"),
            (302, "", "the reply is not a JSON object"),
            (404, "{}", "the reply has no error code"),
        ] {
            let reply = Reply {
                status,
                content_type: String::new(),
                body: body.to_owned(),
            };
            let error = reply.error().unwrap();
            assert_eq!(error.code, format!("HTTP status {status}"));
            assert_eq!(error.message, text, "{body}");
        }
    }

    #[test]
    fn token_is_signed_by_every_method_that_has_a_signature() {
        let client = Client::new(account(), 1.0, Stop::default()).unwrap();
        let parameters = Map::new();
        for method in ["ACS3-HMAC-SHA256", "ACS4-HMAC-SHA256", "HMAC-SHA1"] {
            let signed = client.sign(Call {
                action: "ListSecrets",
                parameters: &parameters,
                reads: true,
                form: Form {
                    signature: Some(method),
                    ..Form::USUAL
                },
            });
            let is_header = signed
                .headers
                .contains(&("x-acs-security-token", "canarytoken".into()));
            let authorization = signed
                .headers
                .iter()
                .find(|(name, _)| *name == "authorization");
            let is_signed_header =
                authorization.is_some_and(|(_, value)| value.contains(";x-acs-security-token;"));
            let is_parameter = signed.body.contains("SecurityToken=canarytoken");
            assert!(
                is_header && is_signed_header || is_parameter,
                "{method}: {signed:?}"
            );
        }
    }

    #[test]
    fn codes_of_throttling_are_those_of_both_clouds() {
        for code in [
            "Throttling.User",
            "Rejected.Throttling",
            "RequestLimitExceeded",
            "RequestLimitExceeded.UinLimitExceeded",
        ] {
            let error = CloudError {
                code: code.into(),
                message: String::new(),
            };
            assert!(error.is_throttling(), "{code}");
        }
    }
}
