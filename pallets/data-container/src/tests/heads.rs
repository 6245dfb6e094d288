// SPDX-License-Identifier: Apache-2.0

//! Heads of containers, and the stamps of their events.

use super::{Error, Event};
use crate::{mock::*, pallet::*, types::*};
use codec::{Decode, Encode};
use frame_support::assert_ok;
use sp_core::H256;
use std::collections::BTreeMap;
use twinchain_primitives::{assert_noop, Access, ContainerId, Stamp};

/// Returns the container and the stamp of an event that is a part of a history.
fn stamp(event: &Event) -> Option<(ContainerId, Stamp<AccountId, u64>)> {
    let bytes = event.encode();
    let fields = || Decode::decode(&mut &bytes[1..]).unwrap();
    is_stamped(&bytes).then(fields)
}

/// Returns the first head of a container, computed from its definition.
fn first(id: ContainerId) -> H256 {
    let mut bytes = b"twinchain/cont/1".to_vec();
    bytes.extend(System::block_hash(0).0);
    bytes.extend(id.to_le_bytes());
    hash(&bytes)
}

/// Returns the heads of all containers, computed from all events.
fn heads(events: &[Event]) -> BTreeMap<ContainerId, (u64, H256, u64)> {
    let mut heads = BTreeMap::new();
    for event in events {
        let Some((id, stamp)) = stamp(event) else { continue };
        let (revision, head, _) = heads.remove(&id).unwrap_or_else(|| (0, first(id), 0));
        assert_eq!(stamp.revision, revision + 1, "{event:?}");
        let head = hash(&[head.encode(), event.encode()].concat());
        heads.insert(id, (stamp.revision, head, stamp.block));
    }
    heads
}

/// Makes one change of every kind to a container. Returns the container.
fn everything() -> ContainerId {
    let id = instantiate(M, 0);
    key_version(M);
    let text = || br#"{"type":"entry","dataSchema":true,"permissions":{"new":["set"]}}"#.to_vec();
    assert_ok!(DataContainer::set_description(signed(M), id, b"{}".to_vec()));
    assert_ok!(DataContainer::set_description(signed(M), id, vec![]));
    assert_ok!(DataContainer::add_data_set(signed(M), id, b"more".to_vec(), text()));
    let hours = || vec![access("hours", Access::WRITE)];
    assert_ok!(DataContainer::set_role(signed(M), id, b"other".to_vec(), hours()));
    assert_ok!(DataContainer::assign_role(signed(M), id, S, b"other".to_vec()));
    assert_ok!(DataContainer::unassign_role(signed(M), id, S, b"other".to_vec()));
    assert_ok!(DataContainer::assign_role(signed(M), id, C, b"other".to_vec()));
    assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
    rotate(id, "price", &[S]);
    assert_ok!(set_sealed(M, id, "price", 1));
    set_time(START + SLOT + 1);
    next_blocks(1);
    assert_ok!(DataContainer::clear_expired(signed(X), id, S));
    rotate(id, "price", &[]);
    assert_ok!(share(id, X, "price", Access::READ, None));
    key_version(X);
    let seed = || SEALED_SEED.to_vec();
    let envelope = DataContainer::set_envelope(signed(M), id, b"price".to_vec(), X, 2, 1, seed());
    assert_ok!(envelope);
    let again = DataContainer::set_envelope(signed(X), id, b"price".to_vec(), X, 2, 1, seed());
    assert_ok!(again);
    let many = vec![ReaderEnvelope { reader: X, key_version: 1, envelope: seed() }];
    assert_ok!(DataContainer::set_envelopes(signed(M), id, b"price".to_vec(), 2, many));
    assert_ok!(unshare(id, X, "price", Access::READ));
    offer(id);
    withdraw(id);
    rotate(id, "price", &[]);
    offer(id);
    assert_ok!(DataContainer::accept_ownership(signed(C), id, 1));
    assert_ok!(DataContainer::retire_data_set(signed(C), id, b"price".to_vec()));
    assert_ok!(DataContainer::purge(signed(C), id, b"price".to_vec(), 64));
    assert_ok!(DataContainer::clone_container(signed(C), id, true));
    assert_ok!(DataContainer::close_container(signed(C), id));
    id
}

