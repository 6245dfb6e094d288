// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits, as the metadata shows them, besides those of its `Config`.
#[pallet_section]
mod constants {
    use twinchain_primitives::MAX_NAME;

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The longest name of an organisation, and the longest label, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The longest peer id, in bytes.
        #[pallet::constant_name(MaxPeerId)]
        fn max_peer_id() -> u32 {
            MAX_PEER_ID
        }
        /// The most members and nodes that one call clears.
        #[pallet::constant_name(MaxClear)]
        fn max_clear() -> u32 {
            MAX_CLEAR
        }
        /// The fewest seats of the council.
        #[pallet::constant_name(MinSeats)]
        fn min_seats() -> u32 {
            MIN_SEATS
        }
        /// The most motions of one councillor that can be voted on at a time.
        #[pallet::constant_name(MaxMotionsEach)]
        fn max_motions_each() -> u32 {
            MAX_MOTIONS_EACH
        }
        /// The fewest blocks of a session.
        #[pallet::constant_name(MinSessionLength)]
        fn min_session_length() -> u32 {
            MIN_SESSION_LENGTH
        }
    }
}
