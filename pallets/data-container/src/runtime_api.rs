// SPDX-License-Identifier: Apache-2.0

//! The pallet's reads as a runtime API, because Polkadot.js Apps cannot call view functions yet.

use crate::{answers::*, types::*};
use alloc::vec::Vec;
use codec::Codec;
use twinchain_primitives::{Access, ContainerId, Moment, Name, Page, PluginId};

sp_api::decl_runtime_apis! {
    /// Reads plugins and containers. A page has at most 256 items, and a `limit` of 0 counts as 1.
    /// `from` and `after` are the `next` of the previous page. Pages with `after` are in the order
    /// of hashes, which has no meaning.
    pub trait DataContainerApi<AccountId, BlockNumber>
    where
        AccountId: Codec,
        BlockNumber: Codec,
    {
        /// Returns a plugin with its document, or `None` if the id is unknown.
        fn plugin(id: PluginId) -> Option<PluginInfo<AccountId>>;
        /// Returns the plugins that an account published.
        fn plugins_of_publisher(
            publisher: AccountId,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId>;
        /// Returns the plugins with this name.
        fn plugins_of_name(
            name: Vec<u8>,
            after: Option<PluginId>,
            limit: u32,
        ) -> Page<PluginId, PluginId>;
        /// Returns the plugins that name this plugin as the one they replace.
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
        /// Returns a container with its description and roles, or `None` if the id is unknown.
        fn container(id: ContainerId) -> Option<ContainerInfo<AccountId, BlockNumber>>;
        /// Returns a container's data sets with their names, in the order of their creation.
        fn data_sets(container: ContainerId) -> Vec<(Name, DataSet<AccountId, BlockNumber>)>;
        /// Returns the value of an entry with its author and time, or `None` if it has no value.
        fn entry(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Entry<AccountId, BlockNumber>>;
        /// Returns the author, block and time of an entry's value, or `None` if it has no value.
        fn entry_author(
            container: ContainerId,
            data_set: Vec<u8>,
        ) -> Option<Authorship<AccountId, BlockNumber>>;
        /// Returns a list's batches in order, starting with number `from`.
        fn batches(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<BatchInfo<AccountId, BlockNumber>, u32>;
        /// Returns `true` if an account has this access to a data set.
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
        /// Returns the containers that an account owns.
        fn containers_of_owner(
            owner: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId>;
        /// Returns the members of a container with their rights.
        fn members(
            container: ContainerId,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<(AccountId, Rights), AccountId>;
        /// Returns the containers in which an account holds roles or grants.
        fn shared_with(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<ContainerId, ContainerId>;
        /// Returns the data sets of a container that an account may read.
        fn readable(container: ContainerId, account: AccountId) -> Vec<Name>;
        /// Returns the readers of a confidential data set, and whether each can open the newest
        /// values.
        fn readers(
            container: ContainerId,
            data_set: Vec<u8>,
            after: Option<AccountId>,
            limit: u32,
        ) -> Page<ReaderInfo<AccountId>, AccountId>;
        /// Returns whether a confidential data set accepts sealed values, and if not, the reason.
        /// Returns `None` if the data set is public or does not exist.
        fn sealing(container: ContainerId, data_set: Vec<u8>) -> Option<Sealing<AccountId>>;
        /// Returns the data sets whose key the owner should rotate, with the reasons. With `before`
        /// (Unix milliseconds), also returns those that will be due before that moment. A page
        /// examines at most 1,024 readers.
        fn rotations_due(
            container: ContainerId,
            before: Option<Moment>,
            after: Option<RotationCursor<AccountId>>,
        ) -> Page<DueRotation<AccountId>, RotationCursor<AccountId>>;
        /// Returns the containers that are on offer to an account.
        fn offers_to(
            account: AccountId,
            after: Option<ContainerId>,
            limit: u32,
        ) -> Page<OfferInfo<AccountId>, ContainerId>;
        /// Returns the key to which envelopes for an account are sealed, or `None` if it has none.
        fn encryption_key(account: AccountId) -> Option<EncryptionKey<BlockNumber>>;
        /// Returns the versions of an account's encryption key in order, starting with number
        /// `from`.
        fn encryption_keys(account: AccountId, from: u32, limit: u32)
            -> Page<(u32, AccountKey), u32>;
        /// Returns the envelopes of a version of an account's secret key, one for each holder.
        fn account_envelopes(account: AccountId, version: u32) -> Vec<AccountEnvelope<AccountId>>;
        /// Returns an account's envelopes of a confidential data set with their segments, oldest
        /// first.
        fn envelopes(
            container: ContainerId,
            data_set: Vec<u8>,
            account: AccountId,
        ) -> Vec<(u8, Envelope)>;
        /// Returns the epochs of a confidential data set in order, starting with number `from`.
        fn epochs(
            container: ContainerId,
            data_set: Vec<u8>,
            from: u32,
            limit: u32,
        ) -> Page<(u32, Epoch), u32>;
        /// Checks whether a call would accept a value or an item. If not, returns the error and the
        /// place.
        fn check_value(
            container: ContainerId,
            data_set: Vec<u8>,
            call: WriteCall,
            value: Vec<u8>,
        ) -> Result<(), Refusal>;
        /// Returns a preview of the plugin that a document defines, with warnings, or the error and
        /// the place.
        fn check_document(
            publisher: AccountId,
            document: Vec<u8>,
        ) -> Result<PluginPreview, Refusal>;
        /// Returns a preview of the data set that a definition adds to a container, with warnings,
        /// or the error and the place.
        fn check_definition(
            container: ContainerId,
            name: Vec<u8>,
            definition: Vec<u8>,
        ) -> Result<DataSetPreview, Refusal>;
    }
}
