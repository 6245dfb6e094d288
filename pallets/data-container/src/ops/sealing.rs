// SPDX-License-Identifier: Apache-2.0

//! Readers of sealed values, and the end of sealing to a key. Only this module stores envelopes and
//! ends sealing.
//!
//! The module keeps one invariant. Whenever a sealed write is accepted, every account that was ever
//! given the seed of its epoch is one of these:
//!
//! - the owner;
//! - an account that may read;
//! - the offeree of an open offer that has not lapsed;
//! - an account that left the container.
//!
//! `SeedsLeft` records the first account that left since the last rotation.

use super::{lookup::count_in_this_block, update::Update};
use crate::{
    access::reads_until, answers::EnvelopeState, growth, pallet::*, suite::parse_sealed_seed,
    types::*,
};
use frame_support::{ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use twinchain_primitives::{blake2_256_of, ContainerId, Moment};

/// An account that may hold seeds of a data set. Only [`Pallet::check_holder`] creates one.
pub(crate) struct SeedHolder<AccountId> {
    account: AccountId,
    /// The end of its READ, if any.
    until: Option<Moment>,
    /// `true` if it may already have an envelope of the epoch.
    may_have_envelope: bool,
}

/// An envelope that can be stored. Only [`Pallet::check_envelope`] creates one.
pub(crate) struct CheckedEnvelope<AccountId> {
    account: AccountId,
    /// The end of the account's READ, if any.
    until: Option<Moment>,
    segment: u8,
    envelope: Envelope,
}

impl<AccountId> SeedHolder<AccountId> {
    /// Marks the account as having no envelope of the epoch yet, so that none is looked up.
    pub(crate) fn without_envelope(self) -> Self {
        Self { may_have_envelope: false, ..self }
    }
}

impl<T: Config> Pallet<T> {
    /// Returns the account as a holder of seeds of a data set. Fails unless it is the owner, the
    /// offeree of an open offer, or an account with READ on an active data set. Fails with
    /// `DataSetRetired` if the data set is retired and holds no values.
    ///
    /// `rights` returns the account's rights in the container. It is called only for an account
    /// that is neither the owner nor the offeree.
    pub(crate) fn check_holder(
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        data_set: &DataSetOf<T>,
        account: T::AccountId,
        rights: impl FnOnce(&T::AccountId) -> Rights,
    ) -> Result<SeedHolder<T::AccountId>, Error<T>> {
        ensure!(data_set.can_be_read(), Error::DataSetRetired);
        let holder = |account, until| SeedHolder { account, until, may_have_envelope: true };
        let offered = container.offer.as_ref().is_some_and(|offer| offer.to == account);
        if container.owner == account || offered {
            return Ok(holder(account, None));
        }
        ensure!(data_set.is_active(), Error::DataSetRetired);
        let rights = rights(&account);
        let until = reads_until(&rights, data_set.id, T::Time::now()).ok_or(Error::NotAReader)?;
        Ok(holder(account, until.moment()))
    }

    /// Returns the newest segment of a data set. Fails with `StaleEpoch` if `epoch` is not the
    /// current one.
    pub(crate) fn newest_segment(data_set: &DataSetOf<T>, epoch: u32) -> Result<u8, Error<T>> {
        let key = Self::key_of(data_set)?;
        ensure!(epoch == key.epoch, Error::StaleEpoch);
        Ok(key.segment)
    }

    /// Returns the segment whose newest epoch is `epoch`. Fails with `StaleEpoch` if no segment
    /// ends with it.
    pub(crate) fn segment_ending_at(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        epoch: u32,
    ) -> Result<u8, Error<T>> {
        let key = Self::key_of(data_set)?;
        if epoch == key.epoch {
            return Ok(key.segment);
        }
        // A segment ends where the next epoch has another segment.
        let segment = |epoch| Some(Epochs::<T>::get((id, data_set.id, epoch))?.segment);
        let next = epoch.checked_add(1).and_then(segment);
        let ends = segment(epoch).filter(|segment| next.is_some_and(|next| next != *segment));
        ends.ok_or(Error::StaleEpoch)
    }

    /// Returns the current key of a confidential data set.
    fn key_of(data_set: &DataSetOf<T>) -> Result<EpochKey, Error<T>> {
        ensure!(data_set.visibility == Visibility::Confidential, Error::NotConfidential);
        data_set.key.ok_or(Error::NoKey)
    }

    /// Checks an envelope of `segment`'s newest epoch, sealed to the holder's current key, and
    /// returns it.
    pub(crate) fn check_envelope(
        id: ContainerId,
        data_set: &DataSetOf<T>,
        segment: u8,
        holder: SeedHolder<T::AccountId>,
        sealed: SealedFor,
    ) -> Result<CheckedEnvelope<T::AccountId>, Error<T>> {
        let SealedFor { epoch, key_version, sealed } = sealed;
        let SeedHolder { account, until, may_have_envelope } = holder;
        let known = EncryptionKeys::<T>::get(&account).ok_or(Error::NoEncryptionKey)?;
        ensure!(key_version == known.version, Error::StaleKeyVersion);
        let sealed = parse_sealed_seed(known.key.suite, &sealed).ok_or(Error::InvalidSealedSeed)?;
        let place = (id, data_set.id, segment, &account);
        // An account with an older key to which the seed was sealed knows it, so the oldest version
        // is kept.
        let before = may_have_envelope.then(|| Envelopes::<T>::get(place)).flatten();
        let oldest_key_version = before
            .filter(|before| before.epoch == epoch)
            .map_or(key_version, |before| before.oldest_key_version);
        let envelope = Envelope { epoch, key_version, oldest_key_version, sealed };
        Ok(CheckedEnvelope { account, until, segment, envelope })
    }

    /// Stores an envelope. In the newest segment, lowers the key's `valid_until` to the end of the
    /// holder's READ. The caller stores the data set.
    pub(crate) fn put_envelope(
        update: &mut Update<T>,
        data_set: &mut DataSetOf<T>,
        checked: CheckedEnvelope<T::AccountId>,
    ) {
        let CheckedEnvelope { account, until, segment, envelope } = checked;
        let Envelope { epoch, key_version, .. } = envelope;
        let sealed_hash = blake2_256_of(&envelope.sealed);
        update.written.record(growth::ENVELOPE_KEY, &envelope);
        Envelopes::<T>::insert((update.id, data_set.id, segment, &account), envelope);
        let (data_set_id, reader) = (data_set.id, account.clone());
        update.deposit(|container, stamp| Event::EnvelopeSet {
            container,
            stamp,
            data_set: data_set_id,
            account: reader,
            segment,
            epoch,
            key_version,
            envelope: sealed_hash,
        });
        if data_set.key.is_some_and(|key| key.segment == segment) {
            Self::end_sealing_with_read(update, data_set, account, until);
        }
    }

    /// Lowers the key's `valid_until` to the end of a reader's READ, if it has one. The caller
    /// stores the data set.
    pub(crate) fn end_sealing_with_read(
        update: &mut Update<T>,
        data_set: &mut DataSetOf<T>,
        account: T::AccountId,
        until: Option<Moment>,
    ) {
        let Some(until) = until else { return };
        let end = SealingEnd { account, reason: EndReason::ReadExpires, since: until };
        Self::lower_validity(update, data_set, until, end);
    }

    /// Ends sealing to the current key immediately, because `account` holds its seed but may no
    /// longer read. The caller stores the data set.
    pub(crate) fn end_sealing_now(
        update: &mut Update<T>,
        data_set: &mut DataSetOf<T>,
        account: T::AccountId,
        reason: EndReason,
    ) {
        let end = SealingEnd { account, reason, since: T::Time::now() };
        Self::lower_validity(update, data_set, 0, end);
    }

    /// Lowers the current key's `valid_until` to `until` and stores the reason. Does nothing if
    /// sealing has ended or ends no later than `until`.
    fn lower_validity(
        update: &mut Update<T>,
        data_set: &mut DataSetOf<T>,
        until: Moment,
        end: SealingEnd<T::AccountId>,
    ) {
        // Sealing that has ended keeps its first cause until the key is rotated.
        let ends_earlier =
            |key: &&mut EpochKey| until < key.valid_until && T::Time::now() <= key.valid_until;
        let Some(key) = data_set.key.as_mut().filter(ends_earlier) else { return };
        key.valid_until = until;
        // In one call, a later record of the same data set replaces the earlier one.
        if update.sealing_ended.replace(data_set.id) != Some(data_set.id) {
            update.written.record(growth::SEALING_END_KEY, &end);
        }
        SealingEnds::<T>::insert(update.id, data_set.id, &end);
        let data_set = data_set.id;
        update.deposit(|container, stamp| Event::SealingLimited {
            container,
            stamp,
            data_set,
            valid_until: until,
            account: end.account,
            reason: end.reason,
        });
    }

    /// Removes the newest segment's envelope of an account that no longer reads. Envelopes of older
    /// segments stay: they open only what the account could already read. The owner keeps its
    /// envelope, because it always reads.
    pub(crate) fn remove_envelope(
        update: &mut Update<T>,
        data_set: &DataSetOf<T>,
        account: &T::AccountId,
    ) {
        let Some(EpochKey { segment, .. }) = data_set.key else { return };
        let place = (update.id, data_set.id, segment, account);
        if update.container.owner == *account || Envelopes::<T>::take(place).is_none() {
            return;
        }
        count_in_this_block::<T, RemovedEnvelopes<T>>(1);
        update.written.count(growth::REMOVED_ENVELOPES);
        update.deposit_envelope_removed(data_set.id, account.clone(), segment);
    }

    /// Removes the envelope of a reader that leaves. If it could read until now, records that the
    /// key is due for rotation. Sealing continues. The owner and the offeree keep their envelopes,
    /// because they read without a grant.
    pub(crate) fn leave_seed(update: &mut Update<T>, data_set: &DataSetOf<T>, until: Until) {
        let account = update.author.clone();
        let offered = update.container.offer.as_ref().is_some_and(|offer| offer.to == account);
        if offered || update.container.owner == account {
            return;
        }
        Self::remove_envelope(update, data_set, &account);
        let now = T::Time::now();
        // A retired data set or a closed container accepts no sealed writes, so no rotation is due.
        let open = update.container.status == Status::Active && data_set.is_active();
        let known = SeedsLeft::<T>::contains_key(update.id, data_set.id);
        if open && data_set.key.is_some() && until.holds(now) && !known {
            let (data_set, reason) = (data_set.id, EndReason::ReaderLeft);
            let left = SealingEnd { account: account.clone(), reason, since: now };
            update.written.record(growth::SEALING_END_KEY, &left);
            SeedsLeft::<T>::insert(update.id, data_set, left);
            update.deposit(|container, stamp| Event::ReaderLeft {
                container,
                stamp,
                data_set,
                account,
            });
        }
    }

    /// Revokes the seeds that an offer disclosed or a former owner held. Removes the account's
    /// envelopes of the newest segments, except where a grant lets it read. Ends sealing to all
    /// current keys.
    pub(crate) fn revoke_seeds(update: &mut Update<T>, account: &T::AccountId, reason: EndReason) {
        let rights = AccountRights::<T>::get(update.id, account).unwrap_or_default();
        let now = T::Time::now();
        for (name, mut data_set) in Self::data_sets_in_order(update.id) {
            if data_set.key.is_none() {
                continue;
            }
            if reads_until(&rights, data_set.id, now).is_none() {
                Self::remove_envelope(update, &data_set, account);
            }
            Self::end_sealing_now(update, &mut data_set, account.clone(), reason);
            update.put_data_set(&name, &data_set);
        }
    }

    /// Fails unless a value can be sealed to the key of `epoch` now.
    pub(crate) fn check_sealing(
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        data_set: &DataSetOf<T>,
        epoch: u32,
    ) -> Result<(), Error<T>> {
        ensure!(data_set.visibility == Visibility::Confidential, Error::NotConfidential);
        let key = data_set.key.ok_or(Error::NoKey)?;
        ensure!(epoch == key.epoch, Error::StaleEpoch);
        let now = T::Time::now();
        // The offeree holds the seed but can no longer accept. The key cannot be rotated before the
        // offer ends.
        let lapsed = container.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        ensure!(!lapsed, Error::OfferLapsed);
        ensure!(now <= key.valid_until, Error::RotationDue);
        Ok(())
    }

    /// Returns the state of an account's envelope for the current epoch of a data set.
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
