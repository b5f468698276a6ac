//! What the dialects' readers of fixtures share: what they make of a file, and how they say what is
//! wrong with it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{DeserializeOwned, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::credentials::is_account;
use crate::model::{Cloud, DataType, SecretType, is_region};
use crate::store::StoredSecret;

/// The contents of a fixture.
#[derive(Debug)]
pub struct Fixture {
    /// Whose secrets they are.
    pub cloud: Cloud,
    /// The account to load it for, unless the default one.
    pub account: Option<String>,
    /// The region to load it for, unless the default one.
    pub region: Option<String>,
    /// The secrets, in the order in which they are to be stored.
    pub secrets: Vec<StoredSecret>,
    /// Members that mean nothing here, by their place.
    pub ignored: Vec<String>,
}

/// A mistake in a fixture.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is, such as `SecretList.Secret[3].CreateTime`.
    pub place: String,
    /// What is wrong there.
    pub reason: String,
}

impl Mistake {
    /// A mistake at a place. The text of a file may contain anything; what is told of it stays on one line.
    #[must_use]
    pub fn new(place: &str, reason: &str) -> Self {
        let one_line = |text: &str| -> String {
            let escaped = text.chars().map(|character| {
                if character.is_control() {
                    character.escape_default().to_string()
                } else {
                    character.to_string()
                }
            });
            escaped.collect()
        };
        // A value may have slipped to where it does not belong; only what was expected is told.
        let reason = match reason.rsplit_once(", expected ") {
            Some((_, expected))
                if ["Versions", "AdditionalConfig"]
                    .iter()
                    .any(|member| place.contains(member)) =>
            {
                &format!("expected {expected}")
            }
            _ => reason,
        };
        // The file as a whole, or a member without a name.
        let place = if place.is_empty() { "." } else { place };
        Self {
            place: one_line(place),
            reason: one_line(reason),
        }
    }
}

/// The most members without a meaning that are told.
const MOST_IGNORED: usize = 100;

/// Reads a file. Returns also the places of members that nothing was made of, but for the `rest` of
/// a reply, which is known and of no use.
///
/// # Errors
///
/// The first mistake found.
pub fn deserialize<T: DeserializeOwned>(
    text: &str,
    rest: &[&str],
) -> Result<(T, Vec<String>), Mistake> {
    let mut ignored = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let mut note = |path: serde_ignored::Path| {
        // There may be very many of them.
        if ignored.len() >= MOST_IGNORED {
            return;
        }
        let place = path.to_string();
        if !rest.contains(&&*place) {
            ignored.push(place);
        }
    };
    let file =
        serde_path_to_error::deserialize(serde_ignored::Deserializer::new(&mut json, &mut note))
            .map_err(|error| Mistake::new(&error.path().to_string(), &error.inner().to_string()))?;
    json.end()
        .map_err(|error| Mistake::new("", &error.to_string()))?;
    Ok((file, ignored))
}

/// The most bytes of a text in a fixture, but for values of secrets, which have bounds of their own. No cloud takes
/// more than 32 kB.
pub(crate) const MOST_TEXT_BYTES: usize = 64 * 1024;

/// A list of a secret in a fixture. It is refused while it is read, so that it takes no memory and no time.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct List<T, const MOST_ITEMS: usize>(pub(crate) Vec<T>);

impl<T, const MOST_ITEMS: usize> Default for List<T, MOST_ITEMS> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MOST_ITEMS: usize> List<T, MOST_ITEMS> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>, const MOST_ITEMS: usize> Deserialize<'de> for List<T, MOST_ITEMS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T, const MOST_ITEMS: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MOST_ITEMS: usize> Visitor<'de>
            for ListVisitor<T, MOST_ITEMS>
        {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    if items.len() == MOST_ITEMS {
                        return Err(A::Error::custom(format!("more than {MOST_ITEMS} items")));
                    }
                    items.push(item);
                }
                Ok(items)
            }
        }

        let items = deserializer.deserialize_seq(ListVisitor::<T, MOST_ITEMS>(PhantomData))?;
        Ok(Self(items))
    }
}

/// A value of the model as text of a fixture.
pub(crate) trait AsText {
    fn as_text(&self) -> Cow<'_, str>;
}

impl AsText for String {
    fn as_text(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl AsText for DateTime<Utc> {
    fn as_text(&self) -> Cow<'_, str> {
        self.to_rfc3339_opts(SecondsFormat::Secs, true).into()
    }
}

impl AsText for SecretType {
    fn as_text(&self) -> Cow<'_, str> {
        self.name().into()
    }
}

impl AsText for DataType {
    fn as_text(&self) -> Cow<'_, str> {
        self.name().into()
    }
}

/// Text that becomes a value of the model or is refused with a reason.
macro_rules! checked_text {
    ($($name:ident($inner:ty) = $check:expr;)*) => {$(
        #[derive(serde::Deserialize, Clone)]
        #[serde(try_from = "String")]
        pub(crate) struct $name(pub(crate) $inner);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(String) -> Result<$inner, String> = $check;
                check(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&$crate::fixture_file::AsText::as_text(&self.0))
            }
        }
    )*};
}

pub(crate) use checked_text;

checked_text! {
    Account(String) = |text| {
        if is_account(&text) { Ok(text) } else { Err(format!("`{text}` is not an account number of 16 digits")) }
    };
    Region(String) = |text| {
        if is_region(&text) { Ok(text) } else { Err(format!("`{text}` is not a region id")) }
    };
}

/// The cloud is the judge of the characters in a name it has accepted, so only those that no name
/// can have are refused.
pub(crate) fn bounded(text: String, most: usize, what: &str) -> Result<String, String> {
    let length = text.chars().count();
    if text.chars().any(char::is_control) || !(1..=most).contains(&length) {
        return Err(format!(
            "{what} has 1 to {most} characters, none of them a control character"
        ));
    }
    Ok(text)
}
