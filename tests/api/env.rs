//! What `kms-emulator env` tells clients.

use std::process::Command;

use kms_emulator::snippets::{SNIPPETS, names};

use crate::deadline::Finish;
use crate::process::{error_of, program};

fn env(command: &mut Command) -> String {
    let output = command.finish();
    assert!(output.status.success(), "{}", error_of(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn told(arguments: &[&str]) -> String {
    env(program().arg("env").args(arguments))
}

#[test]
fn a_shell_reads_the_settings_of_the_server() {
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
fn https_comes_with_the_variables_by_which_runtimes_find_an_authority() {
    for arguments in [
        ["--endpoint", "https://kms:8080", "--ca", "/etc/ca.pem"],
        ["--https", "--endpoint=kms:8080/", "--ca", "/etc/ca.pem"],
    ] {
        let told = told(&[&["--format", "dotenv"][..], &arguments].concat());
        for line in [
            "KMS_EMULATOR_ENDPOINT=https://kms:8080",
            "TENCENTCLOUD_SECRET_KEY=test",
            "SSL_CERT_FILE=/etc/ca.pem",
            "REQUESTS_CA_BUNDLE=/etc/ca.pem",
            "NODE_EXTRA_CA_CERTS=/etc/ca.pem",
            "# curl --output /etc/ca.pem http://kms:8080/_emulator/ca.pem",
        ] {
            assert!(told.lines().any(|told| told == line), "{line} in {told}");
        }
    }
    assert!(!told(&[]).contains("SSL_CERT_FILE"));
}

#[test]
fn every_sdk_has_its_program() {
    for snippet in SNIPPETS {
        assert_eq!(told(&["--sdk", snippet.sdk]), snippet.text);
        let elsewhere = told(&["--sdk", snippet.sdk, "--endpoint", "https://kms:1"]);
        assert!(elsewhere.contains("kms:1"), "{elsewhere}");
    }
}

#[test]
fn what_cannot_be_told_is_refused_in_one_line() {
    for (arguments, named) in [
        (&["--sdk", "boto3"][..], "--sdk"),
        (&["--format", "fish"], "--format"),
        (&["--sdk", "tccli", "--format", "shell"], "--format"),
        (&["--endpoint", "ftp://kms"], "--endpoint"),
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
    let output = program().args(["env", "--sdk", "boto3"]).finish();
    let error = error_of(&output);
    for name in names() {
        assert!(error.contains(name), "{error}");
    }
}
