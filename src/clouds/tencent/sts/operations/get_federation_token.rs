//! `GetFederationToken`: issues a temporary key for a federated user of the caller's account.

use std::sync::Arc;

use crate::clouds::auth::issued::{Principal, Restrictions};
use crate::clouds::auth::policy::Policy;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter, Uint64};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::sts::errors::{
    OVER_TIME, PARAM_ERROR, POLICY_SYNTAX, POLICY_TOO_LONG, TEMPORARY_KEY,
};
use crate::clouds::tencent::sts::policy;
use crate::clouds::tencent::sts::session::{end, seconds};
use crate::clouds::tencent::sts::shapes::TemporaryKey;
use crate::model::Cloud;

const NAME: Text = Text {
    name: "Name",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The name of the federated user: 1 to 128 ASCII letters, digits and `_+=,.@-`.",
};

const POLICY: Text = Text {
    name: "Policy",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "A policy, as JSON, which may be percent-encoded. Requests with the key need its permission too.",
};

const DURATION_SECONDS: Uint64 = Uint64 {
    name: "DurationSeconds",
    minimum: 1,
    maximum: Some(129_600),
    default: 1800,
    help: "The lifetime of the key.",
};

/// Issues a temporary key for a federated user.
pub(super) struct GetFederationToken {
    name: String,
    seconds: u32,
    policy: Arc<Policy>,
}

impl Operation<Api3> for GetFederationToken {
    const ACTION: &'static str = "GetFederationToken";
    const SUMMARY: &'static str =
        "Issues a temporary key for a federated user of the caller's account.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1150/49452";
    const EVIDENCE: &'static str = "documented, SDK; characters of the name: recorded; codes of other parameters, the code for a temporary key: assumption";
    const DIFFERENCES: &'static str = "The lifetime has the bounds of a sub-account. Resources of other accounts are not detected in the policy.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&NAME, &POLICY, &DURATION_SECONDS];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &PARAM_ERROR,
        &POLICY_SYNTAX,
        &POLICY_TOO_LONG,
        &OVER_TIME,
        &TEMPORARY_KEY,
    ];
    const RATE_LIMIT: u32 = 600;
    // Pages of other sites may not issue keys.
    const WRITES: bool = true;
    type Response = TemporaryKey;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let name = NAME.read(arguments)?;
        // The vendor's page allows only letters, but the recorded identity of such a user has digits and `_`.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if !(1..=128).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err((&PARAM_ERROR).into());
        }
        let policy = policy::parse(&POLICY.read(arguments)?, call.context.notes)?;
        let seconds = seconds(&DURATION_SECONDS, arguments)?;
        Ok(Self {
            name,
            seconds,
            policy,
        })
    }

    fn run(self, call: &Call) -> Result<TemporaryKey, ApiError> {
        let account = &call.scope.account;
        let credentials = &call.context.auth.credentials;
        let keys = credentials.keys();
        let key = call.access_key_id.and_then(|id| keys.get(id));
        if key.is_some_and(|key| key.session.is_some()) {
            return Err((&TEMPORARY_KEY).into());
        }
        let arn = format!("qcs::sts:{account}:federated-user/{account}");
        let principal = Principal {
            id: format!("{account}:{}", self.name),
            role: arn.clone(),
            arn,
            requester: account.clone(),
        };
        let expires_at = end(call, account, self.seconds);
        let restrictions = Restrictions {
            policy: Some(self.policy),
            access_key_id: call.access_key_id.map(str::to_owned),
        };
        let key = credentials.issue_restricted(
            Cloud::Tencent,
            account,
            principal,
            expires_at,
            restrictions,
        );
        Ok(TemporaryKey::new(key, call))
    }
}
