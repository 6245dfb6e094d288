// SPDX-License-Identifier: Apache-2.0

//! The most expensive calls, and the state that they require. That state is also made by calls.

use crate::{
    chain::Chain,
    error::Result,
    hostile_texts::{
        dear_defaults, dear_patterns, dear_schema, definition, different_items, digits, items,
        keys_of_one_hash, largest_plugin, long_string, many_items, many_schemas, name,
        properties_of_one_hash, title, unknown_keys, DIFFERENT_ITEMS,
    },
    state::{on_containers, set_entry, OWNER, READER, TECHNICIAN},
};
use pallet_data_container::{
    Call as ContainerCall, DataSetAccess, NewValue, PreviousSeed, MAX_DATA_SETS, MAX_PAYLOAD,
    MAX_PURGE, MAX_ROLES, MAX_VALUE, SUITE,
};
use pallet_digital_twin::{Call as TwinCall, NewLink, MAX_LINKS_PER_CALL};
use sp_keyring::Sr25519Keyring;
use twinchain_primitives::{
    Access, ContainerId, Moment, PluginId, SharedEnvelope, MAX_ASSET, MAX_DESCRIPTION,
};
use twinchain_runtime::RuntimeCall;

/// The id of the largest plugin. The sample's plugin has the id 0.
const SAMPLES: PluginId = 1;
/// Number of calls in a block while the state is made.
const CALLS_OF_A_BLOCK: usize = 8;
/// The last data set of a container.
const LAST: u32 = MAX_DATA_SETS - 1;

/// The longest value, in bytes.
const LONGEST: usize = MAX_VALUE as usize;

/// Makes a call for each run, with its signer.
pub type Make = Box<dyn Fn(u32) -> (Sr25519Keyring, RuntimeCall)>;

/// The state on which the calls operate.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// Number of containers that existed before.
    containers: u64,
    /// A plugin of the maximum size.
    plugin: PluginId,
    /// 64 public entries with the most expensive schema.
    entries: ContainerId,
    /// 64 lists with the same schema.
    lists: ContainerId,
    /// 64 confidential entries, each with a key.
    sealed: ContainerId,
    /// 64 lists, of which one for each run is full and retired.
    retired: ContainerId,
    /// 64 public entries, which have 64 KiB of values.
    full: ContainerId,
    /// Two containers with room for data sets.
    empty: ContainerId,
    also_empty: ContainerId,
    /// Entries with other expensive schemas: different items, and patterns.
    demanding: ContainerId,
}

impl World {
    /// Makes the state for this number of runs, on top of this number of containers.
    pub fn make(chain: &Chain, containers: u64, runs: u32) -> Result<Self> {
        let ids = containers..;
        let mut ids = ids.into_iter();
        let mut next = || ids.next().ok_or("the ids are exhausted");
        let (entries, lists, sealed, retired) = (next()?, next()?, next()?, next()?);
        let (full, empty, also_empty, demanding) = (next()?, next()?, next()?, next()?);
        let plugin = SAMPLES;
        let world = Self {
            containers,
            plugin,
            entries,
            lists,
            sealed,
            retired,
            full,
            empty,
            also_empty,
            demanding,
        };
        world.publish(chain)?;
        let dear = |kind, n| definition(kind, "public", &dear_schema(n));
        fill(chain, entries, |n| dear("entry", n))?;
        fill(chain, lists, |n| dear("list", n))?;
        fill(chain, sealed, |n| definition("entry", "confidential", &title(n)))?;
        fill(chain, retired, |n| definition("list", "public", &title(n)))?;
        for container in [entries, lists] {
            run_all(chain, rights(container))?;
        }
        run_all(chain, (0..MAX_DATA_SETS).map(|n| (OWNER, first_key(sealed, n))))?;
        chain.run(vec![world.store(0)])?;
        // A clone with values, which no other call changes.
        let clone = ContainerCall::clone_container { container: entries, with_values: true };
        chain.run(vec![(OWNER, on_containers(clone))])?;
        for _ in [empty, also_empty, demanding] {
            let create = ContainerCall::create_container { description: Vec::new() };
            chain.run(vec![(OWNER, on_containers(create))])?;
        }
        for (n, schema) in [DIFFERENT_ITEMS, &dear_patterns()].into_iter().enumerate() {
            let call = ContainerCall::add_data_set {
                container: demanding,
                name: name(n as u32).into(),
                definition: definition("entry", "public", schema),
            };
            chain.run(vec![(OWNER, on_containers(call))])?;
        }
        for run in 0..runs {
            world.retire_full_list(chain, run)?;
        }
        Ok(world)
    }

    /// Publishes the largest plugin.
    fn publish(&self, chain: &Chain) -> Result<()> {
        let document = largest_plugin();
        let publish = ContainerCall::publish_plugin { document };
        chain.run(vec![(OWNER, on_containers(publish))])
    }

