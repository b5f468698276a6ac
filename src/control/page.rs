//! Serves the explorer: a web page for secrets, calls, the journal and the control API.
//!
//! The page is a separate project in `web/`. Its build output, `web/dist`, is committed, so that the server
//! is built without Node; `tests/explorer/run.sh` checks that a rebuild gives the same bytes. The page gets
//! its data from the [control API](crate::control).

use bytes::Bytes;
use quick_xml::escape::escape;

use super::settings::Settings;
use crate::emulator::Emulator;
use crate::emulator::clock::Clock;
use crate::http::form;
use crate::http::wire::{WireReply, WireRequest};

/// The path of the page's files.
const PREFIX: &str = "/_emulator/explorer/";

/// The page, and the placeholder in it for the settings.
const INDEX: &str = "index.html";
const SETTINGS: &str = "<!-- settings -->";

/// The page may load only from this server, and no other page may embed it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files of the page, with their media types.
static FILES: [(&str, &str, &str); 4] = [
    (
        INDEX,
        "text/html; charset=utf-8",
        include_str!("../../web/dist/index.html"),
    ),
    (
        "main.js",
        "text/javascript; charset=utf-8",
        include_str!("../../web/dist/main.js"),
    ),
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("../../web/dist/style.css"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../../web/dist/icon.svg"),
    ),
];

/// The requested file of the page; absent for any other request, such as that of an API client.
#[must_use]
pub fn answer(emulator: &Emulator, wire: &WireRequest) -> Option<WireReply> {
    if !matches!(&*wire.method, "GET" | "HEAD") {
        return None;
    }
    let name = match &*wire.path {
        "/" if wants_page(emulator, wire) => INDEX,
        path => path.strip_prefix(PREFIX)?,
    };
    let (_, media_type, text) = *FILES.iter().find(|(file, ..)| *file == name)?;
    let headers = [
        ("content-type", media_type),
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        // The next version of the emulator serves another page at this address.
        ("cache-control", "no-cache"),
        ("vary", "accept"),
    ];
    Some(WireReply {
        status: 200,
        headers: headers.map(|(name, value)| (name, value.into())).into(),
        body: if name == INDEX {
            with_settings(text, emulator).into()
        } else {
            Bytes::from_static(text.as_bytes())
        },
        ..WireReply::default()
    })
}

/// The page with the settings embedded, so that it need not request them. They are omitted if the control
/// API requires a token.
fn with_settings(page: &str, emulator: &Emulator) -> String {
    let settings = emulator.control_token.is_none().then(|| {
        let settings = Settings::of(emulator, emulator.clock.now());
        // Serialization cannot fail: plain members only.
        let settings = serde_json::to_string(&settings).unwrap_or_default();
        format!(r#"<meta name="settings" content="{}">"#, escape(&*settings))
    });
    page.replace(SETTINGS, &settings.unwrap_or_default())
}

/// Whether the request is from a browser and not for an operation of a cloud.
fn wants_page(emulator: &Emulator, wire: &WireRequest) -> bool {
    let accepts_html = wire
        .header_values("accept")
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .any(|range| range.trim().eq_ignore_ascii_case("text/html"));
    let is_of_an_api = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "authorization" || name.starts_with("x-acs-") || name.starts_with("x-tc-")
    };
    accepts_html
        && !wire.headers.iter().any(|(name, _)| is_of_an_api(name))
        && !form::pairs(wire.query.as_bytes()).any(|(name, _)| {
            let name = form::decode(name).unwrap_or_default();
            let clouds = emulator.clouds.all();
            clouds.iter().any(|cloud| cloud.is_common_parameter(&name))
        })
}
