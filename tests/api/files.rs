//! Files that the program creates, their modes, and files with settings.

use std::fs::{self, Permissions};
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::deadline::Finish;
use crate::process::{Running, error_of, program};
use crate::support::{RawReply, fixture};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// The program in a shell that sets a umask first.
fn under_umask(umask: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"umask "$1"; shift; exec "$@""#, "sh", umask])
        .arg(program().get_program())
        .args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KMS_EMULATOR")) {
        command.env_remove(name);
    }
    command
}

const CREATE: &str = "/?Action=CreateSecret&SecretName=a&VersionId=v1&SecretData=x";

#[test]
fn new_database_has_mode_0600_with_every_umask() {
    for umask in ["000", "022", "077", "277"] {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let database = directory.path().join("kms.db");
        let path = database.to_str().unwrap();
        let server = Running::start(&mut under_umask(
            umask,
            &["--listen", "127.0.0.1:0", "--database", path],
        ));
        server.get(CREATE);
        for suffix in ["", "-wal", "-shm"] {
            let file = directory.path().join(format!("kms.db{suffix}"));
            assert_eq!(mode(&file), 0o600, "umask {umask}: {}", file.display());
        }
        assert_eq!(mode(directory.path()), 0o755);
        drop(server);
        // The program opens the database again, with the files that SQLite left next to it.
        let server = Running::with(&["--database", path]);
        assert!(
            server
                .get("/?Action=ListSecrets")
                .contains(r#""TotalCount":1"#)
        );
    }
}

#[test]
fn existing_database_keeps_its_mode() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let path = database.to_str().unwrap();
    fs::write(&database, "").unwrap();
    fs::set_permissions(&database, Permissions::from_mode(0o640)).unwrap();
    let server = Running::with(&["--database", path]);
    server.get(CREATE);
    for suffix in ["", "-wal", "-shm"] {
        let file = directory.path().join(format!("kms.db{suffix}"));
        assert_eq!(mode(&file), 0o640, "{}", file.display());
    }
}

#[test]
fn database_created_through_a_symbolic_link_has_mode_0600() {
    let directory = tempfile::tempdir().unwrap();
    let [target, link] = ["target.db", "link.db"].map(|name| directory.path().join(name));
    symlink(&target, &link).unwrap();
    let server = Running::start(&mut under_umask(
        "000",
        &[
            "--listen",
            "127.0.0.1:0",
            "--database",
            link.to_str().unwrap(),
        ],
    ));
    server.get(CREATE);
    assert_eq!(mode(&target), 0o600);
}

#[test]
fn imported_database_and_export_file_have_mode_0600() {
    let directory = tempfile::tempdir().unwrap();
    let [database, output] = ["kms.db", "out.json"].map(|name| directory.path().join(name));
    let seed = fixture("seed.json");
    for arguments in [
        vec![
            "import",
            "--database",
            database.to_str().unwrap(),
            seed.to_str().unwrap(),
        ],
        vec![
            "export",
            "--values",
            "--database",
            database.to_str().unwrap(),
            "--output",
            output.to_str().unwrap(),
        ],
    ] {
        let output = under_umask("000", &arguments).finish();
        assert!(output.status.success(), "{}", error_of(&output));
    }
    assert_eq!((mode(&database), mode(&output)), (0o600, 0o600));
    // The mode of an existing file is restricted if values are written to it.
    for (values, expected) in [(None, 0o644), (Some("--values"), 0o600)] {
        fs::set_permissions(&output, Permissions::from_mode(0o644)).unwrap();
        let mut command = program();
        command.arg("export").arg("--database").arg(&database);
        command.arg("--output").arg(&output).args(values);
        assert!(command.status().unwrap().success());
        assert_eq!(mode(&output), expected, "{values:?}");
    }
}

#[test]
fn database_of_a_running_server_is_not_imported_into() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("kms.db");
    let database = database.to_str().unwrap();
    let seed = fixture("seed.json");
    let import = || {
        let mut command = program();
        command.args(["import", "--database", database]).arg(&seed);
        command.finish()
    };
    let server = Running::with(&["--database", database]);
    let refused = import();
    assert_eq!(refused.status.code(), Some(1));
    let error = error_of(&refused);
    assert!(
        error.contains("another process has the database") && error.contains("/_emulator/state"),
        "{error}"
    );
    let second = log(&["--database", database]);
    assert!(
        second.contains("another process has the database open"),
        "{second}"
    );
    drop(server);
    let imported = import();
    assert!(imported.status.success(), "{}", error_of(&imported));
    let next = log(&["--database", database]);
    assert!(!next.contains("another process"), "{next}");
}