    /// Appends as many full batches to a list as one purge removes, and retires the list.
    fn retire_full_list(&self, chain: &Chain, n: u32) -> Result<()> {
        let container = self.retired;
        let append = |batch| {
            let call = ContainerCall::append {
                container,
                data_set: name(n).into(),
                items: items(n * MAX_PURGE + batch),
                expected_revision: None,
            };
            (OWNER, on_containers(call))
        };
        run_all(chain, (0..MAX_PURGE).map(append))?;
        let retire = ContainerCall::retire_data_set { container, data_set: name(n).into() };
        chain.run(vec![(OWNER, on_containers(retire))])
    }

    /// Returns the calls with their names: first the known ones, then the hostile ones.
    pub fn calls(self) -> Vec<(&'static str, Make)> {
        fn owners(
            make: impl Fn(u32) -> ContainerCall<twinchain_runtime::Runtime> + 'static,
        ) -> Make {
            Box::new(move |run| (OWNER, on_containers(make(run))))
        }
        let publish = |document: fn(u32) -> Vec<u8>| {
            owners(move |run| ContainerCall::publish_plugin { document: document(run) })
        };
        let set = |container, data_set, value: fn(u32) -> Vec<u8>| {
            owners(move |run| ContainerCall::set_entry {
                container,
                data_set: name(data_set).into(),
                value: value(run),
                expected_revision: None,
            })
        };
        let add = |container, definition: fn(u32) -> Vec<u8>| {
            owners(move |run| ContainerCall::add_data_set {
                container,
                name: name(run).into(),
                definition: definition(run),
            })
        };
        let Self { plugin, full, retired, entries, empty, also_empty, demanding, .. } = self;
        vec![
            ("remark of 128 B", Box::new(|run| (OWNER, remark(128, run))) as Make),
            ("remark of 64 KiB", Box::new(|run| (OWNER, remark(65_536, run)))),
            ("publish_plugin, 64 schemas in 256 KiB", publish(many_schemas)),
            ("publish_plugin, defaults expensive to check", publish(dear_defaults)),
            ("publish_plugin, 256 default items per list", publish(many_items)),
            ("set_entry, 64 KiB, 32 schemas per digit", Box::new(move |run| self.set(run))),
            ("append, 256 items, 32 schemas per digit", Box::new(move |run| self.append(run))),
            ("store, 64 values of 1 KiB, 32 schemas", Box::new(move |run| self.store(run + 1))),
            (
                "instantiate the largest plugin",
                owners(move |_| ContainerCall::instantiate { plugin, description: Vec::new() }),
            ),
            (
                "clone_container, 64 values of 1 KiB",
                owners(move |_| ContainerCall::clone_container {
                    container: full,
                    with_values: true,
                }),
            ),
            (
                "purge 64 batches of 64 KiB",
                owners(move |run| ContainerCall::purge {
                    container: retired,
                    data_set: name(run).into(),
                    limit: MAX_PURGE,
                }),
            ),
            (
                "set_description, 20 keys of one hash",
                owners(move |_| ContainerCall::set_description {
                    container: full,
                    description: keys_of_one_hash(384, MAX_DESCRIPTION as usize),
                }),
            ),
            (
                "set_entry, 20 keys of one hash",
                set(entries, 0, |_| keys_of_one_hash(3_200, LONGEST)),
            ),
            ("set_entry, 500 keys of one hash", set(entries, 0, |_| keys_of_one_hash(96, LONGEST))),
            (
                "set_entry, 1,500 keys of one hash",
                set(entries, 0, |_| keys_of_one_hash(16, LONGEST)),
            ),
            ("set_entry, 7,921 different items", set(demanding, 0, different_items)),
            ("set_entry, 64 KiB of letters, wide patterns", set(demanding, 1, long_string)),
            ("add_data_set, 10,000 unknown keys", add(empty, unknown_keys)),
            ("add_data_set, properties of one hash", add(also_empty, properties_of_one_hash)),
            ("create_twin, 16 of the largest plugin", Box::new(move |run| self.create_twin(run))),
            ("share 64 data sets, 64 envelopes", Box::new(move |run| self.share(run))),
            ("batch of 500 remarks", Box::new(|run| (OWNER, batch(500, |n| remark(32, n + run))))),
            (
                "batch of 50 set_entry of 128 B",
                Box::new(move |run| {
                    let each = |n| set_entry(u64::from(n) % self.containers, (run + 1).into());
                    (TECHNICIAN, batch(50, each))
                }),
            ),
        ]
    }

    /// Sets the longest value, by an account whose authority is found last.
    fn set(self, run: u32) -> (Sr25519Keyring, RuntimeCall) {
        let call = ContainerCall::set_entry {
            container: self.entries,
            data_set: name(LAST).into(),
            value: digits(MAX_VALUE as usize, run),
            expected_revision: None,
        };
        (TECHNICIAN, on_containers(call))
    }

