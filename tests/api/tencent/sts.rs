//! The service STS: temporary keys for roles and federated users, and the identity of the caller.

use chrono::TimeDelta;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::Clock;
use serde_json::{Value, json};

use super::session::{Session, request};
use crate::control::Controlled;
use crate::oidc::{claims, token, with_key_set};
use crate::support::{TestRequest, emulator, hint_of, now};

const ROLE: &str = "qcs::cam::uin/2000000000000000:roleName/reader";
const POLICY: &str =
    r#"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#;

/// The `Response` of the reply.
fn call(request: &TestRequest, emulator: &Emulator) -> Value {
    let reply = request.ask(emulator);
    assert_eq!(reply.status, 200);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["Response"].take()
}

#[track_caller]
fn ok(request: &TestRequest, emulator: &Emulator) -> Value {
    let response = call(request, emulator);
    assert_eq!(response["Error"], Value::Null);
    response
}

fn code(request: &TestRequest, emulator: &Emulator) -> String {
    let response = call(request, emulator);
    let code = response["Error"]["Code"].as_str();
    code.unwrap_or("OK").to_owned()
}

fn assume(role: &str) -> Value {
    json!({"RoleArn": role, "RoleSessionName": "test"})
}

/// A request of the service, or of SSM, that is signed with a key.
fn signed(action: &str, parameters: &Value, key: [&str; 3]) -> TestRequest {
    let mut request = request(action, parameters);
    if request.value_of("X-TC-Version") == Some("2018-08-13") {
        request = request.header("Host", "sts.tencentcloudapi.com");
    }
    let [id, secret, token] = key;
    if !token.is_empty() {
        request = request.header("X-TC-Token", token);
    }
    request.sign_tc3(id, secret, now())
}

const TEST: [&str; 3] = ["test", "test", ""];

/// The key in a reply.
fn key(response: &Value) -> [&str; 3] {
    ["TmpSecretId", "TmpSecretKey", "Token"].map(|name| {
        let text = response["Credentials"][name].as_str();
        text.unwrap_or_else(|| panic!("{response}"))
    })
}

#[test]
fn an_assumed_role_has_the_account_and_the_identity_of_the_role() {
    let emulator = emulator(AuthMode::Strict);
    let reply = ok(&signed("AssumeRole", &assume(ROLE), TEST), &emulator);
    // 7200 seconds after 2026-01-02T03:04:05Z.
    assert_eq!(reply["ExpiredTime"], 1_767_330_245);
    assert_eq!(reply["Expiration"], "2026-01-02T05:04:05Z");

    let identity = ok(
        &signed("GetCallerIdentity", &json!({}), key(&reply)),
        &emulator,
    );
    assert_eq!(identity["Type"], "CAMRole");
    assert_eq!(identity["AccountId"], "2000000000000000");
    assert_eq!(identity["PrincipalId"], "1000000000000000");
    let user = identity["UserId"].as_str().unwrap();
    let (role, session) = user.split_once(':').unwrap();
    assert_eq!((role.len(), session), (19, "test"));
    assert_eq!(
        identity["Arn"],
        format!("qcs::sts:2000000000000000:assumed-role/{role}")
    );
    let list = signed("ListSecrets", &json!({}), key(&reply));
    assert_eq!(ok(&list, &emulator)["TotalCount"], 0);

    // A temporary key may assume a role too.
    let own = "qcs::cam::uin/1000000000000000:role/4611686018427397919";
    let again = ok(&signed("AssumeRole", &assume(own), key(&reply)), &emulator);
    let identity = ok(
        &signed("GetCallerIdentity", &json!({}), key(&again)),
        &emulator,
    );
    assert_eq!(identity["UserId"], "4611686018427397919:test");
    assert_eq!(identity["PrincipalId"], "2000000000000000");
    let list = signed("ListSecrets", &json!({}), key(&again));
    assert_eq!(ok(&list, &emulator)["TotalCount"], 6);
}

#[test]
fn a_permanent_key_is_a_user_of_its_account() {
    let emulator = emulator(AuthMode::Strict);
    let identity = ok(&signed("GetCallerIdentity", &json!({}), TEST), &emulator);
    let mut expected = json!({
        "Type": "CAMUser", "AccountId": "1000000000000000", "UserId": "1000000000000000",
        "PrincipalId": "1000000000000000", "Arn": "qcs::cam:1000000000000000:uin/1000000000000000"
    });
    expected["RequestId"] = identity["RequestId"].clone();
    assert_eq!(identity, expected);
}

