//! Types of parameters. A constant of one of these types describes a parameter completely: reading it
//! checks its bounds and fills in its default, and the documents are generated from it.

pub(super) mod arguments;
mod list;
mod scalar;

pub(crate) use arguments::Arguments;
pub(crate) use arguments::{Optional, Required, invalid};
pub(crate) use list::{List, TagList, TextMap};
pub(crate) use scalar::{Boolean, Bytes, Choice, Integer, Json, Parsed, Text, TextRule, Word};

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::clouds::alibaba::SERVICES;
    use crate::clouds::alibaba::rpc::request::Request;
    use crate::clouds::description::Parameter;
    use crate::http::wire::WireRequest;
    use crate::model::Tag;

    fn with<T>(parameter: &dyn Parameter, query: &str, check: impl FnOnce(&Arguments) -> T) -> T {
        let wire = WireRequest::new("GET", "/", query, [], Ok(Bytes::new()));
        let request = Request::parse(Arc::new(wire), SERVICES);
        check(&Arguments::new(&request, &[parameter]))
    }

    #[test]
    fn a_boolean_is_true_in_any_letter_case() {
        let flag = Boolean {
            name: "F",
            default: false,
            help: "",
        };
        for (query, value) in [
            ("F=true", true),
            ("F=True", true),
            ("F=TRUE", true),
            ("F=false", false),
            ("F=1", false),
            ("F=", false),
            ("", false),
        ] {
            assert_eq!(
                with(&flag, query, |arguments| flag.read(arguments)),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn lists_are_numbered_or_json() {
        let list = List {
            name: "L",
            max_items: 3,
            rule: TextRule::Characters(2),
            help: "",
        };
        let items = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
        for (query, value) in [
            ("", Some(None)),
            ("L.2=b&L.10=c&L.1=a", Some(items(&["a", "b", "c"]))),
            ("L.1=a&L.2=&L.3=b", Some(items(&["a", "b"]))),
            (r#"L=["a","b"]"#, Some(items(&["a", "b"]))),
            ("L=[]", Some(None)),
            ("L=a", None),
            ("L=[1]", None),
            ("L.x=a", None),
            ("L.1=abc", None),
            ("L.1=a&L.2=a&L.3=a&L.4=a", None),
        ] {
            assert_eq!(
                with(&list, query, |arguments| list.find(arguments).ok()),
                value,
                "{query}"
            );
        }
        let tags = TagList {
            name: "T",
            max_items: 2,
            help: "",
        };
        let tag = |key: &str, value: &str| Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        for (query, value) in [
            ("", Some(None)),
            (
                "T.2.Value=c&T.1.Key=a&T.2.Key=b",
                Some(Some(vec![tag("a", ""), tag("b", "c")])),
            ),
            (
                r#"T=[{"Key":"a","Value":"b"},{"Key":"c"}]"#,
                Some(Some(vec![tag("a", "b"), tag("c", "")])),
            ),
            ("T.1=a", None),
            ("T.1.Other=a", None),
            ("T.x.Key=a", None),
            ("T=a", None),
            ("T.1.Key=a&T.2.Key=b&T.3.Key=c", None),
        ] {
            assert_eq!(
                with(&tags, query, |arguments| tags.find(arguments).ok()),
                value,
                "{query}"
            );
        }
    }

    #[test]
    fn an_integer_out_of_bounds_is_rejected() {
        let size = Integer {
            name: "N",
            minimum: 1,
            maximum: 100,
            default: 10,
            help: "",
        };
        for (query, value) in [
            ("", Some(10)),
            ("N=", Some(10)),
            ("N=1", Some(1)),
            ("N=100", Some(100)),
            ("N=007", Some(7)),
            ("N=0", None),
            ("N=101", None),
            ("N=-1", None),
            ("N=1.0", None),
            ("N=1e1", None),
            ("N=%201", None),
            ("N=ten", None),
            ("N=99999999999999999999", None),
        ] {
            assert_eq!(
                with(&size, query, |arguments| size.read(arguments).ok()),
                value,
                "{query}"
            );
        }
    }
}
