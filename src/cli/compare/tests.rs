//! Comparisons with a second emulator in place of a cloud.

use std::time::Duration;

use serde_json::{Value, json};

use super::local::LocalEmulator;
use super::report::{Outcome, Report};
use super::{Compare, Pauses, ReportFormat, probes, run};
use crate::cli::pull::list;
use crate::cli::remote::{Stop, printable};
use crate::clouds::Clouds;
use crate::clouds::alibaba::{self, Alibaba, FilterMatch, FilterValues};
use crate::clouds::tencent::{self, Search, Tencent};
use crate::model::Cloud;
use crate::router::Served;

const CLOUDS: [Cloud; 2] = [Cloud::Alibaba, Cloud::Tencent];
const REGIONS: [&str; 2] = ["cn-hangzhou", "ap-guangzhou"];

/// The second emulator has no limits.
const FAST: Pauses = Pauses {
    later: Duration::ZERO,
    divisor: 1000,
};

/// Secrets with names, tags and times that probes can use.
fn fixture(cloud: Cloud) -> String {
    let names = ["canary-Alpha", "canary/Beta", "canary-Gamma"];
    let secrets: Vec<Value> = match cloud {
        Cloud::Alibaba => names
            .iter()
            .zip(1..)
            .map(|(name, day)| {
                json!({
                    "SecretName": name, "CreateTime": format!("2025-01-0{day}T00:00:00Z"),
                    "Description": "canary description", "Creator": "9999888877776666",
                    "Tags": {"Tag": [{"TagKey": "canarykey1", "TagValue": "canaryvalue1"},
                                     {"TagKey": "canarykey2", "TagValue": "canaryvalue2"}]},
                    "Versions": [{"VersionId": "canaryversion", "SecretData": "canarydata"}],
                })
            })
            .collect(),
        Cloud::Tencent => names
            .iter()
            .zip(0..)
            .map(|(name, kind)| {
                json!({
                    "SecretName": name.replace('/', "-"), "CreateTime": 1_709_540_130 - kind * 100,
                    "Description": "canary description", "CreateUin": 9_999_888_877_i64,
                    "SecretType": i64::from(kind == 2), "ResourceID": "cdb-canary",
                    "Versions": [{"VersionId": "canaryversion", "SecretString": "canarydata"}],
                })
            })
            .collect(),
    };
    list::fixture(cloud, &secrets)
}

/// An emulator in place of a cloud.
fn cloud(cloud: Cloud, alibaba: alibaba::Settings, tencent: tencent::Settings) -> LocalEmulator {
    let clouds = Clouds {
        alibaba: Alibaba::new(alibaba),
        tencent: Tencent::new(tencent),
    };
    LocalEmulator::start(clouds, &fixture(cloud), Served::default()).unwrap()
}

fn usual(which: Cloud) -> LocalEmulator {
    cloud(
        which,
        alibaba::Settings::default(),
        tencent::Settings::default(),
    )
}

fn settings(server: &LocalEmulator, cloud: Cloud, write: Option<&str>) -> Compare {
    Compare {
        account: server.account(cloud, REGIONS[cloud as usize]).unwrap(),
        alibaba: alibaba::Settings::default(),
        tencent: tencent::Settings::default(),
        write: write.map(str::to_owned),
        only: Vec::new(),
        rate: 10_000.0,
        format: ReportFormat::Text,
        json: None,
    }
}

fn compared(compare: &Compare) -> Report {
    run(compare, Stop::default(), FAST).unwrap()
}

/// The names of the probes with a result.
fn with(report: &Report, result: Outcome) -> Vec<&'static str> {
    let probes = report.probes.iter();
    let probes = probes.filter(|probe| probe.result == result);
    probes.map(|probe| probe.probe).collect()
}

/// A request to the control API.
fn control(server: &LocalEmulator, method: &str, path: &str, body: &str) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let url = server
        .account(Cloud::Alibaba, "cn-hangzhou")
        .unwrap()
        .endpoint
        .url();
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{url}/_emulator/{path}"))
        .body(body.to_owned())
        .unwrap();
    let text = agent
        .run(request)
        .unwrap()
        .into_body()
        .read_to_string()
        .unwrap();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The secrets that a server has stored. Keys are left out, because those of services cannot be deleted.
fn state(server: &LocalEmulator) -> Value {
    let mut state = control(server, "GET", "state?values=true", "");
    let scopes = state.as_array_mut().unwrap();
    for scope in scopes.iter_mut() {
        scope.as_object_mut().unwrap().remove("Keys");
    }
    scopes.retain(|scope| scope["SecretList"]["Secret"] != json!([]));
    state
}

