// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What the pallet stores.
#[pallet_section]
mod storage {
    /// The id of the next organisation.
    #[pallet::storage]
    pub type NextOrganisationId<T> = StorageValue<_, OrganisationId, ValueQuery>;

    /// The organisations. The chain chooses the ids, so the short hasher will do.
    #[pallet::storage]
    pub type Organisations<T> = StorageMap<_, Twox64Concat, OrganisationId, Organisation>;

    /// Names → organisations, removed ones as well.
    #[pallet::storage]
    pub type OrganisationsByName<T> = StorageMap<_, Blake2_128Concat, Name, OrganisationId>;

    /// What all organisations together are granted.
    #[pallet::storage]
    pub type Granted<T> = StorageValue<_, Share, ValueQuery>;

    /// What the members of each organisation spent together. Every transaction reads and writes
    /// one.
    #[pallet::storage]
    pub type Spendings<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, Spending<BlockNumberFor<T>>, ValueQuery>;

    /// The block from which on the nodes of a removed organisation are no longer listed, where it
    /// had validators: they are needed for as long as these validate.
    #[pallet::storage]
    pub type ListedUntil<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, BlockNumberFor<T>>;

    /// How many claims of an account were used, so that none is used twice.
    #[pallet::storage]
    pub type MemberClaims<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

    /// How many claims of a node were used.
    #[pallet::storage]
    pub type NodeClaims<T> = StorageMap<_, Blake2_128Concat, PeerId, u32, ValueQuery>;

    /// The motions that can be voted on, and who proposed them. Some that ended may be among them.
    #[pallet::storage]
    pub type Motions<T: Config> =
        StorageValue<_, BoundedVec<(H256, T::AccountId), T::MaxMotions>, ValueQuery>;

    /// The members. Small, since every transaction reads and writes one.
    #[pallet::storage]
    pub type Members<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Member<BlockNumberFor<T>>>;

    /// Organisation → members, with labels.
    #[pallet::storage]
    pub type MembersOf<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrganisationId, Blake2_128Concat, T::AccountId, Label>;

    /// The nodes that may connect → their organisations.
    #[pallet::storage]
    pub type Nodes<T> = CountedStorageMap<_, Blake2_128Concat, PeerId, OrganisationId>;

    /// Organisation → nodes, with labels.
    #[pallet::storage]
    pub type NodesOf<T> =
        StorageDoubleMap<_, Twox64Concat, OrganisationId, Blake2_128Concat, PeerId, Label>;

    /// Whom the council appointed as validators, in the order in which it did.
    #[pallet::storage]
    pub type Validators<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// The validators that were planned last, with what tells their keys apart.
    #[pallet::storage]
    pub type Planned<T: Config> =
        StorageValue<_, BoundedVec<(T::AccountId, H256), T::MaxValidators>, ValueQuery>;

    /// The last block in which `clear_organisation` searched the state.
    #[pallet::storage]
    pub type LastClearing<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// The blocks of a session. Fixed at genesis: how fast decisions about validators take effect.
    #[pallet::storage]
    pub type SessionLength<T: Config> =
        StorageValue<_, BlockNumberFor<T>, ValueQuery, T::DefaultSessionLength>;

    /// What councillors and validators spent on their offices.
    #[pallet::storage]
    pub type OfficialBuckets<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Bucket<BlockNumberFor<T>>>;
}
