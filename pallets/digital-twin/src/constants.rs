// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits in the metadata.
#[pallet_section]
mod constants {
    use twinchain_primitives::{MAX_ASSET, MAX_DESCRIPTION, MAX_NAME};

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The maximum length of a link's name, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The maximum length of an asset, in bytes.
        #[pallet::constant_name(MaxAsset)]
        fn max_asset() -> u32 {
            MAX_ASSET
        }
        /// The maximum length of a description, in bytes.
        #[pallet::constant_name(MaxDescription)]
        fn max_description() -> u32 {
            MAX_DESCRIPTION
        }
        /// The maximum number of links in one call.
        #[pallet::constant_name(MaxLinksPerCall)]
        fn max_links_per_call() -> u32 {
            MAX_LINKS_PER_CALL
        }
        /// The maximum number of envelopes in one offer.
        #[pallet::constant_name(MaxEnvelopes)]
        fn max_envelopes() -> u32 {
            MAX_OFFER_ENVELOPES
        }
        /// The maximum number of links of one twin.
        #[pallet::constant_name(MaxLinks)]
        fn max_links() -> u32 {
            MAX_LINKS
        }
        /// The maximum number of steps in a path.
        #[pallet::constant_name(MaxSteps)]
        fn max_steps() -> u32 {
            MAX_PATH_STEPS
        }
    }
}
