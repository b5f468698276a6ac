//! Requests that are signed with temporary keys.

use std::sync::Arc;

use chrono::TimeDelta;
use kms_emulator::clouds::auth::issued::{IssuedKey, Principal};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::model::Cloud;
use kms_emulator::store::Store;
use serde_json::Value;

use crate::control::Controlled;
use crate::support::{ACCOUNT, TestRequest, emulator, emulator_on, now};

const OTHER_ACCOUNT: &str = "2000000000000000";

fn issue(emulator: &Emulator, cloud: Cloud, account: &str) -> IssuedKey {
    let principal = Principal {
        arn: format!("acs:ram::{account}:assumed-role/reader/test"),
        id: "300000000000000001:test".to_owned(),
        role: format!("acs:ram::{account}:role/reader"),
        requester: account.to_owned(),
    };
    let expires_at = now() + TimeDelta::hours(1);
    let credentials = &emulator.auth.credentials;
    credentials.issue(cloud, account, principal, expires_at)
}

/// A way to sign a request with a key and a token.
#[derive(Debug, Clone, Copy)]
enum Signed {
    V1,
    Acs3,
    Tc3,
    TencentV1,
}

impl Signed {
    const ALL: [Self; 4] = [Self::V1, Self::Acs3, Self::Tc3, Self::TencentV1];

    fn cloud(self) -> Cloud {
        match self {
            Self::V1 | Self::Acs3 => Cloud::Alibaba,
            Self::Tc3 | Self::TencentV1 => Cloud::Tencent,
        }
    }

    fn list(self, key: &IssuedKey, token: Option<&str>, clock: &dyn Clock) -> TestRequest {
        let (id, secret) = (&*key.access_key_id, key.secret.expose());
        let now = clock.now();
        let date = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        match self {
            Self::V1 => {
                let mut request =
                    TestRequest::get("Action=ListSecrets&Version=2016-01-20&PageSize=100");
                if let Some(token) = token {
                    request.add_to_query("SecurityToken", token);
                }
                let nonce = format!("{token:?}{now}");
                let overrides = [
                    ("AccessKeyId", id),
                    ("Timestamp", &*date),
                    ("SignatureNonce", &*nonce),
                ];
                request.sign_v1(secret, &overrides)
            }
            Self::Acs3 => {
                let mut request = TestRequest::get("PageSize=100")
                    .header("x-acs-action", "ListSecrets")
                    .header("x-acs-version", "2016-01-20");
                if let Some(token) = token {
                    request = request.header("x-acs-security-token", token);
                }
                request.sign_acs3(id, secret, &date, &format!("{token:?}{now}"))
            }
            Self::Tc3 => {
                let mut request = TestRequest {
                    method: "POST".to_owned(),
                    body: r#"{"Limit":100}"#.to_owned(),
                    ..TestRequest::get("")
                }
                .header("X-TC-Action", "ListSecrets")
                .header("X-TC-Region", "ap-guangzhou");
                if let Some(token) = token {
                    request = request.header("X-TC-Token", token);
                }
                request.sign_tc3(id, secret, now)
            }
            Self::TencentV1 => {
                let mut request = TestRequest::get(
                    "Action=ListSecrets&Version=2019-09-23&Region=ap-guangzhou&Limit=100",
                );
                if let Some(token) = token {
                    request.add_to_query("Token", token);
                }
                request.sign_tc_v1(id, secret, now)
            }
        }
    }
}

