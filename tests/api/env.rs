//! The output of `kms-emulator env`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kms_emulator::clouds::client_code::{Example, examples};

use crate::deadline::Finish;
use crate::exchanges::RECORD;
use crate::process::{error_of, program};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn env(command: &mut Command) -> String {
    let output = command.finish();
    assert!(output.status.success(), "{}", error_of(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn output_of(arguments: &[&str]) -> String {
    env(program().arg("env").args(arguments))
}

#[test]
fn output_is_shell_commands_with_the_settings_of_the_server() {
    let mut command = program();
    command
        .arg("env")
        .env("KMS_EMULATOR_LISTEN", "0.0.0.0:9,127.0.0.1:10")
        .env("KMS_EMULATOR_ACCESS_KEYS", "it's $me:a \"b\" \\c,x:y");
    let script = format!(
        "{}\nprintf '%s\\n' \"$KMS_EMULATOR_ENDPOINT\" \"$ALIBABA_CLOUD_ACCESS_KEY_ID\" \
         \"$ALIBABA_CLOUD_ACCESS_KEY_SECRET\" \"$TENCENTCLOUD_SECRET_ID\" \"$TENCENTCLOUD_SECRET_KEY\"",
        env(&mut command)
    );
    let read = env(Command::new("sh").arg("-c").arg(script));
    let (id, secret) = ("it's $me", "a \"b\" \\c");
    let lines: Vec<_> = read.lines().collect();
    assert_eq!(lines, ["http://127.0.0.1:9", id, secret, id, secret]);
}

#[test]
fn regions_are_those_of_the_server() {
    let mut command = program();
    command
        .arg("env")
        .env("KMS_EMULATOR_REGION", "cn-beijing")
        .env("KMS_EMULATOR_TENCENT_REGIONS", "ap-beijing,ap-guangzhou");
    let output = env(&mut command);
    for line in [
        "export ALIBABA_CLOUD_REGION_ID=cn-beijing",
        "export ALIBABA_CLOUD_REGION=cn-beijing",
        "export TENCENTCLOUD_REGION=ap-beijing",
    ] {
        assert!(output.lines().any(|printed| printed == line), "{output}");
    }
}

#[test]
fn https_adds_only_variables_that_unrelated_programs_ignore_or_add_to_their_list() {
    for arguments in [
        ["--endpoint", "https://kms:8080", "--ca", "/etc/ca.pem"],
        ["--https", "--endpoint=kms:8080/", "--ca", "/etc/ca.pem"],
    ] {
        let output = output_of(&[&["--format", "dotenv"][..], &arguments].concat());
        for line in [
            "KMS_EMULATOR_ENDPOINT=https://kms:8080",
            "TENCENTCLOUD_SECRET_KEY=test",
            "ALIBABA_CLOUD_ENDPOINT=kms:8080",
            "NODE_EXTRA_CA_CERTS=/etc/ca.pem",
            "ALIBABA_CLOUD_CA_BUNDLE=/etc/ca.pem",
            "# curl --output /etc/ca.pem http://kms:8080/_emulator/ca.pem",
            "# curl --output /etc/ca-bundle.pem http://kms:8080/_emulator/ca-bundle.pem",
            "# Python's requests: REQUESTS_CA_BUNDLE=/etc/ca-bundle.pem",
        ] {
            let is_printed = output.lines().any(|printed| printed == line);
            assert!(is_printed, "{line} in {output}");
        }
        let set: Vec<_> = output
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        for replacing in [
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "PIP_CERT",
            "AWS_CA_BUNDLE",
            "GIT_SSL_CAINFO",
        ] {
            assert!(!set.iter().any(|line| line.contains(replacing)), "{output}");
        }
    }
    assert!(!output_of(&[]).contains("CERT"));
}

#[test]
fn commands_in_the_name_of_the_working_directory_are_not_run() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a\ntouch run\n", "a\r$(touch run)", "`touch run`'", "it's"] {
        let inside = directory.path().join(name);
        std::fs::create_dir(&inside).unwrap();
        let output = env(program().args(["env", "--https"]).current_dir(&inside));
        let script = "eval \"$0\"; printf %s \"$NODE_EXTRA_CA_CERTS\"";
        let mut shell = Command::new("sh");
        let read = env(shell.args(["-c", script, &output]).current_dir(&inside));
        let ca = inside.canonicalize().unwrap().join("kms-emulator-ca.pem");
        assert_eq!(read, ca.to_str().unwrap());
        assert!(!inside.join("run").exists(), "{output}");
    }
}

#[test]
fn path_that_is_not_utf8_is_rejected_if_it_is_printed() {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::OsStr::from_bytes(b"/tmp/\xff.pem");
    let output = program()
        .args(["env", "--https", "--ca"])
        .arg(path)
        .finish();
    let error = error_of(&output);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("--ca") && error.contains("UTF-8"), "{error}");
    // Without https, the path is not printed and so may be anything.
    env(program().args(["env", "--ca"]).arg(path));
}

