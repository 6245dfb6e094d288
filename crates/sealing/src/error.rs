// SPDX-License-Identifier: Apache-2.0

//! The errors of sealing and opening.

use crate::limits::{BLOCK, MAX_NAME, MAX_PLAINTEXT};

/// The reason why something could not be sealed or opened.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes were sealed to another key, by another author or for another place, or were
    /// altered since.
    #[error(
        "cannot be opened: it was sealed to another key, by another author, for another place \
         (chain, container, data set, epoch) or account, or was altered since"
    )]
    CannotOpen,
    /// The envelope opens, but its seed is not the epoch's.
    #[error(
        "the seed in the envelope for epoch {epoch} is not this epoch's: ask the owner, or another \
         reader, for a correct one"
    )]
    FalseEnvelope {
        /// The epoch's number.
        epoch: u32,
    },
    /// The account envelope opens, but its secret key is not the account's.
    #[error(
        "the secret key in the envelope is not that of version {version} of the account: ask the \
         account, or another holder, for a correct one"
    )]
    FalseAccountEnvelope {
        /// The version of the account's key.
        version: u32,
    },
    /// The link opens, but its seed is not the previous epoch's.
    #[error(
        "the seed in the link of epoch {epoch} is not the previous epoch's: older epochs need \
         their own envelope"
    )]
    FalseLink {
        /// The number of the epoch with the link.
        epoch: u32,
    },
    /// The value opens, but its padding is wrong.
    #[error("the value opens, but does not end in 0x80 and zeros to a multiple of {BLOCK} bytes")]
    BadPadding,
    /// The public key has low order, so anyone can open what is sealed to it.
    #[error("this public key has low order, so it is not secure to seal to it")]
    WeakKey,
    /// The account's key would be sealed to itself.
    #[error("an account's key cannot be sealed to itself")]
    SealedToItself,
    /// The cipher suite is unknown.
    #[error("cipher suite {0} is unknown: update this program")]
    UnknownSuite(u8),
    /// The record of an epoch is missing.
    #[error("the record of epoch {0} is missing: read all pages")]
    MissingEpoch(u32),
    /// No available key opens the envelope.
    #[error(
        "the envelope is for version {version} of the reader's key, and no available key opens it: \
         look for a copy, restore the key from an account envelope, or ask for a new envelope"
    )]
    MissingKey {
        /// The version that the envelope names.
        version: u32,
    },
    /// The value is too long.
    #[error("a sealed value has at most {MAX_PLAINTEXT} bytes, but this one has {0}")]
    ValueTooLong(usize),
    /// The name of a data set is empty or too long.
    #[error("the name of a data set has 1 to {MAX_NAME} bytes, but this one has {0}")]
    InvalidName(usize),
    /// The text is not the expected number of bytes in hexadecimal after `0x`.
    #[error("{what} is not {bytes} bytes in hexadecimal after 0x")]
    InvalidHex {
        /// The expected kind of value.
        what: &'static str,
        /// The expected number of bytes.
        bytes: usize,
    },
    /// The system returned no random bytes.
    #[error("the system returned no random bytes")]
    NoRandomness,
}
