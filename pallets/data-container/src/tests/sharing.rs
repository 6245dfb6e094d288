// SPDX-License-Identifier: Apache-2.0

//! Sharing: giving, extending, taking and clearing grants, and their effects on keys.

use super::{Error, Event};
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId, Moment, SharedEnvelope};

const RW: Access = Access::ALL.without(Access::REMOVE);

/// Returns an account's grants. Parts with the same end are combined, READ first.
fn grants(id: ContainerId, who: AccountId) -> Vec<(u16, Access, Option<Moment>)> {
    let rights = AccountRights::<Test>::get(id, who).unwrap_or_default();
    let mut all: Vec<(u16, Access, Option<Moment>)> = vec![];
    for grant in &rights.grants {
        let parts = [
            (Access::READ, grant.read),
            (Access::WRITE, grant.write),
            (Access::REMOVE, grant.remove),
        ];
        for (bit, until) in parts {
            let Some(until) = until.map(Until::moment) else { continue };
            match all.iter_mut().find(|(set, _, end)| (*set, *end) == (grant.data_set, until)) {
                Some((_, access, _)) => *access = *access | bit,
                None => all.push((grant.data_set, bit, until)),
            }
        }
    }
    all
}

fn valid_until(id: ContainerId, set: &str) -> Moment {
    data_set(id, set).key.unwrap().valid_until
}

/// Returns a container of M whose price and offers have keys.
fn secrets() -> ContainerId {
    let id = service();
    rotate(id, "price", &[]);
    rotate(id, "offers", &[]);
    System::reset_events();
    id
}

/// Shares READ of the price, with an envelope.
fn share_sealed(id: ContainerId, who: AccountId, envelope: SharedEnvelope) -> DispatchResult {
    let read = vec![access("price", Access::READ)];
    outcome(DataContainer::share(signed(M), id, who, read, None, vec![envelope]))
}

#[test]
fn access_is_added_and_taken_bit_by_bit() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, S, "offers", RW, None));
        assert_ok!(share(id, S, "offers", Access::REMOVE, None));
        assert_eq!(grants(id, S), [(OFFERS, RW | Access::REMOVE, None)]);
        let shared = |access| Event::Shared {
            container: id,
            stamp: STAMP,
            account: S,
            data_set: OFFERS,
            access,
            until: None,
        };
        assert_eq!(events(), [shared(RW), shared(Access::REMOVE)]);
        System::reset_events();
        assert_ok!(append_sealed(S, id, "offers", 1));
        assert_ok!(unshare(id, S, "offers", Access::WRITE | Access::REMOVE));
        // Taking WRITE leaves READ.
        assert_eq!(grants(id, S), [(OFFERS, Access::READ, None)]);
        assert_noop!(append_sealed(S, id, "offers", 1), Error::NotPermitted);
        assert_eq!(valid_until(id, "offers"), Moment::MAX);
        assert_ok!(unshare(id, S, "offers", Access::READ));
        let unshared = |access| Event::Unshared {
            container: id,
            stamp: STAMP,
            account: S,
            data_set: OFFERS,
            access,
        };
        let limited = Event::SealingLimited {
            container: id,
            stamp: STAMP,
            data_set: OFFERS,
            valid_until: 0,
            account: S,
            reason: EndReason::ReadTaken,
        };
        assert_eq!(events()[1..], [unshared(Access::READ), unshared(Access::NONE), limited]);
        // An account without any right is no longer a member.
        assert_eq!(AccountRights::<Test>::get(id, S), None);
        assert!(DataContainer::shared_with(S, None, 9).items.is_empty());
        assert_eq!(valid_until(id, "offers"), 0);
    });
}

