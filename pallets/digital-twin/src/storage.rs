// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's storage.
#[pallet_section]
mod storage {
    use twinchain_primitives::Description;

    /// The id of the next twin.
    #[pallet::storage]
    pub type NextTwinId<T> = StorageValue<_, TwinId, ValueQuery>;

    /// The twins. The chain assigns the ids, so a hasher that is not cryptographic suffices.
    #[pallet::storage]
    pub type Twins<T: Config> =
        StorageMap<_, Twox64Concat, TwinId, Twin<T::AccountId, BlockNumberFor<T>>>;

    /// The twins' descriptions, JSON text. Separate, because no rule needs to read them.
    #[pallet::storage]
    pub type Descriptions<T: Config> = StorageMap<_, Twox64Concat, TwinId, Description>;

    /// The twins' links. The hasher is cryptographic, because users choose the names.
    #[pallet::storage]
    pub type Links<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TwinId, Blake2_128Concat, Name, Target<T::AccountId>>;

    /// The twins of each asset, by the blake2_256 hash of the asset, which is not hashed again.
    #[pallet::storage]
    pub type TwinsOfAsset<T: Config> =
        StorageDoubleMap<_, Identity, H256, Twox64Concat, TwinId, ()>;

    /// The twins of each owner. The hasher is cryptographic, because users choose the accounts.
    #[pallet::storage]
    pub type TwinsOfOwner<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TwinId, ()>;

    /// The twins that link each container, and the number of their links to it.
    #[pallet::storage]
    pub type TwinsOfContainer<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Twox64Concat, TwinId, u32>;

    /// The twins that link each twin, and the number of their links to it.
    #[pallet::storage]
    pub type TwinsOfTwin<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TwinId, Twox64Concat, TwinId, u32>;

    /// The twins that are on offer to each account.
    #[pallet::storage]
    pub type OffersTo<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TwinId, ()>;
}
