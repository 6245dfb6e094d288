// SPDX-License-Identifier: Apache-2.0

//! Keys of accounts and data sets, envelopes, and sealed values.

use super::{Error, Event};
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId, Moment};

const RW: Access = Access::ALL.without(Access::REMOVE);

/// The arguments of a rotation. A test changes the one that is wrong.
#[derive(Clone)]
struct New {
    set: &'static str,
    epoch: u32,
    suite: u8,
    public: Vec<u8>,
    previous: PreviousSeed,
    version: u32,
    readers: Vec<(AccountId, u32)>,
}

fn new(set: &'static str) -> New {
    let public = public_key(50);
    let previous = PreviousSeed::Cut;
    New { set, epoch: 0, suite: SUITE, public, previous, version: 1, readers: vec![] }
}

fn rotate_as(who: AccountId, id: ContainerId, new: New) -> DispatchResult {
    let envelope = |(reader, key_version): &(AccountId, u32)| ReaderEnvelope {
        reader: *reader,
        key_version: *key_version,
        envelope: SEALED_SEED.to_vec(),
    };
    outcome(DataContainer::rotate_key(
        signed(who),
        id,
        new.set.into(),
        new.epoch,
        new.suite,
        new.public,
        new.previous,
        new.version,
        SEALED_SEED.to_vec(),
        new.readers.iter().map(envelope).collect(),
    ))
}

fn set_envelope(
    who: AccountId,
    id: ContainerId,
    set: &str,
    reader: AccountId,
    epoch: u32,
    version: u32,
) -> DispatchResult {
    let seed = vec![8; 80];
    outcome(DataContainer::set_envelope(signed(who), id, set.into(), reader, epoch, version, seed))
}

/// Sets the next key of an account.
fn set_encryption_key(who: AccountId, public: Vec<u8>) -> DispatchResult {
    let replaces = EncryptionKeys::<Test>::get(who).map_or(0, |key| key.version);
    DataContainer::set_encryption_key(signed(who), SUITE, public, replaces, false)
}

/// Returns public keys that are not weak and are not the canonical encoding of their number.
fn second_encodings() -> [Vec<u8>; 2] {
    let mut top_bit = public_key(50);
    top_bit[31] |= 0x80;
    let mut above_the_field = vec![0xff; 32];
    above_the_field[31] = 0x7f;
    [top_bit, above_the_field]
}

fn state(id: ContainerId, who: AccountId) -> EnvelopeState {
    let page = DataContainer::readers(id, b"price".to_vec(), None, 99);
    page.items.iter().find(|reader| reader.account == who).unwrap().envelope
}

#[test]
fn keys_of_an_account_are_numbered_and_can_change_after_600_blocks() {
    run(|| {
        assert_eq!(DataContainer::encryption_key(C), None);
        assert_ok!(set_encryption_key(C, vec![5; 32]));
        let event = |version, first| Event::EncryptionKeySet {
            account: C,
            version,
            suite: SUITE,
            public: vec![first; 32].try_into().unwrap(),
            leaked: false,
        };
        assert_eq!(events(), [event(1, 5)]);
        next_blocks(599);
        assert_noop!(set_encryption_key(C, vec![6; 32]), Error::KeyChangedRecently);
        next_blocks(1);
        assert_ok!(set_encryption_key(C, vec![6; 32]));
        let key = DataContainer::encryption_key(C).unwrap();
        assert_eq!((key.version, &key.key.public[..], key.since), (2, &[6; 32][..], 601));
        assert_eq!(events()[1..], [event(2, 6)]);
        // All versions are kept.
        let page = |from, limit| DataContainer::encryption_keys(C, from, limit);
        let found: Vec<_> =
            page(0, 99).items.into_iter().map(|(version, key)| (version, key.public[0])).collect();
        assert_eq!(found, [(1, 5), (2, 6)]);
        assert_eq!((page(1, 1).items.len(), page(1, 1).next), (1, Some(2)));
        assert!(page(3, 9).items.is_empty());
    });
}

