// SPDX-License-Identifier: Apache-2.0

//! Large states. The first twin and its containers are made by ordinary calls. The resulting
//! records are then copied for all other twins, with other ids.

use crate::{
    chain::{Chain, Record},
    error::Result,
    random::Random,
};
use codec::Encode;
use pallet_data_container::{
    operation, AccountRights, Batches, Call as ContainerCall, Containers, ContainersOfOwner,
    ContainersSharedWith, DataSetAccess, DataSets, Descriptions, Envelopes, Epochs, InstancesOf,
    NextContainerId, PreviousSeed, RoleHolders, RoleNames, UsedKeys, SUITE,
};
use pallet_digital_twin::{
    Call as TwinCall, Links, NewLink, NextTwinId, Target, Twins, TwinsOfAsset, TwinsOfContainer,
    TwinsOfOwner,
};
use serde::Serialize;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_state_machine::BasicExternalities;
use sp_storage::Storage;
use std::ops::Range;
use twinchain_primitives::{Access, SharedEnvelope};
use twinchain_runtime::{Runtime, RuntimeCall};

type TwinDescriptions = pallet_digital_twin::Descriptions<Runtime>;

/// The owner of every twin and every container.
pub const OWNER: Sr25519Keyring = Alice;
/// The holder of the role that sets [`ENTRY`] and appends to [`LIST`].
pub const TECHNICIAN: Sr25519Keyring = Bob;
/// The reader of [`SECRET`].
pub const READER: Sr25519Keyring = Charlie;

/// Number of containers that are linked from each twin.
pub const CONTAINERS_OF_A_TWIN: u64 = 2;

/// The entry with a schema of ten properties.
pub const ENTRY: &[u8] = b"status";
/// A list.
pub const LIST: &[u8] = b"serviceLog";
const MANUAL: &[u8] = b"manual";
const SECRET: &[u8] = b"production";

const ROLE: &[u8] = b"technician";

/// Number of records that are written to the state in one block.
const BATCH: usize = 100_000;

/// The plugin document of all containers.
const DOCUMENT: &str = r#"{"description":{"name":"Service"},"template":{"type":"service","properties":{
"status":{"type":"entry","visibility":"public","permissions":{"technician":["set"]},"dataSchema":{
"type":"object","required":["id","hours"],"additionalProperties":false,"properties":{
"id":{"type":"string","maxLength":32},"hours":{"type":"integer","minimum":0},"ok":{"type":"boolean"},
"load":{"type":"number","minimum":0,"maximum":1000},"temp":{"type":"number"},
"kind":{"enum":["rental","sale"]},"by":{"type":"string"},"at":{"type":"string"},
"rpm":{"type":"integer"},"note":{"type":"string","maxLength":4096}}}},
"manual":{"type":"entry","visibility":"public","dataSchema":{"type":"object","required":["url"],
"properties":{"url":{"type":"string"},"language":{"type":"string"}}}},
"serviceLog":{"type":"list","visibility":"public","permissions":{"technician":["set"]},"dataSchema":{
"type":"object","required":["part"],"properties":{"part":{"type":"string"},
"count":{"type":"integer","minimum":1},"note":{"type":"string"}}}},
"production":{"type":"entry","dataSchema":{"type":"object"}}}}}"#;

/// Returns a text that contains an id. It is in all records of that twin or container, so that no
/// two values are equal: the database stores equal values once.
fn mark(id: u64) -> String {
    format!("SN{id:08}")
}

/// Returns bytes that repeat the mark of an id.
fn marked<const N: usize>(id: u64) -> [u8; N] {
    let mark = mark(id);
    std::array::from_fn(|at| mark.as_bytes()[at % mark.len()])
}

/// Returns a placeholder for the public key of a data set or an account.
fn public_key(id: u64) -> Vec<u8> {
    marked::<32>(id).into()
}

