//! Blocks for Terraform, for the operations that the provider of Alibaba Cloud has a resource or a data source for.

use super::call::ApiCall;
use super::language::Language;
use super::values::{Values, code};
use serde_json::Value;

/// The block that makes a call; none if the provider has none for it.
pub(super) fn alibaba(call: &ApiCall) -> Option<Values> {
    let (open, names, close): (_, &[(&str, &str)], _) = match call.action {
        "ListSecrets" => (
            "data \"alicloud_kms_secrets\" \"all\" {",
            // The provider reads every page.
            &[("PageNumber", ""), ("PageSize", "")],
            "output \"names\" {\n  value = data.alicloud_kms_secrets.all.names\n}",
        ),
        "GetSecretValue" => (
            "data \"alicloud_kms_secret_versions\" \"all\" {",
            &[("SecretName", "secret_name")],
            "output \"values\" {\n  value     = data.alicloud_kms_secret_versions.all.versions\n  sensitive = true\n}",
        ),
        "CreateSecret" => (
            "resource \"alicloud_kms_secret\" \"this\" {",
            &[
                ("SecretName", "secret_name"),
                ("VersionId", "version_id"),
                ("SecretData", "secret_data"),
                ("SecretDataType", "secret_data_type"),
                ("Description", "description"),
            ],
            "",
        ),
        _ => return None,
    };
    let mut lines = Vec::new();
    for (name, value) in call.parameters {
        let (_, argument) = names.iter().find(|(known, _)| known == name)?;
        match value {
            _ if argument.is_empty() => {}
            Value::String(text) => {
                lines.push((*argument, Language::Terraform.literal(text)));
            }
            _ => return None,
        }
    }
    match call.action {
        "GetSecretValue" => lines.push(("enable_details", "true".to_owned())),
        // Otherwise `terraform destroy` leaves the name in use for 30 days.
        "CreateSecret" => lines.push(("force_delete_without_recovery", "true".to_owned())),
        _ => {}
    }
    let width = lines.iter().map(|(argument, _)| argument.len()).max();
    let width = width.unwrap_or_default();
    let lines: Vec<_> = lines
        .iter()
        .map(|(argument, value)| format!("\n  {argument:width$} = {value}"))
        .collect();
    let lines = lines.concat();
    let line_break = if lines.is_empty() { "" } else { "\n" };
    let after = if close.is_empty() { "" } else { "\n\n" };
    let block = format!("{open}{lines}{line_break}}}{after}{close}");
    Some(vec![("block", code(block))])
}
