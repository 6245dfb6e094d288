// SPDX-License-Identifier: Apache-2.0

//! Random sequences of valid and hostile calls by several accounts. Each call succeeds or leaves
//! the state unchanged. Nothing panics, no call uses more weight than it declared, and deactivated
//! twins do not change. The invariants hold after every step.
//!
//! The sequences are the same in every run; `PROPTEST_RNG_SEED=7 PROPTEST_CASES=1000` tries others.

use crate::{mock::*, pallet::*, types::*};
use codec::{Decode, Encode};
use frame_support::dispatch::extract_actual_weight;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{RngSeed, TestCaseError, TestRunner},
};
use sp_core::H256;
use sp_runtime::AccountId32;
use std::{cell::Cell, collections::BTreeMap};
use twinchain_primitives::{ContainerId, TwinId};

/// One step of a sequence.
#[derive(Clone, Debug)]
enum Step {
    Call(AccountId32, RuntimeCall),
    Grant(ContainerId, AccountId32),
    Offer(TwinId),
    Withdraw(TwinId),
}

fn accounts() -> BoxedStrategy<AccountId32> {
    // The first two accounts act most often, so that many calls are by owners.
    prop_oneof![4 => select(vec![M, C]), 1 => select(vec![S, X])].boxed()
}

fn ids() -> BoxedStrategy<u64> {
    prop_oneof![15 => 0..4u64, 1 => select(vec![99, u64::MAX - 1, u64::MAX])].boxed()
}

fn names() -> BoxedStrategy<Vec<u8>> {
    let fine: Vec<_> = ["a", "b", "c", "ü"].iter().map(|name| name.as_bytes().to_vec()).collect();
    prop_oneof![
        12 => select(fine),
        1 => select(super::twins::wrong_names()),
        1 => vec(any::<u8>(), 0..70),
    ]
    .boxed()
}

