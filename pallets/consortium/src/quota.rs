// SPDX-License-Identifier: Apache-2.0

//! Quotas: a bucket that every transaction fills and every block empties a little.
//!
//! The unit is a microsecond of execution on the reference machine, so that what a transaction
//! costs is its weight, and its length at a price in weight.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use sp_runtime::traits::UniqueSaturatedInto;

/// Picoseconds in a unit.
pub const PICOSECONDS_PER_UNIT: u64 = 1_000_000;

/// How much somebody may spend.
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
    /// At most so much at once, in units: what a full quota is.
    pub burst: u64,
    /// So much comes back with each block, in units.
    pub per_block: u64,
}

impl Rate {
    /// Whether a quota at this rate is of use: something comes back, and no more than fits.
    pub const fn is_valid(&self) -> bool {
        self.per_block > 0 && self.per_block <= self.burst
    }
}

/// What somebody spent. `N` is the chain's block number.
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
    /// What was spent and had not come back at the block `at`, in units.
    pub spent: u64,
    /// The block of the last change.
    pub at: N,
}

impl<N: Copy + UniqueSaturatedInto<u64>> Bucket<N> {
    /// A bucket from which everything was spent just now.
    pub const fn exhausted(rate: Rate, now: N) -> Self {
        Self { spent: rate.burst, at: now }
    }

    /// What is spent and has not come back by now. It never exceeds the burst, so that lowering the
    /// burst does not lock anybody out for longer than a full bucket would.
    pub fn level(&self, rate: Rate, now: N) -> u64 {
        let blocks = now.unique_saturated_into().saturating_sub(self.at.unique_saturated_into());
        self.spent.min(rate.burst).saturating_sub(rate.per_block.saturating_mul(blocks))
    }

    /// What can be spent now.
    pub fn available(&self, rate: Rate, now: N) -> u64 {
        rate.burst.saturating_sub(self.level(rate, now))
    }

    /// The bucket after spending `cost`, or nothing if that is more than there is.
    pub fn spend(&self, rate: Rate, cost: u64, now: N) -> Option<Self> {
        let spent = self.level(rate, now).saturating_add(cost);
        (spent <= rate.burst).then_some(Self { spent, at: now })
    }

    /// The bucket after `unused` of what was spent in this block came back.
    pub fn give_back(&self, unused: u64) -> Self {
        Self { spent: self.spent.saturating_sub(unused), at: self.at }
    }
}

/// What an extrinsic costs.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo,
)]
pub struct Cost {
    /// Execution time, in units.
    pub time: u64,
    /// Bytes: what the extrinsic carries, and what it may add to the state.
    pub bytes: u64,
}

impl Cost {
    /// Returns the cost of an extrinsic of this weight and length, where a byte takes this time in
    /// picoseconds. The second dimension of weight is the bytes that are added to the state.
    pub fn new(weight: Weight, length: u64, time_per_byte: u64) -> Self {
        Self {
            time: cost(weight, length, time_per_byte),
            bytes: length.saturating_add(weight.proof_size()),
        }
    }

    /// Returns what remains of this cost when `used` is taken from it.
    pub const fn saturating_sub(self, used: Self) -> Self {
        Self {
            time: self.time.saturating_sub(used.time),
            bytes: self.bytes.saturating_sub(used.bytes),
        }
    }
}

/// What the members of an organisation spent together. `N` is the chain's block number.
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
    /// Returns the spending after `unused` of what was spent in this block came back.
    pub fn give_back(&self, unused: Cost) -> Self {
        Self { time: self.time.give_back(unused.time), bytes: self.bytes.give_back(unused.bytes) }
    }
}

/// What an extrinsic of this weight and length costs, in units, rounded up; at least one.
pub fn cost(weight: Weight, length: u64, time_per_byte: u64) -> u64 {
    let time = weight.ref_time().saturating_add(time_per_byte.saturating_mul(length));
    time.div_ceil(PICOSECONDS_PER_UNIT).max(1)
}