/// `OK` with the number of secrets, or the code of the error.
fn verdict(request: &TestRequest, emulator: &Emulator) -> String {
    let reply = request.ask(emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let body = body.get("Response").unwrap_or(&body);
    match (body["Code"].as_str(), body["Error"]["Code"].as_str()) {
        (None, None) => format!("OK {}", body["TotalCount"]),
        (Some(code), _) => format!("{} {code}", reply.status),
        (_, Some(code)) => code.to_owned(),
    }
}

#[test]
fn a_temporary_key_needs_its_token_and_expires_by_the_clock() {
    for mode in [AuthMode::Lenient, AuthMode::Strict] {
        for signed in Signed::ALL {
            let clock = Arc::new(FixedClock::new(now()));
            let store = Store::in_memory().unwrap();
            let emulator = emulator_on(store, Arc::clone(&clock), mode);
            let key = issue(&emulator, signed.cloud(), ACCOUNT);
            let other = issue(&emulator, signed.cloud(), ACCOUNT);
            let token = key.security_token.expose();
            let [missing, wrong, expired] = match signed.cloud() {
                Cloud::Alibaba => [
                    "400 MissingSecurityToken",
                    "400 InvalidSecurityToken.MismatchWithAccessKey",
                    "404 InvalidAccessKeyId.NotFound",
                ],
                Cloud::Tencent => ["AuthFailure.TokenFailure"; 3],
            };
            let check = |token| verdict(&signed.list(&key, token, &*clock), &emulator);
            assert_eq!(check(Some(token)), "OK 0", "{mode:?} {signed:?}");
            assert_eq!(check(None), missing, "{mode:?} {signed:?}");
            let wrong_token = Some(other.security_token.expose());
            assert_eq!(check(wrong_token), wrong, "{mode:?} {signed:?}");
            clock.set(now() + TimeDelta::minutes(59));
            assert_eq!(check(Some(token)), "OK 0", "{mode:?} {signed:?}");
            clock.set(now() + TimeDelta::hours(1));
            assert_eq!(check(Some(token)), expired, "{mode:?} {signed:?}");
            clock.set(now() + TimeDelta::minutes(58));
            assert_eq!(check(Some(token)), "OK 0", "{mode:?} {signed:?}");
        }
    }
}

#[test]
fn a_temporary_key_selects_its_account() {
    let emulator = emulator(AuthMode::Strict);
    let clock = FixedClock::new(now());
    for (signed, account, listed) in [
        (Signed::V1, ACCOUNT, "OK 8"),
        (Signed::Acs3, OTHER_ACCOUNT, "OK 0"),
        (Signed::Tc3, ACCOUNT, "OK 6"),
        (Signed::TencentV1, OTHER_ACCOUNT, "OK 0"),
    ] {
        let key = issue(&emulator, signed.cloud(), account);
        let request = signed.list(&key, Some(key.security_token.expose()), &clock);
        assert_eq!(verdict(&request, &emulator), listed, "{signed:?}");
    }
}

#[test]
fn a_temporary_key_is_unknown_to_the_other_cloud() {
    let clock = FixedClock::new(now());
    for mode in [AuthMode::Lenient, AuthMode::Strict] {
        let emulator = emulator(mode);
        for (signed, issuer, code) in [
            (
                Signed::Acs3,
                Cloud::Tencent,
                "404 InvalidAccessKeyId.NotFound",
            ),
            (Signed::Tc3, Cloud::Alibaba, "AuthFailure.SecretIdNotFound"),
        ] {
            let key = issue(&emulator, issuer, ACCOUNT);
            let request = signed.list(&key, Some(key.security_token.expose()), &clock);
            assert_eq!(verdict(&request, &emulator), code, "{mode:?} {signed:?}");
        }
    }
}

#[test]
fn a_reset_and_the_end_of_a_tenant_revoke_temporary_keys() {
    let controlled = Controlled::with(emulator(AuthMode::Lenient));
    let clock = FixedClock::new(now());
    let check = |key: &IssuedKey| {
        let request = Signed::Acs3.list(key, Some(key.security_token.expose()), &clock);
        verdict(&request, &controlled.emulator)
    };
    let issue = |account: &str| issue(&controlled.emulator, Cloud::Alibaba, account);
    let (own, other) = (issue(ACCOUNT), issue(OTHER_ACCOUNT));
    controlled.ok("POST", "reset", r#"{"account":"2000000000000000"}"#);
    assert_eq!(check(&own), "OK 8");
    assert_eq!(check(&other), "404 InvalidAccessKeyId.NotFound");
    // Keys are valid in all regions.
    controlled.ok("POST", "reset", r#"{"region":"cn-beijing"}"#);
    assert_eq!(check(&own), "OK 8");
    controlled.ok("POST", "reset", "{}");
    assert_eq!(check(&own), "404 InvalidAccessKeyId.NotFound");

    let tenant = controlled.ok("POST", "tenants", "{}");
    let account = tenant["account"].as_str().unwrap();
    let key = issue(account);
    assert_eq!(check(&key), "OK 0");
    controlled.ok("DELETE", &format!("tenants/{account}"), "");
    assert_eq!(check(&key), "404 InvalidAccessKeyId.NotFound");
}

#[test]
fn a_restored_snapshot_keeps_temporary_keys() {
    let controlled = Controlled::with(emulator(AuthMode::Strict));
    let clock = FixedClock::new(now());
    controlled.ok("PUT", "snapshots/before", "");
    let key = issue(&controlled.emulator, Cloud::Alibaba, ACCOUNT);
    controlled.ok("POST", "snapshots/before/restore", "");
    let request = Signed::Acs3.list(&key, Some(key.security_token.expose()), &clock);
    assert_eq!(verdict(&request, &controlled.emulator), "OK 8");
}

#[test]
fn an_expired_key_is_valid_again_after_the_clock_was_set_back() {
    let controlled = Controlled::empty();
    let clock = &controlled.clock;
    let key = issue(&controlled.emulator, Cloud::Alibaba, ACCOUNT);
    for (time, expected) in [
        (key.expires_at, "404 InvalidAccessKeyId.NotFound"),
        (key.expires_at - TimeDelta::seconds(1), "OK 0"),
    ] {
        clock.set(time);
        let request = Signed::Acs3.list(&key, Some(key.security_token.expose()), &**clock);
        assert_eq!(verdict(&request, &controlled.emulator), expected, "{time}");
    }
}
