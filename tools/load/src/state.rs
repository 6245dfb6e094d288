// SPDX-License-Identifier: Apache-2.0

//! What one operation adds to the state, counted in keys and values.

use crate::{
    drive::{Driver, BLOCK_LIMIT},
    error::Result,
    follow::Block,
    rpc::State,
    sign::Account,
    workloads::Workload,
};
use frame_support::{storage::storage_prefix, StorageHasher, Twox128};
use serde::{Deserialize, Serialize};
use sp_core::H256;
use std::collections::BTreeSet;

/// What an operation does to the state.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Growth {
    /// The bytes by which it makes the state longer: keys and values.
    pub added_bytes: i64,
    /// The bytes of the keys and values that it writes.
    pub written_bytes: u64,
    /// How many keys it writes.
    pub written_keys: u64,
}

impl Growth {
    /// From one state to the next, without the keys that every block writes.
    fn between(before: &State, after: &State, every_block: &BTreeSet<Vec<u8>>) -> Self {
        let counts = |key: &&Vec<u8>| !every_block.contains(*key);
        let size = |state: &State| {
            let counted = state.iter().filter(|(key, _)| counts(key));
            counted.map(|(key, value)| (key.len() + value.len()) as i64).sum::<i64>()
        };
        let changed = changed(before, after);
        let written: Vec<_> = changed.iter().filter(counts).collect();
        let bytes = |key: &&Vec<u8>| (key.len() + after.get(*key).map_or(0, Vec::len)) as u64;
        Self {
            added_bytes: size(after) - size(before),
            written_bytes: written.iter().map(bytes).sum(),
            written_keys: written.len() as u64,
        }
    }
}

fn changed(before: &State, after: &State) -> BTreeSet<Vec<u8>> {
    let keys = before.keys().chain(after.keys());
    keys.filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}

/// Measures operations one by one, on a chain where nothing else happens.
pub struct Scale<'a> {
    driver: &'a Driver,
    every_block: BTreeSet<Vec<u8>>,
}

impl<'a> Scale<'a> {
    /// Learns what every block writes.
    pub async fn new(driver: &'a Driver) -> Result<Self> {
        let block = driver.chain.next(BLOCK_LIMIT).await?;
        let (before, after) = around(driver, &block).await?;
        Ok(Self { driver, every_block: changed(&before, &after) })
    }

    /// What the second operation of a kind does: the first may make what all others only change.
    pub async fn weigh(&self, workload: &Workload, account: &Account) -> Result<Growth> {
        let nonce = self.driver.rpc.nonces(&[&account.id]).await?[0];
        for number in [nonce, nonce + 1] {
            let call = (workload.make)(0, number);
            self.driver.send_all(vec![(account, vec![call])]).await?;
        }
        let blocks = self.driver.chain.blocks_from(0);
        let block = blocks.iter().rev().find(|block| !block.submitted.is_empty());
        let (before, after) = around(self.driver, block.ok_or("it is in no block")?).await?;
        Ok(Growth::between(&before, &after, &self.every_block))
    }
}

/// The states before and after a block.
async fn around(driver: &Driver, block: &Block) -> Result<(State, State)> {
    let parent = driver.rpc.block(block.hash).await?.header.parent_hash;
    Ok((state(driver, parent).await?, state(driver, block.hash).await?))
}

/// The state after a block, without what the system keeps of the block itself.
async fn state(driver: &Driver, at: H256) -> Result<State> {
    let system = Twox128::hash(b"System");
    let accounts = storage_prefix(b"System", b"Account");
    let mut keys = driver.rpc.keys(&[], at).await?;
    keys.retain(|key| !key.starts_with(&system) || key.starts_with(&accounts));
    // The code is large, and no operation changes it.
    keys.retain(|key| !key.starts_with(b":"));
    driver.rpc.values(&keys, at).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(entries: &[(&str, &str)]) -> State {
        entries.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
    }

    #[test]
    fn growth_is_what_is_new_and_longer() {
        let before = state(&[("time", "1"), ("kept", "x"), ("set", "abc"), ("gone", "y")]);
        let after = state(&[("time", "23"), ("kept", "x"), ("set", "abcde"), ("new", "12345")]);
        let growth = Growth::between(&before, &after, &[b"time".to_vec()].into());
        assert_eq!(growth.written_keys, 3);
        assert_eq!(growth.written_bytes, (3 + 5) + (3 + 5) + 4);
        assert_eq!(growth.added_bytes, 2 + (3 + 5) - (4 + 1));
    }
}
