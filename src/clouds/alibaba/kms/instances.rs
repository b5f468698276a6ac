//! KMS instances: their properties in replies and fixtures, and the instance of a new secret or key.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, SubsecRound, Utc};
use schemars::JsonSchema;
use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::errors::{INSTANCE_NOT_FOUND, INSTANCE_STATE_INVALID};
use super::fixture::{InstanceId, Time, unless_empty};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{self, Condition, KeyCondition, PageRequest, Scope, SecretQuery, SortOrder};
use crate::store::{ReadTransaction, StoreError};

/// Defines the properties. Every one but the id may be absent, `null` or an empty text; numbers and booleans may be
/// texts.
macro_rules! instance {
    (
        texts { $($text:ident,)* }
        times { $($time:ident,)* }
        scalars { $($scalar:ident: $type:ty,)* }
    ) => {
        /// A KMS instance as in a reply of `GetKmsInstance`.
        #[derive(Clone, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct KmsInstance {
            /// Its id.
            #[serde(alias = "KmsInstanceId")]
            #[schemars(with = "String")]
            instance_id: InstanceId,
            /// The ARN follows from the scope.
            #[serde(default, rename = "KmsInstanceArn", skip_serializing)]
            #[schemars(skip)]
            _arn: IgnoredAny,
            $(
                #[serde(default, deserialize_with = "unless_empty", skip_serializing_if = "Option::is_none")]
                $text: Option<String>,
            )*
            $(
                #[serde(default, deserialize_with = "unless_empty", skip_serializing_if = "Option::is_none")]
                #[schemars(with = "Option<String>")]
                $time: Option<Time>,
            )*
            $(
                #[serde(default, deserialize_with = "scalar", skip_serializing_if = "Option::is_none")]
                $scalar: Option<$type>,
            )*
            /// The number of secrets that it can have: a text, unlike the others.
            #[serde(
                default,
                deserialize_with = "scalar",
                serialize_with = "as_text",
                skip_serializing_if = "Option::is_none"
            )]
            #[schemars(with = "Option<String>")]
            secret_num: Option<u64>,
            /// Its state.
            #[serde(skip_serializing_if = "Option::is_none")]
            status: Option<Status>,
            /// Its zones.
            #[serde(skip_serializing_if = "Option::is_none")]
            zone_ids: Option<Vec<String>>,
            /// Its vSwitches.
            #[serde(skip_serializing_if = "Option::is_none")]
            vswitch_ids: Option<Vec<String>>,
            /// Its other networks.
            #[serde(skip_serializing_if = "Option::is_none")]
            bind_vpcs: Option<BoundVpcs>,
        }

        impl KmsInstance {
            fn new(instance_id: &str) -> Self {
                Self {
                    instance_id: InstanceId(instance_id.to_owned()),
                    _arn: IgnoredAny,
                    $($text: None,)*
                    $($time: None,)*
                    $($scalar: None,)*
                    secret_num: None,
                    status: None,
                    zone_ids: None,
                    vswitch_ids: None,
                    bind_vpcs: None,
                }
            }
        }
    };
}

instance! {
    texts {
        instance_name,
        vpc_id,
        ca_certificate_chain_pem,
        charge_type,
        product_type,
        product_version,
        sale_status,
        deletion_protection_description,
    }
    times {
        create_time,
        start_date,
        end_date,
    }
    scalars {
        spec: u64,
        key_num: u64,
        vpc_num: u64,
        log: u64,
        log_storage: u64,
        deletion_protection: bool,
    }
}

/// The state of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum Status {
    /// Not enabled.
    Uninitialized,
    /// Being connected.
    Connecting,
    /// Can be used.
    Connected,
    /// Disconnected.
    Disconnected,
    /// Failed.
    Error,
}

/// A list of networks.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct BoundVpcs {
    /// The networks.
    #[serde(default)]
    bind_vpc: Vec<BoundVpc>,
}

/// A network.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct BoundVpc {
    /// Its region.
    #[serde(skip_serializing_if = "Option::is_none")]
    region_id: Option<String>,
    /// Its vSwitch.
    #[serde(rename = "VSwitchId", skip_serializing_if = "Option::is_none")]
    v_switch_id: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_id: Option<String>,
    /// The account that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_owner_id: Option<String>,
}

/// What an instance can have at most, and how many networks it has.
pub(crate) struct Quotas {
    pub(crate) keys: u64,
    pub(crate) secrets: u64,
    pub(crate) requests_per_second: u64,
    pub(crate) vpcs: u64,
    pub(crate) used_vpcs: u64,
}

impl KmsInstance {
    /// The id.
    pub(crate) fn instance_id(&self) -> &str {
        &self.instance_id.0
    }

    /// The properties of a stored instance.
    pub(crate) fn of(stored: &model::KmsInstance) -> Self {
        serde_json::from_str(&stored.details).unwrap_or_else(|_| Self::new(&stored.instance_id))
    }

    /// The instance to store; one without a creation time was created at `time`.
    pub(crate) fn into_model(
        mut self,
        is_default: bool,
        time: DateTime<Utc>,
    ) -> model::KmsInstance {
        self.create_time.get_or_insert(Time(time.trunc_subsecs(0)));
        model::KmsInstance {
            instance_id: self.instance_id.0.clone(),
            is_default,
            // Cannot fail: texts and numbers only.
            details: serde_json::to_string(&self).unwrap_or_default(),
        }
    }

