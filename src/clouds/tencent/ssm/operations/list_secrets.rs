//! `ListSecrets`: lists the secrets of the account in the region.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clouds::description::ValueType;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Member, Structs, Text, TextRule, TypedParameter, Uint64, WireType, invalid,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::settings::Search;
use crate::clouds::tencent::ssm::creation::ENCRYPT_TYPE;
use crate::clouds::tencent::ssm::details::Details;
use crate::clouds::tencent::ssm::shapes::{self, TYPES};
use crate::model::{
    Condition, Encryption, ListedDetails, ListedSecret, PageRequest, PartCondition, SecretQuery,
    SortOrder, StateName, Tag,
};

const OFFSET: Uint64 = Uint64 {
    name: "Offset",
    minimum: 0,
    maximum: None,
    default: 0,
    help: "The number of secrets to skip.",
};

const LIMIT: Uint64 = Uint64 {
    name: "Limit",
    minimum: 0,
    maximum: Some(200),
    default: 20,
    help: "The maximum number of secrets to return; 0 means 20. `--tencent-max-limit` sets the maximum.",
};

const ORDER_TYPE: Uint64 = Uint64 {
    name: "OrderType",
    minimum: 0,
    maximum: Some(1),
    default: 0,
    help: "The order by creation time: 0 newest first, 1 oldest first.",
};

const STATE: Uint64 = Uint64 {
    name: "State",
    minimum: 0,
    maximum: Some(5),
    default: 0,
    help: "0 all, 1 enabled, 2 disabled, 3 pending deletion, 4 creating, 5 creation failed.",
};

const SEARCH_SECRET_NAME: Text = Text {
    name: "SearchSecretName",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "Only secrets whose name contains this text; case-sensitive.",
};

const MAX_TAG_FILTERS: usize = 6;
const MAX_TAG_VALUES: usize = 10;

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
    max_items: MAX_TAG_FILTERS,
    required: false,
    help: "Objects with a `TagKey` and up to 10 values in `TagValue`. A secret must have every key with one of its values; a key without values matches any value.",
};

const SECRET_TYPE: Uint64 = Uint64 {
    name: "SecretType",
    minimum: 0,
    maximum: Some(4),
    default: 0,
    help: "0 custom secrets, 1 databases, 2 SSH key pairs, 3 API keys, 4 Redis.",
};

const PRODUCT_NAME: Text = Text {
    name: "ProductName",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "Names of cloud products, separated by commas; only for `SecretType` 1.",
};

const INSTANCE_ID: Text = Text {
    name: "InstanceID",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The id of the instance that the secret belongs to.",
};

