// SPDX-License-Identifier: Apache-2.0

//! Ends the process when an extrinsic does not return.
//!
//! No extrinsic runs longer than its weight says. Should one do so nevertheless, its author would
//! hang in it, and so would the author of the next slot. The thread that executes it cannot be
//! ended, but the process can: the signer is noted first, and left out of this node's blocks when
//! it has started again. See `docs/decisions/0028-room-for-officials-and-others.md`.

use super::LOG_TARGET;
use crate::service::{
    held_signers::{Held, HeldSigners},
    lock,
};
use log::error;
use std::{
    collections::HashMap,
    io,
    process::exit,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex, Weak,
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use substrate_prometheus_endpoint::{Gauge, U64};
use twinchain_runtime::{AccountId, Hash};

/// Ticks that an extrinsic may take. The watchdog counts its own ticks, not the time, since in a
/// process that was stopped, or on a machine that was, nothing was executed.
const TICKS: u32 = 10;

/// Exit code of a process that ends since an extrinsic did not return.
const EXIT_CODE: i32 = 70;

/// An extrinsic that is being executed.
struct Executing {
    hash: Hash,
    signer: Option<AccountId>,
    ticks: u32,
}

/// An extrinsic that did not return in time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hung {
    /// The hash of the extrinsic.
    pub hash: Hash,
    /// Its signer, or `None` if it is bare.
    pub signer: Option<AccountId>,
}

/// What this node's author is executing. An author that hangs in one block begins another one.
#[derive(Default)]
pub struct Watch {
    blocks: AtomicU64,
    executing: Mutex<HashMap<u64, Executing>>,
}

impl Watch {
    /// Counts a tick, and returns what has taken too many by now. Each is returned once.
    fn tick(&self) -> Vec<Hung> {
        let mut hung = Vec::new();
        lock(&self.executing).retain(|_, it| {
            it.ticks = it.ticks.saturating_add(1);
            // The first one was not a whole one.
            let goes_on = it.ticks <= TICKS;
            if !goes_on {
                hung.push(Hung { hash: it.hash, signer: it.signer.clone() });
            }
            goes_on
        });
        hung
    }

    /// Returns the hashes of what is being executed.
    #[cfg(test)]
    pub fn executing(&self) -> Vec<Hash> {
        lock(&self.executing).values().map(|it| it.hash).collect()
    }
}

/// What is executed for one block. Dropping it ends that.
pub struct Watched {
    watch: Arc<Watch>,
    block: u64,
}

impl Watched {
    /// Watches one more block.
    pub fn new(watch: &Arc<Watch>) -> Self {
        let block = watch.blocks.fetch_add(1, Ordering::Relaxed);
        Self { watch: watch.clone(), block }
    }

    /// Notes that an extrinsic is being executed.
    pub fn begin(&self, hash: Hash, signer: Option<AccountId>) {
        lock(&self.watch.executing).insert(self.block, Executing { hash, signer, ticks: 0 });
    }

