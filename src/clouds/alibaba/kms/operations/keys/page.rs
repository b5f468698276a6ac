//! The parameters of pages.

use crate::clouds::alibaba::kms::operations::list_secrets;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Integer};
use crate::model::PageRequest;

pub(crate) const PAGE_NUMBER: Integer = list_secrets::PAGE_NUMBER;

pub(crate) const PAGE_SIZE: Integer = page_size(10);

/// A page size with this default.
pub(crate) const fn page_size(default: u32) -> Integer {
    Integer {
        name: "PageSize",
        minimum: 1,
        maximum: 100,
        default,
        help: "The number of items on a page.",
    }
}

/// The requested page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageParameters {
    pub number: u32,
    pub size: u32,
}

impl PageParameters {
    pub(crate) fn read(arguments: &Arguments) -> Result<Self, ApiError> {
        Self::read_with(&PAGE_SIZE, arguments)
    }

    /// Reads a page of a list with another default size.
    pub(crate) fn read_with(page_size: &Integer, arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            number: PAGE_NUMBER.read(arguments)?,
            size: page_size.read(arguments)?,
        })
    }

    pub(crate) fn request(self) -> PageRequest {
        PageRequest {
            offset: u64::from(self.number - 1) * u64::from(self.size),
            limit: self.size,
        }
    }
}
