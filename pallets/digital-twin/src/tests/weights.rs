// SPDX-License-Identifier: Apache-2.0

//! The declared and actual weights of calls, and the limits of a block.

use crate::{mock::*, pallet::*, types::*, WeightInfo};
use frame_support::{
    dispatch::{extract_actual_weight, DispatchClass, Pays},
    weights::Weight,
};
use pallet_data_container::{MAX_DATA_SETS, MAX_DOCUMENT, MAX_PAYLOAD, MAX_ROLES};
use sp_runtime::AccountId32;
use twinchain_primitives::Containers;

type Own = <Test as Config>::WeightInfo;

/// Returns the maximum weight of one ordinary transaction.
fn limit() -> Weight {
    Weights::get().get(DispatchClass::Normal).max_extrinsic.unwrap()
}

/// Returns the weight of reading and writing this many index entries.
fn indices(count: u64) -> Weight {
    <Test as frame_system::Config>::DbWeight::get().reads_writes(count, count)
}

fn create(links: Vec<NewLink<AccountId32>>) -> Call<Test> {
    Call::create_twin { description: b"{}".to_vec(), asset: CRANE.into(), links }
}

/// Submits a call, and returns its declared and its actual weight.
fn weigh(call: Call<Test>) -> (Weight, Weight) {
    let info = info(&call);
    let actual = extract_actual_weight(&dispatch(M, call), &info);
    assert!(actual.all_lte(info.call_weight), "{actual} was more than {}", info.call_weight);
    (info.call_weight, actual)
}

fn instances(count: usize) -> Vec<NewLink<AccountId32>> {
    (0..count).map(|n| instance(&n.to_string(), 0)).collect()
}

/// Returns a plugin document with the maximum number of data sets and roles, and of bytes of
/// defaults.
fn largest_plugin() -> String {
    let roles: Vec<_> = (0..MAX_ROLES).map(|n| format!(r#""r{n}":["set"]"#)).collect();
    let permissions = roles.join(",");
    let build = |blanks: usize| {
        let value = "v".repeat(MAX_PAYLOAD as usize / MAX_DATA_SETS as usize - 2);
        let blanks = " ".repeat(blanks);
        let data_set = |n| {
            format!(
                r#""{n:0>64}":{{"type":"entry","visibility":"public",
                "dataSchema":{{"type":"string","maxLength":{n}{n:0>4}}},
                "value":"{value}",{blanks}"permissions":{{{permissions}}}}}"#,
            )
        };
        // `maxLength` differs, so that every data set has a separate schema.
        let data_sets: Vec<_> = (1..=MAX_DATA_SETS).map(data_set).collect();
        format!(
            r#"{{"description":{{"name":"largest"}},"template":{{"properties":{{{}}}}}}}"#,
            data_sets.join(",")
        )
    };
    let room = MAX_DOCUMENT as usize - build(0).len();
    build(room / MAX_DATA_SETS as usize)
}

#[test]
fn unused_weight_of_instances_is_refunded() {
    run(|| {
        for count in [1, 2, 16] {
            let (declared, actual) = weigh(create(instances(count)));
            let most = DataContainer::instantiate_weight().saturating_mul(count as u64);
            let time = Own::create_twin(2, count as u32).saturating_add(most).ref_time();
            assert_eq!(declared.ref_time(), time);
            let bytes = declared.proof_size() - most.proof_size();
            assert!((actual.proof_size() - bytes) * 50 < most.proof_size(), "{actual} {declared}");
            assert!(actual.ref_time() < declared.ref_time() / 2, "{actual} of {declared}");
            assert!(actual.all_gte(Own::create_twin(2, count as u32)), "{actual} is too little");
        }
    });
}

#[test]
fn create_twin_uses_its_declared_weight_without_instances() {
    run(|| {
        let (declared, actual) = weigh(create(vec![]));
        assert_eq!(declared, actual);
        let (declared, actual) = weigh(create(vec![hash_link("a")]));
        assert_eq!(declared.saturating_sub(actual), indices(1));
        // The caller owns this container, so its data sets are not inspected.
        let container = container(M, SERVICE_ID);
        let link = NewLink::Container { name: b"a".to_vec(), container };
        let (declared, actual) = weigh(create(vec![link]));
        let asked = DataContainer::may_link_weight().ref_time();
        assert!(declared.ref_time() - actual.ref_time() > asked / 2);
    });
}

#[test]
fn failed_call_is_charged_for_its_actual_work() {
    run(|| {
        let (declared, none) = weigh(create(vec![instance("a", NO_PLUGIN)]));
        assert!(none.saturating_mul(2).all_lte(declared), "{none} {declared}");
        // The instance before the failing link still took time.
        let half = vec![instance("a", SERVICE_ID), instance("b", NO_PLUGIN)];
        let (declared, half) = weigh(create(half));
        let (_, whole) = weigh(create(vec![instance("a", SERVICE_ID)]));
        let time = [whole, half, declared].map(|weight| weight.ref_time());
        assert!(time.is_sorted(), "{whole} {half} {declared}");
        // The instance is rolled back, so no bytes are charged.
        assert_eq!((none.proof_size(), half.proof_size()), (0, 0));
        let accept = Call::accept_twin { twin: 77, offer: 0 };
        let (declared, refused) = weigh(accept);
        assert!(refused.saturating_mul(2).all_lte(declared), "{refused} {declared}");
        let (declared, refused) = weigh(Call::cancel_offer { twin: 77 });
        assert!(refused.saturating_mul(2).all_lte(declared), "{refused} {declared}");
    });
}

