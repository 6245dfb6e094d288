// SPDX-License-Identifier: Apache-2.0

//! Pinned public keys of other accounts.

use crate::{
    bytes::{Account, PublicKey},
    place::KeyVersion,
};

/// An encryption key of another account as first seen, or as accepted later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pin {
    /// The version of the key.
    pub version: KeyVersion,
    /// The key.
    pub public: PublicKey,
}

/// A difference between two keystores: they pinned different keys of the same account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PinConflict {
    /// The account.
    pub account: Account,
    /// The key that was pinned, and is kept.
    pub own: Pin,
    /// The key in the other keystore.
    pub other: Pin,
}
