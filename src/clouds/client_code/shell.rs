//! Commands for a shell.

use super::arguments;
use super::call::ApiCall;
use super::language::quoted;
use super::values::{Values, code, text};
use crate::clouds::alibaba::pairs_of;
use crate::clouds::draft::text_of;

/// The values for `aliyun`.
pub(super) fn alibaba(call: &ApiCall) -> Values {
    let pairs = pairs_of(call.action, call.parameters);
    let options = pairs.iter().map(|(name, value)| option(name, value));
    vec![
        ("product", code(call.product().to_lowercase())),
        ("action", text(call.action)),
        ("parameters", code(options.collect::<String>())),
    ]
}

/// The values for `tccli`.
pub(super) fn tencent(call: &ApiCall) -> Values {
    let typed = arguments::read(call, &[]).map(|arguments| arguments::json(&arguments));
    let parameters = typed.as_ref().unwrap_or(call.parameters);
    let options = parameters
        .iter()
        .map(|(name, value)| option(name, &text_of(value)));
    vec![
        ("action", text(call.action)),
        ("service", text(call.product())),
        ("parameters", code(options.collect::<String>())),
    ]
}

/// An option on a separate line. With `=`, a text that begins with a hyphen is not read as an option.
fn option(name: &str, value: &str) -> String {
    format!(
        " \\\n    {}{}",
        quoted(&format!("--{name}=")),
        quoted(value)
    )
}
