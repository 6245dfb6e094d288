// SPDX-License-Identifier: Apache-2.0

//! Blocks, accounts and time: what every chain has.

use crate::{
    weights::{
        block::BlockExecutionWeight, database::MeasuredDbWeight, extrinsic::ExtrinsicBaseWeight,
    },
    AccountId, Aura, Balance, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System,
    HOURS, SLOT_DURATION, SS58_PREFIX, VERSION,
};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{ConstU128, ConstU16, ConstU32, ConstU64, Contains, VariantCountOf},
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

/// The execution time of a full block, if all in it were at its worst, on a machine like the one on
/// which the weights were measured. Blocks as they are take less than half of it; and whatever the
/// weights say, an author stops filling its block well before its slot ends. See
/// `docs/performance.md`.
const MAX_BLOCK_WEIGHT: Weight =
    Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(2_800), u64::MAX);

/// What of it ordinary transactions may take: nine tenths. The rest is for governance.
const MAX_NORMAL_WEIGHT: Weight = MAX_BLOCK_WEIGHT.saturating_div(10).saturating_mul(9);

/// The size of a full block, in bytes: what a line of 100 Mbit/s carries in two thirds of a second.
pub const MAX_BLOCK_LENGTH: u32 = 8 * 1024 * 1024;

/// What a byte of a transaction takes besides what its call weighs: decoding, hashing and copying it, in
/// picoseconds. `twinchain-bench check` measures it.
pub const BYTE_WEIGHT: u64 = 16_000;

/// What the bytes of a full block take. FRAME charges the length of transactions as a fee, of which there
/// is none here; so each block has room for all of it.
fn all_bytes() -> Weight {
    Weight::from_parts(BYTE_WEIGHT.saturating_mul(MAX_BLOCK_LENGTH.into()), 0)
}

/// The share of a block's length that ordinary transactions may fill.
const NORMAL_RATIO: Perbill = Perbill::from_percent(90);

parameter_types! {
    /// The version of this runtime.
    pub const Version: RuntimeVersion = VERSION;
    /// How long a transaction with an era may wait at most, and the blocks whose hash is known.
    pub const BlockHashCount: BlockNumber = 2 * HOURS;
    /// How much execution time fits into a block.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get().saturating_add(all_bytes()))
        .for_class(DispatchClass::all(), |weights| {
            weights.base_extrinsic = ExtrinsicBaseWeight::get();
        })
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(MAX_NORMAL_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(MAX_BLOCK_WEIGHT);
            weights.reserved = Some(MAX_BLOCK_WEIGHT.saturating_sub(MAX_NORMAL_WEIGHT));
        })
        .avg_block_initialization(Perbill::from_percent(5))
        .build_or_panic();
    /// How many bytes fit into a block.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAX_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |max| {
            *max = NORMAL_RATIO.mul_floor(*max)
        })
        .build();
}

/// Which calls may be made at all.
pub struct CallFilter;

impl Contains<RuntimeCall> for CallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_collective::Call as Council;
        use pallet_membership::Call as Councillors;
        use pallet_proxy::Call as Proxy;
        match call {
            // A validator that takes its keys away would be left out of the next session without
            // anybody's consent, and the last one would stop finality for good.
            RuntimeCall::Session(pallet_session::Call::purge_keys { .. }) => false,
            // Councillors decide together. What one of them executes alone would be a way around
            // the quotas.
            RuntimeCall::Council(Council::execute { .. }) => false,
            RuntimeCall::Council(Council::propose { threshold, .. }) => {
                super::governance::may_authorise(*threshold)
            },
            // A councillor's seat is not its own to give away, and none of them counts for others.
            RuntimeCall::Councillors(
                Councillors::change_key { .. } | Councillors::set_prime { .. },
            ) => false,
            // A council of fewer than three could not lose a member without losing its say.
            RuntimeCall::Councillors(Councillors::remove_member { .. }) => {
                super::governance::has_a_seat_to_spare()
            },
            RuntimeCall::Councillors(Councillors::reset_members { members }) => {
                super::governance::is_council(members)
            },
            // One proxy of a company's account would leave it without anybody, for ever.
            RuntimeCall::Proxy(Proxy::kill_pure { .. } | Proxy::remove_proxies { .. }) => false,
            _ => true,
        }
    }
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
    type SystemWeightInfo = crate::weights::frame_system::WeightInfo<Self>;
    type ExtensionsWeightInfo = crate::weights::frame_system_extensions::WeightInfo<Self>;
    type SingleBlockMigrations = Migrations;
}

/// What happens to the state once, when a chain upgrades to this runtime.
///
/// Named here, since the order matters; a migration goes when every chain has passed it.
pub type Migrations = ();

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    // Aura makes sure that slots follow each other at their pace; this is the usual lower bound.
    type MinimumPeriod = ConstU64<{ SLOT_DURATION / 2 }>;
    type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Self>;
}

/// There is no token. This pallet is here because pallet-session wants a currency to hold deposits
/// in, and the deposit is zero.
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
