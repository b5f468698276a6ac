//! Whatever a fixture contains, it is read or refused with a reason; what is read can be loaded.

#![no_main]

use std::sync::LazyLock;

use kms_emulator::fixtures::{self, Defaults};
use kms_emulator::model::Scope;
use kms_emulator::store::{Store, StoreError};
use libfuzzer_sys::fuzz_target;

static STORE: LazyLock<Store> = LazyLock::new(|| Store::in_memory().unwrap());

fuzz_target!(|text: &[u8]| {
    match fixtures::parse(text, &Defaults::default()) {
        Ok(files) => {
            for fixture in files {
                let scope = Scope {
                    cloud: fixture.cloud,
                    account: "1000000000000000".into(),
                    region: "cn-hangzhou".into(),
                };
                STORE
                    .write(|store| {
                        for wanted in &fixture.secrets {
                            store.replace_secret(&scope, wanted)?;
                            let stored = store.secret(&scope, &wanted.secret.name)?;
                            let (id, stored) = stored.expect("it was just stored");
                            assert_eq!(stored, wanted.secret);
                            store.remove_secret(id, &stored)?;
                        }
                        Ok::<(), StoreError>(())
                    })
                    .unwrap();
            }
        }
        Err(mistake) => assert!(!mistake.place.is_empty() && !mistake.reason.is_empty()),
    }
});
