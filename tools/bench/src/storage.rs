// SPDX-License-Identifier: Apache-2.0

//! Measures the cost of reading and writing one key of the state on ParityDB, as weights count it.

use crate::{
    chain::{Chain, Record, NODES_TRIE_CACHE},
    error::Result,
    random::Random,
    report::{self, Summary},
    state::Template,
};
use sp_state_machine::Backend as _;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// Number of keys that are read.
const READS: usize = 100_000;
/// Number of keys that a block writes, where many are written together.
const KEYS_OF_A_BLOCK: usize = 1_000;
/// Number of such blocks.
const BLOCKS: usize = 100;
/// Number of blocks that write only one key.
const SINGLE_WRITES: usize = 300;

/// Measures and writes the weights.
#[derive(clap::Args, Debug)]
pub struct Storage {
    /// Number of containers in the state.
    #[arg(long, default_value_t = 100_000)]
    containers: u64,
    /// File for the weights, as a module of the runtime.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

struct Writes {
    /// Time per key, of blocks with many keys.
    together: Summary,
    /// The share of the state's new root in it.
    root: Summary,
    /// A block that writes one key.
    single: Summary,
    /// A block that writes only its number.
    empty: Summary,
}

impl Storage {
    /// Measures reads and writes and prints the figures.
    pub fn run(&self, base: &Path) -> Result<()> {
        let folder = tempfile::tempdir_in(base)?;
        let mut random = Random::new(1);

        let chain = Chain::open(folder.path(), None)?;
        let template = Template::make(&chain)?;
        let start = Instant::now();
        template.fill(&chain, self.containers)?;
        println!(
            "{} containers in the state, made in {:.0} s",
            self.containers,
            start.elapsed().as_secs_f64()
        );
        drop(chain);

        let keys = template.pick(self.containers, READS, &mut random);
        println!("\n{}", Summary::heading("us per key"));
        let chain = Chain::open(folder.path(), None)?;
        println!("{}", read(&chain, &keys)?.row("read, without a trie cache"));
        println!("{}", read(&chain, &keys)?.row("read again, without a trie cache"));
        drop(chain);
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let cached = read(&chain, &keys)?;
        println!("{}", cached.row("read, the node's trie cache, initially empty"));
        println!("{}", read(&chain, &keys)?.row("read again, the node's trie cache"));
        drop(chain);

        let chain = Chain::open(folder.path(), None)?;
        self.write(&chain, &template, &mut random)?.print("without a trie cache");
        drop(chain);
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let cached_writes = self.write(&chain, &template, &mut random)?;
        cached_writes.print("the node's trie cache");

        if let Some(out) = &self.out {
            std::fs::write(out, self.module(&cached, &cached_writes))?;
        }
        Ok(())
    }

    fn write(&self, chain: &Chain, template: &Template, random: &mut Random) -> Result<Writes> {
        let (mut together, mut roots) = (Vec::new(), Vec::new());
        for _ in 0..BLOCKS {
            let records = self.changed(template, KEYS_OF_A_BLOCK, random);
            let (root, commit) = chain.put(&records)?;
            let keys = u32::try_from(records.len())?;
            together.push((root + commit) / keys);
            roots.push(root / keys);
        }
        let (mut single, mut empty) = (Vec::new(), Vec::new());
        for _ in 0..SINGLE_WRITES {
            let (root, commit) = chain.put(&self.changed(template, 1, random))?;
            single.push(root + commit);
            let (root, commit) = chain.put(&[])?;
            empty.push(root + commit);
        }
        Ok(Writes {
            together: Summary::of(together),
            root: Summary::of(roots),
            single: Summary::of(single),
            empty: Summary::of(empty),
        })
    }

    /// Returns records of the state with other values of the same length. Indices have no value, so
    /// they are left out.
    fn changed(&self, template: &Template, count: usize, random: &mut Random) -> Vec<Record> {
        let mut changed = Vec::with_capacity(count);
        while changed.len() < count {
            let picked = template.pick(self.containers, count, random);
            let valued = picked.into_iter().filter(|(_, value)| !value.is_empty());
            changed.extend(valued.map(|(key, value)| (key, random.bytes(value.len()))));
        }
        changed.truncate(count);
        changed
    }

    /// Returns the runtime's module with the weights.
    fn module(&self, reads: &Summary, writes: &Writes) -> String {
        let read = picoseconds(reads.p75);
        let write = picoseconds(writes.together.p75);
        format!(
            "// SPDX-License-Identifier: Apache-2.0

//! The cost of reading and writing the state on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On {date}, with {containers} containers in the
//! state, on {processor}, in microseconds per key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | {reads} |
//! | write | {together} |
//!
//! Reads: {read_count} random keys of the state, each once. Writes: {write_count} blocks of {keys}
//! random keys with new values of the same length. Their time is that of the state's new root and
//! of the commit, divided by the number of keys. Both start with a node's empty trie cache, because
//! filling it takes longer than having none. The weights are the 75th percentiles, because means
//! depend on other work of the machine.

use frame_support::{{parameter_types, weights::RuntimeDbWeight}};

parameter_types! {{
    /// Weight of reading and writing one key of the state.
    pub const MeasuredDbWeight: RuntimeDbWeight = RuntimeDbWeight {{
        read: {read},
        write: {write},
    }};
}}
",
            date = report::today(),
            containers = grouped(self.containers),
            processor = report::processor(),
            reads = cells(reads),
            together = cells(&writes.together),
            read_count = grouped(reads.count as u64),
            write_count = grouped(writes.together.count as u64),
            keys = grouped(KEYS_OF_A_BLOCK as u64),
            read = grouped(read),
            write = grouped(write),
        )
    }
}

impl Writes {
    fn print(&self, cache: &str) {
        let blocks = format!("write, {KEYS_OF_A_BLOCK} per block, {cache}");
        println!("{}", self.together.row(&blocks));
        println!("{}", self.root.row("  of this the root"));
        println!("{}", self.single.row(&format!("a block of one write, {cache}")));
        println!("{}", self.empty.row("  of this an empty block"));
    }
}

/// Returns the time to read each key.
fn read(chain: &Chain, keys: &[Record]) -> Result<Summary> {
    let mut times = Vec::with_capacity(keys.len());
    for block in keys.chunks(KEYS_OF_A_BLOCK) {
        // Reads within a block are cached until its end.
        let state = chain.state()?;
        for (key, value) in block {
            let start = Instant::now();
            let stored = state.storage(key)?;
            times.push(start.elapsed());
            if stored.as_ref() != Some(value) {
                return Err("a value differs from the written one".into());
            }
        }
    }
    Ok(Summary::of(times))
}

fn picoseconds(micros: f64) -> u64 {
    // Rounded up to a hundredth of a microsecond, beyond the precision of the measurement.
    (micros * 100.0).ceil() as u64 * 10_000
}

fn cells(summary: &Summary) -> String {
    let Summary { min, mean, median, p75, p95, p99, .. } = summary;
    [min, mean, median, p75, p95, p99].map(|figure| format!("{figure:.2}")).join(" | ")
}

/// Formats a number with underscores between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouped_separates_groups_of_three_digits() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1_000");
        assert_eq!(grouped(12_345_678), "12_345_678");
    }

    #[test]
    fn weights_round_up() {
        assert_eq!(picoseconds(1.0), 1_000_000);
        assert_eq!(picoseconds(1.001), 1_010_000);
    }
}
