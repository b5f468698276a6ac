//! Which requests each of the three modes accepts.

use kms_emulator::clouds::context::AuthMode::{self, Lenient, Off, Strict};

use crate::support::{FORM, NOW, TestRequest, emulator};

fn list() -> TestRequest {
    TestRequest::get("Action=ListSecrets&Version=2016-01-20")
}

fn acs_list() -> TestRequest {
    TestRequest {
        method: "POST".into(),
        path: "/".into(),
        ..TestRequest::default()
    }
    .header("x-acs-action", "ListSecrets")
    .header("x-acs-version", "2016-01-20")
}

fn assert_verdicts(case: &str, request: &TestRequest, verdicts: [(AuthMode, (u16, &str)); 3]) {
    for (mode, (status, code)) in verdicts {
        let verdict = request.verdict(&emulator(mode));
        assert_eq!(verdict, (status, code.to_owned()), "{case}, {mode:?}");
    }
}

const OK: (u16, &str) = (200, "OK");
const WRONG: (u16, &str) = (400, "IncompleteSignature");

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_mode_accepts_the_documented_requests() {
    let in_everywhere = [(Off, OK), (Lenient, OK), (Strict, OK)];
    let by_signature = [(Off, OK), (Lenient, WRONG), (Strict, WRONG)];
    let strict = |verdict| [(Off, OK), (Lenient, OK), (Strict, verdict)];
    let unknown = strict((404, "InvalidAccessKeyId.NotFound"));
    let stale = "2026-01-02T02:49:04Z";
    let early = "2026-01-02T03:19:06Z";
    let mut with_token = list();
    with_token.add_to_query("SecurityToken", "tok/en+==");
    for (case, request, verdicts) in [
        ("unsigned", list(), strict((400, "MissingParameter"))),
        ("right V1", list().sign_v1("test", &[]), in_everywhere),
        (
            "right V1 by SHA-256",
            list().sign_v1("test", &[("SignatureMethod", "HMAC-SHA256")]),
            in_everywhere,
        ),
        (
            "wrong secret, V1",
            list().sign_v1("wrong", &[]),
            by_signature,
        ),
        (
            "unknown key, V1",
            list().sign_v1("test", &[("AccessKeyId", "unknown")]),
            unknown,
        ),
        (
            "stale V1",
            list().sign_v1("test", &[("Timestamp", stale)]),
            strict((400, "IllegalTimestamp")),
        ),
        (
            "early V1",
            list().sign_v1("test", &[("Timestamp", early)]),
            strict((400, "IllegalTimestamp")),
        ),
        (
            "fresh enough V1",
            list().sign_v1("test", &[("Timestamp", "2026-01-02T02:49:05Z")]),
            in_everywhere,
        ),
        (
            "V1 without a time",
            list().sign_v1("test", &[("Timestamp", "")]),
            strict((400, "IllegalTimestamp")),
        ),
        (
            "V1 at no time",
            list().sign_v1("test", &[("Timestamp", "now")]),
            strict((400, "IllegalTimestamp")),
        ),
        (
            "V1 by another method",
            list().sign_v1("test", &[("SignatureMethod", "HMAC-MD5")]),
            [
                (Off, OK),
                (Lenient, (400, "InvalidParameter")),
                (Strict, (400, "InvalidParameter")),
            ],
        ),
        (
            "V1 without a key id",
            list().sign_v1("test", &[("AccessKeyId", "")]),
            [
                (Off, OK),
                (Lenient, (400, "MissingParameter")),
                (Strict, (400, "MissingParameter")),
            ],
        ),
        (
            "right ACS3",
            acs_list().sign_acs3("test", "test", NOW, "n"),
            in_everywhere,
        ),
        (
            "wrong secret, ACS3",
            acs_list().sign_acs3("test", "wrong", NOW, "n"),
            by_signature,
        ),
        (
            "unknown key, ACS3",
            acs_list().sign_acs3("unknown", "test", NOW, "n"),
            unknown,
        ),
        (
            "stale ACS3",
            acs_list().sign_acs3("test", "test", stale, "n"),
            strict((400, "InvalidTimeStamp.Expired")),
        ),
        (
            "ACS3 at no time",
            acs_list().sign_acs3("test", "test", "now", "n"),
            strict((400, "InvalidTimeStamp.Format")),
        ),
        (
            "malformed ACS3",
            acs_list().header("Authorization", "ACS3-HMAC-SHA256 Credential"),
            by_signature,
        ),
        (
            "V1 with an STS token",
            with_token.sign_v1("test", &[]),
            in_everywhere,
        ),
        (
            "ACS3 with an STS token",
            acs_list()
                .header("x-acs-security-token", "tok/en+==")
                .sign_acs3("test", "test", NOW, "n"),
            in_everywhere,
        ),
        (
            "bearer header",
            acs_list().header("x-acs-bearer-token", "t"),
            strict((400, "InvalidParameter")),
        ),
        (
            "bearer parameter",
            TestRequest::get("Action=ListSecrets&BearerToken=t&SignatureType=BEARERTOKEN"),
            strict((400, "InvalidParameter")),
        ),
    ] {
        assert_verdicts(case, &request, verdicts);
    }
}

