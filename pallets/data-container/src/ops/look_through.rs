// SPDX-License-Identifier: Apache-2.0

//! Weight of the calls that read every data set of a container.

use frame_support::weights::Weight;
use twinchain_primitives::writes_bytes;

/// The charge of a call that reads every data set of a container, as far as the call gets.
pub(super) struct LookThrough<'s, F> {
    spent: &'s mut Weight,
    before: Weight,
    of: F,
}

impl<'s, F: Fn(u32) -> Weight> LookThrough<'s, F> {
    /// Adds the time of the call without any data sets to `spent`. `of` returns the time for a
    /// number of data sets.
    pub fn begin(spent: &'s mut Weight, of: F) -> Self {
        let before = *spent;
        *spent = before.saturating_add(of(0));
        Self { spent, before, of }
    }

    /// Charges for `data_sets` data sets, which the call is about to read.
    pub fn looks_at(&mut self, data_sets: u16) {
        *self.spent = self.before.saturating_add((self.of)(data_sets.into()));
    }

    /// Charges for the bytes that the call wrote. Called last, because `looks_at` replaces the
    /// charge.
    pub fn wrote(&mut self, bytes: u64) {
        self.spent.saturating_accrue(writes_bytes(bytes));
    }
}
