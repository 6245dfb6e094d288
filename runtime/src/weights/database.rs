// SPDX-License-Identifier: Apache-2.0

//! What reading and writing the state costs on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On 2026-11-27, with 200_000 containers in the
//! state, on Intel(R) Xeon(R) Processor, 2 cores, in microseconds a key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | 1.52 | 11.34 | 10.30 | 11.63 | 14.68 | 24.54 |
//! | write | 28.52 | 38.29 | 34.18 | 37.16 | 46.81 | 161.27 |
//!
//! Reading: 100_000 keys of the state at random, each once. Writing: 100 blocks of
//! 1_000 keys at random with new values of the same length, the state's new root and the commit,
//! divided by the keys. Both with the trie cache of a node, which has none of it: filling it takes longer
//! than doing without. The weights are what three quarters stay below, since the averages depend on
//! what else the machine does.

use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
    /// What reading and writing one key of the state costs.
    pub const MeasuredDbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: 11_630_000,
        write: 37_160_000,
    };
}
