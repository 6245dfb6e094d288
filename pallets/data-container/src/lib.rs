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

mod calls;
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

#[import_section(calls::calls)]
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

        /// Whether a plugin document would be accepted of a publisher, and what it would make, or
        /// the error with which publishing would fail, and where in the document it is wrong.
        pub fn check_document(
            publisher: T::AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal> {
            Self::dry_run_document(&publisher, &document)
        }

        /// Whether the owner could add a data set of this definition to a container, and what it
        /// would be, or the error with which adding would fail, and where the definition is wrong.
        pub fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<Definition, Refusal> {
            Self::dry_run_definition(container, name, &definition)
        }
    }
}
