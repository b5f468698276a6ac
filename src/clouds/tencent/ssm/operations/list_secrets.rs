//! `ListSecrets`: the secrets of the account in the region, from an offset on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::create_secret::ENCRYPT_TYPE;
use crate::clouds::description::ValueType;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, Refusal};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Member, Structs, Text, TextRule, TypedParameter, Uint64, WireType, invalid,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::settings::Search;
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::shapes::{self, TYPES};
use crate::model::{
    Attribute, Condition, Encryption, Order, PageRequest, Secret, SecretQuery, Tag,
};

const OFFSET: Uint64 = Uint64 {
    name: "Offset",
    minimum: 0,
    maximum: None,
    default: 0,
    help: "How many secrets to pass over.",
};

const LIMIT: Uint64 = Uint64 {
    name: "Limit",
    minimum: 0,
    maximum: Some(200),
    default: 20,
    help: "The most secrets to return; 0 stands for 20. The maximum can be set.",
};

const ORDER_TYPE: Uint64 = Uint64 {
    name: "OrderType",
    minimum: 0,
    maximum: Some(1),
    default: 0,
    help: "By creation time: 0 for the newest first, 1 for the oldest first.",
};

const STATE: Uint64 = Uint64 {
    name: "State",
    minimum: 0,
    maximum: Some(5),
    default: 0,
    help: "0 for all, 1 for enabled, 2 for disabled, 3 for pending deletion, 4 for being created, 5 for failed to be created.",
};

const SEARCH_SECRET_NAME: Text = Text {
    name: "SearchSecretName",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "Only secrets whose names have this in them, letter case and all.",
};

const MOST_TAG_FILTERS: usize = 6;
const MOST_TAG_VALUES: usize = 10;

const TAG_FILTERS: Structs = Structs {
    name: "TagFilters",
    value_type: ValueType::TagFilterList,
    item: &WireType::Struct(&[
        Member {
            name: "TagKey",
            wire_type: WireType::String,
            required: true,
        },
        Member {
            name: "TagValue",
            wire_type: WireType::List(&WireType::String),
            required: false,
        },
    ]),
    max_items: MOST_TAG_FILTERS,
    help: "Objects of a `TagKey` and up to 10 of its values. A secret is listed when it has, for every key, one of the values; without values, any.",
};

const SECRET_TYPE: Uint64 = Uint64 {
    name: "SecretType",
    minimum: 0,
    maximum: Some(4),
    default: 0,
    help: "0 for secrets of the user's own, 1 for databases, 2 for SSH key pairs, 3 for API keys, 4 for Redis.",
};

const PRODUCT_NAME: Text = Text {
    name: "ProductName",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "Names of cloud products, separated by commas; only with the type 1.",
};

const INSTANCE_ID: Text = Text {
    name: "InstanceID",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The instance of a cloud product.",
};

/// Lists secrets by creation time, and by who came first where two were created in the same second.
pub struct ListSecrets {
    query: SecretQuery,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagFilter {
    tag_key: String,
    #[serde(default)]
    tag_value: Vec<String>,
}

impl Operation<Api3> for ListSecrets {
    const ACTION: &'static str = "ListSecrets";
    const SUMMARY: &'static str = "Lists the secrets of the account in the region.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38646";
    const EVIDENCE: &'static str = "documented, SDK; maximum of Limit, search by substring, tie-break, limits of TagFilters: choice";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &OFFSET,
        &LIMIT,
        &ORDER_TYPE,
        &STATE,
        &SEARCH_SECRET_NAME,
        &TAG_FILTERS,
        &SECRET_TYPE,
        &PRODUCT_NAME,
        &ENCRYPT_TYPE,
        &INSTANCE_ID,
    ];
    const ERRORS: &'static [&'static Refusal] = &[];
    const RATE_LIMIT: u32 = 30;
    type Response = ListSecretsResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let offset = OFFSET.any(arguments).unwrap_or_default();
        let limit = limit(arguments, call)?;
        let order = match ORDER_TYPE.read(arguments)? {
            0 => Order::NewestFirst,
            _ => Order::OldestFirst,
        };
        let state = STATE.read(arguments)?;
        let search = SEARCH_SECRET_NAME.find(arguments)?;
        let mut conditions = tag_conditions(arguments)?;
        let secret_type = TYPES[SECRET_TYPE.read(arguments)? as usize];
        let mut add = |attribute, any_of| conditions.push(Condition { attribute, any_of });
        add(Attribute::Type, vec![secret_type.name().to_owned()]);
        if let Some(name) = state_name(state) {
            add(Attribute::State, vec![name.to_owned()]);
        }
        // Documented to count for databases only.
        let products = PRODUCT_NAME
            .find(arguments)?
            .filter(|_| secret_type == TYPES[1]);
        if let Some(products) = products {
            let names = products.split(',').map(|name| name.trim().to_owned());
            add(Attribute::OwingService, names.collect());
        }
        if let Some(encrypt_type) = ENCRYPT_TYPE.find(arguments)? {
            let encryption = match encrypt_type {
                0 => Encryption::Kms,
                _ => Encryption::Software,
            };
            add(Attribute::Encryption, vec![encryption.name().to_owned()]);
        }
        if let Some(instance_id) = INSTANCE_ID.find(arguments)? {
            add(Attribute::InstanceId, vec![instance_id]);
        }
        let mut containing = Vec::new();
        match (search, call.settings.search) {
            (Some(name), Search::Exact) => add(Attribute::Name, vec![name]),
            (Some(part), Search::Substring) => containing.push(Condition {
                attribute: Attribute::Name,
                any_of: vec![part],
            }),
            (None, _) => {}
        }
        Ok(Self {
            query: SecretQuery {
                conditions,
                containing,
                order,
                page: PageRequest { offset, limit },
                with_tags: false,
            },
        })
    }

    fn run(self, call: &Call) -> Result<ListSecretsResponse, ApiError> {
        let page = call.read(|store| Ok(store.list_secrets(&call.scope, &self.query)?))?;
        let secrets = page.items.into_iter();
        Ok(ListSecretsResponse {
            total_count: page.total,
            secret_metadatas: secrets
                .map(|secret| SecretMetadata::new(secret, call))
                .collect::<Result<_, _>>()?,
            request_id: call.request_id(),
        })
    }
}