#[test]
fn set_encryption_key_fails_when_it_is_weak_or_too_soon_or_the_last() {
    run(|| {
        let mut one = vec![0; 32];
        one[0] = 1;
        for weak in [vec![0; 32], one] {
            assert_noop!(set_encryption_key(C, weak), Error::WeakKey);
        }
        for other_encoding in second_encodings() {
            assert_noop!(set_encryption_key(C, other_encoding), Error::NonCanonicalKey);
        }
        for length in [0, 31, 33, 1_216, 9_999] {
            assert_noop!(set_encryption_key(C, vec![5; length]), Error::InvalidPublicKey);
        }
        let set = |suite, replaces, leaked| {
            let key = vec![5; 32];
            DataContainer::set_encryption_key(signed(C), suite, key, replaces, leaked)
        };
        for suite in [0, 2, 255] {
            assert_noop!(set(suite, 0, false), Error::UnsupportedSuite);
        }
        assert_noop!(set(SUITE, 1, false), Error::StaleKeyVersion);
        assert_noop!(set(SUITE, 0, true), Error::NoEncryptionKey);
        assert_ok!(set_encryption_key(C, vec![5; 32]));
        for replaces in [0, 2] {
            assert_noop!(set(SUITE, replaces, false), Error::StaleKeyVersion);
        }
        assert_noop!(set_encryption_key(C, vec![5; 32]), Error::KeyUnchanged);
        assert_noop!(set_encryption_key(C, vec![6; 32]), Error::KeyChangedRecently);
        // Another account can have the same key. This account cannot use an earlier one again.
        assert_ok!(set_encryption_key(X, vec![5; 32]));
        next_blocks(600);
        assert_ok!(set_encryption_key(C, vec![6; 32]));
        next_blocks(600);
        assert_noop!(set_encryption_key(C, vec![5; 32]), Error::KeyUsed);
        set_key(S, 1);
        EncryptionKeys::<Test>::mutate(S, |key| key.as_mut().unwrap().version = u32::MAX);
        next_blocks(600);
        assert_noop!(set_encryption_key(S, vec![5; 32]), Error::IdsExhausted);
        EncryptionKeys::<Test>::mutate(S, |key| key.as_mut().unwrap().version = 1);
    });
}

#[test]
fn epochs_follow_each_other_and_are_read_in_order() {
    run(|| {
        let id = service();
        let due = || DataContainer::rotations_due(id, None, None).items;
        let without_key = |set| DueRotation { data_set: name(set), end: None };
        assert_eq!(due(), [without_key("price"), without_key("offers")]);
        assert_noop!(set_sealed(M, id, "price", 0), Error::NoKey);
        assert_ok!(rotate_as(M, id, new("price")));
        let rotated = |epoch, segment, public: Vec<u8>, previous| Event::KeyRotated {
            container: id,
            stamp: STAMP,
            data_set: PRICE,
            epoch,
            suite: SUITE,
            segment,
            public: public.try_into().unwrap(),
            previous,
        };
        let enveloped = |epoch, segment| Event::EnvelopeSet {
            container: id,
            stamp: STAMP,
            data_set: PRICE,
            account: M,
            segment,
            epoch,
            key_version: 1,
            envelope: hash(&SEALED_SEED),
        };
        assert_eq!(events(), [rotated(1, 1, public_key(50), None), enveloped(1, 1)]);
        let linked = New { epoch: 1, public: vec![60; 32], previous: link(1), ..new("price") };
        assert_ok!(rotate_as(M, id, linked));
        let told = rotated(2, 1, vec![60; 32], Some(hash(&SEALED_SEED)));
        assert_eq!(events()[2..], [told, enveloped(2, 1)]);
        let cut = New { epoch: 2, public: vec![70; 32], ..new("price") };
        assert_ok!(rotate_as(M, id, cut));
        let page = |from, limit| DataContainer::epochs(id, b"price".to_vec(), from, limit);
        let found: Vec<_> = page(0, 99)
            .items
            .into_iter()
            .map(|(number, epoch)| {
                (number, epoch.segment, epoch.public[0], epoch.previous.is_some())
            })
            .collect();
        assert_eq!(found, [(1, 1, 50, false), (2, 1, 60, true), (3, 2, 70, false)]);
        assert_eq!((page(2, 1).items.len(), page(2, 1).next), (1, Some(3)));
        assert!(page(4, 9).items.is_empty());
        assert!(DataContainer::epochs(id, b"hours".to_vec(), 0, 9).items.is_empty());
        assert_eq!(due(), [without_key("offers")]);
    });
}

