// SPDX-License-Identifier: Apache-2.0

//! Rejected schemas and values, and the places of their faults.

use super::Error;
use crate::{mock::*, pallet::*};
use frame_support::assert_ok;
use twinchain_primitives::assert_noop;

/// A schema or a value that is rejected.
pub(super) struct Refused {
    pub schema: Vec<u8>,
    /// The value. Empty if the schema itself is rejected.
    pub value: Vec<u8>,
    /// Returns the error, given the position in the call and the offset of the schema or value.
    pub error: fn(u8, u16) -> Error,
}

/// Builds a case that is rejected with this error at this offset.
macro_rules! refused {
    ($variant:ident, $offset:expr, $schema:expr, $value:expr) => {
        Refused {
            schema: Vec::from($schema),
            value: Vec::from($value),
            error: |index, from| Error::$variant { index, offset: from.saturating_add($offset) },
        }
    };
}

/// Returns a schema and a value for every reason to reject a value. Texts that are not JSON are
/// first.
pub(super) fn refused_values() -> Vec<Refused> {
    let long_number = "1".repeat(129);
    vec![
        refused!(InvalidJson, 0, "true", "Hello"),
        refused!(InvalidJson, 0, "true", "'a'"),
        refused!(InvalidUtf8, 1, "true", b"\"\xff\""),
        refused!(ValueTooLong, u16::MAX, "true", format!("\"{}\"", "v".repeat(65_535))),
        refused!(DuplicateKey, 7, "true", r#"{"a":1,"a":2}"#),
        refused!(DuplicateKey, 7, "true", r#"{"a":1,"\u0061":2}"#),
        refused!(TooDeep, 32, "true", format!("{}{}", "[".repeat(33), "]".repeat(33))),
        refused!(NumberOutOfBounds, 0, "true", "1e513"),
        refused!(NumberOutOfBounds, 1, "true", format!("[{long_number}]")),
        refused!(TypeMismatch, 0, r#"{"type":"string"}"#, "7"),
        refused!(TypeMismatch, 5, r#"{"properties":{"a":{"type":"integer"}}}"#, r#"{"a":1.5}"#),
        refused!(EnumMismatch, 0, r#"{"enum":["red","blue"]}"#, r#""green""#),
        refused!(ConstMismatch, 0, r#"{"const":1.0}"#, "2"),
        refused!(RequiredMismatch, 0, r#"{"required":["a"]}"#, r#"{"b":1}"#),
        refused!(
            AdditionalPropertiesMismatch,
            1,
            r#"{"additionalProperties":false}"#,
            r#"{"b":1}"#
        ),
        refused!(MinPropertiesMismatch, 0, r#"{"minProperties":1}"#, "{}"),
        refused!(MaxPropertiesMismatch, 0, r#"{"maxProperties":0}"#, r#"{"a":1}"#),
        refused!(ItemsMismatch, 3, r#"{"prefixItems":[true],"items":false}"#, "[1,2]"),
        refused!(MinItemsMismatch, 0, r#"{"minItems":1}"#, "[]"),
        refused!(MaxItemsMismatch, 0, r#"{"maxItems":1}"#, "[1,2]"),
        refused!(MinLengthMismatch, 0, r#"{"minLength":2}"#, "\"ä\""),
        refused!(MaxLengthMismatch, 0, r#"{"maxLength":2}"#, r#""abc""#),
        refused!(MinimumMismatch, 0, r#"{"minimum":5}"#, "4.99"),
        refused!(MaximumMismatch, 0, r#"{"maximum":5}"#, "5.01"),
        refused!(ExclusiveMinimumMismatch, 0, r#"{"exclusiveMinimum":5}"#, "5.0"),
        refused!(ExclusiveMaximumMismatch, 0, r#"{"exclusiveMaximum":5}"#, "5"),
        refused!(MultipleOfMismatch, 0, r#"{"multipleOf":0.1}"#, "0.25"),
        refused!(AnyOfMismatch, 0, r#"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, "1"),
        refused!(OneOfMismatch, 0, r#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "3"),
        refused!(NotMismatch, 0, r#"{"not":{"type":"null"}}"#, "null"),
        refused!(PatternMismatch, 0, r#"{"pattern":"^[A-Z]{2}$"}"#, r#""Ab""#),
        refused!(PatternMismatch, 5, r#"{"additionalProperties":{"pattern":"a"}}"#, r#"{"x":""}"#),
        refused!(UniqueItemsMismatch, 0, r#"{"uniqueItems":true}"#, "[1,2,1.0]"),
        refused!(ContainsMismatch, 0, r#"{"contains":{"const":1}}"#, "[2]"),
        refused!(MinContainsMismatch, 0, r#"{"contains":{},"minContains":2}"#, "[2]"),
        refused!(MaxContainsMismatch, 0, r#"{"contains":{},"maxContains":1}"#, "[2,2]"),
        refused!(IfMismatch, 0, r#"{"if":{"minimum":1},"then":{"maximum":3}}"#, "4"),
        refused!(
            DependentRequiredMismatch,
            0,
            r#"{"dependentRequired":{"a":["b"]}}"#,
            r#"{"a":1}"#
        ),
        refused!(DependentSchemasMismatch, 0, r#"{"dependentSchemas":{"a":false}}"#, r#"{"a":1}"#),
        refused!(FalseSchema, 0, "false", "1"),
        refused!(FalseSchema, 5, r#"{"properties":{"a":false}}"#, r#"{"a":1}"#),
    ]
}

/// Returns a schema for every reason to reject a schema.
pub(super) fn refused_schemas() -> Vec<Refused> {
    let nested =
        |levels: usize| format!("{}true{}", r#"{"not":"#.repeat(levels), "}".repeat(levels));
    let branches =
        |count: usize| format!(r#"{{"anyOf":[{}]}}"#, vec![r#"{"minimum":1}"#; count].join(","));
    let properties = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!(r#""{n}":true"#)).collect();
        format!(r#"{{"properties":{{{}}}}}"#, all.join(","))
    };
    let titled = |bytes: usize| format!(r#"{{"title":"{}"}}"#, "t".repeat(bytes - 12));
    vec![
        refused!(NotASchema, 0, "7", ""),
        refused!(NotASchema, 9, r#"{"items":null}"#, ""),
        refused!(UnsupportedKeyword, 1, r#"{"$vocabulary":{}}"#, ""),
        refused!(UnsupportedKeyword, 16, r#"{"type":"array","unevaluatedItems":true}"#, ""),
        refused!(UnknownDialect, 11, r#"{"$schema":"https://crane.example/schema"}"#, ""),
        refused!(ReferenceNotFound, 8, r##"{"$ref":"#/a"}"##, ""),
        refused!(ReferenceAway, 8, r#"{"$ref":"https://crane.example/schema#/a"}"#, ""),
        refused!(CircularReference, 8, r##"{"$ref":"#"}"##, ""),
        refused!(NestedId, 8, r##"{"not":{"$id":"https://a.example","not":{"$ref":"#"}}}"##, ""),
        refused!(InvalidPattern, 13, r#"{"pattern":"a(b"}"#, ""),
        refused!(UnsupportedPattern, 13, r#"{"pattern":"a(?!b)"}"#, ""),
        refused!(PatternTooComplex, 12, r#"{"pattern":"a{2000}"}"#, ""),
        refused!(InvalidKeywordValue, 11, r#"{"minimum":"1"}"#, ""),
        refused!(UnknownType, 8, r#"{"type":"text"}"#, ""),
        refused!(SchemaTooLong, u16::MAX, titled(65_537), ""),
        refused!(SchemaTooLong, 0, properties(1_024), ""),
        refused!(SchemaTooComplex, 0, branches(33), ""),
        refused!(TooDeep, 112, nested(17), ""),
    ]
}

fn list(schema: &[u8]) -> Vec<u8> {
    let mut text = br#"{"type":"list","visibility":"public","dataSchema":"#.to_vec();
    text.extend(br#"{"type":"array","items":"#);
    text.extend(schema);
    text.extend(b"}}");
    text
}

fn entry_of(schema: &[u8]) -> Vec<u8> {
    let mut text = br#"{"type":"entry","visibility":"public","dataSchema":"#.to_vec();
    text.extend(schema);
    text.extend(b"}");
    text
}

fn empty() -> u64 {
    DataContainer::create_container(signed(M), vec![]).unwrap();
    NextContainerId::<Test>::get() - 1
}

fn add(container: u64, name: &str, definition: Vec<u8>) -> sp_runtime::DispatchResult {
    DataContainer::add_data_set(signed(M), container, name.into(), definition)
        .map(|_| ())
        .map_err(|error| error.error)
}

/// Checks that a dry run fails with the error of the call, a keyword and a message.
fn assert_refusal<T: core::fmt::Debug>(checked: Result<T, crate::Refusal>, error: Error) {
    let refusal = checked.unwrap_err();
    assert_eq!(refusal.error, error.into());
    assert!(!refusal.keyword.is_empty() && !refusal.message.is_empty());
}

#[test]
fn set_entry_fails_when_the_value_does_not_match() {
    run(|| {
        for case in refused_values() {
            let container = empty();
            assert_ok!(add(container, "value", entry_of(&case.schema)));
            assert_noop!(set_value(container, &case.value), (case.error)(0, 0));
            let checked = check_value(container, "value", case.value);
            assert_refusal(checked, (case.error)(0, 0));
        }
        let container = container_of("true");
        for (value, offset) in [("", 0), ("12,5", 2), ("1 2", 2), ("[1", 2), ("NaN", 0), ("+1", 0)]
        {
            let call = set_value(container, value.as_bytes());
            assert_noop!(call, Error::InvalidJson { index: 0, offset });
        }
    });
}

#[test]
fn append_fails_when_an_item_does_not_match() {
    run(|| {
        for case in refused_values() {
            let container = empty();
            assert_ok!(add(container, "value", list(&case.schema)));
            // No value matches the schema `false`, so the rejected item must be the first.
            let mut items = vec![case.value.clone()];
            let mut index = 0;
            if !matches!(case.schema.as_slice(), b"false") {
                let fine = matching(&case.schema);
                items.splice(0..0, [fine.clone(), fine]);
                index = 2;
            }
            let call = DataContainer::append(signed(M), container, b"value".into(), items, None);
            assert_noop!(call, (case.error)(index, 0));
        }
    });
}

#[test]
fn store_fails_when_a_value_does_not_match() {
    run(|| {
        for case in refused_values() {
            let container = empty();
            assert_ok!(add(container, "value", entry_of(&case.schema)));
            assert_ok!(add(container, "other", entry_of(b"true")));
            let wrong = crate::NewValue { value: case.value.clone(), ..new_value("value", "") };
            let values = vec![new_value("other", "1"), wrong];
            assert_noop!(DataContainer::store(signed(M), container, values), (case.error)(1, 0));
        }
    });
}

/// Returns a value that matches a schema of a rejected value.
fn matching(schema: &[u8]) -> Vec<u8> {
    let compiled = data_schema::Schema::compile(schema).unwrap();
    [r#""red""#, "1", "null", "5", "{}", r#"{"a":1}"#, "[1]", "4", "6", "0.1", r#""ab""#]
        .into_iter()
        .find(|value| compiled.check(value.as_bytes()).is_ok())
        .unwrap()
        .into()
}

/// Returns the offset at which the member of the data set `value` begins.
fn member(document: &[u8]) -> usize {
    let name = br#""value":{"#;
    document.windows(name.len()).position(|part| part == name).unwrap()
}

#[test]
fn publish_plugin_fails_when_a_default_does_not_match() {
    run(|| {
        for case in refused_values() {
            let mut text = br#"{"template":{"type":"a","properties":{"ok":{"type":"entry",
                "dataSchema":true},"value":{"type":"entry","visibility":"public","dataSchema":"#
                .to_vec();
            text.extend(&case.schema);
            text.extend(br#","value":"#);
            let from = (text.len() - member(&text)) as u16;
            text.extend(&case.value);
            text.extend(b"}}}}");
            // A text that is not JSON is rejected before any data set is read.
            let (index, from) = match (case.error)(0, 0) {
                Error::InvalidJson { .. }
                | Error::InvalidUtf8 { .. }
                | Error::DuplicateKey { .. }
                | Error::NumberOutOfBounds { .. } => (0, from + member(&text) as u16),
                _ => (1, from),
            };
            let call = DataContainer::publish_plugin(signed(M), text);
            assert_noop!(call, (case.error)(index, from));
        }
    });
}

#[test]
fn publish_plugin_fails_when_a_schema_is_rejected() {
    run(|| {
        for case in refused_schemas() {
            let mut text = br#"{"template":{"type":"a","properties":{"ok":{"type":"entry",
                "dataSchema":true},"value":{"type":"entry","dataSchema":"#
                .to_vec();
            let from = (text.len() - member(&text)) as u16;
            text.extend(&case.schema);
            text.extend(b"}}}}");
            let call = DataContainer::publish_plugin(signed(M), text.clone());
            assert_noop!(call, (case.error)(1, from));
            assert_refusal(DataContainer::check_document(M, text), (case.error)(1, from));
        }
    });
}

#[test]
fn add_data_set_fails_when_a_schema_is_rejected() {
    run(|| {
        let container = empty();
        for case in refused_schemas() {
            let from = entry_of(b"").len() as u16 - 1;
            let text = entry_of(&case.schema);
            assert_noop!(add(container, "value", text.clone()), (case.error)(0, from));
            let checked = DataContainer::check_definition(container, b"value".to_vec(), text);
            assert_refusal(checked, (case.error)(0, from));
        }
    });
}

#[test]
fn add_data_set_fails_when_a_default_does_not_match() {
    run(|| {
        let container = empty();
        for case in refused_values() {
            let mut text = br#"{"type":"entry","visibility":"public","dataSchema":"#.to_vec();
            text.extend(&case.schema);
            text.extend(br#","value":"#);
            let from = text.len() as u16;
            text.extend(&case.value);
            text.extend(b"}");
            assert_noop!(add(container, "value", text), (case.error)(0, from));
        }
    });
}

#[test]
fn publish_plugin_fails_when_the_document_is_not_json() {
    run(|| {
        let publish = |text: &[u8]| DataContainer::publish_plugin(signed(M), text.to_vec());
        let index = 0;
        for (text, error) in [
            ("".into(), Error::InvalidJson { index, offset: 0 }),
            ("service".into(), Error::InvalidJson { index, offset: 0 }),
            (r#"{"template":}"#.into(), Error::InvalidJson { index, offset: 12 }),
            (format!("{}x", document("")), Error::InvalidJson { index, offset: 60 }),
            ("\u{feff}{}".into(), Error::InvalidJson { index, offset: 0 }),
            (r#"{"a":1,"a":1}"#.into(), Error::DuplicateKey { index, offset: 7 }),
            ("[".repeat(65), Error::InvalidMember { index, offset: 0 }),
            (format!(r#"{{"a":{}"#, "[".repeat(64)), Error::TooDeep { index, offset: 68 }),
            (r#"{"a":1e999}"#.into(), Error::NumberOutOfBounds { index, offset: 5 }),
        ] {
            assert_noop!(publish(text.as_bytes()), error);
        }
        assert_noop!(publish(b"{\"a\":\"\xff\"}"), Error::InvalidUtf8 { index, offset: 6 });
        // The same name twice, once with an escape.
        let set = r#"{"type":"entry","dataSchema":true}"#;
        let twice = document(&format!(r#""a":{set},"\u0061":{set}"#));
        let offset = twice.find(r"\u0061").unwrap() as u16 - 1;
        assert_noop!(publish(twice.as_bytes()), Error::DuplicateKey { index, offset });
    });
}

#[test]
fn keywords_of_other_drafts_and_annotations_are_ignored() {
    run(|| {
        let container = container_of(
            r#"{"title":"T","title:de":"T","format":"date","ui:widget":"x","myKeyword":{},
            "$id":"a","default":7,"examples":[{"pattern":1}],"type":"string"}"#,
        );
        assert_ok!(set_value(container, br#""no date""#));
        let container = container_of(r#"{"enum":[{"$ref":1}],"properties":{"pattern":true}}"#);
        assert_ok!(set_value(container, br#"{"$ref":1.0}"#));
    });
}

#[test]
fn numbers_are_exact() {
    run(|| {
        let container = container_of(r#"{"type":"integer","maximum":100000000000000000000000001}"#);
        for good in ["1.0", "1e2", "-0", "100000000000000000000000001", "1000e-3"] {
            assert_ok!(set_value(container, good.as_bytes()));
        }
        let bad = set_value(container, b"100000000000000000000000001.0000001");
        assert_noop!(bad, Error::TypeMismatch { index: 0, offset: 0 });
        let bad = set_value(container, b"100000000000000000000000002");
        assert_noop!(bad, Error::MaximumMismatch { index: 0, offset: 0 });
        let container = container_of(r#"{"multipleOf":0.01}"#);
        assert_ok!(set_value(container, b"19.99"));
        assert_ok!(set_value(container, b"1e300"));
    });
}

/// Returns a definition of a public list with this `dataSchema`.
fn list_of(schema: &str) -> Vec<u8> {
    format!(r#"{{"type":"list","visibility":"public","dataSchema":{schema}}}"#).into()
}

#[test]
fn the_same_text_in_another_schema_is_compiled_separately() {
    run(|| {
        let container = empty();
        let append = |set: &str, item: &str| append(M, container, set, &[item]).is_ok();
        // The items of all these lists have the same text, but a different meaning, because of the
        // dialect or of the target of the reference.
        let items = r##"{"$ref":"#/definitions/a","maxLength":1}"##;
        let lists = [
            ("seven", "http://json-schema.org/draft-07/schema", r#"{"type":"string"}"#),
            ("nineteen", "https://json-schema.org/draft/2019-09/schema", r#"{"type":"string"}"#),
            ("number", "http://json-schema.org/draft-07/schema", r#"{"type":"number"}"#),
        ];
        for (name, dialect, a) in lists {
            let schema = format!(
                r#"{{"$schema":"{dialect}","type":"array","items":{items},
                "definitions":{{"a":{a}}}}}"#
            );
            assert_ok!(add(container, name, list_of(&schema)));
        }
        assert!(append("seven", r#""ab""#) && !append("seven", "1"));
        assert!(append("nineteen", r#""a""#) && !append("nineteen", r#""ab""#));
        assert!(append("number", "1") && !append("number", r#""a""#));
        // The same root at different places: for a list's items, and for an entry's value.
        let root = r#"{"type":"array","items":{"type":"number"}}"#;
        assert_ok!(add(container, "items", list_of(root)));
        assert_ok!(add(container, "value", entry_of(root.as_bytes())));
        assert!(append("items", "1") && !append("items", "[1]"));
        assert!(set_value(container, b"[1]").is_ok() && set_value(container, b"1").is_err());
        assert_eq!(Schemas::<Test>::iter_keys().count(), 5);
        // Schemas with the same meaning are stored once.
        assert_ok!(add(container, "again", list_of(root)));
        assert_eq!(Schemas::<Test>::iter_keys().count(), 5);
    });
}

#[test]
fn a_list_whose_schema_has_no_items_accepts_any_item_in_every_dialect() {
    run(|| {
        let container = empty();
        let schema = r#"{"$schema":"http://json-schema.org/draft-04/schema#","type":"array"}"#;
        assert_ok!(add(container, "any", list_of(schema)));
        assert_ok!(append(M, container, "any", &["1", "[]", "null"]));
        let key = data_set(container, "any").schema;
        assert_eq!(Schemas::<Test>::get(key).unwrap().place, None);
        // In draft 7, nothing beside a reference applies, so the reference describes the items.
        let schema = r##"{"$schema":"http://json-schema.org/draft-07/schema#","type":"array",
            "$ref":"#/definitions/a","definitions":{"a":{"type":"number"}}}"##;
        assert_ok!(add(container, "numbers", list_of(schema)));
        assert_ok!(append(M, container, "numbers", &["1"]));
        assert!(append(M, container, "numbers", &["[]"]).is_err());
        // A schema for each position describes the whole list.
        let text = r#"{"type":"list","dataSchema":{
            "$schema":"http://json-schema.org/draft-07/schema","type":"array","items":[{}]}}"#;
        let offset = text.find(r#""items""#).unwrap() as u16;
        let refused = Error::ListSchemaDemandsMore { index: 0, offset };
        assert_noop!(add(container, "positions", text.into()), refused);
    });
}