#[test]
fn a_federated_user_belongs_to_the_account_of_the_caller() {
    let emulator = emulator(AuthMode::Strict);
    let parameters = json!({"Name": "app_1", "Policy": POLICY});
    let reply = ok(&signed("GetFederationToken", &parameters, TEST), &emulator);
    assert_eq!(reply["Expiration"], "2026-01-02T03:34:05Z");
    let identity = ok(
        &signed("GetCallerIdentity", &json!({}), key(&reply)),
        &emulator,
    );
    assert_eq!(identity["Type"], "CAMUser");
    assert_eq!(identity["UserId"], "1000000000000000:app_1");
    assert_eq!(
        identity["Arn"],
        "qcs::sts:1000000000000000:federated-user/1000000000000000"
    );
    let list = signed("ListSecrets", &json!({}), key(&reply));
    assert_eq!(ok(&list, &emulator)["TotalCount"], 6);
    // The vendor's page: only permanent keys may call it.
    let again = signed("GetFederationToken", &parameters, key(&reply));
    assert_eq!(code(&again, &emulator), "UnsupportedOperation");
}

#[test]
fn parameters_have_the_documented_bounds_and_codes() {
    const WRONG: &str = "InvalidParameter.ParamError";
    const SYNTAX: &str = "InvalidParameter.StrategyFormatError";
    let session = Session::new();
    let tags = |count: usize| -> Value {
        let tag = |index| json!({"Key": format!("k{index}"), "Value": "v"});
        (0..count).map(tag).collect()
    };
    let long_policy = format!("{POLICY}{}", " ".repeat(6145 - POLICY.len()));
    for (name, value, code) in [
        ("RoleArn", Value::Null, "MissingParameter"),
        ("RoleArn", json!(1), "InvalidParameter"),
        ("RoleArn", json!(""), WRONG),
        ("RoleArn", json!("reader"), WRONG),
        (
            "RoleArn",
            json!("acs:ram::2000000000000000:role/reader"),
            WRONG,
        ),
        ("RoleSessionName", Value::Null, "MissingParameter"),
        ("RoleSessionName", json!(""), WRONG),
        ("RoleSessionName", json!("a"), WRONG),
        ("RoleSessionName", json!("a b"), WRONG),
        ("RoleSessionName", json!("a".repeat(128)), "OK"),
        ("RoleSessionName", json!("a".repeat(129)), WRONG),
        ("DurationSeconds", json!(0), WRONG),
        ("DurationSeconds", json!(1), "OK"),
        ("DurationSeconds", json!(43_200), "OK"),
        (
            "DurationSeconds",
            json!(43_201),
            "InvalidParameter.OverTimeError",
        ),
        (
            "DurationSeconds",
            json!(u64::MAX),
            "InvalidParameter.OverTimeError",
        ),
        ("DurationSeconds", json!(-1), "InvalidParameter"),
        ("DurationSeconds", json!("7200"), "InvalidParameter"),
        ("Policy", json!(POLICY), "OK"),
        ("Policy", json!(crate::support::encode(POLICY)), "OK"),
        ("Policy", json!("{}"), SYNTAX),
        (
            "Policy",
            json!(long_policy),
            "InvalidParameter.PolicyTooLong",
        ),
        ("ExternalId", json!("a:b/c"), "OK"),
        ("ExternalId", json!("a"), WRONG),
        ("ExternalId", json!("a".repeat(129)), WRONG),
        ("Tags", tags(50), "OK"),
        ("Tags", tags(51), WRONG),
        ("Tags", json!([{"Key": "", "Value": ""}]), WRONG),
        (
            "Tags",
            json!([{"Key": "k".repeat(129), "Value": ""}]),
            WRONG,
        ),
        (
            "Tags",
            json!([{"Key": "k", "Value": "v".repeat(257)}]),
            WRONG,
        ),
        (
            "Tags",
            json!([{"Key": "k", "Value": ""}, {"Key": "k", "Value": "v"}]),
            WRONG,
        ),
        ("Tags", json!([{"Key": "k"}]), "MissingParameter"),
        (
            "Tags",
            json!([{"Key": "k", "Value": "v", "Other": 1}]),
            "UnknownParameter",
        ),
        ("SourceIdentity", json!("1"), "OK"),
        ("Other", json!("1"), "UnknownParameter"),
    ] {
        let mut parameters = assume(ROLE);
        parameters[name] = value.clone();
        let verdict = session.verdict("AssumeRole", &parameters);
        assert_eq!(verdict, code, "{name}={value}");
    }
}

