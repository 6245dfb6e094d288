// SPDX-License-Identifier: Apache-2.0

//! # Data containers
//!
//! Terms are defined in docs/glossary.md.
//!
//! A **plugin** is a published, immutable definition of data sets: their names, formats, roles and
//! defaults. A **container** is an instance of a plugin: its owner, its own copy of the data sets,
//! and the data. A **data set** is an entry (one value) or a list (batches of items). The chain
//! checks every public value against the data set's JSON Schema. It counts and chains every change,
//! and decides for each data set which accounts may write.
//!
//! | call | caller | effect |
//! |---|---|---|
//! | [`publish_plugin`](Pallet::publish_plugin) | any account | publishes a plugin document |
//! | [`retire_plugin`](Pallet::retire_plugin) | publisher | stops new instances |
//! | [`create_container`](Pallet::create_container) | any account | creates an empty container |
//! | [`instantiate`](Pallet::instantiate) | any account | creates a container from a plugin |
//! | [`clone_container`](Pallet::clone_container) | an account that may link the container | creates a container like another |
//! | [`set_description`](Pallet::set_description) | owner | replaces the description |
//! | [`add_data_set`](Pallet::add_data_set) | owner | adds a data set |
//! | [`retire_data_set`](Pallet::retire_data_set) | owner | retires a data set permanently |
//! | [`purge`](Pallet::purge) | owner; after a delay any account | clears the data of a retired data set or a closed container |
//! | [`close_container`](Pallet::close_container) | owner | closes a container permanently |
//! | [`offer_ownership`](Pallet::offer_ownership) | owner | offers a container to an account |
//! | [`accept_ownership`](Pallet::accept_ownership) | offeree | takes the container over |
//! | [`cancel_offer`](Pallet::cancel_offer) | owner; any account once the offer has lapsed | ends the offer |
//! | [`decline_offer`](Pallet::decline_offer) | offeree | ends the offer |
//! | [`set_entry`](Pallet::set_entry) | accounts with WRITE | sets a public entry |
//! | [`set_sealed_entry`](Pallet::set_sealed_entry) | accounts with WRITE | sets a confidential entry |
//! | [`clear_entry`](Pallet::clear_entry) | accounts with REMOVE | clears an entry |
//! | [`append`](Pallet::append) | accounts with WRITE | appends items to a public list, as one batch |
//! | [`append_sealed`](Pallet::append_sealed) | accounts with WRITE | appends items to a confidential list |
//! | [`remove_item`](Pallet::remove_item) | accounts with REMOVE | removes one item of a list |
//! | [`store`](Pallet::store) | accounts with WRITE | sets several public entries, all or none |
//! | [`set_role`](Pallet::set_role) | owner | sets the permissions of a role |
//! | [`assign_role`](Pallet::assign_role) | owner | gives an account a role |
//! | [`unassign_role`](Pallet::unassign_role) | owner | takes a role from an account |
//! | [`rename_role`](Pallet::rename_role) | owner | renames a role |
//! | [`remove_role`](Pallet::remove_role) | owner | removes a role that no account holds |
//! | [`share`](Pallet::share) | owner | gives an account access to data sets |
//! | [`unshare`](Pallet::unshare) | owner | takes access from an account |
//! | [`clear_expired`](Pallet::clear_expired) | any account | clears the parts of grants that have ended |
//! | [`leave`](Pallet::leave) | members | gives up the signer's own roles and grants |
//! | [`set_encryption_key`](Pallet::set_encryption_key) | any account | sets the signer's own key |
//! | [`set_account_envelopes`](Pallet::set_account_envelopes) | any account | seals the signer's own secret key for holders |
//! | [`remove_account_envelope`](Pallet::remove_account_envelope) | any account | removes one of these envelopes |
//! | [`rotate_key`](Pallet::rotate_key) | owner | gives a confidential data set a new key |
//! | [`set_envelope`](Pallet::set_envelope) | owner, reader | gives a reader the seed of a segment |
//! | [`set_envelopes`](Pallet::set_envelopes) | owner | gives several readers the seed of a segment |
//!
//! Reads are the view functions of [`Pallet`], which are also available as a runtime API in
//! [`runtime_api`].
//!
//! | rule | file |
//! |---|---|
//! | access decisions on a data set | `access.rs` |
//! | the form of a document | `document.rs` |
//! | the hash chain of a data set's history | `operation.rs` |
//! | the hash chain of a container's history | `ops/update.rs` |
//! | the checks of keys and ciphertexts, by suite | `suite.rs` |
//! | the readers of sealed values, and the ends of sealing | `ops/sealing.rs` |
//! | the conditions of a write | `ops/data.rs` |
//! | the meaning of a schema | the crate `data-schema` |
//! | the bytes that a call writes to the state | `growth.rs` |
//! | the invariants | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod access;
// The derived codec of an enum casts its indices.
#[allow(clippy::as_conversions)]
mod answers;
pub mod document;
mod growth;
// The derived codec of an enum casts its indices.
#[allow(clippy::as_conversions)]
pub mod operation;
pub mod runtime_api;
pub mod suite;
// The derived codec of an enum casts its indices.
#[allow(clippy::as_conversions)]
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
mod benchmarking;
mod calls;
mod constants;
mod errors;
mod events;
#[allow(clippy::too_many_arguments)]
mod ops;
mod storage;
mod try_state;
mod views;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod mock;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests;

