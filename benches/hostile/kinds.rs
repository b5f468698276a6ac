//! The measured kinds of requests.

use std::fmt::Write;

use crate::client::Client;
use crate::requests::{
    FORM, JSON, Signed, alibaba_acs, alibaba_form, alibaba_query, alibaba_v1_json, control, http,
    tencent_form, tencent_query, tencent_tc3,
};
use crate::shapes::{
    ALIBABA_DOCUMENTS, ALIBABA_FORMS, DOCUMENTS, FORMS, Shape, TENCENT_DOCUMENTS, TENCENT_FORMS,
    counted, fixture, repeated,
};

pub const KB: usize = 1024;
pub const MB: usize = 1024 * KB;

/// The sizes of bodies and queries: up to the default of `--max-body-bytes`.
const SIZES: &[usize] = &[10 * KB, 100 * KB, MB, 10 * MB];

/// The sizes of headers and paths: up to the default of `--max-header-bytes`.
const HEAD_SIZES: &[usize] = &[10 * KB, 60 * KB];

/// The space for the common parameters of a request.
const COMMON: usize = 512;

/// Sends preparing requests.
type Before = Box<dyn Fn(&mut Client, usize)>;

/// Builds a request of a size, without captured values.
type OfSize = fn(usize) -> Vec<u8>;

/// Builds a request of a size.
type Build = Box<dyn Fn(usize) -> Vec<u8>>;

/// A kind of request.
pub struct Kind {
    pub name: String,
    pub sizes: &'static [usize],
    /// Sends requests before the measurement of a size.
    pub before: Before,
    /// Builds the measured request.
    pub build: Build,
    /// Whether a client listens to the journal.
    pub has_listener: bool,
}

impl Kind {
    fn new(name: impl Into<String>, build: impl Fn(usize) -> Vec<u8> + 'static) -> Self {
        Self {
            name: name.into(),
            sizes: SIZES,
            before: Box::new(|_, _| ()),
            build: Box::new(build),
            has_listener: false,
        }
    }

    fn of_head(name: impl Into<String>, build: impl Fn(usize) -> Vec<u8> + 'static) -> Self {
        Self {
            sizes: HEAD_SIZES,
            ..Self::new(name, build)
        }
    }

    fn after(self, before: impl Fn(&mut Client, usize) + 'static) -> Self {
        Self {
            before: Box::new(before),
            ..self
        }
    }

    /// A kind for each shape.
    fn each(
        prefix: &str,
        shapes: &'static [Shape],
        build: impl Fn(&Shape, &str) -> Vec<u8> + Copy + 'static,
    ) -> impl Iterator<Item = Self> {
        shapes.iter().map(move |shape| {
            Self::new(format!("{prefix}: {}", shape.name), move |size| {
                build(shape, &(shape.build)(size - COMMON))
            })
        })
    }
}

/// All kinds.
pub fn all() -> Vec<Kind> {
    let mut kinds = Vec::new();
    alibaba(&mut kinds);
    tencent(&mut kinds);
    heads(&mut kinds);
    controls(&mut kinds);
    journal(&mut kinds);
    faults(&mut kinds);
    kinds
}

