//! Requests to the API of a cloud, for `compare` and `fixtures pull`: signed like those of an SDK, over verified
//! TLS, at a limited rate, and repeated after throttling.

mod account;
mod endpoint;
mod error_text;
mod form;
mod reply;
mod stop;
mod transport;

use std::time::{Duration, Instant};

use chrono::Utc;
use rand::RngExt;
use serde_json::{Map, Value};

use crate::clouds::draft::{Draft, Extras, Language, Signed};
use crate::clouds::{self, CloudApi};
use crate::model::SecretKey;

pub(super) use self::account::{Account, AccountArguments};
pub(super) use self::endpoint::Endpoint;
pub(super) use self::error_text::{printable, quoted_request};
pub(super) use self::form::{Form, KeyUsed};
pub(super) use self::reply::{CloudError, Reply};
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

/// An id that no access key has.
const UNKNOWN_KEY: &str = "LTAIkmsemulatorcompare";
const WRONG_SECRET: &str = "not-the-secret-of-this-access-key";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    pub(super) fn account() -> Account {
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
}
