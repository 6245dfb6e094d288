// SPDX-License-Identifier: Apache-2.0

//! Ends the process when an extrinsic does not return.
//!
//! No extrinsic should run longer than its weight. If one does not return, the block author hangs,
//! and so does the block author of the next slot. The thread that executes it cannot be ended, but
//! the process can. The watchdog first records the signer, whose transactions this node leaves out
//! of its blocks after a restart. See `docs/decisions/0028-room-for-officials-and-others.md`.

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

/// Maximum number of ticks for an extrinsic. The watchdog counts its own ticks instead of the time,
/// because a suspended process or machine executes nothing.
const TICKS: u32 = 10;

/// Exit code of the process after an extrinsic did not return.
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

/// The extrinsics that this node's block author executes. A block author that hangs in one block
/// begins another one.
#[derive(Default)]
pub struct Watch {
    blocks: AtomicU64,
    executing: Mutex<HashMap<u64, Executing>>,
}

impl Watch {
    /// Counts a tick. Returns the extrinsics that have exceeded their ticks, each once.
    fn tick(&self) -> Vec<Hung> {
        let mut hung = Vec::new();
        lock(&self.executing).retain(|_, it| {
            it.ticks = it.ticks.saturating_add(1);
            // The first tick was shorter than a whole one.
            let goes_on = it.ticks <= TICKS;
            if !goes_on {
                hung.push(Hung { hash: it.hash, signer: it.signer.clone() });
            }
            goes_on
        });
        hung
    }

    /// Returns the hashes of the extrinsics that are being executed.
    #[cfg(test)]
    pub fn executing(&self) -> Vec<Hash> {
        lock(&self.executing).values().map(|it| it.hash).collect()
    }
}

/// The watch over the extrinsics of one block. Dropping it ends the watch.
pub struct Watched {
    watch: Arc<Watch>,
    block: u64,
}

impl Watched {
    /// Starts the watch of another block.
    pub fn new(watch: &Arc<Watch>) -> Self {
        let block = watch.blocks.fetch_add(1, Ordering::Relaxed);
        Self { watch: watch.clone(), block }
    }

    /// Records that the execution of an extrinsic begins.
    pub fn begin(&self, hash: Hash, signer: Option<AccountId>) {
        lock(&self.watch.executing).insert(self.block, Executing { hash, signer, ticks: 0 });
    }

    /// Records that the extrinsic has returned.
    pub fn end(&self) {
        lock(&self.watch.executing).remove(&self.block);
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a thread that calls `act` with each extrinsic that takes longer than `limit`, until the
/// watch is dropped. A dedicated thread, because no task can block it.
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

/// Holds the signer of an extrinsic that does not return. Returns the message for the operator.
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
        Ok(()) => format!("After a restart, this node leaves {left_out} out of its blocks"),
        Err(error) => format!("It could not be recorded in {path} ({error}), so it may hang again"),
    };
    if let Some(count) = count {
        count.set(held.len());
    }
    format!(
        "🛑 Extrinsic {hash:?} ({who}) does not return; this process ends. {noted}. Report the \
         hash to the maintainers of the runtime. After the upgrade that fixes it, start this node \
         once with --release-signer {release}. See {path} and docs/operations.md."
    )
}

/// Ends the process when an extrinsic takes longer than `limit`, after recording its signer in
/// `held`.
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

    /// Begins the execution of an extrinsic for a new block.
    fn begin(watch: &Arc<Watch>, number: u8) -> Watched {
        let watched = Watched::new(watch);
        watched.begin(hash(number), Some(account(1, number)));
        watched
    }

    fn ticks(watch: &Watch, count: u32) -> Vec<Hung> {
        (0..count).flat_map(|_| watch.tick()).collect()
    }

    #[test]
    fn hung_extrinsic_is_detected_once() {
        let watch = Arc::default();
        let _block = begin(&watch, 1);
        assert_eq!(ticks(&watch, TICKS), []);
        assert_eq!(watch.tick(), [hung(1)]);
        assert_eq!(ticks(&watch, 3 * TICKS), []);
    }

    #[test]
    fn ticks_are_counted_for_each_extrinsic() {
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
    fn hung_block_is_detected_while_others_are_made() {
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
    fn thread_acts_and_ends_with_its_watch() {
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
    fn signer_is_held_and_operator_is_instructed() {
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
    fn bare_extrinsic_is_held_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let mut held = HeldSigners::open(folder.path().join("held-signers")).unwrap();
        let text = hold(&mut held, Hung { hash: hash(1), signer: None }, None);
        let name = format!("{:?}", hash(1));
        assert!(text.contains(&format!("Extrinsic {name} (no signer) does not return")));
        assert!(text.contains(&format!("--release-signer {name}")));
        assert!(held.contains(None, &hash(1)));
    }

    #[test]
    fn message_reports_a_failed_write() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        // A file cannot be a directory.
        let mut held = HeldSigners::new(file.join("held-signers"), Vec::new());
        let text = hold(&mut held, hung(1), None);
        assert!(text.contains("does not return"));
        assert!(text.contains("could not be recorded"));
    }
}
