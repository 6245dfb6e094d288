// SPDX-License-Identifier: Apache-2.0

//! The views of plugins, containers and data.

use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use twinchain_primitives::Access;

#[test]
fn views_of_unknown_names_and_ids_return_nothing() {
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
fn a_plugin_is_returned_with_its_document() {
    run(|| {
        let id = publish(M, SERVICE);
        let info = DataContainer::plugin(id).unwrap();
        assert_eq!(info.document, SERVICE.as_bytes());
        assert_eq!(Some(info.plugin), Plugins::<Test>::get(id));
    });
}

#[test]
fn data_sets_are_returned_in_the_order_of_their_creation() {
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
fn can_and_authority_of_agree_with_the_rights() {
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
fn the_containers_of_an_owner_are_returned_in_pages() {
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
        // A cursor that is not one of the owner's containers does no harm.
        assert!(DataContainer::containers_of_owner(M, Some(u64::MAX), 9).items.len() <= 6);
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
fn the_author_of_an_entry_is_returned_while_it_has_a_value() {
    run(|| {
        let id = service();
        assign(id, S, CHIEF);
        let author = |set: &str| DataContainer::entry_author(id, set.into());
        assert_eq!(author("hours"), None);
        set_time(START + 5);
        assert_ok!(set(S, id, "hours", b"1"));
        assert_eq!(author("hours"), Some(Authorship { author: S, block: 1, time: START + 5 }));
        // The author of a long value is returned as well.
        let long = format!("\"{}\"", "x".repeat(1_000));
        assert_ok!(set(M, id, "manual", long.as_bytes()));
        assert_eq!(author("manual").unwrap().author, M);
        assert_ok!(DataContainer::clear_entry(signed(S), id, b"hours".to_vec(), None));
        for none in ["hours", "usageLog", "nothing", "a/b"] {
            assert_eq!(author(none), None);
        }
    });
}