#[test]
fn many_data_sets_are_shared_in_one_call() {
    run(|| {
        let id = secrets();
        let sets = vec![
            access("manual", Access::WRITE),
            access("price", Access::READ),
            access("usageLog", Access::WRITE | Access::REMOVE),
        ];
        let envelopes = vec![offered_with(id, "price", C)];
        let call = DataContainer::share(signed(M), id, C, sets, Some(START + SLOT), envelopes);
        assert_ok!(call);
        assert_eq!(grants(id, C).len(), 3);
        let expected =
            Envelope { epoch: 1, key_version: 1, oldest_key_version: 1, sealed: sealed_seed() };
        assert_eq!(DataContainer::envelopes(id, b"price".to_vec(), C), [(1, expected)]);
        assert_eq!(valid_until(id, "price"), START + SLOT);
        assert_eq!(valid_until(id, "offers"), Moment::MAX);
        let names: Vec<_> = DataContainer::readable(id, C)
            .iter()
            .map(|name| String::from_utf8(name.as_ref().to_vec()).unwrap())
            .collect();
        assert_eq!(names, ["manual", "usageLog", "hours", "serial", "stamps", "price"]);
    });
}

#[test]
fn each_part_of_a_grant_has_its_own_end_and_sharing_again_moves_it() {
    run(|| {
        let id = secrets();
        let until = START + 2 * SLOT;
        assert_ok!(share(id, S, "offers", Access::READ, Some(until)));
        assert_eq!(valid_until(id, "offers"), until);
        // Sharing WRITE without an end does not change the end of READ.
        assert_ok!(share(id, S, "offers", Access::WRITE, None));
        let read = (OFFERS, Access::READ, Some(until));
        assert_eq!(grants(id, S), [read, (OFFERS, Access::WRITE, None)]);
        let can = |access| DataContainer::can(id, b"offers".to_vec(), S, access);
        set_time(until);
        assert!(can(RW) && can(Access::READ));
        set_time(until + 1);
        assert!(!can(RW) && !can(Access::READ) && can(Access::WRITE));
        assert_noop!(append_sealed(S, id, "offers", 1), Error::RotationDue);
        rotate(id, "offers", &[]);
        assert_ok!(append_sealed(S, id, "offers", 2));
        // Clearing removes what has expired and leaves the rest.
        assert_ok!(DataContainer::clear_expired(signed(X), id, S));
        assert_eq!(grants(id, S), [(OFFERS, Access::WRITE, None)]);
        assert_noop!(DataContainer::clear_expired(signed(X), id, S), Error::NothingToDo);
    });
}

#[test]
fn a_later_end_does_not_raise_what_was_lowered() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, S, "offers", RW, Some(START + 2 * SLOT)));
        assert_ok!(share(id, S, "offers", Access::READ, None));
        assert_eq!(
            grants(id, S),
            [(OFFERS, Access::READ, None), (OFFERS, Access::WRITE, Some(START + 2 * SLOT))]
        );
        assert_eq!(valid_until(id, "offers"), START + 2 * SLOT);
        rotate(id, "offers", &[S]);
        assert_eq!(valid_until(id, "offers"), Moment::MAX);
    });
}

#[test]
fn sharing_again_does_not_renew_access_that_has_expired() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, S, "offers", RW, Some(START)));
        rotate(id, "offers", &[S]);
        set_time(START + 1);
        assert_ok!(share(id, S, "offers", Access::REMOVE, None));
        assert_eq!(grants(id, S), [(OFFERS, RW, Some(START)), (OFFERS, Access::REMOVE, None)]);
        let can = |access| DataContainer::can(id, b"offers".to_vec(), S, access);
        assert!(!can(Access::READ) && !can(Access::WRITE) && can(Access::REMOVE));
        assert_ok!(DataContainer::clear_expired(signed(X), id, S));
        assert_eq!(grants(id, S), [(OFFERS, Access::REMOVE, None)]);
        assert!(DataContainer::envelopes(id, b"offers".to_vec(), S).is_empty());
    });
}

