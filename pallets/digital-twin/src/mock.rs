// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet and the real data container pallet, and the initial state of the
//! tests.

use crate::{self as pallet_digital_twin, pallet::*, types::*};
use codec::{Decode, Encode};
use frame_support::{
    derive_impl,
    dispatch::{DispatchInfo, GetDispatchInfo, PostDispatchInfo},
    parameter_types,
    weights::constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
};
use frame_system::limits::BlockWeights;
use sp_core::H256;
use sp_io::TestExternalities;
use sp_runtime::{
    traits::{Dispatchable, IdentityLookup},
    AccountId32, BuildStorage, DispatchErrorWithPostInfo, Perbill, StateVersion, Weight,
};
use twinchain_primitives::{Access, Asset, ContainerId, Moment, Name, PluginId, Stamp, TwinId};

pub type Block = frame_system::mocking::MockBlock<Test>;
pub type ContainerError = pallet_data_container::Error<Test>;
pub type ContainerEvent = pallet_data_container::Event<Test>;

/// The manufacturer.
pub const M: AccountId32 = AccountId32::new([1; 32]);
/// The customer.
pub const C: AccountId32 = AccountId32::new([2; 32]);
/// The service technician.
pub const S: AccountId32 = AccountId32::new([3; 32]);
/// A member without any rights.
pub const X: AccountId32 = AccountId32::new([4; 32]);

/// The time of the first block.
pub const START: Moment = 1_700_000_000_000;

/// The asset of the twins that [`twin`] creates.
pub const CRANE: &str = "cranes.example/BC250-4711";

#[frame_support::runtime]
mod runtime {
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
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type DigitalTwin = pallet_digital_twin;
    #[runtime::pallet_index(3)]
    pub type DataContainer = pallet_data_container;
}

parameter_types! {
    /// 1.5 seconds of execution in each block, 75 % of it for ordinary transactions.
    pub Weights: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(3) / 2, u64::MAX),
        Perbill::from_percent(75),
    );
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId32;
    type Block = Block;
    type BlockWeights = Weights;
    type DbWeight = ParityDbWeight;
    type Lookup = IdentityLookup<AccountId32>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl pallet_data_container::Config for Test {
    type Time = Timestamp;
    type WeightInfo = pallet_data_container::weights::SubstrateWeight<Test>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

impl Config for Test {
    type Containers = DataContainer;
    type Time = Timestamp;
    type WeightInfo = crate::weights::SubstrateWeight<Test>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// Helpers that the benchmarks need.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_data_container::BenchmarkHelper for Helper {
    fn set_time(now: Moment) {
        Timestamp::set_timestamp(now);
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId32> for Helper {
    fn container(owner: &AccountId32) -> ContainerId {
        let id = pallet_data_container::NextContainerId::<Test>::get();
        DataContainer::create_container(signed(owner.clone()), vec![]).unwrap();
        id
    }
}

/// The builder of a test's chain.
#[derive(Default)]
pub struct ExtBuilder {
    plugins: Vec<String>,
}

impl ExtBuilder {
    /// Publishes a plugin by [`M`] before the test. Ids are assigned in sequence from 0.
    pub fn with_plugin(mut self, document: impl Into<String>) -> Self {
        self.plugins.push(document.into());
        self
    }

    /// Builds a chain in its first block.
    pub fn build(self) -> TestExternalities {
        let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(START);
            for document in self.plugins {
                DataContainer::publish_plugin(signed(M), document.into_bytes()).unwrap();
            }
            System::reset_events();
        });
        externalities
    }

    /// Runs a test, then checks the invariants of both pallets.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            try_state();
        });
    }
}

/// Runs a test on a new chain with the plugins [`SERVICE`] and [`PRODUCTION`], then checks its
/// state.
pub fn run(test: impl FnOnce()) {
    ExtBuilder::default().with_plugin(SERVICE).with_plugin(PRODUCTION).build_and_execute(test);
}

/// Checks the invariants of both pallets.
pub fn try_state() {
    DigitalTwin::do_try_state().unwrap();
    DataContainer::do_try_state().unwrap();
}

/// A plugin with a public entry and a public list, without defaults. [`run`] publishes it as
/// [`SERVICE_ID`].
pub const SERVICE: &str = r#"{"description":{"name":"service"},"template":{"properties":{
    "manual":{"type":"entry","visibility":"public","dataSchema":{"type":"string"}},
    "serviceLog":{"type":"list","visibility":"public","dataSchema":{"type":"string"}}}}}"#;
pub const SERVICE_ID: PluginId = 0;

/// A plugin with a confidential list, and a public entry with a default. [`run`] publishes it as
/// [`PRODUCTION_ID`].
pub const PRODUCTION: &str = r#"{"description":{"name":"production"},"template":{"properties":{
    "steps":{"type":"list","dataSchema":{"type":"string"},"permissions":{"worker":["set"]}},
    "plant":{"type":"entry","visibility":"public","dataSchema":{"type":"string"},
        "value":"north"}}}}"#;
pub const PRODUCTION_ID: PluginId = 1;

/// The id of a plugin that does not exist.
pub const NO_PLUGIN: PluginId = 99;

