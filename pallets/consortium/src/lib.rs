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
//! | [`add_node`](Pallet::add_node) | administrator | lets a node connect |
//! | [`remove_node`](Pallet::remove_node) | administrator | disconnects it |
//! | [`add_validator`](Pallet::add_validator) | council | appoints a validator |
//! | [`remove_validator`](Pallet::remove_validator) | council | dismisses it |
//! | [`authorize_upgrade`](Pallet::authorize_upgrade) | council | lets anybody apply a new runtime |
//! | [`restart_finality`](Pallet::restart_finality) | council | the last resort when validators are lost |
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
//! | whose transactions are accepted | `extension.rs` |
//! | what is spent and comes back | `quota.rs` |
//! | organisations, members, nodes | `ops/` |
//! | who validates | `validators.rs` |
//! | what always holds | `try_state.rs` |

#![cfg_attr(not(feature = "std"), no_std)]
// The macros of FRAME and of the codec make these; the modules with the rules refuse them again.
#![cfg_attr(target_family = "wasm", allow(clippy::as_conversions, clippy::expect_used))]

extern crate alloc;

pub mod extension;
pub mod quota;
pub mod runtime_api;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod events;
// A genesis that is wrong panics: there is no chain yet that could halt.
#[allow(clippy::panic)]
mod genesis;
#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
mod ops;
pub(crate) use ops::By;
mod try_state;
#[cfg_attr(target_family = "wasm", deny(clippy::as_conversions, clippy::expect_used))]
mod validators;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use extension::CheckMember;
pub use pallet::*;
pub use types::*;
pub use validators::ProvideFor;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        quota::{Bucket, Rate},
        types::Member,
    };
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{Contains, EnsureOrigin},
    };
    use frame_system::pallet_prelude::*;
    use sp_core::H256;
    use sp_runtime::traits::{Convert, One, Saturating};
    use twinchain_primitives::{keys_after, Name, Page};

    /// The layout of the storage; see `docs/decisions/` for how it changes.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The council: two thirds of it, or root.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who sits in the council.
        type Councillors: Contains<Self::AccountId>;

        /// The calls that councillors and validators pay for with their own small quota: votes and
        /// keys, so that neither a suspension nor an exhausted quota keeps them from these.
        type OfficialCalls: Contains<Self::RuntimeCall>;

        /// The calls that need no signature: inherents, and what brings its own proof.
        type BareCalls: Contains<Self::RuntimeCall>;

        /// What a councillor or a validator may spend on its office.
        #[pallet::constant]
        type OfficialQuota: Get<Rate>;

        /// What a byte of an extrinsic costs, in picoseconds.
        #[pallet::constant]
        type TimePerByte: Get<u64>;

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

        /// What makes blocks final.
        type Finality: RestartFinality<BlockNumberFor<Self>>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;

        /// What the benchmarks need of the chain.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId, Self::RuntimeCall>;
    }

    /// The id of the next organisation.
    #[pallet::storage]
    pub type NextOrganisationId<T> = StorageValue<_, OrganisationId, ValueQuery>;

    /// The organisations. The chain chooses the ids, so the short hasher will do.
    #[pallet::storage]
    pub type Organisations<T> = StorageMap<_, Twox64Concat, OrganisationId, Organisation>;

    /// Names → organisations, removed ones as well.
    #[pallet::storage]
    pub type OrganisationsByName<T> = StorageMap<_, Blake2_128Concat, Name, OrganisationId>;

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

    /// The blocks of a session. Fixed at genesis: how fast decisions about validators take effect.
    #[pallet::storage]
    pub type SessionLength<T: Config> =
        StorageValue<_, BlockNumberFor<T>, ValueQuery, T::DefaultSessionLength>;

    /// What councillors and validators spent on their offices.
    #[pallet::storage]
    pub type OfficialBuckets<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Bucket<BlockNumberFor<T>>>;

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
            Organisations::<T>::get(id)
        }

        /// All organisations, removed ones as well, in pages of at most 256; `after` is the one
        /// where the last page ended.
        pub fn organisations(
            after: Option<OrganisationId>,
            limit: u32,
        ) -> Page<OrganisationInfo, OrganisationId> {
            let first = after.map_or(0, |after| after.saturating_add(1));
            let all = (first..NextOrganisationId::<T>::get()).filter_map(|id| {
                let organisation = Organisations::<T>::get(id)?;
                Some((id, OrganisationInfo { id, organisation }))
            });
            Page::collect(all, limit)
        }

        /// Whether, and of which organisation, an account is a member.
        pub fn member(account: T::AccountId) -> Option<(OrganisationId, MemberInfo<T::AccountId>)> {
            let Member { organisation, admin, .. } = Members::<T>::get(&account)?;
            let label = MembersOf::<T>::get(organisation, &account)?;
            Some((organisation, MemberInfo { account, label, admin }))
        }

        /// The members of an organisation, in pages of at most 256; `after` is the one where the
        /// last page ended.
        pub fn members_of(
            organisation: OrganisationId,
            after: Option<T::AccountId>,
            limit: u32,
        ) -> Page<MemberInfo<T::AccountId>, T::AccountId> {
            let members = keys_after::<MembersOf<T>, _, _, _>(organisation, after);
            let known = members.filter_map(|account| {
                let (_, info) = Self::member(account.clone())?;
                Some((account, info))
            });
            Page::collect(known, limit)
        }

        /// What a member can spend in the next block.
        pub fn quota(account: T::AccountId) -> Option<Quota> {
            let member = Members::<T>::get(account)?;
            let rate = Organisations::<T>::get(member.organisation)?.limits.quota;
            Some(Self::quota_in(member.bucket, rate))
        }

        /// What a councillor or a validator can spend on its office in the next block.
        pub fn official_quota(account: T::AccountId) -> Option<Quota> {
            let rate = T::OfficialQuota::get();
            let bucket = OfficialBuckets::<T>::get(&account).unwrap_or_default();
            Self::is_official(&account).then(|| Self::quota_in(bucket, rate))
        }

        /// What an extrinsic costs, in units: its weight (with what checking it weighs) and its
        /// length in bytes.
        pub fn cost(weight: Weight, length: u32) -> u64 {
            crate::quota::cost(weight, length.into(), T::TimePerByte::get())
        }

        /// Whom the council appointed as validators.
        pub fn validators() -> Vec<T::AccountId> {
            Validators::<T>::get().into_inner()
        }

        /// The nodes that may connect: those of all organisations that were not removed.
        pub fn nodes() -> Vec<PeerId> {
            let mut removed = alloc::collections::BTreeMap::new();
            let listed = |(peer, organisation): (PeerId, OrganisationId)| {
                let gone = removed.entry(organisation).or_insert_with(|| {
                    Organisations::<T>::get(organisation)
                        .is_none_or(|organisation| organisation.status == Status::Removed)
                });
                (!*gone).then_some(peer)
            };
            Nodes::<T>::iter().filter_map(listed).collect()
        }

        /// The nodes of an organisation, in pages of at most 256; `after` is the one where the last
        /// page ended.
        pub fn nodes_of(
            organisation: OrganisationId,
            after: Option<PeerId>,
            limit: u32,
        ) -> Page<NodeInfo, PeerId> {
            let nodes = keys_after::<NodesOf<T>, _, _, _>(organisation, after);
            let known = nodes.filter_map(|peer| {
                let label = NodesOf::<T>::get(organisation, &peer)?;
                Some((peer.clone(), NodeInfo { peer, label }))
            });
            Page::collect(known, limit)
        }
    }

    impl<T: Config> Pallet<T> {
        fn quota_in(bucket: Bucket<BlockNumberFor<T>>, rate: Rate) -> Quota {
            let next = frame_system::Pallet::<T>::block_number().saturating_add(One::one());
            Quota { rate, available: bucket.available(rate, next) }
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Takes a company into the consortium.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes without control characters and without `/`, which no
        ///   organisation ever had.
        /// - `admin`: the first member, who admits the others.
        /// - `limits`: how many members (the first one counts) and nodes it may have, and what each
        ///   member may spend: at most `burst` units at once, of which `per_block` come back with
        ///   each block. A unit is a microsecond of execution.
        ///
        /// # Errors
        /// `InvalidName`, `NameTaken`, `InvalidLimits`, `IdsExhausted`, `AlreadyMember`,
        /// `MembersExhausted`.
        ///
        /// # Events
        /// `OrganisationAdmitted`, `MemberAdded`, `AdminSet`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit_organisation())]
        pub fn admit_organisation(
            origin: OriginFor<T>,
            name: Vec<u8>,
            admin: T::AccountId,
            limits: Limits,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_admit_organisation(name, admin, limits)
        }

        /// Changes what an organisation may have.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// What it has already it keeps, even if that is more.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `InvalidLimits`.
        ///
        /// # Events
        /// `LimitsSet`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::change_organisation())]
        pub fn set_limits(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            limits: Limits,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_limits(organisation, limits)
        }

        /// Keeps the members of an organisation from acting, until it is resumed.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// Its data, twins and shares stay as they are, its nodes stay connected, and those of its
        /// members who are councillors or validators go on in their offices.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `Suspended`.
        ///
        /// # Events
        /// `StatusSet`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::change_organisation())]
        pub fn suspend_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Suspended)
        }

        /// Lets the members of a suspended organisation act again.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotSuspended`.
        ///
        /// # Events
        /// `StatusSet`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::change_organisation())]
        pub fn resume_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Active)
        }

        /// Removes an organisation from the consortium.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// Final, and at once: none of its members may act, none of its nodes may connect. What
        /// they own stays theirs; whoever of them another organisation admits acts again, once
        /// `clear_organisation` has cleared it here.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`.
        ///
        /// # Events
        /// `StatusSet`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::change_organisation())]
        pub fn remove_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Removed)
        }

        /// Clears members and nodes of a removed organisation from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by anybody.
        ///
        /// # Details
        /// - `limit`: the most members and nodes to clear, 1 to 64. Call it again until there is
        ///   `NothingToDo`.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `NotRemoved`, `NothingToDo`.
        ///
        /// # Events
        /// `Cleared`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::clear_organisation((*limit).clamp(1, MAX_CLEAR)))]
        pub fn clear_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let cleared = Self::do_clear_organisation(organisation, limit)?;
            Ok(Some(T::WeightInfo::clear_organisation(cleared)).into())
        }

        /// Admits an account: its transactions are accepted from now on.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `label`: text, at most 64 bytes without control characters and without `/`, or empty
        ///   (in Apps: `0x`). Everybody reads it: no personal data.
        ///
        /// A new member's quota is empty, and fills up block by block.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidLabel`,
        /// `AlreadyMember`, `MembersExhausted`.
        ///
        /// # Events
        /// `MemberAdded`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::add_member())]
        pub fn add_member(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            account: T::AccountId,
            label: Vec<u8>,
        ) -> DispatchResult {
            let by = Self::ensure_admin(origin)?;
            Self::do_add_member(by, organisation, account, label)
        }

        /// Removes a member: its transactions are turned away from now on.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the member's organisation, or the council, or root.
        ///
        /// # Details
        /// What it owns, and what was shared with it, stays. Admitted again, it acts again; none of
        /// its old transactions can be sent once more.
        ///
        /// # Errors
        /// `NotMember`, `NotAdmin`, `Suspended`, `Removed`, `LastAdmin`.
        ///
        /// # Events
        /// `MemberRemoved`.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::remove_member())]
        pub fn remove_member(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            let by = Self::ensure_admin(origin)?;
            Self::do_remove_member(by, account)
        }

        /// Makes a member an administrator of its organisation, or an ordinary member again.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the member's organisation, or the council, or root.
        ///
        /// # Errors
        /// `NotMember`, `NotAdmin`, `Suspended`, `Removed`, `NotChanged`, `LastAdmin`.
        ///
        /// # Events
        /// `AdminSet`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::set_admin())]
        pub fn set_admin(
            origin: OriginFor<T>,
            account: T::AccountId,
            admin: bool,
        ) -> DispatchResult {
            let by = Self::ensure_admin(origin)?;
            Self::do_set_admin(by, account, admin)
        }

        /// Lets a node connect to those of the consortium.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `peer`: binary, the multihash of the node's peer id, 34 or 38 bytes as hex.
        /// - `label`: as for `add_member`.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidPeerId`,
        /// `InvalidLabel`, `NodeExists`, `NodesExhausted`, `TooManyNodes`.
        ///
        /// # Events
        /// `NodeAdded`.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::add_node())]
        pub fn add_node(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            peer: Vec<u8>,
            label: Vec<u8>,
        ) -> DispatchResult {
            let by = Self::ensure_admin(origin)?;
            Self::do_add_node(by, organisation, peer, label)
        }

        /// Takes a node off the list: the others disconnect it.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the node's organisation, or the council, or root.
        ///
        /// # Details
        /// - `peer`: binary, as for `add_node`.
        ///
        /// # Errors
        /// `InvalidPeerId`, `NodeNotFound`, `NotAdmin`, `Suspended`, `Removed`.
        ///
        /// # Events
        /// `NodeRemoved`.
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::remove_node())]
        pub fn remove_node(origin: OriginFor<T>, peer: Vec<u8>) -> DispatchResult {
            let by = Self::ensure_admin(origin)?;
            Self::do_remove_node(by, peer)
        }

        /// Appoints a validator.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// It validates from the session after the next one on, as soon as it has registered its
        /// keys (`session.set_keys`), and may do so before it is a member.
        ///
        /// # Errors
        /// `AlreadyValidator`, `TooManyValidators`.
        ///
        /// # Events
        /// `ValidatorAdded`.
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::change_validators())]
        pub fn add_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_add_validator(account)
        }

        /// Dismisses a validator.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// It validates until the session after the next one begins: let its node run until then.
        ///
        /// # Errors
        /// `NotValidator`, `LastValidator`.
        ///
        /// # Events
        /// `ValidatorRemoved`.
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::change_validators())]
        pub fn remove_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_remove_validator(account)
        }

        /// Lets anybody apply a new runtime.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `code_hash`: the Blake2b hash, 256 bits, of the code as it will be sent, which is usually
        ///   compressed.
        ///
        /// Whoever has the code then sends it with `system.apply_authorized_upgrade`, for which neither
        /// a signature nor a quota is needed. It must be of the same chain, with a higher version.
        /// Authorising another code replaces what was authorised before.
        ///
        /// # Errors
        /// None but the origin's.
        ///
        /// # Events
        /// `System::UpgradeAuthorized`.
        #[pallet::call_index(40)]
        #[pallet::weight((T::WeightInfo::authorize_upgrade(), DispatchClass::Operational))]
        pub fn authorize_upgrade(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            frame_system::Pallet::<T>::do_authorize_upgrade(code_hash, true);
            Ok(())
        }

        /// Makes blocks final again with the validators of the next session, when a third or more of
        /// those of today are lost for good.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `delay`: after so many blocks of the next session, at least 1. Long enough that the block
        ///   which begins that session is the same for all.
        /// - `best_finalized`: the number of the last final block, the highest that any of the
        ///   remaining validators knows.
        ///
        /// First dismiss the lost validators, and wait until the session after the next one is about
        /// to begin, when they are out: see `docs/operations.md`. Called for validators that are only
        /// cut off, it lets both sides finalise different blocks.
        ///
        /// # Errors
        /// `InvalidDelay`, `NoSuchBlock`.
        ///
        /// # Events
        /// `FinalityRestarted`.
        #[pallet::call_index(41)]
        #[pallet::weight((T::WeightInfo::restart_finality(), DispatchClass::Operational))]
        pub fn restart_finality(
            origin: OriginFor<T>,
            delay: BlockNumberFor<T>,
            best_finalized: BlockNumberFor<T>,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_restart_finality(delay, best_finalized)
        }
    }
}
