//! `AssumeRoleWithOIDC`: exchanges a token of OpenID Connect for a temporary key.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Optional, Parsed, Required, Text, TextRule,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::alibaba::sts::errors::{
    AUDIENCE_NOT_MATCHED, ISSUER_NOT_MATCHED, LONG_POLICY, MISSING_SESSION_NAME, NO_PUBLIC_KEYS,
    REQUIRED_PROVIDER_ARN, REQUIRED_ROLE_ARN, REQUIRED_TOKEN, SIGNATURE_INVALID, TOKEN_EXPIRED,
    TOKEN_INVALID, WRONG_DURATION, WRONG_POLICY, WRONG_PROVIDER_ARN, WRONG_ROLE_ARN,
    WRONG_SESSION_NAME,
};
use crate::clouds::alibaba::sts::role::{
    DURATION_SECONDS, POLICY, ROLE_ARN, ROLE_SESSION_NAME, RoleArn, RoleSession,
    lifetime_and_policy, resource,
};
use crate::clouds::alibaba::sts::shapes::{AssumedRoleUser, Credentials};
use crate::clouds::auth::oidc::{Claims, TokenError};
use crate::clouds::auth::policy::Policy;
use crate::clouds::service::{AccountOf, Operation, Parameter};

const PROVIDER_ARN: Required<Parsed<()>> = Required(Parsed {
    name: "OIDCProviderArn",
    rule: "`acs:ram::ACCOUNT:oidc-provider/NAME`",
    help: "The identity provider. It need not exist.",
    parse: |text| resource(text, "oidc-provider").map(|_| ()),
});

const ROLE: Required<Parsed<RoleArn>> = Required(ROLE_ARN);

const TOKEN: Required<Text> = Required(Text {
    name: "OIDCToken",
    rule: TextRule::Characters(20_000),
    sensitive: true,
    help: "The token of the identity provider.",
});

const SESSION_NAME: Required<Parsed<String>> = Required(ROLE_SESSION_NAME);

/// Exchanges a token for a temporary key of a role.
pub(super) struct AssumeRoleWithOidc {
    session: RoleSession,
    lifetime: TimeDelta,
    policy: Option<Arc<Policy>>,
    token: String,
}

impl Operation<Rpc> for AssumeRoleWithOidc {
    const ACTION: &'static str = "AssumeRoleWithOIDC";
    const SUMMARY: &'static str =
        "Exchanges an OpenID Connect token for a temporary access key. Needs no signature.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc";
    const EVIDENCE: &'static str = "documented, SDK; codes of missing parameters, status of rejected tokens, text of an invalid token: assumption";
    const DIFFERENCES: &'static str = "Any role and any identity provider exist. Without `--oidc-issuer`, tokens of any issuer for any audience are accepted. A signature is verified only if the issuer has `jwks`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &PROVIDER_ARN,
        &ROLE,
        &TOKEN,
        &SESSION_NAME,
        &DURATION_SECONDS,
        &POLICY,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &REQUIRED_PROVIDER_ARN,
        &REQUIRED_ROLE_ARN,
        &REQUIRED_TOKEN,
        &MISSING_SESSION_NAME,
        &WRONG_PROVIDER_ARN,
        &WRONG_ROLE_ARN,
        &WRONG_SESSION_NAME,
        &WRONG_DURATION,
        &LONG_POLICY,
        &WRONG_POLICY,
        &TOKEN_INVALID,
        &TOKEN_EXPIRED,
        &AUDIENCE_NOT_MATCHED,
        &ISSUER_NOT_MATCHED,
        &NO_PUBLIC_KEYS,
        &SIGNATURE_INVALID,
    ];
    // A page of another site may not issue keys, and the keys of an issuer may have to be waited for.
    const WRITES: bool = true;
    const UNSIGNED: Option<AccountOf<Rpc>> = Some(account_of_role);
    type Response = AssumeRoleWithOidcResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let provider = PROVIDER_ARN.0.find(arguments);
        provider
            .map_err(|_| &WRONG_PROVIDER_ARN)?
            .ok_or(&REQUIRED_PROVIDER_ARN)?;
        let role = ROLE_ARN.find(arguments).map_err(|_| &WRONG_ROLE_ARN)?;
        let role = role.ok_or(&REQUIRED_ROLE_ARN)?;
        let token = TOKEN.0.find(arguments).map_err(|_| &TOKEN_INVALID)?;
        let token = token.ok_or(&REQUIRED_TOKEN)?;
        let name = ROLE_SESSION_NAME.find(arguments);
        let name = name.map_err(|_| &WRONG_SESSION_NAME)?;
        let (lifetime, policy) = lifetime_and_policy(arguments, call)?;
        Ok(Self {
            session: RoleSession {
                role,
                name: name.ok_or(&MISSING_SESSION_NAME)?,
            },
            lifetime,
            policy,
            token,
        })
    }

    fn run(self, call: &Call) -> Result<AssumeRoleWithOidcResponse, ApiError> {
        let issuers = call.context.auth.credentials.oidc_issuers();
        let now = call.context.now;
        let claims = issuers.check(self.token.trim(), now);
        let claims = claims.and_then(|claims| {
            issuers.check_age(&claims, now)?;
            Ok(claims)
        });
        let claims = claims.map_err(|error| {
            call.context.notes.hint(error.hint());
            refusal_of(&error)
        })?;
        let key = self.session.begin(call, self.lifetime, self.policy);
        Ok(AssumeRoleWithOidcResponse {
            request_id: call.request_id(),
            oidc_token_info: claims.into(),
            assumed_role_user: AssumedRoleUser::of(&self.session),
            credentials: key.into(),
        })
    }
}

/// The account of an unsigned request is that of the role.
fn account_of_role(request: &Request) -> Option<&str> {
    let (account, _) = resource(request.parameter(ROLE_ARN.name)?, "role")?;
    Some(account)
}

fn refusal_of(error: &TokenError) -> &'static ErrorDescription {
    match error {
        TokenError::Malformed | TokenError::NotYetValid => &TOKEN_INVALID,
        TokenError::Expired | TokenError::IssuedTooEarly => &TOKEN_EXPIRED,
        TokenError::UnknownIssuer => &ISSUER_NOT_MATCHED,
        TokenError::OtherAudience => &AUDIENCE_NOT_MATCHED,
        TokenError::NoKeys(_) => &NO_PUBLIC_KEYS,
        TokenError::WrongSignature => &SIGNATURE_INVALID,
    }
}

/// The reply to `AssumeRoleWithOIDC`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumeRoleWithOidcResponse {
    /// The id of the request.
    request_id: String,
    /// The claims of the token.
    #[serde(rename = "OIDCTokenInfo")]
    oidc_token_info: TokenInfo,
    /// The session.
    assumed_role_user: AssumedRoleUser,
    /// The key.
    credentials: Credentials,
}

/// The claims of a token.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct TokenInfo {
    /// The subject.
    subject: String,
    /// The issuer.
    issuer: String,
    /// The audiences, separated by commas.
    client_ids: String,
    /// When the token expires.
    expiration_time: String,
    /// When the token was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuance_time: Option<String>,
    /// `Success`.
    verification_info: &'static str,
}

impl From<Claims> for TokenInfo {
    fn from(claims: Claims) -> Self {
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            client_ids: claims.audiences().join(","),
            expiration_time: time(claims.expires_at()),
            issuance_time: claims.issued_at().map(time),
            subject: claims.sub,
            issuer: claims.iss,
            verification_info: "Success",
        }
    }
}
