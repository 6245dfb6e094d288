// SPDX-License-Identifier: Apache-2.0

//! Publishing and retiring plugins.

use super::{Error, Event};
use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::{assert_noop, Access, MAX_DESCRIPTION};

fn publish_plugin(who: AccountId, document: &str) -> sp_runtime::DispatchResult {
    DataContainer::publish_plugin(signed(who), document.as_bytes().to_vec())
        .map(|_| ())
        .map_err(|error| error.error)
}

#[test]
fn a_published_plugin_is_stored_as_written() {
    run(|| {
        assert_ok!(publish_plugin(M, SERVICE));
        let plugin = Plugins::<Test>::get(0).unwrap();
        assert_eq!(plugin.publisher, M);
        assert_eq!(plugin.name, name("service"));
        assert_eq!(plugin.document, hash(SERVICE.as_bytes()));
        assert_eq!((plugin.replaces, plugin.retired), (None, false));
        let role = |id, text| Role { id, name: name(text) };
        assert_eq!(plugin.roles.to_vec(), [role(0, "technician"), role(1, "chief")]);
        assert_eq!(Documents::<Test>::get(plugin.document).unwrap().as_slice(), SERVICE.as_bytes());
        assert_eq!(
            events(),
            [Event::PluginPublished {
                plugin: 0,
                publisher: M,
                name: name("service"),
                document: hash(SERVICE.as_bytes()),
                replaces: None,
            }]
        );
    });
}