/// Compares a file in `examples/sdk` with the text, or overwrites it if recording.
fn check_example(path: &str, text: &str) {
    let path = root("examples/sdk").join(path);
    if std::env::var_os(RECORD).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        return;
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "{RECORD}=1 cargo test --test api examples rewrites {}",
        path.display()
    );
}

#[test]
fn examples_are_the_programs_for_the_default_settings() {
    for example in examples() {
        check_example(example.path, &output_of(&["--sdk", example.sdk]));
    }
}

#[test]
fn examples_are_listed_with_the_installation_of_their_sdk() {
    let readme = fs::read_to_string(root("examples/sdk/README.md")).unwrap();
    let (begin, end) = ("<!-- sdks -->\n", "<!-- /sdks -->");
    let (before, rest) = readme.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let mut table = "| program | SDK | installation |\n|---|---|---|\n".to_owned();
    for example in examples() {
        let Example {
            sdk, install, path, ..
        } = example;
        writeln!(table, "| [{path}]({path}) | `{sdk}` | `{install}` |").unwrap();
    }
    check_example(
        "README.md",
        &format!("{before}{begin}\n{table}\n{end}{after}"),
    );
}

#[test]
fn sdks_are_installed_in_the_versions_that_the_tests_run() {
    let read = |path: &str| fs::read_to_string(root("tests/sdk").join(path)).unwrap();
    let pinned = |paths: &[&str]| paths.iter().map(|path| read(path)).collect::<String>();
    let python = pinned(&["python/requirements.txt", "python/requirements-tccli.txt"]);
    let node = pinned(&["node/package.json"]);
    let go = pinned(&[
        "go/go.mod",
        "go/tencent_typed/go.mod",
        "go/tencent_common/go.mod",
    ]);
    let java = pinned(&["java/pom.xml"])
        .split_whitespace()
        .collect::<String>();
    for example in examples() {
        let install = example.install;
        // The tests do not run these.
        if ["aliyun", "terraform-provider-alicloud"].contains(&example.sdk) {
            continue;
        }
        let is_pinned = if let Some(packages) = install.strip_prefix("pip install ") {
            let mut packages = packages.split(' ');
            packages.all(|package| python.lines().any(|line| line == package))
        } else if let Some(packages) = install.strip_prefix("npm install ") {
            packages.split(' ').all(|package| {
                let (name, version) = package.rsplit_once('@').unwrap();
                node.contains(&format!("\"{name}\": \"{version}\""))
            })
        } else if let Some(module) = install.strip_prefix("go get ") {
            let pin = module.replacen('@', " ", 1);
            go.lines().any(|line| line.trim().starts_with(&pin))
        } else {
            java.contains(install)
        };
        assert!(is_pinned, "{install}");
    }
}

#[test]
fn program_is_for_the_endpoint_and_the_default_region() {
    for example in examples() {
        let mut command = program();
        command
            .args(["env", "--endpoint", "https://kms:1", "--sdk", example.sdk])
            .env("KMS_EMULATOR_TENCENT_REGIONS", "ap-beijing,ap-guangzhou");
        let program = env(&mut command);
        assert!(program.contains("kms:1"), "{program}");
        let is_tencent = example.path.contains("/tencent/");
        assert_eq!(program.contains("ap-beijing"), is_tencent, "{program}");
    }
}

#[test]
fn wrong_arguments_are_rejected_with_an_error_of_one_line() {
    for (arguments, named) in [
        (&["--endpoint", "ftp://kms"][..], "--endpoint"),
        (&["--endpoint", "http://kms/\"; rm"], "--endpoint"),
        (
            &["--access-key", "hunter2"],
            "--access-key (KMS_EMULATOR_ACCESS_KEYS)",
        ),
    ] {
        let output = program().arg("env").args(arguments).finish();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(
            error.contains(named) && !error.contains("hunter2"),
            "{error}"
        );
        assert!(output.stdout.is_empty());
    }
    for (arguments, message) in [
        (
            &["--format", "fish"][..],
            "[possible values: shell, dotenv]",
        ),
        (
            &["--sdk", "tccli", "--format", "shell"],
            "cannot be used with '--format",
        ),
        (&["--sdk", "tcli"], "similar value exists: 'tccli'"),
    ] {
        let output = program().arg("env").args(arguments).finish();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = error_of(&output);
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
    let output = program().args(["env", "--sdk", "boto3"]).finish();
    let error = error_of(&output);
    for example in examples() {
        assert!(error.contains(example.sdk), "{error}");
    }
}
