//! The document that describes the controls, made of the same table and types that serve them.

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

/// Errors that any control may answer.
const COMMON_ERRORS: [ErrorCode; 5] = [
    ErrorCode::InvalidParameter,
    ErrorCode::HostNotAllowed,
    ErrorCode::CrossSiteRequest,
    ErrorCode::UnknownPath,
    ErrorCode::StoreFailed,
];

/// The document.
pub struct Document;

/// A document as JSON. It is made once: it takes tens of milliseconds, and a megabyte of schemas.
pub struct DocumentText(Bytes);

/// The document of a server without a token, and with one.
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

/// Says in numbers how far a format goes: few readers know it by its name.
fn bound(schema: &mut Schema) {
    let most = match schema.get("format").and_then(Value::as_str) {
        Some("uint32") => u64::from(u32::MAX),
        Some("uint64" | "uint") => u64::MAX,
        _ => return,
    };
    let members = schema.ensure_object();
    members.entry("maximum").or_insert_with(|| most.into());
}

/// The whole document; with the token, where one is asked for.
fn document(has_token: bool) -> Value {
    let mut taken = generator(Contract::Deserialize);
    let mut given = generator(Contract::Serialize);
    let error = given.subschema_for::<ControlError>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for entry in TABLE {
        let mut operation = operation(entry, &mut taken, &mut given, &error);
        if has_token && !entry.open {
            operation["security"] = json!([{"token": []}]);
        }
        let path = paths.entry(entry.path).or_default();
        path.insert(entry.method.to_ascii_lowercase(), operation);
    }
    // What is both taken and given is described as it is taken: there a member may be missing that is
    // never missing in a reply, and a reply fits that too.
    let mut schemas = given.take_definitions(true);
    schemas.extend(taken.take_definitions(true));
    schemas.extend(operations());
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "kms-emulator controls",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The controls of a test pipeline: health, reset, state, snapshots, tenants, clock, faults, journal. \
                 The operations of the clouds stand among the schemas: `alibaba.ListSecrets` and `alibaba.ListSecrets.reply`, and \
                 so on.",
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
            // What the reply defines stands inside it.
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
    taken: &mut SchemaGenerator,
    given: &mut SchemaGenerator,
    error: &Schema,
) -> Value {
    let mut responses = Map::new();
    responses.insert(
        entry.status.to_string(),
        json!({
            "description": "Done.",
            "content": {entry.media_type: {"schema": (entry.reply)(given)}},
        }),
    );
    if entry.path == super::health::Ready::PATH {
        responses.insert(
            "503".to_owned(),
            json!({
                "description": "The server is starting.",
                "content": {entry.media_type: {"schema": (entry.reply)(given)}},
            }),
        );
    }
    let request = (entry.request)(taken);
    for (status, codes) in errors_by_status(entry, request.is_some()) {
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
            .replace([' ', '/', '.', '{', '}'], "_"),
        "summary": entry.summary,
        "tags": [name.split('/').next()],
        "parameters": parameters(entry, taken),
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

/// The members of the type of the parameters, one by one.
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

/// A parameter that is there is never null.
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

fn errors_by_status(entry: &Entry, has_body: bool) -> BTreeMap<u16, Vec<ErrorCode>> {
    let mut codes = COMMON_ERRORS.to_vec();
    codes.extend(entry.errors);
    if has_body {
        codes.extend([ErrorCode::InvalidBody, ErrorCode::BodyTooLarge]);
    }
    if !entry.open {
        codes.push(ErrorCode::Unauthorized);
    }
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status
}
