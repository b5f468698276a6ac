//! Calls the clouds' APIs for the explorer and for `put` and `get`: builds, signs and executes requests.

mod addresses;
mod credential_source;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::addresses::Addresses;
use super::endpoint::{Call, Endpoint, Json, JsonBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use super::journal::ExactReply;
use super::{credentials, is_for_credentials};
use crate::clouds::client_code::{self, ApiCall, Connection, KeySource, Program};
use crate::clouds::context::{Auth, AuthMode};
use crate::clouds::draft::{Draft, Extras, Format, Language, Method, Signed, SigningStep};
use crate::clouds::{CloudApi, CloudRequest, UnknownSignatureMethod};
use crate::emulator::cloud_requests::Answer;
use crate::emulator::values::{Account, CloudName, Region};
use crate::http::json;
use crate::http::wire::WireRequest;
use crate::model::{SecretKey, is_account};

/// The maximum size of the body that describes a call, in bytes: the longest secret value has 32 kB, twice
/// as much if each character is escaped. The reply repeats it in every step and program.
const MAX_BYTES: usize = 72 * 1024;

/// The maximum number of values in the body: the clouds' APIs take 1,000 parameters.
const MAX_VALUES: usize = 1000;

/// Makes a call.
pub(super) struct Make;

/// A call of a cloud's API, or of a credential source. The latter is not signed, and has an account only in its
/// parameters: `account`, `region`, `method`, `format` and `signature` are rejected.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallRequest {
    /// The cloud.
    cloud: CloudName,
    /// The name of the operation, which need not exist, or the path of a resource of a credential source, as
    /// `/_emulator/operations` lists it.
    action: String,
    /// The parameters as JSON values: lists as arrays, tags as objects. Parameters that an operation does
    /// not have are sent too; a credential source rejects them.
    #[serde(default)]
    parameters: Map<String, Value>,
    /// The account whose access key signs; by default the default account.
    account: Option<Account>,
    /// The region; by default that of the host, or the default region of the cloud.
    region: Option<Region>,
    /// The HTTP method; `POST` by default.
    method: Option<Method>,
    /// The format of the reply; `JSON` by default. Tencent Cloud has no other.
    format: Option<Format>,
    /// The signature method: one of those that `/_emulator/settings` lists for the cloud; the first by
    /// default.
    signature: Option<String>,
    /// The language of error messages on Tencent Cloud; English by default.
    language: Option<Language>,
    /// Whether the addresses in the reply use https.
    #[serde(default)]
    https: bool,
    /// Whether to send the request; if false, it is only returned.
    #[serde(default = "yes")]
    send: bool,
    /// Whether fault rules apply to the call and count it, as to a request of a client.
    #[serde(default)]
    faults: bool,
}

fn yes() -> bool {
    true
}

/// A call with its reply.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CallResult {
    /// The request.
    request: SentRequest,
    /// How it was signed, step by step; empty if it is not signed.
    signing: Vec<SigningStep>,
    /// A URL for the address bar of a browser; absent if a browser cannot send the request.
    browser_url: Option<String>,
    /// The call as a shell command.
    curl: String,
    /// The same call as a program, one per language. A program contains the access key if its secret is
    /// `test`; otherwise it reads the key from environment variables that a comment names. Empty for a
    /// credential source, and if a client cannot reach the region.
    code: Vec<Program>,
    /// The reply exactly as a client would get it; absent if the request was not sent.
    reply: Option<ExactReply>,
    /// The latency of a fault rule in milliseconds, by which a client would get the reply later.
    latency_ms: Option<f64>,
    /// The id of the request in the journal.
    request_id: Option<String>,
}

/// A request as it is sent.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SentRequest {
    /// The HTTP method.
    method: String,
    /// The URL.
    url: String,
    /// The path.
    path: String,
    /// The query, without `?`.
    query: String,
    /// Names and values of the headers.
    headers: Vec<(String, String)>,
    /// The body.
    body: String,
}

