// SPDX-License-Identifier: Apache-2.0

//! Keys: of accounts, of data sets, and the envelopes between them. No secret passes through here.

use super::{data::length, sharing::lower};
use crate::{access::read_grant, keys::is_weak, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::Saturating;
use twinchain_primitives::{ContainerId, Moment, PublicKey, SealedSeed};

/// A new key of a data set, as its owner made it.
pub(crate) struct Rotation<AccountId> {
    pub expected_epoch: u32,
    pub public: PublicKey,
    pub previous_seed: Vec<u8>,
    pub key_version: u32,
    pub envelope: SealedSeed,
    pub envelopes: Vec<ReaderEnvelope<AccountId>>,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_encryption_key(who: T::AccountId, public: PublicKey) -> DispatchResult {
        ensure!(!is_weak(&public), Error::<T>::WeakKey);
        let now = frame_system::Pallet::<T>::block_number();
        let version = match EncryptionKeys::<T>::get(&who) {
            Some(old) => {
                let next = old.since.saturating_add(KEY_CHANGE_BLOCKS.into());
                ensure!(now >= next, Error::<T>::KeyChangedRecently);
                old.version.checked_add(1).ok_or(Error::<T>::IdsExhausted)?
            },
            None => 1,
        };
        EncryptionKeys::<T>::insert(&who, EncryptionKey { version, public, since: now });
        Self::deposit_event(Event::EncryptionKeySet { account: who, version, public });
        Ok(())
    }

    /// Gives a confidential data set a new key, and those who are to read on its seed.
    pub(crate) fn do_rotate_key(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        new: Rotation<T::AccountId>,
    ) -> DispatchResult {
        ensure!(length(&new.envelopes) <= MAX_ENVELOPES, Error::<T>::TooManyEnvelopes);
        Self::check_sharing(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, data_set)?;
        ensure!(data_set.visibility == Visibility::Confidential, Error::<T>::NotConfidential);
        let epoch = data_set.key.map_or(0, |key| key.epoch);
        ensure!(new.expected_epoch == epoch, Error::<T>::StaleEpoch);
        let previous = match new.previous_seed.as_slice() {
            [] => None,
            seed => Some(seed.try_into().map_err(|_| Error::<T>::InvalidSealedSeed)?),
        };
        ensure!(epoch > 0 || previous.is_none(), Error::<T>::NoKey);
        ensure!(!is_weak(&new.public), Error::<T>::WeakKey);

        let epoch = epoch.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        let key = EpochKey { epoch, public: new.public, valid_until: Moment::MAX };
        data_set.key = Some(key);
        Epochs::<T>::insert(
            (id, data_set.id, epoch),
            Epoch { suite: SUITE, public: new.public, previous },
        );
        Self::deposit_event(Event::KeyRotated {
            container: id,
            data_set: data_set.id,
            epoch,
            public: new.public,
        });
        Self::put_envelope(id, &data_set, who, epoch, new.key_version, new.envelope)?;
        for ReaderEnvelope { reader, key_version, envelope } in new.envelopes {
            let until = Self::check_reader(id, &data_set, &reader)?;
            Self::put_envelope(id, &data_set, &reader, epoch, key_version, envelope)?;
            lower(&mut data_set, until);
        }
        DataSets::<T>::insert(id, name, data_set);
        Ok(())
    }

    /// Gives a reader the current seed: by the owner for a reader, or by a reader for itself.
    pub(crate) fn do_set_envelope(
        who: &T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        reader: T::AccountId,
        epoch: u32,
        key_version: u32,
        envelope: SealedSeed,
    ) -> DispatchResult {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        let for_itself = *who == reader;
        ensure!(for_itself || container.owner == *who, Error::<T>::NotOwner);
        ensure!(for_itself || container.offer.is_none(), Error::<T>::OfferPending);
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        // To the owner and to whom it is offered, what was retired stays readable.
        let offered = container.offer.is_some_and(|offer| offer.to == reader);
        let until = match container.owner == reader || offered {
            true => None,
            false => {
                ensure!(data_set.status == Status::Active, Error::<T>::DataSetRetired);
                Self::check_reader(id, &data_set, &reader)?
            },
        };
        Self::put_envelope(id, &data_set, &reader, epoch, key_version, envelope)?;
        if lower(&mut data_set, until) {
            DataSets::<T>::insert(id, name, data_set);
        }
        Ok(())
    }

    /// Until when an account may read a data set through its grant.
    fn check_reader(
        id: ContainerId,
        data_set: &DataSet<BlockNumberFor<T>>,
        reader: &T::AccountId,
    ) -> Result<Option<Moment>, Error<T>> {
        let rights = AccountRights::<T>::get(id, reader).unwrap_or_default();
        read_grant(&rights, data_set.id, T::Time::now())
            .map(|grant| grant.until)
            .ok_or(Error::NotAReader)
    }

    /// Stores an envelope, if it is for the current epoch and the reader's current key.
    pub(crate) fn put_envelope(
        id: ContainerId,
        data_set: &DataSet<BlockNumberFor<T>>,
        reader: &T::AccountId,
        epoch: u32,
        key_version: u32,
        sealed: SealedSeed,
    ) -> DispatchResult {
        ensure!(data_set.visibility == Visibility::Confidential, Error::<T>::NotConfidential);
        let key = data_set.key.ok_or(Error::<T>::NoKey)?;
        ensure!(epoch == key.epoch, Error::<T>::StaleEpoch);
        let known = EncryptionKeys::<T>::get(reader).ok_or(Error::<T>::NoEncryptionKey)?;
        ensure!(key_version == known.version, Error::<T>::StaleKeyVersion);
        let envelope = Envelope { epoch, key_version, sealed };
        Envelopes::<T>::insert((id, data_set.id, reader), envelope);
        Self::deposit_event(Event::EnvelopeSet {
            container: id,
            data_set: data_set.id,
            account: reader.clone(),
            epoch,
            key_version,
        });
        Ok(())
    }

    /// What an account has to open the newest values of a data set with.
    pub(crate) fn envelope_state(
        id: ContainerId,
        data_set: &DataSet<BlockNumberFor<T>>,
        account: &T::AccountId,
    ) -> EnvelopeState {
        let Some(envelope) = Envelopes::<T>::get((id, data_set.id, account)) else {
            return EnvelopeState::Missing;
        };
        let version = EncryptionKeys::<T>::get(account).map(|key| key.version);
        if data_set.key.is_none_or(|key| key.epoch != envelope.epoch) {
            EnvelopeState::OldEpoch
        } else if version != Some(envelope.key_version) {
            EnvelopeState::OldKey
        } else {
            EnvelopeState::Current
        }
    }
}