pub use answers::*;
#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
use frame_support::pallet_macros::import_section;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[import_section(calls::calls)]
#[import_section(constants::constants)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
// FRAME's and the codec's macros cast and expect. A call has the arguments that a form shows.
#[allow(clippy::as_conversions, clippy::expect_used, clippy::too_many_arguments)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;
    use twinchain_primitives::Page;
    use twinchain_primitives::{
        Access, ContainerId, DataSetId, Moment, Name, PluginId, RoleId, TwinId,
    };

    /// A data set with this chain's account and block number types.
    pub type DataSetOf<T> = DataSet<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    /// The version of the storage layout. See `docs/decisions/0023-how-storage-changes.md` for
    /// changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = H256> {
        /// The source of the block's time, which decides when grants end.
        type Time: Time<Moment = Moment>;

        /// The weights of the calls.
        type WeightInfo: WeightInfo;

        /// The setup that the benchmarks require from the runtime.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper;
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
        /// Returns a plugin with its document, or `None` if the id is unknown.
        pub fn plugin(id: PluginId) -> Option<PluginInfo<T::AccountId>> {
            Self::read_plugin(id)
        }

        /// Returns the plugins that an account published, at most 256 per page. `after` is the
        /// `next` of the previous page.
        pub fn plugins_of_publisher(
            publisher: T::AccountId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_plugins_of_publisher(publisher, after, limit)
        }

        /// Returns the plugins with this name, at most 256 per page. Names are compared byte by
        /// byte. `after` is the `next` of the previous page.
        pub fn plugins_of_name(
            name: Vec<u8>,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_plugins_of_name(name, after, limit)
        }

        /// Returns the plugins that name this plugin as the one they replace, at most 256 per page.
        /// `after` is the `next` of the previous page.
        pub fn successors(
            plugin: PluginId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_successors(plugin, after, limit)
        }

        /// Returns the containers that are instances of a plugin, at most 256 per page. `after` is
        /// the `next` of the previous page.
        pub fn instances(
            plugin: PluginId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_instances(plugin, after, limit)
        }

        /// Returns a container with its description and roles, or `None` if the id is unknown.
        pub fn container(
            id: ContainerId,
        ) -> Option<ContainerInfo<T::AccountId, BlockNumberFor<T>>> {
            Self::read_container(id)
        }

        /// Returns a container's data sets with their names, in the order of their creation. An
        /// entry's value is included if it is at most 512 bytes long.
        pub fn data_sets(container: ContainerId) -> Vec<(Name, DataSetOf<T>)> {
            Self::data_sets_in_order(container)
        }

        /// Returns the value of an entry with its author and time, or `None` if it has no value.
        pub fn entry(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Entry<T::AccountId, BlockNumberFor<T>>> {
            Self::read_entry(container, data_set)
        }

        /// Returns the author, block and time of an entry's value, or `None` if it has no value.
        pub fn entry_author(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Authorship<T::AccountId, BlockNumberFor<T>>> {
            Self::read_entry_author(container, data_set)
        }

        /// Returns a list's batches in order, starting with number `from`. A page ends after 256
        /// batches, or with the batch whose values bring it to 256 KiB. `next` is the `from` of the
        /// next page.
        pub fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo<T::AccountId, BlockNumberFor<T>>, u32> {
            Self::read_batches(container, data_set, from, limit)
        }

        /// Returns `true` if an account has this access to a data set in its current state. Anyone
        /// can read a public data set; `READ` is nevertheless decided as for a confidential one.
        pub fn can(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
            access: Access,
        ) -> bool {
            Self::authority_of(container, data_set, account, access).is_some()
        }

        /// Returns the authority that gives an account this access to a data set, or `None`.
        pub fn authority_of(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
            access: Access,
        ) -> Option<Authority> {
            Self::read_authority(container, data_set, account, access)
        }

        /// Returns the containers that an account owns, at most 256 per page. `after` is the `next`
        /// of the previous page.
        pub fn containers_of_owner(
            owner: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_containers_of_owner(owner, after, limit)
        }

        /// Returns the members of a container with their rights, at most 256 per page. `after` is
        /// the `next` of the previous page. A grant that has ended is listed until it is cleared.
        pub fn members(
            container: ContainerId,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<(T::AccountId, Rights), T::AccountId> {
            Self::read_members(container, after, limit)
        }

        /// Returns the containers in which an account holds roles or grants, at most 256 per page.
        /// `after` is the `next` of the previous page.
        pub fn shared_with(
            account: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_shared_with(account, after, limit)
        }

        /// Returns the data sets of a container that an account may read: all public ones, and the
        /// confidential ones of which it is the owner or a reader.
        pub fn readable(container: ContainerId, account: T::AccountId) -> Vec<Name> {
            Self::read_readable(container, account)
        }

        /// Returns the readers of a confidential data set, and whether each can open the newest
        /// values. The owner comes first. `after` is the `next` of the previous page. A page
        /// examines at most 256 members, so a page with few readers is not necessarily the last.
        pub fn readers(
            container: ContainerId,
            data_set: Vec<u8>,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<ReaderInfo<T::AccountId>, T::AccountId> {
            Self::read_readers(container, data_set, after, limit)
        }

        /// Returns whether a confidential data set accepts sealed values, and if not, the reason.
        /// Returns `None` if the data set is public or does not exist.
        pub fn sealing(container: ContainerId, data_set: Vec<u8>) -> Option<Sealing<T::AccountId>> {
            Self::read_sealing(container, data_set)
        }

        /// Returns the data sets of a container that are due for rotation, with the reasons. A data
        /// set is due if it accepts no sealed values: it has no key yet, or an account that holds
        /// its seed may no longer read. It is also due if a reader that left holds its current seed
        /// (`ReaderLeft`), or if that seed was sealed to a reader's key that leaked (`KeyLeaked`).
        /// With `before` (Unix milliseconds), the result includes data sets that will accept no
        /// sealed values before that moment, according to the current grants. A closed container
        /// has none.
        ///
        /// A page examines at most 1,024 readers. `after` is the `next` of the previous page.
        pub fn rotations_due(
            container: ContainerId,
            before: Option<Moment>,
            after: Option<RotationCursor<T::AccountId>>,
        ) -> Page<DueRotation<T::AccountId>, RotationCursor<T::AccountId>> {
            Self::read_rotations_due(container, before, after)
        }

        /// Returns the containers that are on offer to an account, at most 256 per page. `after` is
        /// the `next` of the previous page.
        pub fn offers_to(
            account: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<OfferInfo<T::AccountId>, ContainerId> {
            Self::read_offers_to(account, after, limit)
        }

        /// Returns the key to which envelopes for an account are sealed, or `None` if it has none.
        pub fn encryption_key(account: T::AccountId) -> Option<EncryptionKey<BlockNumberFor<T>>> {
            EncryptionKeys::<T>::get(account)
        }

        /// Returns the versions of an account's encryption key in order, starting with number
        /// `from`, at most 256 per page. `next` is the `from` of the next page.
        pub fn encryption_keys(
            account: T::AccountId,
            from: u32,
            limit: u32,
        ) -> Page<(u32, AccountKey), u32> {
            Self::read_encryption_keys(account, from, limit)
        }

        /// Returns the envelopes of a version of an account's secret key, one for each holder.
        pub fn account_envelopes(
            account: T::AccountId,
            version: u32,
        ) -> Vec<AccountEnvelope<T::AccountId>> {
            AccountKeyEnvelopes::<T>::get(account, version).into()
        }

        /// Returns an account's envelopes of a confidential data set with their segments, oldest
        /// first. Each segment has at most one, the newest.
        pub fn envelopes(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
        ) -> Vec<(u8, Envelope)> {
            Self::read_envelopes(container, data_set, account)
        }

        /// Returns the epochs of a confidential data set in order, starting with number `from`, at
        /// most 256 per page. `next` is the `from` of the next page.
        pub fn epochs(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<(u32, Epoch), u32> {
            Self::read_epochs(container, data_set, from, limit)
        }

        /// Checks whether a call would accept a value, or one item for `Append` and `AppendSealed`.
        /// If not, returns the error of the call and the place in the value. Rights and keys are
        /// not checked.
        ///
        /// For a sealed call the value is passed in clear, so use only a node that you trust.
        pub fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            call: WriteCall,
            value: Vec<u8>,
        ) -> Result<(), Refusal> {
            Self::dry_run_value(container, data_set, call, &value)
        }

        /// Returns a preview of the plugin that a document defines, with warnings about schema
        /// keywords that no draft knows, such as `mininum`. If publishing would fail for this
        /// publisher, returns the error and the place in the document.
        pub fn check_document(
            publisher: T::AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal> {
            Self::dry_run_document(&publisher, &document)
        }

        /// Returns a preview of the data set that a definition adds to a container, with warnings
        /// like those of `check_document`. If adding it would fail for the owner, returns the error
        /// and the place in the definition.
        pub fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<DataSetPreview, Refusal> {
            Self::dry_run_definition(container, name, &definition)
        }
    }
}
