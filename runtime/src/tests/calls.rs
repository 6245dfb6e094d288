// SPDX-License-Identifier: Apache-2.0

use super::chain;
use crate::{configs::system::CallFilter, presets, RuntimeCall, RuntimeOrigin};
use frame_support::{
    assert_noop,
    traits::{Contains, GetCallMetadata},
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::Dispatchable;

#[test]
fn a_validator_cannot_purge_its_keys() {
    let call = RuntimeCall::Session(pallet_session::Call::purge_keys {});
    assert!(!CallFilter::contains(&call));
    chain(presets::DEVELOPMENT).execute_with(|| {
        let alice = RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id());
        assert_noop!(call.dispatch(alice), frame_system::Error::<crate::Runtime>::CallFiltered);
    });
}

#[test]
fn balances_have_no_calls() {
    assert!(!RuntimeCall::get_module_names().contains(&"Balances"));
}
