//! Comments at the top of a program: what to set or fetch before it runs.

use super::call::{Connection, KeySource, key_variables};
use super::clients::Client;
use super::language::Language;
use super::language::quoted_in_comment;
use crate::model::Cloud;

/// The comments for a program, with the blank line after them; empty if it needs none.
pub(super) fn of(client: &Client, connection: &Connection) -> String {
    let (language, cloud) = (client.language, client.cloud);
    let comment = language.comment();
    let mut notes = Vec::new();
    if matches!(connection.key, KeySource::Environment) {
        let [id, secret] = key_variables(cloud);
        notes.push(format!(
            "{comment} The environment variables {id} and {secret} must contain the access key."
        ));
    }
    if connection.https {
        notes.push(authority_download(
            comment,
            connection.ca,
            connection.address,
        ));
        notes.extend(trust(language, cloud, connection.ca));
    }
    // Python takes such a comment in the first two lines for the encoding of the file (PEP 263).
    let names_encoding = |note: &String| note.contains("coding:") || note.contains("coding=");
    if language == Language::Python && notes.iter().any(names_encoding) {
        notes.insert(0, format!("{comment} coding: utf-8"));
    }
    if notes.is_empty() {
        String::new()
    } else {
        notes.join("\n") + "\n\n"
    }
}

/// The comment that explains how to trust the certificate authority in the file `ca`; none in Python, where
/// the program contains the path.
fn trust(language: Language, cloud: Cloud, ca: &str) -> Option<String> {
    let comment = language.comment();
    let file = quoted_in_comment(ca);
    match language {
        Language::Python => None,
        Language::Node => Some(format!("{comment} Run it with NODE_EXTRA_CA_CERTS={file}")),
        Language::Go => Some(format!("{comment} Run it with SSL_CERT_FILE={file}")),
        Language::Java => Some(java_trust_store(comment, ca)),
        Language::Shell if cloud == Cloud::Alibaba => {
            Some(format!("{comment} Run aliyun with SSL_CERT_FILE={file}"))
        }
        Language::Terraform => Some(format!(
            "{comment} Run terraform apply with SSL_CERT_FILE={file}, after terraform init without it"
        )),
        Language::Shell => Some(format!(
            "{comment} tccli trusts only the list of its own certifi package. Add to it: cat {file} >>…/certifi/cacert.pem"
        )),
    }
}

/// A comment with the command that downloads the certificate authority.
pub(crate) fn authority_download(comment: &str, ca: &str, address: &str) -> String {
    let ca = quoted_in_comment(ca);
    let url = quoted_in_comment(&format!("http://{address}/_emulator/ca.pem"));
    format!("{comment} curl --output {ca} {url}")
}

/// Comments with the variables that replace a client's list of authorities, and with the command that
/// downloads a file for them that has the public authorities too.
pub(crate) fn replaced_trust(comment: &str, ca: &str, address: &str) -> String {
    let bundle = format!("{}-bundle.pem", ca.strip_suffix(".pem").unwrap_or(ca));
    let bundle = quoted_in_comment(&bundle);
    let url = quoted_in_comment(&format!("http://{address}/_emulator/ca-bundle.pem"));
    format!(
        "{comment} These clients can only replace their list of certificate authorities. Set a variable for the program under test, not for\n\
         {comment} the shell; the bundle has the public authorities too.\n\
         {comment} curl --output {bundle} {url}\n\
         {comment} Go, aliyun, OpenSSL, and Python's SDK of Alibaba Cloud: SSL_CERT_FILE={bundle}\n\
         {comment} Python's requests: REQUESTS_CA_BUNDLE={bundle}\n\
         {comment} curl: CURL_CA_BUNDLE={bundle}"
    )
}

/// A comment with the commands that make a trust store for Java, which reads no PEM file, and use it.
pub(crate) fn java_trust_store(comment: &str, ca: &str) -> String {
    let store = quoted_in_comment(&format!("{ca}.p12"));
    let ca = quoted_in_comment(ca);
    format!(
        "{comment} keytool -importcert -noprompt -alias kms-emulator -file {ca} -keystore {store} -storetype PKCS12 -storepass changeit\n\
         {comment} java -Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit …"
    )
}
