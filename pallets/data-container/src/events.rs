// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events.
///
/// An indexer that has all events can rebuild owners, roles, rights, readers and keys without the
/// state.
///
/// Events with a `stamp` form a container's history. Each one changes the container's head to
/// `blake2_256(head ++ SCALE(event))`, where `event` is encoded as in this enum, without the index
/// of the pallet.
#[pallet_section]
mod events {
    use super::operation::Operation;
    use twinchain_primitives::{PublicKey, Stamp};

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A plugin was published.
        #[codec(index = 0)]
        PluginPublished {
            /// The plugin's id.
            plugin: PluginId,
            /// The account that published it.
            publisher: T::AccountId,
            /// Its name.
            name: Name,
            /// The blake2_256 hash of its document.
            document: H256,
            /// The earlier plugin that it replaces, if any.
            replaces: Option<PluginId>,
        },
        /// A plugin was retired: it can have no new instances.
        #[codec(index = 1)]
        PluginRetired {
            /// The plugin's id.
            plugin: PluginId,
        },
        /// A container was created.
        #[codec(index = 2)]
        ContainerCreated {
            /// The container's id.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// Its owner.
            owner: T::AccountId,
            /// The plugin that it is an instance of, if any.
            plugin: Option<PluginId>,
        },
        /// A container was created as a clone of another.
        #[codec(index = 3)]
        ContainerCloned {
            /// The new container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The container that was cloned.
            source: ContainerId,
        },
        /// A container's description was replaced.
        #[codec(index = 4)]
        DescriptionSet {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The blake2_256 hash of the description, or `None` if it was removed.
            description: Option<H256>,
        },
        /// A container was closed permanently.
        #[codec(index = 5)]
        ContainerClosed {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
        },
        /// A data set was added to a container.
        #[codec(index = 6)]
        DataSetAdded {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// Whether it is an entry or a list.
            kind: Kind,
            /// Whether it is public or confidential.
            visibility: Visibility,
            /// `true` if an entry can be set only once, or if a list's items are never removed.
            write_once: bool,
            /// The hash under which its compiled schema is stored.
            schema: H256,
            /// The blake2_256 hash of the document that contains its definition.
            document: H256,
        },
        /// A data set was changed. Its head is the hash chain over its operations.
        #[codec(index = 7)]
        DataSetChanged {
            /// The container.
            container: ContainerId,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// The change, with its author, authority, block, time and the hash of the stored
            /// value.
            operation: Operation<T::AccountId, BlockNumberFor<T>>,
        },
        /// Data of a retired data set was cleared from the state.
        #[codec(index = 8)]
        DataSetPurged {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// The number of batches, envelopes and epochs that were cleared. The value of an entry
            /// is not counted.
            cleared: u32,
            /// The number of remaining batches.
            left: u32,
            /// The number of remaining epochs.
            epochs: u32,
        },
        /// The permissions of a role changed. A new role has the smallest free id.
        #[codec(index = 9)]
        RoleSet {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
            /// The role's name.
            name: Name,
            /// Its new permissions on these data sets; an empty access if it has none. Its
            /// permissions on other data sets are unchanged.
            permissions: Vec<DataSetPermission>,
        },
        /// An account was given a role.
        #[codec(index = 10)]
        RoleAssigned {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The role's id.
            role: RoleId,
        },
        /// A role was taken from an account, or given up.
        #[codec(index = 11)]
        RoleUnassigned {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The role's id.
            role: RoleId,
        },
        /// An account was given `access` until `until`. Its other access is unchanged.
        #[codec(index = 12)]
        Shared {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The data set's id.
            data_set: DataSetId,
            /// The access that was given.
            access: Access,
            /// The last moment of the access in Unix milliseconds, or `None` if it has no end.
            until: Option<Moment>,
        },
        /// Access to a data set was taken from an account or given up, or it ended and was cleared.
        /// `access` is the remaining access, not the access that was taken.
        #[codec(index = 13)]
        Unshared {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The data set's id.
            data_set: DataSetId,
            /// The remaining access of its grant, whose ends are unchanged; 0 if none remains.
            access: Access,
        },
        /// An account set its encryption key.
        #[codec(index = 14)]
        EncryptionKeySet {
            /// The account.
            account: T::AccountId,
            /// The key's version.
            version: u32,
            /// The suite of the key.
            suite: u8,
            /// The public key.
            public: PublicKey,
            /// `true` if the account reported with this change that all earlier versions leaked.
            /// Earlier reports stay in effect.
            leaked: bool,
        },
        /// A confidential data set has a new key, to which all new values are sealed.
        #[codec(index = 15)]
        KeyRotated {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The number of the new epoch.
            epoch: u32,
            /// The suite of the epoch's key.
            suite: u8,
            /// The segment of the epoch.
            segment: u8,
            /// The public key of the epoch.
            public: PublicKey,
            /// The blake2_256 hash of the previous epoch's sealed seed, or `None` if the history
            /// was cut.
            previous: Option<H256>,
        },
        /// A reader was given an envelope.
        #[codec(index = 16)]
        EnvelopeSet {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The reader.
            account: T::AccountId,
            /// The segment of the epoch.
            segment: u8,
            /// The epoch whose seed it contains.
            epoch: u32,
            /// The version of the reader's encryption key to which it is sealed.
            key_version: u32,
            /// The blake2_256 hash of the sealed seed.
            envelope: H256,
        },
        /// A container was offered to an account.
        #[codec(index = 17)]
        OwnershipOffered {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id, which accepting must name.
            offer: u32,
            /// The offeree.
            to: T::AccountId,
            /// The last moment to accept, in Unix milliseconds.
            deadline: Moment,
            /// The twin together with which it must be handed over, if any.
            twin: Option<TwinId>,
        },
        /// A container changed owner.
        #[codec(index = 18)]
        OwnershipTransferred {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The former owner.
            from: T::AccountId,
            /// The new owner.
            to: T::AccountId,
            /// The id of the accepted offer.
            offer: u32,
            /// The remaining rights of other accounts.
            remaining: RemainingRights<T::AccountId>,
        },
        /// The offer of a container ended without a new owner. The author of the stamp ended it:
        /// the owner, the offeree, or any account after the offer lapsed.
        #[codec(index = 19)]
        OfferCancelled {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id.
            offer: u32,
        },
        /// No value can be sealed to the current key of a data set after `valid_until`.
        #[codec(index = 20)]
        SealingLimited {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The last moment to seal, in Unix milliseconds. 0 if the owner must rotate the key
            /// first.
            valid_until: Moment,
            /// The account that holds the seed, and may no longer read after that moment.
            account: T::AccountId,
            /// The reason.
            reason: EndReason,
        },
        /// An envelope was removed because its account may no longer read, or because the data set
        /// was purged.
        #[codec(index = 21)]
        EnvelopeRemoved {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The account.
            account: T::AccountId,
            /// The segment of the envelope.
            segment: u8,
        },
        /// An account sealed a version of its secret key for a holder.
        #[codec(index = 22)]
        AccountEnvelopeSet {
            /// The account.
            account: T::AccountId,
            /// The version of its encryption key.
            version: u32,
            /// The holder that can open it.
            holder: KeyHolder<T::AccountId>,
            /// The blake2_256 hash of the sealed secret key.
            envelope: H256,
        },
        /// An account removed the envelope of a holder. The holder keeps the secret key that it
        /// opened.
        #[codec(index = 23)]
        AccountEnvelopeRemoved {
            /// The account.
            account: T::AccountId,
            /// The version of its encryption key.
            version: u32,
            /// The holder.
            holder: KeyHolder<T::AccountId>,
        },
        /// A role was renamed. Its holders and permissions are unchanged.
        #[codec(index = 24)]
        RoleRenamed {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
            /// The role's new name.
            name: Name,
        },
        /// A role that no account held was removed, with its permissions. Its id is free for a new
        /// role.
        #[codec(index = 25)]
        RoleRemoved {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
        },
        /// A reader gave up its READ. It may hold the seed of the data set's current key, so the
        /// owner should rotate the key. Until then, values are still sealed to it.
        #[codec(index = 26)]
        ReaderLeft {
            /// The container.
            container: ContainerId,
            /// The container's new revision, with the author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The reader that left.
            account: T::AccountId,
        },
    }
}