    fn append(self, run: u32) -> (Sr25519Keyring, RuntimeCall) {
        let call = ContainerCall::append {
            container: self.lists,
            data_set: name(LAST).into(),
            items: items(run),
            expected_revision: None,
        };
        (TECHNICIAN, on_containers(call))
    }

    fn store(self, run: u32) -> (Sr25519Keyring, RuntimeCall) {
        let value = |n| NewValue {
            data_set: name(n).into(),
            value: digits((MAX_PAYLOAD / MAX_DATA_SETS) as usize, run * MAX_DATA_SETS + n),
            expected_revision: None,
        };
        let values = (0..MAX_DATA_SETS).map(value).collect();
        (TECHNICIAN, on_containers(ContainerCall::store { container: self.entries, values }))
    }

    fn create_twin(self, run: u32) -> (Sr25519Keyring, RuntimeCall) {
        let link = |n| NewLink::Instantiate { name: name(n).into(), plugin: self.plugin };
        let call = TwinCall::create_twin {
            description: digits(MAX_DESCRIPTION as usize, run),
            asset: format!("{run:x>width$}", width = MAX_ASSET as usize).into(),
            links: (0..MAX_LINKS_PER_CALL).map(link).collect(),
        };
        (OWNER, RuntimeCall::DigitalTwin(call))
    }

    /// The grant ends a little earlier in each run, so that each data set is written.
    fn share(self, run: u32) -> (Sr25519Keyring, RuntimeCall) {
        let all = Access::ALL;
        let envelope = |n| SharedEnvelope {
            data_set: name(n).into(),
            epoch: 1,
            key_version: 1,
            envelope: vec![u8::try_from(run % 256).unwrap_or_default(); 80],
        };
        let call = ContainerCall::share {
            container: self.sealed,
            account: READER.to_account_id(),
            access: accesses(all),
            until: Some(Moment::MAX / 2 - Moment::from(run)),
            envelopes: (0..MAX_DATA_SETS).map(envelope).collect(),
        };
        (OWNER, on_containers(call))
    }
}

/// Runs the calls in as many blocks as necessary.
fn run_all(
    chain: &Chain,
    calls: impl IntoIterator<Item = (Sr25519Keyring, RuntimeCall)>,
) -> Result<()> {
    let calls: Vec<_> = calls.into_iter().collect();
    calls.chunks(CALLS_OF_A_BLOCK).try_for_each(|block| chain.run(block.to_vec()))
}

/// Creates the next container, with the longest description and the maximum number of data sets.
fn fill(chain: &Chain, container: ContainerId, define: impl Fn(u32) -> Vec<u8>) -> Result<()> {
    let description = digits(MAX_DESCRIPTION as usize, 0);
    chain.run(vec![(OWNER, on_containers(ContainerCall::create_container { description }))])?;
    let add = |n| {
        let definition = define(n);
        let call = ContainerCall::add_data_set { container, name: name(n).into(), definition };
        (OWNER, on_containers(call))
    };
    run_all(chain, (0..MAX_DATA_SETS).map(add))
}

/// Returns calls that assign all roles of a container, none of which gives WRITE, and share every
/// data set.
fn rights(container: ContainerId) -> Vec<(Sr25519Keyring, RuntimeCall)> {
    let account = TECHNICIAN.to_account_id();
    let assign = |n| ContainerCall::assign_role {
        container,
        account: account.clone(),
        role: name(n).into(),
    };
    let share = ContainerCall::share {
        container,
        account: account.clone(),
        access: accesses(Access::WRITE),
        until: Some(Moment::MAX),
        envelopes: Vec::new(),
    };
    let calls = (0..MAX_ROLES).map(assign).chain([share]);
    calls.map(|call| (OWNER, on_containers(call))).collect()
}

fn first_key(container: ContainerId, n: u32) -> RuntimeCall {
    // A different key for each data set. It is canonical and not of low order.
    let byte = |at| if at == 0 { n as u8 } else { (container % 100) as u8 + 2 };
    on_containers(ContainerCall::rotate_key {
        container,
        data_set: name(n).into(),
        expected_epoch: 0,
        suite: SUITE,
        public: (0..32).map(byte).collect(),
        previous_seed: PreviousSeed::Cut,
        key_version: 1,
        envelope: vec![7; 80],
        envelopes: Vec::new(),
    })
}

/// Returns this access to all data sets.
fn accesses(access: Access) -> Vec<DataSetAccess> {
    (0..MAX_DATA_SETS).map(|n| DataSetAccess { data_set: name(n).into(), access }).collect()
}

fn batch(count: u32, call: impl Fn(u32) -> RuntimeCall) -> RuntimeCall {
    let calls = (0..count).map(call).collect();
    RuntimeCall::Utility(pallet_utility::Call::batch { calls })
}

/// Returns a remark of this number of bytes.
pub fn remark(bytes: usize, run: u32) -> RuntimeCall {
    let mut remark = run.to_le_bytes().to_vec();
    remark.resize(bytes, b'x');
    RuntimeCall::System(frame_system::Call::remark { remark })
}
