//! The mistakes of ACS3 and ACS4 clients, each with the signature that it produces.

use std::rc::Rc;

use super::{
    Authorization, canonical_request, canonical_request_of, hashed_payload, query_parameters,
    signed_headers, string_to_sign,
};
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::alibaba::rpc::signature::percent::{
    canonical_query, joined_query, natural_query,
};
use crate::clouds::alibaba::rpc::signature::verifier::Verifier;
use crate::clouds::diagnosis::{Attempt, Encoding, Mistake, other_hosts, wrong_secrets};
use crate::clouds::digest::{self, Hash};
use crate::model::SecretKey;

/// One attempt for each mistake. `secret` is that of the key, if it has one; `hosts` are those of the cloud.
pub(crate) fn attempts<'r>(
    request: &'r Request,
    authorization: &'r Authorization<'r>,
    verifier: Verifier<'r>,
    secret: Option<&'r SecretKey>,
    hosts: Vec<String>,
) -> Vec<Attempt<'r>> {
    let algorithm = authorization.algorithm;
    let attempts = Attempts {
        request,
        authorization,
        verifier,
        hash: hashed_payload(request, algorithm).into(),
    };
    let mut all = attempts.with_other_hosts(hosts);
    all.extend(attempts.with_other_requests());
    if algorithm.hash() == Hash::Sm3 {
        all.extend(attempts.with_sha256());
    }
    let Some(secret) = secret else {
        return all;
    };
    let right = canonical_request_of(request, authorization, &attempts.hash, false);
    let right: Rc<str> = string_to_sign(algorithm, right).into();
    let mut secrets = wrong_secrets(authorization.access_key_id, secret.expose());
    let with_ampersand = format!("{}&", secret.expose()).into_bytes();
    secrets.push((Mistake::AmpersandAdded, with_ampersand));
    for (mistake, wrong) in secrets {
        let right = Rc::clone(&right);
        all.push(Attempt::new(mistake, move |given| {
            algorithm.verifier_of_bytes(&wrong).accepts(given, &right)
        }));
    }
    all
}

/// The parts that all attempts share.
struct Attempts<'r> {
    request: &'r Request,
    authorization: &'r Authorization<'r>,
    verifier: Verifier<'r>,
    hash: Rc<str>,
}

impl<'r> Attempts<'r> {
    fn of_text(&self, mistake: Mistake, text: impl Fn(bool) -> String + 'r) -> Attempt<'r> {
        let (verifier, algorithm) = (self.verifier.clone(), self.authorization.algorithm);
        let is_signature = move |given: &str, canonical: &str| {
            verifier.accepts(given, string_to_sign(algorithm, canonical))
        };
        Attempt::of_text(mistake, is_signature, text)
    }

    /// With SHA-256 instead of SM3, for the canonical request or for the body.
    fn with_sha256(&self) -> [Attempt<'r>; 2] {
        let Self {
            request,
            authorization,
            ..
        } = *self;
        let (verifier, name) = (self.verifier.clone(), authorization.algorithm.name());
        let is_signature = move |given: &str, canonical: &str| {
            let digest = digest::sha256_hex(canonical.as_bytes());
            verifier.accepts(given, format_args!("{name}\n{digest}"))
        };
        let text = move |hash: Rc<str>| {
            move |masked| canonical_request_of(request, authorization, &hash, masked).to_string()
        };
        let of_body = digest::sha256_hex(request.wire.whole_body()).into();
        let mistake = Mistake::DigestNotSm3;
        [
            Attempt::of_text(mistake, is_signature, text(Rc::clone(&self.hash))),
            self.of_text(mistake, text(of_body)),
        ]
    }

    fn with_other_hosts(&self, of_cloud: Vec<String>) -> Vec<Attempt<'r>> {
        let Self {
            request,
            authorization,
            ..
        } = *self;
        let sent = request.wire.header("host").unwrap_or_default();
        let forwarded = request.wire.header("x-forwarded-host");
        let without_port = sent.rsplit_once(':').map_or(sent, |(name, _)| name);
        let mut attempts = Vec::new();
        for host in other_hosts(sent, forwarded, of_cloud) {
            let hash = Rc::clone(&self.hash);
            let signed = host.clone();
            let text = move |masked| {
                let query = canonical_query(query_parameters(request, masked));
                canonical_request(
                    &request.wire.method,
                    query,
                    signed_headers(request, authorization, Some(&signed), masked),
                    authorization.signed_headers,
                    &hash,
                )
                .to_string()
            };
            if host == without_port {
                attempts.insert(0, self.of_text(Mistake::HostWithoutPort, text));
            } else {
                let attempt = self.of_text(Mistake::OtherHost, text);
                attempts.push(attempt.with_host(host));
            }
        }
        attempts
    }

    fn with_other_requests(&self) -> Vec<Attempt<'r>> {
        let Self {
            request,
            authorization,
            ..
        } = *self;
        let sent_method = &*request.wire.method;
        let other_method = if sent_method == "GET" { "POST" } else { "GET" };
        // A canonical request with another method, query or digest.
        let of_parts = |mistake, method: &'r str, query: Query<'r>, hash: Rc<str>| {
            self.of_text(mistake, move |masked| {
                canonical_request(
                    method,
                    query(masked),
                    signed_headers(request, authorization, None, masked),
                    authorization.signed_headers,
                    &hash,
                )
                .to_string()
            })
        };
        let canonical =
            move |masked| canonical_query(query_parameters(request, masked)).to_string();
        let of_query =
            |mistake, query| of_parts(mistake, sent_method, query, Rc::clone(&self.hash));
        let of_digest =
            |mistake, hash: &str| of_parts(mistake, sent_method, Box::new(canonical), hash.into());
        let method = Mistake::HttpMethod;
        let mut attempts = vec![of_parts(
            method,
            other_method,
            Box::new(canonical),
            Rc::clone(&self.hash),
        )];
        attempts.extend(Encoding::ALL.map(|encoding| {
            let query = Box::new(move |masked| encoding.apply(&canonical(masked)));
            of_query(encoding.mistake(), query)
        }));
        attempts.extend([
            of_query(
                Mistake::NaturalOrder,
                Box::new(move |masked| {
                    natural_query(query_parameters(request, masked)).to_string()
                }),
            ),
            of_query(
                Mistake::ParametersUnsorted,
                Box::new(move |masked| {
                    joined_query(query_parameters(request, masked).collect()).to_string()
                }),
            ),
            of_query(Mistake::QueryUnsigned, Box::new(|_| String::new())),
            of_digest(Mistake::EmptyBodyUnhashed, ""),
            of_digest(
                Mistake::BodyUnsigned,
                &authorization.algorithm.hash().hex(b""),
            ),
            of_digest(Mistake::DigestUpperCase, &self.hash.to_ascii_uppercase()),
        ]);
        attempts
    }
}

/// The canonical query with a mistake. The argument is whether to mask sensitive values.
type Query<'r> = Box<dyn Fn(bool) -> String + 'r>;
