//! The probes of both clouds, and the assumptions that have none.

mod alibaba;
#[cfg(test)]
mod check;
mod tencent;

use super::probe::{Probe, Unprobed};
use crate::model::Cloud;

/// The probes of a cloud, in the order in which they are sent.
pub(super) const fn of(cloud: Cloud) -> &'static [Probe] {
    match cloud {
        Cloud::Alibaba => alibaba::PROBES,
        Cloud::Tencent => tencent::PROBES,
    }
}

/// The assumptions about a cloud that no probe can settle.
pub(super) const fn unprobed(cloud: Cloud) -> &'static [Unprobed] {
    match cloud {
        Cloud::Alibaba => alibaba::UNPROBED,
        Cloud::Tencent => tencent::UNPROBED,
    }
}
