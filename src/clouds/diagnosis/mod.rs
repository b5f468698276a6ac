//! Finds the mistake that makes a client's signature wrong. A client sends its signature, but not the text
//! that it signed, so each common mistake is tried: if one produces the signature sent, it is the cause.

mod body;
mod encoding;
mod keys;
mod mismatch;
mod mistake;

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::percent_decode_str;

pub(crate) use body::reserialized;
pub(crate) use encoding::{Encoding, natural_order};
pub(crate) use keys::{wrong_key_id, wrong_secrets};
pub(crate) use mismatch::Mismatch;
pub(crate) use mistake::Mistake;

use crate::http::shown::shortened;
use crate::model::Cloud;

/// How many characters around a difference are shown.
const SURROUNDINGS: usize = 24;

/// The maximum size of query and body, in bytes, for which mistakes are tried: each attempt takes as long
/// as the verification itself.
const MAX_SEARCHED: usize = 32 * 1024;

/// One mistake with the signature that it produces, computed only when needed, because most wrong requests
/// have one of the first mistakes.
pub(crate) struct Attempt<'r> {
    mistake: Mistake,
    /// The host that is signed, if it is the mistake.
    host: Option<String>,
    leads_to: Box<dyn Fn(&str) -> bool + 'r>,
    /// The text signed with this mistake, with sensitive values masked. `None`: the expected one.
    shown: Option<Box<dyn Fn() -> String + 'r>>,
}

impl<'r> Attempt<'r> {
    /// A mistake that changes the signed text. The arguments of `is_signature` are the signature sent and
    /// a text; the argument of `text` is whether to mask sensitive values.
    pub(crate) fn of_text(
        mistake: Mistake,
        is_signature: impl Fn(&str, &str) -> bool + 'r,
        text: impl Fn(bool) -> String + 'r,
    ) -> Self {
        let text = Rc::new(text);
        let signed = Rc::clone(&text);
        let leads_to = move |given: &str| is_signature(given, &signed(false));
        Self::showing(mistake, leads_to, move || text(true))
    }

    /// A mistake that changes the signed text, which `shown` returns with sensitive values masked.
    pub(crate) fn showing(
        mistake: Mistake,
        leads_to: impl Fn(&str) -> bool + 'r,
        shown: impl Fn() -> String + 'r,
    ) -> Self {
        Self {
            shown: Some(Box::new(shown)),
            ..Self::new(mistake, leads_to)
        }
    }

    /// A mistake that does not change the signed text.
    pub(crate) fn new(mistake: Mistake, leads_to: impl Fn(&str) -> bool + 'r) -> Self {
        Self {
            mistake,
            host: None,
            leads_to: Box::new(leads_to),
            shown: None,
        }
    }

    pub(crate) fn with_host(self, host: String) -> Self {
        Self {
            host: Some(host),
            ..self
        }
    }
}

/// Mistakes in sending a correct signature, which `is_right` recognizes.
pub(crate) fn transfer_mistakes<'r>(
    is_right: impl Fn(&str) -> bool + Clone + 'r,
) -> [Attempt<'r>; 2] {
    let decoded = is_right.clone();
    [
        Attempt::new(Mistake::SignatureUnencoded, move |given| {
            given.contains(' ') && is_right(&given.replace(' ', "+"))
        }),
        Attempt::new(Mistake::SignatureEncodedTwice, move |given| {
            given.contains('%')
                && percent_decode_str(given)
                    .decode_utf8()
                    .is_ok_and(|given| decoded(&given))
        }),
    ]
}

/// A mistake whose signed text is unknown.
pub(crate) fn mismatch(mistake: Mistake, cloud: Cloud, server: String) -> Mismatch {
    Mismatch {
        mistake,
        diagnosis: mistake.sentence(cloud).into_owned(),
        server,
        client: None,
        signed_host: None,
        first_difference: None,
    }
}

/// Finds the mistake that produces the signature `given`, and the first difference.
///
/// `server` is the text that the server expected to be signed, to be shown; `size` is the number of bytes of
/// query and body; `otherwise` is the mistake if no attempt leads to the signature.
pub(crate) fn explain<'r>(
    cloud: Cloud,
    given: &str,
    server: String,
    size: usize,
    otherwise: Mistake,
    attempts: impl FnOnce() -> Vec<Attempt<'r>>,
) -> Mismatch {
    if given.is_empty() {
        return mismatch(Mistake::SignatureEmpty, cloud, server);
    }
    if size > MAX_SEARCHED {
        return mismatch(Mistake::TooLarge, cloud, server);
    }
    let mut attempts = attempts().into_iter();
    let Some(attempt) = attempts.find(|attempt| (attempt.leads_to)(given)) else {
        return mismatch(otherwise, cloud, server);
    };
    let client = attempt
        .shown
        .map_or_else(|| server.clone(), |shown| shortened(shown()));
    let difference = difference(&client, &server);
    let mut known = mismatch(attempt.mistake, cloud, server);
    if let Some(host) = &attempt.host {
        known.diagnosis = format!("{} (signed: {host:?})", known.diagnosis);
    }
    known.signed_host = attempt.host;
    if let Some((index, around)) = difference {
        known.diagnosis = format!("{}; {around}", known.diagnosis);
        known.first_difference = Some(index);
    }
    known.client = Some(client);
    known
}

/// The number of the first character that differs, and the text around it.
fn difference(client: &str, server: &str) -> Option<(usize, String)> {
    let index = client
        .chars()
        .zip(server.chars())
        .position(|(client, server)| client != server);
    let shorter = client.chars().count().min(server.chars().count());
    let index =
        index.or_else(|| (client.chars().count() != server.chars().count()).then_some(shorter))?;
    let around = |text: &str| -> String {
        text.chars()
            .skip(index.saturating_sub(SURROUNDINGS / 2))
            .take(SURROUNDINGS)
            .collect()
    };
    let shown = format!(
        "first difference at character {index}: client {:?}, server {:?}",
        around(client),
        around(server)
    );
    Some((index, shown))
}

/// Whether a time is local time of UTC+8 mistaken for UTC, or the reverse.
pub(crate) fn is_eight_hours_off(time: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let off = (time - now).abs() - TimeDelta::hours(8);
    off.abs() <= TimeDelta::minutes(15)
}

/// Hosts that a client may have signed instead of the one that arrived: local names with and without the
/// port, the one that a proxy names as the original, and those of the cloud.
pub(crate) fn other_hosts<'h>(
    sent: &'h str,
    forwarded: Option<&'h str>,
    of_cloud: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let (name, port) = match sent.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (sent, None),
    };
    let mut hosts = vec![format!("{name}:80"), format!("{name}:443")];
    for name in [name, "localhost", "127.0.0.1"] {
        hosts.push(name.to_owned());
        hosts.extend(port.map(|port| format!("{name}:{port}")));
        hosts.push(format!("{name}:8080"));
    }
    hosts.extend(forwarded.map(str::to_owned));
    hosts.extend(of_cloud);
    hosts.retain(|host| host != sent);
    hosts.dedup();
    hosts
}
