// SPDX-License-Identifier: Apache-2.0

//! The committed weights cover what the pallets count.

use crate::{weights, Runtime};
use frame_support::weights::Weight;
use pallet_data_container::{
    weights::{SubstrateWeight, WeightInfo},
    MAX_DATA_SETS, MAX_DOCUMENT, MAX_GRANTS, MAX_ITEMS, MAX_KEY_HOLDERS, MAX_PAYLOAD, MAX_PURGE,
};

type Committed = weights::pallet_data_container::WeightInfo<Runtime>;

/// Reads and writes of a call as the pallet counts them (its tests compare that with the code), with the
/// database costs of this runtime; and what the runtime charges for the call.
macro_rules! pair {
    ($call:ident($($argument:expr),*)) => {{
        let with_accesses = SubstrateWeight::<Runtime>::$call($($argument),*);
        let accesses = with_accesses.saturating_sub(<() as WeightInfo>::$call($($argument),*));
        let charged: Weight = Committed::$call($($argument),*);
        (stringify!($call), accesses.ref_time(), charged.ref_time())
    }};
}

/// A call that came to write more since its weight was measured is found here.
#[test]
fn calls_on_data_containers_are_charged_at_least_their_reads_and_writes() {
    let envelopes = MAX_DATA_SETS;
    let pairs = [
        pair!(retire_plugin()),
        pair!(create_container(8_192)),
        pair!(instantiate(MAX_DOCUMENT, MAX_DATA_SETS, MAX_PAYLOAD)),
        pair!(clone_container(MAX_DATA_SETS, MAX_PAYLOAD)),
        pair!(set_description(8_192)),
        pair!(add_data_set(100)),
        pair!(retire_data_set()),
        pair!(purge(1)),
        pair!(purge(MAX_PURGE)),
        pair!(close_container()),
        pair!(set_entry(1)),
        pair!(clear_entry()),
        pair!(append(1, 1)),
        pair!(append(MAX_ITEMS, MAX_PAYLOAD)),
        pair!(remove_item()),
        pair!(store(1, 1)),
        pair!(store(MAX_DATA_SETS, MAX_PAYLOAD)),
        pair!(offer_ownership(0)),
        pair!(offer_ownership(envelopes)),
        pair!(accept_ownership()),
        pair!(cancel_offer()),
        pair!(set_sealed_entry(112)),
        pair!(append_sealed(1, 112)),
        pair!(set_role(1)),
        pair!(set_role(MAX_DATA_SETS)),
        pair!(assign_role()),
        pair!(unassign_role()),
        pair!(share(1, 0)),
        pair!(share(MAX_DATA_SETS, envelopes)),
        pair!(unshare(1)),
        pair!(unshare(MAX_DATA_SETS)),
        pair!(clear_expired(1)),
        pair!(clear_expired(MAX_GRANTS)),
        pair!(set_encryption_key()),
        pair!(rotate_key(0)),
        pair!(rotate_key(envelopes)),
        pair!(set_envelope()),
        pair!(set_envelopes(1)),
        pair!(set_envelopes(envelopes)),
        pair!(set_account_envelopes(1)),
        pair!(set_account_envelopes(MAX_KEY_HOLDERS)),
        pair!(remove_account_envelope()),
        pair!(leave(1)),
        pair!(leave(MAX_GRANTS)),
        pair!(rename_role()),
        pair!(remove_role(1)),
        pair!(remove_role(MAX_DATA_SETS)),
        pair!(may_link(1)),
        pair!(may_link(MAX_DATA_SETS)),
    ];
    let short: Vec<_> = pairs.iter().filter(|(_, accesses, charged)| charged < accesses).collect();
    assert!(short.is_empty(), "measure the weights again: {short:?} (accesses, charged)");
}
