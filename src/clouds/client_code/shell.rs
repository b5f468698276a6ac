//! Commands for a shell.

use super::arguments;
use super::call::ApiCall;
use super::language::quoted;
use super::values::{Values, code, text};

/// The values for `tccli`.
pub(super) fn tencent(call: &ApiCall) -> Values {
    let typed = arguments::read(call, &[]).map(|arguments| arguments::json(&arguments));
    let parameters = typed.as_ref().unwrap_or(call.parameters);
    let option = |(name, value): (&String, &_)| {
        // With `=`, a text that begins with a hyphen is not read as an option.
        let (name, value) = (format!("--{name}="), arguments::text_of(value));
        format!(" \\\n    {}{}", quoted(&name), quoted(&value))
    };
    vec![
        ("action", text(call.action)),
        (
            "parameters",
            code(parameters.iter().map(option).collect::<String>()),
        ),
    ]
}
