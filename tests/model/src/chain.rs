// SPDX-License-Identifier: Apache-2.0

//! The chain on which the sequences run: the runtime of the node, called as in blocks.

use frame_support::{
    dispatch::DispatchResultWithPostInfo,
    traits::{GetCallMetadata, GetCallName},
};
use sp_io::TestExternalities;
use sp_runtime::traits::Dispatchable;
use twinchain_primitives::Moment;
pub use twinchain_runtime::{
    AccountId, BlockNumber, DataContainer, DigitalTwin, Runtime, RuntimeCall, RuntimeEvent, System,
};
use twinchain_runtime::{RuntimeOrigin, SLOT_DURATION};

/// The calls of the container pallet.
pub type ContainerCall = pallet_data_container::Call<Runtime>;

/// The time of the first block.
pub const START: Moment = 1_700_000_000_000;
/// The time between two blocks.
pub const SLOT: Moment = SLOT_DURATION;

/// Returns a chain in its first block.
pub fn chain() -> TestExternalities {
    let mut externalities = TestExternalities::default();
    externalities.execute_with(|| set_block(1, START));
    externalities
}

/// Sets the number and the time of the current block.
pub fn set_block(number: BlockNumber, now: Moment) {
    System::set_block_number(number);
    // The inherent would require a slot as well, which neither pallet uses.
    pallet_timestamp::Now::<Runtime>::put(now);
}

/// Dispatches a call of a signer. Quotas do not apply: transaction extensions enforce them.
pub fn dispatch(signer: AccountId, call: RuntimeCall) -> DispatchResultWithPostInfo {
    call.dispatch(RuntimeOrigin::signed(signer))
}

/// Returns the events of all pallets since the last call of this function, in order.
pub fn take_events() -> Vec<RuntimeEvent> {
    let events = System::events().into_iter().map(|record| record.event).collect();
    System::reset_events();
    events
}

/// Checks the invariants of both pallets.
pub fn try_state() {
    DigitalTwin::do_try_state().expect("the twins are consistent");
    DataContainer::do_try_state().expect("the containers are consistent");
}

/// Returns `true` if an event is part of the history of a twin or a container.
pub fn is_stamped(event: &RuntimeEvent) -> bool {
    use pallet_data_container::Event::*;
    match event {
        RuntimeEvent::DigitalTwin(_) => true,
        RuntimeEvent::DataContainer(
            PluginPublished { .. }
            | PluginRetired { .. }
            | DataSetChanged { .. }
            | EncryptionKeySet { .. }
            | AccountEnvelopeSet { .. }
            | AccountEnvelopeRemoved { .. },
        ) => false,
        RuntimeEvent::DataContainer(_) => true,
        _ => false,
    }
}

/// Returns the name of a call as it appears in the table.
pub fn name_of_call(call: &RuntimeCall) -> String {
    match call {
        RuntimeCall::DigitalTwin(call) => format!("twin:{}", call.get_call_name()),
        call => call.get_call_metadata().function_name.into(),
    }
}
