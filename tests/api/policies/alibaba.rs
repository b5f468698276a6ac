//! Policies of Alibaba Cloud.

use std::net::{IpAddr, Ipv4Addr};

use kms_emulator::http::wire::Client;
use serde_json::{Value, json};

use super::{OTHER, ask_from, attach, decision, of_key, ram, secret};
use crate::control::{Controlled, alibaba};
use crate::support::{ACCOUNT, hint_of};

/// The message is recorded for a key (`aliyun/aliyun-openapi-java-sdk` 426).
#[test]
fn a_denied_request_has_the_recorded_error_and_the_journal_the_statement() {
    let server = Controlled::empty();
    server.create("db");
    let policy = json!({"Version": "1", "Statement": [
        {"Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"]},
        {"Sid": "values", "Effect": "Deny", "Action": "kms:GetSecretValue", "Resource": secret("d*")},
    ]});
    attach(&server, json!({"name": "admin"}), &policy);
    let request = alibaba("GetSecretValue", &[("SecretName", "db")]);
    let reply = request.ask(&server.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 403);
    assert_eq!(body["Code"], "Forbidden.NoPermission");
    assert_eq!(body["HttpStatus"], 403);
    let arn = secret("db");
    assert_eq!(
        body["Message"],
        format!("This operation for {arn} is forbidden by permission system.")
    );
    let sentence = format!(
        "statement 1 (Deny, Sid `values`) of policy `admin` denies kms:GetSecretValue on {arn}"
    );
    assert_eq!(hint_of(&reply).as_deref(), Some(&*sentence));
    assert_eq!(
        decision(&server),
        json!({
            "allowed": false, "action": "kms:GetSecretValue", "resource": arn, "policy": "admin",
            "statement": 1, "sid": "values", "effect": "Deny", "explanation": sentence,
        })
    );

    assert_eq!(
        server.alibaba("DescribeSecret", &[("SecretName", "db")]).0,
        200
    );
    let allowed = decision(&server);
    assert_eq!(
        (&allowed["allowed"], &allowed["statement"]),
        (&json!(true), &json!(0))
    );

    let xml = alibaba("GetSecretValue", &[("SecretName", "db"), ("Format", "XML")]);
    let body = String::from_utf8(xml.ask(&server.emulator).body.to_vec()).unwrap();
    assert!(
        body.contains("<Code>Forbidden.NoPermission</Code>"),
        "{body}"
    );
}

