//! Keys: references to them, their metadata in replies, their material and ciphers, and their due work.

pub(crate) mod cipher;
pub(crate) mod context;
pub(crate) mod due;
pub(crate) mod encryption;
pub(crate) mod mac;
pub(crate) mod material;
pub(crate) mod metadata;
pub(crate) mod pair;
pub(crate) mod plaintext;
pub(crate) mod reference;
pub(crate) mod rotation;
pub(crate) mod secret_encryption;
pub(crate) mod service_keys;
