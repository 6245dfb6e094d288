// SPDX-License-Identifier: Apache-2.0

//! Measures the time of calls and reads in states of several sizes, and the size of the state.

use crate::{
    chain::{Chain, Import, NODES_TRIE_CACHE},
    error::Result,
    random::Random,
    report::{self, Summary},
    state::{self, Share, Template, ENTRY, LIST, TECHNICIAN},
};
use pallet_data_container::{
    runtime_api::DataContainerApi, Batches, Call as ContainerCall, DataSet, DataSets,
};
use serde::Serialize;
use sp_api::ProvideRuntimeApi;
use sp_state_machine::Backend as _;
use std::{
    collections::BTreeSet,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use twinchain_primitives::Name;
use twinchain_runtime::Runtime;

/// Number of measured blocks.
const BLOCKS: usize = 20;
/// Number of blocks before them, which fill the caches.
const FIRST_BLOCKS: usize = 2;
/// Number of extrinsics in a block.
const EXTRINSICS: usize = 500;
/// Number of measurements of each read.
const READS: usize = 2_000;

/// Number of items in the batch that shows the size of an item, and the item itself.
const ITEMS: usize = 32;
const ITEM: &str = r#"{"part":"seal ring 00000000000"}"#;

/// Measures states of several sizes.
#[derive(clap::Args, Debug)]
pub struct Growth {
    /// Number of containers in each state.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000, 1_000_000])]
    containers: Vec<u64>,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Figures for one size. Times are in microseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Size {
    containers: u64,
    /// Time of making the state, in seconds.
    filled: f64,
    /// Size of the database on disk, in bytes.
    disk_bytes: u64,
    disk_bytes_a_container: f64,
    /// Execution of `set_entry`.
    execute: Summary,
    /// Share of one `set_entry` in the end of the block and the commit.
    import: Summary,
    /// Share of one `set_entry` in a node's own block: execution, end of the block and commit.
    set_entry: Summary,
    /// Reading an entry from the state.
    read_entry: Read,
    /// The runtime API that returns a container.
    api_container: Read,
    /// The runtime API that returns an entry.
    api_entry: Read,
    /// The runtime API that returns a page of a list.
    api_page: Read,
}

/// Time of a read, in microseconds.
#[derive(Debug, Serialize)]
struct Read {
    /// With an empty trie cache.
    first: Summary,
    /// Repeated immediately afterwards.
    again: Summary,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    date: String,
    processor: String,
    sizes: Vec<Size>,
    state: Vec<Share>,
}

impl Growth {
    /// Measures each size and prints the report.
    pub fn run(&self, base: &Path) -> Result<()> {
        if let Some(few) = self.containers.iter().find(|count| **count < EXTRINSICS as u64) {
            return Err(format!(
                "{few} containers are fewer than the {EXTRINSICS} calls of a block"
            )
            .into());
        }
        let (mut sizes, mut shares) = (Vec::new(), Vec::new());
        for containers in &self.containers {
            let (size, state) = measure(base, *containers)?;
            println!("{containers} containers: made in {:.0} s", size.filled);
            sizes.push(size);
            shares = state;
        }
        let report =
            Report { date: report::today(), processor: report::processor(), sizes, state: shares };
        report.print();
        match &self.out {
            Some(path) => report::write_json(path, &report),
            None => Ok(()),
        }
    }
}

fn measure(base: &Path, containers: u64) -> Result<(Size, Vec<Share>)> {
    let folder = tempfile::tempdir_in(base)?;
    let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
    let template = Template::make(&chain)?;
    let start = Instant::now();
    template.fill(&chain, containers)?;
    let filled = start.elapsed().as_secs_f64();
    // Closing the database flushes pending writes.
    drop(chain);
    let disk_bytes = size_on_disk(folder.path())?;

    let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
    let mut random = Random::new(3);
    let (mut execute, mut import, mut together) = (Vec::new(), Vec::new(), Vec::new());
    for block in 0..FIRST_BLOCKS + BLOCKS {
        let mut chosen = BTreeSet::new();
        while chosen.len() < EXTRINSICS {
            chosen.insert(random.below(containers));
        }
        let call = |container| (TECHNICIAN, state::set_entry(container, block as u64 + 1));
        let extrinsics = chain.sign(chosen.into_iter().map(call).collect())?;
        let built = chain.build(&extrinsics)?;
        let applied = built.applied.iter().sum::<Duration>();
        let finished = built.finished + chain.import(built, Import::Own)?;
        if block >= FIRST_BLOCKS {
            let share = |time: Duration| time / EXTRINSICS as u32;
            execute.push(share(applied));
            import.push(share(finished));
            together.push(share(applied + finished));
        }
    }
    let ids: Vec<_> = (0..READS).map(|_| random.below(containers)).collect();
    let head = chain.head();
    let api = || chain.client().runtime_api();
    let read_entry =
        timed(&chain, &ids, |id| Ok(chain.state()?.storage(&data_set_key(id, ENTRY)?)?.is_some()))?;
    let api_container = timed(&chain, &ids, |id| Ok(api().container(head, id)?.is_some()))?;
    let api_entry = timed(&chain, &ids, |id| Ok(api().entry(head, id, ENTRY.into())?.is_some()))?;
    let api_page = timed(&chain, &ids, |id| {
        Ok(!api().batches(head, id, LIST.into(), 0, 16)?.items.is_empty())
    })?;
    let size = Size {
        containers,
        filled,
        disk_bytes,
        disk_bytes_a_container: disk_bytes as f64 / containers as f64,
        execute: Summary::of(execute),
        import: Summary::of(import),
        set_entry: Summary::of(together),
        read_entry,
        api_container,
        api_entry,
        api_page,
    };
    let mut shares = template.shares();
    shares.extend(single_records(&chain)?);
    Ok((size, shares))
}

/// Returns a data set of the first container.
fn data_set(chain: &Chain, name: &[u8]) -> Result<DataSet<twinchain_runtime::AccountId, u32>> {
    Ok(chain.read(data_set_key(0, name)?)?.ok_or("the data set does not exist")?)
}

fn data_set_key(container: u64, name: &[u8]) -> Result<Vec<u8>> {
    let name = Name::try_from(name).map_err(|_| "the name is not valid")?;
    Ok(DataSets::<Runtime>::hashed_key_for(container, name))
}

/// Returns the size of one entry, one list and one item in the state.
fn single_records(chain: &Chain) -> Result<Vec<Share>> {
    let append = ContainerCall::append {
        container: 0,
        data_set: LIST.into(),
        items: vec![ITEM.into(); ITEMS],
        expected_revision: None,
    };
    chain.run(vec![(TECHNICIAN, state::on_containers(append))])?;
    let list = data_set(chain, LIST)?;
    let state = chain.state()?;
    let share = |what, key: Vec<u8>, parts: usize| -> Result<Share> {
        let value = state.storage(&key)?.ok_or("the record does not exist")?;
        Ok(Share { what, records: 1, bytes: (key.len() + value.len()) as f64 / parts as f64 })
    };
    let batch = Batches::<Runtime>::hashed_key_for((0, list.id, list.batches - 1));
    Ok(vec![
        share("an entry with a value of 128 B", data_set_key(0, ENTRY)?, 1)?,
        share("a list", data_set_key(0, LIST)?, 1)?,
        share("an item of 32 B, one of 32 in a batch", batch, ITEMS)?,
    ])
}

/// Measures a read with an empty cache and repeated. Fails if the read finds nothing.
fn timed(chain: &Chain, ids: &[u64], read: impl Fn(u64) -> Result<bool>) -> Result<Read> {
    let time = |id| -> Result<Duration> {
        let start = Instant::now();
        let found = read(id)?;
        let time = start.elapsed();
        match found {
            true => Ok(time),
            false => Err(format!("container {id} does not contain the data that is read").into()),
        }
    };
    let (mut first, mut again) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for id in ids {
        chain.forget();
        first.push(time(*id)?);
        again.push(time(*id)?);
    }
    Ok(Read { first: Summary::of(first), again: Summary::of(again) })
}

/// Returns the size of a folder on disk, in bytes. Its files are sparse, so their lengths do not
/// count.
fn size_on_disk(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += match metadata.is_dir() {
            true => size_on_disk(&entry.path())?,
            // These blocks have 512 bytes on every file system.
            false => metadata.blocks() * 512,
        };
    }
    Ok(bytes)
}

impl Report {
    fn print(&self) {
        println!(
            "\nMicroseconds, and the ratio to the first size: of the fastest of \
             {BLOCKS} blocks, and the medians of {READS} reads\n"
        );
        print!("{:<44}", "containers");
        for size in &self.sizes {
            print!("{:>20}", size.containers);
        }
        println!();
        type Figure = fn(&Size) -> f64;
        let rows: [(&str, Figure); 11] = [
            ("set_entry of 128 B, executed", |size| size.execute.min),
            ("set_entry of 128 B, end of block and commit", |size| size.import.min),
            ("set_entry of 128 B, all together", |size| size.set_entry.min),
            ("reading an entry, nothing cached", |size| size.read_entry.first.median),
            ("the same again", |size| size.read_entry.again.median),
            ("runtime API: container, nothing cached", |size| size.api_container.first.median),
            ("the same again", |size| size.api_container.again.median),
            ("runtime API: entry, nothing cached", |size| size.api_entry.first.median),
            ("the same again", |size| size.api_entry.again.median),
            ("runtime API: page of a list, nothing cached", |size| size.api_page.first.median),
            ("the same again", |size| size.api_page.again.median),
        ];
        for (what, figure) in rows {
            print!("{what:<44}");
            let first = self.sizes.first().map_or(1.0, figure);
            for size in &self.sizes {
                print!("{:>12.1} ({:>4.2}x)", figure(size), figure(size) / first);
            }
            println!();
        }
        print!("{:<44}", "bytes on disk per container");
        for size in &self.sizes {
            print!("{:>20.0}", size.disk_bytes_a_container);
        }
        println!("\n\n{:<44}{:>10}{:>14}", "in the state", "records", "bytes");
        for share in &self.state {
            println!("{:<44}{:>10}{:>14.1}", share.what, share.records, share.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_records_have_the_expected_length() {
        assert_eq!(ITEM.len(), 32);
        let folder = tempfile::tempdir().unwrap();
        let chain = Chain::open(folder.path(), None).unwrap();
        Template::make(&chain).unwrap();
        let shares = single_records(&chain).unwrap();
        // A value with its length and kind; an item with its length and a flag for its presence.
        assert!(shares[1].bytes > 128.0 + 3.0, "{shares:?}");
        assert!(shares[2].bytes > 32.0 + 3.0 && shares[2].bytes < 48.0, "{shares:?}");
    }
}
