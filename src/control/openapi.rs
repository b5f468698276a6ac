//! The OpenAPI document of the control API, generated from the table of endpoints and their types.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::TABLE;
use super::endpoint::{Call, Endpoint, Entry, NoBody, NoParameters, ReplyBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds;

/// Errors of every endpoint.
const COMMON_ERRORS: [ErrorCode; 7] = [
    ErrorCode::InvalidParameter,
    ErrorCode::InvalidBody,
    ErrorCode::BodyTooLarge,
    ErrorCode::HostNotAllowed,
    ErrorCode::CrossSiteRequest,
    ErrorCode::UnknownPath,
    ErrorCode::StoreFailed,
];

/// Returns the document.
pub(super) struct Document;

/// The document as JSON. It is built once, because that takes tens of milliseconds.
pub(super) struct DocumentText(Bytes);

/// The documents of a server without and with a token.
static DOCUMENTS: [OnceLock<Bytes>; 2] = [OnceLock::new(), OnceLock::new()];

impl ReplyBody for DocumentText {
    const MEDIA_TYPE: &'static str = "application/json";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "required": ["openapi", "info", "paths"]})
    }

    fn print(self) -> Bytes {
        self.0
    }
}

impl Endpoint for Document {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/openapi.json";
    const SUMMARY: &'static str = "Returns the OpenAPI 3.1 description of the control API.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = DocumentText;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let has_token = call.emulator.control_token.is_some();
        let made = DOCUMENTS[usize::from(has_token)]
            .get_or_init(|| document(has_token).to_string().into_bytes().into());
        Ok(DocumentText(made.clone()))
    }
}

fn generator(contract: Contract) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    settings.contract = contract;
    let settings = settings.with_transform(RecursiveTransform(bound));
    settings.into_generator()
}

/// Adds the maximum of a number format, because few tools know these formats.
fn bound(schema: &mut Schema) {
    let maximum = match schema.get("format").and_then(Value::as_str) {
        Some("uint32") => u64::from(u32::MAX),
        Some("uint64" | "uint") => u64::MAX,
        _ => return,
    };
    let members = schema.ensure_object();
    members.entry("maximum").or_insert_with(|| maximum.into());
}

/// Builds the document.
fn document(has_token: bool) -> Value {
    let mut requests = generator(Contract::Deserialize);
    let mut replies = generator(Contract::Serialize);
    let error = replies.subschema_for::<ControlError>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for entry in TABLE {
        let mut operation = operation(entry, &mut requests, &mut replies, &error);
        if has_token && !entry.open {
            operation["security"] = json!([{"token": []}]);
        }
        let path = paths.entry(entry.path).or_default();
        path.insert(entry.method.to_ascii_lowercase(), operation);
    }
    // A type of both requests and replies is described as in requests: fewer members are required there,
    // so replies match too.
    let mut schemas = replies.take_definitions(true);
    schemas.extend(requests.take_definitions(true));
    schemas.extend(operations());
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "kms-emulator control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The control API for tests: health, reset, state, snapshots, tenants, clock, faults, journal. \
                 The schemas contain the operations of the clouds too, such as `alibaba.ListSecrets` (parameters) and \
                 `alibaba.ListSecrets.reply`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas},
    });
    if has_token {
        document["components"]["securitySchemes"] =
            json!({"token": {"type": "http", "scheme": "bearer"}});
    }
    document
}

/// The operations of the clouds: their parameters, and their replies.
fn operations() -> impl Iterator<Item = (String, Value)> {
    let clouds = clouds::with_default_settings().all();
    clouds.into_iter().flat_map(|cloud| {
        let operations = cloud.operations().into_iter();
        operations.flat_map(move |mut operation| {
            let name = format!("{}.{}", cloud.cloud().name(), operation.action);
            let reply_name = format!("{name}.reply");
            // The definitions of a reply are inside its schema.
            let inside = format!("#/components/schemas/{reply_name}/$defs/");
            let mut move_inside = |schema: &mut Schema| {
                if let Some(Value::String(to)) = schema.get_mut("$ref") {
                    *to = to.replacen("#/$defs/", &inside, 1);
                }
            };
            RecursiveTransform(&mut move_inside).transform(&mut operation.reply);
            operation.reply.remove("$schema");
            [
                (name, operation.parameters_schema().into()),
                (reply_name, operation.reply.into()),
            ]
        })
    })
}

fn operation(
    entry: &Entry,
    requests: &mut SchemaGenerator,
    replies: &mut SchemaGenerator,
    error: &Schema,
) -> Value {
    let mut responses = Map::new();
    responses.insert(
        entry.status.to_string(),
        json!({
            "description": "Success.",
            "content": {entry.media_type: {"schema": (entry.reply)(replies)}},
        }),
    );
    if entry.path == super::health::Ready::PATH {
        responses.insert(
            "503".to_owned(),
            json!({
                "description": "The server is starting.",
                "content": {entry.media_type: {"schema": (entry.reply)(replies)}},
            }),
        );
    }
    let request = (entry.request)(requests);
    for (status, codes) in errors_by_status(entry) {
        let codes: Vec<_> = codes.iter().map(|code| format!("{code:?}")).collect();
        responses.insert(
            status.to_string(),
            json!({
                "description": codes.join(", "),
                "content": {"application/json": {"schema": error}},
            }),
        );
    }
    let name = entry.path.trim_start_matches(super::PREFIX);
    let mut operation = json!({
        "operationId": format!("{} {name}", entry.method.to_ascii_lowercase())
            .replace([' ', '/', '.', '-', '{', '}'], "_"),
        "summary": entry.summary,
        "tags": [name.split('/').next()],
        "parameters": parameters(entry, requests),
        "responses": responses,
    });
    if let Some((schema, required)) = request {
        operation["requestBody"] = json!({
            "required": required,
            "content": {"application/json": {"schema": schema}},
        });
    }
    operation
}

/// The parameters of path and query, one by one.
fn parameters(entry: &Entry, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut schema = (entry.parameters)(generator);
    RecursiveTransform(bound).transform(&mut schema);
    let members = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let describe = |(name, schema): (&String, &Value)| {
        let is_in_path = entry.path.contains(&format!("{{{name}}}"));
        let mut schema = schema.clone();
        let description = schema
            .as_object_mut()
            .and_then(|schema| schema.remove("description"));
        json!({
            "name": name,
            "in": if is_in_path { "path" } else { "query" },
            "required": required.is_some_and(|names| names.contains(&json!(name))),
            "description": description,
            "schema": without_null(schema),
        })
    };
    members.into_iter().flatten().map(describe).collect()
}

/// Removes `null` from a schema: a parameter that was sent is not null.
fn without_null(mut schema: Value) -> Value {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            schema["type"] = only.clone();
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [only] = &choices[..] {
            return only.clone();
        }
    }
    schema
}

fn errors_by_status(entry: &Entry) -> BTreeMap<u16, Vec<ErrorCode>> {
    let mut codes = COMMON_ERRORS.to_vec();
    codes.extend(entry.errors);
    if !entry.open {
        codes.push(ErrorCode::Unauthorized);
    }
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status
}
