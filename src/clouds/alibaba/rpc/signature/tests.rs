//! Expected values are from examples on the vendor's pages, and from the signing functions of the
//! official SDKs: `aliyun-python-sdk-core` 2.16.1, `alibabacloud_tea_openapi` 0.4.6 and
//! `alibabacloud_gateway_pop` 0.1.3.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use std::sync::Arc;

use super::Expectation;
use super::acs::{self, Algorithm, Authorization};
use super::percent::canonical_query;
use super::v1::{self, SignatureMethod};
use crate::clouds::alibaba::SERVICES;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::diagnosis;
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

/// Computes the signature of a received request, and its explanation.
fn sign_v1_request(query: &str, form: &str, key: &str) -> (String, String) {
    let headers = vec![("content-type", "application/x-www-form-urlencoded")];
    let wire = WireRequest::new(
        "POST",
        "/",
        query,
        headers,
        Ok(Bytes::copy_from_slice(form.as_bytes())),
    );
    let request = Request::parse(Arc::new(wire), SERVICES);
    (
        v1::signature_of(&request, &secret(key)).unwrap(),
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
        acs::signature(b"YourAccessKeySecret", &string_to_sign),
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
}

const LIST_QUERY: &str = "FetchTags=true&Filters=%5B%7B%22Key%22:%22SecretName%22,%22Values%22:%5B%22a+b/c%22,%22d*~%C3%A9%22%5D%7D%5D&PageNumber=1&PageSize=2";
const MINIMAL: &str =
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

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
    let signature = acs::signature_of(&request, &authorization, &secret(vector.key));
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
    let algorithm = Algorithm::Acs4 {
        date: "20240102",
        region: "cn-hangzhou",
        product: "Kms",
    };
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
        "ACS3-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=d",
        "ACS3-RSA-SHA256 Credential=a,SignedHeaders=b,Signature=d",
        "ACS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=d",
        "ACS4-HMAC-SHA256 Credential=a/1/r/Kms/other,SignedHeaders=b,Signature=d",
    ] {
        assert!(Authorization::parse(header).is_none(), "{header}");
    }
}

/// The diagnosis in the log of a V1 request that was signed with this key over this string.
fn diagnosis_of_v1(query: &str, form: &str, key: &str, signed: &str) -> String {
    let headers = vec![("content-type", "application/x-www-form-urlencoded")];
    let wire = WireRequest::new(
        "POST",
        "/",
        query,
        headers,
        Ok(Bytes::copy_from_slice(form.as_bytes())),
    );
    let request = Request::parse(Arc::new(wire), SERVICES);
    let expectation = v1::expectation(&request);
    let signature = STANDARD.encode(Hash::Sha1.hmac(key.as_bytes(), signed));
    let secret = secret("s");
    let attempts = || v1::attempts(&request, "id", &secret);
    diagnosis::explain(Cloud::Alibaba, &signature, expectation.shown, 0, attempts).diagnosis
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
        let signature = acs::signature(key.as_bytes(), &string_to_sign);
        let expectation = acs::expectation(&request, &authorization);
        let secret = secret("s");
        let attempts = || acs::attempts(&request, &authorization, &secret, Vec::new());
        let shown = expectation.shown;
        let explained = diagnosis::explain(Cloud::Alibaba, &signature, shown, 0, attempts);
        let diagnosis = explained.diagnosis;
        assert!(diagnosis.starts_with(expected), "{expected}: {diagnosis}");
    }
}
