//! Calls the clouds' APIs for the explorer and for `put` and `get`: builds, signs and executes requests.

use std::borrow::Cow;

use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authority::Certificate;
use super::endpoint::{Call, Endpoint, Json, JsonBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use super::journal::ExactReply;
use crate::clouds::client_code::{self, ApiCall, Connection, KeySource, Program, quoted};
use crate::clouds::context::{Auth, AuthMode};
use crate::clouds::draft::{Draft, Extras, Format, Language, Method, Signed, SigningStep};
use crate::clouds::{CloudApi, UnknownSignatureMethod};
use crate::emulator::values::{Account, CloudName, Region};
use crate::http::host::Authority;
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

/// A call of a cloud's API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallRequest {
    /// The cloud.
    cloud: CloudName,
    /// The name of the operation, which need not exist.
    action: String,
    /// The parameters as JSON values: lists as arrays, tags as objects. Parameters that the operation does
    /// not have are sent too.
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
    /// How it was signed, step by step.
    signing: Vec<SigningStep>,
    /// A URL for the address bar of a browser; absent if a browser cannot reach the region.
    browser_url: Option<String>,
    /// The call as a shell command.
    curl: String,
    /// The same call as a program, one per language. A program contains the access key if its secret is
    /// `test`; otherwise it reads the key from environment variables that a comment names. Empty if a
    /// client cannot reach the region.
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
    method: Method,
    /// The URL.
    url: String,
    /// The query, without `?`.
    query: String,
    /// Names and values of the headers.
    headers: Vec<(&'static str, String)>,
    /// The body.
    body: String,
}

impl Endpoint for Make {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/call";
    const SUMMARY: &'static str = "Builds, signs and executes a call of a cloud's API as a client would, and returns every step. Not counted \
         in coverage and metrics. Fault rules apply only with `faults`; their latency is reported, not applied.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::AccessKeyNotFound];
    type Parameters = NoParameters;
    type Body = JsonBody<CallRequest>;
    type Reply = Json<CallResult>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(request_body): JsonBody<CallRequest>,
    ) -> Result<Self::Reply, ControlError> {
        let body = call.wire.whole_body();
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
        let emulator = call.emulator;
        let cloud = emulator.clouds.get(request_body.cloud.into());
        let place = Addresses::of(call, cloud, &request_body);
        let key = key_of(&emulator.auth, request_body.account.as_ref())?;
        if request_body.action.contains(char::is_control) {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body.action",
                "the name of an operation cannot contain control characters",
            ));
        }
        // A strict server checks the time stamp by the clock of the account.
        let now = emulator.now_in(&emulator.auth.credentials.account_of(Some(&key.0)));
        // Each draft has its own nonce, because a strict server accepts a nonce only once.
        let draft = || Draft {
            action: &request_body.action,
            parameters: &request_body.parameters,
            method: request_body.method.unwrap_or(Method::Post),
            host: &place.host,
            region: &place.region,
            time: now,
            // JSON parsers read integers below 2^53 exactly.
            nonce: rand::rng().random_range(1..1 << 53),
            key: (&key.0, &key.1),
            format: request_body.format.unwrap_or(Format::Json),
            language: request_body.language.unwrap_or(Language::English),
            extras: Extras::default(),
        };
        let signed = sign(&request_body, cloud, &draft())?;
        let browser_url = place.in_browser.as_ref().map(|base| {
            let draft = Draft {
                method: Method::Get,
                ..draft()
            };
            let query =
                cloud.browser_query(&draft, request_body.signature.as_deref() != Some("none"));
            format!("{base}/?{query}")
        });
        let answered = request_body.send.then(|| {
            let wire = WireRequest {
                client: call.wire.client,
                ..signed.to_wire()
            };
            emulator.call(wire, request_body.faults)
        });
        let curl = place.curl(&sign(&request_body, cloud, &draft())?);
        let request = SentRequest {
            method: signed.method,
            url: place.url(&signed),
            query: signed.query,
            headers: signed.headers,
            body: signed.body,
        };
        let latency = answered.as_ref().map(|answer| answer.reply.delivery.delay);
        let request_id = answered.as_ref().map(|answer| answer.request_id.clone());
        Ok(Json(CallResult {
            request,
            signing: signed.steps,
            browser_url,
            curl,
            code: programs(&request_body, cloud, &place, &key),
            reply: answered.map(|answer| ExactReply::new(answer.reply, answer.hints)),
            latency_ms: latency.map(|latency| latency.as_secs_f64() * 1000.0),
            request_id,
        }))
    }
}

