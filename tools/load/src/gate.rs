// SPDX-License-Identifier: Apache-2.0

//! Back-pressure: keeps as many extrinsics in flight as blocks can include.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard},
};
use tokio::sync::Semaphore;

/// Initial number of extrinsics in flight of an adaptive gate.
const FIRST: usize = 500;
/// Maximum number of extrinsics in flight of an adaptive gate: fewer than fit into the node's pool.
const MOST: usize = 30_000;
/// Number of recent blocks from which a gate learns the capacity of a block.
const RECENT: usize = 4;
/// Number of steps in which the places freed by one block are reused. They take two thirds of a
/// slot, about the time from the arrival of a block to the making of the next one.
const STEPS: usize = 20;

/// The number of extrinsics that may be in flight: submitted, and in no block yet.
#[derive(Clone, Copy, Debug)]
pub enum Pressure {
    /// This number.
    Fixed(usize),
    /// As many as fit into this number of blocks, judged by the recent blocks.
    Blocks(usize),
}

/// Back-pressure: admits extrinsics as blocks take others from the pool.
pub struct Gate {
    places: Semaphore,
    pressure: Pressure,
    level: Mutex<Level>,
}

struct Level {
    target: usize,
    /// Places to be withdrawn that are still in use.
    debt: usize,
    recent: VecDeque<usize>,
    /// Places that become free step by step, so that extrinsics arrive evenly.
    pending: usize,
    /// Places that become free in one step.
    step: usize,
}

impl Gate {
    pub fn new(pressure: Pressure) -> Self {
        let target = match pressure {
            Pressure::Fixed(count) => count,
            Pressure::Blocks(_) => FIRST,
        };
        let level = Level { target, debt: 0, recent: VecDeque::new(), pending: 0, step: 0 };
        Self { places: Semaphore::new(target), pressure, level: Mutex::new(level) }
    }

    fn level(&self) -> MutexGuard<'_, Level> {
        self.level.lock().expect("nothing panics while it holds the lock")
    }

    /// Waits for a place. Returns `false` if the gate is closed.
    pub async fn enter(&self) -> bool {
        match self.places.acquire().await {
            Ok(place) => {
                place.forget();
                true
            },
            Err(_) => false,
        }
    }

    pub fn leave(&self) {
        self.places.add_permits(1);
    }

    /// Records the number of extrinsics that a block took from the pool.
    pub fn included(&self, count: usize) {
        let mut level = self.level();
        level.recent.push_back(count);
        if level.recent.len() > RECENT {
            level.recent.pop_front();
        }
        let target = match self.pressure {
            Pressure::Fixed(count) => count,
            Pressure::Blocks(blocks) => {
                let most = level.recent.iter().max().copied().unwrap_or_default();
                (most * blocks).clamp(FIRST, MOST)
            },
        };
        let (gained, owed) = (count + target, level.target + level.debt);
        level.pending += gained.saturating_sub(owed);
        level.step = level.pending.div_ceil(STEPS);
        level.debt = owed.saturating_sub(gained);
        level.target = target;
    }

    /// Frees the next part of the places that blocks made available.
    pub fn step(&self) {
        let mut level = self.level();
        let step = level.step.min(level.pending);
        level.pending -= step;
        self.places.add_permits(step);
    }

    pub fn target(&self) -> usize {
        self.level().target
    }

    pub fn close(&self) {
        self.places.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records a block with this number of extrinsics, and frees all resulting places.
    fn included(gate: &Gate, count: usize) {
        gate.included(count);
        (0..STEPS).for_each(|_| gate.step());
    }

    fn taken(gate: &Gate, count: usize) {
        for _ in 0..count {
            gate.places.try_acquire().unwrap().forget();
        }
    }

    #[test]
    fn a_fixed_gate_admits_as_many_as_blocks_include() {
        let gate = Gate::new(Pressure::Fixed(10));
        taken(&gate, 10);
        assert!(gate.places.try_acquire().is_err());
        gate.included(4);
        assert_eq!(gate.places.available_permits(), 0);
        (0..3).for_each(|_| gate.step());
        assert_eq!(gate.places.available_permits(), 3);
        (0..STEPS).for_each(|_| gate.step());
        assert_eq!(gate.places.available_permits(), 4);
        gate.leave();
        assert_eq!(gate.places.available_permits(), 5);
    }

    #[test]
    fn an_adaptive_gate_follows_the_blocks() {
        let gate = Gate::new(Pressure::Blocks(3));
        taken(&gate, FIRST);
        included(&gate, FIRST);
        assert_eq!(gate.target(), 3 * FIRST);
        // Nothing is in flight, so every place is free.
        assert_eq!(gate.places.available_permits(), 3 * FIRST);
    }

    #[test]
    fn a_narrowing_gate_waits_for_extrinsics_in_flight() {
        let gate = Gate::new(Pressure::Blocks(3));
        taken(&gate, FIRST);
        included(&gate, FIRST);
        taken(&gate, 3 * FIRST);
        for _ in 1..RECENT {
            included(&gate, 200);
            taken(&gate, 200);
        }
        // 1,500 are in flight. This is the fourth block with 200, so the larger first one no longer
        // counts.
        included(&gate, 200);
        assert_eq!(gate.target(), 600);
        assert_eq!(gate.places.available_permits(), 0);
        assert_eq!(gate.level().debt, 700);
        (0..3).for_each(|_| included(&gate, 200));
        assert_eq!(gate.places.available_permits(), 0);
        included(&gate, 200);
        assert_eq!(gate.places.available_permits(), 100);
        assert_eq!(gate.level().debt, 0);
    }
}
