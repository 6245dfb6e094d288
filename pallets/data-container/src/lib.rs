// SPDX-License-Identifier: Apache-2.0

//! # Data containers
//!
//! A **plugin** is a published, immutable definition of data sets: their names, formats, roles and
//! defaults. A **container** is an instance of a plugin: its owner, its own copy of the data sets,
//! and the data. A **data set** is an entry (one value) or a list (batches of items). The chain
//! checks every public value against the data set's JSON Schema, counts and chains every change,
//! and decides data set by data set who may write.
//!
//! | call | by | does |
//! |---|---|---|
//! | [`publish_plugin`](Pallet::publish_plugin) | anybody | publishes a plugin document |
//! | [`retire_plugin`](Pallet::retire_plugin) | publisher | stops new instances |
//! | [`create_container`](Pallet::create_container) | anybody | makes an empty container |
//! | [`instantiate`](Pallet::instantiate) | anybody | makes a container of a plugin |
//! | [`clone_container`](Pallet::clone_container) | who may link it | makes a container like another |
//! | [`set_description`](Pallet::set_description) | owner | replaces the description |
//! | [`add_data_set`](Pallet::add_data_set) | owner | adds a data set |
//! | [`retire_data_set`](Pallet::retire_data_set) | owner | ends a data set for good |
//! | [`purge`](Pallet::purge) | anybody | clears a retired data set's data, in steps |
//! | [`close_container`](Pallet::close_container) | owner | ends a container for good |
//! | [`set_entry`](Pallet::set_entry) | writers | sets an entry |
//! | [`clear_entry`](Pallet::clear_entry) | removers | clears an entry |
//! | [`append`](Pallet::append) | writers | appends items to a list, as one batch |
//! | [`remove_item`](Pallet::remove_item) | removers | removes one item of a list |
//! | [`store`](Pallet::store) | writers | sets many entries, all or nothing |
//!
//! Reads: the view functions of [`Pallet`], and the same as a runtime API in [`runtime_api`].
//!
//! | rule | stands in |
//! |---|---|
//! | who may do what with a data set | `access.rs` |
//! | what a document has to be | `document.rs` |
//! | how a history is chained | `head.rs` |
//! | what a write needs | `ops/data.rs` |
//! | what a schema means | the crate `data-schema` |
//! | what always holds | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]
// The macros of FRAME and of the codec make these; the modules with the rules refuse them again.
#![cfg_attr(target_family = "wasm", allow(clippy::as_conversions, clippy::expect_used))]

extern crate alloc;

#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
pub mod access;
#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
pub mod document;
pub mod head;
pub mod runtime_api;
pub mod types;
pub mod weights;

