// SPDX-License-Identifier: Apache-2.0

//! Logs when finality has stalled, and how many validators voted. No block becomes final unless
//! more than two thirds of them vote. An operator needs to know whether this node or others are
//! missing.

use super::types::FullClient;
use futures_timer::Delay;
use log::{info, warn};
use sc_consensus_grandpa::SharedVoterState;
use sp_blockchain::HeaderBackend;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use twinchain_runtime::BlockNumber;

const LOG_TARGET: &str = "finality";

/// Interval between two checks.
const LOOK: Duration = Duration::from_secs(10);

/// Time without a new final block after which a stall is logged.
const PATIENCE: Duration = Duration::from_secs(60);
/// Maximum interval at which a stall is logged again. The interval doubles until then.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// The votes of the current round.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Votes {
    round: u64,
    prevotes: usize,
    precommits: usize,
    needed: u64,
    of: u64,
}

/// The observed state of finality.
struct Seen {
    number: BlockNumber,
    since: Instant,
    /// Time after `since` at which the stall is logged next.
    next: Duration,
}

impl Seen {
    fn new(number: BlockNumber, now: Instant) -> Self {
        Self { number, since: now, next: PATIENCE }
    }

    /// Compares the last final and the best block with the observed state. Returns the message to
    /// log, if any, and whether it is a warning.
    fn look(
        &mut self,
        now: Instant,
        (finalised, best): (BlockNumber, BlockNumber),
        votes: Option<Votes>,
    ) -> Option<(bool, String)> {
        let stood = now.saturating_duration_since(self.since);
        if finalised != self.number {
            let was_said = self.next > PATIENCE;
            *self = Self::new(finalised, now);
            let seconds = stood.as_secs();
            return was_said
                .then(|| (false, format!("Finality is back at #{finalised}, after {seconds} s.")));
        }
        // Without new blocks, none can become final.
        if best == finalised || stood < self.next {
            return None;
        }
        self.next = stood.saturating_add(stood.min(LONGEST_PAUSE));
        let votes = votes.map_or_else(
            || "this node sees no votes yet".to_string(),
            |votes| {
                let Votes { round, prevotes, precommits, needed, of } = votes;
                format!(
                    "in round {round}, {prevotes} of {of} validators cast their first vote and \
                     {precommits} their second; {needed} are needed"
                )
            },
        );
        Some((
            true,
            format!(
                "Finality has been stalled at #{finalised} for {} s. The best block is #{best}; \
                 {votes}. See docs/operations.md, When finality has stopped.",
                stood.as_secs()
            ),
        ))
    }
}

fn votes(state: &SharedVoterState) -> Option<Votes> {
    let (round, state) = state.voter_state()?.best_round;
    Some(Votes {
        round,
        prevotes: state.prevote_ids.len(),
        precommits: state.precommit_ids.len(),
        needed: state.threshold_weight.get(),
        of: state.total_weight.get(),
    })
}

/// Watches finality while the node runs.
pub async fn watch(client: Arc<FullClient>, state: SharedVoterState) {
    let mut seen = Seen::new(client.info().finalized_number, Instant::now());
    loop {
        Delay::new(LOOK).await;
        let info = client.info();
        let numbers = (info.finalized_number, info.best_number);
        match seen.look(Instant::now(), numbers, votes(&state)) {
            Some((true, words)) => warn!(target: LOG_TARGET, "⚠️  {words}"),
            Some((false, words)) => info!(target: LOG_TARGET, "✅ {words}"),
            None => {},
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOTES: Votes = Votes { round: 7, prevotes: 2, precommits: 1, needed: 3, of: 4 };

    #[test]
    fn stall_is_logged_at_growing_intervals_and_its_end_once() {
        let begin = Instant::now();
        let at = |seconds| begin.checked_add(Duration::from_secs(seconds)).unwrap();
        let mut seen = Seen::new(5, begin);
        assert_eq!(seen.look(at(50), (5, 9), Some(VOTES)), None);
        let (is_bad, words) = seen.look(at(60), (5, 9), Some(VOTES)).unwrap();
        assert!(is_bad, "{words}");
        for part in ["#5 for 60 s", "best block is #9;", "2 of 4 validators", "3 are needed"] {
            assert!(words.contains(part), "{words}");
        }
        let said: Vec<u64> = (7..200)
            .map(|tens| tens * 10)
            .filter(|seconds| seen.look(at(*seconds), (5, 9), None).is_some())
            .collect();
        assert_eq!(said, [120, 240, 480, 960, 1_560]);
        let (is_bad, words) = seen.look(at(2_000), (6, 9), None).unwrap();
        assert!(!is_bad && words.contains("is back at #6"), "{words}");
        assert_eq!(seen.look(at(2_010), (7, 9), None), None);
    }

    #[test]
    fn missing_blocks_are_not_a_stall() {
        let begin = Instant::now();
        let mut seen = Seen::new(5, begin);
        let later = begin.checked_add(Duration::from_secs(1_000)).unwrap();
        assert_eq!(seen.look(later, (5, 5), None), None);
    }
}