/// The maximum is a setting, so that the bound of the description is not the one to check.
fn limit(arguments: &Arguments, call: &Call) -> Result<u32, ApiError> {
    match LIMIT.any(arguments) {
        None | Some(0) => Ok(LIMIT.default),
        Some(limit) => u32::try_from(limit)
            .ok()
            .filter(|limit| *limit <= call.settings.most_listed)
            .ok_or_else(|| invalid(LIMIT.name, limit)),
    }
}

/// The store's name of a state by its number; absent for 0.
fn state_name(number: u32) -> Option<&'static str> {
    match number {
        1 => Some("enabled"),
        2 => Some("disabled"),
        3 => Some("pending_deletion"),
        4 => Some("creating"),
        5 => Some("failed"),
        _ => None,
    }
}

fn tag_conditions(arguments: &Arguments) -> Result<Vec<Condition>, ApiError> {
    let filters: Vec<TagFilter> = TAG_FILTERS.read(arguments)?;
    let condition = |(index, filter): (usize, TagFilter)| {
        let TagFilter { tag_key, tag_value } = filter;
        if tag_value.len() > MOST_TAG_VALUES {
            let name = format!("{}.{index}.TagValue", TAG_FILTERS.name);
            return Err(invalid(&name, tag_value.len()));
        }
        Ok(if tag_value.is_empty() {
            Condition {
                attribute: Attribute::TagKey,
                any_of: vec![tag_key],
            }
        } else {
            let tags = tag_value.iter().map(|value| Tag::joined(&tag_key, value));
            Condition {
                attribute: Attribute::Tag,
                any_of: tags.collect(),
            }
        })
    };
    filters.into_iter().enumerate().map(condition).collect()
}

/// The reply to `ListSecrets`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ListSecretsResponse {
    /// The number of secrets that there are, whatever the offset and limit.
    total_count: u64,
    /// The secrets.
    secret_metadatas: Vec<SecretMetadata>,
    /// The id of the request.
    request_id: String,
}

/// What a list tells of a secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SecretMetadata {
    /// The name of the secret.
    secret_name: String,
    /// What it is for.
    description: String,
    /// The key that encrypts it; empty for a software key.
    kms_key_id: String,
    /// The account that created it.
    create_uin: u64,
    /// Its state: `Enabled`, `Disabled`, `PendingDelete`, `Creating` or `Failed`.
    status: &'static str,
    /// When it will be gone, in Unix seconds; 0 where that is not planned.
    delete_time: u64,
    /// When it was created, in Unix seconds.
    create_time: u64,
    /// Whose key encrypts it: `DEFAULT` or `CUSTOMER`.
    kms_key_type: &'static str,
    /// 1: it is rotated by itself.
    rotation_status: i64,
    /// When it is rotated next, in Unix seconds.
    next_rotation_time: u64,
    /// Its type by number: 0 for a secret of the user's own.
    secret_type: i64,
    /// The cloud product it is of; `default` for none.
    product_name: String,
    /// The name of the product's resource.
    resource_name: String,
    /// The project of the product's resource.
    #[serde(rename = "ProjectID")]
    project_id: i64,
    /// The product's instances.
    #[serde(rename = "AssociatedInstanceIDs")]
    associated_instance_ids: Vec<String>,
    /// The account whose key is kept.
    target_uin: u64,
    /// The days from one rotation to the next.
    rotation_frequency: i64,
    /// Its id as a resource.
    #[serde(rename = "ResourceID")]
    resource_id: String,
    /// When rotation begins.
    rotation_begin_time: String,
    /// 0: encrypted with a KMS key; 1: with a software key.
    encrypt_type: u64,
    /// Whether the key is being changed.
    encrypt_switching: bool,
    /// The account that created it, as text.
    create_uin_string: String,
    /// The account whose key is kept, as text.
    target_uin_string: String,
}

impl SecretMetadata {
    fn new(secret: Secret, call: &Call) -> Result<Self, ApiError> {
        let details = Details::of(&secret)?;
        let (create_uin, create_uin_string) = shapes::creator(&secret, call);
        Ok(Self {
            kms_key_id: shapes::kms_key_id(&secret, call),
            create_uin,
            status: shapes::status(secret.state),
            delete_time: secret.state.planned_delete_at().map_or(0, shapes::time),
            create_time: shapes::time(secret.created_at),
            kms_key_type: details.kms_key_type.name(),
            rotation_status: details.rotation_status,
            next_rotation_time: details.next_rotation_time,
            secret_type: shapes::type_number(secret.secret_type),
            product_name: shapes::product_name(&secret),
            resource_name: details.resource_name,
            project_id: details.project_id,
            target_uin: details.target_uin,
            rotation_frequency: details.rotation_frequency,
            resource_id: details.resource_id,
            rotation_begin_time: details.rotation_begin_time,
            encrypt_type: shapes::encrypt_type(secret.encryption()),
            encrypt_switching: details.encrypt_switching,
            create_uin_string,
            target_uin_string: details.target_uin.to_string(),
            secret_name: secret.name,
            description: secret.description,
            associated_instance_ids: secret.associated_instance_ids,
        })
    }
}
