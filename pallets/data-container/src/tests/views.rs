// SPDX-License-Identifier: Apache-2.0

//! The questions that the pallet answers.

use super::Error;
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn check(id: ContainerId, set: &str, value: &[u8]) -> Result<(), Refusal> {
    check_value(id, set, value)
}

#[test]
fn what_does_not_exist_is_nothing() {
    run(|| {
        assert_eq!(DataContainer::plugin(0), None);
        assert_eq!(DataContainer::container(0), None);
        assert!(DataContainer::data_sets(0).is_empty());
        assert_eq!(DataContainer::entry(0, b"hours".to_vec()), None);
        assert!(DataContainer::batches(0, b"log".to_vec(), 0, 9).items.is_empty());
        assert!(!DataContainer::can(0, b"hours".to_vec(), M, Access::WRITE));
        assert!(DataContainer::containers_of_owner(M, None, 9).items.is_empty());
        let container = service();
        for bad in [&b"nothing"[..], b"", b"a/b", &[0xff], &[b'n'; 65]] {
            assert_eq!(DataContainer::entry(container, bad.to_vec()), None);
            assert_eq!(
                DataContainer::authority_of(container, bad.to_vec(), M, Access::WRITE),
                None
            );
            assert!(DataContainer::batches(container, bad.to_vec(), 0, 9).items.is_empty());
        }
    });
}

#[test]
fn a_plugin_comes_with_its_document() {
    run(|| {
        let id = publish(M, SERVICE);
        let info = DataContainer::plugin(id).unwrap();
        assert_eq!(info.document, SERVICE.as_bytes());
        assert_eq!(Some(info.plugin), Plugins::<Test>::get(id));
    });
}

#[test]
fn data_sets_come_in_the_order_in_which_they_were_made() {
    run(|| {
        let container = service();
        let added = definition("true").into();
        assert_ok!(DataContainer::add_data_set(signed(M), container, b"aaa".to_vec(), added));
        let sets = DataContainer::data_sets(container);
        let names: Vec<_> = sets.iter().map(|(name, _)| name.clone()).collect();
        let expected =
            ["manual", "usageLog", "hours", "serial", "stamps", "price", "offers", "aaa"];
        assert_eq!(names, expected.map(name));
        assert!(sets.iter().map(|(_, set)| set.id).eq(0..8));
    });
}

#[test]
fn pages_of_batches_end_at_256_batches_or_256_kib() {
    run(|| {
        let container = service();
        for _ in 0..300 {
            assert_ok!(append(M, container, "stamps", &["1"]));
        }
        let page = |from, limit| {
            let page = DataContainer::batches(container, b"stamps".to_vec(), from, limit);
            (page.items.len(), page.next)
        };
        assert_eq!(page(0, u32::MAX), (256, Some(256)));
        assert_eq!(page(256, u32::MAX), (44, None));
        assert_eq!(page(0, 0), (1, Some(1)));
        assert_eq!(page(0, 299), (256, Some(256)));
        assert_eq!(page(44, 256), (256, None));
        assert_eq!(page(300, 9), (0, None));
        assert_eq!(page(u32::MAX, u32::MAX), (0, None));

        let long = padded("1", 65_536);
        for _ in 0..6 {
            assert_ok!(append(M, container, "stamps", &[long.as_str()]));
        }
        assert_eq!(page(300, 9), (4, Some(304)));
        assert_eq!(page(304, 9), (2, None));
    });
}

#[test]
fn can_and_why_tell_the_right() {
    run(|| {
        let container = service();
        assign(container, S, TECHNICIAN);
        grant(container, C, USAGE_LOG, Access::REMOVE, Some(START));
        let why = |who, set: &str, access| {
            DataContainer::authority_of(container, set.into(), who, access)
        };
        assert_eq!(why(M, "price", Access::READ), Some(Authority::Owner));
        assert_eq!(why(S, "hours", Access::WRITE), Some(Authority::Role(TECHNICIAN)));
        assert_eq!(why(S, "hours", Access::REMOVE), None);
        assert_eq!(why(C, "usageLog", Access::REMOVE), Some(Authority::Grant));
        assert_eq!(why(C, "hours", Access::REMOVE), None);
        for access in [Access::READ, Access::WRITE, Access::REMOVE] {
            assert_eq!(why(X, "usageLog", access), None);
            assert!(!DataContainer::can(container, b"usageLog".to_vec(), X, access));
        }
        assert!(DataContainer::can(container, b"hours".to_vec(), S, Access::WRITE));
        set_time(START + 1);
        assert_eq!(why(C, "usageLog", Access::REMOVE), None);
    });
}