/// Lists secrets by creation time. Secrets of the same second are in the order of their creation.
pub(super) struct ListSecrets {
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
    const EVIDENCE: &'static str = "documented, SDK; maximum of Limit, search by substring, order of secrets with the same creation time, limits of TagFilters, secrets found by InstanceID: assumption";
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
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    const RATE_LIMIT: u32 = 30;
    const IS_CACHED: bool = true;
    type Response = ListSecretsResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let offset = OFFSET.any(arguments).unwrap_or_default();
        let limit = limit(arguments, call)?;
        let order = match ORDER_TYPE.read(arguments)? {
            0 => SortOrder::NewestFirst,
            _ => SortOrder::OldestFirst,
        };
        let state = STATE.read(arguments)?;
        let search = SEARCH_SECRET_NAME.find(arguments)?;
        let mut conditions = tag_conditions(arguments)?;
        let secret_type = TYPES[SECRET_TYPE.read(arguments)? as usize];
        conditions.push(Condition::Type(vec![secret_type]));
        if let Some(state) = state_name(state) {
            conditions.push(Condition::State(vec![state]));
        }
        // Documented: ignored for other types.
        let products = PRODUCT_NAME
            .find(arguments)?
            .filter(|_| secret_type == TYPES[1]);
        if let Some(products) = products {
            let names = products.split(',').map(|name| name.trim().to_owned());
            conditions.push(Condition::OwingService(names.collect()));
        }
        if let Some(encrypt_type) = ENCRYPT_TYPE.find(arguments)? {
            let encryption = match encrypt_type {
                0 => Encryption::Kms,
                _ => Encryption::Software,
            };
            conditions.push(Condition::Encryption(vec![encryption]));
        }
        if let Some(instance_id) = INSTANCE_ID.find(arguments)? {
            conditions.push(Condition::InstanceId(vec![instance_id]));
        }
        let mut parts = Vec::new();
        match (search, call.settings.search) {
            (Some(name), Search::Exact) => conditions.push(Condition::Name(vec![name])),
            (Some(part), Search::Substring) => parts.push(PartCondition::Name(vec![part])),
            (None, _) => {}
        }
        Ok(Self {
            query: SecretQuery {
                conditions,
                parts,
                order,
                page: PageRequest { offset, limit },
                with_tags: false,
                with_details: true,
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

/// The maximum is a setting, so the bound of the description cannot be used.
fn limit(arguments: &Arguments, call: &Call) -> Result<u32, ApiError> {
    match LIMIT.any(arguments) {
        None | Some(0) => Ok(LIMIT.default),
        Some(limit) => u32::try_from(limit)
            .ok()
            .filter(|limit| *limit <= call.settings.max_limit)
            .ok_or_else(|| invalid(LIMIT.name, limit)),
    }
}

/// The state with this number; absent for 0, all states.
fn state_name(number: u32) -> Option<StateName> {
    match number {
        1 => Some(StateName::Enabled),
        2 => Some(StateName::Disabled),
        3 => Some(StateName::PendingDeletion),
        4 => Some(StateName::Creating),
        5 => Some(StateName::Failed),
        _ => None,
    }
}

fn tag_conditions(arguments: &Arguments) -> Result<Vec<Condition>, ApiError> {
    let filters: Vec<TagFilter> = TAG_FILTERS.read(arguments)?;
    let condition = |(index, filter): (usize, TagFilter)| {
        let TagFilter { tag_key, tag_value } = filter;
        if tag_value.len() > MAX_TAG_VALUES {
            let name = format!("{}.{index}.TagValue", TAG_FILTERS.name);
            return Err(invalid(&name, tag_value.len()));
        }
        Ok(if tag_value.is_empty() {
            Condition::TagKey(vec![tag_key])
        } else {
            let tags = tag_value.into_iter().map(|value| Tag {
                key: tag_key.clone(),
                value,
            });
            Condition::Tag(tags.collect())
        })
    };
    filters.into_iter().enumerate().map(condition).collect()
}

/// The reply to `ListSecrets`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSecretsResponse {
    /// The number of secrets that match, without offset and limit.
    total_count: u64,
    /// The secrets.
    secret_metadatas: Vec<SecretMetadata>,
    /// The id of the request.
    request_id: String,
}

/// A secret of the list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SecretMetadata {
    /// The name of the secret.
    secret_name: String,
    /// The description.
    description: String,
    /// The id of the KMS key that encrypts the secret; empty for a software key.
    kms_key_id: String,
    /// The account that created the secret.
    create_uin: u64,
    /// The state: `Enabled`, `Disabled`, `PendingDelete`, `Creating` or `Failed`.
    status: &'static str,
    /// The time of the planned deletion, in Unix seconds; 0 if none is planned.
    delete_time: u64,
    /// The creation time, in Unix seconds.
    create_time: u64,
    /// Whether the service created the KMS key (`DEFAULT`) or the user chose it (`CUSTOMER`).
    kms_key_type: &'static str,
    /// 1: automatic rotation is on.
    rotation_status: i64,
    /// The time of the next rotation, in Unix seconds.
    next_rotation_time: u64,
    /// The number of the type: 0 for a custom secret.
    secret_type: i64,
    /// The cloud product that the secret belongs to; `default` for a custom secret.
    product_name: String,
    /// The name of the SSH key pair.
    resource_name: String,
    /// The project of the SSH key pair.
    #[serde(rename = "ProjectID")]
    project_id: i64,
    /// The machines that use the SSH key pair.
    #[serde(rename = "AssociatedInstanceIDs")]
    associated_instance_ids: Vec<String>,
    /// The account of the API key.
    target_uin: u64,
    /// The days between two rotations.
    rotation_frequency: i64,
    /// The instance of the cloud product, or the id of a custom secret as a resource.
    #[serde(rename = "ResourceID")]
    resource_id: String,
    /// The time at which rotation begins.
    rotation_begin_time: String,
    /// 0: encrypted with a KMS key; 1: with a software key.
    encrypt_type: u64,
    /// Whether the encryption key is being changed.
    encrypt_switching: bool,
    /// The account that created the secret, as text.
    create_uin_string: String,
    /// The account of the API key, as text.
    target_uin_string: String,
}

impl SecretMetadata {
    fn new(secret: ListedSecret, call: &Call) -> Result<Self, ApiError> {
        let ListedDetails {
            description,
            encryption_key_id,
            associated_instance_ids,
            creator,
            extended_config,
        } = secret.details.map(|details| *details).unwrap_or_default();
        let encryption_key_id = encryption_key_id.as_deref();
        let details = Details::parse(extended_config.as_deref())?;
        let (create_uin, create_uin_string) = shapes::creator(creator.as_deref(), call);
        Ok(Self {
            kms_key_id: shapes::kms_key_id(encryption_key_id, call),
            create_uin,
            status: shapes::status(secret.state),
            delete_time: secret.state.planned_delete_at().map_or(0, shapes::time),
            create_time: shapes::time(secret.created_at),
            kms_key_type: details.kms_key_type.name(),
            rotation_status: details.rotation_status,
            next_rotation_time: details.next_rotation_time,
            secret_type: shapes::type_number(secret.secret_type),
            product_name: shapes::product_name(secret.owing_service.as_deref()),
            resource_name: details.resource_name,
            project_id: details.project_id,
            target_uin: details.target_uin,
            rotation_frequency: details.rotation_frequency,
            resource_id: details.resource_id,
            rotation_begin_time: details.rotation_begin_time,
            encrypt_type: shapes::encrypt_type(Encryption::of(encryption_key_id)),
            encrypt_switching: details.encrypt_switching,
            create_uin_string,
            target_uin_string: details.target_uin.to_string(),
            secret_name: secret.name,
            description,
            associated_instance_ids,
        })
    }
}
