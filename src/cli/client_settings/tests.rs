use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;
use crate::clouds::client_code::lexer::hostile;
use crate::clouds::client_code::{Language, examples};

fn settings(https: bool) -> ClientSettings {
    ClientSettings {
        address: "kms:8080".into(),
        https,
        ca: "/tmp/ca.pem".into(),
        access_key_id: "it's".into(),
        secret: SecretKey::new("a\"b\\c"),
        alibaba_region: "cn-beijing".into(),
        tencent_region: "ap-beijing".into(),
    }
}

#[test]
fn every_program_has_the_address_protocol_key_and_region() {
    for example in examples() {
        let plain = settings(false).program(&example);
        let encrypted = settings(true).program(&example);
        for program in [&plain, &encrypted] {
            assert!(program.contains("kms:8080"), "{program}");
            if example.cloud() == Cloud::Tencent {
                assert!(program.contains("ap-beijing"), "{program}");
            }
            let [id, secret] = match example.language() {
                Language::Python | Language::Node => [r#""it's""#, r#"'a"b\\c'"#],
                Language::Go => [r#""it's""#, r#"`a"b\c`"#],
                Language::Java | Language::Terraform => [r#""it's""#, r#""a\"b\\c""#],
                Language::Shell => [r"'it'\''s'", r#"'a"b\c'"#],
            };
            assert!(
                program.contains(id) && program.contains(secret),
                "{program}"
            );
        }
        let program: Vec<_> = encrypted
            .lines()
            .filter(|line| !line.starts_with(example.language().comment()))
            .collect();
        let program = program.join("\n");
        let is_encrypted =
            program.to_ascii_lowercase().contains("https") || program.contains(" --secure");
        assert!(is_encrypted, "{program}");
        if example.language() == Language::Python {
            assert!(program.contains("=\"/tmp/ca.pem\""), "{program}");
        }
        for http in ["http:", "\"http\"", "'http'", "HTTP)", "HTTP\"", "HTTP'"] {
            assert!(!program.contains(http), "{http} in {program}");
        }
    }
}

#[test]
fn variables_are_quoted_for_their_format() {
    assert_eq!(
        settings(false).variables(Format::Shell),
        "export KMS_EMULATOR_ENDPOINT=http://kms:8080\n\
         export ALIBABA_CLOUD_CREDENTIALS_URI=http://kms:8080/_emulator/credentials\n\
         export ALIBABA_CLOUD_ACCESS_KEY_ID='it'\\''s'\n\
         export ALIBABA_CLOUD_ACCESS_KEY_SECRET='a\"b\\c'\n\
         export ALIBABA_CLOUD_REGION_ID=cn-beijing\n\
         export ALIBABA_CLOUD_REGION=cn-beijing\n\
         export ALIBABA_CLOUD_ENDPOINT=kms:8080\n\
         export TENCENTCLOUD_SECRET_ID='it'\\''s'\n\
         export TENCENTCLOUD_SECRET_KEY='a\"b\\c'\n\
         export TENCENTCLOUD_REGION=ap-beijing\n"
    );
    let dotenv = settings(true).variables(Format::Dotenv);
    for line in [
        "KMS_EMULATOR_ENDPOINT=https://kms:8080",
        "TENCENTCLOUD_SECRET_ID=\"it's\"",
        "TENCENTCLOUD_SECRET_KEY='a\"b\\c'",
        "NODE_EXTRA_CA_CERTS=/tmp/ca.pem",
        "# curl --output /tmp/ca-bundle.pem http://kms:8080/_emulator/ca-bundle.pem",
    ] {
        assert!(dotenv.lines().any(|written| written == line), "{dotenv}");
    }
}

prop_compose! {
    fn hostile_settings()(
        address in hostile(),
        ca in hostile(),
        access_key_id in hostile(),
        secret in hostile(),
        https in any::<bool>(),
    ) -> ClientSettings {
        ClientSettings {
            address,
            https,
            ca,
            access_key_id,
            secret: SecretKey::new(secret),
            alibaba_region: "cn-beijing".into(),
            tencent_region: "ap-beijing".into(),
        }
    }
}

/// The output of a script, split at NUL. Fails if it has another effect.
fn run(directory: &Path, script: &str, input: &str) -> Vec<String> {
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .current_dir(directory)
        .env("HOME", "/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = shell.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = shell.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.is_empty(), "{error} of {input}");
    assert!(!directory.join("run").exists(), "code was run: {input}");
    let words = output.stdout.split(|byte| *byte == 0);
    let mut words: Vec<_> = words
        .map(|word| String::from_utf8(word.to_vec()).unwrap())
        .collect();
    assert_eq!(words.pop().as_deref(), Some(""));
    words
}

/// Reads a `.env` file in the syntax that all readers share: names, and values bare or in quotes.
fn read_dotenv(text: &str) -> Vec<(String, String)> {
    let mut read = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with('#') {
            rest = rest.split_once('\n').unwrap().1;
            continue;
        }
        let (name, value) = rest.split_once('=').unwrap();
        let mut characters = value.chars();
        let mut text = String::new();
        match value.chars().next() {
            Some('\'') => {
                characters.next();
                text.extend(characters.by_ref().take_while(|c| *c != '\''));
            }
            Some('"') => {
                characters.next();
                while let Some(character) = characters.next().filter(|c| *c != '"') {
                    assert!(!"\n\r".contains(character));
                    text.push(match character {
                        '\\' => match characters.next().unwrap() {
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            other => other,
                        },
                        character => character,
                    });
                }
            }
            _ => {
                let bare = value.split('\n').next().unwrap();
                assert!(!bare.contains(|c: char| "'\"`$#\\".contains(c) || c.is_whitespace()));
                text.push_str(bare);
                characters = value[bare.len()..].chars();
            }
        }
        rest = characters.as_str().strip_prefix('\n').unwrap();
        read.push((name.to_owned(), text));
    }
    read
}

fn expected(settings: &ClientSettings) -> Vec<(String, String)> {
    let (id, secret) = (&*settings.access_key_id, settings.secret.expose());
    let endpoint = settings.endpoint();
    let credentials = format!("{endpoint}/_emulator/credentials");
    let mut variables = vec![
        ("KMS_EMULATOR_ENDPOINT", &*endpoint),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", &*credentials),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
        ("ALIBABA_CLOUD_REGION_ID", "cn-beijing"),
        ("ALIBABA_CLOUD_REGION", "cn-beijing"),
        ("ALIBABA_CLOUD_ENDPOINT", &*settings.address),
        ("TENCENTCLOUD_SECRET_ID", id),
        ("TENCENTCLOUD_SECRET_KEY", secret),
        ("TENCENTCLOUD_REGION", "ap-beijing"),
    ];
    if settings.https {
        let names = ["NODE_EXTRA_CA_CERTS", "ALIBABA_CLOUD_CA_BUNDLE"];
        variables.extend(names.map(|name| (name, &*settings.ca)));
    }
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    variables.into_iter().map(owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shell_reads_exactly_the_values_and_runs_nothing(settings in hostile_settings()) {
        let directory = tempfile::tempdir().unwrap();
        let variables = expected(&settings);
        let print = variables.iter().fold("printf '%s\\0'".to_owned(), |print, (name, _)| {
            format!("{print} \"${name}\"")
        });
        // As in `eval "$(kms-emulator env)"`; the substitution removes line breaks at the end.
        let script = format!("eval \"$(cat)\"; {print}");
        let told = settings.variables(Format::Shell);
        let values: Vec<_> = variables.into_iter().map(|(_, value)| value).collect();
        prop_assert_eq!(run(directory.path(), &script, &told), values);
    }

    #[test]
    fn dotenv_file_has_exactly_the_values_and_a_shell_runs_nothing_in_it(
        settings in hostile_settings()
    ) {
        let told = settings.variables(Format::Dotenv);
        prop_assert_eq!(read_dotenv(&told), expected(&settings));
        let directory = tempfile::tempdir().unwrap();
        run(directory.path(), "eval \"$(cat)\"; printf '\\0'", &told);
    }

    #[test]
    fn settings_appear_in_a_shell_program_as_words_only(settings in hostile_settings()) {
        let benign = ClientSettings {
            address: "ADDRESS".into(),
            https: settings.https,
            ca: "CA".into(),
            access_key_id: "ID".into(),
            secret: SecretKey::new("SECRET"),
            alibaba_region: "cn-beijing".into(),
            tencent_region: "ap-beijing".into(),
        };
        let value = |text: &String| match text.as_str() {
            "http://ADDRESS" | "https://ADDRESS" => settings.endpoint(),
            "ID" => settings.access_key_id.clone(),
            "SECRET" => settings.secret.expose().to_owned(),
            other => other.to_owned(),
        };
        let directory = tempfile::tempdir().unwrap();
        let show = "tccli() { printf '%s\\0' \"$@\" \
            \"$TENCENTCLOUD_SECRET_ID\" \"$TENCENTCLOUD_SECRET_KEY\"; }; eval \"$(cat)\"";
        let tccli = examples().find(|example| example.sdk == "tccli").unwrap();
        let read = |settings: &ClientSettings| {
            run(directory.path(), show, &settings.program(&tccli))
        };
        let words: Vec<_> = read(&benign).iter().map(value).collect();
        prop_assert_eq!(read(&settings), words);
    }

    #[test]
    fn comments_in_a_python_program_name_no_other_encoding(settings in hostile_settings()) {
        for example in examples().filter(|example| example.language() == Language::Python) {
            let program = settings.program(&example);
            // Python looks for the encoding in the comments of the first two lines (PEP 263).
            let named = program.lines().take(2).find(|line| {
                line.starts_with('#') && (line.contains("coding:") || line.contains("coding="))
            });
            prop_assert!(matches!(named, None | Some("# coding: utf-8")), "{}", &program);
        }
    }
}
