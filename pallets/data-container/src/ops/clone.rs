// SPDX-License-Identifier: Apache-2.0

//! Cloning: copies the definitions of a container, and optionally its public entries, for a new
//! owner.

use super::{update::Update, NewDataSet};
use crate::{growth, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use frame_support::{ensure, weights::Weight};
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{writes_bytes, ContainerId, Name, PluginId};

impl<T: Config> Pallet<T> {
    /// Creates a container like `source` for `owner`. Copies the description, the active data sets,
    /// the roles and their permissions, and with `with_values` the public entries. Never copies
    /// members, grants, keys or items. Adds the weight used so far to `spent`, also on failure.
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
        // Both the access check and the clone can read every data set.
        let count = original.data_sets.into();
        spend(count, 0);
        let may_link = Self::may_link_container(&owner, source, &mut Weight::zero())?;
        ensure!(may_link, Error::<T>::MayNotClone);
        let mut data_sets = Self::data_sets_in_order(source);
        data_sets.retain(|(_, data_set)| data_set.is_active());
        let plugin = original.plugin.filter(|plugin| Self::are_data_sets_of(*plugin, &data_sets));
        let mut update = Update::<T>::create(owner.clone(), plugin, Some(source))?;
        let id = update.id;
        update.deposit(|container, stamp| Event::ContainerCloned { container, stamp, source });
        Self::put_first_description(&mut update, Descriptions::<T>::get(source));
        let roles = RoleNames::<T>::get(source);
        if !roles.is_empty() {
            update.put_roles(&roles);
        }

        let mut permissions = Vec::new();
        let mut bytes = 0u32;
        for (name, old) in data_sets {
            let new = NewDataSet {
                name: name.clone(),
                kind: old.kind,
                visibility: old.visibility,
                write_once: old.write_once,
                schema: old.schema,
                document: old.document,
                permissions: old.permissions.clone(),
            };
            let mut data_set = Self::new_data_set(&mut update, new)?;
            permissions.push((data_set.id, data_set.permissions.clone()));
            let public = old.visibility == Visibility::Public;
            let copied = with_values && public && old.kind == Kind::Entry && old.count > 0;
            if let Some(Entry { value: value @ StoredValue::Public(_), .. }) =
                copied.then(|| Self::value_of(source, &old)).flatten()
            {
                bytes = bytes.saturating_add(value.bytes().len().saturated_into());
                spend(count, bytes);
                ensure!(bytes <= MAX_PAYLOAD, Error::<T>::PayloadTooLong);
                update.written.count(growth::long_entry(value.bytes()));
                Self::put_entry(id, &name, &mut data_set, &owner, Authority::Owner, value)?;
            }
            update.put_data_set(&name, &data_set);
        }
        update.deposit_roles(&roles, 0, &permissions);
        spent.saturating_accrue(writes_bytes(update.store()));
        Ok(id)
    }

    /// Returns `true` if these are exactly the data sets of a plugin that is not retired. They are
    /// in the order of their creation, which is the plugin's.
    fn are_data_sets_of(plugin: PluginId, data_sets: &[(Name, DataSetOf<T>)]) -> bool {
        let Some(plugin) = Plugins::<T>::get(plugin) else { return false };
        let same = |(defined, (name, data_set)): (&Definition, &(Name, DataSetOf<T>))| {
            defined.name == *name
                && defined.kind == data_set.kind
                && defined.visibility == data_set.visibility
                && defined.write_once == data_set.write_once
                && defined.schema == data_set.schema
        };
        !plugin.retired
            && plugin.data_sets.len() == data_sets.len()
            && plugin.data_sets.iter().zip(data_sets).all(same)
    }
}
