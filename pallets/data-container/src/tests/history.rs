// SPDX-License-Identifier: Apache-2.0

//! A data set's head can be recomputed from all its events, and not from fewer. Revisions are
//! limited.

use super::{Error, Event};
use crate::{
    mock::*,
    operation::{initial_head, next_head, Operation},
    pallet::*,
};
use codec::Encode;
use frame_support::assert_ok;
use sp_core::H256;
use twinchain_primitives::{assert_noop, Access, ContainerId, DataSetId};

type Change = Operation<AccountId, u64>;

/// Returns the changes of a data set, from its events.
fn changes(of: (ContainerId, DataSetId)) -> Vec<Change> {
    let mut changes = Vec::new();
    for event in events() {
        if let Event::DataSetChanged { container, data_set, operation, .. } = event {
            if of == (container, data_set) {
                changes.push(operation);
            }
        }
    }
    changes
}

/// Returns the hashes of what was stored, from the events.
fn payload_hashes() -> Vec<H256> {
    let hash = |event| match event {
        Event::DataSetChanged { operation: Operation::Set { payload_hash, .. }, .. }
        | Event::DataSetChanged { operation: Operation::Append { payload_hash, .. }, .. } => {
            Some(payload_hash)
        },
        _ => None,
    };
    events().into_iter().filter_map(hash).collect()
}

fn recompute(of: (ContainerId, DataSetId), changes: &[Change]) -> H256 {
    let genesis = System::block_hash(0);
    changes.iter().fold(initial_head(&genesis, of.0, of.1), |head, change| next_head(&head, change))
}

/// Returns a container with a history: every kind of change, by several accounts, in several
/// blocks.
fn with_history() -> ContainerId {
    let container = instantiate(M, publish(M, SERVICE));
    assign(container, S, TECHNICIAN);
    grant(container, C, USAGE_LOG, Access::WRITE | Access::REMOVE, None);
    for n in 1..4u32 {
        next_blocks(1);
        let item = format!(r#"{{"hours":{n}}}"#);
        for who in [M, S, C] {
            assert_ok!(append(who, container, "usageLog", &[&item, &item]));
        }
        assert_ok!(set(S, container, "hours", n.to_string().as_bytes()));
        let log = b"usageLog".to_vec();
        assert_ok!(DataContainer::remove_item(signed(C), container, log, n - 1, 1, None));
    }
    assert_ok!(DataContainer::clear_entry(signed(M), container, b"hours".to_vec(), None));
    assert_ok!(set(S, container, "hours", b"9"));
    assert_ok!(DataContainer::retire_data_set(signed(M), container, b"usageLog".to_vec()));
    assert_ok!(DataContainer::purge(signed(M), container, b"usageLog".to_vec(), 5));
    container
}

#[test]
fn the_events_of_a_data_set_give_its_head() {
    run(|| {
        let container = with_history();
        for (text, count) in [("manual", 1), ("usageLog", 13), ("hours", 5), ("serial", 0)] {
            let set = data_set(container, text);
            let of = (container, set.id);
            let changes = changes(of);
            assert_eq!(changes.len(), count, "{text}");
            assert_eq!(set.revision, count as u32);
            assert_eq!(recompute(of, &changes), set.head);
        }
    });
}

#[test]
fn omitting_one_event_changes_the_head() {
    run(|| {
        let container = with_history();
        let of = (container, USAGE_LOG);
        let (changes, head) = (changes(of), data_set(container, "usageLog").head);
        for missing in 0..changes.len() {
            let mut some = changes.clone();
            some.remove(missing);
            assert_ne!(recompute(of, &some), head);
        }
        assert_ne!(recompute(of, &[]), head);
    });
}

#[test]
fn swapping_or_repeating_events_changes_the_head() {
    run(|| {
        let container = with_history();
        let of = (container, USAGE_LOG);
        let (changes, head) = (changes(of), data_set(container, "usageLog").head);
        for one in 0..changes.len() {
            for other in 0..one {
                let mut swapped = changes.clone();
                swapped.swap(one, other);
                assert_ne!(recompute(of, &swapped), head);
            }
            let mut twice = changes.clone();
            twice.insert(one, changes[one].clone());
            assert_ne!(recompute(of, &twice), head);
        }
    });
}

#[test]
fn the_events_of_another_data_set_do_not_give_the_head() {
    run(|| {
        let (one, other) = (with_history(), with_history());
        let head = data_set(one, "usageLog").head;
        assert_ne!(head, data_set(other, "usageLog").head);
        let of = |id| (id, USAGE_LOG);
        assert_ne!(recompute(of(one), &changes((one, HOURS))), head);
        // The same changes, for another container or another data set.
        assert_ne!(recompute(of(other), &changes(of(one))), head);
        assert_ne!(recompute((one, HOURS), &changes(of(one))), head);
        assert_eq!(recompute(of(one), &changes(of(one))), head);
    });
}

#[test]
fn the_event_has_the_hash_of_what_is_stored() {
    run(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b" 7"));
        assert_ok!(append(M, container, "stamps", &["1", " 2 "]));
        let hashes = payload_hashes();
        let stored = entry(container, "hours").unwrap();
        let items: Vec<String> =
            items(container, "stamps")[0].iter().map(|item| item.clone().unwrap()).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        assert_eq!(hashes, [hash(stored.as_bytes()), items_hash(&items)]);
    });
}

