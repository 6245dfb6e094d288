// SPDX-License-Identifier: Apache-2.0

//! Asset → twins, owner → twins, container → twins.

use crate::{mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_io::hashing::blake2_256;

#[test]
fn two_parties_have_twins_of_one_asset() {
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
fn one_party_has_two_twins_of_one_asset() {
    run(|| {
        let mut made = [(twin(M), M), (twin(M), M)];
        made.sort_unstable();
        let mut found = DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items;
        found.sort_unstable();
        assert_eq!(found, made);
    });
}

#[test]
fn the_key_of_an_asset_is_its_blake2_256() {
    run(|| {
        let twin = twin(M);
        let key = blake2_256(CRANE.as_bytes()).into();
        assert_eq!(DigitalTwin::asset_hash(&asset(CRANE)), key);
        assert!(TwinsOfAsset::<Test>::contains_key(key, twin));
    });
}

#[test]
fn an_asset_that_begins_like_another_is_another() {
    run(|| {
        let (long, short) = (twin(M), twin_of(M, "cranes.example", vec![]));
        assert_eq!(DigitalTwin::twins_of_asset(CRANE.into(), None, 10).items, [(long, M)]);
        let found = DigitalTwin::twins_of_asset(b"cranes.example".to_vec(), None, 10);
        assert_eq!(found.items, [(short, M)]);
    });
}

#[test]
fn a_container_counts_how_often_each_twin_links_it() {
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
fn a_container_linked_twice_in_one_call_counts_twice() {
    run(|| {
        let container = container(M, SERVICE_ID);
        let link = |name: &str| NewLink::Container { name: name.into(), container };
        let twin = twin_of(M, CRANE, vec![link("a"), link("b")]);
        assert_eq!(linked_by(container), [(twin, 2)]);
    });
}

#[test]
fn a_container_made_in_a_call_can_be_linked_again_in_it() {
    run(|| {
        // The id is known beforehand; that it is linked by its owner is checked as ever.
        let again = NewLink::Container { name: b"again".to_vec(), container: 0 };
        let twin = twin_of(M, CRANE, vec![instance("made", PRODUCTION_ID), again]);
        assert_eq!(linked_by(0), [(twin, 2)]);
    });
}

#[test]
fn links_to_other_things_are_in_no_index_of_containers() {
    run(|| {
        let twin = twin(M);
        // A twin with the id of a container is still no container.
        container(M, SERVICE_ID);
        link(M, twin, "a", Target::Twin(twin));
        assert!(linked_by(0).is_empty());
        assert_eq!(TwinsOfContainer::<Test>::iter().count(), 0);
    });
}

/// Breaks the state in one place, and tells what the check of the state says to it.
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
fn the_check_of_the_state_finds_what_is_broken() {
    let key = DigitalTwin::asset_hash(&asset("broken"));
    let expected: Vec<(String, &str)> = vec![
        (complaint(|| ()), "nothing"),
        (complaint(|| NextTwinId::<Test>::put(1)), "not given out"),
        (complaint(|| Descriptions::<Test>::remove(1)), "has no description"),
        (complaint(|| Twins::<Test>::remove(1)), "belongs to no twin"),
        (complaint(|| TwinsOfAsset::<Test>::remove(key, 1)), "missing from its asset"),
        (complaint(|| TwinsOfOwner::<Test>::remove(M, 1)), "missing from its owner"),
        (complaint(|| TwinsOfAsset::<Test>::insert(key, 0, ())), "another's twin"),
        (complaint(|| TwinsOfOwner::<Test>::insert(X, 0, ())), "another's twin"),
        (complaint(|| TwinsOfOwner::<Test>::insert(X, 9, ())), "does not exist"),
        (complaint(|| TwinsOfContainer::<Test>::remove(0, 1)), "misses a twin"),
        (complaint(|| TwinsOfContainer::<Test>::insert(0, 1, 2)), "wrong about a twin"),
        (complaint(|| TwinsOfContainer::<Test>::insert(5, 1, 1)), "wrong about a twin"),
        (complaint(|| Links::<Test>::remove(1, name("other"))), "miscounts its links"),
        (
            complaint(|| Links::<Test>::insert(9, name("a"), Target::Account(X))),
            "a link belongs to no twin",
        ),
        (
            complaint(|| Links::<Test>::insert(1, name("other"), Target::Twin(9))),
            "a link to no twin",
        ),
        (complaint(|| TwinsOfTwin::<Test>::insert(0, 1, 9)), "wrong about the twins that link it"),
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
            "an offer is not listed",
        ),
        (complaint(|| OffersTo::<Test>::insert(X, 1, ())), "listed that is none"),
    ];
    for (said, meant) in expected {
        assert!(said.contains(meant), "{said:?} should tell that {meant:?}");
    }
}
