// SPDX-License-Identifier: Apache-2.0

//! Keys of data sets and the envelopes between them and their readers. No secret passes through
//! here.

use super::{
    data::length,
    sealing::{Holder, SealedFor},
    update::Update,
};
use crate::{
    answers::EnvelopeState,
    keys::{check_public_key, check_sealed_seed, BadKey},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use twinchain_primitives::{hash_of, ContainerId, Moment, PublicKey, SealedSeed};

/// A new key of a data set, as its owner made it.
pub(crate) struct NewEpoch {
    pub expected_epoch: u32,
    pub suite: u8,
    pub public: Vec<u8>,
    pub previous_seed: PreviousSeed,
}

impl<T: Config> Pallet<T> {
    /// Returns a public key of a suite, if it is one.
    pub(crate) fn check_key(suite: u8, public: &[u8]) -> Result<PublicKey, Error<T>> {
        check_public_key(suite, public).map_err(|bad| match bad {
            BadKey::UnsupportedSuite => Error::UnsupportedSuite,
            BadKey::WrongLength => Error::InvalidPublicKey,
            BadKey::Weak => Error::WeakKey,
            BadKey::NotCanonical => Error::NonCanonicalKey,
        })
    }

    /// Notes that a public key is used, of an account or of a data set. Fails if it was before.
    pub(crate) fn use_key(
        account: Option<&T::AccountId>,
        public: &PublicKey,
    ) -> Result<(), Error<T>> {
        let hash = hash_of(public);
        ensure!(!UsedKeys::<T>::contains_key(account, hash), Error::KeyUsed);
        UsedKeys::<T>::insert(account, hash, ());
        Ok(())
    }

    /// Gives a confidential data set a new key, and those who are to read on its seed.
    pub(crate) fn do_rotate_key(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        new: NewEpoch,
        own: ReaderEnvelope<T::AccountId>,
        envelopes: Vec<ReaderEnvelope<T::AccountId>>,
    ) -> DispatchResult {
        ensure!(length(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::open_sharing(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, data_set)?;
        let EpochKey { epoch, segment, .. } = Self::begin_epoch(&mut update, &mut data_set, new)?;
        let all = core::iter::once(own).chain(envelopes);
        for ReaderEnvelope { reader, key_version, envelope: seed } in all {
            let rights = |reader: &_| AccountRights::<T>::get(id, reader).unwrap_or_default();
            let holder = Self::check_holder(&update.container, &data_set, reader, rights)?
                .without_envelope();
            let sealed = SealedFor { epoch, key_version, seed };
            Self::store_envelope(&mut update, &mut data_set, segment, holder, sealed)?;
        }
        DataSets::<T>::insert(id, name, data_set);
        update.store();
        Ok(())
    }

    /// Begins the next epoch of a data set, for which no account has an envelope yet. The caller stores
    /// the data set. Returns the new key.
    fn begin_epoch(
        update: &mut Update<T>,
        data_set: &mut DataSetOf<T>,
        new: NewEpoch,
    ) -> Result<EpochKey, Error<T>> {
        let NewEpoch { expected_epoch, suite, public, previous_seed } = new;
        ensure!(data_set.visibility == Visibility::Confidential, Error::NotConfidential);
        let current = data_set.key.map_or(0, |key| key.epoch);
        ensure!(expected_epoch == current, Error::StaleEpoch);
        let public = Self::check_key(suite, &public)?;
        let (segment, previous) = Self::next_segment(data_set, suite, previous_seed)?;
        let last = Epochs::<T>::get((update.id, data_set.id, current));
        ensure!(last.is_none_or(|last| last.public != public), Error::KeyUnchanged);
        Self::use_key(None, &public)?;

        let epoch = current.checked_add(1).ok_or(Error::IdsExhausted)?;
        let key = EpochKey { epoch, suite, segment, valid_until: Moment::MAX };
        data_set.key = Some(key);
        SealingEnds::<T>::remove(update.id, data_set.id);
        let (data_set, linked) = (data_set.id, previous.as_ref().map(|seed| hash_of(seed)));
        let stored = Epoch { suite, segment, public: public.clone(), previous };
        Epochs::<T>::insert((update.id, data_set, epoch), stored);
        update.tell(|container, stamp| Event::KeyRotated {
            container,
            stamp,
            data_set,
            epoch,
            suite,
            segment,
            public,
            previous: linked,
        });
        Ok(key)
    }

    /// Returns the segment of the next epoch, and what that keeps of the current one's seed.
    fn next_segment(
        data_set: &DataSetOf<T>,
        suite: u8,
        previous_seed: PreviousSeed,
    ) -> Result<(u8, Option<SealedSeed>), Error<T>> {
        match previous_seed {
            PreviousSeed::Link(seed) => {
                let key = data_set.key.ok_or(Error::NoKey)?;
                let seed = check_sealed_seed(suite, &seed).ok_or(Error::InvalidSealedSeed)?;
                Ok((key.segment, Some(seed)))
            },
            PreviousSeed::Cut => {
                let last = data_set.key.map_or(0, |key| key.segment);
                ensure!(last < MAX_SEGMENTS, Error::TooManySegments);
                Ok((last.saturating_add(1), None))
            },
        }
    }

    /// Gives a reader the seed of a segment's newest epoch: by the owner for a reader, or by a
    /// reader for itself.
    pub(crate) fn do_set_envelope(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        reader: T::AccountId,
        sealed: SealedFor,
    ) -> DispatchResult {
        let mut update = Update::<T>::open(who, id)?;
        let owned = update.container.owner == *who;
        ensure!(owned || *who == reader, Error::<T>::NotOwner);
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        let holder = Self::check_recipient(&update, &data_set, reader)?;
        let segment = Self::segment_that_ends_with(id, &data_set, sealed.epoch)?;
        if !owned {
            Self::check_holds(id, &data_set, segment, sealed.epoch, who)?;
        }
        Self::store_envelope(&mut update, &mut data_set, segment, holder, sealed)?;
        DataSets::<T>::insert(id, name, data_set);
        update.store();
        Ok(())
    }

    /// Gives many readers the seed of a segment's newest epoch.
    pub(crate) fn do_set_envelopes(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        epoch: u32,
        envelopes: Vec<ReaderEnvelope<T::AccountId>>,
    ) -> DispatchResult {
        ensure!(!envelopes.is_empty(), Error::<T>::NothingToDo);
        ensure!(length(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::open_owned(who, id)?;
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        let segment = Self::segment_that_ends_with(id, &data_set, epoch)?;
        for ReaderEnvelope { reader, key_version, envelope: seed } in envelopes {
            let holder = Self::check_recipient(&update, &data_set, reader)?;
            let sealed = SealedFor { epoch, key_version, seed };
            Self::store_envelope(&mut update, &mut data_set, segment, holder, sealed)?;
        }
        DataSets::<T>::insert(id, name, data_set);
        update.store();
        Ok(())
    }

    /// Returns a reader as a holder of seeds. While the container is on offer, only the offeree and
    /// the signer get any: nothing else about who reads changes then.
    fn check_recipient(
        update: &Update<T>,
        data_set: &DataSetOf<T>,
        reader: T::AccountId,
    ) -> Result<Holder<T::AccountId>, Error<T>> {
        let frozen = update.container.offer.as_ref().is_some_and(|offer| offer.to != reader);
        ensure!(!frozen || update.author == reader, Error::OfferPending);
        let rights = |reader: &_| AccountRights::<T>::get(update.id, reader).unwrap_or_default();
        Self::check_holder(&update.container, data_set, reader, rights)
    }

    /// Fails unless an account was given the seed of a segment's newest epoch. One that was left
    /// out of a rotation does not have it, so what it would seal for itself is not the seed.
    fn check_holds(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        segment: u8,
        epoch: u32,
        account: &T::AccountId,
    ) -> Result<(), Error<T>> {
        let envelope = Envelopes::<T>::get((id, data_set.id, segment, account));
        let holds = envelope.is_some_and(|envelope| envelope.epoch == epoch);
        ensure!(holds, Error::MissingEnvelope { data_set: data_set.id });
        Ok(())
    }

    /// Returns what an account has to open the newest values of a data set with.
    pub(crate) fn envelope_state(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        account: &T::AccountId,
    ) -> EnvelopeState {
        let envelope = |key: EpochKey| {
            let envelope = Envelopes::<T>::get((id, data_set.id, key.segment, account))?;
            Some((key, envelope))
        };
        let Some((key, envelope)) = data_set.key.and_then(envelope) else {
            return EnvelopeState::Missing;
        };
        let known = EncryptionKeys::<T>::get(account);
        if key.epoch != envelope.epoch {
            EnvelopeState::OldEpoch
        } else if known.is_none_or(|known| known.version != envelope.key_version) {
            EnvelopeState::OldKey
        } else {
            EnvelopeState::Current
        }
    }
}
