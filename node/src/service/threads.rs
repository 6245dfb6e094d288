// SPDX-License-Identifier: Apache-2.0

//! The priorities of threads.
//!
//! A node must make its block, execute the others' blocks and vote in time, regardless of the load
//! from requests. So the threads that serve requests and validate transactions have a lower
//! priority: they get the processor time that the others leave, and little more. See
//! `docs/decisions/0019-a-node-under-flood.md`.

use futures::{future::BoxFuture, FutureExt};
use log::debug;
use sc_service::{config::Configuration, SpawnEssentialTaskHandle};
use sp_core::traits::SpawnEssentialNamed;
use std::thread;

const LOG_TARGET: &str = "threads";

/// Niceness added to low-priority threads; see nice(2). Such a thread gets about a tenth of the
/// processor time of a normal thread that it competes with.
const NICENESS: i32 = 10;

/// Minimum of [`concurrent_requests`], which is higher on machines with more processors. Further
/// requests wait.
const MIN_CONCURRENT_REQUESTS: usize = 2;

/// Maximum number of requests of one kind that are processed at the same time. More would only wait
/// for the disk and for each other. The SDK has at most 64 instances of the runtime, of which
/// requests may need three times this number.
const MAX_CONCURRENT_REQUESTS: usize = 16;

/// Maximum number of threads that do blocking work for clients, besides those that read values as
/// fast as their client takes them. Fewer are needed: a request that waits for its permit has no
/// thread.
pub const MAX_THREADS: usize = 256;

/// Number of runtime instances that work besides requests may need at the same time: authoring,
/// importing, validating.
const OTHER_INSTANCES: usize = 8;

/// Lowers the priority of the calling thread, and of the threads that it starts later.
fn lower_thread_priority() {
    // On other systems this would change the priority of the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        debug!(target: LOG_TARGET, "Cannot lower a thread's priority: {error}.");
    }
}

/// Runs `work` in a thread of low priority. The threads that it starts have low priority, too.
pub fn with_low_priority<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            lower_thread_priority();
            work()
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Returns the number of requests of one kind that this node processes at the same time.
/// `--rpc-max-connections` limits connections.
pub fn concurrent_requests() -> usize {
    thread::available_parallelism()
        .map_or(0, usize::from)
        .clamp(MIN_CONCURRENT_REQUESTS, MAX_CONCURRENT_REQUESTS)
}

/// Provides enough runtime instances that making and importing blocks never wait for one. Two kinds
/// of requests need one, and so do the tasks that requests leave behind.
pub fn provide_instances(config: &mut Configuration) {
    let instances = &mut config.executor.max_runtime_instances;
    *instances = (*instances).max(3 * concurrent_requests() + OTHER_INSTANCES);
}

// The SDK's maximum number of instances is 64.
const _: () = assert!(3 * MAX_CONCURRENT_REQUESTS + OTHER_INSTANCES <= 64);

/// Spawns essential blocking tasks in threads of low priority.
#[derive(Clone)]
pub struct LowPriority(pub SpawnEssentialTaskHandle);

impl SpawnEssentialNamed for LowPriority {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        future: BoxFuture<'static, ()>,
    ) {
        // The task occupies its thread until it ends.
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

    /// Returns the niceness of the calling thread.
    fn niceness() -> i32 {
        rustix::process::nice(0).unwrap()
    }

    #[test]
    fn low_priority_threads_start_low_priority_threads() {
        let before = niceness();
        let (own, started) =
            with_low_priority(|| (niceness(), thread::spawn(niceness).join().unwrap()));
        let lower = (before + NICENESS).min(19);
        assert_eq!((own, started), (lower, lower));
        assert_eq!((niceness(), thread::spawn(niceness).join().unwrap()), (before, before));
    }

    #[test]
    #[should_panic(expected = "the work failed")]
    fn panic_in_a_low_priority_thread_is_propagated() {
        with_low_priority(|| panic!("the work failed"));
    }
}
