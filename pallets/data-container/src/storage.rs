// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What the pallet stores.
#[pallet_section]
mod storage {
    use twinchain_primitives::Description;

    // Hashers: the chain gives out ids, so nobody can aim at a short hash of them. Names and
    // accounts are users' choice, so they get a long one. A hash as a key is not hashed again.

    /// The id of the next plugin.
    #[pallet::storage]
    pub type NextPluginId<T> = StorageValue<_, PluginId, ValueQuery>;

    /// The id of the next container.
    #[pallet::storage]
    pub type NextContainerId<T> = StorageValue<_, ContainerId, ValueQuery>;

    /// The plugins.
    #[pallet::storage]
    pub type Plugins<T: Config> = StorageMap<_, Twox64Concat, PluginId, Plugin<T::AccountId>>;

    /// Plugin documents and data set definitions by their blake2_256, byte for byte as they were
    /// published. Never removed: instances and clones refer to them.
    #[pallet::storage]
    pub type Documents<T> = StorageMap<_, Identity, H256, Document>;

    /// Compiled schemas by the hash of all that decides what they mean: the version of the
    /// compiler, the dialect, flags, the whole source and where in it the schema begins. Never
    /// removed, and shared by all.
    #[pallet::storage]
    pub type Schemas<T> = StorageMap<_, Identity, H256, CompiledSchema>;

    /// The containers.
    #[pallet::storage]
    pub type Containers<T: Config> =
        StorageMap<_, Twox64Concat, ContainerId, Container<T::AccountId, BlockNumberFor<T>>>;

    /// The containers' descriptions, JSON text: apart, so that writes need not read them.
    #[pallet::storage]
    pub type Descriptions<T> = StorageMap<_, Twox64Concat, ContainerId, Description>;

    /// The containers' roles with their names: apart, since no write asks for a name.
    #[pallet::storage]
    pub type RoleNames<T> = StorageMap<_, Twox64Concat, ContainerId, Roles, ValueQuery>;

    /// How many accounts hold a role of a container, if any does.
    #[pallet::storage]
    pub type RoleHolders<T> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Twox64Concat, RoleId, u32>;

    /// The containers' data sets, by name.
    #[pallet::storage]
    pub type DataSets<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Blake2_128Concat, Name, DataSetOf<T>>;

    /// What accounts other than the owner may do in a container.
    #[pallet::storage]
    pub type AccountRights<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Blake2_128Concat, T::AccountId, Rights>;

    /// The values of entries that are longer than [`MAX_SHORT_VALUE`]. The others are in the record
    /// of the data set.
    #[pallet::storage]
    pub type LongEntries<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        Entry<T::AccountId, BlockNumberFor<T>>,
    >;

    /// The items of lists: what one append brought, under (container, data set, batch).
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

    /// Account → containers where it has rights.
    #[pallet::storage]
    pub type ContainersSharedWith<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, ContainerId, ()>;

    /// The epochs of confidential data sets, under (container, data set, epoch).
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

    /// The seeds of confidential data sets, sealed for their readers, under (container, data set,
    /// segment, reader): the newest of each reader in each segment.
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

    /// Why sealing to a data set's current key ends: one record for each key with an end. Stored
    /// separately because a sealed write reads only `valid_until`.
    #[pallet::storage]
    pub type SealingEnds<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        SealingEnd<T::AccountId>,
    >;

    /// The first reader that left a confidential data set by itself since its last rotation: its
    /// seed is still sealed to, so the key is to be rotated. Separate from `SealingEnds`: an
    /// account that leaves ends no sealing, so that it cannot silence those that write.
    #[pallet::storage]
    pub type SeedsLeft<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ContainerId,
        Twox64Concat,
        DataSetId,
        SealingEnd<T::AccountId>,
    >;

    /// The last block in which envelopes were removed, and how many, for `purge`.
    #[pallet::storage]
    pub type RemovedEnvelopes<T: Config> = StorageValue<_, (BlockNumberFor<T>, u32), ValueQuery>;

    /// The last block in which accounts lost their last right in a container, and how many did, for
    /// the event of a handover.
    #[pallet::storage]
    pub type RemovedRights<T: Config> = StorageValue<_, (BlockNumberFor<T>, u32), ValueQuery>;

    /// The accounts' newest encryption keys.
    #[pallet::storage]
    pub type EncryptionKeys<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, EncryptionKey<BlockNumberFor<T>>>;

    /// Every version of the accounts' encryption keys, the newest included.
    #[pallet::storage]
    pub type KeyVersions<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, AccountKey>;

    /// The secret key of a version of an account's encryption key, sealed for its holders.
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

    /// The blake2_256 of every public key that was used: those of all data sets under `None`, and
    /// those of each account. A reused key would give access to every account that holds its seed.
    #[pallet::storage]
    pub type UsedKeys<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, Option<T::AccountId>, Identity, H256, ()>;

    /// Account → containers that are on offer to it.
    #[pallet::storage]
    pub type OffersTo<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, ContainerId, ()>;

    /// Container on offer → the twin with which alone it changes hands.
    #[pallet::storage]
    pub type OfferedWith<T> = StorageMap<_, Twox64Concat, ContainerId, TwinId>;
}
