// SPDX-License-Identifier: Apache-2.0

//! Follows the chain: records which block includes each submitted extrinsic, when that block was
//! seen, and when it became final.

use crate::{error::Result, gate::Gate, rpc::Rpc};
use codec::Decode;
use frame_support::{Blake2_256, StorageHasher};
use sp_core::H256;
use sp_runtime::{ConsensusEngineId, DigestItem};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};
use tokio::sync::watch;
use twinchain_runtime::Header;

/// The consensus engine whose digest contains the slot.
const AURA: ConsensusEngineId = *b"aura";

/// A block that was seen.
#[derive(Clone, Debug)]
pub struct Block {
    /// Number of the block.
    pub number: u32,
    /// Hash of the block.
    pub hash: H256,
    /// Slot in which the block was made.
    pub slot: u64,
    /// Time at which this program saw it.
    pub seen: Instant,
    /// Time at which this program saw that it is final.
    pub finalised: Option<Instant>,
    /// Submission times of this program's extrinsics in the block.
    pub submitted: Vec<Instant>,
    /// Total length of its extrinsics, in bytes.
    pub bytes: usize,
}

/// A submitted extrinsic that is in no block yet.
struct Waiting {
    extrinsic: Arc<str>,
    submitted: Instant,
    /// Time of the last submission.
    again: Instant,
}

#[derive(Default)]
struct Known {
    blocks: Vec<Block>,
    finalised: u32,
    outstanding: HashMap<[u8; 32], Waiting>,
    gate: Option<Arc<Gate>>,
    failure: Option<String>,
}

/// The known part of the chain.
pub struct Chain {
    known: Mutex<Known>,
    changed: watch::Sender<()>,
}

impl Chain {
    /// Follows the chain from its best block until the connection ends.
    pub async fn follow(rpc: Rpc) -> Result<Arc<Self>> {
        let mut best = rpc.heads("NewHeads").await?;
        let mut finalised = rpc.heads("FinalizedHeads").await?;
        let chain = Arc::new(Self { known: Mutex::default(), changed: watch::Sender::new(()) });
        let follower = chain.clone();
        tokio::spawn(async move {
            loop {
                let done = tokio::select! {
                    head = best.next() => match head {
                        Some(Ok(head)) => follower.add_up_to(&rpc, head).await,
                        _ => Err("the node ended the subscription of blocks".into()),
                    },
                    head = finalised.next() => match head {
                        Some(Ok(head)) => {
                            follower.finalise(head.number);
                            Ok(())
                        },
                        _ => Err("the node ended the subscription of final blocks".into()),
                    },
                };
                let ended = done.is_err();
                follower.known().failure = done.err().map(|error| error.to_string());
                follower.changed.send_replace(());
                if ended {
                    return;
                }
            }
        });
        Ok(chain)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nothing panics while it holds the lock")
    }

    /// Adds a new best block, and the blocks before it that were not announced.
    async fn add_up_to(&self, rpc: &Rpc, head: Header) -> Result<()> {
        let seen = Instant::now();
        let last = self.known().blocks.last().map(|block| block.number);
        // The genesis block has no slot.
        let first = last.map_or(head.number, |last| last + 1).max(1);
        for number in first..=head.number {
            let hash =
                if number == head.number { head.hash() } else { rpc.block_hash(number).await? };
            self.add(rpc, hash, seen).await?;
        }
        Ok(())
    }

    async fn add(&self, rpc: &Rpc, hash: H256, seen: Instant) -> Result<()> {
        let block = rpc.block(hash).await?;
        let hashes: Vec<_> =
            block.extrinsics.iter().map(|extrinsic| Blake2_256::hash(&extrinsic.0)).collect();
        let mut known = self.known();
        let parent = known.blocks.last().map(|block| block.hash);
        if parent.is_some_and(|parent| parent != block.header.parent_hash) {
            return Err("the chain has a fork, which a single validator must not produce".into());
        }
        let ours = hashes.iter().filter_map(|hash| known.outstanding.remove(hash));
        let submitted: Vec<_> = ours.map(|waiting| waiting.submitted).collect();
        if let Some(gate) = &known.gate {
            gate.included(submitted.len());
        }
        known.blocks.push(Block {
            number: block.header.number,
            hash,
            slot: slot(&block.header).ok_or("a block has no slot")?,
            seen,
            finalised: None,
            submitted,
            bytes: block.extrinsics.iter().map(|extrinsic| extrinsic.0.len()).sum(),
        });
        Ok(())
    }

