//! The whole program as one value: takes a request, gives a reply.

use std::time::Instant;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::clock::Clock;
use crate::context::{Auth, Context};
use crate::ids::RequestIds;
use crate::model::Cloud;
use crate::rate_limit::RateLimiter;
use crate::store::{DueWork, ScopeCount, Store, StoreError};
use crate::wire::{WireReply, WireRequest};
use crate::{alibaba, tencent};

/// An emulator.
pub struct Emulator {
    /// The secrets.
    pub store: Store,
    /// The time of day.
    pub clock: Box<dyn Clock>,
    /// Where request ids come from.
    pub request_ids: RequestIds,
    /// Who may sign.
    pub auth: Auth,
    /// The region of a request to the first face that names none.
    pub default_region: String,
    /// What can be set of the second face.
    pub tencent: tencent::Settings,
    /// Counts requests, where only so many are answered.
    pub rate_limiter: Option<RateLimiter>,
}

impl Emulator {
    /// Whether the answer to this request may have to wait for the disk or for other writers.
    #[must_use]
    pub fn may_wait(&self, wire: &WireRequest) -> bool {
        let may_write = match face_of(wire) {
            Cloud::Alibaba => alibaba::may_write(wire),
            Cloud::Tencent => tencent::may_write(wire),
        };
        may_write || self.store.has_due(self.clock.now())
    }

    /// Answers a request. Blocks for as long as the store takes: microseconds, unless it
    /// [may wait](Self::may_wait).
    #[must_use]
    pub fn handle(&self, wire: &WireRequest) -> WireReply {
        let started = Instant::now();
        let request_id = self.request_ids.next();
        let now = self.clock.now();
        // What time has caused is done before anybody can see that it was not.
        if self.store.has_due(now)
            && let Err(error) = self.settle(now)
        {
            tracing::error!(%error, "what was due could not be done");
        }
        if wire.path == "/_emulator/health" {
            return self.health();
        }
        let context = Context {
            store: &self.store,
            auth: &self.auth,
            default_region: &self.default_region,
            tencent: &self.tencent,
            rate_limiter: self.rate_limiter.as_ref(),
            now,
            request_id: &request_id,
        };
        let cloud = face_of(wire);
        let (reply, outcome) = match cloud {
            Cloud::Alibaba => alibaba::handle(wire, &context),
            Cloud::Tencent => tencent::handle(wire, &context),
        };
        tracing::info!(
            cloud = cloud.name(),
            action = outcome.action.unwrap_or("-"),
            status = reply.status,
            code = outcome.code,
            request_id,
            duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            "request"
        );
        reply
    }

    /// Does all that is due, in the order of its times.
    fn settle(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.write(|store| {
            while let Some(due) = store.due(now)? {
                match due.work {
                    DueWork::Deletion => store.remove_secret(due.id, &due.secret)?,
                    // The other cloud plans no rotations.
                    DueWork::Rotation => alibaba::rotate_overdue(store, &due, now)?,
                }
            }
            Ok(())
        })
    }

    /// Says that the emulator is up, which version it is and what it holds.
    fn health(&self) -> WireReply {
        let counts = self.store.read(|store| store.count_secrets());
        let (status, body) = match counts {
            Ok(scopes) => {
                let secrets = scopes.into_iter().map(ScopeHealth::from).collect();
                let health = Health {
                    status: "ok",
                    version: env!("CARGO_PKG_VERSION"),
                    secrets,
                };
                (200, serde_json::to_vec(&health).unwrap_or_default())
            }
            Err(error) => {
                tracing::error!(%error, "health check failed");
                (503, br#"{"status":"failed"}"#.to_vec())
            }
        };
        WireReply {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body,
        }
    }
}

/// The cloud whose face a request is for. Who speaks neither language is answered in the first.
fn face_of(wire: &WireRequest) -> Cloud {
    if tencent::speaks(wire) {
        Cloud::Tencent
    } else {
        Cloud::Alibaba
    }
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    secrets: Vec<ScopeHealth>,
}

#[derive(Serialize)]
struct ScopeHealth {
    cloud: String,
    account: String,
    region: String,
    count: u64,
}

impl From<ScopeCount> for ScopeHealth {
    fn from(scope: ScopeCount) -> Self {
        Self {
            cloud: scope.cloud,
            account: scope.account,
            region: scope.region,
            count: scope.secrets,
        }
    }
}
