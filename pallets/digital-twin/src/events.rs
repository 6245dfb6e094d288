// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events: the history of every twin. The head of a twin is
/// `blake2_256(head before ++ SCALE(event))`, the event as it stands here, without the index of the
/// pallet. An indexer that has all of them can rebuild owners and links without the state.
#[pallet_section]
mod events {
    use twinchain_primitives::{Asset, Stamp};

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A twin was made.
        #[codec(index = 0)]
        TwinCreated {
            /// Its id.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// Its owner.
            owner: T::AccountId,
            /// What it stands for.
            asset: Asset,
        },
        /// A twin's description was replaced.
        #[codec(index = 1)]
        DescriptionSet {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The blake2_256 of the description.
            description: H256,
        },
        /// A link was added or replaced.
        #[codec(index = 2)]
        LinkSet {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The link's name.
            name: Name,
            /// What it points to now.
            target: Target<T::AccountId>,
        },
        /// A link was taken away.
        #[codec(index = 3)]
        LinkRemoved {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The link's name.
            name: Name,
        },
        /// A twin was frozen for good.
        #[codec(index = 4)]
        TwinDeactivated {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
        },
        /// A twin is on offer, with containers that change hands in the same step.
        #[codec(index = 5)]
        TwinOffered {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id; accepting names it.
            offer: u32,
            /// Who may accept.
            to: T::AccountId,
            /// The last moment to accept.
            deadline: Moment,
            /// The containers.
            containers: Vec<ContainerId>,
        },
        /// A twin has a new owner.
        #[codec(index = 6)]
        TwinTransferred {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The former owner.
            from: T::AccountId,
            /// The new owner.
            to: T::AccountId,
            /// The offer that was accepted.
            offer: u32,
        },
        /// The offer of a twin ended without a new owner.
        #[codec(index = 7)]
        OfferCancelled {
            /// The twin.
            twin: TwinId,
            /// The revision of the twin that this made, who made it, and when.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id.
            offer: u32,
        },
    }
}
