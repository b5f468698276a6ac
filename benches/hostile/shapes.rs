//! Forms and JSON documents that are expensive to parse, of a given size.

use std::fmt::Write;

/// A form or a JSON document for an operation.
pub struct Shape {
    pub name: &'static str,
    /// The operation.
    pub action: &'static str,
    /// Builds it with at most this number of bytes.
    pub build: fn(usize) -> String,
}

const fn shape(name: &'static str, action: &'static str, build: fn(usize) -> String) -> Shape {
    Shape {
        name,
        action,
        build,
    }
}

/// Repeats `unit` between `open` and `close`, as often as it fits.
pub fn repeated(open: &str, unit: &str, close: &str, size: usize) -> String {
    let count = size.saturating_sub(open.len() + close.len()) / unit.len();
    format!("{open}{}{close}", unit.repeat(count))
}

/// Repeats numbered units between `open` and `close`, as many as fit. Drops the last byte of the last unit,
/// which is the separator.
pub fn counted(
    open: &str,
    mut unit: impl FnMut(&mut String, usize),
    close: &str,
    size: usize,
) -> String {
    let mut text = open.to_owned();
    for number in 0.. {
        let length = text.len();
        unit(&mut text, number);
        if text.len() + close.len() > size {
            text.truncate(length);
            break;
        }
    }
    text.pop();
    text + close
}

/// Appends formatted text. A `String` never returns an error.
macro_rules! unit {
    ($($text:tt)*) => {
        |text: &mut String, n: usize| { let _ = write!(text, $($text)*, n = n); }
    };
}

/// Forms for any operation of both clouds, the most important ones first.
pub const FORMS: &[Shape] = &[
    shape("a= repeated", "ListSecrets", |size| {
        repeated("", "a=&", "", size)
    }),
    shape("distinct names", "ListSecrets", |size| {
        counted("", unit!("p{n}=1&"), "", size)
    }),
    shape("one huge value", "ListSecrets", |size| {
        repeated("Unknown=", "v", "", size)
    }),
    shape("encoded names and values", "ListSecrets", |size| {
        counted("", unit!("%70{n}=%41%42&"), "", size)
    }),
    shape("one name, other values", "ListSecrets", |size| {
        counted("", unit!("a={n}&"), "", size)
    }),
    shape("one huge name", "ListSecrets", |size| {
        repeated("", "n", "=1", size)
    }),
    shape("one huge encoded value", "ListSecrets", |size| {
        repeated("Unknown=", "%C3%A9", "", size)
    }),
    shape("dots in one name", "ListSecrets", |size| {
        repeated("", "a.", "a=1", size)
    }),
    shape("numbered objects", "ListSecrets", |size| {
        counted("", unit!("L.{n}.A.{n}.B=1&"), "", size)
    }),
    shape("separators only", "ListSecrets", |size| {
        repeated("", "&", "", size)
    }),
    shape("equals signs only", "ListSecrets", |size| {
        repeated("", "=", "", size)
    }),
    shape("bad escapes", "ListSecrets", |size| {
        repeated("a=", "%", "", size)
    }),
];

