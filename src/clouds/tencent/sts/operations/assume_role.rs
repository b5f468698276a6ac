//! `AssumeRole`: issues a temporary key for a role.

use std::sync::Arc;

use serde::Deserialize;

use crate::clouds::auth::policy::Policy;
use crate::clouds::description::ValueType;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Member, Structs, Text, TextRule, TypedParameter, Uint64, WireType,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::sts::errors::{
    OVER_TIME, PARAM_ERROR, POLICY_SYNTAX, POLICY_TOO_LONG, ROLE_NOT_FOUND,
};
use crate::clouds::tencent::sts::policy;
use crate::clouds::tencent::sts::role::ROLE_ARN;
use crate::clouds::tencent::sts::session::{
    DEFAULT_SECONDS, MAX_SECONDS, ROLE_SESSION_NAME, RoleSession, seconds,
};
use crate::clouds::tencent::sts::shapes::TemporaryKey;

const DURATION_SECONDS: Uint64 = Uint64 {
    name: "DurationSeconds",
    minimum: 1,
    maximum: Some(MAX_SECONDS),
    default: DEFAULT_SECONDS,
    help: "The lifetime of the key.",
};

const fn optional(name: &'static str, sensitive: bool, help: &'static str) -> Text {
    Text {
        name,
        rule: TextRule::Any,
        required: false,
        sensitive,
        help,
    }
}

const POLICY: Text = optional(
    "Policy",
    false,
    "A policy, as JSON, which may be percent-encoded. Requests with the key need its permission too.",
);

const EXTERNAL_ID: Text = optional(
    "ExternalId",
    false,
    "An id that the role's trust policy may require: 2 to 128 ASCII letters, digits and `_+=,.@:/-`. Roles have no trust policies here.",
);

const TAGS: Structs = Structs {
    name: "Tags",
    value_type: ValueType::ObjectList,
    item: &WireType::Struct(&[
        Member {
            name: "Key",
            wire_type: WireType::String,
            required: true,
        },
        Member {
            name: "Value",
            wire_type: WireType::String,
            required: true,
        },
    ]),
    max_items: 50,
    required: false,
    help: "The tags of the session: a `Key` of 1 to 128 characters and a `Value` of up to 256; each key once. They have no effect.",
};

const SOURCE_IDENTITY: Text = optional(
    "SourceIdentity",
    false,
    "The identity of the caller. It has no effect.",
);

const SERIAL_NUMBER: Text = optional(
    "SerialNumber",
    false,
    "The device for multi-factor authentication. It is not checked.",
);

const TOKEN_CODE: Text = optional(
    "TokenCode",
    true,
    "The code of the device. It is not checked.",
);

/// Issues a temporary key for a role.
pub(super) struct AssumeRole {
    session: RoleSession,
    seconds: u32,
    policy: Option<Arc<Policy>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

impl Operation<Api3> for AssumeRole {
    const ACTION: &'static str = "AssumeRole";
    const SUMMARY: &'static str = "Issues a temporary key for a role.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1150/49456";
    const EVIDENCE: &'static str =
        "documented, SDK; text of a long lifetime: recorded; codes of other parameters: assumption";
    const DIFFERENCES: &'static str = "Any role exists, and any key may assume it.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &ROLE_ARN,
        &ROLE_SESSION_NAME,
        &DURATION_SECONDS,
        &POLICY,
        &EXTERNAL_ID,
        &TAGS,
        &SOURCE_IDENTITY,
        &SERIAL_NUMBER,
        &TOKEN_CODE,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &PARAM_ERROR,
        &ROLE_NOT_FOUND,
        &OVER_TIME,
        &POLICY_SYNTAX,
        &POLICY_TOO_LONG,
    ];
    const RATE_LIMIT: u32 = 600;
    // Pages of other sites may not issue keys.
    const WRITES: bool = true;
    type Response = TemporaryKey;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let session = RoleSession::read(arguments, call)?;
        let seconds = seconds(&DURATION_SECONDS, arguments)?;
        let policy = POLICY.find(arguments)?;
        let policy = policy.map(|policy| policy::parse(&policy, call.context.notes));
        let policy = policy.transpose()?;
        if let Some(id) = EXTERNAL_ID.find(arguments)?
            && !is_external_id(&id)
        {
            return Err((&PARAM_ERROR).into());
        }
        let tags = TAGS.find::<Tag>(arguments)?.unwrap_or_default();
        if !are_session_tags(&tags) {
            return Err((&PARAM_ERROR).into());
        }
        Ok(Self {
            session,
            seconds,
            policy,
        })
    }

    fn run(self, call: &Call) -> Result<TemporaryKey, ApiError> {
        let key = self.session.begin(call, self.seconds, self.policy);
        Ok(TemporaryKey::new(key, call))
    }
}

/// The documented regular expression is `[\w+=,.@:\/-]*`.
fn is_external_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    (2..=128).contains(&text.len()) && text.bytes().all(allowed)
}

fn are_session_tags(tags: &[Tag]) -> bool {
    let is_first = |index: usize, key: &str| !tags[..index].iter().any(|tag| tag.key == key);
    tags.len() <= TAGS.max_items
        && tags.iter().enumerate().all(|(index, Tag { key, value })| {
            (1..=128).contains(&key.chars().count())
                && value.chars().count() <= 256
                && is_first(index, key)
        })
}
