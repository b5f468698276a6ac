//! What clients of an emulator are to be told, for a shell, a dotenv file or as a program.

use std::fmt;

use clap::ValueEnum;

use crate::model::SecretKey;
use crate::snippets::{ADDRESS, Language, Snippet, quoted, quoted_in_comment};

/// How variables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a POSIX shell to evaluate.
    Shell,
    /// For a `.env` file.
    Dotenv,
}

/// How to reach an emulator.
#[derive(Debug)]
pub struct ClientSettings {
    /// Host and port.
    pub address: String,
    /// Whether by https.
    pub https: bool,
    /// The file with the certificate authority.
    pub ca: String,
    /// The access key id to sign with.
    pub access_key_id: String,
    /// The secret to sign with.
    pub secret: SecretKey,
}

/// What `kms-emulator env` prints.
#[derive(Debug)]
pub struct Output {
    /// The settings.
    pub settings: ClientSettings,
    /// How variables are printed.
    pub format: Format,
    /// The program to print instead of variables.
    pub snippet: Option<&'static Snippet>,
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self.snippet {
            Some(snippet) => self.settings.program(snippet),
            None => self.settings.variables(self.format),
        })
    }
}

impl ClientSettings {
    /// The URL of the emulator.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Variables that clients of both clouds read, and for https those by which runtimes find a
    /// certificate authority.
    #[must_use]
    pub fn variables(&self, format: Format) -> String {
        let (id, secret) = (&self.access_key_id, self.secret.expose());
        let mut lines: Vec<String> = [
            ("KMS_EMULATOR_ENDPOINT", &*self.endpoint()),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
            ("TENCENTCLOUD_SECRET_ID", id),
            ("TENCENTCLOUD_SECRET_KEY", secret),
        ]
        .map(|(name, value)| format.line(name, value))
        .into();
        if self.https {
            lines.push(fetching_the_authority("#", &self.ca, &self.address));
            lines.push("# Go and OpenSSL, Python, and curl then trust no other authority; Node trusts this one too.".into());
            lines.extend(
                [
                    "SSL_CERT_FILE",
                    "REQUESTS_CA_BUNDLE",
                    "ALIBABA_CLOUD_CA_BUNDLE",
                    "NODE_EXTRA_CA_CERTS",
                    "CURL_CA_BUNDLE",
                ]
                .map(|name| format.line(name, &self.ca)),
            );
            lines.push(java_trust_store("#", &self.ca));
        }
        lines.join("\n") + "\n"
    }

    /// The program of an SDK, for this emulator.
    #[must_use]
    pub fn program(&self, snippet: &Snippet) -> String {
        let language = snippet.language;
        let mut template = snippet.text.to_owned();
        if self.https {
            template = with_https(template);
            if language == Language::Python {
                template = with_authority(&template);
            }
        }
        let program = self.filled(language, template);
        if !self.https {
            return program;
        }
        let notes = trust_notes(language, &self.ca, &self.address);
        format!("{}\n{program}", notes.join("\n"))
    }

    /// A program with the settings in the place of those that the snippets have.
    fn filled(&self, language: Language, mut template: String) -> String {
        let endpoint = self.endpoint();
        let (https, http) = (format!("https://{ADDRESS}"), format!("http://{ADDRESS}"));
        let test = language.literal("test");
        let secret = self.secret.expose();
        // All marks are set before any value is written, so that no value is taken for a mark.
        let marks = [
            (AUTHORITY_MARK.to_owned(), usize::MAX, &*self.ca),
            (language.literal(&https), usize::MAX, &endpoint),
            (language.literal(&http), usize::MAX, &endpoint),
            (language.literal(ADDRESS), usize::MAX, &self.address),
            (test.clone(), 1, &self.access_key_id),
            (test, 1, secret),
        ];
        let mut values = Vec::new();
        for ((text, times, value), mark) in marks.into_iter().zip(FIRST_MARK..) {
            template = template.replacen(&text, mark.encode_utf8(&mut [0; 4]), times);
            values.push((mark, language.literal(value)));
        }
        let mut program = String::with_capacity(template.len());
        for character in template.chars() {
            match values.iter().find(|(mark, _)| *mark == character) {
                Some((_, value)) => program.push_str(value),
                None => program.push(character),
            }
        }
        program
    }
}

