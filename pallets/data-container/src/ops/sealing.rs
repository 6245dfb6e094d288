// SPDX-License-Identifier: Apache-2.0

//! Who can read what is sealed, and until when: the one place where envelopes are stored and where
//! sealing to a key ends.
//!
//! Everything here serves one rule: whenever a sealed write is accepted, every account that was ever
//! given the seed of its epoch is the owner, or may read, or is the offeree of an open offer that
//! has not lapsed.

use crate::{access::reads_until, answers::Sealing, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use twinchain_primitives::{ContainerId, DataSetId, Moment, SealedSeed};

/// A seed as a call brings it, sealed for one account.
pub(crate) struct SealedFor {
    pub epoch: u32,
    pub key_version: u32,
    pub seed: SealedSeed,
}

/// An account that may hold the current seed of a data set. Only [`Pallet::check_holder`] makes one.
pub(crate) struct Holder<AccountId> {
    account: AccountId,
    /// The end of its READ, if it has one.
    until: Option<Moment>,
}

impl<T: Config> Pallet<T> {
    /// Returns the account as a holder of the current seed of a data set, if it may be one: the
    /// owner, the offeree of an open offer, or an account with READ on a data set in use. Fails with
    /// `DataSetRetired` for a retired data set that holds no values.
    ///
    /// `rights` returns those of the account in the container. It is called only for an account that
    /// is neither the owner nor the offeree.
    pub(crate) fn check_holder(
        container: &Container<T::AccountId>,
        data_set: &DataSet<BlockNumberFor<T>>,
        account: T::AccountId,
        rights: impl FnOnce(&T::AccountId) -> Rights,
    ) -> Result<Holder<T::AccountId>, Error<T>> {
        ensure!(data_set.can_be_read(), Error::DataSetRetired);
        let offered = container.offer.as_ref().is_some_and(|offer| offer.to == account);
        if container.owner == account || offered {
            return Ok(Holder { account, until: None });
        }
        ensure!(data_set.is_active(), Error::DataSetRetired);
        let rights = rights(&account);
        let until = reads_until(&rights, data_set.id, T::Time::now()).ok_or(Error::NotAReader)?;
        Ok(Holder { account, until: until.moment() })
    }

    /// Stores an envelope for the current epoch and the holder's current key, and lowers the key's
    /// `valid_until` to the end of the holder's READ. The caller stores the data set.
    pub(crate) fn store_envelope(
        id: ContainerId,
        data_set: &mut DataSet<BlockNumberFor<T>>,
        holder: Holder<T::AccountId>,
        sealed: SealedFor,
    ) -> DispatchResult {
        let SealedFor { epoch, key_version, seed } = sealed;
        ensure!(data_set.visibility == Visibility::Confidential, Error::<T>::NotConfidential);
        let key = data_set.key.ok_or(Error::<T>::NoKey)?;
        ensure!(epoch == key.epoch, Error::<T>::StaleEpoch);
        let Holder { account, until } = holder;
        let known = EncryptionKeys::<T>::get(&account).ok_or(Error::<T>::NoEncryptionKey)?;
        ensure!(key_version == known.version, Error::<T>::StaleKeyVersion);
        let envelope = Envelope { epoch, key_version, sealed: seed };
        Envelopes::<T>::insert((id, data_set.id, &account), envelope);
        Self::deposit_event(Event::EnvelopeSet {
            container: id,
            data_set: data_set.id,
            account: account.clone(),
            epoch,
            key_version,
        });
        Self::end_sealing_with_read(id, data_set, account, until);
        Ok(())
    }

    /// Lowers the key's `valid_until` to the end of a reader's READ, if that ends. The caller stores
    /// the data set.
    pub(crate) fn end_sealing_with_read(
        id: ContainerId,
        data_set: &mut DataSet<BlockNumberFor<T>>,
        account: T::AccountId,
        until: Option<Moment>,
    ) {
        if let Some(until) = until {
            let end = SealingEnd { account, reason: EndReason::ReadExpires, since: until };
            Self::lower_validity(id, data_set, until, end);
        }
    }

    /// Ends sealing to the current key now, because `account` holds its seed and no longer may. The
    /// caller stores the data set.
    pub(crate) fn end_sealing_now(
        id: ContainerId,
        data_set: &mut DataSet<BlockNumberFor<T>>,
        account: T::AccountId,
        reason: EndReason,
    ) {
        let end = SealingEnd { account, reason, since: T::Time::now() };
        Self::lower_validity(id, data_set, 0, end);
    }

    /// Lowers the validity of the current key and keeps the cause, unless it is that low already.
    fn lower_validity(
        id: ContainerId,
        data_set: &mut DataSet<BlockNumberFor<T>>,
        until: Moment,
        end: SealingEnd<T::AccountId>,
    ) {
        // Sealing that has ended keeps its first cause until the key is rotated.
        let ends_earlier =
            |key: &&mut EpochKey| until < key.valid_until && T::Time::now() <= key.valid_until;
        let Some(key) = data_set.key.as_mut().filter(ends_earlier) else { return };
        key.valid_until = until;
        SealingEnds::<T>::insert(id, data_set.id, &end);
        Self::deposit_event(Event::SealingLimited {
            container: id,
            data_set: data_set.id,
            valid_until: until,
            account: end.account,
            reason: end.reason,
        });
    }

    /// Removes the envelope of an account that no longer reads. The owner always does.
    pub(crate) fn remove_envelope(
        id: ContainerId,
        container: &Container<T::AccountId>,
        data_set: DataSetId,
        account: &T::AccountId,
    ) {
        if container.owner != *account {
            Envelopes::<T>::remove((id, data_set, account));
            Self::note_removed(1);
        }
    }

    /// Counts envelopes that were removed in this block, for [`Pallet::do_purge`].
    pub(crate) fn note_removed(count: u32) {
        let removed = Self::removed_in_this_block().saturating_add(count);
        RemovedEnvelopes::<T>::put((frame_system::Pallet::<T>::block_number(), removed));
    }

    /// Returns how many envelopes were removed in this block, at most.
    pub(crate) fn removed_in_this_block() -> u32 {
        let (block, removed) = RemovedEnvelopes::<T>::get();
        if block == frame_system::Pallet::<T>::block_number() {
            removed
        } else {
            0
        }
    }

    /// Ends what an offer disclosed, or what a former owner held: removes the account's envelopes,
    /// except for what it may read by a grant, and ends sealing to all current keys.
    pub(crate) fn end_disclosure(
        id: ContainerId,
        container: &Container<T::AccountId>,
        account: &T::AccountId,
        reason: EndReason,
    ) {
        let rights = AccountRights::<T>::get(id, account).unwrap_or_default();
        let now = T::Time::now();
        let with_key: Vec<_> =
            DataSets::<T>::iter_prefix(id).filter(|(_, set)| set.key.is_some()).collect();
        for (name, mut data_set) in with_key {
            if reads_until(&rights, data_set.id, now).is_none() {
                Self::remove_envelope(id, container, data_set.id, account);
            }
            Self::end_sealing_now(id, &mut data_set, account.clone(), reason);
            DataSets::<T>::insert(id, name, data_set);
        }
    }

    /// Returns whether sealed writes of a data set are accepted, and if not why; `None` for a public
    /// data set.
    pub(crate) fn sealing_state(
        id: ContainerId,
        container: &Container<T::AccountId>,
        data_set: &DataSet<BlockNumberFor<T>>,
    ) -> Option<Sealing<T::AccountId>> {
        if data_set.visibility == Visibility::Public {
            return None;
        }
        if container.status == Status::Ended || !data_set.is_active() {
            return Some(Sealing::Ended);
        }
        let Some(key) = data_set.key else { return Some(Sealing::NoKey) };
        let now = T::Time::now();
        let end = SealingEnds::<T>::get(id, data_set.id);
        Some(match end {
            Some(end) if now > key.valid_until => Sealing::RotationDue(end),
            end => match container.offer.as_ref().filter(|offer| now > offer.deadline) {
                Some(offer) => Sealing::OfferLapsed { to: offer.to.clone(), since: offer.deadline },
                None => Sealing::Open { end },
            },
        })
    }

    /// Fails unless a value can be sealed to the key of `epoch` now.
    pub(crate) fn check_sealing(
        container: &Container<T::AccountId>,
        data_set: &DataSet<BlockNumberFor<T>>,
        epoch: u32,
    ) -> Result<(), Error<T>> {
        ensure!(data_set.visibility == Visibility::Confidential, Error::NotConfidential);
        let key = data_set.key.ok_or(Error::NoKey)?;
        ensure!(epoch == key.epoch, Error::StaleEpoch);
        let now = T::Time::now();
        ensure!(now <= key.valid_until, Error::RotationDue);
        // The offeree holds the seed, and may no longer accept.
        let lapsed = container.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        ensure!(!lapsed, Error::OfferLapsed);
        Ok(())
    }
}
