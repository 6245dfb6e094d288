// SPDX-License-Identifier: Apache-2.0

//! The Twinchain node.
//!
//! It keeps the chain, takes part in making and finalising blocks where it holds a validator's
//! keys, and serves JSON-RPC. `twinchain-node --dev` is a chain of its own.

mod chain_spec;
mod cli;
// The error type is the SDK's, and it is made once in a process' life.
#[allow(clippy::result_large_err)]
mod command;
mod founding;
#[allow(clippy::result_large_err)]
mod rpc;
#[allow(clippy::result_large_err)]
mod service;

use std::process::ExitCode;

/// Many threads of a node allocate at the same time, which the system's allocator is slow at. It is
/// the one that Polkadot's nodes use, too.
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
