//! Finds out what a signer did wrong, for the log.

use crate::context::Mismatch;
use crate::digest;

/// How many characters around a difference are shown.
const SURROUNDINGS: usize = 24;

/// What a request should have been signed over.
pub struct Expectation {
    /// What was signed, for the client to compare with its own; secret values are masked.
    pub explanation: String,
    /// The text in which a difference is to be looked for; secret values are masked.
    pub shown: String,
    /// A fault that was found before any comparison.
    pub fault: Option<&'static str>,
}

/// A known way to sign wrongly.
pub struct Mistake {
    pub what: &'static str,
    pub signature: String,
    /// What was signed this way; secret values are masked.
    pub shown: String,
}

/// Names the mistake that leads to the signature given, and where it first shows. A client does
/// not send what it signed, so this is known only when a mistake reproduces the signature.
pub fn explain(given: &str, expected: &Expectation, mistakes: Vec<Mistake>) -> Mismatch {
    let server = expected.shown.clone();
    let known = mistakes
        .into_iter()
        .find(|mistake| digest::equal(given, &mistake.signature));
    let Some(mistake) = known else {
        return Mismatch {
            diagnosis: "the secret is another one, or something else was signed".to_owned(),
            server,
            client: None,
            first_difference: None,
        };
    };
    let found = difference(&mistake.shown, &server);
    Mismatch {
        diagnosis: match &found {
            Some((_, difference)) => format!("{}; {difference}", mistake.what),
            None => mistake.what.to_owned(),
        },
        server,
        client: Some(mistake.shown),
        first_difference: found.map(|(index, _)| index),
    }
}

/// The number of the first character that differs, and what stands around it.
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
