// SPDX-License-Identifier: Apache-2.0

//! Measures the runtime inside one process: the client and the ParityDB database of a node, the
//! runtime as WebAssembly, real signed extrinsics in real blocks; no network and no consensus. One
//! command leaves out the database and the blocks as well.

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

/// The node's.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures the runtime inside one process.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the databases go, each into a folder of its own that is removed again. It has to be on
    /// a disk: in memory the figures would be worth nothing.
    #[arg(long, global = true, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    base: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What reading and writing a key of the state costs.
    Storage(storage::Storage),
    /// Whether a large state is slower than a small one.
    Growth(growth::Growth),
    /// Whether calls that are as dear as they can be take as long as they declare.
    Check(check::Check),
    /// Whether a value would better stand in the record of its data set.
    Layout(layout::Layout),
    /// Where the time of a `set_entry` goes.
    SetEntryProfile(profile::Profile),
    /// How long calls take with the state in memory.
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