#[test]
fn readers_without_a_current_envelope_are_reported() {
    run(|| {
        let id = service();
        assert_ok!(share(id, S, "price", RW, Some(START + 9 * SLOT)));
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_ok!(share(id, X, "price", Access::WRITE, None));
        rotate(id, "price", &[S]);
        assert_eq!((state(id, M), state(id, S)), (EnvelopeState::Current, EnvelopeState::Current));
        assert_eq!(state(id, C), EnvelopeState::Missing);
        // S can read only until an end, so nothing can be sealed after it.
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, START + 9 * SLOT);
        rotate(id, "price", &[C]);
        assert_eq!((state(id, S), state(id, C)), (EnvelopeState::OldEpoch, EnvelopeState::Current));
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, Moment::MAX);
        set_key(C, 2);
        assert_eq!(state(id, C), EnvelopeState::OldKey);
        let page = DataContainer::readers(id, b"price".to_vec(), None, 99);
        assert_eq!(page.items.len(), 3, "an account that only writes is not a reader");
        assert!(DataContainer::readers(id, b"hours".to_vec(), None, 99).items.is_empty());
        assert!(DataContainer::readers(9, b"price".to_vec(), None, 99).items.is_empty());
        // Pages of one item.
        let (mut seen, mut after) = (0, None);
        loop {
            let page = DataContainer::readers(id, b"price".to_vec(), after, 1);
            seen += page.items.len();
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, 3);
    });
}

#[test]
fn an_envelope_for_an_old_key_fails_and_the_reader_can_seal_a_new_one() {
    run(|| {
        let id = service();
        set_key(C, 1);
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[]);
        next_blocks(600);
        assert_ok!(set_envelope(M, id, "price", C, 1, 1));
        assert_ok!(set_encryption_key(C, vec![66; 32]));
        // This envelope is for the old key.
        assert_noop!(set_envelope(M, id, "price", C, 1, 1), Error::StaleKeyVersion);
        assert_eq!(state(id, C), EnvelopeState::OldKey);
        assert_ok!(set_envelope(C, id, "price", C, 1, 2));
        assert_eq!(state(id, C), EnvelopeState::Current);
    });
}

#[test]
fn giving_the_seed_to_a_reader_with_an_end_limits_sealing() {
    run(|| {
        let id = service();
        assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
        rotate(id, "price", &[]);
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, Moment::MAX);
        key_version(S);
        assert_ok!(set_envelope(M, id, "price", S, 1, 1));
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, START + SLOT);
    });
}

#[test]
fn the_owner_can_read_a_retired_data_set_until_it_is_purged() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "offers", Access::READ, None));
        rotate(id, "offers", &[C]);
        assert_ok!(append_sealed(M, id, "offers", 1));
        let batch = &DataContainer::batches(id, b"offers".to_vec(), 0, 9).items[0].stored;
        assert_eq!((batch.author, batch.block, batch.time), (M, 1, START));
        assert!(matches!(batch.items[0], Some(StoredValue::Sealed { epoch: 1, .. })));
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"offers".to_vec()));
        assert!(!DataContainer::can(id, b"offers".to_vec(), C, Access::READ));
        assert!(DataContainer::can(id, b"offers".to_vec(), M, Access::READ));
        assert_ok!(set_envelope(M, id, "offers", M, 1, 1));
        assert_noop!(set_envelope(C, id, "offers", C, 1, 1), Error::DataSetRetired);
        let purge = |limit| DataContainer::purge(signed(M), id, b"offers".to_vec(), limit);
        // The batch, two envelopes and an epoch.
        for _ in 0..4 {
            assert_ok!(purge(1));
            assert_ok!(DataContainer::do_try_state());
        }
        assert_noop!(purge(1), Error::NothingToDo);
        assert_eq!(data_set(id, "offers").key, None);
        assert_eq!(Envelopes::<Test>::iter().count() + Epochs::<Test>::iter().count(), 0);
    });
}

#[test]
fn epochs_are_read_in_pages_and_purged_from_the_newest() {
    run(|| {
        let id = service();
        for _ in 0..5 {
            rotate(id, "price", &[]);
        }
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        let purge = |limit| DataContainer::purge(signed(M), id, b"price".to_vec(), limit);
        // An envelope and two epochs.
        assert_ok!(purge(3));
        let page = |from, limit| {
            let page = DataContainer::epochs(id, b"price".to_vec(), from, limit);
            let numbers: Vec<_> = page.items.iter().map(|(number, _)| *number).collect();
            (numbers, page.next)
        };
        assert_eq!(page(0, 2), (vec![1, 2], Some(3)));
        assert_eq!(page(3, 256), (vec![3], None));
        assert_eq!(page(4, 1), (vec![], None));
        assert_eq!(page(u32::MAX, 256), (vec![], None));
        assert_ok!(purge(64));
        assert_eq!(data_set(id, "price").key, None);
    });
}

