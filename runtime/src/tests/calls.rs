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

#[test]
fn a_councillor_executes_nothing_alone_and_gives_its_seat_to_nobody() {
    let remark = || RuntimeCall::from(frame_system::Call::remark { remark: vec![] });
    let proposal = |threshold| {
        let (proposal, length_bound) = (Box::new(remark()), 100);
        RuntimeCall::Council(pallet_collective::Call::propose { threshold, proposal, length_bound })
    };
    let proposal_alone = Box::new(remark());
    let execute = pallet_collective::Call::execute { proposal: proposal_alone, length_bound: 100 };
    let new = Sr25519Keyring::One.to_account_id().into();
    let give = pallet_membership::Call::change_key { new };
    assert!(!CallFilter::contains(&RuntimeCall::Council(execute)));
    assert!(!CallFilter::contains(&RuntimeCall::Councillors(give)));
    for (threshold, allowed) in [(0, false), (1, false), (2, true), (100, true)] {
        assert_eq!(CallFilter::contains(&proposal(threshold)), allowed, "{threshold}");
    }
}
