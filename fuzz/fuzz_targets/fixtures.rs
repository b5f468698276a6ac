//! Whatever a fixture contains, it is read or refused with a reason; what is read can be loaded.

#![no_main]

use std::sync::LazyLock;

use kms_emulator::fixtures;
use kms_emulator::model::Scope;
use kms_emulator::store::{Store, StoreError};
use libfuzzer_sys::fuzz_target;

static STORE: LazyLock<Store> = LazyLock::new(|| Store::in_memory().unwrap());

fuzz_target!(|text: &str| {
    match fixtures::parse(text) {
        Ok(fixture) => {
            let scope = Scope {
                cloud: fixture.cloud,
                account: "1000000000000000".into(),
                region: "cn-hangzhou".into(),
            };
            STORE
                .write(|store| {
                    for (secret, versions) in &fixture.secrets {
                        store.replace_secret(&scope, secret, versions)?;
                        let stored = store.secret(&scope, &secret.name)?;
                        let (id, stored) = stored.expect("it was just stored");
                        assert_eq!(stored, *secret);
                        store.remove_secret(id, &stored)?;
                    }
                    Ok::<(), StoreError>(())
                })
                .unwrap();
        }
        Err(mistake) => assert!(!mistake.place.is_empty() && !mistake.reason.is_empty()),
    }
});
