// SPDX-License-Identifier: Apache-2.0

//! Answers to questions. Never writes.

use super::{
    data::{check_write_once, schema_of},
    faults::{document_error, value_error},
};
use crate::{
    answers::*,
    document::{self, DocumentError},
    pallet::*,
    types::*,
    weights::Work,
};
use alloc::vec::Vec;
use data_schema::json::pointer;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{keys_after, Access, ContainerId, Name, Page, PluginId, MAX_PAGE};

/// The bytes of items after which a page of batches ends.
const PAGE_BYTES: u32 = 256 * 1024;

impl<T: Config> Pallet<T> {
    pub(crate) fn read_plugin(id: PluginId) -> Option<PluginInfo<T::AccountId>> {
        let plugin = Plugins::<T>::get(id)?;
        let document = Documents::<T>::get(plugin.document)?.into();
        Some(PluginInfo { plugin, document })
    }

    pub(crate) fn read_container(
        id: ContainerId,
    ) -> Option<ContainerInfo<T::AccountId, BlockNumberFor<T>>> {
        Some(ContainerInfo {
            container: Containers::<T>::get(id)?,
            description: Descriptions::<T>::get(id).map(Into::into).unwrap_or_default(),
            roles: RolesOf::<T>::get(id).into(),
        })
    }

    pub(crate) fn data_sets_in_order(id: ContainerId) -> Vec<(Name, DataSetOf<T>)> {
        let mut data_sets: Vec<_> = DataSets::<T>::iter_prefix(id).collect();
        data_sets.sort_by_key(|(_, data_set)| data_set.id);
        data_sets
    }

    pub(crate) fn read_entry(
        id: ContainerId,
        name: Vec<u8>,
    ) -> Option<Entry<T::AccountId, BlockNumberFor<T>>> {
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::value_of(id, &data_set)
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

    pub(crate) fn read_authority(
        id: ContainerId,
        name: Vec<u8>,
        account: T::AccountId,
        access: Access,
    ) -> Option<Authority> {
        let container = Containers::<T>::get(id)?;
        let (_, data_set) = Self::named_data_set(id, name).ok()?;
        Self::authority_of(id, &container, &data_set, &account, access)
    }

    pub(crate) fn read_containers_of_owner(
        owner: T::AccountId,
        after: Option<ContainerId>,
        limit: u32,
    ) -> Page<ContainerId, ContainerId> {
        let ids = keys_after::<ContainersOfOwner<T>, _, _, _>(owner, after);
        Page::collect(ids.map(|id| (id, id)), limit)
    }

    pub(crate) fn dry_run_value(
        id: ContainerId,
        name: Vec<u8>,
        value: &[u8],
    ) -> Result<(), Refusal> {
        let schema = Self::schema_for(id, name).map_err(whole)?;
        schema.check(value).map_err(|violation| Refusal {
            error: value_error::<T>(0, violation).into(),
            keyword: violation.keyword.as_str().into(),
            offset: violation.offset,
            pointer: pointer_within(value, MAX_VALUE, violation.offset),
            message: violation.keyword.advice().into(),
        })?;
        Ok(())
    }

    pub(crate) fn dry_run_document(
        publisher: &T::AccountId,
        bytes: &[u8],
    ) -> Result<PluginPreview, Refusal> {
        let refuse = |error| document_refusal::<T>(bytes, error);
        let source = document::plugin(bytes).map_err(refuse)?;
        Self::check_replaces(publisher, &source).map_err(|error| Refusal {
            error: error.into(),
            keyword: b"replaces".to_vec(),
            offset: source.replaces.map_or(0, |(_, offset)| offset),
            pointer: b"/replaces".to_vec(),
            message: b"a new version names a plugin of the same publisher".to_vec(),
        })?;
        let definitions = Self::define(&source, &mut Work::default()).map_err(refuse)?;
        Ok(PluginPreview {
            name: source.name,
            replaces: source.replaces.map(|(old, _)| old),
            data_sets: definitions.into_iter().map(|defined| defined.definition).collect(),
            roles: source.roles.into(),
        })
    }

    pub(crate) fn dry_run_definition(
        id: ContainerId,
        name: Vec<u8>,
        bytes: &[u8],
    ) -> Result<Definition, Refusal> {
        let container =
            Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound).map_err(whole)?;
        let new = Self::check_new_data_set(id, &container, name).map_err(whole)?;
        let refuse = |error| document_refusal::<T>(bytes, error);
        let mut roles = RolesOf::<T>::get(id);
        let source = document::definition(bytes, &mut roles).map_err(refuse)?;
        let defined = Self::define_one(&new, &source, &mut Work::default()).map_err(refuse)?;
        Ok(defined.definition)
    }

    /// The schema that a value is checked against, if the data set takes a value at all.
    fn schema_for(id: ContainerId, name: Vec<u8>) -> Result<data_schema::Schema, Error<T>> {
        let container = Containers::<T>::get(id).ok_or(Error::ContainerNotFound)?;
        ensure!(container.status == Status::Active, Error::ContainerClosed);
        let (_, data_set) = Self::active_data_set(id, name)?;
        check_write_once::<T>(&data_set)?;
        schema_of::<T>(&data_set)
    }
}

/// A refusal that is about nothing smaller than the whole.
fn whole<T: Config>(error: Error<T>) -> Refusal {
    Refusal {
        error: error.into(),
        keyword: Vec::new(),
        offset: 0,
        pointer: Vec::new(),
        message: Vec::new(),
    }
}

/// The JSON Pointer of a place in a text, of which the caller chose the length.
fn pointer_within(text: &[u8], limit: u32, offset: u32) -> Vec<u8> {
    let limit = text.len().min(limit.saturated_into());
    pointer(text.get(..limit).unwrap_or_default(), offset).into()
}

fn document_refusal<T: Config>(bytes: &[u8], error: DocumentError) -> Refusal {
    Refusal {
        error: document_error::<T>(error).into(),
        keyword: error.word().into(),
        offset: error.offset,
        pointer: pointer_within(bytes, MAX_DOCUMENT, error.offset),
        message: error.message().into(),
    }
}
