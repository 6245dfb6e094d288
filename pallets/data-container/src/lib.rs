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
//! | [`purge`](Pallet::purge) | owner; later anybody | clears what was retired or closed |
//! | [`close_container`](Pallet::close_container) | owner | ends a container for good |
//! | [`offer_ownership`](Pallet::offer_ownership) | owner | offers a container to an account |
//! | [`accept_ownership`](Pallet::accept_ownership) | offeree | takes the container over |
//! | [`cancel_offer`](Pallet::cancel_offer) | owner; any account, once it lapsed | ends the offer |
//! | [`decline_offer`](Pallet::decline_offer) | offeree | ends the offer |
//! | [`set_entry`](Pallet::set_entry) | writers | sets a public entry |
//! | [`set_sealed_entry`](Pallet::set_sealed_entry) | writers | sets a confidential entry |
//! | [`clear_entry`](Pallet::clear_entry) | removers | clears an entry |
//! | [`append`](Pallet::append) | writers | appends items to a public list, as one batch |
//! | [`append_sealed`](Pallet::append_sealed) | writers | appends items to a confidential list |
//! | [`remove_item`](Pallet::remove_item) | removers | removes one item of a list |
//! | [`store`](Pallet::store) | writers | sets many public entries, all or nothing |
//! | [`set_role`](Pallet::set_role) | owner | sets what a role may do |
//! | [`assign_role`](Pallet::assign_role) | owner | gives an account a role |
//! | [`unassign_role`](Pallet::unassign_role) | owner | takes a role from an account |
//! | [`rename_role`](Pallet::rename_role) | owner | gives a role another name |
//! | [`remove_role`](Pallet::remove_role) | owner | removes a role that no account holds |
//! | [`share`](Pallet::share) | owner | gives an account access to data sets |
//! | [`unshare`](Pallet::unshare) | owner | takes access from an account |
//! | [`clear_expired`](Pallet::clear_expired) | anybody | clears the parts of grants that have ended |
//! | [`leave`](Pallet::leave) | members | gives up the signer's own roles and grants |
//! | [`set_encryption_key`](Pallet::set_encryption_key) | anybody | sets the signer's own key |
//! | [`set_account_envelopes`](Pallet::set_account_envelopes) | anybody | seals the signer's own secret key for others |
//! | [`remove_account_envelope`](Pallet::remove_account_envelope) | anybody | removes one of these |
//! | [`rotate_key`](Pallet::rotate_key) | owner | gives a confidential data set a new key |
//! | [`set_envelope`](Pallet::set_envelope) | owner, reader | gives a reader the seed of a segment |
//! | [`set_envelopes`](Pallet::set_envelopes) | owner | gives many readers the seed of a segment |
//!
//! Reads: the view functions of [`Pallet`], and the same as a runtime API in [`runtime_api`].
//!
//! | rule | stands in |
//! |---|---|
//! | who may do what with a data set | `access.rs` |
//! | what a document has to be | `document.rs` |
//! | how the history of a data set is chained | `operation.rs` |
//! | how the history of a container is chained | `ops/update.rs` |
//! | what is checked of keys and ciphertexts, and what a suite decides | `suite.rs` |
//! | who can read what is sealed, and until when | `ops/sealing.rs` |
//! | what a write needs | `ops/data.rs` |
//! | what a schema means | the crate `data-schema` |
//! | how many bytes a call writes to the state | `growth.rs` |
//! | what always holds | `try_state.rs` |

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
// The macros of FRAME and of the codec cast and expect. A call has the arguments that a form shows.
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

    /// The record of a data set on this chain.
    pub type DataSetOf<T> = DataSet<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

    /// The layout of the storage; `docs/decisions/0023-how-storage-changes.md` says how it changes.
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

        /// What the benchmarks need of the chain.
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
        /// A plugin with its document.
        pub fn plugin(id: PluginId) -> Option<PluginInfo<T::AccountId>> {
            Self::read_plugin(id)
        }

        /// Returns the plugins that an account published, in pages of at most 256; `after` is the
        /// plugin where the last page ended.
        pub fn plugins_of_publisher(
            publisher: T::AccountId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_plugins_of_publisher(publisher, after, limit)
        }

        /// Returns the plugins of a name, compared byte by byte, in pages of at most 256; `after`
        /// is the plugin where the last page ended.
        pub fn plugins_of_name(
            name: Vec<u8>,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_plugins_of_name(name, after, limit)
        }

        /// Returns the plugins that say that they are new versions of a plugin, in pages of at most
        /// 256; `after` is the plugin where the last page ended.
        pub fn successors(
            plugin: PluginId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId> {
            Self::read_successors(plugin, after, limit)
        }

        /// Returns the containers that are instances of a plugin, in pages of at most 256; `after`
        /// is the container where the last page ended.
        pub fn instances(
            plugin: PluginId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_instances(plugin, after, limit)
        }

        /// A container with its description and roles.
        pub fn container(
            id: ContainerId,
        ) -> Option<ContainerInfo<T::AccountId, BlockNumberFor<T>>> {
            Self::read_container(id)
        }

        /// A container's data sets with their names, in the order in which they were made; entries
        /// with their values, if these are short.
        pub fn data_sets(container: ContainerId) -> Vec<(Name, DataSetOf<T>)> {
            Self::data_sets_in_order(container)
        }

        /// The value of an entry, with who wrote it and when.
        pub fn entry(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Entry<T::AccountId, BlockNumberFor<T>>> {
            Self::read_entry(container, data_set)
        }

        /// Returns who wrote the value of an entry, and when; `None` if it has none.
        pub fn entry_author(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Authorship<T::AccountId, BlockNumberFor<T>>> {
            Self::read_entry_author(container, data_set)
        }

        /// A list's batches from number `from` on, in order, in pages of at most 256 batches and
        /// 256 KiB; `next` is the number from which to go on.
        pub fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo<T::AccountId, BlockNumberFor<T>>, u32> {
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

        /// The containers that an account owns, in pages of at most 256; `after` is the container
        /// where the last page ended.
        pub fn containers_of_owner(
            owner: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_containers_of_owner(owner, after, limit)
        }

        /// The accounts that hold roles or grants in a container, with what they hold, in pages of
        /// at most 256; `after` is the account where the last page ended. A grant that ended is
        /// still listed until somebody clears it.
        pub fn members(
            container: ContainerId,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<(T::AccountId, Rights), T::AccountId> {
            Self::read_members(container, after, limit)
        }

        /// The containers in which an account holds roles or grants, in pages of at most 256;
        /// `after` is the container where the last page ended.
        pub fn shared_with(
            account: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId> {
            Self::read_shared_with(account, after, limit)
        }

        /// The data sets of a container that an account may read: all public ones, and the
        /// confidential ones of which it is the owner or a reader.
        pub fn readable(container: ContainerId, account: T::AccountId) -> Vec<Name> {
            Self::read_readable(container, account)
        }

        /// The readers of a confidential data set and whether they have what opens its newest
        /// values, the owner first, in pages; `after` is the `next` of the page before. A page
        /// looks at 256 members at the most, so it can be short and not the last.
        pub fn readers(
            container: ContainerId,
            data_set: Vec<u8>,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<ReaderInfo<T::AccountId>, T::AccountId> {
            Self::read_readers(container, data_set, after, limit)
        }

        /// Returns whether a confidential data set takes sealed values, and if not why; `None` for
        /// a public data set, or if there is no such data set.
        pub fn sealing(container: ContainerId, data_set: Vec<u8>) -> Option<Sealing<T::AccountId>> {
            Self::read_sealing(container, data_set)
        }

        /// The confidential data sets of a container that take no sealed values until the owner
        /// rotates the key: there is none yet, or an account that holds its seed may no longer
        /// read. With `before` (Unix milliseconds), also those for which that will be so before
        /// this moment, as grants stand now. Also those that take sealed values, but whose current
        /// seed is held by a reader that left by itself (`ReaderLeft`), or counts as known to
        /// others because a reader's key leaked (`KeyLeaked`). A container that was closed has
        /// none.
        ///
        /// A page examines 1,024 readers at most; `after` is the `next` of the page before.
        pub fn rotations_due(
            container: ContainerId,
            before: Option<Moment>,
            after: Option<RotationCursor<T::AccountId>>,
        ) -> Page<DueRotation<T::AccountId>, RotationCursor<T::AccountId>> {
            Self::read_rotations_due(container, before, after)
        }

        /// The containers that are on offer to an account, in pages of at most 256; `after` is the
        /// container where the last page ended.
        pub fn offers_to(
            account: T::AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<OfferInfo<T::AccountId>, ContainerId> {
            Self::read_offers_to(account, after, limit)
        }

        /// The key to which envelopes for an account are sealed.
        pub fn encryption_key(account: T::AccountId) -> Option<EncryptionKey<BlockNumberFor<T>>> {
            EncryptionKeys::<T>::get(account)
        }

        /// The versions of an account's encryption key from number `from` on, in order, in pages of
        /// at most 256; `next` is the number from which to go on.
        pub fn encryption_keys(
            account: T::AccountId,
            from: u32,
            limit: u32,
        ) -> Page<(u32, AccountKey), u32> {
            Self::read_encryption_keys(account, from, limit)
        }

        /// The envelopes of a version of an account's secret key, one for each holder.
        pub fn account_envelopes(
            account: T::AccountId,
            version: u32,
        ) -> Vec<AccountEnvelope<T::AccountId>> {
            AccountKeyEnvelopes::<T>::get(account, version).into()
        }

        /// The envelopes of a reader of a confidential data set with their segments, the oldest
        /// first: the newest one of each segment.
        pub fn envelopes(
            container: ContainerId,
            data_set: Vec<u8>,
            account: T::AccountId,
        ) -> Vec<(u8, Envelope)> {
            Self::read_envelopes(container, data_set, account)
        }

        /// The epochs of a confidential data set from number `from` on, in order, in pages of at
        /// most 256; `next` is the number from which to go on.
        pub fn epochs(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<(u32, Epoch), u32> {
            Self::read_epochs(container, data_set, from, limit)
        }

        /// Returns whether a call would accept a value, an item for `Append` and `AppendSealed`; if
        /// not, the error with which it would fail, and where in the value it is wrong. Rights and
        /// keys are not looked at. A value to seal is given in clear, so ask your own node only.
        pub fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            call: WriteCall,
            value: Vec<u8>,
        ) -> Result<(), Refusal> {
            Self::dry_run_value(container, data_set, call, &value)
        }

        /// Returns what a plugin document would make, with warnings of schema keywords that no
        /// draft knows, such as `mininum`; or the error with which publishing it would fail for
        /// this publisher, and where in the document it is wrong.
        pub fn check_document(
            publisher: T::AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal> {
            Self::dry_run_document(&publisher, &document)
        }

        /// Returns what a data set of this definition would be in a container, with warnings as
        /// `check_document` gives them; or the error with which adding it would fail for the owner,
        /// and where the definition is wrong.
        pub fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<DataSetPreview, Refusal> {
            Self::dry_run_definition(container, name, &definition)
        }
    }
}
