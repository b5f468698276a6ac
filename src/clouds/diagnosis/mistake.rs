//! The mistakes of clients that are recognized, each with its code and its sentence.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Cloud;

/// Why a signature, the key id or the time stamp of a request was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mistake {
    /// No known mistake leads to the signature.
    WrongSecret,
    /// No known mistake leads to the RSA signature.
    WrongPrivateKey,
    /// The key has an RSA public key, but the request is signed with a secret.
    KeyIsRsa,
    /// The key has a secret, but the request is signed with RSA.
    KeyIsSecret,
    /// The request is too large for a search.
    TooLarge,
    /// Another HTTP method is signed.
    HttpMethod,
    /// The `Host` header is signed without its port.
    HostWithoutPort,
    /// Another host is signed.
    OtherHost,
    /// `+` instead of `%20`.
    SpaceAsPlus,
    /// `*` instead of `%2A`.
    AsteriskUnencoded,
    /// `%7E` instead of `~`.
    TildeEncoded,
    /// The characters that JavaScript's `encodeURIComponent` leaves.
    SubDelimitersUnencoded,
    /// The encoding of Java's `URLEncoder`.
    JavaUrlEncoder,
    /// `/` instead of `%2F`.
    SlashUnencoded,
    /// `%2f` instead of `%2F`.
    LowerCaseHex,
    /// The canonical query of V1 is encoded once.
    QueryEncodedOnce,
    /// The values of Tencent's v1 are signed encoded.
    ValuesEncoded,
    /// The parameters are signed in the order sent.
    ParametersUnsorted,
    /// The parameters are signed in natural order.
    NaturalOrder,
    /// Parameters of the form body are not signed.
    FormUnsigned,
    /// Empty parameters are not signed.
    EmptyUnsigned,
    /// The query is not signed.
    QueryUnsigned,
    /// The `&` after the secret is missing in the key.
    AmpersandMissing,
    /// The key has the `&` of V1.
    AmpersandAdded,
    /// The signature is not percent-encoded.
    SignatureUnencoded,
    /// The signature is percent-encoded twice.
    SignatureEncodedTwice,
    /// The signature is empty.
    SignatureEmpty,
    /// The secret is empty.
    SecretEmpty,
    /// The key id is used as the secret.
    SecretIsKeyId,
    /// White space before or after the secret.
    SecretWhiteSpace,
    /// A line break before or after the secret.
    SecretLineBreak,
    /// Quotes around the secret.
    SecretQuoted,
    /// A byte order mark before the secret.
    SecretByteOrderMark,
    /// The secret is still in Base64.
    SecretBase64,
    /// The secret was decoded from Base64.
    SecretDecoded,
    /// The secret configured here has additional characters.
    ConfiguredSecretPadded,
    /// White space before or after the key id.
    KeyIdWhiteSpace,
    /// Quotes around the key id.
    KeyIdQuoted,
    /// A byte order mark before the key id.
    KeyIdByteOrderMark,
    /// The key id is still in Base64.
    KeyIdBase64,
    /// The time stamp is eight hours off.
    LocalTime,
    /// The date in the credential is another one.
    CredentialDate,
    /// The date in the credential is that of UTC+8.
    CredentialLocalDate,
    /// An empty text is signed as the digest of the empty body.
    EmptyBodyUnhashed,
    /// The digest of an empty body is signed.
    BodyUnsigned,
    /// The digest of the body is signed in upper case.
    DigestUpperCase,
    /// The body was changed after signing.
    BodyChanged,
    /// White space in the JSON of the body was changed after signing.
    BodyReserialized,
    /// The header with the digest of the body is not its digest.
    ContentDigest,
    /// A digest is SHA-256, but the signature algorithm uses SM3.
    DigestNotSm3,
}

