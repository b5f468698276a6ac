//! The database file of the built program: messages and errors.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};

#[test]
fn database_path_is_logged_at_start() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let path = path.to_str().unwrap();
    for (arguments, message) in [
        (&[][..], "in memory: data is lost at exit"),
        (
            &["--database", ":memory:"],
            "in memory: data is lost at exit",
        ),
        (&["--database", path], path),
    ] {
        let (_, log) = Running::with(arguments).stop("TERM");
        assert!(log.contains(message), "{arguments:?}: {log}");
    }
}

#[test]
fn error_for_a_database_that_cannot_be_opened_has_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing/kms.db");
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let below_a_file = file.join("kms.db");
    for (database, reason) in [
        (directory.path(), "it is a directory"),
        (&missing, "missing does not exist"),
        (&below_a_file, "file is not a directory"),
    ] {
        for command in [&["--port", "0", "--log", "off"][..], &["import"]] {
            let mut command = command.to_vec();
            command.extend(["--database", database.to_str().unwrap()]);
            if command[0] == "import" {
                command.push(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/seed.json"));
            }
            let output = program().args(&command).finish();
            let error = error_of(&output);
            assert_eq!(output.status.code(), Some(1), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(error.contains(&*database.to_string_lossy()), "{error}");
            assert!(error.contains(reason), "{error}");
        }
    }
}

#[test]
fn error_for_a_database_without_write_permission_has_the_user_ids() {
    const OTHER: u32 = 65_532;
    let this = rustix::process::geteuid().as_raw();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    // Root has all permissions, so the program runs as another user. Otherwise the mode of the
    // directory denies the access.
    let is_root = this == 0;
    let mode = fs::Permissions::from_mode(if is_root { 0o755 } else { 0o555 });
    fs::set_permissions(directory.path(), mode).unwrap();
    // The other user may have no access to the build directory.
    let binaries = tempfile::tempdir().unwrap();
    fs::set_permissions(binaries.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let binary = binaries.path().join("kms-emulator");
    fs::copy(env!("CARGO_BIN_EXE_kms-emulator"), &binary).unwrap();
    let mut command = Command::new(&binary);
    let arguments = ["--port", "0", "--log", "off", "--database"];
    command.env_clear().args(arguments).arg(&path);
    if is_root {
        command.uid(OTHER);
    }
    let output = command.finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    let user = if is_root { OTHER } else { this };
    let obstacle = if is_root {
        "belongs to uid 0 (mode 755)"
    } else {
        "mode 555"
    };
    for message in [
        &*path.to_string_lossy(),
        &*directory.path().to_string_lossy(),
        &format!("runs as uid {user}"),
        obstacle,
    ] {
        assert!(error.contains(message), "{message}: {error}");
    }
}
