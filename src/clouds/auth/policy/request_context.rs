//! The properties of a request that statements and conditions refer to.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::{cam, ram};
use crate::clouds::auth::issued::Principal;
use crate::http::wire::Client;
use crate::model::{Cloud, Tag};

/// A permission that a request needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Permission {
    /// The action, such as `kms:GetSecretValue`.
    pub action: String,
    /// The resource name; `*` for an operation without a resource.
    pub resource: String,
    /// The tags of the resource.
    pub tags: Vec<Tag>,
    /// The tags in the request.
    pub request_tags: Vec<Tag>,
    /// The policy of the resource itself, if it belongs to the caller's account and has one.
    pub resource_policy: Option<String>,
}

/// The sender of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller<'a> {
    /// The account.
    pub account: &'a str,
    /// The id of the access key.
    pub access_key_id: Option<&'a str>,
    /// The resource name of the role, for a temporary key.
    pub role: Option<&'a str>,
    /// The resource names of the caller, with which principals are compared.
    pub names: Vec<String>,
}

impl<'a> Caller<'a> {
    /// The sender of a request to `cloud`. `principal` is that of its temporary key.
    pub(crate) fn new(
        cloud: Cloud,
        account: &'a str,
        access_key_id: Option<&'a str>,
        principal: Option<&'a Principal>,
    ) -> Self {
        let names = match (principal, cloud) {
            (Some(principal), _) => vec![principal.role.clone(), principal.arn.clone()],
            (None, Cloud::Alibaba) => vec![ram::caller_name(account, access_key_id)],
            (None, Cloud::Tencent) => vec![cam::caller_name(account, access_key_id)],
        };
        Self {
            account,
            access_key_id,
            role: principal.map(|principal| &*principal.role),
            names,
        }
    }
}

/// The properties of a request.
#[derive(Debug)]
pub(crate) struct RequestContext<'a> {
    pub caller: &'a Caller<'a>,
    pub permission: &'a Permission,
    /// The time by the clock of the caller's account.
    pub now: DateTime<Utc>,
    pub client: Client,
}

impl RequestContext<'_> {
    /// The address of the client. An IPv4 address that is mapped to IPv6 is converted back.
    pub(super) fn client_ip(&self) -> Option<String> {
        let ip = self.client.ip.as_ref().map(IpAddr::to_canonical);
        ip.map(|ip| ip.to_string())
    }
}
