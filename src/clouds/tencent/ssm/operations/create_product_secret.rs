//! `CreateProductSecret`: creates an account of a database, and a secret for it.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::update_rotation_status::{ROTATION_BEGIN_TIME, begin_time};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Bool, Int64, Text, TextRule, Texts, TypedParameter, invalid,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::creation::{
    self, Common, DESCRIPTION, ENCRYPT_TYPE, KMS_HSM_CLUSTER_ID, KMS_KEY_ID, Kind,
};
use crate::clouds::tencent::ssm::details::{Details, Task, TaskKind};
use crate::clouds::tencent::ssm::errors::{DUPLICATE_TAG_KEYS, SECRET_EXISTS, TOO_MANY_SECRETS};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::schedule::{self, TASK_DURATION};
use crate::clouds::tencent::ssm::tags::TAGS;
use crate::model::{SecretType, State};

mod privileges;

use privileges::PRIVILEGES_LIST;

/// The products whose secrets this operation creates. Terraform's documents have the last one.
const PRODUCTS: [&str; 4] = ["Mysql", "Tdsql-mysql", "Tdsql_C_Mysql", "MongoDB"];

const USER_NAME_PREFIX: Text = Text {
    name: "UserNamePrefix",
    rule: TextRule::Name(8, "_"),
    required: true,
    sensitive: false,
    help: "The beginning of the names of accounts. It begins with a letter.",
};

const PRODUCT_NAME: Text = Text {
    name: "ProductName",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The cloud product: `Mysql`, `Tdsql-mysql`, `Tdsql_C_Mysql` or `MongoDB`.",
};

const INSTANCE_ID: Text = Text {
    name: "InstanceID",
    rule: TextRule::Bytes(128),
    required: true,
    sensitive: false,
    help: "The id of the instance of the product.",
};

const DOMAINS: Texts = Texts {
    name: "Domains",
    max_items: 100,
    help: "The hosts from which the accounts can log in: IP addresses, which may contain `%`.",
};

const ENABLE_ROTATION: Bool = Bool {
    name: "EnableRotation",
    required: false,
    help: "Whether the secret is rotated automatically. `RotationBeginTime` is then required.",
};

const ROTATION_FREQUENCY: Int64 = Int64 {
    name: "RotationFrequency",
    minimum: 1,
    maximum: Some(365),
    default: Some(1),
    required: false,
    help: "The days from one automatic rotation to the next.",
};

const ACCOUNT_REMARK: Text = Text {
    name: "AccountRemark",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The remark of the account. Ignored.",
};

const ACCOUNT_TYPE: Text = Text {
    name: "AccountType",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The type of the account of an SQL Server. Ignored.",
};

/// Creates an account of a database, and a secret for it.
pub(super) struct CreateProductSecret {
    common: Common,
    details: Details,
    product: String,
    begin: Option<DateTime<Utc>>,
}

impl Operation<Api3> for CreateProductSecret {
    const ACTION: &'static str = "CreateProductSecret";
    const SUMMARY: &'static str = "Creates an account of a database, and a secret for it.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=CreateProductSecret";
    const EVIDENCE: &'static str = "documented, SDK, Terraform provider; the bounds of `RotationFrequency`, a begin in the past, names of accounts: assumption";
    const DIFFERENCES: &'static str =
        "No database gets the account. The instance and the KMS key need not exist.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &USER_NAME_PREFIX,
        &PRODUCT_NAME,
        &INSTANCE_ID,
        &DOMAINS,
        &PRIVILEGES_LIST,
        &DESCRIPTION,
        &KMS_KEY_ID,
        &TAGS,
        &ROTATION_BEGIN_TIME,
        &ENABLE_ROTATION,
        &ROTATION_FREQUENCY,
        &KMS_HSM_CLUSTER_ID,
        &ACCOUNT_REMARK,
        &ACCOUNT_TYPE,
        &ENCRYPT_TYPE,
    ];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&DUPLICATE_TAG_KEYS, &SECRET_EXISTS, &TOO_MANY_SECRETS];
    const RATE_LIMIT: u32 = 20;
    const WRITES: bool = true;
    type Response = CreateProductSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        let user_name_prefix = USER_NAME_PREFIX.read(arguments)?;
        if !user_name_prefix.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(USER_NAME_PREFIX.invalid(&user_name_prefix));
        }
        let product = PRODUCT_NAME.read(arguments)?;
        if !PRODUCTS.contains(&&*product) {
            return Err(PRODUCT_NAME.invalid(&product));
        }
        let resource_id = INSTANCE_ID.read(arguments)?;
        if resource_id.is_empty() {
            return Err(INSTANCE_ID.invalid(&resource_id));
        }
        let domains = DOMAINS.read(arguments)?;
        if let Some(index) = domains.iter().position(|domain| !is_domain(domain)) {
            return Err(invalid(&format!("Domains.{index}"), &domains[index]));
        }
        privileges::check(arguments, &product)?;
        let begin = begin_time(arguments)?;
        let is_on = ENABLE_ROTATION.read(arguments);
        if is_on && begin.is_none() {
            return Err(ApiError::MissingParameter(
                ROTATION_BEGIN_TIME.name.to_owned(),
            ));
        }
        let details = Details {
            user_name_prefix,
            domains,
            resource_id,
            rotation_status: is_on.into(),
            rotation_frequency: ROTATION_FREQUENCY.read(arguments)?.into(),
            rotation_begin_time: begin.map(schedule::beijing_time).unwrap_or_default(),
            ..Details::default()
        };
        Ok(Self {
            common: Common::read(name, arguments)?,
            details,
            product,
            begin,
        })
    }

    fn run(self, call: &Call) -> Result<CreateProductSecretResponse, ApiError> {
        let now = call.now();
        let end = now + TASK_DURATION;
        let mut details = self.details;
        details.task = Some(Task {
            kind: TaskKind::Create,
            end: end.timestamp(),
        });
        if let Some(begin) = self.begin.filter(|_| details.rotation_status != 0) {
            // The first account exists when the task ends.
            details.plan_rotations(begin, end);
        }
        let kind = Kind {
            secret_type: SecretType::Rds,
            state: State::Creating,
            product: Some(self.product),
            details,
        };
        let secret_name = creation::create(call, self.common, kind, None)?;
        Ok(CreateProductSecretResponse {
            flow_id: schedule::task_id(&call.scope, &secret_name, end),
            secret_name,
            tag_code: 0,
            tag_msg: "ok",
            request_id: call.request_id(),
        })
    }
}

/// Whether a text can be a host: an address, or a part of one with `%`.
fn is_domain(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".%_:/-".contains(&byte);
    (1..=60).contains(&text.len()) && text.bytes().all(allowed)
}

/// The reply to `CreateProductSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateProductSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// 0: the tags were saved.
    tag_code: u64,
    /// The result of saving the tags as text.
    tag_msg: &'static str,
    /// The id of the task that creates the account.
    #[serde(rename = "FlowID")]
    flow_id: i64,
    /// The id of the request.
    request_id: String,
}