fn alibaba(kinds: &mut Vec<Kind>) {
    for (signed, all) in [
        (Signed::No, true),
        (Signed::Valid, false),
        (Signed::Invalid, true),
    ] {
        let prefix = format!("Alibaba V1 form, {}", signed.name());
        for shapes in [core(FORMS, all), core(ALIBABA_FORMS, all)] {
            kinds.extend(Kind::each(&prefix, shapes, move |shape, form| {
                alibaba_form(shape.action, signed, form)
            }));
        }
    }
    kinds.extend(Kind::each(
        "Alibaba V1 query, wrong",
        core(FORMS, false),
        |shape, query| alibaba_query(shape.action, Signed::Invalid, query),
    ));
    kinds.extend(Kind::each(
        "Alibaba V1 with JSON, wrong",
        core(DOCUMENTS, false),
        |shape, json| alibaba_v1_json(shape.action, Signed::Invalid, json),
    ));
    for (version, signed, all) in [
        (3, Signed::Valid, true),
        (3, Signed::Invalid, false),
        (4, Signed::Invalid, false),
    ] {
        let prefix = format!("Alibaba ACS{version} JSON, {}", signed.name());
        for shapes in [core(DOCUMENTS, all), core(ALIBABA_DOCUMENTS, all)] {
            kinds.extend(Kind::each(&prefix, shapes, move |shape, json| {
                alibaba_acs(version, shape.action, signed, JSON, json)
            }));
        }
        let prefix = format!("Alibaba ACS{version} form, {}", signed.name());
        kinds.extend(Kind::each(
            &prefix,
            core(FORMS, false),
            move |shape, form| alibaba_acs(version, shape.action, signed, FORM, form),
        ));
    }
    // As `curl -d` sends it.
    kinds.extend(Kind::each(
        "Alibaba JSON as a form, unsigned",
        core(DOCUMENTS, false),
        |_, json| {
            http(
                "POST",
                "/?Action=ListSecrets",
                &[("Content-Type", FORM)],
                json,
            )
        },
    ));
}

fn tencent(kinds: &mut Vec<Kind>) {
    for (signed, all) in [
        (Signed::No, true),
        (Signed::Valid, false),
        (Signed::Invalid, true),
    ] {
        let prefix = format!("Tencent v1 form, {}", signed.name());
        for shapes in [core(FORMS, all), core(TENCENT_FORMS, all)] {
            kinds.extend(Kind::each(&prefix, shapes, move |shape, form| {
                tencent_form(shape.action, signed, form)
            }));
        }
    }
    for (signed, all) in [
        (Signed::No, false),
        (Signed::Valid, true),
        (Signed::Invalid, false),
    ] {
        let prefix = format!("Tencent TC3 JSON, {}", signed.name());
        for shapes in [core(DOCUMENTS, all), core(TENCENT_DOCUMENTS, all)] {
            kinds.extend(Kind::each(&prefix, shapes, move |shape, json| {
                tencent_tc3(shape.action, signed, JSON, json)
            }));
        }
    }
    kinds.extend(Kind::each(
        "Tencent TC3 form, wrong",
        core(FORMS, false),
        |shape, form| tencent_tc3(shape.action, Signed::Invalid, FORM, form),
    ));
    kinds.extend(Kind::each(
        "Tencent v1 query, wrong",
        core(FORMS, false),
        |shape, query| tencent_query(shape.action, Signed::Invalid, query),
    ));
}

