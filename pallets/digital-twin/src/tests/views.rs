// SPDX-License-Identifier: Apache-2.0

//! The view functions, with their pages.

use crate::{mock::*, types::*};
use core::fmt::Debug;
use frame_support::assert_ok;
use twinchain_primitives::{Page, MAX_PAGE};

/// Returns all items of all pages, sorted. Checks the lengths of the pages.
fn all<Item: Clone + Debug + Ord, Cursor: Clone>(
    limit: u32,
    page: impl Fn(Option<Cursor>, u32) -> Page<Item, Cursor>,
) -> Vec<Item> {
    let (mut items, mut after) = (vec![], None);
    loop {
        let Page { items: more, next } = page(after, limit);
        let length = limit.clamp(1, MAX_PAGE) as usize;
        match next {
            Some(_) => assert_eq!(more.len(), length, "a page before the last is full"),
            None => assert!(more.len() <= length),
        }
        items.extend(more);
        after = next;
        if after.is_none() {
            items.sort();
            return items;
        }
    }
}

#[test]
fn views_return_nothing_for_missing_records() {
    run(|| {
        assert_eq!(DigitalTwin::twin(0), None);
        assert_eq!(DigitalTwin::links(0, None, 10), Page { items: vec![], next: None });
        assert!(DigitalTwin::links(0, Some(name("a")), 10).items.is_empty());
        for asset in [vec![], vec![0xff; 1 << 16], CRANE.into()] {
            assert!(DigitalTwin::twins_of_asset(asset.clone(), None, 10).items.is_empty());
            assert!(DigitalTwin::twins_of_asset(asset, Some(u64::MAX), 10).items.is_empty());
        }
        assert!(DigitalTwin::twins_of_owner(M, Some(3), 10).items.is_empty());
        assert!(DigitalTwin::twins_of_container(u64::MAX, None, 10).items.is_empty());
    });
}

#[test]
fn pages_of_every_limit_contain_every_link_once() {
    run(|| {
        let twin_id = twin(M);
        let mut expected: Vec<_> = (0..300).map(|n| name(&n.to_string())).collect();
        expected.sort();
        for name in &expected {
            let target = Target::Account(S);
            assert_ok!(DigitalTwin::set_link(signed(M), twin_id, name.as_ref().into(), target));
        }
        // The pages do not include the links of the next twin.
        link(M, twin(M), "neighbour", Target::Account(S));
        for limit in [0, 1, 7, 255, 256, 257, 299, 300, 301, u32::MAX] {
            let names = all(limit, |after, limit| {
                let Page { items, next } = DigitalTwin::links(twin_id, after, limit);
                assert!(items.iter().all(|(_, target)| *target == Target::Account(S)));
                Page { items: items.into_iter().map(|(name, _)| name).collect(), next }
            });
            assert_eq!(names, expected, "limit {limit}");
        }
    });
}

#[test]
fn pages_of_every_limit_contain_every_twin_once() {
    run(|| {
        let shared = container(M, SERVICE_ID);
        let links = || vec![NewLink::Container { name: b"a".to_vec(), container: shared }];
        let made: Vec<_> = (0..260).map(|_| twin_of(M, CRANE, links())).collect();
        twin_of(C, "another", vec![]);
        let owned: Vec<_> = made.iter().map(|twin| (*twin, M)).collect();
        for limit in [0, 1, 13, 256, 260, u32::MAX] {
            let by_asset =
                all(limit, |after, limit| DigitalTwin::twins_of_asset(CRANE.into(), after, limit));
            assert_eq!(by_asset, owned, "limit {limit}");
            let by_owner = all(limit, |after, limit| DigitalTwin::twins_of_owner(M, after, limit));
            assert_eq!(by_owner, made, "limit {limit}");
            let by_container =
                all(limit, |after, limit| DigitalTwin::twins_of_container(shared, after, limit));
            assert_eq!(by_container, made, "limit {limit}");
        }
    });
}

#[test]
fn page_that_contains_all_items_is_the_last() {
    run(|| {
        twin(M);
        twin(M);
        assert_eq!(DigitalTwin::twins_of_owner(M, None, 2).next, None);
        let first = DigitalTwin::twins_of_owner(M, None, 1);
        assert_eq!(first.next, Some(first.items[0]));
        assert_eq!(DigitalTwin::twins_of_owner(M, first.next, 1).next, None);
    });
}

#[test]
fn pages_continue_when_the_last_link_of_a_page_is_removed() {
    run(|| {
        let twin = twin_of(M, CRANE, (0..9).map(|n| hash_link(n.to_string())).collect());
        let first = DigitalTwin::links(twin, None, 4);
        let last = first.next.clone().unwrap();
        assert_ok!(DigitalTwin::remove_link(signed(M), twin, last.as_ref().into()));
        let second = DigitalTwin::links(twin, Some(last), 256);
        let mut names: Vec<_> =
            first.items.into_iter().chain(second.items).map(|(name, _)| name).collect();
        names.sort();
        let expected: Vec<_> = (0..9).map(|n| name(&n.to_string())).collect();
        assert_eq!(names, expected);
    });
}
