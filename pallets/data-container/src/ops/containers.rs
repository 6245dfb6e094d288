// SPDX-License-Identifier: Apache-2.0

//! Creating, describing and closing containers.

use super::{
    data::public_value,
    update::{genesis_hash, Update},
};
use crate::{document, growth, operation, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use data_schema::json::Raw;
use frame_support::{dispatch::DispatchResult, ensure, weights::Weight};
use sp_core::H256;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{
    blake2_256_of, writes_bytes, ContainerId, Description, DescriptionError, Name, PluginId,
};

/// A data set to be created.
pub(crate) struct NewDataSet {
    pub name: Name,
    pub kind: Kind,
    pub visibility: Visibility,
    pub write_once: bool,
    pub schema: H256,
    pub document: H256,
    pub permissions: Permissions,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_create_container(
        owner: T::AccountId,
        description: Vec<u8>,
    ) -> Result<ContainerId, DispatchError> {
        let description = Self::check_description(description)?;
        let mut update = Update::<T>::create(owner, None, None)?;
        Self::put_first_description(&mut update, description);
        let id = update.id;
        update.store();
        Ok(id)
    }

    /// Creates an instance of a plugin: copies its definitions and roles, and writes its defaults.
    /// Adds the weight used so far to `spent`, also on failure.
    pub(crate) fn do_instantiate(
        owner: T::AccountId,
        plugin_id: PluginId,
        description: Vec<u8>,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError> {
        // Charged step by step, so that a failed call pays only for what it did.
        let before = *spent;
        let mut spend = |read, sets, bytes| {
            *spent = before.saturating_add(T::WeightInfo::instantiate(read, sets, bytes));
        };
        spend(description.len().saturated_into(), 0, 0);
        let plugin = Plugins::<T>::get(plugin_id).ok_or(Error::<T>::PluginNotFound)?;
        ensure!(!plugin.retired, Error::<T>::PluginRetired);
        // The document is long, and only the description and the defaults are read from it.
        let needed = (description.is_empty() && plugin.description.is_some())
            || plugin.data_sets.iter().any(|data_set| data_set.default.is_some());
        let document = match needed {
            true => Documents::<T>::get(plugin.document).ok_or(Error::<T>::Corrupt)?,
            false => Default::default(),
        };
        let read: u32 = description.len().max(document.len()).saturated_into();
        spend(read, 0, 0);
        let description = match plugin.description {
            Some(span) if description.is_empty() => {
                let raw = slice_of_span(&document, span).ok_or(Error::<T>::Corrupt)?;
                Self::check_description(raw.text.to_vec())?
            },
            _ => Self::check_description(description)?,
        };

        let mut update = Update::<T>::create(owner.clone(), Some(plugin_id), None)?;
        let id = update.id;
        Self::put_first_description(&mut update, description);
        if !plugin.roles.is_empty() {
            update.put_roles(&plugin.roles);
        }
        let mut permissions = Vec::new();
        let (mut sets, mut bytes) = (0u32, 0u32);
        for definition in plugin.data_sets {
            sets = sets.saturating_add(1);
            bytes = bytes.saturating_add(definition.default.map_or(0, |span| span.length));
            spend(read, sets, bytes);
            let default = definition.default;
            let new = NewDataSet {
                name: definition.name.clone(),
                kind: definition.kind,
                visibility: definition.visibility,
                write_once: definition.write_once,
                schema: definition.schema,
                document: plugin.document,
                permissions: definition.permissions,
            };
            let mut data_set = Self::new_data_set(&mut update, new)?;
            permissions.push((data_set.id, data_set.permissions.clone()));
            if let Some(span) = default {
                let raw = slice_of_span(&document, span).ok_or(Error::<T>::Corrupt)?;
                Self::write_default(&mut update, &definition.name, &mut data_set, raw)?;
            }
            update.put_data_set(&definition.name, &data_set);
        }
        update.deposit_roles(&plugin.roles, 0, &permissions);
        spent.saturating_accrue(writes_bytes(update.store()));
        Ok(id)
    }

    pub(crate) fn do_set_description(
        who: &T::AccountId,
        id: ContainerId,
        description: Vec<u8>,
    ) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        let description = Self::check_description(description)?;
        Self::put_description(&mut update, description);
        update.store();
        Ok(())
    }

    pub(crate) fn do_close_container(who: &T::AccountId, id: ContainerId) -> DispatchResult {
        let mut update = Update::<T>::load_for_change(who, id)?;
        update.container.status = Status::Closed;
        update.deposit(|container, stamp| Event::ContainerClosed { container, stamp });
        update.store();
        Ok(())
    }

    /// Creates a data set and counts it in its container. The caller stores both.
    pub(crate) fn new_data_set(
        update: &mut Update<T>,
        new: NewDataSet,
    ) -> Result<DataSetOf<T>, Error<T>> {
        let container = &mut update.container;
        let data_set = container.data_sets;
        ensure!(u32::from(data_set) < MAX_DATA_SETS, Error::<T>::TooManyDataSets);
        container.data_sets = data_set.saturating_add(1);
        if new.visibility == Visibility::Confidential {
            container.confidential = container.confidential.saturating_add(1);
        }
        let NewDataSet { name, kind, visibility, write_once, schema, document, .. } = new;
        update.deposit(|container, stamp| Event::DataSetAdded {
            container,
            stamp,
            data_set,
            name,
            kind,
            visibility,
            write_once,
            schema,
            document,
        });
        Ok(DataSet {
            id: data_set,
            kind: new.kind,
            visibility: new.visibility,
            retired: None,
            write_once: new.write_once,
            schema: new.schema,
            document: new.document,
            revision: 0,
            head: operation::initial_head(&genesis_hash::<T>(), update.id, data_set),
            count: 0,
            batches: 0,
            changed: frame_system::Pallet::<T>::block_number(),
            key: None,
            permissions: new.permissions,
            value: None,
        })
    }

    /// Writes the default of a new data set as its first revision. The default must be valid:
    /// either its plugin was published, or the caller has validated it. The caller stores the data
    /// set.
    pub(crate) fn write_default(
        update: &mut Update<T>,
        name: &Name,
        data_set: &mut DataSetOf<T>,
        default: Raw<'_>,
    ) -> DispatchResult {
        let mut values: Vec<_> = document::default_values(data_set.kind, default)
            .map_err(super::error_mapping::document_error::<T>)?
            .into_iter()
            .map(|raw| raw.text.to_vec())
            .collect();
        let (id, author, owner) = (update.id, &update.author, Authority::Owner);
        match (data_set.kind, values.pop()) {
            (Kind::Entry, Some(value)) => {
                update.written.count(growth::long_entry(&value));
                let value = public_value::<T>(0, value)?;
                Self::put_entry(id, name, data_set, author, owner, value)
            },
            (_, last) => {
                values.extend(last);
                update.written.count(growth::public_batch(&values));
                let convert = public_value::<T>;
                Self::put_batch(id, name, data_set, author, owner, values, None, convert)
            },
        }
    }

    /// Returns the text as a description, or `None` if it is empty. Fails if it is too long or is
    /// not JSON.
    pub(crate) fn check_description(text: Vec<u8>) -> Result<Option<Description>, Error<T>> {
        if text.is_empty() {
            return Ok(None);
        }
        Description::try_from(text).map(Some).map_err(|error| match error {
            DescriptionError::TooLong => Error::DescriptionTooLong,
            DescriptionError::NotJson { offset } => Error::DescriptionNotJson { offset },
        })
    }

    /// Stores the first description of a container, if any.
    pub(crate) fn put_first_description(update: &mut Update<T>, description: Option<Description>) {
        if description.is_some() {
            Self::put_description(update, description);
        }
    }

    /// Stores a description, or removes it if it is `None`.
    fn put_description(update: &mut Update<T>, description: Option<Description>) {
        let hash = description.as_ref().map(|text| blake2_256_of(text.as_ref()));
        if let Some(text) = &description {
            update.written.record(growth::DESCRIPTION_KEY, text);
        }
        Descriptions::<T>::set(update.id, description);
        update.deposit(|container, stamp| Event::DescriptionSet {
            container,
            stamp,
            description: hash,
        });
    }
}

/// Returns the part of a document that a span covers, or `None` if the document is too short.
pub(crate) fn slice_of_span(document: &[u8], span: Span) -> Option<Raw<'_>> {
    let end = span.offset.checked_add(span.length)?;
    let text = document.get(span.offset.saturated_into()..end.saturated_into())?;
    Some(Raw { text, offset: span.offset })
}
