// SPDX-License-Identifier: Apache-2.0

//! What reading and writing one key of the state costs on ParityDB, as the weights count it.

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

/// How many keys are read.
const READS: usize = 100_000;
/// How many keys a block writes, where many are written together.
const KEYS_OF_A_BLOCK: usize = 1_000;
/// How many such blocks are written.
const BLOCKS: usize = 100;
/// How many blocks write one key alone.
const SINGLE_WRITES: usize = 300;

/// Measures and writes the weights.
#[derive(clap::Args, Debug)]
pub struct Storage {
    /// How many containers are in the state.
    #[arg(long, default_value_t = 100_000)]
    containers: u64,
    /// Where to write the weights, as a module of the runtime.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

struct Writes {
    /// For each key, of blocks of many.
    together: Summary,
    /// The share of it that is the state's new root.
    root: Summary,
    /// A block that writes one key.
    single: Summary,
    /// A block that writes nothing but its number.
    empty: Summary,
}

impl Storage {
    /// Measures and reports.
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
        println!("\n{}", Summary::heading("us a key"));
        let chain = Chain::open(folder.path(), None)?;
        println!("{}", read(&chain, &keys)?.row("read, without a trie cache"));
        println!("{}", read(&chain, &keys)?.row("read again, without a trie cache"));
        drop(chain);
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let cached = read(&chain, &keys)?;
        println!("{}", cached.row("read, the node's trie cache, empty at first"));
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

    /// Records of the state with other values of the same length. The indices, which have no value,
    /// cannot have another.
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

    /// The module of the runtime with the weights.
    fn module(&self, reads: &Summary, writes: &Writes) -> String {
        let read = picoseconds(reads.p75);
        let write = picoseconds(writes.together.p75);
        format!(
            "// SPDX-License-Identifier: Apache-2.0

//! What reading and writing the state costs on ParityDB, in picoseconds.
//!
//! Made by `twinchain-bench storage`: do not edit. On {date}, with {containers} containers in the
//! state, on {processor}, in microseconds a key:
//!
//! | | min | mean | median | p75 | p95 | p99 |
//! |---|---|---|---|---|---|---|
//! | read | {reads} |
//! | write | {together} |
//!
//! Reading: {read_count} keys of the state at random, each once. Writing: {write_count} blocks of
//! {keys} keys at random with new values of the same length, the state's new root and the commit,
//! divided by the keys. Both with the trie cache of a node, which has none of it: filling it takes
//! longer than doing without. The weights are what three quarters stay below, since the averages
//! depend on what else the machine does.

use frame_support::{{parameter_types, weights::RuntimeDbWeight}};

parameter_types! {{
    /// What reading and writing one key of the state costs.
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
        let blocks = format!("write, {KEYS_OF_A_BLOCK} a block, {cache}");
        println!("{}", self.together.row(&blocks));
        println!("{}", self.root.row("  of this the root"));
        println!("{}", self.single.row(&format!("a block of one write, {cache}")));
        println!("{}", self.empty.row("  of this a block without any"));
    }
}

/// How long each key takes to read.
fn read(chain: &Chain, keys: &[Record]) -> Result<Summary> {
    let mut times = Vec::with_capacity(keys.len());
    for block in keys.chunks(KEYS_OF_A_BLOCK) {
        // What is read within a block is kept until its end.
        let state = chain.state()?;
        for (key, value) in block {
            let start = Instant::now();
            let stored = state.storage(key)?;
            times.push(start.elapsed());
            if stored.as_ref() != Some(value) {
                return Err("a value is not what was written".into());
            }
        }
    }
    Ok(Summary::of(times))
}

fn picoseconds(micros: f64) -> u64 {
    // To a hundredth of a microsecond, which is more than can be measured.
    (micros * 100.0).ceil() as u64 * 10_000
}

fn cells(summary: &Summary) -> String {
    let Summary { min, mean, median, p75, p95, p99, .. } = summary;
    [min, mean, median, p75, p95, p99].map(|figure| format!("{figure:.2}")).join(" | ")
}

/// A number as Rust code and people write it.
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
    fn numbers_have_groups() {
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