impl Mistake {
    /// Every mistake.
    #[cfg(test)]
    pub const ALL: [Self; 50] = [
        Self::WrongSecret,
        Self::WrongPrivateKey,
        Self::KeyIsRsa,
        Self::KeyIsSecret,
        Self::TooLarge,
        Self::HttpMethod,
        Self::HostWithoutPort,
        Self::OtherHost,
        Self::SpaceAsPlus,
        Self::AsteriskUnencoded,
        Self::TildeEncoded,
        Self::SubDelimitersUnencoded,
        Self::JavaUrlEncoder,
        Self::SlashUnencoded,
        Self::LowerCaseHex,
        Self::QueryEncodedOnce,
        Self::ValuesEncoded,
        Self::ParametersUnsorted,
        Self::NaturalOrder,
        Self::FormUnsigned,
        Self::EmptyUnsigned,
        Self::QueryUnsigned,
        Self::AmpersandMissing,
        Self::AmpersandAdded,
        Self::SignatureUnencoded,
        Self::SignatureEncodedTwice,
        Self::SignatureEmpty,
        Self::SecretEmpty,
        Self::SecretIsKeyId,
        Self::SecretWhiteSpace,
        Self::SecretLineBreak,
        Self::SecretQuoted,
        Self::SecretByteOrderMark,
        Self::SecretBase64,
        Self::SecretDecoded,
        Self::ConfiguredSecretPadded,
        Self::KeyIdWhiteSpace,
        Self::KeyIdQuoted,
        Self::KeyIdByteOrderMark,
        Self::KeyIdBase64,
        Self::LocalTime,
        Self::CredentialDate,
        Self::CredentialLocalDate,
        Self::EmptyBodyUnhashed,
        Self::BodyUnsigned,
        Self::DigestUpperCase,
        Self::BodyChanged,
        Self::BodyReserialized,
        Self::ContentDigest,
        Self::DigestNotSm3,
    ];

