// SPDX-License-Identifier: Apache-2.0

//! Breaks down the time of one `set_entry`. Its blocks are compared with blocks of remarks of the
//! same length, which are only checked and charged. They are also compared with remarks that
//! deposit an event, which is the work of the System pallet. Other work on the machine only makes
//! times longer, so the fastest of several blocks counts.

use crate::{
    chain::{Chain, Import, NODES_TRIE_CACHE},
    error::Result,
    random::Random,
    report::{self, least, micros, Summary},
    state::{self, Template, OWNER, TECHNICIAN},
};
use codec::Encode;
use serde::Serialize;
use sp_api::{Core, ProvideRuntimeApi};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use twinchain_runtime::RuntimeCall;

/// Number of signature checks, and of calls into the runtime.
const TIMES: usize = 2_000;

/// Number of builds of a block that measure its root.
const ROOTS: usize = 5;

/// Measures `set_entry`.
#[derive(clap::Args, Debug)]
pub struct Profile {
    /// Number of containers in the state.
    #[arg(long, default_value_t = 100_000)]
    containers: u64,
    /// Number of extrinsics in a block.
    #[arg(long, default_value_t = 1_000)]
    extrinsics: usize,
    /// Number of blocks of each kind, for each way of measuring.
    #[arg(long, default_value_t = 10)]
    blocks: usize,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only execute one block of this kind repeatedly, for use with a profiler.
    #[arg(long, value_name = "KIND", conflicts_with = "json")]
    watch: Option<Kind>,
}

/// The times of an extrinsic, in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    /// Executing it with others in a block, with all reads already in the trie cache.
    execute: f64,
    /// Its share of the end of the block: the state's new root.
    root: f64,
    /// Additional time of execution when everything is read from the database.
    database_reads: f64,
    /// Its share of the commit to the database.
    commit: f64,
    /// Importing a block of another validator with an empty cache: all of the above, measured
    /// together.
    import: f64,
    /// Building a block with an empty cache, without its import. Here, every extrinsic is a
    /// separate call of the runtime.
    make: f64,
    /// Charged weight.
    weight: f64,
    /// Length of the extrinsic, in bytes.
    bytes: usize,
    /// Number of keys of the state that it changed.
    changes: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    date: String,
    processor: String,
    containers: u64,
    blocks: usize,
    extrinsics_of_a_block: usize,
    /// Checking one signature in native code, as the host function does.
    signature: f64,
    /// A call of the runtime that does almost nothing.
    entering: f64,
    remark: Times,
    /// A remark that deposits an event with a hash, as `set_entry` does.
    event: Times,
    set_entry: Times,
}

/// The times of the blocks of one kind.
#[derive(Default)]
struct Measured {
    warm: Vec<f64>,
    cold: Vec<f64>,
    root: Vec<f64>,
    commit: Vec<f64>,
    import: Vec<f64>,
    make: Vec<f64>,
    weight: Vec<f64>,
    changes: Vec<f64>,
    bytes: usize,
}

impl Profile {
    /// Measures the extrinsics and prints the report.
    pub fn run(&self, base: &Path) -> Result<()> {
        let folder = tempfile::tempdir_in(base)?;
        let chain = Chain::open(folder.path(), Some(NODES_TRIE_CACHE))?;
        let template = Template::make(&chain)?;
        template.fill(&chain, self.containers)?;
        let (signature, entering) = (signature(), entering(&chain)?);
        // The weight of an empty block.
        let idle = chain.build(&[])?.weight()?;
        if let Some(kind) = self.watch {
            return self.execute_for_a_profiler(&chain, kind);
        }
        let [mut remarks, mut events, mut entries] = [(); 3].map(|()| Measured::default());
        let mut random = Random::new(2);
        for run in 0..self.blocks as u64 {
            for (measured, kind) in [
                (&mut remarks, Kind::Remark),
                (&mut events, Kind::Event),
                (&mut entries, Kind::SetEntry),
            ] {
                let calls = self.calls(kind, run, &mut random);
                self.measure(&chain, calls, idle, measured)?;
                let calls = self.calls(kind, run, &mut random);
                let built = chain.build(&chain.sign(calls)?)?;
                chain.forget();
                measured.import.push(self.share(chain.import(built, Import::Foreign)?));
            }
        }
        let report = Report {
            date: report::today(),
            processor: report::processor(),
            containers: self.containers,
            blocks: self.blocks,
            extrinsics_of_a_block: self.extrinsics,
            signature: signature.min,
            entering: entering.min,
            remark: remarks.times(),
            event: events.times(),
            set_entry: entries.times(),
        };
        report.print();
        match &self.json {
            Some(path) => report::write_json(path, &report),
            None => Ok(()),
        }
    }

    fn execute_for_a_profiler(&self, chain: &Chain, kind: Kind) -> Result<()> {
        let extrinsics = chain.sign(self.calls(kind, 0, &mut Random::new(2)))?;
        let mut built = chain.build(&extrinsics)?;
        let mut roots = vec![self.share(built.finished)];
        for _ in 1..ROOTS {
            built = chain.build(&extrinsics)?;
            roots.push(self.share(built.finished));
        }
        println!("Process {} executes {} blocks.", std::process::id(), self.blocks);
        let mut times = Vec::with_capacity(self.blocks);
        for _ in 0..self.blocks {
            times.push(self.share(chain.execute(&built)?));
        }
        let (all, root) = (least(times), least(roots));
        println!("{:.1} us per extrinsic, without the root of {root:.1} us.", all - root);
        Ok(())
    }

