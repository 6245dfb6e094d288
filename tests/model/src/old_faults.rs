// SPDX-License-Identifier: Apache-2.0

//! Faults that the pallets once had. The model of a thread can repeat them, and the rules must find
//! them.

/// A fault that the container pallet once had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OldFault {
    /// `share` accepts an envelope for a data set that is not in its list, and sealing does not end
    /// with the reader's READ.
    ShareBeside,
    /// A rotation accepts a public key that was used before.
    KeyUsedAgain,
}

thread_local! {
    static OLD_FAULT: std::cell::Cell<Option<OldFault>> = const { std::cell::Cell::new(None) };
}

/// Returns `true` if this thread's model has this fault.
pub fn makes(fault: OldFault) -> bool {
    OLD_FAULT.get() == Some(fault)
}

/// Makes this thread's model repeat a fault.
pub fn repeat_old_fault(fault: OldFault) {
    OLD_FAULT.set(Some(fault));
}
