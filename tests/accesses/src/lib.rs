// SPDX-License-Identifier: Apache-2.0

//! Counts the keys of a pallet that a call reads and changes, for tests that compare this with what
//! the call is charged.

#![allow(clippy::as_conversions, clippy::unwrap_used, reason = "it is for tests")]

use frame_support::weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt::{Debug, Write},
    sync::LazyLock,
};
use tracing::{field, span, subscriber::Interest, Dispatch, Event, Metadata, Subscriber};

thread_local! {
    /// The keys that this thread asked the state for, while they are counted.
    static READS: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Notes the keys that the state is asked for, which it reports as traces.
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

/// One question to the state.
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

/// Returns everything that a pallet holds, by key. Runs within externalities.
pub fn state(pallet: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let prefix = sp_io::hashing::twox_128(pallet.as_bytes()).to_vec();
    let (mut state, mut key) = (BTreeMap::new(), prefix.clone());
    while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
        state.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
        key = next;
    }
    state
}

/// Returns how many keys of a pallet a call reads and how many it changes. Runs within
/// externalities. Panics if the call fails.
pub fn accesses<T: Debug, E: Debug>(
    pallet: &str,
    call: impl FnOnce() -> Result<T, E>,
) -> (usize, usize) {
    // Two, which stay: a single listener is forgotten as soon as another thread asks.
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

/// Returns whether a weight has room for this many reads and writes besides its time.
pub fn covers(weight: Weight, time: Weight, (reads, writes): (usize, usize)) -> bool {
    let costs: RuntimeDbWeight = ParityDbWeight::get();
    let accesses = costs.reads_writes(reads as u64, writes as u64);
    weight.saturating_sub(time).all_gte(accesses)
}

/// Asserts how many keys of a pallet a call reads and writes, and that its weight, of a type that
/// adds the costs of the database to the time of `()`, covers it.
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
        assert!(is_covered, "{} is charged too little", stringify!($weight));
    }};
}
