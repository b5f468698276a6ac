//! Expected values are from examples on the vendor's pages, and from the signing functions of the
//! official SDKs: `aliyun-python-sdk-core` 2.16.1, `alibabacloud_tea_openapi` 0.4.6 and
//! `alibabacloud_gateway_pop` 0.1.3.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use std::sync::Arc;

use super::Expectation;
use super::acs::{self, Algorithm, Authorization, KeyScope};
use super::percent::canonical_query;
use super::v1::{self, SignatureMethod};
use crate::clouds::alibaba::SERVICES;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::auth::credentials::VerificationKey;
use crate::clouds::auth::rsa_key::RsaPublicKey;
use crate::clouds::diagnosis::{self, Mistake};
use crate::clouds::digest::{Hash, sha256_hex};
use crate::http::wire::WireRequest;
use crate::model::{Cloud, SecretKey};

const FILTERS: &str = r#"[{"Key":"SecretName","Values":["a b/c","d*~é"]}]"#;
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn secret(text: &str) -> SecretKey {
    SecretKey::new(text)
}

fn sign_v1(method: &str, key: &str, parameters: &[(&str, &str)]) -> String {
    let string_to_sign = v1::string_to_sign(method, canonical_query(parameters.iter().copied()));
    v1::signature(SignatureMethod::HmacSha1, &secret(key), string_to_sign)
}