/// Forms for single operations of Alibaba Cloud.
pub const ALIBABA_FORMS: &[Shape] = &[
    shape("Filters: conditions", "ListSecrets", |size| {
        counted(
            "Filters=[",
            unit!(r#"{{"Key":"TagKey","Values":["k{n}"]}},"#),
            "]",
            size,
        )
    }),
    shape("Filters: values", "ListSecrets", |size| {
        counted(
            r#"Filters=[{"Key":"SecretName","Values":["#,
            unit!(r#""v{n}","#),
            "]}]",
            size,
        )
    }),
    shape("Filters: members", "ListSecrets", |size| {
        counted("Filters=[{", unit!(r#""m{n}":1,"#), "}]", size)
    }),
    shape("Filters: nesting", "ListSecrets", |size| {
        repeated("Filters=", "[", "", size)
    }),
    shape("Filters: one value", "ListSecrets", |size| {
        repeated(
            r#"Filters=[{"Key":"SecretName","Values":[""#,
            "x",
            r#""]}]"#,
            size,
        )
    }),
    shape("Filters: numbers", "ListSecrets", |size| {
        repeated("Filters=[1", ",1", "]", size)
    }),
    shape("Tag.N", "TagResources", |size| {
        counted(
            "",
            |text, n| {
                let n = n + 1;
                let _ = write!(text, "Tag.{n}.Key=k{n}&Tag.{n}.Value=v&");
            },
            "",
            size,
        )
    }),
    shape("ResourceId.N", "TagResources", |size| {
        counted("", unit!("ResourceId.{n}=r{n}&"), "", size)
    }),
    shape("SecretData", "CreateSecret", |size| {
        repeated("SecretName=huge&VersionId=v1&SecretData=", "s", "", size)
    }),
    shape("Tags: items", "CreateSecret", |size| {
        counted(
            "SecretName=t&VersionId=v1&SecretData=x&Tags=[",
            unit!(r#"{{"TagKey":"k{n}","TagValue":"v"}},"#),
            "]",
            size,
        )
    }),
    shape("SecretsList: items", "BatchGetSecretValue", |size| {
        counted(
            "SecretsList=[",
            unit!(r#"{{"SecretName":"s{n}"}},"#),
            "]",
            size,
        )
    }),
    shape("VersionStages: items", "PutSecretValue", |size| {
        counted(
            "SecretName=t&VersionId=v2&SecretData=x&VersionStages=[",
            unit!(r#""s{n}","#),
            "]",
            size,
        )
    }),
    shape("CustomData: keys", "UpdateSecret", |size| {
        counted(
            "SecretName=t&",
            unit!("ExtendedConfig.CustomData.k{n}=v&"),
            "",
            size,
        )
    }),
    shape("ExtendedConfig: members", "CreateSecret", |size| {
        counted(
            "SecretName=t&VersionId=v1&SecretData=x&ExtendedConfig={",
            unit!(r#""k{n}":"v","#),
            "}",
            size,
        )
    }),
    shape("ExcludeCharacters", "GetRandomPassword", |size| {
        repeated("ExcludeCharacters=", "x", "", size)
    }),
    shape("SecretName", "GetSecretValue", |size| {
        repeated("SecretName=", "n", "", size)
    }),
];

/// Forms for single operations of Tencent Cloud.
pub const TENCENT_FORMS: &[Shape] = &[
    shape("TagFilters.N", "ListSecrets", |size| {
        counted(
            "",
            unit!("TagFilters.{n}.TagKey=k{n}&TagFilters.{n}.TagValue.0=v&"),
            "",
            size,
        )
    }),
    shape("TagFilters.0.TagValue.N", "ListSecrets", |size| {
        counted(
            "TagFilters.0.TagKey=k&",
            unit!("TagFilters.0.TagValue.{n}=v&"),
            "",
            size,
        )
    }),
    shape("Tags.N", "CreateSecret", |size| {
        counted(
            "SecretName=t&VersionId=v1&SecretString=x&",
            unit!("Tags.{n}.TagKey=k{n}&Tags.{n}.TagValue=v&"),
            "",
            size,
        )
    }),
    shape("SecretString", "CreateSecret", |size| {
        repeated("SecretName=huge&VersionId=v1&SecretString=", "s", "", size)
    }),
    shape("SearchSecretName", "ListSecrets", |size| {
        repeated("SearchSecretName=", "n", "", size)
    }),
];

/// JSON documents for any operation of both clouds, the most important ones first.
pub const DOCUMENTS: &[Shape] = &[
    shape("array of numbers", "ListSecrets", |size| {
        repeated("[1", ",1", "]", size)
    }),
    shape("nesting", "ListSecrets", |size| {
        repeated(r#"{"Filters":"#, "[", "", size)
    }),
    shape("distinct members", "ListSecrets", |size| {
        counted("{", unit!(r#""m{n}":1,"#), "}", size)
    }),
    shape("numbers in a member", "ListSecrets", |size| {
        repeated(r#"{"Filters":[1"#, ",1", "]}", size)
    }),
    shape("empty objects", "ListSecrets", |size| {
        repeated(r#"{"Filters":[{}"#, ",{}", "]}", size)
    }),
    shape("empty arrays", "ListSecrets", |size| {
        repeated(r#"{"Filters":[[]"#, ",[]", "]}", size)
    }),
    shape("one member repeated", "ListSecrets", |size| {
        repeated(r#"{"a":1"#, r#","a":1"#, "}", size)
    }),
    shape("members in a member", "ListSecrets", |size| {
        counted(r#"{"Filters":{"#, unit!(r#""m{n}":1,"#), "}}", size)
    }),
    shape("one huge text", "ListSecrets", |size| {
        repeated(r#"{"Unknown":""#, "v", r#""}"#, size)
    }),
    shape("escaped text", "ListSecrets", |size| {
        repeated(r#"{"Unknown":""#, r"\u00e9", r#""}"#, size)
    }),
    shape("one huge number", "ListSecrets", |size| {
        repeated(r#"{"Offset":"#, "7", "}", size)
    }),
    shape("white space", "ListSecrets", |size| {
        repeated("{", " ", "}", size)
    }),
    shape("unfinished text", "CreateSecret", |size| {
        repeated(r#"{"SecretData":""#, "s", "", size)
    }),
];

/// JSON documents for single operations of Alibaba Cloud.
pub const ALIBABA_DOCUMENTS: &[Shape] = &[
    shape("Filters: conditions", "ListSecrets", |size| {
        counted(
            r#"{"Filters":["#,
            unit!(r#"{{"Key":"TagKey","Values":["k{n}"]}},"#),
            "]}",
            size,
        )
    }),
    shape("SecretData", "CreateSecret", |size| {
        repeated(
            r#"{"SecretName":"huge","VersionId":"v1","SecretData":""#,
            "s",
            r#""}"#,
            size,
        )
    }),
];

/// JSON documents for single operations of Tencent Cloud.
pub const TENCENT_DOCUMENTS: &[Shape] = &[
    shape("TagFilters: items", "ListSecrets", |size| {
        counted(
            r#"{"TagFilters":["#,
            unit!(r#"{{"TagKey":"k{n}","TagValue":["v"]}},"#),
            "]}",
            size,
        )
    }),
    shape("TagValue: items", "ListSecrets", |size| {
        counted(
            r#"{"TagFilters":[{"TagKey":"k","TagValue":["#,
            unit!(r#""v{n}","#),
            "]}]}",
            size,
        )
    }),
    shape("Tags: items", "CreateSecret", |size| {
        counted(
            r#"{"SecretName":"t","VersionId":"v1","SecretString":"x","Tags":["#,
            unit!(r#"{{"TagKey":"k{n}","TagValue":"v"}},"#),
            "]}",
            size,
        )
    }),
    shape("SecretString", "CreateSecret", |size| {
        repeated(
            r#"{"SecretName":"huge","VersionId":"v1","SecretString":""#,
            "s",
            r#""}"#,
            size,
        )
    }),
];

/// A fixture file with secrets, each written by `member`.
pub fn fixture(size: usize, member: impl FnMut(&mut String, usize)) -> String {
    counted(r#"{"SecretList":{"Secret":["#, member, "]}}", size)
}