fn descriptions() -> BoxedStrategy<Vec<u8>> {
    let fine = [&b"{}"[..], br#"{"name":"Big Crane 250"}"#, b"\"text\"", b"[1,2.5e-3,null]"];
    let hostile = vec![
        vec![],
        b"text".to_vec(),
        b"[".repeat(8_192),
        vec![b' '; 8_193],
        br#"{"a":1,"\u0061":2}"#.to_vec(),
        b"1e99999999999999999999".to_vec(),
    ];
    prop_oneof![
        12 => select(fine.map(<[u8]>::to_vec).to_vec()),
        1 => select(hostile),
        1 => vec(any::<u8>(), 0..40),
    ]
    .boxed()
}

fn assets() -> BoxedStrategy<Vec<u8>> {
    let fine = [CRANE, "cranes.example/2", "a"].map(|asset| asset.as_bytes().to_vec());
    prop_oneof![9 => select(fine.to_vec()), 1 => vec(any::<u8>(), 0..130)].boxed()
}

fn targets() -> BoxedStrategy<Target<AccountId32>> {
    prop_oneof![
        4 => ids().prop_map(Target::Container),
        3 => ids().prop_map(Target::Twin),
        1 => accounts().prop_map(Target::Account),
        1 => any::<[u8; 32]>().prop_map(|hash| Target::Hash(H256(hash))),
    ]
    .boxed()
}

fn new_links() -> BoxedStrategy<Vec<NewLink<AccountId32>>> {
    let one = (names(), targets(), ids(), any::<bool>()).prop_map(|(name, target, plugin, new)| {
        match (new, target) {
            (true, _) => NewLink::Instantiate { name, plugin: plugin % 3 },
            (_, Target::Container(container)) => NewLink::Container { name, container },
            (_, Target::Twin(twin)) => NewLink::Twin { name, twin },
            (_, Target::Account(account)) => NewLink::Account { name, account },
            (_, Target::Hash(hash)) => NewLink::Hash { name, hash },
        }
    });
    prop_oneof![20 => vec(one.clone(), 0..4), 1 => vec(one, 15..19)].boxed()
}

/// Returns calls of this pallet.
fn twin_calls() -> BoxedStrategy<RuntimeCall> {
    let create = (descriptions(), assets(), new_links())
        .prop_map(|(description, asset, links)| Call::create_twin { description, asset, links });
    let describe = (ids(), descriptions())
        .prop_map(|(twin, description)| Call::set_description { twin, description });
    let set = (ids(), names(), targets()).prop_map(|(twin, name, target)| Call::set_link {
        twin,
        name,
        target,
    });
    let remove = (ids(), names()).prop_map(|(twin, name)| Call::remove_link { twin, name });
    let deactivate = ids().prop_map(|twin| Call::deactivate_twin { twin });
    prop_oneof![6 => create, 2 => describe, 12 => set, 6 => remove, 1 => deactivate]
        .prop_map(RuntimeCall::from)
        .boxed()
}

/// Returns calls of the data container pallet that affect which links are allowed.
fn container_calls() -> BoxedStrategy<RuntimeCall> {
    use pallet_data_container::Call as ContainerCall;
    let retire = ContainerCall::retire_plugin { plugin: 0 };
    let instantiate = ids()
        .prop_map(|plugin| ContainerCall::instantiate { plugin: plugin % 3, description: vec![] });
    let publish = ids().prop_map(|container| ContainerCall::retire_data_set {
        container,
        data_set: b"steps".to_vec(),
    });
    let close = ids().prop_map(|container| ContainerCall::close_container { container });
    prop_oneof![12 => instantiate, 2 => publish, 2 => close, 1 => Just(retire)]
        .prop_map(RuntimeCall::from)
        .boxed()
}

/// Returns damaged calls, which may not decode: the bytes of a call with some of them changed.
fn damaged_calls() -> BoxedStrategy<Option<RuntimeCall>> {
    (twin_calls(), vec((any::<u16>(), any::<u8>()), 1..4))
        .prop_map(|(call, changes)| {
            let mut bytes = call.encode();
            for (at, byte) in changes {
                // The first byte, which selects the pallet, stays.
                let at = 1 + usize::from(at) % (bytes.len() - 1);
                bytes[at] = byte;
            }
            RuntimeCall::decode(&mut &bytes[..]).ok()
        })
        .boxed()
}

fn steps() -> BoxedStrategy<Step> {
    let call = |calls: BoxedStrategy<RuntimeCall>| {
        (accounts(), calls).prop_map(|(who, call)| Step::Call(who, call))
    };
    let damaged = (accounts(), damaged_calls())
        .prop_filter_map("no call", |(who, call)| Some(Step::Call(who, call?)));
    prop_oneof![
        24 => call(twin_calls()),
        6 => call(container_calls()),
        3 => damaged,
        2 => (ids(), accounts()).prop_map(|(container, who)| Step::Grant(container, who)),
        1 => ids().prop_map(Step::Offer),
        2 => ids().prop_map(Step::Withdraw),
    ]
    .boxed()
}

/// Returns everything that a twin consists of, with its links.
fn whole(twin: TwinId) -> Vec<u8> {
    let mut links: Vec<_> = Links::<Test>::iter_prefix(twin).collect();
    links.sort_by(|(one, _), (other, _)| one.cmp(other));
    (DigitalTwin::twin(twin), links).encode()
}

/// The twins that must not change any more, and the numbers of calls that succeeded and failed.
#[derive(Default)]
struct Witness {
    frozen: BTreeMap<TwinId, Vec<u8>>,
    done: u32,
    refused: u32,
}

impl Witness {
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Call(who, call) => self.call(who, call)?,
            Step::Grant(container, who) => {
                let exists = pallet_data_container::Containers::<Test>::contains_key(container);
                let rights =
                    pallet_data_container::AccountRights::<Test>::contains_key(container, &who);
                if exists && !rights {
                    grant(container, who, None);
                }
            },
            Step::Offer(twin) => {
                let free = Twins::<Test>::get(twin)
                    .is_some_and(|twin| twin.status == Status::Active && twin.offer.is_none());
                if free {
                    offer(twin);
                }
            },
            Step::Withdraw(twin) => {
                if Twins::<Test>::get(twin).is_some_and(|twin| twin.offer.is_some()) {
                    withdraw(twin);
                }
            },
        }
        for (twin, was) in &self.frozen {
            prop_assert_eq!(&whole(*twin), was, "a deactivated twin changed");
        }
        try_state();
        Ok(())
    }

    fn call(&mut self, who: AccountId32, call: RuntimeCall) -> Result<(), TestCaseError> {
        use frame_support::dispatch::GetDispatchInfo;
        let (before, count, info) = (root(), NextTwinId::<Test>::get(), call.get_dispatch_info());
        let owner_before = owner_named_in(&call);
        let result = dispatch(who.clone(), call.clone());
        prop_assert!(extract_actual_weight(&result, &info).all_lte(info.call_weight));
        if result.is_err() {
            self.refused += 1;
            prop_assert_eq!(root(), before, "a failed call changed the state: {:?}", call);
            return Ok(());
        }
        self.done += 1;
        if let Some(owner) = owner_before {
            prop_assert_eq!(
                owner,
                who,
                "an account that is not the owner changed a twin: {:?}",
                call
            );
        }
        match call {
            RuntimeCall::DigitalTwin(Call::create_twin { .. }) => {
                prop_assert_eq!(NextTwinId::<Test>::get(), count + 1);
            },
            RuntimeCall::DigitalTwin(Call::deactivate_twin { twin }) => {
                self.frozen.insert(twin, whole(twin));
            },
            _ => {},
        }
        Ok(())
    }
}