/// The status of a journal request with this control token.
fn status_with(server: &Running, token: &str) -> u16 {
    let mut connection = TcpStream::connect(&server.address).unwrap();
    let request = format!(
        "GET /_emulator/journal HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    RawReply::read(&mut connection).status
}

#[test]
fn control_token_is_read_from_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    for (content, token) in [
        ("open sesame", "open sesame"),
        ("sesame\n", "sesame"),
        ("sesame\r\n", "sesame"),
    ] {
        fs::write(&file, content).unwrap();
        let server = Running::with(&["--control-token-file", file.to_str().unwrap()]);
        assert!(server.get("/_emulator/journal").contains("Unauthorized"));
        assert_eq!(status_with(&server, "wrong"), 401);
        assert_eq!(status_with(&server, token), 200, "{content:?}");
    }
    let mut command = program();
    command
        .args(["--listen", "127.0.0.1:0"])
        .env("KMS_EMULATOR_CONTROL_TOKEN_FILE", &file)
        // An empty variable counts as unset.
        .env("KMS_EMULATOR_CONTROL_TOKEN", "");
    assert_eq!(status_with(&Running::start(&mut command), "sesame"), 200);
}

#[test]
fn invalid_control_token_file_exits_with_2() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = file("good", b"hunter2\n");
    let nowhere = directory.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    let here = directory.path().to_str().unwrap();
    let flag = "--control-token-file (KMS_EMULATOR_CONTROL_TOKEN_FILE)";
    for (arguments, named) in [
        (vec!["--control-token-file", nowhere], "No such file"),
        (vec!["--control-token-file", here], "directory"),
        (vec!["--control-token-file", &file("empty", b"")], "empty"),
        (vec!["--control-token-file", &file("line", b"\n")], "empty"),
        (
            vec!["--control-token-file", &file("two", b"hunter2\nhunter2\n")],
            "line breaks",
        ),
        (
            vec!["--control-token-file", &file("space", b" hunter2")],
            "spaces around it",
        ),
        (
            vec!["--control-token-file", &file("bytes", b"hunter2\xff")],
            "UTF-8",
        ),
        (vec!["--control-token-file", "/dev/zero"], "too long"),
        (
            vec!["--control-token-file", &good, "--control-token", "hunter2"],
            "cannot be combined with --control-token",
        ),
    ] {
        let mut command = program();
        let output = command.args(&arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(flag) && error.contains(named), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let mut command = program();
    command
        .env("KMS_EMULATOR_CONTROL_TOKEN", "hunter2")
        .env("KMS_EMULATOR_CONTROL_TOKEN_FILE", &good);
    let output = command.finish();
    assert_eq!(output.status.code(), Some(2), "{}", error_of(&output));
}

/// The whole log of a server.
fn log(arguments: &[&str]) -> String {
    Running::start(program().args(arguments)).stop("TERM").1
}

#[test]
fn control_api_reachable_from_other_machines_without_a_token_logs_one_warning() {
    let directory = tempfile::tempdir().unwrap();
    let token = directory.path().join("token");
    fs::write(&token, "sesame").unwrap();
    let token = token.to_str().unwrap();
    let warnings = |arguments: &[&str]| {
        let log = log(arguments);
        let warnings = log
            .lines()
            .filter(|line| line.contains("requires no token,"));
        warnings.map(str::to_owned).collect::<Vec<_>>()
    };
    let everywhere = ["--listen", "0.0.0.0:0"];
    let [warning] = &warnings(&everywhere)[..] else {
        panic!("expected exactly one warning");
    };
    for part in [
        "WARN",
        "0.0.0.0:",
        "--control-token-file",
        "--no-control",
        "--control-listen 127.0.0.1:",
    ] {
        assert!(warning.contains(part), "{warning}");
    }
    for safe in [
        &["--listen", "127.0.0.1:0"][..],
        &["--listen", "0.0.0.0:0", "--no-control"],
        &["--listen", "0.0.0.0:0", "--control-token-file", token],
        &["--listen", "0.0.0.0:0", "--control-listen", "127.0.0.1:0"],
    ] {
        assert_eq!(warnings(safe), [""; 0], "{safe:?}");
    }
}