#[test]
fn data_sets_match_the_document() {
    run(|| {
        assert_ok!(publish_plugin(M, SERVICE));
        let sets = Plugins::<Test>::get(0).unwrap().data_sets;
        let names: Vec<_> = sets.iter().map(|set| set.name.clone()).collect();
        let expected = ["manual", "usageLog", "hours", "serial", "stamps", "price", "offers"];
        assert_eq!(names, expected.map(name));
        assert_eq!((sets[0].kind, sets[0].visibility), (Kind::Entry, Visibility::Public));
        assert_eq!((sets[1].kind, sets[1].visibility), (Kind::List, Visibility::Public));
        assert_eq!((sets[5].kind, sets[5].visibility), (Kind::Entry, Visibility::Confidential));
        assert!(!sets[0].write_once && sets[3].write_once && sets[4].write_once);
        let permissions: Vec<_> =
            sets[2].permissions.iter().map(|entry| (entry.role, entry.access)).collect();
        let both = Access::WRITE | Access::REMOVE;
        assert_eq!(permissions, [(TECHNICIAN, Access::WRITE), (CHIEF, both)]);
        let default = sets[0].default.unwrap();
        let begin = default.offset as usize;
        let part = &SERVICE[begin..begin + default.length as usize];
        assert_eq!(part, r#""https://crane.example/manual.pdf""#);
    });
}

#[test]
fn the_same_document_twice_is_stored_once() {
    run(|| {
        assert_ok!(publish_plugin(M, SERVICE));
        let schemas = Schemas::<Test>::iter_keys().count();
        assert_ok!(publish_plugin(C, SERVICE));
        assert_eq!(Documents::<Test>::iter_keys().count(), 1);
        assert_eq!(Schemas::<Test>::iter_keys().count(), schemas);
        assert_eq!(Plugins::<Test>::get(0).unwrap().publisher, M);
        assert_eq!(Plugins::<Test>::get(1).unwrap().publisher, C);
    });
}

#[test]
fn schemas_are_shared_between_plugins() {
    run(|| {
        // An integer for an entry, for a list's items, and for the items of a list's array. The
        // last is written in another schema, into which it could refer.
        let properties = [
            r#""a":{"type":"entry","dataSchema":{"type":"integer"}}"#,
            r#""b":{"type":"list","dataSchema":{"type":"integer"}}"#,
            r#""c":{"type":"list","dataSchema":{"type":"array","items":{"type":"integer"}}}"#,
        ];
        for one in properties {
            publish(M, &document(one));
        }
        publish(M, &document(&properties.join(",")));
        assert_eq!(Documents::<Test>::iter_keys().count(), 4);
        assert_eq!(Schemas::<Test>::iter_keys().count(), 2);
    });
}

#[test]
fn a_plugin_without_a_name_is_named_after_its_type() {
    run(|| {
        publish(M, r#"{"template":{"type":"rental","properties":{}}}"#);
        assert_eq!(Plugins::<Test>::get(0).unwrap().name, name("rental"));
        publish(M, r#"{"description":"text","template":{"type":"rental","properties":{}}}"#);
        assert_eq!(Plugins::<Test>::get(1).unwrap().name, name("rental"));
    });
}

#[test]
fn a_new_version_names_the_old_one() {
    run(|| {
        let old = publish(M, SERVICE);
        let new = format!(r#"{{"replaces":{old},"template":{{"type":"v2","properties":{{}}}}}}"#);
        System::reset_events();
        assert_ok!(publish_plugin(M, &new));
        assert_eq!(Plugins::<Test>::get(1).unwrap().replaces, Some(old));
        let published = Event::PluginPublished {
            plugin: 1,
            publisher: M,
            name: name("v2"),
            document: hash(new.as_bytes()),
            replaces: Some(old),
        };
        assert_eq!(events(), [published]);
    });
}

#[test]
fn publish_plugin_fails_when_it_replaces_a_plugin_of_another_publisher() {
    run(|| {
        let old = publish(M, SERVICE);
        let new = format!(r#"{{"replaces":{old},"template":{{"type":"v2","properties":{{}}}}}}"#);
        assert_noop!(publish_plugin(X, &new), Error::NotPublisher);
        let new = r#"{"replaces":1,"template":{"type":"v2","properties":{}}}"#;
        assert_noop!(publish_plugin(M, new), Error::PluginNotFound);
        let new = r#"{"replaces":18446744073709551615,"template":{"type":"v","properties":{}}}"#;
        assert_noop!(publish_plugin(M, new), Error::PluginNotFound);
    });
}

#[test]
fn publish_plugin_fails_when_a_member_is_missing_or_wrong() {
    run(|| {
        for (properties, index, part) in [
            (r#""a":7"#, 0, "7"),
            (r#""a":{}"#, 0, "{}}"),
            (r#""a":{"type":"entry"}"#, 0, r#"{"type":"entry"}"#),
            (r#""a":{"dataSchema":true}"#, 0, r#"{"dataSchema""#),
            (r#""a":{"type":"map","dataSchema":true}"#, 0, r#""map""#),
            (r#""a":{"type":0,"dataSchema":true}"#, 0, "0,"),
            (r#""a":{"type":"entry","dataSchema":true,"visibility":"Public"}"#, 0, r#""Public""#),
            (r#""a":{"type":"entry","dataSchema":true,"writeOnce":"true"}"#, 0, r#""true""#),
            (r#""a":{"type":"entry","dataSchema":true,"permissions":[]}"#, 0, "[]"),
            (r#""a":{"type":"entry","dataSchema":true,"permissions":{"r":"set"}}"#, 0, r#""set""#),
            (
                r#""a":{"type":"entry","dataSchema":true,"permissions":{"r":["get"]}}"#,
                0,
                r#""get""#,
            ),
            (r#""a":{"type":"entry","dataSchema":true},"b":{"type":1}"#, 1, "1}"),
        ] {
            let text = document(properties);
            let member = ["a", "b"][usize::from(index)];
            let offset = at(&text, member, part);
            assert_noop!(publish_plugin(M, &text), Error::InvalidMember { index, offset });
        }
        for (text, offset) in [
            ("7", 0),
            ("[]", 0),
            ("{}", 0),
            (r#"{"template":[]}"#, 12),
            (r#"{"template":{}}"#, 12),
            (r#"{"template":{"type":"a"}}"#, 12),
            (r#"{"template":{"type":1,"properties":{}}}"#, 20),
            (r#"{"template":{"type":"a","properties":[]}}"#, 37),
            (r#"{"replaces":"1","template":{"type":"a","properties":{}}}"#, 12),
            (r#"{"replaces":-1,"template":{"type":"a","properties":{}}}"#, 12),
            (r#"{"replaces":1.0,"template":{"type":"a","properties":{}}}"#, 12),
            (r#"{"replaces":18446744073709551616,"template":{"type":"a","properties":{}}}"#, 12),
            (r#"{"description":{"name":7},"template":{"type":"a","properties":{}}}"#, 23),
        ] {
            assert_noop!(publish_plugin(M, text), Error::InvalidMember { index: 0, offset });
        }
    });
}

#[test]
fn publish_plugin_fails_when_a_name_is_invalid() {
    run(|| {
        let set = r#"{"type":"entry","dataSchema":true}"#;
        let long = "n".repeat(65);
        for bad in ["", "a/b", r"a\u0000b", r"a\nb", &long] {
            let text = document(&format!(r#""ok":{set},"{bad}":{set}"#));
            let error = Error::InvalidNameIn { index: 1, offset: 0 };
            assert_noop!(publish_plugin(M, &text), error);

            let role = format!(
                r#""a":{{"type":"entry","dataSchema":true,"permissions":{{"{bad}":["set"]}}}}"#
            );
            let text = document(&role);
            let offset = at(&text, "a", &format!(r#""{bad}":["#));
            assert_noop!(publish_plugin(M, &text), Error::InvalidNameIn { index: 0, offset });

            let text = format!(r#"{{"template":{{"type":"{bad}","properties":{{}}}}}}"#);
            let error = Error::InvalidNameIn { index: 0, offset: 20 };
            assert_noop!(publish_plugin(M, &text), error);
        }
        let nameless = r#"{"template":{"properties":{}}}"#;
        let error = Error::InvalidNameIn { index: 0, offset: 12 };
        assert_noop!(publish_plugin(M, nameless), error);
    });
}

#[test]
fn publish_plugin_fails_when_a_list_schema_constrains_more_than_its_items() {
    run(|| {
        for (schema, part) in [
            (r#"{"type":"array","items":true,"minItems":1}"#, r#""minItems""#),
            (r#"{"maxItems":9,"type":["array"]}"#, r#""maxItems""#),
            (r#"{"type":"array","prefixItems":[true]}"#, r#""prefixItems""#),
            (r#"{"type":"array","uniqueItems":true}"#, r#""uniqueItems""#),
        ] {
            let text = document(&format!(
                r#""a":{{"type":"entry","dataSchema":true}},"b":{{"type":"list","dataSchema":{schema}}}"#
            ));
            let error = Error::ListSchemaDemandsMore { index: 1, offset: at(&text, "b", part) };
            assert_noop!(publish_plugin(M, &text), error);
        }
    });
}

#[test]
fn publish_plugin_fails_when_a_confidential_data_set_has_a_default() {
    run(|| {
        for visibility in ["", r#""visibility":"confidential","#] {
            let text = document(&format!(
                r#""a":{{"type":"entry",{visibility}"dataSchema":true,"value":"secret"}}"#
            ));
            let error =
                Error::ConfidentialDefault { index: 0, offset: at(&text, "a", r#""secret""#) };
            assert_noop!(publish_plugin(M, &text), error);
        }
    });
}

#[test]
fn publish_plugin_fails_when_a_list_default_is_not_an_array_of_at_most_256_items() {
    run(|| {
        let list = |value: &str| {
            document(&format!(
                r#""a":{{"type":"list","visibility":"public","dataSchema":true,"value":{value}}}"#
            ))
        };
        let many = format!("[{}]", ["1"; 257].join(","));
        for bad in ["{}", "1", &many] {
            let text = list(bad);
            let error = Error::InvalidListDefault {
                index: 0,
                offset: at(&text, "a", r#""value":"#) + r#""value":"#.len() as u16,
            };
            assert_noop!(publish_plugin(M, &text), error);
        }
        assert_ok!(publish_plugin(M, &list(&format!("[{}]", ["1"; 256].join(",")))));
    });
}

#[test]
fn publish_plugin_fails_when_its_defaults_are_too_long() {
    run(|| {
        let set = |name: &str, bytes: usize| {
            let value = "v".repeat(bytes - 2);
            format!(
                r#""{name}":{{"type":"entry","visibility":"public","dataSchema":true,
                "value":"{value}"}}"#
            )
        };
        let both = |bytes| document(&[set("a", 32_792), set("b", bytes)].join(","));
        assert_ok!(publish_plugin(M, &both(32_792)));
        assert_noop!(publish_plugin(M, &both(32_793)), Error::PayloadTooLong);
        let items = vec![format!("\"{}\"", "v".repeat(1_000)); 70].join(",");
        let list = format!(
            r#"{{"type":"list","visibility":"public","dataSchema":true,"value":[{items}]}}"#
        );
        assert_noop!(
            publish_plugin(M, &document(&format!(r#""a":{list}"#))),
            Error::PayloadTooLong
        );
        let container = service();
        let call = DataContainer::add_data_set(signed(M), container, b"a".to_vec(), list.into());
        assert_noop!(call, Error::PayloadTooLong);
    });
}

#[test]
fn an_empty_list_is_not_a_default() {
    run(|| {
        for (access, value) in
            [("public", "[]"), ("public", "[ ]"), ("confidential", "[]"), ("confidential", "[\n]")]
        {
            let text = format!(
                r#""a":{{"type":"list","visibility":"{access}","dataSchema":true,"value":{value}}}"#
            );
            let plugin = publish(M, &document(&text));
            let stored = Plugins::<Test>::get(plugin).unwrap();
            assert_eq!(stored.data_sets[0].default, None);
            let container = instantiate(M, plugin);
            let list = data_set(container, "a");
            assert_eq!((list.revision, list.batches, list.count), (0, 0, 0));
        }
        // For an entry, an empty array is a value.
        let entry = r#""a":{"type":"entry","visibility":"public","dataSchema":true,"value":[]}"#;
        let container = instantiate(M, publish(M, &document(entry)));
        assert_eq!(super::super::mock::entry(container, "a").unwrap(), "[]");
    });
}

#[test]
fn publish_plugin_fails_when_there_are_too_many_data_sets_or_roles() {
    run(|| {
        let sets = |count: u32| {
            let sets: Vec<_> = (0..count)
                .map(|n| format!(r#""s{n}":{{"type":"entry","dataSchema":true}}"#))
                .collect();
            document(&sets.join(","))
        };
        assert_ok!(publish_plugin(M, &sets(64)));
        assert_noop!(publish_plugin(M, &sets(65)), Error::TooManyDataSets);

        // The owner's role does not count, nor does a role that is named twice.
        let roles = |count: u32| {
            let roles: Vec<_> = (0..=count).map(|n| format!(r#""{n}":["set"]"#)).collect();
            let set = format!(
                r#"{{"type":"entry","dataSchema":true,"permissions":{{{}}}}}"#,
                roles.join(",")
            );
            document(&format!(r#""a":{set},"b":{set}"#))
        };
        assert_ok!(publish_plugin(M, &roles(16)));
        assert_noop!(publish_plugin(M, &roles(17)), Error::TooManyRoles);
    });
}

#[test]
fn publish_plugin_fails_when_the_document_or_its_description_is_too_long() {
    run(|| {
        let described = |bytes: usize| {
            let text = "d".repeat(bytes - 2);
            format!(r#"{{"description":"{text}","template":{{"type":"a","properties":{{}}}}}}"#)
        };
        let limit = MAX_DESCRIPTION as usize;
        assert_ok!(publish_plugin(M, &described(limit)));
        assert_noop!(publish_plugin(M, &described(limit + 1)), Error::DescriptionTooLong);

        let padded = |bytes| padded(&document_of("true"), bytes);
        assert_ok!(publish_plugin(M, &padded(262_144)));
        assert_noop!(publish_plugin(M, &padded(262_145)), Error::DocumentTooLong);
        assert_noop!(publish_plugin(M, &padded(1_000_000)), Error::DocumentTooLong);
    });
}

#[test]
fn publish_plugin_fails_when_the_ids_are_used_up() {
    run(|| {
        NextPluginId::<Test>::put(u64::MAX);
        assert_noop!(publish_plugin(M, SERVICE), Error::IdsExhausted);
    });
}

#[test]
fn retiring_stops_new_instances_only() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let container = instantiate(M, plugin);
        System::reset_events();
        assert_ok!(DataContainer::retire_plugin(signed(M), plugin));
        assert_eq!(events(), [Event::PluginRetired { plugin }]);
        assert_noop!(DataContainer::instantiate(signed(M), plugin, vec![]), Error::PluginRetired);
        assert_ok!(set(M, container, "hours", b"1"));
        assert_eq!(DataContainer::plugin(plugin).unwrap().document, SERVICE.as_bytes());
        // A new version can replace a retired plugin.
        publish(M, r#"{"replaces":0,"template":{"type":"v2","properties":{}}}"#);
    });
}

#[test]
fn retire_plugin_fails_when_it_is_unknown_not_the_callers_or_retired() {
    run(|| {
        assert_noop!(DataContainer::retire_plugin(signed(M), 0), Error::PluginNotFound);
        let plugin = publish(M, SERVICE);
        assert_noop!(DataContainer::retire_plugin(signed(X), plugin), Error::NotPublisher);
        assert_ok!(DataContainer::retire_plugin(signed(M), plugin));
        assert_noop!(DataContainer::retire_plugin(signed(M), plugin), Error::PluginRetired);
    });
}
