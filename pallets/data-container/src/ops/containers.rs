// SPDX-License-Identifier: Apache-2.0

//! Containers: made, described, closed.

use super::{
    data::public,
    update::{genesis_hash, Update},
};
use crate::{access::has_any_access, document, head, pallet::*, types::*, WeightInfo};
use alloc::vec::Vec;
use data_schema::json::Raw;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time, weights::Weight};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_core::H256;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{
    hash_of, ContainerId, Containers as ContainersTrait, Description, DescriptionError, Moment,
    Name, PluginId, SharedEnvelope, TwinId,
};

/// A data set that is about to be made.
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
        let mut update = Update::<T>::create(owner, None)?;
        Self::put_description(&mut update, description);
        let id = update.id;
        update.store();
        Ok(id)
    }

    /// Makes a container of a plugin: copies its configuration and writes its defaults. Adds what
    /// it took to `spent`, also when it fails.
    pub(crate) fn do_instantiate(
        owner: T::AccountId,
        plugin_id: PluginId,
        description: Vec<u8>,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError> {
        let before = *spent;
        let mut spend = |read, sets, bytes| {
            *spent = before.saturating_add(T::WeightInfo::instantiate(read, sets, bytes));
        };
        spend(description.len().saturated_into(), 0, 0);
        let plugin = Plugins::<T>::get(plugin_id).ok_or(Error::<T>::PluginNotFound)?;
        ensure!(!plugin.retired, Error::<T>::PluginRetired);
        // Only descriptions and defaults stand in the document, which is long.
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
                let raw = part(&document, span).ok_or(Error::<T>::Corrupt)?;
                Self::check_description(raw.text.to_vec())?
            },
            _ => Self::check_description(description)?,
        };

        let mut update = Update::<T>::create(owner.clone(), Some(plugin_id))?;
        let id = update.id;
        Self::put_description(&mut update, description);
        if !plugin.roles.is_empty() {
            RolesOf::<T>::insert(id, &plugin.roles);
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
                let raw = part(&document, span).ok_or(Error::<T>::Corrupt)?;
                Self::write_default(id, &definition.name, &mut data_set, &owner, raw)?;
            }
            DataSets::<T>::insert(id, &definition.name, data_set);
        }
        update.tell_roles(&plugin.roles, 0, &permissions);
        update.store();
        Ok(id)
    }

    pub(crate) fn do_set_description(
        who: &T::AccountId,
        id: ContainerId,
        description: Vec<u8>,
    ) -> DispatchResult {
        let mut update = Update::<T>::open_changeable(who, id)?;
        let description = Self::check_description(description)?;
        if description.is_none() {
            update.tell(|container, stamp| Event::DescriptionSet {
                container,
                stamp,
                description: None,
            });
        }
        Self::put_description(&mut update, description);
        update.store();
        Ok(())
    }

    pub(crate) fn do_close_container(who: &T::AccountId, id: ContainerId) -> DispatchResult {
        let mut update = Update::<T>::open_changeable(who, id)?;
        update.container.status = Status::Ended;
        update.tell(|container, stamp| Event::ContainerClosed { container, stamp });
        update.store();
        Ok(())
    }

    /// A new data set, counted in its container; the caller stores both.
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
        update.tell(|container, stamp| Event::DataSetAdded {
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
            head: head::first(&genesis_hash::<T>(), update.id, data_set),
            count: 0,
            batches: 0,
            changed: frame_system::Pallet::<T>::block_number(),
            key: None,
            permissions: new.permissions,
            value: None,
        })
    }

    /// Writes the default of a new data set as its first revision. It was checked when its plugin
    /// was published, or is checked by the caller.
    pub(crate) fn write_default(
        id: ContainerId,
        name: &Name,
        data_set: &mut DataSetOf<T>,
        author: &T::AccountId,
        default: Raw<'_>,
    ) -> DispatchResult {
        let mut values: Vec<_> = document::default_values(data_set.kind, default)
            .map_err(super::faults::document_error::<T>)?
            .into_iter()
            .map(|raw| raw.text.to_vec())
            .collect();
        match (data_set.kind, values.pop()) {
            (Kind::Entry, Some(value)) => {
                let value = public::<T>(0, value)?;
                Self::put_entry(id, name, data_set, author, Authority::Owner, value)
            },
            (_, last) => {
                values.extend(last);
                let (owner, store) = (Authority::Owner, public::<T>);
                Self::put_batch(id, name, data_set, author, owner, values, None, store)
            },
        }
    }

    /// The container is open, and not on offer: what removing anything of it needs.
    pub(crate) fn check_unfrozen(
        container: &Container<T::AccountId, BlockNumberFor<T>>,
    ) -> Result<(), Error<T>> {
        ensure!(container.status == Status::Active, Error::ContainerClosed);
        ensure!(container.offer.is_none(), Error::OfferPending);
        Ok(())
    }

    /// A description, or none if the text is empty.
    pub(crate) fn check_description(text: Vec<u8>) -> Result<Option<Description>, Error<T>> {
        if text.is_empty() {
            return Ok(None);
        }
        Description::try_from(text).map(Some).map_err(|error| match error {
            DescriptionError::TooLong => Error::DescriptionTooLong,
            DescriptionError::NotJson { offset } => Error::DescriptionNotJson { offset },
        })
    }

    /// Stores a description, and tells its hash if there is one.
    pub(crate) fn put_description(update: &mut Update<T>, description: Option<Description>) {
        if let Some(description) = &description {
            let description = Some(hash_of(description.as_ref()));
            update.tell(|container, stamp| Event::DescriptionSet { container, stamp, description });
        }
        Descriptions::<T>::set(update.id, description);
    }
}

