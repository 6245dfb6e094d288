// SPDX-License-Identifier: Apache-2.0

//! Assembles the node and starts its tasks.

mod authoring;
mod clock;
mod disk;
mod equivocations;
mod finality;
mod full;
mod gate;
mod held_signers;
mod history;
mod membership;
mod metrics;
mod migrations;
mod network;
mod network_client;
mod node;
mod node_list;
mod partial;
mod peer_requests;
mod pool;
mod room;
mod shares;
mod tasks;
#[cfg(test)]
mod testing;
mod threads;
mod throttled_pool;
mod types;
mod validating;

pub use full::{start, Options};
pub use history::open as open_database;
pub use partial::{partial, Partial};
pub use throttled_pool::ThrottledPool;
pub use types::{FullBackend, FullClient};
pub use validating::check_keys;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, even if a thread panicked while it held the lock. For values that are consistent
/// whenever the mutex is unlocked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
