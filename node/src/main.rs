// SPDX-License-Identifier: Apache-2.0

//! The Twinchain node.
//!
//! It stores the chain, makes and finalises blocks if it holds a validator's keys, and serves
//! JSON-RPC. `twinchain-node --dev` runs a development chain with a single node.

mod chain_spec;
mod cli;
// The SDK defines the error type. An error is created at most once per process.
#[allow(clippy::result_large_err)]
mod command;
mod founding;
#[allow(clippy::result_large_err)]
mod rpc;
#[allow(clippy::result_large_err)]
mod service;

use std::process::ExitCode;

/// Many threads of a node allocate concurrently, and the system allocator is slow at that.
/// Polkadot's nodes use this allocator, too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        },
    }
}
