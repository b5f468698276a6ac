//! What clients of an emulator are to be told, for a shell, a dotenv file or as a program.

use std::fmt;

use clap::ValueEnum;

use crate::credentials::SecretKey;
use crate::snippets::{ADDRESS, Language, Snippet, quoted};

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
        let mut program = snippet.text.to_owned();
        if self.https {
            program = with_https(program);
        }
        if self.https && language == Language::Python {
            program = with_authority(&program, &language.literal(&self.ca));
        }
        program = program.replace(ADDRESS, &self.address);
        let test = language.literal("test");
        let mut parts = program.splitn(3, &*test);
        if let (Some(before), Some(between), Some(after)) =
            (parts.next(), parts.next(), parts.next())
        {
            let id = language.literal(&self.access_key_id);
            let secret = language.literal(self.secret.expose());
            program = format!("{before}{id}{between}{secret}{after}");
        }
        if !self.https {
            return program;
        }
        let notes = trust_notes(language, &self.ca, &self.address);
        format!("{}\n{program}", notes.join("\n"))
    }
}

/// Comments that say how a program in this language comes to trust the emulator's authority, which
/// is to be in the file `ca`.
#[must_use]
pub fn trust_notes(language: Language, ca: &str, address: &str) -> Vec<String> {
    let comment = language.comment();
    let mut notes = vec![fetching_the_authority(comment, ca, address)];
    let file = quoted(ca);
    match language {
        Language::Node => notes.push(format!(
            "{comment} Run it with NODE_EXTRA_CA_CERTS={file}"
        )),
        Language::Go => notes.push(format!("{comment} Run it with SSL_CERT_FILE={file}")),
        Language::Java => notes.push(java_trust_store(comment, ca)),
        Language::Python => {}
        Language::Shell => notes.push(format!(
            "{comment} tccli trusts the list of its own certifi package only; add to it: cat {file} >>…/certifi/cacert.pem"
        )),
    }
    notes
}

fn fetching_the_authority(comment: &str, ca: &str, address: &str) -> String {
    let ca = quoted(ca);
    format!("{comment} curl --output {ca} http://{address}/_emulator/ca.pem")
}

/// Java reads no PEM.
fn java_trust_store(comment: &str, ca: &str) -> String {
    let store = quoted(&format!("{ca}.p12"));
    let ca = quoted(ca);
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
fn with_authority(program: &str, ca: &str) -> String {
    let endpoint = format!("endpoint=\"{ADDRESS}\")");
    program
        .replace(
            "\"cn-hangzhou\")",
            &format!("\"cn-hangzhou\", verify={ca})"),
        )
        .replace(
            "protocol=\"HTTPS\",\n",
            &format!("protocol=\"HTTPS\",\n        ca={ca},\n"),
        )
        .replace(
            &endpoint,
            &format!("endpoint=\"{ADDRESS}\", certification={ca})"),
        )
}

impl Format {
    fn line(self, name: &str, value: &str) -> String {
        match self {
            Self::Shell => format!("export {name}={}", quoted(value)),
            Self::Dotenv if !value.contains('\'') => format!("{name}={}", quoted(value)),
            Self::Dotenv => format!("{name}={}", double_quoted(value)),
        }
    }
}

/// For a `.env` file.
fn double_quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!(
        "\"{}\"",
        escaped
            .replace('\n', r"\n")
            .replace('\r', r"\r")
            .replace('\t', r"\t")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippets::SNIPPETS;

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
}
