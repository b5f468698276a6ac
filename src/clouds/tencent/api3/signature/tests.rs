//! Expected values are from the vendor's SDKs with a fixed clock, and from the vendor's pages.

use super::*;
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::nonces::Nonces;
use crate::clouds::context::Auth;
use crate::clouds::digest;
use crate::clouds::draft::Language;
use crate::clouds::notes::Notes;
use crate::clouds::outcome::Outcome;
use crate::clouds::tencent::SERVICES;
use crate::clouds::tencent::settings::Settings;
use crate::emulator::clock::{Clock, FixedClock};
use crate::http::wire::WireRequest;
use crate::store::Store;
use bytes::Bytes;
use std::sync::Arc;

const SECRET_ID: &str = "AKIDEXAMPLEEXAMPLEEXAMPLEEXAMPLE0000";
const SECRET_KEY: &str = "EXAMPLEKEYEXAMPLEKEYEXAMPLEKEY00";
const TIMESTAMP: &str = "1700000000";
const DATE: &str = "2023-11-14";
const BODY: &str =
    r#"{"Offset": 0, "Limit": 20, "TagFilters": [{"TagKey": "env", "TagValue": ["dev"]}]}"#;
const COMPACT_BODY: &str =
    r#"{"Offset":0,"Limit":20,"TagFilters":[{"TagKey":"env","TagValue":["dev"]}]}"#;
const QUERY: &str = "Offset=0&Limit=20&TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=dev";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const HOST: &str = "ssm.tencentcloudapi.com";

/// A test vector for TC3: the request and the expected values.
struct Tc3Vector {
    method: &'static str,
    query: &'static str,
    body: &'static str,
    content_type: &'static str,
    /// The value of the header.
    host: &'static str,
    /// The value in the canonical request.
    signed_host: &'static str,
    service: &'static str,
    signed_headers: &'static str,
    canonical_hash: &'static str,
    signature: &'static str,
}

const PYTHON_POST: Tc3Vector = Tc3Vector {
    method: "POST",
    query: "",
    body: BODY,
    content_type: JSON,
    host: HOST,
    signed_host: HOST,
    service: "ssm",
    signed_headers: "content-type;host",
    canonical_hash: "84ca0bbcbd5bed0812940282d8be1e3c59d987d31a83fd2218e9d666f3fc08f9",
    signature: "943b283af1465d1a0fc308d899e7a62163174f1adf6cc0bdc4e8f3c370250cf9",
};

const TC3_VECTORS: [Tc3Vector; 6] = [
    PYTHON_POST,
    Tc3Vector {
        host: "127.0.0.1:8080",
        signed_host: "127.0.0.1:8080",
        canonical_hash: "0e8ff035ace2e6cd3e489b8e04af144eba1546438a7c92eaaa5c304d03740901",
        signature: "b2aab494aba20abf2e7d57a7bd7015657baa4bafc292ec0f496aebed91fcb46e",
        ..PYTHON_POST
    },
    Tc3Vector {
        method: "GET",
        query: QUERY,
        body: "",
        content_type: FORM,
        canonical_hash: "7e188bdc3366643ba114963a29ae8659bcfe91fc46c9c532b402a682004ab684",
        signature: "ff812d212e2cc0dbd06c18ffb3acfae5ceeb827c864247b3151b92197cbb00ea",
        ..PYTHON_POST
    },
    // Node: the port is not signed, and the service is the text before the first dot.
    Tc3Vector {
        body: COMPACT_BODY,
        host: "127.0.0.1:8080",
        signed_host: "127.0.0.1",
        service: "127",
        canonical_hash: "0642887b9d79cd5e629f40835360ba75c4bab1934dfa7169ba35b2dc9a4d1517",
        signature: "2404c190705d5ea8ba7a43261456a29d0cd4c687477ba3109b7ef57302dbd01f",
        ..PYTHON_POST
    },
    // Java.
    Tc3Vector {
        body: COMPACT_BODY,
        content_type: "application/json; charset=utf-8",
        host: "127.0.0.1:8080",
        signed_host: "127.0.0.1:8080",
        service: "127",
        canonical_hash: "057320c4a6c02c7ff462e6393759a3d2b547d7b9d42cdecf6abc2d3c96cbe943",
        signature: "89e158e22ed0c472c94704b28b5c750d1d4e584dc8d920e70163062c48e8f018",
        ..PYTHON_POST
    },
    // The samples of the vendor's page.
    Tc3Vector {
        signed_headers: "content-type;host;x-tc-action",
        canonical_hash: "642091e6995790e81116f19b399912c7301a6f43f37131725b0e3dd70aa0ec9a",
        signature: "de53efb9a32c02c024b612bf87f30288baa5fe79240900e6769ad048acdf37fd",
        ..PYTHON_POST
    },
];

