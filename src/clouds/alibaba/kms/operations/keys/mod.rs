//! The operations on keys, one file each.

mod alias_list;
mod alias_name;
mod data_key;
mod filters;
mod page;

pub(crate) mod cancel_key_deletion;
pub(crate) mod create_alias;
pub(crate) mod create_key;
pub(crate) mod decrypt;
pub(crate) mod delete_alias;
pub(crate) mod describe_key;
pub(crate) mod disable_key;
pub(crate) mod enable_key;
pub(crate) mod encrypt;
pub(crate) mod generate_data_key;
pub(crate) mod generate_data_key_without_plaintext;
pub(crate) mod list_aliases;
pub(crate) mod list_aliases_by_key_id;
pub(crate) mod list_keys;
pub(crate) mod re_encrypt;
pub(crate) mod schedule_key_deletion;
pub(crate) mod set_deletion_protection;
pub(crate) mod update_alias;
pub(crate) mod update_key_description;
