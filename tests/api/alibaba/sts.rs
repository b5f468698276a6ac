//! STS: temporary keys for roles, and the identity of the caller.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kms_emulator::clouds::auth::oidc::Issuers;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use serde_json::{Value, json};

use crate::control::Controlled;
use crate::oidc::{ISSUER, claims, token, with_key_set};
use crate::support::{NOW, TestRequest, emulator, hint_of, now, rsa_signature};

const ROLE: (&str, &str) = ("RoleArn", "acs:ram::2000000000000000:role/reader");
const NAME: (&str, &str) = ("RoleSessionName", "test");
const PROVIDER: (&str, &str) = (
    "OIDCProviderArn",
    "acs:ram::2000000000000000:oidc-provider/cluster",
);

fn request(action: &str, parameters: &[(&str, &str)]) -> TestRequest {
    let mut request = TestRequest::get(&format!("Action={action}&Version=2015-04-01"));
    for (name, value) in parameters {
        request.add_to_query(name, value);
    }
    request
}

fn call(request: &TestRequest, emulator: &Emulator) -> (u16, Value) {
    let reply = request.ask(emulator);
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

#[track_caller]
fn ok(request: &TestRequest, emulator: &Emulator) -> Value {
    let (status, body) = call(request, emulator);
    assert_eq!(status, 200, "{body}");
    body
}

/// A request that is signed with the key of a reply.
fn signed(request: TestRequest, reply: &Value, nonce: &str) -> TestRequest {
    let text = |name: &str| reply["Credentials"][name].as_str().unwrap();
    let mut request = request;
    request.add_to_query("SecurityToken", text("SecurityToken"));
    let overrides = [
        ("AccessKeyId", text("AccessKeyId")),
        ("SignatureNonce", nonce),
    ];
    request.sign_v1(text("AccessKeySecret"), &overrides)
}

fn by_test(request: TestRequest, nonce: &str) -> TestRequest {
    request.sign_v1("test", &[("SignatureNonce", nonce)])
}

#[test]
fn an_assumed_role_has_the_account_and_the_identity_of_the_role() {
    let emulator = emulator(AuthMode::Strict);
    let assume = request("AssumeRole", &[ROLE, NAME, ("SourceIdentity", "me")]);
    let reply = ok(&by_test(assume, "1"), &emulator);
    assert_eq!(
        reply["AssumedRoleUser"]["Arn"],
        "acs:ram::2000000000000000:role/reader/test"
    );
    assert_eq!(reply["SourceIdentity"], "me");
    assert_eq!(reply["Credentials"]["Expiration"], "2026-01-02T04:04:05Z");
    let id = reply["AssumedRoleUser"]["AssumedRoleId"].as_str().unwrap();
    let (role_id, session) = id.split_once(':').unwrap();
    assert_eq!((role_id.len(), session), (18, "test"));

    let identity = signed(request("GetCallerIdentity", &[]), &reply, "2");
    let identity = ok(&identity, &emulator);
    assert_eq!(identity["IdentityType"], "AssumedRoleUser");
    assert_eq!(identity["AccountId"], "2000000000000000");
    assert_eq!(identity["PrincipalId"], id);
    assert_eq!(identity["RoleId"], role_id);
    assert_eq!(
        identity["Arn"],
        "acs:ram::2000000000000000:assumed-role/reader/test"
    );

    // A role can be assumed with a temporary key too.
    let again = signed(request("AssumeRole", &[ROLE, NAME]), &reply, "3");
    ok(&again, &emulator);
}

#[test]
fn a_permanent_key_is_a_user_and_no_key_is_the_account() {
    let emulator = emulator(AuthMode::Lenient);
    let identity = ok(&request("GetCallerIdentity", &[]), &emulator);
    assert_eq!(identity["IdentityType"], "Account");
    assert_eq!(identity["Arn"], "acs:ram::1000000000000000:root");
    assert_eq!(identity["PrincipalId"], "1000000000000000");
    let identity = ok(&by_test(request("GetCallerIdentity", &[]), "1"), &emulator);
    assert_eq!(identity["IdentityType"], "RAMUser");
    assert_eq!(identity["Arn"], "acs:ram::1000000000000000:user/test");
    assert_eq!(identity["PrincipalId"], identity["UserId"]);
}

#[test]
fn parameters_have_the_documented_bounds_and_codes() {
    let emulator = emulator(AuthMode::Lenient);
    let long_policy = format!(r#"{{"Version":"1","Statement":[]{}}}"#, " ".repeat(2048));
    let exact = format!(r#"{{"Version":"1","Statement":[]{}}}"#, " ".repeat(2018));
    assert_eq!(exact.len(), 2048);
    let long_name = "a".repeat(65);
    let long_id = "a".repeat(1225);
    for (name, value, code) in [
        ("RoleArn", "", "400 MissingRoleArn"),
        ("RoleArn", "reader", "400 InvalidParameter.RoleArn"),
        (
            "RoleArn",
            "acs:ram::2:role/reader",
            "400 InvalidParameter.RoleArn",
        ),
        ("RoleSessionName", "", "400 MissingRoleSessionName"),
        (
            "RoleSessionName",
            "a",
            "400 InvalidParameter.RoleSessionName",
        ),
        (
            "RoleSessionName",
            "a b",
            "400 InvalidParameter.RoleSessionName",
        ),
        (
            "RoleSessionName",
            &long_name,
            "400 InvalidParameter.RoleSessionName",
        ),
        (
            "DurationSeconds",
            "899",
            "400 InvalidParameter.DurationSeconds",
        ),
        ("DurationSeconds", "900", "OK"),
        ("DurationSeconds", "43200", "OK"),
        (
            "DurationSeconds",
            "43201",
            "400 InvalidParameter.DurationSeconds",
        ),
        (
            "DurationSeconds",
            "1h",
            "400 InvalidParameter.DurationSeconds",
        ),
        ("Policy", "{}", "400 InvalidParameter.PolicyGrammar"),
        ("Policy", &exact, "OK"),
        ("Policy", &long_policy, "400 InvalidParameter.PolicySize"),
        ("ExternalId", "abc", "OK"),
        ("ExternalId", "a", "400 InvalidParameter"),
        ("ExternalId", &long_id, "400 InvalidParameter"),
    ] {
        let mut parameters = vec![ROLE, NAME];
        parameters.retain(|(known, _)| *known != name);
        parameters.push((name, value));
        let (status, body) = call(&request("AssumeRole", &parameters), &emulator);
        let answered = match body["Code"].as_str() {
            None => "OK".to_owned(),
            Some(code) => format!("{status} {code}"),
        };
        assert_eq!(answered, code, "{name}={value}: {body}");
    }
}

#[test]
fn the_mistake_in_a_rejected_policy_is_named() {
    let emulator = emulator(AuthMode::Lenient);
    let token = token(&claims());
    for (policy, reason) in [
        (
            r#"{"Version":"1","Statement":[{"Effect":"allow","Action":"kms:*","Resource":"*"}]}"#,
            "Statement[0].Effect: expected",
        ),
        (r#"{"version":"2.0","statement":[]}"#, "Tencent Cloud"),
        ("{", "not a JSON document"),
    ] {
        for (action, parameters) in [
            ("AssumeRole", vec![ROLE, NAME]),
            (
                "AssumeRoleWithOIDC",
                vec![PROVIDER, ROLE, NAME, ("OIDCToken", &*token)],
            ),
        ] {
            let parameters = [parameters, vec![("Policy", policy)]].concat();
            let reply = request(action, &parameters).ask(&emulator);
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(body["Code"], "InvalidParameter.PolicyGrammar", "{policy}");
            let hint = hint_of(&reply).unwrap();
            assert!(hint.contains(reason), "{action} {policy}: {hint}");
        }
    }
}

#[test]
fn the_lifetime_is_measured_by_the_clock_of_the_account_of_the_role() {
    let controlled = Controlled::new();
    let tenant = controlled.ok("POST", "tenants", r#"{"clock":true}"#);
    let account = tenant["account"].as_str().unwrap();
    let clock = format!("clock?account={account}");
    controlled.ok("PUT", &clock, r#"{"now":"2030-01-01T00:00:00Z"}"#);
    controlled.ok("POST", &format!("clock/freeze?account={account}"), "");
    let role = format!("acs:ram::{account}:role/reader");
    let parameters = [("RoleArn", &*role), NAME, ("DurationSeconds", "900")];
    let reply = ok(&request("AssumeRole", &parameters), &controlled.emulator);
    assert_eq!(reply["Credentials"]["Expiration"], "2030-01-01T00:15:00Z");

    let list = TestRequest::get("Action=ListSecrets&Version=2016-01-20");
    let list = signed(list, &reply, "1");
    assert_eq!(ok(&list, &controlled.emulator)["TotalCount"], 0);
    controlled.ok(
        "POST",
        &format!("clock/advance?account={account}"),
        r#"{"by":"15m"}"#,
    );
    let (status, body) = call(&list, &controlled.emulator);
    assert_eq!(
        (status, body["Code"].as_str()),
        (404, Some("InvalidAccessKeyId.NotFound"))
    );
    // STS has the code of the gateway.
    let identity = signed(request("GetCallerIdentity", &[]), &reply, "2");
    let (status, body) = call(&identity, &controlled.emulator);
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("InvalidSecurityToken.Expired"))
    );
}

#[test]
fn errors_are_those_of_the_gateway_in_both_formats() {
    let emulator = emulator(AuthMode::Strict);
    let wrong = |format: &str| {
        let wrong = request("GetCallerIdentity", &[("Format", format)]);
        wrong
            .header("Host", "sts.cn-beijing.aliyuncs.com")
            .sign_v1("wrong", &[("SignatureNonce", format)])
    };
    let (status, body) = call(&wrong("JSON"), &emulator);
    assert_eq!(
        (status, &body["Code"]),
        (400, &json!("SignatureDoesNotMatch"))
    );
    assert_eq!(body["HostId"], "sts.cn-beijing.aliyuncs.com");
    assert_eq!(body["HttpStatus"], Value::Null);
    let message = body["Message"].as_str().unwrap();
    let start =
        "Specified signature is not matched with our calculation. server string to sign is:";
    assert!(message.starts_with(start), "{message}");
    let reply = wrong("XML").ask(&emulator);
    let text = str::from_utf8(&reply.body).unwrap();
    assert!(
        text.contains("<Error><HostId>sts.cn-beijing.aliyuncs.com</HostId>"),
        "{text}"
    );

    let unknown = request("GetCallerIdentity", &[]).sign_v1("x", &[("AccessKeyId", "unknown")]);
    let (status, body) = call(&unknown, &emulator);
    assert_eq!(
        (status, &body["Message"]),
        (404, &json!("Specified access key is not found."))
    );
}

#[test]
fn a_success_in_xml_has_the_name_of_the_operation_as_root() {
    let emulator = emulator(AuthMode::Lenient);
    let reply = request("GetCallerIdentity", &[("Format", "XML")]).ask(&emulator);
    let text = str::from_utf8(&reply.body).unwrap();
    assert!(
        text.contains("<GetCallerIdentityResponse><IdentityType>Account</IdentityType>"),
        "{text}"
    );
}

fn exchange(token: &str, emulator: &Emulator) -> (u16, Value) {
    let parameters = [PROVIDER, ROLE, NAME, ("OIDCToken", token)];
    call(&request("AssumeRoleWithOIDC", &parameters), emulator)
}

#[test]
fn a_token_is_exchanged_without_a_signature_for_a_key_of_the_role() {
    let (_, emulator, _file) = with_key_set();
    let (status, reply) = exchange(&token(&claims()), &emulator);
    assert_eq!(status, 200, "{reply}");
    let info = &reply["OIDCTokenInfo"];
    assert_eq!(info["Issuer"], ISSUER);
    assert_eq!(info["Subject"], "system:serviceaccount:default:app");
    assert_eq!(info["ClientIds"], "sts.aliyuncs.com,sts.cloud.tencent.com");
    assert_eq!(info["ExpirationTime"], "2026-01-02T03:14:05Z");
    assert_eq!(info["IssuanceTime"], NOW);
    let identity = signed(request("GetCallerIdentity", &[]), &reply, "1");
    let identity = ok(&identity, &emulator);
    assert_eq!(identity["AccountId"], "2000000000000000");
}

#[test]
fn a_rejected_token_has_the_documented_code() {
    let (clock, emulator, _file) = with_key_set();
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        token(&claims)
    };
    let valid = token(&claims());
    let (head, signature) = valid.rsplit_once('.').unwrap();
    let other_claims = with("sub", "other".into());
    let (other_head, _) = other_claims.rsplit_once('.').unwrap();
    let fail = "AuthenticationFail.OIDCToken";
    for (token, code, message) in [
        (
            with("aud", "other".into()),
            "AudienceNotMatch",
            "Invalid audience.",
        ),
        (
            with("iss", "https://other.example".into()),
            "IssuerNotMatch",
            "The issuer in the OIDC Token doesn't match the OIDC Provider registered.",
        ),
        (
            with("exp", now().timestamp().into()),
            "Expired",
            "This JsonWebToken is expired.",
        ),
        (
            with("exp", "soon".into()),
            "Invalid",
            "This JsonWebToken is invalid.",
        ),
        (
            with("sub", Value::Null),
            "Invalid",
            "This JsonWebToken is invalid.",
        ),
        (
            format!("{other_head}.{signature}"),
            "SignatureInvalid",
            "The signature of this JsonWebToken is invalid.",
        ),
        (head.to_owned(), "Invalid", "This JsonWebToken is invalid."),
        (
            "a.b.c".to_owned(),
            "Invalid",
            "This JsonWebToken is invalid.",
        ),
        (
            "abcd".to_owned(),
            "Invalid",
            "This JsonWebToken is invalid.",
        ),
    ] {
        let (status, body) = exchange(&token, &emulator);
        assert_eq!(
            (status, &body["Code"], &body["Message"]),
            (401, &json!(format!("{fail}.{code}")), &json!(message)),
            "{token}"
        );
        // The token is a credential.
        assert!(!body.to_string().contains(&token));
    }
    assert_eq!(exchange(&valid, &emulator).0, 200);
    clock.set(now() + TimeDelta::minutes(10));
    assert_eq!(
        exchange(&valid, &emulator).1["Code"],
        "AuthenticationFail.OIDCToken.Expired"
    );
}

#[test]
fn only_algorithms_with_public_keys_verify_a_token() {
    let (_, emulator, _file) = with_key_set();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for algorithm in ["none", "HS256", "RS384", "ES256", "PS256"] {
        let signed = format!("{}.{}", part(&json!({"alg": algorithm})), part(&claims()));
        let signature = URL_SAFE_NO_PAD.encode(rsa_signature(&signed));
        for signature in ["", &*signature] {
            let (_, body) = exchange(&format!("{signed}.{signature}"), &emulator);
            assert_eq!(
                body["Code"], "AuthenticationFail.OIDCToken.SignatureInvalid",
                "{algorithm}"
            );
        }
    }
}

#[test]
fn keys_that_cannot_be_read_any_more_are_an_error_of_the_issuer() {
    let (_, emulator, file) = with_key_set();
    std::fs::write(file.path(), "[]").unwrap();
    let (status, body) = exchange(&token(&claims()), &emulator);
    assert_eq!(
        (status, body["Code"].as_str()),
        (
            401,
            Some("AuthenticationFail.OIDCToken.IssuerConfigurationBroken")
        )
    );
}

#[test]
fn without_issuers_any_token_that_has_not_expired_is_accepted() {
    let emulator = emulator(AuthMode::Strict);
    let mut claims = claims();
    claims["iss"] = "https://any.example".into();
    claims["aud"] = "any".into();
    claims.as_object_mut().unwrap().remove("iat");
    let (status, reply) = exchange(&token(&claims), &emulator);
    assert_eq!(status, 200);
    assert!(reply["OIDCTokenInfo"].get("IssuanceTime").is_none());
    claims["exp"] = now().timestamp().into();
    assert_eq!(exchange(&token(&claims), &emulator).0, 401);
}

#[test]
fn each_parameter_of_an_exchange_is_required() {
    let emulator = emulator(AuthMode::Lenient);
    let token = token(&claims());
    let all = [PROVIDER, ROLE, NAME, ("OIDCToken", &*token)];
    for (missing, code) in [
        ("OIDCProviderArn", "MissingParameter.OIDCProviderArn"),
        ("RoleArn", "MissingParameter.RoleArn"),
        ("RoleSessionName", "MissingRoleSessionName"),
        ("OIDCToken", "MissingParameter.OIDCToken"),
    ] {
        let mut parameters = all.to_vec();
        parameters.retain(|(name, _)| *name != missing);
        let (status, body) = call(&request("AssumeRoleWithOIDC", &parameters), &emulator);
        assert_eq!((status, &body["Code"]), (400, &json!(code)));
    }
}

#[test]
fn issuers_are_checked_at_the_start() {
    for (setting, error) in [
        ("issuer.example", "an issuer is URL"),
        ("https://", "an issuer is URL"),
        ("https://a.example,aud=", "an issuer is URL"),
        ("https://a.example,x=y", "an issuer is URL"),
        ("https://a.example,jwks=/no/such/file", "`/no/such/file`: "),
        (
            "https://a.example,jwks=http://192.0.2.1/keys",
            "`http://192.0.2.1/keys` is not on this machine",
        ),
        (
            "https://a.example,jwks=http://127.0.0.1@evil.example/keys",
            "is not on this machine",
        ),
    ] {
        let message = Issuers::new(&[setting.to_owned()]).unwrap_err().to_string();
        assert!(message.contains(error), "{setting}: {message}");
    }
    for setting in [
        "https://a.example",
        "https://a.example/realm,aud=one,aud=two",
        "http://localhost:9000,jwks=http://localhost:9000/keys",
    ] {
        Issuers::new(&[setting.to_owned()]).unwrap();
    }
    let twice = ["https://a.example,aud=one", "https://a.example,aud=two"];
    let error = Issuers::new(&twice.map(str::to_owned)).unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("`https://a.example` is given twice"),
        "{message}"
    );
}
