//! The addresses at which a client reaches the cloud that it calls.

use std::borrow::Cow;

use super::CallRequest;
use crate::clouds::CloudApi;
use crate::clouds::client_code::quoted;
use crate::clouds::draft::{Method, Signed};
use crate::control::authority::Certificate;
use crate::control::endpoint::{Call, Endpoint};
use crate::http::host::Authority;

/// The addresses of a call.
pub(super) struct Addresses {
    /// The region.
    pub region: String,
    /// The base URL of this server.
    base: String,
    /// The header `Host`, which chooses the region on Alibaba Cloud.
    pub host: String,
    /// The URL of the CA certificate, if the client must trust one.
    authority: Option<String>,
    /// The base URL for a browser, which cannot send another `Host`; absent if there is none for the region.
    pub in_browser: Option<String>,
}

impl Addresses {
    pub(super) fn of(call: &Call, cloud: &dyn CloudApi, request_body: &CallRequest) -> Self {
        let emulator = call.emulator;
        let host = &*host_of(call);
        let scheme = if request_body.https { "https" } else { "http" };
        let base = format!("{scheme}://{host}");
        // The CA is downloaded over http, because the client does not trust it yet.
        let is_needed = request_body.https && emulator.authority.is_some();
        let authority = is_needed.then(|| format!("http://{host}{}", Certificate::PATH));
        let region_of_host = cloud.region_of_host(Some(host));
        let region = request_body.region.as_ref().map(|region| region.0.clone());
        let region = region
            .or_else(|| region_of_host.clone())
            .unwrap_or_else(|| cloud.default_region().to_owned());
        let other_host = cloud
            .host_of_region(&region)
            .filter(|_| region_of_host.as_ref() != Some(&region));
        let Some(other_host) = other_host else {
            return Self {
                region,
                host: host.to_owned(),
                authority,
                in_browser: Some(base.clone()),
                base,
            };
        };
        let named = Authority::of_host_header(host);
        let is_local = named.is_some_and(Authority::is_loopback);
        let port = named.and_then(|named| named.port);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Self {
            host: other_host,
            authority,
            in_browser: is_local.then(|| format!("{scheme}://{region}.localhost{port}")),
            region,
            base,
        }
    }

    /// Host and port for clients that cannot set the header `Host`.
    pub(super) fn address(&self) -> Option<&str> {
        let base = self.in_browser.as_ref()?;
        base.split_once("://").map(|(_, address)| address)
    }

    /// The URL of a signed request.
    pub(super) fn url(&self, signed: &Signed) -> String {
        match &*signed.query {
            "" => format!("{}/", self.base),
            query => format!("{}/?{query}", self.base),
        }
    }

    /// A signed request as a shell command.
    pub(super) fn curl(&self, signed: &Signed) -> String {
        let fetch = self.authority.as_ref().map(|address| {
            let address = quoted(address);
            format!("curl --silent --show-error --output ca.pem {address}\n")
        });
        let trust = fetch.as_ref().map_or("", |_| "--cacert ca.pem ");
        let mut lines = vec![format!(
            "{}curl {trust}{}",
            fetch.as_deref().unwrap_or_default(),
            quoted(&self.url(signed))
        )];
        for (name, value) in &signed.headers {
            // curl sends the host of the URL by itself.
            if *name != "host" || !self.base.ends_with(&format!("//{value}")) {
                lines.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
            }
        }
        if signed.method == Method::Post {
            lines.push(format!("--data-raw {}", quoted(&signed.body)));
        }
        lines.join(" \\\n  ")
    }
}

/// Host and port of the clouds' APIs as the client of this request reaches them.
fn host_of<'c>(call: &Call<'c>) -> Cow<'c, str> {
    let host = call.wire.header("host").unwrap_or("localhost");
    match call.emulator.clouds_at {
        None => host.into(),
        Some(address) if address.ip().is_unspecified() => {
            let name = Authority::of_host_header(host).map_or(host, |authority| authority.host);
            let port = address.port();
            if name.contains(':') {
                format!("[{name}]:{port}").into()
            } else {
                format!("{name}:{port}").into()
            }
        }
        Some(address) => address.to_string().into(),
    }
}