impl Tc3Vector {
    fn authorization(&self) -> String {
        format!(
            "TC3-HMAC-SHA256 Credential={SECRET_ID}/{DATE}/{}/tc3_request, SignedHeaders={}, Signature={}",
            self.service, self.signed_headers, self.signature
        )
    }

    fn verdict(&self, mode: AuthMode) -> Verdict {
        Sent {
            method: self.method,
            query: self.query,
            body: self.body,
            headers: &[
                ("Content-Type", self.content_type),
                ("Host", self.host),
                ("Authorization", &self.authorization()),
                ("X-TC-Action", "ListSecrets"),
                ("X-TC-Version", "2019-09-23"),
                ("X-TC-Timestamp", TIMESTAMP),
            ],
        }
        .verdict(mode)
    }
}

/// The access key of the request, or code and message of the error.
type Verdict = Result<Option<String>, (&'static str, String)>;

struct Sent<'a> {
    method: &'a str,
    query: &'a str,
    body: &'a str,
    headers: &'a [(&'a str, &'a str)],
}

impl Sent<'_> {
    fn verdict(&self, mode: AuthMode) -> Verdict {
        self.verdict_at(mode, 1_700_000_000)
    }

    fn verdict_at(&self, mode: AuthMode, now: i64) -> Verdict {
        let wire = WireRequest::new(
            self.method,
            "/",
            self.query,
            self.headers.to_vec(),
            Ok(Bytes::copy_from_slice(self.body.as_bytes())),
        );
        let credentials = Credentials::new("1000000000000000");
        credentials.add(SECRET_ID, SecretKey::new(SECRET_KEY), None);
        let auth = Auth {
            mode,
            credentials,
            nonces: Nonces::default(),
        };
        let context = Context {
            store: &Store::in_memory().unwrap(),
            auth: &auth,
            authority: None,
            is_logged: false,
            rate_limiter: None,
            alibaba_filter_match: None,
            now: FixedClock::new(DateTime::from_timestamp(now, 0).unwrap()).now(),
            now_in: &|_| DateTime::UNIX_EPOCH,
            request_id: "",
            notes: &Notes::default(),
            replies: &crate::clouds::reply_cache::ReplyCache::default(),
        };
        let mut request = Request::parse(Arc::new(wire), SERVICES);
        request
            .check()
            .and_then(|()| {
                let mut outcome = Outcome::new();
                Ok(
                    authenticate(&request, &context, &Settings::default(), &mut outcome)?
                        .map(str::to_owned),
                )
            })
            .map_err(|error| (error.code(), error.message(Language::English)))
    }
}

/// The access key of an accepted request.
#[track_caller]
fn key_of(verdict: Verdict) -> String {
    verdict
        .expect("the request is accepted")
        .expect("the request has a key")
}

fn code(verdict: Verdict) -> &'static str {
    verdict.map_or_else(|(code, _)| code, |_| "OK")
}

#[test]
fn every_step_of_tc3_equals_that_of_the_sdks() {
    let secret = SecretKey::new(SECRET_KEY);
    let date_key = tc3::secret_date(&secret, DATE);
    let service_key = tc3::secret_service(&date_key, "ssm");
    let signing_key = tc3::secret_signing(&service_key);
    assert_eq!(
        digest::sha256_hex(BODY.as_bytes()),
        "635b913f01d57c977e688905affe3b5cd46b57eac6406bd7601dbce61cad89e3"
    );
    assert_eq!(
        [&date_key, &service_key, &signing_key].map(hex::encode),
        [
            "c8999d28aa9a4776e5a868ac4235a35f094bcacfde96e8ed987ead3394bb239b",
            "bba9e9c9738f3aa7ccc3824bec002f1857c6d683fe58c3a582c1225ba8598925",
            "7ccf58c0137bd84b4775dcf2b5129d433ab1e708af3553596dde87b1c6925cb1",
        ]
    );
    for vector in TC3_VECTORS {
        let mut headers = vec![
            ("content-type", vector.content_type),
            ("host", vector.signed_host),
        ];
        if vector.signed_headers.ends_with("x-tc-action") {
            headers.push(("x-tc-action", "listsecrets"));
        }
        let body_hash = digest::sha256_hex(vector.body.as_bytes());
        let request = tc3::canonical_request(
            vector.method,
            "/",
            vector.query,
            headers,
            vector.signed_headers,
            &body_hash,
        );
        assert_eq!(
            digest::Hash::Sha256.hex_of_text(&request),
            vector.canonical_hash
        );
        let key = tc3::secret_signing(&tc3::secret_service(&date_key, vector.service));
        let string_to_sign = tc3::string_to_sign(TIMESTAMP, DATE, vector.service, &request);
        assert_eq!(tc3::signature(&key, &string_to_sign), vector.signature);
    }
}