#[test]
fn equal_emulators_have_no_differences_and_all_probes_are_sent() {
    for which in CLOUDS {
        let server = usual(which);
        let before = state(&server);
        let report = compared(&settings(&server, which, Some("ci-")));
        assert_eq!(
            with(&report, Outcome::Different),
            [""; 0],
            "{}",
            report.to_text()
        );
        assert_eq!(
            with(&report, Outcome::Failed),
            [""; 0],
            "{}",
            report.to_text()
        );
        assert_eq!(
            with(&report, Outcome::Skipped),
            [""; 0],
            "{}",
            report.to_text()
        );
        assert_eq!(report.probes.len(), probes::of(which).len());
        assert_eq!(state(&server), before);
    }
}

#[test]
fn nothing_is_written_without_a_prefix() {
    for which in CLOUDS {
        let server = usual(which);
        let report = compared(&settings(&server, which, None));
        assert_eq!(report.summary.different, 0, "{}", report.to_text());
        let writing = probes::of(which)
            .iter()
            .filter(|probe| probe.writes)
            .count();
        assert_eq!(
            with(&report, Outcome::Skipped).len(),
            writing,
            "{}",
            report.to_text()
        );
        let used = control(&server, "GET", "journal?limit=250", "");
        let requests = used["requests"].as_array().unwrap();
        assert!(requests.len() > 30);
        for request in requests {
            // Absent for a request whose text cannot be read.
            let action = request["action"].as_str().unwrap_or("DescribeSecret");
            assert!(super::owned::reads(action), "{action}");
        }
    }
}

#[test]
fn differences_of_settings_are_found_and_no_others() {
    let alibaba = alibaba::Settings {
        filter_match: FilterMatch::Contains,
        filter_values: FilterValues::Any,
        ..alibaba::Settings::default()
    };
    let server = cloud(Cloud::Alibaba, alibaba, tencent::Settings::default());
    let report = compared(&settings(&server, Cloud::Alibaba, Some("ci-")));
    assert_eq!(
        with(&report, Outcome::Different),
        [
            "filter-by-part-of-name",
            "filter-with-a-value-that-no-name-has",
            "filter-by-description"
        ],
        "{}",
        report.to_text()
    );

    let tencent = tencent::Settings {
        max_limit: 300,
        search: Search::Exact,
        max_value_bytes: 4096,
        ..tencent::Settings::default()
    };
    let server = cloud(Cloud::Tencent, alibaba::Settings::default(), tencent);
    let report = compared(&settings(&server, Cloud::Tencent, Some("ci-")));
    assert_eq!(
        with(&report, Outcome::Different),
        [
            "limit-above-the-maximum",
            "search-by-part-of-name",
            "size-of-values"
        ],
        "{}",
        report.to_text()
    );
    // A lower limit than the page of the list.
    let tencent = tencent::Settings {
        max_limit: 50,
        ..tencent::Settings::default()
    };
    let server = cloud(Cloud::Tencent, alibaba::Settings::default(), tencent);
    let report = compared(&settings(&server, Cloud::Tencent, None));
    assert_eq!(
        with(&report, Outcome::Different),
        ["limit-above-the-maximum"]
    );
}

#[test]
fn report_has_nothing_of_the_account() {
    for which in CLOUDS {
        let (alibaba, tencent) = (
            alibaba::Settings {
                filter_match: FilterMatch::Contains,
                ..alibaba::Settings::default()
            },
            tencent::Settings {
                search: Search::Exact,
                max_limit: 201,
                ..tencent::Settings::default()
            },
        );
        let server = cloud(which, alibaba, tencent);
        // An error text with names of the account.
        let action = ["DescribeRegions", "GetServiceStatus"][which as usize];
        let fault = json!({
            "match": {"cloud": which.name(), "action": action}, "error": "Canary.Code.1", "status": 403,
            "message": "canary-Alpha of alicecanary (9999888877776666) may not use LTAIkmsemulatorlocal in {RequestId}",
        });
        control(&server, "POST", "faults", &fault.to_string());
        let report = compared(&settings(&server, which, Some("hidden-")));
        assert!(report.summary.different > 3, "{}", report.to_text());
        for text in [report.to_json(), report.to_text()] {
            for canary in [
                "canary",
                "anary",
                "Canary",
                "9999888877776666",
                "9999888877",
                "LTAIkmsemulatorlocal",
                "hidden-",
                "1000000000000000",
                "2025-01-0",
                "1709540",
                "cdb-",
            ] {
                let found = text.lines().find(|line| line.contains(canary));
                assert_eq!(found, None, "{canary}");
            }
        }
    }
}

