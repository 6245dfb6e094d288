// SPDX-License-Identifier: Apache-2.0

//! Measures the runtime inside one process: the client and the ParityDB database of a node, the
//! runtime as WebAssembly, and signed extrinsics in blocks, without network and consensus. The
//! command `extrinsics` uses neither the database nor blocks.

mod chain;
mod check;
mod error;
mod extrinsics;
mod growth;
mod hostile_calls;
mod hostile_texts;
mod layout;
mod profile;
mod random;
mod report;
mod state;
mod storage;

use clap::Parser;
use error::Result;
use std::path::PathBuf;

/// The same allocator as the node's.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures the runtime inside one process.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder for the databases, each in a temporary subfolder. It must be on a disk: figures of a
    /// database in memory are meaningless.
    #[arg(long, global = true, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    base: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Measure the cost of reading and writing a key of the state.
    Storage(storage::Storage),
    /// Compare the time of calls and reads in large and small states.
    Growth(growth::Growth),
    /// Check that the most expensive calls take no longer than they declare.
    Check(check::Check),
    /// Compare an entry's value in the record of its data set with one in its own leaf.
    Layout(layout::Layout),
    /// Break down the time of a `set_entry`.
    SetEntryProfile(profile::Profile),
    /// Measure calls with the state in memory.
    Extrinsics(extrinsics::Extrinsics),
}

fn main() -> Result<()> {
    let Arguments { base, command } = Arguments::parse();
    match command {
        Command::Storage(storage) => storage.run(&base),
        Command::Growth(growth) => growth.run(&base),
        Command::Check(check) => check.run(&base),
        Command::Layout(layout) => layout.run(&base),
        Command::SetEntryProfile(profile) => profile.run(&base),
        Command::Extrinsics(extrinsics) => extrinsics.run(),
    }
}
