// SPDX-License-Identifier: Apache-2.0

//! What calls are charged that look at all data sets of a container.

use frame_support::weights::Weight;
use twinchain_primitives::writes_bytes;

/// The charge of a call that looks at all data sets of a container, as far as the call comes.
pub(super) struct LookThrough<'s, F> {
    spent: &'s mut Weight,
    before: Weight,
    of: F,
}

impl<'s, F: Fn(u32) -> Weight> LookThrough<'s, F> {
    /// Adds the time of the call to `spent`, as long as it has not looked at any data set. `of`
    /// returns the time for a number of them.
    pub fn begin(spent: &'s mut Weight, of: F) -> Self {
        let before = *spent;
        *spent = before.saturating_add(of(0));
        Self { spent, before, of }
    }

    /// Charges for this many data sets, which the call is about to look at.
    pub fn looks_at(&mut self, data_sets: u16) {
        *self.spent = self.before.saturating_add((self.of)(data_sets.into()));
    }

    /// Charges for the bytes that the call wrote, at its end.
    pub fn wrote(&mut self, bytes: u64) {
        self.spent.saturating_accrue(writes_bytes(bytes));
    }
}
