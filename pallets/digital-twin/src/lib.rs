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
//! | [`cancel_offer`](Pallet::cancel_offer) | owner; any account, once it lapsed | ends the offer |
//! | [`decline_offer`](Pallet::decline_offer) | offeree | ends the offer |
//!
//! Reads: the view functions of [`Pallet`], and the same as a runtime API in [`runtime_api`].
//!
//! ## Rules and where they stand
//!
//! | rule | file |
//! |---|---|
//! | what a new twin needs | `ops/twins.rs` |
//! | what may be linked, and the index of containers | `ops/links.rs` |
//! | walking a path | `ops/resolve.rs` |
//! | handing over | `ops/handover.rs` |
//! | how the history of a twin is chained | `ops/update.rs` |
//! | how many bytes a call writes to the state | `growth.rs` |
//! | what always holds | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod growth;
pub mod runtime_api;
// The derived codec of an enum casts its indices.
#[allow(clippy::as_conversions)]
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
mod benchmarking;
mod calls;
mod constants;
mod errors;
mod events;
mod ops;
mod storage;
mod try_state;
mod views;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod mock;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(calls::calls)]
#[import_section(constants::constants)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
// The macros of FRAME and of the codec make these.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::Time};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;
    use twinchain_primitives::{ContainerId, Containers, Moment, Name, Page, TwinId};

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
            Self::read_twin(id)
        }

        /// A twin's links, in pages of at most 256; `after` is the name where the last page ended.
        pub fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<T::AccountId>), Name> {
            Self::read_links(twin, after, limit)
        }

        /// The twins of an asset and who owns them, in pages of at most 256; `after` is the twin
        /// where the last page ended. The asset is text, as it was given to `create_twin`.
        pub fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, T::AccountId), TwinId> {
            Self::read_twins_of_asset(asset, after, limit)
        }

        /// The twins that an account owns, in pages of at most 256; `after` is the twin where the
        /// last page ended.
        pub fn twins_of_owner(
            owner: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_owner(owner, after, limit)
        }

        /// The twins that are on offer to an account, in pages of at most 256; `after` is the twin
        /// where the last page ended.
        pub fn offers_to(
            account: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<OfferInfo<T::AccountId>, TwinId> {
            Self::read_offers_to(account, after, limit)
        }

        /// The twins that link a container, in pages of at most 256; `after` is the twin where the
        /// last page ended.
        pub fn twins_of_container(
            container: ContainerId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_container(container, after, limit)
        }

        /// Returns the twins that link a twin, in pages of at most 256; `after` is the twin where
        /// the last page ended.
        pub fn twins_of_twin(
            target: TwinId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_twin(target, after, limit)
        }

        /// What a path of link names leads to, such as `tire/screw/metadata`: at most 16 steps,
        /// each but the last through a link to a twin.
        pub fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<T::AccountId>, ResolveError> {
            Self::read_resolve(twin, path)
        }
    }
}
