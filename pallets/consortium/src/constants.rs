// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits in the metadata, besides those of its `Config`.
#[pallet_section]
mod constants {
    use twinchain_primitives::MAX_NAME;

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The maximum length of an organisation's name and of a label, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The maximum length of a peer id, in bytes.
        #[pallet::constant_name(MaxPeerId)]
        fn max_peer_id() -> u32 {
            MAX_PEER_ID
        }
        /// The maximum number of members and nodes that one call clears.
        #[pallet::constant_name(MaxClear)]
        fn max_clear() -> u32 {
            MAX_CLEAR
        }
        /// The minimum number of seats of the council.
        #[pallet::constant_name(MinSeats)]
        fn min_seats() -> u32 {
            MIN_SEATS
        }
        /// The maximum number of open motions of one councillor.
        #[pallet::constant_name(MaxMotionsEach)]
        fn max_motions_each() -> u32 {
            MAX_MOTIONS_EACH
        }
        /// The minimum number of blocks of a session.
        #[pallet::constant_name(MinSessionLength)]
        fn min_session_length() -> u32 {
            MIN_SESSION_LENGTH
        }
    }
}
