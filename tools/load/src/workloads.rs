// SPDX-License-Identifier: Apache-2.0

//! The workloads: six kinds of extrinsics, and the plugins, containers and keys that they require.

use crate::{
    drive::{Driver, Make},
    error::Result,
    rpc::Rpc,
    sign::Account,
};
use codec::Decode;
use frame_support::{Blake2_256, StorageHasher};
use pallet_data_container::{
    Call as ContainerCall, ContainersOfOwner, DataSetAccess, PreviousSeed, SEAL_BLOCK, SUITE,
};
use pallet_digital_twin::{Call as TwinCall, NewLink};
use sp_core::H256;
use std::sync::Arc;
use twinchain_primitives::{Access, ContainerId, SharedEnvelope};
use twinchain_runtime::{Runtime, RuntimeCall};

/// Length of a remark and of a value, in bytes.
const VALUE: usize = 128;
/// Number of items in an append.
const ITEMS: u32 = 32;
/// Length of an item, in bytes.
const ITEM: usize = 32;
/// The role that writes, and the data sets.
const ROLE: &[u8] = b"technician";
const STATUS: &[u8] = b"status";
const LOG: &[u8] = b"log";
const CONTRACT: &[u8] = b"contract";
/// The first epoch of a data set, and the first version of an account's key.
const FIRST: u32 = 1;
/// Bytes that sealing adds to a value: an ephemeral public key of 32 bytes and a tag of 16.
const SEAL_OVERHEAD: usize = 48;
/// Length of a sealed seed, in bytes.
const SEALED_SEED: usize = 80;

/// The names of the workloads, in the order in which they run. The first is the floor.
pub const NAMES: [&str; 6] =
    ["remark", "set_entry", "set_sealed_entry", "append", "create_twin", "share"];

/// One kind of extrinsic.
pub struct Workload {
    /// Name of the workload.
    pub name: &'static str,
    /// Number of items in each extrinsic.
    pub items: u32,
    /// Makes the calls.
    pub make: Make,
}

/// Returns a schema of ten properties, for values and items.
fn schema(required: &str) -> String {
    format!(
        r#"{{"type":"object","required":[{required}],"additionalProperties":false,"properties":{{
"id":{{"type":"string","maxLength":32}},"hours":{{"type":"integer","minimum":0}},
"ok":{{"type":"boolean"}},"load":{{"type":"number","maximum":1000}},"temp":{{"type":"number"}},
"kind":{{"enum":["a","b"]}},"by":{{"type":"string"}},"count":{{"type":"integer","minimum":1}},
"at":{{"type":"string","maxLength":40}},"note":{{"type":"string"}}}}}}"#
    )
}

/// Returns a plugin with a public entry, a list and a confidential entry. A role can write each.
fn service() -> Vec<u8> {
    let (value, item) = (schema(r#""id","hours""#), schema(r#""hours""#));
    let permissions = r#""permissions":{"technician":["set"]}"#;
    format!(
        r#"{{"description":{{"name":"service"}},"template":{{"type":"service","properties":{{
"status":{{"type":"entry","visibility":"public",{permissions},"dataSchema":{value}}},
"log":{{"type":"list","visibility":"public",{permissions},
"dataSchema":{{"type":"array","items":{item}}}}},
"contract":{{"type":"entry","visibility":"confidential",{permissions},"dataSchema":{value}}}}}}}}}"#
    )
    .into_bytes()
}

/// Returns the second plugin of a twin.
fn production() -> Vec<u8> {
    let item = schema(r#""id""#);
    format!(
        r#"{{"description":{{"name":"production"}},"template":{{"type":"production","properties":{{
"manual":{{"type":"entry","visibility":"public","dataSchema":{{"type":"string"}}}},
"steps":{{"type":"list","visibility":"confidential",
"dataSchema":{{"type":"array","items":{item}}}}}}}}}}}"#
    )
    .into_bytes()
}

/// Returns a value with the ten properties.
fn value(number: u32) -> Vec<u8> {
    let text = format!(
        concat!(
            r#"{{"id":"BC250-{:06}","hours":{},"ok":true,"load":12.75,"temp":-3.5,"kind":"a","#,
            r#""by":"S","count":4,"at":"dock","note":""#
        ),
        number % 1_000_000,
        number
    );
    filled(text, VALUE)
}