#[test]
fn a_change_after_signing_invalidates_the_signature() {
    let mut more = list().sign_v1("test", &[]);
    more.add_to_query("PageSize", "5");
    let mut other_method = list().sign_v1("test", &[]);
    other_method.method = "POST".into();
    let mut form = list();
    form.method = "POST".into();
    form.body = "PageSize=5".into();
    let mut form = form.header("Content-Type", FORM).sign_v1("test", &[]);
    assert_eq!(form.verdict(&emulator(Strict)), (200, "OK".into()));
    form.body = "PageSize=6".into();
    let mut body = acs_list()
        .header("content-type", FORM)
        .sign_acs3("test", "test", NOW, "n");
    body.body = "PageSize=5".into();
    let mut query = acs_list().sign_acs3("test", "test", NOW, "n");
    query.query = "PageSize=5".into();
    let mut header = acs_list().sign_acs3("test", "test", NOW, "n");
    for (_, value) in header
        .headers
        .iter_mut()
        .filter(|(name, _)| name == "x-acs-action")
    {
        *value = "ListKeys".into();
    }
    for (case, request) in [
        ("a parameter more", more),
        ("another method", other_method),
        ("another form", form),
        ("another body", body),
        ("another query", query),
        ("another header", header),
    ] {
        for mode in [Lenient, Strict] {
            assert_eq!(
                request.verdict(&emulator(mode)),
                (400, "IncompleteSignature".into()),
                "{case}, {mode:?}"
            );
        }
    }
}

#[test]
fn only_strict_mode_rejects_a_repeated_nonce_of_a_valid_request() {
    for (mode, second) in [(Off, "OK"), (Lenient, "OK"), (Strict, "SignatureNonceUsed")] {
        let emulator = emulator(mode);
        let forged = list().sign_v1("wrong", &[]).verdict(&emulator);
        assert_eq!(forged.0 == 200, mode == Off);
        let request = list().sign_v1("test", &[]);
        assert_eq!(request.verdict(&emulator), (200, "OK".into()));
        assert_eq!(request.verdict(&emulator).1, second, "{mode:?}");
    }
}

#[test]
fn strict_mode_requires_signed_headers() {
    let signed = || acs_list().sign_acs3("test", "test", NOW, "n");
    let without = |name: &str| {
        let mut request = acs_list();
        request.headers.retain(|(header, _)| header != name);
        let mut request = request.sign_acs3("test", "test", NOW, "n");
        request.headers.retain(|(header, _)| header != name);
        request
    };
    let unsigned_header = signed().header("x-acs-credentials-provider", "static_ak");
    let other_day = "ACS4-HMAC-SHA256 Credential=test/19990101/cn-hangzhou/Kms/aliyun_v4_request,\
                     SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=x";
    let mut other_day_request = signed();
    other_day_request
        .headers
        .retain(|(header, _)| header != "Authorization");
    for (case, request, code) in [
        ("all signed", signed(), "OK"),
        (
            "no nonce",
            without("x-acs-signature-nonce"),
            "MissingParameter",
        ),
        ("no date", without("x-acs-date"), "MissingParameter"),
        (
            "no digest",
            without("x-acs-content-sha256"),
            "MissingParameter",
        ),
        ("a header unsigned", unsigned_header, "IncompleteSignature"),
        (
            "another day",
            other_day_request.header("Authorization", other_day),
            "IncompleteSignature",
        ),
        (
            "V1 without a nonce",
            list().sign_v1("test", &[("SignatureNonce", "")]),
            "OK",
        ),
    ] {
        assert_eq!(request.verdict(&emulator(Strict)).1, code, "{case}");
    }
    let emulator = emulator(Strict);
    let no_nonce = list().sign_v1("test", &[("SignatureNonce", "")]);
    assert_eq!(no_nonce.verdict(&emulator).1, "OK");
    assert_eq!(no_nonce.verdict(&emulator).1, "SignatureNonceUsed");
}