#[test]
fn a_share_works_until_its_end_and_then_sealing_waits_for_rotation() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, S, "offers", RW, Some(START + SLOT)));
        next_blocks(1);
        assert_ok!(append_sealed(S, id, "offers", 1));
        assert_ok!(append_sealed(M, id, "offers", 1));
        let due = |before| DataContainer::rotations_due(id, before, None).items;
        assert!(due(None).is_empty() && due(Some(START + SLOT)).is_empty());
        let expires =
            SealingEnd { account: S, reason: EndReason::ReadExpires, since: START + SLOT };
        let offers = [DueRotation { data_set: name("offers"), end: Some(expires) }];
        assert!(due(Some(START + SLOT + 1)).is_empty());
        assert_eq!(due(Some(START + SLOT + 2)), offers);
        next_blocks(1);
        assert_noop!(append_sealed(S, id, "offers", 1), Error::NotPermitted);
        assert_noop!(append_sealed(M, id, "offers", 1), Error::RotationDue);
        assert_eq!(due(None), offers);
        rotate(id, "offers", &[]);
        assert!(due(Some(Moment::MAX)).is_empty());
        assert_noop!(append_sealed(M, id, "offers", 1), Error::StaleEpoch);
        assert_ok!(append_sealed(M, id, "offers", 2));
        assert_noop!(append_sealed(S, id, "offers", 2), Error::NotPermitted);
    });
}

/// The envelope is for a data set that the call shares, or for another one.
#[test]
fn every_call_that_stores_an_envelope_limits_sealing_to_its_readers_read() {
    run(|| {
        let id = secrets();
        let until = START + SLOT;
        assert_ok!(share(id, C, "price", Access::READ, Some(until)));
        rotate(id, "price", &[]);
        assert_eq!(valid_until(id, "price"), Moment::MAX);
        // The offers are shared without an end; the envelope is for the price.
        let read = vec![access("offers", Access::READ)];
        let envelopes = vec![offered_with(id, "price", C)];
        System::reset_events();
        assert_ok!(DataContainer::share(signed(M), id, C, read, None, envelopes));
        let limited = Event::SealingLimited {
            container: id,
            stamp: STAMP,
            data_set: PRICE,
            valid_until: until,
            account: C,
            reason: EndReason::ReadExpires,
        };
        assert_eq!(events().last(), Some(&limited));
        assert_eq!((valid_until(id, "price"), valid_until(id, "offers")), (until, Moment::MAX));
        set_time(until);
        assert_ok!(set_sealed(M, id, "price", 2));
        set_time(until + 1);
        for _ in 0..2 {
            assert_noop!(set_sealed(M, id, "price", 2), Error::RotationDue);
            next_blocks(1);
        }
        rotate(id, "price", &[]);
        assert_ok!(set_sealed(M, id, "price", 3));
    });
}

#[test]
fn a_view_returns_whether_sealed_writes_are_accepted_and_if_not_why() {
    run(|| {
        let id = service();
        let sealing = |set: &str| DataContainer::sealing(id, set.into());
        let due = |account, reason, since| {
            Some(Sealing::RotationDue(SealingEnd { account, reason, since }))
        };
        assert_eq!((sealing("hours"), sealing("nothing")), (None, None));
        assert_eq!(DataContainer::sealing(9, b"price".to_vec()), None);
        assert_eq!(sealing("price"), Some(Sealing::NoKey));
        rotate(id, "price", &[]);
        assert_eq!(sealing("price"), Some(Sealing::Open { end: None }));

        // A grant with an end.
        assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
        let end = SealingEnd { account: S, reason: EndReason::ReadExpires, since: START + SLOT };
        assert_eq!(sealing("price"), Some(Sealing::Open { end: Some(end) }));
        next_blocks(2);
        assert_eq!(sealing("price"), due(S, EndReason::ReadExpires, START + SLOT));
        // The first reason stays, even if another grant is taken later.
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_ok!(unshare(id, C, "price", Access::READ));
        assert_eq!(sealing("price"), due(S, EndReason::ReadExpires, START + SLOT));
        rotate(id, "price", &[]);

        // A grant is taken, while another one has an end.
        assert_ok!(share(id, S, "price", Access::READ, Some(START + 9 * SLOT)));
        assert_ok!(share(id, C, "price", Access::READ, None));
        next_blocks(1);
        assert_ok!(unshare(id, C, "price", Access::READ));
        assert_eq!(sealing("price"), due(C, EndReason::ReadTaken, START + 3 * SLOT));
        rotate(id, "price", &[]);
        assert_eq!(sealing("price"), Some(Sealing::Open { end: None }));

        // An offer: open, lapsed, cancelled.
        let deadline = START + 4 * SLOT;
        let envelopes = all_envelopes(id, X);
        assert_ok!(DataContainer::offer_ownership(signed(M), id, X, deadline, envelopes));
        assert_eq!(sealing("price"), Some(Sealing::Open { end: None }));
        next_blocks(2);
        assert_eq!(sealing("price"), Some(Sealing::OfferLapsed { to: X, since: deadline }));
        withdraw(id);
        assert_eq!(sealing("price"), due(X, EndReason::OfferEnded, START + 5 * SLOT));
        rotate(id, "price", &[]);

        // A handover.
        offer(id);
        assert_ok!(DataContainer::accept_ownership(signed(C), id, 1));
        assert_eq!(sealing("price"), due(M, EndReason::OwnerChanged, START + 5 * SLOT));
        assert_ok!(DataContainer::retire_data_set(signed(C), id, b"price".to_vec()));
        assert_eq!(sealing("price"), Some(Sealing::Ended));
        let closed = service();
        close(closed);
        assert_eq!(DataContainer::sealing(closed, b"price".to_vec()), Some(Sealing::Ended));
        assert!(DataContainer::rotations_due(closed, Some(Moment::MAX), None).items.is_empty());
    });
}

