// SPDX-License-Identifier: Apache-2.0

//! A chain with nothing but this pallet, and what its tests begin with.

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
/// A member without any rights.
pub const X: AccountId = 4;

/// The time of the first block.
pub const START: Moment = 1_700_000_000_000;
/// The time between two blocks.
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
    /// Two seconds a block, three quarters of them for what users send.
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

/// What the benchmarks need.
#[cfg(feature = "runtime-benchmarks")]
pub struct Helper;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Helper {
    fn set_time(now: Moment) {
        Timestamp::set_timestamp(now);
    }
}

/// Makes the chain of a test.
#[derive(Default)]
pub struct ExtBuilder;

impl ExtBuilder {
    /// A chain in its first block.
    pub fn build(self) -> TestExternalities {
        let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            Timestamp::set_timestamp(START);
        });
        externalities
    }

    /// Runs a test, and then checks that everything holds that always has to.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            DataContainer::integrity_test();
            test();
            DataContainer::do_try_state().unwrap();
        });
    }
}

/// Runs a test on a new chain, and then checks its state.
pub fn run(test: impl FnOnce()) {
    ExtBuilder.build_and_execute(test);
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Goes on by so many blocks. The events so far stay.
pub fn next_blocks(count: u64) {
    for _ in 0..count {
        System::set_block_number(System::block_number() + 1);
        Timestamp::set_timestamp(Timestamp::get() + SLOT);
    }
}

pub fn set_time(now: Moment) {
    Timestamp::set_timestamp(now);
}

/// Submits a call as a transaction would.
pub fn dispatch(
    who: AccountId,
    call: Call<Test>,
) -> Result<PostDispatchInfo, DispatchErrorWithPostInfo<PostDispatchInfo>> {
    RuntimeCall::from(call).dispatch(signed(who))
}

/// The outcome of a call, without what it is charged.
pub fn outcome(result: DispatchResultWithPostInfo) -> DispatchResult {
    result.map(|_| ()).map_err(|refused| refused.error)
}

pub fn info(call: &Call<Test>) -> DispatchInfo {
    RuntimeCall::from(call.clone()).get_dispatch_info()
}

/// The root of the whole state.
pub fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

pub fn name(text: &str) -> Name {
    Name::try_from(text.as_bytes()).unwrap()
}

/// The longest name that there is.
pub fn long_name() -> String {
    "n".repeat(MAX_NAME as usize)
}

pub fn hash(bytes: &[u8]) -> H256 {
    sp_io::hashing::blake2_256(bytes).into()
}

/// Where a part of a document stands, counted from where the member of its data set begins.
pub fn at(document: &str, member: &str, part: &str) -> u16 {
    let start = document.find(&format!("\"{member}\":")).expect("there is such a member");
    u16::try_from(document[start..].find(part).expect("it has such a part")).expect("it is near")
}

/// A plugin document of these data sets, each `"name": {..}`.
pub fn document(properties: &str) -> String {
    format!(r#"{{"description":{{"name":"test"}},"template":{{"properties":{{{properties}}}}}}}"#)
}

/// A plugin document with one public entry `value` of this schema.
pub fn document_of(schema: &str) -> String {
    document(&format!(r#""value":{}"#, definition(schema)))
}

/// The definition of a public entry of this schema.
pub fn definition(schema: &str) -> String {
    format!(r#"{{"type":"entry","visibility":"public","dataSchema":{schema}}}"#)
}

/// A text with blanks behind it, so many bytes in all.
pub fn padded(text: &str, bytes: usize) -> String {
    let blanks = " ".repeat(bytes - text.len());
    format!("{text}{blanks}")
}

/// A small plugin: a public entry and a public list that the role `technician` writes, an entry
/// that is written once, and a confidential one.
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

/// Publishes a document that is in order, and tells the plugin's id.
pub fn publish(who: AccountId, document: &str) -> PluginId {
    let id = NextPluginId::<Test>::get();
    DataContainer::publish_plugin(signed(who), document.as_bytes().to_vec()).unwrap();
    id
}

/// Instantiates a plugin, and tells the container's id.
pub fn instantiate(who: AccountId, plugin: PluginId) -> ContainerId {
    let id = NextContainerId::<Test>::get();
    DataContainer::instantiate(signed(who), plugin, vec![]).unwrap();
    id
}

/// A container of [`SERVICE`] that belongs to [`M`], who has an encryption key; its events are
/// forgotten.
pub fn service() -> ContainerId {
    let id = instantiate(M, publish(M, SERVICE));
    key_version(M);
    System::reset_events();
    id
}

/// A container of M with one public entry `value` of this schema.
pub fn container_of(schema: &str) -> ContainerId {
    instantiate(M, publish(M, &document_of(schema)))
}

/// Sets `value`, by M.
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

/// The value of an entry as text.
pub fn entry(container: ContainerId, data_set: &str) -> Option<String> {
    DataContainer::entry(container, data_set.into()).map(|entry| text(&entry.value))
}

/// Returns whether an account may link a container.
pub fn may_link(who: AccountId, container: ContainerId) -> Result<bool, DispatchError> {
    DataContainer::may_link_container(&who, container, &mut Weight::zero())
}

/// Asks whether the call that fits a data set would accept a value.
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

/// The items of a list from its first to its last batch; a removed one is nothing.
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

/// Puts a grant of an account in the place of what it had, also one that no call would give.
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

/// Puts a container on offer to [`C`], or if it is C's to [`M`], for ever.
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

/// What an account needs to read all that is confidential in a container.
pub fn all_envelopes(container: ContainerId, who: AccountId) -> Vec<SharedEnvelope> {
    DataContainer::data_sets(container)
        .into_iter()
        .filter(|(_, set)| set.key.is_some())
        .map(|(name, _)| core::str::from_utf8(name.as_ref()).unwrap().to_string())
        .map(|name| offered_with(container, &name, who))
        .collect()
}

/// Ends the offer of a container.
pub fn withdraw(container: ContainerId) {
    let owner = Containers::<Test>::get(container).unwrap().owner;
    DataContainer::cancel_offer(signed(owner), container).unwrap();
}

/// A public key of an account or an epoch: neither a weak one nor one with a second encoding.
pub fn public_key(n: u8) -> Vec<u8> {
    let mut key = vec![n; 32];
    key[31] = 0x40;
    key
}

/// A public key that belongs to a seed: another one for each.
pub fn seeded_key(seed: impl Encode) -> Vec<u8> {
    let mut key = sp_io::hashing::blake2_256(&seed.encode()).to_vec();
    key[31] &= 0x3f;
    key
}

/// A sealed seed: the chain cannot tell it from another.
pub const SEALED_SEED: [u8; 80] = [7; 80];

/// [`SEALED_SEED`] as it is stored.
pub fn sealed_seed() -> SealedSeed {
    SEALED_SEED.to_vec().try_into().unwrap()
}

/// Makes an account have an encryption key of this version, and all versions before.
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

/// Rotates the key of a confidential data set, with envelopes for its owner and readers, to whom it
/// gives encryption keys if they have none. Tells the new epoch.
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

/// What a rotation keeps of an epoch's seed: nothing of the epoch 0, which has none.
pub fn link(epoch: u32) -> PreviousSeed {
    match epoch {
        0 => PreviousSeed::Cut,
        _ => PreviousSeed::Link(SEALED_SEED.to_vec()),
    }
}

/// The version of an account's encryption key, which it is given if it has none.
pub fn key_version(who: AccountId) -> u32 {
    if !EncryptionKeys::<Test>::contains_key(who) {
        set_key(who, 1);
    }
    EncryptionKeys::<Test>::get(who).unwrap().version
}

/// The current envelope of a data set for an account that it is shared with or offered to.
pub fn offered_with(container: ContainerId, set: &str, who: AccountId) -> SharedEnvelope {
    SharedEnvelope {
        data_set: set.into(),
        epoch: data_set(container, set).key.unwrap().epoch,
        key_version: key_version(who),
        envelope: SEALED_SEED.to_vec(),
    }
}

/// A sealed value of the least length.
pub fn ciphertext() -> Vec<u8> {
    vec![9; 112]
}

/// Sets a confidential entry to something sealed.
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

/// Access to a data set, as calls take it.
pub fn access(data_set: &str, access: Access) -> DataSetAccess {
    DataSetAccess { data_set: data_set.into(), access }
}

/// Shares one data set, by the owner.
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

/// Takes access to one data set away, by the owner.
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

/// The pallet's events since they were last forgotten, in order, each with an empty [`STAMP`] in
/// place of its own.
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

/// The pallet's events since they were last forgotten, in order, as they are.
pub fn stamped_events() -> Vec<Event<Test>> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::DataContainer(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// The event with which a data set was added.
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

/// The event that says what a role may do with data sets.
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

/// Returns whether an event is a part of the history of a container.
pub fn is_stamped(event: &[u8]) -> bool {
    // Those of plugins, of values, and of accounts' keys are not.
    ![0, 1, 7, 14, 22, 23].contains(&event[0])
}

/// The stamp in [`events`].
pub const STAMP: Stamp<AccountId, u64> = Stamp { revision: 0, author: 0, block: 0, time: 0 };

/// The hash that the event of an append carries.
pub fn items_hash(items: &[&str]) -> H256 {
    hash(&texts(items).encode())
}

impl twinchain_primitives::testing::Uncharge for Error<Test> {}