    /// Returns the calls of one block, each with its signer.
    fn calls(
        &self,
        kind: Kind,
        run: u64,
        random: &mut Random,
    ) -> Vec<(Sr25519Keyring, RuntimeCall)> {
        let mut containers = BTreeSet::new();
        while containers.len() < self.extrinsics {
            containers.insert(random.below(self.containers));
        }
        let call = |container| {
            let set = state::set_entry(container, run + 1);
            // Two bytes identify the call, and two encode the length of the remark.
            let remark = vec![b'x'; set.encoded_size() - 4];
            let who = match kind {
                Kind::Share => OWNER,
                _ => TECHNICIAN,
            };
            let call = match kind {
                Kind::SetEntry => set,
                Kind::Append => state::append(container, 1),
                Kind::AppendNine => state::append(container, 9),
                Kind::Share => state::share(container),
                Kind::Remark => frame_system::Call::remark { remark }.into(),
                Kind::Event => frame_system::Call::remark_with_event { remark }.into(),
            };
            (who, call)
        };
        containers.into_iter().map(call).collect()
    }

    /// Builds a block, executes it with an empty and a full cache, and imports it.
    fn measure(
        &self,
        chain: &Chain,
        calls: Vec<(Sr25519Keyring, RuntimeCall)>,
        idle: u64,
        measured: &mut Measured,
    ) -> Result<()> {
        let extrinsics = chain.sign(calls)?;
        measured.bytes = extrinsics.first().map_or(0, Encode::encoded_size);
        chain.forget();
        let cold = chain.build(&extrinsics)?;
        measured.make.push(self.share(cold.applied.iter().sum::<Duration>() + cold.finished));
        let warm = chain.build(&extrinsics)?;
        measured.root.push(self.share(warm.finished));
        measured.warm.push(self.share(chain.execute(&warm)?));
        chain.forget();
        measured.cold.push(self.share(chain.execute(&warm)?));
        let weight = warm.weight()?.saturating_sub(idle);
        measured.weight.push(weight as f64 / 1e6 / self.extrinsics as f64);
        measured.changes.push(warm.changes().count() as f64 / self.extrinsics as f64);
        measured.commit.push(self.share(chain.import(warm, Import::Own)?));
        Ok(())
    }

    /// Returns the share of one extrinsic, in microseconds.
    fn share(&self, time: Duration) -> f64 {
        micros(time) / self.extrinsics as f64
    }
}

/// The kind of extrinsics in a block.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    /// Remarks of the same length.
    Remark,
    /// Remarks that deposit an event.
    Event,
    /// Writes of an entry.
    SetEntry,
    /// Appends of one item.
    Append,
    /// Appends of nine items.
    AppendNine,
    /// Shares of a confidential data set, by the owner, with an account that already has rights.
    Share,
}

impl Measured {
    fn times(self) -> Times {
        let (warm, root) = (least(self.warm), least(self.root));
        Times {
            execute: warm - root,
            root,
            database_reads: least(self.cold) - warm,
            commit: least(self.commit),
            import: least(self.import),
            make: least(self.make),
            weight: least(self.weight),
            bytes: self.bytes,
            changes: least(self.changes),
        }
    }
}

impl Report {
    fn print(&self) {
        let Self { remark, event, set_entry, signature, entering, .. } = self;
        println!(
            "Microseconds per extrinsic, of the fastest of {} blocks of {} by one signer, {} \
             containers in the state, {}\n",
            self.blocks, self.extrinsics_of_a_block, self.containers, self.processor
        );
        println!("{:<44}{:>12}{:>12}", "", "remark", "set_entry");
        let row = |what: &str, of: &dyn Fn(&Times) -> f64| {
            println!("{what:<44}{:>12.2}{:>12.2}", of(remark), of(set_entry));
        };
        row("signature, native", &|_| *signature);
        row("decoding, extensions, System", &|_| remark.execute - signature);
        let deposited = event.execute - remark.execute;
        let own = set_entry.execute - event.execute;
        println!("{:<44}{:>12}{deposited:>12.2}", "an event", "");
        println!("{:<44}{:>12}{own:>12.2}", "the pallet itself", "");
        row("the state's new root", &|times| times.root);
        row("reading from the database", &|times| times.database_reads);
        row("commit to the database", &|times| times.commit);
        row("all together", &|times| {
            times.execute + times.root + times.database_reads + times.commit
        });
        println!();
        row("importing another validator's block", &|times| times.import);
        row("making a block, without the commit", &|times| times.make);
        row("an empty call of the runtime", &|_| *entering);
        row("charged weight", &|times| times.weight);
        row("changed keys", &|times| times.changes);
        println!("{:<44}{:>12}{:>12}", "bytes of the extrinsic", remark.bytes, set_entry.bytes);
    }
}

/// Measures a call of the runtime that does almost nothing.
fn entering(chain: &Chain) -> Result<Summary> {
    let head = chain.head();
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = Instant::now();
        chain.client().runtime_api().version(head)?;
        times.push(start.elapsed());
    }
    Ok(Summary::of(times))
}

/// Measures the check of a signature in native code.
fn signature() -> Summary {
    let pair = TECHNICIAN.pair();
    let signed = |number: usize| {
        // About the length of the signed payload of `set_entry`.
        let message = [vec![b'x'; 200], number.to_le_bytes().to_vec()].concat();
        (pair.sign(&message), message)
    };
    let check = |(signature, message): (_, Vec<u8>)| {
        let start = Instant::now();
        let valid = sp_io::crypto::sr25519_verify(&signature, &message, &pair.public());
        assert!(valid, "the signature is valid");
        start.elapsed()
    };
    Summary::of((0..TIMES).map(signed).map(check))
}