#[test]
fn unsharing_read_ends_sealing_and_removes_the_envelope() {
    run(|| {
        let id = secrets();
        assert_ok!(share_sealed(id, S, offered_with(id, "price", S)));
        assert_ok!(share(id, C, "price", Access::WRITE, None));
        assert_ok!(set_sealed(C, id, "price", 1));
        assert_ok!(unshare(id, S, "price", Access::READ));
        assert_eq!(Envelopes::<Test>::get((id, PRICE, 1, S)), None);
        for who in [M, C] {
            assert_noop!(set_sealed(who, id, "price", 1), Error::RotationDue);
        }
        rotate(id, "price", &[]);
        assert_ok!(set_sealed(C, id, "price", 2));
        // Taking access other than READ does not end sealing.
        assert_ok!(unshare(id, C, "price", Access::WRITE));
        assert_ok!(set_sealed(M, id, "price", 2));
    });
}

#[test]
fn unsharing_a_grant_that_expired_before_the_rotation_does_not_end_sealing() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, S, "price", Access::READ, Some(START)));
        set_time(START + 1);
        rotate(id, "price", &[]);
        assert_ok!(unshare(id, S, "price", Access::READ));
        assert_ok!(set_sealed(M, id, "price", 2));
    });
}

#[test]
fn a_grant_to_the_owner_does_not_limit_sealing() {
    run(|| {
        let id = secrets();
        assert_ok!(share(id, M, "price", Access::READ, Some(START + SLOT)));
        // The owner always reads, so sealing continues.
        assert_eq!(valid_until(id, "price"), Moment::MAX);
        assert_ok!(unshare(id, M, "price", Access::READ));
        assert_eq!(valid_until(id, "price"), Moment::MAX);
        assert!(Envelopes::<Test>::contains_key((id, PRICE, 1, M)));
    });
}

#[test]
fn a_closed_container_can_be_shared() {
    run(|| {
        let id = secrets();
        close(id);
        assert_ok!(share_sealed(id, S, offered_with(id, "price", S)));
        assert!(DataContainer::can(id, b"price".to_vec(), S, Access::READ));
        assert!(!DataContainer::can(id, b"price".to_vec(), S, Access::WRITE));
        assert_ok!(unshare(id, S, "price", Access::READ));
    });
}

