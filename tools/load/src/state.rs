// SPDX-License-Identifier: Apache-2.0

//! The effect of one operation on the state, in keys and values.

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

/// The effect of an operation on the state.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Growth {
    /// Bytes by which the state grows: keys and values.
    pub added_bytes: i64,
    /// Bytes of the keys and values that the operation writes.
    pub written_bytes: u64,
    /// Number of keys that the operation writes.
    pub written_keys: u64,
}

impl Growth {
    /// Returns the difference between two states, without the keys that every block writes.
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

/// Measures operations one by one, on a chain without other transactions.
pub struct Scale<'a> {
    driver: &'a Driver,
    every_block: BTreeSet<Vec<u8>>,
}

impl<'a> Scale<'a> {
    /// Determines the keys that every block writes.
    pub async fn new(driver: &'a Driver) -> Result<Self> {
        let block = driver.chain.next(BLOCK_LIMIT).await?;
        let (before, after) = around(driver, &block).await?;
        Ok(Self { driver, every_block: changed(&before, &after) })
    }

    /// Measures the second operation of a workload, because the first can create entries that later
    /// ones only change.
    pub async fn weigh(&self, workload: &Workload, account: &Account) -> Result<Growth> {
        let nonce = self.driver.rpc.nonces(&[&account.id]).await?[0];
        for number in [nonce, nonce + 1] {
            let call = (workload.make)(0, number);
            self.driver.send_all(vec![(account, vec![call])]).await?;
        }
        let blocks = self.driver.chain.blocks_from(0);
        let block = blocks.iter().rev().find(|block| !block.submitted.is_empty());
        let (before, after) =
            around(self.driver, block.ok_or("the extrinsic is in no block")?).await?;
        Ok(Growth::between(&before, &after, &self.every_block))
    }
}

/// Returns the states before and after a block.
async fn around(driver: &Driver, block: &Block) -> Result<(State, State)> {
    let parent = driver.rpc.block(block.hash).await?.header.parent_hash;
    Ok((state(driver, parent).await?, state(driver, block.hash).await?))
}

/// Returns the state after a block, without the system's data about the block itself.
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
    fn growth_counts_new_and_longer_entries() {
        let before = state(&[("time", "1"), ("kept", "x"), ("set", "abc"), ("gone", "y")]);
        let after = state(&[("time", "23"), ("kept", "x"), ("set", "abcde"), ("new", "12345")]);
        let growth = Growth::between(&before, &after, &[b"time".to_vec()].into());
        assert_eq!(growth.written_keys, 3);
        assert_eq!(growth.written_bytes, (3 + 5) + (3 + 5) + 4);
        assert_eq!(growth.added_bytes, 2 + (3 + 5) - (4 + 1));
    }
}
