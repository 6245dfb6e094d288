// SPDX-License-Identifier: Apache-2.0

//! Handover of a container without a twin.

use super::{Error, Event};
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::{assert_ok, weights::Weight};
use sp_runtime::DispatchResult;
use twinchain_primitives::{
    assert_noop, Access, ContainerId, Containers as _, DataSetId, Moment, RoleId, SharedEnvelope,
};

fn offer_to(who: AccountId, id: ContainerId, to: AccountId, deadline: Moment) -> DispatchResult {
    outcome(DataContainer::offer_ownership(signed(who), id, to, deadline, all_envelopes(id, to)))
}

fn accept(who: AccountId, id: ContainerId, offer: u32) -> DispatchResult {
    outcome(DataContainer::accept_ownership(signed(who), id, offer))
}

fn cancel(who: AccountId, id: ContainerId) -> DispatchResult {
    outcome(DataContainer::cancel_offer(signed(who), id))
}

fn owner(id: ContainerId) -> AccountId {
    Containers::<Test>::get(id).unwrap().owner
}

/// Returns a container of M, with a key for the price whose seed M and S hold.
fn secret() -> ContainerId {
    let id = service();
    share(id, S, "price", Access::READ, None).unwrap();
    rotate(id, "price", &[S]);
    assign(id, X, TECHNICIAN);
    System::reset_events();
    id
}

/// Returns the rights that an account keeps when the container changes hands.
fn kept(
    account: AccountId,
    roles: &[RoleId],
    access: &[(DataSetId, Access)],
) -> KeptRights<AccountId> {
    let permission =
        |(data_set, access): &(_, _)| DataSetPermission { data_set: *data_set, access: *access };
    let access = access.iter().map(permission).collect();
    KeptRights { account, roles: roles.to_vec(), access }
}

fn decline(who: AccountId, id: ContainerId, offer: u32) -> DispatchResult {
    outcome(DataContainer::decline_offer(signed(who), id, offer))
}

fn holds_envelope(id: ContainerId, who: AccountId) -> bool {
    Envelopes::<Test>::contains_key((id, PRICE, 1, who))
}

#[test]
fn an_accepted_container_belongs_to_the_new_owner_only() {
    run(|| {
        let id = secret();
        // The earlier rights of C end when it becomes the owner.
        assert_ok!(share(id, C, "hours", Access::WRITE, None));
        System::reset_events();
        assert_ok!(offer_to(M, id, C, START + SLOT));
        let page = DataContainer::offers_to(C, None, 9);
        let info = OfferInfo {
            container: id,
            owner: M,
            offer: Offer { id: 0, to: C, deadline: START + SLOT },
            twin: None,
        };
        assert_eq!((page.items, page.next), (vec![info], None));
        // The offer discloses the seed to C.
        assert!(holds_envelope(id, C));
        next_blocks(1);
        assert_ok!(accept(C, id, 0));
        assert_eq!(
            events(),
            [
                Event::OwnershipOffered {
                    container: id,
                    stamp: STAMP,
                    offer: 0,
                    to: C,
                    deadline: START + SLOT,
                    twin: None
                },
                Event::EnvelopeSet {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    account: C,
                    segment: 1,
                    epoch: 1,
                    key_version: 1,
                    envelope: hash(&SEALED_SEED),
                },
                Event::OwnershipTransferred {
                    container: id,
                    stamp: STAMP,
                    from: M,
                    to: C,
                    offer: 0,
                    remaining: RemainingRights {
                        accounts: vec![
                            kept(S, &[], &[(PRICE, Access::READ)]),
                            kept(X, &[TECHNICIAN], &[]),
                        ],
                        more: false,
                    },
                },
                Event::Unshared {
                    container: id,
                    stamp: STAMP,
                    account: C,
                    data_set: HOURS,
                    access: Access::NONE,
                },
                Event::EnvelopeRemoved {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    account: M,
                    segment: 1,
                },
                Event::SealingLimited {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    valid_until: 0,
                    account: M,
                    reason: EndReason::OwnerChanged,
                },
            ]
        );
        assert_eq!(owner(id), C);
        assert_eq!(DataContainer::containers_of_owner(C, None, 9).items, [id]);
        assert!(DataContainer::containers_of_owner(M, None, 9).items.is_empty());
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        // The rights of other accounts stay, and those of the new owner are removed.
        let members: Vec<_> =
            DataContainer::members(id, None, 9).items.into_iter().map(|(who, _)| who).collect();
        assert!(members.contains(&S) && members.contains(&X) && members.len() == 2);
        // M keeps no rights, and C cannot seal values before a rotation.
        assert_noop!(set(M, id, "hours", b"1"), Error::NotPermitted);
        assert!(!holds_envelope(id, M) && holds_envelope(id, S) && holds_envelope(id, C));
        assert_noop!(set_sealed(C, id, "price", 1), Error::RotationDue);
        assert_eq!(rotate(id, "price", &[S]), 2);
        assert_ok!(set_sealed(C, id, "price", 2));
        assert_eq!(DataContainer::containers_of_owner(C, None, 9).items, [id]);
    });
}