/// The part of a document that a span names.
pub(crate) fn part(document: &[u8], span: Span) -> Option<Raw<'_>> {
    let end = span.offset.checked_add(span.length)?;
    let text = document.get(span.offset.saturated_into()..end.saturated_into())?;
    Some(Raw { text, offset: span.offset })
}

impl<T: Config> ContainersTrait<T::AccountId> for Pallet<T> {
    fn instantiate(
        owner: &T::AccountId,
        plugin: PluginId,
        spent: &mut Weight,
    ) -> Result<ContainerId, DispatchError> {
        Self::do_instantiate(owner.clone(), plugin, Vec::new(), spent)
    }

    fn may_link(who: &T::AccountId, container: ContainerId) -> Result<bool, DispatchError> {
        Self::check_may_link(who, container)
    }

    fn offer(
        owner: &T::AccountId,
        to: &T::AccountId,
        deadline: Moment,
        twin: TwinId,
        container: ContainerId,
        envelopes: Vec<SharedEnvelope>,
    ) -> DispatchResult {
        Self::do_offer(owner, container, to.clone(), deadline, Some(twin), envelopes)
    }

    fn accept(
        owner: &T::AccountId,
        to: &T::AccountId,
        twin: TwinId,
        container: ContainerId,
    ) -> DispatchResult {
        Self::do_accept_with_twin(owner, to, twin, container)
    }

    fn cancel(owner: &T::AccountId, twin: TwinId, container: ContainerId) {
        Self::do_cancel_with_twin(owner, twin, container);
    }

    fn offer_weight(envelopes: u32) -> Weight {
        T::WeightInfo::offer_ownership(envelopes)
    }

    fn accept_weight() -> Weight {
        T::WeightInfo::accept_ownership()
    }

    fn cancel_weight() -> Weight {
        T::WeightInfo::cancel_offer()
    }

    fn instantiate_weight() -> Weight {
        T::WeightInfo::instantiate(MAX_DOCUMENT, MAX_DATA_SETS, MAX_PAYLOAD)
    }

    fn may_link_weight() -> Weight {
        T::WeightInfo::may_link()
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn check_may_link(
        who: &T::AccountId,
        id: ContainerId,
    ) -> Result<bool, DispatchError> {
        let container = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        if container.confidential == 0 || container.owner == *who {
            return Ok(true);
        }
        let in_use = DataSets::<T>::iter_prefix_values(id)
            .filter(|data_set| data_set.is_active())
            .map(|data_set| data_set.id);
        Ok(AccountRights::<T>::get(id, who)
            .is_some_and(|rights| has_any_access(&rights, in_use, T::Time::now())))
    }
}
