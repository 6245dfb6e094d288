// SPDX-License-Identifier: Apache-2.0

//! Epochs of data sets, and the envelopes for their readers. No secret passes through this module.

use super::{lookup::len_u32, sealing::SeedHolder, update::Update};
use crate::{
    growth,
    pallet::*,
    suite::{parse_public_key, parse_sealed_seed, PublicKeyError},
    types::*,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Time};
use sp_core::H256;
use sp_runtime::DispatchError;
use twinchain_primitives::{blake2_256_of, ContainerId, Moment, PublicKey, SealedSeed};

/// An epoch that can begin. Only [`Pallet::check_epoch`] creates one.
struct CheckedEpoch {
    key: EpochKey,
    stored: Epoch,
    /// The hash of its public key.
    hash: H256,
}

impl<T: Config> Pallet<T> {
    /// Parses a public key of a suite. Fails if it is not a valid one.
    pub(crate) fn parse_key(suite: u8, public: &[u8]) -> Result<PublicKey, Error<T>> {
        parse_public_key(suite, public).map_err(|bad| match bad {
            PublicKeyError::UnsupportedSuite => Error::UnsupportedSuite,
            PublicKeyError::WrongLength => Error::InvalidPublicKey,
            PublicKeyError::Weak => Error::WeakKey,
            PublicKeyError::NotCanonical => Error::NonCanonicalKey,
        })
    }

    /// Returns the hash of a public key, for the index of used keys. `account` is `None` for the
    /// key of a data set. Fails if the key was used before.
    pub(crate) fn check_unused_key(
        account: Option<&T::AccountId>,
        public: &PublicKey,
    ) -> Result<H256, Error<T>> {
        let hash = blake2_256_of(public);
        ensure!(!UsedKeys::<T>::contains_key(account, hash), Error::KeyUsed);
        Ok(hash)
    }