#[test]
fn parameters_of_a_federated_user_have_bounds_and_codes() {
    const WRONG: &str = "InvalidParameter.ParamError";
    const SYNTAX: &str = "InvalidParameter.StrategyFormatError";
    let session = Session::new();
    for (name, value, code) in [
        ("Name", Value::Null, "MissingParameter"),
        ("Name", json!(""), WRONG),
        ("Name", json!("a b"), WRONG),
        ("Name", json!("cos-sts-nodejs"), "OK"),
        ("Policy", Value::Null, "MissingParameter"),
        ("Policy", json!(""), SYNTAX),
        ("DurationSeconds", json!(129_600), "OK"),
        (
            "DurationSeconds",
            json!(129_601),
            "InvalidParameter.OverTimeError",
        ),
    ] {
        let mut parameters = json!({"Name": "app", "Policy": POLICY});
        parameters[name] = value.clone();
        let verdict = session.verdict("GetFederationToken", &parameters);
        assert_eq!(verdict, code, "{name}={value}");
    }
}

#[test]
fn a_long_lifetime_has_the_recorded_text() {
    let session = Session::new();
    let mut parameters = assume(ROLE);
    parameters["DurationSeconds"] = 86_400.into();
    assert_eq!(
        session.error(&request("AssumeRole", &parameters)),
        (
            "InvalidParameter.OverTimeError".to_owned(),
            "time set too long".to_owned()
        )
    );
}

#[test]
fn a_role_of_an_account_that_cannot_exist_here_is_not_found() {
    let session = Session::new();
    let role = "qcs::cam::uin/100015158414:roleName/readOnlyRole";
    let reply = request("AssumeRole", &assume(role)).ask(&session.emulator);
    let hint = hint_of(&reply).unwrap();
    assert!(hint.contains("16 digits") && hint.contains(role), "{hint}");
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(
        body["Response"]["Error"],
        json!({"Code": "InternalError.GetRoleError", "Message": "role not exist"})
    );
}

#[test]
fn a_key_needs_its_token_and_expires_by_the_clock() {
    let session = Session::new();
    let mut parameters = assume("qcs::cam::uin/1000000000000000:roleName/reader");
    parameters["DurationSeconds"] = 60.into();
    let (first, second) = (
        session.ok("AssumeRole", &parameters),
        session.ok("AssumeRole", &parameters),
    );
    let [id, secret, own] = key(&first);
    let by_tc3 = |action: &str, token: &str| {
        let mut request = request(action, &json!({}));
        if !token.is_empty() {
            request = request.header("X-TC-Token", token);
        }
        request.sign_tc3(id, secret, session.clock.now())
    };
    let by_v1 = |action: &str, version: &str, token: &str| {
        let query = format!("Action={action}&Version={version}&Region=ap-guangzhou");
        let mut request = TestRequest::get(&query);
        if version == "2018-08-13" {
            request = request.header("Host", "sts.tencentcloudapi.com");
        }
        if !token.is_empty() {
            request.add_to_query("Token", token);
        }
        request.sign_tc_v1(id, secret, session.clock.now())
    };
    let requests = |token: &str| {
        [
            by_tc3("ListSecrets", token),
            by_v1("ListSecrets", "2019-09-23", token),
            by_v1("GetCallerIdentity", "2018-08-13", token),
        ]
    };
    let failure = (
        "AuthFailure.TokenFailure".to_owned(),
        "Token verification failed. Please check your Token is correct.".to_owned(),
    );
    let other = key(&second)[2];
    session.advance(TimeDelta::seconds(59));
    for request in requests(own) {
        assert_eq!(code(&request, &session.emulator), "OK");
    }
    for token in ["", other, "x"] {
        for request in requests(token) {
            assert_eq!(session.error(&request), failure, "{token}");
        }
    }
    session.advance(TimeDelta::seconds(1));
    for request in requests(own) {
        assert_eq!(session.error(&request), failure);
    }
    session.control("POST", "reset", "{}");
    for request in requests(own) {
        assert_eq!(session.error(&request).0, "AuthFailure.SecretIdNotFound");
    }
}

