//! The text of an entry that the filter `text` of the journal searches.

use serde_json::Value;

use super::entry::RequestEntry;
use super::exchange::Exchange;
use crate::clouds::hint;
use crate::http::shown::shortened;

/// All that the journal shows of a request and its reply, in lower case, with sensitive values masked.
pub(super) fn of(exchange: &Exchange) -> String {
    let mut lines = members(&RequestEntry::of(exchange));
    lines.extend(hint::line(&exchange.hints, exchange.cloud, exchange.code));
    lines.push(hint::codes(&exchange.hints));
    let request = exchange.shown_request();
    lines.push(format!(
        "{} {}?{}",
        request.method, request.path, request.query
    ));
    let headers = request.headers.iter();
    lines.extend(headers.map(|(name, value)| header(name, value)));
    lines.push(request.body);
    let headers = exchange.headers.iter();
    lines.extend(headers.map(|(name, value)| header(name, value)));
    lines.push(shortened(exchange.shown_reply_body()));
    lines.join("\n").to_lowercase()
}

fn header(name: &str, value: &str) -> String {
    format!("{name}: {value}")
}

/// The texts and numbers of an entry with their names.
fn members(entry: &RequestEntry) -> Vec<String> {
    fn add(name: &str, value: Value, lines: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    add(&name, member, lines);
                }
            }
            Value::String(text) => lines.push(format!("{name}={text}")),
            // Excluded, because a search for a status or another number would match them by chance.
            Value::Number(_) if matches!(name, "number" | "duration_ms") => {}
            Value::Number(number) => lines.push(format!("{name}={number}")),
            _ => {}
        }
    }
    let mut lines = Vec::new();
    // Serialization cannot fail: all keys are texts.
    add(
        "",
        serde_json::to_value(entry).unwrap_or_default(),
        &mut lines,
    );
    lines
}
