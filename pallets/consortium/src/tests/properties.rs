// SPDX-License-Identifier: Apache-2.0

//! Random sequences of the calls of members and the council. Each call succeeds or changes nothing.
//! After each, the invariants hold, a validator exists, and every account that was a member exists.
//!
//! The sequences are the same in every run; `PROPTEST_RNG_SEED=7 PROPTEST_CASES=1000` tries others.

use crate::{mock::*, pallet::*, quota::Rate, types::*};
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use sp_runtime::{testing::TestSignature, traits::Dispatchable};
use std::cell::Cell;

fn accounts() -> impl Strategy<Value = AccountId> + Clone {
    prop_oneof![9 => 1..9u64, 1 => Just(COUNCILLOR), 1 => 21..25u64]
}

fn organisations() -> impl Strategy<Value = OrganisationId> + Clone {
    prop_oneof![20 => 0..3u32, 1 => Just(u32::MAX)]
}

fn labels() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        20 => Just(b"label".to_vec()),
        1 => Just(b"a/b".to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..70),
    ]
}

fn peers() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        20 => (0..7u8).prop_map(super::nodes::peer),
        1 => proptest::collection::vec(any::<u8>(), 0..70),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    let rate = |most| {
        (0..300u64, 0..most)
            .prop_map(|(more, per_block)| Rate { burst: more + per_block, per_block })
    };
    (0..5u32, 0..4u32, rate(300), rate(BLOCK_TIME), rate(BLOCK_BYTES)).prop_map(
        |(members, nodes, quota, time, bytes)| Limits { members, nodes, quota, time, bytes },
    )
}

fn calls() -> impl Strategy<Value = Call<Test>> {
    let names = prop_oneof![Just(b"New Ltd".to_vec()), Just(b"Other Ltd".to_vec()), labels()];
    prop_oneof![
        2 => (names, accounts(), limits())
            .prop_map(|(name, admin, limits)| Call::admit_organisation { name, admin, limits }),
        1 => (organisations(), limits())
            .prop_map(|(organisation, limits)| Call::set_limits { organisation, limits }),
        1 => organisations().prop_map(|organisation| Call::suspend_organisation { organisation }),
        2 => organisations().prop_map(|organisation| Call::resume_organisation { organisation }),
        1 => organisations().prop_map(|organisation| Call::remove_organisation { organisation }),
        1 => (organisations(), any::<u32>()).prop_map(|(organisation, limit)| {
            Call::clear_organisation { organisation, limit }
        }),
        9 => (organisations(), accounts(), labels()).prop_map(|(organisation, account, label)| {
            Call::add_member { organisation, account, label }
        }),
        3 => accounts().prop_map(|account| Call::remove_member { account }),
        3 => (accounts(), any::<bool>())
            .prop_map(|(account, admin)| Call::set_admin { account, admin }),
        6 => (organisations(), peers(), labels()).prop_map(|(organisation, peer, label)| {
            Call::add_node { organisation, peer, label }
        }),
        3 => peers().prop_map(|peer| Call::remove_node { peer }),
        4 => (organisations(), accounts(), labels()).prop_map(|(organisation, account, label)| {
            Call::claim_member { organisation, account, label, signature: TestSignature(0, vec![]) }
        }),
        1 => Just(Call::leave_organisation {}),
        1 => accounts().prop_map(|account| Call::clear_multisig { account, call_hash: [0; 32] }),
        2 => accounts().prop_map(|account| Call::add_validator { account }),
        2 => accounts().prop_map(|account| Call::remove_validator { account }),
    ]
}

#[test]
fn random_calls_succeed_or_change_nothing() {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let (done, refused) = (Cell::new(0), Cell::new(0));
    let step = (prop_oneof![3 => Just(None), 1 => accounts().prop_map(Some)], calls(), 0..20u64);
    TestRunner::new(config)
        .run(&proptest::collection::vec(step, 1..60), |steps| {
            build(genesis()).execute_with(|| {
                let mut existing = vec![];
                for (who, call, blocks) in steps {
                    go_to(System::block_number() + blocks / 8);
                    let origin = who.map_or(root(), signed);
                    let call = super::claims::sign(call);
                    let before = state();
                    match RuntimeCall::from(call.clone()).dispatch(origin) {
                        Ok(_) => done.set(done.get() + 1),
                        Err(_) => {
                            refused.set(refused.get() + 1);
                            prop_assert_eq!(before, state(), "changed by {:?}", call);
                        },
                    }
                    Consortium::do_try_state().unwrap();
                    prop_assert!(!Session::validators().is_empty());
                    prop_assert!(!Validators::<Test>::get().is_empty());
                    existing.extend(Members::<Test>::iter_keys());
                    existing.sort_unstable();
                    existing.dedup();
                    prop_assert!(existing.iter().all(|account| System::providers(account) == 1));
                }
                Ok(())
            })
        })
        .unwrap();
    let (done, refused) = (done.get(), refused.get());
    assert!(done * 4 > refused && refused * 4 > done, "{done} calls done, {refused} refused");
}