    fn finalise(&self, number: u32) {
        let now = Instant::now();
        let mut known = self.known();
        known.finalised = number;
        let blocks = known.blocks.iter_mut().rev();
        for block in blocks.skip_while(|block| block.number > number) {
            if block.finalised.is_some() {
                break;
            }
            block.finalised = Some(now);
        }
    }

    /// Sets the gate that is informed of the extrinsics in each block.
    pub fn open(&self, gate: Option<Arc<Gate>>) {
        self.known().gate = gate;
    }

    /// Records an extrinsic that is about to be submitted.
    pub fn expect(&self, hash: [u8; 32], extrinsic: Arc<str>) {
        let now = Instant::now();
        self.known().outstanding.insert(hash, Waiting { extrinsic, submitted: now, again: now });
    }

    /// Returns at most `most` extrinsics that have waited for `patience` since their last
    /// submission, and restarts their wait.
    pub fn overdue(&self, patience: Duration, most: usize) -> Vec<Arc<str>> {
        let now = Instant::now();
        let mut known = self.known();
        let waiting = known.outstanding.values_mut();
        let mut overdue: Vec<_> =
            waiting.filter(|waiting| now - waiting.again >= patience).collect();
        overdue.sort_by_key(|waiting| waiting.submitted);
        overdue.truncate(most);
        let again = |waiting: &mut Waiting| {
            waiting.again = now;
            waiting.extrinsic.clone()
        };
        overdue.into_iter().map(again).collect()
    }

    /// Forgets a rejected extrinsic.
    pub fn forget(&self, hash: &[u8; 32]) {
        self.known().outstanding.remove(hash);
    }

    /// Returns the number of submitted extrinsics that are in no block.
    pub fn outstanding(&self) -> usize {
        self.known().outstanding.len()
    }

    /// Forgets all extrinsics that are in no block. Returns their number.
    pub fn forget_all(&self) -> u64 {
        self.known().outstanding.drain().count() as u64
    }

    /// Returns the best block.
    pub fn best(&self) -> Option<Block> {
        self.known().blocks.last().cloned()
    }

    /// Returns the blocks from this number onwards.
    pub fn blocks_from(&self, number: u32) -> Vec<Block> {
        self.known().blocks.iter().filter(|block| block.number >= number).cloned().collect()
    }

    /// Returns `true` if the block is final.
    pub fn is_final(&self, number: u32) -> bool {
        self.known().finalised >= number
    }

    /// Waits until `condition` holds. Returns `true` if it did within the limit.
    pub async fn wait(&self, limit: Duration, mut condition: impl FnMut() -> bool) -> Result<bool> {
        let mut changes = self.changed.subscribe();
        let end = tokio::time::Instant::now() + limit;
        loop {
            if condition() {
                return Ok(true);
            }
            if let Some(failure) = &self.known().failure {
                return Err(failure.clone().into());
            }
            if tokio::time::timeout_at(end, changes.changed()).await.is_err() {
                return Ok(condition());
            }
        }
    }

    /// Waits for the next block.
    pub async fn next(&self, limit: Duration) -> Result<Block> {
        let last = self.best().map(|block| block.number);
        self.wait(limit, || self.best().map(|block| block.number) > last).await?;
        let best = self.best().filter(|block| Some(block.number) > last);
        best.ok_or_else(|| format!("no block within {} s", limit.as_secs()).into())
    }
}

/// Returns the slot in which a block was made.
fn slot(header: &Header) -> Option<u64> {
    let slot = |item: &DigestItem| match item {
        DigestItem::PreRuntime(AURA, data) => u64::decode(&mut &data[..]).ok(),
        _ => None,
    };
    header.digest.logs.iter().find_map(slot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use sp_runtime::{traits::Header as _, Digest};

    #[test]
    fn slot_is_read_from_the_aura_digest() {
        let seal = DigestItem::Seal(*b"aura", 9u64.encode());
        let mut logs = vec![seal, DigestItem::PreRuntime(*b"BABE", 8u64.encode())];
        let header = |logs| {
            let zero = H256::zero();
            Header::new(1, zero, zero, zero, Digest { logs })
        };
        assert_eq!(slot(&header(logs.clone())), None);
        logs.push(DigestItem::PreRuntime(*b"aura", 7u64.encode()));
        assert_eq!(slot(&header(logs)), Some(7));
    }
}