/// Returns the owner of the twin that a call changes.
fn owner_named_in(call: &RuntimeCall) -> Option<AccountId32> {
    match call {
        RuntimeCall::DigitalTwin(
            Call::set_description { twin, .. }
            | Call::set_link { twin, .. }
            | Call::remove_link { twin, .. }
            | Call::deactivate_twin { twin },
        ) => Twins::<Test>::get(twin).map(|twin| twin.owner),
        _ => None,
    }
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(1);
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 128;
    }
    config
}

#[test]
fn random_calls_succeed_or_change_nothing() {
    let (done, refused) = (Cell::new(0), Cell::new(0));
    TestRunner::new(config())
        .run(&vec(steps(), 1..60), |steps| {
            let chain = ExtBuilder::default().with_plugin(SERVICE).with_plugin(PRODUCTION);
            chain.build().execute_with(|| {
                let mut witness = Witness::default();
                for step in steps {
                    witness.take(step)?;
                }
                done.set(done.get() + witness.done);
                refused.set(refused.get() + witness.refused);
                Ok(())
            })
        })
        .unwrap();
    // The sequences are useful only if many calls succeed and many fail.
    let (done, refused) = (done.get(), refused.get());
    assert!(done * 5 > refused && refused * 5 > done, "{done} calls succeeded, {refused} failed");
}

#[test]
fn random_reads_never_panic() {
    let paths = prop_oneof![
        vec(names(), 0..20).prop_map(|steps| steps.join(&b'/')),
        vec(any::<u8>(), 0..200),
    ];
    let reads = (ids(), paths, names(), assets(), any::<u32>());
    TestRunner::new(config())
        .run(&(vec(steps(), 1..12), vec(reads, 1..12)), |(steps, reads)| {
            let chain = ExtBuilder::default().with_plugin(SERVICE).with_plugin(PRODUCTION);
            chain.build().execute_with(|| {
                for step in steps {
                    Witness::default().take(step)?;
                }
                let before = root();
                for (id, path, link, asset, limit) in reads {
                    let _ = DigitalTwin::resolve(id, path);
                    let after = link.try_into().ok();
                    prop_assert!(DigitalTwin::links(id, after, limit).items.len() <= 256);
                    for twin in [None, Some(id)] {
                        DigitalTwin::twins_of_asset(asset.clone(), twin, limit);
                        DigitalTwin::twins_of_owner(M, twin, limit);
                        DigitalTwin::twins_of_container(id, twin, limit);
                    }
                }
                prop_assert_eq!(root(), before);
                Ok(())
            })
        })
        .unwrap();
}