    /// An instance with default properties to store.
    pub(crate) fn default_model(
        instance_id: &str,
        is_default: bool,
        time: DateTime<Utc>,
    ) -> model::KmsInstance {
        Self::new(instance_id).into_model(is_default, time)
    }

    /// The instance with defaults for the properties that it does not have.
    pub(crate) fn completed(mut self, scope: &Scope, authority: Option<&str>) -> Self {
        let quotas = self.quotas();
        let id = self.instance_id.0.clone();
        let text = |text: &str| Some(text.to_owned());
        self.instance_name = self.instance_name.or(Some(id));
        self.status.get_or_insert(Status::Connected);
        self.start_date = self.start_date.or_else(|| self.create_time.clone());
        self.spec = Some(quotas.requests_per_second);
        self.key_num = Some(quotas.keys);
        self.secret_num = Some(quotas.secrets);
        self.vpc_num = Some(quotas.vpcs);
        self.vpc_id = self.vpc_id.or_else(|| text("vpc-kmsemulator"));
        self.vswitch_ids
            .get_or_insert_with(|| vec!["vsw-kmsemulator".to_owned()]);
        self.zone_ids.get_or_insert_with(|| {
            ["a", "b"]
                .map(|zone| format!("{}-{zone}", scope.region))
                .into()
        });
        self.ca_certificate_chain_pem = self
            .ca_certificate_chain_pem
            .or_else(|| authority.map(str::to_owned));
        self.charge_type = self.charge_type.or_else(|| text("POSTPAY"));
        self.product_type = self.product_type.or_else(|| text("kms_ppi_public_cn"));
        self.product_version = self.product_version.or_else(|| text("3"));
        self.log.get_or_insert(0);
        self.log_storage.get_or_insert(0);
        self.deletion_protection.get_or_insert(false);
        self.bind_vpcs.get_or_insert_default();
        self
    }

    /// Its quotas.
    pub(crate) fn quotas(&self) -> Quotas {
        let bound = self.bind_vpcs.as_ref();
        Quotas {
            keys: self.key_num.unwrap_or(1000),
            secrets: self.secret_num.unwrap_or(1000),
            requests_per_second: self.spec.unwrap_or(1000),
            vpcs: self.vpc_num.unwrap_or(5),
            used_vpcs: bound.map_or(0, |bound| bound.bind_vpc.len() as u64),
        }
    }
}

/// Selects nothing but the number of items.
const COUNT: PageRequest = PageRequest {
    offset: 0,
    limit: 0,
};

impl KmsInstance {
    /// The number of its keys.
    pub(crate) fn count_keys(
        &self,
        store: &ReadTransaction,
        scope: &Scope,
    ) -> Result<u64, StoreError> {
        let of_instance = [KeyCondition::InstanceId(vec![self.instance_id.0.clone()])];
        Ok(store.list_cmks(scope, &of_instance, COUNT)?.total)
    }

    /// The number of its secrets.
    pub(crate) fn count_secrets(
        &self,
        store: &ReadTransaction,
        scope: &Scope,
    ) -> Result<u64, StoreError> {
        let of_instance = SecretQuery {
            conditions: vec![Condition::InstanceId(vec![self.instance_id.0.clone()])],
            parts: Vec::new(),
            order: SortOrder::OldestFirst,
            page: COUNT,
            with_tags: false,
            with_details: false,
        };
        Ok(store.list_secrets(scope, &of_instance)?.total)
    }
}

impl Call<'_> {
    /// The instance with this id.
    ///
    /// # Errors
    ///
    /// `Forbidden.DKMSInstanceNotFound`.
    pub(crate) fn find_instance(
        &self,
        store: &ReadTransaction,
        instance_id: &str,
    ) -> Result<KmsInstance, ApiError> {
        let found = store.kms_instance(&self.scope, instance_id)?;
        Ok(KmsInstance::of(&found.ok_or(&INSTANCE_NOT_FOUND)?))
    }

    /// The instance that stores a new secret or key: the requested one, or the default instance of the account.
    ///
    /// # Errors
    ///
    /// `Forbidden.DKMSInstanceNotFound`, and `Forbidden.DKMSInstanceStateInvalid` if it is not connected.
    pub(crate) fn instance_for_new(
        &self,
        store: &ReadTransaction,
        requested: Option<&str>,
    ) -> Result<Option<KmsInstance>, ApiError> {
        let instance = match requested {
            Some(instance_id) => self.find_instance(store, instance_id)?,
            None => match store.default_kms_instance(&self.scope)? {
                Some(stored) => KmsInstance::of(&stored),
                None => return Ok(None),
            },
        };
        match instance.status {
            None | Some(Status::Connected) => Ok(Some(instance)),
            Some(_) => Err((&INSTANCE_STATE_INVALID).into()),
        }
    }
}

/// A number or boolean, or its text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a number or a boolean")]
enum Scalar {
    Boolean(bool),
    Number(u64),
    Text(String),
}

/// Reads a number or boolean that may be a text, as converters of XML write it, or absent.
fn scalar<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = match Option::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Scalar::Boolean(value)) => value.to_string(),
        Some(Scalar::Number(value)) => value.to_string(),
        Some(Scalar::Text(text)) => text.to_ascii_lowercase(),
    };
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(D::Error::custom)
}

#[expect(clippy::ref_option, reason = "serde passes it")]
fn as_text<S: Serializer>(number: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    number
        .map(|number| number.to_string())
        .serialize(serializer)
}
