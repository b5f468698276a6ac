//! The policies that are attached to access keys, roles and accounts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use serde_json::Value;

use super::document::Policy;
use super::request_context::Caller;
use crate::model::Cloud;

/// The maximum number of policies: each request is compared with all of them.
pub const MAX_POLICIES: usize = 64;

/// A caller or a group of callers that a policy is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// An access key, by its id.
    AccessKey(String),
    /// The sessions of a role, by the resource name of the role.
    Role(String),
    /// All access keys and roles of an account.
    Account(String),
}

impl Target {
    /// The id of the access key.
    #[must_use]
    pub fn access_key_id(&self) -> Option<&String> {
        match self {
            Self::AccessKey(id) => Some(id),
            Self::Role(_) | Self::Account(_) => None,
        }
    }

    /// The resource name of the role.
    #[must_use]
    pub fn role(&self) -> Option<&String> {
        match self {
            Self::Role(role) => Some(role),
            Self::AccessKey(_) | Self::Account(_) => None,
        }
    }

    /// The number of the account.
    #[must_use]
    pub fn account(&self) -> Option<&String> {
        match self {
            Self::Account(account) => Some(account),
            Self::AccessKey(_) | Self::Role(_) => None,
        }
    }

    fn is(&self, caller: &Caller) -> bool {
        match self {
            Self::AccessKey(id) => caller.access_key_id == Some(id),
            Self::Role(role) => caller.role == Some(role),
            Self::Account(account) => caller.account == account,
        }
    }
}

/// A policy with the callers that it is attached to.
#[derive(Debug)]
pub struct Attachment {
    /// The id of the policy.
    pub id: u64,
    /// The name that the journal shows.
    pub name: String,
    /// The callers.
    pub targets: Vec<Target>,
    /// The policy.
    pub policy: Policy,
    /// The document, as it was sent.
    pub document: Value,
}

/// The policies of a server.
#[derive(Debug, Default)]
pub struct Policies {
    /// Whether a policy is attached.
    any_attached: AtomicBool,
    /// Whether a temporary key with a session policy was ever issued.
    any_session: AtomicBool,
    attached: ArcSwap<Vec<Arc<Attachment>>>,
    /// The number of policies ever attached. Locked while policies change.
    added: Mutex<u64>,
}

impl Policies {
    /// Attaches a policy, and returns it; absent if [`MAX_POLICIES`] are attached. The default name is `policy-ID`.
    pub fn attach(
        &self,
        name: Option<String>,
        targets: Vec<Target>,
        policy: Policy,
        document: Value,
    ) -> Option<Arc<Attachment>> {
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::clone(&self.attached.load());
        if all.len() >= MAX_POLICIES {
            return None;
        }
        *added += 1;
        let attachment = Arc::new(Attachment {
            id: *added,
            name: name.unwrap_or_else(|| format!("policy-{added}")),
            targets,
            policy,
            document,
        });
        all.push(Arc::clone(&attachment));
        self.attached.store(Arc::new(all));
        self.any_attached.store(true, Ordering::SeqCst);
        Some(attachment)
    }

    /// Records that a temporary key with a session policy is issued.
    pub(crate) fn note_session_policy(&self) {
        self.any_session.store(true, Ordering::SeqCst);
    }

    /// The policies, in the order in which they were attached.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Attachment>> {
        Vec::clone(&self.attached.load())
    }

    /// Removes the policies that `is_removed` selects, and returns them.
    pub fn remove(&self, is_removed: impl Fn(&Attachment) -> bool) -> Vec<Arc<Attachment>> {
        let _changing = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::clone(&self.attached.load());
        let removed = all
            .extract_if(.., |attached| is_removed(attached))
            .collect();
        self.any_attached.store(!all.is_empty(), Ordering::SeqCst);
        self.attached.store(Arc::new(all));
        removed
    }

    /// Removes the policies that are attached only to an account, its roles and its access keys, which `is_key`
    /// recognizes.
    pub(crate) fn remove_account(&self, account: &str, is_key: impl Fn(&str) -> bool) {
        let is_of_account = |target: &Target| match target {
            Target::AccessKey(id) => is_key(id),
            Target::Role(role) => role.split([':', '/']).any(|part| part == account),
            Target::Account(number) => number == account,
        };
        self.remove(|attached| attached.targets.iter().all(is_of_account));
    }

    /// Whether no request needs a permission, because there are no policies.
    #[must_use]
    pub fn are_off(&self) -> bool {
        !self.any_attached.load(Ordering::Relaxed) && !self.any_session.load(Ordering::Relaxed)
    }

    /// The policies of a caller on a cloud.
    pub(crate) fn of(&self, cloud: Cloud, caller: &Caller) -> Vec<Arc<Attachment>> {
        let attached = self.attached.load();
        let of_caller = attached.iter().filter(|attached| {
            let mut targets = attached.targets.iter();
            attached.policy.cloud == cloud && targets.any(|target| target.is(caller))
        });
        of_caller.cloned().collect()
    }
}
