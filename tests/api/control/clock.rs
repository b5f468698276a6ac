use chrono::TimeDelta;
use kms_emulator::emulator::clock::Clock;
use serde_json::json;

use super::{Controlled, alibaba};
use crate::support::now;

#[test]
fn clock_is_read_stopped_set_advanced_and_started() {
    let server = Controlled::empty();
    let clock = |method, path, body: &str| {
        let clock = server.ok(method, path, body);
        (
            clock["now"].as_str().unwrap().to_owned(),
            clock["frozen"].as_bool().unwrap(),
            clock["ahead_seconds"].as_f64().unwrap(),
        )
    };
    let shows = |now: &str, frozen, ahead: i32| (now.to_owned(), frozen, f64::from(ahead));
    assert_eq!(
        clock("GET", "clock", ""),
        shows("2026-01-02T03:04:05Z", false, 0)
    );
    assert_eq!(
        clock("POST", "clock/freeze", ""),
        shows("2026-01-02T03:04:05Z", true, 0)
    );
    server.clock.set(now() + TimeDelta::seconds(10));
    assert_eq!(
        clock("GET", "clock", ""),
        shows("2026-01-02T03:04:05Z", true, -10)
    );
    assert_eq!(
        clock("POST", "clock/advance", r#"{"by":"1d 2h"}"#),
        shows("2026-01-03T05:04:05Z", true, 93_590)
    );
    assert_eq!(
        clock("POST", "clock/resume", ""),
        shows("2026-01-03T05:04:05Z", false, 93_590)
    );
    server.clock.set(now() + TimeDelta::seconds(11));
    assert_eq!(
        clock("GET", "clock", ""),
        shows("2026-01-03T05:04:06Z", false, 93_590)
    );
    assert_eq!(
        clock(
            "PUT",
            "clock",
            r#"{"now":"2030-05-06T07:08:09+08:00","frozen":true}"#
        )
        .0,
        "2030-05-05T23:08:09Z"
    );
    assert_eq!(
        clock("DELETE", "clock", ""),
        shows("2026-01-02T03:04:16Z", false, 0)
    );
    assert_eq!(
        server.error("PUT", "clock", r#"{"now":"1969-01-01T00:00:00Z"}"#),
        (409, "ClockOutOfRange".into(), "body.now".into())
    );
}

#[test]
fn clock_accepts_a_date_and_an_error_lists_the_formats() {
    let server = Controlled::empty();
    for (given, shown) in [
        ("2030-01-01", "2030-01-01T00:00:00Z"),
        ("2028-02-29", "2028-02-29T00:00:00Z"),
        ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T08:00:00+08:00", "2030-01-01T00:00:00Z"),
    ] {
        let body = json!({"now": given, "frozen": true}).to_string();
        assert_eq!(server.ok("PUT", "clock", &body)["now"], shown, "{given}");
    }
    for given in [
        json!("yesterday"),
        json!("2030-01-01T00:00:00"),
        json!("2030-1-32"),
        json!("01.01.2030"),
        json!(""),
        json!(1_893_456_000),
        json!(null),
    ] {
        let (status, answer) = server.ask("PUT", "clock", &json!({"now": given}).to_string());
        assert_eq!((status, &answer["code"]), (400, &json!("InvalidBody")));
        assert_eq!(answer["place"], "body.now", "{given}");
        let message = answer["message"].as_str().unwrap();
        for form in [
            "2030-01-01T00:00:00Z",
            "2030-01-01T08:00:00+08:00",
            "2030-01-01 for midnight UTC",
        ] {
            assert!(message.contains(form), "{given}: {message}");
        }
    }
}

#[test]
fn nonce_stays_invalid_after_the_clock_is_set_back() {
    use kms_emulator::clouds::context::AuthMode;
    let clock = std::sync::Arc::new(kms_emulator::emulator::clock::FixedClock::new(now()));
    let store = kms_emulator::store::Store::in_memory().unwrap();
    let server = Controlled::with(crate::support::emulator_on(store, clock, AuthMode::Strict));
    let signed = |nonce: &str, time: &str| {
        let parameters = [("SignatureNonce", nonce), ("Timestamp", time)];
        let request = alibaba("ListSecrets", &[]).sign_v1("test", &parameters);
        request.verdict(&server.emulator).1
    };
    let (then, next_day) = ("2026-01-02T03:04:05Z", "2026-01-03T03:04:05Z");
    assert_eq!(signed("a", then), "OK");
    server.ok("POST", "clock/advance", r#"{"by":"1d"}"#);
    assert_eq!(signed("b", next_day), "OK");
    server.ok("PUT", "clock", &json!({"now": then}).to_string());
    assert_eq!(signed("a", then), "SignatureNonceUsed");
    assert_eq!(signed("c", then), "OK");
}

#[test]
fn creation_times_follow_the_clock() {
    let server = Controlled::empty();
    server.ok("PUT", "clock", r#"{"now":"2031-01-01T00:00:00Z"}"#);
    server.create("a");
    let (_, secret) = server.alibaba("DescribeSecret", &[("SecretName", "a")]);
    assert_eq!(secret["CreateTime"], "2031-01-01T00:00:00Z");
    server.tencent(
        "CreateSecret",
        &json!({"SecretName": "a", "SecretString": "x"}),
    );
    let secret = server.tencent("DescribeSecret", &json!({"SecretName": "a"}));
    assert_eq!(secret["CreateTime"], 1_924_992_000);
}

#[test]
fn planned_deletions_are_done_before_the_reply() {
    let server = Controlled::empty();
    for (name, days) in [("week", "7"), ("month", "30"), ("kept", "")] {
        server.create(name);
        if !days.is_empty() {
            let parameters = [("SecretName", name), ("RecoveryWindowInDays", days)];
            assert_eq!(server.alibaba("DeleteSecret", &parameters).0, 200);
        }
    }
    let held = || server.ok("GET", "ready", "")["scopes"][0]["secrets"].clone();
    server.ok("POST", "clock/advance", r#"{"by":"6d 23h"}"#);
    assert_eq!(held(), 3);
    server.ok("POST", "clock/advance", r#"{"by":"1h"}"#);
    assert_eq!(held(), 2);
    server.ok("POST", "clock/advance", r#"{"by":"23d"}"#);
    assert_eq!(server.names(None), ["kept"]);
}

#[test]
fn overdue_work_is_done_in_order_of_time() {
    let server = Controlled::empty();
    server.create_rds("rds");
    server.ok("POST", "clock/advance", r#"{"by":"15d"}"#);
    let (_, secret) = server.alibaba("DescribeSecret", &[("SecretName", "rds")]);
    // The secret was rotated one and two weeks after its creation, not when the clock was moved.
    assert_eq!(secret["LastRotationDate"], "2026-01-16T03:04:05Z");
    assert_eq!(secret["NextRotationDate"], "2026-01-23T03:04:05Z");
    let (_, versions) = server.alibaba(
        "ListSecretVersionIds",
        &[("SecretName", "rds"), ("IncludeDeprecated", "true")],
    );
    let times: Vec<_> = versions["VersionIds"]["VersionId"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["CreateTime"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        times,
        [
            "2026-01-02T03:04:05Z",
            "2026-01-09T03:04:05Z",
            "2026-01-16T03:04:05Z"
        ]
    );
}

#[test]
fn signature_skew_and_nonces_follow_the_clock() {
    use kms_emulator::clouds::context::AuthMode;
    let server = Controlled::with(crate::support::emulator(AuthMode::Strict));
    let signed = |nonce: &str, time: &str| {
        let parameters = [("SignatureNonce", nonce), ("Timestamp", time)];
        let request = alibaba("ListSecrets", &[]).sign_v1("test", &parameters);
        request.verdict(&server.emulator)
    };
    let (then, soon) = ("2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z");
    assert_eq!(signed("a", then).1, "OK");
    assert_eq!(signed("a", then).1, "SignatureNonceUsed");
    assert_eq!(signed("b", soon).1, "IllegalTimestamp");
    server.ok("POST", "clock/advance", r#"{"by":"1h"}"#);
    assert_eq!(signed("c", then).1, "IllegalTimestamp");
    // A nonce can be used again after half an hour.
    assert_eq!(signed("a", soon).1, "OK");
    assert_eq!(
        server.emulator.clock.now().to_rfc3339(),
        "2026-01-02T04:04:05+00:00"
    );
}

#[test]
fn times_at_the_end_of_the_range_can_be_printed() {
    let server = Controlled::empty();
    assert_eq!(
        server
            .error("PUT", "clock", r#"{"now":"9999-01-01T00:00:00Z"}"#)
            .1,
        "ClockOutOfRange"
    );
    server.ok("PUT", "clock", r#"{"now":"9998-12-31T23:59:59Z"}"#);
    assert_eq!(
        server.error("POST", "clock/advance", r#"{"by":"1s"}"#),
        (409, "ClockOutOfRange".into(), "body.by".into())
    );
    server.create("a");
    server.alibaba(
        "DeleteSecret",
        &[("SecretName", "a"), ("RecoveryWindowInDays", "30")],
    );
    let export = server.raw("GET", "state", "");
    let text = std::str::from_utf8(&export.body).unwrap();
    assert!(
        text.contains(r#""PlannedDeleteTime": "9999-01-30T23:59:59Z""#),
        "{text}"
    );
    Controlled::empty().ok("POST", "state", text);
}

#[test]
fn advancing_by_zero_does_not_change_the_clock() {
    let server = Controlled::with(crate::support::emulator_on(
        kms_emulator::store::Store::in_memory().unwrap(),
        kms_emulator::emulator::clock::SystemClock,
        kms_emulator::clouds::context::AuthMode::Lenient,
    ));
    let clock = server.ok("POST", "clock/advance", r#"{"by":"0s"}"#);
    assert_eq!(clock["ahead_seconds"], 0.0);
    assert!(!server.emulator.clock.is_adjusted());
}