#[test]
fn purge_fails_when_too_many_envelopes_were_removed_in_this_block() {
    run(|| {
        service();
        let container = |set: &str| {
            let id = instantiate(M, 0);
            rotate(id, set, &[]);
            id
        };
        let retire = |id, set: &str| {
            assert_ok!(DataContainer::retire_data_set(signed(M), id, set.into()));
            id
        };
        let all: Vec<_> = (0..9).map(|_| retire(container("price"), "price")).collect();
        let purge = |id, set: &str, limit| DataContainer::purge(signed(M), id, set.into(), limit);
        for id in &all[..8] {
            assert_ok!(purge(*id, "price", 1));
        }
        for id in [all[0], all[8]] {
            assert_noop!(purge(id, "price", 64), Error::PurgedEnough);
        }
        // Batches are cleared by number, so the call succeeds without a search.
        let log = container("offers");
        for _ in 0..3 {
            assert_ok!(append_sealed(M, log, "offers", 1));
        }
        retire(log, "offers");
        assert_ok!(purge(log, "offers", 64));
        let log_set = data_set(log, "offers");
        assert!(log_set.batches == 0 && log_set.key.is_some());
        assert_noop!(purge(log, "offers", 64), Error::PurgedEnough);
        next_blocks(1);
        assert_ok!(purge(log, "offers", 64));
        assert_eq!(data_set(log, "offers").key, None);
        assert_ok!(purge(all[8], "price", 64));
        // Envelopes that other calls remove count as well.
        next_blocks(1);
        let shared = container("price");
        for who in 100..100 + u64::from(MAX_REMOVED_BEFORE_SEARCH) {
            grant(shared, who, PRICE, Access::READ, None);
            let envelope = Envelopes::<Test>::get((shared, PRICE, 1, M)).unwrap();
            Envelopes::<Test>::insert((shared, PRICE, 1, who), envelope);
            assert_ok!(unshare(shared, who, "price", Access::READ));
        }
        assert_noop!(purge(all[0], "price", 64), Error::PurgedEnough);
        next_blocks(1);
        assert_ok!(purge(all[0], "price", 64));
    });
}

#[test]
fn an_empty_retired_data_set_needs_no_envelope() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        rotate(id, "offers", &[]);
        assert_ok!(append_sealed(M, id, "offers", 1));
        for set in ["price", "offers"] {
            assert_ok!(DataContainer::retire_data_set(signed(M), id, set.into()));
        }
        assert_noop!(set_envelope(M, id, "price", M, 1, 1), Error::DataSetRetired);
        assert_ok!(set_envelope(M, id, "offers", M, 1, 1));
        // The offeree needs an envelope for the offers, and none for the price.
        key_version(C);
        let offer =
            |envelopes| DataContainer::offer_ownership(signed(M), id, C, START + SLOT, envelopes);
        assert_noop!(offer(vec![]), Error::MissingEnvelope { data_set: OFFERS });
        assert_noop!(offer(vec![offered_with(id, "price", C)]), Error::DataSetRetired);
        assert_ok!(offer(vec![offered_with(id, "offers", C)]));
    });
}

#[test]
fn rotate_key_fails_when_the_caller_is_not_the_owner_or_the_offer_forbids_it() {
    run(|| {
        assert_noop!(rotate_as(M, 0, new("price")), Error::ContainerNotFound);
        let id = service();
        assert_ok!(share(id, C, "price", RW, None));
        for who in [C, S, X] {
            assert_noop!(rotate_as(who, id, new("price")), Error::NotOwner);
        }
        offer(id);
        let rotated = rotate_as(M, id, new("price"));
        assert_noop!(rotated, Error::MissingEnvelope { data_set: PRICE });
        withdraw(id);
        // The history cannot be cut.
        rotate(id, "price", &[C]);
        offer(id);
        let next = || New { epoch: 1, ..new("price") };
        assert_noop!(rotate_as(M, id, next()), Error::OfferPending);
        withdraw(id);
        assert_ok!(DataContainer::offer_ownership(signed(M), id, C, START, vec![]));
        set_time(START + 1);
        assert_noop!(rotate_as(M, id, next()), Error::OfferLapsed);
        withdraw(id);
        close(id);
        assert_ok!(rotate_as(M, id, next()));
    });
}