#[test]
fn any_account_can_clear_expired_grants() {
    run(|| {
        let id = secrets();
        assert_ok!(share_sealed(id, S, offered_with(id, "price", S)));
        assert_ok!(share(id, S, "price", RW, Some(START)));
        assert_ok!(share(id, S, "hours", Access::WRITE, Some(START)));
        assert_ok!(share(id, S, "manual", Access::WRITE, None));
        let clear = |who| DataContainer::clear_expired(signed(X), id, who);
        assert_noop!(clear(S), Error::NothingToDo);
        set_time(START + 1);
        System::reset_events();
        let weight = clear(S).unwrap().actual_weight.unwrap();
        assert!(
            weight.all_lte(info(&Call::clear_expired { container: id, account: S }).call_weight)
        );
        let ended = |data_set| Event::Unshared {
            container: id,
            stamp: STAMP,
            account: S,
            data_set,
            access: Access::NONE,
        };
        let removed = Event::EnvelopeRemoved {
            container: id,
            stamp: STAMP,
            data_set: PRICE,
            account: S,
            segment: 1,
        };
        assert_eq!(events(), [ended(PRICE), removed, ended(HOURS)]);
        assert_eq!(grants(id, S), [(0, Access::WRITE, None)]);
        assert_eq!(Envelopes::<Test>::get((id, PRICE, 1, S)), None);
    });
}

#[test]
fn clear_expired_fails_when_nothing_has_expired_or_it_is_on_offer() {
    run(|| {
        let clear = |id| DataContainer::clear_expired(signed(X), id, S);
        assert_noop!(clear(0), Error::ContainerNotFound);
        let id = service();
        assert_noop!(clear(id), Error::NothingToDo);
        assert_ok!(share(id, S, "hours", Access::WRITE, Some(START)));
        offer(id);
        set_time(START + 1);
        assert_noop!(clear(id), Error::OfferPending);
        withdraw(id);
        assert_ok!(clear(id));
        assert_eq!(AccountRights::<Test>::get(id, S), None);
    });
}

fn share_as(who: AccountId, id: ContainerId, sets: &[(&str, Access)]) -> DispatchResult {
    let sets = sets.iter().map(|(set, bits)| access(set, *bits)).collect();
    outcome(DataContainer::share(signed(who), id, S, sets, None, vec![]))
}

fn unshare_as(who: AccountId, id: ContainerId, sets: &[(&str, Access)]) -> DispatchResult {
    let sets = sets.iter().map(|(set, bits)| access(set, *bits)).collect();
    outcome(DataContainer::unshare(signed(who), id, S, sets))
}

/// Returns undefined bits, which a client could still send.
fn odd() -> Access {
    codec::Decode::decode(&mut &[9u8][..]).unwrap()
}

#[test]
fn share_fails_when_the_container_is_not_the_callers_or_on_offer() {
    run(|| {
        let one = [("hours", Access::WRITE)];
        assert_noop!(share_as(M, 0, &one), Error::ContainerNotFound);
        let id = service();
        // An account with access cannot share it.
        assert_ok!(share_as(M, id, &one));
        for who in [C, S, X] {
            assert_noop!(share_as(who, id, &one), Error::NotOwner);
        }
        offer(id);
        assert_noop!(share_as(M, id, &one), Error::OfferPending);
    });
}

#[test]
fn share_fails_when_there_is_nothing_or_too_much_to_share() {
    run(|| {
        let id = secrets();
        assert_noop!(share_as(M, id, &[]), Error::NothingToDo);
        assert_noop!(share_as(M, id, &[("hours", Access::WRITE); 65]), Error::TooManyItems);
        assert_ok!(share_as(M, id, &[("hours", Access::WRITE); 64]));
        let read = vec![access("price", Access::READ)];
        let envelope = offered_with(id, "price", S);
        let call = |count| {
            DataContainer::share(
                signed(M),
                id,
                S,
                read.clone(),
                None,
                vec![envelope.clone(); count],
            )
        };
        assert_noop!(call(65), Error::TooManyEnvelopes);
        assert_ok!(call(64));
    });
}

#[test]
fn share_fails_when_a_data_set_the_access_or_the_end_is_invalid() {
    run(|| {
        let id = service();
        let good = ("hours", Access::WRITE);
        for (bad, error) in [
            (("a/b", Access::WRITE), Error::InvalidName),
            (("nothing", Access::WRITE), Error::DataSetNotFound),
            (("hours", Access::NONE), Error::InvalidAccess),
            (("hours", odd()), Error::InvalidAccess),
            (("hours", Access::READ), Error::ReadIsPublic),
            (("hours", RW), Error::ReadIsPublic),
        ] {
            assert_noop!(share_as(M, id, &[good, bad]), error);
        }
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"manual".to_vec()));
        let call = share_as(M, id, &[good, ("manual", Access::WRITE)]);
        assert_noop!(call, Error::DataSetRetired);
        let ended = share(id, S, "hours", Access::WRITE, Some(START - 1));
        assert_noop!(ended, Error::InvalidExpiry);
        assert_ok!(share(id, S, "hours", Access::WRITE, Some(START)));
    });
}

