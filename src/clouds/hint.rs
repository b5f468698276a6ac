//! Hints about a request, which the real services do not give.
//!
//! A hint is a code with arguments. Clients get an English sentence in the header `x-emulator-hint`; the explorer
//! translates code and arguments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::description::filled;
use super::diagnosis::Mistake;
use super::notes::printable;
use super::outcome::OK;
use super::with_default_settings;
use crate::model::Cloud;

/// A hint about a request: a code with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", content = "arguments", rename_all = "snake_case")]
pub enum Hint {
    /// The signature, the key id or the time stamp is wrong.
    Signature {
        /// The mistake of the client.
        mistake: Mistake,
    },
    /// No secret can have this value of a filter.
    FilterValue {
        /// The key of the filter.
        key: String,
        /// The beginning of the value.
        value: String,
        /// The rule for values of the key.
        rule: String,
    },
    /// No secret has the value of a filter, but one has a text that contains it.
    FilterPart {
        /// The key of the filter.
        key: String,
        /// The beginning of the text.
        text: String,
    },
    /// A member of a filter is ignored.
    FilterMember {
        /// Its name.
        name: String,
        /// The member that filters have.
        member: String,
    },
    /// A parameter such as `Limit.1` is ignored, because `Limit` has no members.
    ParameterMember {
        /// Its name.
        name: String,
        /// The parameter that the operation has.
        parameter: String,
    },
    /// A parameter is ignored, but the operation has one with a similar name or purpose.
    ParameterSimilar {
        /// Its name.
        name: String,
        /// The operation.
        action: String,
        /// The parameter that the operation has.
        parameter: String,
    },
    /// A parameter is ignored.
    ParameterUnknown {
        /// Its name.
        name: String,
        /// The operation.
        action: String,
    },
    /// The secret has no value.
    SecretWithoutValue {
        /// Its name.
        secret: String,
    },
    /// The secret exists in another region of the account.
    SecretInOtherRegion {
        /// Its name.
        secret: String,
        /// The region of the secret.
        region: String,
        /// The account of the request.
        own_account: String,
        /// The region of the request.
        own_region: String,
    },
    /// The secret exists in another account.
    SecretInOtherAccount {
        /// Its name.
        secret: String,
        /// The account of the secret.
        account: String,
        /// The region of the secret.
        region: String,
        /// The account of the request.
        own_account: String,
        /// The region of the request.
        own_region: String,
    },
    /// The secret exists in the other cloud.
    SecretInOtherCloud {
        /// Its name.
        secret: String,
        /// The other cloud: `alibaba` or `tencent`.
        cloud: String,
        /// The account of the secret.
        account: String,
        /// The region of the secret.
        region: String,
        /// The account of the request.
        own_account: String,
        /// The region of the request.
        own_region: String,
    },
    /// The operation cannot use the secret of another account or region.
    SecretOutOfReach {
        /// Its name.
        secret: String,
        /// The account of the secret.
        account: String,
        /// The region of the secret.
        region: String,
        /// The account of the request.
        own_account: String,
        /// The region of the request.
        own_region: String,
    },
    /// The policy of the secret does not allow the request.
    SecretPolicy {
        /// Its name.
        secret: String,
        /// The account of the secret.
        account: String,
        /// The region of the secret.
        region: String,
        /// The action that the policy does not allow.
        action: String,
        /// The account of the request.
        own_account: String,
        /// The region of the request.
        own_region: String,
    },
    /// The tenant of the access key has expired.
    TenantExpired {
        /// The access key.
        access_key_id: String,
        /// When it expired.
        time: String,
    },
    /// The tenant of the access key was deleted.
    TenantDeleted {
        /// The access key.
        access_key_id: String,
        /// When it was deleted.
        time: String,
    },
    /// The tenant of the access key is unknown.
    TenantUnknown {
        /// The access key.
        access_key_id: String,
    },
    /// The policy for a temporary key is not valid.
    PolicyRejected {
        /// The error with its place.
        error: String,
    },
    /// A statement of a policy denies the request.
    PolicyDenies {
        /// The whole English sentence.
        #[serde(skip)]
        explanation: String,
        /// The name of the policy.
        policy: String,
        /// The index of the statement, from 0.
        statement: String,
        /// The action.
        action: String,
        /// The resource name.
        resource: String,
    },
    /// No statement of the policies of the caller allows the request.
    PolicyLacksPermission {
        /// The whole English sentence.
        #[serde(skip)]
        explanation: String,
        /// The action.
        action: String,
        /// The resource name.
        resource: String,
    },
    /// The account of a role does not have 16 digits.
    RoleAccount {
        /// The resource name of the role.
        role: String,
    },
    /// The service has no endpoints in the emulator, or is not emulated.
    NoEndpoints,
    /// The token is not a JSON Web Token.
    TokenMalformed,
    /// The token is not valid yet.
    TokenNotYetValid,
    /// The token has expired, or is older than its issuer's limit allows.
    TokenExpired,
    /// The issuer of the token is not configured.
    TokenIssuer,
    /// The audience of the token is not that of its issuer.
    TokenAudience,
    /// The keys of the token's issuer cannot be read.
    TokenKeys {
        /// The error of the operating system or of HTTP.
        error: String,
    },
    /// The keys of the token's issuer are not a key set.
    TokenKeySet,
    /// The signature of the token is wrong.
    TokenSignature,
    /// The signature of a request to an instance was not made with the private key of its key id.
    ClientKeySignature,
    /// The key id of a request to an instance has a secret instead of a public key.
    ClientKeyMissing,
}