impl SentRequest {
    fn new(wire: &WireRequest, url: String) -> Self {
        let headers = wire.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_string()));
        Self {
            method: wire.method.to_string(),
            url,
            path: wire.path.to_string(),
            query: wire.query.to_string(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(wire.whole_body()).into_owned(),
        }
    }
}

impl Endpoint for Make {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/call";
    const SUMMARY: &'static str = "Builds, signs and executes a call of a cloud's API as a client would, and returns every step; \
         requests for credential sources are not signed. Not counted in coverage and metrics. Fault rules apply only with \
         `faults`; their latency is reported, not applied.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::AccessKeyNotFound];
    type Parameters = NoParameters;
    type Body = JsonBody<CallRequest>;
    type Reply = Json<CallResult>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(request_body): JsonBody<CallRequest>,
    ) -> Result<Self::Reply, ControlError> {
        check_size(call.wire.whole_body())?;
        check_action(&request_body.action)?;
        let cloud = call.emulator.clouds.get(request_body.cloud.into());
        let result = match credential_source::resource_of(cloud, &request_body.action)? {
            Some(resource) => credential_source::call(call, cloud, resource, &request_body),
            None => call_operation(call, cloud, &request_body),
        };
        result.map(Json)
    }
}

fn call_operation(
    call: &Call,
    cloud: &dyn CloudApi,
    request_body: &CallRequest,
) -> Result<CallResult, ControlError> {
    let emulator = call.emulator;
    let addresses = Addresses::of(call, cloud, request_body);
    let key = key_of(&emulator.auth, request_body.account.as_ref())?;
    // A strict server checks the time stamp by the clock of the account.
    let now = emulator.now_in(&emulator.auth.credentials.account_of(Some(&key.0)));
    let draft = || draft(request_body, &addresses, &key, now);
    let signed = sign(request_body, cloud, &draft())?;
    let browser_url = addresses.in_browser.as_ref().and_then(|base| {
        let draft = Draft {
            method: Method::Get,
            ..draft()
        };
        let query = cloud.browser_query(&draft, request_body.signature.as_deref() != Some("none"));
        query.map(|query| format!("{base}/?{query}"))
    });
    let sent = signed.to_wire();
    let answer = send(call, request_body, &sent);
    let curl = addresses.curl(&sign(request_body, cloud, &draft())?.to_wire());
    let result = CallResult {
        signing: signed.steps,
        browser_url,
        code: programs(request_body, cloud, &addresses, &key),
        ..CallResult::new(SentRequest::new(&sent, addresses.url(&sent)), curl)
    };
    Ok(result.with(answer))
}

/// Sends a request, if it is to be sent.
fn send(call: &Call, request_body: &CallRequest, wire: &WireRequest) -> Option<Answer> {
    if !request_body.send {
        return None;
    }
    let emulator = call.emulator;
    let wire = Arc::new(WireRequest {
        client: call.wire.client,
        ..wire.clone()
    });
    let request: Box<dyn CloudRequest + '_> = if is_for_credentials(&wire) {
        Box::new(credentials::request(emulator, &wire))
    } else {
        emulator.clouds.of_request(&wire).parse(Arc::clone(&wire))
    };
    Some(emulator.call(request, &wire, request_body.faults))
}

impl CallResult {
    /// A request that is neither signed nor sent.
    fn new(request: SentRequest, curl: String) -> Self {
        Self {
            request,
            signing: Vec::new(),
            browser_url: None,
            curl,
            code: Vec::new(),
            reply: None,
            latency_ms: None,
            request_id: None,
        }
    }

    fn with(self, answer: Option<Answer>) -> Self {
        let Some(answer) = answer else {
            return self;
        };
        let latency = answer.reply.delivery.delay;
        Self {
            latency_ms: Some(latency.as_secs_f64() * 1000.0),
            request_id: Some(answer.request_id),
            reply: Some(ExactReply::new(answer.reply, answer.hints)),
            ..self
        }
    }
}