#[test]
fn the_former_owner_keeps_what_it_granted_itself() {
    run(|| {
        let id = secret();
        assert_ok!(share(id, M, "price", Access::READ, None));
        assert_ok!(share(id, M, "hours", Access::WRITE, None));
        assert_ok!(offer_to(M, id, C, Moment::MAX));
        assert_ok!(accept(C, id, 0));
        assert!(holds_envelope(id, M));
        assert_ok!(set(M, id, "hours", b"1"));
        // After the next handover, C has none of its earlier rights.
        assert_eq!(rotate(id, "price", &[M]), 2);
        assert_ok!(offer_to(C, id, X, Moment::MAX));
        assert_ok!(accept(X, id, 1));
        assert!(!holds_envelope(id, C));
        assert!(AccountRights::<Test>::get(id, C).is_none());
    });
}

#[test]
fn a_closed_container_can_be_handed_over() {
    run(|| {
        let id = secret();
        close(id);
        assert_ok!(offer_to(M, id, C, Moment::MAX));
        assert_ok!(accept(C, id, 0));
        assert_eq!(owner(id), C);
        assert_eq!(rotate(id, "price", &[]), 2);
    });
}

#[test]
fn after_a_cancelled_offer_the_owner_stays_and_sealing_waits_for_rotation() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, Moment::MAX));
        assert_ok!(cancel(M, id));
        assert_ok!(offer_to(M, id, S, Moment::MAX));
        System::reset_events();
        assert_ok!(cancel(M, id));
        assert_eq!(events(), [Event::OfferCancelled { container: id, stamp: STAMP, offer: 1 }]);
        assert_eq!(owner(id), M);
        assert_noop!(accept(S, id, 1), Error::OfferNotFound);
        // S can read through a grant, and C cannot.
        assert!(holds_envelope(id, S) && !holds_envelope(id, C));
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
        rotate(id, "price", &[S]);
        assert_ok!(set_sealed(M, id, "price", 2));
    });
}

#[test]
fn a_renewed_offer_is_to_the_same_account_and_replaces_the_old_one() {
    run(|| {
        let id = secret();
        rotate(id, "offers", &[]);
        assert_ok!(offer_to(M, id, C, START));
        // A renewed offer to the same account only has a later deadline: no seed is sealed again.
        assert_ok!(offer_to(M, id, C, START + SLOT));
        assert_ok!(append_sealed(M, id, "offers", 1));
        assert_noop!(accept(C, id, 0), Error::WrongOffer);
        // A lapsed offer needs only a new deadline.
        set_time(START + SLOT + 1);
        assert_noop!(append_sealed(M, id, "offers", 1), Error::OfferLapsed);
        assert_noop!(rotate_call(id, &[C]), Error::OfferLapsed);
        assert_ok!(offer_to(M, id, C, START + 2 * SLOT));
        assert_ok!(append_sealed(M, id, "offers", 1));
        // Another account can get an offer only after this one is cancelled, lapsed or not.
        set_key(X, 1);
        assert_noop!(offer_to(M, id, X, Moment::MAX), Error::OfferPending);
        set_time(START + 2 * SLOT + 1);
        assert_noop!(offer_to(M, id, X, Moment::MAX), Error::OfferPending);
        assert_ok!(cancel(M, id));
        assert_ok!(offer_to(M, id, X, Moment::MAX));
        assert!(!holds_envelope(id, C) && holds_envelope(id, X));
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        assert_noop!(accept(C, id, 2), Error::NotOfferee);
        assert_ok!(accept(X, id, 3));
    });
}

