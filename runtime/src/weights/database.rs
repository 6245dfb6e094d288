// SPDX-License-Identifier: Apache-2.0

//! What reading and writing the state costs on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On 2026-11-27, with 200_000 containers in the
//! state, on Intel(R) Xeon(R) Processor, 2 cores, in microseconds a key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | 2.75 | 8.89 | 8.77 | 10.06 | 11.75 | 17.12 |
//! | write | 28.88 | 41.24 | 42.48 | 43.97 | 47.26 | 62.06 |
//!
//! Reading: 100_000 keys of the state at random, each once. Writing: 100 blocks of
//! 1_000 keys at random with new values of the same length, the state's new root and the commit,
//! divided by the keys. Both without a trie cache, as the SDK measures its own. The weights are what
//! three quarters stay below, since the averages depend on what else the machine does.

use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
    /// What reading and writing one key of the state costs.
    pub const MeasuredDbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 10_060_000,
        write: 43_970_000,
    };
}