#[test]
fn tc3_signatures_of_the_sdks_are_accepted() {
    for vector in TC3_VECTORS {
        assert_eq!(
            key_of(vector.verdict(AuthMode::Strict)),
            SECRET_ID,
            "{}",
            vector.signature
        );
        assert_eq!(key_of(vector.verdict(AuthMode::Lenient)), SECRET_ID);
    }
}

#[test]
fn tc3_signature_equals_the_example_of_the_vendor() {
    let secret = SecretKey::new("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
    let body =
        r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
    let content_type = ("content-type", "application/json; charset=utf-8");
    let host = ("host", "cvm.tencentcloudapi.com");
    let hash = digest::sha256_hex(body.as_bytes());
    let request = tc3::canonical_request(
        "POST",
        "/",
        "",
        [content_type, host],
        "content-type;host",
        &hash,
    );
    let string_to_sign = tc3::string_to_sign("1551113065", "2019-02-25", "cvm", &request);
    let key = tc3::secret_signing(&tc3::secret_service(
        &tc3::secret_date(&secret, "2019-02-25"),
        "cvm",
    ));
    assert_eq!(
        tc3::signature(&key, &string_to_sign),
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    );
    let newer = tc3::canonical_request(
        "POST",
        "/",
        "",
        [content_type, host, ("x-tc-action", "describeinstances")],
        "content-type;host;x-tc-action",
        &hash,
    );
    assert_eq!(
        digest::Hash::Sha256.hex_of_text(&newer),
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    );
}

#[test]
fn request_changed_after_signing_is_rejected() {
    let changed = [
        Tc3Vector {
            body: COMPACT_BODY,
            ..PYTHON_POST
        },
        Tc3Vector {
            content_type: "application/json; charset=utf-8",
            ..PYTHON_POST
        },
        Tc3Vector {
            host: "example.com",
            ..PYTHON_POST
        },
        Tc3Vector {
            service: "cvm",
            ..PYTHON_POST
        },
    ];
    for vector in changed {
        for mode in [AuthMode::Strict, AuthMode::Lenient] {
            assert_eq!(
                vector.verdict(mode),
                Err((
                    "AuthFailure.SignatureFailure",
                    "The provided credentials could not be validated. Please check your signature is correct.".to_owned()
                ))
            );
        }
        assert_eq!(key_of(vector.verdict(AuthMode::Off)), SECRET_ID);
    }
}

/// Authenticates a request with these headers for authorization, time stamp and version.
fn with_authorization(
    authorization: &str,
    timestamp: &str,
    version: &str,
    mode: AuthMode,
) -> Verdict {
    Sent {
        method: "POST",
        query: "",
        body: "{}",
        headers: &[
            ("content-type", JSON),
            ("host", HOST),
            ("x-tc-action", "ListSecrets"),
            ("authorization", authorization),
            ("x-tc-timestamp", timestamp),
            ("x-tc-version", version),
        ],
    }
    .verdict(mode)
}

#[test]
fn error_for_a_malformed_authorization_names_the_invalid_part() {
    for (authorization, part) in [
        ("TC3-HMAC-SHA512 Credential=a", "`Algorithm`"),
        ("TC3-HMAC-SHA256", "`Algorithm`"),
        ("Bearer x", "`Algorithm`"),
        ("TC3-HMAC-SHA256 Signature=1", "`SecretId` in Credential"),
        (
            "TC3-HMAC-SHA256 Credential=/2023-11-14/ssm/tc3_request",
            "`SecretId` in Credential",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/b/ssm/tc3_request",
            "`Date` in Credential",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2023-11-14",
            "`Date` in Credential",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2023-11-14/ssm",
            "`Service` in Credential",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2023-11-14//tc3_request",
            "`Service` in Credential",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2023-11-14/ssm/tc3_request",
            "`SignedHeaders`",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2023-11-14/ssm/tc3_request, SignedHeaders=host",
            "`Signature`",
        ),
    ] {
        for mode in [AuthMode::Strict, AuthMode::Lenient] {
            assert_eq!(
                with_authorization(authorization, TIMESTAMP, "2019-09-23", mode),
                Err((
                    "AuthFailure.InvalidAuthorization",
                    format!(
                        "The request `Authorization` header does not conform to tencentcloud standards: {part} not valid."
                    )
                )),
                "{authorization}"
            );
        }
        assert_eq!(
            with_authorization(authorization, "", "", AuthMode::Off),
            Ok(None)
        );
    }
}

#[test]
fn unsigned_request_is_rejected_only_in_strict_mode() {
    for authorization in ["", "SKIP"] {
        for mode in [AuthMode::Off, AuthMode::Lenient] {
            assert_eq!(with_authorization(authorization, "", "", mode), Ok(None));
        }
    }
    let strict = |authorization| {
        with_authorization(authorization, TIMESTAMP, "2019-09-23", AuthMode::Strict)
    };
    assert_eq!(
        strict(""),
        Err((
            "MissingParameter",
            "The request is missing a required parameter `Authorization`.".to_owned()
        ))
    );
    assert_eq!(code(strict("SKIP")), "AuthFailure.InvalidAuthorization");
}

#[test]
fn strict_mode_requires_the_headers_of_the_service_and_a_recent_time_stamp() {
    let authorization = PYTHON_POST.authorization();
    let strict = |timestamp, version| {
        with_authorization(&authorization, timestamp, version, AuthMode::Strict)
    };
    let missing = |name: &str| {
        Err((
            "MissingParameter",
            format!("The request is missing a required parameter `{name}`."),
        ))
    };
    assert_eq!(strict(TIMESTAMP, ""), missing("Version"));
    assert_eq!(strict("", "2019-09-23"), missing("Timestamp"));
    for stale in [
        "1699999699",
        "1700000301",
        "yesterday",
        "99999999999999999999",
    ] {
        assert_eq!(
            strict(stale, "2019-09-23"),
            Err((
                "AuthFailure.SignatureExpire",
                "Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation between `Timestamp` and the server time 1700000000.".to_owned()
            ))
        );
    }
    // At the limit the time stamp is valid. The request fails only because it was signed with another one.
    for fresh in ["1699999700", "1700000300"] {
        assert_eq!(
            code(strict(fresh, "2019-09-23")),
            "AuthFailure.SignatureFailure"
        );
    }
    let narrow = authorization.replace("content-type;host", "host");
    assert_eq!(
        code(with_authorization(
            &narrow,
            TIMESTAMP,
            "2019-09-23",
            AuthMode::Strict
        )),
        "AuthFailure.InvalidAuthorization"
    );
    let unknown = authorization.replace(SECRET_ID, "AKIDunknown");
    let unknown = |mode| with_authorization(&unknown, TIMESTAMP, "2019-09-23", mode);
    assert_eq!(
        unknown(AuthMode::Strict),
        Err((
            "AuthFailure.SecretIdNotFound",
            "The SecretId is not found, please ensure that your SecretId is correct.".to_owned()
        ))
    );
    assert_eq!(
        unknown(AuthMode::Lenient),
        Ok(Some("AKIDunknown".to_owned()))
    );
}

/// Near midnight, a client that uses its local date instead of UTC is rejected.
#[test]
fn credential_date_must_be_the_utc_date_of_the_time_stamp() {
    let secret = SecretKey::new(SECRET_KEY);
    let sign = |date: &str| {
        let hash = digest::sha256_hex(b"{}");
        let headers = [("content-type", JSON), ("host", HOST)];
        let request = tc3::canonical_request("POST", "/", "", headers, "content-type;host", &hash);
        let key = tc3::secret_signing(&tc3::secret_service(
            &tc3::secret_date(&secret, date),
            "ssm",
        ));
        let signature =
            tc3::signature(&key, &tc3::string_to_sign(TIMESTAMP, date, "ssm", &request));
        format!(
            "TC3-HMAC-SHA256 Credential={SECRET_ID}/{date}/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}"
        )
    };
    let verdict = |date| with_authorization(&sign(date), TIMESTAMP, "2019-09-23", AuthMode::Strict);
    assert_eq!(key_of(verdict("2023-11-14")), SECRET_ID);
    assert_eq!(code(verdict("2023-11-15")), "AuthFailure.SignatureFailure");
}

#[test]
fn unsigned_payload_may_have_any_body() {
    let secret = SecretKey::new(SECRET_KEY);
    let headers = [("content-type", JSON), ("host", HOST)];
    let body_hash = digest::sha256_hex(b"UNSIGNED-PAYLOAD");
    let request = tc3::canonical_request("POST", "/", "", headers, "content-type;host", &body_hash);
    let key = tc3::secret_signing(&tc3::secret_service(
        &tc3::secret_date(&secret, DATE),
        "ssm",
    ));
    let signature = tc3::signature(&key, &tc3::string_to_sign(TIMESTAMP, DATE, "ssm", &request));
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={SECRET_ID}/{DATE}/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}"
    );
    for (hash, expected) in [
        ("UNSIGNED-PAYLOAD", "OK"),
        ("", "AuthFailure.SignatureFailure"),
    ] {
        let verdict = Sent {
            method: "POST",
            query: "",
            body: r#"{"Limit":1}"#,
            headers: &[
                ("content-type", JSON),
                ("host", HOST),
                ("authorization", &authorization),
                ("x-tc-action", "ListSecrets"),
                ("x-tc-version", "2019-09-23"),
                ("x-tc-timestamp", TIMESTAMP),
                ("x-tc-content-sha256", hash),
            ],
        }
        .verdict(AuthMode::Strict);
        assert_eq!(code(verdict), expected);
    }
}

