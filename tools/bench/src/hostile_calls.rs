// SPDX-License-Identifier: Apache-2.0

//! Calls that take as long as calls can, and what has to be in the state before. All of that is
//! made by calls as well.

use crate::{
    chain::Chain,
    error::Result,
    state::{on_containers, set_entry, OWNER, READER, TECHNICIAN},
};
use pallet_data_container::{
    Call as ContainerCall, DataSetAccess, NewValue, PreviousSeed, MAX_DATA_SETS, MAX_DOCUMENT,
    MAX_ITEMS, MAX_PAYLOAD, MAX_PURGE, MAX_ROLES, MAX_VALUE, SUITE,
};
use pallet_digital_twin::{Call as TwinCall, NewLink, MAX_LINKS_PER_CALL};
use sp_keyring::Sr25519Keyring;
use twinchain_primitives::{
    Access, ContainerId, Moment, PluginId, SharedEnvelope, MAX_ASSET, MAX_DESCRIPTION,
};
use twinchain_runtime::RuntimeCall;

/// The most schemas that apply to one place of a value.
pub const MAX_COST: usize = 32;
/// The plugin of the sample is the first one.
const SAMPLES: PluginId = 1;
/// How many calls a block has while the state is made.
const CALLS_OF_A_BLOCK: usize = 8;
/// The lists in the largest plugin. The rest are entries.
const LISTS: u32 = MAX_DATA_SETS / 2;
/// The last data set of a container.
const LAST: u32 = MAX_DATA_SETS - 1;

/// A call, made anew for each run, and who signs it.
pub type Make = Box<dyn Fn(u32) -> (Sr25519Keyring, RuntimeCall)>;

/// What the calls are made on.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// How many containers were there before.
    containers: u64,
    /// A plugin that is as large as one can be.
    plugin: PluginId,
    /// 64 public entries with the dearest schema.
    entries: ContainerId,
    /// The same as lists.
    lists: ContainerId,
    /// 64 confidential entries, each with a key.
    sealed: ContainerId,
    /// 64 lists, of which as many are full and retired as there are runs.
    retired: ContainerId,
    /// 64 public entries, which have 64 KiB of values.
    full: ContainerId,
    /// One that has room for data sets.
    empty: ContainerId,
}

impl World {
    /// Makes it on top of so many containers, for so many runs.
    pub fn make(chain: &Chain, containers: u64, runs: u32) -> Result<Self> {
        let ids = containers..;
        let mut ids = ids.into_iter();
        let mut next = || ids.next().ok_or("there are no more ids");
        let (entries, lists, sealed, retired) = (next()?, next()?, next()?, next()?);
        let (full, empty) = (next()?, next()?);
        let plugin = SAMPLES;
        let world = Self { containers, plugin, entries, lists, sealed, retired, full, empty };
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
        // A container with values, which no other call changes.
        let clone = ContainerCall::clone_container { container: entries, with_values: true };
        chain.run(vec![(OWNER, on_containers(clone))])?;
        let description = Vec::new();
        let create = ContainerCall::create_container { description };
        chain.run(vec![(OWNER, on_containers(create))])?;
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

    /// Appends as many full batches to a list as one call clears, and retires the list.
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

    /// The calls by their names: first what is known, then what is hostile.
    pub fn calls(self) -> Vec<(&'static str, Make)> {
        fn owners(
            make: impl Fn(u32) -> ContainerCall<twinchain_runtime::Runtime> + 'static,
        ) -> Make {
            Box::new(move |run| (OWNER, on_containers(make(run))))
        }
        let publish = |document: fn(u32) -> Vec<u8>| {
            owners(move |run| ContainerCall::publish_plugin { document: document(run) })
        };
        let Self { plugin, full, retired, entries, empty, .. } = self;
        vec![
            ("remark of 128 B", Box::new(|run| (OWNER, remark(128, run))) as Make),
            ("remark of 64 KiB", Box::new(|run| (OWNER, remark(65_536, run)))),
            ("publish_plugin, 64 schemas in 256 KiB", publish(many_schemas)),
            ("publish_plugin, defaults dear to check", publish(dear_defaults)),
            ("publish_plugin, 256 default items a list", publish(many_items)),
            ("set_entry, 64 KiB, 32 schemas a digit", Box::new(move |run| self.set(run))),
            ("append, 256 items, 32 schemas a digit", Box::new(move |run| self.append(run))),
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
                    description: keys_of_one_hash(384, &KEYS_OF_392),
                }),
            ),
            (
                "set_entry, 20 keys of one hash",
                owners(move |_| ContainerCall::set_entry {
                    container: entries,
                    data_set: name(0).into(),
                    value: keys_of_one_hash(800, &KEYS_OF_808),
                    expected_revision: None,
                }),
            ),
            (
                "add_data_set, 10,000 unknown keys",
                owners(move |run| ContainerCall::add_data_set {
                    container: empty,
                    name: name(run).into(),
                    definition: unknown_keys(run),
                }),
            ),
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

