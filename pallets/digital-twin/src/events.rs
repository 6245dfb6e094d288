// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's events: the history of every twin. The head of a twin is
/// `blake2_256(previous head ++ SCALE(event))`. The event is encoded as defined here, without the
/// index of the pallet. With all events, an indexer can rebuild owners and links without the state.
#[pallet_section]
mod events {
    use twinchain_primitives::{Asset, Stamp};

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A twin was created.
        #[codec(index = 0)]
        TwinCreated {
            /// Its id.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// Its owner.
            owner: T::AccountId,
            /// The physical thing that it represents.
            asset: Asset,
        },
        /// A twin's description was replaced.
        #[codec(index = 1)]
        DescriptionSet {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The blake2_256 hash of the description.
            description: H256,
        },
        /// A link was added or replaced.
        #[codec(index = 2)]
        LinkSet {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The link's name.
            name: Name,
            /// The new target.
            target: Target<T::AccountId>,
        },
        /// A link was removed.
        #[codec(index = 3)]
        LinkRemoved {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The link's name.
            name: Name,
        },
        /// A twin was deactivated permanently.
        #[codec(index = 4)]
        TwinDeactivated {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
        },
        /// A twin was offered, with containers that change owner in the same step.
        #[codec(index = 5)]
        TwinOffered {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id, which is needed to accept or decline it.
            offer: u32,
            /// The offeree.
            to: T::AccountId,
            /// The last moment to accept, in Unix milliseconds.
            deadline: Moment,
            /// The containers that are offered with it.
            containers: Vec<ContainerId>,
        },
        /// A twin was handed over to a new owner.
        #[codec(index = 6)]
        TwinTransferred {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The previous owner.
            from: T::AccountId,
            /// The new owner.
            to: T::AccountId,
            /// The id of the accepted offer.
            offer: u32,
        },
        /// The offer of a twin ended without a change of owner.
        #[codec(index = 7)]
        OfferCancelled {
            /// The twin.
            twin: TwinId,
            /// The revision, author, block and time of the change.
            stamp: Stamp<T::AccountId, BlockNumberFor<T>>,
            /// The offer's id.
            offer: u32,
        },
    }
}
