//! Makes calls of the clouds' APIs, as the explorer shows them: put together, signed, carried out.

use std::borrow::Cow;
use std::net::IpAddr;

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
use crate::clouds::draft::{Draft, Format, Language, Method, Signed, SigningStep};
use crate::clouds::{CloudApi, UnknownSignatureMethod};
use crate::emulator::values::{Account, CloudName, Region};
use crate::http::host::Authority;
use crate::http::json;
use crate::model::{SecretKey, is_account};

/// The most bytes of the body that describes a call: the longest value of a secret has 32 kB, and twice as much where
/// each character is escaped. The reply has it many times, in every step and program.
const MOST_BYTES: usize = 72 * 1024;

/// The most values in the body: the clouds' APIs take 1,000 parameters.
const MOST_VALUES: usize = 1000;

/// Makes a call.
pub struct Make;

/// A call of a cloud's API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The cloud.
    cloud: CloudName,
    /// The name of the operation. It may be one that there is not.
    action: String,
    /// The parameters of the operation as JSON values: lists as arrays, tags as objects. They are sent
    /// as they are, whether or not the operation has such.
    #[serde(default)]
    parameters: Map<String, Value>,
    /// Whose access key signs; the default account when absent.
    account: Option<Account>,
    /// The region asked for; the default one when absent.
    region: Option<Region>,
    /// The HTTP method; `POST` when absent.
    method: Option<Method>,
    /// The format of the answer; `JSON` when absent. Tencent Cloud has no other.
    format: Option<Format>,
    /// How the request is signed: one of the names that `/_emulator/settings` lists for the cloud, the
    /// first of them when absent.
    signature: Option<String>,
    /// The language of error messages on Tencent Cloud; English when absent.
    language: Option<Language>,
    /// Whether the addresses told are those of https.
    #[serde(default)]
    https: bool,
    /// Whether the call is carried out, not only shown.
    #[serde(default = "yes")]
    send: bool,
}

fn yes() -> bool {
    true
}

/// A call, and what was answered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Made {
    /// The request.
    request: SentRequest,
    /// How it was signed, step by step.
    signing: Vec<SigningStep>,
    /// The same call for the address bar of a browser; absent where that cannot reach the region.
    browser_url: Option<String>,
    /// The same call for a shell.
    curl: String,
    /// The same call as a program, one per language. A program contains the access key if its secret is
    /// `test`; otherwise it reads the key from environment variables that a comment names. Empty if a
    /// client cannot reach the region.
    code: Vec<Program>,
    /// The answer, exactly as it would be sent; absent when the call was not carried out.
    reply: Option<ExactReply>,
    /// How much later a client would have had the answer, for the latency of a fault, in milliseconds.
    latency_ms: Option<f64>,
    /// The id by which the journal knows the call.
    request_id: Option<String>,
}

/// A request as it is sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SentRequest {
    /// The HTTP method.
    method: Method,
    /// Where it is sent.
    url: String,
    /// The text behind `?`.
    query: String,
    /// The names and values of its headers.
    headers: Vec<(&'static str, String)>,
    /// Its body.
    body: String,
}

impl Endpoint for Make {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/call";
    const SUMMARY: &'static str = "Builds, signs and executes a call of a cloud's API as a client would, and returns every step. The \
         latency of a fault is reported, not applied.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::AccessKeyNotFound];
    type Parameters = NoParameters;
    type Body = JsonBody<Order>;
    type Reply = Json<Made>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(order): JsonBody<Order>,
    ) -> Result<Self::Reply, ControlError> {
        let body = call.wire.whole_body();
        if json::has_more_values(body, MOST_VALUES) {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body",
                format!("the body has more than {MOST_VALUES} values"),
            ));
        }
        if body.len() > MOST_BYTES {
            return Err(ControlError::new(
                ErrorCode::BodyTooLarge,
                "body",
                format!("a call is described in at most {MOST_BYTES} bytes"),
            ));
        }
        let emulator = call.emulator;
        let cloud = emulator.clouds.get(order.cloud.into());
        let place = Place::of(call, cloud, &order);
        let key = key_of(&emulator.auth, order.account.as_ref())?;
        if order.action.contains(char::is_control) {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body.action",
                "no client could send control characters in the name of an operation",
            ));
        }
        // Each with a nonce of its own, as a server that checks takes a nonce only once.
        let draft = || Draft {
            action: &order.action,
            parameters: &order.parameters,
            method: order.method.unwrap_or(Method::Post),
            host: &place.host,
            region: &place.region,
            time: call.now,
            // Below what every JSON parser reads as a whole number.
            nonce: rand::rng().random_range(1..1 << 53),
            key: (&key.0, &key.1),
            format: order.format.unwrap_or(Format::Json),
            language: order.language.unwrap_or(Language::English),
        };
        let signed = sign(&order, cloud, &draft())?;
        let browser_url = place.in_browser.as_ref().map(|base| {
            let draft = Draft {
                method: Method::Get,
                ..draft()
            };
            let query = cloud.browser_query(&draft, order.signature.as_deref() != Some("none"));
            format!("{base}/?{query}")
        });
        let answered = order.send.then(|| emulator.call(signed.to_wire()));
        let curl = place.curl(&sign(&order, cloud, &draft())?);
        let request = SentRequest {
            method: signed.method,
            url: place.url(&signed),
            query: signed.query,
            headers: signed.headers,
            body: signed.body,
        };
        let (reply, request_id) = answered.unzip();
        let latency = reply.as_ref().map(|reply| reply.delivery.delay);
        Ok(Json(Made {
            request,
            signing: signed.steps,
            browser_url,
            curl,
            code: programs(&order, cloud, &place, &key),
            reply: reply.map(ExactReply::from),
            latency_ms: latency.map(|latency| latency.as_secs_f64() * 1000.0),
            request_id,
        }))
    }
}