pub fn signed(who: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Returns a link's name. Panics if it is invalid.
pub fn name(text: &str) -> Name {
    Name::try_from(text.as_bytes()).unwrap()
}

pub fn asset(text: &str) -> Asset {
    Asset::try_from(text.as_bytes()).unwrap()
}

/// Returns the root of the whole state.
pub fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// Dispatches a signed call.
pub fn dispatch(
    who: AccountId32,
    call: impl Into<RuntimeCall>,
) -> Result<PostDispatchInfo, DispatchErrorWithPostInfo<PostDispatchInfo>> {
    call.into().dispatch(signed(who))
}

pub fn info(call: &Call<Test>) -> DispatchInfo {
    RuntimeCall::from(call.clone()).get_dispatch_info()
}

/// Creates a twin of an asset with links, and returns its id.
pub fn twin_of(who: AccountId32, asset: &str, links: Vec<NewLink<AccountId32>>) -> TwinId {
    let id = NextTwinId::<Test>::get();
    DigitalTwin::create_twin(signed(who), b"{}".to_vec(), asset.into(), links).unwrap();
    id
}

/// Creates a twin of [`CRANE`] without links, and returns its id.
pub fn twin(who: AccountId32) -> TwinId {
    twin_of(who, CRANE, vec![])
}

/// Creates an instance of a plugin, and returns the container's id.
pub fn container(who: AccountId32, plugin: PluginId) -> ContainerId {
    let id = pallet_data_container::NextContainerId::<Test>::get();
    DataContainer::instantiate(signed(who), plugin, vec![]).unwrap();
    id
}

/// Sets a link. Panics on failure.
pub fn link(who: AccountId32, twin: TwinId, name: &str, target: Target<AccountId32>) {
    DigitalTwin::set_link(signed(who), twin, name.into(), target).unwrap();
}

/// Returns a new link to a hash, which requires no other record.
pub fn hash_link(name: impl Into<Vec<u8>>) -> NewLink<AccountId32> {
    NewLink::Hash { name: name.into(), hash: H256::repeat_byte(7) }
}

/// Returns a new link to a new instance of a plugin.
pub fn instance(name: &str, plugin: PluginId) -> NewLink<AccountId32> {
    NewLink::Instantiate { name: name.into(), plugin }
}

/// Gives an account WRITE on a container's first data set.
pub fn grant(container: ContainerId, who: AccountId32, until: Option<Moment>) {
    let mut grant = pallet_data_container::Grant::none(0);
    grant.give(Access::WRITE, pallet_data_container::Until::from_call(until));
    pallet_data_container::AccountRights::<Test>::mutate(container, &who, |rights| {
        let grants = &mut rights.get_or_insert_default().grants;
        grants.retain(|old| old.data_set != grant.data_set);
        grants.try_push(grant).unwrap();
    });
    pallet_data_container::ContainersSharedWith::<Test>::insert(who, container, ());
}

/// Offers a twin to [`C`], or to [`M`] if C owns it, without a deadline.
pub fn offer(twin: TwinId) {
    let owner = Twins::<Test>::get(twin).unwrap().owner;
    let to = if owner == C { M } else { C };
    let call = DigitalTwin::offer_twin(signed(owner), twin, to, Moment::MAX, vec![], vec![]);
    call.unwrap();
}

/// Cancels the offer of a twin.
pub fn withdraw(twin: TwinId) {
    let owner = Twins::<Test>::get(twin).unwrap().owner;
    DigitalTwin::cancel_offer(signed(owner), twin).unwrap();
}

pub fn deactivate(who: AccountId32, twin: TwinId) {
    DigitalTwin::deactivate_twin(signed(who), twin).unwrap();
}

/// Returns all events of all pallets since the last call of this function, in order. Each stamp is
/// replaced by an empty [`stamp`].
pub fn events() -> Vec<RuntimeEvent> {
    let empty = |event: RuntimeEvent| {
        let mut bytes = event.encode();
        if is_stamped(&event) {
            // The pallet, the event, and the id of the twin or container precede the stamp.
            bytes[10..10 + stamp().encoded_size()].fill(0);
        }
        RuntimeEvent::decode(&mut &bytes[..]).unwrap()
    };
    stamped_events().into_iter().map(empty).collect()
}

/// Returns all events of all pallets since the last call of this function, in order and unchanged.
pub fn stamped_events() -> Vec<RuntimeEvent> {
    let events = System::events().into_iter().map(|record| record.event).collect();
    System::reset_events();
    events
}

/// Returns `true` if an event is part of the history of a twin or a container.
pub fn is_stamped(event: &RuntimeEvent) -> bool {
    match event {
        RuntimeEvent::DigitalTwin(_) => true,
        // Events of plugins, of values and of accounts' keys are not.
        RuntimeEvent::DataContainer(event) => ![0, 1, 7, 14, 22, 23].contains(&event.encode()[0]),
        _ => false,
    }
}

/// Returns the empty stamp in [`events`].
pub fn stamp() -> Stamp<AccountId32, u64> {
    Stamp { revision: 0, author: AccountId32::new([0; 32]), block: 0, time: 0 }
}

/// Returns the twins that link a container, each with the number of links, sorted by twin.
pub fn linked_by(container: ContainerId) -> Vec<(TwinId, u32)> {
    let mut twins: Vec<_> = TwinsOfContainer::<Test>::iter_prefix(container).collect();
    twins.sort_unstable();
    twins
}

/// Returns the target of a link.
pub fn target(twin: TwinId, link: &str) -> Option<Target<AccountId32>> {
    Links::<Test>::get(twin, name(link))
}

impl twinchain_primitives::testing::Uncharge for Error<Test> {}
