// SPDX-License-Identifier: Apache-2.0

//! A runtime with only this pallet, and the helpers of its tests.

use crate::{self as pallet_data_container, answers::*, pallet::*, types::*};
use codec::{Decode, Encode};
use frame_support::{
    derive_impl,
    dispatch::{
        DispatchInfo, DispatchResult, DispatchResultWithPostInfo, GetDispatchInfo, PostDispatchInfo,
    },
    parameter_types,
    traits::Hooks,
    weights::constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
};
use frame_system::limits::BlockWeights;
use sp_core::H256;
use sp_io::TestExternalities;
use sp_runtime::{
    traits::Dispatchable, BuildStorage, DispatchError, DispatchErrorWithPostInfo, Perbill,
    StateVersion, Weight,
};
use twinchain_primitives::{
    Access, ContainerId, DataSetId, Moment, Name, PluginId, PublicKey, RoleId, SealedSeed,
    SharedEnvelope, Stamp, MAX_NAME,
};

pub type AccountId = u64;
pub type Block = frame_system::mocking::MockBlock<Test>;

/// The manufacturer.
pub const M: AccountId = 1;
/// The customer.
pub const C: AccountId = 2;
/// The service technician.
pub const S: AccountId = 3;
/// A member without rights.
pub const X: AccountId = 4;

/// The time of the first block, in Unix milliseconds.
pub const START: Moment = 1_700_000_000_000;
/// The time between two blocks, in milliseconds.
pub const SLOT: Moment = 6_000;

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
    pub type DataContainer = pallet_data_container;
}

parameter_types! {
    /// Two seconds for each block, of which normal extrinsics can use three quarters.
    pub Weights: BlockWeights = BlockWeights::with_sensible_defaults(
        Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2), u64::MAX),
        Perbill::from_percent(75),
    );
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type BlockWeights = Weights;
    type DbWeight = ParityDbWeight;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl Config for Test {
    type Time = Timestamp;
    type WeightInfo = crate::weights::SubstrateWeight<Test>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Helper;
}

/// The benchmarks' access to the runtime.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Helper {
    fn set_time(now: Moment) {
        Timestamp::set_timestamp(now);
    }
}

/// Builds the externalities of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    /// Returns a chain in its first block.
    pub fn build(self) -> TestExternalities {
        let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(START);
        });
        externalities
    }

    /// Runs the integrity test and a test, and then checks all invariants.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            DataContainer::integrity_test();
            test();
            DataContainer::do_try_state().unwrap();
        });
    }
}