#[test]
fn an_owners_containers_come_in_pages() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let mut all: Vec<_> = (0..7)
            .map(|n| instantiate(if n == 3 { C } else { M }, plugin))
            .filter(|id| *id != 3)
            .collect();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = DataContainer::containers_of_owner(M, after, 2);
            assert_eq!(page.items.len(), 2);
            seen.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        seen.sort();
        all.sort();
        assert_eq!(seen, all);
        assert_eq!(DataContainer::containers_of_owner(C, None, 0).items, [3]);
        // A cursor that is no container of the owner harms nobody.
        assert!(DataContainer::containers_of_owner(M, Some(u64::MAX), 9).items.len() <= 6);
    });
}

#[test]
fn a_dry_run_gives_the_calls_error_with_a_pointer() {
    run(|| {
        let container = service();
        assert_eq!(check(container, "hours", b"1"), Ok(()));
        assert_eq!(check(container, "usageLog", br#"{"hours":1}"#), Ok(()));
        let refusal = check(container, "usageLog", br#"{"hours": -1}"#).unwrap_err();
        assert_eq!(refusal.error, Error::MinimumMismatch { index: 0, offset: 10 }.into());
        assert_eq!((refusal.keyword.as_slice(), refusal.offset), (&b"minimum"[..], 10));
        assert_eq!(refusal.pointer, b"/hours");
        assert_eq!(refusal.message, b"the number is below the minimum");
        // A confidential value is checked before it is sealed.
        assert_eq!(check(container, "price", b"1.5"), Ok(()));
        assert!(check(container, "price", br#""1.5""#).is_err());
        // A pointer escapes what a name has of `/` and `~`.
        let any = container_of(r#"{"additionalProperties":{"type":"null"}}"#);
        let refusal = check(any, "value", br#"{"a/b~c":1}"#).unwrap_err();
        assert_eq!(refusal.pointer, b"/a~1b~0c");
    });
}

#[test]
fn a_dry_run_of_what_takes_no_value_gives_the_calls_error() {
    run(|| {
        let error = |id, set: &str| {
            let refusal = check(id, set, b"1").unwrap_err();
            assert!(!refusal.message.is_empty());
            refusal.error
        };
        assert_eq!(error(0, "hours"), Error::ContainerNotFound.into());
        let container = service();
        assert_eq!(error(container, "nothing"), Error::DataSetNotFound.into());
        assert_eq!(error(container, "a/b"), Error::InvalidName.into());
        // What is written once takes a value as long as it has none.
        assert_eq!(check(container, "serial", br#""1""#), Ok(()));
        assert_ok!(set(M, container, "serial", br#""1""#));
        assert_eq!(error(container, "serial"), Error::WriteOnce.into());
        assert_eq!(check(container, "stamps", b"1"), Ok(()));
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_eq!(check(container, "stamps", b"1"), Ok(()));
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"hours".to_vec()));
        assert_eq!(error(container, "hours"), Error::DataSetRetired.into());
        close(container);
        assert_eq!(error(container, "manual"), Error::ContainerClosed.into());
    });
}

#[test]
fn a_dry_run_of_a_document_tells_what_it_would_make() {
    run(|| {
        let before = root();
        let preview = DataContainer::check_document(M, SERVICE.into()).unwrap();
        assert_eq!(before, root());
        publish(M, SERVICE);
        let plugin = Plugins::<Test>::get(0).unwrap();
        assert_eq!(preview.name, plugin.name);
        assert_eq!(preview.replaces, None);
        assert_eq!(preview.data_sets, plugin.data_sets.to_vec());
        let roles: Vec<_> = plugin.roles.into_iter().map(|role| role.name).collect();
        assert_eq!(preview.roles, roles);
        assert!(preview.warnings.is_empty());
    });
}

#[test]
fn a_dry_run_of_a_document_fails_when_publishing_does() {
    run(|| {
        let set = r#"{"type":"entry","dataSchema":true}"#;
        let many: Vec<_> = (0..65).map(|n| format!(r#""{n}":{set}"#)).collect();
        let roles: Vec<_> = (1..18).map(|n| format!(r#""{n}":["set"]"#)).collect();
        let roles = roles.join(",");
        let documents = [
            String::new(),
            "{}".into(),
            "7".into(),
            r#"{"replaces":5,"template":{"type":"a","properties":{}}}"#.into(),
            r#"{"template":{"properties":{}}}"#.into(),
            document(r#""a":{"type":"entry"}"#),
            document(&format!(r#""a":{set},"a/b":{set}"#)),
            document(r#""a":{"type":"entry","dataSchema":true,"value":1}"#),
            document(r#""a":{"type":"list","dataSchema":{"type":"array","minItems":1}}"#),
            document_of(r#"{"type":"text"}"#),
            document_of(r#"{"minimum":"1"}"#),
            document(
                r#""a":{"type":"entry","visibility":"public","dataSchema":{"maximum":1},"value":2}"#,
            ),
            document(&many.join(",")),
            document(&format!(
                r#""a":{{"type":"entry","dataSchema":true,"permissions":{{{roles}}}}}"#
            )),
            padded(&document(""), 262_145),
            format!(
                r#"{{"description":"{}","template":{{"type":"a","properties":{{}}}}}}"#,
                "d".repeat(9_000)
            ),
        ];
        for text in documents {
            let refusal = DataContainer::check_document(M, text.clone().into()).unwrap_err();
            let error = DataContainer::publish_plugin(signed(M), text.into()).unwrap_err();
            assert_eq!(refusal.error, error.error);
            assert!(!refusal.keyword.is_empty() && !refusal.message.is_empty());
        }
    });
}

#[test]
fn the_dry_run_of_a_document_points_into_it() {
    run(|| {
        let text = document(&format!(
            r#""a":{},"b":{}"#,
            definition("true"),
            definition(r#"{"properties":{"x":{"minimum":"1"}}}"#)
        ));
        let refusal = DataContainer::check_document(M, text.into()).unwrap_err();
        assert_eq!(refusal.keyword, b"minimum");
        let pointer = b"/template/properties/b/dataSchema/properties/x/minimum";
        assert_eq!(refusal.pointer, pointer);
    });
}

#[test]
fn a_dry_run_of_a_new_version_asks_who_published_the_old_one() {
    run(|| {
        let document = r#"{"replaces":0,"template":{"type":"next","properties":{}}}"#;
        let refused = |who| {
            let refusal = DataContainer::check_document(who, document.into()).unwrap_err();
            let call = DataContainer::publish_plugin(signed(who), document.into());
            assert_eq!(call.unwrap_err().error, refusal.error);
            assert_eq!(refusal.pointer, b"/replaces");
            refusal.error
        };
        assert_eq!(refused(M), Error::PluginNotFound.into());
        publish(M, SERVICE);
        assert_eq!(refused(C), Error::NotPublisher.into());
        assert_eq!(DataContainer::check_document(M, document.into()).unwrap().replaces, Some(0));
    });
}

#[test]
fn a_dry_run_of_a_definition_tells_what_it_would_add() {
    run(|| {
        let container = service();
        let text = r#"{"type":"list","visibility":"public","dataSchema":{"type":"integer"},
            "permissions":{"chief":["set"],"new":["remove"]},"writeOnce":true}"#;
        let before = root();
        let check = || DataContainer::check_definition(container, b"x".to_vec(), text.into());
        let preview = check().unwrap().data_set;
        assert_eq!(before, root());
        let add = || DataContainer::add_data_set(signed(M), container, b"x".to_vec(), text.into());
        assert_ok!(add());
        let added = data_set(container, "x");
        assert_eq!(preview.name, name("x"));
        assert_eq!((preview.kind, preview.visibility), (added.kind, added.visibility));
        assert_eq!((preview.schema, preview.write_once), (added.schema, true));
        assert_eq!(preview.permissions, added.permissions);
        assert_eq!(check().unwrap_err().error, Error::DataSetExists.into());
    });
}

#[test]
fn a_dry_run_of_a_definition_fails_when_adding_does() {
    run(|| {
        let container = service();
        let refused = |name: &str, text: &str| {
            let (name, text) = (name.as_bytes().to_vec(), text.as_bytes().to_vec());
            let check = DataContainer::check_definition(container, name.clone(), text.clone());
            let call = DataContainer::add_data_set(signed(M), container, name, text);
            assert_eq!(call.unwrap_err().error, check.clone().unwrap_err().error);
            check.unwrap_err()
        };
        let fine = definition("true");
        assert_eq!(refused("a/b", &fine).error, Error::InvalidName.into());
        assert_eq!(refused("hours", &fine).error, Error::DataSetExists.into());
        refused("x", "{");
        refused("x", "7");
        refused("x", &padded(&fine, 262_145));
        let wrong = refused("x", &definition(r#"{"properties":{"y":{"minimum":"1"}}}"#));
        assert_eq!(wrong.pointer, b"/dataSchema/properties/y/minimum");
        offer(container);
        assert_eq!(refused("x", &fine).error, Error::OfferPending.into());
        withdraw(container);
        for n in 7..64 {
            let name = n.to_string().into_bytes();
            assert_ok!(DataContainer::add_data_set(
                signed(M),
                container,
                name,
                fine.clone().into()
            ));
        }
        assert_eq!(refused("x", &fine).error, Error::TooManyDataSets.into());
        close(container);
        assert_eq!(refused("x", &fine).error, Error::ContainerClosed.into());
    });
    run(|| {
        let check = DataContainer::check_definition(0, b"x".to_vec(), b"{}".to_vec());
        assert_eq!(check.unwrap_err().error, Error::ContainerNotFound.into());
    });
}

#[test]
fn plugins_are_found_by_publisher_by_name_and_from_the_one_that_they_replace() {
    run(|| {
        let next = |old: u64, called: &str| {
            format!(
                r#"{{"replaces":{old},"description":{{"name":"{called}"}},
                "template":{{"properties":{{}}}}}}"#
            )
        };
        assert_eq!(publish(M, SERVICE), 0);
        assert_eq!(publish(C, SERVICE), 1);
        assert_eq!(publish(M, &next(0, "service")), 2);
        assert_eq!(publish(M, &next(0, "other")), 3);
        let by = |who| {
            let mut found = DataContainer::plugins_of_publisher(who, None, 9).items;
            found.sort_unstable();
            found
        };
        assert_eq!((by(M), by(C), by(X)), (vec![0, 2, 3], vec![1], vec![]));
        let called = |name: &str| {
            let mut found = DataContainer::plugins_of_name(name.into(), None, 9).items;
            found.sort_unstable();
            found
        };
        assert_eq!((called("service"), called("other")), (vec![0, 1, 2], vec![3]));
        for bad in ["Service", "", "a/b", &"n".repeat(65)] {
            assert!(called(bad).is_empty());
        }
        let after = |id| {
            let mut found = DataContainer::successors(id, None, 9).items;
            found.sort_unstable();
            found
        };
        assert_eq!((after(0), after(1), after(99)), (vec![2, 3], vec![], vec![]));
        let first = DataContainer::plugins_of_publisher(M, None, 2);
        let rest = DataContainer::plugins_of_publisher(M, first.next, 2);
        let mut all: Vec<_> = first.items.into_iter().chain(rest.items).collect();
        all.sort_unstable();
        assert_eq!((all, rest.next), (vec![0, 2, 3], None));
    });
}

#[test]
fn instances_are_found_from_their_plugin() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let (first, second) = (instantiate(M, plugin), instantiate(C, plugin));
        let other = instantiate(M, publish(M, SERVICE));
        assert_ok!(DataContainer::create_container(signed(M), vec![]));
        let mut found = DataContainer::instances(plugin, None, 9).items;
        found.sort_unstable();
        assert_eq!(found, [first, second]);
        assert_eq!(DataContainer::instances(plugin + 1, None, 9).items, [other]);
        assert!(DataContainer::instances(99, None, 9).items.is_empty());
        assert_eq!(DataContainer::instances(plugin, None, 1).items.len(), 1);
    });
}

#[test]
fn who_wrote_an_entry_is_told_while_it_has_a_value() {
    run(|| {
        let id = service();
        assign(id, S, CHIEF);
        let author = |set: &str| DataContainer::entry_author(id, set.into());
        assert_eq!(author("hours"), None);
        set_time(START + 5);
        assert_ok!(set(S, id, "hours", b"1"));
        assert_eq!(author("hours"), Some(Authorship { author: S, block: 1, time: START + 5 }));
        // The one of a long value, too.
        let long = format!("\"{}\"", "x".repeat(1_000));
        assert_ok!(set(M, id, "manual", long.as_bytes()));
        assert_eq!(author("manual").unwrap().author, M);
        assert_ok!(DataContainer::clear_entry(signed(S), id, b"hours".to_vec(), None));
        for none in ["hours", "usageLog", "nothing", "a/b"] {
            assert_eq!(author(none), None);
        }
    });
}

#[test]
fn check_value_tells_that_a_call_is_for_another_kind_or_visibility() {
    use WriteCall::*;
    run(|| {
        let id = service();
        let error = |set: &str, call| {
            DataContainer::check_value(id, set.into(), call, b"1".to_vec()).map_err(|no| no.error)
        };
        let refused = |error: Error| Err(error.into());
        assert_eq!(error("hours", SetEntry), Ok(()));
        assert_eq!(error("price", SetSealedEntry), Ok(()));
        assert_eq!(error("stamps", Append), Ok(()));
        assert_eq!(error("offers", AppendSealed), Ok(()));
        for (set, fitting) in [
            ("hours", SetEntry),
            ("price", SetSealedEntry),
            ("stamps", Append),
            ("offers", AppendSealed),
        ] {
            let (list, sealed) = match fitting {
                SetEntry => (Append, SetSealedEntry),
                SetSealedEntry => (AppendSealed, SetEntry),
                Append => (SetEntry, AppendSealed),
                AppendSealed => (SetSealedEntry, Append),
            };
            assert_eq!(error(set, list), refused(Error::WrongKind));
            let visible = matches!(fitting, SetEntry | Append);
            let expected = if visible { Error::NotConfidential } else { Error::Confidential };
            assert_eq!(error(set, sealed), refused(expected));
        }
        // As the calls do.
        assert_noop!(set(M, id, "stamps", b"1"), Error::WrongKind);
        assert_noop!(set(M, id, "price", b"1"), Error::Confidential);
        assert_noop!(set_sealed(M, id, "hours", 1), Error::NotConfidential);
    });
}

#[test]
fn a_dry_run_warns_of_keywords_that_no_draft_knows() {
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
        let nothing_checks = "no draft of JSON Schema knows `mininum`: nothing checks it";
        assert_eq!(said(0), format!("{nothing_checks}; did you mean `minimum`?"));
        assert!(said(2).ends_with("`naming`: nothing checks it"));
        // They are published all the same.
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
fn a_dry_run_warns_of_members_that_are_written_much_like_others() {
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
        assert_eq!(message, "`writeonce` means nothing here; did you mean `writeOnce`?");
        let id = service();
        let text = r#"{"type":"entry","dataSchema":{"minimun":1},"visibilty":"public"}"#;
        let preview = DataContainer::check_definition(id, b"x".to_vec(), text.into()).unwrap();
        let warned: Vec<_> = preview.warnings.into_iter().map(|warning| warning.keyword).collect();
        assert_eq!(warned, [b"visibilty".to_vec(), b"minimun".to_vec()]);
    });
}

#[test]
fn a_dry_run_says_what_is_checked_and_what_a_write_takes() {
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
            "no draft of JSON Schema knows `unit`: nothing checks it",
            "`maxLength` stands beside `$ref`, which draft 7 ignores: nothing checks it; put both \
             into `allOf`",
            "`prefixItems` is of a later draft than draft 7: nothing checks it",
        ]);

        // What writes are charged is within what it says, and not far from it.
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
fn what_a_reference_leads_into_is_no_unknown_member() {
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
fn a_refusal_says_what_exactly_is_not_taken_and_what_to_say_instead() {
    run(|| {
        let said = |schema: &str| {
            let text = document_of(schema);
            let refusal = DataContainer::check_document(M, text.into()).unwrap_err();
            let message = String::from_utf8(refusal.message).unwrap();
            let message = message.replace("/template/properties/value/dataSchema", "POINTER");
            // Adding a single data set is refused in the same words.
            DataContainer::create_container(signed(M), vec![]).unwrap();
            let single = definition(schema).into_bytes();
            let refusal = DataContainer::check_definition(0, b"a".to_vec(), single).unwrap_err();
            let same = String::from_utf8(refusal.message).unwrap();
            assert_eq!(same.replace("at /dataSchema", "at POINTER"), message);
            message
        };
        // All keywords that are not supported, wherever they stand, each with what to say instead.
        let all = r#"{"unevaluatedProperties":0,"properties":{"a":{"unevaluatedItems":false}},
            "minLength":1,"$vocabulary":{}}"#;
        assert_eq!(
            said(all),
            "the chain does not check `unevaluatedProperties`: use `additionalProperties`, beside \
             all `properties`; also, at POINTER/properties/a/unevaluatedItems: `unevaluatedItems` \
             is not supported: use `items` beside `prefixItems`; also, at POINTER/$vocabulary: \
             `$vocabulary` is not supported: remove it"
        );
        // So is what is wrong behind an expression, a reference, a type, or a value.
        let all = r##"{"pattern":"(?=a)","properties":{"a":{"$ref":"#/b"},"b":{"type":["text"]}},
            "allOf":[{"minimum":"1"},7],"maxLength":[[-1]],"$vocabulary":{}}"##;
        assert_eq!(
            said(all),
            "`pattern`: look-around is not supported: say it without; also, at \
             POINTER/properties/a/$ref: `$ref`: a `$ref` leads to nothing, or to what is not a \
             schema; compare it with the schema: a place of it is written as in \
             `#/$defs/serial`; also, at POINTER/properties/b/type/0: `type`: the schema names a \
             type that does not exist: use `\"null\"`, `\"boolean\"`, `\"object\"`, \
             `\"array\"`, `\"number\"`, `\"integer\"`, `\"string\"`, or an array of them; the \
             type of text is `\"string\"`; also, at POINTER/allOf/0/minimum: `minimum` takes a \
             number without quotes; also, at POINTER/allOf/1: `allOf`: a schema is an object, \
             `true` or `false`; also, at POINTER/maxLength: `maxLength` takes a whole number, \
             0 or more; also, at POINTER/$vocabulary: `$vocabulary` is not \
             supported: remove it"
        );
        let many = format!(r#"{{"allOf":[{}7]}}"#, "7,".repeat(20));
        assert!(said(&many).ends_with("; and 4 more"));
        for (schema, message) in [
            (r#"{"minimum":"1"}"#, "`minimum` takes a number without quotes"),
            (r#"{"pattern":"^(?!x)"}"#, "`pattern`: look-around is not supported: say it without"),
            (
                r#"{"pattern":"(a)\\1"}"#,
                "`pattern`: back-references are not supported: say it without",
            ),
            (
                r#"{"pattern":"[b-a]"}"#,
                "`pattern`: a range goes from a character to one that is not before it",
            ),
        ] {
            assert_eq!(said(schema), message);
        }
        assert!(
            said(r#"{"type":"text"}"#).starts_with("the schema names a type that does not exist")
        );
    });
}

#[test]
fn a_value_that_cannot_be_padded_is_too_long_to_be_sealed() {
    run(|| {
        let id = service();
        let sealed = |bytes: usize| {
            let value = padded("1", bytes).into_bytes();
            DataContainer::check_value(id, b"price".to_vec(), WriteCall::SetSealedEntry, value)
        };
        let refusal = sealed(MAX_VALUE as usize).unwrap_err();
        let too_long = Error::ValueTooLong { index: 0, offset: u16::MAX };
        assert_eq!(refusal.error, too_long.into());
        assert_ok!(sealed(MAX_VALUE as usize - 1));
    });
}

/// What a call is charged, which succeeds.
fn weigh_call(call: crate::Call<Test>) -> frame_support::weights::Weight {
    use frame_support::dispatch::GetDispatchInfo;
    use sp_runtime::traits::Dispatchable;
    let info = call.get_dispatch_info();
    let done = RuntimeCall::from(call).dispatch(signed(M)).unwrap();
    done.actual_weight.unwrap_or(info.call_weight)
}
