/// A dedicated KMS instance of Alibaba Cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsInstance {
    /// Its id, unique in its scope.
    pub instance_id: String,
    /// Whether it stores new secrets and keys that name no instance. At most one instance of a scope does.
    pub is_default: bool,
    /// Its properties, as a JSON object with the member names of the cloud.
    pub details: String,
}
