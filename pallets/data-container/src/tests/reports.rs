// SPDX-License-Identifier: Apache-2.0

//! Reports of dry runs about schemas: what is checked, possible mistakes, the cost, and all faults.

use crate::{answers::*, mock::*};

#[test]
fn a_dry_run_warns_of_keywords_that_no_draft_defines() {
    run(|| {
        let schema = r#"{"mininum":1,"x-unit":"h","title":"t","properties":{"a":{"Required":["b"]},
            "unknown":{"type":"string"}},"anyOf":[{"naming":1}]}"#;
        let list = r#"{"type":"list","dataSchema":{"type":"array","minItem":1,"items":{}}}"#;
        let text = document(&format!(r#""h":{},"l":{list}"#, definition(schema)));
        let preview = DataContainer::check_document(M, text.clone().into()).unwrap();
        let warned: Vec<_> = preview
            .warnings
            .iter()
            .map(|warning| {
                let keyword = String::from_utf8(warning.keyword.clone()).unwrap();
                let at = warning.offset as usize;
                assert!(text[at..].starts_with(&format!("\"{keyword}\"")), "{keyword}");
                (keyword, String::from_utf8(warning.pointer.clone()).unwrap())
            })
            .collect();
        let at = |keyword: &str, place: &str| {
            (keyword.to_string(), format!("/template/properties/{place}/{keyword}"))
        };
        let expected = [
            at("mininum", "h/dataSchema"),
            at("Required", "h/dataSchema/properties/a"),
            at("naming", "h/dataSchema/anyOf/0"),
            at("minItem", "l/dataSchema"),
        ];
        assert_eq!(warned, expected);
        let said = |n: usize| String::from_utf8(preview.warnings[n].message.clone()).unwrap();
        let not_checked = "no draft of JSON Schema defines `mininum`: it is not checked";
        assert_eq!(said(0), format!("{not_checked}; did you mean `minimum`?"));
        assert!(said(2).ends_with("`naming`: it is not checked"));
        // The document can be published in spite of the warnings.
        publish(M, &text);
        let id = service();
        let check = |schema: &str| {
            DataContainer::check_definition(id, b"x".to_vec(), definition(schema).into()).unwrap()
        };
        assert_eq!(check(r#"{"maximun":1}"#).warnings.len(), 1);
        assert!(check(r#"{"maximum":1}"#).warnings.is_empty());
        let many: Vec<_> = (0..100).map(|n| format!(r#""a{n}":1"#)).collect();
        let many = check(&format!("{{{}}}", many.join(",")));
        assert_eq!(many.warnings.len(), MAX_WARNINGS as usize);
    });
}

#[test]
fn a_dry_run_warns_of_misspelled_members() {
    run(|| {
        let text = r#"{"description":{"name":"x","replces":1},"replces":0,"tenplate":1,"labels":{},
            "template":{"typ":"a","properties":{"visibilty":{"type":"entry","dataSchema":true,
            "writeonce":true,"permissons":{"t":["set"]},"visibilty":"public","labels":{},
            "values":[1]}}}}"#;
        let preview = DataContainer::check_document(M, text.into()).unwrap();
        let warned: Vec<_> = preview
            .warnings
            .iter()
            .map(|warning| String::from_utf8(warning.pointer.clone()).unwrap())
            .collect();
        let data_set = "/template/properties/visibilty";
        let expected: Vec<String> = ["/replces", "/tenplate", "/template/typ"]
            .map(String::from)
            .into_iter()
            .chain(
                ["writeonce", "permissons", "visibilty", "values"]
                    .map(|member| format!("{data_set}/{member}")),
            )
            .collect();
        assert_eq!(warned, expected);
        let message = String::from_utf8(preview.warnings[3].message.clone()).unwrap();
        assert_eq!(message, "the chain ignores `writeonce`; did you mean `writeOnce`?");
        let id = service();
        let text = r#"{"type":"entry","dataSchema":{"minimun":1},"visibilty":"public"}"#;
        let preview = DataContainer::check_definition(id, b"x".to_vec(), text.into()).unwrap();
        let warned: Vec<_> = preview.warnings.into_iter().map(|warning| warning.keyword).collect();
        assert_eq!(warned, [b"visibilty".to_vec(), b"minimun".to_vec()]);
    });
}

#[test]
fn a_dry_run_reports_what_is_checked_and_what_a_write_costs() {
    run(|| {
        let schema = r##"{"$schema":"http://json-schema.org/draft-07/schema#","title":"t",
            "unit":"h","type":"object","properties":{"a":{"$ref":"#/definitions/a","maxLength":3}},
            "prefixItems":[],"definitions":{"a":{"pattern":"^[A-Z]+$"}}}"##;
        let list = r#"{"type":"list","visibility":"public",
            "dataSchema":{"type":"array","items":{"minimum":1}}}"#;
        let text = document(&format!(r#""h":{},"l":{list}"#, definition(schema)));
        let preview = DataContainer::check_document(M, text.clone().into()).unwrap();
        let [entry, items] = preview.reports.as_slice() else { panic!("two data sets") };
        let words = |names: &[Vec<u8>]| {
            names.iter().map(|name| String::from_utf8(name.clone()).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(
            (entry.dialect.as_slice(), items.dialect.as_slice()),
            (&b"draft 7"[..], &b"draft 2020-12"[..])
        );
        assert_eq!(words(&entry.checked), ["$ref", "pattern", "properties", "type"]);
        let described = ["$schema", "definitions", "maxLength", "prefixItems", "title"];
        assert_eq!(words(&entry.annotations), described);
        assert_eq!((words(&entry.unknown), items.unknown.len()), (vec!["unit".into()], 0));
        assert_eq!((words(&items.checked), items.annotations.len()), (vec!["minimum".into()], 0));
        assert_eq!((entry.cost, items.cost), (2, 1));
        let warned: Vec<_> = preview
            .warnings
            .iter()
            .map(|warning| String::from_utf8(warning.message.clone()).unwrap())
            .collect();
        assert_eq!(warned, [
            "no draft of JSON Schema defines `unit`: it is not checked",
            "`maxLength` is beside `$ref`, where draft 7 ignores it: it is not checked; put both \
             into `allOf`",
            "`prefixItems` belongs to a later draft than draft 7: it is not checked",
        ]);

        // The charge of a write is within the reported cost, and close to it.
        let container = instantiate(M, publish(M, &text));
        let said = |report: &crate::SchemaReport, bytes: u64| {
            report.write.fixed.saturating_add(report.write.per_byte.saturating_mul(bytes))
        };
        for bytes in [2, 100, 512, 513, 5_000, 65_536] {
            let value = padded("{}", bytes).into_bytes();
            let (set, item) = (b"h".to_vec(), padded("1", bytes).into_bytes());
            let call = crate::Call::<Test>::set_entry {
                container,
                data_set: set,
                value,
                expected_revision: None,
            };
            let charged = weigh_call(call);
            assert!(charged.all_lte(said(entry, bytes as u64)), "{bytes}: {charged}");
            assert!(said(entry, bytes as u64).ref_time() < 3 * charged.ref_time(), "{bytes}");
            let call = crate::Call::<Test>::append {
                container,
                data_set: b"l".to_vec(),
                items: vec![item],
                expected_revision: None,
            };
            let charged = weigh_call(call);
            assert!(charged.all_lte(said(items, bytes as u64)), "{bytes}: {charged}");
        }
    });
}

#[test]
fn the_target_of_a_reference_is_not_an_unknown_member() {
    run(|| {
        let schema = |reference: &str| {
            format!(
                r##"{{"$ref":"{reference}","components":{{"schemas":{{"A":{{"type":"string"}}}}}},
                "$defs":{{"B":{{"type":"string"}}}}}}"##
            )
        };
        for (reference, warnings) in [("#/components/schemas/A", 0), ("#/$defs/B", 1)] {
            let text = document_of(&schema(reference));
            let preview = DataContainer::check_document(M, text.into()).unwrap();
            assert_eq!(preview.warnings.len(), warnings, "{reference}");
            assert_eq!(preview.reports[0].unknown.len(), warnings, "{reference}");
        }
    });
}

#[test]
fn a_refusal_names_every_fault_and_what_to_use_instead() {
    run(|| {
        let said = |schema: &str| {
            let text = document_of(schema);
            let refusal = DataContainer::check_document(M, text.into()).unwrap_err();
            let message = String::from_utf8(refusal.message).unwrap();
            let message = message.replace("/template/properties/value/dataSchema", "POINTER");
            // Adding a single data set is refused with the same message.
            DataContainer::create_container(signed(M), vec![]).unwrap();
            let single = definition(schema).into_bytes();
            let refusal = DataContainer::check_definition(0, b"a".to_vec(), single).unwrap_err();
            let same = String::from_utf8(refusal.message).unwrap();
            assert_eq!(same.replace("at /dataSchema", "at POINTER"), message);
            message
        };
        // The message lists all unsupported keywords, at any place, each with its replacement.
        let all = r#"{"unevaluatedProperties":0,"properties":{"a":{"unevaluatedItems":false}},
            "minLength":1,"$vocabulary":{}}"#;
        assert_eq!(
            said(all),
            "the chain does not check `unevaluatedProperties`: use `additionalProperties`, beside \
             all `properties`; also, at POINTER/properties/a/unevaluatedItems: `unevaluatedItems` \
             is not supported: use `items` beside `prefixItems`; also, at POINTER/$vocabulary: \
             `$vocabulary` is not supported: remove it"
        );
        // It also lists the faults of an expression, a reference, a type and a value.
        let all = r##"{"pattern":"(?=a)","properties":{"a":{"$ref":"#/b"},"b":{"type":["text"]}},
            "allOf":[{"minimum":"1"},7],"maxLength":[[-1]],"$vocabulary":{}}"##;
        assert_eq!(
            said(all),
            "`pattern`: look-around is not supported: do not use it; also, at \
             POINTER/properties/a/$ref: `$ref`: a `$ref` leads to nothing, or to something that \
             is not a schema; compare it with the schema: a place in it is written as in \
             `#/$defs/serial`; also, at POINTER/properties/b/type/0: `type`: the schema names a \
             type that does not exist: use `\"null\"`, `\"boolean\"`, `\"object\"`, \
             `\"array\"`, `\"number\"`, `\"integer\"`, `\"string\"`, or an array of them; the \
             type of text is `\"string\"`; also, at POINTER/allOf/0/minimum: `minimum` takes a \
             number without quotes; also, at POINTER/allOf/1: `allOf`: a schema must be an \
             object, `true` or `false`; also, at POINTER/maxLength: `maxLength` takes a whole \
             number, 0 or more; also, at POINTER/$vocabulary: `$vocabulary` is not supported: \
             remove it"
        );
        let many = format!(r#"{{"allOf":[{}7]}}"#, "7,".repeat(20));
        assert!(said(&many).ends_with("; and 4 more"));
        for (schema, message) in [
            (r#"{"minimum":"1"}"#, "`minimum` takes a number without quotes"),
            (r#"{"pattern":"^(?!x)"}"#, "`pattern`: look-around is not supported: do not use it"),
            (
                r#"{"pattern":"(a)\\1"}"#,
                "`pattern`: back-references are not supported: do not use them",
            ),
            (
                r#"{"pattern":"[b-a]"}"#,
                "`pattern`: a range must go from one character to an equal or later one",
            ),
        ] {
            assert_eq!(said(schema), message);
        }
        assert!(
            said(r#"{"type":"text"}"#).starts_with("the schema names a type that does not exist")
        );
    });
}

/// Returns the weight that a successful call is charged.
fn weigh_call(call: crate::Call<Test>) -> frame_support::weights::Weight {
    use frame_support::dispatch::GetDispatchInfo;
    use sp_runtime::traits::Dispatchable;
    let info = call.get_dispatch_info();
    let done = RuntimeCall::from(call).dispatch(signed(M)).unwrap();
    done.actual_weight.unwrap_or(info.call_weight)
}
