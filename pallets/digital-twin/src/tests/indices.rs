// SPDX-License-Identifier: Apache-2.0

//! The indices: the twins of an asset, of an owner and of a container.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_io::hashing::blake2_256;

#[test]
fn two_parties_can_have_twins_of_one_asset() {
    run(|| {
        let (makers, customers) = (twin(M), twin(C));
        let other = twin_of(M, "cranes.example/BC250-4712", vec![]);

        let mut found = DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items;
        found.sort_unstable();
        assert_eq!(found, [(makers, M), (customers, C)]);
        let mut owned = DigitalTwin::twins_of_owner(M, None, 10).items;
        owned.sort_unstable();
        assert_eq!(owned, [makers, other]);
        assert_eq!(DigitalTwin::twins_of_owner(C, None, 10).items, [customers]);
        assert!(DigitalTwin::twins_of_owner(X, None, 10).items.is_empty());
    });
}

#[test]
fn one_party_can_have_two_twins_of_one_asset() {
    run(|| {
        let mut made = [(twin(M), M), (twin(M), M)];
        made.sort_unstable();
        let mut found = DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items;
        found.sort_unstable();
        assert_eq!(found, made);
    });
}

#[test]
fn key_of_an_asset_is_its_blake2_256() {
    run(|| {
        let twin = twin(M);
        let key = blake2_256(CRANE.as_bytes()).into();
        assert_eq!(DigitalTwin::asset_hash(&asset(CRANE)), key);
        assert!(TwinsOfAsset::<Test>::contains_key(key, twin));
    });
}

#[test]
fn assets_with_a_common_prefix_are_different() {
    run(|| {
        let (long, short) = (twin(M), twin_of(M, "cranes.example", vec![]));
        assert_eq!(DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items, [(long, M)]);
        let found = DigitalTwin::twins_of_asset(b"cranes.example".to_vec(), None, 10);
        assert_eq!(found.items, [(short, M)]);
    });
}

#[test]
fn index_counts_the_links_of_each_twin_to_a_container() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let (first, second) = (twin(M), twin(C));
        for link_name in ["a", "b", "c"] {
            link(M, first, link_name, Target::Container(container));
        }
        link(C, second, "a", Target::Container(container));
        assert_eq!(linked_by(container), [(first, 3), (second, 1)]);
        assert_eq!(DigitalTwin::twins_of_container(container, None, 10).items.len(), 2);

        link(M, first, "a", Target::Account(S));
        assert_ok!(DigitalTwin::remove_link(signed(M), first, b"b".to_vec()));
        assert_eq!(linked_by(container), [(first, 1), (second, 1)]);
        assert_ok!(DigitalTwin::remove_link(signed(M), first, b"c".to_vec()));
        assert_eq!(linked_by(container), [(second, 1)]);
    });
}

#[test]
fn container_linked_twice_in_one_call_counts_twice() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let link = |name: &str| NewLink::Container { name: name.into(), container };
        let twin = twin_of(M, CRANE, vec![link("a"), link("b")]);
        assert_eq!(linked_by(container), [(twin, 2)]);
    });
}

#[test]
fn container_created_in_a_call_can_be_linked_again_in_it() {
    run(|| {
        // The id is predictable. The check that the caller may link the container still applies.
        let again = NewLink::Container { name: b"again".to_vec(), container: 0 };
        let twin = twin_of(M, CRANE, vec![instance("made", PRODUCTION_ID), again]);
        assert_eq!(linked_by(0), [(twin, 2)]);
    });
}

#[test]
fn links_to_other_targets_are_not_in_the_index_of_containers() {
    run(|| {
        let twin = twin(M);
        // A link to a twin with the same id as a container is not a link to the container.
        container(M, SERVICE_ID);
        link(M, twin, "a", Target::Twin(twin));
        assert!(linked_by(0).is_empty());
        assert_eq!(TwinsOfContainer::<Test>::iter().count(), 0);
    });
}

/// Damages the state in one place, and returns the error that the check of the state reports.
fn complaint(damage: impl FnOnce()) -> String {
    ExtBuilder::default().with_plugin(SERVICE).build().execute_with(|| {
        let other = twin(C);
        let links = vec![
            instance("service", SERVICE_ID),
            NewLink::Twin { name: b"other".to_vec(), twin: other },
        ];
        assert_eq!(twin_of(M, "broken", links), 1);
        try_state();
        damage();
        match DigitalTwin::do_try_state() {
            Ok(()) => "nothing".into(),
            Err(error) => format!("{error:?}"),
        }
    })
}

#[test]
fn state_check_detects_damage() {
    let key = DigitalTwin::asset_hash(&asset("broken"));
    let expected: Vec<(String, &str)> = vec![
        (complaint(|| ()), "nothing"),
        (complaint(|| NextTwinId::<Test>::put(1)), "not assigned"),
        (complaint(|| Descriptions::<Test>::remove(1)), "has no description"),
        (complaint(|| Twins::<Test>::remove(1)), "a description has no twin"),
        (complaint(|| TwinsOfAsset::<Test>::remove(key, 1)), "missing from its asset"),
        (complaint(|| TwinsOfOwner::<Test>::remove(M, 1)), "missing from its owner"),
        (complaint(|| TwinsOfAsset::<Test>::insert(key, 0, ())), "a twin of another asset"),
        (complaint(|| TwinsOfOwner::<Test>::insert(X, 0, ())), "a twin of another owner"),
        (complaint(|| TwinsOfOwner::<Test>::insert(X, 9, ())), "does not exist"),
        (
            complaint(|| TwinsOfContainer::<Test>::remove(0, 1)),
            "the index of a container lacks an entry",
        ),
        (
            complaint(|| TwinsOfContainer::<Test>::insert(0, 1, 2)),
            "the index of a container has a wrong entry",
        ),
        (
            complaint(|| TwinsOfContainer::<Test>::insert(5, 1, 1)),
            "the index of a container has a wrong entry",
        ),
        (complaint(|| Links::<Test>::remove(1, name("other"))), "a wrong number of links"),
        (
            complaint(|| Links::<Test>::insert(9, name("a"), Target::Account(X))),
            "a link has no twin",
        ),
        (
            complaint(|| Links::<Test>::insert(1, name("other"), Target::Twin(9))),
            "a link has a target that does not exist",
        ),
        (
            complaint(|| TwinsOfTwin::<Test>::insert(0, 1, 9)),
            "the index of the twins that link a twin is wrong",
        ),
        (
            complaint(|| {
                offer(1);
                Twins::<Test>::mutate(1, |twin| twin.as_mut().unwrap().offers = 0);
            }),
            "an offer has an id",
        ),
        (
            complaint(|| {
                offer(1);
                OffersTo::<Test>::remove(C, 1);
            }),
            "the index of an account lacks an offer",
        ),
        (complaint(|| OffersTo::<Test>::insert(X, 1, ())), "has an offer that does not exist"),
    ];
    for (said, meant) in expected {
        assert!(said.contains(meant), "{said:?} should contain {meant:?}");
    }
}
