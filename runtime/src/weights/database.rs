// SPDX-License-Identifier: Apache-2.0

//! The cost of reading and writing the state on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On 2026-11-27, with 200_000 containers in the
//! state, on Intel(R) Xeon(R) Processor, 2 cores, in microseconds per key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | 1.52 | 11.34 | 10.30 | 11.63 | 14.68 | 24.54 |
//! | write | 28.52 | 38.29 | 34.18 | 37.16 | 46.81 | 161.27 |
//!
//! Reads: 100_000 random keys of the state, each once. Writes: 100 blocks of 1_000
//! random keys with new values of the same length. Their time is that of the state's new root and
//! of the commit, divided by the number of keys. Both start with a node's empty trie cache, because
//! filling it takes longer than having none. The weights are the 75th percentiles, because means
//! depend on other work of the machine.

use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
    /// Weight of reading and writing one key of the state.
    pub const MeasuredDbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 11_630_000,
        write: 37_160_000,
    };
}
