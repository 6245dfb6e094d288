// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's storage.
#[pallet_section]
mod storage {
    /// The id of the next organisation.
    #[pallet::storage]
    pub type NextOrganisationId<T> = StorageValue<_, OrganisationId, ValueQuery>;

    /// The organisations. The chain assigns the ids, so a hasher that is not cryptographic
    /// suffices.
    #[pallet::storage]
    pub type Organisations<T> = StorageMap<_, Twox64Concat, OrganisationId, Organisation>;

    /// The organisation of each name, including removed organisations.
    #[pallet::storage]
    pub type OrganisationsByName<T> = StorageMap<_, Blake2_128Concat, Name, OrganisationId>;

    /// The sum of the shares that organisations are granted.
    #[pallet::storage]
    pub type Granted<T> = StorageValue<_, Share, ValueQuery>;

    /// The amounts that the members of each organisation have spent together. Every member's
    /// transaction reads and writes one of these records.
    #[pallet::storage]
    pub type Spendings<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, Spending<BlockNumberFor<T>>, ValueQuery>;

    /// The first block in which the nodes of a removed organisation are no longer listed. Only for
    /// an organisation that had validators: its nodes are needed while these validate.
    #[pallet::storage]
    pub type ListedUntil<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, BlockNumberFor<T>>;

    /// The number of an account's claims that are used or void. No claim can be used twice.
    #[pallet::storage]
    pub type MemberClaims<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    /// The number of a node's claims that are used.
    #[pallet::storage]
    pub type NodeClaims<T> = StorageMap<_, Blake2_128Concat, PeerId, u32, ValueQuery>;

    /// The open motions and the account that proposed each. Motions that have ended can be among
    /// them.
    #[pallet::storage]
    pub type Motions<T: Config> =
        StorageValue<_, BoundedVec<(H256, T::AccountId), T::MaxMotions>, ValueQuery>;

    /// The members. The records are small, because every transaction reads and writes one.
    #[pallet::storage]
    pub type Members<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Member<BlockNumberFor<T>>>;

    /// The members of each organisation, with their labels.
    #[pallet::storage]
    pub type MembersOf<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrganisationId, Blake2_128Concat, T::AccountId, Label>;

    /// The organisation of each node.
    #[pallet::storage]
    pub type Nodes<T> = CountedStorageMap<_, Blake2_128Concat, PeerId, OrganisationId>;

    /// The nodes of each organisation, with their labels.
    #[pallet::storage]
    pub type NodesOf<T> =
        StorageDoubleMap<_, Twox64Concat, OrganisationId, Blake2_128Concat, PeerId, Label>;

    /// The appointed validators, in the order of their appointment.
    #[pallet::storage]
    pub type Validators<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// The validators of the session that was planned last, each with a hash that identifies its
    /// keys.
    #[pallet::storage]
    pub type Planned<T: Config> =
        StorageValue<_, BoundedVec<(T::AccountId, H256), T::MaxValidators>, ValueQuery>;

    /// The last block in which a call of `clear_organisation` succeeded.
    #[pallet::storage]
    pub type LastClearing<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// The blocks of a session, which is how fast decisions about validators take effect. Fixed at
    /// genesis.
    #[pallet::storage]
    pub type SessionLength<T: Config> =
        StorageValue<_, BlockNumberFor<T>, ValueQuery, T::DefaultSessionLength>;

    /// The amounts that councillors and validators have spent of their official quotas.
    #[pallet::storage]
    pub type OfficialBuckets<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Bucket<BlockNumberFor<T>>>;
}
