// SPDX-License-Identifier: Apache-2.0

//! Whether a value would better stand in the record of its data set than in a leaf of its own.

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
/// How many entries a block changes.
const CHANGES: usize = 500;
/// How many blocks are measured, of each kind in turn.
const ROUNDS: usize = 30;

/// Compares both layouts.
#[derive(clap::Args, Debug)]
pub struct Layout {
    /// How many containers are in the state.
    #[arg(long, default_value_t = 100_000)]
    containers: u64,
}

/// Where the value of an entry stands.
#[derive(Clone, Copy)]
enum Place {
    /// In a leaf of its own, beside the record of its data set.
    Apart,
    /// In the same leaf as the record.
    Together,
}

/// Where the keys of an entry are, and how long the record of its data set is.
struct Entry {
    data_set: DataSetId,
    record: usize,
}

impl Layout {
    /// Measures and reports.
    pub fn run(&self, base: &Path) -> Result<()> {
        println!("{}", Summary::heading("us an entry"));
        for value in VALUES {
            for (place, name) in [(Place::Apart, "apart"), (Place::Together, "together")] {
                self.measure(base, place, name, value)?;
            }
        }
        Ok(())
    }

    /// Measures one layout with values of one length, on a state of its own.
    fn measure(&self, base: &Path, place: Place, name: &str, value: usize) -> Result<()> {
        let folder = tempfile::tempdir_in(base)?;
        let mut random = Random::new(1);
        let chain = Chain::open(folder.path(), None)?;
        let template = Template::make(&chain)?;
        template.fill(&chain, self.containers)?;
        drop(chain);
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let entry = entry(&chain)?;
        // The same containers throughout: first their values get the length that is measured.
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
                state.storage(&record_key(*container))?.ok_or("the record is there")?;
                reads.push(start.elapsed());
            }
            let changes = write(&entry, place, value, block, &mut random);
            writes.push(each(chain.put(&changes)?));
            // What changes the record and no value: a permission, a key, the end of sealing.
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

/// The time of a block, for each entry.
fn each((root, commit): (Duration, Duration)) -> Duration {
    (root + commit) / u32::try_from(CHANGES).unwrap_or(u32::MAX)
}

fn entry(chain: &Chain) -> Result<Entry> {
    let record = chain
        .read::<pallet_data_container::DataSet<twinchain_runtime::AccountId, u32>>(record_key(0))?;
    let record = record.ok_or("the template has the entry")?;
    // The record without the value that is in it.
    let bare = pallet_data_container::DataSet { value: None, ..record };
    Ok(Entry { data_set: bare.id, record: codec::Encode::encoded_size(&bare) })
}

fn record_key(container: ContainerId) -> Vec<u8> {
    let name = Name::try_from(ENTRY).expect("it is a name");
    DataSets::<Runtime>::hashed_key_for(container, name)
}

/// What a write of the value stores.
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

/// What a change of the record stores.
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