/// Where a call goes.
struct Place {
    region: String,
    /// The address of this server, with the scheme.
    base: String,
    /// The value of the header `Host`, which names the region to Alibaba Cloud.
    host: String,
    /// Where the certificate authority can be fetched, if one is to be trusted.
    authority: Option<String>,
    /// The address to type into a browser, which sends the host that it names.
    in_browser: Option<String>,
}

impl Place {
    fn of(call: &Call, cloud: &dyn CloudApi, order: &Order) -> Self {
        let emulator = call.emulator;
        let host = &*host_of(call);
        let scheme = if order.https { "https" } else { "http" };
        let base = format!("{scheme}://{host}");
        // By http, which needs no trust.
        let is_needed = order.https && emulator.authority.is_some();
        let authority = is_needed.then(|| format!("http://{host}{}", Certificate::PATH));
        let region_of_host = cloud.region_of_host(Some(host));
        let region = order.region.as_ref().map(|region| region.0.clone());
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
        let name = named.map_or(host, |authority| authority.host);
        let is_local = name.ends_with("localhost")
            || name
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
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

    /// Host and port for clients that cannot send the header `Host` of another one.
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
            // It says by itself what it was told to ask.
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

/// What the client that asks would call the server of the clouds.
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

/// The access key that signs for an account: one that is known, or, where unknown ones are let in, the
/// one that stands for any account.
fn key_of(auth: &Auth, account: Option<&Account>) -> Result<(String, SecretKey), ControlError> {
    let default = auth.credentials.default_account();
    let account = account.map_or(default, |account| &account.0);
    if let Some((id, secret)) = auth.credentials.key_of(account) {
        return Ok((id, secret));
    }
    // The account of a tenant that is gone is nobody's.
    let is_open = auth.mode != AuthMode::Strict && is_account(account);
    if is_open && auth.credentials.account_of(Some(account)) == account {
        return Ok((account.to_owned(), SecretKey::new("test")));
    }
    Err(ControlError::new(
        ErrorCode::AccessKeyNotFound,
        "body.account",
        "no access key is known that signs for this account; --access-key adds one",
    ))
}

/// The call as programs; empty if a client cannot reach the region. They contain no secret other than
/// the default one.
fn programs(
    order: &Order,
    cloud: &dyn CloudApi,
    place: &Place,
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
        action: &order.action,
        parameters: &order.parameters,
    };
    let connection = Connection {
        address,
        https: order.https,
        ca: "ca.pem",
        region: &place.region,
        key,
    };
    client_code::programs(&call, &connection)
}

fn sign(order: &Order, cloud: &dyn CloudApi, draft: &Draft) -> Result<Signed, ControlError> {
    let invalid = |place: &str, message: String| {
        ControlError::new(ErrorCode::InvalidBody, format!("body.{place}"), message)
    };
    if !cloud.formats().contains(&draft.format) {
        let message = format!("{} answers in JSON only", cloud.name());
        return Err(invalid("format", message));
    }
    cloud
        .sign(draft, order.signature.as_deref())
        .map_err(|UnknownSignatureMethod| {
            let methods = cloud.signature_methods().join(", ");
            invalid("signature", format!("expected {methods}"))
        })
}
