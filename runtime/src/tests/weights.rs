// SPDX-License-Identifier: Apache-2.0

//! The committed weights cover the reads and writes that the pallets count.

use crate::{weights, Runtime};
use frame_support::derive_impl;
use pallet_data_container::{
    MAX_DATA_SETS, MAX_DOCUMENT, MAX_GRANTS, MAX_ITEMS, MAX_KEY_HOLDERS, MAX_PAYLOAD, MAX_PURGE,
};
use pallet_digital_twin::{MAX_LINKS_PER_CALL, MAX_OFFER_ENVELOPES};

/// A runtime whose database costs nothing, which isolates the cost of the database.
#[frame_support::runtime]
mod without_database {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeError,
        RuntimeEvent,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Free;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Free {
    type Block = frame_system::mocking::MockBlock<Free>;
    type DbWeight = ();
}

/// Returns a call's name, the cost of its reads and writes, and its charged weight.
///
/// The reads and writes are those that the pallet counts (`tests/costs.rs` of the data container
/// pallet compares its counts with the code), at the database costs of this runtime. A benchmark
/// counts those of the state that it prepared, which for some calls is not the worst state. The
/// measured time must make up for the difference.
macro_rules! pair {
    ($pallet:ident, $call:ident($($argument:expr),*)) => {{
        use $pallet::weights::{SubstrateWeight, WeightInfo};
        let accesses = SubstrateWeight::<Runtime>::$call($($argument),*)
            .saturating_sub(SubstrateWeight::<Free>::$call($($argument),*))
            .ref_time();
        let charged =
            weights::$pallet::WeightInfo::<Runtime>::$call($($argument),*).ref_time();
        (stringify!($call($($argument),*)), accesses, charged)
    }};
}

/// Applies [`pair`] to many calls of one pallet.
macro_rules! pairs {
    ($pallet:ident: $($call:ident($($argument:expr),*),)*) => {
        [$(pair!($pallet, $call($($argument),*))),*]
    };
}

fn assert_covered(pairs: &[(&str, u64, u64)]) {
    let short: Vec<_> = pairs.iter().filter(|(_, accesses, charged)| charged < accesses).collect();
    assert!(short.is_empty(), "measure the weights again: {short:?} (accesses, charged)");
}

/// Detects a call that writes more than when its weight was measured.
#[test]
fn calls_on_data_containers_are_charged_at_least_their_reads_and_writes() {
    let envelopes = MAX_DATA_SETS;
    assert_covered(&pairs! { pallet_data_container:
        publish_plugin(MAX_DOCUMENT),
        retire_plugin(),
        create_container(8_192),
        instantiate(MAX_DOCUMENT, MAX_DATA_SETS, MAX_PAYLOAD),
        clone_container(MAX_DATA_SETS, MAX_PAYLOAD),
        set_description(8_192),
        add_data_set(100),
        retire_data_set(),
        purge(1),
        purge(MAX_PURGE),
        close_container(),
        set_entry(1),
        clear_entry(),
        append(1, 1),
        append(MAX_ITEMS, MAX_PAYLOAD),
        remove_item(),
        store(1, 1),
        store(MAX_DATA_SETS, MAX_PAYLOAD),
        offer_ownership(1, 0),
        offer_ownership(MAX_DATA_SETS, 0),
        offer_ownership(MAX_DATA_SETS, envelopes),
        accept_ownership(1),
        accept_ownership(MAX_DATA_SETS),
        cancel_offer(1),
        cancel_offer(MAX_DATA_SETS),
        set_sealed_entry(112),
        append_sealed(1, 112),
        set_role(1),
        set_role(MAX_DATA_SETS),
        assign_role(),
        unassign_role(),
        share(1, 0),
        share(MAX_DATA_SETS, envelopes),
        unshare(1),
        unshare(MAX_DATA_SETS),
        clear_expired(1),
        clear_expired(MAX_GRANTS),
        leave(1),
        leave(MAX_GRANTS),
        rename_role(),
        remove_role(1),
        remove_role(MAX_DATA_SETS),
        set_encryption_key(),
        rotate_key(0),
        rotate_key(envelopes),
        set_envelope(),
        set_envelopes(1),
        set_envelopes(envelopes),
        set_account_envelopes(1),
        set_account_envelopes(MAX_KEY_HOLDERS),
        remove_account_envelope(),
        may_link(1),
        may_link(MAX_DATA_SETS),
    });
}

/// The same for twins.
#[test]
fn calls_on_twins_are_charged_at_least_their_reads_and_writes() {
    assert_covered(&pairs! { pallet_digital_twin:
        create_twin(8_192, 0),
        create_twin(8_192, MAX_LINKS_PER_CALL),
        set_description(8_192),
        set_link(),
        remove_link(),
        deactivate_twin(),
        offer_twin(0),
        offer_twin(MAX_OFFER_ENVELOPES),
        accept_twin(),
        cancel_offer(),
    });
}