const V1_PARAMETERS: &str = "Action=ListSecrets&Language=en-US&Limit=20&Nonce=123456789&Offset=0&Region=ap-guangzhou&RequestClient=SDK_PYTHON_3.1.194&SecretId=AKIDEXAMPLEEXAMPLEEXAMPLEEXAMPLE0000&SignatureMethod=HmacSHA256&TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=dev&Timestamp=1700000000&Version=2019-09-23";

const V1_VECTORS: [(&str, &str, &str, &str); 4] = [
    (
        "POST",
        "HmacSHA256",
        HOST,
        "qL5d0aMy9imyE6VYP+JVf1pCBmsBjCGt2onPm/V98+M=",
    ),
    ("POST", "HmacSHA1", HOST, "FVLDxEoyUBxnvdjEN0qWcLKjl4o="),
    ("GET", "HmacSHA1", HOST, "quNImTcchLA+zfPQX0LZ6n5CC+k="),
    (
        "GET",
        "HmacSHA256",
        "127.0.0.1:8080",
        "bSv43FKrBiOqetEMDa7R6c92dYFqLErIJzyL7LXfO78=",
    ),
];

/// Authenticates a v1 request with these parameters in the query or the form.
fn v1_verdict(method: &str, host: &str, parameters: &str, mode: AuthMode) -> Verdict {
    let (query, body) = if method == "GET" {
        (parameters, "")
    } else {
        ("", parameters)
    };
    Sent {
        method,
        query,
        body,
        headers: &[("content-type", FORM), ("host", host)],
    }
    .verdict(mode)
}

