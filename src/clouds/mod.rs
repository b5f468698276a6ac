//! The clouds: each is a protocol and the services that are called through it.
//!
//! Router, faults, journal, fixtures, coverage and call form use a cloud through [`CloudApi`] only. A
//! request is parsed once, into a [`CloudRequest`].

pub mod alibaba;
mod api;
pub mod auth;
mod canonical_request;
pub mod cause;
pub mod client_code;
mod confidential;
pub mod context;
pub(crate) mod credential_source;
pub mod description;
pub(crate) mod diagnosis;
pub mod digest;
pub mod draft;
pub mod fixture;
pub mod hint;
pub mod hosts;
pub mod ignored;
pub mod notes;
pub mod outcome;
pub(crate) mod password;
pub mod reply_cache;
pub mod service;
pub(crate) mod shown_reply;
pub mod shown_request;
pub mod tencent;

use std::sync::LazyLock;

use crate::http::wire::WireRequest;
use crate::model::Cloud;

use alibaba::Alibaba;
pub use api::{CloudApi, CloudRequest, RequestProperties, UnknownSignatureMethod};
pub use credential_source::{CredentialResource, RejectedParameter};
use tencent::Tencent;

/// The clouds with their settings.
#[derive(Debug, Clone, Default)]
pub struct Clouds {
    /// Alibaba Cloud.
    pub alibaba: Alibaba,
    /// Tencent Cloud.
    pub tencent: Tencent,
}

impl Clouds {
    /// Every cloud.
    #[must_use]
    pub fn all(&self) -> [&dyn CloudApi; 2] {
        [&self.alibaba, &self.tencent]
    }

    /// The API of a cloud.
    #[must_use]
    pub fn get(&self, cloud: Cloud) -> &dyn CloudApi {
        match cloud {
            Cloud::Alibaba => &self.alibaba,
            Cloud::Tencent => &self.tencent,
        }
    }

    /// The cloud that a request is for: the one that recognizes it, or Alibaba Cloud.
    #[must_use]
    pub fn of_request(&self, wire: &WireRequest) -> &dyn CloudApi {
        let recognizes = |cloud: &&dyn CloudApi| cloud.recognizes(wire);
        self.all()
            .into_iter()
            .find(recognizes)
            .unwrap_or(&self.alibaba)
    }

    /// The cloud whose reply a fixture file is: the one that recognizes it, or Alibaba Cloud.
    #[must_use]
    pub fn of_fixture(&self, text: &str) -> &dyn CloudApi {
        let recognizes = |cloud: &&dyn CloudApi| cloud.recognizes_fixture(text);
        self.all()
            .into_iter()
            .find(recognizes)
            .unwrap_or(&self.alibaba)
    }
}

/// The clouds with default settings, for functions that do not depend on settings: descriptions, fixtures and masking.
#[must_use]
pub fn with_default_settings() -> &'static Clouds {
    static CLOUDS: LazyLock<Clouds> = LazyLock::new(Clouds::default);
    &CLOUDS
}
