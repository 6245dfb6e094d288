// SPDX-License-Identifier: Apache-2.0

//! # Digital twins
//!
//! Terms are defined in docs/glossary.md.
//!
//! A **twin** is one party's view of an asset: an owner, a description, and a catalog of named
//! links to data containers, other twins, accounts and hashes. Any account can create a twin of any
//! asset, and an index lists all twins of an asset. Each container decides who may read and write
//! its data, independently of the twins that link it.
//!
//! | call | by | effect |
//! |---|---|---|
//! | [`create_twin`](Pallet::create_twin) | any account | creates a twin, with links and instances of plugins, all or nothing |
//! | [`set_description`](Pallet::set_description) | owner | replaces the description |
//! | [`set_link`](Pallet::set_link) | owner | adds or replaces a link |
//! | [`remove_link`](Pallet::remove_link) | owner | removes a link |
//! | [`deactivate_twin`](Pallet::deactivate_twin) | owner | freezes the twin permanently |
//! | [`offer_twin`](Pallet::offer_twin) | owner | offers the twin, with containers, to an account |
//! | [`accept_twin`](Pallet::accept_twin) | offeree | becomes the owner of the twin and the containers |
//! | [`cancel_offer`](Pallet::cancel_offer) | owner; any account, once it has lapsed | ends the offer |
//! | [`decline_offer`](Pallet::decline_offer) | offeree | ends the offer |
//!
//! Reads: the view functions of [`Pallet`], which [`runtime_api`] also offers as a runtime API.
//!
//! ## Where each rule is implemented
//!
//! | rule | file |
//! |---|---|
//! | the creation of twins | `ops/twins.rs` |
//! | the targets of links, and their indices | `ops/links.rs` |
//! | the resolution of paths | `ops/resolve.rs` |
//! | the handover of twins | `ops/handover.rs` |
//! | the chained history of a twin | `ops/update.rs` |
//! | the bytes that a call writes to the state | `growth.rs` |
//! | the invariants | `try_state.rs` |

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
// The macros of FRAME and of the codec generate these.
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

    /// The version of the storage layout. `docs/decisions/0023-how-storage-changes.md` describes
    /// how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>, Hash = H256> {
        /// The provider of the containers that twins link.
        type Containers: Containers<Self::AccountId>;

        /// The provider of the block's time, for the deadlines of offers.
        type Time: Time<Moment = Moment>;

        /// The weights of the calls.
        type WeightInfo: WeightInfo;

        /// Helpers that the benchmarks need from the runtime.
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
        /// Returns a twin with its description.
        pub fn twin(id: TwinId) -> Option<TwinInfo<T::AccountId, BlockNumberFor<T>>> {
            Self::read_twin(id)
        }

        /// Returns a twin's links, in pages of at most 256. `after` is the last name of the
        /// previous page.
        pub fn links(
            twin: TwinId,
            after: Option<Name>,
            limit: u32,
        ) -> Page<(Name, Target<T::AccountId>), Name> {
            Self::read_links(twin, after, limit)
        }

        /// Returns the twins of an asset and their owners, in pages of at most 256. `after` is the
        /// last twin of the previous page. `asset` is the text that was passed to `create_twin`.
        pub fn twins_of_asset(
            asset: Vec<u8>,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<(TwinId, T::AccountId), TwinId> {
            Self::read_twins_of_asset(asset, after, limit)
        }

        /// Returns the twins that an account owns, in pages of at most 256. `after` is the last
        /// twin of the previous page.
        pub fn twins_of_owner(
            owner: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_owner(owner, after, limit)
        }

        /// Returns the twins that are on offer to an account, in pages of at most 256. `after` is
        /// the last twin of the previous page.
        pub fn offers_to(
            account: T::AccountId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<OfferInfo<T::AccountId>, TwinId> {
            Self::read_offers_to(account, after, limit)
        }

        /// Returns the twins that link a container, in pages of at most 256. `after` is the last
        /// twin of the previous page.
        pub fn twins_of_container(
            container: ContainerId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_container(container, after, limit)
        }

        /// Returns the twins that link a twin, in pages of at most 256. `after` is the last twin of
        /// the previous page.
        pub fn twins_of_twin(
            target: TwinId,
            after: Option<TwinId>,
            limit: u32,
        ) -> Page<TwinId, TwinId> {
            Self::read_twins_of_twin(target, after, limit)
        }

        /// Returns the target of a path of link names, such as `tire/screw/metadata`. A path has at
        /// most 16 steps. Each step but the last must be a link to a twin.
        pub fn resolve(twin: TwinId, path: Vec<u8>) -> Result<Target<T::AccountId>, ResolveError> {
            Self::read_resolve(twin, path)
        }
    }
}
