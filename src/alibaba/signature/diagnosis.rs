//! Finds out what a signer did wrong, for the log.

use crate::digest;

/// Stands for a secret value in whatever is shown.
pub const MASK: &str = "***";

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
pub fn explain(given: &str, expected: &Expectation, mistakes: Vec<Mistake>) -> String {
    match mistakes
        .into_iter()
        .find(|mistake| digest::equal(given, &mistake.signature))
    {
        Some(mistake) => match difference(&mistake.shown, &expected.shown) {
            Some(difference) => format!("{}; {difference}", mistake.what),
            None => mistake.what.to_owned(),
        },
        None => "the secret is another one, or something else was signed".to_owned(),
    }
}

fn difference(client: &str, server: &str) -> Option<String> {
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
    Some(format!(
        "first difference at character {index}: client {:?}, server {:?}",
        around(client),
        around(server)
    ))
}