#[test]
fn decline_offer_ends_the_offer_as_cancelling_does() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, START));
        System::reset_events();
        assert_ok!(decline(C, id, 0));
        assert_eq!(
            events(),
            [
                Event::OfferCancelled { container: id, stamp: STAMP, offer: 0 },
                Event::EnvelopeRemoved {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    account: C,
                    segment: 1
                },
                Event::SealingLimited {
                    container: id,
                    stamp: STAMP,
                    data_set: PRICE,
                    valid_until: 0,
                    account: C,
                    reason: EndReason::OfferEnded,
                },
            ]
        );
        assert_eq!(owner(id), M);
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
        // The offeree can decline before the deadline, and also after it without waiting for the
        // owner.
        assert_ok!(offer_to(M, id, C, START));
        set_time(START + 1);
        assert_ok!(decline(C, id, 1));
    });
}

#[test]
fn decline_offer_fails_when_it_is_to_another_account_or_has_ended() {
    run(|| {
        assert_noop!(decline(C, 0, 0), Error::ContainerNotFound);
        let id = service();
        assert_noop!(decline(C, id, 0), Error::OfferNotFound);
        assert_ok!(offer_to(M, id, C, START));
        for who in [M, S, X] {
            assert_noop!(decline(who, id, 0), Error::NotOfferee);
        }
        assert_noop!(decline(C, id, 1), Error::WrongOffer);
        assert_ok!(offer_to(M, id, C, START));
        assert_noop!(decline(C, id, 0), Error::WrongOffer);
        assert_ok!(decline(C, id, 1));
        assert_noop!(decline(C, id, 1), Error::OfferNotFound);
        let bundle = DataContainer::offer(&M, &C, START, 7, id, vec![], &mut Weight::zero());
        assert_ok!(bundle);
        assert_noop!(decline(C, id, 2), Error::OfferedWithTwin);
    });
}

#[test]
fn any_account_can_cancel_a_lapsed_offer() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, START));
        assert_noop!(cancel(X, id), Error::NotOwner);
        set_time(START + 1);
        assert_ok!(cancel(X, id));
        assert!(DataContainer::offers_to(C, None, 9).items.is_empty());
        assert!(!holds_envelope(id, C));
        assert_noop!(set_sealed(M, id, "price", 1), Error::RotationDue);
        assert_noop!(cancel(X, id), Error::OfferNotFound);
    });
}

#[test]
fn a_handover_lists_the_rights_of_16_accounts_and_reports_that_more_exist() {
    run(|| {
        let id = service();
        let remaining = |offer| {
            assert_ok!(offer_to(owner(id), id, 5 + u64::from(offer % 2), Moment::MAX));
            assert_ok!(accept(5 + u64::from(offer % 2), id, offer));
            let transferred = events().into_iter().rev().find_map(|event| match event {
                Event::OwnershipTransferred { remaining, .. } => Some(remaining),
                _ => None,
            });
            transferred.unwrap()
        };
        for account in 100..116 {
            assign(id, account, TECHNICIAN);
        }
        // An expired grant gives no access.
        set_time(START);
        assert_ok!(share(id, 100, "hours", Access::WRITE, Some(START)));
        set_time(START + 1);
        let first = remaining(0);
        assert!(!first.more);
        let mut accounts: Vec<_> = first.accounts.iter().map(|kept| kept.account).collect();
        accounts.sort_unstable();
        assert_eq!(accounts, (100..116).collect::<Vec<_>>());
        let all = first.accounts.iter();
        assert!(all.clone().all(|kept| kept.roles == [TECHNICIAN] && kept.access.is_empty()));
        assign(id, 116, TECHNICIAN);
        let second = remaining(1);
        assert!(second.more && second.accounts.len() == 16);
    });
}

