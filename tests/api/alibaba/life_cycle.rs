//! The rules of versions, stages, deletion and rotation.

use chrono::TimeDelta;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use crate::alibaba::session::Session;
use crate::support::{ACCOUNT, NOW, TestRequest, hint_of, now};

const S: (&str, &str) = ("SecretName", "s");

fn with_stages(versions: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    versions
        .iter()
        .map(|(id, stages)| {
            (
                (*id).to_owned(),
                stages.iter().map(|stage| (*stage).to_owned()).collect(),
            )
        })
        .collect()
}

#[test]
fn put_moves_acscurrent_and_acsprevious() {
    let session = Session::new();
    session.create("s");
    session.put("s", "v2");
    session.put("s", "v3");
    assert_eq!(
        session.versions("s"),
        with_stages(&[
            ("v1", &[]),
            ("v2", &["ACSPrevious"]),
            ("v3", &["ACSCurrent"])
        ])
    );
}

#[test]
fn put_with_stages_sets_only_these() {
    let session = Session::new();
    session.create("s");
    let put = |id: &str, stages: &str| {
        session.ok(
            "PutSecretValue",
            &[
                S,
                ("VersionId", id),
                ("SecretData", id),
                ("VersionStages", stages),
            ],
        )["VersionStages"]["VersionStage"]
            .clone()
    };
    assert_eq!(put("v2", r#"["Blue"]"#), json!(["Blue"]));
    // The form of the page of 2021.
    assert_eq!(
        put("v3", r#"{"VersionStage":["ACSCurrent","Blue"]}"#),
        json!(["ACSCurrent", "Blue"])
    );
    assert_eq!(
        session.versions("s"),
        with_stages(&[
            ("v1", &["ACSPrevious"]),
            ("v2", &[]),
            ("v3", &["ACSCurrent", "Blue"])
        ])
    );
}

#[test]
fn put_again_with_equal_data_sets_the_stages() {
    let session = Session::new();
    session.create("s");
    let again = |more: &[(&str, &str)]| {
        let mut parameters = vec![S, ("VersionId", "v1"), ("SecretData", "one")];
        parameters.extend(more);
        session.call("PutSecretValue", &parameters)
    };
    assert_eq!(
        again(&[]).1["VersionStages"]["VersionStage"],
        json!(["ACSCurrent"])
    );
    let (_, reply) = again(&[("VersionStages", r#"["ACSCurrent","ACSNext"]"#)]);
    assert_eq!(
        reply["VersionStages"]["VersionStage"],
        json!(["ACSCurrent", "ACSNext"])
    );
    let (status, reply) = again(&[("SecretDataType", "binary")]);
    assert_eq!(
        (status, &reply["Code"]),
        (409, &json!("Rejected.ResourceExist"))
    );
}

#[test]
fn an_eleventh_version_removes_the_oldest_version_without_a_stage() {
    let session = Session::new();
    session.create("s");
    session.ok(
        "UpdateSecretVersionStage",
        &[S, ("VersionStage", "Kept"), ("MoveToVersion", "v1")],
    );
    for number in 2..=10 {
        session.put("s", &format!("v{number}"));
    }
    assert_eq!(session.versions("s").len(), 10);
    session.put("s", "v11");
    let ids: Vec<_> = session
        .versions("s")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(
        ids,
        ["v1", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11"]
    );
}

#[test]
fn a_stage_moves_as_documented() {
    let session = Session::new();
    session.create("s");
    session.put("s", "v2");
    session.put("s", "v3");
    let update = |parameters: &[(&str, &str)]| {
        let mut all = vec![S];
        all.extend(parameters);
        session.verdict("UpdateSecretVersionStage", &all)
    };
    let stage = |name| ("VersionStage", name);
    let (from, to) = (|id| ("RemoveFromVersion", id), |id| ("MoveToVersion", id));
    for (parameters, verdict) in [
        (&[stage("Mine")][..], "400 InvalidParameter"),
        (&[stage("ACSCurrent"), from("v3")], "400 InvalidParameter"),
        (&[stage("ACSPrevious"), from("v2")], "400 InvalidParameter"),
        (&[to("v1")], "400 MissingParameter"),
        (&[stage("Mine"), to("v1")], "OK"),
        (
            &[stage("Mine"), from("v2"), to("v3")],
            "400 Rejected.InvalidRequest",
        ),
        (&[stage("Mine"), from("v1"), to("v2")], "OK"),
        (&[stage("Mine"), to("v3")], "OK"),
        (&[stage("Mine"), from("v3")], "OK"),
        (
            &[stage("ACSCurrent"), from("v2"), to("v1")],
            "400 Rejected.InvalidRequest",
        ),
        (
            &[stage("ACSPrevious"), to("v3")],
            "400 Rejected.UnsupportedOperation",
        ),
        (&[stage("ACSCurrent"), to("v3")], "OK"),
    ] {
        assert_eq!(update(parameters), verdict, "{parameters:?}");
    }
    assert_eq!(
        session.versions("s"),
        with_stages(&[
            ("v1", &[]),
            ("v2", &["ACSPrevious"]),
            ("v3", &["ACSCurrent"])
        ])
    );
    assert_eq!(update(&[stage("ACSCurrent"), from("v3"), to("v2")]), "OK");
    assert_eq!(
        session.versions("s"),
        with_stages(&[
            ("v1", &[]),
            ("v2", &["ACSCurrent"]),
            ("v3", &["ACSPrevious"])
        ])
    );
}

#[test]
fn a_secret_has_at_most_eight_stages() {
    let session = Session::new();
    session.create("s");
    session.put("s", "v2");
    let label = |number: usize| {
        let stage = format!("Label{number}");
        session.verdict(
            "UpdateSecretVersionStage",
            &[S, ("VersionStage", &stage), ("MoveToVersion", "v1")],
        )
    };
    for number in 3..=8 {
        assert_eq!(label(number), "OK");
    }
    assert_eq!(label(9), "400 Rejected.LimitExceeded");
    let (_, reply) = session.call(
        "PutSecretValue",
        &[
            S,
            ("VersionId", "v3"),
            ("SecretData", "x"),
            ("VersionStages", r#"["Label9"]"#),
        ],
    );
    assert_eq!(reply["Message"], "exceed secret limits error");
    assert_eq!(
        session.versions("s").len(),
        2,
        "the refused version is not there"
    );
}

#[test]
fn a_secret_is_found_by_its_arn() {
    let session = Session::new();
    session.create("a/b");
    let arn = |region: &str, account: &str| format!("acs:kms:{region}:{account}:secret/a/b");
    for (name, verdict) in [
        (arn("cn-hangzhou", ACCOUNT), "OK"),
        (
            arn("cn-shanghai", ACCOUNT),
            "404 Forbidden.ResourceNotFound",
        ),
        (
            arn("cn-hangzhou", "2000000000000000"),
            "404 Forbidden.ResourceNotFound",
        ),
        ("acs:kms:x".to_owned(), "400 InvalidParameter"),
    ] {
        assert_eq!(
            session.verdict("GetSecretValue", &[("SecretName", &name)]),
            verdict,
            "{name}"
        );
    }
    let name = arn("cn-hangzhou", ACCOUNT);
    let tags = r#"[{"TagKey":"k","TagValue":"v"}]"#;
    assert_eq!(
        session.verdict("TagResource", &[("SecretName", &name), ("Tags", tags)]),
        "404 Forbidden.ResourceNotFound",
        "the pages of the tag operations allow only names"
    );
}

#[test]
fn a_planned_deletion_is_shown_and_done_and_frees_the_name() {
    let session = Session::new();
    session.create("s");
    let reply = session.ok("DeleteSecret", &[S, ("RecoveryWindowInDays", "7")]);
    assert_eq!(reply["PlannedDeleteTime"], "2026-01-09T03:04:05Z");
    let planned = &session.ok("DescribeSecret", &[S])["PlannedDeleteTime"];
    assert_eq!(planned, "2026-01-09T03:04:05Z");
    let listed = session.ok("ListSecrets", &[]);
    assert_eq!(
        listed["SecretList"]["Secret"][0]["PlannedDeleteTime"],
        *planned
    );

    session.ok("RestoreSecret", &[S]);
    let restored = session.ok("DescribeSecret", &[S]);
    assert!(restored.get("PlannedDeleteTime").is_none());

    let reply = session.ok("DeleteSecret", &[S]);
    assert_eq!(
        reply["PlannedDeleteTime"], "2026-02-01T03:04:05Z",
        "30 days"
    );
    session.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert_eq!(session.ok("ListSecrets", &[])["TotalCount"], 1);
    session.advance(TimeDelta::seconds(1));
    assert_eq!(session.ok("ListSecrets", &[])["TotalCount"], 0);
    session.create("s");
    assert_eq!(session.versions("s").len(), 1);

    let reply = session.ok(
        "DeleteSecret",
        &[
            S,
            ("ForceDeleteWithoutRecovery", "True"),
            ("RecoveryWindowInDays", "1000"),
        ],
    );
    assert_eq!(reply["PlannedDeleteTime"], "2026-02-01T03:04:05Z");
    session.create("s");
}

#[test]
fn all_due_work_is_done_before_a_request() {
    let session = Session::new();
    for number in 0..150 {
        let name = format!("deleted-{number}");
        let name = ("SecretName", &*name);
        session.ok(
            "CreateSecret",
            &[name, ("VersionId", "v1"), ("SecretData", "d")],
        );
        session.ok("DeleteSecret", &[name, ("RecoveryWindowInDays", "7")]);
        session.create_rds(
            &format!("rotated-{number}"),
            &[
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "7d"),
            ],
        );
    }
    session.advance(TimeDelta::days(8));
    let listed = session.ok("ListSecrets", &[("PageSize", "100")]);
    assert_eq!(listed["TotalCount"], 150);
    for number in [0, 75, 149] {
        let name = format!("rotated-{number}");
        let described = session.ok("DescribeSecret", &[("SecretName", &name)]);
        assert_eq!(described["LastRotationDate"], "2026-01-09T03:04:05Z");
    }
}

#[test]
fn a_managed_secret_rotates_on_request_and_by_the_clock() {
    let session = Session::new();
    let created = session.create_rds(
        "s",
        &[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ],
    );
    assert_eq!(created["RotationInterval"], "604800s");
    assert_eq!(created["NextRotationDate"], "2026-01-09T03:04:05Z");
    let password = || {
        let reply = session.ok("GetSecretValue", &[S]);
        let data: Value = serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap();
        assert_eq!(data["AccountName"], "app");
        data["AccountPassword"].as_str().unwrap().to_owned()
    };
    assert_eq!(password(), "one");

    session.advance(TimeDelta::days(1));
    session.ok("RotateSecret", &[S, ("VersionId", "v2")]);
    let second = password();
    assert_ne!(second, "one");
    session.ok("RotateSecret", &[S, ("VersionId", "v2")]);
    assert_eq!(password(), second, "an existing version id does nothing");
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(described["LastRotationDate"], "2026-01-03T03:04:05Z");
    assert_eq!(described["NextRotationDate"], "2026-01-10T03:04:05Z");

    session.advance(TimeDelta::days(7) + TimeDelta::hours(1));
    assert_ne!(password(), second);
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(described["LastRotationDate"], "2026-01-10T03:04:05Z");
    assert_eq!(described["NextRotationDate"], "2026-01-17T03:04:05Z");
    let stages: Vec<_> = session
        .versions("s")
        .into_iter()
        .map(|(_, stages)| stages)
        .collect();
    assert_eq!(
        stages,
        [
            vec![],
            vec!["ACSPrevious".to_owned()],
            vec!["ACSCurrent".to_owned()]
        ]
    );

    session.ok(
        "UpdateSecretRotationPolicy",
        &[S, ("EnableAutomaticRotation", "false")],
    );
    let third = password();
    session.advance(TimeDelta::days(100));
    assert_eq!(password(), third);
    assert_eq!(
        session.ok("DescribeSecret", &[S])["AutomaticRotation"],
        "Disabled"
    );

    // Many overdue rotations leave as many versions as a secret can have.
    session.ok(
        "UpdateSecretRotationPolicy",
        &[
            S,
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "6h"),
        ],
    );
    session.advance(TimeDelta::days(3650));
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(session.versions("s").len(), 10);
    assert_eq!(described["LastRotationDate"], "2036-04-17T04:04:05Z");
    assert_eq!(described["NextRotationDate"], "2036-04-17T10:04:05Z");
}

#[test]
fn due_work_is_done_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let session = Session::on(Store::open(&path).unwrap(), now());
    session.create("gone");
    session.create("kept");
    session.ok(
        "DeleteSecret",
        &[("SecretName", "gone"), ("RecoveryWindowInDays", "7")],
    );
    session.ok(
        "DeleteSecret",
        &[("SecretName", "kept"), ("RecoveryWindowInDays", "8")],
    );
    session.create_rds(
        "s",
        &[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "6h"),
        ],
    );
    drop(session);

    let session = Session::on(Store::open(&path).unwrap(), now() + TimeDelta::days(7));
    let listed = session.ok("ListSecrets", &[]);
    assert_eq!(listed["TotalCount"], 2);
    assert_eq!(
        session.ok("DescribeSecret", &[S])["LastRotationDate"],
        "2026-01-09T03:04:05Z"
    );
    assert_eq!(
        session.verdict("RestoreSecret", &[("SecretName", "kept")]),
        "OK"
    );
    assert_eq!(
        session.verdict("RestoreSecret", &[("SecretName", "gone")]),
        "404 Forbidden.ResourceNotFound"
    );
}

#[test]
fn each_managed_type_accepts_only_its_names_and_values() {
    let session = Session::new();
    let rds = (
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}"#,
    );
    let ram = (
        r#"{"AccessKeys":[{"AccessKeyId":"a","AccessKeySecret":"s"}]}"#,
        r#"{"SecretSubType":"RamUserAccessKey","UserName":"Deployer"}"#,
    );
    let ecs = (
        r#"{"UserName":"root","Password":"p"}"#,
        r#"{"SecretSubType":"Password","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#,
    );
    for (secret_type, name, (data, config), verdict) in [
        ("Rds", "rds", rds, "OK"),
        (
            "PolarDB",
            "db",
            (
                rds.0,
                r#"{"SecretSubType":"SingleUser","DBClusterId":"pc-1"}"#,
            ),
            "OK",
        ),
        (
            "Redis",
            "redis",
            (
                rds.0,
                r#"{"SecretSubType":"SingleUser","InstanceId":"r-1"}"#,
            ),
            "OK",
        ),
        ("RAMCredentials", "$Auto", ram, "OK"),
        ("ECS", "acs/ecs/host", ecs, "OK"),
        ("Rds", "acs/rds", rds, "400 InvalidParameter"),
        ("Generic", "acs/x", ("x", ""), "400 InvalidParameter"),
        ("Generic", "$Auto", ("x", ""), "400 InvalidParameter"),
        ("RAMCredentials", "named", ram, "400 InvalidParameter"),
        ("ECS", "host", ecs, "400 InvalidParameter"),
        ("Rds", "no-config", (rds.0, ""), "400 MissingParameter"),
        (
            "Rds",
            "sub-type",
            (rds.0, r#"{"SecretSubType":"Other","DBInstanceId":"rm-1"}"#),
            "400 InvalidParameter",
        ),
        (
            "Rds",
            "no-instance",
            (rds.0, r#"{"SecretSubType":"SingleUser"}"#),
            "400 InvalidParameter",
        ),
        ("Rds", "no-json", (rds.0, "{"), "400 InvalidParameter"),
        ("Rds", "data", ("password", rds.1), "400 InvalidParameter"),
        ("Nothing", "type", ("x", ""), "400 InvalidParameter"),
    ] {
        let answered = session.verdict(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", data),
                ("SecretType", secret_type),
                ("ExtendedConfig", config),
            ],
        );
        assert_eq!(answered, verdict, "{secret_type} {name}");
    }
    let value = session.ok("GetSecretValue", &[("SecretName", "acs/ram/user/deployer")]);
    assert_eq!(
        value["SecretData"],
        r#"{"AccessKeyId":"a","AccessKeySecret":"s"}"#
    );
}

#[test]
fn the_configuration_of_a_managed_secret_is_returned_on_request() {
    let session = Session::new();
    session.create_rds("db", &[]);
    let value = session.ok(
        "GetSecretValue",
        &[("SecretName", "db"), ("FetchExtendedConfig", "true")],
    );
    assert!(value["ExtendedConfig"].as_str().unwrap().contains("rm-1"));
    assert!(
        session
            .ok("GetSecretValue", &[("SecretName", "db")])
            .get("ExtendedConfig")
            .is_none()
    );

    let db = ("SecretName", "db");
    assert_eq!(
        session.verdict(
            "UpdateSecretRotationPolicy",
            &[db, ("EnableAutomaticRotation", "true")]
        ),
        "400 MissingParameter"
    );
    assert_eq!(
        session.verdict("UpdateSecretRotationPolicy", &[db]),
        "400 MissingParameter"
    );
    let updated = session.reply(
        "UpdateSecret",
        &[db, ("ExtendedConfig.CustomData.owner", "me")],
    );
    assert_eq!(updated.status, 200);
    assert_eq!(hint_of(&updated), None, "no parameter is ignored");
    let config: Value = serde_json::from_str(
        session.ok("DescribeSecret", &[db])["ExtendedConfig"]
            .as_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(
        config,
        json!({"SecretSubType": "SingleUser", "DBInstanceId": "rm-1", "CustomData": {"owner": "me"}})
    );
}

#[test]
fn changes_update_the_update_time() {
    let session = Session::new();
    session.create("s");
    session.advance(TimeDelta::hours(1));
    session.ok(
        "TagResource",
        &[S, ("Tags", r#"[{"TagKey":"k","TagValue":"v"}]"#)],
    );
    assert_eq!(
        session.ok("DescribeSecret", &[S])["UpdateTime"],
        NOW,
        "tags do not count"
    );
    session.ok("UpdateSecret", &[S, ("Description", "new")]);
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(described["UpdateTime"], "2026-01-02T04:04:05Z");
    assert_eq!(described["CreateTime"], NOW);
    assert_eq!(described["Description"], "new");
}

#[test]
fn tags_of_secrets_are_listed_in_pages() {
    let session = Session::new();
    let common = [("RegionId", "cn-hangzhou"), ("ResourceType", "secret")];
    // 15 tags on each of 30 secrets: 450 rows.
    for secret in 0..30 {
        let name = format!("s{secret:02}");
        session.create(&name);
        let tags: Vec<_> = (0..15)
            .map(|tag| json!({"TagKey": format!("k{tag}"), "TagValue": format!("v{}", secret % 2)}))
            .collect();
        session.ok(
            "TagResource",
            &[("SecretName", &name), ("Tags", &json!(tags).to_string())],
        );
    }
    let list = |more: &[(&str, &str)]| {
        let mut rows = Vec::new();
        let mut sizes = Vec::new();
        let mut token = String::new();
        loop {
            let mut parameters = common.to_vec();
            parameters.extend(more);
            parameters.push(("NextToken", &token));
            let reply = session.ok("ListTagResources", &parameters);
            let page = reply["TagResources"]["TagResource"]
                .as_array()
                .unwrap()
                .clone();
            sizes.push(page.len());
            rows.extend(page);
            token = reply["NextToken"].as_str().unwrap().to_owned();
            if token.is_empty() {
                return (rows, sizes);
            }
        }
    };
    let (rows, sizes) = list(&[]);
    assert_eq!(sizes, [200, 200, 50]);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(
            *row,
            json!({
                "ResourceId": format!("s{:02}", index / 15),
                "ResourceType": "secret",
                "TagKey": format!("k{}", index % 15),
                "TagValue": format!("v{}", index / 15 % 2),
            })
        );
    }
    let (rows, sizes) = list(&[
        ("Tag.1.Key", "k3"),
        ("Tag.1.Value", "v1"),
        ("Tag.2.Key", "k4"),
    ]);
    assert_eq!(
        sizes,
        [200, 25],
        "all tags of the 15 secrets that have both"
    );
    assert!(rows.iter().all(|row| row["TagValue"] == "v1"));
    assert_eq!(list(&[("Tag.1.Key", "other")]).1, [0]);
    let named: Vec<_> = (1..=30)
        .map(|number| {
            (
                format!("ResourceId.{number}"),
                format!("s{:02}", number - 1),
            )
        })
        .collect();
    let named: Vec<_> = named
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(list(&named).1, [200, 200, 50]);
    assert_eq!(
        list(&[
            ("ResourceId.1", "s07"),
            ("Tag.1.Key", "k1"),
            ("Tag.1.Value", "v0")
        ])
        .1,
        [0]
    );
}

#[test]
fn replies_are_the_same_in_xml() {
    let session = Session::new();
    session.create_rds("s", &[]);
    for (action, more, expected) in [
        (
            "GetSecretValue",
            "",
            "<SecretData>{\"AccountName\":\"app\",\"AccountPassword\":\"one\"}</SecretData>",
        ),
        (
            "GetSecretValue",
            "",
            "<VersionStages><VersionStage>ACSCurrent</VersionStage></VersionStages>",
        ),
        (
            "GetSecretValue",
            "",
            "<AutomaticRotation>Disabled</AutomaticRotation>",
        ),
        ("DescribeSecret", "&FetchTags=true", "<Tags></Tags>"),
        (
            "ListSecretVersionIds",
            "",
            "<VersionIds><VersionId><VersionId>v1</VersionId>",
        ),
        (
            "DescribeRegions",
            "",
            "<Regions><Region><RegionId>ap-northeast-1</RegionId></Region><Region>",
        ),
        (
            "BatchGetSecretValue",
            "&SecretsList=[{\"SecretName\":\"x\"}]",
            "<Errors><Code>Forbidden.ResourceNotFound</Code><HttpStatus>404</HttpStatus>",
        ),
    ] {
        let query = format!("Action={action}&Version=2016-01-20&Format=XML&SecretName=s{more}");
        let reply = TestRequest::get(&query).ask(&session.emulator);
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        // A reader does not mind whether quotes are escaped.
        assert!(body.replace("&quot;", "\"").contains(expected), "{body}");
        assert!(
            body.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><KMS>"),
            "{body}"
        );
    }
}
