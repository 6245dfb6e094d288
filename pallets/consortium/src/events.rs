// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An organisation was admitted.
        #[codec(index = 0)]
        OrganisationAdmitted {
            /// Its id.
            organisation: OrganisationId,
            /// Its name.
            name: Name,
        },
        /// The limits of an organisation changed.
        #[codec(index = 1)]
        LimitsSet {
            /// The organisation.
            organisation: OrganisationId,
            /// Its new limits.
            limits: Limits,
        },
        /// An organisation was suspended, resumed or removed.
        #[codec(index = 2)]
        StatusSet {
            /// The organisation.
            organisation: OrganisationId,
            /// Its new status.
            status: Status,
        },
        /// Members and nodes of a removed organisation were cleared from the state.
        #[codec(index = 3)]
        Cleared {
            /// The organisation.
            organisation: OrganisationId,
            /// The number of members and nodes that were cleared.
            cleared: u32,
        },
        /// An account became a member.
        #[codec(index = 4)]
        MemberAdded {
            /// The organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// The organisation's label for it.
            label: Label,
        },
        /// An account is no longer a member. It keeps everything that it owns.
        #[codec(index = 5)]
        MemberRemoved {
            /// The organisation that it belonged to.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
        },
        /// A member became an administrator, or ceased to be one.
        #[codec(index = 6)]
        AdminSet {
            /// The organisation.
            organisation: OrganisationId,
            /// The member.
            account: T::AccountId,
            /// `true` if it is now an administrator.
            admin: bool,
        },
        /// A node was listed and can connect.
        #[codec(index = 7)]
        NodeAdded {
            /// The organisation that it belongs to.
            organisation: OrganisationId,
            /// Its peer id.
            peer: PeerId,
            /// The organisation's label for it.
            label: Label,
        },
        /// A node was delisted and can no longer connect.
        #[codec(index = 8)]
        NodeRemoved {
            /// The organisation that it belonged to.
            organisation: OrganisationId,
            /// Its peer id.
            peer: PeerId,
        },
        /// A validator was appointed. It validates from the session after the next one, if it has
        /// registered keys.
        #[codec(index = 9)]
        ValidatorAdded {
            /// The account.
            account: T::AccountId,
        },
        /// A validator was dismissed. It validates until the session after the next one begins.
        #[codec(index = 10)]
        ValidatorRemoved {
            /// The account.
            account: T::AccountId,
            /// `true` if the reason is an offence.
            offence: bool,
        },
        /// A validator committed an offence, but was kept because it is the last one.
        #[codec(index = 11)]
        OffenderKept {
            /// The account.
            account: T::AccountId,
        },
        /// A restart of finality was scheduled, with the validators of the next session, even if
        /// earlier validators are lost.
        #[codec(index = 12)]
        FinalityRestarted {
            /// The number of blocks of that session after which the restart takes effect.
            delay: BlockNumberFor<T>,
            /// The number of the block on which the restart builds.
            best_finalized: BlockNumberFor<T>,
        },
        /// Members of a removed organisation lost their seats in the council.
        #[codec(index = 13)]
        SeatsVacated {
            /// The accounts that lost their seats.
            accounts: Vec<T::AccountId>,
        },
        /// An unfinished multisig operation was cleared.
        #[codec(index = 14)]
        OperationCleared {
            /// The multisig account.
            account: T::AccountId,
            /// The hash of its call.
            call_hash: [u8; 32],
        },
    }
}