impl Hint {
    /// The English sentence without a full stop, in printable ASCII, for a request to `cloud`.
    #[must_use]
    pub fn sentence(&self, cloud: Cloud) -> String {
        match self {
            Self::Signature { mistake } => return mistake.sentence(cloud).into_owned(),
            Self::PolicyDenies { explanation, .. }
            | Self::PolicyLacksPermission { explanation, .. } => {
                return printable(explanation).into_owned();
            }
            _ => {}
        }
        let arguments = self.arguments();
        let values: Vec<_> = arguments
            .iter()
            .map(|(placeholder, value)| (&**placeholder, &**value))
            .collect();
        printable(&filled(self.template(), &values)).into_owned()
    }

    /// The placeholders of the arguments with their values.
    fn arguments(&self) -> Vec<(String, String)> {
        let serialized = serde_json::to_value(self).unwrap_or_default();
        let arguments = serialized["arguments"].as_object().into_iter().flatten();
        let text = |name: &str, value: &Value| {
            let value = value.as_str().unwrap_or_default();
            match Cloud::from_name(value).filter(|_| name == "cloud") {
                Some(cloud) => with_default_settings().get(cloud).name().to_owned(),
                None => value.to_owned(),
            }
        };
        arguments
            .map(|(name, value)| (format!("{{{name}}}"), text(name, value)))
            .collect()
    }

