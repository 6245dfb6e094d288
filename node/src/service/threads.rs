// SPDX-License-Identifier: Apache-2.0

//! Which threads may wait, and which may not.
//!
//! A node has to make its block, to execute the others' blocks and to vote in time, whatever it is asked
//! for meanwhile. So what answers requests and what validates transactions has a lower priority: it
//! gets all of the processors that the others leave, and little more. See
//! `docs/decisions/0019-a-node-under-flood.md`.

use futures::{future::BoxFuture, FutureExt};
use log::debug;
use sc_service::{config::Configuration, SpawnEssentialTaskHandle};
use sp_core::traits::SpawnEssentialNamed;
use std::thread;

const LOG_TARGET: &str = "threads";

/// How much nicer than the others a thread is that may wait; see nice(2). Such a thread gets about a
/// tenth of the processor that one of the others gets that it competes with.
const NICENESS: i32 = 10;

/// How many requests of one kind are worked on at the same time, at least; more on machines with
/// more processors. The others wait.
const MIN_CONCURRENT_REQUESTS: usize = 2;

/// The same at most. More would only wait for the disk and for each other; and the SDK has at most
/// 64 instances of the runtime, of which requests may need three times as many as this.
const MAX_CONCURRENT_REQUESTS: usize = 16;

/// How many threads may do blocking work for clients, besides those that read values as fast as
/// their client takes them. Fewer are needed: what waits for its turn has none.
pub const MAX_THREADS: usize = 256;

/// How many instances of the runtime what is no request may need at the same time: authoring,
/// importing, validating.
const OTHER_INSTANCES: usize = 8;

/// Lowers the priority of the calling thread, and of those that it starts from now on.
fn lower_thread_priority() {
    // Elsewhere it would be the priority of all threads.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        debug!(target: LOG_TARGET, "A thread keeps its priority: {error}.");
    }
}

/// Does something in a thread that may wait. The threads that it starts may wait, too.
pub fn with_low_priority<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            lower_thread_priority();
            work()
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Returns how many requests of one kind are worked on at the same time. Connections are bounded by
/// `--rpc-max-connections`.
pub fn concurrent_requests() -> usize {
    thread::available_parallelism()
        .map_or(0, usize::from)
        .clamp(MIN_CONCURRENT_REQUESTS, MAX_CONCURRENT_REQUESTS)
}

/// Sees to it that what makes and imports blocks never waits for an instance of the runtime.
/// Requests of two kinds need one, and what requests left behind.
pub fn provide_instances(config: &mut Configuration) {
    let instances = &mut config.executor.max_runtime_instances;
    *instances = (*instances).max(3 * concurrent_requests() + OTHER_INSTANCES);
}

// However many processors there are.
const _: () = assert!(3 * MAX_CONCURRENT_REQUESTS + OTHER_INSTANCES <= 64);

/// Starts essential tasks in threads that may wait, where they have threads of their own.
#[derive(Clone)]
pub struct LowPriority(pub SpawnEssentialTaskHandle);

impl SpawnEssentialNamed for LowPriority {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        // It has its thread for as long as it runs.
        let future = async {
            lower_thread_priority();
            future.await;
        };
        self.0.spawn_essential_blocking(name, group, future.boxed());
    }

    fn spawn_essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        self.0.spawn_essential(name, group, future);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// How nice the calling thread is.
    fn niceness() -> i32 {
        rustix::process::nice(0).unwrap()
    }

    #[test]
    fn threads_that_may_wait_start_others_that_may_wait() {
        let before = niceness();
        let (own, started) =
            with_low_priority(|| (niceness(), thread::spawn(niceness).join().unwrap()));
        let lower = (before + NICENESS).min(19);
        assert_eq!((own, started), (lower, lower));
        assert_eq!((niceness(), thread::spawn(niceness).join().unwrap()), (before, before));
    }

    #[test]
    #[should_panic(expected = "what went wrong")]
    fn what_goes_wrong_in_such_a_thread_goes_wrong_outside() {
        with_low_priority(|| panic!("what went wrong"));
    }
}
