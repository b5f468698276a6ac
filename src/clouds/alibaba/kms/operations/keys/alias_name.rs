//! The name of an alias in a request.

use crate::clouds::alibaba::kms::keys::reference::{SERVICE_ALIAS_PREFIX, is_alias};
use crate::clouds::alibaba::rpc::parameter::{Parsed, Required};

pub(crate) const ALIAS_NAME: Required<Parsed<String>> = Required(Parsed {
    name: "AliasName",
    rule: "`alias/` and ASCII letters, digits, `_`, `-` and `/`: up to 255 characters; not `alias/acs…`",
    help: "The alias.",
    parse: |text| {
        (is_alias(text) && !text.starts_with(SERVICE_ALIAS_PREFIX)).then(|| text.to_owned())
    },
});