#[test]
fn throttling_and_failures_of_the_connection_are_no_differences() {
    for which in CLOUDS {
        let server = usual(which);
        let code = ["Rejected.Throttling", "RequestLimitExceeded"][which as usize];
        let internal = ["InternalFailure", "InternalError"][which as usize];
        for fault in [
            json!({"match": {"every": 9}, "error": code, "times": 3}),
            json!({"match": {"action": "ListSecrets", "nth": 4}, "reset": true}),
            json!({"match": {"action": "ListSecrets", "nth": 9}, "error": internal}),
        ] {
            control(&server, "POST", "faults", &fault.to_string());
        }
        let report = compared(&settings(&server, which, None));
        assert_eq!(report.summary.different, 0, "{}", report.to_text());
        assert_eq!(report.summary.failed, 0, "{}", report.to_text());
    }
}

#[test]
fn wrong_key_is_one_line_with_the_code_and_the_text_of_the_cloud() {
    for which in CLOUDS {
        let server = usual(which);
        let mut compare = settings(&server, which, None);
        compare.account.secret = crate::model::SecretKey::new("canary");
        let error = run(&compare, Stop::default(), FAST).unwrap_err();
        let error = printable(&error, &compare.account);
        let expected = [
            "Alibaba Cloud KMS: IncompleteSignature: The request signature does not conform to Aliyun standards.",
            "Tencent Cloud SSM: AuthFailure.SignatureFailure: ",
        ][which as usize];
        assert!(error.starts_with(expected), "{error}");
        assert!(
            !error.contains('\n') && !error.contains("canary"),
            "{error}"
        );
    }
}

/// Fails each single request of the cloud once, and compares what is stored afterwards.
fn fail_each(which: Cloud, fault: &Value) {
    let server = usual(which);
    let before = state(&server);
    let writing = probes::of(which).iter().filter(|probe| probe.writes);
    // Every probe begins with the same requests: two secrets are created, and the list is read.
    let mut first = 1;
    for probe in writing {
        let mut compare = settings(&server, which, Some("ci-"));
        compare.only = vec![probe.name.to_owned()];
        for nth in first.. {
            let mut fault = fault.clone();
            fault["match"] = json!({ "nth": nth });
            fault["times"] = 1.into();
            control(&server, "DELETE", "faults", "");
            let rule = control(&server, "POST", "faults", &fault.to_string());
            let _ = run(&compare, Stop::default(), FAST);
            let rule = control(&server, "GET", &format!("faults/{}", rule["id"]), "");
            assert_eq!(
                state(&server),
                before,
                "{}: request {nth} failed by {fault}",
                probe.name
            );
            if rule["hits"] == 0 {
                assert!(nth > 5, "{rule}");
                break;
            }
        }
        first = 2 + list::kinds(which);
    }
}

#[test]
fn nothing_is_left_behind_on_alibaba_cloud_when_any_request_is_refused() {
    fail_each(Cloud::Alibaba, &json!({"error": "InternalFailure"}));
}

#[test]
fn nothing_is_left_behind_on_alibaba_cloud_when_any_request_is_executed_but_fails() {
    fail_each(Cloud::Alibaba, &json!({"reset": true, "when": "after"}));
}

#[test]
fn nothing_is_left_behind_on_tencent_cloud_when_any_request_is_refused() {
    fail_each(Cloud::Tencent, &json!({"error": "InternalError"}));
}

#[test]
fn nothing_is_left_behind_on_tencent_cloud_when_any_request_is_executed_but_fails() {
    fail_each(Cloud::Tencent, &json!({"reset": true, "when": "after"}));
}

#[test]
fn nothing_is_left_behind_after_the_user_stops_the_comparison() {
    for which in CLOUDS {
        let server = usual(which);
        let before = state(&server);
        let stop = Stop::default();
        let compare = settings(&server, which, Some("ci-"));
        // Each step that waits for another time waits for the stop.
        let stopper = {
            let stop = stop.clone();
            let url = server.account(which, "x").unwrap().endpoint.url();
            std::thread::spawn(move || {
                let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
                // As soon as a value was stored a second time.
                let path = format!("{url}/_emulator/journal?action=CreateSecret&limit=0");
                loop {
                    let text = agent
                        .get(&path)
                        .call()
                        .unwrap()
                        .into_body()
                        .read_to_string()
                        .unwrap();
                    let journal: Value = serde_json::from_str(&text).unwrap();
                    if journal["count"].as_u64().unwrap() > 4 {
                        break;
                    }
                    std::thread::yield_now();
                }
                stop.set();
            })
        };
        let error = run(
            &compare,
            stop,
            Pauses {
                later: Duration::from_hours(1),
                ..FAST
            },
        )
        .unwrap_err();
        stopper.join().unwrap();
        assert_eq!(error, "stopped by a signal");
        assert_eq!(state(&server), before);
    }
}
