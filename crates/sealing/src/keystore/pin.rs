// SPDX-License-Identifier: Apache-2.0

//! Public keys of other accounts, as they were first seen.

use crate::{
    bytes::{Account, PublicKey},
    place::KeyVersion,
};

/// An encryption key of another account, as it was first seen, or accepted later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pin {
    /// The version of the key.
    pub version: KeyVersion,
    /// The key.
    pub public: PublicKey,
}

/// Two keystores pinned another key of the same account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PinConflict {
    /// The account.
    pub account: Account,
    /// The key that was pinned, and stays.
    pub own: Pin,
    /// The key that the other keystore has.
    pub other: Pin,
}
