// SPDX-License-Identifier: Apache-2.0

//! Quotas.

use crate::quota::*;
use frame_support::weights::Weight;
use proptest::prelude::*;

const RATE: Rate = Rate { burst: 100, per_block: 10 };

#[test]
fn spending_is_replenished_block_by_block() {
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
fn exhausted_bucket_is_empty_until_the_next_block() {
    let none = Bucket::exhausted(RATE, 7u32);
    assert_eq!(none.spend(RATE, 1, 7), None);
    assert_eq!(none.available(RATE, 8), 10);
}

#[test]
fn unused_amount_is_refunded_immediately() {
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
    fn spending_never_exceeds_the_rate(
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
