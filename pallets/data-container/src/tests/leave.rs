// SPDX-License-Identifier: Apache-2.0

//! Leaving a container.

use super::{Error, Event};
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId, Moment};

fn leave(who: AccountId, id: ContainerId) -> DispatchResult {
    outcome(DataContainer::leave(signed(who), id))
}

/// Returns a container of M whose price C and S can read. S also has a role and can write `hours`.
fn shared() -> ContainerId {
    let id = service();
    for reader in [C, S] {
        share(id, reader, "price", Access::READ, None).unwrap();
    }
    rotate(id, "price", &[C, S]);
    share(id, S, "hours", Access::WRITE, None).unwrap();
    assign(id, S, TECHNICIAN);
    System::reset_events();
    id
}

fn envelope(id: ContainerId, who: AccountId) -> bool {
    Envelopes::<Test>::contains_key((id, PRICE, 1, who))
}

fn due(id: ContainerId) -> Vec<DueRotation<AccountId>> {
    let page = DataContainer::rotations_due(id, None, None);
    assert_eq!(page.next, None);
    let keyed = |due: &DueRotation<_>| due.end.is_some();
    page.items.into_iter().filter(keyed).collect()
}

#[test]
fn an_account_that_leaves_loses_rights_and_envelope_and_ends_no_sealing() {
    run(|| {
        let id = shared();
        let valid_until = data_set(id, "price").key.unwrap().valid_until;
        set_time(START + 7);
        assert_ok!(leave(S, id));
        let account = S;
        let unshared = |data_set| Event::Unshared {
            container: id,
            stamp: STAMP,
            account,
            data_set,
            access: Access::NONE,
        };
        assert_eq!(
            events(),
            [
                Event::RoleUnassigned { container: id, stamp: STAMP, account, role: TECHNICIAN },
                unshared(PRICE),
                unshared(HOURS),
                Event::EnvelopeRemoved {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    account,
                    segment: 1
                },
                Event::ReaderLeft { container: id, stamp: STAMP, data_set: PRICE, account },
            ]
        );
        assert!(AccountRights::<Test>::get(id, S).is_none() && !envelope(id, S));
        assert!(DataContainer::shared_with(S, None, 9).items.is_empty());
        assert_noop!(set(S, id, "hours", b"1"), Error::NotPermitted);
        // Sealing continues, and the key is due for rotation.
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, valid_until);
        assert_ok!(set_sealed(M, id, "price", 1));
        let end = SealingEnd { account: S, reason: EndReason::ReaderLeft, since: START + 7 };
        assert_eq!(due(id), [DueRotation { data_set: name("price"), end: Some(end.clone()) }]);
        // The first account that left is reported.
        set_time(START + 8);
        assert_ok!(leave(C, id));
        assert_eq!(due(id), [DueRotation { data_set: name("price"), end: Some(end) }]);
        rotate(id, "price", &[]);
        assert!(due(id).is_empty());
        assert_ok!(set_sealed(M, id, "price", 2));
    });
}

#[test]
fn leaving_after_read_has_expired_records_no_rotation() {
    run(|| {
        let id = shared();
        assert_ok!(share(id, S, "price", Access::READ, Some(START)));
        set_time(START + 1);
        assert_ok!(leave(S, id));
        assert!(!envelope(id, S));
        assert!(SeedsLeft::<Test>::iter().next().is_none());
        // Sealing ended with its READ, as it would have without leaving.
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
    });
}

#[test]
fn the_owner_and_the_offeree_can_leave_and_still_read() {
    run(|| {
        let id = shared();
        assert_ok!(share(id, M, "price", Access::READ, None));
        assert_ok!(leave(M, id));
        assert!(envelope(id, M) && AccountRights::<Test>::get(id, M).is_none());
        offer(id);
        assert_ok!(leave(C, id));
        assert!(envelope(id, C) && AccountRights::<Test>::get(id, C).is_none());
        assert!(SeedsLeft::<Test>::iter().next().is_none());
        assert_ok!(DataContainer::accept_ownership(signed(C), id, 0));
    });
}

#[test]
fn an_account_can_leave_a_container_that_is_on_offer_or_closed() {
    run(|| {
        let id = shared();
        assert_ok!(DataContainer::offer_ownership(
            signed(M),
            id,
            X,
            Moment::MAX,
            all_envelopes(id, X)
        ));
        assert_ok!(leave(S, id));
        withdraw(id);
        close(id);
        assert_ok!(leave(C, id));
        // Sealing has ended, so no rotation is due.
        assert!(due(id).is_empty());
    });
}

#[test]
fn purging_the_last_epoch_removes_the_record_of_a_reader_that_left() {
    run(|| {
        let id = shared();
        assert_ok!(leave(S, id));
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        assert!(due(id).is_empty());
        assert_ok!(DataContainer::purge(signed(M), id, b"price".to_vec(), 64));
        assert!(SeedsLeft::<Test>::iter().next().is_none());
    });
}

#[test]
fn leave_fails_when_there_is_nothing_to_leave() {
    run(|| {
        assert_noop!(leave(S, 0), Error::ContainerNotFound);
        let id = shared();
        assert_noop!(leave(X, id), Error::NothingToDo);
        assert_noop!(leave(M, id), Error::NothingToDo);
        assert_ok!(leave(S, id));
        assert_noop!(leave(S, id), Error::NothingToDo);
    });
}

#[test]
fn leave_fails_when_a_grant_is_on_no_data_set() {
    // No call makes such a grant, and the invariants exclude it.
    ExtBuilder.build().execute_with(|| {
        let id = service();
        grant(id, S, 63, Access::READ, None);
        assert_noop!(leave(S, id), Error::Corrupt);
    });
}
