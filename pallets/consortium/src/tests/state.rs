// SPDX-License-Identifier: Apache-2.0

//! The checks of the state detect every kind of damage.

use crate::{mock::*, pallet::*, quota::Rate, types::*};
use frame_support::assert_ok;
use std::collections::BTreeMap;

/// Returns all storage of this pallet, by key.
pub fn all() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let prefix = sp_io::hashing::twox_128(b"Consortium").to_vec();
    let (mut state, mut key) = (BTreeMap::new(), prefix.clone());
    while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
        state.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
        key = next;
    }
    state
}

fn finds(message: &'static str, damage: impl FnOnce()) {
    build(genesis()).execute_with(|| {
        let peer = super::nodes::peer(1);
        assert_ok!(Consortium::add_node(signed(M), MAKER, peer, vec![]));
        Consortium::do_try_state().unwrap();
        damage();
        assert_eq!(Consortium::do_try_state(), Err(message.into()));
    });
}

fn change(edit: impl FnOnce(&mut Organisation)) {
    Organisations::<Test>::mutate(MAKER, |organisation| edit(organisation.as_mut().unwrap()));
}

#[test]
fn damaged_members_are_found() {
    finds("a member is missing from its organisation", || MembersOf::<Test>::remove(MAKER, S));
    finds("a label has no member", || Members::<Test>::remove(S));
    finds("a member does not exist as an account", || {
        assert_ok!(System::dec_providers(&S));
    });
    finds("an organisation's count of members is wrong", || change(|it| it.members += 1));
    finds("an organisation's count of administrators is wrong", || change(|it| it.admins += 1));
}

#[test]
fn damaged_nodes_are_found() {
    let peer = || PeerId::try_from(super::nodes::peer(1)).unwrap();
    finds("a node is missing from its organisation", || NodesOf::<Test>::remove(MAKER, peer()));
    finds("a label has no node", || Nodes::<Test>::remove(peer()));
    finds("the count of nodes is wrong", || {
        let key = Nodes::<Test>::counter_storage_final_key();
        frame_support::storage::unhashed::put(&key, &7u32);
    });
    finds("an organisation's count of nodes is wrong", || change(|it| it.nodes += 1));
}

#[test]
fn damaged_organisations_are_found() {
    finds("an organisation has an id that was not assigned", || {
        NextOrganisationId::<Test>::put(1);
    });
    finds("an organisation's name does not lead to it", || {
        change(|it| it.name = b"Other".to_vec().try_into().unwrap());
    });
    finds("an organisation has an invalid quota", || change(|it| it.limits.quota.per_block = 0));
    finds("an organisation is missing", || NextOrganisationId::<Test>::put(3));
    finds("the sum of all shares is wrong", || {
        Granted::<Test>::mutate(|granted| granted.bytes += 1);
    });
    let more = |edit: fn(&mut Organisation, &mut Share)| {
        move || {
            let mut granted = Granted::<Test>::get();
            change(|organisation| edit(organisation, &mut granted));
            Granted::<Test>::put(granted);
        }
    };
    finds(
        "more time is granted than blocks have",
        more(|organisation, granted| {
            organisation.limits.time = Rate { burst: BLOCK_TIME, per_block: BLOCK_TIME };
            granted.time += BLOCK_TIME - TIME.per_block;
        }),
    );
    finds(
        "more bytes are granted than blocks have",
        more(|organisation, granted| {
            organisation.limits.bytes = Rate { burst: BLOCK_BYTES, per_block: BLOCK_BYTES };
            granted.bytes += BLOCK_BYTES - BYTES.per_block;
        }),
    );
    finds(
        "more nodes are granted than the chain allows",
        more(|organisation, granted| {
            organisation.limits.nodes += 9;
            granted.nodes += 9;
        }),
    );
    finds("an organisation that was not removed is due for delisting", || {
        ListedUntil::<Test>::insert(MAKER, 1);
    });
    finds("a name has no organisation", || {
        let name: twinchain_primitives::Name = b"Other".to_vec().try_into().unwrap();
        OrganisationsByName::<Test>::insert(name, 9);
    });
    finds("an organisation is missing", || {
        let name: twinchain_primitives::Name = b"Cranes Ltd".to_vec().try_into().unwrap();
        OrganisationsByName::<Test>::remove(name);
        Organisations::<Test>::remove(MAKER);
    });
}

#[test]
fn damaged_validators_are_found() {
    finds("a validator is listed twice", || {
        Validators::<Test>::mutate(|all| all.try_push(VALIDATORS[0]).unwrap());
    });
    finds("a validator does not exist as an account", || {
        Validators::<Test>::mutate(|all| all.try_push(N).unwrap());
    });
    finds("sessions are too short", || SessionLength::<Test>::put(9));
}
