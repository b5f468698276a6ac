//! Tenants with their own setting for filters.

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::{Tenant, of_account};
use crate::control::Controlled;
use crate::support::{emulator_on, now};

#[test]
fn filters_match_as_the_tenant_or_the_server_is_set() {
    use kms_emulator::clouds::alibaba::{Alibaba, FilterMatch, Settings};
    for (server_match, of_server) in [
        (FilterMatch::Exact, "exact"),
        (FilterMatch::Contains, "contains"),
    ] {
        let mut server = Controlled::empty();
        server.emulator.clouds.alibaba = Alibaba::new(Settings {
            filter_match: server_match,
            ..Settings::default()
        });
        let server = server;
        for (body, shown) in [
            (json!({}), of_server),
            (json!({"alibaba_filter_match": null}), of_server),
            (json!({"alibaba_filter_match": "exact"}), "exact"),
            (json!({"alibaba_filter_match": "contains"}), "contains"),
        ] {
            let tenant = Tenant::new(&server, &body);
            let listed = server.ok("GET", "tenants", "");
            let tenants = listed["tenants"].as_array().unwrap().iter();
            let mut own = tenants.filter(|each| each["account"] == *tenant.account);
            assert_eq!(own.next().unwrap()["alibaba_filter_match"], shown);
            assert_eq!(
                tenant.server.ok("GET", "tenants", "")["tenants"][0]["clock"],
                false
            );
            tenant.create("shop/db");
            let found = |name: &str| {
                let filters = json!([{"Key": "SecretName", "Values": [name]}]).to_string();
                let list = tenant.alibaba("ListSecrets", &[("Filters", &*filters)]);
                list["TotalCount"].as_u64().unwrap()
            };
            assert_eq!(found("shop/db"), 1, "{body}");
            assert_eq!(found("db"), u64::from(shown == "contains"), "{body}");
        }
    }
    let server = Controlled::empty();
    assert_eq!(
        server.error("POST", "tenants", r#"{"alibaba_filter_match":"prefix"}"#),
        (
            400,
            "InvalidBody".into(),
            "body.alibaba_filter_match".into()
        )
    );
}

#[test]
fn setting_of_filters_is_kept_across_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let start = || {
        let store = Store::open(&path).unwrap();
        let emulator = emulator_on(store, FixedClock::new(now()), AuthMode::Lenient);
        emulator.load_tenants().unwrap();
        Controlled::with(emulator)
    };
    let account = {
        let server = start();
        let tenant = Tenant::new(&server, &json!({"alibaba_filter_match": "contains"}));
        tenant.create("shop/db");
        tenant.account
    };
    let server = start();
    let filters = r#"[{"Key":"SecretName","Values":["db"]}]"#;
    let list = of_account(Some(&account), "ListSecrets", &[("Filters", filters)]);
    let reply: Value = serde_json::from_slice(&list.ask(&server.emulator).body).unwrap();
    assert_eq!(reply["TotalCount"], 1);
}
