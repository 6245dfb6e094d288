// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What accounts and the council may ask the chain to do.
#[pallet_section]
mod calls {
    use super::growth;
    use twinchain_primitives::with_actual_weight;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Takes a company into the consortium.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `name`: text, 1 to 64 bytes without control and invisible characters, white space at
        ///   its ends, and `/`, which no organisation ever had. Forms read text that begins with
        ///   `0x` as hex.
        /// - `admin`: the first member, who admits the others. If it is a member of another
        ///   organisation, it leaves that one.
        /// - `limits`: how many members (the first one counts) and nodes it may have, and three
        ///   quotas: `quota` is what each member may spend, `time` and `bytes` are what all members
        ///   may spend together. At most `burst` is spent before something comes back, which is
        ///   `per_block` with each block. Time is in microseconds of execution.
        ///
        /// The `per_block` of all organisations together, in time and in bytes, is at most what
        /// blocks carry, and their nodes are at most what the chain allows.
        ///
        /// # Errors
        /// `InvalidName`, `NameTaken`, `InvalidLimits`, `CapacityExceeded`, `TooManyNodes`,
        /// `IdsExhausted`, `MembersExhausted`.
        ///
        /// # Events
        /// `OrganisationAdmitted`, `MemberRemoved` (from another one), `MemberAdded`, `AdminSet`.
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

        /// Changes what an organisation may have.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// What it has already it keeps, even if that is more. `limits` is as for
        /// `admit_organisation`.
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
        #[pallet::weight(T::WeightInfo::change_organisation()
            .saturating_add(growth::change_organisation()))]
        pub fn suspend_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
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
        #[pallet::weight(T::WeightInfo::change_organisation()
            .saturating_add(growth::change_organisation()))]
        pub fn resume_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(organisation, Status::Active)
        }

        /// Removes an organisation from the consortium.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// Final and immediate: none of its members may act. What they own stays theirs; one that
        /// another organisation claims (`claim_member`) acts again.
        ///
        /// Its members lose their seats in the council, and are dismissed as validators, which they
        /// stay until the session after the next one begins. If it has validators, its nodes stay
        /// listed for two sessions more, so that finality goes on; otherwise they are disconnected.
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

        /// Clears members and nodes of a removed organisation from the state, in steps.
        ///
        /// # Dispatch Origin
        /// Signed by anybody.
        ///
        /// # Details
        /// - `limit`: the most members and nodes to clear, 1 to 64. Call it again until there is
        ///   `NothingToDo`, once in a block.
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

        /// Admits an account: its transactions are accepted from now on.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `label`: text, at most 64 bytes without control and invisible characters, white space
        ///   at its ends, and `/`, or empty (in Apps: `0x`). Forms read text that begins with `0x`
        ///   as hex. Everybody reads it: no personal data.
        ///
        /// A new member's quota is empty, and fills up block by block. An account that did not want
        /// to be a member leaves (`leave_organisation`), or is claimed by another organisation.
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

        /// Admits an account that asks for it, even if it is a member of another organisation.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `label`: as for `add_member`.
        /// - `signature`: the account's, of the hash that the view `member_claim` returns, which
        ///   may stand between `<Bytes>` and `</Bytes>`, as wallets sign. It is used once.
        ///
        /// So no organisation keeps an account from another one by admitting it first.
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

        /// Ends the signer's membership.
        ///
        /// # Dispatch Origin
        /// Signed by a member.
        ///
        /// # Details
        /// What it owns, and what was shared with it, stays. Its transactions are turned away from
        /// now on, until an organisation admits it.
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

        /// Lets a node connect to those of the consortium.
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
        #[pallet::weight(T::WeightInfo::remove_node().saturating_add(growth::remove_node()))]
        pub fn remove_node(origin: OriginFor<T>, peer: Vec<u8>) -> DispatchResult {
            let by = Self::identify_manager(origin)?;
            Self::do_remove_node(by, peer)
        }

        /// Lets a node connect whose holder asks for it, even if another organisation listed it.
        ///
        /// # Dispatch Origin
        /// Signed by an administrator of the organisation, or the council, or root.
        ///
        /// # Details
        /// - `peer`: binary, as for `add_node`, of an Ed25519 key (38 bytes).
        /// - `label`: as for `add_member`.
        /// - `signature`: binary, 64 bytes, the node key's, of the hash that the view `node_claim`
        ///   returns. `twinchain-node consortium claim` makes it. It is used once.
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
        /// It validates from the session after the next one on, as soon as it has registered its
        /// keys (`session.set_keys`), and may do so before it is a member.
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
        /// It validates until the session after the next one begins: let its node run until then.
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

        /// Lets anybody apply a new runtime.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `code_hash`: the Blake2b hash, 256 bits, of the code as it will be sent, which is
        ///   usually compressed.
        ///
        /// Whoever has the code then sends it with `system.apply_authorized_upgrade`, for which
        /// neither a signature nor a quota is needed. It must be of the same chain, with a higher
        /// version. Authorising another code replaces what was authorised before.
        ///
        /// # Errors
        /// None but the origin's.
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

        /// Makes blocks final again with the validators of the next session, when a third or more
        /// of those of today are lost for good.
        ///
        /// # Dispatch Origin
        /// Two thirds of the council, or root.
        ///
        /// # Details
        /// - `delay`: after so many blocks of the next session, at least 1 and at most half of a
        ///   session. Long enough that the block which begins that session is the same for all.
        /// - `best_finalized`: the number of the last final block, the highest that any of the
        ///   remaining validators knows.
        ///
        /// First dismiss the lost validators, and wait until the session after the next one is
        /// about to begin, when they are out: see `docs/operations.md`. Called for validators that
        /// are only cut off, it lets both sides finalise different blocks.
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

        /// Clears a multisig operation that its signatories have not finished in thirty days.
        ///
        /// # Dispatch Origin
        /// Signed by anybody.
        ///
        /// # Details
        /// - `account`: the account of the signatories.
        /// - `call_hash`: the hash under which the operation is kept, 32 bytes.
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
