//! `AssumeRole`: issues a temporary key for a role.

use std::sync::Arc;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, Parsed, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::alibaba::sts::errors::{
    LONG_POLICY, MISSING_ROLE_ARN, MISSING_SESSION_NAME, WRONG_DURATION, WRONG_POLICY,
    WRONG_ROLE_ARN, WRONG_SESSION_NAME,
};
use crate::clouds::alibaba::sts::role::{
    DURATION_SECONDS, POLICY, ROLE_ARN, ROLE_SESSION_NAME, RoleArn, RoleSession,
    lifetime_and_policy,
};
use crate::clouds::alibaba::sts::shapes::{AssumedRoleUser, Credentials};
use crate::clouds::auth::policy::Policy;
use crate::clouds::service::{Operation, Parameter};

const ROLE: Required<Parsed<RoleArn>> = Required(ROLE_ARN);
const SESSION_NAME: Required<Parsed<String>> = Required(ROLE_SESSION_NAME);

const EXTERNAL_ID: Parsed<()> = Parsed {
    name: "ExternalId",
    rule: "2 to 1224 ASCII letters, digits and `+=,.@:/-_`",
    help: "An id that the role's trust policy may require. Roles have no trust policies here.",
    parse: |text| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@:/-_".contains(&byte);
        ((2..=1224).contains(&text.len()) && text.bytes().all(allowed)).then_some(())
    },
};

const SOURCE_IDENTITY: Parsed<String> = Parsed {
    name: "SourceIdentity",
    rule: "2 to 64 ASCII letters, digits and `=,.@-_`",
    help: "The identity of the caller, which the reply repeats.",
    parse: |text| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"=,.@-_".contains(&byte);
        let is_valid = (2..=64).contains(&text.len()) && text.bytes().all(allowed);
        is_valid.then(|| text.to_owned())
    },
};

/// Issues a temporary key for a role.
pub(super) struct AssumeRole {
    session: RoleSession,
    lifetime: TimeDelta,
    policy: Option<Arc<Policy>>,
    source_identity: Option<String>,
}

impl Operation<Rpc> for AssumeRole {
    const ACTION: &'static str = "AssumeRole";
    const SUMMARY: &'static str = "Issues a temporary access key for a role.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole";
    const EVIDENCE: &'static str =
        "documented, SDK; code of a missing parameter: recorded for another one";
    const DIFFERENCES: &'static str =
        "Any role exists, and any access key may assume it for up to 12 hours.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &ROLE,
        &SESSION_NAME,
        &DURATION_SECONDS,
        &POLICY,
        &EXTERNAL_ID,
        &SOURCE_IDENTITY,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &MISSING_ROLE_ARN,
        &MISSING_SESSION_NAME,
        &WRONG_ROLE_ARN,
        &WRONG_SESSION_NAME,
        &WRONG_DURATION,
        &LONG_POLICY,
        &WRONG_POLICY,
    ];
    // A page of another site may not issue keys.
    const WRITES: bool = true;
    type Response = AssumeRoleResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let role = ROLE_ARN.find(arguments).map_err(|_| &WRONG_ROLE_ARN)?;
        let name = ROLE_SESSION_NAME
            .find(arguments)
            .map_err(|_| &WRONG_SESSION_NAME)?;
        let session = RoleSession {
            role: role.ok_or(&MISSING_ROLE_ARN)?,
            name: name.ok_or(&MISSING_SESSION_NAME)?,
        };
        let (lifetime, policy) = lifetime_and_policy(arguments, call)?;
        EXTERNAL_ID.find(arguments)?;
        let source_identity = SOURCE_IDENTITY.find(arguments)?;
        Ok(Self {
            session,
            lifetime,
            policy,
            source_identity,
        })
    }

    fn run(self, call: &Call) -> Result<AssumeRoleResponse, ApiError> {
        let key = self.session.begin(call, self.lifetime, self.policy);
        Ok(AssumeRoleResponse {
            request_id: call.request_id(),
            assumed_role_user: AssumedRoleUser::of(&self.session),
            credentials: key.into(),
            source_identity: self.source_identity,
        })
    }
}

/// The reply to `AssumeRole`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumeRoleResponse {
    /// The id of the request.
    request_id: String,
    /// The session.
    assumed_role_user: AssumedRoleUser,
    /// The key.
    credentials: Credentials,
    /// The identity of the caller, if the request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<String>,
}
