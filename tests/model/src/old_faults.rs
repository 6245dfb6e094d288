// SPDX-License-Identifier: Apache-2.0

//! Faults that the pallets once had, which the model of a thread can have as well: the rules must
//! find them.

/// Faults that the pallet once had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OldFault {
    /// `share` brings an envelope for a data set that is not in its list, and sealing does not end
    /// with the reader's READ.
    ShareBeside,
    /// A rotation takes a public key that was used before.
    KeyUsedAgain,
}

thread_local! {
    static OLD_FAULT: std::cell::Cell<Option<OldFault>> = const { std::cell::Cell::new(None) };
}

/// Returns whether the model of this thread makes this mistake.
pub fn makes(fault: OldFault) -> bool {
    OLD_FAULT.get() == Some(fault)
}

/// Makes the model of this thread repeat a mistake.
pub fn repeat_old_fault(fault: OldFault) {
    OLD_FAULT.set(Some(fault));
}
