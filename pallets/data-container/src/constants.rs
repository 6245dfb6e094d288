// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits, as the metadata shows them.
#[pallet_section]
mod constants {
    use twinchain_primitives::{MAX_DESCRIPTION, MAX_NAME, MAX_PUBLIC_KEY, MAX_SEALED_SEED};

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The longest name of a data set, role or plugin, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The longest description, in bytes.
        #[pallet::constant_name(MaxDescription)]
        fn max_description() -> u32 {
            MAX_DESCRIPTION
        }
        /// The longest plugin document or data set definition, in bytes.
        #[pallet::constant_name(MaxDocument)]
        fn max_document() -> u32 {
            MAX_DOCUMENT
        }
        /// The most accounts that a handover looks at for the rights that remain.
        #[pallet::constant_name(MaxRemaining)]
        fn max_remaining() -> u32 {
            MAX_REMAINING
        }
        /// The most warnings about one document.
        #[pallet::constant_name(MaxWarnings)]
        fn max_warnings() -> u32 {
            MAX_WARNINGS
        }
        /// The longest source of a schema, in bytes.
        #[pallet::constant_name(MaxSchema)]
        fn max_schema() -> u32 {
            data_schema::MAX_SOURCE
        }
        /// How deep schemas stand in schemas.
        #[pallet::constant_name(MaxSchemaDepth)]
        fn max_schema_depth() -> u32 {
            data_schema::MAX_DEPTH
        }
        /// The most schemas in the schema of one data set.
        #[pallet::constant_name(MaxSchemaNodes)]
        fn max_schema_nodes() -> u32 {
            data_schema::MAX_NODES
        }
        /// The most schemas that may apply to one place of a value.
        #[pallet::constant_name(MaxSchemaCost)]
        fn max_schema_cost() -> u32 {
            data_schema::MAX_COST
        }
        /// The longest value or item, in bytes.
        #[pallet::constant_name(MaxValue)]
        fn max_value() -> u32 {
            MAX_VALUE
        }
        /// The longest value that is stored in the record of its entry, in bytes.
        #[pallet::constant_name(MaxShortValue)]
        fn max_short_value() -> u32 {
            MAX_SHORT_VALUE
        }
        /// How deep arrays and objects are nested in a value.
        #[pallet::constant_name(MaxValueDepth)]
        fn max_value_depth() -> u32 {
            data_schema::MAX_VALUE_DEPTH
        }
        /// The most bytes of values that one call stores.
        #[pallet::constant_name(MaxPayload)]
        fn max_payload() -> u32 {
            MAX_PAYLOAD
        }
        /// The most items that one call appends.
        #[pallet::constant_name(MaxItems)]
        fn max_items() -> u32 {
            MAX_ITEMS
        }
        /// The most data sets that a container ever has.
        #[pallet::constant_name(MaxDataSets)]
        fn max_data_sets() -> u32 {
            MAX_DATA_SETS
        }
        /// The most roles of a container.
        #[pallet::constant_name(MaxRoles)]
        fn max_roles() -> u32 {
            MAX_ROLES
        }
        /// The most roles that one account holds in one container.
        #[pallet::constant_name(MaxHeldRoles)]
        fn max_held_roles() -> u32 {
            MAX_HELD_ROLES
        }
        /// The most grants that one account has in one container.
        #[pallet::constant_name(MaxGrants)]
        fn max_grants() -> u32 {
            MAX_GRANTS
        }
        /// The most envelopes that one call brings, besides the owner's.
        #[pallet::constant_name(MaxEnvelopes)]
        fn max_envelopes() -> u32 {
            MAX_ENVELOPES
        }
        /// The most segments of a data set's history: how often its history is cut, the first
        /// rotation included.
        #[pallet::constant_name(MaxSegments)]
        fn max_segments() -> u8 {
            MAX_SEGMENTS
        }
        /// The longest public key of any suite, in bytes.
        #[pallet::constant_name(MaxPublicKey)]
        fn max_public_key() -> u32 {
            MAX_PUBLIC_KEY
        }
        /// The longest sealed seed or secret key of any suite, in bytes.
        #[pallet::constant_name(MaxSealedSeed)]
        fn max_sealed_seed() -> u32 {
            MAX_SEALED_SEED
        }
        /// How long a retired data set stays before accounts other than its owner may purge it, in
        /// milliseconds.
        #[pallet::constant_name(PurgeDelay)]
        fn purge_delay() -> Moment {
            PURGE_DELAY
        }
        /// The most holders of one version of an account's secret key.
        #[pallet::constant_name(MaxKeyHolders)]
        fn max_key_holders() -> u32 {
            MAX_KEY_HOLDERS
        }
        /// The fewest blocks between two changes of an account's encryption key.
        #[pallet::constant_name(KeyChangeBlocks)]
        fn key_change_blocks() -> u32 {
            KEY_CHANGE_BLOCKS
        }
        /// The most keys of the state that one call of `purge` clears.
        #[pallet::constant_name(MaxPurge)]
        fn max_purge() -> u32 {
            MAX_PURGE
        }
    }
}