mod constants;
mod errors;
mod events;
#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
mod ops;
mod storage;
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[import_section(constants::constants)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        head::Operation,
        weights::{max_work, total, total_values},
    };
    use alloc::vec::Vec;
    use data_schema::Schema;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;
    use twinchain_primitives::{
        Access, ContainerId, DataSetId, Description, Moment, Name, Page, PluginId, MAX_DESCRIPTION,
        MAX_NAME,
    };

    /// The layout of the storage; see `docs/decisions/` for how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = H256> {
        /// Tells the block's time, with which grants end.
        type Time: Time<Moment = Moment>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A plugin with its document.
        pub fn plugin(id: PluginId) -> Option<PluginInfo<T::AccountId>> {
            Self::read_plugin(id)
        }

        /// A container with its description and roles.
        pub fn container(id: ContainerId) -> Option<ContainerInfo<T::AccountId>> {
            Self::read_container(id)
        }

        /// A container's data sets with their names, in the order in which they were made.
        pub fn data_sets(container: ContainerId) -> Vec<(Name, DataSet<BlockNumberFor<T>>)> {
            Self::read_data_sets(container)
        }

        /// The value of an entry.
        pub fn entry(container: ContainerId, data_set: Vec<u8>) -> Option<StoredValue> {
            Self::read_entry(container, data_set)
        }

        /// A list's batches from number `from` on, in order, in pages of at most 256 batches and
        /// 256 KiB; `next` is the number from which to go on.
        pub fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo, u32> {
            Self::read_batches(container, data_set, from, limit)
        }

        /// Whether an account may do something with a data set. A public one is everybody's to
        /// read, which is not what `READ` asks. What has ended is nobody's to change.
        pub fn can(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
            access: Access,
        ) -> bool {
            Self::why(container, data_set, account, access).is_some()
        }

        /// By what right an account may do something with a data set; nothing if it may not.
        pub fn why(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
            access: Access,
        ) -> Option<Authority> {
            Self::read_authority(container, data_set, account, access)
        }

        /// The containers that an account owns, in pages of at most 256; `after` is the container
        /// where the last page ended.
        pub fn containers_of_owner(
            owner: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_containers_of_owner(owner, after, limit)
        }

        /// Whether a value would be accepted for an entry, or an item for a list, and if not the
        /// error with which the call would fail, and where in the value it is wrong.
        pub fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            value: Vec<u8>,
        ) -> Result<(), Refusal> {
            Self::dry_run_value(container, data_set, &value)
        }

        /// Whether a plugin document would be accepted, and what it would make, or the error with
        /// which publishing would fail, and where in the document it is wrong.
        pub fn check_document(document: Vec<u8>) -> Result<PluginPreview, Refusal> {
            Self::dry_run_document(&document)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Publishes a plugin: a reusable definition of data sets.
        ///
        /// # Dispatch Origin
        /// Signed. The signer is the plugin's publisher.
        ///
        /// # Details
        /// - `document`: JSON text, at most 65,536 bytes; in Polkadot.js Apps, drop the file on the
        ///   field. Its form: `{"description": {"name": ..}, "template": {"type": ..,
        ///   "properties": {NAME: {"type": "entry" or "list", "dataSchema": .., "visibility":
        ///   "public" or "confidential", "permissions": {ROLE: ["set", "remove"]}, "value": ..,
        ///   "writeOnce": ..}}}}`, at most 64 data sets and 16 roles. `"replaces": ID` beside
        ///   `template` names the plugin of the same publisher that it is a new version of.
        ///
        /// The document is kept byte for byte under its hash. Plugins never change.
        ///
        /// # Errors
        /// `DocumentTooLong`, `DescriptionTooLong`, `TooManyDataSets`, `TooManyRoles`,
        /// `PayloadTooLong`, `IdsExhausted`, `PluginNotFound` and `NotPublisher` (of the one that
        /// it replaces), and, with the data set's index and the byte offset, `InvalidMember`,
        /// `InvalidNameIn`, `ListSchemaDemandsMore`, `ConfidentialDefault`, `InvalidListDefault`,
        /// the errors of schemas from `NotASchema` on, and for a default that does not match its
        /// schema the errors of values from `InvalidJson` on.
        ///
        /// # Events
        /// `PluginPublished`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::publish_plugin(document.len().saturated_into()))]
        pub fn publish_plugin(origin: OriginFor<T>, document: Vec<u8>) -> DispatchResult {
            let publisher = ensure_signed(origin)?;
            Self::do_publish_plugin(publisher, document).map(|_| ())
        }

        /// Stops new instances of a plugin. Its instances go on.
        ///
        /// # Dispatch Origin
        /// Signed by the plugin's publisher.
        ///
        /// # Details
        /// Final. The document stays readable.
        ///
        /// # Errors
        /// `PluginNotFound`, `NotPublisher`, `PluginRetired`.
        ///
        /// # Events
        /// `PluginRetired`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::retire_plugin())]
        pub fn retire_plugin(origin: OriginFor<T>, plugin: PluginId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire_plugin(&who, plugin)
        }

        /// Makes a container without data sets; add them with `add_data_set`.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the container.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes, or empty (in Apps: `0x`) for none.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::create_container(description.len().saturated_into()))]
        pub fn create_container(origin: OriginFor<T>, description: Vec<u8>) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            Self::do_create_container(owner, description).map(|_| ())
        }

        /// Makes a container of a plugin: copies its data sets and roles, and writes its defaults.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the container.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes; empty (in Apps: `0x`): the plugin's.
        ///
        /// What is copied is the container's own: later changes leave plugin and container alone.
        ///
        /// # Errors
        /// `PluginNotFound`, `PluginRetired`, `DescriptionNotJson`, `DescriptionTooLong`,
        /// `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `DataSetAdded` for each data set, `DataSetChanged` for each default.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::instantiate(
            description.len().saturated_into::<u32>().max(MAX_DOCUMENT),
            MAX_DATA_SETS,
            MAX_PAYLOAD,
        ))]
        pub fn instantiate(
            origin: OriginFor<T>,
            plugin: PluginId,
            description: Vec<u8>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let (_, weight) = Self::do_instantiate(owner, plugin, description)?;
            Ok(Some(weight).into())
        }

        /// Makes a container like another: its data sets in use, roles, and description.
        ///
        /// # Dispatch Origin
        /// Signed by somebody who may link the container: its owner, somebody with any access to
        /// it, or anybody if it has no confidential data set. The signer owns the clone.
        ///
        /// # Details
        /// - `with_values`: also copy the values of public entries, at most 65,536 bytes together.
        ///
        /// Members, grants, keys and items are never copied.
        ///
        /// # Errors
        /// `ContainerNotFound`, `MayNotClone`, `PayloadTooLong`, `IdsExhausted`.
        ///
        /// # Events
        /// `ContainerCreated`, `DataSetAdded` for each data set, `DataSetChanged` for each value,
        /// `ContainerCloned`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::clone_container(MAX_DATA_SETS, MAX_PAYLOAD))]
        pub fn clone_container(
            origin: OriginFor<T>,
            container: ContainerId,
            with_values: bool,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let (_, weight) = Self::do_clone_container(owner, container, with_values)?;
            Ok(Some(weight).into())
        }

        /// Replaces a container's description.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `description`: JSON text, at most 8,192 bytes, or empty (in Apps: `0x`) for none.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`,
        /// `DescriptionNotJson`, `DescriptionTooLong`.
        ///
        /// # Events
        /// `DescriptionSet`.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::set_description(description.len().saturated_into()))]
        pub fn set_description(
            origin: OriginFor<T>,
            container: ContainerId,
            description: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_description(&who, container, description)
        }

        /// Adds a data set to a container.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes without control characters and without `/`, not used by
        ///   any data set of the container before.
        /// - `definition`: JSON text, at most 65,536 bytes, of the same form as a data set in a
        ///   plugin document: `{"type": "entry" or "list", "dataSchema": .., ..}`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetExists`, `TooManyDataSets`, `TooManyRoles`, and those of `publish_plugin` for
        /// what is wrong in the definition.
        ///
        /// # Events
        /// `DataSetAdded`, `DataSetChanged` for a default.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::add_data_set(definition.len().saturated_into()))]
        pub fn add_data_set(
            origin: OriginFor<T>,
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_add_data_set(&who, container, name, definition)
        }

        /// Ends a data set: it never changes again, and its name and id are never used again.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        ///
        /// What it holds stays readable until somebody calls `purge`.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::retire_data_set())]
        pub fn retire_data_set(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_retire_data_set(&who, container, data_set)
        }

        /// Clears what a retired data set still holds from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by anybody.
        ///
        /// # Details
        /// - `data_set`: text, the data set's name.
        /// - `limit`: the most batches to clear, 1 to 64; the event tells how many are left.
        ///
        /// Name, id, revision and head stay, so that the history can still be proven.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `NotRetired`, `NothingToDo`.
        ///
        /// # Events
        /// `DataSetPurged`.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::purge((*limit).clamp(1, MAX_PURGE)))]
        pub fn purge(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let cleared = Self::do_purge(container, data_set, limit)?;
            Ok(Some(T::WeightInfo::purge(cleared)).into())
        }

        /// Ends a container: its data and definitions never change again. It stays readable.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner.
        ///
        /// # Details
        /// Final. Sharing, rotating keys and handing it over still work.
        ///
        /// # Errors
        /// `ContainerNotFound`, `NotOwner`, `ContainerClosed`, `OfferPending`.
        ///
        /// # Events
        /// `ContainerClosed`.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::close_container())]
        pub fn close_container(origin: OriginFor<T>, container: ContainerId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_close_container(&who, container)
        }

        /// Sets the value of a public entry.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `value`: JSON text, at most 16,384 bytes, that matches the entry's schema. Text needs
        ///   quotes: `"Hello"`.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `InvalidName`, `DataSetNotFound`,
        /// `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`, `StaleRevision`,
        /// `WriteOnce`, `IdsExhausted`, and, with the byte offset, the errors of values from
        /// `InvalidJson` on.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(30)]
        #[pallet::weight(
            T::WeightInfo::set_entry(value.len().saturated_into(), max_work(value.len()))
        )]
        pub fn set_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            value: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let bytes = value.len().saturated_into();
            let work = Self::do_set_entry(who, container, data_set, value, expected_revision)?;
            Ok(Some(T::WeightInfo::set_entry(bytes, work)).into())
        }

        /// Clears an entry: it has no value then.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the entry's name.
        /// - `expected_revision`: refuse if the entry was changed since you read it.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`,
        /// `StaleRevision`, `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(32)]
        #[pallet::weight(T::WeightInfo::clear_entry())]
        pub fn clear_entry(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_clear_entry(who, container, data_set, expected_revision)
        }

        /// Appends items to a public list, as one batch: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives WRITE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `items`: 1 to 256 JSON texts, each at most 16,384 bytes and together at most 65,536,
        ///   that match the list's schema. An item's address is (batch, position) for ever.
        /// - `expected_revision`: refuse if the list was changed since you read it.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, `ContainerNotFound`,
        /// `ContainerClosed`, `InvalidName`, `DataSetNotFound`, `DataSetRetired`, `NotPermitted`,
        /// `WrongKind`, `Confidential`, `StaleRevision`, `IdsExhausted`, and, with the item's index
        /// and the byte offset, the errors of values from `InvalidJson` on.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(33)]
        #[pallet::weight(
            T::WeightInfo::append(items.len().saturated_into(), total(items), max_work(total(items)))
        )]
        pub fn append(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            items: Vec<Vec<u8>>,
            expected_revision: Option<u32>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (count, bytes) = (items.len().saturated_into(), total(&items));
            let work = Self::do_append(who, container, data_set, items, expected_revision)?;
            Ok(Some(T::WeightInfo::append(count, bytes, work)).into())
        }

        /// Removes an item of a public list. Its address stays empty for ever.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of a role or a grant that gives REMOVE.
        ///
        /// # Details
        /// - `data_set`: text, the list's name.
        /// - `batch`, `position`: the item's address, both from 0.
        /// - `expected_revision`: refuse if the list was changed since you read it.
        ///
        /// # Errors
        /// `ContainerNotFound`, `ContainerClosed`, `OfferPending`, `InvalidName`,
        /// `DataSetNotFound`, `DataSetRetired`, `NotPermitted`, `WrongKind`, `Confidential`,
        /// `StaleRevision`, `WriteOnce`, `ItemNotFound`, `IdsExhausted`.
        ///
        /// # Events
        /// `DataSetChanged`.
        #[pallet::call_index(35)]
        #[pallet::weight(T::WeightInfo::remove_item())]
        pub fn remove_item(
            origin: OriginFor<T>,
            container: ContainerId,
            data_set: Vec<u8>,
            batch: u32,
            position: u32,
            expected_revision: Option<u32>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_item(who, container, data_set, batch, position, expected_revision)
        }

        /// Sets many public entries of one container: all of them or none.
        ///
        /// # Dispatch Origin
        /// Signed by the container's owner, or by a holder of roles or grants that give WRITE on
        /// every one of them.
        ///
        /// # Details
        /// - `values`: 1 to 64, each for one entry: its name (text), its value (JSON text) and the
        ///   revision that it is expected to have; the values together at most 65,536 bytes.
        ///
        /// # Errors
        /// `NothingToDo`, `TooManyItems`, `PayloadTooLong`, and those of `set_entry`; for a value
        /// that does not match with its index in the call.
        ///
        /// # Events
        /// `DataSetChanged` for each value.
        #[pallet::call_index(36)]
        #[pallet::weight({
            let bytes = total_values(values);
            T::WeightInfo::store(values.len().saturated_into(), bytes, max_work(bytes))
        })]
        pub fn store(
            origin: OriginFor<T>,
            container: ContainerId,
            values: Vec<NewValue>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let (count, bytes) = (values.len().saturated_into(), total_values(&values));
            let work = Self::do_store(who, container, values)?;
            Ok(Some(T::WeightInfo::store(count, bytes, work)).into())
        }
    }
}
