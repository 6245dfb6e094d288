// SPDX-License-Identifier: Apache-2.0

//! Compares two layouts of an entry: the value in the record of its data set, or in its own leaf.

use crate::{
    chain::{Chain, Record, NODES_TRIE_CACHE},
    error::Result,
    random::Random,
    report::Summary,
    state::{Template, ENTRY},
};
use pallet_data_container::{DataSets, LongEntries};
use sp_state_machine::Backend as _;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use twinchain_primitives::{ContainerId, DataSetId, Name};
use twinchain_runtime::Runtime;

/// The lengths of the stored values, in bytes.
const VALUES: [usize; 4] = [64, 176, 1_024, 16_384];
/// Number of entries that a block changes.
const CHANGES: usize = 500;
/// Number of measured blocks of each kind, which alternate.
const ROUNDS: usize = 30;

/// Compares both layouts.
#[derive(clap::Args, Debug)]
pub struct Layout {
    /// Number of containers in the state.
    #[arg(long, default_value_t = 100_000)]
    containers: u64,
}

/// The place of an entry's value.
#[derive(Clone, Copy)]
enum Place {
    /// In its own leaf, separate from the record of its data set.
    Apart,
    /// In the same leaf as the record.
    Together,
}

/// The id of an entry's data set, and the length of the data set's record.
struct Entry {
    data_set: DataSetId,
    record: usize,
}

impl Layout {
    /// Measures and prints the figures.
    pub fn run(&self, base: &Path) -> Result<()> {
        println!("{}", Summary::heading("us per entry"));
        for value in VALUES {
            for (place, name) in [(Place::Apart, "apart"), (Place::Together, "together")] {
                self.measure(base, place, name, value)?;
            }
        }
        Ok(())
    }

    /// Measures one layout with values of one length, on a separate state.
    fn measure(&self, base: &Path, place: Place, name: &str, value: usize) -> Result<()> {
        let folder = tempfile::tempdir_in(base)?;
        let mut random = Random::new(1);
        let chain = Chain::open(folder.path(), None)?;
        let template = Template::make(&chain)?;
        template.fill(&chain, self.containers)?;
        drop(chain);
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let entry = entry(&chain)?;
        // All blocks use the same containers. The first ones give the values the measured length.
        let containers: Vec<_> =
            (0..CHANGES * ROUNDS).map(|_| random.below(self.containers)).collect();
        for block in containers.chunks(CHANGES) {
            chain.put(&write(&entry, place, value, block, &mut random))?;
        }
        let (mut writes, mut reads, mut shares) = (vec![], vec![], vec![]);
        for block in containers.chunks(CHANGES) {
            let state = chain.state()?;
            for container in block {
                let start = Instant::now();
                state.storage(&record_key(*container))?.ok_or("the record does not exist")?;
                reads.push(start.elapsed());
            }
            let changes = write(&entry, place, value, block, &mut random);
            writes.push(each(chain.put(&changes)?));
            // A change of the record without the value: a permission, a key, the end of sealing.
            let changes = share(&entry, place, value, block, &mut random);
            shares.push(each(chain.put(&changes)?));
        }
        let row =
            |what: &str, times| Summary::of(times).row(&format!("{value} bytes {name}: {what}"));
        println!("{}", row("writing the value", writes));
        println!("{}", row("reading the record", reads));
        println!("{}", row("changing the record alone", shares));
        Ok(())
    }
}

/// Returns the share of an entry in the time of a block.
fn each((root, commit): (Duration, Duration)) -> Duration {
    (root + commit) / u32::try_from(CHANGES).unwrap_or(u32::MAX)
}

fn entry(chain: &Chain) -> Result<Entry> {
    let record = chain
        .read::<pallet_data_container::DataSet<twinchain_runtime::AccountId, u32>>(record_key(0))?;
    let record = record.ok_or("the template lacks the entry")?;
    // The record without the value in it.
    let bare = pallet_data_container::DataSet { value: None, ..record };
    Ok(Entry { data_set: bare.id, record: codec::Encode::encoded_size(&bare) })
}

fn record_key(container: ContainerId) -> Vec<u8> {
    let name = Name::try_from(ENTRY).expect("the constant is a valid name");
    DataSets::<Runtime>::hashed_key_for(container, name)
}

/// Returns the records that a write of the value stores.
fn write(
    entry: &Entry,
    place: Place,
    value: usize,
    containers: &[ContainerId],
    random: &mut Random,
) -> Vec<Record> {
    let mut records = share(entry, place, value, containers, random);
    if let Place::Apart = place {
        for container in containers {
            let key = LongEntries::<Runtime>::hashed_key_for(container, entry.data_set);
            records.push((key, random.bytes(value)));
        }
    }
    records
}

/// Returns the records that a change of the data set's record stores.
fn share(
    entry: &Entry,
    place: Place,
    value: usize,
    containers: &[ContainerId],
    random: &mut Random,
) -> Vec<Record> {
    let length = match place {
        Place::Apart => entry.record,
        Place::Together => entry.record + value,
    };
    let records = containers.iter().map(|id| (record_key(*id), random.bytes(length)));
    records.collect()
}