#[test]
fn sixteen_instances_of_the_largest_plugin_fit_into_a_block() {
    let plugin = largest_plugin();
    assert!(plugin.len() <= MAX_DOCUMENT as usize && plugin.len() > MAX_DOCUMENT as usize - 64);
    ExtBuilder::default().with_plugin(plugin).build_and_execute(|| {
        let published = pallet_data_container::Plugins::<Test>::get(0).unwrap();
        assert_eq!(published.data_sets.len() as u32, MAX_DATA_SETS);
        assert_eq!(published.roles.len() as u32, MAX_ROLES);

        let mut call = create(instances(16));
        let Call::create_twin { description, .. } = &mut call else { unreachable!() };
        *description = format!("\"{}\"", "a".repeat(8_190)).into_bytes();
        assert!(info(&call).call_weight.all_lte(limit()));

        let (declared, actual) = weigh(call);
        assert_eq!(Twins::<Test>::get(0).unwrap().links, 16);
        // Such instances use most of the declared weight.
        assert!(actual.ref_time() > declared.ref_time() / 2, "{actual} of {declared}");
    });
}

#[test]
fn link_to_a_container_weighs_more_than_one_to_a_hash() {
    let to_hash = info(&create(vec![hash_link("a")])).call_weight;
    let link = NewLink::Container { name: b"a".to_vec(), container: 0 };
    let to_container = info(&create(vec![link])).call_weight;
    let time = to_hash.saturating_add(DataContainer::may_link_weight()).ref_time();
    assert_eq!(to_container.ref_time(), time);
    assert!(to_container.proof_size() > to_hash.proof_size());
}

#[test]
fn set_link_is_charged_only_for_its_kind_of_target() {
    run(|| {
        let set = |target| Call::set_link { twin: twin(M), name: b"a".to_vec(), target };
        let (hash, twins, account) =
            (Target::Hash(Default::default()), Target::Twin(twin(M)), Target::Account(S));
        let own = info(&set(hash.clone())).call_weight;
        for (target, unused) in [(hash, 2), (twins.clone(), 1), (account, 2)] {
            let (declared, actual) = weigh(set(target));
            assert_eq!(declared.ref_time(), own.ref_time());
            assert_eq!(declared.saturating_sub(actual), indices(unused));
        }
        // The index of the replaced target counts as well.
        let twin = twin(M);
        let again = |target| Call::set_link { twin, name: b"a".to_vec(), target };
        for (target, unused) in
            [(twins.clone(), 1), (twins, 0), (Target::Account(S), 1), (Target::Account(M), 2)]
        {
            let (declared, actual) = weigh(again(target));
            assert_eq!(declared.saturating_sub(actual), indices(unused));
        }
        let remove = || Call::remove_link { twin, name: b"a".to_vec() };
        let (declared, actual) = weigh(remove());
        assert_eq!(declared.saturating_sub(actual), indices(1));
        let (declared, refused) = weigh(remove());
        assert_eq!((refused.ref_time(), refused.proof_size()), (declared.ref_time(), 0));
        // The owner of a container needs no further check.
        let (declared, actual) = weigh(set(Target::Container(container(M, SERVICE_ID))));
        let most = own.saturating_add(DataContainer::may_link_weight());
        assert_eq!(declared.ref_time(), most.ref_time());
        assert!(actual.ref_time() < own.ref_time() + (most.ref_time() - own.ref_time()) / 10);
    });
}

#[test]
fn offer_twin_declares_the_weight_of_its_containers() {
    let offer = |count| Call::<Test>::offer_twin {
        twin: 0,
        to: C,
        deadline: START,
        containers: (0..count).collect(),
        envelopes: vec![],
    };
    let weights: Vec<_> = (0..=16).map(|count| info(&offer(count)).call_weight).collect();
    let each = weights[1].saturating_sub(weights[0]);
    for pair in weights.windows(2) {
        assert_eq!(pair[1].saturating_sub(pair[0]), each);
    }
    // Without containers, the weight is that of the call alone.
    let own = <Test as Config>::WeightInfo::offer_twin(0);
    assert_eq!(weights[0].ref_time(), own.ref_time());
}

#[test]
fn every_call_has_a_weight_and_fits_into_a_block() {
    let twin = 0;
    let calls = [
        create(vec![]),
        create((0..16).map(|_| hash_link([b'n'; 64])).collect()),
        Call::set_description { twin, description: vec![b' '; 8_192] },
        Call::set_link { twin, name: vec![b'n'; 64], target: Target::Container(0) },
        Call::remove_link { twin, name: vec![b'n'; 64] },
        Call::deactivate_twin { twin },
    ];
    for call in calls {
        let info = info(&call);
        assert!(info.call_weight.ref_time() > 0);
        assert!(info.call_weight.all_lte(limit()), "{call:?}");
        assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes));
    }
}

#[test]
fn longer_call_weighs_more_and_no_weight_overflows() {
    let described = |bytes| Call::set_description { twin: 0, description: vec![b' '; bytes] };
    assert!(
        info(&described(8_192)).call_weight.ref_time() > info(&described(1)).call_weight.ref_time()
    );
    let hostile = create((0..100_000).map(|_| instance("a", u64::MAX)).collect());
    assert!(info(&hostile).call_weight.any_gt(limit()));
}