#[test]
fn the_head_of_a_container_chains_the_hashes_of_its_events() {
    run(|| {
        publish(M, SERVICE);
        System::reset_events();
        everything();
        let told = stamped_events();
        let heads = heads(&told);
        assert_eq!(heads.len(), 2);
        for (id, (revision, head, block)) in &heads {
            let stored = Containers::<Test>::get(id).unwrap().history;
            assert_eq!((stored.revision, stored.head, stored.changed), (*revision, *head, *block));
        }
        // Every kind of event that can be a part of a history occurs.
        let kinds: std::collections::BTreeSet<u8> = told
            .iter()
            .filter(|event| stamp(event).is_some())
            .map(|told| told.encode()[0])
            .collect();
        assert_eq!(
            kinds.into_iter().collect::<Vec<_>>(),
            [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21]
        );
    });
}

#[test]
fn omitting_moving_or_altering_an_event_changes_the_head() {
    run(|| {
        publish(M, SERVICE);
        System::reset_events();
        let id = everything();
        let all: Vec<_> = stamped_events()
            .into_iter()
            .filter(|event| stamp(event).is_some_and(|(of, _)| of == id))
            .collect();
        let head = |events: &[Event]| {
            events
                .iter()
                .fold(first(id), |head, event| hash(&[head.encode(), event.encode()].concat()))
        };
        let whole = head(&all);
        assert_eq!(whole, Containers::<Test>::get(id).unwrap().history.head);
        for at in 0..all.len() {
            let mut without = all.clone();
            without.remove(at);
            assert_ne!(whole, head(&without));
            let mut swapped = all.clone();
            swapped.swap(at, (at + 1) % all.len());
            assert_ne!(whole, head(&swapped));
            // Another author, block, time or revision.
            for byte in [9, 17, 25, 33] {
                let mut altered = all.clone();
                let mut bytes = altered[at].encode();
                bytes[byte] ^= 1;
                altered[at] = Event::decode(&mut &bytes[..]).unwrap();
                assert_ne!(whole, head(&altered));
            }
        }
    });
}

#[test]
fn a_stamp_has_the_author_and_the_time() {
    run(|| {
        let id = service();
        let before = Containers::<Test>::get(id).unwrap().history;
        assert_ok!(share(id, S, "hours", Access::WRITE, Some(START)));
        next_blocks(3);
        set_time(START + 3 * SLOT);
        System::reset_events();
        assert_ok!(DataContainer::clear_expired(signed(X), id, S));
        let (of, told) = stamp(&stamped_events()[0]).unwrap();
        let revision = before.revision + 2;
        let expected = Stamp { revision, author: X, block: 4, time: START + 3 * SLOT };
        assert_eq!((of, told), (id, expected));
        let after = Containers::<Test>::get(id).unwrap().history;
        assert_eq!((after.revision, after.changed), (revision, 4));
        assert_ne!(after.head, before.head);
    });
}

#[test]
fn writes_of_values_do_not_change_the_head_of_the_container() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        let before = Containers::<Test>::get(id).unwrap();
        assert_ok!(set(M, id, "hours", b"1"));
        assert_ok!(append(M, id, "stamps", &["1"]));
        assert_ok!(set_sealed(M, id, "price", 1));
        assert_ok!(DataContainer::clear_entry(signed(M), id, b"hours".to_vec(), None));
        assert_eq!(Containers::<Test>::get(id).unwrap(), before);
        // A rejected call does not change it either.
        assert_noop!(share(id, S, "hours", Access::READ, None), Error::ReadIsPublic);
    });
}

#[test]
fn a_stored_value_has_its_author_block_and_time() {
    run(|| {
        let id = service();
        grant(id, S, HOURS, Access::WRITE, None);
        next_blocks(4);
        let now = Timestamp::get();
        assert_ok!(set(S, id, "hours", b"7"));
        assert_ok!(append(M, id, "stamps", &["1"]));
        next_blocks(4);
        let entry = DataContainer::entry(id, b"hours".to_vec()).unwrap();
        assert_eq!((entry.author, entry.block, entry.time), (S, 5, now));
        let batch = &DataContainer::batches(id, b"stamps".to_vec(), 0, 1).items[0].stored;
        assert_eq!((batch.author, batch.block, batch.time), (M, 5, now));
    });
}