#[test]
fn rotate_key_fails_when_the_data_set_cannot_have_a_key() {
    run(|| {
        let id = service();
        assert_noop!(rotate_as(M, id, new("a/b")), Error::InvalidName);
        assert_noop!(rotate_as(M, id, new("nothing")), Error::DataSetNotFound);
        assert_noop!(rotate_as(M, id, new("hours")), Error::NotConfidential);
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"offers".to_vec()));
        assert_noop!(rotate_as(M, id, new("offers")), Error::DataSetRetired);
    });
}

#[test]
fn rotate_key_fails_when_an_argument_is_invalid() {
    run(|| {
        let id = service();
        let fine = new("price");
        let after = New { epoch: 1, previous: link(1), ..fine.clone() };
        assert_noop!(rotate_as(M, id, after.clone()), Error::StaleEpoch);
        let linked = New { previous: link(1), ..fine.clone() };
        assert_noop!(rotate_as(M, id, linked), Error::NoKey);
        assert_noop!(rotate_as(M, id, New { public: vec![0; 32], ..fine.clone() }), Error::WeakKey);
        for public in second_encodings() {
            let key = New { public, ..fine.clone() };
            assert_noop!(rotate_as(M, id, key), Error::NonCanonicalKey);
        }
        for suite in [0, 2, 255] {
            let other = New { suite, ..fine.clone() };
            assert_noop!(rotate_as(M, id, other), Error::UnsupportedSuite);
        }
        for length in [0, 31, 33, 1_216, 9_999] {
            let odd = New { public: vec![5; length], ..fine.clone() };
            assert_noop!(rotate_as(M, id, odd), Error::InvalidPublicKey);
        }
        for version in [0, 2] {
            let stale = New { version, ..fine.clone() };
            assert_noop!(rotate_as(M, id, stale), Error::StaleKeyVersion);
        }
        assert_ok!(rotate_as(M, id, fine.clone()));
        assert_noop!(rotate_as(M, id, fine), Error::StaleEpoch);
        // The current key: accounts that hold its seed could continue to read.
        assert_noop!(rotate_as(M, id, after.clone()), Error::KeyUnchanged);
        // An earlier key of it, or the key of another data set in any container.
        let next = New { public: public_key(51), ..after.clone() };
        assert_ok!(rotate_as(M, id, next.clone()));
        let back = New { epoch: 2, previous: link(1), ..new("price") };
        assert_noop!(rotate_as(M, id, back), Error::KeyUsed);
        let other = instantiate(M, 0);
        assert_noop!(rotate_as(M, other, New { set: "offers", ..new("price") }), Error::KeyUsed);
        let after = New { epoch: 2, public: public_key(52), ..after };
        for length in [0, 1, 79, 81] {
            let odd = New { previous: PreviousSeed::Link(vec![1; length]), ..after.clone() };
            assert_noop!(rotate_as(M, id, odd), Error::InvalidSealedSeed);
        }
        DataSets::<Test>::mutate(id, name("offers"), |set| {
            let key = EpochKey { epoch: u32::MAX, suite: SUITE, segment: 1, valid_until: 0 };
            set.as_mut().unwrap().key = Some(key);
        });
        let last = New { epoch: u32::MAX, public: public_key(53), ..new("offers") };
        assert_noop!(rotate_as(M, id, last), Error::IdsExhausted);
        DataSets::<Test>::mutate(id, name("offers"), |set| set.as_mut().unwrap().key = None);
    });
}

#[test]
fn rotate_key_fails_when_an_account_may_not_read_or_has_no_key() {
    run(|| {
        let id = service();
        let with = |readers: &[(AccountId, u32)]| New { readers: readers.to_vec(), ..new("price") };
        EncryptionKeys::<Test>::remove(M);
        assert_noop!(rotate_as(M, id, with(&[])), Error::NoEncryptionKey);
        key_version(M);
        assert_noop!(rotate_as(M, id, with(&[(C, 1)])), Error::NotAReader);
        assert_ok!(share(id, C, "price", Access::WRITE, None));
        assert_noop!(rotate_as(M, id, with(&[(C, 1)])), Error::NotAReader);
        assert_ok!(share(id, C, "price", Access::READ, Some(START)));
        assert_noop!(rotate_as(M, id, with(&[(C, 1)])), Error::NoEncryptionKey);
        set_key(C, 2);
        assert_noop!(rotate_as(M, id, with(&[(C, 1)])), Error::StaleKeyVersion);
        assert_noop!(rotate_as(M, id, with(&[(C, 2); 65])), Error::TooManyEnvelopes);
        set_time(START + 1);
        assert_noop!(rotate_as(M, id, with(&[(C, 2)])), Error::NotAReader);
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_ok!(rotate_as(M, id, with(&[(C, 2); 64])));
    });
}