/// The addresses of a call.
struct Addresses {
    region: String,
    /// The base URL of this server.
    base: String,
    /// The header `Host`, which chooses the region on Alibaba Cloud.
    host: String,
    /// The URL of the CA certificate, if the client must trust one.
    authority: Option<String>,
    /// The base URL for a browser, which cannot send another `Host`; absent if there is none for the region.
    in_browser: Option<String>,
}

impl Addresses {
    fn of(call: &Call, cloud: &dyn CloudApi, request_body: &CallRequest) -> Self {
        let emulator = call.emulator;
        let host = &*host_of(call);
        let scheme = if request_body.https { "https" } else { "http" };
        let base = format!("{scheme}://{host}");
        // The CA is downloaded over http, because the client does not trust it yet.
        let is_needed = request_body.https && emulator.authority.is_some();
        let authority = is_needed.then(|| format!("http://{host}{}", Certificate::PATH));
        let region_of_host = cloud.region_of_host(Some(host));
        let region = request_body.region.as_ref().map(|region| region.0.clone());
        let region = region
            .or_else(|| region_of_host.clone())
            .unwrap_or_else(|| cloud.default_region().to_owned());
        let other_host = cloud
            .host_of_region(&region)
            .filter(|_| region_of_host.as_ref() != Some(&region));
        let Some(other_host) = other_host else {
            return Self {
                region,
                host: host.to_owned(),
                authority,
                in_browser: Some(base.clone()),
                base,
            };
        };
        let named = Authority::of_host_header(host);
        let is_local = named.is_some_and(Authority::is_loopback);
        let port = named.and_then(|named| named.port);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Self {
            host: other_host,
            authority,
            in_browser: is_local.then(|| format!("{scheme}://{region}.localhost{port}")),
            region,
            base,
        }
    }

    /// Host and port for clients that cannot set the header `Host`.
    fn address(&self) -> Option<&str> {
        let base = self.in_browser.as_ref()?;
        base.split_once("://").map(|(_, address)| address)
    }

    fn url(&self, signed: &Signed) -> String {
        match &*signed.query {
            "" => format!("{}/", self.base),
            query => format!("{}/?{query}", self.base),
        }
    }

    fn curl(&self, signed: &Signed) -> String {
        let fetch = self.authority.as_ref().map(|address| {
            let address = quoted(address);
            format!("curl --silent --show-error --output ca.pem {address}\n")
        });
        let trust = fetch.as_ref().map_or("", |_| "--cacert ca.pem ");
        let mut lines = vec![format!(
            "{}curl {trust}{}",
            fetch.as_deref().unwrap_or_default(),
            quoted(&self.url(signed))
        )];
        for (name, value) in &signed.headers {
            // curl sends the host of the URL by itself.
            if *name != "host" || !self.base.ends_with(&format!("//{value}")) {
                lines.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
            }
        }
        if signed.method == Method::Post {
            lines.push(format!("--data-raw {}", quoted(&signed.body)));
        }
        lines.join(" \\\n  ")
    }
}

/// Host and port of the clouds' APIs as the client of this request reaches them.
fn host_of<'c>(call: &Call<'c>) -> Cow<'c, str> {
    let host = call.wire.header("host").unwrap_or("localhost");
    match call.emulator.clouds_at {
        None => host.into(),
        Some(address) if address.ip().is_unspecified() => {
            let name = Authority::of_host_header(host).map_or(host, |authority| authority.host);
            let port = address.port();
            if name.contains(':') {
                format!("[{name}]:{port}").into()
            } else {
                format!("{name}:{port}").into()
            }
        }
        Some(address) => address.to_string().into(),
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
    place: &Addresses,
    (id, secret): &(String, SecretKey),
) -> Vec<Program> {
    let Some(address) = place.address() else {
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
        region: &place.region,
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
