//! Forms and JSON documents that are unpleasant to parse, of a wanted size.

use std::fmt::Write;

/// A form or a JSON document made for one operation.
pub struct Shape {
    pub name: &'static str,
    /// The operation it is sent to.
    pub action: &'static str,
    /// Builds it with at most so many bytes.
    pub build: fn(usize) -> String,
}

const fn shape(name: &'static str, action: &'static str, build: fn(usize) -> String) -> Shape {
    Shape {
        name,
        action,
        build,
    }
}

/// `unit` as often as it fits between `open` and `close`.
fn filled(open: &str, unit: &str, close: &str, size: usize) -> String {
    let count = size.saturating_sub(open.len() + close.len()) / unit.len();
    format!("{open}{}{close}", unit.repeat(count))
}

/// Numbered units as many as fit between `open` and `close`, without the last byte of the last unit: it is
/// the separator.
fn numbered(
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

/// Appends formatted text; a `String` takes everything.
macro_rules! unit {
    ($($text:tt)*) => {
        |text: &mut String, n: usize| { let _ = write!(text, $($text)*, n = n); }
    };
}

/// Forms that any operation of either cloud may receive, the most telling ones first.
pub const FORMS: &[Shape] = &[
    shape("a= repeated", "ListSecrets", |size| {
        filled("", "a=&", "", size)
    }),
    shape("distinct names", "ListSecrets", |size| {
        numbered("", unit!("p{n}=1&"), "", size)
    }),
    shape("one huge value", "ListSecrets", |size| {
        filled("Unknown=", "v", "", size)
    }),
    shape("encoded names and values", "ListSecrets", |size| {
        numbered("", unit!("%70{n}=%41%42&"), "", size)
    }),
    shape("one name, other values", "ListSecrets", |size| {
        numbered("", unit!("a={n}&"), "", size)
    }),
    shape("one huge name", "ListSecrets", |size| {
        filled("", "n", "=1", size)
    }),
    shape("one huge encoded value", "ListSecrets", |size| {
        filled("Unknown=", "%C3%A9", "", size)
    }),
    shape("dots in one name", "ListSecrets", |size| {
        filled("", "a.", "a=1", size)
    }),
    shape("numbered objects", "ListSecrets", |size| {
        numbered("", unit!("L.{n}.A.{n}.B=1&"), "", size)
    }),
    shape("separators only", "ListSecrets", |size| {
        filled("", "&", "", size)
    }),
    shape("equals signs only", "ListSecrets", |size| {
        filled("", "=", "", size)
    }),
    shape("bad escapes", "ListSecrets", |size| {
        filled("a=", "%", "", size)
    }),
];

/// Forms for single operations of Alibaba Cloud.
pub const ALIBABA_FORMS: &[Shape] = &[
    shape("Filters: conditions", "ListSecrets", |size| {
        numbered(
            "Filters=[",
            unit!(r#"{{"Key":"TagKey","Values":["k{n}"]}},"#),
            "]",
            size,
        )
    }),
    shape("Filters: values", "ListSecrets", |size| {
        numbered(
            r#"Filters=[{"Key":"SecretName","Values":["#,
            unit!(r#""v{n}","#),
            "]}]",
            size,
        )
    }),
    shape("Filters: members", "ListSecrets", |size| {
        numbered("Filters=[{", unit!(r#""m{n}":1,"#), "}]", size)
    }),
    shape("Filters: nesting", "ListSecrets", |size| {
        filled("Filters=", "[", "", size)
    }),
    shape("Filters: one value", "ListSecrets", |size| {
        filled(
            r#"Filters=[{"Key":"SecretName","Values":[""#,
            "x",
            r#""]}]"#,
            size,
        )
    }),
    shape("Filters: numbers", "ListSecrets", |size| {
        filled("Filters=[1", ",1", "]", size)
    }),
    shape("Tag.N", "TagResources", |size| {
        numbered(
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
        numbered("", unit!("ResourceId.{n}=r{n}&"), "", size)
    }),
    shape("SecretData", "CreateSecret", |size| {
        filled("SecretName=huge&VersionId=v1&SecretData=", "s", "", size)
    }),
    shape("Tags: items", "CreateSecret", |size| {
        numbered(
            "SecretName=t&VersionId=v1&SecretData=x&Tags=[",
            unit!(r#"{{"TagKey":"k{n}","TagValue":"v"}},"#),
            "]",
            size,
        )
    }),
    shape("SecretsList: items", "BatchGetSecretValue", |size| {
        numbered(
            "SecretsList=[",
            unit!(r#"{{"SecretName":"s{n}"}},"#),
            "]",
            size,
        )
    }),
    shape("VersionStages: items", "PutSecretValue", |size| {
        numbered(
            "SecretName=t&VersionId=v2&SecretData=x&VersionStages=[",
            unit!(r#""s{n}","#),
            "]",
            size,
        )
    }),
    shape("CustomData: keys", "UpdateSecret", |size| {
        numbered(
            "SecretName=t&",
            unit!("ExtendedConfig.CustomData.k{n}=v&"),
            "",
            size,
        )
    }),
    shape("ExtendedConfig: members", "CreateSecret", |size| {
        numbered(
            "SecretName=t&VersionId=v1&SecretData=x&ExtendedConfig={",
            unit!(r#""k{n}":"v","#),
            "}",
            size,
        )
    }),
    shape("ExcludeCharacters", "GetRandomPassword", |size| {
        filled("ExcludeCharacters=", "x", "", size)
    }),
    shape("SecretName", "GetSecretValue", |size| {
        filled("SecretName=", "n", "", size)
    }),
];

/// Forms for single operations of Tencent Cloud.
pub const TENCENT_FORMS: &[Shape] = &[
    shape("TagFilters.N", "ListSecrets", |size| {
        numbered(
            "",
            unit!("TagFilters.{n}.TagKey=k{n}&TagFilters.{n}.TagValue.0=v&"),
            "",
            size,
        )
    }),
    shape("TagFilters.0.TagValue.N", "ListSecrets", |size| {
        numbered(
            "TagFilters.0.TagKey=k&",
            unit!("TagFilters.0.TagValue.{n}=v&"),
            "",
            size,
        )
    }),
    shape("Tags.N", "CreateSecret", |size| {
        numbered(
            "SecretName=t&VersionId=v1&SecretString=x&",
            unit!("Tags.{n}.TagKey=k{n}&Tags.{n}.TagValue=v&"),
            "",
            size,
        )
    }),
    shape("SecretString", "CreateSecret", |size| {
        filled("SecretName=huge&VersionId=v1&SecretString=", "s", "", size)
    }),
    shape("SearchSecretName", "ListSecrets", |size| {
        filled("SearchSecretName=", "n", "", size)
    }),
];

/// JSON documents that any operation of either cloud may receive, the most telling ones first.
pub const DOCUMENTS: &[Shape] = &[
    shape("array of numbers", "ListSecrets", |size| {
        filled("[1", ",1", "]", size)
    }),
    shape("nesting", "ListSecrets", |size| {
        filled(r#"{"Filters":"#, "[", "", size)
    }),
    shape("distinct members", "ListSecrets", |size| {
        numbered("{", unit!(r#""m{n}":1,"#), "}", size)
    }),
    shape("numbers in a member", "ListSecrets", |size| {
        filled(r#"{"Filters":[1"#, ",1", "]}", size)
    }),
    shape("empty objects", "ListSecrets", |size| {
        filled(r#"{"Filters":[{}"#, ",{}", "]}", size)
    }),
    shape("empty arrays", "ListSecrets", |size| {
        filled(r#"{"Filters":[[]"#, ",[]", "]}", size)
    }),
    shape("one member repeated", "ListSecrets", |size| {
        filled(r#"{"a":1"#, r#","a":1"#, "}", size)
    }),
    shape("members in a member", "ListSecrets", |size| {
        numbered(r#"{"Filters":{"#, unit!(r#""m{n}":1,"#), "}}", size)
    }),
    shape("one huge text", "ListSecrets", |size| {
        filled(r#"{"Unknown":""#, "v", r#""}"#, size)
    }),
    shape("escaped text", "ListSecrets", |size| {
        filled(r#"{"Unknown":""#, r"\u00e9", r#""}"#, size)
    }),
    shape("one huge number", "ListSecrets", |size| {
        filled(r#"{"Offset":"#, "7", "}", size)
    }),
    shape("white space", "ListSecrets", |size| {
        filled("{", " ", "}", size)
    }),
    shape("unfinished text", "CreateSecret", |size| {
        filled(r#"{"SecretData":""#, "s", "", size)
    }),
];

/// JSON documents for single operations of Alibaba Cloud.
pub const ALIBABA_DOCUMENTS: &[Shape] = &[
    shape("Filters: conditions", "ListSecrets", |size| {
        numbered(
            r#"{"Filters":["#,
            unit!(r#"{{"Key":"TagKey","Values":["k{n}"]}},"#),
            "]}",
            size,
        )
    }),
    shape("SecretData", "CreateSecret", |size| {
        filled(
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
        numbered(
            r#"{"TagFilters":["#,
            unit!(r#"{{"TagKey":"k{n}","TagValue":["v"]}},"#),
            "]}",
            size,
        )
    }),
    shape("TagValue: items", "ListSecrets", |size| {
        numbered(
            r#"{"TagFilters":[{"TagKey":"k","TagValue":["#,
            unit!(r#""v{n}","#),
            "]}]}",
            size,
        )
    }),
    shape("Tags: items", "CreateSecret", |size| {
        numbered(
            r#"{"SecretName":"t","VersionId":"v1","SecretString":"x","Tags":["#,
            unit!(r#"{{"TagKey":"k{n}","TagValue":"v"}},"#),
            "]}",
            size,
        )
    }),
    shape("SecretString", "CreateSecret", |size| {
        filled(
            r#"{"SecretName":"huge","VersionId":"v1","SecretString":""#,
            "s",
            r#""}"#,
            size,
        )
    }),
];

/// Fixture files: an array of secrets, each as `member` writes it.
pub fn fixture(size: usize, member: impl FnMut(&mut String, usize)) -> String {
    numbered(r#"{"SecretList":{"Secret":["#, member, "]}}", size)
}

/// `unit` as often as it fits between `open` and `close`.
pub fn repeated(open: &str, unit: &str, close: &str, size: usize) -> String {
    filled(open, unit, close, size)
}

/// Numbered units, each with a separator of one byte behind it, between `open` and `close`.
pub fn counted(
    open: &str,
    unit: impl FnMut(&mut String, usize),
    close: &str,
    size: usize,
) -> String {
    numbered(open, unit, close, size)
}