    /// The sentence with placeholders for the arguments.
    fn template(&self) -> &'static str {
        match self {
            Self::Signature { .. }
            | Self::PolicyDenies { .. }
            | Self::PolicyLacksPermission { .. } => "",
            Self::FilterValue { .. } => {
                "Filters: `{value}` is not a possible value of {key}: {rule}"
            }
            Self::FilterPart { .. } => {
                "Filters: {key} `{text}` contains a value but does not equal it; --alibaba-filter-match contains finds it"
            }
            Self::FilterMember { .. } => "`{name}` in Filters: a filter has `{member}`",
            Self::ParameterMember { .. } => "`{name}`: `{parameter}` is a single parameter",
            Self::ParameterSimilar { .. } => "`{name}`: {action} has `{parameter}`",
            Self::ParameterUnknown { .. } => "`{name}`: {action} does not have it",
            Self::SecretWithoutValue { .. } => {
                "secret `{secret}` has no value: add `Versions` to its fixture, or set --default-secret-value"
            }
            Self::SecretInOtherRegion { .. } => {
                "secret `{secret}` exists in region {region}; requested in account {own_account}, region {own_region}"
            }
            Self::SecretInOtherAccount { .. } => {
                "secret `{secret}` exists in account {account}, region {region}; requested in account {own_account}, region {own_region}"
            }
            Self::SecretInOtherCloud { .. } => {
                "secret `{secret}` exists on {cloud} (account {account}, region {region}); requested in account {own_account}, region {own_region}"
            }
            Self::SecretOutOfReach { .. } => {
                "secret `{secret}` exists in account {account}, region {region}; the operation does not reach it; requested in account {own_account}, region {own_region}"
            }
            Self::SecretPolicy { .. } => {
                "secret `{secret}` exists in account {account}, region {region}; its policy does not allow {action} to account {own_account}; requested in account {own_account}, region {own_region}"
            }
            Self::TenantExpired { .. } => {
                "the tenant of access key `{access_key_id}` expired at {time}, at the end of its ttl"
            }
            Self::TenantDeleted { .. } => {
                "the tenant of access key `{access_key_id}` was deleted at {time}"
            }
            Self::TenantUnknown { .. } => {
                "the tenant of access key `{access_key_id}` does not exist here: it expired, was deleted, or belongs to another server"
            }
            Self::PolicyRejected { .. } => "the policy is rejected: {error}",
            Self::RoleAccount { .. } => {
                "accounts of the emulator have 16 digits; the account in `{role}` does not"
            }
            Self::NoEndpoints => "the emulator has endpoints for kms and sts only",
            Self::TokenMalformed => {
                "the token is rejected: it is not a JSON Web Token with iss, sub, aud and exp"
            }
            Self::TokenNotYetValid => "the token is rejected: it is not valid before its nbf",
            Self::TokenExpired => "the token is rejected: it has expired",
            Self::TokenIssuer => "the token is rejected: its issuer is not one of --oidc-issuer",
            Self::TokenAudience => {
                "the token is rejected: its audience is not that of its --oidc-issuer"
            }
            Self::TokenKeys { .. } => {
                "the token is rejected: the keys of its issuer cannot be read: {error}"
            }
            Self::TokenKeySet => {
                "the token is rejected: the keys of its issuer are not a JSON Web Key Set"
            }
            Self::TokenSignature => {
                "the token is rejected: its signature was not made by a key of its issuer"
            }
            Self::ClientKeySignature => {
                "the signature was not made with the private key of this key id"
            }
            Self::ClientKeyMissing => {
                "this key id has a secret, but the instance API needs a public key: --client-key"
            }
        }
    }

    /// Whether it is about an ignored parameter, or a part of one.
    fn is_ignored(&self) -> bool {
        matches!(
            self,
            Self::FilterMember { .. }
                | Self::ParameterMember { .. }
                | Self::ParameterSimilar { .. }
                | Self::ParameterUnknown { .. }
        )
    }
}

/// The codes of hints and of the mistakes in signatures, separated by spaces.
#[must_use]
pub fn codes(hints: &[Hint]) -> String {
    let values = hints.iter().flat_map(|hint| match hint {
        Hint::Signature { mistake } => [serde_json::to_value(hint), serde_json::to_value(mistake)],
        _ => [serde_json::to_value(hint), Ok(Value::Null)],
    });
    let codes = values.flatten().filter_map(|value| {
        let code = value.get("code").unwrap_or(&value);
        code.as_str().map(str::to_owned)
    });
    codes.collect::<Vec<_>>().join(" ")
}

/// The value of `x-emulator-hint` for a request to `cloud`: all hints in one line; absent without hints. `code` is the
/// error code of the reply, or `OK`.
#[must_use]
pub fn line(hints: &[Hint], cloud: Cloud, code: &str) -> Option<String> {
    let first_ignored = hints.iter().position(Hint::is_ignored);
    let verb = match code {
        OK => "ignored ",
        _ => "not a parameter here: ",
    };
    let sentences = hints.iter().enumerate().map(|(index, hint)| {
        let verb = if first_ignored == Some(index) {
            verb
        } else {
            ""
        };
        format!("{verb}{}", hint.sentence(cloud))
    });
    let sentences: Vec<_> = sentences.collect();
    (!sentences.is_empty()).then(|| sentences.join("; "))
}
