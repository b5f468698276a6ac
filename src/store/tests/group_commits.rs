//! Changes that wait for the writer together.

use std::sync::atomic::AtomicUsize;

use super::*;

/// A store in a file, with changes that all waited for the writer at the same time.
fn grouped(
    others: usize,
    first: Result<(), rusqlite::Error>,
    change: impl Fn(&Store, usize) + Sync,
) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("kms.db")).unwrap();
    std::thread::scope(|threads| {
        let (entered, has_entered) = std::sync::mpsc::channel();
        let (store, change) = (&store, &change);
        threads.spawn(move || {
            let is_ok = first.is_ok();
            let written: Result<(), StoreError> = store.write(|_| {
                entered.send(()).unwrap();
                let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
                while store.writer.waiting() < others {
                    assert!(std::time::Instant::now() < deadline, "no change waits");
                    std::thread::yield_now();
                }
                Ok(first?)
            });
            assert_eq!(written.is_ok(), is_ok);
        });
        has_entered.recv().unwrap();
        for number in 0..others {
            threads.spawn(move || change(store, number));
        }
    });
    (directory, store)
}

fn numbered(number: usize) -> StoredSecret {
    with_versions(&secret(&format!("{number:02}"), 1), &[])
}

#[test]
fn waiting_changes_are_committed_together() {
    let (_directory, store) = grouped(8, Ok(()), |store, number| {
        store
            .write(|store| store.replace_secrets(&scope("1"), &[numbered(number)]))
            .unwrap();
    });
    assert_eq!(store.commits.load(Ordering::SeqCst), 1);
    assert_eq!(list(&store, &scope("1"), &everything(0, 10)).1, 8);
    assert_intact(&store);
}

#[test]
fn an_error_or_a_panic_rolls_back_only_its_own_change() {
    let (_directory, store) = grouped(9, Ok(()), |store, number| {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.write(|store| {
                store.replace_secrets(&scope("1"), &[numbered(number)])?;
                match number % 3 {
                    0 => Ok(()),
                    1 => Err(StoreError::Sqlite(rusqlite::Error::InvalidQuery)),
                    _ => std::panic::resume_unwind(Box::new("a panic")),
                }
            })
        }));
        match number % 3 {
            0 => result.unwrap().unwrap(),
            1 => assert!(result.unwrap().is_err()),
            _ => assert!(result.is_err()),
        }
    });
    let (secrets, _) = list(&store, &scope("1"), &everything(0, 10));
    assert_eq!(names(&secrets), ["00", "03", "06"]);
    assert_intact(&store);
}

#[test]
fn the_index_of_names_follows_removals_in_the_same_group() {
    let earlier = AtomicUsize::new(0);
    let (_directory, store) = grouped(8, Ok(()), |store, _| {
        store
            .write(|store| {
                let earlier = earlier.fetch_add(1, Ordering::SeqCst);
                for number in 0..8 {
                    remove(store, &scope("1"), &format!("secret-{number}"))?;
                }
                // Fewer than were removed, with row ids that were used before.
                for number in earlier..8 {
                    let name = format!("secret-{number}");
                    store.create_secret(&scope("1"), &secret(&name, 1), &[])?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
    });
    assert_eq!(store.commits.load(Ordering::SeqCst), 1);
    let (secrets, _) = list(&store, &scope("1"), &everything(0, 10));
    assert_eq!(names(&secrets), ["secret-7"]);
    assert_intact(&store);
}

#[test]
fn an_error_of_the_first_change_leaves_those_that_wait() {
    let first = Err(rusqlite::Error::InvalidQuery);
    let (_directory, store) = grouped(8, first, |store, number| {
        store
            .write(|store| store.replace_secrets(&scope("1"), &[numbered(number)]))
            .unwrap();
    });
    assert_eq!(list(&store, &scope("1"), &everything(0, 10)).1, 8);
    assert_intact(&store);
}

#[test]
fn a_long_queue_of_changes_is_committed_in_groups_of_64() {
    let (_directory, store) = grouped(100, Ok(()), |store, number| {
        store
            .write(|store| store.replace_secrets(&scope("1"), &[numbered(number)]))
            .unwrap();
    });
    assert_eq!(store.commits.load(Ordering::SeqCst), 2);
    assert_eq!(list(&store, &scope("1"), &everything(0, 200)).1, 100);
    assert_intact(&store);
}