/// The first of some characters that no snippet has: Unicode leaves them to private use.
const FIRST_MARK: char = '\u{e000}';

/// The place of the literal of the file with the authority, in templates.
const AUTHORITY_MARK: &str = "«ca»";

/// Comments that say how a program in this language comes to trust the emulator's authority, which
/// is to be in the file `ca`.
#[must_use]
pub fn trust_notes(language: Language, ca: &str, address: &str) -> Vec<String> {
    let comment = language.comment();
    let mut notes = vec![fetching_the_authority(comment, ca, address)];
    let file = quoted_in_comment(ca);
    match language {
        Language::Node => notes.push(format!(
            "{comment} Run it with NODE_EXTRA_CA_CERTS={file}"
        )),
        Language::Go => notes.push(format!("{comment} Run it with SSL_CERT_FILE={file}")),
        Language::Java => notes.push(java_trust_store(comment, ca)),
        Language::Python => {
            // In the first two lines Python reads such a comment as the encoding of the file.
            let names_encoding =
                |note: &String| note.contains("coding:") || note.contains("coding=");
            if notes.iter().any(names_encoding) {
                notes.insert(0, format!("{comment} coding: utf-8"));
            }
        }
        Language::Shell => notes.push(format!(
            "{comment} tccli trusts the list of its own certifi package only; add to it: cat {file} >>…/certifi/cacert.pem"
        )),
    }
    notes
}

fn fetching_the_authority(comment: &str, ca: &str, address: &str) -> String {
    let ca = quoted_in_comment(ca);
    let url = quoted_in_comment(&format!("http://{address}/_emulator/ca.pem"));
    format!("{comment} curl --output {ca} {url}")
}

/// Java reads no PEM.
fn java_trust_store(comment: &str, ca: &str) -> String {
    let store = quoted_in_comment(&format!("{ca}.p12"));
    let ca = quoted_in_comment(ca);
    format!(
        "{comment} keytool -importcert -noprompt -alias kms-emulator -file {ca} -keystore {store} -storetype PKCS12 -storepass changeit\n\
         {comment} java -Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit …"
    )
}

/// A program for http, changed to speak https.
fn with_https(mut program: String) -> String {
    for (http, https) in [
        ("http://", "https://"),
        ("\"http\"", "\"https\""),
        ("'http'", "'https'"),
        ("\"HTTP\"", "\"HTTPS\""),
        ("'HTTP'", "'HTTPS'"),
        ("ProtocolType.HTTP)", "ProtocolType.HTTPS)"),
        ("HttpProfile.REQ_HTTP)", "HttpProfile.REQ_HTTPS)"),
    ] {
        program = program.replace(http, https);
    }
    program
}

/// A Python program that trusts an authority: few of the SDKs read a variable for it.
fn with_authority(program: &str) -> String {
    let endpoint = format!("endpoint=\"{ADDRESS}\")");
    program
        .replace(
            "\"cn-hangzhou\")",
            &format!("\"cn-hangzhou\", verify={AUTHORITY_MARK})"),
        )
        .replace(
            "protocol=\"HTTPS\",\n",
            &format!("protocol=\"HTTPS\",\n        ca={AUTHORITY_MARK},\n"),
        )
        .replace(
            &endpoint,
            &format!("endpoint=\"{ADDRESS}\", certification={AUTHORITY_MARK})"),
        )
}

impl Format {
    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Shell => format!("export {name}={}", quoted(value)),
            Self::Dotenv => format!("{name}={}", for_dotenv(value)),
        }
    }
}

