// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's calls.
#[pallet_section]
mod calls {
    use super::growth;
    use twinchain_primitives::with_actual_weight;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Admits a company to the consortium as an organisation.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `name`: UTF-8 text of 1 to 64 bytes, without control or invisible characters, without
        ///   leading or trailing white space, and without `/`. No other organisation can ever have
        ///   had it. Input forms read text that begins with `0x` as hex.
        /// - `admin`: the first member and administrator, which admits the other members. If it is
        ///   a member of another organisation, it is removed from that one.
        /// - `limits`: the maximum number of members (including the first one) and of nodes, and
        ///   three quotas. Each member can spend `quota`; all members together can spend `time` and
        ///   `bytes`. A full quota is `burst`; each block replenishes it by `per_block`. `quota`
        ///   and `time` are in microseconds of execution.
        ///
        /// The sum of `per_block` of all organisations, in time and in bytes, is at most the
        /// capacity of a block. The sum of their nodes is at most the chain's maximum.
        ///
        /// # Errors
        /// `InvalidName`, `NameTaken`, `InvalidLimits`, `CapacityExceeded`, `TooManyNodes`,
        /// `IdsExhausted`, `MembersExhausted`.
        ///
        /// # Events
        /// `OrganisationAdmitted`, `MemberRemoved` (from another organisation), `MemberAdded`,
        /// `AdminSet`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::admit_organisation()
            .saturating_add(T::WeightInfo::remove_member())
            .saturating_add(growth::change_organisation())
            .saturating_add(growth::admit_organisation::<BlockNumberFor<T>>(name)))]
        pub fn admit_organisation(
            origin: OriginFor<T>,
            name: Vec<u8>,
            admin: T::AccountId,
            limits: Limits,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_admit_organisation(name, admin, limits)
        }

        /// Changes an organisation's limits.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// An organisation that exceeds the new limits keeps its members and nodes. `limits` is as
        /// for `admit_organisation`.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `InvalidLimits`, `CapacityExceeded`, `TooManyNodes`.
        ///
        /// # Events
        /// `LimitsSet`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::change_organisation()
            .saturating_add(growth::change_organisation()))]
        pub fn set_limits(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            limits: Limits,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_limits(organisation, limits)
        }

        /// Suspends an organisation: its members cannot transact until it is resumed.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// Its data, twins and grants stay unchanged, and its nodes stay connected. Its members
        /// that are councillors or validators can still vote and register session keys.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `Suspended`.
        ///
        /// # Events
        /// `StatusSet`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::change_organisation()
            .saturating_add(growth::change_organisation()))]
        pub fn suspend_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Suspended)
        }

        /// Resumes a suspended organisation: its members can transact again.
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
        #[pallet::weight(T::WeightInfo::change_organisation()
            .saturating_add(growth::change_organisation()))]
        pub fn resume_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Active)
        }

        /// Removes an organisation from the consortium permanently.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// The removal takes effect immediately: none of its members can transact. They keep
        /// everything that they own. A member can transact again when another organisation admits
        /// it with a claim (`claim_member`).
        ///
        /// Its members lose their seats in the council and are dismissed as validators. They stop
        /// validating when the session after the next one begins. If it has validators, its nodes
        /// stay listed for two more sessions, so that finality continues. Otherwise they are
        /// disconnected immediately.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `TooFewSeats`, `TooFewValidators`.
        ///
        /// # Events
        /// `StatusSet`, `SeatsVacated`, `ValidatorRemoved`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_organisation()
            .saturating_add(growth::remove_organisation(
                <T::Councillors as Seats<_>>::MOST,
                T::MaxMotions::get(),
                T::MaxValidators::get(),
            )))]
        pub fn remove_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_remove_organisation(organisation)
        }

        /// Clears the members and nodes of a removed organisation from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by any account.
        ///
        /// # Details
        /// - `limit`: the maximum number of members and nodes to clear, 1 to 64. Repeat the call,
        ///   at most once in a block, until it fails with `NothingToDo`.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `NotRemoved`, `NodesListed`, `NothingToDo`, `ClearedEnough`.
        ///
        /// # Events
        /// `Cleared`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::clear_organisation((*limit).clamp(1, MAX_CLEAR))
            .saturating_add(growth::clear_organisation()))]
        pub fn clear_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let result = Self::do_clear_organisation(organisation, limit);
            let spent = T::WeightInfo::clear_organisation(result.unwrap_or_default())
                .saturating_add(growth::clear_organisation());
            with_actual_weight(spent, result)
        }

        /// Admits an account to an organisation. Its transactions are accepted from now on.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `label`: UTF-8 text of at most 64 bytes, without control or invisible characters,
        ///   without leading or trailing white space, and without `/`. It can be empty (`0x` in
        ///   Polkadot.js Apps). Input forms read text that begins with `0x` as hex. It is public:
        ///   do not include personal data.
        ///
        /// The quota of a new member is empty at first, and each block replenishes it. An account
        /// that was admitted against its will can leave (`leave_organisation`), or another
        /// organisation can claim it.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidLabel`,
        /// `HoldsOffice`, `AlreadyMember`, `MembersExhausted`.
        ///
        /// # Events
        /// `MemberAdded`.
        #[pallet::call_index(10)]
        #[pallet::weight(
            T::WeightInfo::add_member().saturating_add(T::DbWeight::get().reads(2))
                .saturating_add(growth::add_member::<BlockNumberFor<T>>(label))
        )]
        pub fn add_member(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            account: T::AccountId,
            label: Vec<u8>,
        ) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_add_member(by, organisation, account, label)
        }

        /// Removes a member. Its transactions are rejected from now on.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the member's organisation, or the council, or root.
        ///
        /// # Details
        /// The account keeps everything that it owns and all its grants. It can transact again if
        /// it is admitted again. Its old transactions can never be replayed.
        ///
        /// # Errors
        /// `NotMember`, `NotAdmin`, `Suspended`, `Removed`, `HoldsOffice`, `LastAdmin`.
        ///
        /// # Events
        /// `MemberRemoved`.
        #[pallet::call_index(11)]
        #[pallet::weight(
            T::WeightInfo::remove_member()
                .saturating_add(T::DbWeight::get().reads(2))
                .saturating_add(growth::change_organisation())
        )]
        pub fn remove_member(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
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
        #[pallet::weight(
            T::WeightInfo::set_admin().saturating_add(growth::set_admin::<BlockNumberFor<T>>())
        )]
        pub fn set_admin(
            origin: OriginFor<T>,
            account: T::AccountId,
            admin: bool,
        ) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_set_admin(by, account, admin)
        }

        /// Admits an account that signed a claim, even if it is a member of another organisation.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `label`: as for `add_member`.
        /// - `signature`: the account's signature of the hash that the view `member_claim` returns.
        ///   The signed text can be the hash between `<Bytes>` and `</Bytes>`, as wallets sign it.
        ///   Each signature is valid once.
        ///
        /// A claim prevents an organisation from keeping an account by admitting it without its
        /// consent.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidLabel`,
        /// `InvalidClaim`, `AlreadyMember` (of this organisation), `MembersExhausted`.
        ///
        /// # Events
        /// `MemberRemoved` (from the other organisation), `MemberAdded`.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::claim_member()
            .saturating_add(growth::claim_member::<BlockNumberFor<T>>(label)))]
        pub fn claim_member(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            account: T::AccountId,
            label: Vec<u8>,
            signature: T::Signature,
        ) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_claim_member(by, organisation, account, label, signature)
        }

        /// Ends the caller's membership.
        ///
        /// # Dispatch Origin
        /// Signed by a member.
        ///
        /// # Details
        /// The account keeps everything that it owns and all its grants. Its transactions are
        /// rejected until an organisation admits it again.
        ///
        /// # Errors
        /// `NotMember`, `Removed`, `HoldsOffice`, `LastAdmin`.
        ///
        /// # Events
        /// `MemberRemoved`.
        #[pallet::call_index(14)]
        #[pallet::weight(
            T::WeightInfo::leave_organisation().saturating_add(growth::leave_organisation())
        )]
        pub fn leave_organisation(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave_organisation(who)
        }

        /// Adds a node to the list of nodes that can connect to each other.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `peer`: binary, the multihash of the node's peer id, 38 bytes as hex.
        /// - `label`: as for `add_member`.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidPeerId`,
        /// `InvalidLabel`, `NodeExists`, `NodesExhausted`.
        ///
        /// # Events
        /// `NodeAdded`.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::add_node().saturating_add(growth::add_node(peer, label)))]
        pub fn add_node(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            peer: Vec<u8>,
            label: Vec<u8>,
        ) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_add_node(by, organisation, peer, label)
        }

        /// Removes a node from the list. The other nodes disconnect from it.
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
        #[pallet::weight(T::WeightInfo::remove_node().saturating_add(growth::remove_node()))]
        pub fn remove_node(origin: OriginFor<T>, peer: Vec<u8>) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_remove_node(by, peer)
        }

        /// Lists a node whose key signed a claim, even if another organisation has listed it.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `peer`: binary, as for `add_node`.
        /// - `label`: as for `add_member`.
        /// - `signature`: binary, 64 bytes, the node key's signature of the hash that the view
        ///   `node_claim` returns. `twinchain-node consortium claim` creates it. Each signature is
        ///   valid once.
        ///
        /// # Errors
        /// `OrganisationNotFound`, `Removed`, `NotAdmin`, `Suspended`, `InvalidPeerId`,
        /// `InvalidLabel`, `InvalidClaim`, `NodeExists` (for this organisation), `NodesExhausted`.
        ///
        /// # Events
        /// `NodeRemoved` (from the other organisation), `NodeAdded`.
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::claim_node()
            .saturating_add(growth::claim_node(peer, label)))]
        pub fn claim_node(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            peer: Vec<u8>,
            label: Vec<u8>,
            signature: sp_core::ed25519::Signature,
        ) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_claim_node(by, organisation, peer, label, signature)
        }

        /// Appoints a validator.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// The account validates from the session after the next one, or later, once it has
        /// registered its session keys (`session.set_keys`). It can register them before it is a
        /// member.
        ///
        /// # Errors
        /// `AlreadyValidator`, `TooManyValidators`.
        ///
        /// # Events
        /// `ValidatorAdded`.
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::change_validators()
            .saturating_add(growth::change_validators(T::MaxValidators::get())))]
        pub fn add_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_add_validator(account)
        }

        /// Dismisses a validator.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// The validator validates until the session after the next one begins. Keep its node
        /// running until then.
        ///
        /// # Errors
        /// `NotValidator`, `LastValidator`.
        ///
        /// # Events
        /// `ValidatorRemoved`.
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::change_validators()
            .saturating_add(growth::change_validators(T::MaxValidators::get())))]
        pub fn remove_validator(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_remove_validator(account)
        }

        /// Authorises a new runtime, which any account can then apply.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `code_hash`: the 256-bit Blake2b hash of the code exactly as it will be sent, usually
        ///   compressed.
        ///
        /// To apply the runtime, send its code with `system.apply_authorized_upgrade`, which needs
        /// neither a signature nor a quota. The code must be of the same chain and have a higher
        /// version. A new authorisation replaces the previous one.
        ///
        /// # Errors
        /// None, except for the origin.
        ///
        /// # Events
        /// `System::UpgradeAuthorized`.
        #[pallet::call_index(40)]
        #[pallet::weight((
            T::WeightInfo::authorize_upgrade().saturating_add(growth::authorize_upgrade()),
            DispatchClass::Operational,
        ))]
        pub fn authorize_upgrade(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            frame_system::Pallet::<T>::do_authorize_upgrade(code_hash, true);
            Ok(())
        }

        /// Restarts finality with the validators of the next session.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `delay`: the number of blocks of the next session after which the restart takes
        ///   effect, at least 1 and at most half a session. Choose it long enough for all nodes to
        ///   agree on the first block of that session.
        /// - `best_finalized`: the number of the last finalised block, the highest that any of the
        ///   remaining validators knows.
        ///
        /// This is the last resort when a third or more of the current validators are permanently
        /// lost. First dismiss the lost validators. Call this in the next session: they no longer
        /// validate in the session after it. See `docs/operations.md`. If the validators are only
        /// cut off from the network, a restart lets both sides finalise different blocks.
        ///
        /// # Errors
        /// `InvalidDelay`, `FinalityChanging`, `NoSuchBlock`.
        ///
        /// # Events
        /// `FinalityRestarted`.
        #[pallet::call_index(41)]
        #[pallet::weight((
            T::WeightInfo::restart_finality().saturating_add(growth::restart_finality()),
            DispatchClass::Operational,
        ))]
        pub fn restart_finality(
            origin: OriginFor<T>,
            delay: BlockNumberFor<T>,
            best_finalized: BlockNumberFor<T>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_restart_finality(delay, best_finalized)
        }

        /// Clears a multisig operation that its signatories have not finished within thirty days.
        ///
        /// # Dispatch Origin
        /// Signed by any account.
        ///
        /// # Details
        /// - `account`: the multisig account.
        /// - `call_hash`: the hash of the operation's call, 32 bytes.
        ///
        /// # Errors
        /// `OperationNotFound`, `OperationTooYoung`.
        ///
        /// # Events
        /// `OperationCleared`.
        #[pallet::call_index(50)]
        #[pallet::weight(T::WeightInfo::clear_multisig())]
        pub fn clear_multisig(
            origin: OriginFor<T>,
            account: T::AccountId,
            call_hash: [u8; 32],
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_clear_multisig(account, call_hash)
        }
    }
}
