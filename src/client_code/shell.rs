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
    for (name, value) in parameters {
        // The sign keeps a text that begins with a hyphen from being taken for an option.
        let value = quoted(&arguments::text_of(value));
        command += &format!(" \\\n    {}", quoted(&format!("--{name}")));
        command += &format!("={value}");
    }
    command.push('\n');
    call.program(Language::Shell, TCCLI, command)
}
