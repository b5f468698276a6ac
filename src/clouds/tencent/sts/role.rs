//! Roles. Any role exists, and trusts any caller.

use super::errors::{PARAM_ERROR, ROLE_NOT_FOUND};
use crate::clouds::auth::policy::Permission;
use crate::clouds::digest;
use crate::clouds::hint::Hint;
use crate::clouds::service::permissions::PermissionRow;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule};
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::api3::request::Request;
use crate::model::{Scope, is_account};

/// The maximum length of a role's name, from the vendor's page of `CreateRole`.
const MAX_NAME: usize = 128;

pub(super) const ROLE_ARN: Text = Text {
    name: "RoleArn",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The role: `qcs::cam::uin/ACCOUNT:roleName/NAME` or `qcs::cam::uin/ACCOUNT:role/ID`. The account has 16 digits; the role need not exist.",
};

/// The resource that a request names.
pub(super) fn named_by(request: &Request, _: &Scope) -> String {
    request.text(ROLE_ARN.name).unwrap_or("*").to_owned()
}

/// The permission that a request needs. On the vendor's page *Security Token Service* in *CAM-Enabled API*, only
/// `AssumeRole` has a resource; the operations of permanent keys are not on the page.
///
/// # Errors
///
/// None.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the type of `AccessControl::needed`"
)]
pub(super) fn needed(
    arguments: &Arguments,
    _: &Call,
    action: &'static str,
) -> Result<Vec<Permission>, ApiError> {
    Ok(match (action, arguments.find_text(ROLE_ARN.name)) {
        ("AssumeRole", Some(role)) => vec![Permission {
            action: format!("sts:{action}"),
            resource: role.to_owned(),
            ..Permission::default()
        }],
        _ => Vec::new(),
    })
}

/// The action and resources of an operation, for documents.
pub(super) fn permission_row(action: &'static str) -> PermissionRow {
    let (actions, resources) = match action {
        "AssumeRole" => ("sts:AssumeRole", "`RoleArn` of the request"),
        _ => ("", ""),
    };
    PermissionRow {
        action,
        actions: actions.to_owned(),
        resources: resources.to_owned(),
    }
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    pub account: String,
    /// The resource name, as the client sent it.
    pub arn: String,
    /// The id: 19 digits, always the same for the same role.
    pub id: String,
}

impl Role {
    /// Reads the parameter `RoleArn`.
    ///
    /// # Errors
    ///
    /// `InvalidParameter.ParamError` for a text that is not the name of a role, `InternalError.GetRoleError` for a role
    /// of an account that the emulator cannot have.
    pub(super) fn read(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let arn = ROLE_ARN.read(arguments)?;
        let role = Self::parse(&arn).ok_or(&PARAM_ERROR)?;
        if is_account(&role.account) {
            return Ok(role);
        }
        call.context.notes.hint(Hint::RoleAccount { role: arn });
        Err((&ROLE_NOT_FOUND).into())
    }

    /// Parses the resource name of a role, also of a service role.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let (account, name) = parts(arn)?;
        Some(Self {
            account: account.to_owned(),
            arn: arn.to_owned(),
            id: match name {
                Name::Id(id) => id.to_owned(),
                Name::Name => id_of(arn),
            },
        })
    }

    /// A role by its name; absent if no role can have it.
    pub(super) fn named(account: &str, name: &str) -> Option<Self> {
        Self::parse(&format!("qcs::cam::uin/{account}:roleName/{name}"))
    }
}

/// The account in the resource name of a role; absent if the emulator cannot have it.
pub(super) fn account_in(arn: &str) -> Option<&str> {
    let (account, _) = parts(arn)?;
    is_account(account).then_some(account)
}

enum Name<'a> {
    Id(&'a str),
    Name,
}

/// The account, and whether the role has a name or an id.
fn parts(arn: &str) -> Option<(&str, Name<'_>)> {
    let (account, resource) = arn.strip_prefix("qcs::cam::uin/")?.split_once(':')?;
    let (kind, name) = resource.split_once('/')?;
    let (is_id, name) = match (kind, name.split_once('/')) {
        ("role", Some(("tencentcloudServiceRole", id))) => (true, id),
        ("role", Some(("tencentcloudServiceRoleName", name))) => (false, name),
        ("role", None) => (true, name),
        ("roleName", None) => (false, name),
        _ => return None,
    };
    let is_number = |text: &str| {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    let is_name = || (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(allowed);
    let name = match is_id {
        true if is_number(name) => Name::Id(name),
        false if is_name() => Name::Name,
        _ => return None,
    };
    is_number(account).then_some((account, name))
}

/// The id of the role with this resource name. The ids of real roles begin with the same digits.
fn id_of(arn: &str) -> String {
    let number = digest::number_of(arn, 4) % 1_000_000_000;
    format!("4611686018{number:09}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_an_account_and_a_name_or_an_id() {
        let long = format!(
            "qcs::cam::uin/1000000000000000:roleName/{}",
            "r".repeat(129)
        );
        for (arn, account, id) in [
            (
                "qcs::cam::uin/12345678:role/4611686018427397919",
                "12345678",
                "4611686018427397919",
            ),
            (
                "qcs::cam::uin/12345678:role/tencentcloudServiceRole/4611686018427397920",
                "12345678",
                "4611686018427397920",
            ),
        ] {
            let role = Role::parse(arn).unwrap();
            assert_eq!((&*role.account, &*role.id), (account, id));
        }
        for arn in [
            "qcs::cam::uin/12345678:roleName/testRoleName",
            "qcs::cam::uin/12345678:role/tencentcloudServiceRoleName/testServiceRoleName",
            "qcs::cam::uin/1000000000000000:roleName/My.role-1_x",
        ] {
            let role = Role::parse(arn).unwrap();
            assert!(role.id.starts_with("4611686018") && role.id.len() == 19);
            assert_eq!(Role::parse(arn), Some(role));
        }
        for arn in [
            "",
            "reader",
            "qcs::cam::uin/1:roleName/",
            "qcs::cam::uin/1:roleName/a b",
            "qcs::cam::uin/1:roleName/a/b",
            "qcs::cam::uin/1:roleName/密",
            "qcs::cam::uin/1:role/reader",
            "qcs::cam::uin/1:role/",
            "qcs::cam::uin/1:role/other/1",
            "qcs::cam::uin/1:role/tencentcloudServiceRole/x",
            "qcs::cam::uin/1:saml-provider/OneLogin",
            "qcs::cam::uin/:roleName/reader",
            "qcs::cam::uin/x:roleName/reader",
            "qcs::cam::uid/1:roleName/reader",
            "QCS::cam::uin/1:roleName/reader",
            "acs:ram::1000000000000000:role/reader",
            &long,
        ] {
            assert_eq!(Role::parse(arn), None, "{arn}");
        }
    }
}
