//! Every file is parsed, or rejected with a reason; parsed fixtures can be loaded.

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
                        for expected in &fixture.secrets {
                            store.replace_secrets(&scope, std::slice::from_ref(expected))?;
                            let stored = store.secret(&scope, &expected.secret.name)?;
                            let (id, stored) = stored.expect("the secret is stored");
                            assert_eq!(stored, expected.secret);
                            store.remove_secret(id, &stored)?;
                        }
                        Ok::<(), StoreError>(())
                    })
                    .unwrap();
            }
        }
        Err(error) => assert!(!error.place.is_empty() && !error.reason.is_empty()),
    }
});
