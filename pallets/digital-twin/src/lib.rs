// SPDX-License-Identifier: Apache-2.0

//! # Digital twins
//!
//! A **twin** is one party's view of an asset: an owner, a description, and a catalog of named
//! links to data containers, other twins, accounts and hashes. Everybody may make a twin of any
//! asset; all twins of an asset are found from it. Who may read and write the data itself is
//! decided by each container, not by the twin that links it.
//!
//! | call | by | does |
//! |---|---|---|
//! | [`create_twin`](Pallet::create_twin) | anybody | makes a twin, with links and instances of plugins, all or nothing |
//! | [`set_description`](Pallet::set_description) | owner | replaces the description |
//! | [`set_link`](Pallet::set_link) | owner | adds a link or replaces the one of that name |
//! | [`remove_link`](Pallet::remove_link) | owner | takes a link away |
//! | [`deactivate_twin`](Pallet::deactivate_twin) | owner | freezes the twin for good |
//! | [`offer_twin`](Pallet::offer_twin) | owner | offers the twin, and containers with it |
//! | [`accept_twin`](Pallet::accept_twin) | offeree | takes all of it over |
//! | [`cancel_offer`](Pallet::cancel_offer) | owner | ends the offer |
//!
//! Reads: the view functions of [`Pallet`], and the same as a runtime API in [`runtime_api`].
//!
//! ## Rules and where they stand
//!
//! | rule | file |
//! |---|---|
//! | what a new twin needs | `ops/twins.rs` |
//! | what may be linked, and the indices | `ops/links.rs` |
//! | walking a path | `ops/resolve.rs` |
//! | handing over | `ops/handover.rs` |
//! | how the history of a twin is chained | `ops/update.rs` |
//! | what always holds | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]
// The macros of FRAME and of the codec make these; the modules with the rules refuse them again.
#![cfg_attr(target_family = "wasm", allow(clippy::as_conversions, clippy::expect_used))]

extern crate alloc;

