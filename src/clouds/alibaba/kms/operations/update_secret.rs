//! `UpdateSecret`: changes the description, or the custom data.

use std::collections::BTreeMap;

use super::create_secret::DESCRIPTION;
use crate::clouds::alibaba::kms::errors::{
    IN_DELETE_PERIOD, NOT_FOUND, UNSUPPORTED, VERSION_EXISTS,
};
use crate::clouds::alibaba::kms::managed;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::NamedSecret;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, TextMap, invalid};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::SecretType;

const CUSTOM_DATA: TextMap = TextMap {
    name: "ExtendedConfig.CustomData",
    max_items: managed::MAX_CUSTOM_DATA,
    help: "The custom data of a managed secret, as a JSON object or as `ExtendedConfig.CustomData.<key>`.",
};

/// Changes the description or the custom data of a secret.
pub(super) struct UpdateSecret {
    secret: SecretReference,
    description: Option<String>,
    custom_data: Option<BTreeMap<String, String>>,
}

impl Operation<Rpc> for UpdateSecret {
    const ACTION: &'static str = "UpdateSecret";
    const SUMMARY: &'static str =
        "Changes the description of a secret, or the custom data of a managed one.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecret";
    const EVIDENCE: &'static str =
        "documented (name or ARN: 2026), SDK; bound of the description: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&SECRET_NAME_OR_ARN, &DESCRIPTION, &CUSTOM_DATA];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&NOT_FOUND, &IN_DELETE_PERIOD, &UNSUPPORTED, &VERSION_EXISTS];
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            description: DESCRIPTION.find(arguments)?,
            custom_data: CUSTOM_DATA.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find_in_use(store, &self.secret, &NOT_FOUND)?;
            let mut after = secret.clone();
            if let Some(custom_data) = &self.custom_data {
                if secret.secret_type == SecretType::Generic {
                    return Err((&UNSUPPORTED).into());
                }
                let config = secret.extended_config.as_deref();
                after.extended_config = Some(
                    managed::with_custom_data(config, custom_data)
                        .ok_or_else(|| invalid("ExtendedConfig.CustomData"))?,
                );
            }
            if let Some(description) = self.description {
                after.description = description;
            }
            after.updated_at = call.now();
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
