// SPDX-License-Identifier: Apache-2.0

//! The bytes that calls write to the state, compared with those that they declare and are charged
//! for.

use super::chain::*;
use frame_support::dispatch::{extract_actual_weight, DispatchResultWithPostInfo, GetDispatchInfo};
use std::fmt;
use twinchain_primitives::testing::{state, written_bytes, State};

mod largest;

/// Sums over calls, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bytes {
    pub calls: u64,
    /// Declared by the calls.
    pub declared: u64,
    /// Charged after refunds.
    pub charged: u64,
    /// Written to the state.
    pub written: u64,
}

impl Bytes {
    pub fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.declared += other.declared;
        self.charged += other.charged;
        self.written += other.written;
    }
}

/// Prints the means per call.
impl fmt::Display for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mean = |bytes: u64| bytes / self.calls.max(1);
        let (declared, charged) = (mean(self.declared), mean(self.charged));
        write!(formatter, "{declared}/{charged}/{}", mean(self.written))
    }
}

/// The state before a call, and the declared weight of the call.
pub struct Before {
    state: State,
    info: frame_support::dispatch::DispatchInfo,
}

impl Before {
    pub fn new(call: &RuntimeCall) -> Self {
        Self { state: state(), info: call.get_dispatch_info() }
    }

    /// Checks that a call wrote no more than it is charged for, and is charged for no more than it
    /// declared. A rejected call must write nothing, and returns no bytes.
    pub fn check(self, name: &str, outcome: &DispatchResultWithPostInfo) -> Bytes {
        let written = written_bytes(&self.state, &state());
        let declared = self.info.call_weight.proof_size();
        let charged = extract_actual_weight(outcome, &self.info).proof_size();
        let reported = match outcome {
            Ok(info) => info.actual_weight,
            Err(failed) => failed.post_info.actual_weight,
        };
        let reported = reported.map_or(declared, |weight| weight.proof_size());
        assert!(reported <= declared, "{name} reported {reported} and declared {declared} bytes");
        assert!(written <= charged, "{name} wrote {written} and is charged for {charged} bytes");
        if outcome.is_err() {
            assert_eq!(written, 0, "{name} was rejected and wrote something");
            return Bytes::default();
        }
        Bytes { calls: 1, declared, charged, written }
    }
}

/// Makes a call, which must succeed, and checks the bytes that it writes.
fn measure(who: &AccountId, call: impl Into<RuntimeCall>) -> Bytes {
    let call = call.into();
    let name = name_of_call(&call);
    let before = Before::new(&call);
    let outcome = dispatch(who.clone(), call);
    let bytes = before.check(&name, &outcome);
    if let Err(failed) = outcome {
        panic!("{name}: {failed:?}");
    }
    bytes
}