/// Runs a test on a new chain, and then checks all invariants.
pub fn run(test: impl FnOnce()) {
    ExtBuilder.build_and_execute(test);
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Advances by `count` blocks. Keeps the events so far.
pub fn next_blocks(count: u64) {
    for _ in 0..count {
        System::set_block_number(System::block_number() + 1);
        Timestamp::set_timestamp(Timestamp::get() + SLOT);
    }
}

pub fn set_time(now: Moment) {
    Timestamp::set_timestamp(now);
}

/// Dispatches a call as a transaction does.
pub fn dispatch(
    who: AccountId,
    call: Call<Test>,
) -> Result<PostDispatchInfo, DispatchErrorWithPostInfo<PostDispatchInfo>> {
    RuntimeCall::from(call).dispatch(signed(who))
}

/// Returns the outcome of a call without its weight.
pub fn outcome(result: DispatchResultWithPostInfo) -> DispatchResult {
    result.map(|_| ()).map_err(|refused| refused.error)
}

pub fn info(call: &Call<Test>) -> DispatchInfo {
    RuntimeCall::from(call.clone()).get_dispatch_info()
}

/// Returns the root of the state.
pub fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

pub fn name(text: &str) -> Name {
    Name::try_from(text.as_bytes()).unwrap()
}

/// Returns a name of the maximum length.
pub fn long_name() -> String {
    "n".repeat(MAX_NAME as usize)
}

pub fn hash(bytes: &[u8]) -> H256 {
    sp_io::hashing::blake2_256(bytes).into()
}

/// Returns the offset of `part` in the definition of data set `member`, from the beginning of its
/// member.
pub fn at(document: &str, member: &str, part: &str) -> u16 {
    let start = document.find(&format!("\"{member}\":")).expect("the member exists");
    u16::try_from(document[start..].find(part).expect("the part exists")).expect("the offset fits")
}

/// Returns a plugin document with these data sets, each `"name": {..}`.
pub fn document(properties: &str) -> String {
    format!(r#"{{"description":{{"name":"test"}},"template":{{"properties":{{{properties}}}}}}}"#)
}

/// Returns a plugin document with one public entry `value` that has this schema.
pub fn document_of(schema: &str) -> String {
    document(&format!(r#""value":{}"#, definition(schema)))
}

/// Returns the definition of a public entry with this schema.
pub fn definition(schema: &str) -> String {
    format!(r#"{{"type":"entry","visibility":"public","dataSchema":{schema}}}"#)
}

/// Returns a text with spaces appended up to a length of `bytes`.
pub fn padded(text: &str, bytes: usize) -> String {
    let blanks = " ".repeat(bytes - text.len());
    format!("{text}{blanks}")
}

/// A small plugin: public entries and lists, some of which the roles `technician` and `chief`
/// write, a write-once entry and list, and a confidential entry and list.
pub const SERVICE: &str = r#"{
  "description": {"name": "service", "labels": {"de": "Wartung"}},
  "template": {"type": "service", "properties": {
    "manual": {"type": "entry", "visibility": "public", "dataSchema": {"type": "string"},
      "value": "https://crane.example/manual.pdf"},
    "usageLog": {"type": "list", "visibility": "public",
      "dataSchema": {"type": "array", "items": {"type": "object", "required": ["hours"],
        "properties": {"hours": {"type": "integer", "minimum": 0}}, "additionalProperties": false}},
      "permissions": {"0": ["set", "remove"], "technician": ["set"], "chief": ["remove"]}},
    "hours": {"type": "entry", "visibility": "public", "dataSchema": {"type": "integer"},
      "permissions": {"technician": ["set"], "chief": ["set", "remove"]}},
    "serial": {"type": "entry", "visibility": "public", "writeOnce": true,
      "dataSchema": {"type": "string", "maxLength": 20}},
    "stamps": {"type": "list", "visibility": "public", "writeOnce": true,
      "dataSchema": {"type": "integer"}},
    "price": {"dataSchema": {"type": "number"}, "type": "entry",
      "permissions": {"technician": ["set"]}},
    "offers": {"dataSchema": {"type": "number"}, "type": "list"}
  }}
}"#;

/// The role `technician` of [`SERVICE`].
pub const TECHNICIAN: RoleId = 0;
/// The role `chief` of [`SERVICE`].
pub const CHIEF: RoleId = 1;
/// The data set ids of [`SERVICE`].
pub const USAGE_LOG: DataSetId = 1;
pub const HOURS: DataSetId = 2;
pub const PRICE: DataSetId = 5;
pub const OFFERS: DataSetId = 6;

/// Publishes a valid document. Returns the plugin's id.
pub fn publish(who: AccountId, document: &str) -> PluginId {
    let id = NextPluginId::<Test>::get();
    DataContainer::publish_plugin(signed(who), document.as_bytes().to_vec()).unwrap();
    id
}

/// Instantiates a plugin. Returns the container's id.
pub fn instantiate(who: AccountId, plugin: PluginId) -> ContainerId {
    let id = NextContainerId::<Test>::get();
    DataContainer::instantiate(signed(who), plugin, vec![]).unwrap();
    id
}

/// Returns a new container of [`SERVICE`] that belongs to [`M`]. Gives `M` an encryption key, and
/// resets the events.
pub fn service() -> ContainerId {
    let id = instantiate(M, publish(M, SERVICE));
    key_version(M);
    System::reset_events();
    id
}

/// Returns a new container of M with one public entry `value` that has this schema.
pub fn container_of(schema: &str) -> ContainerId {
    instantiate(M, publish(M, &document_of(schema)))
}

/// Sets the entry `value`, signed by M.
pub fn set_value(container: ContainerId, value: &[u8]) -> DispatchResult {
    set(M, container, "value", value)
}

pub fn set(who: AccountId, container: ContainerId, data_set: &str, value: &[u8]) -> DispatchResult {
    outcome(DataContainer::set_entry(signed(who), container, data_set.into(), value.to_vec(), None))
}

pub fn append(
    who: AccountId,
    container: ContainerId,
    data_set: &str,
    items: &[&str],
) -> DispatchResult {
    outcome(DataContainer::append(signed(who), container, data_set.into(), texts(items), None))
}

pub fn texts(items: &[&str]) -> Vec<Vec<u8>> {
    items.iter().map(|item| item.as_bytes().to_vec()).collect()
}

pub fn new_value(data_set: &str, value: &str) -> NewValue {
    NewValue { data_set: data_set.into(), value: value.into(), expected_revision: None }
}

pub fn data_set(container: ContainerId, data_set: &str) -> DataSet<AccountId, u64> {
    DataSets::<Test>::get(container, name(data_set)).unwrap()
}

/// Returns the value of an entry as text.
pub fn entry(container: ContainerId, data_set: &str) -> Option<String> {
    DataContainer::entry(container, data_set.into()).map(|entry| text(&entry.value))
}

/// Returns `true` if an account may link a container.
pub fn may_link(who: AccountId, container: ContainerId) -> Result<bool, DispatchError> {
    DataContainer::may_link_container(&who, container, &mut Weight::zero())
}

/// Checks whether the call for the data set's kind and visibility would accept a value.
pub fn check_value(
    container: ContainerId,
    data_set: &str,
    value: impl Into<Vec<u8>>,
) -> Result<(), Refusal> {
    let call = Name::try_from(data_set.as_bytes())
        .ok()
        .and_then(|name| DataSets::<Test>::get(container, name))
        .map_or(WriteCall::SetEntry, |set| match (set.kind, set.visibility) {
            (Kind::Entry, Visibility::Public) => WriteCall::SetEntry,
            (Kind::List, Visibility::Public) => WriteCall::Append,
            (Kind::Entry, Visibility::Confidential) => WriteCall::SetSealedEntry,
            (Kind::List, Visibility::Confidential) => WriteCall::AppendSealed,
        });
    DataContainer::check_value(container, data_set.into(), call, value.into())
}

pub fn text(value: &StoredValue) -> String {
    assert!(matches!(value, StoredValue::Public(_)), "{value:?} is sealed");
    String::from_utf8(value.bytes().to_vec()).unwrap()
}

/// Returns the items of a list from the first to the last batch. A removed item is `None`.
pub fn items(container: ContainerId, data_set: &str) -> Vec<Vec<Option<String>>> {
    let page = DataContainer::batches(container, data_set.into(), 0, u32::MAX);
    assert_eq!(page.next, None, "the list is longer than a page");
    page.items
        .iter()
        .map(|batch| batch.stored.items.iter().map(|item| item.as_ref().map(text)).collect())
        .collect()
}

/// Gives an account a role in a container.
pub fn assign(container: ContainerId, who: AccountId, role: RoleId) {
    let mut rights = AccountRights::<Test>::get(container, who).unwrap_or_default();
    rights.roles.try_push(role).unwrap();
    RoleHolders::<Test>::mutate(container, role, |holders| {
        *holders = Some(holders.unwrap_or(0) + 1)
    });
    DataContainer::put_rights(container, &who, rights);
}

/// Replaces the grant of an account on a data set, also with one that no call would give.
pub fn grant(
    container: ContainerId,
    who: AccountId,
    data_set: DataSetId,
    access: Access,
    until: Option<Moment>,
) {
    let mut rights = AccountRights::<Test>::get(container, who).unwrap_or_default();
    rights.grants.retain(|grant| grant.data_set != data_set);
    let mut grant = Grant::none(data_set);
    grant.give(access, Until::from_call(until));
    rights.grants.try_push(grant).unwrap();
    DataContainer::put_rights(container, &who, rights);
}

/// Offers a container without a deadline to [`C`], or to [`M`] if C owns it.
pub fn offer(container: ContainerId) {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    let to = if owner == C { M } else { C };
    let call = DataContainer::offer_ownership(
        signed(owner),
        container,
        to,
        Moment::MAX,
        all_envelopes(container, to),
    );
    call.unwrap();
}

/// Returns an envelope for an account of every data set of a container that has a key.
pub fn all_envelopes(container: ContainerId, who: AccountId) -> Vec<SharedEnvelope> {
    DataContainer::data_sets(container)
        .into_iter()
        .filter(|(_, set)| set.key.is_some())
        .map(|(name, _)| core::str::from_utf8(name.as_ref()).unwrap().to_string())
        .map(|name| offered_with(container, &name, who))
        .collect()
}

/// Cancels the offer of a container.
pub fn withdraw(container: ContainerId) {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    DataContainer::cancel_offer(signed(owner), container).unwrap();
}

/// Returns a valid public key of an account or an epoch.
pub fn public_key(n: u8) -> Vec<u8> {
    let mut key = vec![n; 32];
    key[31] = 0x40;
    key
}

/// Returns a public key that depends on `seed`: different seeds give different keys.
pub fn seeded_key(seed: impl Encode) -> Vec<u8> {
    let mut key = sp_io::hashing::blake2_256(&seed.encode()).to_vec();
    key[31] &= 0x3f;
    key
}

/// A sealed seed. The chain cannot distinguish it from another one.
pub const SEALED_SEED: [u8; 80] = [7; 80];

/// Returns [`SEALED_SEED`] as it is stored.
pub fn sealed_seed() -> SealedSeed {
    SEALED_SEED.to_vec().try_into().unwrap()
}

/// Gives an account the versions 1 to `version` of an encryption key.
pub fn set_key(who: AccountId, version: u32) {
    let key = |version| {
        let public: PublicKey = seeded_key((who, version)).try_into().unwrap();
        AccountKey { suite: SUITE, public }
    };
    for version in 1..=version {
        UsedKeys::<Test>::insert(Some(who), hash(&key(version).public), ());
        KeyVersions::<Test>::insert(who, version, key(version));
    }
    let leaked = EncryptionKeys::<Test>::get(who).and_then(|key| key.leaked);
    let newest = EncryptionKey { version, key: key(version), since: 0, leaked };
    EncryptionKeys::<Test>::insert(who, newest);
}

/// Rotates the key of a confidential data set, with envelopes for its owner and readers. Gives
/// encryption keys to those that have none. Returns the new epoch.
pub fn rotate(container: ContainerId, data_set: &str, readers: &[AccountId]) -> u32 {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    let envelope = |reader| {
        let key_version = key_version(reader);
        ReaderEnvelope { reader, key_version, envelope: SEALED_SEED.to_vec() }
    };
    let set = DataSets::<Test>::get(container, name(data_set)).unwrap();
    let epoch = set.key.map_or(0, |key| key.epoch);
    let previous_seed = link(epoch);
    DataContainer::rotate_key(
        signed(owner),
        container,
        data_set.into(),
        epoch,
        SUITE,
        seeded_key((container, set.id, epoch)),
        previous_seed,
        key_version(owner),
        SEALED_SEED.to_vec(),
        readers.iter().map(|reader| envelope(*reader)).collect(),
    )
    .unwrap();
    epoch + 1
}

/// Returns the link to an epoch, or a cut for epoch 0, which has no seed.
pub fn link(epoch: u32) -> PreviousSeed {
    match epoch {
        0 => PreviousSeed::Cut,
        _ => PreviousSeed::Link(SEALED_SEED.to_vec()),
    }
}

/// Returns the version of an account's encryption key. Gives it one if it has none.
pub fn key_version(who: AccountId) -> u32 {
    if !EncryptionKeys::<Test>::contains_key(who) {
        set_key(who, 1);
    }
    EncryptionKeys::<Test>::get(who).unwrap().version
}

/// Returns the current envelope of a data set for an account.
pub fn offered_with(container: ContainerId, set: &str, who: AccountId) -> SharedEnvelope {
    SharedEnvelope {
        data_set: set.into(),
        epoch: data_set(container, set).key.unwrap().epoch,
        key_version: key_version(who),
        envelope: SEALED_SEED.to_vec(),
    }
}

/// Returns a sealed value of the minimum length.
pub fn ciphertext() -> Vec<u8> {
    vec![9; 112]
}

/// Sets a confidential entry to a sealed value.
pub fn set_sealed(
    who: AccountId,
    container: ContainerId,
    data_set: &str,
    epoch: u32,
) -> DispatchResult {
    let (set, value) = (data_set.into(), ciphertext());
    DataContainer::set_sealed_entry(signed(who), container, set, epoch, value, None)
}

/// Appends sealed items to a confidential list.
pub fn append_sealed(
    who: AccountId,
    container: ContainerId,
    data_set: &str,
    epoch: u32,
) -> DispatchResult {
    let (set, items) = (data_set.into(), vec![ciphertext(); 2]);
    DataContainer::append_sealed(signed(who), container, set, epoch, items, None)
}

/// Returns access to a data set as an argument of calls.
pub fn access(data_set: &str, access: Access) -> DataSetAccess {
    DataSetAccess { data_set: data_set.into(), access }
}

/// Shares one data set, signed by the owner.
pub fn share(
    container: ContainerId,
    who: AccountId,
    data_set: &str,
    wanted: Access,
    until: Option<Moment>,
) -> DispatchResult {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    let wanted = vec![access(data_set, wanted)];
    outcome(DataContainer::share(signed(owner), container, who, wanted, until, vec![]))
}

/// Takes access to one data set away, signed by the owner.
pub fn unshare(
    container: ContainerId,
    who: AccountId,
    data_set: &str,
    ended: Access,
) -> DispatchResult {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    outcome(DataContainer::unshare(signed(owner), container, who, vec![access(data_set, ended)]))
}

pub fn close(container: ContainerId) {
    DataContainer::close_container(signed(M), container).unwrap();
}

/// Returns the pallet's events since the last reset, in order. Each stamp is replaced by [`STAMP`].
pub fn events() -> Vec<Event<Test>> {
    let empty = |event: Event<Test>| {
        let mut bytes = event.encode();
        if is_stamped(&bytes) {
            // The index, the container, and then the stamp.
            bytes[9..9 + STAMP.encoded_size()].fill(0);
        }
        Event::decode(&mut &bytes[..]).unwrap()
    };
    stamped_events().into_iter().map(empty).collect()
}

/// Returns the pallet's events since the last reset, in order, with their stamps.
pub fn stamped_events() -> Vec<Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::DataContainer(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// Returns the event for a data set that was added.
pub fn added(container: ContainerId, text: &str) -> Event<Test> {
    let DataSet { id, kind, visibility, write_once, schema, document, .. } =
        data_set(container, text);
    Event::DataSetAdded {
        container,
        stamp: STAMP,
        data_set: id,
        name: name(text),
        kind,
        visibility,
        write_once,
        schema,
        document,
    }
}

/// Returns the event for the permissions of a role.
pub fn role_set(
    container: ContainerId,
    role: RoleId,
    text: &str,
    permissions: &[(DataSetId, Access)],
) -> Event<Test> {
    let permission =
        |(data_set, access): &(_, _)| DataSetPermission { data_set: *data_set, access: *access };
    let permissions = permissions.iter().map(permission).collect();
    Event::RoleSet { container, stamp: STAMP, role, name: name(text), permissions }
}

/// Returns `true` if an event is part of the history of a container.
pub fn is_stamped(event: &[u8]) -> bool {
    // Events of plugins, of values, and of accounts' keys are not.
    ![0, 1, 7, 14, 22, 23].contains(&event[0])
}

/// The stamp in [`events`].
pub const STAMP: Stamp<AccountId, u64> = Stamp { revision: 0, author: 0, block: 0, time: 0 };

/// Returns the hash that the event of an append carries.
pub fn items_hash(items: &[&str]) -> H256 {
    hash(&texts(items).encode())
}

impl twinchain_primitives::testing::Uncharge for Error<Test> {}