    /// The longest value, set by somebody whose right is found last.
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

    /// Ends a little earlier each time, so that each data set is written.
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

/// Makes the calls in as many blocks as that needs.
fn run_all(
    chain: &Chain,
    calls: impl IntoIterator<Item = (Sr25519Keyring, RuntimeCall)>,
) -> Result<()> {
    let calls: Vec<_> = calls.into_iter().collect();
    calls.chunks(CALLS_OF_A_BLOCK).try_for_each(|block| chain.run(block.to_vec()))
}

/// Makes the next container, with the longest description and as many data sets as there can be.
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

/// All roles of a container, none of which may write, and a grant of every data set.
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
    // Another one for each data set. It is canonical, and not of low order.
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

/// Access to all data sets.
fn accesses(access: Access) -> Vec<DataSetAccess> {
    (0..MAX_DATA_SETS).map(|n| DataSetAccess { data_set: name(n).into(), access }).collect()
}

fn batch(count: u32, call: impl Fn(u32) -> RuntimeCall) -> RuntimeCall {
    let calls = (0..count).map(call).collect();
    RuntimeCall::Utility(pallet_utility::Call::batch { calls })
}

/// A remark of so many bytes.
pub fn remark(bytes: usize, run: u32) -> RuntimeCall {
    let mut remark = run.to_le_bytes().to_vec();
    remark.resize(bytes, b'x');
    RuntimeCall::System(frame_system::Call::remark { remark })
}

/// A name that is as long as one can be, and differs from others at its very end.
fn name(n: u32) -> String {
    format!("{n:n>64}")
}

/// A JSON text of so many bytes, nothing but digits that match [`dear_schema`]; each seed has
/// another one, if there is room for eight digits.
pub fn digits(bytes: usize, seed: u32) -> Vec<u8> {
    let mut text = b"[".to_vec();
    let (mut rest, mut place) = (seed, 0);
    while text.len() + 3 <= bytes {
        // The last of the numbers takes longest to be found.
        let digit = if place < 8 { rest % 5 } else { 4 };
        (rest, place) = (rest / 5, place + 1);
        text.push(b'0' + u8::try_from(digit).unwrap_or_default());
        text.push(b',');
    }
    text.pop();
    text.push(b']');
    text.resize(bytes, b' ');
    text
}

/// As many items as one call appends, as long as they can be.
fn items(seed: u32) -> Vec<Vec<u8>> {
    let bytes = (MAX_PAYLOAD / MAX_ITEMS) as usize;
    (0..MAX_ITEMS).map(|item| digits(bytes, seed * MAX_ITEMS + item)).collect()
}

/// The ends of twenty keys of 392 bytes, `a` but for the ends, that have one hash in the check for
/// duplicate keys, in the order that takes longest to sort.
const KEYS_OF_392: [&str; 20] = [
    r#"tjLV/|]-"#,
    r#"lxu#YGtj"#,
    r#"l;3hzt5L"#,
    r#"jouN7OxN"#,
    r#"d.0.IoCM"#,
    r#"`/J3+Jk-"#,
    r#"_z/a@0]X"#,
    r#"Ru*0>7~j"#,
    r#"Pe3}aEVP"#,
    r#"OKCO_t,H"#,
    r#"MaO{NA:+"#,
    r#"G60M{M1R"#,
    r#"Cw)J;]MY"#,
    r#"=?7&:M4b"#,
    r#";~.$7~$x"#,
    r#";V+bi:5("#,
    r#"7z/Oar2r"#,
    r#".dec:/1T"#,
    r#"&U&a[GmI"#,
    r#"%*$jW8B{"#,
];
/// The same for keys of 808 bytes.
const KEYS_OF_808: [&str; 20] = [
    r#"~KNc14]4"#,
    r#"qdQ^ng*d"#,
    r#"qFXH,{vk"#,
    r#"qBFT_Xy&"#,
    r#"k#}:#`(r"#,
    r#"j^5e_Pf0"#,
    r#"heE/caOO"#,
    r#"d%,r.0Jr"#,
    r#"a/Qts/8R"#,
    r#"_}&D,&D?"#,
    r#"S]B~L/'P"#,
    r#"R:OCWT:/"#,
    r#"NmM8n9aE"#,
    r#">lueyjQ~"#,
    r#"8Ykc:11m"#,
    r#"66cG4a/["#,
    r#"-iI2'bNU"#,
    r#")=It'-8z"#,
    r#"(kFa#V2b"#,
    r#"#^d({.EX"#,
];

/// An object with keys of one hash: each begins with an escape, so that it is compared as text, and
/// has a number of letters before its end.
fn keys_of_one_hash(letters: usize, ends: &[&str]) -> Vec<u8> {
    let letters = "a".repeat(letters - 1);
    let member = |end: &&str| format!(r#""\u0061{letters}{end}":1"#);
    format!("{{{}}}", ends.iter().map(member).collect::<Vec<_>>().join(",")).into_bytes()
}

/// A definition with as many members that mean nothing as there can be.
fn unknown_keys(run: u32) -> Vec<u8> {
    let mut text =
        format!(r#"{{"type":"list","visibility":"public","dataSchema":{{"title":{run}}}"#);
    for n in 0.. {
        let next = format!(r#","{n:x}":0"#);
        if text.len() + next.len() + 1 > MAX_DOCUMENT as usize {
            break;
        }
        text.push_str(&next);
    }
    text.push('}');
    text.into_bytes()
}

/// A schema that demands nothing, and differs from others.
fn title(n: u32) -> String {
    format!(r#"{{"title":{n}}}"#)
}

/// A schema with as many others for every number in [`digits`] as there can be, each of the
/// keywords that take the longest: `examples/worst.rs` of the crate data-schema searches for them.
/// One comparison more, and each would count as two.
pub fn dear_schema(n: u32) -> String {
    let (least, most) = (format!("-0.{}1", "0".repeat(126)), format!("9.{}1", "0".repeat(126)));
    let branch = format!(
        r#"{{"enum":[0,1,2,3,4,5,6,7,8,9,10,11],"minimum":{least},"maximum":{most},
        "multipleOf":1e-400}}"#
    );
    let branches = vec![branch; MAX_COST - 1].join(",");
    format!(r#"{{"title":{n},"items":{{"anyOf":[{branches}]}}}}"#)
}

/// What all roles may do, in the shortest form or with the longest names.
fn permissions(role: impl Fn(u32) -> String) -> String {
    let roles = (0..MAX_ROLES).map(|n| format!(r#""{}":["remove"]"#, role(n)));
    roles.collect::<Vec<_>>().join(",")
}

/// A data set of its own.
fn definition(kind: &str, visibility: &str, schema: &str) -> Vec<u8> {
    let roles = permissions(name);
    format!(
        r#"{{"type":"{kind}","visibility":"{visibility}","permissions":{{{roles}}},"dataSchema":{schema}}}"#
    )
    .into_bytes()
}

/// Numbers that differ, in at most this many bytes: they take the longest of all literals to
/// read.
fn numbers(bytes: usize) -> String {
    let mut text = String::from("0");
    for n in 0usize.. {
        let next = format!(",{}e{}", n * 7_919 % 1_000 + 1_000, n % 400);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// A plugin's document with blanks behind it, as long as one can be.
fn document(run: u32, description: &str, data_sets: &[String]) -> Vec<u8> {
    let sets = data_sets.join(",");
    let kind = name(run);
    let mut text = format!(
        r#"{{"description":{description},"template":{{"type":"{kind}","properties":{{{sets}}}}}}}"#
    )
    .into_bytes();
    let bytes = MAX_DOCUMENT as usize;
    assert!(text.len() <= bytes, "the document has {} bytes", text.len());
    text.resize(bytes, b' ');
    text
}

/// As many schemas as a document can have, which take the longest to compile: expressions for about
/// as much work as is allowed, and numbers. No other run has any of them.
fn many_schemas(run: u32) -> Vec<u8> {
    let long = r#"{"pattern":"[a-c]{1000}"}"#;
    let patterns = vec![r#"{"pattern":"abcdefghijklmnop"}"#; 24].join(",");
    let room = (MAX_DOCUMENT as usize - 2_000) / MAX_DATA_SETS as usize;
    let set = |n: u32| {
        let roles = if n == 0 { permissions(name) } else { String::new() };
        let title = run * MAX_DATA_SETS + n;
        let text = format!(
            r#""{}":{{"type":"entry","permissions":{{{roles}}},
            "dataSchema":{{"title":{title},"prefixItems":[{long},{patterns}],"enum":["#,
            name(n)
        );
        let left = room.saturating_sub(text.len() - roles.len() + 4);
        format!("{text}{}]}}}}", numbers(left))
    };
    document(run, "0", &(0..MAX_DATA_SETS).map(set).collect::<Vec<_>>())
}

/// Values of nearly 64 KiB, with the dearest schema for each.
fn dear_defaults(run: u32) -> Vec<u8> {
    const SETS: u32 = 4;
    let set = |n: u32| {
        let schema = dear_schema(run * SETS + n);
        let start = format!(
            r#""s{n}":{{"type":"entry","visibility":"public","dataSchema":{schema},"value":"#
        );
        let value = digits(MAX_PAYLOAD as usize / SETS as usize, run);
        format!("{start}{}}}", String::from_utf8_lossy(&value))
    };
    document(run, "0", &(0..SETS).map(set).collect::<Vec<_>>())
}

/// As many items as a document can have, each of one byte, with 32 schemas for each.
fn many_items(run: u32) -> Vec<u8> {
    let branches = vec![r#"{"minimum":0}"#; MAX_COST - 1].join(",");
    let value = vec!["1"; MAX_ITEMS as usize].join(",");
    let set = |n: u32| {
        let title = run * MAX_DATA_SETS + n;
        format!(
            r#""s{n}":{{"type":"list","visibility":"public","value":[{value}],"dataSchema":{{"title":{title},"allOf":[{branches}]}}}}"#
        )
    };
    let (mut sets, mut bytes) = (Vec::new(), 200);
    for set in (0..MAX_DATA_SETS).map(set) {
        bytes += set.len() + 1;
        if bytes > MAX_DOCUMENT as usize {
            break;
        }
        sets.push(set);
    }
    document(run, "0", &sets)
}

/// A plugin of as many data sets and roles as there can be. All data sets have defaults: half of
/// them lists of many short items, the others values that fill what one call stores.
fn largest_plugin() -> Vec<u8> {
    let description = digits(MAX_DESCRIPTION as usize, 0);
    let description = String::from_utf8_lossy(&description);
    let roles = permissions(|n| format!("r{n}"));
    let set = |n: u32, kind: &str, value: &str| {
        let (name, title) = (name(n), title(n));
        format!(
            r#""{name}":{{"type":"{kind}","visibility":"public","permissions":{{{roles}}},"dataSchema":{title},"value":{value}}}"#
        )
    };
    let list = format!("[{}]", vec!["1"; MAX_ITEMS as usize].join(","));
    let mut sets: Vec<_> = (0..LISTS).map(|n| set(n, "list", &list)).collect();
    let taken = LISTS as usize * list.len();
    let left = (MAX_PAYLOAD as usize - taken) / (MAX_DATA_SETS - LISTS) as usize;
    sets.extend((LISTS..MAX_DATA_SETS).map(|n| {
        let value = digits(left, n);
        set(n, "entry", &String::from_utf8_lossy(&value))
    }));
    document(0, &description, &sets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_data_container::weights::Work;
    use pallet_data_container::{document, Roles};
    use std::collections::BTreeSet;

    /// The longest source of a schema, in bytes.
    const MAX_SOURCE: usize = 64 * 1024;

    /// The data sets, the roles, the work of the defaults, and the bytes of the schemas.
    fn read(text: &[u8]) -> (usize, usize, u32, usize) {
        assert_eq!(text.len(), MAX_DOCUMENT as usize);
        let plugin = document::plugin(text).unwrap();
        let mut work = Work::default();
        for (_, set) in &plugin.data_sets {
            document::check(set, &mut work).unwrap();
        }
        let schemas = plugin.data_sets.iter().map(|(_, set)| set.schema.text.len());
        (plugin.data_sets.len(), plugin.roles.len(), work.units(), schemas.sum())
    }

    #[test]
    fn documents_are_as_large_as_they_can_be() {
        let (sets, roles, _, schemas) = read(&many_schemas(3));
        assert_eq!((sets, roles), (64, 16));
        assert!(schemas > 200_000, "{schemas}");

        let (sets, _, work, _) = read(&dear_defaults(3));
        assert_eq!(sets, 4);
        assert!(work > 55_000 * 32, "{work}");

        let (sets, _, work, _) = read(&many_items(3));
        assert!(sets >= 60, "{sets}");
        assert!(work as usize >= sets * 256, "{work}");

        let (sets, roles, _, _) = read(&largest_plugin());
        assert_eq!((sets, roles), (64, 16));
    }

    #[test]
    fn keys_and_definitions_are_as_long_as_they_can_be() {
        for (text, longest) in [
            (keys_of_one_hash(384, &KEYS_OF_392), MAX_DESCRIPTION),
            (keys_of_one_hash(800, &KEYS_OF_808), 16 * 1024),
        ] {
            let length = text.len() as u32;
            assert!(length <= longest && length > longest - 256, "{length}");
            let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(value.as_object().unwrap().len(), 20);
        }
        let text = unknown_keys(3);
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let keys = value.as_object().unwrap().len();
        assert!(keys > 6_000 && text.len() <= MAX_DOCUMENT as usize, "{keys}");
        assert!(document::definition(&text, &mut Roles::default()).is_ok());
    }

    #[test]
    fn no_two_runs_have_a_schema_or_a_document_in_common() {
        for make in [many_schemas, dear_defaults, many_items] {
            let documents: Vec<_> = (0..3).map(make).collect();
            let schemas = documents.iter().flat_map(|text| {
                let plugin = document::plugin(text).unwrap();
                plugin.data_sets.into_iter().map(|(_, set)| set.schema.text.to_vec())
            });
            let schemas: Vec<_> = schemas.collect();
            let different: BTreeSet<_> = schemas.iter().collect();
            assert_eq!(schemas.len(), different.len());
        }
    }

    #[test]
    fn digits_match_the_dearest_schema_and_differ() {
        for kind in ["entry", "list"] {
            let text = definition(kind, "public", &dear_schema(1));
            let set = document::definition(&text, &mut Roles::default()).unwrap();
            assert_eq!(set.permissions.len(), 16);
            assert!(set.schema.text.len() <= MAX_SOURCE);
            let schema = document::check(&set, &mut Work::default()).unwrap();
            let value = digits(MAX_VALUE as usize, 1_234);
            let stats = schema.check(&value).unwrap();
            assert_eq!(value.len(), MAX_VALUE as usize);
            assert_eq!(stats.live as usize, MAX_COST);
        }
        let seeds: BTreeSet<_> = (0..2_000).map(|seed| digits(40, seed)).collect();
        assert_eq!(seeds.len(), 2_000);
        assert!(seeds.iter().all(|text| text.len() == 40));
        let bytes = items(7).iter().map(Vec::len).sum::<usize>();
        assert!(MAX_PAYLOAD as usize - bytes < MAX_ITEMS as usize);
    }
}
