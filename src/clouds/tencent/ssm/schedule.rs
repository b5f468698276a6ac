//! When secrets of cloud products are rotated, and when tasks end.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};

use super::details::Details;
use crate::clouds::digest;
use crate::model::{Scope, State};

/// How long a task runs, by the clock of its account.
pub(super) const TASK_DURATION: TimeDelta = TimeDelta::seconds(2);

/// The format of times in texts.
const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// The time zone of times in texts, that of Beijing.
const ZONE: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("less than a day");

/// A time as text, in Beijing time.
pub(super) fn beijing_time(time: DateTime<Utc>) -> String {
    time.with_timezone(&ZONE).format(FORMAT).to_string()
}

/// Unix seconds as text; empty for 0.
pub(super) fn beijing_time_of_seconds(seconds: u64) -> String {
    time_of(seconds).map(beijing_time).unwrap_or_default()
}

/// Parses a text in Beijing time. Times before 1970 and after 9998 are not valid.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, FORMAT).ok()?;
    let time = local.and_local_timezone(ZONE).single()?.to_utc();
    let is_exact = beijing_time(time) == text;
    let years = DateTime::UNIX_EPOCH.timestamp()..LATEST;
    (is_exact && years.contains(&time.timestamp())).then_some(time)
}

/// The end of the year 9998, at which clocks end, in Unix seconds.
const LATEST: i64 = 253_370_764_800;

fn time_of(seconds: u64) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0)
}

/// The part of a version id for a time.
pub(super) fn digits(time: DateTime<Utc>) -> String {
    time.with_timezone(&ZONE).format("%Y%m%d%H%M%S").to_string()
}

impl Details {
    /// When the next work is due: the end of a task, or an automatic rotation, which only enabled secrets have.
    pub(super) fn due_at(&self, state: State) -> Option<DateTime<Utc>> {
        let task = self
            .task
            .and_then(|task| DateTime::from_timestamp(task.end, 0));
        let rotation = self
            .next_rotation()
            .filter(|_| matches!(state, State::Enabled));
        task.into_iter().chain(rotation).min()
    }

    /// The next automatic rotation, if automatic rotation is on.
    pub(super) fn next_rotation(&self) -> Option<DateTime<Utc>> {
        let is_on = self.rotation_status != 0 && self.rotation_frequency > 0;
        time_of(self.next_rotation_time).filter(|_| is_on)
    }

    /// Sets the next automatic rotation to the first planned one that is not before `now`, counted from `begin`.
    pub(super) fn plan_rotations(&mut self, begin: DateTime<Utc>, now: DateTime<Utc>) {
        let period = self.period();
        let late = (now - begin).num_seconds().max(0);
        let periods = late.div_euclid(period) + i64::from(late.rem_euclid(period) > 0);
        self.next_rotation_time = seconds(begin.timestamp() + periods * period);
    }

    /// Skips the automatic rotations that a disabled secret has missed.
    pub(super) fn skip_missed_rotations(&mut self, now: DateTime<Utc>) {
        if let Some(next) = self.next_rotation() {
            self.plan_rotations(next, now);
        }
    }

    /// The seconds from one automatic rotation to the next.
    pub(super) fn period(&self) -> i64 {
        const DAY: i64 = 24 * 3600;
        // Fixtures can have any number. The longest is longer than the clock runs.
        self.rotation_frequency.clamp(1, 3_650_000) * DAY
    }
}

/// Seconds for the members of a reply.
pub(super) fn seconds(timestamp: i64) -> u64 {
    u64::try_from(timestamp).unwrap_or_default()
}

/// The bits of a task id that depend on its scope, and on the name of its secret, so that tasks that end at the same time
/// have different ids. With the time of its end, a task id is below 2^53, so that JavaScript reads it exactly.
const SCOPE_BITS: u32 = 7;
const NAME_BITS: u32 = 8;

/// No task ends before 1971, so that small ids, which programs use for a task that does not exist, are never found.
const EARLIEST_END: i64 = 365 * 24 * 60 * 60;

/// The id of a task. It contains the end of the task, so that there is no table of tasks to copy into snapshots,
/// and to clean up.
pub(super) fn task_id(scope: &Scope, secret: &str, end: DateTime<Utc>) -> i64 {
    let name = bits(secret, NAME_BITS);
    (end.timestamp() << NAME_BITS | name) << SCOPE_BITS | scope_bits(scope)
}

/// The end of the task with this id; absent if the scope has no such task.
pub(super) fn end_of_task(scope: &Scope, id: i64) -> Option<DateTime<Utc>> {
    let is_of_scope = id & ((1 << SCOPE_BITS) - 1) == scope_bits(scope);
    let end = id >> (SCOPE_BITS + NAME_BITS);
    if !is_of_scope || end < EARLIEST_END {
        return None;
    }
    DateTime::from_timestamp(end, 0)
}

fn scope_bits(scope: &Scope) -> i64 {
    let Scope {
        account, region, ..
    } = scope;
    bits(&format!("{account}/{region}"), SCOPE_BITS)
}

/// The first bits of the digest of a text, at most 8.
fn bits(text: &str, count: u32) -> i64 {
    i64::from(digest::sha256(text.as_bytes())[0] >> (8 - count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn texts_have_beijing_time() {
        // A secret in the vendor's examples was created at 1730278717, on an afternoon in Beijing.
        assert_eq!(
            beijing_time_of_seconds(1_730_278_717),
            "2024-10-30 16:58:37"
        );
        assert_eq!(beijing_time_of_seconds(0), "");
        assert_eq!(
            parse("2024-10-31 11:11:00"),
            Some(time("2024-10-31T03:11:00Z"))
        );
        for wrong in [
            "",
            "2024-10-31",
            "2024-10-31T11:11:00",
            "2024-10-31 11:11:0",
            "2024-10-31 11:11:00 ",
            "2024-13-31 11:11:00",
            "1969-10-31 11:11:00",
            "9999-10-31 11:11:00",
            "+2024-10-31 11:11:00",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_next_rotation_is_a_whole_number_of_periods_after_the_begin() {
        let begin = time("2026-01-01T00:00:00Z");
        for (now, next) in [
            ("2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T00:00:01Z", "2026-01-31T00:00:00Z"),
            ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        ] {
            let mut details = Details {
                rotation_status: 1,
                rotation_frequency: 30,
                ..Details::default()
            };
            details.plan_rotations(begin, time(now));
            assert_eq!(details.next_rotation(), Some(time(next)), "{now}");
        }
    }

    #[test]
    fn a_task_id_belongs_to_one_scope_and_is_exact_in_javascript() {
        let scope = |account: &str| Scope {
            cloud: Cloud::Tencent,
            account: account.to_owned(),
            region: "ap-guangzhou".to_owned(),
        };
        let (own, other) = (scope("1000000000000000"), scope("2000000000000000"));
        let end = time("2026-01-02T03:04:05Z");
        let id = task_id(&own, "s", end);
        assert_eq!(end_of_task(&own, id), Some(end));
        assert_ne!(task_id(&own, "other", end), id);
        assert_eq!(end_of_task(&other, id), None);
        for wrong in [id + 1, -id, i64::MAX, i64::MIN] {
            assert_eq!(end_of_task(&own, wrong), None, "{wrong}");
        }
        // Every scope is that of one of 128 successive ids.
        for small in (-1_000..1_000).chain(99_999_999..100_000_200) {
            assert_eq!(end_of_task(&own, small), None, "{small}");
        }
        assert!(task_id(&own, "s", time("9998-12-31T23:59:59Z")) < 1 << 53);
    }
}
