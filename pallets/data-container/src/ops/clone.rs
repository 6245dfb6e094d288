// SPDX-License-Identifier: Apache-2.0

//! Cloning: the definitions of a container, and if asked its public entries, for a new owner.

use super::NewDataSet;
use crate::{pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use frame_support::{ensure, weights::Weight};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::ContainerId;

impl<T: Config> Pallet<T> {
    /// Makes a container like `source` for `owner`. Copies the description, the data sets in use
    /// and what roles may do; never members, grants, keys or items. Adds what it took
    /// to `spent`, also when it fails.
    pub(crate) fn do_clone_container(
        owner: T::AccountId,
        source: ContainerId,
        with_values: bool,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError> {
        let before = *spent;
        let mut spend = |sets, bytes| {
            *spent = before.saturating_add(T::WeightInfo::clone_container(sets, bytes));
        };
        spend(0, 0);
        let original = Containers::<T>::get(source).ok_or(Error::<T>::ContainerNotFound)?;
        // Whether it may be linked can depend on every data set, and so does the clone.
        let count = original.data_sets.into();
        spend(count, 0);
        ensure!(Self::check_may_link(&owner, source)?, Error::<T>::MayNotClone);
        let (id, mut container) = Self::new_container(owner.clone(), original.plugin)?;
        Self::put_description(id, Descriptions::<T>::get(source));
        let roles = RolesOf::<T>::get(source);
        if !roles.is_empty() {
            RolesOf::<T>::insert(id, roles);
        }

        let mut data_sets: Vec<_> = DataSets::<T>::iter_prefix(source).collect();
        // The map has them in the order of hashes; ids follow the order in which they were made.
        data_sets.sort_by_key(|(_, data_set)| data_set.id);
        let mut bytes = 0u32;
        for (name, old) in data_sets {
            if !old.is_active() {
                continue;
            }
            let new = NewDataSet {
                name: name.clone(),
                kind: old.kind,
                visibility: old.visibility,
                write_once: old.write_once,
                schema: old.schema,
                document: old.document,
                permissions: old.permissions,
            };
            let mut data_set = Self::new_data_set(id, &mut container, new)?;
            let public = old.visibility == Visibility::Public;
            let copied = with_values && public && old.kind == Kind::Entry && old.count > 0;
            if let Some(value @ StoredValue::Public(_)) =
                copied.then(|| Entries::<T>::get(source, old.id)).flatten()
            {
                bytes = bytes.saturating_add(value.bytes().len().saturated_into());
                spend(count, bytes);
                ensure!(bytes <= MAX_PAYLOAD, Error::<T>::PayloadTooLong);
                Self::put_entry(id, &name, &mut data_set, &owner, Authority::Owner, value)?;
            }
            DataSets::<T>::insert(id, name, data_set);
        }
        Containers::<T>::insert(id, container);
        Self::deposit_event(Event::ContainerCloned { container: id, source });
        Ok(id)
    }
}