#[test]
fn share_fails_when_an_envelope_is_invalid() {
    run(|| {
        let id = secrets();
        set_key(S, 3);
        let fine = offered_with(id, "price", S);
        let of = |set: &str| SharedEnvelope { data_set: set.into(), ..fine.clone() };
        for (bad, error) in [
            (of("a/b"), Error::InvalidName),
            (of("nothing"), Error::DataSetNotFound),
            (of("offers"), Error::NotAReader),
            (of("hours"), Error::NotAReader),
            (SharedEnvelope { epoch: 0, ..fine.clone() }, Error::StaleEpoch),
            (SharedEnvelope { epoch: 2, ..fine.clone() }, Error::StaleEpoch),
            (SharedEnvelope { key_version: 2, ..fine.clone() }, Error::StaleKeyVersion),
            (SharedEnvelope { key_version: 4, ..fine.clone() }, Error::StaleKeyVersion),
            (SharedEnvelope { envelope: vec![7; 79], ..fine.clone() }, Error::InvalidSealedSeed),
            (SharedEnvelope { envelope: vec![], ..fine.clone() }, Error::InvalidSealedSeed),
        ] {
            assert_noop!(share_sealed(id, S, bad), error);
        }
        assert_noop!(share_sealed(id, X, fine.clone()), Error::NoEncryptionKey);
        assert_ok!(share_sealed(id, S, fine));
        let keyless = service();
        let call =
            share_sealed(keyless, S, SharedEnvelope { epoch: 0, ..offered_with(id, "price", S) });
        assert_noop!(call, Error::NoKey);
        // A grant on a public data set gives no right to an envelope.
        grant(id, X, HOURS, RW, None);
        set_key(X, 1);
        let envelope =
            SharedEnvelope { data_set: b"hours".to_vec(), key_version: 1, ..fine_of(id) };
        let call = share_sealed(id, X, envelope);
        assert_noop!(call, Error::NotConfidential);
        grant(id, X, HOURS, Access::WRITE, None);
    });
}

fn fine_of(id: ContainerId) -> SharedEnvelope {
    offered_with(id, "price", X)
}

#[test]
fn unshare_fails_when_there_is_nothing_to_take() {
    run(|| {
        let one = [("hours", Access::WRITE)];
        assert_noop!(unshare_as(M, 0, &one), Error::ContainerNotFound);
        let id = service();
        assert_noop!(unshare_as(M, id, &one), Error::NotShared);
        assert_ok!(share_as(M, id, &one));
        for who in [C, S, X] {
            assert_noop!(unshare_as(who, id, &one), Error::NotOwner);
        }
        assert_noop!(unshare_as(M, id, &[]), Error::NothingToDo);
        assert_noop!(unshare_as(M, id, &[one[0]; 65]), Error::TooManyItems);
        for (bad, error) in [
            (("a/b", Access::WRITE), Error::InvalidName),
            (("nothing", Access::WRITE), Error::DataSetNotFound),
            (("hours", Access::NONE), Error::InvalidAccess),
            (("hours", odd()), Error::InvalidAccess),
            (("hours", Access::REMOVE), Error::NotShared),
            (("manual", Access::WRITE), Error::NotShared),
        ] {
            assert_noop!(unshare_as(M, id, &[one[0], bad]), error);
        }
        // A role is not a grant.
        assign(id, C, TECHNICIAN);
        assert_noop!(unshare(id, C, "hours", Access::WRITE), Error::NotShared);
        offer(id);
        assert_noop!(unshare_as(M, id, &one), Error::OfferPending);
        withdraw(id);
        // A grant on a retired data set can no longer be given, but can be taken away.
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"hours".to_vec()));
        assert_ok!(unshare_as(M, id, &one));
    });
}
