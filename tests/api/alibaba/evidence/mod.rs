//! Rules that the vendor's pages, its SDKs and recorded replies agree on. Each test names its source:
//! D is a page of the vendor, S is code of the vendor or of an SDK, R is a recorded reply.

mod errors;
mod filters;
mod managed;
mod policies;

use kms_emulator::clouds::context::AuthMode::{Lenient, Off, Strict};
use serde_json::{Value, json};

use crate::alibaba::session::Session;
use crate::support::{NOW, TestRequest, emulator, hint_of};

const S: (&str, &str) = ("SecretName", "s");

const INVALID: &str = "400 InvalidParameter";

/// D: the pages of these operations, 2026-01: "the name or ARN of the secret".
#[test]
fn operations_on_a_secret_accept_its_name_or_its_arn() {
    const OWN: &str = "acs:kms:cn-hangzhou:1000000000000000:secret/s";
    let operations: [(&str, &[(&str, &str)]); 6] = [
        ("DescribeSecret", &[]),
        ("UpdateSecret", &[("Description", "new")]),
        (
            "UpdateSecretRotationPolicy",
            &[
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "7d"),
            ],
        ),
        ("RotateSecret", &[("VersionId", "v2")]),
        ("DeleteSecret", &[("RecoveryWindowInDays", "7")]),
        ("RestoreSecret", &[]),
    ];
    let session = Session::new();
    session.create_rds("s", &[]);
    let ask = |action: &str, arn: &str, more: &[(&str, &str)]| {
        let mut parameters = vec![("SecretName", arn)];
        parameters.extend(more);
        session.call(action, &parameters)
    };
    for (action, more) in operations {
        for elsewhere in [
            "acs:kms:cn-beijing:1000000000000000:secret/s",
            "acs:kms:cn-hangzhou:2000000000000000:secret/s",
            "acs:kms:cn-hangzhou:1000000000000000:secret/other",
        ] {
            let (status, reply) = ask(action, elsewhere, more);
            assert_eq!(
                (status, &reply["Code"]),
                (404, &json!("Forbidden.ResourceNotFound")),
                "{action} {elsewhere}"
            );
        }
        for malformed in ["acs:kms:cn-hangzhou", "acs:kms:a:b:key/s"] {
            let (status, reply) = ask(action, malformed, more);
            assert_eq!(
                (status, &reply["Code"]),
                (400, &json!("InvalidParameter")),
                "{action} {malformed}"
            );
        }
        let (status, reply) = ask(action, OWN, more);
        assert_eq!(status, 200, "{action}: {reply}");
        assert_eq!(reply["SecretName"], "s", "{action}");
    }
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(described["Description"], "new");
    assert_eq!(described["AutomaticRotation"], "Enabled");
    assert_eq!(session.versions("s").len(), 2, "rotated");
}

/// S: JavaScript's `toISOString` has milliseconds, the Rust crate `aliyun-openapi-core-rust-sdk` 1.1
/// nanoseconds; R: other products accept both.
#[test]
fn time_stamps_may_have_fractions_and_a_utc_offset() {
    let list = || TestRequest::get("Action=ListSecrets&Version=2016-01-20");
    let acs_list = || {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request
    };
    let codes = |time: &str| {
        [
            list().sign_v1("test", &[("Timestamp", time)]),
            acs_list().sign_acs3("test", "test", time, "n"),
        ]
        .map(|request| request.verdict(&emulator(Strict)).1)
    };
    for time in [
        NOW,
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.678+00:00",
        "2026-01-02T03:04:05+00:00",
    ] {
        assert_eq!(codes(time), ["OK", "OK"], "{time}");
    }
    for stale in ["2026-01-02T02:40:05.678Z", "2026-01-02T03:30:05.123456789Z"] {
        assert_eq!(
            codes(stale),
            ["IllegalTimestamp", "InvalidTimeStamp.Expired"],
            "{stale}"
        );
    }
    for malformed in [
        "2026-01-02T11:04:05.678+08:00",
        "2026-01-02 03:04:05Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05",
        "2026-01-02",
    ] {
        assert_eq!(
            codes(malformed),
            ["IllegalTimestamp", "InvalidTimeStamp.Format"],
            "{malformed}"
        );
    }
}

/// I: a key id with white space around it is the id of no key.
#[test]
fn an_access_key_id_with_white_space_around_it_is_rejected_with_an_explanation() {
    let acs = |id: &str| {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request.sign_acs3(id, "test", NOW, "n")
    };
    let v1 =
        |id: &str| TestRequest::get("Action=ListSecrets").sign_v1("test", &[("AccessKeyId", id)]);
    for (id, request) in [
        (" test", acs(" test")),
        ("test ", acs("test ")),
        ("test\t", acs("test\t")),
        (" test", v1(" test")),
        ("test ", v1("test ")),
        ("test\n", v1("test\n")),
        ("\r\ntest", v1("\r\ntest")),
        ("test\u{a0}", v1("test\u{a0}")),
        ("unknown ", v1("unknown ")),
    ] {
        for mode in [Lenient, Strict] {
            let reply = request.ask(&emulator(mode));
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(
                (reply.status, &body["Code"]),
                (404, &json!("InvalidAccessKeyId.NotFound")),
                "{id:?} {mode:?}"
            );
            assert_eq!(
                hint_of(&reply).as_deref(),
                Some("the AccessKey ID has white space before or after it"),
                "{id:?} {mode:?}"
            );
        }
        assert_eq!(request.verdict(&emulator(Off)).1, "OK", "{id:?}");
    }
}
