//! The operations, one file each, and the table that dispatch and documents read.

mod add_resource_tag;
mod delete_resource_tag;
pub(super) mod describe_resource_tags;
pub(super) mod describe_resource_tags_by_resource_ids;
mod modify_resource_tags;
pub(crate) mod names;
mod shapes;
mod update_resource_tag_value;

use crate::clouds::service::{SupportedOperation, supported};
use crate::clouds::tencent::api3::protocol::Api3;

/// The operations that the emulator supports. A new operation is a new file and its row here.
pub(crate) static SUPPORTED: &[SupportedOperation<Api3>] = &[
    supported::<Api3, describe_resource_tags_by_resource_ids::DescribeResourceTagsByResourceIds>(),
    supported::<Api3, describe_resource_tags::DescribeResourceTags>(),
    supported::<Api3, modify_resource_tags::ModifyResourceTags>(),
    supported::<Api3, add_resource_tag::AddResourceTag>(),
    supported::<Api3, update_resource_tag_value::UpdateResourceTagValue>(),
    supported::<Api3, delete_resource_tag::DeleteResourceTag>(),
];
