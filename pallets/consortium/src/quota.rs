// SPDX-License-Identifier: Apache-2.0

//! Quotas, as leaky buckets: transactions fill a bucket, and each block empties it a little.
//!
//! The unit of time is a microsecond of execution on the reference machine. The cost of a
//! transaction is thus its weight, plus the weight that its length is charged at. The unit of bytes
//! is a byte.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use sp_runtime::traits::UniqueSaturatedInto;

/// The number of picoseconds in a unit of time.
pub const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// The rate of a quota.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Rate {
    /// The size of the full quota, in units: the most that can be spent in one block.
    pub burst: u64,
    /// The amount that each block replenishes, in units.
    pub per_block: u64,
}

impl Rate {
    /// Returns `true` if the rate replenishes something with each block, and no more than a full
    /// quota.
    pub const fn is_valid(&self) -> bool {
        self.per_block > 0 && self.per_block <= self.burst
    }
}

/// The amount that was spent of a quota. `N` is the chain's block number.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Bucket<N> {
    /// The amount that was spent and not yet replenished at the block `at`, in units.
    pub spent: u64,
    /// The block of the last change.
    pub at: N,
}

impl<N: Copy + UniqueSaturatedInto<u64>> Bucket<N> {
    /// Returns a bucket of which everything was spent in this block.
    pub const fn exhausted(rate: Rate, now: N) -> Self {
        Self { spent: rate.burst, at: now }
    }

    /// Returns the amount that is spent and not yet replenished. It never exceeds the burst, so
    /// lowering the burst never blocks an account for longer than an exhausted quota does.
    pub fn level(&self, rate: Rate, now: N) -> u64 {
        let blocks = now.unique_saturated_into().saturating_sub(self.at.unique_saturated_into());
        self.spent.min(rate.burst).saturating_sub(rate.per_block.saturating_mul(blocks))
    }

    /// Returns the amount that can be spent now.
    pub fn available(&self, rate: Rate, now: N) -> u64 {
        rate.burst.saturating_sub(self.level(rate, now))
    }

    /// Returns the bucket after `cost` is spent, or `None` if `cost` exceeds the available amount.
    pub fn spend(&self, rate: Rate, cost: u64, now: N) -> Option<Self> {
        let spent = self.level(rate, now).saturating_add(cost);
        (spent <= rate.burst).then_some(Self { spent, at: now })
    }

    /// Returns the bucket after a refund of `unused`, which was spent in this block.
    pub fn give_back(&self, unused: u64) -> Self {
        Self { spent: self.spent.saturating_sub(unused), at: self.at }
    }
}

/// The cost of an extrinsic.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo,
)]
pub struct Cost {
    /// Execution time, in units.
    pub time: u64,
    /// Bytes: the length of the extrinsic, and the bytes that it can write to the state.
    pub bytes: u64,
}

impl Cost {
    /// Returns the cost of an extrinsic of this weight and length. `time_per_byte` is the price of
    /// a byte in picoseconds. The second dimension of the weight is the bytes that it writes to the
    /// state.
    pub fn new(weight: Weight, length: u64, time_per_byte: u64) -> Self {
        Self {
            time: cost(weight, length, time_per_byte),
            bytes: length.saturating_add(weight.proof_size()),
        }
    }

    /// Returns this cost less `used`.
    pub const fn saturating_sub(self, used: Self) -> Self {
        Self {
            time: self.time.saturating_sub(used.time),
            bytes: self.bytes.saturating_sub(used.bytes),
        }
    }
}

/// The amounts that the members of an organisation have spent together. `N` is the chain's block
/// number.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Spending<N> {
    /// Execution time, in units.
    pub time: Bucket<N>,
    /// Bytes.
    pub bytes: Bucket<N>,
}

impl<N: Copy + UniqueSaturatedInto<u64>> Spending<N> {
    /// Returns the spending after a refund of `unused`, which was spent in this block.
    pub fn give_back(&self, unused: Cost) -> Self {
        Self { time: self.time.give_back(unused.time), bytes: self.bytes.give_back(unused.bytes) }
    }
}

/// Returns the execution time that an extrinsic of this weight and length is charged, in units,
/// rounded up; at least 1.
pub fn cost(weight: Weight, length: u64, time_per_byte: u64) -> u64 {
    let time = weight.ref_time().saturating_add(time_per_byte.saturating_mul(length));
    time.div_ceil(PICOSECONDS_PER_UNIT).max(1)
}
