// SPDX-License-Identifier: Apache-2.0

//! Counts the keys of a pallet that a call reads and changes, for tests that compare them with the
//! charged weight.

#![allow(clippy::as_conversions, clippy::unwrap_used, reason = "only for tests")]

use frame_support::weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt::{Debug, Write},
    sync::LazyLock,
};
use tracing::{field, span, subscriber::Interest, Dispatch, Event, Metadata, Subscriber};

thread_local! {
    /// The keys that this thread has read from the state, while they are counted.
    static READS: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Records the keys that are read from the state, which reports each access as a trace.
struct Reads;

impl Subscriber for Reads {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "state" && READS.with_borrow(Option::is_some)
    }
    fn event(&self, event: &Event<'_>) {
        let mut read = Read::default();
        event.record(&mut read);
        if ["\"Get\"", "\"Exists\""].contains(&read.method.as_str()) {
            READS.with_borrow_mut(|reads| reads.as_mut().map(|reads| reads.insert(read.key)));
        }
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// One access to the state.
#[derive(Default)]
struct Read {
    method: String,
    key: String,
}

impl field::Visit for Read {
    fn record_debug(&mut self, field: &field::Field, value: &dyn Debug) {
        match field.name() {
            "method" => write!(self.method, "{value:?}").unwrap(),
            "key" => write!(self.key, "{value:?}").unwrap(),
            _ => {},
        }
    }
}

/// Returns all records of a pallet, by key. Must run within externalities.
pub fn state(pallet: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let prefix = sp_io::hashing::twox_128(pallet.as_bytes()).to_vec();
    let (mut state, mut key) = (BTreeMap::new(), prefix.clone());
    while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
        state.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
        key = next;
    }
    state
}

/// Returns the number of keys of a pallet that a call reads, and the number that it changes. Must
/// run within externalities. Panics if the call fails.
pub fn accesses<T: Debug, E: Debug>(
    pallet: &str,
    call: impl FnOnce() -> Result<T, E>,
) -> (usize, usize) {
    // With a single dispatcher, tracing caches the interest of the thread that reaches a call site
    // first, which can be none. With two that stay registered, it asks both.
    static LISTENERS: LazyLock<[Dispatch; 2]> =
        LazyLock::new(|| [Dispatch::new(Reads), Dispatch::new(Reads)]);
    let before = state(pallet);
    READS.set(Some(BTreeSet::new()));
    let outcome = tracing::dispatcher::with_default(&LISTENERS[0], call);
    let reads = READS.take().unwrap();
    outcome.unwrap();
    let after = state(pallet);
    let prefix = sp_io::hashing::twox_128(pallet.as_bytes());
    let prefix = sp_core::hexdisplay::HexDisplay::from(&prefix).to_string();
    let read = reads.iter().filter(|key| key.starts_with(&prefix)).count();
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    (read, keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).count())
}

/// Returns `true` if a weight covers this many reads and writes in addition to its time.
pub fn covers(weight: Weight, time: Weight, (reads, writes): (usize, usize)) -> bool {
    let costs: RuntimeDbWeight = ParityDbWeight::get();
    let accesses = costs.reads_writes(reads as u64, writes as u64);
    weight.saturating_sub(time).all_gte(accesses)
}

/// Asserts the numbers of keys of a pallet that a call reads and changes, and that its weight
/// covers them. `$charged` is a type whose weights add the costs of the database to the times of
/// `()`.
#[macro_export]
macro_rules! assert_costs {
    (
        $pallet:expr,
        $charged:ty,
        $weight:ident($($argument:expr),*),
        $expected:expr,
        $call:expr
    ) => {{
        let counted = $crate::accesses($pallet, || $call);
        assert_eq!(counted, $expected, stringify!($weight));
        let charged = <$charged as WeightInfo>::$weight($($argument),*);
        let time = <() as WeightInfo>::$weight($($argument),*);
        let is_covered = $crate::covers(charged, time, counted);
        assert!(is_covered, "the weight of {} is too low", stringify!($weight));
    }};
}
