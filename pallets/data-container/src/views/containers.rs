// SPDX-License-Identifier: Apache-2.0

//! Reads of plugins, and of containers and their data.

use crate::{answers::*, pallet::*, types::*};
use alloc::vec::Vec;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{page_of_keys, ContainerId, Name, Page, PluginId, MAX_PAGE};

/// A page of batches ends once its items have this many bytes.
const PAGE_BYTES: u32 = 256 * 1024;

impl<T: Config> Pallet<T> {
    pub(crate) fn read_plugin(id: PluginId) -> Option<PluginInfo<T::AccountId>> {
        let plugin = Plugins::<T>::get(id)?;
        let document = Documents::<T>::get(plugin.document)?.into();
        Some(PluginInfo { plugin, document })
    }

    pub(crate) fn read_plugins_of_publisher(
        publisher: T::AccountId,
        after: Option<PluginId>,
        limit: u32,
    ) -> Page<PluginId, PluginId> {
        page_of_keys::<PluginsOfPublisher<T>, _, _, _>(publisher, after, limit)
    }

    pub(crate) fn read_plugins_of_name(
        name: Vec<u8>,
        after: Option<PluginId>,
        limit: u32,
    ) -> Page<PluginId, PluginId> {
        let Ok(name) = Name::try_from(name) else { return Page { items: Vec::new(), next: None } };
        page_of_keys::<PluginsOfName<T>, _, _, _>(name, after, limit)
    }

    pub(crate) fn read_successors(
        plugin: PluginId,
        after: Option<PluginId>,
        limit: u32,
    ) -> Page<PluginId, PluginId> {
        page_of_keys::<SuccessorsOf<T>, _, _, _>(plugin, after, limit)
    }

    pub(crate) fn read_instances(
        plugin: PluginId,
        after: Option<ContainerId>,
        limit: u32,
    ) -> Page<ContainerId, ContainerId> {
        page_of_keys::<InstancesOf<T>, _, _, _>(plugin, after, limit)
    }

    pub(crate) fn read_container(
        id: ContainerId,
    ) -> Option<ContainerInfo<T::AccountId, BlockNumberFor<T>>> {
        Some(ContainerInfo {
            container: Containers::<T>::get(id)?,
            description: Descriptions::<T>::get(id).map(Into::into).unwrap_or_default(),
            roles: RoleNames::<T>::get(id)
                .into_iter()
                .map(|role| RoleInfo {
                    holders: RoleHolders::<T>::get(id, role.id).unwrap_or_default(),
                    role,
                })
                .collect(),
        })
    }

    pub(crate) fn read_entry(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Option<Entry<T::AccountId, BlockNumberFor<T>>> {
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::value_of(id, &data_set)
    }

    pub(crate) fn read_entry_author(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Option<Authorship<T::AccountId, BlockNumberFor<T>>> {
        let Entry { author, block, time, .. } = Self::read_entry(id, name)?;
        Some(Authorship { author, block, time })
    }

    pub(crate) fn read_batches(
        id: ContainerId,
        name: Vec<u8>,
        from: u32,
        limit: u32,
    ) -> Page<BatchInfo<T::AccountId, BlockNumberFor<T>>, u32> {
        let mut page = Page { items: Vec::new(), next: None };
        let Ok((_, data_set)) = Self::named_data_set(id, name) else { return page };
        let end = from.saturating_add(limit.clamp(1, MAX_PAGE)).min(data_set.batches);
        let mut bytes = 0u32;
        let mut batch = from;
        while batch < end && bytes < PAGE_BYTES {
            if let Some(stored) = Batches::<T>::get((id, data_set.id, batch)) {
                for value in stored.items.iter().flatten() {
                    bytes = bytes.saturating_add(value.bytes().len().saturated_into());
                }
                page.items.push(BatchInfo { batch, stored });
            }
            batch = batch.saturating_add(1);
        }
        page.next = Some(batch).filter(|next| *next < data_set.batches);
        page
    }

    pub(crate) fn read_containers_of_owner(
        owner: T::AccountId,
        after: Option<ContainerId>,
        limit: u32,
    ) -> Page<ContainerId, ContainerId> {
        page_of_keys::<ContainersOfOwner<T>, _, _, _>(owner, after, limit)
    }
}
