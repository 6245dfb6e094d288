// SPDX-License-Identifier: Apache-2.0

//! The chain that the sequences run on: the runtime of the node, called as blocks call it.

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

/// The calls on data containers.
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

/// Sets number and time of the current block.
pub fn set_block(number: BlockNumber, now: Moment) {
    System::set_block_number(number);
    // The inherent would want a slot as well, which neither pallet looks at.
    pallet_timestamp::Now::<Runtime>::put(now);
}

/// Dispatches a call of a signer. The quotas of members are the business of the transaction
/// extensions, and count for nothing here.
pub fn dispatch(signer: AccountId, call: RuntimeCall) -> DispatchResultWithPostInfo {
    call.dispatch(RuntimeOrigin::signed(signer))
}

/// Returns the events since the last call of this, in order, of all pallets.
pub fn take_events() -> Vec<RuntimeEvent> {
    let events = System::events().into_iter().map(|record| record.event).collect();
    System::reset_events();
    events
}

/// Checks what always holds in both pallets.
pub fn try_state() {
    DigitalTwin::do_try_state().expect("twins are in order");
    DataContainer::do_try_state().expect("containers are in order");
}

/// Returns whether an event is a part of the history of a twin or a container.
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

/// Returns the name of a call, as the table has it.
pub fn name_of_call(call: &RuntimeCall) -> String {
    match call {
        RuntimeCall::DigitalTwin(call) => format!("twin:{}", call.get_call_name()),
        call => call.get_call_metadata().function_name.into(),
    }
}
