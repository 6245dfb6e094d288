// SPDX-License-Identifier: Apache-2.0

//! Templates of the examples, of the original system, and with every kind of problem.

use super::*;
use crate::template::{
    export::{marked, template, with_values},
    json::Compact,
};
use serde_json::{json, Value};
use std::{collections::BTreeMap, fs, path::PathBuf};

fn examples() -> Vec<(String, String)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples"));
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_string();
            all.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    assert!(all.len() >= 6);
    all
}

fn parsed(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

/// Reads a template that must have no problems.
#[track_caller]
fn good(text: &str, options: &Options) -> Template {
    let problems = |problems: Vec<Problem>| -> Vec<String> {
        problems.iter().map(|problem| problem.words("file", text.as_bytes())).collect()
    };
    read(text.as_bytes(), options).map_err(problems).unwrap()
}

/// Returns what an export of the twin would be, with the values that an import wrote.
fn exported(read: &Template) -> Vec<u8> {
    let plugins: Vec<_> = read
        .plugins
        .iter()
        .map(|part| {
            let mut values = BTreeMap::new();
            for property in &part.properties {
                if let Valued::InInstance(list) = &property.value {
                    let text = export::value_text(property.kind == Kind::List, list);
                    values.insert(property.name.clone(), text.unwrap());
                }
            }
            assert_eq!(marked(&part.document).unwrap(), values.keys().cloned().collect::<Vec<_>>());
            (part.link.clone(), with_values(&part.document, &values).unwrap())
        })
        .collect();
    template(&description::Header::read(&read.header.stored()), &plugins)
}

fn documents(read: &Template) -> Vec<Vec<u8>> {
    read.plugins.iter().map(|part| part.document.clone()).collect()
}

/// Checks that a template survives an import and an export, and that the export has the same
/// plugins.
#[track_caller]
fn survives(text: &str, options: &Options) -> Template {
    let first = good(text, options);
    let export = String::from_utf8(exported(&first)).unwrap();
    let second = good(&export, &Options::default());
    assert_eq!(documents(&first), documents(&second), "the plugins have the same bytes");
    assert_eq!(first.header, second.header);
    if options.visibility.is_empty() && !options.public {
        assert_eq!(parsed(export.as_bytes()), parsed(text.as_bytes()));
    }
    first
}

/// Returns a template with one plugin that has these properties.
fn with_properties(properties: &str) -> String {
    let head = r#"{"description":{"name":"t"},"plugins":{"p":{"template":{"type":"p","#;
    format!("{head}\"properties\":{properties}}}}}}}}}")
}

/// Returns the problems of a template: subject and reason of each, in order.
fn problems(text: &str) -> Vec<(String, String, String)> {
    let mut all = read(text.as_bytes(), &Options::default()).unwrap_err();
    all.sort_by_key(|problem| problem.offset);
    let each = all.into_iter();
    each.map(|of| (of.subject(), of.place(text.as_bytes()).pointer, of.reason)).collect()
}

/// In the style of the original system: roles as numbers, `$id` in several data sets, labels by
/// locale, values of entries, and lists with an array schema.
const ORIGINAL: &str = r#"{
  "description": {
    "name": "Bike", "author": "evan", "version": "0.1.0", "dbcpVersion": 2,
    "i18n": { "de": { "name": "Fahrrad", "properties": { "bike": { "name": "Rad" } } } },
    "tags": ["bike"], "dapps": { "bike.libs": { "hint": true } }
  },
  "plugins": {
    "plugin1": {
      "description": { "name": "plugin1", "author": "0x00", "version": "0.1.0", "dbcpVersion": 2,
        "i18n": { "en": { "name": "Data", "entry1": { "name": "Entry" } } } },
      "template": { "type": "metadata", "properties": {
        "entry1": { "dataSchema": { "$id": "entry1_schema", "type": "object",
            "properties": { "weight": { "type": "number", "default": "" },
              "built": { "type": "object", "properties": { "year": { "type": "integer" } } } },
            "additionalProperties": false },
          "permissions": { "0": ["set"], "1": ["set"] }, "type": "entry",
          "value": { "weight": 12.50, "built": { "year": 2019 } } },
        "entry2": { "dataSchema": { "$id": "entry1_schema", "type": "string" },
          "permissions": { "0": ["set"] }, "type": "entry", "value": "" },
        "list1": { "dataSchema": { "$id": "list1_schema", "type": "array",
            "items": { "type": "object", "properties": { "at": { "type": "number" } } } },
          "permissions": { "0": ["set", "remove"], "1": ["set"] }, "type": "list",
          "value": [ { "at": 1.0 }, { "at": 2e3 } ] },
        "list2": { "dataSchema": { "type": "string" }, "type": "list", "value": [],
          "permissions": { "0": ["set"] } },
        "flag": { "dataSchema": { "properties": { "no": false } }, "type": "entry" }
      } }
    },
    "plugin2": { "template": { "type": "other", "properties": {} }, "unknown": [1.0, null] }
  },
  "someKey": { "number": 1e2 }
}"#;

