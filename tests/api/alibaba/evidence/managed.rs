//! Evidence about managed secrets and their rotation.

use serde_json::{Value, json};

use super::S;
use crate::alibaba::session::Session;

/// The managed types: name of a new secret, its value and its configuration.
const MANAGED: [(&str, &str, &str, &str); 5] = [
    (
        "Rds",
        "rds",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
    ),
    (
        "Redis",
        "redis",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","InstanceId":"r-1"}"#,
    ),
    (
        "PolarDB",
        "polardb",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","DBClusterId":"pc-1"}"#,
    ),
    (
        "RAMCredentials",
        "$Auto",
        r#"{"AccessKeys":[{"AccessKeyId":"a","AccessKeySecret":"s"}]}"#,
        r#"{"SecretSubType":"RamUserAccessKey","UserName":"deployer"}"#,
    ),
    (
        "ECS",
        "acs/ecs/host",
        r#"{"UserName":"root","Password":"p"}"#,
        r#"{"SecretSubType":"Password","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#,
    ),
];

/// Creates a managed secret.
fn create_managed(
    session: &Session,
    (secret_type, name, data, config): (&str, &str, &str, &str),
    more: &[(&str, &str)],
) -> (u16, Value) {
    let mut parameters = vec![
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", data),
        ("SecretType", secret_type),
        ("ExtendedConfig", config),
    ];
    parameters.extend(more);
    session.call("CreateSecret", &parameters)
}

/// D: the pages of `CreateSecret` and `UpdateSecretRotationPolicy`; S, R: the acceptance test of the
/// Terraform provider, in which a secret whose rotation was switched off has no interval.
#[test]
fn only_rotating_secrets_have_an_interval() {
    for managed in MANAGED {
        let secret_type = managed.0;
        let create = |more: &[(&str, &str)]| {
            let session = Session::new();
            let (status, reply) = create_managed(&session, managed, more);
            (session, status, reply)
        };
        let (_, status, reply) = create(&[("EnableAutomaticRotation", "true")]);
        assert_eq!((status, &reply["Code"]), (400, &json!("MissingParameter")));
        for interval in ["7d", "not an interval"] {
            let (_, status, reply) = create(&[
                ("EnableAutomaticRotation", "false"),
                ("RotationInterval", interval),
            ]);
            assert_eq!(status, 200, "{secret_type}: {reply}");
            assert_eq!(reply["AutomaticRotation"], "Disabled");
            assert_eq!(reply.get("RotationInterval"), None, "{secret_type}");
        }
        let (session, status, reply) = create(&[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ]);
        assert_eq!(status, 200, "{secret_type}: {reply}");
        assert_eq!(reply["RotationInterval"], "604800s", "{secret_type}");
        let name = reply["SecretName"].as_str().unwrap();
        let name = ("SecretName", name);
        let members = || {
            ["DescribeSecret", "GetSecretValue"].map(|action| {
                let reply = session.ok(action, &[name]);
                (
                    reply["AutomaticRotation"].clone(),
                    reply.get("RotationInterval").cloned(),
                    reply.get("NextRotationDate").is_some(),
                )
            })
        };
        let on = (json!("Enabled"), Some(json!("604800s")), true);
        assert_eq!(members(), [on.clone(), on.clone()], "{secret_type}");
        let policy = |more: &[(&str, &str)]| {
            let mut parameters = vec![name];
            parameters.extend(more);
            session.verdict("UpdateSecretRotationPolicy", &parameters)
        };
        assert_eq!(
            policy(&[("EnableAutomaticRotation", "true")]),
            "400 MissingParameter",
            "{secret_type}"
        );
        let off = (json!("Disabled"), None, false);
        for interval in ["8d", "x"] {
            assert_eq!(
                policy(&[
                    ("EnableAutomaticRotation", "false"),
                    ("RotationInterval", interval),
                ]),
                "OK"
            );
            assert_eq!(members(), [off.clone(), off.clone()], "{secret_type}");
        }
        assert_eq!(
            policy(&[("EnableAutomaticRotation", "true")]),
            "400 MissingParameter",
            "{secret_type}: the interval of the time before is not kept"
        );
        assert_eq!(
            policy(&[
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "604800s"),
            ]),
            "OK"
        );
        assert_eq!(members(), [on.clone(), on], "{secret_type}");
    }
}

