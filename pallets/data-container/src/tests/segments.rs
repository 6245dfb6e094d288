// SPDX-License-Identifier: Apache-2.0

//! Cuts of a history: they hide the past from later readers, and from no other account.

use super::Error;
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId, Moment};

/// Starts a new segment of the price, with envelopes for readers. Returns the new epoch.
fn cut(id: ContainerId, readers: &[AccountId]) -> u32 {
    let epoch = data_set(id, "price").key.map_or(0, |key| key.epoch);
    let owner = Containers::<Test>::get(id).unwrap().owner;
    assert_ok!(rotate_with(owner, id, epoch, PreviousSeed::Cut, readers));
    epoch + 1
}

fn rotate_with(
    owner: AccountId,
    id: ContainerId,
    epoch: u32,
    previous_seed: PreviousSeed,
    readers: &[AccountId],
) -> DispatchResult {
    outcome(DataContainer::rotate_key(
        signed(owner),
        id,
        b"price".to_vec(),
        epoch,
        SUITE,
        seeded_key((id, "cut", epoch)),
        previous_seed,
        key_version(owner),
        SEALED_SEED.to_vec(),
        readers.iter().map(|reader| envelope(*reader)).collect(),
    ))
}

fn envelope(reader: AccountId) -> ReaderEnvelope<AccountId> {
    let key_version = key_version(reader);
    ReaderEnvelope { reader, key_version, envelope: SEALED_SEED.to_vec() }
}

/// Gives readers the seed of an epoch of the price.
fn give(who: AccountId, id: ContainerId, epoch: u32, readers: &[AccountId]) -> DispatchResult {
    let envelopes = readers.iter().map(|reader| envelope(*reader)).collect();
    outcome(DataContainer::set_envelopes(signed(who), id, b"price".to_vec(), epoch, envelopes))
}

/// Returns the segments of which an account has an envelope, with the epoch in each.
fn held(id: ContainerId, who: AccountId) -> Vec<(u8, u32)> {
    let found = DataContainer::envelopes(id, b"price".to_vec(), who).into_iter();
    found.map(|(segment, envelope)| (segment, envelope.epoch)).collect()
}

/// Returns the epochs that an account can open with its stored envelopes: those of the envelopes,
/// and those linked before them.
fn opens(id: ContainerId, who: AccountId) -> Vec<u32> {
    let epochs = DataContainer::epochs(id, b"price".to_vec(), 0, 256).items;
    let mut all = vec![];
    for (_, newest) in held(id, who) {
        let mut epoch = newest;
        all.push(epoch);
        while epochs[epoch as usize - 1].1.previous.is_some() {
            epoch -= 1;
            all.push(epoch);
        }
    }
    all.sort();
    all
}

#[test]
fn a_cut_hides_the_past_from_later_readers_and_from_no_other_account() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[C]);
        rotate(id, "price", &[C]);
        assert_eq!(data_set(id, "price").key.unwrap().segment, 1);
        assert_ok!(share(id, S, "price", Access::READ, None));
        let epoch = cut(id, &[C, S]);
        assert_eq!(data_set(id, "price").key.unwrap().segment, 2);
        for who in [M, C] {
            assert_eq!(held(id, who), [(1, 2), (2, epoch)]);
            assert_eq!(opens(id, who), [1, 2, 3]);
        }
        assert_eq!(opens(id, S), [3]);
        // The owner can give the past to a reader that came later.
        assert_ok!(give(M, id, 2, &[S]));
        assert_eq!(opens(id, S), [1, 2, 3]);
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, Moment::MAX);
    });
}

#[test]
fn taking_read_leaves_the_envelopes_of_older_segments() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        assert_ok!(share(id, S, "price", Access::READ, Some(START)));
        rotate(id, "price", &[C, S]);
        cut(id, &[C, S]);
        assert_ok!(unshare(id, C, "price", Access::READ));
        assert_eq!(held(id, C), [(1, 1)]);
        set_time(START + 1);
        assert_ok!(DataContainer::clear_expired(signed(X), id, S));
        assert_eq!(held(id, S), [(1, 1)]);
        // Nothing can be sealed before the rotation, which excludes them.
        assert_noop!(set_sealed(M, id, "price", 2), Error::RotationDue);
        rotate(id, "price", &[]);
        assert_eq!(held(id, C), [(1, 1)]);
        // An account that no longer reads gets no envelope of any segment.
        for epoch in [1, 3] {
            assert_noop!(give(M, id, epoch, &[C]), Error::NotAReader);
        }
    });
}

