//! Rotation of keys.

use chrono::TimeDelta;

use super::{create, decrypt, describe, encrypt};
use crate::alibaba::session::Session;

/// The page *Automatic key rotation*.
#[test]
fn a_key_is_rotated_by_the_clock_and_old_ciphertexts_decrypt() {
    let session = Session::new();
    let key = create(
        &session,
        &[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ],
    );
    let first = describe(&session, &key);
    assert_eq!(first["AutomaticRotation"], "Enabled");
    assert_eq!(first["RotationInterval"], "604800s");
    assert_eq!(first["NextRotationDate"], "2026-01-09T03:04:05Z");
    let ciphertext = encrypt(&session, &key, "aGk=", "");
    session.advance(TimeDelta::days(7));
    let second = describe(&session, &key);
    assert_ne!(second["PrimaryKeyVersion"], first["PrimaryKeyVersion"]);
    assert_eq!(second["LastRotationDate"], "2026-01-09T03:04:05Z");
    assert_eq!(second["NextRotationDate"], "2026-01-16T03:04:05Z");
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        2
    );
    assert_eq!(decrypt(&session, &ciphertext, ""), Ok("aGk=".to_owned()));
    let again = session.ok("Encrypt", &[("KeyId", &key), ("Plaintext", "aGk=")]);
    assert_eq!(again["KeyVersionId"], second["PrimaryKeyVersion"]);
    session.ok("DisableKey", &[("KeyId", &key)]);
    assert_eq!(describe(&session, &key)["AutomaticRotation"], "Suspended");
    session.advance(TimeDelta::days(70));
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        2
    );
    session.ok("EnableKey", &[("KeyId", &key)]);
    // Overdue: one rotation at the last of its times.
    let third = describe(&session, &key);
    assert_eq!(third["LastRotationDate"], "2026-03-20T03:04:05Z");
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        3
    );
    session.ok(
        "UpdateRotationPolicy",
        &[("KeyId", &key), ("EnableAutomaticRotation", "false")],
    );
    assert_eq!(describe(&session, &key)["AutomaticRotation"], "Disabled");
    let without = [("KeyId", &*key), ("EnableAutomaticRotation", "true")];
    assert_eq!(
        session.verdict("UpdateRotationPolicy", &without),
        "400 MissingParameter"
    );
}
