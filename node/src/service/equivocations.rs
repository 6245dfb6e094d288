// SPDX-License-Identifier: Apache-2.0

//! Detects block authors that made two blocks in one slot.
//!
//! No data is lost: a validator that mistakenly runs twice forks the chain for a moment. But
//! operators should know of a mistake, or of an attack. GRANDPA itself reports votes for two
//! blocks, which endanger finality, to the chain.

use super::types::{slot_of, FullClient};
use futures::StreamExt;
use log::warn;
use sc_client_api::BlockchainEvents;
use sp_consensus_aura::Slot;
use std::{collections::VecDeque, sync::Arc};
use substrate_prometheus_endpoint::{register, Counter, Registry, U64};
use twinchain_runtime::Hash;

const LOG_TARGET: &str = "aura";

/// Number of blocks that are remembered.
const REMEMBERED: usize = 256;

/// The most recent blocks with their slots. Each slot has one block author.
#[derive(Default)]
struct Recent(VecDeque<(Slot, Hash)>);

impl Recent {
    /// Adds a block. Returns another block of the same slot, if one is known.
    fn note(&mut self, slot: Slot, block: Hash) -> Option<Hash> {
        let same = self.0.iter().find(|(other, _)| *other == slot).map(|(_, other)| *other);
        if same == Some(block) {
            return None;
        }
        self.0.push_back((slot, block));
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
        same
    }
}

/// Watches all imported blocks.
pub async fn watch(client: Arc<FullClient>, prometheus: Option<Registry>) {
    let count = prometheus.and_then(|registry| {
        let counter = Counter::<U64>::new(
            "twinchain_aura_equivocations_total",
            "Blocks whose author had made another one in the same slot",
        );
        counter
            .and_then(|counter| register(counter, &registry))
            .inspect_err(|error| warn!(target: LOG_TARGET, "No metrics: {error}"))
            .ok()
    });
    let mut recent = Recent::default();
    let mut blocks = client.every_import_notification_stream();
    while let Some(block) = blocks.next().await {
        let Some(slot) = slot_of(&block.header) else { continue };
        if let Some(other) = recent.note(slot, block.hash) {
            warn!(
                target: LOG_TARGET,
                "⚠️ The block author of slot {slot} made two blocks: {} (#{}) and {other}. Check \
                 whether this validator runs twice.",
                block.hash,
                block.header.number,
            );
            if let Some(count) = &count {
                count.inc();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(number: u8) -> Hash {
        Hash::repeat_byte(number)
    }

    #[test]
    fn two_blocks_of_one_slot_are_detected() {
        let mut recent = Recent::default();
        assert_eq!(recent.note(7.into(), block(1)), None);
        assert_eq!(recent.note(8.into(), block(2)), None);
        assert_eq!(recent.note(7.into(), block(3)), Some(block(1)));
    }

    #[test]
    fn same_block_again_is_not_an_equivocation() {
        let mut recent = Recent::default();
        assert_eq!(recent.note(7.into(), block(1)), None);
        assert_eq!(recent.note(7.into(), block(1)), None);
        assert_eq!(recent.note(7.into(), block(2)), Some(block(1)));
    }

    #[test]
    fn old_blocks_are_forgotten() {
        let mut recent = Recent::default();
        for slot in 0..=REMEMBERED as u64 {
            assert_eq!(recent.note(slot.into(), block(1)), None);
        }
        assert_eq!(recent.0.len(), REMEMBERED);
        assert_eq!(recent.note(0.into(), block(2)), None);
    }
}
