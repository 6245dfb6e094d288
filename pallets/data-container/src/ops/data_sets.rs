// SPDX-License-Identifier: Apache-2.0

//! Adding, retiring and purging data sets.

use super::{
    error_mapping::document_error,
    lookup::{count_in_this_block, counted_in_this_block},
    plugins::CompiledDataSet,
    update::Update,
    NewDataSet,
};
use crate::{
    document,
    operation::{Operation, OperationStamp},
    pallet::*,
    types::*,
    weights::Work,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{ContainerId, Name};

impl<T: Config> Pallet<T> {
    /// Adds a data set to a container. Adds the work of validating its default to `work`. Returns
    /// the number of bytes written.
    pub(crate) fn do_add_data_set(
        who: &T::AccountId,
        id: ContainerId,
        name: Vec<u8>,
        bytes: Vec<u8>,
        work: &mut Work,
    ) -> Result<u64, DispatchError> {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let name = Self::check_new_data_set(id, &update.container, name)?;
        let document = Self::check_document_length(bytes)?;
        let mut roles = RoleNames::<T>::get(id);
        let known = roles.len();
        let source = document::definition(&document, &mut roles).map_err(document_error::<T>)?;
        let CompiledDataSet { definition, program, root, place } =
            Self::define_one(&name, &source, work).map_err(document_error::<T>)?;
        if roles.len() > known {
            update.put_roles(&roles);
        }
        let document = Self::store_document(&document, &mut update.written);
        let schema = CompiledSchema { program, document, root, place };
        Self::store_schema(definition.schema, schema, &mut update.written);
        let new = NewDataSet {
            name: name.clone(),
            kind: definition.kind,
            visibility: definition.visibility,
            write_once: definition.write_once,
            schema: definition.schema,
            document,
            permissions: definition.permissions,
        };
        let mut data_set = Self::new_data_set(&mut update, new)?;
        let permissions = [(data_set.id, data_set.permissions.clone())];
        update.deposit_roles(&roles, known, &permissions);
        if let Some(default) = source.default {
            Self::write_default(&mut update, &name, &mut data_set, default)?;
        }
        update.put_data_set(&name, &data_set);
        Ok(update.store())
    }

    /// Returns the name of a new data set. Fails if the name is invalid or already used in the
    /// container, or if the container is closed, on offer or full.
    pub(crate) fn check_new_data_set(
        id: ContainerId,
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        name: Vec<u8>,
    ) -> Result<Name, Error<T>> {
        Self::check_unfrozen(container)?;
        let name = Name::try_from(name).map_err(|_| Error::InvalidName)?;
        ensure!(!DataSets::<T>::contains_key(id, &name), Error::DataSetExists);
        ensure!(u32::from(container.data_sets) < MAX_DATA_SETS, Error::TooManyDataSets);
        Ok(name)
    }

    pub(crate) fn do_retire_data_set(
        who: &T::AccountId,
        id: ContainerId,
        name: Vec<u8>,
    ) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, name)?;
        Self::retire(&mut update, &name, &mut data_set)?;
        if data_set.visibility == Visibility::Confidential {
            update.store();
        }
        DataSets::<T>::insert(id, name, data_set);
        Ok(())
    }

    /// Retires a data set on behalf of the owner. The caller stores the data set, and the container
    /// if the data set is confidential.
    fn retire(
        update: &mut Update<T>,
        name: &Name,
        data_set: &mut DataSetOf<T>,
    ) -> Result<(), Error<T>> {
        let stamp = Self::next_stamp(data_set)?;
        data_set.retired = Some(stamp.time);
        let author = update.author.clone();
        Self::record_operation(update.id, name, data_set, stamp, |stamp| {
            let OperationStamp { revision, block, time } = stamp;
            Operation::Retire { revision, author, authority: Authority::Owner, block, time }
        });
        if data_set.visibility == Visibility::Confidential {
            let confidential = &mut update.container.confidential;
            *confidential = confidential.saturating_sub(1);
        }
        Ok(())
    }

    /// Purges a retired data set: clears its entry, and at most `limit` batches, envelopes and
    /// epochs. `limit` is clamped to between 1 and [`MAX_PURGE`].
    ///
    /// The newest batches go first, so that the number of batches says how many are left. The
    /// readers' envelopes follow, then the epochs, the newest first. In a closed container, retires
    /// the data set first. Returns the number of batches, envelopes and epochs cleared.
    pub(crate) fn do_purge(
        who: &T::AccountId,
        id: ContainerId,
        name: Vec<u8>,
        limit: u32,
    ) -> Result<u32, DispatchError> {
        let mut update = Update::<T>::load(who, id)?;
        let (name, mut data_set) = Self::named_data_set(id, name)?;
        Self::check_purgeable(who, &update.container, &data_set)?;
        let limit = limit.clamp(1, MAX_PURGE);
        let keyed = data_set.batches < limit && data_set.key.is_some();
        let searched = keyed && Self::may_search();
        // Checked before anything is removed: a rejected purge is not charged for removals.
        ensure!(searched || !keyed || data_set.holds_values(), Error::<T>::PurgedEnough);
        if data_set.is_active() {
            Self::retire(&mut update, &name, &mut data_set)?;
        }
        let mut room = limit.saturating_sub(Self::purge_values(id, &mut data_set, limit));
        if searched {
            room = room.saturating_sub(Self::purge_envelopes(&mut update, &data_set, room));
            room = room.saturating_sub(Self::purge_epochs(id, &mut data_set, room));
        }
        let (left, cleared) = (data_set.batches, limit.saturating_sub(room));
        let (data_set_id, epochs) = (data_set.id, data_set.key.map_or(0, |key| key.epoch));
        DataSets::<T>::insert(id, &name, data_set);
        update.deposit(|container, stamp| Event::DataSetPurged {
            container,
            stamp,
            data_set: data_set_id,
            name,
            cleared,
            left,
            epochs,
        });
        update.store();
        Ok(cleared)
    }

    /// Fails unless an account may purge a data set and there is something to purge. The owner may
    /// purge a retired data set, and in a closed container, where nothing is in use, any data set.
    /// Other accounts may purge a retired data set of an active container, [`PURGE_DELAY`] after
    /// its retirement.
    fn check_purgeable(
        who: &T::AccountId,
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        data_set: &DataSetOf<T>,
    ) -> Result<(), Error<T>> {
        let owned = container.owner == *who;
        ensure!(owned || container.status == Status::Active, Error::NotOwner);
        ensure!(container.offer.is_none(), Error::OfferPending);
        let closed = container.status == Status::Closed;
        ensure!(closed || !data_set.is_active(), Error::NotRetired);
        ensure!(!data_set.write_once, Error::WriteOnce);
        let free = data_set.retired.map(|retired| retired.saturating_add(PURGE_DELAY));
        let free = free.is_some_and(|free| T::Time::now() >= free);
        ensure!(owned || free, Error::PurgeTooEarly);
        ensure!(data_set.holds_values() || data_set.key.is_some(), Error::NothingToDo);
        Ok(())
    }

    /// Clears the value of an entry, or at most `limit` batches of a list. Returns the number of
    /// batches cleared.
    fn purge_values(id: ContainerId, data_set: &mut DataSetOf<T>, limit: u32) -> u32 {
        if data_set.kind == Kind::Entry {
            Self::take_value(id, data_set);
        }
        let cleared = limit.min(data_set.batches);
        let left = data_set.batches.saturating_sub(cleared);
        for batch in left..data_set.batches {
            let items = Batches::<T>::take((id, data_set.id, batch))
                .map_or(Items::default(), |batch| batch.items);
            let live = items.iter().flatten().count().saturated_into();
            data_set.count = data_set.count.saturating_sub(live);
        }
        data_set.batches = left;
        cleared
    }

    /// Returns `true` if the state may be searched for envelopes.
    ///
    /// A search visits every envelope that was removed earlier in this block, and no weight covers
    /// that. So the number of searches in a block is limited for the whole chain.
    fn may_search() -> bool {
        counted_in_this_block::<T, RemovedEnvelopes<T>>() < MAX_REMOVED_BEFORE_SEARCH
    }

    /// Clears at most `limit` envelopes. Returns the number cleared.
    fn purge_envelopes(update: &mut Update<T>, data_set: &DataSetOf<T>, limit: u32) -> u32 {
        // A search that finds no envelope counts as well.
        count_in_this_block::<T, RemovedEnvelopes<T>>(MAX_PURGE);
        let mut cleared = 0u32;
        let envelopes = Envelopes::<T>::drain_prefix((update.id, data_set.id));
        for ((segment, account), _) in envelopes.take(limit.saturated_into()) {
            cleared = cleared.saturating_add(1);
            update.deposit_envelope_removed(data_set.id, account, segment);
        }
        cleared
    }

    /// Clears at most `limit` epochs, and the key with the last one. Returns the number of epochs
    /// cleared.
    fn purge_epochs(id: ContainerId, data_set: &mut DataSetOf<T>, limit: u32) -> u32 {
        let Some(key) = data_set.key.as_mut().filter(|_| limit > 0) else { return 0 };
        let cleared = limit.min(key.epoch);
        let left = key.epoch.saturating_sub(cleared);
        for epoch in left..key.epoch {
            Epochs::<T>::remove((id, data_set.id, epoch.saturating_add(1)));
        }
        // The key then describes the newest epoch that is left.
        key.epoch = left;
        if let Some(newest) = Epochs::<T>::get((id, data_set.id, left)) {
            (key.suite, key.segment) = (newest.suite, newest.segment);
        }
        if left == 0 {
            data_set.key = None;
            SealingEnds::<T>::remove(id, data_set.id);
            SeedsLeft::<T>::remove(id, data_set.id);
        }
        cleared
    }
}