#[test]
fn v1_signature_equals_the_example_of_the_kms_page() {
    let parameters = [
        ("AccessKeyId", "testid"),
        ("Action", "CreateKey"),
        ("Format", "json"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2016-03-28T03:13:08Z"),
        ("Version", "2016-01-20"),
    ];
    assert_eq!(
        sign_v1("GET", "testsecret", &parameters),
        "41wk2SSX1GJh7fwnc5eqOfiJPFg="
    );
}

#[test]
fn v1_signature_equals_the_example_of_the_rpc_page() {
    let parameters = [
        ("AccessKeyId", "testid"),
        ("Action", "DescribeDedicatedHosts"),
        ("Format", "JSON"),
        ("RegionId", "cn-beijing"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "edb2b34af0af9a6d14deaf7c1a5315eb"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2023-03-13T08:34:30Z"),
        ("Version", "2014-05-26"),
    ];
    assert_eq!(
        sign_v1("GET", "testsecret", &parameters),
        "9NaGiOspFP5UPcwX8Iwt2YJXXuk="
    );
    assert_eq!(
        sign_v1("POST", "testsecret", &parameters),
        "ZvQ9xGiFnquSJRvj+WE6kdSpTwU="
    );
}

#[test]
fn every_step_of_the_v1_signature_of_list_secrets_equals_that_of_the_sdk() {
    let parameters = [
        ("Action", "ListSecrets"),
        ("Version", "2016-01-20"),
        ("Format", "JSON"),
        ("Filters", FILTERS),
        ("FetchTags", "true"),
        ("PageNumber", "1"),
        ("PageSize", "2"),
        ("AccessKeyId", "testid"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", "00000000000000000000000000000001"),
        ("Timestamp", "2024-01-02T03:04:05Z"),
    ];
    let canonical = canonical_query(parameters).to_string();
    assert_eq!(
        canonical,
        "AccessKeyId=testid&Action=ListSecrets&FetchTags=true&Filters=%5B%7B%22Key%22%3A%22SecretName%22%2C%22Values%22%3A%5B%22a%20b%2Fc%22%2C%22d%2A~%C3%A9%22%5D%7D%5D&Format=JSON&PageNumber=1&PageSize=2&SignatureMethod=HMAC-SHA1&SignatureNonce=00000000000000000000000000000001&SignatureVersion=1.0&Timestamp=2024-01-02T03%3A04%3A05Z&Version=2016-01-20"
    );
    assert_eq!(
        v1::string_to_sign("GET", &canonical).to_string(),
        "GET&%2F&AccessKeyId%3Dtestid%26Action%3DListSecrets%26FetchTags%3Dtrue%26Filters%3D%255B%257B%2522Key%2522%253A%2522SecretName%2522%252C%2522Values%2522%253A%255B%2522a%2520b%252Fc%2522%252C%2522d%252A~%25C3%25A9%2522%255D%257D%255D%26Format%3DJSON%26PageNumber%3D1%26PageSize%3D2%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000000000000000000000000001%26SignatureVersion%3D1.0%26Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2016-01-20"
    );
    assert_eq!(
        sign_v1("GET", "testsecret", &parameters),
        "y/0mf3Sn9IcV2NDa+o0NWoeKb6s="
    );
    assert_eq!(
        sign_v1("POST", "testsecret", &parameters),
        "E6S5yQwDnjLUZXNIBa3UqSKCjdI="
    );
}

fn v1_request(query: &str, form: &str) -> Request {
    let headers = vec![("content-type", "application/x-www-form-urlencoded")];
    let body = Bytes::copy_from_slice(form.as_bytes());
    let wire = WireRequest::new("POST", "/", query, headers, Ok(body));
    Request::parse(Arc::new(wire), SERVICES)
}

/// Computes the signature of a received request, and its explanation.
fn sign_v1_request(query: &str, form: &str, key: &str) -> (String, String) {
    let request = v1_request(query, form);
    let string_to_sign = v1::string_to_sign_of(&request, false);
    (
        v1::signature(SignatureMethod::HmacSha1, &secret(key), string_to_sign),
        v1::expectation(&request).explanation,
    )
}

#[test]
fn v1_signature_covers_query_and_form_and_its_explanation_masks_secret_values() {
    let query = "Action=CreateSecret&Version=2016-01-20&Format=json&SecretName=s1&VersionId=v1&AccessKeyId=testid&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=00000000000000000000000000000002&Timestamp=2024-01-02T03%3A04%3A05Z&Signature=x";
    let (signature, explanation) =
        sign_v1_request(query, "SecretData=p%40ss+w%2Brd%2F~%2A%C3%A9", "testsecret");
    assert_eq!(signature, "/dsCpMjTWvzaMq6U44+GeukOwx4=");
    assert_eq!(
        explanation,
        "server string to sign is:POST&%2F&AccessKeyId%3Dtestid%26Action%3DCreateSecret%26Format%3Djson%26SecretData%3D%252A%252A%252A%26SecretName%3Ds1%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000000000000000000000000002%26SignatureVersion%3D1.0%26Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2016-01-20%26VersionId%3Dv1"
    );
}

#[test]
fn every_step_of_the_v1_signature_of_create_secret_equals_that_of_the_sdk() {
    let canonical = canonical_query([
        ("Action", "CreateSecret"),
        ("Version", "2016-01-20"),
        ("Format", "json"),
        ("SecretName", "s1"),
        ("VersionId", "v1"),
        ("AccessKeyId", "testid"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", "00000000000000000000000000000002"),
        ("Timestamp", "2024-01-02T03:04:05Z"),
        ("SecretData", "p@ss w+rd/~*é"),
    ])
    .to_string();
    assert_eq!(
        canonical,
        "AccessKeyId=testid&Action=CreateSecret&Format=json&SecretData=p%40ss%20w%2Brd%2F~%2A%C3%A9&SecretName=s1&SignatureMethod=HMAC-SHA1&SignatureNonce=00000000000000000000000000000002&SignatureVersion=1.0&Timestamp=2024-01-02T03%3A04%3A05Z&Version=2016-01-20&VersionId=v1"
    );
    assert_eq!(
        v1::string_to_sign("POST", &canonical).to_string(),
        "POST&%2F&AccessKeyId%3Dtestid%26Action%3DCreateSecret%26Format%3Djson%26SecretData%3Dp%2540ss%2520w%252Brd%252F~%252A%25C3%25A9%26SecretName%3Ds1%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000000000000000000000000002%26SignatureVersion%3D1.0%26Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2016-01-20%26VersionId%3Dv1"
    );
}

#[test]
fn v1_signature_covers_security_tokens_and_empty_parameters() {
    let query = "Action=GetSecretValue&Version=2016-01-20&Format=JSON&SecretName=s1&AccessKeyId=STS.id&SecurityToken=tok%2Fen%2B%3D%3D&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=00000000000000000000000000000003&Timestamp=2024-01-02T03:04:05Z";
    let (signature, explanation) = sign_v1_request(query, "", "stssecret");
    assert_eq!(signature, "xLLQH8ri/tJVSUGkt/f0Sfob/LE=");
    assert!(!explanation.contains("tok"));
    let query = "Version=2016-01-20&Action=ListSecrets&PageNumber=1&Timestamp=2024-01-02T03%3A04%3A05Z&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=00000000000000000000000000000003&AccessKeyId=testid&Format=JSON";
    assert_eq!(
        sign_v1_request(query, "PageSize=5", "testsecret").0,
        "MViuRzYXf9HdXv0ruYXxBlIQfNw="
    );
}

#[test]
fn acs3_signature_equals_the_example_of_the_page() {
    let headers: Vec<(&str, String)> = [
        ("host", "ecs.cn-shanghai.aliyuncs.com"),
        ("x-acs-action", "RunInstances"),
        ("x-acs-content-sha256", EMPTY),
        ("x-acs-date", "2023-10-26T10:22:32Z"),
        ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
        ("x-acs-version", "2014-05-26"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let query = canonical_query([
        (
            "ImageId",
            "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        ),
        ("RegionId", "cn-shanghai"),
    ]);
    let signed =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let canonical_request = acs::canonical_request("POST", &query, &headers, signed, EMPTY);
    assert_eq!(
        Hash::Sha256.hex_of_text(&canonical_request),
        "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    let string_to_sign = acs::string_to_sign(Algorithm::Acs3, &canonical_request);
    assert_eq!(
        acs::signature(Algorithm::Acs3, b"YourAccessKeySecret", &string_to_sign),
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
}

const LIST_QUERY: &str = "FetchTags=true&Filters=%5B%7B%22Key%22:%22SecretName%22,%22Values%22:%5B%22a+b/c%22,%22d*~%C3%A9%22%5D%7D%5D&PageNumber=1&PageSize=2";
const MINIMAL: &str =
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

const EMPTY_SM3: &str = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
const SCOPE: KeyScope = KeyScope {
    date: "20240102",
    region: "cn-hangzhou",
    product: "Kms",
};

/// A test vector for ACS signatures: the request and the expected values.
struct Vector {
    name: &'static str,
    action: &'static str,
    nonce: &'static str,
    query: &'static str,
    extra: &'static [(&'static str, &'static str)],
    signed_headers: &'static str,
    body: &'static str,
    key: &'static str,
    canonical_request: &'static str,
    signature: &'static str,
}

const VECTORS: [Vector; 6] = [
    Vector {
        name: "minimal headers",
        action: "ListSecrets",
        nonce: "00000000000000000000000000000001",
        query: LIST_QUERY,
        extra: &[],
        signed_headers: MINIMAL,
        body: "",
        key: "testsecret",
        canonical_request: "69cd2fe31ee2f3e81407de0e2fe146bd56e1f9dba832b24be7ad2e08be7f2778",
        signature: "001fbf2b2a9f535f0988d78fcd63decc407f0b7a6bea76ca05dc801321bfa79d",
    },
    Vector {
        name: "every header signed, as Python does",
        action: "ListSecrets",
        nonce: "00000000000000000000000000000001",
        query: LIST_QUERY,
        extra: &[
            ("accept", "application/json"),
            ("user-agent", "test/1.0"),
            ("x-acs-credentials-provider", "static_ak"),
        ],
        signed_headers: "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version",
        body: "",
        key: "testsecret",
        canonical_request: "8aa9fa35a00cb0b3d4e96c0a419751abb960d1c7a42b6eb2bf1309d5c932cd40",
        signature: "9345d6d5a974624cf52631eb172cbd639698331cd80d5c5d5b8d4a36d8cdf7a5",
    },
    Vector {
        name: "some headers unsigned, as Node, Go and Java do",
        action: "ListSecrets",
        nonce: "00000000000000000000000000000001",
        query: LIST_QUERY,
        extra: &[
            ("accept", "application/json"),
            ("user-agent", "test/1.0"),
            ("x-acs-credentials-provider", "static_ak"),
        ],
        signed_headers: "host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version",
        body: "",
        key: "testsecret",
        canonical_request: "ec7a9e59460696dc1012df0c0c1acd584eb66fbd4dac20863213877a7f761f86",
        signature: "e1d149370f8e3c6c55870188678a4747c6af908cafb6464382c5f55f0df9304f",
    },
    Vector {
        name: "form body",
        action: "CreateSecret",
        nonce: "00000000000000000000000000000002",
        query: "SecretName=s1&VersionId=v1",
        extra: &[("content-type", "application/x-www-form-urlencoded")],
        signed_headers: "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
        body: "SecretData=p%40ss+w%2Brd%2F~%2A%C3%A9",
        key: "testsecret",
        canonical_request: "456df4d01920ec37658d10bedcf449013af1cae89c2b1f776f84b15a1605f506",
        signature: "a7b5cfad23e62629ad7484868f80af536783d8035e27ca228feb128c5913c8ce",
    },
    Vector {
        name: "STS token",
        action: "GetSecretValue",
        nonce: "00000000000000000000000000000003",
        query: "SecretName=s1",
        extra: &[
            ("x-acs-accesskey-id", "STS.id"),
            ("x-acs-security-token", "tok/en+=="),
        ],
        signed_headers: "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version",
        body: "",
        key: "stssecret",
        canonical_request: "e1f59ca0597e4468fd56a3df245cc963364c7f85191c03e2ba99e995c1ef66c5",
        signature: "ee654e614623198f136a7ad9fe97de04aacd804332400f6f2f2aa9a1b1de5e0e",
    },
    Vector {
        name: "two parameters",
        action: "ListSecrets",
        nonce: "00000000000000000000000000000001",
        query: "PageNumber=1&PageSize=2",
        extra: &[],
        signed_headers: MINIMAL,
        body: "",
        key: "testsecret",
        canonical_request: "079ed140a292ebec34c9651504872b246679b0893beff06a5c8e7fbced3a8c89",
        signature: "a90aff7861e9c173c7ab224d1aeb49da0169e5c80f787b8190022f2d4fe68a19",
    },
];

/// Computes the signature of the vector's request with this `Authorization` header.
fn sign_acs_request(vector: &Vector, authorization: &str) -> (String, Expectation) {
    let digest = sha256_hex(vector.body.as_bytes());
    let mut headers = vec![
        ("Host", "127.0.0.1:8080"),
        ("X-Acs-Action", vector.action),
        ("x-acs-content-sha256", &digest),
        ("x-acs-date", "2024-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", vector.nonce),
        ("x-acs-version", "2016-01-20"),
    ];
    headers.extend(vector.extra);
    let wire = WireRequest::new(
        "POST",
        "/",
        vector.query,
        headers,
        Ok(Bytes::copy_from_slice(vector.body.as_bytes())),
    );
    let request = Request::parse(Arc::new(wire), SERVICES);
    let authorization = Authorization::parse(authorization).unwrap();
    let string_to_sign = acs::string_to_sign_of(&request, &authorization);
    let key = acs::signing_key(authorization.algorithm, &secret(vector.key));
    let signature = acs::signature(authorization.algorithm, &key, &string_to_sign);
    (signature, acs::expectation(&request, &authorization))
}

#[test]
fn acs3_signatures_equal_those_of_the_sdks() {
    for vector in &VECTORS {
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={},Signature=x",
            vector.signed_headers
        );
        let (signature, expectation) = sign_acs_request(vector, &authorization);
        assert_eq!(signature, vector.signature, "{}", vector.name);
        assert!(
            !expectation.explanation.contains("tok/en"),
            "{}",
            vector.name
        );
        assert!(
            expectation.explanation.ends_with(&format!(
                "server string to sign is:ACS3-HMAC-SHA256\n{}",
                vector.canonical_request
            )),
            "{}",
            vector.name
        );
    }
}

#[test]
fn canonical_request_of_acs3_has_the_documented_lines() {
    let authorization =
        format!("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={MINIMAL},Signature=x");
    assert_eq!(
        sign_acs_request(&VECTORS[0], &authorization).1.shown,
        "POST
/
FetchTags=true&Filters=%5B%7B%22Key%22%3A%22SecretName%22%2C%22Values%22%3A%5B%22a%20b%2Fc%22%2C%22d%2A~%C3%A9%22%5D%7D%5D&PageNumber=1&PageSize=2
host:127.0.0.1:8080
x-acs-action:ListSecrets
x-acs-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-acs-date:2024-01-02T03:04:05Z
x-acs-signature-nonce:00000000000000000000000000000001
x-acs-version:2016-01-20

host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

#[test]
fn acs4_derives_its_key_from_date_region_and_product() {
    let algorithm = Algorithm::Acs4(SCOPE);
    assert_eq!(
        hex::encode(acs::signing_key(algorithm, &secret("testsecret"))),
        "a91ab2ed8fa61534daba1dc1fe7907e9d82c64b6737f2bf671e05af833da9a85"
    );
    let authorization = format!(
        "ACS4-HMAC-SHA256 Credential=testid/20240102/cn-hangzhou/Kms/aliyun_v4_request,SignedHeaders={MINIMAL},Signature=x"
    );
    let (signature, _) = sign_acs_request(&VECTORS[5], &authorization);
    assert_eq!(
        signature,
        "42ef557a370e631c81d0dbdca59909a95660f122391b4e07c7f0ad2c611bd230"
    );
}

/// A request with an SM3 or RSA signature. `digest` is the header of the digest of the body, with its value.
fn acs_request(vector: &Vector, digest: (&str, &str)) -> Request {
    let mut headers = vec![
        ("host", "127.0.0.1:8080"),
        ("x-acs-action", vector.action),
        digest,
        ("x-acs-date", "2024-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", vector.nonce),
        ("x-acs-version", "2016-01-20"),
    ];
    headers.extend(vector.extra);
    let body = Bytes::copy_from_slice(vector.body.as_bytes());
    let wire = WireRequest::new("POST", "/", vector.query, headers, Ok(body));
    Request::parse(Arc::new(wire), SERVICES)
}

/// The digests of the bodies, the digests of the canonical requests and the signatures are by `openssl dgst -sm3`
/// and `gmssl` 3.2.2, which agree with the SDKs.
#[test]
fn sm3_signatures_equal_those_of_the_sdks() {
    assert_eq!(
        Hash::Sm3.hex(b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    let key = VerificationKey::Secret(secret("testsecret"));
    let acs4 = format!(
        "testid/{}/{}/{}/aliyun_v4_request",
        SCOPE.date, SCOPE.region, SCOPE.product
    );
    for (vector, algorithm, credential, header, digest, canonical_request, signature) in [
        (
            &VECTORS[0],
            "ACS3-HMAC-SM3",
            "testid",
            "x-acs-content-sha256",
            EMPTY_SM3,
            Some("b32d64dc1de212485a19953f8410ef66bf8f44f16a1e57cd55ad5884a9ca7978"),
            "d435bcf61aa4e577412375e834091bcdaf0304ad3cb5e90dcc977bf90678f2e4",
        ),
        (
            &VECTORS[3],
            "ACS3-HMAC-SM3",
            "testid",
            "x-acs-content-sha256",
            "72cebe7b4f494dfc1201e166bf7abe45746d922bd54a6da619a265f4e9e0c7ee",
            Some("5c8f0ffda683ab96fb4e86ad29441a09c71ccf6b511d98e16a51b125a2f62893"),
            "cdc719c4d702ed5a0ac0cbfcc671a69127dbd5de6e12976ab07af512013f6ddc",
        ),
        (
            &VECTORS[5],
            "ACS4-HMAC-SM3",
            &acs4,
            "x-acs-content-sm3",
            EMPTY_SM3,
            None,
            "82c62100a34b71e7c501e37f01b6c6c0763445f57c432188dca66799a32cabdd",
        ),
    ] {
        let signed = vector
            .signed_headers
            .replace("x-acs-content-sha256", header);
        let header_value = format!(
            "{algorithm} Credential={credential},SignedHeaders={signed},Signature={signature}"
        );
        let authorization = Authorization::parse(&header_value).unwrap();
        let request = acs_request(vector, (header, digest));
        assert_eq!(acs::wrong_digest(&request, &authorization), None);
        let string_to_sign = acs::string_to_sign_of(&request, &authorization);
        if let Some(canonical_request) = canonical_request {
            assert_eq!(string_to_sign, format!("{algorithm}\n{canonical_request}"));
        }
        let verifier = authorization.algorithm.verifier(&key).unwrap();
        assert!(
            verifier.accepts(signature, &string_to_sign),
            "{algorithm}, {}",
            vector.name
        );
        assert!(!verifier.accepts(signature, format!("{string_to_sign} ")));
    }
    assert_eq!(
        hex::encode(acs::signing_key(
            Algorithm::Acs4Sm3(SCOPE),
            &secret("testsecret")
        )),
        "24e890fec2557c47f07fc6f1457502454bd568bb24a1b1a5f68f7beebe276583"
    );
}

fn rsa_key() -> VerificationKey {
    let pem = include_bytes!("../../../../../tests/keys/rsa.pub.pem");
    VerificationKey::Rsa(RsaPublicKey::from_pem(pem).unwrap())
}

/// The signatures are by `openssl dgst -sha256 -sign`, which agree with the SDKs.
#[test]
fn rsa_signatures_of_the_sdks_are_accepted() {
    let key = rsa_key();
    for (vector, signature) in [
        (
            &VECTORS[0],
            "2700321bf5a406a64a0b021022b267d8e191c9c648304bbff9b9d57fd81a580105e0cefe94c6d3de3328d78a5c8653a036b3f6cefca8e33a91a6d62d15a34799343ae2cdf0f5ad23e8af61be7bd2bf48952e7beadcb2f327ae2c70f1085059c1525b6d963b8d1543627770bc26a766df3fa669effeadf1448a25df41ea800f9540dce7956319784ddc461dc831a13368bb0f8b2a70500a00de9c3690b4f8ba1b692c548d5ff13897f6654f92f99a86014c9fe2f13645c8d76b3229030e41abab834082e1cd28fbdb02746fb7b1028cae53ca9949fa73d639c759c8477e2643dd0ed6ba486ab5f66b83d5d4de79d5fab8c8690407122f6f41d4eaad325bc2187c",
        ),
        (
            &VECTORS[3],
            "8e489d9d065e90d6e2c2cf170ccdd58177bd501fea8fd3b77218ca4dccb8d7a48905f029618e306e7664563cb5aa2533908bebb858b5a62f845962e0a3f41b16eff6a2260ddfb5d9876ea9323c9925cf486ffd385c48b489be3ed194146a1bc1fc7c721467b0b1112d6ae80f7379e484abfd40332b9c1254f2e23dede8f6d62bacda2476278e7740df6951ecc9d29e90f1eb136fba0dd8432c3e3ffa63099b780a3ecda85eaa1ebc62182d400b5ff9b69573962949edb482758892bdf7477f68a256064dd0e8b7e1c1fb922e0748299f920611eaaad14b04fdb7acc776d0959f358ae07a15de260c5b57af0c9035ea16e81a1f170674026b8ea2aa7ec8d4f39e",
        ),
    ] {
        let header = format!(
            "ACS3-RSA-SHA256 Credential=testid,SignedHeaders={},Signature={signature}",
            vector.signed_headers
        );
        let authorization = Authorization::parse(&header).unwrap();
        let digest = sha256_hex(vector.body.as_bytes());
        let request = acs_request(vector, ("x-acs-content-sha256", &digest));
        let string_to_sign = acs::string_to_sign_of(&request, &authorization);
        assert_eq!(
            string_to_sign,
            format!("ACS3-RSA-SHA256\n{}", vector.canonical_request)
        );
        let verifier = authorization.algorithm.verifier(&key).unwrap();
        assert!(
            verifier.accepts(signature, &string_to_sign),
            "{}",
            vector.name
        );
        assert!(!verifier.accepts(signature, format!("{string_to_sign} ")));
        assert!(!verifier.accepts(&signature.replacen("27", "28", 1), "x"));
    }
    let query = "Action=CreateSecret&Version=2016-01-20&Format=JSON&SecretName=s1&VersionId=v1&AccessKeyId=testid&SignatureMethod=SHA256withRSA&SignatureType=PRIVATEKEY&SignatureVersion=1.0&SignatureNonce=00000000000000000000000000000002&Timestamp=2024-01-02T03%3A04%3A05Z&Signature=x";
    let request = v1_request(query, "SecretData=p%40ss+w%2Brd%2F~%2A%C3%A9");
    let string_to_sign = v1::string_to_sign_of(&request, false).to_string();
    assert_eq!(
        string_to_sign,
        "POST&%2F&AccessKeyId%3Dtestid%26Action%3DCreateSecret%26Format%3DJSON%26SecretData%3Dp%2540ss%2520w%252Brd%252F~%252A%25C3%25A9%26SecretName%3Ds1%26SignatureMethod%3DSHA256withRSA%26SignatureNonce%3D00000000000000000000000000000002%26SignatureType%3DPRIVATEKEY%26SignatureVersion%3D1.0%26Timestamp%3D2024-01-02T03%253A04%253A05Z%26Version%3D2016-01-20%26VersionId%3Dv1"
    );
    let verifier = v1::verifier(&request, &key).unwrap().unwrap();
    let signature = "niB4uxrQ9oOJzO3NNxwI0U5qfawtQBk/JAaz8B98aI6JhHvxyGQWs2TTxcg06Sy27B036/p6hJSg+oBPBhwnUDJUhRs435e/+iFBdog7aqQnL/qgRNIr9MRZbFSFN0te8zH5PNh+tt8gfxNfb7pEb5PmQReuQy7VOyKioaw5WvLpkuX2cBHZAMUfTgOW58Z2X1aItdo3CJ9///OhGltaro7sDBXa/fvvWeO95wxkYD3z4byjX8KzG89txrgI5DPqIbeHFpR1UdSl/O0vqMxL910jjjMeD8mYnIRT75Vp66U30brdtgDh9tKnOXFcrypNiSzZ5xaObxfLPspm6lSewQ==";
    assert!(verifier.accepts(signature, &string_to_sign));
    assert!(!verifier.accepts(signature, format!("{string_to_sign} ")));
    assert!(!verifier.accepts("no Base64", &string_to_sign));
}

#[test]
fn a_key_verifies_only_its_own_algorithms() {
    let (hmac, rsa) = (VerificationKey::Secret(secret("s")), rsa_key());
    let algorithms = [
        (Algorithm::Acs3, false),
        (Algorithm::Acs3Sm3, false),
        (Algorithm::Acs3Rsa, true),
        (Algorithm::Acs4(SCOPE), false),
        (Algorithm::Acs4Sm3(SCOPE), false),
    ];
    for (algorithm, is_rsa) in algorithms {
        assert_eq!(algorithm.verifier(&rsa).is_some(), is_rsa, "{algorithm:?}");
        assert_eq!(
            algorithm.verifier(&hmac).is_some(),
            !is_rsa,
            "{algorithm:?}"
        );
    }
    for (method, is_rsa) in [
        ("HMAC-SHA1", false),
        ("HMAC-SHA256", false),
        ("SHA256withRSA", true),
    ] {
        let request = v1_request(&format!("SignatureMethod={method}"), "");
        let verifier = |key| v1::verifier(&request, key).unwrap();
        assert_eq!(verifier(&rsa).is_some(), is_rsa, "{method}");
        assert_eq!(verifier(&hmac).is_some(), !is_rsa, "{method}");
    }
}

#[test]
fn invalid_authorization_header_is_rejected_as_a_whole() {
    let parsed =
        Authorization::parse("ACS3-HMAC-SHA256 Credential=a, SignedHeaders=b;c, Signature=d")
            .unwrap();
    assert_eq!(
        (
            parsed.access_key_id,
            parsed.signed_headers,
            parsed.signature
        ),
        ("a", "b;c", "d")
    );
    for header in [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 ",
        "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b",
        "ACS3-HMAC-SHA256 Credential=a,Signature=d",
        "ACS3-HMAC-SHA256 SignedHeaders=b,Signature=d",
        "ACS3-HMAC-SHA1 Credential=a,SignedHeaders=b,Signature=d",
        "ACS3-RSA-SM3 Credential=a,SignedHeaders=b,Signature=d",
        "ACS4-RSA-SHA256 Credential=a/1/r/Kms/aliyun_v4_request,SignedHeaders=b,Signature=d",
        "ACS4-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=d",
        "ACS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=d",
        "ACS4-HMAC-SHA256 Credential=a/1/r/Kms/other,SignedHeaders=b,Signature=d",
    ] {
        assert!(Authorization::parse(header).is_none(), "{header}");
    }
}

/// The diagnosis in the log of a V1 request that was signed with this key over this string.
fn diagnosis_of_v1(query: &str, form: &str, key: &str, signed: &str) -> String {
    let request = v1_request(query, form);
    let shown = v1::expectation(&request).shown;
    let signature = STANDARD.encode(Hash::Sha1.hmac(key.as_bytes(), signed));
    let secret = secret("s");
    let key = VerificationKey::Secret(secret.clone());
    let verifier = v1::verifier(&request, &key).unwrap().unwrap();
    let attempts = || v1::attempts(&request, "id", &verifier, Some(&secret));
    let otherwise = Mistake::WrongSecret;
    diagnosis::explain(Cloud::Alibaba, &signature, shown, 0, otherwise, attempts).diagnosis
}

#[test]
fn common_mistakes_of_v1_signers_are_diagnosed() {
    let query = "FetchTags=x%20y&Filters=*&PageNumber=~&PageSize=";
    let right = "POST&%2F&FetchTags%3Dx%2520y%26Filters%3D%252A%26PageNumber%3D~%26PageSize%3D%26SecretData%3Dp";
    for (key, signed, expected) in [
        (
            "s&",
            right.replacen("POST", "GET", 1),
            "the HTTP method signed is not the one sent; first difference at character 0",
        ),
        (
            "s&",
            "POST&%2F&FetchTags=x%20y&Filters=%2A&PageNumber=~&PageSize=&SecretData=p".to_owned(),
            "the canonical query is not percent-encoded a second time; first difference at character 18",
        ),
        (
            "s&",
            right.replace("%2520", "%2B"),
            "spaces are encoded as `+`, not `%20`; first difference at character 24",
        ),
        (
            "s&",
            right.replace("%252A", "%2A"),
            "`*` is left unencoded; first difference at",
        ),
        (
            "s&",
            right.replace('~', "%257E"),
            "`~` is encoded as `%7E`; first difference at",
        ),
        (
            "s&",
            right.replace("%26SecretData%3Dp", ""),
            "parameters of the form body are not signed; first difference at",
        ),
        (
            "s&",
            right.replace("%26PageSize%3D", ""),
            "empty parameters are not signed; first difference at",
        ),
        (
            "s",
            right.to_owned(),
            "the key lacks the `&` that follows the secret",
        ),
        (
            "other&",
            right.to_owned(),
            "the AccessKey Secret is probably wrong",
        ),
    ] {
        let diagnosis = diagnosis_of_v1(query, "SecretData=p", key, &signed);
        assert!(diagnosis.starts_with(expected), "{expected}: {diagnosis}");
        assert!(!diagnosis.contains("SecretData%3Dp"), "{diagnosis}");
    }
}

#[test]
fn common_mistakes_of_acs_signers_are_diagnosed() {
    let authorization = "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=x";
    let authorization = Authorization::parse(authorization).unwrap();
    let headers = vec![("Host", "127.0.0.1:8080")];
    let wire = WireRequest::new("POST", "/", "Filters=x%20*", headers, Ok(Bytes::new()));
    let request = Request::parse(Arc::new(wire), SERVICES);
    let right = format!("POST\n/\nFilters=x%20%2A\nhost:127.0.0.1:8080\n\nhost\n{EMPTY}");
    for (key, signed, expected) in [
        (
            "s",
            right.replace(":8080", ""),
            "the host is signed without its port; first difference at",
        ),
        (
            "s",
            right.replacen("POST", "GET", 1),
            "the HTTP method signed is not the one sent; first difference at",
        ),
        (
            "s",
            right.replace("%20", "+"),
            "spaces are encoded as `+`, not `%20`; first difference at",
        ),
        (
            "s",
            right.replace("%2A", "*"),
            "`*` is left unencoded; first difference at",
        ),
        (
            "s",
            right.replace(EMPTY, ""),
            "the empty body is signed as an empty text, not as its digest; first difference at",
        ),
        (
            "s&",
            right.clone(),
            "the key has an `&` after the secret, as in V1",
        ),
        (
            "other",
            right.clone(),
            "the AccessKey Secret is probably wrong",
        ),
    ] {
        let string_to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(signed.as_bytes()));
        let algorithm = authorization.algorithm;
        let signature = acs::signature(algorithm, key.as_bytes(), &string_to_sign);
        let shown = acs::expectation(&request, &authorization).shown;
        let secret = secret("s");
        let key = VerificationKey::Secret(secret.clone());
        let verifier = algorithm.verifier(&key).unwrap();
        let attempts = || {
            acs::attempts(
                &request,
                &authorization,
                verifier,
                Some(&secret),
                Vec::new(),
            )
        };
        let otherwise = Mistake::WrongSecret;
        let explained =
            diagnosis::explain(Cloud::Alibaba, &signature, shown, 0, otherwise, attempts);
        let diagnosis = explained.diagnosis;
        assert!(diagnosis.starts_with(expected), "{expected}: {diagnosis}");
    }
}
