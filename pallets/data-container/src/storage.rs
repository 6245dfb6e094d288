// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's storage.
#[pallet_section]
mod storage {
    use twinchain_primitives::Description;

    // Hashers: the chain assigns ids, so no one can construct collisions and a short hash suffices.
    // Users choose names and accounts, so these get a long hash. Keys that are hashes are not
    // hashed again.

    /// The id of the next plugin.
    #[pallet::storage]
    pub type NextPluginId<T> = StorageValue<_, PluginId, ValueQuery>;

    /// The id of the next container.
    #[pallet::storage]
    pub type NextContainerId<T> = StorageValue<_, ContainerId, ValueQuery>;

    /// The plugins by id.
    #[pallet::storage]
    pub type Plugins<T: Config> = StorageMap<_, Twox64Concat, PluginId, Plugin<T::AccountId>>;

    /// Plugin documents and data set definitions by their blake2_256 hash, byte for byte as
    /// published. They are never removed, because instances and clones refer to them.
    #[pallet::storage]
    pub type Documents<T> = StorageMap<_, Identity, H256, Document>;

    /// Compiled schemas, shared by all data sets that use them, and never removed. The key is the
    /// hash of everything that decides the meaning: the compiler's version, the dialect, flags, the
    /// place in `dataSchema` where the schema begins, and the whole text of `dataSchema`.
    #[pallet::storage]
    pub type Schemas<T> = StorageMap<_, Identity, H256, CompiledSchema>;

    /// The containers by id.
    #[pallet::storage]
    pub type Containers<T: Config> =
        StorageMap<_, Twox64Concat, ContainerId, Container<T::AccountId, BlockNumberFor<T>>>;

    /// The descriptions of containers, as JSON text. Stored separately so that writes need not read
    /// them.
    #[pallet::storage]
    pub type Descriptions<T> = StorageMap<_, Twox64Concat, ContainerId, Description>;

    /// The roles of containers with their names. Stored separately because no write reads a name.
    #[pallet::storage]
    pub type RoleNames<T> = StorageMap<_, Twox64Concat, ContainerId, Roles, ValueQuery>;

    /// The number of accounts that hold a role of a container. A role without holders has no
    /// record.
    #[pallet::storage]
    pub type RoleHolders<T> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Twox64Concat, RoleId, u32>;

    /// The data sets of containers, by name.
    #[pallet::storage]
    pub type DataSets<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Blake2_128Concat, Name, DataSetOf<T>>;

    /// The rights of accounts in a container, apart from ownership.
    #[pallet::storage]
    pub type AccountRights<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Blake2_128Concat, T::AccountId, Rights>;

    /// The values of entries that are longer than [`MAX_SHORT_VALUE`]. Shorter values are in the
    /// record of the data set.
    #[pallet::storage]
    pub type LongEntries<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        Entry<T::AccountId, BlockNumberFor<T>>,
    >;

    /// The batches of lists, by (container, data set, batch). Each holds the items of one append.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, ContainerId>,
            NMapKey<Twox64Concat, DataSetId>,
            NMapKey<Twox64Concat, u32>,
        ),
        Batch<T::AccountId, BlockNumberFor<T>>,
    >;

    /// Publisher → plugins.
    #[pallet::storage]
    pub type PluginsOfPublisher<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, PluginId, ()>;

    /// Name → plugins.
    #[pallet::storage]
    pub type PluginsOfName<T> =
        StorageDoubleMap<_, Blake2_128Concat, Name, Twox64Concat, PluginId, ()>;

    /// Plugin → plugins that are new versions of it.
    #[pallet::storage]
    pub type SuccessorsOf<T> =
        StorageDoubleMap<_, Twox64Concat, PluginId, Twox64Concat, PluginId, ()>;

    /// Plugin → containers that are instances of it.
    #[pallet::storage]
    pub type InstancesOf<T> =
        StorageDoubleMap<_, Twox64Concat, PluginId, Twox64Concat, ContainerId, ()>;

    /// Owner → containers.
    #[pallet::storage]
    pub type ContainersOfOwner<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, ContainerId, ()>;

    /// Account → containers in which it holds roles or grants.
    #[pallet::storage]
    pub type ContainersSharedWith<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, ContainerId, ()>;

    /// The epochs of confidential data sets, by (container, data set, epoch).
    #[pallet::storage]
    pub type Epochs<T> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, ContainerId>,
            NMapKey<Twox64Concat, DataSetId>,
            NMapKey<Twox64Concat, u32>,
        ),
        Epoch,
    >;

    /// The seeds of confidential data sets, sealed for their readers, by (container, data set,
    /// segment, reader). A reader has at most one envelope in each segment, the newest.
    #[pallet::storage]
    pub type Envelopes<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, ContainerId>,
            NMapKey<Twox64Concat, DataSetId>,
            NMapKey<Twox64Concat, u8>,
            NMapKey<Blake2_128Concat, T::AccountId>,
        ),
        Envelope,
    >;

    /// The reason why sealing to a data set's current key ends, for each key whose sealing has an
    /// end. Stored separately because a sealed write reads only `valid_until`.
    #[pallet::storage]
    pub type SealingEnds<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        SealingEnd<T::AccountId>,
    >;

    /// The first reader that left a confidential data set since its last rotation. Values are still
    /// sealed to the seed that it may hold, so the owner should rotate the key. Separate from
    /// `SealingEnds` because leaving does not end sealing: an account that leaves must not block
    /// other writers.
    #[pallet::storage]
    pub type SeedsLeft<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        SealingEnd<T::AccountId>,
    >;

    /// The last block in which envelopes were removed or searched for, and their number. Limits
    /// `purge`.
    #[pallet::storage]
    pub type RemovedEnvelopes<T: Config> = StorageValue<_, (BlockNumberFor<T>, u32), ValueQuery>;

    /// The last block in which accounts lost their last right in a container, and the number of
    /// these accounts. Limits the search for the event of a handover.
    #[pallet::storage]
    pub type RemovedRights<T: Config> = StorageValue<_, (BlockNumberFor<T>, u32), ValueQuery>;

    /// The newest encryption key of each account.
    #[pallet::storage]
    pub type EncryptionKeys<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, EncryptionKey<BlockNumberFor<T>>>;

    /// All versions of the encryption keys of accounts, including the newest.
    #[pallet::storage]
    pub type KeyVersions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, AccountKey>;

    /// The secret key of each version of an account's encryption key, sealed for its holders.
    #[pallet::storage]
    pub type AccountKeyEnvelopes<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Twox64Concat,
        u32,
        AccountEnvelopes<T::AccountId>,
        ValueQuery,
    >;

    /// The blake2_256 hashes of all public keys ever used: those of data sets under `None`, those
    /// of each account under the account. A reused key would give access to every account that
    /// holds its seed.
    #[pallet::storage]
    pub type UsedKeys<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, Option<T::AccountId>, Identity, H256, ()>;

    /// Offeree → containers that are on offer to it.
    #[pallet::storage]
    pub type OffersTo<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, ContainerId, ()>;

    /// Container on offer → the twin together with which it must be handed over.
    #[pallet::storage]
    pub type OfferedWith<T> = StorageMap<_, Twox64Concat, ContainerId, TwinId>;
}
