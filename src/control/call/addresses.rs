//! The addresses at which a client reaches the cloud that it calls.

use std::borrow::Cow;

use super::CallRequest;
use crate::clouds::client_code::quoted;
use crate::clouds::{CloudApi, CredentialResource};
use crate::control::authority::Certificate;
use crate::control::endpoint::{Call, Endpoint};
use crate::http::host::Authority;
use crate::http::wire::WireRequest;

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
    /// Whether a request needs the token of the control API.
    needs_token: bool,
    /// The base URL for a browser, which cannot send another `Host` or a token; absent if there is none.
    pub in_browser: Option<String>,
}

impl Addresses {
    pub(super) fn of(call: &Call, cloud: &dyn CloudApi, request_body: &CallRequest) -> Self {
        let host = &*host_of(call);
        let here = Self::at(call, host, request_body.https);
        let region_of_host = cloud.region_of_host(Some(host));
        let region = request_body.region.as_ref().map(|region| region.0.clone());
        let region = region
            .or_else(|| region_of_host.clone())
            .unwrap_or_else(|| cloud.default_region().to_owned());
        let other_host = cloud
            .host_of_region(&region)
            .filter(|_| region_of_host.as_ref() != Some(&region));
        let Some(other_host) = other_host else {
            return Self { region, ..here };
        };
        let named = Authority::of_host_header(host);
        let is_local = named.is_some_and(Authority::is_loopback);
        let port = named.and_then(|named| named.port);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let scheme = scheme(request_body.https);
        Self {
            host: other_host,
            in_browser: is_local.then(|| format!("{scheme}://{region}.localhost{port}")),
            region,
            ..here
        }
    }

    /// The addresses of a credential source.
    pub(super) fn of_source(
        call: &Call,
        cloud: &dyn CloudApi,
        resource: &CredentialResource,
        https: bool,
    ) -> Self {
        let is_control = resource.host().is_none();
        let host = if is_control {
            Cow::from(own_host(call))
        } else {
            host_of(call)
        };
        let needs_token = is_control && call.emulator.control_token.is_some();
        let is_local = Authority::of_host_header(&host).is_some_and(Authority::is_loopback);
        let here = Self::at(call, &host, https);
        Self {
            region: cloud.default_region().to_owned(),
            needs_token,
            // Over http, browsers tell only this machine that the user has opened the URL.
            in_browser: here
                .in_browser
                .filter(|_| !needs_token && (https || is_local)),
            ..here
        }
    }

    /// The addresses of requests to a host.
    fn at(call: &Call, host: &str, https: bool) -> Self {
        let base = format!("{}://{host}", scheme(https));
        // The CA is downloaded over http, because the client does not trust it yet.
        let is_needed = https && call.emulator.authority.is_some();
        Self {
            region: String::new(),
            host: host.to_owned(),
            authority: is_needed.then(|| format!("http://{host}{}", Certificate::PATH)),
            needs_token: false,
            in_browser: Some(base.clone()),
            base,
        }
    }

    /// Sends another header `Host`, which a browser cannot do.
    pub(super) fn set_host(&mut self, host: &str) {
        host.clone_into(&mut self.host);
        self.in_browser = None;
    }

    /// Host and port for clients that cannot set the header `Host`.
    pub(super) fn address(&self) -> Option<&str> {
        let base = self.in_browser.as_ref()?;
        base.split_once("://").map(|(_, address)| address)
    }

    /// The URL of a request.
    pub(super) fn url(&self, wire: &WireRequest) -> String {
        match &*wire.query {
            "" => format!("{}{}", self.base, wire.path),
            query => format!("{}{}?{query}", self.base, wire.path),
        }
    }

    /// A request as a shell command.
    pub(super) fn curl(&self, wire: &WireRequest) -> String {
        let fetch = self.authority.as_ref().map(|address| {
            let address = quoted(address);
            format!("curl --silent --show-error --output ca.pem {address}\n")
        });
        let trust = fetch.as_ref().map_or("", |_| "--cacert ca.pem ");
        let mut lines = vec![format!(
            "{}curl {trust}{}",
            fetch.as_deref().unwrap_or_default(),
            quoted(&self.url(wire))
        )];
        for (name, value) in &wire.headers {
            // curl sends the host of the URL by itself.
            if *name == "host" && self.base.ends_with(&format!("//{value}")) {
                continue;
            }
            // curl sends an empty header only if its name ends with a semicolon.
            let header = match &**value {
                "" => format!("{name};"),
                value => format!("{name}: {value}"),
            };
            lines.push(format!("-H {}", quoted(&header)));
        }
        if self.needs_token {
            lines.push(r#"-H "Authorization: Bearer $KMS_EMULATOR_CONTROL_TOKEN""#.to_owned());
        }
        match &*wire.method {
            "GET" => {}
            "POST" => {
                let body = String::from_utf8_lossy(wire.whole_body());
                lines.push(format!("--data-raw {}", quoted(&body)));
            }
            method => lines.push(format!("-X {method}")),
        }
        lines.join(" \\\n  ")
    }
}

fn scheme(https: bool) -> &'static str {
    if https { "https" } else { "http" }
}

/// Host and port of the clouds' APIs as the client of this request reaches them.
fn host_of<'c>(call: &Call<'c>) -> Cow<'c, str> {
    let host = own_host(call);
    match call.emulator.clouds_address {
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

/// Host and port of the control API as the client of this request reaches it.
fn own_host<'c>(call: &Call<'c>) -> &'c str {
    call.wire.header("host").unwrap_or("localhost")
}
