// SPDX-License-Identifier: Apache-2.0

//! Compares this node's clock with those of other validators, by the arrival times of their blocks.
//!
//! A validator makes its block at the start of its slot. If a block arrives before that, or long
//! after, the clock of this node or of the block author is off. If the blocks of most validators
//! arrive early or late, this node's clock is off. Blocks with many extrinsics take long to make,
//! and are ignored.

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

/// Number of blocks over which the median is taken.
const WINDOW: usize = 15;

/// Maximum number of extrinsics in a block that counts. Blocks with more take long to make.
const FEW: usize = 20;

/// Tolerated difference of the clocks, in milliseconds.
const TOLERANCE: i64 = 500;

/// Minimum interval between two warnings.
const REPEAT: Duration = Duration::from_secs(600);

/// Arrival times of the last blocks of others, in milliseconds after the start of their slots.
#[derive(Debug, Default)]
struct Arrivals(VecDeque<i64>);

impl Arrivals {
    /// Adds an arrival. Returns the median once there are [`WINDOW`] of them.
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

/// Describes the clock's deviation if the median arrival is out of tolerance, otherwise returns
/// `None`.
fn fault(median: i64) -> Option<String> {
    let off = median.unsigned_abs();
    match median {
        late if late > TOLERANCE => Some(format!("{off} ms late: the clock is ahead of theirs")),
        early if early < -TOLERANCE => Some(format!("{off} ms early: the clock is behind theirs")),
        _ => None,
    }
}

/// Watches the blocks of others while the node runs.
pub async fn watch(client: Arc<FullClient>, slot: SlotDuration, prometheus: Option<Registry>) {
    let gauge = metrics::signed_gauge(
        prometheus.as_ref(),
        "twinchain_block_arrival_ms",
        "Arrival of the median block of others after the start of its slot, in milliseconds",
    );
    let mut arrivals = Arrivals::default();
    let mut said: Option<Instant> = None;
    let mut imported = client.import_notification_stream();
    while let Some(block) = imported.next().await {
        // Blocks that a node fetches to catch up are old.
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
                "⚠️  The blocks of others arrive {fault}, or the network is slow. Synchronize the \
                 clock by NTP: a node whose clock is off misses its slots."
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_arrival_decides() {
        let mut arrivals = Arrivals::default();
        for _ in 1..WINDOW {
            assert_eq!(arrivals.add(80), None);
        }
        assert_eq!(arrivals.add(9_000), Some(80));
        // A minority of validators whose clocks are off does not change the median.
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
