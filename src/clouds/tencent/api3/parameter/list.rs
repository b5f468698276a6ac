//! Lists.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::arguments::{Arguments, TypedParameter, WireType, invalid};
use crate::clouds::cause::Cause;
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::service::Parameter;
use crate::clouds::tencent::api3::error::ApiError;

/// A required list of texts, in JSON or in numbered parameters: `ResourceIds.0`.
pub(crate) struct Texts {
    pub name: &'static str,
    pub max_items: usize,
    pub help: &'static str,
}

impl Texts {
    /// The texts.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue` for none and for too many.
    pub(crate) fn read(&self, arguments: &Arguments) -> Result<Vec<String>, ApiError> {
        let items = arguments.values.get(self.name).and_then(Value::as_array);
        let items = items.map(Vec::as_slice).unwrap_or_default();
        if !(1..=self.max_items).contains(&items.len()) {
            return Err(invalid(self.name, items.len()));
        }
        let texts = items.iter().filter_map(Value::as_str);
        Ok(texts.map(str::to_owned).collect())
    }
}

impl Parameter for Texts {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_members(&self) -> bool {
        true
    }

    fn describe(&self) -> ParameterDescription {
        ParameterDescription {
            required: true,
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, ValueType::List, self.help)
        }
    }
}

impl TypedParameter for Texts {
    fn is_required(&self) -> bool {
        true
    }

    fn wire_type(&self) -> WireType {
        WireType::List(&WireType::String)
    }
}

/// A list of structs, in JSON or in numbered parameters: `Tags.0.TagKey`.
pub(crate) struct Structs {
    pub name: &'static str,
    pub value_type: ValueType,
    pub item: &'static WireType,
    pub max_items: usize,
    pub required: bool,
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
        let items = self.find(arguments)?.unwrap_or_default();
        if items.len() > self.max_items {
            return Err(invalid(self.name, items.len()));
        }
        Ok(items)
    }

    /// The structs, if the list was sent, without a check of their number.
    ///
    /// # Errors
    ///
    /// None for a list that is described as it is read.
    pub(crate) fn find<T: DeserializeOwned>(
        &self,
        arguments: &Arguments,
    ) -> Result<Option<Vec<T>>, ApiError> {
        let Some(items) = arguments.values.get(self.name) else {
            return Ok(None);
        };
        // The types of the members were checked, so this is an error in the description.
        serde_json::from_value(items.clone())
            .map(Some)
            .map_err(|error| ApiError::InternalError(Cause::new(error)))
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
            required: self.required,
            max_items: Some(self.max_items),
            ..ParameterDescription::new(self.name, self.value_type, self.help)
        }
    }
}

impl TypedParameter for Structs {
    fn is_required(&self) -> bool {
        self.required
    }

    fn wire_type(&self) -> WireType {
        WireType::List(self.item)
    }
}