#[test]
fn the_lifetime_is_measured_by_the_clock_of_the_account_of_the_role() {
    let controlled = Controlled::new();
    let account = controlled.tenant_frozen_at("2030-01-01");
    let role = format!("qcs::cam::uin/{account}:roleName/reader");
    let mut parameters = assume(&role);
    parameters["DurationSeconds"] = 900.into();
    let reply = ok(&request("AssumeRole", &parameters), &controlled.emulator);
    assert_eq!(reply["Expiration"], "2030-01-01T00:15:00Z");
    let list = signed("ListSecrets", &json!({}), key(&reply));
    assert_eq!(ok(&list, &controlled.emulator)["TotalCount"], 0);
    let advance = format!("clock/advance?account={account}");
    controlled.ok("POST", &advance, r#"{"by":"15m"}"#);
    assert_eq!(
        code(&list, &controlled.emulator),
        "AuthFailure.TokenFailure"
    );
    controlled.ok("DELETE", &format!("tenants/{account}"), "");
    assert_eq!(
        code(&list, &controlled.emulator),
        "AuthFailure.SecretIdNotFound"
    );
}

/// The parameters of an exchange.
fn exchange(token: &str) -> Value {
    json!({
        "ProviderId": "cluster", "WebIdentityToken": token, "RoleArn": ROLE, "RoleSessionName": "test"
    })
}

#[test]
fn a_token_is_exchanged_without_a_signature_for_a_key_of_the_role() {
    let (_, emulator, _file) = with_key_set();
    let parameters = exchange(&token(&claims()));
    let unsigned = request("AssumeRoleWithWebIdentity", &parameters);
    let in_query = {
        let mut request = TestRequest::get("Action=AssumeRoleWithWebIdentity&Version=2018-08-13");
        for (name, value) in parameters.as_object().unwrap() {
            request.add_to_query(name, value.as_str().unwrap());
        }
        request
    };
    for request in [
        unsigned.clone().header("Authorization", "SKIP"),
        unsigned
            .clone()
            .header("Authorization", "SKIP")
            .header("Host", "sts.localhost"),
        unsigned.header("Host", "sts.intl.tencentcloudapi.com"),
        // A signature is ignored.
        signed(
            "AssumeRoleWithWebIdentity",
            &parameters,
            ["unknown", "x", ""],
        ),
        in_query,
    ] {
        let reply = ok(&request, &emulator);
        assert_eq!(reply["Expiration"], "2026-01-02T05:04:05Z");
        let identity = ok(
            &signed("GetCallerIdentity", &json!({}), key(&reply)),
            &emulator,
        );
        assert_eq!(identity["AccountId"], "2000000000000000");
        assert_eq!(identity["PrincipalId"], "2000000000000000");
    }
}

#[test]
fn a_rejected_token_has_the_code_and_the_text_of_the_service() {
    let (clock, emulator, _file) = with_key_set();
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        token(&claims)
    };
    let valid = token(&claims());
    let (head, _) = valid.rsplit_once('.').unwrap();
    let general = "WebIdentityToken error. | id token error";
    let expired = "WebIdentityToken error. | id token error | Expired token";
    let rejected = |token: &str, text: &str, reason: &str| {
        let request = request("AssumeRoleWithWebIdentity", &exchange(token));
        let reply = request.ask(&emulator);
        let hint = hint_of(&reply).unwrap();
        assert!(hint.contains(reason), "{hint}");
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            body["Response"]["Error"],
            json!({"Code": "InvalidParameter.WebIdentityTokenError", "Message": text}),
            "{token}"
        );
        // The token is a credential.
        assert!(token.is_empty() || !body.to_string().contains(token) && !hint.contains(token));
    };
    for (token, text, reason) in [
        (with("aud", "other".into()), general, "its audience is not"),
        (
            with("iss", "https://other.example".into()),
            general,
            "its issuer is not",
        ),
        (
            with("exp", now().timestamp().into()),
            expired,
            "it has expired",
        ),
        (
            with("exp", "soon".into()),
            general,
            "it is not a JSON Web Token",
        ),
        (
            with("sub", Value::Null),
            general,
            "it is not a JSON Web Token",
        ),
        (
            format!("{head}.AAAA"),
            general,
            "its signature was not made",
        ),
        (head.to_owned(), general, "it is not a JSON Web Token"),
        ("abcd".to_owned(), general, "it is not a JSON Web Token"),
        (String::new(), general, "it is not a JSON Web Token"),
    ] {
        rejected(&token, text, reason);
    }
    let request = request("AssumeRoleWithWebIdentity", &exchange(&valid));
    ok(&request, &emulator);
    clock.set(now() + TimeDelta::minutes(10));
    rejected(&valid, expired, "it has expired");
}