/// Returns a placeholder for a sealed seed.
fn sealed_seed(id: u64) -> Vec<u8> {
    marked::<80>(id).into()
}

/// Returns a value of exactly 128 bytes for [`ENTRY`]. Each `run` gives another value.
pub fn entry_value(container: u64, run: u64) -> Vec<u8> {
    let mut text = format!(
        r#"{{"id":"{}","hours":{:06},"ok":true,"load":12.75,"temp":-3.5,"kind":"sale","by":"Eve","at":"06:45","rpm":1450,"note":""#,
        mark(container),
        100_000 + run % 900_000,
    );
    while text.len() < 126 {
        text.push('x');
    }
    (text + r#""}"#).into_bytes()
}

fn item(container: u64, count: u64) -> Vec<u8> {
    let note = "replaced, tested under load, and signed off by the customer on the site";
    format!(r#"{{"part":"seal ring {}","count":{count},"note":"{note}"}}"#, mark(container)).into()
}

fn asset(twin: u64) -> Vec<u8> {
    format!("cranes.example/BC250-{}", mark(twin)).into_bytes()
}

/// Wraps a call of the container pallet.
pub fn on_containers(call: ContainerCall<Runtime>) -> RuntimeCall {
    RuntimeCall::DataContainer(call)
}

/// Returns a call that sets [`ENTRY`] of a container.
pub fn set_entry(container: u64, run: u64) -> RuntimeCall {
    on_containers(ContainerCall::set_entry {
        container,
        data_set: ENTRY.into(),
        value: entry_value(container, run),
        expected_revision: None,
    })
}

/// Returns a call that appends `items` items of about 128 bytes to [`LIST`] of a container.
pub fn append(container: u64, items: u64) -> RuntimeCall {
    on_containers(ContainerCall::append {
        container,
        data_set: LIST.into(),
        items: (1..=items).map(|count| item(container, count)).collect(),
        expected_revision: None,
    })
}

/// Returns a call that gives [`READER`] access to read and write [`SECRET`] of a container.
pub fn share(container: u64) -> RuntimeCall {
    on_containers(ContainerCall::share {
        container,
        account: READER.to_account_id(),
        access: vec![DataSetAccess {
            data_set: SECRET.into(),
            access: Access::READ | Access::WRITE,
        }],
        until: None,
        envelopes: vec![SharedEnvelope {
            data_set: SECRET.into(),
            epoch: 1,
            key_version: 1,
            envelope: sealed_seed(container),
        }],
    })
}

/// Returns the calls that make the first twin.
fn sample() -> Vec<(Sr25519Keyring, RuntimeCall)> {
    let key = |id| {
        on_containers(ContainerCall::set_encryption_key {
            suite: SUITE,
            public: public_key(id),
            replaces: 0,
            leaked: false,
        })
    };
    let names = [&b"service"[..], b"rental"];
    let links = names.map(|name| NewLink::Instantiate { name: name.into(), plugin: 0 });
    let twin = TwinCall::create_twin {
        description: format!(r#"{{"name":"Big Crane 250, {}"}}"#, mark(0)).into(),
        asset: asset(0),
        links: links.into(),
    };
    let mut calls = vec![
        (OWNER, key(1)),
        (READER, key(2)),
        (OWNER, on_containers(ContainerCall::publish_plugin { document: DOCUMENT.into() })),
        (OWNER, RuntimeCall::DigitalTwin(twin)),
    ];
    calls.extend((0..CONTAINERS_OF_A_TWIN).flat_map(sample_container));
    calls
}

/// Returns the calls that fill a container of the first twin.
fn sample_container(container: u64) -> Vec<(Sr25519Keyring, RuntimeCall)> {
    let read = DataSetAccess { data_set: SECRET.into(), access: Access::READ };
    let envelope = SharedEnvelope {
        data_set: SECRET.into(),
        epoch: 1,
        key_version: 1,
        envelope: sealed_seed(container),
    };
    let manual =
        format!(r#"{{"url":"https://cranes.example/{}","language":"en"}}"#, mark(container));
    let calls = [
        (
            OWNER,
            ContainerCall::set_description {
                container,
                description: format!(r#"{{"name":"Service of {}"}}"#, mark(container)).into(),
            },
        ),
        (
            OWNER,
            ContainerCall::assign_role {
                container,
                account: TECHNICIAN.to_account_id(),
                role: ROLE.into(),
            },
        ),
        (
            OWNER,
            ContainerCall::rotate_key {
                container,
                data_set: SECRET.into(),
                expected_epoch: 0,
                suite: SUITE,
                public: public_key(container),
                previous_seed: PreviousSeed::Cut,
                key_version: 1,
                envelope: sealed_seed(container),
                envelopes: Vec::new(),
            },
        ),
        (
            OWNER,
            ContainerCall::share {
                container,
                account: READER.to_account_id(),
                access: vec![read],
                until: None,
                envelopes: vec![envelope],
            },
        ),
        (
            OWNER,
            ContainerCall::set_sealed_entry {
                container,
                data_set: SECRET.into(),
                epoch: 1,
                ciphertext: marked::<176>(container).into(),
                expected_revision: None,
            },
        ),
        (
            OWNER,
            ContainerCall::set_entry {
                container,
                data_set: MANUAL.into(),
                value: manual.into(),
                expected_revision: None,
            },
        ),
        (
            TECHNICIAN,
            ContainerCall::set_entry {
                container,
                data_set: ENTRY.into(),
                value: entry_value(container, 0),
                expected_revision: None,
            },
        ),
        (
            TECHNICIAN,
            ContainerCall::append {
                container,
                data_set: LIST.into(),
                items: vec![item(container, 1), item(container, 4)],
                expected_revision: None,
            },
        ),
    ];
    calls.map(|(who, call)| (who, on_containers(call))).into()
}

/// A storage map, with its records for one twin or one container.
struct Map {
    name: &'static str,
    of: Of,
    records: Box<dyn Fn(u64) -> Vec<Record>>,
}

/// The subject of a map.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Of {
    Twin,
    Container,
}

impl Of {
    /// Returns the ids in a state with `containers` containers, without those of the first twin.
    fn ids(self, containers: u64) -> Range<u64> {
        match self {
            Self::Twin => 1..containers / CONTAINERS_OF_A_TWIN,
            Self::Container => CONTAINERS_OF_A_TWIN..containers,
        }
    }
}

/// The share of something in the state.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// Name of the subject.
    pub what: &'static str,
    /// Number of records.
    pub records: usize,
    /// Bytes of their keys and values.
    pub bytes: f64,
}

/// The records of a twin and of a container, by map.
pub struct Template {
    maps: Vec<Map>,
}

impl Template {
    /// Makes the first twin in the first block of an empty chain, and reads its records from the
    /// state.
    pub fn make(chain: &Chain) -> Result<Self> {
        chain.run(sample())?;
        Self::learn(chain)
    }

    fn learn(chain: &Chain) -> Result<Self> {
        let genesis = chain.genesis();
        externalities(chain.records()?).execute_with(|| Ok(Self { maps: maps(genesis)? }))
    }

    /// Fills a chain that contains only the first twin.
    pub fn fill(&self, chain: &Chain, containers: u64) -> Result<()> {
        let mut batch = Vec::with_capacity(BATCH);
        for map in &self.maps {
            // In the order of the trie, so that every batch changes one part of it.
            let ids = map.of.ids(containers);
            let mut order: Vec<_> =
                ids.map(|id| ((map.records)(id).swap_remove(0).0, id)).collect();
            order.sort();
            for (_, id) in order {
                batch.extend((map.records)(id));
                if batch.len() >= BATCH {
                    chain.put(&batch)?;
                    batch.clear();
                }
            }
        }
        batch.push((NextContainerId::<Runtime>::hashed_key().into(), containers.encode()));
        let twins = containers / CONTAINERS_OF_A_TWIN;
        batch.push((NextTwinId::<Runtime>::hashed_key().into(), twins.encode()));
        chain.put(&batch)?;
        Ok(())
    }

    /// Returns the size of each part of the state.
    pub fn shares(&self) -> Vec<Share> {
        let whole = |what, of| {
            let maps = self.maps.iter().filter(|map| map.of == of);
            self.share(what, &maps.map(|map| map.name).collect::<Vec<_>>())
        };
        vec![
            whole("a twin with two links", Of::Twin),
            self.share("  of this the links", &["Links"]),
            whole("a container, with four data sets", Of::Container),
            self.share(
                "  the container itself, with its indices",
                &[
                    "Containers",
                    "Descriptions",
                    "RoleNames",
                    "ContainersOfOwner",
                    "InstancesOf",
                    "TwinsOfContainer",
                ],
            ),
            self.share("  its data sets, with two public values and a sealed one", &["DataSets"]),
            self.share("  a batch of two items", &["Batches"]),
            self.share(
                "  two accounts with rights",
                &["AccountRights", "ContainersSharedWith", "RoleHolders"],
            ),
            self.share("  a key and two envelopes", &["Epochs", "Envelopes", "UsedKeys"]),
        ]
    }

    fn share(&self, what: &'static str, names: &[&str]) -> Share {
        let of = self.maps.iter().filter(|map| names.contains(&map.name));
        // The first id after those of the sample.
        let records: Vec<_> = of.flat_map(|map| (map.records)(CONTAINERS_OF_A_TWIN)).collect();
        let bytes = records.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        Share { what, records: records.len(), bytes: bytes as f64 }
    }

    /// Returns random distinct records of a filled state: `count`, but at most half of all.
    pub fn pick(&self, containers: u64, count: usize, random: &mut Random) -> Vec<Record> {
        let places: Vec<(&Map, usize, Range<u64>)> = self
            .maps
            .iter()
            .flat_map(|map| {
                let ids = map.of.ids(containers);
                (0..(map.records)(ids.start).len()).map(move |at| (map, at, ids.clone()))
            })
            .collect();
        let total = places.iter().map(|(_, _, ids)| ids.end - ids.start).sum::<u64>();
        let count = count.min(usize::try_from(total / 2).unwrap_or(count));
        let mut picked = std::collections::BTreeMap::new();
        while picked.len() < count {
            let mut number = random.below(total);
            for (map, at, ids) in &places {
                let length = ids.end - ids.start;
                if number < length {
                    let (key, value) = (map.records)(ids.start + number).swap_remove(*at);
                    picked.insert(key, value);
                    break;
                }
                number -= length;
            }
        }
        // A `BTreeMap` sorts the records, which would favour caches.
        let mut picked: Vec<_> = picked.into_iter().collect();
        for at in (1..picked.len()).rev() {
            picked.swap(at, random.below(at as u64 + 1) as usize);
        }
        picked
    }
}

/// Returns a state in memory, on which pallet functions can be called.
fn externalities(records: Vec<Record>) -> BasicExternalities {
    BasicExternalities::new(Storage { top: records.into_iter().collect(), ..Default::default() })
}

/// Replaces the mark of the first container or twin in a record by that of another id.
fn renumber(mut bytes: Vec<u8>, id: u64) -> Vec<u8> {
    let (old, new) = (mark(0), mark(id));
    for at in 0..bytes.len().saturating_sub(old.len() - 1) {
        let place = &mut bytes[at..at + old.len()];
        if place == old.as_bytes() {
            place.copy_from_slice(new.as_bytes());
        }
    }
    bytes
}

/// Returns a placeholder for the head of a twin or container. The first one keeps its actual head.
fn head_of(first: H256, id: u64) -> H256 {
    match id {
        0 => first,
        _ => blake2_256(&(first, id).encode()).into(),
    }
}

/// Returns the maps with the records of the first twin and of its first container.
fn maps(genesis: H256) -> Result<Vec<Map>> {
    let owner = OWNER.to_account_id();
    let mut maps = Vec::new();
    let mut add = |name, of, records| maps.push(Map { name, of, records });

    let container = Containers::<Runtime>::get(0).ok_or("the first container does not exist")?;
    add(
        "Containers",
        Of::Container,
        Box::new(move |id| {
            let mut container = container.clone();
            container.history.head = head_of(container.history.head, id);
            vec![(Containers::<Runtime>::hashed_key_for(id), container.encode())]
        }) as Box<dyn Fn(u64) -> Vec<Record>>,
    );
    let description =
        Descriptions::<Runtime>::get(0).ok_or("the first container has no description")?.encode();
    add(
        "Descriptions",
        Of::Container,
        Box::new(move |id| {
            let text = renumber(description.clone(), id);
            vec![(Descriptions::<Runtime>::hashed_key_for(id), text)]
        }),
    );
    let roles = RoleNames::<Runtime>::get(0).encode();
    add(
        "RoleNames",
        Of::Container,
        Box::new(move |id| vec![(RoleNames::<Runtime>::hashed_key_for(id), roles.clone())]),
    );
    let holders: Vec<_> = RoleHolders::<Runtime>::iter_prefix(0).collect();
    add(
        "RoleHolders",
        Of::Container,
        Box::new(move |id| {
            let record = |(role, holders): &(u8, u32)| {
                (RoleHolders::<Runtime>::hashed_key_for(id, role), holders.encode())
            };
            holders.iter().map(record).collect()
        }),
    );
    add(
        "InstancesOf",
        Of::Container,
        Box::new(move |id| vec![(InstancesOf::<Runtime>::hashed_key_for(0, id), Vec::new())]),
    );
    let data_sets: Vec<_> = DataSets::<Runtime>::iter_prefix(0).collect();
    add(
        "DataSets",
        Of::Container,
        Box::new(move |id| {
            let record = |(name, data_set): &(
                _,
                pallet_data_container::DataSet<twinchain_runtime::AccountId, u32>,
            )| {
                let mut data_set = data_set.clone();
                data_set.head = match data_set.revision {
                    0 => operation::initial_head(&genesis, id, data_set.id),
                    _ => head_of(data_set.head, id),
                };
                let key = DataSets::<Runtime>::hashed_key_for(id, name);
                (key, renumber(data_set.encode(), id))
            };
            data_sets.iter().map(record).collect()
        }),
    );
    let rights: Vec<_> = AccountRights::<Runtime>::iter_prefix(0).collect();
    let holders: Vec<_> = rights.iter().map(|(account, _)| account.clone()).collect();
    add(
        "AccountRights",
        Of::Container,
        Box::new(move |id| {
            let key = |account| AccountRights::<Runtime>::hashed_key_for(id, account);
            rights.iter().map(|(account, rights)| (key(account), rights.encode())).collect()
        }),
    );
    for account in holders {
        add(
            "ContainersSharedWith",
            Of::Container,
            Box::new(move |id| {
                vec![(ContainersSharedWith::<Runtime>::hashed_key_for(&account, id), Vec::new())]
            }),
        );
    }
    let account = owner.clone();
    add(
        "ContainersOfOwner",
        Of::Container,
        Box::new(move |id| {
            vec![(ContainersOfOwner::<Runtime>::hashed_key_for(&account, id), Vec::new())]
        }),
    );
    let batches: Vec<_> = Batches::<Runtime>::iter_prefix((0,)).collect();
    add(
        "Batches",
        Of::Container,
        Box::new(move |id| {
            let key = |(data_set, batch)| Batches::<Runtime>::hashed_key_for((id, data_set, batch));
            batches.iter().map(|(at, batch)| (key(*at), renumber(batch.encode(), id))).collect()
        }),
    );
    let epochs: Vec<_> = Epochs::<Runtime>::iter_prefix((0,)).collect();
    add(
        "Epochs",
        Of::Container,
        Box::new(move |id| {
            let key = |(data_set, epoch)| Epochs::<Runtime>::hashed_key_for((id, data_set, epoch));
            epochs.iter().map(|(at, epoch)| (key(*at), renumber(epoch.encode(), id))).collect()
        }),
    );
    add(
        "UsedKeys",
        Of::Container,
        Box::new(move |id| {
            let of_data_sets = None::<twinchain_runtime::AccountId>;
            let used = H256(blake2_256(&public_key(id)));
            vec![(UsedKeys::<Runtime>::hashed_key_for(of_data_sets, used), Vec::new())]
        }),
    );
    let envelopes: Vec<_> = Envelopes::<Runtime>::iter_prefix((0,)).collect();
    add(
        "Envelopes",
        Of::Container,
        Box::new(move |id| {
            let record = |((data_set, segment, reader), envelope): &((u16, u8, _), _)| {
                let key = Envelopes::<Runtime>::hashed_key_for((id, data_set, segment, reader));
                (key, renumber(pallet_data_container::Envelope::encode(envelope), id))
            };
            envelopes.iter().map(record).collect()
        }),
    );
    add(
        "TwinsOfContainer",
        Of::Container,
        Box::new(|id| {
            let twin = id / CONTAINERS_OF_A_TWIN;
            vec![(TwinsOfContainer::<Runtime>::hashed_key_for(id, twin), 1u32.encode())]
        }),
    );

    let twin = Twins::<Runtime>::get(0).ok_or("the first twin does not exist")?;
    add(
        "Twins",
        Of::Twin,
        Box::new(move |id| {
            let mut twin = twin.clone();
            twin.history.head = head_of(twin.history.head, id);
            vec![(Twins::<Runtime>::hashed_key_for(id), renumber(twin.encode(), id))]
        }),
    );
    let description = TwinDescriptions::get(0).ok_or("the first twin has no description")?.encode();
    add(
        "Twins' descriptions",
        Of::Twin,
        Box::new(move |id| {
            vec![(TwinDescriptions::hashed_key_for(id), renumber(description.clone(), id))]
        }),
    );
    let links: Vec<_> = Links::<Runtime>::iter_prefix(0).collect();
    add(
        "Links",
        Of::Twin,
        Box::new(move |id| {
            let first = id * CONTAINERS_OF_A_TWIN;
            let record = |(name, target): &(_, Target<_>)| {
                let target = match target {
                    Target::Container(container) => Target::Container(first + container),
                    other => other.clone(),
                };
                (Links::<Runtime>::hashed_key_for(id, name), target.encode())
            };
            links.iter().map(record).collect()
        }),
    );
    add(
        "TwinsOfAsset",
        Of::Twin,
        Box::new(|id| {
            let asset = H256(blake2_256(&asset(id)));
            vec![(TwinsOfAsset::<Runtime>::hashed_key_for(asset, id), Vec::new())]
        }),
    );
    add(
        "TwinsOfOwner",
        Of::Twin,
        Box::new(move |id| vec![(TwinsOfOwner::<Runtime>::hashed_key_for(&owner, id), Vec::new())]),
    );
    Ok(maps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use twinchain_runtime::{DataContainer, DigitalTwin};

    #[test]
    fn filled_state_matches_the_calls_and_is_consistent() {
        let folder = tempfile::tempdir().unwrap();
        let chain = Chain::open(folder.path(), None).unwrap();
        let before = chain.records().unwrap();
        let template = Template::make(&chain).unwrap();

        // The template contains everything that the calls stored for the first twin.
        let after: std::collections::BTreeMap<_, _> =
            chain.records().unwrap().into_iter().collect();
        let made: std::collections::BTreeMap<_, _> = template
            .maps
            .iter()
            .flat_map(|map| {
                let ids = match map.of {
                    Of::Twin => 0..1,
                    Of::Container => 0..CONTAINERS_OF_A_TWIN,
                };
                ids.flat_map(|id| (map.records)(id))
            })
            .collect();
        for (key, value) in &made {
            let left = after.get(key).expect("the calls stored it");
            // The second container's heads are placeholders, so they differ from those of the
            // calls.
            let headed = heads().iter().any(|map| key.starts_with(map));
            if left.len() != value.len() || !headed {
                assert_eq!(left, value);
            }
        }
        let old: std::collections::BTreeSet<_> = before.into_iter().map(|(key, _)| key).collect();
        let of_pallets = |key: &[u8]| {
            ["DataContainer", "DigitalTwin"]
                .iter()
                .any(|name| key.starts_with(&sp_io::hashing::twox_128(name.as_bytes())))
        };
        let rest = after
            .keys()
            .filter(|key| of_pallets(key) && !old.contains(*key) && !made.contains_key(*key));
        // The id counters, the plugin with its document, schemas and indices, the encryption keys,
        // their versions, and their use.
        assert_eq!(rest.count(), 3 + 1 + 1 + 4 + 2 + 2 + 2 + 2);

        template.fill(&chain, 20).unwrap();
        let mut state = externalities(chain.records().unwrap());
        state.execute_with(|| {
            DataContainer::do_try_state().unwrap();
            DigitalTwin::do_try_state().unwrap();
            let page = DataContainer::containers_of_owner(OWNER.to_account_id(), None, 256);
            assert_eq!(page.items.len(), 20);
            let stored = DataContainer::entry(19, ENTRY.into()).unwrap();
            assert_eq!(stored.value.bytes(), entry_value(19, 0));
            assert_eq!(DigitalTwin::twins_of_asset(asset(9), None, 2).items.len(), 1);
        });
        // Calls continue to work on the filled state.
        chain.run(vec![(TECHNICIAN, set_entry(19, 1))]).unwrap();
        let mut state = externalities(chain.records().unwrap());
        state.execute_with(|| {
            DataContainer::do_try_state().unwrap();
            let stored = DataContainer::entry(19, ENTRY.into()).unwrap();
            assert_eq!(stored.value.bytes(), entry_value(19, 1));
        });
    }

    /// Returns the key prefixes of records with heads.
    fn heads() -> [[u8; 32]; 2] {
        [&b"Containers"[..], b"DataSets"]
            .map(|map| frame_support::storage::storage_prefix(b"DataContainer", map))
    }

    #[test]
    fn entries_have_128_bytes() {
        assert!([0, 1, 999_999].iter().all(|n| entry_value(*n, *n).len() == 128));
        assert_ne!(entry_value(5, 0), entry_value(5, 1));
    }

    #[test]
    fn every_mark_changes() {
        let bytes = [mark(0), "x".into(), mark(0)].concat().into_bytes();
        assert_eq!(renumber(bytes, 7), [mark(7), "x".into(), mark(7)].concat().into_bytes());
        assert_eq!(renumber(b"SN".to_vec(), 7), b"SN");
    }

    #[test]
    fn picked_records_are_in_the_state_and_differ() {
        let folder = tempfile::tempdir().unwrap();
        let chain = Chain::open(folder.path(), None).unwrap();
        let template = Template::make(&chain).unwrap();
        template.fill(&chain, 20).unwrap();
        let state: std::collections::BTreeMap<_, _> =
            chain.records().unwrap().into_iter().collect();
        let picked = template.pick(20, 150, &mut Random::new(1));
        assert_eq!(picked.len(), 150);
        assert!(picked.iter().all(|(key, value)| state.get(key) == Some(value)));
    }
}