/// All shapes, or the first four: not every signature is combined with all shapes.
fn core(shapes: &'static [Shape], all: bool) -> &'static [Shape] {
    if all {
        shapes
    } else {
        &shapes[..shapes.len().min(4)]
    }
}

/// Requests with many or long headers, and with long paths.
fn heads(kinds: &mut Vec<Kind>) {
    let signed_headers = |names: &str| {
        format!("ACS3-HMAC-SHA256 Credential=test,SignedHeaders={names},Signature=00")
    };
    let with_authorization = |authorization: &str| {
        let headers = [
            ("x-acs-action", "ListSecrets"),
            ("x-acs-version", "2016-01-20"),
            ("x-acs-date", "2026-01-02T03:04:05Z"),
            ("x-acs-signature-nonce", "hostile"),
            ("Authorization", authorization),
        ];
        http("GET", "/", &headers, "")
    };
    kinds.push(Kind::of_head(
        "ACS3, wrong: SignedHeaders, one name repeated",
        move |size| {
            let names = repeated("", "host;", "host", size - COMMON);
            with_authorization(&signed_headers(&names))
        },
    ));
    kinds.push(Kind::of_head(
        "ACS3, wrong: SignedHeaders, distinct names",
        move |size| {
            let names = counted("", |text, n| _ = write!(text, "h{n};"), "", size - COMMON);
            with_authorization(&signed_headers(&names))
        },
    ));
    kinds.push(Kind::of_head("ACS3, wrong: long signature", move |size| {
        let signature = repeated(&signed_headers("host"), "0", "", size - COMMON);
        with_authorization(&signature)
    }));
    kinds.push(Kind::of_head("ACS3, wrong: many fields", move |size| {
        let fields = repeated("ACS3-HMAC-SHA256 a=1", ",a=1", "", size - COMMON);
        with_authorization(&fields)
    }));
    kinds.push(Kind::of_head(
        "TC3, wrong: SignedHeaders, distinct names",
        |size| {
            let names = counted("", |text, n| _ = write!(text, "h{n};"), "", size - COMMON);
            let authorization = format!(
                "TC3-HMAC-SHA256 Credential=test/2026-01-02/ssm/tc3_request, SignedHeaders=content-type;host;{names}, Signature=00"
            );
            let headers = [
                ("Content-Type", JSON),
                ("X-TC-Action", "ListSecrets"),
                ("X-TC-Version", "2019-09-23"),
                ("X-TC-Timestamp", "1767323045"),
                ("Authorization", &authorization),
            ];
            http("POST", "/", &headers, "{}")
        },
    ));
    for (name, prefix) in [
        ("80 headers", "x-h"),
        ("80 x-acs- headers", "x-acs-h"),
        ("80 x-tc- headers", "x-tc-h"),
    ] {
        kinds.push(Kind::of_head(name, move |size| {
            let value = "v".repeat((size - 10 * COMMON) / 80);
            let names: Vec<String> = (0..80).map(|n| format!("{prefix}{n}")).collect();
            let headers: Vec<_> = names.iter().map(|name| (&**name, &*value)).collect();
            http("GET", "/?Action=ListSecrets", &headers, "")
        }));
    }
    for name in [
        "Host",
        "Origin",
        "Referer",
        "Cookie",
        "Accept",
        "Content-Type",
    ] {
        kinds.push(Kind::of_head(format!("long header {name}"), move |size| {
            let value = repeated("", "a,b.", "", size - COMMON);
            http("GET", "/?Action=ListSecrets", &[(name, &value)], "")
        }));
    }
    for (name, prefix, unit) in [
        ("path of letters", "/", "a"),
        ("path of slashes", "/", "/"),
        ("path of the control API", "/_emulator/journal/", "%41"),
        ("path of the page", "/_emulator/explorer/", "../"),
    ] {
        kinds.push(Kind::of_head(format!("long {name}"), move |size| {
            http("GET", &repeated(prefix, unit, "", size - COMMON), &[], "")
        }));
    }
}

/// Requests of the control API with a body or a query.
#[expect(clippy::too_many_lines, reason = "a list of kinds")]
fn controls(kinds: &mut Vec<Kind>) {
    let secret = |text: &mut String, n: usize| {
        _ = write!(
            text,
            r#"{{"SecretName":"s{n}","CreateTime":"2024-01-01T00:00:00Z"}},"#
        );
    };
    let import = |name: &str, build: fn(usize) -> String| {
        Kind::new(format!("POST state: {name}"), move |size| {
            control("POST", "state", &build(size))
        })
    };
    kinds.push(Kind::new("POST state: secrets", move |size| {
        control("POST", "state", &fixture(size, secret))
    }));
    kinds.push(import("last secret invalid", |size| {
        let secret = |text: &mut String, n: usize| {
            _ = write!(
                text,
                r#"{{"SecretName":"s{n}","CreateTime":"2024-01-01T00:00:00Z"}},"#
            );
        };
        let text = fixture(size - COMMON, secret);
        text.replace("]}}", r#",{"SecretName":7}]}}"#)
    }));
    kinds.push(import("unknown members", |size| {
        let open =
            r#"{"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2024-01-01T00:00:00Z","#;
        counted(
            open,
            |text, n| _ = write!(text, r#""m{n}":1,"#),
            "}]}}",
            size,
        )
    }));
    kinds.push(import("tags", |size| {
        let open = r#"{"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2024-01-01T00:00:00Z","Tags":{"Tag":["#;
        let tag = |text: &mut String, n: usize| {
            _ = write!(text, r#"{{"TagKey":"k{n}","TagValue":"v"}},"#);
        };
        counted(open, tag, "]}}]}}", size)
    }));
    kinds.push(import("versions", |size| {
        let open = r#"{"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2024-01-01T00:00:00Z","Versions":["#;
        let version = |text: &mut String, n: usize| {
            _ = write!(text, r#"{{"VersionId":"v{n}","SecretData":"x"}},"#);
        };
        counted(open, version, "]}]}}", size)
    }));
    kinds.push(import("one huge description", |size| {
        let open = r#"{"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2024-01-01T00:00:00Z","Description":""#;
        repeated(open, "d", r#""}]}}"#, size)
    }));
    kinds.push(import("empty files", |size| {
        repeated(
            r#"[{"SecretList":{"Secret":[]}}"#,
            r#",{"SecretList":{"Secret":[]}}"#,
            "]",
            size,
        )
    }));
    kinds.push(import("nesting", |size| repeated("", "[", "", size)));
    kinds.push(import("numbers", |size| repeated("[1", ",1", "]", size)));
    kinds.push(import("Tencent: secrets", |size| {
        let secret = |text: &mut String, n: usize| {
            _ = write!(text, r#"{{"SecretName":"s{n}","CreateTime":1700000000}},"#);
        };
        counted(r#"{"Response":{"SecretMetadatas":["#, secret, "]}}", size)
    }));
    for path in ["reset", "faults", "tenants", "clock/advance", "call"] {
        for (name, open, unit, close) in [
            ("one huge text", r#"{"account":""#, "x", r#""}"#),
            ("unknown members", r#"{"x":1"#, r#","x":1"#, "}"),
            ("nesting", r#"{"account":"#, "[", ""),
            ("white space", "{", " ", "}"),
        ] {
            kinds.push(Kind::new(format!("POST {path}: {name}"), move |size| {
                control("POST", path, &repeated(open, unit, close, size))
            }));
        }
    }
    for (cloud, action) in [("alibaba", "CreateSecret"), ("tencent", "CreateSecret")] {
        for send in [true, false] {
            let open = format!(
                r#"{{"cloud":"{cloud}","action":"{action}","send":{send},"parameters":{{"SecretName":"x""#
            );
            let what = if send { "sent" } else { "shown" };
            for (name, build) in [
                (
                    "one huge text",
                    (|open, size| repeated(&format!(r#"{open},"A":""#), "x", r#""}}"#, size))
                        as fn(&str, usize) -> String,
                ),
                ("many parameters", |open, size| {
                    let member = |text: &mut String, n: usize| _ = write!(text, r#""p{n}":1,"#);
                    counted(&format!("{open},"), member, "}}", size)
                }),
                ("array", |open, size| {
                    repeated(&format!(r#"{open},"A":[1"#), ",1", "]}}", size)
                }),
                ("quotes", |open, size| {
                    repeated(&format!(r#"{open},"A":""#), "'", r#""}}"#, size)
                }),
            ] {
                let open = open.clone();
                kinds.push(Kind::new(
                    format!("POST call, {cloud}, {what}: {name}"),
                    move |size| control("POST", "call", &build(&open, size)),
                ));
            }
        }
    }
    kinds.push(Kind::new("GET state: unknown parameters", |size| {
        let query = repeated("state?x=1", "&x=1", "", size - COMMON);
        control("GET", &query, "")
    }));
    kinds.push(Kind::new("GET state: account", |size| {
        let query = repeated("state?account=", "7", "", size - COMMON);
        control("GET", &query, "")
    }));
}

/// Requests of the control API that return data of earlier requests.
fn journal(kinds: &mut Vec<Kind>) {
    let fill = |shape: fn(usize) -> Vec<u8>| {
        move |client: &mut Client, size: usize| {
            for _ in 0..2 {
                client.request(&shape(size));
            }
        }
    };
    let shapes: [(&str, OfSize); 4] = [
        ("many parameters", |size| {
            let form = counted("", |text, n| _ = write!(text, "p{n}=1&"), "", size - COMMON);
            alibaba_form("ListSecrets", Signed::No, &form)
        }),
        ("huge value", |size| {
            let form = repeated("SecretData=", "s", "", size - COMMON);
            alibaba_form("CreateSecret", Signed::No, &form)
        }),
        ("Tencent array", |size| {
            let json = repeated(r#"{"Filters":[1"#, ",1", "]}", size - COMMON);
            tencent_tc3("ListSecrets", Signed::No, JSON, &json)
        }),
        ("wrong signature", |size| {
            let form = repeated("SecretData=", "s", "", size - COMMON);
            alibaba_form("CreateSecret", Signed::Invalid, &form)
        }),
    ];
    for (name, shape) in shapes {
        for path in [
            "journal",
            "journal?limit=0",
            "journal?parameter=p1=1",
            "journal?action=Other",
        ] {
            kinds.push(
                Kind::new(format!("GET {path} after {name}"), move |_| {
                    control("GET", path, "")
                })
                .after(fill(shape)),
            );
        }
        kinds.push(Kind {
            has_listener: true,
            ..Kind::new(format!("with a listener: {name}"), shape)
        });
    }
    kinds.push(Kind::new("GET journal: long parameter", |size| {
        let query = repeated("journal?parameter=", "a", "", size - COMMON);
        control("GET", &query, "")
    }));
    kinds.push(
        Kind::new("GET coverage after an unknown action", |_| {
            control("GET", "coverage", "")
        })
        .after(|client, size| {
            let action = repeated("Action=", "A", "", size - COMMON);
            client.request(&http("POST", "/", &[("Content-Type", FORM)], &action));
        }),
    );
    kinds.push(
        Kind::new("GET metrics after an unknown action", |_| {
            control("GET", "metrics", "")
        })
        .after(|client, size| {
            let action = repeated("Action=", "A", "", size - COMMON);
            client.request(&http("POST", "/", &[("Content-Type", FORM)], &action));
        }),
    );
}

/// Fault rules against requests with long names.
fn faults(kinds: &mut Vec<Kind>) {
    let rule = |pattern: &str| {
        format!(r#"{{"match":{{"secret":"{pattern}"}},"error":"Rejected.Throttling"}}"#)
    };
    // The pattern ends with a letter that is not in the name, so that each position is tried.
    for (name, pattern) in [
        ("*aaa…b", format!("*{}b", "a".repeat(1_000))),
        ("*a*a*…b", format!("{}b", "*a".repeat(500))),
        ("*????…b", format!("*{}b", "?".repeat(1_000))),
    ] {
        let rule = rule(&pattern);
        for (cloud, build) in [
            (
                "Alibaba",
                (|form: &str| alibaba_form("GetSecretValue", Signed::No, form))
                    as fn(&str) -> Vec<u8>,
            ),
            ("Tencent", |form| {
                tencent_form("GetSecretValue", Signed::No, form)
            }),
        ] {
            let rule = rule.clone();
            kinds.push(
                Kind::new(format!("fault pattern {name}, {cloud} name"), move |size| {
                    build(&repeated("SecretName=", "a", "", size - COMMON))
                })
                .after(move |client, _| {
                    client.request(&control("DELETE", "faults", ""));
                    client.request(&control("POST", "faults", &rule));
                }),
            );
        }
    }
    let many = rule("*a*b");
    kinds.push(
        Kind::new("1,000 fault rules, Alibaba name", |size| {
            let form = repeated("SecretName=", "a", "", size - COMMON);
            alibaba_form("GetSecretValue", Signed::No, &form)
        })
        .after(move |client, _| {
            client.request(&control("DELETE", "faults", ""));
            for _ in 0..1_000 {
                client.request(&control("POST", "faults", &many));
            }
        }),
    );
    kinds.push(Kind::new("POST faults: huge pattern", |size| {
        let body = repeated(
            r#"{"match":{"secret":""#,
            "*a",
            r#""},"error":"Rejected.Throttling"}"#,
            size,
        );
        control("POST", "faults", &body)
    }));
    kinds.push(
        Kind::new("GET faults after a huge pattern", |_| {
            control("GET", "faults", "")
        })
        .after(|client, size| {
            client.request(&control("DELETE", "faults", ""));
            let body = repeated(
                r#"{"match":{"secret":""#,
                "*a",
                r#""},"error":"Rejected.Throttling"}"#,
                size,
            );
            client.request(&control("POST", "faults", &body));
        }),
    );
}
