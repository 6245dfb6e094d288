// SPDX-License-Identifier: Apache-2.0

//! Scenarios of users, from publishing a plugin to ending a data set.

use super::Error;
use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn publish_plugin(document: &str) -> DispatchResult {
    DataContainer::publish_plugin(signed(M), document.as_bytes().to_vec())
        .map(|_| ())
        .map_err(|error| error.error)
}

fn keys() -> [usize; 4] {
    [
        Plugins::<Test>::iter_keys().count(),
        Documents::<Test>::iter_keys().count(),
        Schemas::<Test>::iter_keys().count(),
        Containers::<Test>::iter_keys().count(),
    ]
}

#[test]
fn a_schema_of_type_text_is_rejected_and_nothing_is_stored() {
    run(|| {
        let text = document(&format!(
            r#""a":{},"b":{}"#,
            definition(r#"{"type":"string"}"#),
            definition(r#"{"type":"text"}"#)
        ));
        let error = Error::UnknownType { index: 1, offset: at(&text, "b", r#""text""#) };
        assert_noop!(publish_plugin(&text), error);
        assert_eq!(keys(), [0; 4]);
        assert!(events().is_empty());
    });
}

#[test]
fn an_unsupported_keyword_is_rejected_not_ignored() {
    run(|| {
        for keyword in [
            r##""$dynamicRef":"#a""##,
            r#""$vocabulary":{}"#,
            r##""$recursiveRef":"#""##,
            r#""dependencies":{}"#,
            r#""unevaluatedItems":false"#,
            r#""unevaluatedProperties":false"#,
        ] {
            let schema = format!(r#"{{"properties":{{"x":{{"type":"array",{keyword}}}}}}}"#);
            let text = document_of(&schema);
            let error = Error::UnsupportedKeyword { index: 0, offset: at(&text, "value", keyword) };
            assert_noop!(publish_plugin(&text), error);
            let refusal = DataContainer::check_document(M, text.clone().into()).unwrap_err();
            let word = keyword.split('"').nth(1).unwrap();
            assert_eq!(refusal.keyword, word.as_bytes());
            let pointer = format!("/template/properties/value/dataSchema/properties/x/{word}");
            assert_eq!(String::from_utf8(refusal.pointer).unwrap(), pointer);
        }
    });
}

#[test]
fn instantiating_writes_defaults_which_must_match_and_be_public() {
    run(|| {
        let text = |visibility: &str, value: &str| {
            document(&format!(
                r#""a":{{"type":"entry","visibility":"{visibility}","dataSchema":
                {{"type":"integer"}},"value":{value}}}"#
            ))
        };
        let container = instantiate(C, publish(M, &text("public", "7")));
        assert_eq!(entry(container, "a").unwrap(), "7");
        assert_eq!(data_set(container, "a").revision, 1);
        let wrong = text("public", r#""7""#);
        let error = Error::TypeMismatch { index: 0, offset: at(&wrong, "a", r#""7""#) };
        assert_noop!(publish_plugin(&wrong), error);
        let secret = text("confidential", "7");
        let error = Error::ConfidentialDefault { index: 0, offset: at(&secret, "a", "7}") };
        assert_noop!(publish_plugin(&secret), error);
    });
}

#[test]
fn a_plugin_and_its_instances_are_independent() {
    run(|| {
        let plugin = publish(M, SERVICE);
        let (one, other) = (instantiate(M, plugin), instantiate(M, plugin));
        let before = (
            Plugins::<Test>::get(plugin),
            DataContainer::data_sets(other),
            DataContainer::container(other),
            LongEntries::<Test>::iter_prefix(other).collect::<Vec<_>>(),
        );
        assert_ok!(set(M, one, "manual", br#""elsewhere""#));
        assert_ok!(DataContainer::set_description(signed(M), one, b"1".to_vec()));
        let added = definition("true").into();
        assert_ok!(DataContainer::add_data_set(signed(M), one, b"extra".to_vec(), added));
        assert_ok!(DataContainer::retire_data_set(signed(M), one, b"price".to_vec()));
        let after = (
            Plugins::<Test>::get(plugin),
            DataContainer::data_sets(other),
            DataContainer::container(other),
            LongEntries::<Test>::iter_prefix(other).collect::<Vec<_>>(),
        );
        assert_eq!(before, after);

        assert_ok!(DataContainer::retire_plugin(signed(M), plugin));
        assert_ok!(set(M, other, "manual", br#""goes on""#));
        let call = DataContainer::instantiate(signed(M), plugin, vec![]);
        assert_noop!(call, Error::PluginRetired);
        assert_eq!(DataContainer::plugin(plugin).unwrap().document, SERVICE.as_bytes());
    });
}

#[test]
fn an_integer_is_neither_text_nor_fraction_and_unknown_members_are_rejected() {
    run(|| {
        let container = container_of(
            r#"{"type":"object","properties":{"hours":{"type":"integer"}},
            "additionalProperties":false}"#,
        );
        let index = 0;
        for (value, error, keyword, pointer) in [
            (r#"{"hours":"123"}"#, Error::TypeMismatch { index, offset: 9 }, "type", "/hours"),
            (r#"{"hours":1.5}"#, Error::TypeMismatch { index, offset: 9 }, "type", "/hours"),
            (
                r#"{"hours":1,"days":2}"#,
                Error::AdditionalPropertiesMismatch { index, offset: 11 },
                "additionalProperties",
                "/days",
            ),
        ] {
            assert_noop!(set_value(container, value.as_bytes()), error);
            let refusal = check_value(container, "value", value).unwrap_err();
            assert_eq!(refusal.keyword, keyword.as_bytes());
            assert_eq!(refusal.pointer, pointer.as_bytes());
        }
        assert_ok!(set_value(container, br#"{"hours":1.0}"#));
    });
}

#[test]
fn one_invalid_item_of_three_fails_all() {
    run(|| {
        let container = service();
        let wrong = [r#"{"hours":1}"#, r#"{"hours":-1}"#, r#"{"hours":3}"#];
        let call = append(M, container, "usageLog", &wrong);
        assert_noop!(call, Error::MinimumMismatch { index: 1, offset: 9 });
        assert!(items(container, "usageLog").is_empty());
        assert_eq!(data_set(container, "usageLog").revision, 0);
    });
}

#[test]
fn items_are_returned_in_order_and_keep_their_addresses() {
    run(|| {
        let container = service();
        let item = |n: u32| format!(r#"{{"hours":{n}}}"#);
        for n in 0..5 {
            let batch = [item(2 * n), item(2 * n + 1)];
            assert_ok!(append(M, container, "usageLog", &[&batch[0], &batch[1]]));
        }
        let set = || b"usageLog".to_vec();
        assert_ok!(DataContainer::remove_item(signed(M), container, set(), 2, 0, None));
        let expected: Vec<_> = (0..5)
            .map(|n| vec![Some(item(2 * n)).filter(|_| n != 2), Some(item(2 * n + 1))])
            .collect();
        assert_eq!(items(container, "usageLog"), expected);
        // A page can start at any batch and have any size.
        for limit in 1..6 {
            let (mut seen, mut from) = (Vec::new(), Some(1));
            while let Some(begin) = from {
                let page = DataContainer::batches(container, set(), begin, limit);
                assert!(page.items.len() <= limit as usize);
                seen.extend(page.items);
                from = page.next;
            }
            let texts: Vec<Vec<_>> = seen
                .iter()
                .map(|batch| {
                    batch.stored.items.iter().map(|item| item.as_ref().map(text)).collect()
                })
                .collect();
            assert_eq!(texts, expected[1..]);
            assert!(seen.iter().map(|batch| batch.batch).eq(1..5));
        }
    });
}

#[test]
fn store_changes_nothing_if_one_data_set_is_not_permitted() {
    run(|| {
        let container = service();
        grant(container, S, HOURS, Access::WRITE, None);
        let values = vec![new_value("hours", "1"), new_value("manual", r#""mine""#)];
        let call = DataContainer::store(signed(S), container, values);
        assert_noop!(call, Error::NotPermitted);
        assert_eq!(entry(container, "hours"), None);
        assert_eq!(data_set(container, "manual").revision, 1);
    });
}

#[test]
fn write_once_data_never_changes() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "serial", br#""4711""#));
        assert_noop!(set(M, container, "serial", br#""4711""#), Error::WriteOnce);
        let call = DataContainer::clear_entry(signed(M), container, b"serial".to_vec(), None);
        assert_noop!(call, Error::WriteOnce);
        assert_ok!(append(M, container, "stamps", &["1"]));
        assert_ok!(append(M, container, "stamps", &["2"]));
        let call = DataContainer::remove_item(signed(M), container, b"stamps".to_vec(), 0, 0, None);
        assert_noop!(call, Error::WriteOnce);
        assert_eq!(entry(container, "serial").unwrap(), r#""4711""#);
        assert_eq!(data_set(container, "stamps").count, 2);
    });
}

#[test]
fn a_write_that_expects_an_older_revision_changes_nothing() {
    run(|| {
        let container = service();
        let hours = b"hours".to_vec();
        for n in ["1", "2"] {
            assert_ok!(set(M, container, "hours", n.as_bytes()));
        }
        let call =
            DataContainer::set_entry(signed(M), container, hours.clone(), b"9".into(), Some(1));
        assert_noop!(call, Error::StaleRevision);
        let call = DataContainer::clear_entry(signed(M), container, hours.clone(), Some(1));
        assert_noop!(call, Error::StaleRevision);
        let value = NewValue { expected_revision: Some(1), ..new_value("hours", "9") };
        let call = DataContainer::store(signed(M), container, vec![value]);
        assert_noop!(call, Error::StaleRevision);
        assert_ok!(append(M, container, "usageLog", &[r#"{"hours":1}"#]));
        let log = b"usageLog".to_vec();
        let items = texts(&[r#"{"hours":1}"#]);
        let call = DataContainer::append(signed(M), container, log.clone(), items, Some(0));
        assert_noop!(call, Error::StaleRevision);
        let call = DataContainer::remove_item(signed(M), container, log, 0, 0, Some(0));
        assert_noop!(call, Error::StaleRevision);
        assert_ok!(DataContainer::set_entry(signed(M), container, hours, b"3".into(), Some(2)));
    });
}

#[test]
fn a_clone_has_definitions_and_role_permissions_but_no_members_grants_or_items() {
    run(|| {
        let source = service();
        assert_ok!(set(M, source, "hours", b"7"));
        assert_ok!(append(M, source, "usageLog", &[r#"{"hours":1}"#]));
        assign(source, S, TECHNICIAN);
        grant(source, C, HOURS, Access::WRITE, None);
        let mut last = source;
        for with_values in [false, true] {
            assert_ok!(DataContainer::clone_container(signed(C), source, with_values));
            last += 1;
            let permissions = |id| data_set(id, "hours").permissions;
            assert_eq!(permissions(last), permissions(source));
            assert_noop!(set(S, last, "hours", b"1"), Error::NotPermitted);
            assert_noop!(set(M, last, "hours", b"1"), Error::NotPermitted);
            assert!(AccountRights::<Test>::iter_prefix(last).next().is_none());
            assert!(items(last, "usageLog").is_empty());
            assert_eq!(entry(last, "hours").is_some(), with_values);
        }
        // An account to which the cloner gives the role has the role's permissions.
        assign(last, S, TECHNICIAN);
        assert_ok!(set(S, last, "hours", b"1"));
    });
}

/// Returns every call that changes data or definitions. Each would succeed in an open container.
fn all_changes(id: ContainerId) -> Vec<Call<Test>> {
    let set = |text: &str| text.as_bytes().to_vec();
    let item = texts(&[r#"{"hours":1}"#]);
    vec![
        Call::set_description { container: id, description: b"1".to_vec() },
        Call::add_data_set {
            container: id,
            name: set("new"),
            definition: definition("true").into(),
        },
        Call::retire_data_set { container: id, data_set: set("stamps") },
        Call::set_entry {
            container: id,
            data_set: set("hours"),
            value: set("1"),
            expected_revision: None,
        },
        Call::clear_entry { container: id, data_set: set("manual"), expected_revision: None },
        Call::append {
            container: id,
            data_set: set("usageLog"),
            items: item,
            expected_revision: None,
        },
        Call::remove_item {
            container: id,
            data_set: set("usageLog"),
            batch: 0,
            position: 0,
            expected_revision: None,
        },
        Call::store { container: id, values: vec![new_value("hours", "1")] },
        Call::close_container { container: id },
    ]
}

#[test]
fn a_closed_container_rejects_every_write_and_stays_readable() {
    run(|| {
        let (open, closed) = (service(), service());
        for id in [open, closed] {
            assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        }
        let open_history = DataContainer::container(open).unwrap().container.history;
        let read = || {
            (
                entry(closed, "manual"),
                items(closed, "usageLog"),
                DataContainer::data_sets(closed),
                DataContainer::container(closed).map(|mut found| {
                    // Ignores the status and the history, which record the closing.
                    found.container.status = Status::Active;
                    found.container.history = open_history;
                    found
                }),
            )
        };
        let before = read();
        close(closed);
        for call in all_changes(closed) {
            let result = dispatch(M, call).map_err(|error| error.error);
            assert_eq!(result.unwrap_err(), Error::ContainerClosed.into());
        }
        assert_eq!(before, read());
        for call in all_changes(open) {
            assert_ok!(dispatch(M, call));
        }
    });
}

#[test]
fn a_stranger_can_make_no_change_with_any_call() {
    run(|| {
        let id = service();
        assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        let before = root();
        for call in all_changes(id) {
            let error = dispatch(X, call).unwrap_err().error;
            let refused = [Error::NotOwner.into(), Error::NotPermitted.into()];
            assert!(refused.contains(&error), "{error:?}");
        }
        assert_eq!(before, root());
    });
}

#[test]
fn a_retired_data_set_keeps_its_name_and_id_and_its_grants_give_nothing() {
    run(|| {
        let container = service();
        let all = Access::WRITE | Access::REMOVE;
        grant(container, S, HOURS, all, None);
        assert_ok!(set(S, container, "hours", b"1"));
        let can = |who, access| DataContainer::can(container, b"hours".to_vec(), who, access);
        assert!(can(S, Access::WRITE) && may_link(S, container).unwrap());
        assert_ok!(DataContainer::retire_data_set(signed(M), container, b"hours".to_vec()));
        for access in [Access::WRITE, Access::REMOVE] {
            assert!(!can(S, access) && !can(M, access));
        }
        // The container has confidential data sets, so linking and cloning need access.
        assert_eq!(may_link(S, container), Ok(false));
        let clone = DataContainer::clone_container(signed(S), container, false);
        assert_noop!(clone, Error::MayNotClone);
        for who in [S, M] {
            assert_noop!(set(who, container, "hours", b"2"), Error::DataSetRetired);
            let call = DataContainer::clear_entry(signed(who), container, b"hours".to_vec(), None);
            assert_noop!(call, Error::DataSetRetired);
        }
        assert_ok!(DataContainer::purge(signed(M), container, b"hours".to_vec(), 1));
        let add = |text: &str| {
            DataContainer::add_data_set(
                signed(M),
                container,
                text.into(),
                definition("true").into(),
            )
        };
        assert_noop!(add("hours"), Error::DataSetExists);
        System::reset_events();
        assert_ok!(add("hours2"));
        assert_eq!(data_set(container, "hours2").id, 7);
        assert_eq!(events(), [added(container, "hours2")]);
        assert_noop!(set(S, container, "hours2", b"1"), Error::NotPermitted);
    });
}

#[test]
fn while_on_offer_the_owner_appends_a_sensor_writes_and_a_key_is_rotated_for_the_buyer() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        assign(id, S, TECHNICIAN);
        offer(id);
        assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        assert_noop!(set(M, id, "hours", b"1"), Error::OfferPending);
        assert_noop!(set_sealed(M, id, "price", 1), Error::OfferPending);
        assert_ok!(set(S, id, "hours", b"7"));
        assert_ok!(set_sealed(S, id, "price", 1));
        assert_eq!(rotate(id, "price", &[C]), 2);
        assert_ok!(set_sealed(S, id, "price", 2));
        assert_ok!(DataContainer::accept_ownership(signed(C), id, 0));
        assert_eq!(entry(id, "hours").unwrap(), "7");
        // The buyer has the newest seed.
        let newest = DataContainer::envelopes(id, b"price".to_vec(), C).pop().unwrap();
        assert_eq!(newest.1.epoch, 2);
    });
}

#[test]
fn a_thousand_unwanted_offers_are_declined_or_cleared_and_a_share_is_left() {
    run(|| {
        let plugin = publish(M, &document(""));
        let offered: Vec<_> = (0..1_000).map(|_| instantiate(M, plugin)).collect();
        for (id, deadline) in offered.iter().zip((START..=START + 1).cycle()) {
            let call = DataContainer::offer_ownership(signed(M), *id, X, deadline, vec![]);
            assert_ok!(call);
        }
        let open = || {
            let (mut all, mut after) = (0, None);
            loop {
                let page = DataContainer::offers_to(X, after, u32::MAX);
                all += page.items.len();
                after = page.next;
                if after.is_none() {
                    return all;
                }
            }
        };
        assert_eq!(open(), 1_000);
        for id in &offered[..10] {
            assert_ok!(DataContainer::decline_offer(signed(X), *id, 0));
        }
        set_time(START + 1);
        // Half of them have lapsed, and a stranger clears these.
        for id in offered[10..].iter().step_by(2) {
            assert_ok!(DataContainer::cancel_offer(signed(S), *id));
        }
        assert_eq!(open(), 495);
        for id in offered[10..].iter().skip(1).step_by(2) {
            assert_ok!(DataContainer::decline_offer(signed(X), *id, 0));
        }
        assert_eq!(open(), 0);
        let id = service();
        assert_ok!(share(id, X, "hours", Access::WRITE, None));
        assert_eq!(DataContainer::shared_with(X, None, 9).items, [id]);
        assert_ok!(DataContainer::leave(signed(X), id));
        assert!(DataContainer::shared_with(X, None, 9).items.is_empty());
    });
}