/// Checks the size of a body, and the number of its values.
fn check_size(body: &[u8]) -> Result<(), ControlError> {
    if json::has_more_values(body, MAX_VALUES) {
        return Err(ControlError::new(
            ErrorCode::InvalidBody,
            "body",
            format!("the body has more than {MAX_VALUES} values"),
        ));
    }
    if body.len() > MAX_BYTES {
        return Err(ControlError::new(
            ErrorCode::BodyTooLarge,
            "body",
            format!("a call has at most {MAX_BYTES} bytes"),
        ));
    }
    Ok(())
}

fn check_action(action: &str) -> Result<(), ControlError> {
    if action.contains(char::is_control) {
        return Err(ControlError::new(
            ErrorCode::InvalidBody,
            "body.action",
            "the name of an operation cannot contain control characters",
        ));
    }
    Ok(())
}

/// The draft of a request. Each has its own nonce, because a strict server accepts a nonce only once.
fn draft<'d>(
    request_body: &'d CallRequest,
    addresses: &'d Addresses,
    (id, secret): &'d (String, SecretKey),
    time: DateTime<Utc>,
) -> Draft<'d> {
    Draft {
        action: &request_body.action,
        parameters: &request_body.parameters,
        method: request_body.method.unwrap_or(Method::Post),
        host: &addresses.host,
        region: &addresses.region,
        time,
        // JSON parsers read integers below 2^53 exactly.
        nonce: rand::rng().random_range(1..1 << 53),
        key: (id, secret),
        format: request_body.format.unwrap_or(Format::Json),
        language: request_body.language.unwrap_or(Language::English),
        extras: Extras::default(),
    }
}

/// The access key of an account: a configured one, or, if unknown keys are accepted, the account number
/// with the secret `test`.
fn key_of(auth: &Auth, account: Option<&Account>) -> Result<(String, SecretKey), ControlError> {
    let default = auth.credentials.default_account();
    let account = account.map_or(default, |account| &account.0);
    if let Some((id, secret)) = auth.credentials.key_of(account) {
        return Ok((id, secret));
    }
    // The account number of a deleted tenant is not accepted as a key.
    let is_open = auth.mode != AuthMode::Strict && is_account(account);
    if is_open && auth.credentials.account_of(Some(account)) == account {
        return Ok((account.to_owned(), SecretKey::new("test")));
    }
    Err(ControlError::new(
        ErrorCode::AccessKeyNotFound,
        "body.account",
        "the server has no access key of this account; add one with --access-key",
    ))
}

/// The call as programs; empty if a client cannot reach the region. They contain no secret other than
/// the default one.
fn programs(
    request_body: &CallRequest,
    cloud: &dyn CloudApi,
    addresses: &Addresses,
    (id, secret): &(String, SecretKey),
) -> Vec<Program> {
    let Some(address) = addresses.address() else {
        return Vec::new();
    };
    let key = if secret.is_well_known() {
        KeySource::Literal(id, secret)
    } else {
        KeySource::Environment
    };
    let call = ApiCall {
        cloud: cloud.cloud(),
        action: &request_body.action,
        parameters: &request_body.parameters,
    };
    let connection = Connection {
        address,
        https: request_body.https,
        ca: "ca.pem",
        region: &addresses.region,
        key,
    };
    client_code::programs(&call, &connection)
}

fn sign(
    request_body: &CallRequest,
    cloud: &dyn CloudApi,
    draft: &Draft,
) -> Result<Signed, ControlError> {
    let invalid = |place: &str, message: String| {
        ControlError::new(ErrorCode::InvalidBody, format!("body.{place}"), message)
    };
    if !cloud.formats().contains(&draft.format) {
        let message = format!("{} supports only JSON", cloud.name());
        return Err(invalid("format", message));
    }
    cloud
        .sign(draft, request_body.signature.as_deref())
        .map_err(|UnknownSignatureMethod| {
            let methods = cloud.signature_methods().join(", ");
            invalid("signature", format!("expected {methods}"))
        })
}
