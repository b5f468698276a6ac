//! `GetRandomPassword`: generates a password.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Boolean, Integer, Optional, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::password::PasswordRules;
use crate::clouds::service::{Operation, Parameter};

const PASSWORD_LENGTH: Integer = Integer {
    name: "PasswordLength",
    minimum: 8,
    maximum: 128,
    default: 32,
    help: "The number of characters.",
};

const EXCLUDE_CHARACTERS: Text = Text {
    name: "ExcludeCharacters",
    rule: TextRule::Plain(95, " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    sensitive: false,
    help: "Characters that must not occur.",
};

const fn exclude(name: &'static str, help: &'static str) -> Boolean {
    Boolean {
        name,
        default: false,
        help,
    }
}

const EXCLUDE_LOWERCASE: Boolean =
    exclude("ExcludeLowercase", "Whether `a` to `z` must not occur.");
const EXCLUDE_UPPERCASE: Boolean =
    exclude("ExcludeUppercase", "Whether `A` to `Z` must not occur.");
const EXCLUDE_NUMBERS: Boolean = exclude("ExcludeNumbers", "Whether `0` to `9` must not occur.");
const EXCLUDE_PUNCTUATION: Boolean = exclude(
    "ExcludePunctuation",
    "Whether the other printable characters must not occur.",
);

const REQUIRE_EACH_INCLUDED_TYPE: Boolean = Boolean {
    name: "RequireEachIncludedType",
    default: true,
    help: "Whether the password has at least one character of each type.",
};

/// Generates a password. `InvalidParameter` (400) if all characters are excluded.
pub(super) struct GetRandomPassword {
    rules: PasswordRules,
}

impl Operation<Rpc> for GetRandomPassword {
    const ACTION: &'static str = "GetRandomPassword";
    const SUMMARY: &'static str = "Generates a random password.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getrandompassword";
    const EVIDENCE: &'static str =
        "documented, SDK; default of `RequireEachIncludedType`: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &PASSWORD_LENGTH,
        &EXCLUDE_CHARACTERS,
        &EXCLUDE_LOWERCASE,
        &EXCLUDE_UPPERCASE,
        &EXCLUDE_NUMBERS,
        &EXCLUDE_PUNCTUATION,
        &REQUIRE_EACH_INCLUDED_TYPE,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = GetRandomPasswordResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let length = PASSWORD_LENGTH.read(arguments)? as usize;
        let excluded = EXCLUDE_CHARACTERS.find(arguments)?.unwrap_or_default();
        let included = [
            EXCLUDE_LOWERCASE,
            EXCLUDE_UPPERCASE,
            EXCLUDE_NUMBERS,
            EXCLUDE_PUNCTUATION,
        ]
        .map(|class| !class.read(arguments));
        let each_class = REQUIRE_EACH_INCLUDED_TYPE.read(arguments);
        Ok(Self {
            rules: PasswordRules::new(length, included, &excluded, each_class),
        })
    }

    fn run(self, call: &Call) -> Result<GetRandomPasswordResponse, ApiError> {
        let password = self.rules.generate();
        Ok(GetRandomPasswordResponse {
            random_password: password.ok_or_else(|| invalid("ExcludeCharacters"))?,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetRandomPassword`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRandomPasswordResponse {
    /// The password.
    random_password: String,
    /// The id of the request.
    request_id: String,
}
