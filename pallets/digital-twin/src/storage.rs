// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What the pallet stores.
#[pallet_section]
mod storage {
    use twinchain_primitives::Description;

    /// The id of the next twin.
    #[pallet::storage]
    pub type NextTwinId<T> = StorageValue<_, TwinId, ValueQuery>;

    /// The twins. The chain chooses the ids, so no one can aim at a hash: the short hasher will do.
    #[pallet::storage]
    pub type Twins<T: Config> =
        StorageMap<_, Twox64Concat, TwinId, Twin<T::AccountId, BlockNumberFor<T>>>;

    /// The twins' descriptions, JSON text: apart, so that the rules need not read them.
    #[pallet::storage]
    pub type Descriptions<T: Config> = StorageMap<_, Twox64Concat, TwinId, Description>;

    /// The twins' links. Names come from users, who could aim at a short hash.
    #[pallet::storage]
    pub type Links<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TwinId, Blake2_128Concat, Name, Target<T::AccountId>>;

    /// Asset → twins, by the blake2_256 of the asset: a hash already, so not hashed again.
    #[pallet::storage]
    pub type TwinsOfAsset<T: Config> =
        StorageDoubleMap<_, Identity, H256, Twox64Concat, TwinId, ()>;

    /// Owner → twins. Accounts come from users, who could aim at a short hash.
    #[pallet::storage]
    pub type TwinsOfOwner<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TwinId, ()>;

    /// Container → twins that link it, with how many links each has to it.
    #[pallet::storage]
    pub type TwinsOfContainer<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ContainerId, Twox64Concat, TwinId, u32>;

    /// Twin → twins that link it, with how many links each has to it.
    #[pallet::storage]
    pub type TwinsOfTwin<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TwinId, Twox64Concat, TwinId, u32>;

    /// Account → twins that are on offer to it.
    #[pallet::storage]
    pub type OffersTo<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TwinId, ()>;
}
