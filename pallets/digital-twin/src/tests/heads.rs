// SPDX-License-Identifier: Apache-2.0

//! The heads of twins.

use crate::{mock::*, pallet::*, types::*};
use codec::Encode;
use frame_support::assert_ok;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use twinchain_primitives::{Moment, TwinId};

fn hash(bytes: &[u8]) -> H256 {
    blake2_256(bytes).into()
}

/// Returns the events of a twin since the last call of this function.
fn events_of(id: TwinId) -> Vec<Event<Test>> {
    let of_twin = |event| match event {
        RuntimeEvent::DigitalTwin(event) => Some(event),
        _ => None,
    };
    let events = stamped_events().into_iter().filter_map(of_twin);
    events.filter(|event| event.encode()[1..9] == id.to_le_bytes()).collect()
}

/// Returns the head of a new twin after these events.
fn head(id: TwinId, events: &[Event<Test>]) -> H256 {
    let label = b"twinchain/twin/1".to_vec();
    let genesis = System::block_hash(0).0.to_vec();
    let first = hash(&[label, genesis, id.to_le_bytes().to_vec()].concat());
    events.iter().fold(first, |head, event| hash(&[head.0.to_vec(), event.encode()].concat()))
}

/// Creates a twin and changes it in every possible way. Returns its events.
fn everything() -> (TwinId, Vec<Event<Test>>) {
    let id = twin(M);
    link(M, id, "service", Target::Account(S));
    assert_ok!(DigitalTwin::set_description(signed(M), id, b"{}".to_vec()));
    assert_ok!(DigitalTwin::remove_link(signed(M), id, b"service".to_vec()));
    let offer = || DigitalTwin::offer_twin(signed(M), id, C, Moment::MAX, vec![], vec![]);
    assert_ok!(offer());
    assert_ok!(DigitalTwin::cancel_offer(signed(M), id).map(|_| ()).map_err(|error| error.error));
    assert_ok!(offer());
    next_block();
    assert_ok!(DigitalTwin::accept_twin(signed(C), id, 1).map(|_| ()).map_err(|error| error.error));
    assert_ok!(DigitalTwin::deactivate_twin(signed(C), id));
    (id, events_of(id))
}

fn next_block() {
    System::set_block_number(System::block_number() + 1);
    Timestamp::set_timestamp(Timestamp::get() + 6_000);
}

#[test]
fn head_of_a_twin_chains_the_hashes_of_its_events() {
    run(|| {
        let (id, events) = everything();
        let history = Twins::<Test>::get(id).unwrap().history;
        assert_eq!(history.head, head(id, &events));
        assert_eq!((history.revision, history.changed), (events.len() as u64, 2));
        // The events include every kind.
        let kinds: std::collections::BTreeSet<u8> =
            events.iter().map(|event| event.encode()[0]).collect();
        assert!(kinds.into_iter().eq(0..=7));
    });
}

#[test]
fn omitted_or_reordered_event_changes_the_head() {
    run(|| {
        let (id, events) = everything();
        let whole = head(id, &events);
        for at in 0..events.len() {
            let mut without = events.clone();
            without.remove(at);
            assert_ne!(whole, head(id, &without));
            let mut swapped = events.clone();
            swapped.swap(at, (at + 1) % events.len());
            assert_ne!(whole, head(id, &swapped));
        }
        assert_ne!(whole, head(id + 1, &events), "another twin's");
    });
}

#[test]
fn stamp_records_author_and_time() {
    run(|| {
        let (id, events) = everything();
        let stamps: Vec<_> = events
            .iter()
            .map(|event| {
                let bytes = event.encode();
                let decode = <twinchain_primitives::Stamp<_, u64> as codec::Decode>::decode;
                decode(&mut &bytes[9..]).unwrap()
            })
            .collect();
        assert!(stamps.iter().map(|stamp| stamp.revision).eq(1..=events.len() as u64));
        // The new owner accepts and deactivates in the second block.
        let (last, first) = (stamps.last().unwrap(), &stamps[0]);
        assert_eq!((&last.author, last.block, last.time), (&C, 2, START + 6_000));
        assert_eq!((&first.author, first.block, first.time), (&M, 1, START));
        assert_eq!(id, 0);
    });
}