    /// The sentence for log, journal and hint, without a full stop. It has only ASCII characters, because
    /// the hint is a header.
    #[must_use]
    pub fn sentence(self, cloud: Cloud) -> Cow<'static, str> {
        let (key_id, secret) = match cloud {
            Cloud::Alibaba => ("AccessKey ID", "AccessKey Secret"),
            Cloud::Tencent => ("SecretId", "SecretKey"),
        };
        let constant = match self {
            Self::WrongSecret => {
                return format!(
                    "the {secret} is probably wrong; common mistakes in the secret, encoding, order, HTTP method, host and body were checked, and none produces this signature"
                )
                .into();
            }
            Self::KeyIsRsa => {
                return format!(
                    "the {key_id} has an RSA public key in the emulator, but the request is signed with a secret, by HMAC"
                )
                .into();
            }
            Self::KeyIsSecret => {
                return format!(
                    "the {key_id} has a secret in the emulator, but the request is signed with an RSA private key"
                )
                .into();
            }
            Self::SecretEmpty => return format!("the {secret} of the client is empty").into(),
            Self::SecretIsKeyId => {
                return format!("the client signs with the {key_id} instead of the {secret}")
                    .into();
            }
            Self::SecretWhiteSpace => {
                return format!("the {secret} of the client has white space before or after it")
                    .into();
            }
            Self::SecretLineBreak => {
                return format!("the {secret} of the client has a line break before or after it")
                    .into();
            }
            Self::SecretQuoted => {
                return format!("the {secret} of the client has quotes around it").into();
            }
            Self::SecretByteOrderMark => {
                return format!("the {secret} of the client has a byte order mark before it")
                    .into();
            }
            Self::SecretBase64 => {
                return format!("the {secret} of the client is still encoded in Base64").into();
            }
            Self::SecretDecoded => {
                return format!("the client decodes the {secret} from Base64; it is used as it is")
                    .into();
            }
            Self::ConfiguredSecretPadded => {
                return format!(
                    "the {secret} configured in the emulator has white space, quotes or a byte order mark around it; that of the client does not"
                )
                .into();
            }
            Self::KeyIdWhiteSpace => {
                return format!("the {key_id} has white space before or after it").into();
            }
            Self::KeyIdQuoted => return format!("the {key_id} has quotes around it").into(),
            Self::KeyIdByteOrderMark => {
                return format!("the {key_id} has a byte order mark before it").into();
            }
            Self::KeyIdBase64 => return format!("the {key_id} is still encoded in Base64").into(),
            other => other.constant_sentence(),
        };
        Cow::Borrowed(constant)
    }

    /// The sentence of a mistake that has the same one for both clouds.
    fn constant_sentence(self) -> &'static str {
        match self {
            Self::WrongPrivateKey => {
                "the client probably signs with another private key; common mistakes in encoding, order, HTTP method, host and body were checked, and none produces this signature"
            }
            Self::TooLarge => "the request is too large to search for the mistake",
            Self::HttpMethod => "the HTTP method signed is not the one sent",
            Self::HostWithoutPort => "the host is signed without its port",
            Self::OtherHost => {
                "the host signed is not the one in the Host header; it was changed after signing"
            }
            Self::SpaceAsPlus => "spaces are encoded as `+`, not `%20`",
            Self::AsteriskUnencoded => "`*` is left unencoded",
            Self::TildeEncoded => "`~` is encoded as `%7E`",
            Self::SubDelimitersUnencoded => {
                "`!'()*` are left unencoded, as JavaScript's encodeURIComponent leaves them"
            }
            Self::JavaUrlEncoder => {
                "values are encoded by Java's URLEncoder: replace `+` by `%20`, `*` by `%2A` and `%7E` by `~`"
            }
            Self::SlashUnencoded => "`/` is left unencoded",
            Self::LowerCaseHex => "percent encoding has lower-case hexadecimal digits",
            Self::QueryEncodedOnce => "the canonical query is not percent-encoded a second time",
            Self::ValuesEncoded => {
                "the values are signed percent-encoded; this method signs them as they are"
            }
            Self::ParametersUnsorted => "the parameters are signed in the order sent, not sorted",
            Self::NaturalOrder => {
                "the parameters are sorted by number (`Tag.2` before `Tag.10`), not by characters"
            }
            Self::FormUnsigned => "parameters of the form body are not signed",
            Self::EmptyUnsigned => "empty parameters are not signed",
            Self::QueryUnsigned => "the query is not signed",
            Self::AmpersandMissing => "the key lacks the `&` that follows the secret",
            Self::AmpersandAdded => "the key has an `&` after the secret, as in V1",
            Self::SignatureUnencoded => {
                "the signature is not percent-encoded: its `+` arrives as a space"
            }
            Self::SignatureEncodedTwice => "the signature is percent-encoded twice",
            Self::SignatureEmpty => "the signature is empty",
            Self::LocalTime => {
                "the time stamp is 8 hours off: it is probably the local time of UTC+8 sent as UTC"
            }
            Self::CredentialDate => {
                "the date in the credential is not the UTC date of the time stamp"
            }
            Self::CredentialLocalDate => {
                "the date in the credential is the date in UTC+8, not the UTC date of the time stamp"
            }
            Self::EmptyBodyUnhashed => {
                "the empty body is signed as an empty text, not as its digest"
            }
            Self::BodyUnsigned => "the digest of an empty body is signed, but a body was sent",
            Self::DigestUpperCase => "the digest of the body is signed in upper case",
            Self::BodyChanged => {
                "the body was changed after signing: x-acs-content-sha256 or x-acs-content-sm3 is not the digest of the body that arrived"
            }
            Self::BodyReserialized => {
                "the body was changed after signing: its JSON was signed with other white space"
            }
            Self::ContentDigest => {
                "x-acs-content-sha256 or x-acs-content-sm3 is not the digest of the body that arrived"
            }
            Self::DigestNotSm3 => {
                "a digest is SHA-256; a signature with HMAC-SM3 has SM3 digests of the body and of the canonical request"
            }
            // `sentence` has those that name the secret or the key id.
            _ => "",
        }
    }

    /// Whether the mistake is one of the signature, and not of the key id or the time stamp.
    #[must_use]
    pub fn is_in_signature(self) -> bool {
        !matches!(
            self,
            Self::KeyIdWhiteSpace
                | Self::KeyIdQuoted
                | Self::KeyIdByteOrderMark
                | Self::KeyIdBase64
                | Self::LocalTime
                | Self::KeyIsRsa
                | Self::KeyIsSecret
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_mistake_has_its_own_sentence_that_fits_into_a_header() {
        for cloud in [Cloud::Alibaba, Cloud::Tencent] {
            let sentences: HashSet<_> = Mistake::ALL
                .iter()
                .map(|mistake| mistake.sentence(cloud))
                .collect();
            assert_eq!(sentences.len(), Mistake::ALL.len());
            for sentence in sentences {
                let is_header = !sentence.is_empty()
                    && sentence.bytes().all(|byte| (b' '..=b'~').contains(&byte));
                assert!(is_header, "{sentence:?}");
            }
        }
    }

    #[test]
    fn the_page_has_a_chinese_sentence_for_every_mistake() {
        let texts = include_str!("../../../web/src/i18n/zh/mistakes.js");
        for mistake in Mistake::ALL {
            let code = serde_json::to_value(mistake).unwrap();
            let code = code.as_str().unwrap();
            assert!(texts.contains(&format!("\n  {code}: ")), "{code}");
        }
    }
}
