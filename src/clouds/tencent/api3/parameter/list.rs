//! Lists.

use serde::de::DeserializeOwned;

use super::arguments::{Arguments, TypedParameter, WireType, invalid};
use crate::clouds::cause::Cause;
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::service::Parameter;
use crate::clouds::tencent::api3::error::ApiError;

/// A list of structs, in JSON or in numbered parameters: `Tags.0.TagKey`.
pub(crate) struct Structs {
    pub name: &'static str,
    pub value_type: ValueType,
    pub item: &'static WireType,
    pub max_items: usize,
    pub help: &'static str,
}

impl Structs {
    /// The structs; none if they are absent.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for too many.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        arguments: &Arguments,
    ) -> Result<Vec<T>, ApiError> {
        let Some(items) = arguments.values.get(self.name) else {
            return Ok(Vec::new());
        };
        // The types of the members were checked, so an error means that the description is wrong.
        let items: Vec<T> = serde_json::from_value(items.clone())
            .map_err(|error| ApiError::InternalError(Cause::new(error)))?;
        if items.len() > self.max_items {
            return Err(invalid(self.name, items.len()));
        }
        Ok(items)
    }
}

impl Parameter for Structs {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_members(&self) -> bool {
        true
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, self.value_type, self.help)
        }
    }
}

impl TypedParameter for Structs {
    fn wire_type(&self) -> WireType {
        WireType::List(self.item)
    }
}
