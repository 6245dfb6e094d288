// SPDX-License-Identifier: Apache-2.0

//! The limits of a block.

use crate::weights::{block::BlockExecutionWeight, extrinsic::ExtrinsicBaseWeight};
use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;
use twinchain_primitives::writes_bytes;

/// The execution time of a full block whose calls all take their worst case, on a machine like the
/// one on which the weights were measured. Real blocks take less than half of it. Independent of
/// the weights, an author stops filling its block well before its slot ends. See
/// `docs/performance.md`.
const MAX_BLOCK_TIME: u64 = WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(2_800);

/// The part of [`MAX_BLOCK_TIME`] for ordinary transactions: nine tenths. The rest is for
/// governance.
const MAX_NORMAL_TIME: u64 = (MAX_BLOCK_TIME / 10).saturating_mul(9);

/// The size of a full block, in bytes. A line of 100 Mbit/s carries it in two thirds of a second.
pub const MAX_BLOCK_LENGTH: u32 = 8 * 1024 * 1024;

/// The bytes that the ordinary transactions of a block may contain and write to the state: eight
/// times the length of a block. With a limit on time alone, removals from long batches could write
/// 500 MB.
const MAX_NORMAL_BYTES: u64 = 64 * 1024 * 1024;

/// The same for all transactions. The rest is for an upgrade: its extrinsic and the code.
const MAX_BLOCK_BYTES: u64 = MAX_NORMAL_BYTES + 17 * 1024 * 1024;

const MAX_BLOCK_WEIGHT: Weight = Weight::from_parts(MAX_BLOCK_TIME, MAX_BLOCK_BYTES);
const MAX_NORMAL_WEIGHT: Weight = Weight::from_parts(MAX_NORMAL_TIME, MAX_NORMAL_BYTES);

/// The bytes that the checks of a signed transaction write: the account with its nonce (160), the
/// member with its quota (at most 160), and the organisation's spending (at most 80).
pub const EXTRINSIC_BYTES: u64 = 400;

/// The time that a byte of a transaction takes in addition to the call's weight: for decoding,
/// hashing and copying, in picoseconds. `twinchain-bench check` measures it.
pub const BYTE_WEIGHT: u64 = 16_000;

/// Returns the time that the bytes of a full block take. FRAME charges for the length of
/// transactions by a fee, and this chain has none, so each block reserves this time.
fn all_bytes() -> Weight {
    Weight::from_parts(BYTE_WEIGHT.saturating_mul(MAX_BLOCK_LENGTH.into()), 0)
}

/// Returns the execution time that a block has for ordinary transactions.
pub fn normal_time() -> Weight {
    let base = BlockExecutionWeight::get().saturating_add(all_bytes());
    MAX_NORMAL_WEIGHT.saturating_sub(base)
}

/// The bytes per block that all organisations together may be granted: half of what one block may
/// hold, since disks grow by that amount day after day.
pub const MAX_GRANTED_BYTES: u64 = MAX_NORMAL_BYTES / 2;

/// The share of a block's length that ordinary transactions may fill.
const NORMAL_RATIO: Perbill = Perbill::from_percent(90);

/// The maximum number of validators.
pub const MAX_AUTHORITIES: u32 = 100;
/// The maximum number of councillors.
pub const MAX_COUNCILLORS: u32 = 100;
/// The maximum number of motions that can be open at a time.
pub const MAX_MOTIONS: u32 = 100;

parameter_types! {
    /// The execution time of a block, and the bytes that its transactions contain or write.
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
    /// The length of a block, in bytes.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAX_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |max| {
            *max = NORMAL_RATIO.mul_floor(*max)
        })
        .build();
}