#[test]
fn examples_survive_alone_and_together() {
    let mut together = Vec::new();
    for (name, text) in examples() {
        let wrapped =
            format!("{{\"description\":{{\"name\":\"{name}\"}},\"plugins\":{{\"x\":{text}}}}}");
        survives(&wrapped, &Options::default());
        survives(&wrapped, &Options { public: true, ..Options::default() });
        together.push(format!("\"{name}\":{text}"));
    }
    let all =
        format!("{{\"description\":{{\"name\":\"all\"}},\"plugins\":{{{}}}}}", together.join(","));
    assert_eq!(survives(&all, &Options::default()).plugins.len(), together.len());
}

#[test]
fn template_of_the_original_system_survives() {
    let read = survives(ORIGINAL, &Options::default());
    let part = &read.plugins[0];
    let value = |name: &str| {
        let found = part.properties.iter().find(|property| property.name == name);
        found.unwrap().value.clone()
    };
    let values = |list: &[&str]| {
        Valued::InInstance(list.iter().map(|text| text.as_bytes().to_vec()).collect())
    };
    assert_eq!(value("entry1"), values(&[r#"{"weight":12.50,"built":{"year":2019}}"#]));
    assert_eq!(value("entry2"), values(&["\"\""]));
    assert_eq!(value("list1"), values(&["{\"at\":1.0}", "{\"at\":2e3}"]));
    assert_eq!((value("list2"), value("flag")), (Valued::InDocument, Valued::No));
    let text = String::from_utf8_lossy(&part.document);
    assert!(!text.contains("2019") && text.contains(r#""twinchain:value":"instance""#), "{text}");
    assert!(text.contains(r#""value":[]"#) && !text.contains("12.50"), "{text}");
    // Public values are defaults of the plugin.
    let read = survives(ORIGINAL, &Options { public: true, ..Options::default() });
    assert!(read.plugins[0].properties.iter().all(|of| of.visibility == Visibility::Public));
    assert_eq!(read.plugins[0].properties[0].value, Valued::InDocument);
    let text = String::from_utf8_lossy(&read.plugins[0].document).into_owned();
    assert!(text.contains("12.50") && text.contains(r#""visibility":"public""#), "{text}");
}

#[test]
fn visibility_can_be_set_for_single_properties() {
    let key = |name: &str| ("plugin1".to_string(), name.to_string());
    let options = Options {
        public: true,
        visibility: [(key("entry2"), Visibility::Confidential)].into(),
        ..Options::default()
    };
    let read = survives(ORIGINAL, &options);
    let of = |index: usize| &read.plugins[0].properties[index];
    assert_eq!(
        (of(0).visibility, of(1).visibility),
        (Visibility::Public, Visibility::Confidential)
    );
    // The visibility in the file is overridden too, and an unknown property is a problem.
    let text = with_properties(
        r#"{"a":{"type":"entry","dataSchema":true,"visibility":"public","value":1}}"#,
    );
    let key = |name: &str| ("p".to_string(), name.to_string());
    let visibility = BTreeMap::from([(key("a"), Visibility::Confidential)]);
    let secret = good(&text, &Options { visibility, ..Options::default() });
    let expected = r#"{"template":{"type":"p","properties":{"a":{"type":"entry","dataSchema":true,"#
        .to_string()
        + r#""visibility":"confidential","twinchain:value":"instance"}}}}"#;
    assert_eq!(String::from_utf8_lossy(&secret.plugins[0].document), expected);
    let visibility = BTreeMap::from([(key("b"), Visibility::Public)]);
    let options = Options { visibility, ..Options::default() };
    let unknown = read_problems(&text, &options);
    assert!(unknown[0].contains("--visibility names p/b"), "{unknown:?}");
}

fn read_problems(text: &str, options: &Options) -> Vec<String> {
    let all = read(text.as_bytes(), options).unwrap_err();
    all.iter().map(|problem| problem.words("file", text.as_bytes())).collect()
}

#[test]
fn all_problems_are_found_with_their_places() {
    let text = r##"{
  "description": 7,
  "plugins": {
    "a/b": { "template": { "type": "x", "properties": {} } },
    "nothing": 5,
    "empty": { "description": { "name": "" }, "template": { "properties": {} } },
    "nameless": { "template": { "properties": {} } },
    "none": {},
    "wrong": { "replaces": "7", "template": { "type": 1, "properties": {
      "entry": { "dataSchema": { "type": "text", "minimum": "x" }, "type": "entry" },
      "pattern": { "dataSchema": { "pattern": "^(?!BC)" }, "type": "entry" },
      "ref": { "dataSchema": { "$ref": "#/$defs/none" }, "type": "entry" },
      "typeless": { "dataSchema": true },
      "typo": { "dataSchema": true, "type": "text" },
      "schemaless": { "type": "list" },
      "array": { "dataSchema": { "type": "array", "items": true, "minItems": 1 }, "type": "list" },
      "roles": { "dataSchema": true, "type": "entry", "permissions": { "x": ["write"], "y": 1 } },
      "flags": { "dataSchema": true, "type": "entry", "writeOnce": 1, "visibility": "secret" },
      "value": { "dataSchema": { "type": "number" }, "type": "entry", "value": "" },
      "items": { "dataSchema": { "type": "integer" }, "type": "list", "value": [1, 1.5, "x"] },
      "list": { "dataSchema": true, "type": "list", "value": {} },
      "mark": { "dataSchema": true, "type": "entry", "twinchain:value": 1 },
      "number": 1
    } } }
  }
}"##;
    let all = problems(text);
    let places: Vec<_> = all.iter().map(|(_, pointer, _)| pointer.as_str()).collect();
    let of = |name: &str| format!("/plugins/wrong/template/properties/{name}");
    let expected = [
        "/plugins/a~1b".to_string(),
        "/plugins/nothing".into(),
        "/plugins/empty/description/name".into(),
        "/plugins/nameless/template".into(),
        "/plugins/none".into(),
        "/plugins/wrong/replaces".into(),
        "/plugins/wrong/template/type".into(),
        of("entry/dataSchema/type"),
        of("entry/dataSchema/minimum"),
        of("pattern/dataSchema/pattern"),
        of("ref/dataSchema/$ref"),
        of("typeless"),
        of("typo/type"),
        of("schemaless"),
        of("array/dataSchema/minItems"),
        of("roles/permissions/x/0"),
        of("roles/permissions/y"),
        of("flags/writeOnce"),
        of("flags/visibility"),
        of("value/value"),
        of("items/value/1"),
        of("items/value/2"),
        of("list/value"),
        of("mark/twinchain:value"),
        of("number"),
    ];
    assert_eq!(places, expected, "{all:#?}");
    assert_eq!(all[7].0, "wrong/entry");
    let lines = read_problems(text, &Options::default());
    assert!(lines.iter().any(|line| line.starts_with("file:20:89: wrong/items:")), "{lines:#?}");
}

#[test]
fn values_that_fail_are_set_aside_if_wanted() {
    let text = with_properties(
        r#"{ "a": {"type":"entry","dataSchema":{"type":"number"},"value":"","x":1},
             "b": {"type":"list","dataSchema":{"type":"integer"},"value":[1,""]},
             "c": {"type":"entry","dataSchema":{"type":"number"},"value":1} }"#,
    );
    assert_eq!(problems(&text).len(), 2);
    let read = good(&text, &Options { drop_invalid: true, ..Options::default() });
    let named: Vec<_> = read.dropped.iter().map(|of| (&*of.plugin, &*of.property)).collect();
    assert_eq!(named, [("p", "a"), ("p", "b")]);
    let document = parsed(&read.plugins[0].document);
    let properties = &document["template"]["properties"];
    assert_eq!(
        properties["a"],
        json!({ "type": "entry", "dataSchema": { "type": "number" }, "x": 1 })
    );
    assert_eq!(properties["c"][MARK], "instance");
    // Other problems are not set aside.
    let wrong = text.replace("\"type\":\"list\"", "\"type\":\"lst\"");
    let options = Options { drop_invalid: true, ..Options::default() };
    assert_eq!(read_problems(&wrong, &options).len(), 1);
}

#[test]
fn text_that_is_not_a_template_fails() {
    for (text, reason) in [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "a template is an object"),
        ("{}", "`plugins` is missing"),
        ("{\"plugins\":[]}", "`plugins` is an object"),
        (r#"{"description":{},"template":{}}"#, "this is a plugin document"),
        ("{\"plugins\":{}} x", "not JSON"),
        ("{\"plugins\":{\"a\":\u{0}}}", "not JSON"),
    ] {
        let all = problems(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        assert!(all[0].2.contains(reason), "{text}: {all:?}");
    }
    // A duplicate member does not hide other problems.
    let text = r#"{"plugins":{"a":{"x":1,"x":2,"template":{"properties":1}},"a":3}}"#;
    let all = problems(text);
    assert!(all.len() >= 2 && all.iter().any(|(.., why)| why.contains("twice")), "{all:?}");
    let deep = format!("{{\"plugins\":{}{}}}", "[".repeat(100), "]".repeat(100));
    assert!(problems(&deep)[0].2.contains("64 levels"));
    // A byte order mark is ignored, and places count from the start of the file.
    good("\u{feff}{\"plugins\":{}}", &Options::default());
    let all = read("\u{feff}{\"plugins\":1}".as_bytes(), &Options::default()).unwrap_err();
    assert_eq!(all[0].offset, 14);
}

#[test]
fn limits_of_the_chain_are_kept() {
    let property = |name: &str, more: &str| {
        format!("\"{name}\":{{\"type\":\"entry\",\"dataSchema\":true{more}}}")
    };
    let many = |count: usize, more: &dyn Fn(usize) -> String| {
        let all: Vec<_> = (0..count).map(|at| property(&format!("p{at}"), &more(at))).collect();
        with_properties(&format!("{{{}}}", all.join(",")))
    };
    good(&many(64, &|_| String::new()), &Options::default());
    assert!(problems(&many(65, &|_| String::new()))[0].2.contains("at most 64 properties"));
    let role = |at| format!(",\"permissions\":{{\"0\":[],\"r{at}\":[\"set\"]}}");
    good(&many(16, &role), &Options::default());
    assert!(problems(&many(17, &role))[0].2.contains("at most 16 roles"));
    // A sealed value has one byte less than a public one.
    let long = |size: usize| format!("\"{}\"", "x".repeat(size - 2));
    let with_value = |size: usize| {
        with_properties(&format!("{{{}}}", property("a", &format!(",\"value\":{}", long(size)))))
    };
    let public = Options { public: true, ..Options::default() };
    good(&with_value(65_536), &public);
    assert_eq!(read_problems(&with_value(65_537), &public).len(), 1);
    good(&with_value(65_535), &Options::default());
    assert_eq!(problems(&with_value(65_536)).len(), 1);
    // Public values that do not fit into one call are written after the instance exists.
    let value = |_| format!(",\"value\":{}", long(40_000));
    let read = survives(&many(3, &value), &public);
    let places: Vec<_> =
        read.plugins[0].properties.iter().map(|of| of.value == Valued::InDocument).collect();
    assert_eq!(places, [true, false, false]);
    let items = format!("[{}]", vec!["1"; 257].join(","));
    let list = format!(r#"{{"a":{{"type":"list","dataSchema":true,"value":{items}}}}}"#);
    let read = survives(&with_properties(&list), &public);
    assert!(
        matches!(&read.plugins[0].properties[0].value, Valued::InInstance(all) if all.len() == 257)
    );
    // Descriptions.
    let long = "x".repeat(8_300);
    let text = format!(r#"{{"description":{{"a":"{long}"}},"plugins":{{}}}}"#);
    assert!(problems(&text)[0].2.contains("8192 are the most"), "{:?}", problems(&text));
    let text = format!(r#"{{"other":"{long}","plugins":{{}}}}"#);
    assert_eq!(problems(&text)[0].1, "/other");
    let text = with_properties("{}")
        .replace("\"template\"", &format!("\"description\":\"{long}\",\"template\""));
    assert_eq!(problems(&text)[0].1, "/plugins/p/description");
    // White space does not count.
    let spread = format!("\"description\":{}{{}},\"template\"", " ".repeat(300_000));
    good(&with_properties("{}").replace("\"template\"", &spread), &Options::default());
}

#[test]
fn value_that_an_export_could_not_read_keeps_its_mark() {
    let text =
        with_properties(r#"{"a":{"type":"entry","dataSchema":true,"twinchain:value":"instance"}}"#);
    let read = good(&text, &Options::default());
    assert_eq!(read.plugins[0].properties[0].value, Valued::Elsewhere);
    assert_eq!(marked(&read.plugins[0].document).unwrap(), ["a"]);
    let unread = with_values(&read.plugins[0].document, &BTreeMap::new()).unwrap();
    assert_eq!(Compact::of(&unread).text, read.plugins[0].document);
    let both = text.replace("\"twinchain:value\"", "\"value\":1,\"twinchain:value\"");
    assert_eq!(problems(&both).len(), 1);
}

#[test]
fn sealed_text_that_is_not_one_value_keeps_its_mark() {
    let document = format!(
        r#"{{"template":{{"properties":{{"a":{{"type":"entry","{MARK}":"instance"}}}}}}}}"#
    );
    let with = |text: &str| {
        let values = BTreeMap::from([("a".to_string(), text.as_bytes().to_vec())]);
        String::from_utf8(with_values(document.as_bytes(), &values).unwrap()).unwrap()
    };
    assert!(with("1").contains(r#""value":1"#));
    // An account that can write may seal any bytes.
    for text in [
        r#"1,"visibility":"public""#,
        r#"1},"notes":{"type":"entry","visibility":"public","value":{"b":1"#,
        r#"{"a":1,"a":2}"#,
        "1 2",
        "",
    ] {
        assert_eq!(with(text), document, "{text}");
        let items = [b"1".to_vec(), text.as_bytes().to_vec()];
        assert_eq!(export::value_text(true, &items), None, "{text}");
    }
}

#[test]
fn members_nest_as_deep_as_a_twin_stores_them() {
    let with = |levels: usize| {
        let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"description":{{"name":"a"}},"x":{nested},"plugins":{{}}}}"#)
    };
    let good = read(with(61).as_bytes(), &Options::default()).unwrap();
    assert!(json::is_value(&good.header.stored()));
    for levels in [62, 63] {
        let found = read_problems(&with(levels), &Options::default());
        assert!(found.iter().any(|problem| problem.contains("flatten them")), "{found:?}");
    }
}