/// A value for a `.env` file. What its readers agree on is used as far as it goes: single quotes
/// take everything as it is, and double quotes everything but what is escaped. Many evaluate such a
/// file in a shell: there, too, the value is one word and nothing in it is run.
fn for_dotenv(text: &str) -> String {
    if !text.contains(|c: char| c == '\'' || c.is_control()) {
        return quoted(text);
    }
    let mut value = String::with_capacity(text.len() + 2);
    value.push('"');
    for character in text.chars() {
        match character {
            '\n' => value.push_str(r"\n"),
            '\r' => value.push_str(r"\r"),
            '\t' => value.push_str(r"\t"),
            '\\' | '"' | '$' | '`' => value.extend(['\\', character]),
            _ => value.push(character),
        }
    }
    value.push('"');
    value
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;
    use crate::snippets::SNIPPETS;
    use crate::snippets::lexer::{hostile, lex};

    fn settings(https: bool) -> ClientSettings {
        ClientSettings {
            address: "kms:8080".into(),
            https,
            ca: "/tmp/ca.pem".into(),
            access_key_id: "it's".into(),
            secret: SecretKey::new("a\"b\\c"),
        }
    }

    #[test]
    fn every_program_is_as_shown_for_the_settings_shown() {
        let shown = ClientSettings {
            address: ADDRESS.into(),
            https: false,
            ca: String::new(),
            access_key_id: "test".into(),
            secret: SecretKey::new("test"),
        };
        for snippet in SNIPPETS {
            assert_eq!(shown.program(snippet), snippet.text);
        }
    }

    #[test]
    fn every_program_takes_address_protocol_and_keys() {
        for snippet in SNIPPETS {
            let plain = settings(false).program(snippet);
            let encrypted = settings(true).program(snippet);
            for program in [&plain, &encrypted] {
                assert!(!program.contains(ADDRESS), "{program}");
                assert!(program.contains("kms:8080"), "{program}");
                let [id, secret] = match snippet.language {
                    Language::Python | Language::Node => [r#""it's""#, r#"'a"b\\c'"#],
                    Language::Go => [r#""it's""#, r#"`a"b\c`"#],
                    Language::Java => [r#""it's""#, r#""a\"b\\c""#],
                    Language::Shell => [r"'it'\''s'", r#"'a"b\c'"#],
                };
                assert!(
                    program.contains(id) && program.contains(secret),
                    "{program}"
                );
            }
            let program: Vec<_> = encrypted
                .lines()
                .filter(|line| !line.starts_with(snippet.language.comment()))
                .collect();
            let program = program.join("\n");
            assert!(program.to_ascii_lowercase().contains("https"), "{program}");
            if snippet.language == Language::Python {
                assert!(program.contains("=\"/tmp/ca.pem\""), "{program}");
            }
            for http in ["http:", "\"http\"", "'http'", "HTTP)", "HTTP\"", "HTTP'"] {
                assert!(!program.contains(http), "{http} in {program}");
            }
        }
    }

    #[test]
    fn variables_are_quoted_for_who_reads_them() {
        assert_eq!(
            settings(false).variables(Format::Shell),
            "export KMS_EMULATOR_ENDPOINT=http://kms:8080\n\
             export ALIBABA_CLOUD_ACCESS_KEY_ID='it'\\''s'\n\
             export ALIBABA_CLOUD_ACCESS_KEY_SECRET='a\"b\\c'\n\
             export TENCENTCLOUD_SECRET_ID='it'\\''s'\n\
             export TENCENTCLOUD_SECRET_KEY='a\"b\\c'\n"
        );
        let dotenv = settings(true).variables(Format::Dotenv);
        for line in [
            "KMS_EMULATOR_ENDPOINT=https://kms:8080",
            "TENCENTCLOUD_SECRET_ID=\"it's\"",
            "TENCENTCLOUD_SECRET_KEY='a\"b\\c'",
            "SSL_CERT_FILE=/tmp/ca.pem",
            "NODE_EXTRA_CA_CERTS=/tmp/ca.pem",
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
            ClientSettings { address, https, ca, access_key_id, secret: SecretKey::new(secret) }
        }
    }

    /// What a script prints, split at NUL. Nothing else may come of it.
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

    /// Reads a `.env` file as its readers agree to: names, and values bare or in quotes.
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
        let mut variables = vec![
            ("KMS_EMULATOR_ENDPOINT", &*endpoint),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", id),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret),
            ("TENCENTCLOUD_SECRET_ID", id),
            ("TENCENTCLOUD_SECRET_KEY", secret),
        ];
        if settings.https {
            let names = [
                "SSL_CERT_FILE",
                "REQUESTS_CA_BUNDLE",
                "ALIBABA_CLOUD_CA_BUNDLE",
                "NODE_EXTRA_CA_CERTS",
                "CURL_CA_BUNDLE",
            ];
            variables.extend(names.map(|name| (name, &*settings.ca)));
        }
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        variables.into_iter().map(owned).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_shell_reads_exactly_the_values_and_runs_nothing(settings in hostile_settings()) {
            let directory = tempfile::tempdir().unwrap();
            let variables = expected(&settings);
            let print = variables.iter().fold("printf '%s\\0'".to_owned(), |print, (name, _)| {
                format!("{print} \"${name}\"")
            });
            // As users do it: the substitution drops line breaks at the end.
            let script = format!("eval \"$(cat)\"; {print}");
            let told = settings.variables(Format::Shell);
            let values: Vec<_> = variables.into_iter().map(|(_, value)| value).collect();
            prop_assert_eq!(run(directory.path(), &script, &told), values);
        }

        #[test]
        fn a_dotenv_file_has_exactly_the_values_and_a_shell_runs_nothing_of_it(
            settings in hostile_settings()
        ) {
            let told = settings.variables(Format::Dotenv);
            prop_assert_eq!(read_dotenv(&told), expected(&settings));
            let directory = tempfile::tempdir().unwrap();
            run(directory.path(), "eval \"$(cat)\"; printf '\\0'", &told);
        }

        #[test]
        fn a_program_has_the_values_as_strings_and_nothing_else_of_them(
            settings in hostile_settings()
        ) {
            let benign = ClientSettings {
                address: "ADDRESS".into(),
                https: settings.https,
                ca: "CA".into(),
                access_key_id: "ID".into(),
                secret: SecretKey::new("SECRET"),
            };
            let value = |text: &str| match text {
                "ADDRESS" => settings.address.clone(),
                "http://ADDRESS" | "https://ADDRESS" => settings.endpoint(),
                "CA" => settings.ca.clone(),
                "ID" => settings.access_key_id.clone(),
                "SECRET" => settings.secret.expose().to_owned(),
                other => other.to_owned(),
            };
            let directory = tempfile::tempdir().unwrap();
            for snippet in SNIPPETS {
                let language = snippet.language;
                let program = settings.program(snippet);
                if language == Language::Shell {
                    let show = "tccli() { printf '%s\\0' \"$@\" \
                        \"$TENCENTCLOUD_SECRET_ID\" \"$TENCENTCLOUD_SECRET_KEY\"; }; eval \"$(cat)\"";
                    let read = |settings: &ClientSettings| {
                        run(directory.path(), show, &settings.program(snippet))
                    };
                    let words: Vec<_> = read(&benign).iter().map(|word| value(word)).collect();
                    prop_assert_eq!(read(&settings), words);
                    continue;
                }
                let found = lex(language, &program);
                let expected = lex(language, &benign.program(snippet));
                let strings: Vec<_> = expected.strings.iter().map(|text| value(text)).collect();
                prop_assert_eq!(&found.code, &expected.code, "{}", &program);
                prop_assert_eq!(found.strings, strings, "{}", &program);
                let comments = found.comments.iter().filter(|text| *text != " coding: utf-8");
                prop_assert_eq!(comments.count(), expected.comments.len());
                if language == Language::Python {
                    // What Python looks for in the first two lines (PEP 263).
                    let named = program.lines().take(2).find(|line| {
                        line.starts_with('#') && (line.contains("coding:") || line.contains("coding="))
                    });
                    prop_assert!(matches!(named, None | Some("# coding: utf-8")), "{}", &program);
                }
            }
        }
    }
}
