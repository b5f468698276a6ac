//! Deserializes values that must not occur in error texts.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StringDeserializer};
use serde::de::{self, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A value of a file that may be a secret, intentionally or by mistake. If its type is wrong, the error has
/// the expected type and not the value.
///
/// For an object or an array this is about the value as a whole; its members and items need `Confidential`
/// too.
#[derive(Clone, Default)]
pub(crate) struct Confidential<T>(pub(crate) T);

impl<T: Serialize> Serialize for Confidential<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Confidential<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not by the method for `T`: if the type is wrong, the deserializer itself makes the error.
        deserializer
            .deserialize_any(AnyValue(PhantomData))
            .map(Self)
    }
}

/// Accepts every JSON value and passes it on to `T`, which makes an [`UnquotedError`] of a wrong one.
struct AnyValue<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> AnyValue<T> {
    fn read<E: de::Error>(value: impl IntoDeserializer<'de, UnquotedError>) -> Result<T, E> {
        T::deserialize(value.into_deserializer()).map_err(|error| E::custom(error.0))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnyValue<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Self::read(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
        Self::read(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        Self::read(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        Self::read(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        Self::read(value)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<T, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<T, E> {
        let deserializer: StringDeserializer<UnquotedError> = value.into_deserializer();
        T::deserialize(deserializer).map_err(|error| E::custom(error.0))
    }

    // The errors for an array or an object in a wrong place quote nothing of it.

    fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

/// An error that does not quote the value.
#[derive(Debug)]
struct UnquotedError(String);

impl fmt::Display for UnquotedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnquotedError {}

impl de::Error for UnquotedError {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(format!("expected one of {}", expected.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    enum Word {
        One,
        Two,
    }

    fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, String> {
        let value: Result<Confidential<T>, _> = serde_json::from_str(json);
        value
            .map(|value| value.0)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn values_of_the_right_type_are_read() {
        assert_eq!(read("\"text\\n\""), Ok("text\n".to_owned()));
        assert_eq!(read("7"), Ok(7_u64));
        assert_eq!(read("-7"), Ok(-7_i64));
        assert_eq!(read("1.5"), Ok(1.5_f64));
        assert_eq!(read("true"), Ok(true));
        assert_eq!(read("[1,2]"), Ok(vec![1, 2]));
        assert_eq!(read("\"Two\""), Ok(Word::Two));
    }

    #[test]
    fn errors_do_not_quote_the_value() {
        for json in [
            "\"7777\"", "7777", "-7777", "7777.5", "true", "null", "[7777]",
        ] {
            let errors = [
                read::<bool>(json).map(drop),
                read::<Word>(json).map(drop),
                read::<Vec<bool>>(json).map(drop),
                read::<std::net::Ipv4Addr>(json).map(drop),
                read::<u8>(json).map(drop),
            ];
            // Each value has the right type for one of them at most.
            let errors: Vec<_> = errors.into_iter().filter_map(Result::err).collect();
            assert!(errors.len() >= 4, "{json}: {errors:?}");
            for error in errors {
                // Items of an array are not confidential here.
                assert!(
                    json == "[7777]" || !error.contains("777"),
                    "{json}: {error}"
                );
                assert!(
                    error.contains("expected") || error.contains("invalid"),
                    "{error}"
                );
            }
        }
    }
}
