// SPDX-License-Identifier: Apache-2.0

//! Who makes blocks, and who finalises them.

use crate::{
    AccountId, Aura, Balances, BlockNumber, Grandpa, Runtime, RuntimeEvent, SLOT_DURATION,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU128, ConstU32, ConstU64},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
    impl_opaque_keys,
    traits::{ConvertInto, OpaqueKeys},
};

/// The most validators there can be.
const MAX_AUTHORITIES: u32 = 100;

parameter_types! {
    /// The blocks of a session: half an hour. The block that begins a session has no room for
    /// ordinary transactions, so shorter ones would be felt.
    pub const SessionLength: BlockNumber = 600;
    /// Sessions are counted from the genesis block.
    pub const SessionOffset: BlockNumber = 0;
}

impl_opaque_keys! {
    /// The keys with which a validator's node signs.
    pub struct SessionKeys {
        /// Signs the blocks that it makes.
        pub aura: Aura,
        /// Signs its votes on what is final.
        pub grandpa: Grandpa,
    }
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    // Nobody is ever disabled: pallet-aura panics on the block of a disabled author.
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    // Without reports of equivocations nobody asks which session a set of authorities had.
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, SessionOffset>;
    // Plans no other validators than there are: those of the genesis, with their newest keys.
    type SessionManager = ();
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Self>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}
