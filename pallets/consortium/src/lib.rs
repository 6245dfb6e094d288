// SPDX-License-Identifier: Apache-2.0

//! # The consortium
//!
//! Terms are defined in docs/glossary.md.
//!
//! Keeps the parties of the consortium. The council admits, suspends and removes
//! **organisations**, and appoints **validators**. The administrators of each organisation manage
//! its **members** and **nodes** within its limits, without a vote.
//!
//! | call | by | effect |
//! |---|---|---|
//! | [`admit_organisation`](Pallet::admit_organisation) | council | admits a company, with its first administrator |
//! | [`set_limits`](Pallet::set_limits) | council | changes an organisation's limits |
//! | [`suspend_organisation`](Pallet::suspend_organisation) | council | stops its members from transacting |
//! | [`resume_organisation`](Pallet::resume_organisation) | council | lets its members transact again |
//! | [`remove_organisation`](Pallet::remove_organisation) | council | removes it permanently |
//! | [`clear_organisation`](Pallet::clear_organisation) | any account | clears a removed organisation's members and nodes from the state |
//! | [`add_member`](Pallet::add_member) | administrator | admits an account |
//! | [`remove_member`](Pallet::remove_member) | administrator | removes a member |
//! | [`set_admin`](Pallet::set_admin) | administrator | makes a member an administrator, or ordinary again |
//! | [`claim_member`](Pallet::claim_member) | administrator | admits an account that signed a claim |
//! | [`leave_organisation`](Pallet::leave_organisation) | member | ends the caller's membership |
//! | [`add_node`](Pallet::add_node) | administrator | lists a node, so that it can connect |
//! | [`remove_node`](Pallet::remove_node) | administrator | delists a node, so that it is disconnected |
//! | [`claim_node`](Pallet::claim_node) | administrator | lists a node whose key signed a claim |
//! | [`add_validator`](Pallet::add_validator) | council | appoints a validator |
//! | [`remove_validator`](Pallet::remove_validator) | council | dismisses a validator |
//! | [`authorize_upgrade`](Pallet::authorize_upgrade) | council | lets any account apply a new runtime |
//! | [`restart_finality`](Pallet::restart_finality) | council | restarts finality after validators are lost: the last resort |
//! | [`clear_multisig`](Pallet::clear_multisig) | any account | clears an abandoned multisig operation |
//!
//! The council can call everything that administrators can. [`CheckMember`] rejects transactions of
//! accounts that are not members, and charges members' quotas instead of fees.
//!
//! Reads: the view functions of [`Pallet`], which [`runtime_api`] also offers as a runtime API.
//!
//! ## Where each rule is implemented
//!
//! | rule | file |
//! |---|---|
//! | which transactions are accepted, their charges and refunds | `extension.rs` |
//! | how far ahead a nonce can be | `nonce.rs` |
//! | how a quota is spent and replenished | `quota.rs` |
//! | organisations, members, nodes | `ops/` |
//! | limits on the sum of all organisations' shares | `ops/lookup.rs` |
//! | the number of motions of one councillor | `ops/motions.rs` |
//! | the claims that accounts and nodes sign | `types.rs`, `ops/claims.rs` |
//! | the choice of validators | `validators.rs` |
//! | the invariants | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod extension;
mod growth;
pub mod nonce;
pub mod quota;
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
mod storage;
// An invalid genesis panics, because no chain exists yet that could halt.
#[allow(clippy::panic)]
mod genesis;
mod ops;
mod try_state;
mod validators;
mod views;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod mock;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use extension::CheckMember;
pub use nonce::CheckNonce;
pub use pallet::*;
pub use types::*;
pub use validators::ProvideFor;
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
    use crate::{
        quota::{Bucket, Rate, Spending},
        types::Member,
    };
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{Contains, ContainsPair, EnsureOrigin},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::traits::{Convert, IdentifyAccount, Verify};
    use twinchain_primitives::{Name, Page};

    /// The version of the storage layout. `docs/decisions/0023-how-storage-changes.md` describes
    /// how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The origin of the council's decisions: two thirds of the council, or root.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The members of the council, and the number of its seats.
        type Councillors: Contains<Self::AccountId> + Seats<Self::AccountId>;

        /// The calls that councillors and validators pay from their own small quota: votes and
        /// session keys. Neither a suspension nor an exhausted quota of the organisation blocks
        /// these calls.
        type OfficialCalls: Contains<Self::RuntimeCall>;

        /// The official calls of an account that would fail now, such as closing a motion that does
        /// not exist.
        type VainCalls: ContainsPair<Self::AccountId, Self::RuntimeCall>;

        /// The calls that need no signature: inherents, and calls that contain their own proof.
        type BareCalls: Contains<Self::RuntimeCall>;

        /// The quota of an official (a councillor or a validator) for official calls, in
        /// microseconds.
        #[pallet::constant]
        type OfficialQuota: Get<Rate>;

        /// The price of a byte of an extrinsic, in picoseconds.
        #[pallet::constant]
        type TimePerByte: Get<u64>;

        /// The execution time that all organisations together can be granted in each block, in
        /// microseconds. It is the capacity of a block.
        #[pallet::constant]
        type BlockTime: Get<u64>;

        /// The bytes that all organisations together can be granted in each block.
        #[pallet::constant]
        type BlockBytes: Get<u64>;

        /// The maximum number of motions that are open at a time.
        #[pallet::constant]
        type MaxMotions: Get<u32>;

        /// The maximum number of nodes of all organisations together. Each node reads the whole
        /// list at every finalised block.
        #[pallet::constant]
        type MaxNodes: Get<u32>;

        /// The maximum number of validators.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// The blocks of a session, unless the genesis sets another number.
        #[pallet::constant]
        type DefaultSessionLength: Get<BlockNumberFor<Self>>;

        /// Returns a hash that identifies an account's registered session keys. Returns `None` if
        /// it has none, and so cannot validate.
        type KeysOf: Convert<Self::AccountId, Option<H256>>;

        /// The type of an account's signature.
        type Signature: Parameter + Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>>;

        /// The pending multisig operations.
        type Multisigs: PendingMultisigs<Self::AccountId, BlockNumberFor<Self>>;

        /// The number of blocks after which any account can clear a multisig operation.
        #[pallet::constant]
        type MultisigLife: Get<BlockNumberFor<Self>>;

        /// The validators of the current session and of the next one.
        type Validating: Get<Vec<Self::AccountId>>;

        /// The finality gadget.
        type Finality: RestartFinality<BlockNumberFor<Self>>;

        /// The weights of the calls.
        type WeightInfo: WeightInfo;

        /// Helpers that the benchmarks need from the runtime.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId, Self::RuntimeCall, Self::Signature>;
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The organisations, with their members and nodes.
        pub organisations: Vec<GenesisOrganisation<T::AccountId>>,
        /// The validators.
        pub validators: Vec<T::AccountId>,
        /// The blocks of a session, at least [`MIN_SESSION_LENGTH`]. `None` means the default.
        pub session_length: Option<BlockNumberFor<T>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::build_genesis(self);
        }
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
        /// Returns an organisation.
        pub fn organisation(id: OrganisationId) -> Option<Organisation> {
            Self::read_organisation(id)
        }

        /// Returns all organisations, including removed ones, in pages of at most 256. `after` is
        /// the last organisation of the previous page.
        pub fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId> {
            Self::read_organisations(after, limit)
        }

        /// Returns an account's membership and its organisation, or `None` if it is not a member.
        pub fn member(account: T::AccountId) -> Option<(OrganisationId, MemberInfo<T::AccountId>)> {
            Self::read_member(account)
        }

        /// Returns the members of an organisation, in pages of at most 256. `after` is the last
        /// member of the previous page.
        pub fn members_of(
            organisation: OrganisationId,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<T::AccountId>, T::AccountId> {
            Self::read_members_of(organisation, after, limit)
        }

        /// Returns the quota of a member, and how much of it can be spent in the next block, in
        /// microseconds.
        pub fn quota(account: T::AccountId) -> Option<Quota> {
            Self::read_quota(account)
        }

        /// Returns the quota of a councillor or a validator for official calls, and how much of it
        /// can be spent in the next block, in microseconds.
        pub fn official_quota(account: T::AccountId) -> Option<Quota> {
            Self::read_official_quota(account)
        }

        /// Returns the quotas that the members of an organisation share, and how much of them can
        /// be spent in the next block.
        pub fn organisation_quota(organisation: OrganisationId) -> Option<OrganisationQuota> {
            Self::read_organisation_quota(organisation)
        }

        /// Returns the bytes that an extrinsic of this weight and length takes from an
        /// organisation's quota.
        pub fn byte_cost(weight: Weight, length: u32) -> u64 {
            Self::read_byte_cost(weight, length)
        }

        /// Returns the sum of the shares that organisations are granted.
        pub fn granted() -> Share {
            Granted::<T>::get()
        }

        /// Returns the hash that an account signs for `claim_member`.
        pub fn member_claim(organisation: OrganisationId, account: T::AccountId) -> H256 {
            Self::read_member_claim(organisation, &account)
        }

        /// Returns the hash that a node's key signs for `claim_node`.
        pub fn node_claim(organisation: OrganisationId, peer: PeerId) -> H256 {
            Self::read_node_claim(organisation, &peer)
        }

        /// Returns the cost of an extrinsic in microseconds. `weight` includes the weight of its
        /// transaction extensions; `length` is in bytes.
        pub fn cost(weight: Weight, length: u32) -> u64 {
            Self::read_cost(weight, length)
        }

        /// Returns the appointed validators.
        pub fn validators() -> Vec<T::AccountId> {
            Self::read_validators()
        }

        /// Returns the nodes that can connect: those of active and suspended organisations, and of
        /// removed ones until the block in `ListedUntil`.
        pub fn nodes() -> Vec<PeerId> {
            Self::read_nodes()
        }

        /// Returns the nodes of an organisation, in pages of at most 256. `after` is the last node
        /// of the previous page.
        pub fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId> {
            Self::read_nodes_of(organisation, after, limit)
        }
    }
}
