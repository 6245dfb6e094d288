// SPDX-License-Identifier: Apache-2.0

use frame_support::pallet_macros::pallet_section;

/// The pallet's limits, as constants in the metadata.
#[pallet_section]
mod constants {
    use twinchain_primitives::{MAX_DESCRIPTION, MAX_NAME, MAX_PUBLIC_KEY, MAX_SEALED_SEED};

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The maximum length of the name of a data set, role or plugin, in bytes.
        #[pallet::constant_name(MaxName)]
        fn max_name() -> u32 {
            MAX_NAME
        }
        /// The maximum length of a description, in bytes.
        #[pallet::constant_name(MaxDescription)]
        fn max_description() -> u32 {
            MAX_DESCRIPTION
        }
        /// The maximum length of a plugin document or data set definition, in bytes.
        #[pallet::constant_name(MaxDocument)]
        fn max_document() -> u32 {
            MAX_DOCUMENT
        }
        /// The maximum number of accounts that a handover examines for remaining rights.
        #[pallet::constant_name(MaxRemaining)]
        fn max_remaining() -> u32 {
            MAX_REMAINING
        }
        /// The maximum number of warnings about one document.
        #[pallet::constant_name(MaxWarnings)]
        fn max_warnings() -> u32 {
            MAX_WARNINGS
        }
        /// The maximum length of the source of a schema, in bytes.
        #[pallet::constant_name(MaxSchema)]
        fn max_schema() -> u32 {
            data_schema::MAX_SOURCE
        }
        /// The maximum nesting depth of schemas.
        #[pallet::constant_name(MaxSchemaDepth)]
        fn max_schema_depth() -> u32 {
            data_schema::MAX_DEPTH
        }
        /// The maximum number of schemas in the schema of one data set.
        #[pallet::constant_name(MaxSchemaNodes)]
        fn max_schema_nodes() -> u32 {
            data_schema::MAX_NODES
        }
        /// The maximum number of schemas that can apply to one place of a value.
        #[pallet::constant_name(MaxSchemaCost)]
        fn max_schema_cost() -> u32 {
            data_schema::MAX_COST
        }
        /// The maximum length of a value or an item, in bytes.
        #[pallet::constant_name(MaxValue)]
        fn max_value() -> u32 {
            MAX_VALUE
        }
        /// The maximum length of a value that is stored in the record of its entry, in bytes.
        #[pallet::constant_name(MaxShortValue)]
        fn max_short_value() -> u32 {
            MAX_SHORT_VALUE
        }
        /// The maximum nesting depth of arrays and objects in a value.
        #[pallet::constant_name(MaxValueDepth)]
        fn max_value_depth() -> u32 {
            data_schema::MAX_VALUE_DEPTH
        }
        /// The maximum number of bytes of values that one call can store.
        #[pallet::constant_name(MaxPayload)]
        fn max_payload() -> u32 {
            MAX_PAYLOAD
        }
        /// The maximum number of items that one call can append.
        #[pallet::constant_name(MaxItems)]
        fn max_items() -> u32 {
            MAX_ITEMS
        }
        /// The maximum number of data sets that a container can ever have.
        #[pallet::constant_name(MaxDataSets)]
        fn max_data_sets() -> u32 {
            MAX_DATA_SETS
        }
        /// The maximum number of roles of a container.
        #[pallet::constant_name(MaxRoles)]
        fn max_roles() -> u32 {
            MAX_ROLES
        }
        /// The maximum number of roles that one account can hold in one container.
        #[pallet::constant_name(MaxHeldRoles)]
        fn max_held_roles() -> u32 {
            MAX_HELD_ROLES
        }
        /// The maximum number of grants that one account can have in one container.
        #[pallet::constant_name(MaxGrants)]
        fn max_grants() -> u32 {
            MAX_GRANTS
        }
        /// The maximum number of envelopes that one call can bring, in addition to the owner's.
        #[pallet::constant_name(MaxEnvelopes)]
        fn max_envelopes() -> u32 {
            MAX_ENVELOPES
        }
        /// The maximum number of segments of a data set: rotations that cut its history, including
        /// the first.
        #[pallet::constant_name(MaxSegments)]
        fn max_segments() -> u8 {
            MAX_SEGMENTS
        }
        /// The maximum length of a public key of any suite, in bytes.
        #[pallet::constant_name(MaxPublicKey)]
        fn max_public_key() -> u32 {
            MAX_PUBLIC_KEY
        }
        /// The maximum length of a sealed seed or secret key of any suite, in bytes.
        #[pallet::constant_name(MaxSealedSeed)]
        fn max_sealed_seed() -> u32 {
            MAX_SEALED_SEED
        }
        /// The delay after which accounts other than the owner can purge a retired data set, in
        /// milliseconds.
        #[pallet::constant_name(PurgeDelay)]
        fn purge_delay() -> Moment {
            PURGE_DELAY
        }
        /// The maximum number of holders of one version of an account's secret key.
        #[pallet::constant_name(MaxKeyHolders)]
        fn max_key_holders() -> u32 {
            MAX_KEY_HOLDERS
        }
        /// The minimum number of blocks between two changes of an account's encryption key.
        #[pallet::constant_name(KeyChangeBlocks)]
        fn key_change_blocks() -> u32 {
            KEY_CHANGE_BLOCKS
        }
        /// The maximum number of storage keys that one call of `purge` clears.
        #[pallet::constant_name(MaxPurge)]
        fn max_purge() -> u32 {
            MAX_PURGE
        }
    }
}
