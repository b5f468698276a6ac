//! `AssumeRoleWithWebIdentity`: exchanges a token of OpenID Connect for a temporary key.

use crate::clouds::auth::oidc::TokenError;
use crate::clouds::service::{AccountOf, Operation};
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Int64, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::api3::request::Request;
use crate::clouds::tencent::sts::errors::{
    PARAM_ERROR, ROLE_NOT_FOUND, TOKEN_EXPIRED, TOKEN_INVALID,
};
use crate::clouds::tencent::sts::role::{ROLE_ARN, account_in};
use crate::clouds::tencent::sts::session::{
    DEFAULT_SECONDS, MAX_SECONDS, ROLE_SESSION_NAME, RoleSession,
};
use crate::clouds::tencent::sts::shapes::TemporaryKey;

const PROVIDER_ID: Text = Text {
    name: "ProviderId",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The name of the identity provider: 1 to 128 characters. It need not exist.",
};

const WEB_IDENTITY_TOKEN: Text = Text {
    name: "WebIdentityToken",
    rule: TextRule::Any,
    required: true,
    sensitive: true,
    help: "The token of the identity provider.",
};

const DURATION_SECONDS: Int64 = Int64 {
    name: "DurationSeconds",
    minimum: 1,
    maximum: Some(MAX_SECONDS),
    default: Some(DEFAULT_SECONDS),
    required: false,
    help: "The lifetime of the key.",
};

/// Exchanges a token for a temporary key of a role.
pub(super) struct AssumeRoleWithWebIdentity {
    session: RoleSession,
    seconds: u32,
    token: String,
}

impl Operation<Api3> for AssumeRoleWithWebIdentity {
    const ACTION: &'static str = "AssumeRoleWithWebIdentity";
    const SUMMARY: &'static str =
        "Exchanges an OpenID Connect token for a temporary key. Needs no signature.";
    const PAGE: &'static str = "https://cloud.tencent.com/document/api/1312/73070";
    const EVIDENCE: &'static str = "documented, SDK; text of an expired token: recorded; codes of other parameters, text of an invalid token: assumption";
    const DIFFERENCES: &'static str = "Any role and any identity provider exist. Without `--oidc-issuer`, tokens of any issuer for any audience are accepted. A signature is verified only if the issuer has `jwks`.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &PROVIDER_ID,
        &WEB_IDENTITY_TOKEN,
        &ROLE_ARN,
        &ROLE_SESSION_NAME,
        &DURATION_SECONDS,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &PARAM_ERROR,
        &ROLE_NOT_FOUND,
        &TOKEN_INVALID,
        &TOKEN_EXPIRED,
    ];
    // Pages of other sites may not issue keys, and reading the keys of an issuer may take long.
    const WRITES: bool = true;
    const UNSIGNED: Option<AccountOf<Api3>> = Some(account_of_role);
    type Response = TemporaryKey;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let provider = PROVIDER_ID.read(arguments)?;
        if !(1..=128).contains(&provider.chars().count()) {
            return Err((&PARAM_ERROR).into());
        }
        let token = WEB_IDENTITY_TOKEN.read(arguments)?;
        let session = RoleSession::read(arguments, call)?;
        let seconds = DURATION_SECONDS.read(arguments).map_err(|_| &PARAM_ERROR)?;
        Ok(Self {
            session,
            seconds,
            token,
        })
    }

    fn run(self, call: &Call) -> Result<TemporaryKey, ApiError> {
        let issuers = call.context.auth.credentials.oidc_issuers();
        let claims = issuers.check(self.token.trim(), call.context.now);
        claims.map_err(|error| {
            call.context.notes.hint(error.hint());
            match error {
                TokenError::Expired => &TOKEN_EXPIRED,
                _ => &TOKEN_INVALID,
            }
        })?;
        let key = self.session.begin(call, self.seconds, None);
        Ok(TemporaryKey::new(key, call))
    }
}

/// The account of an unsigned request is that of the role.
fn account_of_role(request: &Request) -> Option<&str> {
    account_in(request.text(ROLE_ARN.name)?)
}
