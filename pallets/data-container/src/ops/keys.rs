// SPDX-License-Identifier: Apache-2.0

//! Keys: of accounts, of data sets, and the envelopes between them. No secret passes through here.

use super::{data::length, sealing::SealedFor};
use crate::{
    answers::EnvelopeState,
    keys::{check_public_key, BadKey},
    pallet::*,
    types::*,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
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
        check_public_key(&public).map_err(bad_key::<T>)?;
        let now = frame_system::Pallet::<T>::block_number();
        let version = match EncryptionKeys::<T>::get(&who) {
            Some(old) => {
                ensure!(old.public != public, Error::<T>::KeyUnchanged);
                let next = old.since.saturating_add(KEY_CHANGE_BLOCKS.into());
                ensure!(now >= next, Error::<T>::KeyChangedRecently);
                old.version.checked_add(1).ok_or(Error::<T>::IdsExhausted)?
            },
            None => 1,
        };
        Self::use_key(Some(&who), &public)?;
        EncryptionKeys::<T>::insert(&who, EncryptionKey { version, public, since: now });
        Self::deposit_event(Event::EncryptionKeySet { account: who, version, public });
        Ok(())
    }

    /// Notes that a public key is used, of an account or of a data set. Fails if it was before.
    fn use_key(account: Option<&T::AccountId>, public: &PublicKey) -> Result<(), Error<T>> {
        ensure!(!UsedKeys::<T>::contains_key(account, public), Error::KeyUsed);
        UsedKeys::<T>::insert(account, public, ());
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
        let container = Self::check_sharing(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, data_set)?;
        ensure!(data_set.visibility == Visibility::Confidential, Error::<T>::NotConfidential);
        let epoch = data_set.key.map_or(0, |key| key.epoch);
        ensure!(new.expected_epoch == epoch, Error::<T>::StaleEpoch);
        let previous = match new.previous_seed.as_slice() {
            [] => None,
            seed => Some(seed.try_into().map_err(|_| Error::<T>::InvalidSealedSeed)?),
        };
        ensure!(epoch > 0 || previous.is_none(), Error::<T>::NoKey);
        check_public_key(&new.public).map_err(bad_key::<T>)?;
        let unchanged = data_set.key.is_some_and(|key| key.public == new.public);
        ensure!(!unchanged, Error::<T>::KeyUnchanged);
        Self::use_key(None, &new.public)?;

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
        SealingEnds::<T>::remove(id, data_set.id);
        let own = ReaderEnvelope {
            reader: who.clone(),
            key_version: new.key_version,
            envelope: new.envelope,
        };
        for new in core::iter::once(own).chain(new.envelopes) {
            let rights = |reader: &_| AccountRights::<T>::get(id, reader).unwrap_or_default();
            let holder = Self::check_holder(&container, &data_set, new.reader, rights)?;
            let ReaderEnvelope { key_version, envelope: seed, .. } = new;
            let sealed = SealedFor { epoch, key_version, seed };
            Self::store_envelope(id, &mut data_set, holder, sealed)?;
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
        sealed: SealedFor,
    ) -> DispatchResult {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        let for_itself = *who == reader;
        ensure!(for_itself || container.owner == *who, Error::<T>::NotOwner);
        ensure!(for_itself || container.offer.is_none(), Error::<T>::OfferPending);
        let (name, mut data_set) = Self::named_data_set(id, data_set)?;
        let rights = |reader: &_| AccountRights::<T>::get(id, reader).unwrap_or_default();
        let holder = Self::check_holder(&container, &data_set, reader, rights)?;
        if container.owner != *who {
            Self::check_holds_current(id, &data_set, who)?;
        }
        Self::store_envelope(id, &mut data_set, holder, sealed)?;
        DataSets::<T>::insert(id, name, data_set);
        Ok(())
    }

    /// Fails unless an account was given the seed of the current epoch. One that was left out of a
    /// rotation does not have it, so what it would seal for itself is not the seed.
    fn check_holds_current(
        id: ContainerId,
        data_set: &DataSet<BlockNumberFor<T>>,
        account: &T::AccountId,
    ) -> Result<(), Error<T>> {
        let state = Self::envelope_state(id, data_set, account);
        let holds = matches!(state, EnvelopeState::Current | EnvelopeState::OldKey);
        ensure!(holds, Error::MissingEnvelope { data_set: data_set.id });
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

/// The error for a public key that is refused.
fn bad_key<T: Config>(bad: BadKey) -> Error<T> {
    match bad {
        BadKey::Weak => Error::WeakKey,
        BadKey::NotCanonical => Error::NonCanonicalKey,
    }
}