#[test]
fn handing_over_takes_the_newest_segment_from_the_former_owner_and_no_other() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        cut(id, &[]);
        // An offer requires the newest segment. The owner can add the older one.
        offer(id);
        assert_eq!(held(id, C), [(2, 2)]);
        assert_ok!(give(M, id, 1, &[C]));
        assert_eq!(held(id, C), [(1, 1), (2, 2)]);
        assert_ok!(DataContainer::accept_ownership(signed(C), id, 0));
        assert_eq!((held(id, M), held(id, C)), (vec![(1, 1)], vec![(1, 1), (2, 2)]));
        assert_noop!(give(M, id, 1, &[M]), Error::NotOwner);
        // A cancelled offer also leaves the past that it disclosed.
        cut(id, &[]);
        offer(id);
        assert_ok!(give(C, id, 2, &[M]));
        withdraw(id);
        assert_eq!(held(id, M), [(1, 1), (2, 2)]);
    });
}

#[test]
fn an_older_segment_never_ends_sealing() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        cut(id, &[]);
        assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
        // Sharing limits sealing to the end of the grant. The next rotation excludes S.
        rotate(id, "price", &[]);
        assert_ok!(give(M, id, 1, &[S]));
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, Moment::MAX);
        assert_ok!(give(M, id, 3, &[S]));
        assert_eq!(data_set(id, "price").key.unwrap().valid_until, START + SLOT);
    });
}

#[test]
fn a_reader_seals_an_older_segment_to_its_new_key() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[C]);
        cut(id, &[C]);
        set_key(C, 2);
        let for_itself = |epoch| {
            let (set, seed) = (b"price".to_vec(), SEALED_SEED.to_vec());
            DataContainer::set_envelope(signed(C), id, set, C, epoch, 2, seed)
        };
        assert_ok!(for_itself(1));
        assert_ok!(for_itself(2));
        let found = DataContainer::envelopes(id, b"price".to_vec(), C);
        let versions: Vec<_> = found
            .iter()
            .map(|(_, envelope)| (envelope.oldest_key_version, envelope.key_version))
            .collect();
        assert_eq!(versions, [(1, 2), (1, 2)]);
        // A new epoch was never sealed to the old key.
        rotate(id, "price", &[C]);
        let found = DataContainer::envelopes(id, b"price".to_vec(), C);
        assert_eq!(found[1].1.oldest_key_version, 2);
    });
}

#[test]
fn purging_clears_all_segments_in_steps() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        for _ in 0..5 {
            cut(id, &[C]);
        }
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        let purge = |limit| DataContainer::purge(signed(M), id, b"price".to_vec(), limit);
        // Ten envelopes and five epochs.
        for limit in [4, 4, 3, 3] {
            assert_ok!(purge(limit));
            assert_ok!(DataContainer::do_try_state());
        }
        assert_ok!(purge(64));
        assert_noop!(purge(64), Error::NothingToDo);
        assert_eq!(Envelopes::<Test>::iter().count() + Epochs::<Test>::iter().count(), 0);
    });
}

#[test]
fn rotate_key_fails_when_the_history_was_cut_16_times() {
    run(|| {
        let id = service();
        for _ in 0..MAX_SEGMENTS {
            cut(id, &[]);
        }
        let epoch = u32::from(MAX_SEGMENTS);
        let again = |previous| rotate_with(M, id, epoch, previous, &[]);
        assert_noop!(again(PreviousSeed::Cut), Error::TooManySegments);
        assert_ok!(again(link(epoch)));
        assert_eq!(data_set(id, "price").key.unwrap().segment, MAX_SEGMENTS);
    });
}