    /// Notes that it has returned.
    pub fn end(&self) {
        lock(&self.watch.executing).remove(&self.block);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a thread that calls `act` with each extrinsic that takes longer than `limit`, until
/// nothing is watched any more. A thread of its own, which no task can keep from running.
fn start(
    watch: Weak<Watch>,
    limit: Duration,
    mut act: impl FnMut(Hung) + Send + 'static,
) -> io::Result<thread::JoinHandle<()>> {
    let tick = limit.checked_div(TICKS).unwrap_or(limit);
    thread::Builder::new().name("author-watchdog".into()).spawn(move || loop {
        thread::sleep(tick);
        let Some(watch) = watch.upgrade() else { return };
        watch.tick().into_iter().for_each(&mut act);
    })
}

/// Notes the signer of an extrinsic that does not return, and says what happened and what to do.
fn hold(held: &mut HeldSigners, hung: Hung, count: Option<&Gauge<U64>>) -> String {
    let Hung { hash, signer } = hung;
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let time = time.try_into().unwrap_or(u64::MAX);
    let (who, left_out, release) = match &signer {
        Some(signer) => (format!("signer {signer}"), "its signer", signer.to_string()),
        None => ("no signer".into(), "it", format!("{hash:?}")),
    };
    let path = held.path().display().to_string();
    let noted = match held.hold(Held { signer, hash, time }) {
        Ok(()) => format!("Started again, this node leaves {left_out} out of its blocks"),
        Err(error) => format!("It could not be noted in {path} ({error}), so it may hang again"),
    };
    if let Some(count) = count {
        count.set(held.len());
    }
    format!(
        "🛑 Extrinsic {hash:?} ({who}) does not return; this process ends. {noted}. Report the \
         hash to those who maintain the runtime. After the upgrade that mends it, start this node \
         once with --release-signer {release}. See {path} and docs/operations.md."
    )
}

/// Ends the process when an extrinsic takes longer than `limit`, after noting its signer in `held`.
pub fn guard(
    watch: &Arc<Watch>,
    limit: Duration,
    mut held: HeldSigners,
    count: Option<Gauge<U64>>,
) -> io::Result<()> {
    let act = move |hung| {
        error!(target: LOG_TARGET, "{}", hold(&mut held, hung, count.as_ref()));
        exit(EXIT_CODE)
    };
    start(Arc::downgrade(watch), limit, act).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::account;
    use std::sync::mpsc;

    fn hash(number: u8) -> Hash {
        Hash::repeat_byte(number)
    }

    fn hung(number: u8) -> Hung {
        Hung { hash: hash(number), signer: Some(account(1, number)) }
    }

    /// Begins to execute an extrinsic for a block of its own.
    fn begin(watch: &Arc<Watch>, number: u8) -> Watched {
        let watched = Watched::new(watch);
        watched.begin(hash(number), Some(account(1, number)));
        watched
    }

    fn ticks(watch: &Watch, count: u32) -> Vec<Hung> {
        (0..count).flat_map(|_| watch.tick()).collect()
    }

    #[test]
    fn what_takes_longer_than_all_ticks_is_noticed_once() {
        let watch = Arc::default();
        let _block = begin(&watch, 1);
        assert_eq!(ticks(&watch, TICKS), []);
        assert_eq!(watch.tick(), [hung(1)]);
        assert_eq!(ticks(&watch, 3 * TICKS), []);
    }

    #[test]
    fn the_ticks_of_each_extrinsic_are_its_own() {
        let watch = Arc::default();
        let block = begin(&watch, 1);
        assert_eq!(ticks(&watch, TICKS), []);
        block.end();
        assert_eq!(ticks(&watch, TICKS), []);
        block.begin(hash(2), None);
        assert_eq!(ticks(&watch, TICKS), []);
        block.begin(hash(3), None);
        assert_eq!(ticks(&watch, TICKS), []);
        assert_eq!(watch.tick(), [Hung { hash: hash(3), signer: None }]);
    }

    #[test]
    fn a_block_that_hangs_is_noticed_while_others_are_made() {
        let watch = Arc::default();
        let _hanging = begin(&watch, 1);
        for number in 2..2 + TICKS as u8 {
            let _other = begin(&watch, number);
            assert_eq!(watch.tick(), []);
        }
        let _other = begin(&watch, 100);
        assert_eq!(watch.tick(), [hung(1)]);
    }

    #[test]
    fn the_thread_acts_and_ends_with_what_it_watches() {
        let (sender, receiver) = mpsc::channel();
        let watch = Arc::default();
        let thread = start(Arc::downgrade(&watch), Duration::from_millis(10), move |hung| {
            sender.send(hung).unwrap();
        })
        .unwrap();
        {
            let _block = begin(&watch, 1);
            assert_eq!(receiver.recv(), Ok(hung(1)));
        }
        drop(watch);
        thread.join().unwrap();
        assert!(receiver.recv().is_err());
    }

    #[test]
    fn the_signer_is_noted_and_the_operator_hears_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("held-signers");
        let mut held = HeldSigners::open(path.clone()).unwrap();
        let count = Gauge::new("held", "held").unwrap();
        let text = hold(&mut held, hung(1), Some(&count));
        let (hash, signer) = (format!("{:?}", hash(1)), account(1, 1).to_string());
        assert!(text.contains(&format!("Extrinsic {hash} (signer {signer}) does not return")));
        assert!(text.contains(&format!("--release-signer {signer}")));
        assert_eq!(count.get(), 1);
        let held = HeldSigners::open(path).unwrap();
        assert!(held.contains(Some(&account(1, 1)), &Hash::zero()));
    }

    #[test]
    fn a_bare_extrinsic_is_noted_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let mut held = HeldSigners::open(folder.path().join("held-signers")).unwrap();
        let text = hold(&mut held, Hung { hash: hash(1), signer: None }, None);
        let name = format!("{:?}", hash(1));
        assert!(text.contains(&format!("Extrinsic {name} (no signer) does not return")));
        assert!(text.contains(&format!("--release-signer {name}")));
        assert!(held.contains(None, &hash(1)));
    }

    #[test]
    fn what_cannot_be_noted_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        // A file cannot be a folder.
        let mut held = HeldSigners::new(file.join("held-signers"), Vec::new());
        let text = hold(&mut held, hung(1), None);
        assert!(text.contains("does not return"));
        assert!(text.contains("could not be noted"));
    }
}