fn item(number: u32) -> Vec<u8> {
    filled(format!(r#"{{"hours":{},"by":""#, number % 10_000_000), ITEM)
}

/// Extends the beginning of an object with a text to make it `length` bytes long.
fn filled(mut text: String, length: usize) -> Vec<u8> {
    while text.len() + 2 < length {
        text.push('x');
    }
    text.push_str("\"}");
    text.into_bytes()
}

/// Returns as many bytes as a padded and sealed value has. The chain cannot tell them apart.
fn ciphertext(seed: (usize, u32)) -> Vec<u8> {
    let block = SEAL_BLOCK as usize;
    let length = (VALUE + 1).div_ceil(block) * block + SEAL_OVERHEAD;
    noise(seed, length)
}

fn noise(seed: (usize, u32), length: usize) -> Vec<u8> {
    let mut bytes = Blake2_256::hash(format!("{seed:?}").as_bytes()).to_vec();
    while bytes.len() < length {
        let next = Blake2_256::hash(&bytes);
        bytes.extend(next);
    }
    bytes.truncate(length);
    bytes
}

fn sealed_seed(seed: (usize, u32)) -> Vec<u8> {
    noise(seed, SEALED_SEED)
}

/// The containers of the accounts. Each account owns one, in which the next account holds the role.
/// With many accounts, few extrinsics wait for another one of the same account.
pub struct World {
    accounts: Vec<Account>,
    containers: Vec<ContainerId>,
}

impl World {
    /// Prepares a fresh chain: plugins, and containers with roles and keys.
    pub async fn prepare(driver: &Driver, accounts: &[Account]) -> Result<Self> {
        let first = accounts.first().ok_or("there must be at least one account")?;
        let plugins = [service(), production()].map(publish).to_vec();
        driver.send_all(vec![(first, plugins)]).await?;
        let begin = |account| (account, vec![instantiate(), set_key(account)]);
        driver.send_all(accounts.iter().map(begin).collect()).await?;

        let at = driver.chain.best().ok_or("no block was seen")?.hash;
        let mut world = Self { accounts: accounts.to_vec(), containers: Vec::new() };
        for account in accounts {
            world.containers.push(container_of(&driver.rpc, account, at).await?);
        }
        let go_on = |(position, account)| {
            let container = world.containers[position];
            (account, vec![assign(container, world.nth(position + 1)), rotate(container)])
        };
        driver.send_all(accounts.iter().enumerate().map(go_on).collect()).await?;
        Ok(world)
    }

    fn nth(&self, position: usize) -> &Account {
        &self.accounts[position % self.accounts.len()]
    }

    /// Returns the container in which the account at this position holds the role.
    fn writes_to(&self, position: usize) -> ContainerId {
        let accounts = self.accounts.len();
        self.containers[(position + accounts - 1) % accounts]
    }

    /// Returns the account with which the account at this position shares. It is another one each
    /// time, and never the owner or the holder of the role.
    fn reader(&self, position: usize, number: u32) -> &Account {
        self.nth(position + 2 + number as usize % self.readers())
    }

    /// Returns the number of different accounts with which each account can share.
    pub fn readers(&self) -> usize {
        self.accounts.len() - 2
    }

    /// Returns the workload with this name.
    pub fn workload(self: &Arc<Self>, name: &'static str) -> Workload {
        let world = self.clone();
        let make: Make = match name {
            "set_entry" => Arc::new(move |position, number| {
                container(ContainerCall::set_entry {
                    container: world.writes_to(position),
                    data_set: STATUS.to_vec(),
                    value: value(number),
                    expected_revision: None,
                })
            }),
            "set_sealed_entry" => Arc::new(move |position, number| {
                container(ContainerCall::set_sealed_entry {
                    container: world.writes_to(position),
                    data_set: CONTRACT.to_vec(),
                    epoch: FIRST,
                    ciphertext: ciphertext((position, number)),
                    expected_revision: None,
                })
            }),
            "append" => Arc::new(move |position, number| {
                container(ContainerCall::append {
                    container: world.writes_to(position),
                    data_set: LOG.to_vec(),
                    items: (0..ITEMS).map(|n| item(number.wrapping_mul(ITEMS) + n)).collect(),
                    expected_revision: None,
                })
            }),
            "create_twin" => Arc::new(create_twin),
            "share" => Arc::new(move |position, number| {
                let reader = world.reader(position, number);
                share(world.containers[position], reader, (position, number))
            }),
            _ => Arc::new(remark),
        };
        Workload { name, items: if name == "append" { ITEMS } else { 1 }, make }
    }
}

fn container(call: ContainerCall<Runtime>) -> RuntimeCall {
    RuntimeCall::DataContainer(call)
}

/// Returns a call that ignores its bytes.
pub fn remark(position: usize, number: u32) -> RuntimeCall {
    let remark = noise((position, number), VALUE);
    RuntimeCall::System(frame_system::Call::remark { remark })
}

fn publish(document: Vec<u8>) -> RuntimeCall {
    container(ContainerCall::publish_plugin { document })
}

fn instantiate() -> RuntimeCall {
    container(ContainerCall::instantiate { plugin: 0, description: Vec::new() })
}

/// Returns an X25519 public key. With the top bit cleared, almost any 32 bytes are one.
fn public_key(of: &[u8]) -> Vec<u8> {
    let mut key = Blake2_256::hash(of);
    key[31] &= 0x7f;
    key.to_vec()
}

fn set_key(account: &Account) -> RuntimeCall {
    let public = public_key(account.id.as_ref());
    container(ContainerCall::set_encryption_key {
        suite: SUITE,
        public,
        replaces: 0,
        leaked: false,
    })
}

fn assign(id: ContainerId, writer: &Account) -> RuntimeCall {
    let account = writer.id.clone();
    container(ContainerCall::assign_role { container: id, account, role: ROLE.to_vec() })
}

fn rotate(id: ContainerId) -> RuntimeCall {
    container(ContainerCall::rotate_key {
        container: id,
        data_set: CONTRACT.to_vec(),
        expected_epoch: 0,
        suite: SUITE,
        public: public_key(&id.to_le_bytes()),
        previous_seed: PreviousSeed::Cut,
        key_version: FIRST,
        envelope: sealed_seed((0, FIRST)),
        envelopes: Vec::new(),
    })
}

fn create_twin(position: usize, number: u32) -> RuntimeCall {
    let link = |name: &str, plugin| NewLink::Instantiate { name: name.into(), plugin };
    RuntimeCall::DigitalTwin(TwinCall::create_twin {
        description: br#"{"name":"Big Crane 250"}"#.to_vec(),
        asset: format!("cranes.example/BC250-{position}-{number}").into(),
        links: vec![link("service", 0), link("production", 1)],
    })
}

fn share(id: ContainerId, reader: &Account, seed: (usize, u32)) -> RuntimeCall {
    let access = Access::READ | Access::WRITE;
    container(ContainerCall::share {
        container: id,
        account: reader.id.clone(),
        access: vec![DataSetAccess { data_set: CONTRACT.to_vec(), access }],
        until: None,
        envelopes: vec![SharedEnvelope {
            data_set: CONTRACT.to_vec(),
            epoch: FIRST,
            key_version: FIRST,
            envelope: sealed_seed(seed),
        }],
    })
}

/// Returns the container of an account. The key in the storage index ends with its id.
async fn container_of(rpc: &Rpc, account: &Account, at: H256) -> Result<ContainerId> {
    const HASH_AND_ID: usize = 16;
    let key = ContainersOfOwner::<Runtime>::hashed_key_for(&account.id, 0);
    let keys = rpc.keys(&key[..key.len() - HASH_AND_ID], at).await?;
    let key = keys.first().ok_or("an account has no container")?;
    Ok(ContainerId::decode(&mut &key[key.len() - 8..])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn values_and_items_have_their_length_and_are_json() {
        for number in [0, 7, 999_999, 1_000_000, 4_294_967] {
            assert_eq!(value(number).len(), VALUE);
            assert_eq!(item(number).len(), ITEM);
            let value: Value = serde_json::from_slice(&value(number)).unwrap();
            assert_eq!(value.as_object().unwrap().len(), 10);
            serde_json::from_slice::<Value>(&item(number)).unwrap();
        }
    }

    #[test]
    fn plugin_documents_are_json() {
        serde_json::from_slice::<Value>(&service()).unwrap();
        serde_json::from_slice::<Value>(&production()).unwrap();
    }

    #[test]
    fn ciphertext_has_the_length_of_a_sealed_value() {
        assert_eq!(ciphertext((0, 0)).len(), 192 + 48);
        assert_ne!(ciphertext((0, 0)), ciphertext((0, 1)));
    }

    fn world() -> World {
        let accounts = Account::many("//Alice//load", 5).unwrap();
        World { accounts, containers: (10..15).collect() }
    }

    #[test]
    fn writers_do_not_own_their_container() {
        let world = world();
        assert_eq!((0..5).map(|n| world.writes_to(n)).collect::<Vec<_>>(), [14, 10, 11, 12, 13]);
    }

    #[test]
    fn shares_never_repeat_or_go_to_owner_or_writer() {
        let world = world();
        let numbers = 13..13 + world.readers() as u32;
        let readers = numbers.map(|number| world.reader(4, number).id.clone());
        let unique: std::collections::BTreeSet<_> = readers.collect();
        assert_eq!(unique.len(), 3);
        assert!(!unique.contains(&world.nth(4).id) && !unique.contains(&world.nth(5).id));
    }
}
