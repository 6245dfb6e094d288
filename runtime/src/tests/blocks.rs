// SPDX-License-Identifier: Apache-2.0

//! The limits of a block.

use crate::{
    configs::{
        limits::EXTRINSIC_BYTES,
        system::{RuntimeBlockLength, RuntimeBlockWeights, BYTE_WEIGHT, MAX_BLOCK_LENGTH},
    },
    weights::{block::BlockExecutionWeight, extrinsic::ExtrinsicBaseWeight},
    SLOT_DURATION,
};
use frame_support::{
    dispatch::DispatchClass,
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};
use twinchain_primitives::writes_bytes;

#[test]
fn the_limits_agree_with_each_other() {
    let limits = RuntimeBlockWeights::get();
    limits.clone().validate().unwrap();
    let bytes = Weight::from_parts(BYTE_WEIGHT * u64::from(MAX_BLOCK_LENGTH), 0);
    assert_eq!(limits.base_block, BlockExecutionWeight::get() + bytes);
    for class in DispatchClass::all() {
        let base = ExtrinsicBaseWeight::get() + writes_bytes(EXTRINSIC_BYTES);
        assert_eq!(limits.get(*class).base_extrinsic, base, "{class:?}");
    }
}

#[test]
fn a_full_block_takes_less_than_its_slot() {
    let limits = RuntimeBlockWeights::get();
    assert!(limits.max_block.ref_time() < SLOT_DURATION * WEIGHT_REF_TIME_PER_MILLIS);
}

#[test]
fn ordinary_transactions_leave_a_tenth_to_governance() {
    let limits = RuntimeBlockWeights::get();
    let (users, governance) =
        (limits.get(DispatchClass::Normal), limits.get(DispatchClass::Operational));
    let total = users.max_total.unwrap();
    assert!(total.saturating_mul(10).all_lte(limits.max_block.saturating_mul(9)));
    assert_eq!(users.reserved.unwrap_or_default(), Weight::zero());
    let reserved = governance.reserved.unwrap();
    assert!(total.saturating_add(reserved).all_lte(limits.max_block));
    // Even next to a block full of ordinary transactions, an operational one finds its base weight.
    assert!(ExtrinsicBaseWeight::get().saturating_mul(100).all_lte(reserved));

    let length = RuntimeBlockLength::get();
    assert_eq!(*length.max.get(DispatchClass::Operational), MAX_BLOCK_LENGTH);
    let users = u64::from(*length.max.get(DispatchClass::Normal));
    assert_eq!(users, u64::from(MAX_BLOCK_LENGTH) * 9 / 10);
}
