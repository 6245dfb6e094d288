// SPDX-License-Identifier: Apache-2.0

//! Blocks, accounts and time.

pub use super::{
    call_filter::CallFilter,
    limits::{RuntimeBlockLength, RuntimeBlockWeights, BYTE_WEIGHT, MAX_BLOCK_LENGTH},
    migrations::Migrations,
};

use super::growth::Growing;
use crate::{
    weights::database::MeasuredDbWeight, AccountId, Aura, Balance, Block, BlockNumber, Hash,
    MultiBlockMigrations, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System, HOURS,
    SLOT_DURATION, SS58_PREFIX, VERSION,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, ConstU16, ConstU32, ConstU64, VariantCountOf},
};
use sp_runtime::traits::AccountIdLookup;
use sp_version::RuntimeVersion;

parameter_types! {
    /// The version of this runtime.
    pub const Version: RuntimeVersion = VERSION;
    /// The longest era of a transaction, and the number of blocks whose hashes the chain stores.
    pub const BlockHashCount: BlockNumber = 2 * HOURS;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type Nonce = Nonce;
    type Hash = Hash;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type MaxConsumers = ConstU32<16>;
    type BaseCallFilter = CallFilter;
    type BlockHashCount = BlockHashCount;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type DbWeight = MeasuredDbWeight;
    type SS58Prefix = ConstU16<SS58_PREFIX>;
    type Version = Version;
    type SystemWeightInfo = Growing<crate::weights::frame_system::WeightInfo<Self>>;
    type ExtensionsWeightInfo = crate::weights::frame_system_extensions::WeightInfo<Self>;
    type SingleBlockMigrations = Migrations;
    type MultiBlockMigrator = MultiBlockMigrations;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    // Aura enforces the pace of slots; this is the usual lower bound.
    type MinimumPeriod = ConstU64<{ SLOT_DURATION / 2 }>;
    type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Self>;
}

/// There is no token. pallet-session requires a currency for deposits, and the deposit is zero.
impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<0>;
    type MaxReserves = ConstU32<0>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Self>;
}