/// D: the page of `CreateSecret` restricts the two parameters to managed types; public Terraform files
/// send them for generic secrets.
#[test]
fn a_generic_secret_ignores_automatic_rotation() {
    let session = Session::new();
    let created = session.ok(
        "CreateSecret",
        &[
            S,
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ],
    );
    let described = session.ok("DescribeSecret", &[S]);
    for reply in [created, described] {
        assert_eq!(reply["SecretType"], "Generic");
        for member in ["AutomaticRotation", "RotationInterval", "NextRotationDate"] {
            assert_eq!(reply.get(member), None, "{member}");
        }
    }
    assert_eq!(
        session.verdict(
            "CreateSecret",
            &[
                ("SecretName", "without-interval"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("EnableAutomaticRotation", "true"),
            ],
        ),
        "OK"
    );
}

/// The configuration of Redis and `PolarDB` for `$Auto`.
const AUTO: [(&str, &[(&str, &str)]); 2] = [
    (
        "Redis",
        &[
            ("SecretSubType", "DoubleUsers"),
            ("RegionId", "cn-hangzhou"),
            ("InstanceId", "r-1"),
            ("AccountName", "app"),
            ("CloneAccountName", "app_clone"),
            ("AccountPrivilege", "RoleReadWrite"),
        ],
    ),
    (
        "PolarDB",
        &[
            ("SecretSubType", "DoubleUsers"),
            ("RegionId", "cn-hangzhou"),
            ("DBClusterId", "pc-1"),
            ("DBType", "MySQL"),
            ("AccountName", "app"),
        ],
    ),
];

/// D: `CreateSecret` (SDK 3.3.1, 2025) and the page on secrets of Redis and Tair (2024): `$Auto` creates two accounts
/// with the same password, of which `ACSCurrent` has the first and `ACSPrevious` the clone. A rotation
/// resets the password of the account of `ACSPrevious`, then the two change places.
#[test]
fn the_service_creates_the_accounts_of_redis_and_polardb() {
    for (secret_type, config) in AUTO {
        let session = Session::new();
        let config: serde_json::Map<_, _> = config
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let config = Value::Object(config).to_string();
        let managed = (secret_type, "s", "$Auto", &*config);
        let (status, reply) = create_managed(&session, managed, &[]);
        assert_eq!(status, 200, "{secret_type}: {reply}");
        assert_eq!(reply["VersionId"], "v1");
        let value = |stage: &str| {
            let reply = session.ok("GetSecretValue", &[S, ("VersionStage", stage)]);
            let data: Value = serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap();
            (
                data["AccountName"].clone(),
                data["AccountPassword"].as_str().unwrap().to_owned(),
                reply["VersionId"].clone(),
            )
        };
        let (name, password, version) = value("ACSCurrent");
        assert_eq!((name, version), (json!("app"), json!("v1")));
        let (clone_name, clone_password, _) = value("ACSPrevious");
        assert_eq!(clone_name, "app_clone");
        assert!(password.len() >= 8);
        assert_eq!(password, clone_password);

        session.ok("RotateSecret", &[S, ("VersionId", "v2")]);
        let (name, new_password, version) = value("ACSCurrent");
        assert_eq!((name, version), (json!("app_clone"), json!("v2")));
        assert_ne!(new_password, password);
        assert_eq!(
            value("ACSPrevious"),
            (json!("app"), password, json!("v1")),
            "{secret_type}"
        );
    }
}

/// D: the same pages name what is required, and the name of the clone.
#[test]
fn the_accounts_of_redis_and_polardb_need_the_documented_configuration() {
    let verdict = |secret_type: &str, config: &[(&str, &str)]| {
        let config: serde_json::Map<_, _> = config
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let config = Value::Object(config).to_string();
        let managed = (secret_type, "s", "$Auto", &*config);
        let (status, reply) = create_managed(&Session::new(), managed, &[]);
        (
            status,
            reply["Message"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let invalid = |name: &str| (400, format!("The specified parameter {name} is not valid."));
    for (secret_type, config) in AUTO {
        assert_eq!(verdict(secret_type, config).0, 200, "{secret_type}");
        for left_out in config {
            let rest: Vec<_> = config
                .iter()
                .filter(|pair| *pair != left_out)
                .copied()
                .collect();
            assert_eq!(
                verdict(secret_type, &rest),
                invalid("ExtendedConfig"),
                "{secret_type} without {left_out:?}"
            );
        }
        for (name, value) in [
            ("SecretSubType", "SingleUser"),
            ("CloneAccountName", "other"),
            ("AccountName", ""),
        ] {
            let mut config: Vec<_> = config
                .iter()
                .filter(|pair| pair.0 != name)
                .copied()
                .collect();
            config.push((name, value));
            assert_eq!(
                verdict(secret_type, &config),
                invalid("ExtendedConfig"),
                "{secret_type} {name} {value}"
            );
        }
    }
    let polardb = AUTO[1].1;
    for (name, value, status) in [
        ("DBType", "PostgreSQL", 200),
        ("DBType", "Oracle", 400),
        ("AccountType", "Normal", 200),
        ("AccountType", "Super", 400),
        ("CloneAccountName", "app_clone", 200),
    ] {
        let mut config: Vec<_> = polardb
            .iter()
            .filter(|pair| pair.0 != name)
            .copied()
            .collect();
        config.push((name, value));
        assert_eq!(verdict("PolarDB", &config).0, status, "{name} {value}");
    }
    let rds = [("SecretSubType", "DoubleUsers"), ("DBInstanceId", "rm-1")];
    assert_eq!(verdict("Rds", &rds), invalid("SecretData"));
}

/// D: `CreateSecret`: with `DoubleUsers`, `ACSCurrent` and `ACSPrevious` each point to one of the accounts.
#[test]
fn new_double_users_secret_has_a_version_for_each_account() {
    let session = Session::new();
    let managed = (
        "Rds",
        "s",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"1"},{"AccountName":"b","AccountPassword":"2"}]}"#,
        r#"{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}"#,
    );
    let (status, reply) = create_managed(&session, managed, &[]);
    assert_eq!(status, 200, "{reply}");
    for (stage, value) in [
        (
            "ACSCurrent",
            json!({"AccountName": "a", "AccountPassword": "1"}),
        ),
        (
            "ACSPrevious",
            json!({"AccountName": "b", "AccountPassword": "2"}),
        ),
    ] {
        let reply = session.ok("GetSecretValue", &[S, ("VersionStage", stage)]);
        let data: Value = serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap();
        assert_eq!(data, value, "{stage}");
    }
    let (_, labels) = &session.versions("s")[1];
    assert!(session.versions("s").len() == 2 && labels.len() == 1);
}
