//! Programs for a shell.

use super::{ApiCall, Program, arguments};
use crate::snippets::{Language, quoted};

const TCCLI: (&str, &str) = ("tccli", "pip install tccli==3.1.189.1");

/// A program for Tencent Cloud.
pub fn tencent(call: &ApiCall) -> Program {
    let typed = arguments::read(call, &[]).map(|arguments| arguments::json(&arguments));
    let parameters = typed.as_ref().unwrap_or(call.parameters);
    let endpoint = format!("{}://{}", call.protocol("http", "https"), call.address);
    let options = [("region", call.region), ("endpoint", &endpoint)];
    let options = options.map(|(name, text)| format!("--{name} {}", quoted(text)));
    let mut command = format!("tccli ssm {} {}", quoted(call.action), options.join(" "));
    let parameters = parameters.iter().map(|(name, value)| {
        // The sign keeps a text that begins with a hyphen from being taken for an option.
        let (name, value) = (format!("--{name}="), arguments::text_of(value));
        format!(" \\\n    {}{}", quoted(&name), quoted(&value))
    });
    command.extend(parameters);
    command.push('\n');
    call.program(Language::Shell, TCCLI, command)
}
