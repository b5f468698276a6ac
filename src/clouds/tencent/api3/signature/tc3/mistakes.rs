//! The mistakes of TC3 clients, each with the signature that it produces.

use std::borrow::Cow;
use std::rc::Rc;

use super::{
    Authorization, Form, SignedQuery, Text, accepted_forms, hashed_request_payload, signature,
    signing_key, string_to_sign_of,
};
use crate::clouds::diagnosis::{
    Attempt, Encoding, Mistake, other_hosts, reserialized, wrong_secrets,
};
use crate::clouds::digest;
use crate::clouds::tencent::api3::request::Request;
use crate::model::SecretKey;

/// One attempt for each mistake. `of_cloud` are the hosts of the cloud.
pub(super) fn attempts<'r>(
    request: &'r Request,
    authorization: &'r Authorization<'r>,
    timestamp: &'r str,
    secret: &'r SecretKey,
    of_cloud: Vec<String>,
) -> Vec<Attempt<'r>> {
    let hash = hashed_request_payload(request);
    let right: Rc<[String]> = accepted_forms(request, &hash)
        .map(|form| {
            let signed = form.canonical_request(request, authorization);
            string_to_sign_of(authorization, timestamp, signed)
        })
        .collect();
    let mut attempts = Vec::new();
    for (mistake, wrong) in wrong_secrets(authorization.secret_id, secret.expose()) {
        let right = Rc::clone(&right);
        attempts.push(Attempt::new(mistake, move |given| {
            let key = signing_key(authorization, &wrong);
            let mut expected = right.iter().map(|signed| signature(&key, signed));
            expected.any(|expected| digest::equal(given, &expected))
        }));
    }
    let key: Rc<[u8]> = signing_key(authorization, secret.expose().as_bytes()).into();
    for (mistake, form) in wrong_forms(request, &hash, of_cloud) {
        for text in [Text::AsSent, Text::Lowered] {
            let key = Rc::clone(&key);
            let is_signature = move |given: &str, canonical: &str| {
                let signed = string_to_sign_of(authorization, timestamp, canonical);
                digest::equal(given, &signature(&key, &signed))
            };
            let host = (mistake == Mistake::OtherHost).then(|| form.host.to_string());
            let form = form.clone();
            let canonical = move |masked| {
                let text = if masked { Text::Shown } else { text };
                let form = Form {
                    text,
                    ..form.clone()
                };
                form.canonical_request(request, authorization).to_string()
            };
            let attempt = Attempt::of_text(mistake, is_signature, canonical);
            attempts.push(match host {
                Some(host) => attempt.with_host(host),
                None => attempt,
            });
        }
    }
    attempts
}

/// The forms that clients use by mistake.
fn wrong_forms<'r>(
    request: &'r Request,
    hash: &str,
    of_cloud: Vec<String>,
) -> Vec<(Mistake, Form<'r>)> {
    let wire = &*request.wire;
    let form = Form {
        hash: Cow::Owned(hash.to_owned()),
        ..Form::documented(request, "")
    };
    let with_hash = |hash: String| Form {
        hash: hash.into(),
        ..form.clone()
    };
    let with_query = |query| Form {
        query,
        ..form.clone()
    };
    let method = if wire.method == "GET" { "POST" } else { "GET" };
    let mut forms = vec![
        (
            Mistake::HttpMethod,
            Form {
                method,
                ..form.clone()
            },
        ),
        (Mistake::EmptyBodyUnhashed, with_hash(String::new())),
        (
            Mistake::DigestUpperCase,
            with_hash(hash.to_ascii_uppercase()),
        ),
        (Mistake::BodyUnsigned, with_hash(digest::sha256_hex(b""))),
        (Mistake::QueryUnsigned, with_query(SignedQuery::Absent)),
    ];
    forms.extend(reserialized(wire.whole_body()).into_iter().map(|body| {
        (
            Mistake::BodyReserialized,
            with_hash(digest::sha256_hex(&body)),
        )
    }));
    forms.extend(Encoding::ALL.map(|encoding| {
        (
            encoding.mistake(),
            with_query(SignedQuery::Encoded(encoding)),
        )
    }));
    let forwarded = wire.header("x-forwarded-host");
    let sent = wire.header("host").unwrap_or_default();
    forms.extend(
        other_hosts(sent, forwarded, of_cloud)
            .into_iter()
            .map(|host| {
                let host = Cow::Owned(host);
                (
                    Mistake::OtherHost,
                    Form {
                        host,
                        ..form.clone()
                    },
                )
            }),
    );
    forms
}
