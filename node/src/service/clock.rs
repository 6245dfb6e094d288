// SPDX-License-Identifier: Apache-2.0

//! Whether this node's clock goes like the others': their blocks say when they were made.
//!
//! An author makes its block at the beginning of its slot. If it arrives before that, or long
//! after, either the clock here is off, or that of the author; if that is so of most authors, it is
//! the clock here. Blocks with many extrinsics take long to make, and say nothing.

use super::{
    metrics,
    types::{slot_of, FullClient},
};
use futures::StreamExt;
use log::warn;
use sc_client_api::{BlockBackend, BlockchainEvents};
use sp_consensus::BlockOrigin;
use sp_consensus_aura::SlotDuration;
use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use substrate_prometheus_endpoint::Registry;

const LOG_TARGET: &str = "clock";

/// The number of blocks looked at.
const WINDOW: usize = 15;

/// A block with more extrinsics takes time to make.
const FEW: usize = 20;

/// By how many milliseconds the clocks may differ.
const TOLERANCE: i64 = 500;

/// How often it is said at most.
const REPEAT: Duration = Duration::from_secs(600);

/// How late the last blocks of others came, in milliseconds after the beginning of their slots.
#[derive(Debug, Default)]
struct Arrivals(VecDeque<i64>);

impl Arrivals {
    /// Adds one, and returns the median once there are enough.
    fn add(&mut self, late: i64) -> Option<i64> {
        if self.0.len() == WINDOW {
            self.0.pop_front();
        }
        self.0.push_back(late);
        if self.0.len() < WINDOW {
            return None;
        }
        let mut sorted: Vec<_> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(WINDOW / 2).copied()
    }
}

/// Returns what is wrong with a clock by which the median block comes so late.
fn fault(median: i64) -> Option<String> {
    let off = median.unsigned_abs();
    match median {
        late if late > TOLERANCE => Some(format!("{off} ms late: the clock is ahead of theirs")),
        early if early < -TOLERANCE => Some(format!("{off} ms early: the clock is behind theirs")),
        _ => None,
    }
}

/// Watches the blocks of others as long as the node runs.
pub async fn watch(client: Arc<FullClient>, slot: SlotDuration, prometheus: Option<Registry>) {
    let gauge = metrics::signed_gauge(
        prometheus.as_ref(),
        "twinchain_block_arrival_ms",
        "How long after the beginning of its slot the median block of others arrives, milliseconds",
    );
    let mut arrivals = Arrivals::default();
    let mut said: Option<Instant> = None;
    let mut imported = client.import_notification_stream();
    while let Some(block) = imported.next().await {
        // While a node catches up, blocks are old.
        let is_fresh = block.origin == BlockOrigin::NetworkBroadcast;
        let is_small = || {
            client
                .block_body(block.hash)
                .is_ok_and(|body| body.is_some_and(|body| body.len() <= FEW))
        };
        let begin = slot_of(&block.header).and_then(|number| number.timestamp(slot));
        let Some(begin) = begin.filter(|_| is_fresh && is_small()) else { continue };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let late = millis(now).saturating_sub(millis(begin.as_duration()));
        let Some(median) = arrivals.add(late) else { continue };
        if let Some(gauge) = &gauge {
            gauge.set(median);
        }
        let is_time = said.is_none_or(|said| said.elapsed() >= REPEAT);
        if let Some(fault) = fault(median).filter(|_| is_time) {
            said = Some(Instant::now());
            warn!(
                target: LOG_TARGET,
                "⚠️  The blocks of others arrive {fault}, or the way to them is slow. Set the clock \
                 by NTP: a node whose clock is off misses its slots."
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_of_the_others_decide() {
        let mut arrivals = Arrivals::default();
        for _ in 1..WINDOW {
            assert_eq!(arrivals.add(80), None);
        }
        assert_eq!(arrivals.add(9_000), Some(80));
        // Single authors with clocks that are off are their own problem.
        for _ in 0..WINDOW / 2 - 1 {
            assert_eq!(arrivals.add(-2_000), Some(80));
        }
        for _ in 0..WINDOW {
            arrivals.add(-700);
        }
        assert_eq!(arrivals.add(-700), Some(-700));
    }

    #[test]
    fn half_a_second_is_tolerated() {
        assert_eq!(fault(500), None);
        assert_eq!(fault(-500), None);
        assert!(fault(501).unwrap().contains("ahead"));
        assert!(fault(-501).unwrap().contains("behind"));
    }
}
