// SPDX-License-Identifier: Apache-2.0

//! Data sets: added, retired, purged.

use super::{faults::document_error, plugins::Defined, NewDataSet};
use crate::{document, head::Operation, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{ContainerId, Name};

impl<T: Config> Pallet<T> {
    /// Adds a data set to a container. Tells the work that checking its default took.
    pub(crate) fn do_add_data_set(
        who: &T::AccountId,
        id: ContainerId,
        name: Vec<u8>,
        bytes: Vec<u8>,
    ) -> Result<u32, DispatchError> {
        let mut container = Self::check_changeable(who, id)?;
        let name = Self::check_new_data_set(id, &container, name)?;
        let mut roles = RolesOf::<T>::get(id);
        let known = roles.len();
        let source = document::definition(&bytes, &mut roles).map_err(document_error::<T>)?;
        let Defined { definition, schema, work } =
            Self::define_one(&name, &source).map_err(document_error::<T>)?;
        if roles.len() > known {
            RolesOf::<T>::insert(id, roles);
        }
        Self::store_schema(definition.schema, schema);
        let new = NewDataSet {
            name: name.clone(),
            kind: definition.kind,
            visibility: definition.visibility,
            write_once: definition.write_once,
            schema: definition.schema,
            document: sp_io::hashing::blake2_256(&bytes).into(),
            permissions: definition.permissions,
        };
        let mut data_set = Self::new_data_set(id, &mut container, new)?;
        if let Some(default) = source.default {
            Self::write_default(id, &name, &mut data_set, who, default)?;
        }
        Self::store_document(bytes)?;
        DataSets::<T>::insert(id, name, data_set);
        Containers::<T>::insert(id, container);
        Ok(work)
    }

    /// The name of a new data set, if it is one, was never used here, and there is room.
    pub(crate) fn check_new_data_set(
        id: ContainerId,
        container: &Container<T::AccountId>,
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
        let mut container = Self::check_changeable(who, id)?;
        let (name, mut data_set) = Self::active_data_set(id, name)?;
        data_set.status = Status::Ended;
        let author = who.clone();
        Self::change(id, &name, &mut data_set, |revision, block| Operation::Retire {
            revision,
            author,
            authority: Authority::Owner,
            block,
        })?;
        if data_set.visibility == Visibility::Confidential {
            container.confidential = container.confidential.saturating_sub(1);
            Containers::<T>::insert(id, container);
        }
        DataSets::<T>::insert(id, name, data_set);
        Ok(())
    }

    /// Clears what a retired data set still holds, at most [`MAX_PURGE`] keys of the state: its
    /// values, the newest batch first, so that the number of batches tells what is left; then the
    /// envelopes of its readers; then its epochs. Tells how many it cleared.
    pub(crate) fn do_purge(
        id: ContainerId,
        name: Vec<u8>,
        limit: u32,
    ) -> Result<u32, DispatchError> {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        Self::check_unfrozen(&container)?;
        let (name, mut data_set) = Self::named_data_set(id, name)?;
        ensure!(data_set.status == Status::Ended, Error::<T>::NotRetired);
        let empty = data_set.count == 0 && data_set.batches == 0 && data_set.key.is_none();
        ensure!(!empty, Error::<T>::NothingToDo);
        let limit = limit.clamp(1, MAX_PURGE);
        let cleared = limit.min(data_set.batches);
        let left = data_set.batches.saturating_sub(cleared);
        for batch in left..data_set.batches {
            let items = Batches::<T>::take((id, data_set.id, batch)).unwrap_or_default();
            let live = items.iter().flatten().count().saturated_into();
            data_set.count = data_set.count.saturating_sub(live);
        }
        data_set.batches = left;
        if data_set.kind == Kind::Entry {
            Entries::<T>::remove(id, data_set.id);
            data_set.count = 0;
        }
        let mut room = limit.saturating_sub(cleared).saturated_into::<usize>();
        let envelopes = Envelopes::<T>::drain_prefix((id, data_set.id)).take(room).count();
        room = room.saturating_sub(envelopes);
        let epochs = Epochs::<T>::drain_prefix((id, data_set.id)).take(room).count();
        if epochs < room {
            data_set.key = None;
        }
        let sealing = envelopes.saturating_add(epochs).saturated_into();
        let cleared = cleared.saturating_add(sealing);
        DataSets::<T>::insert(id, &name, data_set);
        Self::deposit_event(Event::DataSetPurged { container: id, name, cleared, left });
        Ok(cleared)
    }
}