/// "Use RAM to control access to KMS resources": the actions and resources of operations.
#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn operations_need_the_documented_actions_and_resources() {
    let server = Controlled::empty();
    server.create("db");
    let (_, key) = server.alibaba("CreateKey", &[]);
    let key_id = key["KeyMetadata"]["KeyId"].as_str().unwrap();
    let alias = [("AliasName", "alias/k"), ("KeyId", key_id)];
    assert_eq!(server.alibaba("CreateAlias", &alias).0, 200);
    let encrypted = server
        .alibaba("Encrypt", &[("KeyId", "alias/k"), ("Plaintext", "eA==")])
        .1;
    let blob = encrypted["CiphertextBlob"].as_str().unwrap();
    let encrypted_by_key = [
        ("SecretName", "own-key"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
        ("EncryptionKeyId", key_id),
    ];
    assert_eq!(server.alibaba("CreateSecret", &encrypted_by_key).0, 200);

    let s = ("SecretName", "db");
    let k = ("KeyId", "alias/k");
    let container = |kind: &str| format!("acs:kms:cn-hangzhou:{ACCOUNT}:{kind}");
    let key = container(&format!("key/{key_id}"));
    let db = secret("db");
    for (action, parameters, needed) in [
        (
            "ListSecrets",
            vec![],
            vec![("kms:ListSecrets", container("secret"))],
        ),
        (
            "CreateSecret",
            vec![
                ("SecretName", "n"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("EncryptionKeyId", key_id),
            ],
            vec![
                ("kms:CreateSecret", container("secret")),
                ("kms:GenerateDataKey", key.clone()),
            ],
        ),
        (
            "CreateSecret",
            vec![
                ("SecretName", "n"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("EncryptionKeyId", "alias/acs/kms"),
            ],
            vec![("kms:CreateSecret", container("secret"))],
        ),
        (
            "DescribeSecret",
            vec![s],
            vec![("kms:DescribeSecret", db.clone())],
        ),
        (
            "GetSecretValue",
            vec![s],
            vec![("kms:GetSecretValue", db.clone())],
        ),
        (
            "GetSecretValue",
            vec![("SecretName", &*db)],
            vec![("kms:GetSecretValue", db.clone())],
        ),
        (
            "GetSecretValue",
            vec![("SecretName", "own-key")],
            vec![
                ("kms:GetSecretValue", secret("own-key")),
                ("kms:Decrypt", key.clone()),
            ],
        ),
        (
            "GetSecretValue",
            vec![("SecretName", "absent")],
            vec![("kms:GetSecretValue", secret("absent"))],
        ),
        (
            "BatchGetSecretValue",
            vec![(
                "SecretsList",
                r#"[{"SecretName":"db"},{"SecretName":"own-key"}]"#,
            )],
            vec![
                ("kms:GetSecretValue", db.clone()),
                ("kms:GetSecretValue", secret("own-key")),
            ],
        ),
        (
            "TagResources",
            vec![
                ("ResourceType", "secret"),
                ("ResourceId.1", "db"),
                ("Tag.1.Key", "a"),
                ("Tag.1.Value", "b"),
            ],
            vec![("kms:TagResources", db.clone())],
        ),
        (
            "TagResource",
            vec![k, ("Tags", r#"[{"TagKey":"a","TagValue":"b"}]"#)],
            vec![("kms:TagResource", key.clone())],
        ),
        (
            "ListTagResources",
            vec![("ResourceType", "key")],
            vec![("kms:ListTagResources", container("key"))],
        ),
        (
            "GetRandomPassword",
            vec![],
            vec![("kms:GetRandomPassword", "*".to_owned())],
        ),
        ("ListKeys", vec![], vec![("kms:ListKeys", container("key"))]),
        (
            "DescribeKey",
            vec![k],
            vec![("kms:DescribeKey", key.clone())],
        ),
        (
            "Encrypt",
            vec![k, ("Plaintext", "eA==")],
            vec![("kms:Encrypt", key.clone())],
        ),
        (
            "Decrypt",
            vec![("CiphertextBlob", blob)],
            vec![("kms:Decrypt", key.clone())],
        ),
        (
            "ReEncrypt",
            vec![("CiphertextBlob", blob), ("DestinationKeyId", "alias/k")],
            vec![
                ("kms:ReEncryptFrom", key.clone()),
                ("kms:ReEncryptTo", key.clone()),
            ],
        ),
        (
            "ReEncrypt",
            vec![
                ("CiphertextBlob", blob),
                ("SourceKeyId", "pair"),
                ("SourceKeyVersionId", "v"),
                ("SourceEncryptionAlgorithm", "SM2PKE"),
                ("DestinationKeyId", "alias/k"),
            ],
            vec![
                ("kms:ReEncryptFrom", container("key/pair")),
                ("kms:ReEncryptTo", key.clone()),
            ],
        ),
        (
            "ListAliases",
            vec![],
            vec![("kms:ListAliases", container("alias"))],
        ),
        (
            "UpdateAlias",
            vec![("AliasName", "alias/k"), ("KeyId", key_id)],
            vec![
                ("kms:UpdateAlias", container("alias/k")),
                ("kms:UpdateAlias", key.clone()),
            ],
        ),
        (
            "DeleteAlias",
            vec![("AliasName", "alias/k")],
            vec![
                ("kms:DeleteAlias", container("alias/k")),
                ("kms:DeleteAlias", key.clone()),
            ],
        ),
        ("DescribeRegions", vec![], vec![]),
    ] {
        // Without one of the permissions the request is denied, for that action and resource.
        for missing in 0..needed.len() {
            let mut others = needed.clone();
            let (wanted, resource) = others.remove(missing);
            let statements: Vec<_> = others
                .iter()
                .map(|(action, resource)| ("Allow", *action, &**resource))
                .collect();
            let id = attach(&server, json!({}), &ram(&statements));
            let (status, body) = server.alibaba(action, &parameters);
            assert_eq!(
                (status, &body["Code"]),
                (403, &json!("Forbidden.NoPermission")),
                "{action}: {body}"
            );
            let decision = decision(&server);
            assert_eq!(
                (&decision["action"], &decision["resource"]),
                (&json!(wanted), &json!(resource))
            );
            server.ok("DELETE", &format!("policies/{id}"), "");
        }
        let statements: Vec<_> = needed
            .iter()
            .map(|(action, resource)| ("Allow", *action, &**resource))
            .collect();
        let id = attach(&server, json!({}), &ram(&statements));
        let (_, body) = server.alibaba(action, &parameters);
        assert_ne!(
            body["Code"], "Forbidden.NoPermission",
            "{action} {needed:?}: {body}"
        );
        server.ok("DELETE", &format!("policies/{id}"), "");
    }
}

#[test]
fn a_name_that_is_invalid_or_missing_is_reported_first() {
    let server = Controlled::empty();
    attach(&server, json!({}), &ram(&[]));
    let long = "n".repeat(193);
    for (action, parameters, code) in [
        ("GetSecretValue", vec![], "MissingParameter"),
        (
            "GetSecretValue",
            vec![("SecretName", &*long)],
            "InvalidParameter",
        ),
        ("Encrypt", vec![("KeyId", "alias/ ")], "InvalidParameter"),
        (
            "TagResource",
            vec![("SecretName", "a"), ("Tags", "[")],
            "InvalidParameter",
        ),
    ] {
        let (_, body) = server.alibaba(action, &parameters);
        assert_eq!(body["Code"], code, "{action} {parameters:?}");
    }
}

/// The parameter `DryRun` of the pages: `AccessDeniedError` for a caller without the permission.
#[test]
fn a_request_that_is_only_checked_is_denied_with_its_own_code() {
    let server = Controlled::empty();
    server.create("db");
    attach(&server, json!({}), &ram(&[]));
    for (action, parameters) in [
        ("GetSecretValue", vec![("SecretName", "db")]),
        ("Encrypt", vec![("KeyId", "k"), ("Plaintext", "eA==")]),
        (
            "GenerateMac",
            vec![
                ("KeyId", "k"),
                ("Algorithm", "HMAC_SM3"),
                ("Message", "eA=="),
            ],
        ),
    ] {
        for (dry_run, code) in [
            ("false", "Forbidden.NoPermission"),
            ("true", "AccessDeniedError"),
        ] {
            let parameters = [&*parameters, &[("DryRun", dry_run)]].concat();
            let (status, body) = server.alibaba(action, &parameters);
            assert_eq!((status, &body["Code"]), (403, &json!(code)), "{action}");
            assert_eq!(decision(&server)["allowed"], false);
        }
    }
}

#[test]
fn conditions_compare_client_time_and_tags() {
    let server = Controlled::empty();
    let tagged = [
        ("SecretName", "db"),
        ("VersionId", "v1"),
        ("SecretData", "x"),
        ("Tags", r#"[{"TagKey":"Project","TagValue":"Apollo"}]"#),
    ];
    assert_eq!(server.alibaba("CreateSecret", &tagged).0, 200);
    let local = Client {
        ip: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        is_encrypted: false,
    };
    let tls = Client {
        is_encrypted: true,
        ..local
    };
    let get = alibaba("GetSecretValue", &[("SecretName", "db")]);
    for (condition, client, is_allowed) in [
        (
            json!({"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}),
            local,
            true,
        ),
        (
            json!({"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}),
            local,
            false,
        ),
        (
            json!({"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}),
            Client::default(),
            false,
        ),
        (
            json!({"Bool": {"acs:SecureTransport": "true"}}),
            local,
            false,
        ),
        (json!({"Bool": {"acs:SecureTransport": "true"}}), tls, true),
        // The clock of the tests.
        (
            json!({"DateLessThan": {"acs:CurrentTime": "2026-01-02T03:04:06Z"}}),
            local,
            true,
        ),
        (
            json!({"DateLessThan": {"acs:CurrentTime": "2026-01-02T03:04:05Z"}}),
            local,
            false,
        ),
        (
            json!({"StringEquals": {"kms:tag/Project": "Apollo"}}),
            local,
            true,
        ),
        (
            json!({"StringEquals": {"acs:ResourceTag/Project": "Gemini"}}),
            local,
            false,
        ),
    ] {
        let policy = json!({"Version": "1", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition},
        ]});
        let id = attach(&server, json!({}), &policy);
        let code = ask_from(&server, &get, client)["Code"].take();
        assert_eq!(code.is_null(), is_allowed, "{condition}: {code}");
        server.ok("DELETE", &format!("policies/{id}"), "");
    }
    let owner = json!({"Version": "1", "Statement": [{
        "Effect": "Allow", "Action": "kms:CreateSecret", "Resource": "*",
        "Condition": {"StringEquals": {"acs:RequestTag/owner": "me"}},
    }]});
    attach(&server, json!({}), &owner);
    for (tags, status) in [
        (r#"[{"TagKey":"owner","TagValue":"me"}]"#, 200),
        ("[]", 403),
    ] {
        let parameters = [
            ("SecretName", "new"),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("Tags", tags),
        ];
        assert_eq!(
            server.alibaba("CreateSecret", &parameters).0,
            status,
            "{tags}"
        );
    }
}

#[test]
fn the_clock_of_a_tenant_decides_about_its_requests() {
    let server = Controlled::empty();
    let tenant = server.ok("POST", "tenants", r#"{"clock":true}"#);
    let account = tenant["account"].as_str().unwrap();
    let clock = format!("clock?account={account}");
    server.ok("PUT", &clock, r#"{"now":"2030-01-01","frozen":true}"#);
    let policy = json!({"Version": "1", "Statement": [{
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"DateGreaterThan": {"acs:CurrentTime": "2029-12-31T00:00:00Z"}},
    }]});
    attach(&server, json!({"accounts": [account, ACCOUNT]}), &policy);
    let list = |id| of_key(id, "ListSecrets", &[]).verdict(&server.emulator).0;
    let key = tenant["access_key_id"].as_str().unwrap();
    let mut signed = alibaba("ListSecrets", &[]);
    signed = signed.sign_v1(
        tenant["access_key_secret"].as_str().unwrap(),
        &[("AccessKeyId", key), ("Timestamp", "2030-01-01T00:00:00Z")],
    );
    assert_eq!(signed.verdict(&server.emulator).0, 200);
    assert_eq!(list(ACCOUNT), 403);
}

#[test]
fn policies_of_key_and_account_are_combined() {
    let server = Controlled::empty();
    attach(
        &server,
        json!({"accounts": [OTHER]}),
        &ram(&[("Allow", "kms:List*", "*")]),
    );
    attach(
        &server,
        json!({"access_key_ids": [OTHER]}),
        &ram(&[("Allow", "kms:Get*", "*")]),
    );
    let status = |id: &str, action: &str| of_key(id, action, &[]).verdict(&server.emulator).0;
    assert_eq!(status(OTHER, "ListSecrets"), 200);
    assert_eq!(status(OTHER, "GetRandomPassword"), 200);
    assert_eq!(status(OTHER, "DescribeAccountKmsStatus"), 403);
    // Another account has no policy.
    assert_eq!(status("3000000000000000", "DescribeAccountKmsStatus"), 200);
}

/// D: *Policy condition keys* of KMS, 2024.
#[test]
fn a_condition_compares_the_encryption_context() {
    let server = Controlled::empty();
    let (status, key) = server.alibaba("CreateKey", &[]);
    assert_eq!(status, 200, "{key}");
    let id = key["KeyMetadata"]["KeyId"].as_str().unwrap();
    let condition = json!({"StringEquals": {"kms:EncryptionContext:app": "web"}});
    let policy = json!({"Version": "1", "Statement": [
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition},
    ]});
    let reply = attach(&server, json!({}), &policy);
    let attached = server.ok("GET", &format!("policies/{reply}"), "");
    assert_eq!(attached["unknown_condition_keys"], json!([]), "{attached}");
    let ask = |action: &str, more: &[(&str, &str)]| server.alibaba(action, more);
    let web = r#"{"app":"web","tier":"1"}"#;
    let plaintext = ("Plaintext", "eA==");
    let (status, encrypted) = ask(
        "Encrypt",
        &[("KeyId", id), plaintext, ("EncryptionContext", web)],
    );
    assert_eq!(status, 200, "{encrypted}");
    let blob = encrypted["CiphertextBlob"].as_str().unwrap();
    let blob = ("CiphertextBlob", blob);
    let (source, destination) = ("SourceEncryptionContext", "DestinationEncryptionContext");
    let to = ("DestinationKeyId", id);
    for (action, more, status) in [
        ("Encrypt", vec![("KeyId", id), plaintext], 403),
        (
            "Encrypt",
            vec![
                ("KeyId", id),
                plaintext,
                ("EncryptionContext", r#"{"app":"db"}"#),
            ],
            403,
        ),
        ("Decrypt", vec![blob, ("EncryptionContext", web)], 200),
        ("Decrypt", vec![blob], 403),
        (
            "GenerateDataKey",
            vec![("KeyId", id), ("EncryptionContext", web)],
            200,
        ),
        ("GenerateDataKey", vec![("KeyId", id)], 403),
        (
            "ReEncrypt",
            vec![blob, to, (source, web), (destination, web)],
            200,
        ),
        ("ReEncrypt", vec![blob, to, (source, web)], 403),
        ("ReEncrypt", vec![blob, to, (destination, web)], 403),
    ] {
        let (answered, body) = ask(action, &more);
        assert_eq!(answered, status, "{action} {more:?}: {body}");
    }
}