pub mod runtime_api;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod events;
#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
mod ops;
mod try_state;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;
    use twinchain_primitives::{
        charge, keys_after, Asset, ContainerId, Containers, Description, Moment, Name, Page, Stamp,
        TwinId, MAX_ASSET, MAX_DESCRIPTION, MAX_NAME,
    };

    /// The layout of the storage; `docs/decisions/0023-how-storage-changes.md` says how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = H256> {
        /// Where the containers are that twins link.
        type Containers: Containers<Self::AccountId>;

        /// Tells the block's time, with which offers end.
        type Time: Time<Moment = Moment>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;

        /// What the benchmarks need of the chain.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The longest name of a link, in bytes.
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The longest asset id, in bytes.
        fn max_asset() -> u32 {
            MAX_ASSET
        }
        /// The longest description, in bytes.
        fn max_description() -> u32 {
            MAX_DESCRIPTION
        }
        /// The most links that one call names.
        fn max_links_per_call() -> u32 {
            MAX_LINKS_PER_CALL
        }
        /// The most envelopes that one offer brings.
        fn max_envelopes() -> u32 {
            MAX_ENVELOPES
        }
        /// The most links of one twin.
        fn max_links() -> u32 {
            MAX_LINKS
        }
        /// The most steps of a path.
        fn max_steps() -> u32 {
            MAX_STEPS
        }
    }

    /// The id of the next twin.
    #[pallet::storage]
    pub type NextTwinId<T> = StorageValue<_, TwinId, ValueQuery>;

    /// The twins. The chain chooses the ids, so nobody can aim at a hash: the short hasher will do.
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

    /// Account → twins that are on offer to it.
    #[pallet::storage]
    pub type OffersTo<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TwinId, ()>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A twin with its description.
        pub fn twin(id: TwinId) -> Option<TwinInfo<T::AccountId, BlockNumberFor<T>>> {
            let twin = Twins::<T>::get(id)?;
            let description = Descriptions::<T>::get(id).map(Into::into).unwrap_or_default();
            Some(TwinInfo { twin, description })
        }

        /// A twin's links, in pages of at most 256; `after` is the name where the last page ended.
        pub fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<T::AccountId>), Name> {
            let links = match after {
                Some(name) => {
                    Links::<T>::iter_prefix_from(twin, Links::<T>::hashed_key_for(twin, name))
                },
                None => Links::<T>::iter_prefix(twin),
            };
            Page::collect(links.map(|(name, target)| (name.clone(), (name, target))), limit)
        }

        /// The twins of an asset and who owns them, in pages of at most 256; `after` is the twin
        /// where the last page ended. The asset is text, as it was given to `create_twin`.
        pub fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, T::AccountId), TwinId> {
            let key = H256(sp_io::hashing::blake2_256(&asset));
            let twins = keys_after::<TwinsOfAsset<T>, _, _, _>(key, after);
            let owned = twins.filter_map(|id| Some((id, (id, Twins::<T>::get(id)?.owner))));
            Page::collect(owned, limit)
        }

        /// The twins that an account owns, in pages of at most 256; `after` is the twin where the
        /// last page ended.
        pub fn twins_of_owner(
            owner: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            let twins = keys_after::<TwinsOfOwner<T>, _, _, _>(owner, after);
            Page::collect(twins.map(|id| (id, id)), limit)
        }

        /// The twins that are on offer to an account, in pages of at most 256; `after` is the twin
        /// where the last page ended.
        pub fn offers_to(
            account: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<OfferInfo<T::AccountId>, TwinId> {
            let twins = keys_after::<OffersTo<T>, _, _, _>(account, after);
            let offers = twins.filter_map(|id| {
                let Twin { owner, offer, .. } = Twins::<T>::get(id)?;
                Some((id, OfferInfo { twin: id, owner, offer: offer? }))
            });
            Page::collect(offers, limit)
        }

        /// The twins that link a container, in pages of at most 256; `after` is the twin where the
        /// last page ended.
        pub fn twins_of_container(
            container: ContainerId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            let twins = keys_after::<TwinsOfContainer<T>, _, _, _>(container, after);
            Page::collect(twins.map(|id| (id, id)), limit)
        }

        /// What a path of link names leads to, such as `tire/screw/metadata`: at most 16 steps,
        /// each but the last through a link to a twin.
        pub fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<T::AccountId>, ResolveError> {
            Self::do_resolve(twin, &path)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes a twin of an asset, with links, and with new containers made from plugins.
        ///
        /// # Dispatch Origin
        /// Signed. The signer owns the twin and the containers that are made with it.
        ///
        /// # Details
        /// - `description`: JSON text, 1 to 8,192 bytes. Text needs quotes: `{"name":"Big Crane"}`.
        /// - `asset`: text, 1 to 128 bytes without control characters: what the twin stands for, by
        ///   convention the maker's identifier, a slash, the serial number. Never changes. Several
        ///   twins may stand for the same asset.
        /// - `links`: at most 16. `Instantiate` makes a container from a plugin and links it; the
        ///   others link what there is already, as `set_link` does.
        ///
        /// All of it happens or nothing.
        ///
        /// # Errors
        /// `DescriptionNotJson`, `DescriptionTooLong`, `InvalidAsset`, `TooManyLinks`,
        /// `InvalidName`, `DuplicateLink`, `TargetNotFound`, `MayNotLink`, `IdsExhausted`, and the
        /// errors of the data container pallet for containers and plugins that are missing or
        /// retired.
        ///
        /// # Events
        /// `TwinCreated`, `DescriptionSet`, then `LinkSet` for each link, after what making an
        /// instance tells.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::create_twin_weight(description, links))]
        pub fn create_twin(
            origin: OriginFor<T>,
            description: Vec<u8>,
            asset: Vec<u8>,
            links: Vec<NewLink<T::AccountId>>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_create_twin(owner, description, asset, links, &mut spent);
            charge(spent, result)
        }

        /// Replaces a twin's description.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `description`: JSON text, 1 to 8,192 bytes. Text needs quotes: `{"name":"Big Crane"}`.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `DescriptionNotJson`, `DescriptionTooLong`.
        ///
        /// # Events
        /// `DescriptionSet`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_description(description.len().saturated_into()))]
        pub fn set_description(
            origin: OriginFor<T>,
            twin: TwinId,
            description: Vec<u8>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_description(&who, twin, description)
        }

        /// Adds a link to a twin, or replaces the one of that name.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes without control characters and without `/`.
        /// - `target`: a container needs its owner, or somebody with any access to it, or no
        ///   confidential data set in it. A twin must exist.
        ///
        /// A twin has at most 4,096 links.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`, `InvalidName`, `LinksExhausted`,
        /// `TargetNotFound`, `MayNotLink`, and the data container pallet's error for a container
        /// that does not exist.
        ///
        /// # Events
        /// `LinkSet`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_link().saturating_add(T::Containers::may_link_weight()))]
        pub fn set_link(
            origin: OriginFor<T>,
            twin: TwinId,
            name: Vec<u8>,
            target: Target<T::AccountId>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_link(&who, twin, name, target)
        }

        /// Takes a link away from a twin. What it pointed to stays as it is.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// - `name`: text, the link's name.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`, `InvalidName`, `LinkNotFound`.
        ///
        /// # Events
        /// `LinkRemoved`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::remove_link())]
        pub fn remove_link(origin: OriginFor<T>, twin: TwinId, name: Vec<u8>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_remove_link(&who, twin, name)
        }

        /// Freezes a twin: its description and links never change again. It stays readable, and
        /// the containers that it links go on.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// Final: nothing makes the twin active again.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferPending`.
        ///
        /// # Events
        /// `TwinDeactivated`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::deactivate_twin())]
        pub fn deactivate_twin(origin: OriginFor<T>, twin: TwinId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_deactivate_twin(&who, twin)
        }

        /// Offers a twin to another account, with containers that change hands in the same step.
        ///
        /// # Dispatch Origin
        /// Signed by the owner of the twin and of all the containers.
        ///
        /// # Details
        /// - `to`: who may accept.
        /// - `deadline`: the last moment to accept, Unix milliseconds.
        /// - `containers`: at most 16; whether the twin links them does not matter.
        /// - `envelopes`: for every confidential data set of them that has a key, its current seed
        ///   sealed for `to`, unless `to` has it already. At most 256.
        ///
        /// While the offer is open, the twin's links do not change; for the containers see
        /// `offer_ownership` of the data container pallet. Offering again replaces the offer: it
        /// has a new id, and the old one is void.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `Deactivated`, `OfferToSelf`, `InvalidExpiry`,
        /// `TooManyContainers`, `DuplicateContainer`, `TooManyEnvelopes`, `ContainerNotOffered`,
        /// `IdsExhausted`, and the errors of the data container pallet's `offer_ownership` for a
        /// container that cannot be offered.
        ///
        /// # Events
        /// `TwinOffered`, and what the data container pallet's `offer_ownership` tells for each
        /// container, and its `cancel_offer` for each that an earlier offer had and this one has
        /// not.
        #[pallet::call_index(5)]
        #[pallet::weight(Pallet::<T>::offer_twin_weight(containers, envelopes))]
        pub fn offer_twin(
            origin: OriginFor<T>,
            twin: TwinId,
            to: T::AccountId,
            deadline: Moment,
            containers: Vec<ContainerId>,
            envelopes: Vec<ContainerEnvelope>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_offer_twin(&who, twin, to, deadline, containers, envelopes)
        }

        /// Accepts the offer of a twin: the signer owns it and its containers from now on.
        ///
        /// # Dispatch Origin
        /// Signed by the account that it is offered to.
        ///
        /// # Details
        /// - `offer`: the offer's id, so that nobody accepts another one than was read.
        ///
        /// All of it changes hands or nothing. What becomes of roles, grants and keys stands at
        /// `accept_ownership` of the data container pallet.
        ///
        /// # Errors
        /// `NotFound`, `OfferNotFound`, `NotOfferee`, `WrongOffer`, `OfferLapsed`, and the data
        /// container pallet's `NotOfferedWithTwin` for a container that was sold, or whose offer
        /// was cancelled or replaced meanwhile.
        ///
        /// # Events
        /// `TwinTransferred`, and what the data container pallet's `accept_ownership` tells for
        /// each container.
        #[pallet::call_index(6)]
        #[pallet::weight(Pallet::<T>::accept_twin_weight(MAX_LINKS_PER_CALL))]
        pub fn accept_twin(
            origin: OriginFor<T>,
            twin: TwinId,
            offer: u32,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut spent = Weight::zero();
            let result = Self::do_accept_twin(who, twin, offer, &mut spent);
            charge(spent, result)
        }

        /// Ends the offer of a twin and of the containers that are on offer with it.
        ///
        /// # Dispatch Origin
        /// Signed by the twin's owner.
        ///
        /// # Details
        /// Whoever it was offered to could read the confidential data sets of the containers: they
        /// take no sealed values until their owner rotates their keys.
        ///
        /// # Errors
        /// `NotFound`, `NotOwner`, `OfferNotFound`.
        ///
        /// # Events
        /// `OfferCancelled`, and the data container pallet's for each container.
        #[pallet::call_index(7)]
        #[pallet::weight(Pallet::<T>::cancel_offer_weight(MAX_LINKS_PER_CALL))]
        pub fn cancel_offer(origin: OriginFor<T>, twin: TwinId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let result = Self::do_cancel_offer(&who, twin);
            charge(Self::cancel_offer_weight(result.unwrap_or_default()), result)
        }
    }
}