#[test]
fn each_parameter_of_an_exchange_is_checked() {
    let session = Session::new();
    let valid = exchange(&token(&claims()));
    assert_eq!(session.verdict("AssumeRoleWithWebIdentity", &valid), "OK");
    for name in [
        "ProviderId",
        "WebIdentityToken",
        "RoleArn",
        "RoleSessionName",
    ] {
        let mut parameters = valid.clone();
        parameters[name] = Value::Null;
        let verdict = session.verdict("AssumeRoleWithWebIdentity", &parameters);
        assert_eq!(verdict, "MissingParameter", "{name}");
    }
    for (name, value, code) in [
        ("ProviderId", json!(""), "InvalidParameter.ParamError"),
        ("RoleArn", json!("reader"), "InvalidParameter.ParamError"),
        ("RoleSessionName", json!("a"), "InvalidParameter.ParamError"),
        ("DurationSeconds", json!(43_200), "OK"),
        (
            "DurationSeconds",
            json!(43_201),
            "InvalidParameter.ParamError",
        ),
        ("DurationSeconds", json!(0), "InvalidParameter.ParamError"),
        ("DurationSeconds", json!(-1), "InvalidParameter.ParamError"),
        ("DurationSeconds", json!("1800"), "InvalidParameter"),
        ("DurationSeconds", json!(1.5), "InvalidParameter"),
    ] {
        let mut parameters = valid.clone();
        parameters[name] = value.clone();
        let verdict = session.verdict("AssumeRoleWithWebIdentity", &parameters);
        assert_eq!(verdict, code, "{name}={value}");
    }
}

#[test]
fn the_host_or_the_scope_of_the_signature_selects_sts() {
    let mut session = Session::new();
    session.emulator.host_names = vec!["kms.test".to_owned()];
    for host in [
        "sts.tencentcloudapi.com",
        "sts.ap-guangzhou.tencentcloudapi.com",
        "sts.intl.tencentcloudapi.com",
        "sts.localhost:8080",
        "sts.kms.test",
        "127.0.0.1:8080",
    ] {
        let request = request("GetCallerIdentity", &json!({})).header("Host", host);
        assert_eq!(code(&request, &session.emulator), "OK", "{host}");
    }
    // Tag has the same version.
    for (host, product) in [("sts.localhost", "sts"), ("tag.localhost", "tag")] {
        let request = request("Foo", &json!({}))
            .header("Host", host)
            .header("X-TC-Version", "2018-08-13");
        let mut request = request;
        request
            .headers
            .retain(|(name, value)| name != "X-TC-Version" || value == "2018-08-13");
        let text = format!(
            "The request action=`Foo` is invalid or not found in service=`{product}` and version=`2018-08-13`."
        );
        assert_eq!(session.error(&request), ("InvalidAction".to_owned(), text));
    }
    let known = request("QueryApiKey", &json!({}));
    assert_eq!(code(&known, &session.emulator), "UnsupportedOperation");
}

#[test]
fn the_token_of_an_exchange_and_the_code_of_a_device_are_masked_in_the_journal() {
    let session = Session::new();
    let secret = token(&claims());
    session.ok("AssumeRoleWithWebIdentity", &exchange(&secret));
    let mut parameters = assume(ROLE);
    parameters["TokenCode"] = "102342".into();
    session.ok("AssumeRole", &parameters);
    let journal = session.control("GET", "journal", "");
    assert!(journal.contains("AssumeRoleWithWebIdentity") && journal.contains("cluster"));
    assert!(!journal.contains(&secret) && !journal.contains("102342"));
}
