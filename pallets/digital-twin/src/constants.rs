// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits, as the metadata shows them.
#[pallet_section]
mod constants {
    use twinchain_primitives::{MAX_ASSET, MAX_DESCRIPTION, MAX_NAME};

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The longest name of a link, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The longest asset id, in bytes.
        #[pallet::constant_name(MaxAsset)]
        fn max_asset() -> u32 {
            MAX_ASSET
        }
        /// The longest description, in bytes.
        #[pallet::constant_name(MaxDescription)]
        fn max_description() -> u32 {
            MAX_DESCRIPTION
        }
        /// The most links that one call names.
        #[pallet::constant_name(MaxLinksPerCall)]
        fn max_links_per_call() -> u32 {
            MAX_LINKS_PER_CALL
        }
        /// The most envelopes that one offer brings.
        #[pallet::constant_name(MaxEnvelopes)]
        fn max_envelopes() -> u32 {
            MAX_OFFER_ENVELOPES
        }
        /// The most links of one twin.
        #[pallet::constant_name(MaxLinks)]
        fn max_links() -> u32 {
            MAX_LINKS
        }
        /// The most steps of a path.
        #[pallet::constant_name(MaxSteps)]
        fn max_steps() -> u32 {
            MAX_PATH_STEPS
        }
    }
}