    /// Starts a new epoch of a confidential data set, and stores its seed, sealed for its readers.
    /// Returns the number of bytes written.
    pub(crate) fn do_rotate_key(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        new: NewEpoch,
        own: ReaderEnvelope<T::AccountId>,
        envelopes: Vec<ReaderEnvelope<T::AccountId>>,
    ) -> Result<u64, DispatchError> {
        ensure!(len_u32(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::load_owned(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, data_set)?;
        let new = Self::check_epoch(id, &data_set, new)?;
        Self::check_rotation_on_offer(&update, &data_set, &new, &envelopes)?;
        let EpochKey { epoch, segment, .. } = new.key;
        let mut checked = Vec::new();
        for ReaderEnvelope { reader, key_version, envelope: sealed } in
            core::iter::once(own).chain(envelopes)
        {
            let rights = |reader: &_| AccountRights::<T>::get(id, reader).unwrap_or_default();
            let holder = Self::check_holder(&update.container, &data_set, reader, rights)?
                .without_envelope();
            let sealed = SealedFor { epoch, key_version, sealed };
            checked.push(Self::check_envelope(id, &data_set, segment, holder, sealed)?);
        }
        Self::put_epoch(&mut update, &mut data_set, new);
        for envelope in checked {
            Self::put_envelope(&mut update, &mut data_set, envelope);
        }
        update.put_data_set(&name, &data_set);
        Ok(update.store())
    }

    /// While the container is on offer, fails if the offer has lapsed, if the offeree gets no
    /// envelope of the new seed, or if the rotation is a cut. A cut would use up one of the few
    /// segments.
    fn check_rotation_on_offer(
        update: &Update<T>,
        data_set: &DataSetOf<T>,
        new: &CheckedEpoch,
        envelopes: &[ReaderEnvelope<T::AccountId>],
    ) -> Result<(), Error<T>> {
        let Some(offer) = &update.container.offer else { return Ok(()) };
        ensure!(T::Time::now() <= offer.deadline, Error::OfferLapsed);
        let cut = data_set.key.is_some_and(|key| key.segment != new.key.segment);
        ensure!(!cut, Error::OfferPending);
        let disclosed = envelopes.iter().any(|envelope| envelope.reader == offer.to);
        ensure!(disclosed, Error::MissingEnvelope { data_set: data_set.id });
        Ok(())
    }

    /// Checks the next epoch of a data set, and returns it.
    fn check_epoch(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        new: NewEpoch,
    ) -> Result<CheckedEpoch, Error<T>> {
        let NewEpoch { expected_epoch, suite, public, previous_seed } = new;
        ensure!(data_set.visibility == Visibility::Confidential, Error::NotConfidential);
        let current = data_set.key.map_or(0, |key| key.epoch);
        ensure!(expected_epoch == current, Error::StaleEpoch);
        let public = Self::parse_key(suite, &public)?;
        let (segment, previous) = Self::next_segment(data_set, suite, previous_seed)?;
        let last = Epochs::<T>::get((id, data_set.id, current));
        ensure!(last.is_none_or(|last| last.public != public), Error::KeyUnchanged);
        let hash = Self::check_unused_key(None, &public)?;
        let epoch = current.checked_add(1).ok_or(Error::IdsExhausted)?;
        let key = EpochKey { epoch, suite, segment, valid_until: Moment::MAX };
        Ok(CheckedEpoch { key, stored: Epoch { suite, segment, public, previous }, hash })
    }

    /// Starts the next epoch of a data set, without any envelope. The caller stores the data set.
    fn put_epoch(update: &mut Update<T>, data_set: &mut DataSetOf<T>, new: CheckedEpoch) {
        let CheckedEpoch { key, stored, hash } = new;
        UsedKeys::<T>::insert(None::<T::AccountId>, hash, ());
        data_set.key = Some(key);
        let data_set = data_set.id;
        SealingEnds::<T>::remove(update.id, data_set);
        SeedsLeft::<T>::remove(update.id, data_set);
        Epochs::<T>::insert((update.id, data_set, key.epoch), &stored);
        update.written.record(growth::EPOCH_KEY, &stored);
        update.written.count(growth::USED_KEY);
        update.deposit(|container, stamp| Event::KeyRotated {
            container,
            stamp,
            data_set,
            epoch: key.epoch,
            suite: key.suite,
            segment: key.segment,
            public: stored.public,
            previous: stored.previous.as_ref().map(|seed| blake2_256_of(seed)),
        });
    }

    /// Returns the segment of the next epoch, and its link to the current one, or `None` after a
    /// cut.
    fn next_segment(
        data_set: &DataSetOf<T>,
        suite: u8,
        previous_seed: PreviousSeed,
    ) -> Result<(u8, Option<SealedSeed>), Error<T>> {
        match previous_seed {
            PreviousSeed::Link(seed) => {
                let key = data_set.key.ok_or(Error::NoKey)?;
                let seed = parse_sealed_seed(suite, &seed).ok_or(Error::InvalidSealedSeed)?;
                Ok((key.segment, Some(seed)))
            },
            PreviousSeed::Cut => {
                let last = data_set.key.map_or(0, |key| key.segment);
                ensure!(last < MAX_SEGMENTS, Error::TooManySegments);
                Ok((last.saturating_add(1), None))
            },
        }
    }

    /// Stores the seed of a segment's newest epoch, sealed by the owner for a reader, or by a
    /// reader for itself. Returns the number of bytes written.
    pub(crate) fn do_set_envelope(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        reader: T::AccountId,
        sealed: SealedFor,
    ) -> Result<u64, DispatchError> {
        let mut update = Update::<T>::load(who, id)?;
        let owned = update.container.owner == *who;
        ensure!(owned || *who == reader, Error::<T>::NotOwner);
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        let holder = Self::check_recipient(&update, &data_set, reader, sealed.epoch)?;
        let segment = Self::segment_ending_at(id, &data_set, sealed.epoch)?;
        if !owned {
            Self::ensure_has_envelope(id, &data_set, segment, sealed.epoch, who)?;
        }
        let checked = Self::check_envelope(id, &data_set, segment, holder, sealed)?;
        Self::put_envelope(&mut update, &mut data_set, checked);
        update.put_data_set(&name, &data_set);
        Ok(update.store())
    }

    /// Stores the seed of a segment's newest epoch, sealed for several readers. Returns the number
    /// of bytes written.
    pub(crate) fn do_set_envelopes(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        epoch: u32,
        envelopes: Vec<ReaderEnvelope<T::AccountId>>,
    ) -> Result<u64, DispatchError> {
        ensure!(!envelopes.is_empty(), Error::<T>::NothingToDo);
        ensure!(len_u32(&envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        let mut update = Update::<T>::load_owned(who, id)?;
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        let segment = Self::segment_ending_at(id, &data_set, epoch)?;
        let mut checked = Vec::new();
        for ReaderEnvelope { reader, key_version, envelope: sealed } in envelopes {
            let holder = Self::check_recipient(&update, &data_set, reader, epoch)?;
            let sealed = SealedFor { epoch, key_version, sealed };
            checked.push(Self::check_envelope(id, &data_set, segment, holder, sealed)?);
        }
        for envelope in checked {
            Self::put_envelope(&mut update, &mut data_set, envelope);
        }
        update.put_data_set(&name, &data_set);
        Ok(update.store())
    }

    /// Returns a reader as a holder of the seed of an epoch.
    ///
    /// While the container is on offer, the owner can give the current seed to readers, and to the
    /// offeree only seeds that it does not have. The offeree has read what is offered, and must
    /// remain able to read it. After the deadline the owner can give no seeds. An account can
    /// always seal seeds for itself.
    fn check_recipient(
        update: &Update<T>,
        data_set: &DataSetOf<T>,
        reader: T::AccountId,
        epoch: u32,
    ) -> Result<SeedHolder<T::AccountId>, Error<T>> {
        let others = update.container.offer.as_ref().filter(|_| update.author != reader);
        if let Some(offer) = others {
            ensure!(T::Time::now() <= offer.deadline, Error::OfferLapsed);
            let current = data_set.key.is_some_and(|key| key.epoch == epoch);
            let allowed = match offer.to == reader {
                true => !Self::has_seed(update.id, data_set, epoch, &reader),
                false => current,
            };
            ensure!(allowed, Error::OfferPending);
        }
        let rights = |reader: &_| AccountRights::<T>::get(update.id, reader).unwrap_or_default();
        Self::check_holder(&update.container, data_set, reader, rights)
    }

    /// Returns `true` if an account has the seed of a segment's newest epoch, sealed to its current
    /// key.
    fn has_seed(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        epoch: u32,
        account: &T::AccountId,
    ) -> bool {
        let Ok(segment) = Self::segment_ending_at(id, data_set, epoch) else { return false };
        let version = EncryptionKeys::<T>::get(account).map(|key| key.version);
        Envelopes::<T>::get((id, data_set.id, segment, account)).is_some_and(|envelope| {
            envelope.epoch == epoch && Some(envelope.key_version) == version
        })
    }

    /// Fails unless an account was given the seed of a segment's newest epoch. An account that was
    /// left out of a rotation does not have it, and would seal something else for itself.
    fn ensure_has_envelope(
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
}
