// SPDX-License-Identifier: Apache-2.0

use crate::{Aura, SLOT_DURATION, VERSION};

#[test]
fn the_runtime_is_called_twinchain() {
    assert_eq!(VERSION.spec_name, "twinchain");
    assert_eq!(VERSION.impl_name, VERSION.spec_name);
}

#[test]
fn a_slot_lasts_three_seconds() {
    assert_eq!(SLOT_DURATION, 3_000);
    assert_eq!(Aura::slot_duration(), SLOT_DURATION);
}
