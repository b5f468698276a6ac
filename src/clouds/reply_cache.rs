//! A cache of serialized replies to reads.
//!
//! Clients read the same page and the same secret many times. A repeated request gets the serialized reply
//! of an earlier one, with its own request id, as long as its scope has the same [`Revision`]. This needs
//! no SQL.
//!
//! The hash of a request selects a slot of a table. A reply is stored when two successive requests of a slot are
//! the same, so a request that is not repeated costs little more than its hash.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use memchr::memmem;
use parking_lot::Mutex;

use crate::model::Scope;
use crate::store::Revision;

/// With the maximum size of a reply and its request, the cache has at most 8 MiB.
const SLOTS: usize = 128;

/// The maximum size of a cached reply with the key of its request, in bytes. A page of 100 secrets has about
/// 20 kB on Alibaba Cloud and 45 kB on Tencent Cloud.
const MAX_BYTES: usize = 64 * 1024;

/// The cached replies. They have secret values, so they have no `Debug`.
pub struct ReplyCache {
    hasher: RandomState,
    slots: Box<[Mutex<Slot>]>,
}

impl Default for ReplyCache {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            slots: (0..SLOTS).map(|_| Mutex::default()).collect(),
        }
    }
}

#[derive(Default)]
struct Slot {
    /// The hash of the last request that was not found.
    last: u64,
    reply: Option<CachedReply>,
}

struct CachedReply {
    key: Box<[u8]>,
    revision: Revision,
    body: Arc<[u8]>,
    /// The position of the request id in the body.
    id_start: usize,
}

/// A request: everything that its reply depends on, apart from the state of its scope and the request id.
pub struct Key {
    bytes: Vec<u8>,
    revision: Revision,
}

impl Key {
    /// The key of a request to an operation, for a state of its scope.
    pub(super) fn new(action: &'static str, scope: &Scope, revision: Revision) -> Self {
        let mut key = Self {
            bytes: Vec::with_capacity(256),
            revision,
        };
        for text in [action, scope.cloud.name(), &scope.account, &scope.region] {
            key.add(text.as_bytes());
        }
        key
    }

    /// Adds a part. Its length is added too, so that different parts make different keys.
    pub(super) fn add(&mut self, part: &[u8]) {
        self.bytes.extend_from_slice(&part.len().to_le_bytes());
        self.bytes.extend_from_slice(part);
    }
}

impl ReplyCache {
    /// The printed reply to a request, with this request id.
    pub(super) fn get(&self, key: &Key, request_id: &str) -> Option<Vec<u8>> {
        let hash = self.hasher.hash_one(&key.bytes);
        let slot = self.slot(hash).lock();
        let reply = slot.reply.as_ref();
        let reply =
            reply.filter(|reply| reply.revision == key.revision && *reply.key == *key.bytes)?;
        let (body, id_start) = (Arc::clone(&reply.body), reply.id_start);
        drop(slot);
        let mut body = body.to_vec();
        body.get_mut(id_start..id_start + request_id.len())?
            .copy_from_slice(request_id.as_bytes());
        Some(body)
    }

    /// Stores the printed reply to a request that was not found, if it is repeated.
    pub(super) fn put(&self, key: Key, body: &[u8], request_id: &str) {
        let hash = self.hasher.hash_one(&key.bytes);
        let mut slot = self.slot(hash).lock();
        let size = body.len().saturating_add(key.bytes.len());
        if std::mem::replace(&mut slot.last, hash) != hash || size > MAX_BYTES {
            return;
        }
        // If the id of the request is also in a name, its position is not known.
        let mut ids = memmem::find_iter(body, request_id);
        if let (Some(id_start), None) = (ids.next(), ids.next()) {
            slot.reply = Some(CachedReply {
                key: key.bytes.into(),
                revision: key.revision,
                body: body.into(),
                id_start,
            });
        }
    }

    fn slot(&self, hash: u64) -> &Mutex<Slot> {
        let index = usize::try_from(hash % SLOTS as u64).unwrap_or_default();
        &self.slots[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;
    use crate::store::Store;

    /// The reply that the cache has after a request with this parameter was answered twice.
    fn cached(parameter: &[u8], body: &[u8]) -> Option<Vec<u8>> {
        let scope = Scope {
            cloud: Cloud::Alibaba,
            account: "1000000000000000".to_owned(),
            region: "cn-hangzhou".to_owned(),
        };
        let revision = Store::in_memory().unwrap().revision(&scope).unwrap();
        let key = || {
            let mut key = Key::new("ListSecrets", &scope, revision);
            key.add(parameter);
            key
        };
        let cache = ReplyCache::default();
        cache.put(key(), body, "id-1");
        cache.put(key(), body, "id-1");
        cache.get(&key(), "id-2")
    }

    #[test]
    fn a_large_request_or_reply_is_not_kept() {
        assert_eq!(cached(b"a", b"(id-1)"), Some(b"(id-2)".to_vec()));
        // Either alone would fit.
        let (parameter, mut body) = (vec![b'a'; MAX_BYTES / 2], vec![b'b'; MAX_BYTES / 2]);
        body[..4].copy_from_slice(b"id-1");
        assert_eq!(cached(&parameter, &body), None);
        assert_eq!(cached(&vec![b'a'; MAX_BYTES], b"id-1"), None);
    }
}