#[test]
fn the_hash_of_a_sealed_value_covers_suite_and_epoch() {
    run(|| {
        let container = service();
        for set in ["price", "offers"] {
            rotate(container, set, &[]);
            rotate(container, set, &[]);
        }
        System::reset_events();
        assert_ok!(set_sealed(M, container, "price", 2));
        assert_ok!(append_sealed(M, container, "offers", 2));
        let hashes = payload_hashes();
        let sealed = hash(&(1u8, 2u32, ciphertext()).encode());
        let items = hash(&(1u8, 2u32, vec![ciphertext(); 2]).encode());
        assert_eq!(hashes, [sealed, items]);
    });
}

#[test]
fn each_data_set_has_the_block_of_its_last_change() {
    run(|| {
        let container = service();
        next_blocks(9);
        assert_ok!(set(M, container, "hours", b"1"));
        next_blocks(1);
        assert_eq!(data_set(container, "hours").changed, 10);
        assert_eq!(data_set(container, "manual").changed, 1);
    });
}

/// Runs a test with a container of M that has a value in `hours`, an item in `usageLog`, and no
/// revisions left. Only a damaged state is like that, so it is not checked afterwards.
fn with_used_up_revisions(test: impl FnOnce(ContainerId)) {
    ExtBuilder.build().execute_with(|| {
        let container = service();
        assert_ok!(set(M, container, "hours", b"1"));
        assert_ok!(append(M, container, "usageLog", &[r#"{"hours":1}"#]));
        for text in ["hours", "usageLog"] {
            DataSets::<Test>::mutate(container, name(text), |set| {
                set.as_mut().unwrap().revision = u32::MAX;
            });
        }
        test(container);
    });
}

#[test]
fn retire_data_set_fails_when_the_revisions_are_used_up() {
    with_used_up_revisions(|container| {
        let call = DataContainer::retire_data_set(signed(M), container, b"hours".to_vec());
        assert_noop!(call, Error::IdsExhausted);
    });
}

// These calls are dispatched, because a transaction reverts the changes made before an error.

#[test]
fn clear_entry_fails_when_the_revisions_are_used_up() {
    with_used_up_revisions(|container| {
        let call =
            Call::clear_entry { container, data_set: b"hours".to_vec(), expected_revision: None };
        assert_noop!(dispatch(M, call).map_err(|failed| failed.error), Error::IdsExhausted);
    });
}

#[test]
fn remove_item_fails_when_the_revisions_are_used_up() {
    with_used_up_revisions(|container| {
        let call = Call::remove_item {
            container,
            data_set: b"usageLog".to_vec(),
            batch: 0,
            position: 0,
            expected_revision: None,
        };
        assert_noop!(dispatch(M, call).map_err(|failed| failed.error), Error::IdsExhausted);
    });
}

#[test]
fn store_fails_when_the_revisions_are_used_up() {
    with_used_up_revisions(|container| {
        let values = vec![new_value("manual", r#""x""#), new_value("hours", "2")];
        let call = Call::store { container, values };
        assert_noop!(dispatch(M, call).map_err(|failed| failed.error), Error::IdsExhausted);
    });
}