#[test]
fn while_on_offer_the_owner_can_append_and_others_can_write() {
    run(|| {
        let id = secret();
        rotate(id, "offers", &[]);
        assert_ok!(set(M, id, "hours", b"1"));
        assert_ok!(share(id, S, "price", Access::WRITE, None));
        assert_ok!(share(id, M, "hours", Access::WRITE, None));
        offer(id);
        // A grant that the owner gave itself makes no difference.
        assert_noop!(set(M, id, "hours", b"2"), Error::OfferPending);
        assert_noop!(set_sealed(M, id, "price", 1), Error::OfferPending);
        let stored = DataContainer::store(signed(M), id, vec![new_value("hours", "2")]);
        assert_noop!(stored, Error::OfferPending);
        assert_ok!(append(M, id, "usageLog", &[r#"{"hours":1}"#]));
        assert_ok!(append_sealed(M, id, "offers", 1));
        assert_ok!(append(X, id, "usageLog", &[r#"{"hours":1}"#]));
        assert_ok!(set(X, id, "hours", b"3"));
        assert_ok!(set_sealed(S, id, "price", 1));
        let can = |who, set: &str, access| DataContainer::can(id, set.into(), who, access);
        assert!(!can(M, "hours", Access::WRITE) && !can(M, "hours", Access::REMOVE));
        assert!(can(M, "usageLog", Access::WRITE) && can(X, "hours", Access::WRITE));
    });
}

/// Rotates the key of the price for its owner and these readers.
fn rotate_call(id: ContainerId, readers: &[AccountId]) -> DispatchResult {
    let key = data_set(id, "price").key.unwrap();
    let envelope = |reader: &AccountId| ReaderEnvelope {
        reader: *reader,
        key_version: key_version(*reader),
        envelope: SEALED_SEED.to_vec(),
    };
    outcome(DataContainer::rotate_key(
        signed(M),
        id,
        b"price".to_vec(),
        key.epoch,
        SUITE,
        seeded_key((id, key.epoch)),
        link(key.epoch),
        key_version(M),
        SEALED_SEED.to_vec(),
        readers.iter().map(envelope).collect(),
    ))
}

#[test]
fn a_key_can_be_rotated_on_offer_if_the_offeree_gets_the_seed() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, START + SLOT));
        assert_noop!(rotate_call(id, &[S]), Error::MissingEnvelope { data_set: PRICE });
        assert_ok!(rotate_call(id, &[S, C]));
        // The offer can still be accepted: C can open what is sealed now.
        let readers = DataContainer::readers(id, b"price".to_vec(), None, 9).items;
        assert!(readers.iter().all(|reader| reader.envelope == EnvelopeState::Current));
        let state = |who| DataContainer::envelope_state(id, &data_set(id, "price"), &who);
        assert_eq!(state(C), EnvelopeState::Current);
        assert_ok!(accept(C, id, 0));
    });
}

#[test]
fn offer_ownership_fails_when_the_caller_or_an_argument_is_wrong() {
    run(|| {
        assert_noop!(offer_to(M, 0, C, Moment::MAX), Error::ContainerNotFound);
        let id = service();
        assert_noop!(offer_to(C, id, X, Moment::MAX), Error::NotOwner);
        assert_noop!(offer_to(M, id, M, Moment::MAX), Error::OfferToSelf);
        assert_noop!(offer_to(M, id, C, START - 1), Error::InvalidExpiry);
        assert_ok!(offer_to(M, id, C, START));
        assert_noop!(offer_to(M, id, X, START), Error::OfferPending);
        Containers::<Test>::mutate_extant(id, |found| found.offers = u32::MAX);
        assert_noop!(offer_to(M, id, C, START), Error::IdsExhausted);
    });
}

#[test]
fn offer_ownership_fails_when_the_new_owner_could_not_read() {
    run(|| {
        let id = secret();
        let call = |envelopes| DataContainer::offer_ownership(signed(M), id, C, START, envelopes);
        assert_noop!(call(vec![]), Error::MissingEnvelope { data_set: PRICE });
        let fine = offered_with(id, "price", C);
        let of = |set: &str| SharedEnvelope { data_set: set.into(), ..fine.clone() };
        for (bad, error) in [
            (of("a/b"), Error::InvalidName),
            (of("nothing"), Error::DataSetNotFound),
            (of("hours"), Error::NotConfidential),
            (of("offers"), Error::NoKey),
            (SharedEnvelope { epoch: 2, ..fine.clone() }, Error::StaleEpoch),
            (SharedEnvelope { key_version: 2, ..fine.clone() }, Error::StaleKeyVersion),
            (SharedEnvelope { envelope: vec![7; 81], ..fine.clone() }, Error::InvalidSealedSeed),
        ] {
            assert_noop!(call(vec![fine.clone(), bad]), error);
        }
        assert_noop!(call(vec![fine.clone(); 65]), Error::TooManyEnvelopes);
        let keyless = DataContainer::offer_ownership(signed(M), id, X, START, vec![fine.clone()]);
        assert_noop!(keyless, Error::NoEncryptionKey);
        // A retired data set is disclosed as well if it holds values.
        let empty = service();
        rotate(empty, "price", &[]);
        assert_ok!(DataContainer::retire_data_set(signed(M), empty, b"price".to_vec()));
        let offer =
            |envelopes| DataContainer::offer_ownership(signed(M), empty, C, START, envelopes);
        assert_noop!(offer(vec![fine.clone()]), Error::DataSetRetired);
        assert_ok!(offer(vec![]));
        assert_ok!(set_sealed(M, id, "price", 1));
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        assert_noop!(call(vec![]), Error::MissingEnvelope { data_set: PRICE });
        assert_ok!(call(vec![fine]));
        // An account that can already read needs no envelope.
        let other = secret();
        assert_ok!(DataContainer::offer_ownership(signed(M), other, S, START, vec![]));
    });
}

#[test]
fn accept_ownership_fails_when_the_offer_is_to_another_account_or_has_ended() {
    run(|| {
        assert_noop!(accept(C, 0, 0), Error::ContainerNotFound);
        let id = service();
        assert_noop!(accept(C, id, 0), Error::OfferNotFound);
        assert_ok!(offer_to(M, id, C, START));
        for who in [M, S, X] {
            assert_noop!(accept(who, id, 0), Error::NotOfferee);
        }
        assert_noop!(accept(C, id, 1), Error::WrongOffer);
        set_time(START + 1);
        assert_noop!(accept(C, id, 0), Error::OfferLapsed);
        assert_ok!(cancel(M, id));
        assert_noop!(accept(C, id, 0), Error::OfferNotFound);
    });
}

#[test]
fn accept_ownership_fails_when_it_is_offered_with_a_twin() {
    run(|| {
        let id = secret();
        let spent = &mut Weight::zero();
        let bundle = |twin, to, spent: &mut Weight| {
            DataContainer::offer(&M, &to, START, twin, id, all_envelopes(id, to), spent)
        };
        assert_ok!(bundle(7, C, spent));
        assert_noop!(accept(C, id, 0), Error::OfferedWithTwin);
        assert_eq!(DataContainer::offers_to(C, None, 9).items[0].twin, Some(7));
        let take = |owner, to, twin| {
            let taken = DataContainer::accept(&owner, &to, twin, id, &mut Weight::zero());
            if taken.is_err() {
                assert_eq!(taken, Err(Error::NotOfferedWithTwin.into()));
            }
            taken.is_ok()
        };
        assert!(!take(M, C, 8) && !take(M, S, 7) && !take(X, C, 7));
        // Cancelling with another twin does not end this offer.
        DataContainer::cancel(&M, 8, id, spent);
        assert!(OfferedWith::<Test>::contains_key(id));
        // An offer without the twin replaces it, so the twin can no longer accept it.
        assert_ok!(offer_to(M, id, C, START));
        assert!(!take(M, C, 7));
        DataContainer::cancel(&M, 7, id, spent);
        assert!(Containers::<Test>::get(id).unwrap().offer.is_some());
        assert_ok!(bundle(7, C, spent));
        assert!(take(M, C, 7));
        assert_eq!(owner(id), C);
        let none = DataContainer::accept(&M, &C, 7, 99, spent);
        assert_eq!(none, Err(Error::ContainerNotFound.into()));
        let again = frame_support::storage::with_storage_layer(|| {
            DataContainer::accept(&M, &C, 7, id, spent)
        });
        assert_noop!(again, Error::NotOfferedWithTwin);
    });
}

#[test]
fn cancel_offer_fails_when_no_offer_exists_or_the_caller_is_not_the_owner() {
    run(|| {
        assert_noop!(cancel(M, 0), Error::ContainerNotFound);
        let id = service();
        assert_noop!(cancel(M, id), Error::OfferNotFound);
        offer(id);
        assert_noop!(cancel(C, id), Error::NotOwner);
        assert_ok!(cancel(M, id));
        assert_noop!(cancel(M, id), Error::OfferNotFound);
    });
}

/// Gives a reader the seed of an epoch of the price, on behalf of the owner.
fn give(id: ContainerId, reader: AccountId, epoch: u32) -> DispatchResult {
    outcome(DataContainer::set_envelope(
        signed(M),
        id,
        b"price".to_vec(),
        reader,
        epoch,
        key_version(reader),
        vec![9; 80],
    ))
}

#[test]
fn while_on_offer_readers_get_the_current_seed_and_the_offeree_none_twice() {
    run(|| {
        let id = secret();
        assert_ok!(share(id, X, "price", Access::READ, None));
        for who in [C, S, X] {
            key_version(who);
        }
        assert_ok!(offer_to(M, id, C, START + SLOT));
        // The owner cannot replace the envelope that the offeree has opened.
        assert_noop!(give(id, C, 1), Error::OfferPending);
        let many = |reader, epoch| {
            let envelope = ReaderEnvelope { reader, key_version: 1, envelope: vec![9; 80] };
            let set = b"price".to_vec();
            outcome(DataContainer::set_envelopes(signed(M), id, set, epoch, vec![envelope]))
        };
        assert_noop!(many(C, 1), Error::OfferPending);
        // An offeree with a new key needs a new envelope.
        set_key(C, 2);
        assert_ok!(give(id, C, 1));
        assert_noop!(give(id, C, 1), Error::OfferPending);
        // A reader that a rotation left out can get the seed afterwards.
        assert_ok!(rotate_call(id, &[S, C]));
        assert_ok!(give(id, X, 2));
        assert!(holds_envelope(id, X));
        // The history cannot be cut.
        let key = data_set(id, "price").key.unwrap();
        let envelope = |reader| ReaderEnvelope {
            reader,
            key_version: key_version(reader),
            envelope: SEALED_SEED.to_vec(),
        };
        let cut = DataContainer::rotate_key(
            signed(M),
            id,
            b"price".to_vec(),
            key.epoch,
            SUITE,
            seeded_key("another"),
            PreviousSeed::Cut,
            1,
            SEALED_SEED.to_vec(),
            vec![envelope(C)],
        );
        assert_noop!(cut, Error::OfferPending);
    });
}

#[test]
fn a_handover_lists_no_rights_when_many_accounts_lost_theirs_in_the_block() {
    run(|| {
        let (id, other) = (service(), service());
        assign(id, S, TECHNICIAN);
        let remaining = |offer| {
            let (from, to) = if offer % 2 == 0 { (M, C) } else { (C, M) };
            assert_ok!(offer_to(from, id, to, Moment::MAX));
            System::reset_events();
            assert_ok!(accept(to, id, offer));
            let transferred = events().into_iter().find_map(|event| match event {
                Event::OwnershipTransferred { remaining, .. } => Some(remaining),
                _ => None,
            });
            transferred.unwrap()
        };
        for account in 100..165 {
            assert_ok!(share(other, account, "hours", Access::WRITE, None));
            assert_ok!(DataContainer::leave(signed(account), other));
            if account == 163 {
                let listed = remaining(0);
                assert_eq!((listed.accounts.len(), listed.more), (1, false));
            }
        }
        let listed = remaining(1);
        assert_eq!((listed.accounts.len(), listed.more), (0, true));
        next_blocks(1);
        assert_eq!(remaining(2).accounts.len(), 1);
    });
}

#[test]
fn set_envelope_fails_when_the_offer_has_lapsed() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, START));
        set_time(START + 1);
        assert_noop!(give(id, C, 1), Error::OfferLapsed);
        assert_noop!(give(id, S, 1), Error::OfferLapsed);
        assert_ok!(give(id, M, 1));
    });
}

#[test]
fn set_envelopes_fails_when_the_offer_has_lapsed() {
    run(|| {
        let id = secret();
        assert_ok!(offer_to(M, id, C, START));
        set_time(START + 1);
        for reader in [C, S] {
            let envelope = ReaderEnvelope { reader, key_version: 1, envelope: vec![9; 80] };
            let set = b"price".to_vec();
            let call = DataContainer::set_envelopes(signed(M), id, set, 1, vec![envelope]);
            assert_noop!(call, Error::OfferLapsed);
        }
    });
}
