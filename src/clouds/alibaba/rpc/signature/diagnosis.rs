//! Finds out what a signer did wrong, for the log.

use std::rc::Rc;

use crate::clouds::digest;
use crate::clouds::outcome::Mismatch;
use crate::http::shown::shortened;

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

/// A known way to sign wrongly. Nothing is signed before it is asked for: a request may be large, and
/// most are signed wrongly in one way only.
pub struct Mistake<'r> {
    what: &'static str,
    signature: Box<dyn Fn() -> String + 'r>,
    /// What is signed this way; sensitive values are masked.
    shown: Box<dyn Fn() -> String + 'r>,
}

impl<'r> Mistake<'r> {
    /// The mistake that leads to `text` being signed. Its argument tells whether sensitive values are
    /// to be masked.
    pub fn new(
        what: &'static str,
        sign: impl Fn(&str) -> String + 'r,
        text: impl Fn(bool) -> String + 'r,
    ) -> Self {
        let text = Rc::new(text);
        let signed = Rc::clone(&text);
        Self {
            what,
            signature: Box::new(move || sign(&signed(false))),
            shown: Box::new(move || text(true)),
        }
    }
}

/// The most bytes of query and body that are searched for a mistake: each attempt takes as long as the
/// verification itself.
const MOST_SEARCHED: usize = 32 * 1024;

/// Names the mistake that leads to the signature given, and where it first shows. A client does
/// not send what it signed, so this is known only when a mistake reproduces the signature.
///
/// `server` is the text that the server expected to be signed, to be shown.
pub fn explain<'r>(
    given: &str,
    server: String,
    size: usize,
    mistakes: impl IntoIterator<Item = Mistake<'r>>,
) -> Mismatch {
    let unknown = |diagnosis: &str, server| Mismatch {
        diagnosis: diagnosis.to_owned(),
        server,
        client: None,
        first_difference: None,
    };
    if size > MOST_SEARCHED {
        return unknown("the request is too large to search for the mistake", server);
    }
    let known = mistakes
        .into_iter()
        .find(|mistake| digest::equal(given, &(mistake.signature)()));
    let Some(mistake) = known else {
        return unknown(
            "the secret is another one, or something else was signed",
            server,
        );
    };
    let client = shortened((mistake.shown)());
    let found = difference(&client, &server);
    Mismatch {
        diagnosis: match &found {
            Some((_, difference)) => format!("{}; {difference}", mistake.what),
            None => mistake.what.to_owned(),
        },
        server,
        client: Some(client),
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