#[test]
fn set_envelope_fails_when_the_reader_was_left_out_of_the_rotation() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
        rotate(id, "price", &[C, S]);
        rotate(id, "price", &[]);
        let before = data_set(id, "price");
        // With only an envelope of an older epoch, they can set none, for the new epoch or the old.
        next_blocks(1);
        for who in [C, S] {
            assert_eq!(state(id, who), EnvelopeState::OldEpoch);
            let missing = Error::MissingEnvelope { data_set: PRICE };
            assert_noop!(set_envelope(who, id, "price", who, 2, 1), missing);
            assert_noop!(set_envelope(who, id, "price", who, 1, 1), Error::StaleEpoch);
            assert_eq!(state(id, who), EnvelopeState::OldEpoch);
        }
        assert_eq!(data_set(id, "price"), before, "sealing has not ended");
        assert_ok!(set_sealed(M, id, "price", 2));
        // The owner can give the seed, now or in the next rotation.
        assert_ok!(set_envelope(M, id, "price", C, 2, 1));
        assert_ok!(set_envelope(C, id, "price", C, 2, 1));
    });
}

#[test]
fn set_envelope_fails_when_the_caller_or_the_reader_may_not() {
    run(|| {
        assert_noop!(set_envelope(M, 0, "price", M, 1, 1), Error::ContainerNotFound);
        let id = service();
        rotate(id, "price", &[]);
        key_version(C);
        assert_ok!(share(id, C, "price", Access::READ, None));
        for who in [S, X] {
            assert_noop!(set_envelope(who, id, "price", C, 1, 1), Error::NotOwner);
        }
        assert_noop!(set_envelope(S, id, "price", S, 1, 1), Error::NotAReader);
        assert_noop!(set_envelope(M, id, "price", S, 1, 1), Error::NotAReader);
        offer_with_keys(id, S);
        // The offeree has the seed already. C was left out, and gets it from the owner. Every
        // account can seal for itself what it has.
        assert_noop!(set_envelope(M, id, "price", S, 1, 1), Error::OfferPending);
        let missing = Error::MissingEnvelope { data_set: PRICE };
        assert_noop!(set_envelope(C, id, "price", C, 1, 1), missing);
        assert_ok!(set_envelope(M, id, "price", C, 1, 1));
        for who in [M, S] {
            assert_ok!(set_envelope(who, id, "price", who, 1, 1));
        }
    });
}

/// Offers the container to an account, with the envelopes that this requires.
fn offer_with_keys(id: ContainerId, to: AccountId) {
    let envelopes = all_envelopes(id, to);
    assert_ok!(DataContainer::offer_ownership(signed(M), id, to, Moment::MAX, envelopes));
}

#[test]
fn set_envelope_fails_when_an_argument_is_invalid() {
    run(|| {
        let id = service();
        key_version(M);
        for (set, error) in [
            ("a/b", Error::InvalidName),
            ("nothing", Error::DataSetNotFound),
            ("hours", Error::NotConfidential),
            ("price", Error::NoKey),
        ] {
            assert_noop!(set_envelope(M, id, set, M, 1, 1), error);
        }
        rotate(id, "price", &[]);
        assert_noop!(set_envelope(M, id, "price", M, 0, 1), Error::StaleEpoch);
        assert_noop!(set_envelope(M, id, "price", M, 2, 1), Error::StaleEpoch);
        assert_noop!(set_envelope(M, id, "price", M, 1, 2), Error::StaleKeyVersion);
        for length in [0, 79, 81, 1_168, 9_999] {
            let set = DataContainer::set_envelope(
                signed(M),
                id,
                "price".into(),
                M,
                1,
                1,
                vec![8; length],
            );
            assert_noop!(set, Error::InvalidSealedSeed);
        }
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_noop!(set_envelope(M, id, "price", C, 1, 1), Error::NoEncryptionKey);
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        assert_noop!(set_envelope(M, id, "price", C, 1, 1), Error::DataSetRetired);
    });
}
