// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API, since Polkadot.js Apps cannot call view functions yet.

use crate::{answers::*, types::*};
use alloc::vec::Vec;
use codec::Codec;
use twinchain_primitives::{Access, ContainerId, Moment, Name, Page, PluginId};

sp_api::decl_runtime_apis! {
    /// Reads plugins and containers. Pages have at most 256 items, and a limit of 0 counts as 1.
    /// `from` and `after` are the `next` of the page before. With `after`, items come in the order
    /// of hashes, which means nothing.
    pub trait DataContainerApi<AccountId, BlockNumber>
    where
        AccountId: Codec,
        BlockNumber: Codec,
    {
        /// A plugin with its document.
        fn plugin(id: PluginId) -> Option<PluginInfo<AccountId>>;
        /// Returns the plugins that an account published.
        fn plugins_of_publisher(
            publisher: AccountId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId>;
        /// Returns the plugins of a name.
        fn plugins_of_name(
            name: Vec<u8>,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId>;
        /// Returns the plugins that are new versions of a plugin.
        fn successors(
            plugin: PluginId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId>;
        /// Returns the containers that are instances of a plugin.
        fn instances(
            plugin: PluginId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId>;
        /// A container with its description and roles.
        fn container(id: ContainerId) -> Option<ContainerInfo<AccountId, BlockNumber>>;
        /// A container's data sets with their names, in the order in which they were made.
        fn data_sets(container: ContainerId) -> Vec<(Name, DataSet<AccountId, BlockNumber>)>;
        /// The value of an entry.
        fn entry(container: ContainerId, data_set: Vec<u8>) -> Option<Entry<AccountId, BlockNumber>>;
        /// Returns who wrote the value of an entry, and when.
        fn entry_author(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Authorship<AccountId, BlockNumber>>;
        /// A list's batches from number `from` on, in order.
        fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo<AccountId, BlockNumber>, u32>;
        /// Whether an account may do something with a data set.
        fn can(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
            access: Access,
        ) -> bool;
        /// Returns the authority that gives an account this access to a data set, or `None`.
        fn authority_of(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
            access: Access,
        ) -> Option<Authority>;
        /// The containers that an account owns.
        fn containers_of_owner(
            owner: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId>;
        /// The accounts that hold roles or grants in a container, with what they hold.
        fn members(
            container: ContainerId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<(AccountId, Rights), AccountId>;
        /// The containers in which an account holds roles or grants.
        fn shared_with(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId>;
        /// The data sets of a container that an account may read.
        fn readable(container: ContainerId, account: AccountId) -> Vec<Name>;
        /// The readers of a confidential data set, and whether they have what opens its newest
        /// values.
        fn readers(
            container: ContainerId,
            data_set: Vec<u8>,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<ReaderInfo<AccountId>, AccountId>;
        /// Whether a confidential data set takes sealed values, and if not why; `None` for a public
        /// data set.
        fn sealing(container: ContainerId, data_set: Vec<u8>) -> Option<Sealing<AccountId>>;
        /// Returns the data sets whose key must be rotated, and why. With `before` (Unix
        /// milliseconds), also those that will need it before that time. A page examines 1,024
        /// readers at most.
        fn rotations_due(
            container: ContainerId,
            before: Option<Moment>,
            after: Option<RotationCursor<AccountId>>,
        ) -> Page<DueRotation<AccountId>, RotationCursor<AccountId>>;
        /// The containers that are on offer to an account.
        fn offers_to(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<OfferInfo<AccountId>, ContainerId>;
        /// The key to which envelopes for an account are sealed.
        fn encryption_key(account: AccountId) -> Option<EncryptionKey<BlockNumber>>;
        /// The versions of an account's encryption key from number `from` on, in order.
        fn encryption_keys(account: AccountId, from: u32, limit: u32)
            -> Page<(u32, AccountKey), u32>;
        /// The envelopes of a version of an account's secret key, one for each holder.
        fn account_envelopes(account: AccountId, version: u32) -> Vec<AccountEnvelope<AccountId>>;
        /// The envelopes of a reader of a confidential data set with their segments, the oldest
        /// first.
        fn envelopes(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
        ) -> Vec<(u8, Envelope)>;
        /// The epochs of a confidential data set from number `from` on, in order.
        fn epochs(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<(u32, Epoch), u32>;
        /// Returns whether a call would accept a value or an item, or why not.
        fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            call: WriteCall,
            value: Vec<u8>,
        ) -> Result<(), Refusal>;
        /// Returns what a plugin document would make, with warnings, or why it would be refused.
        fn check_document(
            publisher: AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal>;
        /// Returns what a data set of this definition would be, with warnings, or why it would be
        /// refused.
        fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<DataSetPreview, Refusal>;
    }
}