#[test]
fn set_envelopes_fails_when_an_argument_is_invalid() {
    run(|| {
        let id = service();
        for who in [C, S, X] {
            key_version(who);
        }
        assert_noop!(give(M, 99, 1, &[M]), Error::ContainerNotFound);
        let set = |set: &str, epoch, envelopes| {
            DataContainer::set_envelopes(signed(M), id, set.into(), epoch, envelopes)
        };
        assert_noop!(set("price", 1, vec![]), Error::NothingToDo);
        assert_noop!(set("price", 1, vec![envelope(M); 65]), Error::TooManyEnvelopes);
        for (name, error) in [
            ("a/b", Error::InvalidName),
            ("nothing", Error::DataSetNotFound),
            ("hours", Error::NotConfidential),
            ("price", Error::NoKey),
        ] {
            assert_noop!(set(name, 1, vec![envelope(M)]), error);
        }
        rotate(id, "price", &[]);
        rotate(id, "price", &[]);
        cut(id, &[]);
        // Epoch 1 is in the middle of a segment. Epochs 0 and 4 do not exist.
        for epoch in [0, 1, 4, u32::MAX] {
            assert_noop!(give(M, id, epoch, &[M]), Error::StaleEpoch);
        }
        for who in [C, X] {
            assert_noop!(give(who, id, 2, &[who]), Error::NotOwner);
        }
        assert_noop!(give(M, id, 2, &[M, C]), Error::NotAReader);
        let old = ReaderEnvelope { key_version: 9, ..envelope(M) };
        assert_noop!(set("price", 2, vec![old]), Error::StaleKeyVersion);
        for length in [0, 79, 81, 1_168, 9_999] {
            let odd = ReaderEnvelope { envelope: vec![7; length], ..envelope(M) };
            assert_noop!(set("price", 2, vec![odd]), Error::InvalidSealedSeed);
        }
        assert_ok!(share(id, S, "price", Access::READ, None));
        assert_ok!(share(id, 9, "price", Access::READ, None));
        let none = ReaderEnvelope { reader: 9, ..envelope(M) };
        assert_noop!(set("price", 2, vec![none]), Error::NoEncryptionKey);
        assert_ok!(set("price", 2, vec![envelope(S); 64]));
        assert_ok!(DataContainer::retire_data_set(signed(M), id, b"price".to_vec()));
        assert_noop!(give(M, id, 2, &[M]), Error::DataSetRetired);
    });
}

#[test]
fn set_envelopes_fails_when_the_container_is_on_offer() {
    run(|| {
        let id = service();
        assert_ok!(share(id, S, "price", Access::READ, None));
        rotate(id, "price", &[S]);
        cut(id, &[S]);
        offer(id);
        // Readers can get the current seed, and the offeree only seeds that it lacks.
        assert_ok!(give(M, id, 2, &[S, M]));
        assert_noop!(give(M, id, 2, &[S, C]), Error::OfferPending);
        assert_noop!(give(M, id, 1, &[S]), Error::OfferPending);
        assert_noop!(give(M, id, 1, &[C, S]), Error::OfferPending);
        assert_ok!(give(M, id, 1, &[C, M]));
        // The owner cannot replace the offeree's envelopes of the past either.
        assert_noop!(give(M, id, 1, &[C]), Error::OfferPending);
    });
}

#[test]
fn an_offer_needs_the_newest_segment_and_no_other() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        let old = all_envelopes(id, C);
        cut(id, &[]);
        let offer = |envelopes| DataContainer::offer_ownership(signed(M), id, C, START, envelopes);
        assert_noop!(offer(old), Error::StaleEpoch);
        assert_noop!(offer(vec![]), Error::MissingEnvelope { data_set: PRICE });
        assert_ok!(offer(all_envelopes(id, C)));
    });
}

#[test]
fn readers_are_reported_by_the_newest_segment() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[C]);
        cut(id, &[]);
        let page = DataContainer::readers(id, b"price".to_vec(), None, 99);
        let state = |who| page.items.iter().find(|reader| reader.account == who).unwrap().envelope;
        assert_eq!((state(M), state(C)), (EnvelopeState::Current, EnvelopeState::Missing));
    });
}
