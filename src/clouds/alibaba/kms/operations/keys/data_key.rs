//! The parameters for the length of a data key.

use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Choice, Integer};

pub(crate) const DATA_KEY_SPEC: Choice<usize> = Choice {
    name: "KeySpec",
    values: &[("AES_256", 32), ("AES_128", 16)],
    help: "The kind of the data key. Ignored if `NumberOfBytes` is present.",
};

/// 0 counts as absent: the vendor's metadata allows it.
pub(crate) const NUMBER_OF_BYTES: Integer = Integer {
    name: "NumberOfBytes",
    minimum: 0,
    maximum: 1024,
    default: 0,
    help: "The length of the data key in bytes. 0 means the length of `KeySpec`.",
};

/// The length of the data key in bytes.
pub(crate) fn length(arguments: &Arguments) -> Result<usize, ApiError> {
    match NUMBER_OF_BYTES.read(arguments)? {
        0 => DATA_KEY_SPEC.read(arguments),
        bytes => Ok(bytes as usize),
    }
}
