// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An organisation is in.
        #[codec(index = 0)]
        OrganisationAdmitted {
            /// Its id.
            organisation: OrganisationId,
            /// Its name.
            name: Name,
        },
        /// What an organisation may have changed.
        #[codec(index = 1)]
        LimitsSet {
            /// The organisation.
            organisation: OrganisationId,
            /// What it may have now.
            limits: Limits,
        },
        /// An organisation's members may act, or not.
        #[codec(index = 2)]
        StatusSet {
            /// The organisation.
            organisation: OrganisationId,
            /// Whether they may.
            status: Status,
        },
        /// Members and nodes of a removed organisation were cleared from the state.
        #[codec(index = 3)]
        Cleared {
            /// The organisation.
            organisation: OrganisationId,
            /// How many members and nodes.
            cleared: u32,
        },
        /// An account is a member.
        #[codec(index = 4)]
        MemberAdded {
            /// Of this organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// What the organisation calls it.
            label: Label,
        },
        /// An account is no member any more. What it owns stays its own.
        #[codec(index = 5)]
        MemberRemoved {
            /// Of this organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
        },
        /// A member became an administrator, or is none any more.
        #[codec(index = 6)]
        AdminSet {
            /// Of this organisation.
            organisation: OrganisationId,
            /// The member.
            account: T::AccountId,
            /// Whether it is one.
            admin: bool,
        },
        /// A node may connect.
        #[codec(index = 7)]
        NodeAdded {
            /// Whose node it is.
            organisation: OrganisationId,
            /// Its peer id.
            peer: PeerId,
            /// What the organisation calls it.
            label: Label,
        },
        /// A node may not connect any more.
        #[codec(index = 8)]
        NodeRemoved {
            /// Whose node it was.
            organisation: OrganisationId,
            /// Its peer id.
            peer: PeerId,
        },
        /// An account validates from the session after the next one on, if it has keys.
        #[codec(index = 9)]
        ValidatorAdded {
            /// The account.
            account: T::AccountId,
        },
        /// An account validates no more from the session after the next one on.
        #[codec(index = 10)]
        ValidatorRemoved {
            /// The account.
            account: T::AccountId,
            /// Whether it was for an offence.
            offence: bool,
        },
        /// A validator committed an offence, but stays, since it is the last one.
        #[codec(index = 11)]
        OffenderKept {
            /// The account.
            account: T::AccountId,
        },
        /// The validators of the next session make blocks final, whatever became of those before.
        #[codec(index = 12)]
        FinalityRestarted {
            /// After so many blocks of that session.
            delay: BlockNumberFor<T>,
            /// On top of this block.
            best_finalized: BlockNumberFor<T>,
        },
        /// Members of a removed organisation lost their seats in the council.
        #[codec(index = 13)]
        SeatsVacated {
            /// The accounts.
            accounts: Vec<T::AccountId>,
        },
        /// A multisig operation that was not finished was cleared.
        #[codec(index = 14)]
        OperationCleared {
            /// The account of its signatories.
            account: T::AccountId,
            /// The hash of its call.
            call_hash: [u8; 32],
        },
    }
}
