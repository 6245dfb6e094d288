// SPDX-License-Identifier: Apache-2.0

use crate::{presets, System, Timestamp, SLOT_DURATION, VERSION};
use frame_support::traits::Get;

#[test]
fn the_runtime_is_called_twinchain() {
    assert_eq!(VERSION.spec_name, "twinchain");
    assert_eq!(VERSION.impl_name, VERSION.spec_name);
}

#[test]
fn a_slot_lasts_three_seconds() {
    assert_eq!(SLOT_DURATION, 3_000);
    super::chain(presets::DEVELOPMENT).execute_with(|| {
        assert_eq!(<crate::Runtime as pallet_aura::Config>::SlotDuration::get(), SLOT_DURATION);
        assert_eq!((System::block_number(), Timestamp::now()), (0, 0));
    });
}
