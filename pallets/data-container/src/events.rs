// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events.
///
/// An indexer that has all of them can rebuild owners, roles, rights, readers and keys without the
/// state.
/// Those that carry a `stamp` are a container's history: the head of the container is
/// `blake2_256(head before ++ SCALE(event))`, the event as it stands here, without the index of the
/// pallet.
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
            /// Its id.
            plugin: PluginId,
            /// Who published it.
            publisher: T::AccountId,
            /// Its name.
            name: Name,
            /// The blake2_256 of its document.
            document: H256,
            /// The plugin that it is a new version of.
            replaces: Option<PluginId>,
        },
        /// A plugin was retired: it makes no more instances.
        #[codec(index = 1)]
        PluginRetired {
            /// The plugin.
            plugin: PluginId,
        },
        /// A container was made.
        #[codec(index = 2)]
        ContainerCreated {
            /// Its id.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// Its owner.
            owner: T::AccountId,
            /// The plugin that it was made from, if it was.
            plugin: Option<PluginId>,
        },
        /// A container was made as a clone of another.
        #[codec(index = 3)]
        ContainerCloned {
            /// The new container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The one that it was cloned from.
            source: ContainerId,
        },
        /// A container's description was replaced.
        #[codec(index = 4)]
        DescriptionSet {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The blake2_256 of the description. `None`: it has none any more.
            description: Option<H256>,
        },
        /// A container was closed for good.
        #[codec(index = 5)]
        ContainerClosed {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
        },
        /// A container has a new data set.
        #[codec(index = 6)]
        DataSetAdded {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// One value or many.
            kind: Kind,
            /// Who can read it.
            visibility: Visibility,
            /// Whether an entry is set once at most, and a list's items stay for ever.
            write_once: bool,
            /// The hash of the schema.
            schema: H256,
            /// The hash of the document where its definition stands.
            document: H256,
        },
        /// A data set was changed. The operations of a data set, hashed one after the other, make
        /// its head.
        #[codec(index = 7)]
        DataSetChanged {
            /// The container.
            container: ContainerId,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// What was done, by whom, by what right, and the hash of what was stored.
            operation: Operation<T::AccountId, BlockNumberFor<T>>,
        },
        /// Data of a retired data set was cleared from the state.
        #[codec(index = 8)]
        DataSetPurged {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The data set's name.
            name: Name,
            /// How many batches, envelopes and epochs were cleared; the value of an entry is not
            /// counted.
            cleared: u32,
            /// How many batches are left.
            left: u32,
            /// How many epochs are left.
            epochs: u32,
        },
        /// A role may do other things than before. A role that is new has the smallest free id.
        #[codec(index = 9)]
        RoleSet {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
            /// The role's name.
            name: Name,
            /// What it may do from now on with these data sets; nothing if it may no longer do
            /// anything. The others stay as they are.
            permissions: Vec<DataSetPermission>,
        },
        /// An account holds a role.
        #[codec(index = 10)]
        RoleAssigned {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The role.
            role: RoleId,
        },
        /// An account no longer holds a role.
        #[codec(index = 11)]
        RoleUnassigned {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The role.
            role: RoleId,
        },
        /// An account was granted `access` until `until`. Its other access is unchanged.
        #[codec(index = 12)]
        Shared {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The data set's id.
            data_set: DataSetId,
            /// What it was granted.
            access: Access,
            /// The last moment of it. `None`: it has no end.
            until: Option<Moment>,
        },
        /// Access to a data set was taken from an account, or ended and was cleared. `access` is
        /// what is left, not what was taken.
        #[codec(index = 13)]
        Unshared {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The account.
            account: T::AccountId,
            /// The data set's id.
            data_set: DataSetId,
            /// What is left of its grant, with the ends that it had; 0 for nothing.
            access: Access,
        },
        /// An account set its encryption key.
        #[codec(index = 14)]
        EncryptionKeySet {
            /// The account.
            account: T::AccountId,
            /// The key's version.
            version: u32,
            /// How envelopes are sealed to it.
            suite: u8,
            /// The public key.
            public: PublicKey,
            /// Whether the account says, with this change, that all earlier versions leaked. What
            /// it said before stays.
            leaked: bool,
        },
        /// A confidential data set has a new key: what is sealed from now on is sealed to it.
        #[codec(index = 15)]
        KeyRotated {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The new epoch.
            epoch: u32,
            /// How values are sealed to it.
            suite: u8,
            /// The segment of the epoch.
            segment: u8,
            /// The public key.
            public: PublicKey,
            /// The blake2_256 of the sealed seed of the epoch before. `None`: the history was cut.
            previous: Option<H256>,
        },
        /// A reader has a new envelope.
        #[codec(index = 16)]
        EnvelopeSet {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The account.
            account: T::AccountId,
            /// The segment of the epoch.
            segment: u8,
            /// The epoch whose seed is in it.
            epoch: u32,
            /// The version of the reader's encryption key to which it is sealed.
            key_version: u32,
            /// The blake2_256 of the sealed seed.
            envelope: H256,
        },
        /// A container is on offer.
        #[codec(index = 17)]
        OwnershipOffered {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id; accepting names it.
            offer: u32,
            /// Who may accept.
            to: T::AccountId,
            /// The last moment to accept.
            deadline: Moment,
            /// The twin with which alone it changes hands.
            twin: Option<TwinId>,
        },
        /// A container has a new owner.
        #[codec(index = 18)]
        OwnershipTransferred {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The former owner.
            from: T::AccountId,
            /// The new owner.
            to: T::AccountId,
            /// The offer that was accepted.
            offer: u32,
            /// The rights of others that remain.
            remaining: RemainingRights<T::AccountId>,
        },
        /// The offer of a container ended without a new owner. The author of the stamp ended it:
        /// the owner, the offeree, or any account once the offer had lapsed.
        #[codec(index = 19)]
        OfferCancelled {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id.
            offer: u32,
        },
        /// No value is sealed to the current key of a data set after `valid_until`.
        #[codec(index = 20)]
        SealingLimited {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The last moment to seal; 0: the owner rotates the key first.
            valid_until: Moment,
            /// The account that holds the seed and may no longer read after that.
            account: T::AccountId,
            /// Why it may not.
            reason: EndReason,
        },
        /// The envelope of an account that may no longer read was removed.
        #[codec(index = 21)]
        EnvelopeRemoved {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The account.
            account: T::AccountId,
            /// The segment whose envelope it was.
            segment: u8,
        },
        /// An account sealed a version of its secret key for a holder.
        #[codec(index = 22)]
        AccountEnvelopeSet {
            /// The account.
            account: T::AccountId,
            /// The version of its key.
            version: u32,
            /// Who can open it.
            holder: KeyHolder<T::AccountId>,
            /// The blake2_256 of the sealed secret key.
            envelope: H256,
        },
        /// An account removed the envelope of a holder. What the holder has opened it keeps.
        #[codec(index = 23)]
        AccountEnvelopeRemoved {
            /// The account.
            account: T::AccountId,
            /// The version of its key.
            version: u32,
            /// The holder.
            holder: KeyHolder<T::AccountId>,
        },
        /// A role has another name. Who holds it and what it may do stay.
        #[codec(index = 24)]
        RoleRenamed {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
            /// Its new name.
            name: Name,
        },
        /// A role that no account held was removed, with what it might do. Its id is free for a new
        /// role.
        #[codec(index = 25)]
        RoleRemoved {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The role's id.
            role: RoleId,
        },
        /// A reader left by itself. It may hold the seed of the data set's current key, so that is
        /// to be rotated. Values are sealed to it meanwhile.
        #[codec(index = 26)]
        ReaderLeft {
            /// The container.
            container: ContainerId,
            /// The revision of the container that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The data set's id.
            data_set: DataSetId,
            /// The account.
            account: T::AccountId,
        },
    }
}
