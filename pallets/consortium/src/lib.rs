// SPDX-License-Identifier: Apache-2.0

//! # The consortium
//!
//! Who is in: **organisations**, which the council admits, suspends and removes; their **members**
//! and **nodes**, which each organisation's administrators keep within its limits, without a vote;
//! and the **validators**, whom the council appoints.
//!
//! | call | by | does |
//! |---|---|---|
//! | [`admit_organisation`](Pallet::admit_organisation) | council | takes a company in, with its first administrator |
//! | [`set_limits`](Pallet::set_limits) | council | changes what an organisation may have |
//! | [`suspend_organisation`](Pallet::suspend_organisation) | council | its members may not act |
//! | [`resume_organisation`](Pallet::resume_organisation) | council | they may again |
//! | [`remove_organisation`](Pallet::remove_organisation) | council | the end of it |
//! | [`clear_organisation`](Pallet::clear_organisation) | anybody | clears what a removed one left in the state |
//! | [`add_member`](Pallet::add_member) | administrator | admits an account |
//! | [`remove_member`](Pallet::remove_member) | administrator | removes it |
//! | [`set_admin`](Pallet::set_admin) | administrator | makes a member an administrator, or not |
//! | [`claim_member`](Pallet::claim_member) | administrator | admits an account that asks for it |
//! | [`leave_organisation`](Pallet::leave_organisation) | member | ends its own membership |
//! | [`add_node`](Pallet::add_node) | administrator | lets a node connect |
//! | [`remove_node`](Pallet::remove_node) | administrator | disconnects it |
//! | [`claim_node`](Pallet::claim_node) | administrator | lets a node connect that asks for it |
//! | [`add_validator`](Pallet::add_validator) | council | appoints a validator |
//! | [`remove_validator`](Pallet::remove_validator) | council | dismisses it |
//! | [`authorize_upgrade`](Pallet::authorize_upgrade) | council | lets anybody apply a new runtime |
//! | [`restart_finality`](Pallet::restart_finality) | council | the last resort when validators are lost |
//! | [`clear_multisig`](Pallet::clear_multisig) | anybody | clears an operation that was given up |
//!
//! The council may do what administrators may. [`CheckMember`] turns away whoever is no member, and
//! charges members' quotas instead of fees.
//!
//! Reads: the view functions of [`Pallet`], and the same as a runtime API in [`runtime_api`].
//!
//! ## Rules and where they stand
//!
//! | rule | file |
//! |---|---|
//! | whose transactions are accepted, what they are charged, what comes back | `extension.rs` |
//! | how far ahead a nonce may be | `nonce.rs` |
//! | the bucket that a quota is | `quota.rs` |
//! | organisations, members, nodes | `ops/` |
//! | what all organisations together are granted | `ops/lookup.rs` |
//! | how many motions a councillor may have | `ops/motions.rs` |
//! | what accounts and nodes sign to belong to one | `types.rs`, `ops/claims.rs` |
//! | who validates | `validators.rs` |
//! | what always holds | `try_state.rs` |

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
// A genesis that is wrong panics: there is no chain yet that could halt.
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
// The macros of FRAME and of the codec make these.
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

    /// The layout of the storage; `docs/decisions/0023-how-storage-changes.md` says how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The council: two thirds of it, or root.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who sits in the council.
        type Councillors: Contains<Self::AccountId> + Seats<Self::AccountId>;

        /// The calls that councillors and validators pay for with their own small quota: votes and
        /// keys, so that neither a suspension nor an exhausted quota keeps them from these.
        type OfficialCalls: Contains<Self::RuntimeCall>;

        /// The official calls of an account that would fail now, such as closing a motion that
        /// does not exist.
        type VainCalls: ContainsPair<Self::AccountId, Self::RuntimeCall>;

        /// The calls that need no signature: inherents, and what brings its own proof.
        type BareCalls: Contains<Self::RuntimeCall>;

        /// What a councillor or a validator may spend on its office.
        #[pallet::constant]
        type OfficialQuota: Get<Rate>;

        /// What a byte of an extrinsic costs, in picoseconds.
        #[pallet::constant]
        type TimePerByte: Get<u64>;

        /// The execution time that all organisations together may be granted in each block, in
        /// microseconds: what blocks carry.
        #[pallet::constant]
        type BlockTime: Get<u64>;

        /// The bytes that all organisations together may be granted in each block.
        #[pallet::constant]
        type BlockBytes: Get<u64>;

        /// The most motions that can be voted on at a time.
        #[pallet::constant]
        type MaxMotions: Get<u32>;

        /// The most nodes of all organisations together: the node reads them all at every
        /// finalised block.
        #[pallet::constant]
        type MaxNodes: Get<u32>;

        /// The most validators.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// The blocks of a session, where the genesis says nothing else.
        #[pallet::constant]
        type DefaultSessionLength: Get<BlockNumberFor<Self>>;

        /// What tells a validator's registered session keys apart: a hash of them. Nothing: it has
        /// none, and cannot validate.
        type KeysOf: Convert<Self::AccountId, Option<H256>>;

        /// What accounts sign with.
        type Signature: Parameter + Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>>;

        /// The multisig operations that are pending.
        type Multisigs: PendingMultisigs<Self::AccountId, BlockNumberFor<Self>>;

        /// How many blocks after it began a multisig operation may be cleared by anyone.
        #[pallet::constant]
        type MultisigLife: Get<BlockNumberFor<Self>>;

        /// The validators of this session and of the next one.
        type Validating: Get<Vec<Self::AccountId>>;

        /// What makes blocks final.
        type Finality: RestartFinality<BlockNumberFor<Self>>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;

        /// What the benchmarks need of the chain.
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
        /// The blocks of a session, at least [`MIN_SESSION_LENGTH`]. Nothing: the usual length.
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
        /// An organisation.
        pub fn organisation(id: OrganisationId) -> Option<Organisation> {
            Self::read_organisation(id)
        }

        /// All organisations, removed ones as well, in pages of at most 256; `after` is the one
        /// where the last page ended.
        pub fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId> {
            Self::read_organisations(after, limit)
        }

        /// Whether, and of which organisation, an account is a member.
        pub fn member(account: T::AccountId) -> Option<(OrganisationId, MemberInfo<T::AccountId>)> {
            Self::read_member(account)
        }

        /// The members of an organisation, in pages of at most 256; `after` is the one where the
        /// last page ended.
        pub fn members_of(
            organisation: OrganisationId,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<T::AccountId>, T::AccountId> {
            Self::read_members_of(organisation, after, limit)
        }

        /// What a member can spend in the next block.
        pub fn quota(account: T::AccountId) -> Option<Quota> {
            Self::read_quota(account)
        }

        /// What a councillor or a validator can spend on its office in the next block.
        pub fn official_quota(account: T::AccountId) -> Option<Quota> {
            Self::read_official_quota(account)
        }

        /// What the members of an organisation can spend together in the next block.
        pub fn organisation_quota(organisation: OrganisationId) -> Option<OrganisationQuota> {
            Self::read_organisation_quota(organisation)
        }

        /// What an extrinsic of this weight and length takes of an organisation's bytes.
        pub fn byte_cost(weight: Weight, length: u32) -> u64 {
            Self::read_byte_cost(weight, length)
        }

        /// What all organisations together are granted.
        pub fn granted() -> Share {
            Granted::<T>::get()
        }

        /// The hash that an account signs for `claim_member`.
        pub fn member_claim(organisation: OrganisationId, account: T::AccountId) -> H256 {
            Self::read_member_claim(organisation, &account)
        }

        /// The hash that a node's key signs for `claim_node`.
        pub fn node_claim(organisation: OrganisationId, peer: PeerId) -> H256 {
            Self::read_node_claim(organisation, &peer)
        }

        /// What an extrinsic costs, in units: its weight (with what checking it weighs) and its
        /// length in bytes.
        pub fn cost(weight: Weight, length: u32) -> u64 {
            Self::read_cost(weight, length)
        }

        /// Whom the council appointed as validators.
        pub fn validators() -> Vec<T::AccountId> {
            Self::read_validators()
        }

        /// The nodes that may connect: those of all organisations that were not removed.
        pub fn nodes() -> Vec<PeerId> {
            Self::read_nodes()
        }

        /// The nodes of an organisation, in pages of at most 256; `after` is the one where the last
        /// page ended.
        pub fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId> {
            Self::read_nodes_of(organisation, after, limit)
        }
    }
}
