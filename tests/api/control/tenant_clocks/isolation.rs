//! Clocks that are moved at the same time do not affect each other.

use std::thread;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Tenant, of_account, text};
use crate::control::Controlled;
use crate::support::now;

#[test]
fn many_clocks_are_moved_at_the_same_time() {
    const TENANTS: usize = 16;
    const DAYS: usize = 30;
    let server = Controlled::empty();
    let tenants: Vec<_> = (0..TENANTS).map(|_| Tenant::with_clock(&server)).collect();
    thread::scope(|threads| {
        for tenants in tenants.chunks(TENANTS / 4) {
            threads.spawn(move || {
                for (index, tenant) in tenants.iter().enumerate() {
                    tenant.set("2031-01-01");
                    tenant.create("kept");
                    for days in ["7", "14", "30"] {
                        tenant.create(days);
                        tenant.delete_in(days, days);
                    }
                    let mut time = "2031-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
                    for day in 1..=DAYS {
                        time += TimeDelta::days(1);
                        assert_eq!(tenant.advance("1d")["now"], text(time), "{index}");
                        let left = [7, 14, 30].map(|days| usize::from(day < days));
                        assert_eq!(tenant.names().len(), 1 + left.iter().sum::<usize>());
                    }
                }
            });
        }
        threads.spawn(|| {
            for _ in 0..100 {
                server.ok("POST", "clock/advance", r#"{"by":"1d"}"#);
                server.ok("DELETE", "clock", "");
            }
        });
    });
    for tenant in &tenants {
        assert_eq!(tenant.clock()["now"], "2031-01-31T00:00:00Z");
        assert_eq!(tenant.names(), ["kept"]);
        let secret = tenant.alibaba("DescribeSecret", &[("SecretName", "kept")]);
        assert_eq!(secret["CreateTime"], "2031-01-01T00:00:00Z");
    }
}

/// A change of the clock of an account, or of its secrets.
#[derive(Debug, Clone)]
enum Step {
    Advance(u32),
    Set(u32),
    Freeze,
    Resume,
    Reset,
    Create(u8),
    Delete(u8, u8),
    /// The system clock advances.
    Wait(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let day: u32 = 24 * 60 * 60;
    prop_oneof![
        (0..20 * day).prop_map(Step::Advance),
        (0..60 * day).prop_map(Step::Set),
        Just(Step::Freeze),
        Just(Step::Resume),
        Just(Step::Reset),
        (0..3_u8).prop_map(Step::Create),
        (0..3_u8, 7..=30_u8).prop_map(|(name, days)| Step::Delete(name, days)),
        (0..5 * day).prop_map(Step::Wait),
    ]
}

/// The expected state of an account.
#[derive(Debug, Clone, PartialEq)]
struct Expected {
    ahead: TimeDelta,
    frozen_at: Option<DateTime<Utc>>,
    /// Names with the times of creation and of the planned deletion.
    secrets: Vec<(String, DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl Expected {
    fn now(&self, machine: DateTime<Utc>) -> DateTime<Utc> {
        self.frozen_at.unwrap_or(machine + self.ahead)
    }

    fn move_to(&mut self, now: DateTime<Utc>, machine: DateTime<Utc>) {
        match &mut self.frozen_at {
            Some(at) => *at = now,
            None => self.ahead = now - machine,
        }
    }

    fn delete_due(&mut self, machine: DateTime<Utc>) {
        let now = self.now(machine);
        self.secrets
            .retain(|(.., planned)| planned.is_none_or(|planned| planned > now));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn changes_of_one_account_never_change_times_or_secrets_of_another(
        steps in vec((0..3_usize, step()), 1..40)
    ) {
        let server = Controlled::empty();
        let tenants = [(); 2].map(|()| Tenant::with_clock(&server));
        let accounts = [None, Some(&*tenants[0].account), Some(&*tenants[1].account)];
        let start = Expected { ahead: TimeDelta::zero(), frozen_at: None, secrets: Vec::new() };
        let mut expected = [start.clone(), start.clone(), start];
        let mut machine = now();
        for (index, step) in steps {
            let account = accounts[index];
            let of = &mut expected[index];
            let path = |path: &str| match account {
                None => path.to_owned(),
                Some(account) => format!("{path}?account={account}"),
            };
            match step {
                Step::Advance(seconds) => {
                    let to = of.now(machine) + TimeDelta::seconds(seconds.into());
                    of.move_to(to, machine);
                    let body = format!(r#"{{"by":"{seconds}s"}}"#);
                    server.ok("POST", &path("clock/advance"), &body);
                }
                Step::Set(seconds) => {
                    let to = now() + TimeDelta::seconds(seconds.into());
                    of.move_to(to, machine);
                    let body = json!({"now": text(to)}).to_string();
                    server.ok("PUT", &path("clock"), &body);
                }
                Step::Freeze => {
                    of.frozen_at = Some(of.now(machine));
                    server.ok("POST", &path("clock/freeze"), "");
                }
                Step::Resume => {
                    of.ahead = of.now(machine) - machine;
                    of.frozen_at = None;
                    server.ok("POST", &path("clock/resume"), "");
                }
                Step::Reset => {
                    of.ahead = TimeDelta::zero();
                    of.frozen_at = None;
                    server.ok("DELETE", &path("clock"), "");
                }
                Step::Create(name) => {
                    let name = name.to_string();
                    let parameters =
                        [("SecretName", &*name), ("VersionId", "v1"), ("SecretData", "x")];
                    let reply = of_account(account, "CreateSecret", &parameters).ask(&server.emulator);
                    let is_new = of.secrets.iter().all(|(known, ..)| *known != name);
                    prop_assert_eq!(reply.status == 200, is_new);
                    if is_new {
                        of.secrets.push((name, of.now(machine), None));
                    }
                }
                Step::Delete(name, days) => {
                    let (name, window) = (name.to_string(), days.to_string());
                    let parameters = [("SecretName", &*name), ("RecoveryWindowInDays", &*window)];
                    let reply = of_account(account, "DeleteSecret", &parameters).ask(&server.emulator);
                    let planned = of.now(machine) + TimeDelta::days(days.into());
                    let mut known = of.secrets.iter_mut();
                    let known = known.find(|(known, ..)| *known == name);
                    if reply.status == 200 {
                        known.expect("a deleted secret is known").2 = Some(planned);
                    }
                }
                Step::Wait(seconds) => {
                    machine += TimeDelta::seconds(seconds.into());
                    server.clock.set(machine);
                }
            }
            for (account, of) in accounts.into_iter().zip(&mut expected) {
                of.delete_due(machine);
                let path = account.map_or("clock".to_owned(), |account| format!("clock?account={account}"));
                let clock = server.ok("GET", &path, "");
                prop_assert_eq!(&clock["now"], &json!(text(of.now(machine))));
                prop_assert_eq!(&clock["frozen"], &json!(of.frozen_at.is_some()));
                let reply = of_account(account, "ListSecrets", &[("PageSize", "100")]).ask(&server.emulator);
                let list: Value = serde_json::from_slice(&reply.body).unwrap();
                let listed = list["SecretList"]["Secret"].as_array().unwrap().iter();
                let mut listed: Vec<_> = listed
                    .map(|secret| {
                        let time = |name: &str| Some(secret[name].as_str()?.parse().unwrap());
                        let name = secret["SecretName"].as_str().unwrap().to_owned();
                        (name, time("CreateTime").unwrap(), time("PlannedDeleteTime"))
                    })
                    .collect();
                listed.sort();
                let mut known = of.secrets.clone();
                known.sort();
                prop_assert_eq!(listed, known);
            }
        }
        prop_assert_eq!(machine.trunc_subsecs(0), server.emulator.clock.system_now());
    }
}