fn with_signature(method: &str, signature: &str) -> String {
    let encoded = signature
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    format!(
        "{}&Signature={encoded}",
        V1_PARAMETERS.replace("HmacSHA256", method)
    )
}

#[test]
fn every_step_of_v1_equals_that_of_the_sdks() {
    let pairs: Vec<_> = V1_PARAMETERS
        .split('&')
        .rev()
        .map(|pair| pair.split_once('=').unwrap())
        .collect();
    let string_to_sign = v1::string_to_sign("POST", HOST, "/", pairs);
    assert_eq!(
        string_to_sign.to_string(),
        format!("POSTssm.tencentcloudapi.com/?{V1_PARAMETERS}")
    );
    // The example of the vendor's page.
    let example = "GETcvm.tencentcloudapi.com/?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Timestamp=1465185768&Version=2017-03-12";
    let secret = SecretKey::new("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
    assert_eq!(
        v1::signature(v1::SignatureMethod::HmacSha1, &secret, example),
        "EliP9YW3pW28FpsEdkXt/+WcGeI="
    );
}

#[test]
fn only_correct_v1_signatures_are_accepted() {
    for (method, signature_method, host, signature) in V1_VECTORS {
        let parameters = with_signature(signature_method, signature);
        let verdict = |parameters: &str| v1_verdict(method, host, parameters, AuthMode::Strict);
        assert_eq!(key_of(verdict(&parameters)), SECRET_ID, "{signature}");
        // Nonces are not stored, because one of the SDKs repeats them often.
        assert_eq!(key_of(verdict(&parameters)), SECRET_ID);
        let changed = parameters.replace("Limit=20", "Limit=21");
        assert_eq!(code(verdict(&changed)), "AuthFailure.SignatureFailure");
    }
    // Keys are sorted by bytes, so `.10` comes before `.2`.
    let pairs = [("T.2", "c"), ("T.10", "k"), ("Action", "A")];
    assert_eq!(
        v1::string_to_sign("GET", "h", "/", pairs).to_string(),
        "GETh/?Action=A&T.10=k&T.2=c"
    );
}

#[test]
fn v1_request_requires_all_common_parameters() {
    let (method, signature_method, host, signature) = V1_VECTORS[2];
    let whole = with_signature(signature_method, signature);
    for (name, value) in [
        ("Timestamp", TIMESTAMP),
        ("Nonce", "123456789"),
        ("SecretId", SECRET_ID),
        ("Version", "2019-09-23"),
    ] {
        let without = whole.replace(&format!("&{name}={value}"), "");
        assert_eq!(
            v1_verdict(method, host, &without, AuthMode::Strict),
            Err((
                "MissingParameter",
                format!("The request is missing a required parameter `{name}`.")
            ))
        );
    }
    let verdict =
        |from: &str, to: &str, mode| code(v1_verdict(method, host, &whole.replace(from, to), mode));
    let strict = |from, to| verdict(from, to, AuthMode::Strict);
    assert_eq!(strict("&Signature=", "&Sign="), "MissingParameter");
    assert_eq!(verdict("&Signature=", "&Sign=", AuthMode::Lenient), "OK");
    assert_eq!(strict("Nonce=123456789", "Nonce=x"), "InvalidParameter");
    assert_eq!(
        strict("Nonce=123456789", "Nonce=-5"),
        "AuthFailure.SignatureFailure"
    );
    assert_eq!(strict("HmacSHA1", "HmacMD5"), "InvalidParameterValue");
    assert_eq!(
        strict("Timestamp=1700000000", "Timestamp=1600000000"),
        "AuthFailure.SignatureExpire"
    );
    assert_eq!(
        strict(SECRET_ID, "AKIDunknown"),
        "AuthFailure.SecretIdNotFound"
    );
}

#[test]
fn default_signature_method_of_v1_is_hmac_sha1() {
    let pairs = "Action=ListSecrets&Nonce=1&SecretId=AKIDEXAMPLEEXAMPLEEXAMPLEEXAMPLE0000&Timestamp=1700000000&Version=2019-09-23";
    let signed = pairs.split('&').map(|pair| pair.split_once('=').unwrap());
    let string_to_sign = v1::string_to_sign("GET", HOST, "/", signed);
    let secret = SecretKey::new(SECRET_KEY);
    let signature = v1::signature(v1::SignatureMethod::HmacSha1, &secret, &string_to_sign);
    let encoded = signature
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let parameters = format!("{pairs}&Signature={encoded}");
    assert_eq!(
        key_of(v1_verdict("GET", HOST, &parameters, AuthMode::Strict)),
        SECRET_ID
    );
}

#[test]
fn form_above_one_megabyte_is_rejected_with_v1() {
    let (_, signature_method, host, signature) = V1_VECTORS[1];
    let long = format!(
        "{}&Description={}",
        with_signature(signature_method, signature),
        "d".repeat(1024 * 1024)
    );
    assert_eq!(
        v1_verdict("POST", host, &long, AuthMode::Lenient),
        Err((
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.".to_owned()
        ))
    );
}

#[test]
fn only_the_beginning_of_a_long_string_to_sign_is_shown() {
    let form = format!(
        "Action=ListSecrets&Nonce=1&SecretId={SECRET_ID}&Timestamp={TIMESTAMP}&Version=2019-09-23&Region={}&Signature=x",
        "r".repeat(200_000)
    );
    let wire = WireRequest::new(
        "POST",
        "/",
        "",
        [("Host", HOST), ("Content-Type", FORM)],
        Ok(Bytes::copy_from_slice(form.as_bytes())),
    );
    let request = Request::parse(Arc::new(wire), SERVICES);
    let signature = v1::Signature::of(&request).unwrap();
    let mismatch = v1::verify(&request, &signature, &SecretKey::new(SECRET_KEY), Vec::new);
    let shown = mismatch.unwrap().expect("the signature is wrong").server;
    assert!(shown.starts_with("POSTssm.tencentcloudapi.com/?Action=ListSecrets&"));
    assert!(shown.ends_with("r…"));
    assert_eq!(shown.len(), 64 * 1024 + '…'.len_utf8());
}