#[test]
fn strict_mode_reads_parameters_only_from_what_the_signature_covers() {
    let v1 = || list().sign_v1("test", &[]);
    let json = |request: TestRequest, body: &str| TestRequest {
        method: "GET".into(),
        body: body.into(),
        ..request.header("Content-Type", "application/json")
    };
    let without_action = || TestRequest::get("Version=2016-01-20").sign_v1("test", &[]);
    let acs = || acs_list().header("Content-Type", FORM);
    let mut swapped = TestRequest {
        body: "PageSize=1".into(),
        ..acs()
    }
    .sign_acs3("test", "test", NOW, "n");
    for (name, value) in &mut swapped.headers {
        if name == "Content-Type" {
            *value = "text/plain".into();
        }
    }
    let unsigned = |name: &str, value: &str| {
        acs_list()
            .sign_acs3("test", "test", NOW, "n")
            .header(name, value)
    };
    let mut without_host = acs_list().sign_acs3("test", "test", NOW, "n");
    for (name, value) in &mut without_host.headers {
        if name == "Authorization" {
            *value = value.replace("host;", "");
        }
    }
    for (case, request, code) in [
        ("V1", v1(), "OK"),
        (
            "V1, a JSON body",
            json(v1(), r#"{"PageSize":1}"#),
            "IncompleteSignature",
        ),
        (
            "V1, JSON as a form",
            TestRequest {
                body: r#"{"PageSize":1}"#.into(),
                ..v1().header("Content-Type", FORM)
            },
            "IncompleteSignature",
        ),
        (
            "V1, the action in JSON",
            json(without_action(), r#"{"Action":"ListSecrets"}"#),
            "IncompleteSignature",
        ),
        (
            "V1, the action in a header",
            without_action().header("x-acs-action", "ListSecrets"),
            "MissingParameter",
        ),
        ("ACS3, another content type", swapped, "IncompleteSignature"),
        (
            "ACS3, the host not signed",
            without_host,
            "IncompleteSignature",
        ),
        (
            "ACS3, a second action",
            unsigned("x-acs-action", "DescribeRegions"),
            "IncompleteSignature",
        ),
    ] {
        assert_eq!(request.verdict(&emulator(Strict)).1, code, "{case}");
    }
}

#[test]
fn an_unsigned_access_key_id_selects_the_account_in_mode_off_only() {
    let request = TestRequest::get("Action=ListSecrets&AccessKeyId=2000000000000000");
    for (mode, total) in [(Off, 0), (Lenient, 8)] {
        let body: serde_json::Value =
            serde_json::from_slice(&request.ask(&emulator(mode)).body).unwrap();
        assert_eq!(body["TotalCount"], total, "{mode:?}");
    }
    let reply = request.ask(&emulator(Strict));
    assert!(
        String::from_utf8(reply.body.to_vec())
            .unwrap()
            .contains("The parameter  Signature  needed but no provided.")
    );
}

#[test]
fn the_message_ends_with_the_string_to_sign_of_the_server() {
    let message = |request: &TestRequest| {
        let reply = request.ask(&emulator(Lenient));
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        body["Message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        message(&list().sign_v1("wrong", &[])),
        "The request signature does not conform to Aliyun standards. server string to sign is:\
         GET&%2F&AccessKeyId%3Dtest%26Action%3DListSecrets%26SignatureMethod%3DHMAC-SHA1\
         %26SignatureNonce%3D5dc73ed0bcd0d76fc54b121c966d6490%26SignatureVersion%3D1.0\
         %26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2016-01-20"
    );
    let acs = message(&acs_list().sign_acs3("test", "wrong", NOW, "n"));
    let canonical = "POST\n/\n\nhost:127.0.0.1:8080\nx-acs-action:ListSecrets\n\
        x-acs-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        x-acs-date:2026-01-02T03:04:05Z\nx-acs-signature-nonce:n\nx-acs-version:2016-01-20\n\n\
        host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert!(
        acs.contains(&format!(
            "server canonical request is:{canonical} server string to sign is:"
        )),
        "{acs}"
    );
}

#[test]
fn an_access_key_id_of_sixteen_digits_is_an_account() {
    let emulator = emulator(Lenient);
    let total = |request: TestRequest| {
        let body: serde_json::Value = serde_json::from_slice(&request.ask(&emulator).body).unwrap();
        body["TotalCount"].as_u64().unwrap()
    };
    assert_eq!(total(list()), 8);
    assert_eq!(total(list().sign_v1("test", &[])), 8);
    assert_eq!(
        total(list().sign_v1("any", &[("AccessKeyId", "unknown")])),
        8
    );
    assert_eq!(
        total(list().sign_v1("any", &[("AccessKeyId", "2000000000000000")])),
        0
    );
    assert_eq!(
        total(acs_list().sign_acs3("2000000000000000", "any", NOW, "n")),
        0
    );
}

#[test]
fn the_host_determines_the_region_and_a_parameter_does_not() {
    let emulator = emulator(Lenient);
    for (host, query, found) in [
        ("kms.cn-hangzhou.aliyuncs.com", "", true),
        (
            "kms.cn-beijing.aliyuncs.com",
            "&RegionId=cn-hangzhou",
            false,
        ),
        ("cn-beijing.localhost:8080", "", false),
        ("127.0.0.1:8080", "&RegionId=cn-beijing", true),
    ] {
        let request = TestRequest::get(&format!("Action=ListSecrets{query}")).header("Host", host);
        let body: serde_json::Value = serde_json::from_slice(&request.ask(&emulator).body).unwrap();
        assert_eq!(body["TotalCount"] == 8, found, "{host}{query}");
    }
}
