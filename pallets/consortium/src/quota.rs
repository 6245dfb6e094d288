// SPDX-License-Identifier: Apache-2.0

//! Quotas: a bucket that every transaction fills and every block empties a little.
//!
//! The unit is a microsecond of execution on the reference machine, so that what a transaction costs
//! is its weight, and its length at a price in weight.

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

/// What an extrinsic of this weight and length costs, in units, rounded up; at least one.
pub fn cost(weight: Weight, length: u64, time_per_byte: u64) -> u64 {
    let time = weight.ref_time().saturating_add(time_per_byte.saturating_mul(length));
    time.div_ceil(PICOSECONDS_PER_UNIT).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RATE: Rate = Rate { burst: 100, per_block: 10 };

    #[test]
    fn what_was_spent_comes_back_block_by_block() {
        let full = Bucket { spent: 0, at: 5u32 };
        let spent = full.spend(RATE, 95, 5).unwrap();
        assert_eq!(spent.available(RATE, 5), 5);
        assert_eq!(spent.spend(RATE, 6, 5), None);
        assert_eq!(spent.spend(RATE, 15, 5), None);
        assert_eq!(spent.spend(RATE, 15, 6), Some(Bucket { spent: 100, at: 6 }));
        assert_eq!(spent.available(RATE, 14), 95);
        assert_eq!(spent.available(RATE, 15), 100);
        assert_eq!(spent.available(RATE, u32::MAX), 100);
    }

    #[test]
    fn an_exhausted_bucket_has_nothing_until_the_next_block() {
        let none = Bucket::exhausted(RATE, 7u32);
        assert_eq!(none.spend(RATE, 1, 7), None);
        assert_eq!(none.available(RATE, 8), 10);
    }

    #[test]
    fn what_was_not_used_comes_back_at_once() {
        let spent = Bucket { spent: 0, at: 5u32 }.spend(RATE, 60, 5).unwrap();
        assert_eq!(spent.give_back(50).available(RATE, 5), 90);
        assert_eq!(spent.give_back(u64::MAX).available(RATE, 5), 100);
    }

    #[test]
    fn costs_are_rounded_up() {
        assert_eq!(cost(Weight::zero(), 0, 7), 1);
        assert_eq!(cost(Weight::from_parts(1_000_000, 9), 0, 7), 1);
        assert_eq!(cost(Weight::from_parts(1_000_001, 9), 0, 7), 2);
        assert_eq!(cost(Weight::from_parts(1_000_000, 0), 10, 100_000), 2);
        assert_eq!(cost(Weight::MAX, u64::MAX, u64::MAX), u64::MAX.div_ceil(1_000_000));
    }

    proptest! {
        #[test]
        fn nobody_spends_more_than_the_rate_allows(
            burst in 1..1_000u64,
            part in 1..=100u64,
            costs in proptest::collection::vec((0..400u64, 0..5u32), 1..60),
        ) {
            let rate = Rate { burst, per_block: (burst * part / 100).max(1) };
            let (mut bucket, mut now, mut total) = (Bucket { spent: 0, at: 0u32 }, 0u32, 0u64);
            for (cost, passed) in costs {
                now += passed;
                if let Some(next) = bucket.spend(rate, cost, now) {
                    bucket = next;
                    total += cost;
                }
                prop_assert!(bucket.level(rate, now) <= burst);
                prop_assert!(total <= burst + rate.per_block * u64::from(now));
            }
        }

        #[test]
        fn nothing_wraps(spent: u64, at: u32, burst: u64, per_block: u64, cost: u64, now: u32) {
            let (bucket, rate) = (Bucket { spent, at }, Rate { burst, per_block });
            prop_assert!(bucket.level(rate, now) <= burst);
            prop_assert!(bucket.available(rate, now) <= burst);
            if let Some(next) = bucket.spend(rate, cost, now) {
                prop_assert!(next.spent <= burst);
            }
        }
    }
}
