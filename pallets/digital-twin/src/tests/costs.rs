// SPDX-License-Identifier: Apache-2.0

//! The maximum number of keys that each call reads and writes, compared with its charge.

use crate::{mock::*, pallet::Call, types::*, weights::SubstrateWeight, WeightInfo};
use sp_core::H256;
use twinchain_accesses::assert_costs;

macro_rules! costs {
    ($($call:tt)*) => { assert_costs!("DigitalTwin", SubstrateWeight<Test>, $($call)*) };
}

fn create(links: Vec<NewLink<sp_runtime::AccountId32>>) -> Call<Test> {
    Call::create_twin { description: b"{}".to_vec(), asset: CRANE.into(), links }
}

#[test]
fn create_twin_costs_the_records_of_the_twin_and_each_link() {
    run(|| {
        // The counter; then the counter, the twin, its description, and the indices of asset and
        // owner.
        costs!(create_twin(2, 0), (1, 5), dispatch(M, create(vec![])));
        let other = twin(M);
        // A link, and the index of its target, which is read and written.
        let to_twin = NewLink::Twin { name: b"a".to_vec(), twin: other };
        costs!(create_twin(2, 1), (4, 7), dispatch(M, create(vec![to_twin])));
        costs!(create_twin(2, 1), (2, 6), dispatch(M, create(vec![hash_link("a")])));
        let set = Call::set_description { twin: other, description: b"{ }".to_vec() };
        costs!(set_description(3), (1, 2), dispatch(M, set));
    });
}

#[test]
fn set_link_costs_the_indices_of_the_old_and_new_targets() {
    run(|| {
        let (id, other) = (twin(M), twin(M));
        let [one, two] = [container(M, SERVICE_ID), container(M, SERVICE_ID)];
        let set = |target| Call::set_link { twin: id, name: b"a".to_vec(), target };
        let hash = Target::Hash(H256::zero());
        // The twin and the link, then the index of each target.
        costs!(set_link(), (2, 2), dispatch(M, set(hash.clone())));
        costs!(set_link(), (3, 3), dispatch(M, set(Target::Container(one))));
        costs!(set_link(), (4, 4), dispatch(M, set(Target::Container(two))));
        // The existence of a twin is checked, too.
        costs!(set_link(), (5, 4), dispatch(M, set(Target::Twin(other))));
        costs!(set_link(), (3, 3), dispatch(M, set(hash)));
        costs!(set_link(), (3, 3), dispatch(M, set(Target::Container(one))));
        let remove = Call::remove_link { twin: id, name: b"a".to_vec() };
        costs!(remove_link(), (3, 3), dispatch(M, remove));
        costs!(deactivate_twin(), (1, 1), dispatch(M, Call::deactivate_twin { twin: id }));
    });
}

#[test]
fn offers_cost_the_twin_and_the_indices_of_offers_and_owners() {
    run(|| {
        let twin = twin(M);
        let offer = || Call::offer_twin {
            twin,
            to: C,
            deadline: START + 1_000_000,
            containers: vec![],
            envelopes: vec![],
        };
        costs!(offer_twin(0), (1, 2), dispatch(M, offer()));
        costs!(cancel_offer(), (1, 2), dispatch(M, Call::cancel_offer { twin }));
        costs!(offer_twin(0), (1, 2), dispatch(M, offer()));
        costs!(cancel_offer(), (1, 2), dispatch(C, Call::decline_offer { twin, offer: 1 }));
        costs!(offer_twin(0), (1, 2), dispatch(M, offer()));
        costs!(accept_twin(), (1, 4), dispatch(C, Call::accept_twin { twin, offer: 2 }));
    });
}
