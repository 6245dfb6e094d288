// SPDX-License-Identifier: Apache-2.0

//! How much fits into a block.

use crate::weights::{block::BlockExecutionWeight, extrinsic::ExtrinsicBaseWeight};
use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;
use twinchain_primitives::writes_bytes;

/// The execution time of a full block, if all in it were at its worst, on a machine like the one on
/// which the weights were measured. Blocks as they are take less than half of it; and whatever the
/// weights say, an author stops filling its block well before its slot ends. See
/// `docs/performance.md`.
const MAX_BLOCK_TIME: u64 = WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(2_800);

/// What of it ordinary transactions may take: nine tenths. The rest is for governance.
const MAX_NORMAL_TIME: u64 = (MAX_BLOCK_TIME / 10).saturating_mul(9);

/// The size of a full block, in bytes: what a line of 100 Mbit/s carries in two thirds of a second.
pub const MAX_BLOCK_LENGTH: u32 = 8 * 1024 * 1024;

/// The bytes that ordinary transactions of a block may bring and write to the state: eight times
/// the length of a block. Time alone would let removals from long batches write 500 MB.
const MAX_NORMAL_BYTES: u64 = 64 * 1024 * 1024;

/// The same for all transactions. The rest is for an upgrade: its extrinsic, and the code.
const MAX_BLOCK_BYTES: u64 = MAX_NORMAL_BYTES + 17 * 1024 * 1024;

const MAX_BLOCK_WEIGHT: Weight = Weight::from_parts(MAX_BLOCK_TIME, MAX_BLOCK_BYTES);
const MAX_NORMAL_WEIGHT: Weight = Weight::from_parts(MAX_NORMAL_TIME, MAX_NORMAL_BYTES);

/// The bytes that the checks of a signed transaction write: the account with its nonce (160), the
/// member with its quota (at most 160), and what the organisation spent (at most 80).
pub const EXTRINSIC_BYTES: u64 = 400;

/// What a byte of a transaction takes besides what its call weighs: decoding, hashing and copying
/// it, in picoseconds. `twinchain-bench check` measures it.
pub const BYTE_WEIGHT: u64 = 16_000;

/// What the bytes of a full block take. FRAME charges the length of transactions as a fee, of which
/// there is none here; so each block has room for all of it.
fn all_bytes() -> Weight {
    Weight::from_parts(BYTE_WEIGHT.saturating_mul(MAX_BLOCK_LENGTH.into()), 0)
}

/// Returns the execution time that a block has for ordinary transactions.
pub fn normal_time() -> Weight {
    let base = BlockExecutionWeight::get().saturating_add(all_bytes());
    MAX_NORMAL_WEIGHT.saturating_sub(base)
}

/// The bytes that organisations together may be granted in each block: half of what one block may
/// hold, since disks grow by it day after day.
pub const MAX_GRANTED_BYTES: u64 = MAX_NORMAL_BYTES / 2;

/// The share of a block's length that ordinary transactions may fill.
const NORMAL_RATIO: Perbill = Perbill::from_percent(90);

/// The most validators.
pub const MAX_AUTHORITIES: u32 = 100;
/// The most councillors.
pub const MAX_COUNCILLORS: u32 = 100;
/// The most motions that can be voted on at a time.
pub const MAX_MOTIONS: u32 = 100;

parameter_types! {
    /// How much execution time fits into a block, and how many bytes that are brought or written.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get().saturating_add(all_bytes()))
        .for_class(DispatchClass::all(), |weights| {
            weights.base_extrinsic =
                ExtrinsicBaseWeight::get().saturating_add(writes_bytes(EXTRINSIC_BYTES));
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
