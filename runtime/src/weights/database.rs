// SPDX-License-Identifier: Apache-2.0

//! What reading and writing the state costs on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On 2026-11-26, with 100_000 containers in the
//! state, on Intel(R) Xeon(R) Processor, 2 cores, in microseconds a key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | 2.83 | 8.01 | 7.83 | 8.88 | 10.29 | 14.38 |
//! | write | 30.91 | 35.07 | 33.17 | 34.24 | 52.23 | 60.20 |
//!
//! Reading: 100_000 keys of the state at random, each once. Writing: 100 blocks of
//! 1_000 keys at random with new values of the same length, the state's new root and the commit,
//! divided by the keys. Both without a trie cache, as the SDK measures its own. The weights are what
//! three quarters stay below, since the averages depend on what else the machine does.

use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
    /// What reading and writing one key of the state costs.
    pub const MeasuredDbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 8_880_000,
        write: 34_240_000,
    };
}
